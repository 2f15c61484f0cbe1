"""Italian is the language of the sources, English is complete: held by tests, in both directions.

A sentence that nobody marked for translation is found in the templates and in the code; a marked one must be in the
catalogue, translated, with the same placeholders and tags; and a page read in English shows no Italian sentence outside
what a call or a person wrote, which says so with ``lang="it"``.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from pkgutil import resolve_name
from unittest.mock import patch

import polib
import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from network.agreement_forms import SignAgreementForm
from tests.builders import PUBLISHED, WORKDAY, draft_application, load_fixture_call, person, submitted_application
from tests.clock import arriving
from workflow.duties import pay

ROOT = Path(__file__).resolve().parents[1]
APPS = sorted({"bando", *(path.parent.name for path in ROOT.glob("*/apps.py"))})
TEMPLATES = sorted(path.relative_to(ROOT) for path in (ROOT / "templates").rglob("*.*") if path.suffix in {".html", ".txt"})
MODULES = [
    path.relative_to(ROOT) for app in APPS for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts
]
CATALOGUE = ROOT / "locale/en/LC_MESSAGES/django.po"


def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


def pairs(entry: polib.POEntry) -> list[tuple[str, str]]:
    """The Italian with its English: once, or for one and for many."""
    if not entry.msgid_plural:
        return [(entry.msgid, entry.msgstr)]
    return [(entry.msgid, entry.msgstr_plural[0]), (entry.msgid_plural, entry.msgstr_plural[1])]


# --- the catalogue holds every sentence of the sources, and no other --------------------------------------------------


def keys(messages: polib.POFile) -> set[tuple[str, str, str]]:
    return {(entry.msgctxt or "", entry.msgid, entry.msgid_plural or "") for entry in messages if not entry.obsolete}


def test_the_catalogue_holds_every_sentence_of_the_sources_and_no_other(tmp_path):
    for name in [*APPS, "templates"]:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "migrations"))
    (tmp_path / "locale").mkdir()
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "--locale=en", "--verbosity=0"],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
        check=True,
    )
    found, held = keys(polib.pofile(str(tmp_path / "locale/en/LC_MESSAGES/django.po"))), keys(catalogue())
    assert {"to add": sorted(found - held), "to take out": sorted(held - found)} == {"to add": [], "to take out": []}


def test_the_catalogue_is_complete_and_sure_of_itself():
    messages = catalogue()
    assert [entry.msgid for entry in messages if not all(english for _italian, english in pairs(entry))] == []
    assert [entry.msgid for entry in messages if entry.fuzzy] == []
    assert [entry.msgid for entry in messages.obsolete_entries()] == []


# --- an English sentence carries what the Italian one carries ---------------------------------------------------------


def marks(text: str) -> Counter[str]:
    """What the program puts in or reads: ``%(n)s``, ``%s``, ``%%``, ``{label}``, tags with their attributes."""
    return Counter(re.findall(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}|<[^>]+>", text))


@pytest.mark.parametrize(
    ("italian", "english", "same"),
    [
        ("Manca %(n)s di %(of)s", "%(n)s of %(of)s is missing", True),
        ("Manca %(n)s", "%(m)s is missing", False),
        ("Manca %(n)s", "%(n)d is missing", False),
        ("Sono %s e %s", "They are %s", False),
        ("Il 5%% di %s", "5%% of %s", True),
        ("Il 5%% di %s", "5 of %s", False),
        ("Manca «{label}»", "‘{label}’ is missing", True),
        ("Manca «{label}»", "‘{title}’ is missing", False),
        ('Leggi <a href="%(url)s">qui</a>', 'Read it <a href="%(url)s">here</a>', True),
        ("È <strong>tuo</strong>", "It is yours", False),
        ("Ciao %(name)s,\n\napri", "Hello %(name)s,\n\nopen", True),
    ],
)
def test_a_sentence_that_lost_a_mark_is_found(italian, english, same):
    assert (marks(italian) == marks(english)) is same


def test_english_sentences_have_the_marks_of_the_italian_ones():
    offences = [
        (italian, english)
        for entry in catalogue()
        for italian, english in pairs(entry)
        if marks(italian) != marks(english) or italian.count("\n") != english.count("\n")
    ]
    assert offences == []


SAME_IN_BOTH = {
    *("Italiano", "English"),  # a language is named in itself
    *("Municipio", "Municipio %(n)s", "Municipio %(number)s", "Municipio {number}"),  # a name of Milan
    *("Municipio %(numbers)s", "Municipi %(numbers)s", "%(n)s Spazio", "%(n)s Spazi"),
    *("Municipio %(m)s, %(n)s Spazio", "Municipio %(m)s, %(n)s Spazi", "Spazio", "Spazi", "Spazi WeMi"),  # the name of a place
    *("Area", "area", "Area:", "File", "file", "%(n)s file", "No", "no", "Password", "partner"),
    *("Municipi", "Formula", "PDF", "%(column)s in euro"),
    *("%(n)s ms", "%(n)s s", "%(minutes)s min %(seconds)s s", "Browser:", "Dossier"),
    # what is put together from words that are translated elsewhere, or that a call wrote
    *("%(name)s (%(role)s)", "%(who)s, %(at)s"),
    *("%(what)s %(digits)s: %(how)s.", "Art. %(n)s – %(title)s", "%(what)s %(number)s", "%(title)s (%(grid)s)"),
    *("%(answer)s – %(question)s", "%(value)s: %(points)s.", "%(band)s: %(points)s.", "%(value)s × %(per_unit)s: %(points)s."),
    *("%(points)s (%(level)s)", "{where}: {why}.", "%(space)s: %(title)s (%(left)s)"),
}


def test_english_differs_from_italian_but_for_the_words_that_are_the_same():
    assert {italian for entry in catalogue() for italian, english in pairs(entry) if italian == english} == SAME_IN_BOTH


def test_each_language_quotes_in_its_own_way():
    messages = catalogue()
    assert [
        english for entry in messages for _italian, english in pairs(entry) if re.search('[«»“”"]', _without_tags(english))
    ] == []
    assert [
        italian for entry in messages for italian, _english in pairs(entry) if re.search('[‘“”"]', _without_tags(italian))
    ] == []


def _without_tags(text: str) -> str:
    return re.sub(r"<[^>]+>", "", text)


COLD_WORDS = re.compile(
    r"\b(non valid[oaie]|si prega|per favore|clicca qui|campo obbligatorio|errore generico)\b", re.IGNORECASE
)


def test_no_sentence_uses_the_words_that_say_nothing_to_people():
    assert [italian for entry in catalogue() for italian, _english in pairs(entry) if COLD_WORDS.search(italian)] == []


# --- no sentence of a template stays outside of the catalogue ---------------------------------------------------------

NOT_WORDS = {"Bando", "PDF", "ICS", "Atom", "JSON", "CSV", "PEC", "SHA-256", "Art.", "chiarimento-", "Europe", "Rome"}
"""The name of the program, of formats and of an algorithm, an abbreviation beside what a call says, a place in a page, the
name of a time zone."""

IN_TWO_LANGUAGES = {
    Path("templates/500.html"),  # written out: where something broke, nothing is looked up
    Path("templates/components/language.html"),  # each language is named in itself
    Path("templates/components/gallery.html"),  # for those who build pages; its samples are not sentences of the product
}
TAG = re.compile(r"({%.*?%}|{{.*?}}|{#.*?#})", re.DOTALL)
TOLD = {"alt", "title", "aria-label", "placeholder", "data-label", "data-copied"}
"""Attributes that a person reads or hears."""


class _Bare(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.typed = False  # what is typed into a terminal is the same in every language: <code translate="no">
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in TOLD and value]
        self.typed |= tag == "code" and ("translate", "no") in attrs

    def handle_endtag(self, tag: str) -> None:
        self.typed &= tag != "code"

    def handle_data(self, data: str) -> None:
        if not self.typed:
            self.found.append(data)


def bare_words(template: str) -> list[str]:
    """What people would read of a template in every language alike: texts, told attributes, sentences given to a tag."""
    html, inside = "", ""
    found = []
    for index, part in enumerate(TAG.split(template)):
        name = part[2:-2].split()[0] if part.startswith("{%") else ""
        if inside:
            inside = "" if name == inside else inside
        elif name in {"comment", "blocktranslate"}:
            inside = f"end{name}"
        elif index % 2 == 0:
            html += part
        elif not part.startswith("{#") and name != "translate":
            given = re.findall(r"(?<!_\()(['\"])(.*?)\1", part)
            found += [text for _quote, text in given if re.search(r"[A-ZÀ-Ý][a-zà-ÿ]{2}|[à-ÿ]", text)]
    words = (" ".join(text.split()) for text in [*_Bare(html).found, *found])
    return [
        text for text in words if [word for word in re.findall(r"[\w.-]*[^\W\d_]{2}[\w.-]*", text) if word not in NOT_WORDS]
    ]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ('<h1>{% translate "Le tue domande" %}</h1>', []),
        ("<h1>Le tue domande</h1>", ["Le tue domande"]),
        ("<p>{% blocktranslate count n=n %}{{ n }} ente{% plural %}{{ n }} enti{% endblocktranslate %}</p>", []),
        ("{% blocktranslate %}Uno{% endblocktranslate %} o più", ["o più"]),
        ("{% comment %}kind: note{% endcomment %}{# Nota #}<hr>", []),
        ('<img alt="Logo del Comune" src="a.png"><img alt="" src="b.png">', ["Logo del Comune"]),
        ("<td data-label=\"{% translate 'Ente' %}\">{{ body }}</td>", []),
        ('<td data-label="Ente">{{ body }}</td>', ["Ente"]),
        ('{% include "components/callout.html" with kind="note" title="Che cosa succede" only %}', ["Che cosa succede"]),
        ('<p>{{ text|default:"Nessuna risposta" }}</p>', ["Nessuna risposta"]),
        ('<p>{{ text|default:_("Nessuna risposta") }}</p>', []),
        ('<p class="lead">{{ at|date:"j F Y" }} – {{ points }} · 12 %</p>', []),
        ('<code translate="no">python3 program.py <span>FILE</span></code> e basta', ["e basta"]),
        ("<title>{{ title }} – Bando</title>", []),
    ],
)
def test_words_outside_of_the_catalogue_are_found(template, expected):
    assert bare_words(template) == expected


def test_templates_have_no_words_outside_of_the_catalogue():
    found = {str(path): bare_words((ROOT / path).read_text()) for path in TEMPLATES if path not in IN_TWO_LANGUAGES}
    assert {path: words for path, words in found.items() if words} == {}


# --- nor a sentence of the code ---------------------------------------------------------------------------------------

TRANSLATED_BY = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext"}
ITALIAN = re.compile(
    r"\b(il|lo|gli|della|dello|degli|delle|del|dei|che|è|una|non|sono|con|nella|nel|alla|dal|puoi|hai|questo|questa)\b",
    re.IGNORECASE,
)
ITALIAN_MODULES = {
    "bando/notice",  # pure: it explains a call document, written in Italian, to whoever wrote it
    "bando/notice_yaml.py",
    "bando/structured_data.py",  # data for machines, in the language of the call, which they say
    "bando/editor/sentences.py",  # rewords the sentences of bando/notice, which are Italian
    "bando/gallery.py",  # samples for those who build pages
    "network/holidays.py",  # holidays as the page of a Spazio names them, written by whoever runs it
    "network/onboarding.py",  # the first titles of tasks, which the office rewrites
    "network/sampling.py",  # pure: how a sample is drawn, inside a file with a hash
    "network/demonstration",  # what invented people wrote
    "network/management/commands/load_demo.py",
    "rehearsal/answers.py",  # what invented people and offices write
    "rehearsal/bodies.py",
    "rehearsal/deciding.py",
    "rehearsal/files.py",
    "rehearsal/office.py",
    "rehearsal/texts.py",
}


def bare_sentences(source: str) -> list[str]:
    """Italian sentences of a module that no function of gettext takes."""
    tree = ast.parse(source)
    taken: set[int] = set()
    for node in ast.walk(tree):
        called = node.func if isinstance(node, ast.Call) else None
        if getattr(called, "id", getattr(called, "attr", "")) in TRANSLATED_BY:
            taken |= {id(inner) for inner in ast.walk(node)}
        if isinstance(node, ast.Expr):  # a docstring
            taken.add(id(node.value))
    texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return [node.value for node in texts if id(node) not in taken and " " in node.value and ITALIAN.search(node.value)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('"""Dove è la domanda."""\nx = _("La domanda non è completa.")', []),
        ('x = "La domanda non è completa."', ["La domanda non è completa."]),
        ('x = ngettext("%(n)s file del caso", "%(n)s file dei casi", n)', []),
        ('x = f"manca la {thing} che serve"', [" che serve"]),
        ('x = {"a": "SELECT * FROM il"}["del"]', ["SELECT * FROM il"]),
        ('x = "The person who is not here"', []),
    ],
)
def test_a_sentence_outside_of_the_catalogue_is_found(source, expected):
    assert bare_sentences(source) == expected


def test_the_code_has_no_sentences_outside_of_the_catalogue():
    judged = [path for path in MODULES if not {str(part) for part in (path, *path.parents)} & ITALIAN_MODULES]
    found = {str(path): bare_sentences((ROOT / path).read_text()) for path in judged}
    assert {path: sentences for path, sentences in found.items() if sentences} == {}


# --- a page read in English ------------------------------------------------------------------------------------------


class _Told(HTMLParser):
    """The texts of a page and its told attributes, each once, but for those inside ``lang="it"``."""

    VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "use", "wbr"}

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = [("", "")]
        self.texts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        language = given.get("lang") or self.open[-1][1]
        if tag not in self.VOID:
            self.open.append((tag, language))
        self._say(language, *(value for name, value in attrs if name in TOLD and value))

    def handle_endtag(self, tag: str) -> None:
        while len(self.open) > 1 and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tag, language = self.open[-1]
        if tag not in {"title", "script", "style", "code"}:  # a title has no parts to mark
            self._say(language, data)

    def _say(self, language: str, *texts: str) -> None:
        said = [" ".join(text.split()) for text in texts] if language != "it" else []
        self.texts += [text for text in said if text and text not in self.texts]


def italian_in(html: str) -> list[str]:
    """The texts of a page outside ``lang="it"`` that are a message of ours in Italian, or that read as Italian."""
    ours = {italian for entry in catalogue() for italian, english in pairs(entry) if italian != english}
    return [text for text in _Told(html).texts if text in ours or ITALIAN.search(text)]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<html lang="en"><h1>Calls</h1><p>Per person</p>', []),
        ('<html lang="en"><h1>Avvisi</h1>', ["Avvisi"]),
        ('<html lang="en"><p>Luoghi <b>nella</b> città</p>', ["nella"]),
        ('<html lang="en"><h2 lang="it">Luoghi <b>nella</b><br> città</h2><p>Puoi</p>', ["Puoi"]),
        ('<html lang="en"><img alt="Il logo"><a lang="it" title="Il bando"></a>', ["Il logo"]),
        ('<html lang="it"><p lang="en">Avvisi</p><p>Avvisi</p>', ["Avvisi"]),
    ],
)
def test_italian_on_an_english_page_is_found(html, expected):
    assert italian_in(html) == expected


@pytest.fixture
def reader(client):
    """Somebody who pressed English in the header."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.mark.django_db
@pytest.mark.parametrize(
    "page",
    ["home", "spaces", "account_login", "account_signup", "account_reset_password", "privacy", "accessibility", "legal_notes"],
)
def test_a_public_page_in_english_has_no_italian(reader, page):
    html = reader.get(reverse(page)).content.decode()
    assert '<html lang="en">' in html
    assert italian_in(html) == []


@pytest.mark.django_db
def test_a_page_that_is_not_there_says_so_in_english(reader):
    response = reader.get("/non-esiste/")
    assert (response.status_code, italian_in(response.content.decode())) == (404, [])


@pytest.mark.django_db
def test_a_call_in_english_marks_what_stays_italian(reader):
    call = load_fixture_call(at=PUBLISHED)
    page = reader.get(reverse("call", args=[call.slug])).content.decode()
    questions = reader.get(reverse("call_questions", args=[call.slug, "area-1"])).content.decode()
    assert "Che cosa farete nello Spazio?" in questions
    assert italian_in(page) + italian_in(questions) == []


@pytest.mark.django_db
@pytest.mark.parametrize("section", ["spazio", "proposta", "dichiarazioni"])
def test_a_section_in_english_marks_the_questions_and_not_our_words(reader, section):
    application = draft_application(by=person(language="en"))
    reader.force_login(application.created_by)
    with arriving(WORKDAY):
        html = reader.get(reverse("application_section", args=[application.pk, section])).content.decode()
    assert 'lang="it">' in html
    assert italian_in(html) == []


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "subject"), [("it", "Ricevuta della domanda"), ("en", "Receipt of application")])
def test_a_receipt_is_written_to_a_person_in_their_language(mailoutbox, language, subject):
    application = submitted_application(by=person("anna@esempio.it", language=language))
    with patch("applications.duties.issue"):
        pay(WORKDAY)
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [(["anna@esempio.it"], f"{subject} {application.number}")]


@pytest.mark.parametrize("language", ["it", "en"])
def test_a_day_is_read_day_first_in_every_language(language):
    with translation.override(language):
        form = SignAgreementForm({"signed_on": "03/04/2022", "starts_on": "2022-04-05", "ends_on": "06.04.2022"})
        form.is_valid()
    days = [form.cleaned_data[name] for name in ("signed_on", "starts_on", "ends_on")]
    assert days == [date(2022, 4, 3), date(2022, 4, 5), date(2022, 4, 6)]


# --- the glossary names what is there --------------------------------------------------------------------------------


def names_gone(page: str) -> list[str]:
    """The dotted names of a page, in back quotes and beginning with an app, that lead to nothing."""
    gone = []
    for name in re.findall(rf"`((?:{'|'.join(APPS)})(?:\.\w+)+)`", page):
        try:
            resolve_name(name)
        except (AttributeError, ImportError):
            gone.append(name)
    return gone


def test_a_name_that_left_the_code_is_found():
    page = "| ente | organisation | `accounts.models.Organisation`, `accounts.models.Body`, `bando.calls.Call` | `x.y`, `accounts` |"
    assert names_gone(page) == ["accounts.models.Body", "bando.calls.Call"]


def test_the_glossary_names_what_is_in_the_code():
    assert names_gone((ROOT / "docs/glossary.md").read_text()) == []

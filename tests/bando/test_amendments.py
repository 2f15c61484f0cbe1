"""What everybody reads of an amendment: its act, before and after, both versions and their hashes."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from bando.actions import load, publish
from bando.amendments import SHORT, show
from bando.deadlines import rome
from bando.models import Call
from bando.notice.difference import Change
from bando.notice_pdf import make
from bando.templatetags.bando_ui import filesize_it
from documents.uploads import keep
from tests.bando.small import SMALL
from tests.builders import WORKDAY, load_fixture_call, official, small_pdf
from tests.builders_amending import extend, order, rectify, revoke
from tests.clock import arriving
from tests.pages import text
from workflow.ledger import digest

pytestmark = pytest.mark.django_db
SLUG = "spazi-wemi-2021"
WEEK_LATER = rome(2021, 10, 25, 12)


@pytest.fixture
def call() -> Call:
    return load_fixture_call()


@pytest.fixture
def by():
    return official()


def get(client, address: str, at=WORKDAY):
    with arriving(at):
        return client.get(address)


def add_words(data: dict[str, Any]) -> None:
    data["areas"][0]["description"] += " Ogni Spazio apre anche il sabato mattina."


def test_the_page_of_a_call_lists_its_amendments_newest_first(client, call, by):
    assert "Modifiche dell'avviso" not in text(get(client, reverse("call", args=[SLUG])))
    act = keep(small_pdf("Proroga"), name="proroga.pdf", media_type="application/pdf", by=by, at=WORKDAY)
    signed = order("210/2021", at=WORKDAY, reason="Lo chiedono in molti.", file=act)
    extend(call, WEEK_LATER, order=signed, by=by, at=WORKDAY)
    rectify(Call.objects.get(), add_words, by=by, at=WORKDAY)
    page = get(client, reverse("call", args=[SLUG]))
    said = text(page)
    assert said.index("Rettifica n. 2") < said.index("Proroga n. 1")
    assert (
        "Atto n. 210/2021, 11 ottobre 2021. Nuova scadenza: lunedì 25 ottobre 2021, ore 12:00:00 Prima era: lunedì 18" in said
    )
    assert " ".join(f"Atto (PDF, {filesize_it(act.size)})".split()) in said
    links = re.findall(rf'href="/avvisi/{SLUG}/modifiche/(\d)/(atto/)?"', page.content.decode())
    assert links == [("2", ""), ("1", ""), ("1", "atto/")]
    assert "Le regole di questo avviso sono la versione 3." in said


def test_an_amendment_shows_before_and_after_with_both_hashes_and_both_documents(client, call, by):
    made = rectify(call, add_words, by=by, at=WORKDAY)
    page = get(client, reverse("call_amendment", args=[SLUG, 1]))
    body = page.content.decode()
    assert "Area 1, descrizione Cambiato" in text(page)
    (added,) = re.findall(r"<ins>(.*?)</ins>", body, re.DOTALL)
    assert text_of(added) == "[aggiunto: Ogni Spazio apre anche il sabato mattina.]"
    assert "<del>" not in body
    said = text(page).replace(" ", "")
    assert [said.count(version.sha256) for version in (made.before, made.after)] == [1, 1]
    files = re.findall(r'href="(/avvisi/[^"]+versione=\d)"', body)
    contents = [get(client, unescape(file)) for file in files]
    assert [answer["X-Content-SHA256"] for answer in contents] == [
        digest(made.before.text),
        made.before.sha256,
        digest(made.after.text),
        made.after.sha256,
    ]
    assert [re.search(r'"(.*)"', answer["Content-Disposition"])[1] for answer in contents] == [
        f"{SLUG}-v1.yaml",
        f"{SLUG}-v1.json",
        f"{SLUG}-v2.yaml",
        f"{SLUG}-v2.json",
    ]


def test_the_paper_of_each_version_is_there_once_it_is_made(client, call, by):
    made = extend(call, WEEK_LATER, by=by, at=WORKDAY)
    address, paper = reverse("call_amendment", args=[SLUG, 1]), r'href="[^"]+documento\.pdf\?versione=(\d)"'
    found = []
    for version in (made.before, made.after):
        found.append(re.findall(paper, get(client, address).content.decode()))
        make(str(version.pk), WORKDAY)
    assert [*found, re.findall(paper, get(client, address).content.decode())] == [[], ["1"], ["1", "2"]]


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


@pytest.mark.parametrize(
    ("asked", "status"), [("1", 200), ("2", 200), ("3", 404), ("0", 404), ("", 404), ("1a", 404), ("²", 404), ("9" * 9, 404)]
)
def test_only_versions_that_were_in_force_are_public(client, call, by, asked, status):
    extend(call, WEEK_LATER, by=by, at=WORKDAY)
    address = reverse("call_document", args=[SLUG, "json"])
    assert get(client, f"{address}?versione={asked}").status_code == status


def test_what_was_written_before_the_publication_is_nobodys(client, by):
    load(SMALL.replace("Avviso di prova", "Avviso ancora segreto"), at=rome(2021, 8, 20))
    small = load(SMALL, at=rome(2021, 8, 21))
    publish(small, by=by, at=rome(2021, 8, 22))
    address = reverse("call_document", args=["prova", "yaml"])
    assert [get(client, f"{address}?versione={number}").status_code for number in (1, 2)] == [404, 200]


def test_an_amendment_without_file_has_none_and_a_number_that_is_not_there_is_no_page(client, call, by):
    extend(call, WEEK_LATER, by=by, at=WORKDAY)
    assert get(client, reverse("call_amendment_file", args=[SLUG, 1])).status_code == 404
    assert get(client, reverse("call_amendment", args=[SLUG, 2])).status_code == 404


def test_a_revocation_says_that_the_rules_stay_readable(client, call, by):
    revoke(call, by=by, at=WORKDAY, reason="Mancano i fondi.")
    said = text(get(client, reverse("call_amendment", args=[SLUG, 1])))
    assert "L'avviso è revocato: non riceve più domande e quelle ricevute non hanno seguito." in said
    assert "La versione dell'avviso" in said
    assert "Che cosa cambia" not in said


@pytest.mark.parametrize(
    ("kind", "before", "after", "pieces"),
    [
        ("changed", "venti", "ventuno", []),
        ("changed", "a" * SHORT, "", []),
        ("changed", "a" * SHORT, "b", [("removed", "a" * SHORT), ("added", "b")]),
        ("added", "", "a" * SHORT * 2, []),
    ],
)
def test_long_texts_show_the_words_that_changed_and_short_ones_are_read_whole(kind, before, after, pieces):
    assert show(Change((), kind, "Testo", before, after)).pieces == pieces

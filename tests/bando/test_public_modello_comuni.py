"""The page of a call by the rules that the validator of the Modello Comuni applies to the card of a service (C.SI.1.2,
C.SI.1.3, C.SI.1.5, R.SI.1.1), and by what the model asks beyond them."""

import json
import re
from datetime import datetime, timedelta
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.urls import reverse

from bando.deadlines import rome
from bando.notice_pdf import make
from bando.states import CallState
from tests.bando.small import SMALL
from tests.bando.test_public import get, small_call
from tests.builders import AFTER, DEADLINE, PUBLISHED, WORKDAY, load_fixture_call, official

pytestmark = pytest.mark.django_db

HEADINGS = [
    "A chi è rivolto",
    "Come fare",
    "Cosa serve",
    "Cosa si ottiene",
    "Tempi e scadenze",
    "Accedi al servizio",
    "Condizioni di servizio",
    "Contatti",
]
"""Those that the index of the page must have, in this order."""

ELEMENTS = [
    "metatag",
    "breadcrumb",
    "service-title",
    "service-status",
    "service-description",
    "page-index",
    "service-addressed",
    "service-how-to",
    "service-needed",
    "service-achieved",
    "service-calendar-text",
    "service-calendar-list",
    "service-generic-access",
    "service-online-access",
    "service-file",
    "service-area",
    "service-topic",
]

VOCABULARY = {"Associazioni", "Assistenza sociale", "Integrazione sociale"}
"""What we take from the 67 topics of the model."""

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "use", "path"}


class Page(HTMLParser):
    """The texts of the elements with a ``data-element`` in the order of the page, the links of the index, the h2, the classes."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.open: list[tuple[str, dict]] = []
        self.elements: dict[str, str] = {}
        self.index: list[str] = []
        self.headings: list[str] = []
        self.crumbs: list[str] = []
        self.files: list[str] = []
        self.classes: set[str] = set()
        self.feed(content)

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        self.classes.update((known.get("class") or "").split())
        if known.get("data-element"):
            self.elements.setdefault(known["data-element"], "")
        for name, tags, texts in (
            ("page-index", "a", self.index),
            ("breadcrumb", "li", self.crumbs),
            ("service-file", "a", self.files),
        ):
            if tag == tags and any(one.get("data-element") == name for _tag, one in self.open):
                texts.append("")
        if tag == "h2":
            self.headings.append("")
        if tag not in VOID:
            self.open.append((tag, known))

    def handle_endtag(self, tag):
        while self.open and tag in {name for name, _ in self.open}:
            if self.open.pop()[0] == tag:
                break

    def handle_data(self, data):
        hidden = any("separator" in (known.get("class") or "") for _tag, known in self.open)
        for tag, known in self.open:
            name = known.get("data-element")
            if name:
                self.elements[name] += data
            if tag == "h2":
                self.headings[-1] += data
        names = {known.get("data-element") for _tag, known in self.open}
        tags = {tag for tag, _ in self.open}
        for name, wanted, texts in (
            ("page-index", "a", self.index),
            ("breadcrumb", "li", self.crumbs),
            ("service-file", "a", self.files),
        ):
            if name in names and wanted in tags and not hidden:
                texts[-1] += data


def page_of(client, call, at=WORKDAY, **more) -> Page:
    return Page(get(client, reverse("call", args=[call.slug]), at, **more).content.decode())


def clean(texts) -> list[str]:
    return [" ".join(text.split()) for text in texts]


def test_the_index_has_the_headings_of_the_model_in_its_order_and_each_is_on_the_page(client):
    page = page_of(client, load_fixture_call())
    index = clean(page.index)
    assert [heading for heading in index if heading in HEADINGS] == HEADINGS
    assert clean(page.headings)[-len(index) :] == index


def test_the_links_of_the_index_are_children_of_the_list_as_the_validator_looks_for_them(client):
    content = get(client, reverse("call", args=[load_fixture_call().slug])).content.decode()
    (index,) = re.findall(r'<ul data-element="page-index">(.*?)</ul>', content, re.DOTALL)
    assert re.sub(r'<li><a href="#[a-z]+">[^<]+</a></li>', "", index) == ""
    assert set(re.findall(r'href="#([a-z]+)"', index)) <= set(re.findall(r' id="([a-z]+)"', content))


def test_every_element_of_the_model_is_there_in_order_and_says_something(client):
    page = page_of(client, load_fixture_call())
    assert [name for name in page.elements if name.startswith(("service-", "page-", "bread", "metatag"))] == ELEMENTS
    assert [name for name in ELEMENTS if len(page.elements[name].strip()) < 3] == []


def test_the_way_to_the_page_goes_through_the_services_and_a_category(client):
    crumbs = clean(page_of(client, load_fixture_call()).crumbs)
    assert crumbs[:2] == ["Servizi", "Avvisi di co-progettazione"]
    assert len(crumbs) == 3


def test_the_topics_are_of_the_controlled_vocabulary(client):
    assert clean([page_of(client, small_call()).elements["service-topic"]])[0] in VOCABULARY


def draft():
    return small_call(published=False)


def ranked():
    call = small_call()
    call.state = CallState.RANKED
    call.save()
    return call


@pytest.mark.parametrize(
    ("call", "at", "status"),
    [
        (draft, WORKDAY, "In preparazione non è ancora pubblicato"),
        (
            small_call,
            rome(2021, 8, 20),
            "Apre tra poco le domande si inviano da mercoledì 1 settembre 2021, ore 09:00:00",
        ),
        (small_call, DEADLINE - timedelta(days=5), "Aperto mancano 5 giorni"),
        (small_call, AFTER, "In valutazione il termine è passato il 18 ottobre 2021"),
        (ranked, AFTER, "Concluso le graduatorie sono pubblicate"),
    ],
)
def test_the_status_is_in_words_with_its_reason(client, call, at, status):
    assert clean([page_of(client, call(), at, by=official()).elements["service-status"]]) == [status]


def test_at_least_three_classes_in_ten_are_of_the_library(client):
    classes = page_of(client, load_fixture_call()).classes
    library = (settings.BASE_DIR / "static/css/bando.css").read_text()
    known = {name for name in classes if not name.startswith("bando") and f".{name}" in library}
    assert len(known) / len(classes) >= 0.3


# Structured data


def data_of(client, call) -> dict:
    page = get(client, reverse("call", args=[call.slug])).content.decode()
    (block,) = re.findall(r'<script type="application/ld\+json" data-element="metatag">(.*?)</script>', page, re.DOTALL)
    return json.loads(block)


def test_the_structured_data_says_what_the_model_wants_and_what_the_page_says(client):
    call = load_fixture_call()
    data, notice = data_of(client, call), call.notice
    address = f"http://testserver{reverse('call', args=[call.slug])}"
    assert data["@type"] == "GovernmentService"
    assert (data["name"], data["description"], data["url"]) == (notice.title, notice.summary, address)
    assert data["serviceType"] == "Avviso di co-progettazione (art. 55 del D.Lgs. 117/2017)"
    assert (
        data["serviceOperator"]["name"] == data["provider"]["name"] == data["areaServed"]["name"] == notice.administration.name
    )
    assert data["audience"]["audienceType"] == "Enti del Terzo settore"
    assert data["availableChannel"]["serviceUrl"] == f"{address}#access"
    opening = data["hoursAvailable"]
    assert datetime.fromisoformat(opening["validThrough"]) == call.closes_at
    assert datetime.fromisoformat(opening["validFrom"]) == (call.opens_at or call.published_at)


def test_a_draft_says_nothing_to_machines(client):
    content = get(client, reverse("call", args=[draft().slug]), by=official()).content.decode()
    assert "ld+json" not in content


# Documents


def test_each_document_has_its_type_and_size_in_the_words_of_its_link(client):
    call = small_call()
    names = clean(page_of(client, call).files)
    size = f"{len(SMALL.encode()) / 1024:.0f}"
    assert names[0] == f"Avviso come è stato scritto (YAML, {size} kB)"
    assert re.fullmatch(r"Avviso in forma canonica \(JSON, \d kB\)", names[1])
    assert names[2:] == [
        "Tutte le domande: Area uno (pagina web da stampare)",
        "Tutte le domande: Area due (pagina web da stampare)",
    ]


def test_the_pdf_is_listed_and_served_once_it_is_made(client):
    call = small_call()
    url = reverse("call_document", args=[call.slug, "pdf"])
    assert get(client, url).status_code == 404
    make(str(call.version.pk), PUBLISHED)
    names = clean(page_of(client, call).files)
    assert re.fullmatch(r"Avviso da stampare \(PDF, \d+ kB\)", names[0])
    answer = get(client, url)
    assert answer["Content-Disposition"] == 'attachment; filename="prova-v1.pdf"'
    assert b"".join(answer.streaming_content)[:5] == b"%PDF-"


def test_the_page_says_when_it_was_updated(client):
    content = get(client, reverse("call", args=[load_fixture_call().slug])).content.decode()
    assert re.search(r'Pagina aggiornata il <time datetime="2021-09-16T[^"]+">16 settembre 2021</time>', content)

"""The preview of a draft: what it shows to each reader, where its links lead, and that it keeps nothing."""

import re
import subprocess
from datetime import timedelta
from html import unescape
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from bando.drafting import from_file, unsaved_call
from bando.notice.parse import parse
from bando.views.previews import while_open
from tests.builders import NOTICES, WORKDAY, official
from tests.clock import arriving

pytestmark = pytest.mark.django_db
EVERY = Path(__file__).parents[1] / "data" / "notices" / "every.yaml"
SECOND = timedelta(seconds=1)


@pytest.fixture
def office(client) -> Client:
    client.force_login(official(name="Anna Bianchi"))
    return client


@pytest.fixture
def draft():
    return from_file((NOTICES / "spazi-wemi-2021.yaml").read_bytes(), by=official(), at=WORKDAY)


def url(name: str, draft, *args: str) -> str:
    return reverse(f"desk_draft_preview_{name}", args=[draft.pk, *args])


def text(response) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def kept() -> dict[str, int]:
    """How many rows there are of everything, but for the sessions of who looks."""
    return {model._meta.label: model.objects.count() for model in apps.get_models() if model._meta.app_label != "sessions"}


def pages_of(draft) -> list[str]:
    notice = parse(draft.data)
    found = [url(name, draft) for name in ("call", "clarifications", "sheets")]
    for area in notice.areas:
        found += [url(name, draft, area.code) for name in ("questions", "hub", "attachments", "review", "sheet")]
        found += [url("section", draft, area.code, section.code) for section in notice.sections_for(area.code)]
    return found


@pytest.mark.parametrize("file", [NOTICES / "spazi-wemi-2021.yaml", EVERY], ids=lambda file: file.stem)
def test_no_link_below_a_preview_leads_to_a_page_that_is_not_there(office, file):
    """What comes with the publication alone stands in the list; what is left leads to pages of today."""
    draft = from_file(file.read_bytes(), by=official(), at=WORKDAY)
    slug = draft.data["id"]
    later = {reverse("call_document", args=[slug, "json"])} | {
        reverse(name, args=[slug]) for name in ("call_calendar", "call_feed")
    }
    pages, links = pages_of(draft), set()
    for page in pages:
        content = re.search(r"<main.*</main>", office.get(page).content.decode(), re.DOTALL)[0]
        links |= set(re.findall(r'(?:<a [^>]*href|action)="(/[^"?#]*)', content))
    assert later <= links
    assert {link for link in links - later - set(pages) if office.get(link).status_code not in {200, 302}} == set()


def test_what_is_pressed_in_a_preview_says_what_it_would_do_and_keeps_nothing(office, draft):
    before = kept()
    said = [
        office.post(url("call", draft), {"follow": "1"}),
        office.post(url("clarifications", draft), {"section": "", "text": "Chi può partecipare?"}),
        office.post(url("review", draft, "area-1"), {"reviewed": ""}),
    ]
    told = [
        "Con l'avviso pubblicato, chi preme questo tasto segue l'avviso. Qui non segui niente.",
        "Con l'avviso pubblicato, l'ufficio riceve questa domanda. Qui non la riceve nessuno.",
        "Con l'avviso pubblicato, la domanda parte. Qui non parte niente.",
    ]
    assert [(answer.status_code, words in text(answer)) for answer, words in zip(said, told, strict=True)] == [(200, True)] * 3
    assert kept() == before


def test_a_question_left_empty_in_a_preview_gets_the_real_error(office, draft):
    page = text(office.post(url("clarifications", draft), {"section": "", "text": ""}))
    assert ["Scrivi la domanda." in page, "Con l'avviso pubblicato" in page] == [True, False]


def test_the_notice_of_a_draft_says_on_every_page_that_it_is_one_and_is_not_kept(office, draft):
    before = kept()
    answer = office.get(url("pdf", draft))
    assert (answer.headers["Content-Type"], answer.headers["Content-Disposition"]) == (
        "application/pdf",
        'inline; filename="bozza-spazi-wemi-2021.pdf"',
    )
    assert kept() == before
    said = subprocess.run(["pdftotext", "-layout", "-", "-"], input=answer.content, capture_output=True, check=True)
    pages = said.stdout.decode().split("\f")[:-1]
    assert ["BOZZA" in page for page in pages] == [True] * len(pages)
    assert ["Pubblicato" in said.stdout.decode(), "spazi-wemi-2021 · bozza" in pages[-1]] == [False, True]
    with pikepdf.open(BytesIO(answer.content)) as document, document.open_metadata() as metadata:
        assert (len(document.pages), metadata["pdfuaid:part"]) == (len(pages), "1")


def test_the_public_page_offers_the_preview_of_its_paper_and_its_own_file(office, draft):
    page = office.get(url("call", draft)).content.decode()
    export = reverse("desk_draft_export", args=[draft.pk])
    assert [f'href="{link}"' in page for link in (url("pdf", draft), export)] == [True, True]


@pytest.mark.parametrize(
    ("opens", "at", "moment"),
    [
        ("opens", -SECOND, "opens"),
        ("opens", timedelta(0), "opens"),
        ("closes", timedelta(0), "closes"),
        ("closes", SECOND, "closes"),
    ],
)
def test_pages_of_an_applicant_are_as_while_the_call_is_open(draft, opens, at, moment):
    notice = parse(draft.data)
    ends = {"opens": notice.calendar.opens, "closes": notice.calendar.deadline}
    call = unsaved_call(draft, notice, at=WORKDAY)
    assert while_open(call, ends[opens] + at) == ends[moment]


def test_a_page_shown_at_another_moment_says_so(office, draft):
    deadline = parse(draft.data).calendar.deadline
    words = "La pagina è come si vede mentre l'avviso è aperto: "
    with arriving(deadline + SECOND):
        assert words in text(office.get(url("hub", draft, "area-1")))
    with arriving(deadline):
        assert words not in text(office.get(url("hub", draft, "area-1")))


@pytest.mark.parametrize(
    ("name", "area", "queries"),
    [
        ("call", [], 6),
        ("clarifications", [], 4),
        ("pdf", [], 4),
        ("sheets", [], 3),
        ("questions", ["area-1"], 3),
        ("hub", ["area-1"], 5),
        ("attachments", ["area-1"], 5),
        ("review", ["area-1"], 6),
        ("sheet", ["area-1"], 3),
    ],
)
def test_a_preview_asks_the_database_as_little_as_this(office, draft, django_assert_num_queries, name, area, queries):
    office.get(url(name, draft, *area))
    with django_assert_num_queries(queries):
        office.get(url(name, draft, *area))

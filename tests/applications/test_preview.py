"""An application over a draft call: nobody began it, it can be tried out, and it keeps nothing."""

import re
from html import unescape
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from applications.models import Application
from bando.drafting import from_file
from bando.notice.parse import parse
from documents.models import Document
from tests.builders import NOTICES, WORKDAY, official, small_pdf

pytestmark = pytest.mark.django_db
EVERY = Path(__file__).parents[1] / "data" / "notices" / "every.yaml"


@pytest.fixture
def office(client) -> Client:
    client.force_login(official())
    return client


@pytest.fixture
def draft():
    return from_file((NOTICES / "spazi-wemi-2021.yaml").read_bytes(), by=official(), at=WORKDAY)


def url(name: str, draft, *args: str) -> str:
    return reverse(f"desk_draft_preview_{name}", args=[draft.pk, "area-1", *args])


def text(response) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def test_the_hub_has_every_task_of_the_form_and_each_leads_to_its_preview(office, draft):
    page = office.get(url("hub", draft)).content.decode()
    tasks = re.findall(r'<span class="bando-task-name[^>]*><a href="([^"]+)"', page)
    sections = [url("section", draft, section.code) for section in parse(draft.data).sections_for("area-1")]
    assert tasks == [*sections, url("attachments", draft), url("review", draft)]
    assert [words in page for words in ("Ente di prova", "Domanda non ancora inviata", "Non ancora disponibile")] == [True] * 3


def test_the_last_page_says_what_keeps_an_empty_application_from_being_sent(office, draft):
    page = text(office.get(url("review", draft)))
    assert ["Che cosa manca" in page, "Non puoi ancora inviare. Mancano: " in page, "Invia la domanda" in page] == [
        True,
        True,
        False,
    ]
    assert "Lo può fare solo chi rappresenta l'ente." not in page  # nobody does: it is the official who looks


@pytest.mark.parametrize("file", [NOTICES / "spazi-wemi-2021.yaml", EVERY], ids=lambda file: file.stem)
def test_the_attachments_are_all_there_whatever_the_answers(office, file):
    draft = from_file(file.read_bytes(), by=official(), at=WORKDAY)
    notice = parse(draft.data)
    for area in notice.areas:
        page = office.get(reverse("desk_draft_preview_attachments", args=[draft.pk, area.code])).content.decode()
        rules = notice.attachments_for(area.code)
        assert re.findall(r'name="rule" value="([^"]+)"', page) == [rule.code for rule in rules]
        some_apart = any(rule.when for rule in rules)
        assert ("Qui vedi tutti gli allegati." in page) == some_apart


def test_a_file_is_judged_as_it_will_be_and_let_go(office, draft):
    rule = parse(draft.data).attachments_for("area-1")[0]
    files = [SimpleUploadedFile("statuto.pdf", small_pdf("Statuto")), SimpleUploadedFile("statuto.pdf", b"niente")]
    good, bad = (text(office.post(url("attachments", draft), {"rule": rule.code, "file": file})) for file in files)
    assert "Con l'avviso pubblicato, «statuto.pdf» si può caricare. Qui non lo abbiamo tenuto." in good
    assert "Il file «statuto.pdf» non si apre come PDF" in bad
    assert (Document.objects.count(), Application.objects.count()) == (0, 0)
    empty = text(office.post(url("attachments", draft), {"rule": rule.code, "whole": "1"}))
    assert "Scegli un file, poi premi «Carica»." in empty
    assert office.post(url("attachments", draft), {"rule": "niente"}).status_code == 404


def test_the_sections_go_on_as_the_form_does(office, draft):
    codes = [section.code for section in parse(draft.data).sections_for("area-1")]
    page = office.get(url("section", draft, codes[0])).content.decode()
    assert f'class="bando-back" href="{url("hub", draft)}"' in page
    left = office.post(url("section", draft, codes[0]), {"then": "hub"})
    assert (left.status_code, left.headers["Location"]) == (302, url("hub", draft))


def test_the_button_of_a_file_leads_to_where_it_is_uploaded(office):
    draft = from_file(EVERY.read_bytes(), by=official(), at=WORKDAY)
    notice = parse(draft.data)
    area, section, question = next(
        (area.code, section.code, question.code)
        for area in notice.areas
        for section in notice.sections_for(area.code)
        for question in section.questions
        if question.type == "file"
    )
    here = reverse("desk_draft_preview_section", args=[draft.pk, area, section])
    assert f'value="file:{question}"' in office.get(here).content.decode()
    there = reverse("desk_draft_preview_attachments", args=[draft.pk, area])
    assert office.post(here, {"then": f"file:{question}"}).headers["Location"] == f"{there}#{question}"

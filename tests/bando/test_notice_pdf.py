"""The notice on paper: made once for each published version, after the act."""

import html
import re
import subprocess
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from django.template.loader import render_to_string

from bando.actions import load, publish
from bando.models import CallPdf
from bando.notice_pdf import PDF, make, owe_pdf, pdf_context
from documents.models import Document
from tests.bando.small import SMALL
from tests.builders import PUBLISHED, load_fixture_call, official
from workflow.duties import pay
from workflow.models import Duty

pytestmark = pytest.mark.django_db
EVERY = (Path(__file__).parents[1] / "data" / "notices" / "every.yaml").read_text()


def published(text: str):
    call = load(text, at=PUBLISHED)
    publish(call, by=official(), at=PUBLISHED)
    return call


def words(version) -> str:
    """What the paper says, from the page that it is printed from."""
    page = render_to_string("bando/pdf/notice.html", {"administration": settings.ADMINISTRATION, **pdf_context(version)})
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split()).replace(" .", ".")


def test_publication_owes_the_paper_and_the_worker_makes_it_once():
    call = published(SMALL)
    assert list(Duty.objects.filter(name=PDF).values_list("subject", flat=True)) == [str(call.version.pk)]
    assert pay(PUBLISHED) >= 1
    made = CallPdf.objects.get()
    assert (made.version, made.document.name, made.document.media_type) == (call.version, "prova-v1.pdf", "application/pdf")
    count = Document.objects.count()
    make(str(call.version.pk), PUBLISHED)
    assert (CallPdf.objects.get(), Document.objects.count()) == (made, count)


def test_a_draft_owes_no_paper():
    load(SMALL, at=PUBLISHED)
    assert not Duty.objects.filter(name=PDF).exists()


def test_each_version_has_its_own_paper():
    call = published(SMALL)
    pay(PUBLISHED)
    second = type(call.version).objects.create(
        slug="prova", number=2, text=SMALL, canonical=call.version.canonical, sha256=call.version.sha256, made_at=PUBLISHED
    )
    owe_pdf(second, at=PUBLISHED)
    pay(PUBLISHED)
    assert [made.document.name for made in CallPdf.objects.order_by("version__number")] == ["prova-v1.pdf", "prova-v2.pdf"]


def test_the_paper_is_tagged_in_italian():
    call = published(SMALL)
    pay(PUBLISHED)
    with call.version.pdf.document.file.open() as kept, pikepdf.open(BytesIO(kept.read())) as document:
        assert (str(document.Root.Lang), bool(document.Root.MarkInfo.Marked)) == ("it", True)
        assert str(document.docinfo.Title) == "Avviso di prova"
        assert "/StructTreeRoot" in document.Root
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"


def test_every_page_has_the_version_and_the_hash():
    call = load_fixture_call()
    make(str(call.version.pk), PUBLISHED)
    with call.version.pdf.document.file.open() as kept:
        text = subprocess.run(["pdftotext", "-", "-"], input=kept.read(), capture_output=True, check=True).stdout.decode()
    pages = text.rstrip("\f").split("\f")
    assert len(pages) > 5
    for page in pages:
        squeezed = "".join(page.split())
        assert f"SHA-256{call.version.sha256}" in squeezed
        assert "spazi-wemi-2021·versione1" in squeezed


def test_the_paper_says_everything_that_the_document_says():
    shown = words(load(EVERY, at=PUBLISHED).version)
    for sentence in (
        "Provare ogni tipo.",
        "Nasce dalla co-programmazione: Deliberazione di Giunta n. 41, 20 novembre 2025.",
        "Risorse in tutto: 650.000,00 €",
        "È in tempo se arriva entro le 12:00:00 del 30 giugno 2026",
        "ottimo : 20 punti",
        "da 2 a 3 anni: 2 punti",
        "2 punti per ogni unità (certificati), fino a 10 punti.",
        "Se la risposta è sì, si tolgono 10 punti.",
        "Ogni commissario dà da 0 a 10 punti, e i punti si sommano.",
        "Chi ha rapporti con un ente non valuta la sua proposta.",
        "entro 24 mesi dalla pubblicazione della graduatoria",
        "Lotto sport: 1 posto",
        "Poi il conto dei giorni ricomincia da capo.",
        "La graduatoria provvisoria è sul sito.",
        "Il procedimento si conclude con la determinazione",
        "Solo se a «Lavorate in rete?» rispondi «Sì».",
        "Una tabella, al massimo 10 righe",
        "Art. 1 – Oggetto",
    ):
        assert sentence in shown


def test_the_paper_of_a_demonstration_says_that_it_is_one():
    call = load_fixture_call()
    shown = words(call.version)
    assert re.sub(r"\s+", " ", call.notice.demonstration) in shown
    for grid in call.notice.grids:
        assert re.sub(r"\s+", " ", grid.demonstration) in shown

"""A document leaves as a download that no browser shows or runs, and only once the antivirus has let it go."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import FileResponse
from django.test import Client
from django.urls import reverse

from applications.models import Application, Receipt
from bando.models import CallPdf
from documents.models import Document, Scan
from documents.responses import Quarantined, serve
from documents.uploads import keep, store
from tests.builders import AFTER, WORKDAY, official, person, send, small_pdf, submitted_application
from tests.clock import arriving

HEADERS = {
    "Content-Type": "application/pdf",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Accept-Ranges": "none",
}


@pytest.fixture
def document(db) -> Document:
    return store(SimpleUploadedFile("statuto.pdf", small_pdf()), media_type="application/pdf", by=person(), at=WORKDAY)


def let_go(response: FileResponse) -> None:
    """Close the file as the server does, and leave the test its connection to the database."""
    for close in response._resource_closers:
        close()


def judged(document: Document, verdict: str) -> Document:
    Scan.objects.create(document=document, at=WORKDAY, verdict=verdict, engine="ClamAV")
    return document


# --- headers ----------------------------------------------------------------------------------------------------------


def test_a_document_is_a_download_that_runs_nothing(document):
    response = serve(document)
    assert dict(response.items()) == {
        **HEADERS,
        "Content-Length": str(document.size),
        "Content-Disposition": 'attachment; filename="statuto.pdf"',
    }
    assert b"".join(response) == small_pdf()
    let_go(response)


@pytest.mark.parametrize(
    ("name", "disposition"),
    [
        ("lo statuto.pdf", 'attachment; filename="lo statuto.pdf"'),
        ('lo "statuto"\\.pdf', 'attachment; filename="lo \\"statuto\\"\\\\.pdf"'),
        ("a\r\nSet-Cookie: x=1.pdf", 'attachment; filename="aSet-Cookie: x=1.pdf"'),
        ("perché è così.pdf", "attachment; filename*=utf-8''perch%C3%A9%20%C3%A8%20cos%C3%AC.pdf"),
        ("fattura\u202efdp.exe", 'attachment; filename="fatturafdp.exe"'),
        ("\n", 'attachment; filename="file"'),
    ],
)
def test_a_name_never_breaks_its_header(db, name, disposition):
    document = keep(small_pdf(), name=name, media_type="application/pdf", by=None, at=WORKDAY)
    response = serve(document)
    assert response["Content-Disposition"] == disposition
    let_go(response)


@pytest.fixture
def sent(db) -> Application:
    return submitted_application()


def routes(application: Application, officer: Client, body: Client) -> dict[str, tuple[Client, str]]:
    """Each address that hands a document of an application out, with somebody who may ask."""
    attachment = application.attachments.first()
    document = keep(small_pdf(), name="ricevuta.pdf", media_type="application/pdf", by=None, at=WORKDAY)
    Receipt.objects.create(submission=application.current, document=document)
    return {
        "the body's file": (body, reverse("application_attachment", args=[application.pk, attachment.pk])),
        "the receipt": (body, reverse("application_receipt_pdf", args=[application.pk])),
        "the call on paper": (body, _paper(application)),
        "the file at the desk": (officer, reverse("desk_attachment", args=[application.pk, attachment.pk])),
    }


def _paper(application: Application) -> str:
    document = keep(small_pdf(), name="avviso.pdf", media_type="application/pdf", by=None, at=WORKDAY)
    CallPdf.objects.create(version=application.call.version, document=document)
    return reverse("call_document", args=[application.call.slug, "pdf"])


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("which", ["the body's file", "the receipt", "the call on paper", "the file at the desk"])
@pytest.mark.parametrize("asked", [{}, {"HTTP_RANGE": "bytes=0-3"}], ids=["whole", "a part"])
def test_every_download_of_an_application_leaves_whole_and_sandboxed(sent, which, asked):
    client, address = routes(sent, signed_in(official()), signed_in(sent.created_by))[which]
    with arriving(AFTER):
        response = client.get(address, **asked)
    content = b"".join(response.streaming_content)
    assert response.status_code == 200
    assert {name: response[name] for name in HEADERS} == HEADERS
    assert response["Content-Disposition"].startswith("attachment; filename=")
    assert response["Content-Length"] == str(len(content))
    assert content.startswith(b"%PDF-") and b"%%EOF" in content
    assert "private" in response["Cache-Control"] and "no-store" in response["Cache-Control"]
    assert not response.has_header("Content-Range")


def test_no_view_hands_files_out_by_another_way():
    """Who serves a file calls ``serve``: nothing else of the project makes such an answer."""
    root = Path(__file__).parents[2]
    packages = ("workflow", "accounts", "documents", "bando", "applications", "evaluation", "network", "rehearsal")
    makers = {
        str(path.relative_to(root))
        for package in packages
        for path in (root / package).rglob("*.py")
        if "FileResponse(" in path.read_text()
    }
    assert makers == {"documents/responses.py"}


# --- quarantine -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verdict", "own", "served"),
    [
        ("", False, False),
        ("", True, True),
        ("clean", False, True),
        ("clean", True, True),
        ("infected", False, False),
        ("infected", True, False),
    ],
)
def test_who_may_have_a_document_while_it_is_checked(document, settings, verdict, own, served):
    settings.CLAMD = "clamd://127.0.0.1:9"
    if verdict:
        judged(document, verdict)
    if served:
        let_go(serve(document, own=own))
    else:
        with pytest.raises(Quarantined):
            serve(document, own=own)


def test_an_infected_document_stays_blocked_without_an_antivirus(document, settings):
    settings.CLAMD = ""
    let_go(serve(document))
    judged(document, "infected")
    with pytest.raises(Quarantined):
        serve(document)


@pytest.fixture
def asking(sent, settings):
    """``asking(who)``: status and page of the first file of the application, for its body or for the office."""
    settings.CLAMD = "clamd://127.0.0.1:9"
    attachment = sent.attachments.first()

    def asking(who: str):
        client = signed_in(official() if who == "the office" else sent.created_by)
        name = "desk_attachment" if who == "the office" else "application_attachment"
        with arriving(AFTER):
            response = client.get(reverse(name, args=[sent.pk, attachment.pk]))
        if response.streaming:
            return response.status_code, b"".join(response.streaming_content)[:5]
        return response.status_code, response.content.decode()

    asking.document = attachment.document
    return asking


def test_while_a_file_is_checked_the_body_has_it_back_and_the_office_is_told(asking):
    status, page = asking("the office")
    assert status == 409
    assert "<h1>Il file è in controllo</h1>" in page
    assert f"L'antivirus non ha ancora letto «{asking.document.name}»." in page
    assert asking("the body") == (200, b"%PDF-")
    judged(asking.document, "clean")
    assert asking("the office") == (200, b"%PDF-")


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("the office", "Chi lo ha caricato deve mandarne un'altra copia."),
        ("the body", "Controlla il tuo dispositivo e carica un'altra copia."),
    ],
)
def test_an_infected_file_is_handed_to_nobody(asking, who, sentence):
    judged(asking.document, "infected")
    status, page = asking(who)
    assert status == 409
    assert "<h1>Il file è bloccato</h1>" in page
    assert f"«{asking.document.name}» contiene un virus: nessuno può scaricarlo." in page
    assert sentence in page


def test_the_page_of_a_file_in_quarantine_is_kept_by_no_cache(sent, settings):
    settings.CLAMD = "clamd://127.0.0.1:9"
    with arriving(AFTER):
        response = signed_in(official()).get(reverse("desk_attachment", args=[sent.pk, sent.attachments.first().pk]))
    assert response["Cache-Control"] == "no-store"


def test_sending_does_not_wait_for_the_antivirus(db, settings):
    settings.CLAMD = "clamd://127.0.0.1:9"
    application = submitted_application()
    assert send(application).pk == application.current_id
    assert not Scan.objects.exists()

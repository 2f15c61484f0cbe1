"""What a signature says, in the words that the applicant and the office read; the reading is a worker's."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from documents import signatures
from documents.models import MEDIA_TYPES, Document, SignatureReading
from documents.signatures import Unread, in_words, lacks_signature, read
from documents.uploads import keep, store
from tests.builders import WORKDAY
from tests.builders import person as somebody
from tests.signing import authority, cades, changed, clock, detached, pades, person, plain_pdf, stamped
from workflow.duties import pay
from workflow.models import Duty

SIGNED = datetime(2021, 10, 3, 8, 12, tzinfo=UTC)
LATER = WORKDAY + timedelta(minutes=1)
FOREVER = (datetime(2010, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC))
ROOT = authority("Autorità nota")
MARIO = person(ROOT)
ANNA = person(authority("Autorità ignota"), "Anna", "Verdi", "")
EXPIRED = person(ROOT, validity=(FOREVER[0], WORKDAY - timedelta(days=1)))
PDF = plain_pdf()

BY_MARIO = "Firmato da Mario Rossi (codice fiscale RSSMRA80A01F205X) il 3/10/2021 alle 10:12."
WHOLE = "Il file non è stato cambiato dopo la firma."
IN_FORCE = "Il certificato era in vigore quando il file è arrivato."
KNOWN = "Il certificato è di Autorità nota, Autorità di prova S.p.A., un'autorità che conosciamo."
UNKNOWN = (
    "Non sappiamo chi garantisce per questo certificato (autorità non nell'elenco: Autorità ignota, Autorità di prova S.p.A.)."
)
ONE = "Non abbiamo controllato se il certificato era stato revocato o sospeso."
SOME = "Non abbiamo controllato se i certificati erano stati revocati o sospesi."


@pytest.fixture
def brought(db, settings, tmp_path):
    """``brought(content)``: a document that a person uploaded, on a machine that trusts one authority."""
    (tmp_path / "autorita.pem").write_bytes(ROOT.pem)
    settings.TRUST = str(tmp_path)

    def brought(content: bytes, short: str = "pdf") -> Document:
        upload = SimpleUploadedFile(f"file.{short}", content)
        return store(upload, media_type=MEDIA_TYPES[short], by=somebody(), at=WORKDAY)

    return brought


# --- in words ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("short", "content", "words"),
    [
        ("pdf", pades(PDF, MARIO, at=SIGNED), [f"{BY_MARIO} {WHOLE} {IN_FORCE} {KNOWN}", ONE]),
        ("p7m", cades(PDF, MARIO, at=SIGNED), [f"{BY_MARIO} {WHOLE} {IN_FORCE} {KNOWN}", ONE]),
        (
            "pdf",
            pades(PDF, ANNA, at=SIGNED),
            [f"Firmato da Anna Verdi il 3/10/2021 alle 10:12. {WHOLE} {IN_FORCE} {UNKNOWN}", ONE],
        ),
        (
            "pdf",
            pades(PDF, EXPIRED, at=SIGNED),
            [
                f"{BY_MARIO} {WHOLE} Il certificato non era in vigore quando il file è arrivato: "
                f"vale dal 1/1/2010 al 10/10/2021. {KNOWN}",
                ONE,
            ],
        ),
        (
            "p7m",
            cades(PDF, MARIO, at=SIGNED).replace(b"612", b"613", 1),
            [
                f"{BY_MARIO} La firma non corrisponde al file: il file è stato cambiato dopo la firma, o la firma è rovinata. "
                f"{IN_FORCE} {KNOWN}",
                ONE,
            ],
        ),
        (
            "pdf",
            changed(pades(PDF, MARIO, at=SIGNED)),
            [f"{BY_MARIO} Dopo questa firma il file è stato cambiato. {IN_FORCE} {KNOWN}", ONE],
        ),
        (
            "pdf",
            pades(pades(PDF, MARIO, at=SIGNED), ANNA, at=SIGNED, field="Firma2"),
            [
                f"{BY_MARIO} Dopo questa firma al file sono state aggiunte solo altre firme o risposte nei suoi campi. "
                f"{IN_FORCE} {KNOWN}",
                f"Firmato da Anna Verdi il 3/10/2021 alle 10:12. {WHOLE} {IN_FORCE} {UNKNOWN}",
                SOME,
            ],
        ),
        (
            "p7m",
            cades(PDF, MARIO, at=SIGNED, stamped_by=clock(ROOT)),
            [
                f"{BY_MARIO} Una marca temporale di Marca di prova dice che la firma c'era già il 3/10/2021 alle 10:12. "
                f"{WHOLE} {IN_FORCE} {KNOWN}",
                ONE,
            ],
        ),
        (
            "pdf",
            stamped(PDF, clock(ROOT), at=SIGNED),
            [f"Marca temporale di Marca di prova il 3/10/2021 alle 10:12. {WHOLE} {IN_FORCE} {KNOWN}", ONE],
        ),
        (
            "p7m",
            detached(PDF, MARIO, at=SIGNED),
            ["La firma è separata dal file che firma: carica il file firmato per intero."],
        ),
        ("pdf", PDF, []),
        ("pdf", PDF + b"/ByteRange", []),
        ("p7m", cades(PDF, MARIO, at=SIGNED)[:-50], ["Non siamo riusciti a leggere le firme di questo file."]),
    ],
    ids=[
        "PAdES",
        "CAdES",
        "an authority that is not known",
        "expired at receipt",
        "another content",
        "changed in an update",
        "two people",
        "with a time stamp",
        "a time stamp alone",
        "apart from its file",
        "not signed",
        "not signed after all",
        "cut",
    ],
)
def test_a_signature_is_told_in_plain_words(brought, short, content, words):
    document = brought(content, short)
    pay(LATER)
    assert in_words(document.signature_reading) == words


def test_who_signed_for_a_body_is_told_with_it():
    found = [
        {
            "format": "cades",
            "who": {
                "name": "Coop. Insieme",
                "given_name": "",
                "surname": "",
                "tax_code": "97000000001",
                "organisation": "Cooperativa Insieme",
            },
            "issuer": "",
            "claimed_at": None,
            "stamped_at": None,
            "stamped_by": "",
            "intact": False,
            "later": "none",
            "valid_from": None,
            "valid_to": None,
            "in_force": False,
            "known": False,
        }
    ]
    assert in_words(SignatureReading(signatures=found)) == [
        "Firmato da Coop. Insieme (codice fiscale 97000000001, Cooperativa Insieme). "
        "La firma non corrisponde al file: il file è stato cambiato dopo la firma, o la firma è rovinata. "
        "Nel file manca il certificato di chi ha firmato.",
        ONE,
    ]


# --- the duty ---------------------------------------------------------------------------------------------------------


def test_what_may_be_signed_is_read_by_the_worker(brought):
    document = brought(pades(PDF, MARIO, at=SIGNED))
    assert [owed.name for owed in Duty.objects.all()] == ["documents.signatures"]
    assert pay(LATER) == 1
    reading = document.signature_reading
    assert (reading.at, reading.fault, len(reading.signatures)) == (LATER, "", 1)
    assert read(document, at=LATER) == reading


def test_a_pdf_without_a_trace_of_a_signature_is_known_at_once(brought):
    document = brought(PDF)
    assert not Duty.objects.exists()
    assert document.signature_reading.signatures == []


@pytest.mark.parametrize("short", ["zip", "docx", "jpg"])
def test_what_can_not_be_signed_is_not_read(brought, short):
    document = brought(b"un altro file", short)
    assert not Duty.objects.exists()
    assert not SignatureReading.objects.filter(document=document).exists()


def test_what_the_system_made_is_not_read(db):
    keep(pades(PDF, MARIO, at=SIGNED), name="ricevuta.pdf", media_type=MEDIA_TYPES["pdf"], by=None, at=WORKDAY)
    assert not Duty.objects.exists()


def test_a_file_that_hangs_its_reader_is_given_up(brought, monkeypatch, tmp_path):
    program = tmp_path / "hangs.py"
    program.write_text("while True: pass")
    monkeypatch.setattr(signatures, "PROGRAM", program)
    monkeypatch.setattr(signatures, "SECONDS", 1)
    reading = read(brought(cades(PDF, MARIO, at=SIGNED), "p7m"), at=LATER)
    assert (reading.signatures, reading.fault) == ([], "slow")
    assert in_words(reading) == ["Non siamo riusciti a leggere le firme di questo file."]


def test_a_file_that_kills_its_reader_is_given_up(brought, monkeypatch, tmp_path):
    program = tmp_path / "dies.py"
    program.write_text("import os, signal\nos.kill(os.getpid(), signal.SIGXCPU)")
    monkeypatch.setattr(signatures, "PROGRAM", program)
    assert read(brought(cades(PDF, MARIO, at=SIGNED), "p7m"), at=LATER).fault == "slow"


def test_a_fault_of_ours_is_no_fault_of_the_file(brought, settings, tmp_path):
    (tmp_path / "altro.pem").write_text("non un certificato")
    document = brought(pades(PDF, MARIO, at=SIGNED))
    with pytest.raises(Unread, match="PEM"):
        read(document, at=LATER)
    assert pay(LATER) == 0
    (tmp_path / "altro.pem").unlink()
    assert pay(Duty.objects.get().due_at) == 1
    assert document.signature_reading.signatures[0]["known"] is True


# --- a call that wants a signature ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("short", "content", "lacks"),
    [
        ("pdf", PDF, True),
        ("pdf", pades(PDF, MARIO, at=SIGNED), False),
        ("pdf", stamped(PDF, clock(ROOT), at=SIGNED), True),
        ("pdf", PDF + b"/ByteRange", True),
        ("p7m", cades(PDF, MARIO, at=SIGNED)[:-50], False),
        ("docx", b"un altro file", True),
    ],
    ids=["none", "signed", "only a time stamp", "none after all", "could not be read", "can not be signed"],
)
def test_a_file_without_its_signature_is_known(brought, short, content, lacks):
    document = brought(content, short)
    pay(LATER)
    assert lacks_signature(Document.objects.get(pk=document.pk)) is lacks


def test_until_it_is_read_a_file_lacks_nothing(brought):
    assert lacks_signature(brought(pades(PDF, MARIO, at=SIGNED))) is False


# --- on a page --------------------------------------------------------------------------------------------------------


def shown(document: Document, **context) -> str:
    fresh = Document.objects.select_related("signature_reading").get(pk=document.pk)
    html = render_to_string("documents/_state.html", {"document": fresh, **context})
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@pytest.mark.parametrize(
    ("clamd", "verdict", "context", "words"),
    [
        ("", "", {}, "Non controllato: qui non c'è un antivirus."),
        ("clamd://x", "", {}, "In controllo: l'antivirus non l'ha ancora letto."),
        ("clamd://x", "clean", {}, "Controllato: nessun virus."),
        ("clamd://x", "infected", {}, "Il file contiene un virus e lo abbiamo bloccato."),
        (
            "",
            "infected",
            {"own": True},
            "Il file contiene un virus e lo abbiamo bloccato. Controlla il tuo dispositivo e carica un'altra copia.",
        ),
        (
            "clamd://x",
            "clean",
            {"signed": True, "own": True},
            "Controllato: nessun virus. Nel file non troviamo la firma digitale. Firma il file e caricalo di nuovo.",
        ),
        (
            "clamd://x",
            "clean",
            {"signed": True},
            "Controllato: nessun virus. Nel file non troviamo la firma digitale.",
        ),
    ],
)
def test_a_page_says_how_a_document_stands(brought, settings, clamd, verdict, context, words):
    settings.CLAMD = clamd
    document = brought(PDF)
    assert shown(document, verdict=verdict, **context) == words


def test_a_page_says_what_the_signatures_say(brought):
    document = brought(pades(PDF, MARIO, at=SIGNED))
    assert (
        shown(document, verdict="", signed=True)
        == "Non controllato: qui non c'è un antivirus. Stiamo leggendo le firme del file."
    )
    pay(LATER)
    assert shown(document, verdict="", signed=True) == (
        f"Non controllato: qui non c'è un antivirus. Firme digitali file.pdf {BY_MARIO} {WHOLE} {IN_FORCE} {KNOWN} {ONE}"
    )


def test_what_a_page_says_of_a_document_costs_no_query(brought):
    document = brought(PDF)
    fresh = Document.objects.select_related("signature_reading").get(pk=document.pk)
    with CaptureQueriesContext(connection) as queries:
        render_to_string("documents/_state.html", {"document": fresh, "verdict": "clean", "signed": True})
    assert len(queries) == 0


def test_a_name_in_a_certificate_is_only_text(brought):
    who = person(ROOT, "<b>Mario</b>", "Rossi")
    document = brought(cades(PDF, who, at=SIGNED), "p7m")
    pay(LATER)
    html = render_to_string("documents/_state.html", {"document": Document.objects.get(pk=document.pk), "verdict": ""})
    assert "Firmato da &lt;b&gt;Mario&lt;/b&gt; Rossi" in html

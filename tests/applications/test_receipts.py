"""What comes back: a PDF that can be read by machines and people, and a mail."""

from __future__ import annotations

import io
import json
import subprocess

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from applications.models import Application, Receipt
from applications.protocol import HttpRegister, enter
from applications.receipts import entry_of, receipt_data
from documents.models import Document
from documents.uploads import keep
from tests.builders import AFTER, WORKDAY, attach_pdf, person, send, submitted_application
from tests.clock import arriving
from workflow.duties import pay
from workflow.models import Duty, LedgerSeal
from workflow.sealing import seal
from workflow.signing import key_in_use


def text_of(pdf: bytes) -> str:
    return subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


@pytest.fixture
def application(db, settings, tmp_path) -> Application:
    settings.VAR, settings.PROTOCOL_URL = tmp_path, ""
    HttpRegister._silent_until.clear()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return submitted_application(by=person("anna@esempio.it", "Anna Bianchi"))


@pytest.fixture
def client(application: Application) -> Client:
    client = Client()
    client.force_login(application.created_by)
    return client


def test_the_pdf_says_number_moments_hashes_and_answers_and_is_tagged(application: Application) -> None:
    pay(WORKDAY)
    with application.current.receipt.document.file.open() as file:
        pdf = file.read()
    text = text_of(pdf)
    squeezed = "".join(text.split())
    assert application.number in text
    assert "lunedì 11 ottobre 2021, ore 10:42:00,000000" in text
    assert application.current.sha256 in squeezed
    assert application.call.version.sha256 in squeezed
    for file in application.current.manifest:
        assert file["name"] in text
        assert file["sha256"] in squeezed
    assert "Via Capuana 3, 20156 Milano" in text
    assert "40.000,00" in text
    assert "0000001/2021 (Registro interno di Bando, lunedì 11 ottobre 2021, ore 10:42:00)" in " ".join(text.split())
    assert "http://127.0.0.1:8000/verifica/" in text
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "it"
        assert "/StructTreeRoot" in document.Root
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        assert list(document.attachments) == ["ricevuta.json"]


def test_the_page_waits_for_the_pdf_and_then_offers_it(client: Client, application: Application) -> None:
    page, pdf = (reverse(f"application_receipt{end}", args=[application.pk]) for end in ("", "_pdf"))
    with arriving(WORKDAY):
        assert "La stiamo preparando" in client.get(page).content.decode()
        assert client.get(pdf).status_code == 404
        pay(WORKDAY)
        assert "Scarica la ricevuta" in client.get(page).content.decode()
        answer = client.get(pdf)
    assert answer["Content-Disposition"] == f'attachment; filename="ricevuta-{application.number}-1.pdf"'
    assert b"".join(answer.streaming_content)[:5] == b"%PDF-"


def test_a_worker_that_dies_and_comes_back_makes_one_receipt(application: Application) -> None:
    pay(WORKDAY)
    Duty.objects.filter(name="applications.receipt").update(done_at=None, due_at=WORKDAY)
    pay(AFTER)
    assert Receipt.objects.count() == 1
    assert Document.objects.filter(name__startswith="ricevuta-").count() == 1


def test_a_receipt_that_fails_refuses_nothing_and_is_tried_again(application: Application, monkeypatch) -> None:
    def full(*args, **kwargs):
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr("applications.receipts.keep", full)
        assert pay(WORKDAY) == 2  # the register and the mail
    owed = Duty.objects.get(name="applications.receipt")
    assert (owed.done_at, owed.last_error) == (None, "OSError: disk full")
    pay(owed.due_at)
    assert Receipt.objects.get().submission == application.current
    assert keep is not full


def test_the_mail_says_what_arrived_and_goes_to_who_sent_it(application: Application, smtp_server) -> None:
    pay(WORKDAY)
    (message,) = smtp_server.messages
    text = message.get_content()
    assert smtp_server.recipients == [["anna@esempio.it"]]
    assert message["Subject"] == f"Ricevuta della domanda {application.number}"
    assert message["Message-ID"].startswith(f"<receipt-{application.current.pk}@")
    assert "Arrivata: lunedì 11 ottobre 2021, ore 10:42:00,000000" in text
    assert application.current.sha256 in text
    assert f"http://127.0.0.1:8000{reverse('application_receipt', args=[application.pk])}" in text
    for file in application.current.manifest:
        assert f"- {file['name']}\n  SHA-256 {file['sha256']}" in text.replace("\r\n", "\n")


def test_each_sending_has_its_own_receipt(client: Client, application: Application) -> None:
    pay(WORKDAY)
    attach_pdf(application, "lettere-della-rete")
    send(application)
    pay(WORKDAY)
    page = reverse("application_receipt", args=[application.pk])
    with arriving(WORKDAY):
        now, before = (client.get(page + query).content.decode() for query in ("", "?invio=1"))
        assert client.get(page + "?invio=3").status_code == 404
    assert Receipt.objects.count() == 2
    assert ("lettere-della-rete.pdf" in now, "lettere-della-rete.pdf" in before) == (True, False)
    assert ("Questa non è più la domanda che vale" in now, "Questa non è più la domanda che vale" in before) == (False, True)


def test_the_page_tells_both_moments_and_what_comes_next(client: Client, application: Application) -> None:
    with arriving(AFTER):
        page = client.get(reverse("application_receipt", args=[application.pk])).content.decode()
    assert application.number in page
    assert page.count("lunedì 11 ottobre 2021, ore 10:42:00,000000\u00a0CEST") == 5  # head, arrival and three files
    assert "Graduatoria di ciascuna area" in page
    assert "Mandiamo la ricevuta anche a anna@esempio.it." in page
    assert "Non la mandiamo alla PEC dell'ente." in page.replace("&#x27;", "'")
    assert "Cambia la domanda" not in page


# The data, the proof, and the number of the register


def test_the_data_inside_are_the_frozen_ones_with_the_key_and_the_seal(application: Application) -> None:
    pay(WORKDAY)
    submission = application.current
    with submission.receipt.document.file.open() as file, pikepdf.open(file) as document:
        data = json.loads(document.attachments["ricevuta.json"].get_file().read_bytes())
    key = key_in_use()
    assert data.pop("key") == {"fingerprint": key.fingerprint, "public": key.public}
    assert data == receipt_data(submission)
    assert (data["content"], data["content_sha256"]) == (submission.content, submission.sha256)
    assert data["files"] == submission.manifest
    assert data["arrived_at"] == {"rome": "2021-10-11T10:42:00.000000+02:00", "utc": "2021-10-11T08:42:00.000000Z"}
    assert data["protocol"]["number"] == "0000001/2021"
    entry = application.steps.get(act="submit").entry
    assert (data["ledger"]["content"], data["ledger"]["hash"]) == (entry.content, entry.hash)
    assert data["ledger"]["seal"]["hash"] == entry.sealed.seal.hash


def test_the_receipt_is_sealed_before_it_is_issued_and_nothing_is_sealed_twice(application: Application) -> None:
    pay(WORKDAY)
    assert LedgerSeal.objects.count() == 1
    Duty.objects.filter(name="applications.receipt").update(done_at=None, due_at=WORKDAY)
    pay(AFTER)
    assert LedgerSeal.objects.count() == 1


def test_the_entry_of_each_sending_is_its_own(application: Application) -> None:
    first = application.current
    attach_pdf(application, "lettere-della-rete")
    second = send(application)
    assert [json.loads(entry_of(sent).content)["facts"]["sequence"] for sent in (first, second)] == [1, 2]


def test_the_page_gives_the_data_and_says_whether_they_prove_anything_yet(client: Client, application: Application) -> None:
    page, data = (reverse(f"application_receipt{end}", args=[application.pk]) for end in ("", "_data"))
    with arriving(WORKDAY):
        assert "entra nei dati tra pochi minuti" in client.get(page).content.decode()
        assert client.get(data).json()["ledger"]["seal"] is None
        seal(WORKDAY)
        assert "I dati portano la prova" in client.get(page).content.decode()
        answer = client.get(data)
        assert client.get(f"{data}?invio=2").status_code == 404
    assert answer.json() == receipt_data(application.current)
    assert answer["Content-Disposition"] == f'attachment; filename="ricevuta-{application.number}-1.json"'


def test_the_number_of_the_register_is_on_its_way_until_it_is_there(client: Client, application: Application) -> None:
    page = reverse("application_receipt", args=[application.pk])
    with arriving(WORKDAY):
        before = client.get(page).content.decode()
        enter(application.current, at=WORKDAY)
        after = client.get(page).content.decode()
    assert ("Sta arrivando: lo chiediamo al registro" in before, "Sta arrivando" in after) == (True, False)
    assert "0000001/2021 (Registro interno di Bando, lunedì 11 ottobre 2021, ore 10:42:00)" in after


def test_a_register_that_answers_late_is_in_the_data_and_not_in_the_paper(application: Application, settings) -> None:
    settings.PROTOCOL_URL = "http://127.0.0.1:9/"
    pay(WORKDAY)
    settings.PROTOCOL_URL = ""
    with application.current.receipt.document.file.open() as file:
        assert "Numero di protocollo" not in text_of(file.read())
    assert receipt_data(application.current)["protocol"] is None
    enter(application.current, at=AFTER)
    assert receipt_data(application.current)["protocol"]["number"] == "0000001/2021"


def test_the_page_says_how_to_check_and_where(client: Client, application: Application) -> None:
    with arriving(WORKDAY):
        page = client.get(reverse("application_receipt", args=[application.pk])).content.decode()
    assert f"python3 verify_receipt.py ricevuta-{application.number}-1.pdf FILE" in page
    assert f'href="{reverse("verify")}"' in page


def test_queries_of_the_page_do_not_grow_with_the_sendings(
    client: Client, application: Application, django_assert_num_queries
) -> None:
    page = reverse("application_receipt", args=[application.pk])
    for _n in range(2):
        pay(WORKDAY)
        with arriving(WORKDAY), django_assert_num_queries(15):
            client.get(page)
        attach_pdf(application, "lettere-della-rete", name=f"{_n}.pdf")
        send(application)

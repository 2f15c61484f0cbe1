"""The files of an application: each its own request, each with its hash and its moment."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from applications.models import Application
from documents.models import Document
from tests.builders import AFTER, DEADLINE, WORKDAY, attach_pdf, draft_application, official, person, send, small_pdf
from tests.builders import complete_draft as completed
from tests.clock import arriving


@pytest.fixture
def application(db) -> Application:
    return draft_application()


@pytest.fixture
def client(application: Application) -> Client:
    client = Client()
    client.force_login(application.created_by)
    return client


def page_of(application: Application) -> str:
    return reverse("application_attachments", args=[application.pk])


def upload(client: Client, application: Application, rule: str = "statuto", *, name: str = "statuto.pdf", content: bytes = b""):
    file = SimpleUploadedFile(name, content or small_pdf(), "application/pdf")
    return client.post(page_of(application), {"rule": rule, "file": file})


def test_a_file_shows_its_weight_its_hash_and_its_moment(client: Client, application: Application) -> None:
    content = small_pdf("lo statuto")
    with arriving(WORKDAY):
        answer = upload(client, application, content=content)
        assert answer["Location"] == page_of(application) + "#statuto"
        page = client.get(page_of(application)).content.decode()
    document = application.attachments.get().document
    assert (document.name, document.sha256, document.received_at, document.media_type) == (
        "statuto.pdf",
        hashlib.sha256(content).hexdigest(),
        WORKDAY,
        "application/pdf",
    )
    assert "Ricevuto: lunedì 11 ottobre 2021, ore 10:42:00,000000" in page
    assert document.sha256[:8] in page


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("statuto.pages", b"PK\x03\x04 altro", "Il file «statuto.pages» non si apre come"),
        ("vuoto.pdf", b"", "Il file «vuoto.pdf» è vuoto. Scegline un altro."),
        ("finto.pdf", b"%PDF-1.7 ma poi niente", "Il file «finto.pdf» non si apre come"),
    ],
)
def test_a_file_that_can_not_be_taken_is_named_and_the_rest_stays(
    client: Client, application: Application, name: str, content: bytes, sentence: str
) -> None:
    attach_pdf(application, "curriculum", name="cv.pdf")
    with arriving(WORKDAY):
        file = SimpleUploadedFile(name, content)
        answer = client.post(page_of(application), {"rule": "statuto", "file": file})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert sentence in page
    assert "cv.pdf" in page
    assert [a.rule for a in application.attachments.all()] == ["curriculum"]


def test_a_file_over_the_limit_hears_both_weights(client: Client, application: Application) -> None:
    with arriving(WORKDAY):
        answer = upload(client, application, "procura", name="grande.pdf", content=b"x" * (10 * 1024 * 1024 + 60_000))
    assert (
        "Il file «grande.pdf» pesa 10,1 MB. Il massimo è 10 MB. Prova a ridurlo o a dividerlo in due."
        in answer.content.decode()
    )
    assert not Document.objects.exists()


def test_no_file_at_all_is_asked_for(client: Client, application: Application) -> None:
    with arriving(WORKDAY):
        page = client.post(page_of(application), {"rule": "statuto", "whole": "1"}).content.decode()
    assert "Scegli un file, poi premi «Carica»." in page


def test_a_request_that_was_cut_on_the_way_says_so_and_keeps_nothing(client: Client, application: Application) -> None:
    with arriving(WORKDAY):
        page = client.post(page_of(application), {"rule": "statuto"}).content.decode()
    assert (
        "Il file non è arrivato intero: la connessione si è interrotta. Non abbiamo tenuto niente: caricalo di nuovo." in page
    )
    assert "Scegli un file, poi premi «Carica»." not in page
    assert not Document.objects.exists()


def test_a_file_too_many_is_refused_and_the_others_stay(client: Client, application: Application) -> None:
    with arriving(WORKDAY):
        for ordinal in (1, 2):
            assert upload(client, application, name=f"{ordinal}.pdf").status_code == 302
        answer = upload(client, application, name="3.pdf")
    assert answer.status_code == 409
    assert (
        "Per «Statuto e atto costitutivo» puoi caricare al massimo 2 file: eliminane uno e carica l&#x27;altro."
        in answer.content.decode()
    )
    assert sorted(a.document.name for a in application.attachments.all()) == ["1.pdf", "2.pdf"]


def test_what_was_eliminated_can_be_put_back(client: Client, application: Application) -> None:
    attachment = attach_pdf(application, "statuto")
    drop = reverse("application_attachment_remove", args=[application.pk, attachment.pk])
    with arriving(WORKDAY):
        client.post(drop)
        attachment.refresh_from_db()
        assert (attachment.removed_at, attachment.removed_by) == (WORKDAY, application.created_by)
        assert "Rimetti" in client.get(page_of(application)).content.decode()
        client.post(drop, {"undo": "1"})
    attachment.refresh_from_db()
    assert (attachment.removed_at, attachment.removed_by) == (None, None)


def test_putting_back_needs_room(client: Client, application: Application) -> None:
    attachment = attach_pdf(application, "procura", name="prima.pdf")
    drop = reverse("application_attachment_remove", args=[application.pk, attachment.pk])
    with arriving(WORKDAY):
        client.post(drop)
        upload(client, application, "procura", name="seconda.pdf")
        answer = client.post(drop, {"undo": "1"})
    assert answer.status_code == 409
    assert "c&#x27;è posto per 1 file solo" in answer.content.decode()
    assert [a.document.name for a in application.attachments.filter(removed_at=None)] == ["seconda.pdf"]


def test_a_file_is_not_removed_by_looking_at_its_address(client: Client, application: Application) -> None:
    attachment = attach_pdf(application, "statuto")
    with arriving(WORKDAY):
        answer = client.get(reverse("application_attachment_remove", args=[application.pk, attachment.pk]))
    assert answer.status_code == 405
    assert application.attachments.filter(removed_at=None).exists()


@pytest.mark.parametrize(("moment", "status"), [(DEADLINE, 302), (AFTER, 409), (DEADLINE + timedelta(seconds=33), 409)])
def test_files_come_in_until_the_deadline_and_not_after(client: Client, application: Application, moment, status: int) -> None:
    kept = attach_pdf(application, "curriculum")
    with arriving(moment):
        assert upload(client, application).status_code == status
        removal = client.post(reverse("application_attachment_remove", args=[application.pk, kept.pk]))
        assert removal.status_code == status
    names = sorted(a.rule for a in application.attachments.filter(removed_at=None))
    assert names == (["statuto"] if status == 302 else ["curriculum"])


def test_a_download_is_a_download_and_carries_the_bytes(client: Client, application: Application) -> None:
    attachment = attach_pdf(application, "statuto")
    with arriving(AFTER):
        answer = client.get(reverse("application_attachment", args=[application.pk, attachment.pk]))
    assert b"".join(answer.streaming_content) == small_pdf("statuto")
    assert answer["Content-Disposition"] == 'attachment; filename="statuto.pdf"'


def test_what_was_sent_stays_readable_after_it_is_eliminated(client: Client, application: Application) -> None:
    completed(application)
    send(application)
    attachment = application.attachments.get(rule="statuto")
    with arriving(WORKDAY):
        client.post(reverse("application_attachment_remove", args=[application.pk, attachment.pk]))
        answer = client.get(reverse("application_attachment", args=[application.pk, attachment.pk]))
    assert b"".join(answer.streaming_content) == small_pdf("statuto")


def test_strangers_and_officials_find_no_file(application: Application) -> None:
    attachment = attach_pdf(application, "statuto")
    with arriving(WORKDAY):
        for user in (person(), official()):
            other = Client()
            other.force_login(user)
            for url in (
                page_of(application),
                reverse("application_attachment", args=[application.pk, attachment.pk]),
            ):
                assert other.get(url).status_code == 404
            assert upload(other, application).status_code == 404
            drop = reverse("application_attachment_remove", args=[application.pk, attachment.pk])
            assert other.post(drop).status_code == 404


def test_a_file_of_another_application_is_not_found(client: Client, application: Application) -> None:
    other = draft_application(application.call)
    attachment = attach_pdf(other, "statuto")
    with arriving(WORKDAY):
        url = reverse("application_attachment", args=[application.pk, attachment.pk])
        assert client.get(url).status_code == 404
        assert client.post(page_of(application), {"rule": "nessuno"}).status_code == 404

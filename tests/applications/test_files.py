"""The files of an application: each its own request, each with its hash and its moment."""

from __future__ import annotations

import hashlib
import json
import socket
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from applications.actions import add_part, begin_upload, place_in
from applications.models import Application, Event, EventOutcome
from bando.deadlines import LONGEST_UNDER_WAY
from documents import resuming
from documents.models import Document, Upload, UploadPart
from tests.builders import AFTER, DEADLINE, WORKDAY, attach_pdf, draft_application, official, person, send, small_pdf
from tests.builders import complete_draft as completed
from tests.clock import arriving
from tests.servers.site import running
from tests.together import together
from workflow.duties import pay

MB = 1024 * 1024
SECRET = "k" * 32
"""A token against forged requests as a browser would have it."""


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
        assert client.post(page_of(application), {"rule": "nessuno", "whole": "1"}).status_code == 404


# --- in parts ---------------------------------------------------------------------------------------------------------


def begin(
    client: Client, application: Application, *, content: bytes, rule: str = "statuto", name: str = "statuto.pdf", **more
):
    asked = {"rule": rule, "name": name, "size": len(content), "fingerprint": "1", **more}
    url = reverse("application_upload", args=[application.pk])
    return client.post(url, json.dumps(asked), content_type="application/json")


def part(client: Client, url: str, content: bytes, start: int, end: int):
    headers = {"Upload-Offset": str(start)}
    return client.post(url, content[start:end], content_type="application/octet-stream", headers=headers)


def in_parts(client: Client, application: Application, content: bytes, **more) -> list:
    """The answers to the parts of a file that comes in two."""
    url = begin(client, application, content=content, **more).json()["url"]
    half = len(content) // 2
    return [part(client, url, content, *places) for places in ((0, half), (half, len(content)))]


def test_the_last_part_makes_the_attachment(client: Client, application: Application) -> None:
    content = small_pdf("lo statuto in due parti")
    with arriving(WORKDAY):
        begun = begin(client, application, content=content)
        said, url = begun.json(), begun.json()["url"]
        assert (begun.status_code, said["offset"], said["size"], said["done"]) == (201, 0, len(content), False)
        first = part(client, url, content, 0, 100).json()
        assert (first["offset"], first["done"]) == (100, False)
        assert first["parts"] == [{"offset": 0, "size": 100, "sha256": hashlib.sha256(content[:100]).hexdigest()}]
        assert client.get(url).json() | {"token": ""} == first | {"token": ""}
    assert not application.attachments.exists()
    last = WORKDAY + timedelta(minutes=3, microseconds=7)
    with arriving(last):
        answer = part(client, url, content, 100, len(content)).json()
    document = application.attachments.get().document
    assert (answer["done"], answer["sha256"]) == (True, hashlib.sha256(content).hexdigest())
    assert (document.sha256, document.received_at, document.name) == (answer["sha256"], last, "statuto.pdf")
    assert [row.received_at for row in UploadPart.objects.all()] == [WORKDAY, last]


def test_a_part_sent_again_and_a_lost_answer_make_no_second_file(client: Client, application: Application) -> None:
    content = small_pdf()
    with arriving(WORKDAY):
        url = begin(client, application, content=content).json()["url"]
        for start, end in [(0, 100), (0, 100), (100, len(content)), (100, len(content)), (len(content), len(content))]:
            answer = part(client, url, content, start, end)
            assert answer.status_code == 200
        assert answer.json()["done"] is True
        again = begin(client, application, content=content)
        assert (again.json()["url"], again.json()["done"]) == (url, True)
    assert (application.attachments.count(), Document.objects.count()) == (1, 1)


def test_a_file_taken_out_can_be_uploaded_again(client: Client, application: Application) -> None:
    content = small_pdf()
    with arriving(WORKDAY):
        in_parts(client, application, content)
        client.post(reverse("application_attachment_remove", args=[application.pk, application.attachments.get().pk]))
        assert in_parts(client, application, content)[1].json()["done"] is True
    assert application.attachments.filter(removed_at=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_send_the_last_part_at_once_make_one_file() -> None:
    application, content = draft_application(), small_pdf()
    by = application.created_by
    place = place_in(application, "statuto")
    upload = begin_upload(place, name="a.pdf", size=len(content), fingerprint="1", sha256="", anyway=False, by=by, at=WORKDAY)

    def last():
        return add_part(place, upload, BytesIO(content), offset=0, size=len(content), by=by, at=WORKDAY)

    found = together(last, last)
    again = add_part(place, Upload.objects.get(), BytesIO(), offset=len(content), size=0, by=by, at=WORKDAY)
    attachment = application.attachments.get()
    assert again[1] == attachment
    assert all(made in (None, attachment) for _upload, made in found)
    assert Document.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_finish_the_same_file_at_once_leave_one_in_the_storage() -> None:
    application, content = draft_application(), small_pdf()
    by, place = application.created_by, place_in(application, "statuto")
    upload = begin_upload(place, name="a.pdf", size=len(content), fingerprint="1", sha256="", anyway=False, by=by, at=WORKDAY)
    upload = resuming.add_part(upload, BytesIO(content), offset=0, size=len(content), at=WORKDAY)

    def end():
        return add_part(place, upload, BytesIO(), offset=len(content), size=0, by=by, at=WORKDAY)

    (_one, first), (_two, second) = together(end, end)
    attachment = application.attachments.get()
    assert {first, second} == {attachment}
    folder = attachment.document.file.name.split("/")[0]
    assert attachment.document.file.name == f"{folder}/{attachment.document.pk}"
    assert Document.objects.count() == 1


@pytest.mark.parametrize(
    ("wait", "status"), [(timedelta(), 200), (LONGEST_UNDER_WAY, 200), (LONGEST_UNDER_WAY + timedelta(microseconds=1), 409)]
)
def test_a_process_that_died_after_the_last_part_costs_the_person_nothing(
    client: Client, application: Application, wait: timedelta, status: int
) -> None:
    content = small_pdf()
    with arriving(DEADLINE):
        url = begin(client, application, content=content).json()["url"]
        resuming.add_part(Upload.objects.get(), BytesIO(content), offset=0, size=len(content), at=DEADLINE)
    with arriving(DEADLINE + wait):
        assert part(client, url, content, len(content), len(content)).status_code == status
    assert [file.document.received_at for file in application.attachments.all()] == [DEADLINE] * (status == 200)


LATE = "Il termine è scaduto: lunedì 18 ottobre 2021, ore 12:00:00. Non si può più scrivere né caricare niente."


@pytest.mark.parametrize(("moment", "status"), [(DEADLINE, 200), (AFTER, 409)])
def test_the_part_that_ends_a_file_comes_by_the_deadline(
    client: Client, application: Application, moment: datetime, status: int
) -> None:
    content = small_pdf()
    with arriving(DEADLINE):
        url = begin(client, application, content=content).json()["url"]
        part(client, url, content, 0, 100)
    with arriving(moment):
        answer = part(client, url, content, 100, len(content))
    assert answer.status_code == status
    assert application.attachments.count() == (1 if status == 200 else 0)
    if status == 409:
        said = "Il file «statuto.pdf» non è nella domanda, e la domanda non è stata inviata. Puoi ancora leggerla."
        assert answer.json()["reasons"] == [LATE, said]


def test_what_was_sent_stands_when_a_file_comes_too_late(client: Client, application: Application) -> None:
    completed(application)
    submission, content = send(application), small_pdf("in ritardo")
    with arriving(DEADLINE):
        url = begin(client, application, content=content).json()["url"]
    with arriving(AFTER):
        answer = part(client, url, content, 0, len(content))
        assert begin(client, application, content=content).json()["reasons"] == [LATE]
    assert answer.json()["reasons"] == [
        LATE,
        "Il file «statuto.pdf» non è nella domanda. Resta valida, così com'è, la domanda inviata "
        "lunedì 11 ottobre 2021, ore 10:42:00.",
    ]
    application.refresh_from_db()
    assert (application.current, application.attachments.filter(rule="statuto").count()) == (submission, 1)


@pytest.mark.parametrize(
    ("name", "content", "more", "sentence"),
    [
        ("vuoto.pdf", b"", {}, "Il file «vuoto.pdf» è vuoto. Scegline un altro."),
        (
            "grande.pdf",
            b"x" * (10 * MB + 52_429),
            {},
            "Il file «grande.pdf» pesa 10,1 MB. Il massimo è 10 MB. Prova a ridurlo o a dividerlo in due.",
        ),
        (
            "atto.pages",
            b"x",
            {},
            "Il file «atto.pages» finisce in «.pages». Qui serve PDF o P7M: salvalo in questo formato e scegli quello.",
        ),
    ],
)
def test_what_can_be_refused_is_refused_before_its_bytes_come(
    client: Client, application: Application, name: str, content: bytes, more: dict, sentence: str
) -> None:
    with arriving(WORKDAY):
        answer = begin(client, application, rule="procura", name=name, content=content, **more)
    doubtful = name.endswith(".pages")
    assert (answer.status_code, answer.json()) == (422, {"reasons": [sentence], "doubt": doubtful})
    assert not Upload.objects.exists()


@pytest.mark.parametrize(("size", "status"), [(10 * MB, 201), (10 * MB + 1, 422)])
def test_the_largest_file_is_that_of_the_rule(client: Client, application: Application, size: int, status: int) -> None:
    with arriving(WORKDAY):
        assert begin(client, application, rule="procura", content=b"", size=size).status_code == status


def test_a_doubt_about_the_name_is_put_aside_by_the_person(client: Client, application: Application) -> None:
    with arriving(WORKDAY):
        answers = in_parts(client, application, small_pdf(), name="atto.pages", anyway=True)
    assert answers[1].json()["done"] is True


@pytest.mark.parametrize(
    ("content", "more", "sentence"),
    [
        (
            b"%PDF-1.7 ma poi niente",
            {},
            "Il file «statuto.pdf» non si apre come PDF o P7M. Controlla il file e caricalo in questo formato.",
        ),
        (
            bytes.fromhex("30821000" + "06092a864886f70d010702") + b"x" * 200,
            {},
            "Il file «statuto.pdf» è incompleto: ne manca la fine. Controlla che si apra sul tuo dispositivo e caricalo di nuovo.",
        ),
        (
            small_pdf(),
            {"sha256": "0" * 64},
            "Il file «statuto.pdf» è arrivato diverso da quello sul tuo dispositivo e non l'abbiamo tenuto. Caricalo di nuovo.",
        ),
    ],
)
def test_a_whole_file_that_can_not_be_taken_leaves_nothing_half_kept(
    client: Client, application: Application, content: bytes, more: dict, sentence: str
) -> None:
    with arriving(WORKDAY):
        answer = in_parts(client, application, content, **more)[1]
    assert (answer.status_code, answer.json()["reasons"]) == (422, [sentence])
    while pay(WORKDAY):
        pass
    assert (Upload.objects.count(), Document.objects.count(), application.attachments.count()) == (0, 0, 0)


def test_the_last_place_is_taken_once(client: Client, application: Application) -> None:
    with arriving(WORKDAY):
        urls = []
        for number in (1, 2):
            content = small_pdf(f"procura {number}")
            answer = begin(client, application, rule="procura", content=content, fingerprint=str(number))
            urls.append((answer.json()["url"], content))
        answers = [part(client, url, content, 0, len(content)) for url, content in urls]
        third = begin(client, application, rule="procura", content=b"x", fingerprint="3")
    sentence = "Per «Procura» c'è posto per 1 file solo: elimina quello che c'è e carica l'altro."
    assert [answer.status_code for answer in answers] == [200, 409]
    assert answers[1].json()["reasons"] == third.json()["reasons"] == [sentence]
    assert (application.attachments.count(), Document.objects.count(), third.status_code) == (1, 1, 409)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "[]",
        '{"rule": "statuto", "name": "a.pdf"}',
        '{"rule": "statuto", "name": "a.pdf", "size": "9"}',
        '{"rule": "statuto", "name": "a.pdf", "size": -1}',
        '{"rule": "statuto", "name": "", "size": 9}',
        '{"rule": "statuto", "name": "a.pdf", "size": 9, "sha256": "zz"}',
        pytest.param("[" * 100_000, id="nested too deeply"),
    ],
)
def test_a_device_that_says_something_else_is_asked_to_choose_again(
    client: Client, application: Application, said: str
) -> None:
    with arriving(WORKDAY):
        answer = client.post(reverse("application_upload", args=[application.pk]), said, content_type="application/json")
    sentence = "Non abbiamo capito quale file vuoi caricare: ricarica la pagina e sceglilo di nuovo."
    assert (answer.status_code, answer.json()) == (400, {"reasons": [sentence]})


def test_a_name_and_a_mark_that_no_database_takes_begin_a_file_all_the_same(client: Client, application: Application) -> None:
    said = '{"rule": "statuto", "name": "a\\u0000\\u202e\\ud83d.pdf", "fingerprint": "\\u0000\\udc00", "size": 9}'
    with arriving(WORKDAY):
        answer = client.post(reverse("application_upload", args=[application.pk]), said, content_type="application/json")
    upload, event = Upload.objects.get(), Event.objects.get()
    assert (answer.status_code, upload.name, upload.fingerprint) == (201, "a\ufffd.pdf", "\ufffd")
    assert (event.outcome, event.facts["name"]) == (EventOutcome.DONE, "a\u202e\ufffd.pdf")


def test_a_part_without_its_place_is_not_kept(client: Client, application: Application) -> None:
    content = small_pdf()
    with arriving(WORKDAY):
        url = begin(client, application, content=content).json()["url"]
        answer = client.post(url, content, content_type="application/octet-stream")
    assert answer.json()["reasons"] == ["Non abbiamo capito quale parte del file è: riprendi il caricamento."]
    assert (answer.status_code, Upload.objects.get().offset) == (400, 0)


def test_a_file_given_up_is_forgotten(client: Client, application: Application) -> None:
    content = small_pdf()
    with arriving(WORKDAY):
        url = begin(client, application, content=content).json()["url"]
        part(client, url, content, 0, 100)
        page = client.get(page_of(application)).content.decode()
        assert "Riprendi il caricamento di statuto.pdf: scegli di nuovo lo stesso file." in page
        assert client.delete(url).status_code == 204
        assert part(client, url, content, 100, len(content)).status_code == 404
        assert "Riprendi il caricamento" not in client.get(page_of(application)).content.decode()
    assert not Upload.objects.exists()


def test_an_upload_is_of_its_person_and_of_its_application(client: Client, application: Application) -> None:
    content, colleague, stranger = small_pdf(), Client(), Client()
    colleague.force_login(person())
    application.organisation.memberships.create(user=User.objects.latest("pk"), role=Role.COLLABORATOR)
    stranger.force_login(person())
    other = draft_application(application.call, by=application.created_by)
    with arriving(WORKDAY):
        url = begin(client, application, content=content).json()["url"]
        elsewhere = url.replace(str(application.pk), str(other.pk))
        assert [who.get(url).status_code for who in (client, colleague, stranger, Client())] == [200, 404, 404, 401]
        assert client.get(elsewhere).status_code == 404
        assert begin(stranger, application, content=content).status_code == 404
        assert begin(client, application, content=content, rule="nessuna").status_code == 404


def test_a_session_that_ended_is_said_in_words(client: Client, application: Application) -> None:
    content = small_pdf()
    with arriving(WORKDAY):
        url = begin(client, application, content=content).json()["url"]
        client.logout()
        answers = [part(client, url, content, 0, 100), begin(client, application, content=content)]
    said = {"reasons": ["La sessione è finita. Il file non è perso: accedi di nuovo e riprendi da qui."]}
    assert [(answer.status_code, answer.json()) for answer in answers] == [(401, said)] * 2


def test_a_part_costs_the_same_whatever_has_come(client: Client, application: Application, django_assert_num_queries) -> None:
    content = bytes(1000)
    with arriving(WORKDAY):
        url = begin(client, application, content=content).json()["url"]
        for start in (0, 100, 200):
            with django_assert_num_queries(12):
                part(client, url, content, start, start + 100)


# --- cut on the way, on a real server ---------------------------------------------------------------------------------

BOUNDARY = "8f3a"
CUT = "Il file non è arrivato intero: la connessione si è interrotta. Non abbiamo tenuto niente: caricalo di nuovo."


def field(name: str, content: bytes, filename: str = "") -> bytes:
    said = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"' + (f'; filename="{filename}"' if filename else "")
    return f"{said}\r\n\r\n".encode() + content + b"\r\n"


def raw(port: int, client: Client, path: str, body: bytes, *, announced: int, kind: str, more: str = "") -> str:
    """Send ``body`` as if it were ``announced`` bytes long, then hang up our half of the line; answer what comes back."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: {kind}\r\n"
        f"Content-Length: {announced}\r\nCookie: sessionid={client.cookies['sessionid'].value}; csrftoken={SECRET}\r\n"
        f"X-CSRFToken: {SECRET}\r\n{more}\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(head.encode() + body)
        if len(body) < announced:
            line.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: line.recv(65536), b"")).decode()


@pytest.mark.django_db(transaction=True)
def test_what_is_cut_on_the_way_to_a_real_server_is_told_and_not_kept(
    client: Client, application: Application, tmp_path: Path
) -> None:
    content = small_pdf("lo statuto") + b"%" * 300_000
    whole = field("csrfmiddlewaretoken", SECRET.encode()) + field("rule", b"statuto")
    before = len(whole)
    whole += field("file", content, "statuto.pdf")
    after = len(whole)
    whole += field("whole", b"1") + f"--{BOUNDARY}--\r\n".encode()
    with running(tmp_path / "site.log", at=WORKDAY) as port:

        def form(end: int, announced: int) -> str:
            kind = f"multipart/form-data; boundary={BOUNDARY}"
            return raw(port, client, page_of(application), whole[:end], announced=announced, kind=kind)

        for end in (before, before + 90, before + 200_000, after - 2, after + 2):
            # Cut by a broken line, or by something in between that sends on what it got as if it were all.
            pages = [form(end, announced) for announced in (len(whole), end)]
            assert [CUT in page for page in pages] == [True, True], end
        assert not Document.objects.exists()
        assert Event.objects.filter(outcome=EventOutcome.REFUSED, facts__reasons=[CUT]).count() == 10

        url = begin_upload(
            place_in(application, "statuto"),
            name="a.pdf",
            size=len(content),
            fingerprint="1",
            sha256="",
            anyway=False,
            by=application.created_by,
            at=WORKDAY,
        )
        path = reverse("application_upload_part", args=[application.pk, url.pk])

        def piece(end: int) -> str:
            kind = "application/octet-stream"
            return raw(port, client, path, content[:end], announced=len(content), kind=kind, more="Upload-Offset: 0\r\n")

        said = piece(len(content) - 1)
        assert said.startswith("HTTP/1.1 400")
        assert "questa parte del file non \\u00e8 arrivata intera. Riprendi il caricamento." in said
        assert (Upload.objects.get().offset, UploadPart.objects.count()) == (0, 0)
        assert '"done": true' in piece(len(content))
        assert form(len(whole), len(whole)).startswith("HTTP/1.1 302")
    assert [file.document.size for file in application.attachments.all()] == [len(content)] * 2

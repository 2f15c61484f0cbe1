"""A file in which the antivirus finds a virus: before the sending it is to be uploaded again, after it people are told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Membership
from applications.actions import attach, remove_attachment
from applications.models import Application, Attachment
from applications.progress import Status, missing, tasks
from documents.models import Document, Scan
from documents.scanning import found_infected
from tests.builders import (
    AFTER,
    DEADLINE,
    WORKDAY,
    attach_pdf,
    complete_draft,
    draft_application,
    official,
    person,
    send,
    small_pdf,
    submitted_application,
)
from tests.clock import arriving
from tests.pages import text
from tests.servers import clamav
from workflow.duties import due, pay
from workflow.models import Duty
from workflow.transition import Refused

LATER = WORKDAY + timedelta(minutes=5)


@pytest.fixture
def application(db) -> Application:
    return complete_draft(draft_application())


def judged(file: Attachment, verdict: str = "infected", at=LATER) -> None:
    scan = Scan.objects.create(document=file.document, at=at, verdict=verdict, engine="ClamAV")
    if verdict == "infected":
        found_infected.send(Document, scan=scan, at=at)


def first_file(application: Application) -> Attachment:
    return application.attachments.get(rule="statuto")


def mailed(at=LATER) -> list:
    """The mails about viruses; whatever else is owed stays owed."""
    Duty.objects.exclude(name="applications.infected_mail").delete()
    mail.outbox.clear()
    pay(at)
    return mail.outbox


def sentences(application: Application) -> list[str]:
    return [sentence for gap in missing(Application.objects.with_call().get(pk=application.pk)) for sentence in gap.sentences]


BLOCKED = "Statuto: il file contiene un virus e lo abbiamo bloccato. Controlla il tuo dispositivo e carica un'altra copia."


def test_an_infected_file_is_a_missing_file(application):
    title = next(
        rule.title for rule in application.call.notice.attachments_for(application.area_code) if rule.code == "statuto"
    )
    assert sentences(application) == []
    judged(first_file(application))
    assert sentences(application) == [BLOCKED.replace("Statuto", title)]
    task = next(task for task in tasks(application) if task.code == "attachments")
    assert (task.status, task.hint) == (Status.FIX, f"Manca: {title}.")
    with pytest.raises(Refused):
        send(application)


@pytest.mark.parametrize("verdict", ["", "clean"])
def test_a_file_that_waits_or_is_clean_is_a_file(application, settings, verdict):
    settings.CLAMD = "clamd://127.0.0.1:9"
    if verdict:
        judged(first_file(application), verdict)
    assert sentences(application) == []
    assert send(application).sequence == 1


def test_another_copy_mends_it(application):
    file = first_file(application)
    judged(file)
    remove_attachment(file, by=application.created_by, at=WORKDAY)
    attach_pdf(application, "statuto")
    assert sentences(application) == []


def test_a_file_that_was_infected_only_for_older_signatures_is_a_file_again(application):
    judged(first_file(application))
    judged(first_file(application), "clean")
    assert sentences(application) == []


def test_who_brought_it_is_told_before_the_sending(application):
    file = first_file(application)
    judged(file)
    [message] = mailed()
    assert message.to == [application.created_by.email]
    assert message.subject == "Il file «statuto.pdf» contiene un virus"
    assert "elimina il file e carica un'altra copia prima di inviare la domanda." in message.body
    assert reverse("application", args=[application.pk]) in message.body


def test_when_who_brought_it_acts_for_the_body_no_more_the_others_are_told(application):
    rita = person("rita@esempio.it")
    Membership.objects.create(user=rita, organisation=application.organisation)
    Membership.objects.filter(user=application.created_by).delete()
    judged(first_file(application))
    (message,) = mailed()
    assert message.to == [rita.email]


def test_a_file_taken_out_before_the_sending_troubles_nobody(application):
    file = first_file(application)
    remove_attachment(file, by=application.created_by, at=WORKDAY)
    judged(file)
    assert mailed() == []


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        (DEADLINE, "carica un'altra copia e invia di nuovo la domanda prima della scadenza."),
        (AFTER, "tieni pronta un'altra copia: l'ufficio può chiedertela."),
    ],
)
def test_after_the_sending_the_body_is_told_too(application, at, sentence):
    send(application)
    judged(first_file(application), at=at)
    [message] = mailed(at)
    assert message.to == [application.created_by.email, application.organisation.pec]
    assert f"La domanda {Application.objects.get(pk=application.pk).number} resta inviata" in message.body
    assert sentence in message.body


def test_a_document_of_something_else_is_nobodys_mail(db):
    document = Document.objects.create(
        name="x", media_type="application/pdf", size=1, sha256="0" * 64, received_at=WORKDAY, by=official()
    )
    found_infected.send(
        Document, scan=Scan.objects.create(document=document, at=LATER, verdict="infected", engine="x"), at=LATER
    )
    assert not due(LATER).exists()


@pytest.fixture
def desk(db):
    row = submitted_application()
    client = Client()
    client.force_login(official())

    def desk() -> str:
        with arriving(AFTER):
            return text(client.get(reverse("desk_application", args=[row.pk])))

    desk.row = row
    return desk


def test_the_desk_says_which_file_is_blocked(desk, settings):
    settings.CLAMD = "clamd://127.0.0.1:9"
    assert "Il file contiene un virus" not in desk()
    assert "In controllo: l'antivirus non l'ha ancora letto." in desk()
    judged(first_file(desk.row))
    assert desk().count("Il file contiene un virus e lo abbiamo bloccato.") == 1
    assert "Un file di questa domanda contiene un virus ed è bloccato: «statuto.pdf»." in desk()


def test_the_body_reads_which_file_is_blocked(application):
    judged(first_file(application))
    client = Client()
    client.force_login(application.created_by)
    for name in ("application_attachments", "application_review"):
        with arriving(WORKDAY):
            page = text(client.get(reverse(name, args=[application.pk])))
        assert "Il file contiene un virus e lo abbiamo bloccato. Controlla il tuo dispositivo e carica un'altra copia." in page


def test_from_the_upload_to_the_mail_with_a_real_antivirus(db, live_clamav, settings):
    settings.CLAMD = live_clamav
    application = draft_application()
    upload = SimpleUploadedFile("statuto.pdf", small_pdf() + clamav.INFECTED)
    attach(application, "statuto", upload, by=application.created_by, at=WORKDAY)
    while due(LATER).exists():
        pay(LATER)
    assert [message.subject for message in mail.outbox] == ["Il file «statuto.pdf» contiene un virus"]
    assert any("il file contiene un virus" in sentence for sentence in sentences(application))

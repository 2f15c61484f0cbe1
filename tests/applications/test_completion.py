"""The request to complete an application: what opens again, what the answer changes, and who is told."""

import json
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Membership
from applications import checking, completion
from applications.actions import (
    ChangedSinceReview,
    attach,
    attaching,
    complete,
    remove_attachment,
    request_completion,
    save_completion,
    take_back_request,
)
from applications.actions.completing import SavedAnswer
from applications.completion_rules import against_completing
from applications.differences import differences
from applications.merging import fingerprint
from applications.models import Application, CheckItem, CompletionRequest
from bando.deadlines import rome
from documents.uploads import lay
from tests.builders import AFTER, DEADLINE, WORKDAY, body, load_fixture_call, official, person, small_pdf, submitted_application
from tests.history import history
from tests.pages import office_at, text
from workflow.duties import pay
from workflow.transition import Refused

pytestmark = pytest.mark.django_db
CHECKED = rome(2021, 10, 19, 9)
DUE = rome(2021, 10, 29, 12)
ANSWERED = rome(2021, 10, 25, 18, 3, 7)
LONG, OTHER = "proposta.titolo", "proposta.in-breve"


@pytest.fixture
def application(call):
    made = submitted_application(call, call.notice.areas[0].code, by=person(name="Anna Bianchi"))
    checking.start_check(made, by=official(), at=CHECKED)
    return Application.objects.with_call().get(pk=made.pk)


@pytest.fixture
def call(db):
    return load_fixture_call()


def first_question(application) -> str:
    """A long text of the form."""
    return LONG


def first_file(application) -> str:
    return completion.files_to_reopen(application)[0].code


def asked(application, *, questions=None, files=(), due=DUE, at=CHECKED) -> CompletionRequest:
    chosen = [first_question(application)] if questions is None else questions
    made = request_completion(
        application, questions=chosen, files=list(files), due_at=due, reason="Manca qualcosa.", by=official(), at=at
    )
    made.application = Application.objects.with_call().select_related("current__call_version").get(pk=application.pk)
    return made


def write(request, words: str, *, at=ANSWERED, base: str | None = None, by=None, code: str = "") -> SavedAnswer:
    """Type in one question, on a page that showed ``base`` there, or what is stored."""
    unit = (code or request.questions[0]).split(".")[1]
    shown = completion.kept_by_unit(request).get(unit, {}) if base is None else {unit: base}
    by = by or request.application.created_by
    return save_completion(request, typed={unit: {unit: words}}, bases={unit: [fingerprint(shown)]}, by=by, at=at)


def answer(request, *, at=ANSWERED):
    reviewed = completion.fingerprint_of_completion(request)
    return complete(
        request, reviewed=reviewed, by=request.application.created_by, at=at, clock=lambda: at + timedelta(seconds=3)
    )


def upload(request, *, name="nuovo.pdf", at=ANSWERED, code: str = ""):
    file = SimpleUploadedFile(name, small_pdf(name), content_type="application/pdf")
    against = partial(against_completing, request)
    by = request.application.created_by
    return attach(request.application, code or request.files[0], file, by=by, at=at, completion=request, against=against)


# What the answer is


@pytest.mark.parametrize("meanwhile", ["answered", "taken back"])
def test_a_file_that_comes_when_the_request_is_over_is_not_told_to_be_in_the_answer(application, monkeypatch, meanwhile):
    code = first_file(application)
    request = asked(application, files=[code])
    write(request, "Un'altra risposta")

    def over(file, **how):  # while the bytes are stored, and nothing is locked
        there = CompletionRequest.objects.get(pk=request.pk)
        if meanwhile == "answered":
            answer(there)
        else:
            take_back_request(there, reason="Non serve più.", by=official(), at=ANSWERED)
        return lay(file, **how)

    monkeypatch.setattr(attaching, "lay", over)
    with pytest.raises(Refused) as refused:
        upload(request)
    sentence = {
        "answered": "Hai già risposto a questa richiesta: lunedì 25 ottobre 2021, ore 18:03:07.",
        "taken back": "L'ufficio ha ritirato questa richiesta: non serve più rispondere.",
    }
    assert (refused.value.reasons, request.attachments.count()) == ([sentence[meanwhile]], 0)


def test_only_what_was_asked_changes_and_the_rest_stays_as_it_was_sent(application):
    before = application.current
    request = asked(application)
    write(request, "Un'altra risposta")
    sent = answer(request)
    section, question = request.questions[0].split(".")
    expected = json.loads(json.dumps(before.answers))
    expected[section][question] = "Un'altra risposta"
    assert (sent.answers, sent.manifest, sent.sequence, sent.completes) == (expected, before.manifest, 2, request)
    assert (sent.arrived_at, sent.committed_at) == (ANSWERED, ANSWERED + timedelta(seconds=3))
    assert json.loads(sent.content)["completes"] == {"number": 1, "due_at": "2021-10-29T10:00:00.000000Z"}
    application.refresh_from_db()
    assert (application.current, application.state) == (sent, "checking")
    label = next(
        item.label for topic in completion.questions_to_reopen(application) for item in topic.items if item.code == LONG
    )
    told = [(change.label, change.before, change.after) for change in differences(before, sent)]
    assert told == [(label, before.answers[section][question], "Un'altra risposta")]
    assert history(application)[-3:] == ["start_check", "request_completion", "complete"]


def test_an_answer_that_was_not_asked_is_not_read_from_the_request(application):
    request, other = asked(application), OTHER.split(".")
    typed = {"titolo": {"titolo": "Chiesta"}, other[1]: {other[1]: "Non chiesta"}}
    save_completion(request, typed=typed, bases={}, base_version=0, by=application.created_by, at=ANSWERED)
    before = application.current.answers
    assert answer(request).answers[other[0]][other[1]] == before[other[0]][other[1]]


def test_a_new_file_takes_the_place_of_what_was_sent_for_the_same_rule(application):
    before = application.current.manifest
    code = first_file(application)
    request = asked(application, questions=[], files=[code])
    removed = upload(request, name="prova.pdf")
    remove_attachment(removed, by=application.created_by, at=ANSWERED, against=partial(against_completing, request))
    new = upload(request)
    sent = answer(request)
    assert [file["name"] for file in sent.manifest if file["rule"] == code] == ["nuovo.pdf"]
    assert [file for file in sent.manifest if file["rule"] != code] == [file for file in before if file["rule"] != code]
    assert [file["attachment"] for file in sent.manifest if file["rule"] == code] == [str(new.pk)]
    change = differences(application.submissions.get(sequence=1), sent)[-1]
    assert (change.title, change.after) == ("File", f"nuovo.pdf (SHA-256 {new.document.sha256})")


def test_the_verdict_on_a_file_that_was_asked_again_is_open_again_and_its_note_stays(application):
    code = first_file(application)
    item = application.check_items.get(code=f"attachment.{code}")
    application.check_items.filter(pk=item.pk).update(verdict=CheckItem.Verdict.NOT_MET, note="Non è firmato.")
    request = asked(application, questions=[], files=[code])
    upload(request)
    answer(request)
    item.refresh_from_db()
    assert (item.verdict, item.note) == ("", "Non è firmato.")


def test_the_deadline_goes_on_judging_what_was_sent_in_time(application):
    request = asked(application)
    write(request, "Più tardi")
    answer(request)
    application = Application.objects.with_call().get(pk=application.pk)
    [in_time] = [point for point in checking.points(application) if point.code == checking.IN_TIME]
    assert [finding.sign for finding in in_time.findings] == [checking.Sign.FOR]
    assert application.sent_in_time.arrived_at == WORKDAY


# When


@pytest.mark.parametrize(
    ("at", "in_time"),
    [(DUE, True), (DUE + timedelta(microseconds=1), False)],
)
def test_the_term_is_kept_to_the_microsecond(application, at, in_time):
    request = asked(application)
    write(request, "In tempo?")
    if in_time:
        assert answer(request, at=at).arrived_at == at
        return
    with pytest.raises(Refused) as refused:
        answer(request, at=at)
    late = "Il termine per rispondere è scaduto: venerdì 29 ottobre 2021, ore 12:00:00. Vale la domanda com'era."
    assert refused.value.reasons == [late]
    with pytest.raises(Refused) as refused:
        write(request, "Troppo tardi", at=at)
    assert refused.value.reasons == [late]
    assert application.submissions.count() == 1


def test_pressing_twice_gives_one_answer_and_one_receipt(application):
    request = asked(application)
    write(request, "Una volta")
    reviewed = completion.fingerprint_of_completion(request)
    by = application.created_by
    first = complete(request, reviewed=reviewed, by=by, at=ANSWERED)
    again = complete(CompletionRequest.objects.get(pk=request.pk), reviewed=reviewed, by=by, at=DUE + timedelta(days=1))
    assert (first.pk, application.submissions.count()) == (again.pk, 2)


def test_what_is_sent_is_what_was_read(application):
    request = asked(application)
    write(request, "Letta")
    reviewed = completion.fingerprint_of_completion(request)
    write(request, "Cambiata dopo")
    with pytest.raises(ChangedSinceReview) as refused:
        complete(request, reviewed=reviewed, by=application.created_by, at=ANSWERED)
    assert refused.value.reasons == ["La risposta è cambiata dopo che l'hai riletta: rileggila e inviala di nuovo."]
    assert application.submissions.count() == 1


def test_an_answer_that_changes_nothing_or_can_not_be_read_is_not_sent(application):
    request = asked(application)
    with pytest.raises(Refused) as refused:
        answer(request)
    assert refused.value.reasons == ["Non hai cambiato niente: correggi o aggiungi quello che l'ufficio ha chiesto."]
    write(request, "")
    with pytest.raises(Refused) as refused:
        answer(request)
    assert refused.value.reasons == completion.reply(request).problems != []


def test_two_people_who_answer_at_once_do_not_overwrite_each_other(application):
    bruno = person(name="Bruno Neri")
    Membership.objects.create(user=bruno, organisation=application.organisation)
    request = asked(application, questions=[LONG, OTHER])
    sent = application.current.answers["proposta"]
    write(request, "La mia")
    other = write(request, "In breve, di Bruno", by=bruno, code=OTHER)
    assert (other.conflicts, other.others) == ([], [application.created_by])
    both = write(request, "La tua", by=bruno, base=sent["titolo"])
    [conflict] = both.conflicts
    assert (conflict.unit, conflict.theirs, conflict.by, conflict.at) == (
        "titolo",
        {"titolo": "La mia"},
        application.created_by,
        ANSWERED,
    )
    assert request.typed["proposta"] == {"titolo": "La mia", "in-breve": "In breve, di Bruno"}
    assert write(request, "La mia", base="Altro").request.version == 2


# Who


def test_the_office_asks_one_thing_at_a_time_and_only_for_something_ahead(application):
    with pytest.raises(Refused) as refused:
        asked(application, questions=[], due=CHECKED)
    assert refused.value.reasons == [
        "Spunta almeno una risposta o un file: si riapre solo quello che spunti.",
        "Il termine deve venire dopo adesso: scegli un altro giorno o un'altra ora.",
    ]
    asked(application)
    waits = (
        "L'ente può ancora rispondere alla richiesta di completamento n. 1, fino a venerdì 29 ottobre 2021, ore 12:00:00: aspetta, "
        "oppure ritira la richiesta."
    )
    with pytest.raises(Refused) as refused:
        asked(application)
    assert refused.value.reasons == [waits]
    with pytest.raises(Refused) as refused:
        checking.admit(application, by=official(), at=ANSWERED)
    assert waits in refused.value.reasons
    with pytest.raises(Refused) as refused:
        checking.admit(application, by=official(), at=DUE + timedelta(microseconds=1))
    assert waits not in refused.value.reasons


def test_only_the_office_asks_and_only_the_body_answers(application):
    stranger = person()
    with pytest.raises(Refused):
        request_completion(
            application,
            questions=[first_question(application)],
            files=[],
            due_at=DUE,
            reason="Io",
            by=application.created_by,
            at=CHECKED,
        )
    request = asked(application)
    with pytest.raises(Refused) as refused:
        save_completion(request, typed={}, bases={}, by=stranger, at=ANSWERED)
    assert refused.value.reasons == ["Lo può fare solo chi rappresenta l'ente."]
    assert CompletionRequest.objects.get().version == 0


def test_a_request_that_is_taken_back_is_not_answered(application):
    request = asked(application)
    write(request, "A metà")
    take_back_request(request, reason="Abbiamo trovato il dato.", by=official(), at=ANSWERED)
    with pytest.raises(Refused) as refused:
        answer(request)
    assert refused.value.reasons == ["L'ufficio ha ritirato questa richiesta: non serve più rispondere."]
    assert history(application)[-2:] == ["request_completion", "take_back_request"]
    assert asked(application, at=ANSWERED).number == 2


def test_the_body_is_told_of_the_request_of_its_end_and_gets_a_receipt(application, mailoutbox):
    pay(CHECKED)
    mailoutbox.clear()
    request = asked(application)
    pay(CHECKED)
    [mail] = mailoutbox
    assert mail.to == [application.organisation.pec, application.created_by.email]
    assert mail.subject == f"Domanda {application.number}: ti chiediamo di completarla"
    assert "Manca qualcosa." in mail.body
    assert "Puoi rispondere entro: venerdì 29 ottobre 2021, ore 12:00:00." in mail.body
    assert f"/domande/{application.pk}/completa/1/" in mail.body
    write(request, "Ecco")
    sent = answer(request)
    while pay(ANSWERED + timedelta(minutes=1)):
        pass
    assert [mail.subject for mail in mailoutbox[1:]] == [f"Ricevuta della risposta per la domanda {application.number}"]
    assert sent.receipt.document.name == f"ricevuta-{application.number}-2.pdf"
    mailoutbox.clear()
    take_back_request(asked(application, at=ANSWERED), reason="Non serve più.", by=official(), at=ANSWERED)
    pay(ANSWERED + timedelta(minutes=2))
    assert [mail.subject for mail in mailoutbox][-1:] == [
        f"Domanda {application.number}: la richiesta di completamento è ritirata"
    ]
    assert "Non serve più." in mailoutbox[-1].body


# The pages


@pytest.fixture
def office(client):
    return office_at(client, CHECKED)


@pytest.fixture
def applicant(application):
    from django.test import Client  # noqa: PLC0415 - a second browser beside the office's

    return Client(), application.created_by


def ask(client, user, at, method, url, data=None):
    with time_machine.travel(at, tick=False):
        client.force_login(user)
        return getattr(client, method)(url, data or {})


def test_the_road_of_a_request_from_the_desk_to_the_receipt(office, application, applicant):
    code, file = first_question(application), first_file(application)
    new = reverse("desk_completion_new", args=[application.pk])
    page = text(office.get(reverse("desk_application", args=[application.pk])))
    assert "Chiedi di completare la domanda" in page
    typed = {
        "questions": [code],
        "files": [file],
        "reason": "Manca la firma.",
        "due_day": "29/10/2021",
        "due_time": "12:00",
    }
    empty = office.post(new, typed | {"reason": " "})
    assert (empty.status_code, "Scrivi che cosa manca o non va: l'ente lo legge." in text(empty)) == (200, True)
    assert empty.content.decode().count(" checked") == 2
    assert office.post(new, typed)["Location"] == reverse("desk_application", args=[application.pk])
    assert "In attesa di risposta" in text(office.get(reverse("desk_application", args=[application.pk])))

    client, anna = applicant
    hub = text(ask(client, anna, ANSWERED, "get", reverse("application", args=[application.pk])))
    assert "Non hai ancora risposto. Hai tempo fino a: venerdì 29 ottobre 2021, ore 12:00:00. Manca la firma. Rispondi" in hub
    here = reverse("application_completion", args=[application.pk, 1])
    page = ask(client, anna, ANSWERED, "get", here)
    assert page.status_code == 200
    question = code.split(".")[1]
    saved = ask(client, anna, ANSWERED, "post", here, {question: "Corretto", "__version": "0", "whole": "1"})
    assert saved["Location"] == reverse("application_completion_send", args=[application.pk, 1])
    add = reverse("application_completion_file", args=[application.pk, 1])
    kept = {question: "Corretto", "__version": "1", "whole": "1"}
    wrong = ask(
        client, anna, ANSWERED, "post", add, {"rule": file, f"file-{file}": SimpleUploadedFile("vuoto.pdf", b""), **kept}
    )
    assert (wrong.status_code, "Il file «vuoto.pdf» è vuoto. Scegline un altro." in text(wrong)) == (200, True)
    pdf = SimpleUploadedFile("firmato.pdf", small_pdf("firmato"))
    assert ask(client, anna, ANSWERED, "post", add, {"rule": file, f"file-{file}": pdf, **kept})["Location"] == f"{here}#{file}"
    send = reverse("application_completion_send", args=[application.pk, 1])
    page = ask(client, anna, ANSWERED, "get", send)
    assert "Corretto" in text(page)
    assert "firmato.pdf (SHA-256" in text(page)
    sent = ask(client, anna, ANSWERED, "post", send, {"reviewed": page.context["reviewed"]})
    assert sent["Location"] == f"{reverse('application_receipt', args=[application.pk])}?invio=2"
    hub = text(ask(client, anna, ANSWERED, "get", reverse("application", args=[application.pk])))
    assert "Abbiamo ricevuto la risposta: lunedì 25 ottobre 2021" in hub
    desk = text(office.get(reverse("desk_application", args=[application.pk])))
    assert "Risposta arrivata" in desk
    assert "Dopo Corretto" in desk


def test_a_late_answer_is_refused_with_what_was_typed_still_on_the_page(application, applicant):
    request = asked(application)
    client, anna = applicant
    here = reverse("application_completion", args=[application.pk, 1])
    _section, question = request.questions[0].split(".")
    late = ask(
        client, anna, DUE + timedelta(seconds=1), "post", here, {question: "Scritto tardi", "__version": "0", "whole": "1"}
    )
    assert late.status_code == 409
    assert "Il termine per rispondere è scaduto" in text(late)
    assert "Scritto tardi" in late.content.decode()


def test_strangers_find_no_request(application, client):
    asked(application)
    other = person()
    body(by=other)
    urls = [reverse(name, args=[application.pk, 1]) for name in ("application_completion", "application_completion_send")]
    assert [ask(client, other, ANSWERED, "get", url).status_code for url in urls] == [404, 404]
    office_pages = [
        reverse("desk_completion_new", args=[application.pk]),
        reverse("desk_completion_take_back", args=[application.pk, 1]),
    ]
    assert [ask(client, application.created_by, AFTER, "get", url).status_code for url in office_pages] == [404, 404]
    assert ask(client, official(), DEADLINE, "get", office_pages[0]).status_code == 404

"""The request to complete an application: what opens again, what the answer changes, and who is told."""

import json
import subprocess
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Membership, Role
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
from applications.findings import Sign, points
from applications.history import milestones
from applications.merging import fingerprint
from applications.models import Application, CheckItem, CompletionRequest, Receipt
from applications.points import IN_TIME
from applications.reminders import remind_to_answer
from bando.deadlines import rome
from documents.uploads import lay
from tests.applications.asking import asking_call
from tests.applications.planning import planning_call
from tests.builders import AFTER, DEADLINE, WORKDAY, body, load_fixture_call, official, person, small_pdf, submitted_application
from tests.documents.signed import said
from tests.history import history
from tests.pages import office_at, text
from workflow.duties import pay
from workflow.signing import key_in_use
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
    [in_time] = [point for point in points(application) if point.code == IN_TIME]
    assert [finding.sign for finding in in_time.findings] == [Sign.FOR]
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


# What is typed is never lost


def post_json(client, user, at, url, body):
    with time_machine.travel(at, tick=False):
        client.force_login(user)
        return client.post(url, json.dumps(body), content_type="application/json")


def test_a_field_is_saved_while_it_is_typed_and_a_conflict_offers_both_texts(application, applicant):
    request = asked(application, questions=[LONG, OTHER])
    client, anna = applicant
    url = reverse("application_completion_autosave", args=[application.pk, 1])
    shown = fingerprint({"titolo": application.current.answers["proposta"]["titolo"]})
    first = {"fields": {"titolo": {"typed": {"titolo": "Il mio"}, "base": shown}}, "version": 0}
    told = post_json(client, anna, ANSWERED, url, first).json()
    assert (told["version"], told["bases"], told["conflicts"]) == (1, {"titolo": fingerprint({"titolo": "Il mio"})}, [])
    assert told["said"] == "Bozza salvata alle 18:03."
    again = {"fields": {"titolo": {"typed": {"titolo": "Il tuo"}, "base": shown}}, "version": 0}
    [conflict] = post_json(client, anna, ANSWERED, url, again).json()["conflicts"]
    assert (conflict["unit"], conflict["theirs_shown"]) == ("titolo", "Il mio")
    request.refresh_from_db()
    assert request.typed["proposta"]["titolo"] == "Il mio"
    late = post_json(client, anna, DUE + timedelta(microseconds=1), url, again)
    assert (late.status_code, late.json()["reasons"][0][:41]) == (409, "Il termine per rispondere è scaduto: vene")


@pytest.mark.parametrize("body", ["", "[]", '{"fields": 3}', '{"fields": {"titolo": {"typed": {"titolo": 3}, "base": ""}}}'])
def test_what_no_page_sends_is_not_saved(application, applicant, body):
    request = asked(application)
    client, anna = applicant
    url = reverse("application_completion_autosave", args=[application.pk, 1])
    with time_machine.travel(ANSWERED, tick=False):
        client.force_login(anna)
        answered = client.post(url, body, content_type="application/json")
    request.refresh_from_db()
    assert (answered.status_code, request.version) == (400, 0)


def test_a_request_that_ends_on_its_way_empties_nothing(application, applicant):
    request = asked(application)
    write(request, "Scritto prima")
    client, anna = applicant
    here = reverse("application_completion", args=[application.pk, 1])
    cut = ask(client, anna, ANSWERED, "post", here, {"titolo": "", "__version": "1"})
    request.refresh_from_db()
    assert (cut.status_code, request.typed["proposta"]["titolo"]) == (400, "Scritto prima")
    assert "Il file non è arrivato intero: la connessione si è interrotta." in text(cut)


def test_the_form_of_a_page_asks_which_text_to_keep_and_keeps_the_rest(application, applicant):
    request = asked(application, questions=[LONG, OTHER])
    client, anna = applicant
    here = reverse("application_completion", args=[application.pk, 1])
    page = ask(client, anna, ANSWERED, "get", here)
    write(request, "Di un altro")
    typed = {"titolo": "Mio", "in-breve": "Anche mio", "__version": "0", "__bases": page.context["bases"], "whole": "1"}
    both = ask(client, anna, ANSWERED, "post", here, typed)
    assert (both.status_code, "Un campo ha due versioni" in both.content.decode()) == (409, True)
    request.refresh_from_db()
    assert request.typed["proposta"] == {"titolo": "Di un altro", "in-breve": "Anche mio"}
    kept = typed | {"__bases": both.context["bases"], "__version": str(request.version)}
    assert ask(client, anna, ANSWERED, "post", here, kept).status_code == 302
    request.refresh_from_db()
    assert request.typed["proposta"]["titolo"] == "Mio"


def test_a_file_comes_in_parts_for_what_is_asked_alone_and_until_the_term(application, applicant):
    code = first_file(application)
    request = asked(application, questions=[], files=[code])
    client, anna = applicant
    begin = reverse("application_completion_upload", args=[application.pk, 1])
    content = small_pdf("a pezzi")
    said = {"name": "pezzi.pdf", "size": len(content), "fingerprint": "1", "sha256": ""}
    assert post_json(client, anna, ANSWERED, begin, said | {"rule": "curriculum-altrui"}).status_code == 404
    begun = post_json(client, anna, ANSWERED, begin, said | {"rule": code})
    assert begun.status_code == 201

    def part(at, chunk, offset):
        with time_machine.travel(at, tick=False):
            client.force_login(anna)
            return client.post(
                begun.json()["url"], chunk, content_type="application/octet-stream", headers={"Upload-Offset": str(offset)}
            )

    assert part(ANSWERED, content[:200], 0).json()["done"] is False
    late = part(DUE + timedelta(microseconds=1), content[200:], 200)
    assert (late.status_code, late.json()["reasons"][-1]) == (409, "Il file «pezzi.pdf» non è nella domanda.")
    assert part(DUE, content[200:], 200).json()["done"] is True
    [file] = completion.reply(request).files
    assert [new.document.name for new in file.new] == ["pezzi.pdf"]


# What is open


def test_what_a_new_answer_may_call_for_is_open_with_it():
    application = submitted_application(asking_call(), "uno")
    notice = application.current.call_version.notice
    section, question = next(
        (section, question) for section in notice.sections_for("uno") for question in section.questions if question.when
    )
    deciding = next(
        f"{one.code}.{q.code}" for one in notice.sections_for("uno") for q in one.questions if q.code == question.when.question
    )
    opened, files = completion.with_what_depends(application, [deciding], [])
    assert (f"{section.code}.{question.code}" in opened or question.code in files, opened[0]) == (True, deciding)
    assert completion.with_what_depends(application, [], []) == ([], [])


def test_a_budget_with_partners_is_written_again_under_the_names_of_then():
    application = submitted_application(planning_call(), "uno")
    checking.start_check(application, by=official(), at=CHECKED)
    section = next(code for code, values in application.current.answers.items() if "lines" in values)
    request = asked(Application.objects.with_call().get(pk=application.pk), questions=[section])
    found = completion.reply(request)
    assert (found.changes_nothing, found.problems, found.untouched) == (True, [], [found.parts[0].section.title])


# Who sends


def test_who_does_not_represent_the_body_writes_the_answer_and_does_not_send_it(application):
    bruno = person(name="Bruno Neri")
    Membership.objects.create(user=bruno, organisation=application.organisation, role=Role.COLLABORATOR)
    request = asked(application)
    write(request, "Scritta da Bruno", by=bruno)
    reviewed = completion.fingerprint_of_completion(request)
    with pytest.raises(Refused) as refused:
        complete(request, reviewed=reviewed, by=bruno, at=ANSWERED)
    assert refused.value.reasons == [
        "Con il tuo ruolo prepari la domanda, ma non la invii. Può farlo Anna Bianchi (legale rappresentante): chiedi di "
        "accedere, rileggere e inviare."
    ]
    assert answer(request).sequence == 2


# What the office reads


def test_an_answer_has_its_point_and_no_check_ends_before_it_is_read(application):
    application.check_items.update(verdict=CheckItem.Verdict.MET)
    request = asked(application)
    write(request, "Letta?")
    answer(request)
    application = Application.objects.with_call().get(pk=application.pk)
    assert points(application)[-1].title == "Risposta alla richiesta di completamento n. 1"
    assert list(application.check_items.filter(verdict="").values_list("code", flat=True)) == ["completion.1"]
    with pytest.raises(Refused) as refused:
        checking.admit(application, by=official(), at=ANSWERED)
    assert refused.value.reasons == ["La verifica non è finita: scegli un esito per ogni requisito."]


def test_the_desk_says_what_waits_to_be_read_and_which_terms_passed_in_silence(office, application):
    desk, rows = reverse("desk"), reverse("desk_applications", args=[application.call.slug])
    assert "completamento" not in text(office.get(rows))
    request = asked(application)
    assert "In attesa di risposta" in text(office.get(rows))
    office.at = DUE + timedelta(microseconds=1)
    with time_machine.travel(office.at, tick=False):
        office.force_login(office.user)
    assert "1 richiesta di completamento scaduta senza risposta" in text(office.get(desk))
    assert "Richiesta scaduta senza risposta" in text(office.get(f"{rows}?completion=expired"))
    assert "Nessuna domanda con questi filtri" in text(office.get(f"{rows}?completion=to_read"))
    page = text(office.get(reverse("desk_application", args=[application.pk])))
    assert "Il termine è passato e l'ente non ha risposto: vale la domanda com'era." in page
    write(request, "In tempo")
    answer(request)
    assert "1 risposta da leggere" in text(office.get(desk))
    page = text(office.get(reverse("desk_application", args=[application.pk])))
    assert "Che cosa ha cambiato la risposta alla richiesta n. 1" in page
    application.check_items.filter(code="completion.1").update(verdict=CheckItem.Verdict.MET)
    assert "da leggere" not in text(office.get(desk))


def test_the_body_reads_again_what_counts_with_its_answer(application, applicant):
    code = first_file(application)
    request = asked(application, files=[code])
    write(request, "Il titolo che conta")
    upload(request, name="conta.pdf")
    client, anna = applicant
    here = reverse("application_review", args=[application.pk])
    before = text(ask(client, anna, ANSWERED, "get", here))
    answer(request)
    after = text(ask(client, anna, ANSWERED, "get", here))
    told = [("Il titolo che conta" in page, "conta.pdf" in page) for page in (before, after)]
    assert told == [(False, False), (True, True)]
    [old] = [file["name"] for file in application.submissions.get(sequence=1).manifest if file["rule"] == code]
    assert (old in before, old in after) == (True, False)


# Its receipt


def test_the_receipt_of_an_answer_says_what_it_answers_and_changed_and_is_verified(application, applicant, tmp_path):
    request = asked(application)
    write(request, "Nuovo titolo")
    sent = answer(request)
    while pay(ANSWERED + timedelta(minutes=1)):
        pass
    client, anna = applicant
    page = text(ask(client, anna, ANSWERED, "get", f"{reverse('application_receipt', args=[application.pk])}?invio=2"))
    assert "Risposta inviata Completa la domanda: risponde alla richiesta n. 1 dell'ufficio." in page
    assert "Dopo Nuovo titolo" in page
    assert "risposta alla richiesta di completamento n. 1 · è quello che vale" in page
    assert "Invio 1: lunedì 11 ottobre 2021, ore 10:42:00 · domanda" in page
    with Receipt.objects.get(submission=sent).document.file.open("rb") as paper:
        content = paper.read()
    (tmp_path / "ricevuta.pdf").write_bytes(content)
    files = [(file["name"], file["size"], file["sha256"]) for file in sent.manifest]
    assert said(content, *files, key={key_in_use().fingerprint}) == []
    words = subprocess.run(["pdftotext", tmp_path / "ricevuta.pdf", "-"], capture_output=True, text=True, check=True).stdout
    assert "Ricevuta della risposta" in words
    assert "Nuovo titolo" in words


# Milestones


def test_the_road_of_an_application_has_dates_or_what_it_comes_after(application):
    def road(at):
        row = Application.objects.with_call().get(pk=application.pk)
        found = milestones(row, row.steps.all(), at)
        return [(one["title"], one["at"], one["state"]) for one in found]

    assert road(CHECKED) == [
        ("Domanda inviata", WORKDAY, "done"),
        ("Presa in carico", DEADLINE, "done"),
        ("Verifica dei requisiti", CHECKED, "now"),
        ("Valutazione della commissione", "dopo la verifica", ""),
        ("Graduatoria", "dopo la valutazione", ""),
        ("Tavolo di co-progettazione e convenzione", "dopo la graduatoria", ""),
        ("Apertura dello Spazio", "dopo la convenzione", ""),
    ]
    request = asked(application)
    assert road(DUE)[3] == ("Richiesta di completamento n. 1", CHECKED, "now")
    assert road(DUE + timedelta(microseconds=1))[3] == ("Richiesta di completamento n. 1", CHECKED, "failed")
    write(request, "Ecco")
    answer(request)
    assert road(DUE)[3] == ("Richiesta di completamento n. 1", ANSWERED, "done")
    application.check_items.update(verdict=CheckItem.Verdict.NOT_MET)
    row = Application.objects.with_call().get(pk=application.pk)
    checking.not_admit(row, by=official(), at=DUE, reason="Manca il requisito.")
    assert [title for title, _at, _state in road(DUE)][-2:] == ["Richiesta di completamento n. 1", "Domanda non ammessa"]


# Reminders


def test_who_no_longer_acts_for_the_body_is_told_nothing_more(application, mailoutbox):
    Membership.objects.filter(user=application.created_by).delete()
    pay(CHECKED)
    mailoutbox.clear()
    asked(application)
    pay(CHECKED)
    assert [mail.to for mail in mailoutbox] == [[application.organisation.pec]]


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(hours=24, microseconds=1), []),
        (timedelta(hours=24), ["Manca 1 giorno: la domanda {} aspetta la tua risposta"]),
        (timedelta(hours=3), ["Mancano 3 ore: la domanda {} aspetta la tua risposta"]),
        (timedelta(0), []),
    ],
)
def test_who_has_not_answered_is_reminded_once(application, mailoutbox, before, said):
    asked(application)
    while pay(CHECKED):
        pass
    mailoutbox.clear()
    for _round in range(2):
        remind_to_answer(DUE - before)
        while pay(DUE - before):
            pass
    assert [mail.subject for mail in mailoutbox] == [words.format(application.number) for words in said]
    assert all("Manca qualcosa." in mail.body for mail in mailoutbox)


def test_nobody_is_reminded_of_what_was_answered_or_taken_back(application, mailoutbox):
    request = asked(application)
    remind_to_answer(DUE - timedelta(hours=3))
    write(request, "Ecco")
    answer(request, at=DUE - timedelta(hours=3))
    while pay(DUE - timedelta(hours=3)):
        pass
    assert [mail.subject for mail in mailoutbox if "aspetta" in mail.subject] == []

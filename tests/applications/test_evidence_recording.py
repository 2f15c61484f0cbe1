"""Every attempt leaves one event, whatever came of it, and none makes a request fail."""

import json
from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from applications import checking
from applications.actions import request_completion
from applications.evidence import note, recording, remembered
from applications.evidence.aside import bring_in
from applications.models import Application, Event, EventKind, EventOutcome
from applications.progress import fingerprint
from tests.builders import (
    AFTER,
    DEADLINE,
    WORKDAY,
    complete_draft,
    draft_application,
    load_fixture_call,
    official,
    person,
    small_pdf,
    submitted_application,
)
from tests.clock import arriving

pytestmark = pytest.mark.django_db
CHECKED, DUE = DEADLINE + timedelta(days=1), DEADLINE + timedelta(days=11)


@pytest.fixture
def own_folder(settings, tmp_path):
    settings.VAR = tmp_path
    return tmp_path / "evidence"


@pytest.fixture
def application(db):
    return draft_application(load_fixture_call())


def told(application):
    return [(event.kind, event.outcome) for event in application.events.all()]


def reasons(event):
    return event.facts["reasons"]


def post(client, application, route, *args, data=None, at=WORKDAY):
    client.force_login(application.created_by)
    with arriving(at), patch.object(recording, "clock", SimpleNamespace(now=lambda: at + timedelta(milliseconds=40))):
        return client.post(reverse(route, args=[application.pk, *args]), data or {})


def test_a_saved_section_leaves_an_event_with_both_moments_and_the_size(client, application):
    post(client, application, "application_section", "ente", data={"__version": "0"})
    event = application.events.get()
    assert (event.kind, event.outcome, event.by, event.call) == ("save", "done", application.created_by, application.call)
    assert (event.arrived_at, event.ended_at) == (WORKDAY, WORKDAY + timedelta(milliseconds=40))
    assert event.size > 0
    assert event.facts["section"] == "ente"


def test_two_versions_of_a_section_are_a_conflict_and_not_a_refusal(client, application):
    typed = {"__version": "0", "rappresentante": "Uno"}
    post(client, application, "application_section", "ente", data=typed)
    answer = post(client, application, "application_section", "ente", data=typed | {"rappresentante": "Due"})
    assert answer.status_code == 409
    assert told(application) == [("save", "done"), ("save", "conflict")]


def test_a_save_after_the_deadline_is_refused_with_its_reason(client, application):
    post(client, application, "application_section", "ente", data={"__version": "0"}, at=AFTER)
    event = application.events.get()
    assert event.outcome == "refused"
    assert reasons(event) == [
        "Il termine è scaduto: lunedì 18 ottobre 2021, ore 12:00:00. Non si può più scrivere né caricare niente."
    ]


def test_a_file_leaves_its_name_weight_and_hash(client, application):
    content = small_pdf("Statuto")
    upload = SimpleUploadedFile("statuto.pdf", content, content_type="application/pdf")
    post(client, application, "application_attachments", data={"rule": "statuto", "file": upload})
    event, document = application.events.get(), application.attachments.get().document
    assert (event.kind, event.outcome) == ("upload", "done")
    assert event.facts == {"rule": "statuto", "name": "statuto.pdf", "bytes": len(content), "sha256": document.sha256}


def test_a_file_that_cannot_be_taken_is_a_refusal_in_a_page_that_answers_200(client, application):
    upload = SimpleUploadedFile("statuto.pdf", b"non un PDF", content_type="application/pdf")
    answer = post(client, application, "application_attachments", data={"rule": "statuto", "file": upload})
    event = application.events.get()
    assert (answer.status_code, event.outcome) == (200, "refused")
    assert len(reasons(event)) == 1


def test_a_sending_leaves_its_arrival_before_and_its_end_after(client, application):
    complete_draft(application)
    post(client, application, "application_submit", data={"reviewed": fingerprint(application)})
    application.refresh_from_db()
    assert told(application) == [("submit_arrived", "arrived"), ("submit", "done")]
    assert application.events.last().facts == {"number": application.number, "sequence": 1}


def test_a_sending_one_microsecond_late_leaves_why_it_was_refused(client, application):
    complete_draft(application)
    post(client, application, "application_submit", data={"reviewed": fingerprint(application)}, at=AFTER)
    assert told(application) == [("submit_arrived", "arrived"), ("submit", "refused")]
    assert reasons(application.events.last()) == ["Il termine è scaduto: la domanda non si può più inviare."]
    assert application.events.last().arrived_at == DEADLINE + timedelta(microseconds=1)


def test_a_sending_with_an_ended_session_is_an_attempt_of_nobody(client, application):
    with arriving(WORKDAY):
        answer = client.post(reverse("application_submit", args=[application.pk]))
    event = application.events.get()
    assert (answer.status_code, event.by, event.outcome) == (302, None, "refused")
    assert reasons(event) == ["La sessione era finita: bisognava accedere di nuovo."]


def test_the_answer_to_a_request_of_the_office_leaves_its_events(client):
    application = submitted_application(load_fixture_call())
    checking.start_check(application, by=official(), at=CHECKED)
    request_completion(
        Application.objects.with_call().get(pk=application.pk),
        questions=["proposta.titolo"],
        files=[],
        due_at=DUE,
        reason="Manca il titolo.",
        by=official(),
        at=CHECKED,
    )
    post(client, application, "application_completion", 1, data={"titolo": "Altro", "__version": "0", "whole": "1"}, at=DUE)
    post(client, application, "application_completion_send", 1, data={"reviewed": "vecchio"}, at=DUE)
    post(client, application, "application_completion", 1, data={"whole": "1"}, at=DUE + timedelta(microseconds=1))
    assert told(application) == [("save", "done"), ("complete", "refused"), ("save", "refused")]
    assert [event.facts["completion"] for event in application.events.all()] == [1, 1, 1]


def test_who_may_not_see_the_application_leaves_nothing(client, application):
    client.force_login(person())
    with arriving(WORKDAY):
        assert client.post(reverse("application_submit", args=[application.pk])).status_code == 404
    assert told(application) == []


def test_reading_a_page_leaves_nothing(client, application):
    client.force_login(application.created_by)
    with arriving(WORKDAY):
        client.get(reverse("application_section", args=[application.pk, "ente"]))
    assert told(application) == []


# --- the decorator by itself ------------------------------------------------------------------------------------------


def asked(application, view, *, kind=EventKind.SAVE, **decorated):
    request = RequestFactory().post("/", {"a": "1"})
    request.user, request.arrived_at = application.created_by, WORKDAY
    return remembered(kind, **decorated)(view)(request, pk=application.pk)


def broken(request, pk):
    raise RuntimeError("rotto")


def test_an_error_of_ours_is_told_and_goes_on_its_way(application):
    with pytest.raises(RuntimeError):
        asked(application, broken)
    event = application.events.get()
    assert (event.outcome, event.facts) == ("failed", {"error": "RuntimeError"})


@pytest.mark.parametrize("error", [SuspiciousOperation, RequestDataTooBig, BadRequest])
def test_a_request_that_is_wrong_in_itself_is_no_failure_of_the_service(application, error):
    def view(request, pk):
        raise error("settings.DATA_UPLOAD_MAX_MEMORY_SIZE")

    with pytest.raises(error):
        asked(application, view)
    event = application.events.get()
    sentence = "La richiesta era troppo grande, o non era scritta come le nostre pagine le scrivono."
    assert (event.outcome, event.facts) == ("refused", {"reasons": [sentence]})


@pytest.mark.parametrize(
    ("status", "outcome"), [(200, "done"), (302, "done"), (409, "refused"), (413, "refused"), (500, "failed"), (503, "failed")]
)
def test_the_status_of_the_answer_says_what_came_of_it(application, status, outcome):
    asked(application, lambda request, pk: HttpResponse(status=status))
    assert told(application) == [("save", outcome)]


@pytest.mark.parametrize("status", [404, 405])
def test_what_is_not_there_is_no_attempt(application, status):
    asked(application, lambda request, pk: HttpResponse(status=status))
    assert told(application) == []


def test_what_the_view_says_counts_more_than_the_status(application):
    def view(request, pk):
        note(request, outcome=EventOutcome.CONFLICT, section="ente")
        return HttpResponse(status=409)

    asked(application, view)
    event = application.events.get()
    assert (event.outcome, event.facts) == ("conflict", {"section": "ente"})


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("a\x00b", "a\ufffdb"),
        ("\ud83d.pdf", "\ufffd.pdf"),
        ("a" * 5_000_000, "a" * 2000),
        ({"di": ["\x00"]}, {"di": ["\ufffd"]}),
    ],
    ids=["a NUL", "half an emoji", "a book", "inside"],
)
def test_words_of_a_device_do_not_make_the_attempt_vanish_nor_fill_the_disk(application, own_folder, said, kept):
    def view(request, pk):
        note(request, name=said)
        return HttpResponse()

    asked(application, view)
    assert (application.events.get().facts, own_folder.exists()) == ({"name": kept}, False)


@pytest.mark.parametrize(
    ("length", "size"), [("12", 12), ("9" * 18, int("9" * 18)), ("9" * 19, 0), ("9" * 5000, 0), ("-1", 0), ("", 0)]
)
def test_a_length_that_no_request_has_does_not_make_the_attempt_vanish(application, length, size):
    def view(request, pk):
        request.META["CONTENT_LENGTH"] = length
        return HttpResponse()

    asked(application, view)
    assert application.events.get().size == size


def test_an_event_costs_one_insert(application, django_assert_num_queries):
    with django_assert_num_queries(1):
        asked(application, lambda request, pk: HttpResponse())


def test_the_arrival_of_a_sending_costs_two_queries_more(application, django_assert_num_queries):
    with django_assert_num_queries(3):
        asked(application, lambda request, pk: HttpResponse(), kind=EventKind.SUBMIT)


# --- when the database does not answer --------------------------------------------------------------------------------


def refused_by_the_database(*args, **kwargs):
    raise OperationalError("the database is away")


def test_an_event_that_the_database_refuses_waits_in_a_file_and_comes_in_once(application, own_folder):
    with patch.object(Event, "save", refused_by_the_database):
        assert asked(application, lambda request, pk: HttpResponse("risposta")).content == b"risposta"
    assert (told(application), len(own_folder.joinpath("waiting.jsonl").read_text().splitlines())) == ([], 1)
    copy = own_folder.joinpath("waiting.jsonl").read_text()
    assert [bring_in(), bring_in()] == [1, 0]
    own_folder.joinpath("waiting.jsonl").write_text(copy)  # the worker died between the commit and the end of the file
    assert bring_in() == 0
    event = application.events.get()
    assert (event.kind, event.outcome, event.by, event.arrived_at) == ("save", "done", application.created_by, WORKDAY)


def test_a_file_stays_while_the_database_is_still_away(application, own_folder):
    with patch.object(Event, "save", refused_by_the_database):
        asked(application, lambda request, pk: HttpResponse())
        with pytest.raises(OperationalError):
            bring_in()
    assert (bring_in(), told(application)) == (1, [("save", "done")])


def test_a_line_cut_by_a_loss_of_power_does_not_stop_the_others(application, own_folder):
    with patch.object(Event, "save", refused_by_the_database):
        asked(application, lambda request, pk: HttpResponse())
    with own_folder.joinpath("waiting.jsonl").open("a") as file:
        file.write('{"table": "event", "subj')
    assert bring_in() == 1
    assert own_folder.joinpath("unreadable.jsonl").read_text() == '{"table": "event", "subj\n'


def test_a_line_that_no_table_takes_does_not_stop_those_after_it(application, own_folder):
    with patch.object(Event, "save", refused_by_the_database):
        asked(application, lambda request, pk: HttpResponse())
    path = own_folder / "waiting.jsonl"
    good = path.read_text()
    bad = json.dumps(json.loads(good) | {"outcome": None}) + "\n"
    path.write_text(bad + good)
    assert (bring_in(), bring_in(), told(application)) == (1, 0, [("save", "done")])
    assert own_folder.joinpath("unreadable.jsonl").read_text() == bad


def test_an_attempt_of_nobody_knows_where_comes_to_nothing(application, own_folder):
    with patch.object(Event, "save", refused_by_the_database):
        asked(application, lambda request, pk: HttpResponse())
    path = own_folder / "waiting.jsonl"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"subject": "00000000-0000-4000-8000-000000000000"}) + "\n")
    assert (bring_in(), told(application)) == (0, [])


def test_a_disk_that_takes_nothing_does_not_make_the_request_fail(application, own_folder):
    own_folder.write_text("a file where the folder should be")
    with patch.object(Event, "save", refused_by_the_database):
        assert asked(application, lambda request, pk: HttpResponse("risposta")).content == b"risposta"


def test_facts_that_have_no_plain_form_are_told_as_text(application):
    def view(request, pk):
        note(request, ratio=0.5)
        return HttpResponse()

    asked(application, view)
    assert application.events.get().facts == {"ratio": "0.5"}

"""The term of a request stands still, and runs again with what was left of it."""

from datetime import timedelta

import pytest
from django.core import mail

from applications import checking
from applications.actions import request_completion, take_back_request
from applications.actions.pausing import pause_request, resume_request
from applications.completion import is_open
from applications.completion_rules import against_completing
from applications.desk import requests_by_call
from applications.models import CompletionRequest
from applications.reminders import remind_to_answer
from bando.deadlines import rome
from tests.applications.checks import LATER, judge, taken
from tests.builders import person
from tests.history import history
from workflow.duties import pay
from workflow.models import Duty
from workflow.transition import Refused

pytestmark = pytest.mark.django_db
DUE = rome(2021, 10, 28, 12)
STOPPED = rome(2021, 10, 25, 9, 30) + timedelta(microseconds=7)
AGAIN = rome(2021, 11, 2, 8) + timedelta(microseconds=3)
WHY = "La PEC dell'ente non funziona."


def reasons_of(act) -> list[str]:
    try:
        act()
    except Refused as refused:
        return refused.reasons
    return []


@pytest.fixture
def asked():
    """A request that waits for its answer, and the official who made it."""
    application, by = taken()
    request = request_completion(
        application, questions=["proposta.titolo"], files=[], due_at=DUE, reason="Il titolo manca.", by=by, at=LATER
    )
    request.application = application
    return request, by


def pause(request, by, at=STOPPED, reason=WHY):
    pause_request(request, reason=reason, by=by, at=at)


def resume(request, by, at=AGAIN, reason="La PEC funziona."):
    resume_request(request, reason=reason, by=by, at=at)


@pytest.mark.parametrize(
    ("stopped", "again"),
    [
        (STOPPED, AGAIN),
        # The last microsecond of the term, and one microsecond later.
        (DUE, AGAIN),
        (LATER, LATER + timedelta(microseconds=1)),
        # Over the night on which summer time ends: the time that truly passes counts.
        (rome(2021, 10, 28, 11), rome(2021, 10, 31, 12)),
    ],
)
def test_the_body_has_what_was_left_to_the_microsecond(asked, stopped, again):
    request, by = asked
    pause(request, by, stopped)
    assert (request.paused_at, request.pause_reason, request.due_at) == (stopped, WHY, DUE)
    resume(request, by, again)
    stored = CompletionRequest.objects.get()
    assert (stored.due_at - again, stored.paused_at, stored.pause_reason) == (DUE - stopped, None, "")
    assert [is_open(stored, stored.due_at), is_open(stored, stored.due_at + timedelta(microseconds=1))] == [True, False]
    assert list(history(request.application)) == [
        "submit",
        "start_check",
        "request_completion",
        "pause_request",
        "resume_request",
    ]


def test_while_it_stands_still_nothing_is_late(asked):
    request, by = asked
    application = request.application
    pause(request, by)
    late = DUE + timedelta(days=30)
    assert (is_open(request, late), against_completing(request, by=application.created_by, at=late)) == (True, None)
    assert requests_by_call([application.call], late)[application.call_id].waiting == {application.pk}
    remind_to_answer(DUE - timedelta(hours=1))
    assert Duty.objects.filter(name="applications.completion_reminders").count() == 0
    judge(application, by)
    assert reasons_of(lambda: checking.admit(application, by=by, at=late)) == [
        "Il termine della richiesta di completamento n. 1 è sospeso: fallo riprendere e aspetta la risposta, oppure ritira la "
        "richiesta."
    ]


TWICE, NOT_PAUSED = "Il termine di questa richiesta è già sospeso.", "Il termine di questa richiesta non è sospeso."


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (lambda r, by: pause(r, by, reason=" "), ["Scrivi il motivo: resta nella storia dell'atto."]),
        (lambda r, by: (pause(r, by), pause(r, by)), [TWICE]),
        (lambda r, by: resume(r, by, STOPPED), [NOT_PAUSED]),
        (
            lambda r, by: pause(r, by, DUE + timedelta(microseconds=1)),
            ["Il termine per rispondere è scaduto: giovedì 28 ottobre 2021, ore 12:00:00. Vale la domanda com'era."],
        ),
        (
            lambda r, by: (take_back_request(r, reason="Non serve.", by=by, at=LATER), pause(r, by)),
            ["L'ufficio ha ritirato questa richiesta: non serve più rispondere."],
        ),
        (lambda r, by: pause(r, person()), ["Lo può fare solo chi lavora nell'ufficio."]),
    ],
)
def test_a_term_stops_and_runs_again_once_each_with_a_reason(asked, act, expected):
    request, by = asked
    assert reasons_of(lambda: act(request, by)) == expected


def test_the_body_is_told_both_times(asked):
    request, by = asked
    pause(request, by)
    resume(request, by)
    while pay(AGAIN):
        pass
    stopped, again = mail.outbox[-2:]
    number = request.application.number
    assert [stopped.subject, again.subject] == [
        f"Domanda {number}: il termine per completarla è sospeso",
        f"Domanda {number}: il termine per completarla è ripreso",
    ]
    assert stopped.to == [request.application.organisation.pec, request.application.created_by.email]
    assert [WHY in stopped.body, "puoi rispondere entro venerdì 5 novembre 2021, ore 10:29:59" in again.body] == [True, True]

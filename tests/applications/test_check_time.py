"""The clock of the check for applications as they are stored, and in words."""

from datetime import date, timedelta

import pytest

from applications import check_time, checking
from applications.actions import request_completion, take_back_request
from applications.actions.pausing import pause_request
from applications.actions.rejecting import notify_rejection, observe_rejection, take_back_rejection
from applications.check_clock import Clock
from applications.models import Application
from bando.deadlines import rome
from tests.applications.checks import LATER, NOT_MET, call_with, judge, taken
from tests.builders import submitted_application
from tests.pages import office_at, text

pytestmark = pytest.mark.django_db
LAST = date(2021, 11, 17)
"""Thirty days from 18 October 2021."""


def clock(application, at):
    return check_time.clock_of(Application.objects.with_call().get(pk=application.pk), at)


@pytest.fixture
def application():
    return taken(call_with())


def ask(application, by, *, days=8):
    return request_completion(
        application,
        questions=["proposta.titolo"],
        files=[],
        due_at=LATER + timedelta(days=days),
        reason="Manca.",
        by=by,
        at=LATER,
    )


def test_a_request_stops_the_clock_until_its_term_or_its_end(application):
    row, by = application
    request = ask(row, by)
    assert clock(row, rome(2021, 10, 25)) == Clock(30, 2, None, LATER)
    # Its term, eight days later, passes without an answer.
    assert clock(row, rome(2021, 10, 29)) == Clock(30, 3, date(2021, 11, 25), None)
    take_back_request(request, reason="Non serve.", by=by, at=rome(2021, 10, 22, 10))
    assert clock(row, rome(2021, 10, 25)) == Clock(30, 5, date(2021, 11, 19), None)


def test_a_term_that_stands_still_keeps_the_clock_still(application):
    row, by = application
    request = ask(row, by)
    request.application = row
    pause_request(request, reason="La PEC non va.", by=by, at=rome(2021, 10, 22))
    assert clock(row, rome(2021, 12, 1)) == Clock(30, 2, None, LATER)


@pytest.mark.parametrize(
    ("rule", "used", "due"),
    [("suspends", 2, date(2021, 11, 22)), ("interrupts", 0, date(2021, 11, 24))],
)
def test_a_notice_suspends_or_interrupts_as_the_call_says(rule, used, due):
    row, by = taken(call_with(clock=rule))
    judge(row, by, but={"in-time": NOT_MET})
    notice = notify_rejection(row, reasons="Manca.", by=by, at=LATER)
    assert clock(row, rome(2021, 10, 22)) == Clock(30, used, None, LATER)
    observe_rejection(notice, "Eccola.", version=0, by=row.created_by, at=rome(2021, 10, 25, 10))
    assert clock(row, rome(2021, 10, 25, 12)) == Clock(30, used, due, None)


@pytest.mark.parametrize(
    ("closed", "due"),
    [(rome(2021, 10, 25), date(2021, 11, 22)), (rome(2021, 11, 20), date(2021, 11, 27))],
)
def test_a_notice_that_is_taken_back_stops_the_clock_until_then_or_its_term(application, closed, due):
    row, by = application
    judge(row, by, but={"in-time": NOT_MET})
    notice = notify_rejection(row, reasons="Manca.", by=by, at=LATER)
    take_back_rejection(notice, reason="No.", by=by, at=closed)
    assert clock(row, closed).due == due


@pytest.mark.parametrize("days", [30, None])
def test_there_is_a_clock_where_the_call_gives_one_until_the_check_ends(days):
    row, by = taken(call_with(days=days))
    assert clock(row, LATER) == (Clock(30, 2, LAST, None) if days else None)
    judge(row, by)
    checking.admit(row, by=by, at=LATER)
    assert clock(row, LATER) is None


@pytest.mark.parametrize("count", [1, 3])
def test_the_clocks_of_a_call_cost_three_queries_and_the_latest_comes_first(application, count, django_assert_num_queries):
    row, by = application
    others = [submitted_application(row.call) for _n in range(count)]
    ask(row, by)
    with django_assert_num_queries(3):
        found = check_time.clocks(row.call, rome(2021, 11, 25))
    assert list(found) == [*(other.pk for other in others), row.pk]
    assert [clock.is_late for clock in found.values()] == [True] * count + [False]


def test_a_call_without_a_term_asks_nothing(django_assert_num_queries):
    call = call_with(days=None)
    with django_assert_num_queries(0):
        assert check_time.clocks(call, LATER) == {}


@pytest.mark.parametrize(
    ("clock", "words"),
    [
        (Clock(30, 2, LAST, None), "Restano 28 giorni: la verifica finisce entro il 17 novembre 2021."),
        (Clock(30, 29, LAST, None), "Resta 1 giorno: la verifica finisce entro il 17 novembre 2021."),
        (Clock(30, 30, LAST, None), "La verifica finisce entro oggi."),
        (Clock(30, 31, LAST, None), "In ritardo di 1 giorno."),
        (Clock(30, 33, LAST, None), "In ritardo di 3 giorni."),
        (Clock(30, 33, None, LATER), "In ritardo di 3 giorni. Adesso il tempo è fermo."),
        (Clock(30, 2, None, LATER), "Il tempo è fermo dal 20 ottobre 2021: restano 28 giorni."),
        (Clock(30, 29, None, LATER), "Il tempo è fermo dal 20 ottobre 2021: resta 1 giorno."),
    ],
)
def test_a_clock_is_told_in_one_sentence(clock, words):
    assert check_time.in_words(clock) == words


def test_the_desk_names_the_late_checks_first(client, application):
    row, _by = application
    office = office_at(client, rome(2021, 11, 20, 9))
    page = text(office.get(f"/ufficio/avvisi/{row.call.slug}/domande/"))
    assert f"Verifiche in ritardo {row.number} , {row.organisation.name}: In ritardo di 3 giorni." in page
    assert "In ritardo di 3 giorni." in text(office.get(f"/ufficio/domande/{row.pk}/"))

"""Asking for a rehearsal, calling it off, and whose turn it is. What runs is a stand-in: ``test_apart`` runs the real one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bando.deadlines import rome
from bando.notice_yaml import DocumentFaults
from rehearsal import actions
from rehearsal.apart import Failed, Stopped
from rehearsal.models import SILENCE, Rehearsal
from rehearsal.report import Report
from rehearsal.states import RehearsalState as S
from tests.bando.small import SMALL
from tests.builders import official, person
from workflow.duties import pay
from workflow.models import Duty
from workflow.transition import Refused

pytestmark = pytest.mark.django_db
NOW = rome(2021, 8, 1, 9)


def asked(**more):
    return actions.request(**{"text": SMALL, "by": official(), "at": NOW, **more})


@pytest.fixture
def started(monkeypatch):
    """The processes that would have been started, by their arguments."""
    found = []
    monkeypatch.setattr(actions.subprocess, "Popen", lambda arguments, **options: found.append((arguments, options)))
    return found


@pytest.fixture
def plays(monkeypatch):
    """``plays(outcome)``: what rehearsing answers, or raises; ``plays.orders`` is what was rehearsed."""

    def set_to(outcome, before=lambda told: None):
        def stand_in(order, *, told):
            set_to.orders.append(order)
            before(told)
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        monkeypatch.setattr(actions, "rehearse", stand_in)

    set_to.orders = []
    return set_to


FOUND = Report("prova", "Avviso di prova", "h", 20, 1)


def test_what_is_asked_for_keeps_the_document_and_owes_its_start():
    row = asked(bodies=7)
    assert (row.state, row.slug, row.title, row.bodies, row.text) == (S.WAITING, "prova", "Avviso di prova", 7, SMALL)
    assert len(row.sha256) == 64
    assert Duty.objects.get(name="rehearsal.start").subject == str(row.pk)


def test_a_document_with_faults_shows_them_and_asks_for_nothing():
    with pytest.raises(DocumentFaults):
        asked(text=SMALL.replace("title: Avviso di prova", "titolo: x"))
    assert not Rehearsal.objects.exists()


@pytest.mark.parametrize("bodies", [1, 501])
def test_the_number_of_bodies_has_bounds(bodies):
    with pytest.raises(Refused) as refused:
        asked(bodies=bodies)
    assert refused.value.reasons == ["Scegli da 2 a 500 enti."]


def test_only_the_office_asks_and_calls_off():
    row = asked()
    for act in (lambda: asked(by=person()), lambda: actions.cancel(row, by=person(), at=NOW)):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.reasons == ["Lo può fare solo chi lavora nell'ufficio."]


def test_the_worker_starts_one_process_and_goes_on(started):
    asked()
    assert pay(NOW) == 1
    ((arguments, options),) = started
    assert arguments[1:] == ["manage.py", "rehearse", "--waiting"]
    assert options["start_new_session"]


def test_while_one_runs_no_other_is_started(started):
    Rehearsal.objects.filter(pk=asked().pk).update(state=S.RUNNING, heard_at=NOW)
    asked()
    assert not actions.start(NOW + timedelta(seconds=5))
    assert started == []


def test_nothing_is_started_when_nothing_waits(started):
    assert not actions.start(NOW)
    assert started == []


def test_what_waits_is_run_one_after_the_other_the_oldest_first(plays):
    later, first = asked(at=NOW + timedelta(minutes=1), bodies=9), asked(bodies=5)
    plays(FOUND)
    assert actions.run_waiting(clock=lambda: NOW) == 2
    assert [order.bodies for order in plays.orders] == [5, 9]
    for row in (first, later):
        row.refresh_from_db()
        assert (row.state, row.finished_at, row.found) == (S.DONE, NOW, FOUND)


def test_how_far_it_is_is_written_about_once_a_second(plays):
    row, times = asked(), iter([NOW, NOW, *(NOW + timedelta(seconds=n, milliseconds=500) for n in range(9))])
    seen = []

    def before(told):
        for done in range(4):
            told({"phase": "sheets", "done": done})
            row.refresh_from_db()
            seen.append(row.progress.get("done"))

    plays(FOUND, before)
    actions.run_waiting(clock=lambda: next(times))
    assert seen == [None, 1, 2, 3]


def test_one_that_breaks_says_why_and_the_next_goes_on(plays):
    row = asked()
    plays(Failed("Traceback: boom"))
    actions.run_waiting(clock=lambda: NOW)
    row.refresh_from_db()
    assert (row.state, row.error, row.found) == (S.FAILED, "Traceback: boom", None)


def test_one_called_off_hears_of_it_and_stays_called_off(plays):
    row, later = asked(), iter(NOW + timedelta(seconds=2 * n) for n in range(20))

    def before(told):
        assert told({"phase": "check"})
        actions.cancel(row, by=official(), at=NOW)
        assert not told({"phase": "sheets"})

    plays(Stopped(), before)
    actions.run_waiting(clock=lambda: next(later))
    row.refresh_from_db()
    assert (row.state, row.progress) == (S.CANCELLED, {"phase": "check"})
    with pytest.raises(Refused) as refused:
        actions.cancel(row, by=official(), at=NOW)
    assert refused.value.reasons == ["Questa prova è già finita."]


@pytest.mark.parametrize(("silence", "state"), [(SILENCE, S.RUNNING), (SILENCE + timedelta(microseconds=1), S.FAILED)])
def test_one_that_is_silent_for_more_than_a_minute_is_over(silence, state, started):
    row = asked()
    Rehearsal.objects.filter(pk=row.pk).update(state=S.RUNNING, heard_at=NOW)
    asked()
    assert actions.start(NOW + silence) is (state == S.FAILED)
    row.refresh_from_db()
    assert row.state == state


def test_two_never_run_at_once(plays):
    Rehearsal.objects.filter(pk=asked().pk).update(state=S.RUNNING, heard_at=NOW)
    asked()
    plays(FOUND)
    assert actions.run_waiting(clock=lambda: NOW) == 0

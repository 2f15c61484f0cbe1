from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.workflow.rows import AT
from workflow import duties
from workflow.duties import FIRST_WAIT, LEASE, LONGEST_WAIT, duty, owe, owe_all, pay
from workflow.models import Duty

pytestmark = pytest.mark.django_db


@pytest.fixture
def letters(monkeypatch):
    """A duty ``letter`` that keeps what it was asked, and does first what ``letters.trouble`` says."""

    class Letters(list):
        trouble = None

    sent = Letters()
    monkeypatch.setattr(duties, "_registry", {})

    @duty("letter")
    def send(subject, at):
        if sent.trouble:
            raise sent.trouble
        sent.append((subject, at))

    return sent


def state():
    return [(d.subject, d.due_at - AT, d.done_at, d.attempts, d.last_error) for d in Duty.objects.order_by("pk")]


def test_what_is_owed_is_paid_once_when_it_is_due(letters):
    owe("letter", 7, at=AT)
    assert pay(AT - timedelta(microseconds=1)) == 0
    assert pay(AT) == 1
    assert pay(AT + timedelta(days=1)) == 0
    assert letters == [("7", AT)]
    assert [(d.done_at, d.attempts, d.last_error) for d in Duty.objects.all()] == [(AT, 1, "")]


def test_owing_the_same_again_changes_nothing(letters):
    owe("letter", 7, at=AT)
    owe("letter", 7, at=AT + timedelta(hours=1))
    assert state() == [("7", timedelta(0), None, 0, "")]
    pay(AT)
    owe("letter", 7, at=AT)
    assert pay(AT) == 0
    assert letters == [("7", AT)]


def test_an_act_that_is_undone_owes_nothing(letters):
    with transaction.atomic():
        owe("letter", 7, at=AT)
        transaction.set_rollback(True)
    assert state() == []


@pytest.mark.parametrize("subjects", [[3, 1, 2], list(range(50))])
def test_many_are_owed_in_one_statement_and_paid_in_their_order(letters, subjects):
    owe("letter", 1, at=AT + timedelta(hours=1))
    with CaptureQueriesContext(connection) as captured:
        owe_all([("letter", subject) for subject in subjects], at=AT)
    assert len(captured) == 1
    assert pay(AT) == len(subjects) - 1
    assert letters == [(str(subject), AT) for subject in subjects if subject != 1]
    assert Duty.objects.get(done_at=None).due_at == AT + timedelta(hours=1)
    with pytest.raises(ValueError, match="nobody pays lettre"):
        owe_all([("letter", 77), ("lettre", 7)], at=AT)
    assert not Duty.objects.filter(subject="77").exists()


def test_a_duty_that_nobody_pays_is_not_owed(letters):
    with pytest.raises(ValueError, match="nobody pays lettre"):
        owe("lettre", 7, at=AT)
    with pytest.raises(ValueError, match="two functions pay letter"):
        duty("letter")(print)


def test_a_failure_is_kept_and_tried_again_ever_more_rarely(letters):
    owe("letter", 7, at=AT)
    letters.trouble = OSError("the mail server is down")
    waits, at = [], AT
    for _attempt in range(10):
        assert pay(at) == 0
        owed = Duty.objects.get()
        assert owed.last_error == "OSError: the mail server is down"
        waits.append(owed.due_at - at)
        assert pay(owed.due_at - timedelta(microseconds=1)) == 0
        at = owed.due_at
    assert waits == [*(FIRST_WAIT * 2**n for n in range(8)), LONGEST_WAIT, LONGEST_WAIT]
    letters.trouble = None
    assert pay(at) == 1
    assert [(d.done_at, d.attempts, d.last_error) for d in Duty.objects.all()] == [(at, 11, "")]
    assert letters == [("7", at)]


def test_one_failure_does_not_hold_up_the_others(letters):
    def send_all_but_one(subject, at):
        if subject == "1":
            raise OSError("no such address")
        letters.append(subject)

    duties._registry["letter"] = send_all_but_one
    for number, minutes in [(2, 2), (1, 1), (3, 3)]:
        owe("letter", number, at=AT + timedelta(minutes=minutes))
    assert pay(AT + timedelta(minutes=3)) == 2
    assert letters == ["2", "3"]


def test_a_worker_that_dies_leaves_the_duty_to_another_when_the_lease_ends(letters):
    owe("letter", 7, at=AT)
    letters.trouble = SystemExit("killed")
    with pytest.raises(SystemExit):
        pay(AT)
    letters.trouble = None
    assert state() == [("7", LEASE, None, 1, "")]
    assert pay(AT + LEASE - timedelta(microseconds=1)) == 0
    assert pay(AT + LEASE) == 1
    assert letters == [("7", AT + LEASE)]


def test_two_workers_that_see_the_same_duty_do_it_once(letters):
    owe("letter", 7, at=AT)

    def meanwhile(subject, at):
        # The other worker looks while this one is at work.
        assert pay(at) == 0
        letters.append(subject)

    duties._registry["letter"] = meanwhile
    assert pay(AT) == 1
    assert letters == ["7"]


def test_a_duty_that_another_worker_took_meanwhile_is_left_to_it(letters):
    owe("letter", 1, at=AT)
    owe("letter", 2, at=AT)

    def meanwhile(subject, at):
        # This worker has both in its hands; the other one takes the second while this one is at the first.
        Duty.objects.filter(subject="2").update(due_at=at + LEASE, attempts=1)
        letters.append(subject)

    duties._registry["letter"] = meanwhile
    assert pay(AT) == 1
    assert letters == ["1"]
    assert state()[1] == ("2", LEASE, None, 1, "")


def test_a_batch_takes_the_oldest_first(letters):
    for number in (3, 1, 2):
        owe("letter", number, at=AT + timedelta(minutes=number))
    assert pay(AT + timedelta(hours=1), limit=2) == 2
    assert [subject for subject, _at in letters] == ["1", "2"]


@pytest.mark.parametrize("name", ["lettre"])
def test_a_duty_whose_code_is_gone_stays_owed_and_says_so(letters, name):
    Duty.objects.create(name=name, subject="7", due_at=AT)
    assert pay(AT) == 0
    assert state() == [("7", FIRST_WAIT, None, 1, f"KeyError: '{name}'")]


def test_the_worker_takes_each_duty_when_it_begins_with_it(letters):
    leases = []

    with time_machine.travel(AT, tick=False) as clock:

        def slow(subject, at):
            leases.append(Duty.objects.get(subject=subject).due_at - timezone.now())
            clock.shift(timedelta(minutes=6))
            if subject == "2":
                raise OSError("no answer")

        duties._registry["letter"] = slow
        for number in (1, 2, 3):
            owe("letter", number, at=AT)
        call_command("work", "--once")
    assert leases == [LEASE, LEASE, LEASE]
    assert [(d.subject, d.done_at and d.done_at - AT) for d in Duty.objects.order_by("pk")] == [
        ("1", timedelta(0)),
        ("2", None),
        ("3", timedelta(minutes=12)),
    ]


def test_a_subject_that_no_column_holds_is_refused_on_every_database():
    with pytest.raises(ValueError, match="too long"):
        owe("evaluation.ranking_pdf", "x" * 101, at=AT)
    owe("evaluation.ranking_pdf", "x" * 100, at=AT)
    assert Duty.objects.filter(name="evaluation.ranking_pdf").count() == 1

from datetime import date, timedelta

import pytest
from django.core import mail

from accounts.models import User
from bando.deadlines import rome
from network.actions import begin_task, change_task, close_space, drop_task, end_agreement, finish_task
from network.models import Task
from network.space_duties import ROUND, remind_of_tasks
from tests import road as roads
from tests.builders import person
from tests.network.test_actions_spaces import methodist
from workflow.duties import pay
from workflow.models import Duty

pytestmark = pytest.mark.django_db
DUE = date(2022, 5, 11)
"""The term of the first task of the body."""


@pytest.fixture
def road():
    made = roads.agreed()
    made.task = made.space.tasks.first()
    Task.objects.exclude(pk=made.task.pk).delete()
    Duty.objects.update(done_at=roads.SIGNED)
    mail.outbox.clear()
    return made


def morning(day: date, hour: int = 8, minute: int = 0):
    return rome(day.year, day.month, day.day, hour, minute)


def told(at) -> list[tuple[list[str], str]]:
    remind_of_tasks(at)
    pay(at)
    pay(at)
    said = [(sent.to, sent.subject) for sent in mail.outbox]
    mail.outbox.clear()
    return said


@pytest.mark.parametrize(
    ("at", "left"),
    [
        (morning(DUE - timedelta(days=4), 23), None),
        (morning(DUE - timedelta(days=3), 7, 59), None),
        (morning(DUE - timedelta(days=3)), "scade tra 3 giorni"),
        (morning(DUE - timedelta(days=1)), "scade domani"),
        (morning(DUE), "scade oggi"),
        (morning(DUE + timedelta(days=1)), None),
    ],
)
def test_who_owns_a_task_is_told_three_days_before_and_on_the_day(road, at, left):
    subject = f"{road.space.name}: {road.task.title} ({left})"
    assert told(at) == ([([road.applicant.email], subject)] if left else [])


def test_a_term_is_told_twice_and_no_more(road):
    days = [DUE - timedelta(days=n) for n in (3, 2, 1, 0)]
    assert [len(told(morning(day, hour))) for day in days for hour in (8, 12)] == [1, 0, 0, 0, 0, 0, 1, 0]


def test_a_new_term_is_told_again(road):
    told(morning(DUE))
    facts = {"kind": "place", "title": "Locale", "owner": "partner", "due_on": DUE + timedelta(days=1)}
    change_task(road.task, **facts, by=road.office, at=roads.OPENED)
    assert len(told(morning(DUE + timedelta(days=1)))) == 1


def test_nobody_is_told_of_a_space_that_its_agreement_left_unopened(road):
    remind_of_tasks(morning(DUE - timedelta(days=3)))
    end_agreement(road.space.partnership.agreement, reason="Revocata.", by=road.office, at=roads.OPENED)
    pay(morning(DUE - timedelta(days=3)))
    assert (mail.outbox, told(morning(DUE))) == ([], [])


@pytest.mark.parametrize("settle", [finish_task, drop_task])
def test_nobody_is_told_of_what_is_settled(road, settle):
    remind_of_tasks(morning(DUE))
    settle(road.task, by=road.office, at=roads.OPENED, **({"reason": "No."} if settle is drop_task else {}))
    pay(morning(DUE))
    assert mail.outbox == []


def test_nobody_is_told_of_a_space_that_is_closed():
    road = roads.opened()
    road.space.tasks.create(kind="other", title="Festa", owner="partner", due_on=DUE)
    close_space(road.space, reason="Fine.", by=road.office, at=roads.OPENED)
    remind_of_tasks(morning(DUE))
    assert Duty.objects.filter(name=ROUND).count() == 0


def test_who_took_a_task_on_is_told_alone(road):
    colleague = person()
    road.application.organisation.memberships.create(user=colleague, role="referent")
    assert sorted(told(morning(DUE - timedelta(days=3)))) == sorted(
        ([user.email], f"{road.space.name}: {road.task.title} (scade tra 3 giorni)") for user in (colleague, road.applicant)
    )
    begin_task(road.task, by=colleague, at=roads.OPENED)
    assert [to for to, _subject in told(morning(DUE))] == [[colleague.email]]


@pytest.mark.parametrize(("owner", "path"), [("office", "/ufficio/compiti/"), ("method", "/rete/compiti/")])
def test_the_mail_leads_each_to_the_page_of_their_own(road, owner, path):
    guide = methodist(road)
    people = {"office": User.objects.filter(is_official=True), "method": User.objects.filter(pk=guide.pk)}[owner]
    Task.objects.update(owner=owner)
    remind_of_tasks(morning(DUE))
    pay(morning(DUE))
    pay(morning(DUE))
    assert sorted(sent.to[0] for sent in mail.outbox) == sorted(user.email for user in people)
    assert all(f"{path}{road.task.pk}/" in sent.body for sent in mail.outbox)


def test_a_day_without_terms_costs_one_query_and_a_night_none(road, django_assert_num_queries):
    with django_assert_num_queries(1):
        remind_of_tasks(morning(DUE - timedelta(days=4)))
    with django_assert_num_queries(0):
        remind_of_tasks(morning(DUE, 7, 59))

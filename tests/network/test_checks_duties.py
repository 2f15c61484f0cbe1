"""The mails about an irregularity: at once, and two days before its term to who has not answered."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from network.actions import confirm_declaration, find_irregular, reply_to_check
from network.checks_duties import remind_of_irregularities
from tests.builders import official
from tests.builders_checks import AT, TERM, all_checked, call_with_declarations, chosen, one_of
from workflow.duties import pay
from workflow.models import Duty

pytestmark = pytest.mark.django_db

NEAR = TERM - timedelta(days=2)


@pytest.fixture
def office():
    return official()


@pytest.fixture
def irregular(office):
    row = chosen(call_with_declarations())
    check = one_of(all_checked(row.call), row)
    find_irregular(check, due_at=TERM, reason="Il certificato è del 2019.", note="Sospetto.", by=office, at=AT)
    return row, check


def paid(at):
    """The mails that the duties of that moment write, by subject."""
    mail.outbox.clear()
    pay(at)
    return [message.subject for message in mail.outbox]


def reminded(at):
    Duty.objects.filter(done_at=None).update(done_at=AT)  # what was told before is not what is asked here
    remind_of_irregularities(at)
    return paid(at)


def test_the_body_is_told_what_is_wrong_until_when_and_where_to_answer(irregular):
    row, check = irregular
    assert paid(AT) == [f"Domanda {row.number}: una dichiarazione da correggere"]
    (message,) = mail.outbox
    assert message.to == sorted([row.created_by.email, row.organisation.pec])
    assert all(
        said in message.body
        for said in (
            "Iscrizione al registro",
            "Il certificato è del 2019.",
            "10 gennaio 2022",
            reverse("check", args=[check.pk]),
        )
    )
    assert "Sospetto." not in message.body


def test_only_the_newest_term_is_told(irregular, office):
    row, check = irregular
    find_irregular(check, due_at=TERM + timedelta(days=5), reason="Altri giorni.", by=office, at=AT + timedelta(hours=1))
    assert paid(AT + timedelta(hours=1)) == [f"Domanda {row.number}: una dichiarazione da correggere"]
    assert "Altri giorni." in mail.outbox[0].body


def test_who_was_confirmed_before_the_worker_woke_up_is_told_nothing(irregular, office):
    _row, check = irregular
    confirm_declaration(check, by=office, at=AT)
    assert paid(AT) == []


@pytest.mark.parametrize(
    ("at", "mails"), [(NEAR - timedelta(microseconds=1), 0), (NEAR, 1), (TERM - timedelta(microseconds=1), 1), (TERM, 0)]
)
def test_a_reminder_goes_two_days_before_the_term(irregular, at, mails):
    row, _check = irregular
    expected = [f"Domanda {row.number}: sta per scadere il termine per correggere una dichiarazione"] * mails
    assert reminded(at) == expected


def test_a_reminder_goes_once_for_a_term(irregular):
    assert len(reminded(NEAR)) == 1
    assert reminded(NEAR + timedelta(minutes=1)) == []


def test_who_has_answered_is_not_reminded_until_asked_again(irregular, office):
    row, check = irregular
    reply_to_check(check, text="Ecco.", document=None, by=row.created_by, at=AT + timedelta(days=1))
    assert reminded(NEAR) == []
    later = TERM + timedelta(days=9)
    find_irregular(check, due_at=later, reason="Manca la firma.", by=office, at=NEAR)
    assert len(reminded(later - timedelta(days=1))) == 1


def test_a_reminder_that_was_owed_says_nothing_of_a_term_that_is_not_the_one_any_more(irregular, office):
    _row, check = irregular
    Duty.objects.update(done_at=AT)
    remind_of_irregularities(NEAR)
    find_irregular(check, due_at=TERM + timedelta(days=9), reason="Altri giorni.", by=office, at=NEAR)
    assert [subject for subject in paid(NEAR) if "scadere" in subject] == []


def test_when_no_term_is_near_there_is_one_question(irregular, django_assert_num_queries):
    with django_assert_num_queries(1):
        remind_of_irregularities(AT)

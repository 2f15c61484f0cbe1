from datetime import date

import pytest

from network import onboarding
from network.models import Owner
from network.words import TASK_KINDS

SIGNED = date(2022, 4, 11)


def test_every_step_of_a_space_has_tasks_and_every_task_a_step():
    assert {default.kind for default in onboarding.DEFAULTS} == onboarding.BEFORE_THE_DOOR
    assert set(onboarding.KINDS) - {onboarding.OTHER} == onboarding.BEFORE_THE_DOOR
    assert onboarding.STAFFING | onboarding.SCHOOLING < onboarding.BEFORE_THE_DOOR


def test_the_owners_and_the_kinds_are_those_that_the_rows_and_the_words_know():
    assert {onboarding.OFFICE, onboarding.PARTNER, onboarding.METHOD} == set(Owner.values)
    assert {default.owner for default in onboarding.DEFAULTS} == set(Owner.values)
    assert tuple(TASK_KINDS) == onboarding.KINDS


@pytest.mark.parametrize(
    ("counted", "opens_on", "due"),
    [
        ({"after_signature": 30}, None, date(2022, 5, 11)),
        ({"after_signature": 30}, date(2022, 5, 2), date(2022, 5, 11)),
        ({"after_signature": 0}, None, SIGNED),
        ({"before_opening": 14}, date(2022, 6, 15), date(2022, 6, 1)),
        ({"before_opening": 0}, date(2022, 6, 15), date(2022, 6, 15)),
        ({"before_opening": 30}, None, date(2022, 7, 10)),  # 120 days after the signature, less 30
    ],
)
def test_a_term_is_counted_from_the_signature_or_back_from_the_opening(counted, opens_on, due):
    assert onboarding.Default("place", "Locale", "partner", **counted).due_on(SIGNED, opens_on) == due


def test_each_default_is_counted_in_one_way():
    assert [d.title for d in onboarding.DEFAULTS if (d.after_signature is None) == (d.before_opening is None)] == []


@pytest.mark.parametrize(
    ("due_on", "late"),
    [(None, 0), (date(2022, 5, 3), 0), (date(2022, 5, 2), 0), (date(2022, 5, 1), 1), (date(2022, 4, 29), 3)],
)
def test_a_task_is_late_from_the_day_after_its_term(due_on, late):
    assert onboarding.days_late(due_on, date(2022, 5, 2)) == late

from datetime import timedelta
from types import SimpleNamespace

import pytest

from bando.deadlines import rome
from network.actions import answer_request, move_request, take_request
from network.models import ReportingTerm, Space
from network.report_figures import requests_counted
from network.states import SpaceState
from tests.builders_report import term_of
from tests.builders_request import Desk, desk, received

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
LATE = rome(2022, 7, 31, 22)
"""Two hours before the second term begins."""


@pytest.fixture
def made() -> Desk:
    return desk()


@pytest.fixture
def other(made) -> Space:
    facts = {"state": SpaceState.OPEN, "partnership": made.space.partnership, "municipio": 3}
    return Space.objects.create(slug="altro", name="Spazio Altro", **facts)


def counted(space: Space, number: int) -> tuple[int, int, int]:
    """Received, answered, had by another before: of a term of the agreement of both Spazi."""
    found = requests_counted(space, term(space, number))
    return found["received"], found["answered"], found["moved"]


def term(space: Space, number: int) -> ReportingTerm:
    return term_of(SimpleNamespace(agreement=space.partnership.agreement), number)


def moved(made: Desk, request, to: Space | None, at) -> None:
    move_request(request, to, reason="È più vicino a casa", by=made.office, at=at)


def answered(made: Desk, request, at) -> None:
    take_request(request, by=made.office, at=at)
    answer_request(request, "Lunedì alle 9.", by=made.office, at=at)


def test_a_request_that_went_on_is_told_by_both_spazi_each_in_the_term_in_which_it_came(made, other):
    request = received(made, at=LATE)
    moved(made, request, other, LATE + 2 * HOUR)
    answered(made, request, LATE + 3 * HOUR)
    assert [counted(made.space, 1), counted(made.space, 2)] == [(1, 0, 0), (0, 0, 0)]
    assert [counted(other, 1), counted(other, 2)] == [(0, 0, 0), (1, 1, 1)]


def test_a_request_that_comes_back_is_the_same_request(made, other):
    request = received(made, at=LATE)
    moved(made, request, other, LATE + HOUR)
    moved(made, request, made.space, LATE + 2 * HOUR)
    answered(made, request, LATE + 3 * HOUR)
    assert [counted(made.space, 1), counted(made.space, 2)] == [(1, 1, 0), (0, 0, 0)]
    assert counted(other, 1) == (1, 0, 1)


def test_a_request_that_the_office_had_before_was_told_by_no_spazio(made, other):
    request = received(made, at=LATE, space=None, municipio=None)
    moved(made, request, other, LATE + HOUR)
    assert counted(other, 1) == (1, 0, 0)


def test_the_requests_that_stayed_are_counted_with_those_that_came(made, other, django_assert_num_queries):
    for _n in range(2):
        received(made, at=LATE, space=other)
        moved(made, received(made, at=LATE), other, LATE + HOUR)
    first = term(other, 1)
    with django_assert_num_queries(4):
        found = requests_counted(other, first)
    assert found == {"received": 4, "service": 4, "answered": 0, "moved": 2}

"""What was published for five years, and what is there afterwards."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from bando.deadlines import day_in_rome, rome
from bando.views.ended import Ended, hold_the_term
from tests.builders import official, person

pytestmark = pytest.mark.django_db

LAST, AFTER = rome(2026, 12, 31, 23, 59, 59), rome(2027, 1, 1)


def asked(user, at):
    request = RequestFactory().get("/")
    request.user, request.arrived_at = user, at
    return request


@pytest.mark.parametrize("published_at", [rome(2021, 1, 1), rome(2021, 12, 31, 23, 59, 59)])
@pytest.mark.parametrize(
    ("who", "at", "is_there"),
    [
        (AnonymousUser, LAST, True),
        (AnonymousUser, AFTER, False),
        (person, AFTER, False),
        (official, AFTER, True),
    ],
)
def test_it_stays_to_the_last_day_of_the_fifth_year_and_then_for_the_office(published_at, who, at, is_there):
    request = asked(who(), at)
    if is_there:
        hold_the_term(request, published_at, call=None, what="Elenco")
    else:
        with pytest.raises(Ended) as ended:
            hold_the_term(request, published_at, call=None, what="Elenco")
        assert (ended.value.what, ended.value.published) == ("Elenco", day_in_rome(published_at))

from datetime import date, timedelta

import pytest

from bando.models import Call
from network.actions import close_space, draft_agreement, fill_again, leave_empty, open_space, plan_further_space
from network.models import EmptyPlace, Partnership
from network.rules.spaces import places_of
from tests import road as roads
from tests.builders_network import two_selected
from tests.network.test_actions_spaces import refused

pytestmark = pytest.mark.django_db
AT = roads.OPENED
ACT = {"act_number": "15/2022", "act_date": date(2022, 5, 2)}


def empty(road, count, **changes):
    facts = {"reason": "Nessuna proposta.", **ACT, "by": road.office, "at": AT, **changes}
    return leave_empty(road.call, "area-1", count=count, **facts)


@pytest.fixture
def road():
    """One Spazio of the 20 places of the area."""
    return roads.opened()


@pytest.mark.parametrize(
    ("counts", "said"),
    [([19], []), ([20], ["I posti che nessuno Spazio prende sono 19: scrivi un numero fino a 19."]), ([10, 9], [])],
)
def test_no_more_places_stay_empty_than_no_space_takes(road, counts, said):
    found = refused(empty, road, counts[0]) if said else [empty(road, count) for count in counts] and []
    assert found == said
    assert places_of(road.call, "area-1").left == (19 if said else 0)


def test_acts_that_leave_places_empty_are_counted_together(road):
    empty(road, 12, municipio=4)
    assert refused(empty, road, 8) == ["I posti che nessuno Spazio prende sono 7: scrivi un numero fino a 7."]
    empty(road, 7)
    assert refused(empty, road, 1) == ["I posti che nessuno Spazio prende sono 0: scrivi un numero fino a 0."]


def test_a_space_that_closed_for_good_takes_no_place(road):
    close_space(road.space, reason="Fine.", by=road.office, at=AT)
    empty(road, 20)
    assert places_of(road.call, "area-1").left == 0


def test_selected_proposals_have_their_places_before_they_sign():
    two = two_selected()
    road = two.road
    assert refused(empty, road, 19) == ["I posti che nessuno Spazio prende sono 18: scrivi un numero fino a 18."]
    empty(road, 18)
    agreement = draft_agreement(two.both[0], at=roads.SIGNED)
    roads.sign(agreement, by=road.office)
    places = places_of(road.call, "area-1")
    assert (places.taken, places.unsigned, places.empty, places.left) == (1, 1, 18, 0)
    another = {"name": "Altro", "reason": "Serve.", "by": road.office, "at": AT}
    assert refused(plan_further_space, Partnership.objects.get(), **another) == [
        "Nell'area non resta nessun posto: sono 20, 1 sono di Spazi, 1 di proposte selezionate che devono ancora firmare e 18 "
        "restano vuoti per atto."
    ]
    Call.objects.update(state="revoked")
    assert places_of(Call.objects.get(), "area-1").unsigned == 0


def test_a_space_that_closed_opens_again_while_a_place_is_left(road):
    close_space(road.space, reason="Fine.", by=road.office, at=AT)
    act = empty(road, 20)
    again = {"on": AT.date(), "by": road.office, "at": AT + timedelta(hours=1)}
    said = ["Nell'area non resta nessun posto: sono 20, 0 sono di Spazi e 20 restano vuoti per atto."]
    assert refused(open_space, road.space, **again) == said
    fill_again(act, reason="Riapre.", **ACT, by=road.office, at=AT)
    empty(road, 19)
    open_space(road.space, **again)
    assert places_of(road.call, "area-1").left == 0


def test_a_later_act_that_is_a_row_too_opens_places_again(road):
    first = empty(road, 19)
    partnership = road.space.partnership
    said = ["Nell'area non resta nessun posto: sono 20, 1 sono di Spazi e 19 restano vuoti per atto."]
    another = {"name": "Altro", "reason": "Serve.", "by": road.office, "at": AT}
    assert refused(plan_further_space, partnership, **another) == said
    undone = fill_again(first, reason=" Nuovo bando. ", **ACT, by=road.office, at=AT + timedelta(days=1))
    assert (undone.undoes, undone.count, undone.reason) == (first, 19, "Nuovo bando.")
    assert (EmptyPlace.objects.count(), EmptyPlace.objects.standing().count()) == (2, 0)
    plan_further_space(partnership, **another)
    for row in (first, undone):
        assert refused(fill_again, row, reason="Ancora.", **ACT, by=road.office, at=AT) == [
            "Questo atto è già stato annullato da un altro."
        ]


def test_the_office_alone_leaves_places_empty_and_opens_them_again(road):
    said = ["Lo può fare solo chi lavora nell'ufficio."]
    assert refused(empty, road, 1, by=road.applicant) == said
    row = empty(road, 1)
    assert refused(fill_again, row, reason="Sì.", **ACT, by=road.applicant, at=AT) == said
    assert EmptyPlace.objects.count() == 1

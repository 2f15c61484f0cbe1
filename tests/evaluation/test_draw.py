"""A draw that anybody can repeat and nobody can steer."""

import hashlib
import json
from collections import Counter
from datetime import datetime
from itertools import permutations

import pytest

from bando.deadlines import rome
from evaluation.draw import commitment, committed_groups, decides, drawn, groups_of, normalised, turn, turns

GROUPS = (("A-0002", "A-0005"), ("A-0003", "A-0004", "A-0007"))
VALUE_AT = rome(2021, 12, 4, 20)
GIVEN = {
    "ranking_sha256": "0" * 64,
    "call": "spazi-wemi-2021",
    "area": "area-1",
    "groups": GROUPS,
    "source": "Estrazione del Lotto, ruota di Milano: i cinque numeri nell'ordine di uscita",
    "value_at": VALUE_AT,
}
TEXT = commitment(**GIVEN)
VALUE = "12 45 7 88 31"


def test_the_order_is_what_any_program_with_sha_256_computes():
    sha256 = hashlib.sha256(TEXT.encode()).hexdigest()
    everybody = [number for group in json.loads(TEXT)["groups"] for number in group]
    by_hand = sorted(everybody, key=lambda number: hashlib.sha256(f"{sha256}\n{VALUE}\n{number}".encode()).hexdigest())
    assert list(drawn(TEXT, VALUE)) == by_hand
    assert by_hand == ["A-0007", "A-0002", "A-0004", "A-0005", "A-0003"]
    assert [number for number, _hash in turns(TEXT, VALUE)] == by_hand
    assert turns(TEXT, VALUE)[0] == ("A-0007", turn(sha256, VALUE, "A-0007"))


def test_repeating_gives_the_same_order():
    assert len({drawn(TEXT, VALUE) for _ in range(100)}) == 1


@pytest.mark.parametrize(
    "typed",
    ["12 45 7 88 31", "  12 45 7 88 31\n", "12  45\t7 88 31", "12\u00a045 7 88 31"],
    ids=["plain", "ends", "runs", "nbsp"],
)
def test_the_manner_of_typing_the_value_changes_nothing(typed):
    assert drawn(TEXT, typed) == drawn(TEXT, VALUE)


def test_composed_and_decomposed_letters_are_the_same_value():
    assert normalised("perche\u0301") == normalised("perch\u00e9") == "perch\u00e9"


@pytest.mark.parametrize("change", [{"area": "area-2"}, {"ranking_sha256": "1" * 64}, {"source": "Un'altra fonte"}])
def test_what_was_committed_belongs_to_the_draw(change):
    """Another list is another draw: over twenty values, the two do not go together."""
    other = commitment(**{**GIVEN, **change})
    values = [f"{n} 2 3 4 5" for n in range(20)]
    assert [drawn(other, value) for value in values] != [drawn(TEXT, value) for value in values]


def test_each_order_of_a_group_comes_as_often_as_any_other():
    """Six orders of three proposals over 6,000 values: each about 1,000 times (within five standard deviations, 145)."""
    orders = (drawn(TEXT, str(value)) for value in range(6_000))
    found = Counter(tuple(number for number in order if number in GROUPS[1]) for order in orders)
    assert set(found) == set(permutations(GROUPS[1]))
    assert all(abs(times - 1_000) < 145 for times in found.values())


def test_chance_and_not_the_number_separates_two_of_different_groups():
    """Marks may change after the draw, so that those of two groups are equal: who came earlier is before in half of the cases."""
    orders = [drawn(TEXT, str(value)) for value in range(2_000)]
    assert abs(sum(order.index("A-0002") < order.index("A-0003") for order in orders) - 1_000) < 112


@pytest.mark.parametrize(
    ("ties", "expected"),
    [
        ([("A-0002", "A-0005")], True),
        ([("A-0003", "A-0007")], True),
        ([("A-0002", "A-0003")], True),
        ([("A-0002", "A-0005", "A-0009")], False),
        ([("A-0008", "A-0009"), ("A-0002", "A-0005")], True),
        ([], False),
    ],
    ids=["a group", "part of a group", "two groups", "one more", "beside another tie", "nothing tied"],
)
def test_a_list_decides_a_tie_that_is_wholly_in_it(ties, expected):
    assert decides(drawn(TEXT, VALUE), [{"applications": list(tie)} for tie in ties]) is expected


def test_what_is_drawn_are_the_ties_of_the_ranking_whatever_their_order():
    ties = [
        {"position": 4, "outcome": "waiting", "applications": ["A-0007", "A-0003", "A-0004"], "lot": ""},
        {"position": 1, "outcome": "selected", "applications": ["A-0005", "A-0002"], "lot": ""},
    ]
    assert groups_of(ties) == groups_of(reversed(ties)) == GROUPS == committed_groups(TEXT)


@pytest.mark.parametrize("groups", [(), (("A-0001",),), (("A-0001", "A-0002"), ("A-0003",))])
def test_there_is_no_draw_among_fewer_than_two(groups):
    with pytest.raises(ValueError, match="two proposals at least"):
        commitment(**{**GIVEN, "groups": groups})


def test_the_moment_of_the_value_carries_its_zone():
    with pytest.raises(ValueError, match="zone"):
        commitment(**{**GIVEN, "value_at": datetime(2021, 12, 4, 20)})  # noqa: DTZ001

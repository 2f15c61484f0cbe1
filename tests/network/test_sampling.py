"""A sample that anybody can draw again and nobody can steer."""

import hashlib
import json
import random
from collections import Counter
from datetime import datetime

import pytest

from bando.deadlines import rome
from network.sampling import EVERY, HOW, METHOD, Declaration, Rule, commitment, committed, drawn, every_one, read, size, turns

CODES = ("contratti", "fallimento", "penale", "registro")
VALUE_AT = rome(2022, 1, 15, 20)
VALUE = "12 45 7 88 31"


def population(proposals: int = 5, bodies: int = 2) -> list[Declaration]:
    return [
        Declaration(f"SW-2021-{proposal:05}", body, code)
        for proposal in range(1, proposals + 1)
        for body in range(1, bodies + 1)
        for code in CODES
    ]


def text(listed=None, *, percent=10, minimum=5, each_proposal=False, **changes):
    given = {"call": "spazi-wemi-2021", "area": "area-1", "number": 1, "source": "Lotto, ruota di Milano", "value_at": VALUE_AT}
    rule = Rule(percent, minimum, each_proposal)
    return commitment(population=population() if listed is None else listed, rule=rule, **{**given, **changes})


def test_each_turn_is_what_any_program_with_sha_256_computes():
    sha256 = hashlib.sha256(text().encode()).hexdigest()
    by_hand = {
        identifier: hashlib.sha256(f"{sha256}\n{VALUE}\n{identifier}".encode()).hexdigest()
        for identifier in json.loads(text())["population"]
    }
    found = turns(text(), VALUE)
    assert {declaration.identifier: hash_ for declaration, hash_ in found} == by_hand
    assert [declaration.identifier for declaration, _hash in found] == sorted(by_hand, key=by_hand.get)
    assert [one.identifier for one in drawn(text(), VALUE)] == sorted(by_hand, key=by_hand.get)[:5]


def test_the_sample_is_the_one_that_sha256sum_computed_once():
    assert [one.identifier for one in drawn(text(), VALUE)] == [
        "SW-2021-00005/1/fallimento",
        "SW-2021-00002/1/penale",
        "SW-2021-00004/1/contratti",
        "SW-2021-00004/1/fallimento",
        "SW-2021-00005/1/contratti",
    ]


@pytest.mark.parametrize("seed", range(20))
def test_the_order_in_which_the_list_was_written_changes_nothing(seed):
    shuffled = random.Random(seed).sample(population(), k=40)
    assert text(shuffled) == text()


@pytest.mark.parametrize(
    ("percent", "minimum", "proposals", "bodies", "expected"),
    [
        (10, 1, 5, 2, 4),
        (11, 1, 5, 2, 5),
        (10, 4, 5, 2, 4),
        (10, 5, 5, 2, 5),
        (10, 41, 5, 2, 40),
        (100, 1, 5, 2, 40),
        (99, 1, 5, 2, 40),
        (97, 1, 5, 2, 39),
        (1, 1, 5, 2, 1),
        (1, 1, 25, 1, 1),
        (1, 1, 26, 1, 2),
        (7, 1, 25, 1, 7),
    ],
)
def test_the_size_follows_from_the_rule(percent, minimum, proposals, bodies, expected):
    assert size(Rule(percent, minimum, each_proposal=False), population(proposals, bodies)) == expected


@pytest.mark.parametrize(("proposals", "expected"), [(4, 5), (5, 5), (6, 6), (60, 60), (61, 61)])
def test_a_sample_of_one_each_is_as_large_as_the_proposals_are_many(proposals, expected):
    assert size(Rule(10, 5, each_proposal=True), population(proposals)) == max(expected, -(-proposals * 8 * 10 // 100))


def test_where_nothing_can_be_drawn_the_size_is_zero():
    assert size(Rule(10, 5, each_proposal=True), []) == 0


@pytest.mark.parametrize("value", range(50))
def test_with_one_each_every_proposal_is_drawn_and_the_rest_goes_by_turn(value):
    committed_text = text(population(12), each_proposal=True, minimum=20)
    found = drawn(committed_text, str(value))
    order = [declaration for declaration, _hash in turns(committed_text, str(value))]
    firsts = {}
    for declaration in order:
        firsts.setdefault(declaration.application, declaration)
    others = [declaration for declaration in order if declaration not in firsts.values()]
    assert Counter(one.application for one in found).keys() == firsts.keys()
    assert set(found) == {*firsts.values(), *others[:8]}
    assert list(found) == [declaration for declaration in order if declaration in found]


def test_a_sample_is_never_larger_than_its_size_says():
    rows = [(percent, minimum, each) for percent in (1, 33, 100) for minimum in (1, 9, 99) for each in (False, True)]
    said = [text(percent=percent, minimum=minimum, each_proposal=each) for percent, minimum, each in rows]
    assert [len(set(drawn(one, VALUE))) for one in said] == [json.loads(one)["size"] for one in said]


def test_each_declaration_comes_about_as_often_as_any_other():
    """5 of 40 over 4,000 values: each about 500 times (within five standard deviations, 105)."""
    committed_text = text()
    found = Counter(one for value in range(4_000) for one in drawn(committed_text, str(value)))
    assert set(found) == set(population())
    assert all(abs(times - 500) < 105 for times in found.values())


def test_the_file_says_how_in_words_and_which_rule():
    said = json.loads(text(each_proposal=True))
    assert (said["schema"], said["method"], said["how"]) == ("bando/sample/1", METHOD, HOW[True])
    assert (said["rule"], said["size"]) == ({"percent": 10, "minimum": 5, "each_proposal": True}, 5)
    assert said["value_at"] == "2022-01-15T19:00:00.000000Z"


def test_where_all_are_verified_there_is_a_list_and_nothing_to_draw():
    said = json.loads(every_one(call="c", area="a", number=2, population=population(1, 1)))
    assert said == {
        "schema": "bando/sample/1",
        "method": EVERY,
        "call": "c",
        "area": "a",
        "number": 2,
        "population": [f"SW-2021-00001/1/{code}" for code in CODES],
        "size": 4,
    }


@pytest.mark.parametrize("number", ["SW-2021-00001", "SW/2021/7"])
def test_an_identifier_is_read_as_it_was_written(number):
    assert read(f"{number}/12/registro") == Declaration(number, 12, "registro")


def test_the_population_is_read_back():
    assert committed(text()) == tuple(sorted(population()))


@pytest.mark.parametrize("change", [{"number": 2}, {"area": "area-2"}, {"source": "Altro"}, {"percent": 12}])
def test_another_commitment_is_another_sample(change):
    assert [drawn(text(**change), str(value)) for value in range(9)] != [drawn(text(), str(value)) for value in range(9)]


@pytest.mark.parametrize(("percent", "minimum"), [(0, 1), (101, 1), (10, 0)])
def test_a_rule_that_draws_nothing_or_too_much_is_no_rule(percent, minimum):
    with pytest.raises(ValueError, match="from 1 to 100 percent"):
        Rule(percent, minimum, each_proposal=False)


@pytest.mark.parametrize(
    ("listed", "reason"), [([], "no declaration"), ([*population(1, 1), population(1, 1)[0]], "listed twice")]
)
def test_a_list_holds_something_and_everything_once(listed, reason):
    with pytest.raises(ValueError, match=reason):
        text(listed)


def test_the_moment_of_the_value_carries_its_zone():
    with pytest.raises(ValueError, match="zone"):
        text(value_at=datetime(2022, 1, 15, 20))  # noqa: DTZ001

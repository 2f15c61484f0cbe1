from __future__ import annotations

import pytest

from bando.notice.merge import ABSENT, Contest, Merged, Prefer, changes, follow, merge, replaced, same, value_at

A, B, C, D = ({"code": code, "title": f"Area {code}"} for code in "abcd")


def with_title(item, title):
    return item | {"title": title}


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        pytest.param({"a": 1}, {"a": 2}, {"a": 1}, {"a": 2}, id="only I changed it"),
        pytest.param({"a": 1}, {"a": 1}, {"a": 2}, {"a": 2}, id="only they changed it"),
        pytest.param({"a": 1}, {"a": 2}, {"a": 2}, {"a": 2}, id="both changed it in the same way"),
        pytest.param({"a": 1, "b": 1}, {"a": 2, "b": 1}, {"a": 1, "b": 2}, {"a": 2, "b": 2}, id="two keys"),
        pytest.param({}, {"a": {"x": 1}}, {"a": {"y": 2}}, {"a": {"y": 2, "x": 1}}, id="both began the same part"),
        pytest.param({"a": 1, "b": 1}, {"b": 1}, {"a": 1, "b": 2}, {"b": 2}, id="I emptied one, they changed the other"),
        pytest.param({"a": {"b": {"c": 1, "d": 1}}}, {"a": {"b": {"c": 2, "d": 1}}}, {"a": {"b": {"c": 1, "d": 2}}},
                     {"a": {"b": {"c": 2, "d": 2}}}, id="deep down"),
    ],
)  # fmt: skip
def test_what_two_people_did_to_different_values_is_put_together(base, mine, theirs, merged):
    assert merge(base, mine, theirs) == Merged(merged, ())


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        pytest.param([A], [A, C], [A, B], [A, B, C], id="two adds at the end keep both, the saved one first"),
        pytest.param([], [{}], [{}], [{}, {}], id="two empty adds are two"),
        pytest.param([A, B], [A, C, B], [A, B, D], [A, C, B, D], id="two adds at two places"),
        pytest.param([A, B], [C, A, B], [D, A, B], [D, C, A, B], id="two adds at the beginning"),
        pytest.param([A, B], [A, with_title(B, "mia")], [C, A, B], [C, A, with_title(B, "mia")], id="add and edit"),
        pytest.param([A, B, C], [A, B, with_title(C, "mia")], [C, A, B], [with_title(C, "mia"), A, B], id="move and edit"),
        pytest.param([A, B, C], [C, A, B], [A, B, with_title(C, "sua")], [with_title(C, "sua"), A, B], id="edit and move"),
        pytest.param([A, B, C], [A, C], [C, A, B], [C, A], id="remove and move"),
        pytest.param([A, B, C], [A, C], [B, C], [C], id="two removes"),
        pytest.param([A, B, C], [B, A, C], [B, A, C], [B, A, C], id="the same move"),
        pytest.param([A, B], [A, B, C], [B, A], [B, C, A], id="add and move: it stays behind what it was put behind"),
        pytest.param([A], [{"code": "z", "title": "Area a"}], [A, B], [{"code": "z", "title": "Area a"}, B], id="a code changed"),
    ],
)  # fmt: skip
def test_what_two_people_did_to_a_list_is_put_together(base, mine, theirs, merged):
    assert merge({"areas": base}, {"areas": mine}, {"areas": theirs}) == Merged({"areas": merged}, ())


def test_the_same_value_changed_in_two_ways_is_contested_and_the_rest_is_put_together():
    base = {"areas": [A, B], "title": "uno"}
    mine = {"areas": [with_title(A, "mia"), B], "title": "due"}
    theirs = {"areas": [C, with_title(A, "sua"), B], "title": "uno"}
    contest = Contest(("areas", 0, "title"), "mia", "sua")
    assert merge(base, mine, theirs) == Merged({"areas": [C, with_title(A, "mia"), B], "title": "due"}, (contest,))
    assert merge(base, mine, theirs, prefer=Prefer.THEIRS) == Merged(
        {"areas": [C, with_title(A, "sua"), B], "title": "due"}, (contest,)
    )


@pytest.mark.parametrize(
    ("mine", "theirs", "contest", "kept_by_me", "kept_by_them"),
    [
        ([with_title(A, "mia")], [], Contest((0,), with_title(A, "mia"), ABSENT), [with_title(A, "mia")], []),
        ([], [with_title(A, "sua")], Contest((0,), ABSENT, with_title(A, "sua")), [], [with_title(A, "sua")]),
    ],
)
def test_an_edit_against_a_removal_is_contested(mine, theirs, contest, kept_by_me, kept_by_them):
    assert merge([A], mine, theirs) == Merged(kept_by_me, (contest,))
    assert merge([A], mine, theirs, prefer=Prefer.THEIRS) == Merged(kept_by_them, (contest,))


def test_two_orders_of_a_list_are_contested():
    contest = Contest((), [B, A, C], [C, A, B], is_order=True)
    assert merge([A, B, C], [B, A, C], [C, A, B]) == Merged([B, A, C], (contest,))
    assert merge([A, B, C], [B, A, C], [C, A, B], prefer=Prefer.THEIRS) == Merged([C, A, B], (contest,))


def test_a_list_of_plain_values_is_one_value():
    assert merge(["pdf"], ["pdf", "p7m"], ["pdf"]) == Merged(["pdf", "p7m"], ())
    assert merge(["pdf"], ["pdf", "p7m"], ["pdf", "zip"]).contests == (Contest((), ["pdf", "p7m"], ["pdf", "zip"]),)


def test_a_page_says_where_its_items_come_from_and_nothing_is_guessed():
    base, mine, theirs = [{"label": "a"}, {"label": "b"}], [{"label": "b"}], [{"label": "a"}, {"label": "b", "points": 1}]
    # Of two lines the second was removed and the first renamed as it: by its name alone it would be the second.
    by_origin = merge(base, mine, theirs, origins={(): [0]})
    assert by_origin == Merged([{"label": "b"}], (Contest((1,), ABSENT, {"label": "b", "points": 1}),))
    assert merge(base, mine, theirs) == Merged([{"label": "b", "points": 1}], ())


def test_true_is_not_one():
    assert merge({"a": True}, {"a": 1}, {"a": True}) == Merged({"a": 1}, ())


@pytest.mark.parametrize(
    ("one", "other", "places"),
    [
        ([A, B], [B, A], [1, 0]),
        ([A, B], [with_title(B, "x"), C], [1, None]),
        ([{"label": "a", "points": 1}], [{"label": "b", "points": 1}], [0]),
        ([{"label": "a", "points": 1, "x": 1}], [{"label": "b", "points": 2, "x": 1}], [None]),
        ([{}, {}], [{}], [0]),
        ([], [A], [None]),
    ],
)
def test_an_item_is_found_again(one, other, places):
    assert same(one, other) == places


def test_a_path_is_followed_into_another_state():
    one = {"grids": [{"code": "g", "criteria": [A, B]}]}
    other = {"grids": [{"code": "x"}, {"code": "g", "criteria": [B, with_title(A, "x")]}]}
    assert follow(one, other, ("grids", 0, "criteria", 0, "title")) == ("grids", 1, "criteria", 1, "title")
    assert follow(one, {"grids": [{"code": "g", "criteria": [A]}]}, ("grids", 0, "criteria", 1)) is None
    assert follow(one, other, ("grids", 5)) is None


def test_a_value_is_read_and_replaced_at_its_path():
    data = {"areas": [A, B]}
    assert value_at(data, ("areas", 1, "title")) == "Area b"
    assert [value_at(data, path) for path in [("areas", 2), ("areas", "x"), ("grids",), ("areas", 0, 0)]] == [ABSENT] * 4
    assert replaced(data, ("areas", 1, "title"), "Nuova") == {"areas": [A, with_title(B, "Nuova")]}
    assert replaced(data, ("areas", 0), ABSENT) == {"areas": [B]}
    assert replaced(data, ("calendar", "opens"), "x") == {"areas": [A, B], "calendar": {"opens": "x"}}
    assert replaced({"calendar": "presto"}, ("calendar", "opens"), "x") == {"calendar": {"opens": "x"}}
    with pytest.raises(IndexError):
        replaced(data, ("areas", 2, "title"), "x")
    assert data == {"areas": [A, B]}


def test_what_changed_is_told_value_by_value():
    before, after = {"areas": [A, B, C], "title": "x"}, {"areas": [C, with_title(A, "y")], "id": "i"}
    assert list(changes(before, after)) == [
        Contest(("areas", 1, "title"), "y", "Area a"),
        Contest(("areas", 1), ABSENT, B),
        Contest(("areas",), after["areas"], before["areas"], is_order=True),
        Contest(("id",), "i", ABSENT),
        Contest(("title",), ABSENT, "x"),
    ]
    assert list(changes(before, before)) == []

import pytest

from bando.editor.forms import Act, act_of, done

DATA = {"rows": [{"n": 0, "in": [{"a": 0}, {"a": 1}]}, {"n": 1}, {"n": 2, "in": [{"a": 2}]}]}
ORIGINS = {("rows",): [0, None, 4], ("rows", 0, "in"): [1, 0], ("rows", 2, "in"): [None]}


@pytest.mark.parametrize(
    ("button", "act"),
    [
        ("scale:add", Act("add", ("grids", 0, "scale"))),
        ("columns-1-choices-0:up", Act("up", ("grids", 0, "columns", 1, "choices", 0))),
        ("posti%2Dletto:drop", Act("drop", ("grids", 0, "posti-letto"))),
        ("save", None),
        ("refresh:type", None),
        (":clear", None),
        ("", None),
    ],
)
def test_a_button_says_what_it_does_and_to_what(button, act):
    assert act_of(button, ("grids", 0)) == act


@pytest.mark.parametrize(
    ("verb", "path", "numbers", "origins", "focus"),
    [
        ("up", ("rows", 2), [0, 2, 1], {("rows",): [0, 4, None], ("rows", 0, "in"): [1, 0], ("rows", 1, "in"): [None]}, 1),
        ("down", ("rows", 0), [1, 0, 2], {("rows",): [None, 0, 4], ("rows", 1, "in"): [1, 0], ("rows", 2, "in"): [None]}, 1),
        ("remove", ("rows", 0), [1, 2], {("rows",): [None, 4], ("rows", 1, "in"): [None]}, 0),
        ("remove", ("rows", 2), [0, 1], {("rows",): [0, None], ("rows", 0, "in"): [1, 0]}, 1),
        ("up", ("rows", 0), [0, 1, 2], ORIGINS, 0),
        ("down", ("rows", 2), [0, 1, 2], ORIGINS, 2),
    ],
)
def test_what_is_known_of_the_items_goes_along_with_them(verb, path, numbers, origins, focus):
    data, moved, at = done(DATA, Act(verb, path), ORIGINS)
    assert ([row["n"] for row in data["rows"]], moved, at) == (numbers, origins, ("rows", focus))


def test_what_is_added_is_new_and_stands_at_the_end():
    data, moved, at = done(DATA, Act("add", ("rows",)), ORIGINS, {"n": 3})
    assert (data["rows"][3], moved[("rows",)], at) == ({"n": 3}, [0, None, 4, None], ("rows", 3))


def test_a_copy_is_new_and_stands_behind_what_it_copies():
    data, moved, at = done(DATA, Act("copy", ("rows", 0)), ORIGINS, {"n": 9})
    assert [row["n"] for row in data["rows"]] == [0, 9, 1, 2]
    assert (moved[("rows",)], moved[("rows", 3, "in")], at) == ([0, None, None, 4], [None], ("rows", 1))


def test_the_last_item_that_goes_takes_the_list_with_it():
    assert done({"rows": [{}]}, Act("remove", ("rows", 0)), {}) == ({}, {("rows",): []}, ("rows",))

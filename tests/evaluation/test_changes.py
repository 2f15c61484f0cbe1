"""What changed between two versions."""

import pytest

from evaluation.changes import Change, Standing, changes


def row(application, position, outcome="selected", total="80.00", title=""):
    return {
        "application": application,
        "body": f"Ente {application}",
        "position": position,
        "outcome": outcome,
        "total": {"published": total, "exact": "80"},
        "title": title,
    }


BEFORE = {"rows": [row("A", 1, total="90.00"), row("B", 2)]}


def test_the_same_rows_change_nothing():
    assert changes(BEFORE, {"rows": list(reversed(BEFORE["rows"]))}) == []


@pytest.mark.parametrize(
    ("after", "standing"),
    [
        (row("B", 3), Standing(3, "selected", "80.00", "")),
        (row("B", 2, outcome="waiting"), Standing(2, "waiting", "80.00", "")),
        (row("B", 2, total="81.00"), Standing(2, "selected", "81.00", "")),
        (row("B", 2, title="Altro"), Standing(2, "selected", "80.00", "Altro")),
    ],
)
def test_a_place_an_outcome_a_total_or_a_title_is_a_change(after, standing):
    found = changes(BEFORE, {"rows": [BEFORE["rows"][0], after]})
    assert found == [Change("B", "Ente B", Standing(2, "selected", "80.00", ""), standing)]


def test_who_came_and_who_left_are_changes_too():
    found = changes(BEFORE, {"rows": [row("A", 1, total="90.00"), row("C", 2)]})
    assert found == [
        Change("C", "Ente C", None, Standing(2, "selected", "80.00", "")),
        Change("B", "Ente B", Standing(2, "selected", "80.00", ""), None),
    ]

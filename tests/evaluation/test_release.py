"""What a ranking takes on when it is published."""

from datetime import date

import pytest

from evaluation.release import released, retitled

CONTENT = {"act": None, "version": None, "unfilled": 1, "unfilled_reason": "", "rows": [{"application": "A", "title": "Uno"}]}
FACTS = {
    "number": 2,
    "kind": "final",
    "replaces": "a" * 64,
    "note": "Una somma era sbagliata.",
    "act_number": "12/2021",
    "act_date": date(2021, 12, 1),
    "unfilled_reason": "Poche proposte.",
}


def test_a_version_says_which_it_is_and_which_it_replaces():
    assert released(CONTENT, **FACTS) == {
        "act": {"number": "12/2021", "date": "2021-12-01"},
        "version": {"number": 2, "kind": "final", "replaces": "a" * 64, "note": "Una somma era sbagliata."},
        "unfilled": 1,
        "unfilled_reason": "Poche proposte.",
        "rows": [{"application": "A", "title": "Uno"}],
    }
    assert CONTENT["act"] is None


@pytest.mark.parametrize(("unfilled", "reason"), [(0, ""), (1, "Poche proposte.")])
def test_a_reason_for_empty_places_stands_only_where_some_are_empty(unfilled, reason):
    assert released(CONTENT | {"unfilled": unfilled}, **FACTS)["unfilled_reason"] == reason


def test_another_title_changes_its_row_alone():
    rows = [{"application": "A", "title": "Uno"}, {"application": "B", "title": "Due"}]
    again = retitled(CONTENT | {"rows": rows}, {"B": "Altro"})
    assert again["rows"] == [{"application": "A", "title": "Uno"}, {"application": "B", "title": "Altro"}]
    assert rows[1]["title"] == "Due"

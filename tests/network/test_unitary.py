import pytest

from applications.budget import thawed
from bando.notice.document import Budget, BudgetItem, Volunteers
from network.unitary import apart, proposals_in, summed


def items(**amounts: tuple[int, int]) -> dict:
    found = {code: {"total": total, "own": own, "grant": total - own} for code, (total, own) in amounts.items()}
    totals = {name: sum(item[name] for item in found.values()) for name in ("total", "own", "grant")}
    return {"items": found, **totals}


def test_what_each_proposed_is_kept_apart_and_found_again():
    proposals = {"SW-1": {"proposta": {"titolo": "Uno"}}, "SW-2": {"proposta": {"titolo": "Due"}}}
    assert proposals_in(apart(proposals)) == proposals
    assert proposals_in({"proposta": {"titolo": "Uno"}}) == {}


def test_the_amounts_of_three_budgets_are_added_item_by_item_to_the_cent():
    three = [items(people=(10_000_01, 2_500_00), rent=(1, 0)), items(people=(33, 33)), items(rent=(99, 1), things=(5, 5))]
    assert summed(three) == items(people=(10_000_34, 2_500_33), rent=(100, 1), things=(5, 5))


def test_lines_that_say_the_same_are_one_and_hours_stay_apart():
    line = {"item": "people", "total": 100, "own": 20, "text": "Sportello", "year": 2022}
    other = line | {"year": 2023, "total": 7, "own": 7}
    hours = {"activity": "Sabato", "hours": "0.5", "hourly": 15_01, "value": 7_50}
    one = {"lines": [line, other], "volunteers": [hours], "total": 8_57, "own": 7_77, "grant": 80}
    two = {"lines": [line], "volunteers": [hours], "total": 8_50, "own": 7_70, "grant": 80}
    found = summed([one, two])
    assert found == {
        "lines": [line | {"total": 200, "own": 40}, other],
        "volunteers": [hours, hours],
        "total": 17_07,
        "own": 15_47,
        "grant": 1_60,
    }
    budget = Budget("b", (BudgetItem("people", "Persone"),), years=(2022, 2023), volunteers=Volunteers(20_00))
    outcome = thawed(budget, found)
    assert (outcome.total, outcome.own, outcome.grant) == (17_07, 15_47, 1_60)


def test_no_budget_has_no_sum():
    with pytest.raises(ValueError, match=r"^no budget to sum$"):
        summed([])


def test_lines_that_say_something_else_stay_apart():
    line = {"item": "people", "total": 100, "own": 20, "text": "Sportello", "year": 2022}
    budgets = [{"lines": [line | {"text": text}], "total": 100, "own": 20, "grant": 80} for text in ("Sportello", "Portineria")]
    assert [row["text"] for row in summed(budgets)["lines"]] == ["Sportello", "Portineria"]

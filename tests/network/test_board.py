from datetime import date

import pytest

from network.board import board, by_space, tasks_of
from network.models import Space, Task
from tests import road as roads
from tests.builders import official, person
from tests.network.test_actions_spaces import methodist

TODAY = date(2022, 5, 2)


def task(number: int, state: str = "to_do", due_on: date | None = None, owner: str = "partner") -> Task:
    return Task(space_id="s", kind="place", title=str(number), state=state, due_on=due_on, owner=owner, position=number)


def test_the_late_ones_come_first_then_by_term_and_place():
    tasks = [
        task(0),
        task(1, due_on=date(2022, 5, 2)),
        task(2, due_on=date(2022, 5, 1)),
        task(3, due_on=date(2022, 4, 1)),
        task(4, due_on=date(2022, 5, 2)),
    ]
    found = board(tasks, today=TODAY, mine=None)
    assert [card.task.title for card in found.columns[0].cards] == ["3", "2", "1", "4", "0"]
    assert [card.late for card in found.columns[0].cards] == [31, 1, 0, 0, 0]
    assert found.late == 2


def test_the_columns_are_the_states_and_what_is_settled_is_never_late():
    tasks = [task(n, state=state, due_on=date(2022, 1, 1)) for n, state in enumerate(["to_do", "doing", "done", "not_needed"])]
    found = board(tasks, today=TODAY, mine=None)
    assert [(column.state, [card.task.title for card in column.cards]) for column in found.columns] == [
        ("to_do", ["0"]),
        ("doing", ["1"]),
        ("done", ["2"]),
        ("not_needed", ["3"]),
    ]
    assert (found.progress, found.done, found.total, found.late) == ("2 di 4", 2, 4, 2)


def test_what_is_left_is_one_list_and_what_is_settled_another():
    tasks = [
        task(0, due_on=date(2022, 6, 1)),
        task(1, state="doing", due_on=date(2022, 5, 1)),
        task(2, state="done"),
        task(3, state="not_needed"),
    ]
    found = board(tasks, today=TODAY, mine=None)
    assert [card.task.title for card in found.cards_left] == ["1", "0"]
    assert [card.task.title for card in found.cards_done] == ["2", "3"]
    assert (found.left, [column.is_settled for column in found.columns]) == (2, [False, False, True, True])


def test_the_spazio_that_is_latest_comes_first_and_those_with_nothing_left_last():
    spaces = {name: Space(name=name) for name in ("Quiete", "Domani", "Tardi", "Ancora")}
    due = {"Quiete": date(2022, 1, 1), "Domani": date(2022, 5, 3), "Tardi": date(2022, 4, 1), "Ancora": date(2022, 5, 3)}
    tasks = [task(0, state="done" if name == "Quiete" else "to_do", due_on=due[name]) for name in spaces]
    for one, space in zip(tasks, spaces.values(), strict=True):
        one.space = space
    rows = by_space([*tasks, tasks[2]], today=TODAY, mine=None)
    assert [(row.space.name, row.board.left) for row in rows] == [("Tardi", 2), ("Ancora", 1), ("Domani", 1), ("Quiete", 0)]


@pytest.mark.parametrize(
    ("due_on", "words"),
    [(date(2022, 5, 1), "In ritardo di 1 giorno"), (date(2022, 4, 29), "In ritardo di 3 giorni")],
)
def test_lateness_is_said_in_words(due_on, words):
    assert board([task(0, due_on=due_on)], today=TODAY, mine=None).columns[0].cards[0].lateness == words


def test_a_card_offers_what_the_person_may_do():
    tasks = [task(0), task(1, owner="office"), task(2, state="doing")]
    found = board(tasks, today=TODAY, mine={("s", "partner")})
    offered = {card.task.title: (card.can_begin, card.can_finish) for column in found.columns for card in column.cards}
    assert offered == {"0": (True, True), "1": (False, False), "2": (False, True)}


@pytest.mark.django_db
def test_whose_tasks_a_person_may_do():
    road = roads.agreed()
    space = road.space
    assert tasks_of(road.applicant, [space]) == {(space.pk, "partner")}
    assert tasks_of(methodist(road), [space]) == {(space.pk, "method")}
    assert tasks_of(person(), [space]) == set()
    assert tasks_of(official(), [space]) is None

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from workflow.transition import Attempt, Obstacle, Refused, T, diagram, faults, refusals

AT = datetime(2026, 6, 30, 10, tzinfo=UTC)


@dataclass
class Row:
    state: str


def knows_the_office(attempt):
    return None if attempt.by == "office" else "Lo può fare solo l'ufficio."


def has_a_title(attempt):
    return None if attempt.data.get("title") else "Scrivi il titolo."


def is_in_time(attempt):
    return None if attempt.at <= AT else "Il termine è scaduto."


CLOSE = T("close", ["open"], "closed", by=knows_the_office, when=[has_a_title, is_in_time], reason_required=True)


@pytest.mark.parametrize(
    ("state", "by", "title", "at", "reason", "expected"),
    [
        ("open", "office", "Casa", AT, "fine lavori", []),
        ("open", "office", "", AT, "fine lavori", ["Scrivi il titolo."]),
        ("open", "office", "", AT.replace(microsecond=1), " ", ["Scrivi il titolo.", "Il termine è scaduto.", Obstacle.REASON]),
        ("closed", "office", "", AT.replace(microsecond=1), "", [Obstacle.STATE]),
        ("closed", "someone", "", AT.replace(microsecond=1), "", ["Lo può fare solo l'ufficio."]),
    ],
)
def test_an_attempt_hears_everything_against_it_and_a_stranger_hears_only_that(state, by, title, at, reason, expected):
    assert refusals(CLOSE, Attempt(Row(state), by, at, reason, data={"title": title})) == expected


def test_a_moment_without_a_zone_is_no_moment():
    with pytest.raises(ValueError, match="must carry its zone"):
        Attempt(Row("open"), "office", datetime(2026, 6, 30, 10))  # noqa: DTZ001 - the fault under test


def test_an_act_starts_from_somewhere():
    with pytest.raises(ValueError, match="close: an act starts from at least one state"):
        T("close", [], "closed", by=knows_the_office)


def test_a_refusal_carries_its_sentences():
    refused = Refused(["Scrivi il titolo.", "Il termine è scaduto."])
    assert (refused.reasons, str(refused)) == (
        ["Scrivi il titolo.", "Il termine è scaduto."],
        "Scrivi il titolo. Il termine è scaduto.",
    )


def act(name, sources, target):
    return T(name, sources, target, by=knows_the_office)


OPEN, SHUT = act("open", ["draft"], "open"), act("shut", ["open"], "closed")


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ([OPEN, SHUT], []),
        ([OPEN], ["closed: cannot be reached from draft"]),
        ([OPEN, SHUT, act("shut", ["draft"], "closed")], ["shut: two rows carry this name"]),
        ([OPEN, SHUT, act("reopen", ["closed"], "open")], ["reopen: leaves the final state closed"]),
        ([OPEN, SHUT, act("lose", ["opne"], "lost")], ["lose: unknown state lost", "lose: unknown state opne"]),
    ],
)
def test_a_table_is_judged_as_a_graph(table, expected):
    assert faults(table, states=["draft", "open", "closed"], initial="draft", final=["closed"]) == expected


def test_an_act_may_leave_each_state_as_it_is():
    note = act("note", ["draft", "open"], None)
    assert [note.leads_to(state) for state in note.sources] == ["draft", "open"]
    assert faults([OPEN, SHUT, note], states=["draft", "open", "closed"], initial="draft", final=["closed"]) == []
    assert diagram([note]) == "stateDiagram-v2\n    draft --> draft: note\n    open --> open: note"


def test_a_table_is_drawn_with_one_arrow_for_each_source():
    assert diagram([OPEN, act("shut", ["draft", "open"], "closed")]) == (
        "stateDiagram-v2\n    draft --> open: open\n    draft --> closed: shut\n    open --> closed: shut"
    )

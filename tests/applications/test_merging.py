"""Two people in one section: nobody's text is lost, whoever typed what and whenever."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.merging import Merge, Verdict, filled, fingerprint, judge, merge

SHOWN, ANNA, MARCO = {"q": "come era"}, {"q": "di Anna"}, {"q": "di Marco"}


@pytest.mark.parametrize(
    ("stored", "mine", "shown", "verdict"),
    [
        (SHOWN, SHOWN, SHOWN, Verdict.SAME),
        (SHOWN, ANNA, SHOWN, Verdict.MINE),
        (MARCO, SHOWN, SHOWN, Verdict.THEIRS),
        (MARCO, MARCO, SHOWN, Verdict.SAME),
        (MARCO, ANNA, SHOWN, Verdict.BOTH),
        ({}, ANNA, SHOWN, Verdict.BOTH),  # he emptied what she rewrote
        (MARCO, {"q": ""}, SHOWN, Verdict.BOTH),  # she emptied what he rewrote
        ({}, {"q": ""}, SHOWN, Verdict.SAME),
        ({}, ANNA, {"q": "", "r": []}, Verdict.MINE),  # blank and absent are the same
    ],
)
def test_what_was_shown_tells_who_changed_it(stored: dict, mine: dict, shown: dict, verdict: Verdict) -> None:
    assert judge(stored, mine, [fingerprint(shown)]) is verdict


def test_a_page_that_says_nothing_of_what_it_was_shown_overwrites_nothing() -> None:
    assert [judge(stored, ANNA, []) for stored in (MARCO, ANNA, {})] == [Verdict.BOTH, Verdict.SAME, Verdict.BOTH]


def test_what_a_page_sent_and_never_heard_of_is_its_own() -> None:
    lost = {"q": "di Anna, a metà"}
    bases = [fingerprint(SHOWN), fingerprint(lost)]
    assert judge(lost, ANNA, bases) is Verdict.MINE
    assert judge(MARCO, lost, bases) is Verdict.BOTH  # it may have arrived, and he has read it and changed it: she chooses


def test_a_merge_says_what_changed_input_by_input() -> None:
    stored = {"sede": {"sede__street": "Via Prima 1", "sede__city": "Milano"}, "titolo": {"titolo": "Di Marco"}}
    mine = {"sede": {"sede__street": "", "sede__city": "Roma"}, "titolo": {"titolo": "Di Anna"}, "giorni": {"giorni": ["lun"]}}
    bases = {"sede": [fingerprint(stored["sede"])], "titolo": [fingerprint({})], "giorni": [fingerprint({})]}
    assert merge(stored, mine, bases) == Merge(
        {"titolo": "Di Marco", "sede__street": "", "sede__city": "Roma", "giorni": ["lun"]},
        {"sede__city": "Roma", "sede__street": None, "giorni": ["lun"]},
        {"sede": Verdict.MINE, "titolo": Verdict.BOTH, "giorni": Verdict.MINE},
    )


texts = st.sampled_from(["", "a", "b", "a\nb", "è 👩‍👧"])
units = st.dictionaries(st.sampled_from(["u", "v", "w"]), texts, max_size=3)


def typed(texts_by_unit: dict[str, str]) -> dict[str, dict[str, Any]]:
    return {unit: {unit: text} for unit, text in texts_by_unit.items()}


@given(shown=units, theirs=units, mine=units)
def test_no_text_of_either_person_is_ever_lost(shown: dict, theirs: dict, mine: dict) -> None:
    bases = {unit: [fingerprint({unit: shown.get(unit, "")})] for unit in mine}
    done = merge(typed(theirs), typed(mine), bases)
    after = filled(done.answers)
    for unit in {*shown, *theirs, *mine}:
        was, his, hers = (found.get(unit, "") for found in (shown, theirs, mine))
        kept = after.get(unit, "")
        if unit not in mine:
            assert kept == his
        elif unit in done.conflicts:  # both changed it: his stays, hers is on her page
            assert (kept, was != his, was != hers, his != hers) == (his, True, True, True)
        else:
            assert kept == (his if hers == was else hers)
            assert his in {was, kept} or hers == was
    assert {name: done.changes.get(name) for name in done.changes} == {
        name: after.get(name) for name in {*filled(theirs), *after} if filled(theirs).get(name) != after.get(name)
    }


@given(theirs=units, mine=units)
def test_a_merge_that_is_sent_again_changes_nothing(theirs: dict, mine: dict) -> None:
    bases = {unit: [fingerprint({unit: theirs.get(unit, "")})] for unit in mine}
    first = merge(typed(theirs), typed(mine), bases)
    again = merge(typed(first.answers), typed(mine), bases)
    assert (again.changes, again.conflicts, filled(again.answers)) == ({}, [], filled(first.answers))

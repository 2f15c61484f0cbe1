"""Marks that two windows write, and the history of a sheet."""

from datetime import timedelta
from decimal import Decimal

import pytest

from evaluation.actions import reopen_sheet, save_marks, take_back
from evaluation.actions.marking import Shown
from evaluation.models import Mark, MarkEdit
from evaluation.remembering import NOTHING, Written
from tests.builders_evaluation import (
    MARKED_AT,
    admitted,
    call_of_every_type,
    coefficients,
    commission,
    mark,
    marking,
    sheet_of,
    small_call,
    stating,
)
from tests.evaluation.every_type import ALFA
from workflow.append_only import Unchangeable
from workflow.transition import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet():
    call = small_call()
    return sheet_of(marking(commission(call))[0], admitted(call))


def minutes(n):
    return MARKED_AT + timedelta(minutes=n)


def save(sheet, *, at=MARKED_AT, shown=None, **marks):
    given = {code: (None if value is None else Decimal(value), reason) for code, (value, reason) in marks.items()}
    return save_marks(sheet, given, by=sheet.member.user, at=at, shown=shown)


def stored(sheet):
    return {m.criterion: (m.units, m.reason) for m in sheet.marks.all()}


def lines_of(sheet):
    return [
        (edit.criterion, edit.units, edit.reason, (edit.at - MARKED_AT) // timedelta(minutes=1)) for edit in sheet.edits.all()
    ]


# Two windows


def test_what_another_window_changed_is_not_written_over_and_both_texts_are_told(sheet):
    save(sheet, a1=("0.8", "Chiaro."), b1=("1", "Concreto."))
    shown = Shown({"a1": [NOTHING.base], "b1": [Written(10_000, "Concreto.").base]}, {})
    saved = save(sheet, at=minutes(5), shown=shown, a1=("0.5", "Altro."), b1=("0.5", "Da rivedere."))
    assert list(saved.clashes) == ["a1"]
    clash = saved.clashes["a1"]
    assert (clash.theirs, clash.by, clash.at) == (Written(8000, "Chiaro."), sheet.member.user, MARKED_AT)
    assert stored(sheet) == {"a1": (8000, "Chiaro."), "b1": (5000, "Da rivedere.")}


@pytest.mark.parametrize(
    ("mark", "bases"),
    [
        (("0.8", "Chiaro."), []),
        (("0.2", ""), [Written(2000, "").base]),
    ],
    ids=["the same text", "as the page was shown it"],
)
def test_what_nobody_typed_here_stays_as_it_is_stored(sheet, mark, bases):
    save(sheet, a1=("0.8", "Chiaro."))
    saved = save(sheet, at=minutes(5), shown=Shown({"a1": bases}, {}), a1=mark)
    assert (saved.clashes, stored(sheet), len(lines_of(sheet))) == ({}, {"a1": (8000, "Chiaro.")}, 1)


def test_what_was_sent_without_an_answer_is_known_when_it_comes_back(sheet):
    save(sheet, a1=("0.8", "Chia"))
    shown = Shown({"a1": [NOTHING.base, Written(8000, "Chia").base]}, {})
    assert save(sheet, shown=shown, a1=("0.8", "Chiaro.")).clashes == {}
    assert stored(sheet) == {"a1": (8000, "Chiaro.")}


def test_a_fact_that_the_proposal_states_is_confirmed_by_the_button_and_not_by_looking():
    call = call_of_every_type()
    sheet = sheet_of(marking(commission(call))[0], stating(call, **ALFA))
    said = {"r1": 30_000}
    bases = {"r1": [Written(30_000, "").base]}
    save(sheet, shown=Shown(bases, said), r1=("3", ""))
    assert stored(sheet) == {}
    save(sheet, shown=Shown(bases, said, confirmed={"r1"}), r1=("3", ""))
    assert stored(sheet) == {"r1": (30_000, "")}


def test_a_line_break_counts_one_as_it_is_typed_or_as_a_form_sends_it(sheet):
    save(sheet, a1=("0.8", "Uno\r\ndue"))
    save(sheet, at=minutes(5), a1=("0.8", "Uno\ndue"))
    assert lines_of(sheet) == [("a1", 8000, "Uno\ndue", 0)]


# The history


def test_every_save_that_changes_something_is_in_the_history_and_no_other(sheet):
    save(sheet, a1=("0.8", "Chiaro."), b1=(None, "Da rileggere."))
    save(sheet, at=minutes(5), a1=("0.8", "Chiaro."), c1=("1", ""))
    save(sheet, at=minutes(6), a1=("0.5", "Chiaro."))
    assert lines_of(sheet) == [
        ("a1", 8000, "Chiaro.", 0),
        ("b1", None, "Da rileggere.", 0),
        ("c1", 10_000, "", 5),
        ("a1", 5000, "Chiaro.", 6),
    ]


def test_typing_leaves_a_line_a_minute_and_every_other_mark_its_own(sheet):
    for second, (value, reason) in enumerate([("0.8", "U"), ("0.8", "Un"), ("0.8", "Uno"), ("0.5", "Uno"), ("0.8", "Uno")]):
        save(sheet, at=MARKED_AT + timedelta(seconds=second), a1=(value, reason))
    assert [(units, reason) for _code, units, reason, _minute in lines_of(sheet)] == [
        (8000, "U"),
        (8000, "Uno"),
        (5000, "Uno"),
        (8000, "Uno"),
    ]


def test_the_history_is_never_changed(sheet):
    save(sheet, a1=("0.8", "Chiaro."))
    with pytest.raises(Unchangeable):
        MarkEdit.objects.update(reason="Altro.")


def test_the_sheet_goes_back_to_a_moment_and_the_history_keeps_what_it_replaces(sheet):
    save(sheet, a1=("0.8", "Chiaro."))
    save(sheet, at=minutes(5), b1=("1", "Concreto."))
    moment = sheet.edits.get(criterion="b1")
    save(sheet, at=minutes(10), a1=("0.2", "Ripensato."), c1=("0.5", "Pochi."))
    take_back(sheet, moment, by=sheet.member.user, at=minutes(20))
    assert stored(sheet) == {"a1": (8000, "Chiaro."), "b1": (10_000, "Concreto."), "c1": (None, "")}
    assert lines_of(sheet)[4:] == [("a1", 8000, "Chiaro.", 20), ("c1", None, "", 20)]
    sheet.refresh_from_db()
    assert sheet.saved_at == minutes(20)


def test_what_was_marked_before_there_was_a_history_stays_when_the_sheet_goes_back(sheet):
    Mark.objects.create(sheet=sheet, criterion="c1", units=2000, reason="Di allora.")
    save(sheet, a1=("0.8", "Chiaro."))
    moment = sheet.edits.get()
    save(sheet, at=minutes(5), a1=("0.2", "Ripensato."))
    take_back(sheet, moment, by=sheet.member.user, at=minutes(6))
    assert stored(sheet) == {"a1": (8000, "Chiaro."), "c1": (2000, "Di allora.")}


def test_a_concluded_sheet_goes_back_only_once_it_is_reopened(sheet):
    save(sheet, a1=("0.2", "Prima."))
    moment = sheet.edits.get()
    concluded = mark(sheet.member, sheet.application, ["buono"] * 3)
    with pytest.raises(Refused) as refused:
        take_back(concluded, moment, by=sheet.member.user, at=minutes(5))
    assert refused.value.reasons == ["Adesso non si può fare: lo stato è «Conclusa»."]
    reopen_sheet(concluded, by=sheet.member.user, at=minutes(6), reason="Ho riletto.")
    take_back(concluded, moment, by=sheet.member.user, at=minutes(7))
    assert stored(concluded)["a1"] == (2000, "Prima.")


def test_saving_a_criterion_costs_the_same_however_many_are_on_the_sheet(sheet, django_assert_num_queries):
    save_marks(sheet, coefficients(["buono"] * 3), by=sheet.member.user, at=MARKED_AT)
    with django_assert_num_queries(11):
        save(sheet, at=minutes(5), a1=("0.5", "Chiaro."))

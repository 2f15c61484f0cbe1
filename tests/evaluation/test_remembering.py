from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from evaluation.remembering import NOTHING, Line, Written, lines

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
HELD = Written(8000, "Chiaro")


def after(seconds: int) -> datetime:
    return NOON + timedelta(seconds=seconds)


def told(found: list[Line]) -> list[tuple[str | None, int]]:
    return [(line.written.reason, int((line.at - NOON).total_seconds())) for line in found]


def test_the_first_thing_written_has_its_line():
    assert lines(NOTHING, None, HELD, by="anna", at=NOON, saved_at=None) == [Line(HELD, "anna", NOON)]


def test_what_was_written_before_there_was_a_history_has_a_line_before_it_is_replaced():
    found = lines(HELD, None, Written(8000, "Chiaro e completo"), by="anna", at=after(60), saved_at=NOON)
    assert told(found) == [("Chiaro", 0), ("Chiaro e completo", 60)]


@pytest.mark.parametrize(("seconds", "expected"), [(59, []), (60, [("Chiaro e", 60)]), (119, [("Chiaro e", 119)])])
def test_who_goes_on_typing_leaves_a_line_a_minute(seconds, expected):
    found = lines(HELD, Line(HELD, "anna", NOON), Written(8000, "Chiaro e"), by="anna", at=after(seconds), saved_at=NOON)
    assert told(found) == expected


@pytest.mark.parametrize(("seconds", "expected"), [(119, [("Altro", 119)]), (120, [("Chiaro e", 60), ("Altro", 120)])])
def test_a_text_without_a_line_that_stood_for_a_minute_gets_it_before_it_is_replaced(seconds, expected):
    stood, last = Written(8000, "Chiaro e"), Line(HELD, "anna", NOON)
    assert told(lines(stood, last, Written(8000, "Altro"), by="anna", at=after(seconds), saved_at=after(30))) == expected


@pytest.mark.parametrize(
    ("now", "by", "apart", "expected"),
    [
        (Written(5000, "Chiaro e"), "anna", False, [("Chiaro e", 10), ("Chiaro e", 10)]),
        (Written(8000, "Altro"), "bruno", False, [("Chiaro e", 10), ("Altro", 10)]),
        (Written(8000, "Altro"), "anna", True, [("Chiaro e", 10), ("Altro", 10)]),
    ],
    ids=["another mark", "another person", "brought back"],
)
def test_what_is_more_than_typing_on_has_its_line_and_so_has_what_it_replaces(now, by, apart, expected):
    found = lines(Written(8000, "Chiaro e"), Line(HELD, "anna", NOON), now, by=by, at=after(10), saved_at=after(5), apart=apart)
    assert (told(found), [line.written.units for line in found], [line.by for line in found]) == (
        expected,
        [8000, now.units],
        ["anna", by],
    )


def test_two_texts_have_the_same_fingerprint_when_they_are_the_same():
    assert HELD.base == Written(8000, "Chiaro").base
    assert len({HELD.base, Written(8000).base, Written(0, "Chiaro").base, Written(None, "Chiaro").base, NOTHING.base}) == 5

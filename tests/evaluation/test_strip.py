"""Positions of the strip of marks."""

from fractions import Fraction

from evaluation.strip import LEFT, RIGHT, Bracket, Entry, strip


def entry(label, totals, total, tied=False, below=False, lot=""):
    return Entry(label, [None if t is None else Fraction(t) for t in totals], Fraction(total), tied, below, lot)


def test_the_scale_starts_at_the_ten_below_and_ends_at_the_maximum():
    drawn = strip([entry("A", [57, 80], 68)], maximum=Fraction(100), threshold=Fraction(60))
    assert [tick.value for tick in drawn.ticks] == ["50", "60", "70", "80", "90", "100"]
    assert (drawn.ticks[0].x, drawn.ticks[-1].x) == (f"{LEFT}.0", f"{RIGHT}.0")
    assert drawn.threshold == "324.0"
    line = drawn.lines[0]
    assert (line.low, line.high, line.mean) == ("295.8", "512.0", "399.2")


def test_each_member_keeps_a_sign_and_who_did_not_mark_has_none():
    drawn = strip([entry("A", [60, None, 70], 65)], maximum=Fraction(100), threshold=None)
    assert [sign.shape for sign in drawn.lines[0].signs] == ["circle", "diamond"]
    assert drawn.threshold is None


def test_a_bracket_joins_neighbours_with_the_same_total_and_no_others():
    rows = [entry("A", [90], 90), entry("B", [80], 80, tied=True), entry("C", [80], 80, tied=True), entry("D", [80], 80)]
    drawn = strip(rows, maximum=Fraction(100), threshold=None)
    assert drawn.brackets == (Bracket(drawn.lines[1].y - 6, drawn.lines[2].y + 6),)


def test_a_bracket_ends_with_its_lot_even_where_the_next_one_is_tied_with_the_same_total():
    rows = [
        entry(label, [80], 80, tied=True, lot=lot) for label, lot in (("A", "nord"), ("B", "nord"), ("C", "sud"), ("D", "sud"))
    ]
    drawn = strip(rows, maximum=Fraction(100), threshold=None)
    assert drawn.brackets == tuple(Bracket(drawn.lines[a].y - 6, drawn.lines[b].y + 6) for a, b in ((0, 1), (2, 3)))


def test_a_call_whose_criteria_are_worth_nothing_is_still_a_drawing():
    drawn = strip([entry("A", [0, 0], 0)], maximum=Fraction(0), threshold=None)
    assert (drawn.lines[0].mean, drawn.ticks[0].value, drawn.ticks[-1].value) == (f"{LEFT}.0", "0", "10")


def test_a_total_below_nothing_keeps_the_scale_where_the_greatest_is_nothing():
    drawn = strip([entry("A", [-4], -4)], maximum=Fraction(0), threshold=None)
    assert (drawn.lines[0].mean, drawn.ticks[0].value, drawn.ticks[-1].value) == ("512.0", "-10", "0")


def test_nobody_marked_anything_is_still_a_drawing():
    drawn = strip([], maximum=Fraction(30), threshold=None)
    assert (drawn.lines, drawn.ticks[-1].value) == ((), "30")


def test_a_total_as_high_as_the_maximum_leaves_room_for_the_scale():
    drawn = strip([entry("A", [30], 30)], maximum=Fraction(30), threshold=None)
    assert (drawn.ticks[0].value, drawn.lines[0].mean) == ("0", f"{RIGHT}.0")

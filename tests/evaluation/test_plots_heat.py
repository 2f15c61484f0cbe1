"""Shades and numbers of proposals by criteria."""

from fractions import Fraction

import pytest

from evaluation.plots.heat import COLUMN, LEFT, LINE, SHADES, TOP, Part, heat, percent, shade


def parts(*shares):
    return [Part(None if share is None else Fraction(share), "−10") for share in shares]


def luminance(colour):
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("fill", "ink"), SHADES)
def test_the_number_in_a_cell_can_be_read_on_its_shade(fill, ink):
    assert contrast(fill, ink) > 4.5


def test_each_shade_is_darker_than_the_one_before():
    found = [luminance(fill) for fill, _ink in SHADES]
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == len(SHADES)


@pytest.mark.parametrize(
    ("share", "text", "place"),
    [
        ("0", 0, 0),
        ("1/1000", 1, 1),
        ("249/1000", 25, 1),
        ("1/4", 25, 2),
        ("1/2", 50, 3),
        ("3/4", 75, 4),
        ("999/1000", 99, 4),
        ("1", 100, 5),
    ],
)
def test_nothing_and_everything_are_said_of_nothing_and_everything_only(share, text, place):
    assert (percent(Fraction(share)), shade(Fraction(share))) == (text, SHADES[place])


def test_each_cell_has_its_number_in_its_middle():
    drawn = heat(["A", "B"], [("Uno", parts("1/2", "1")), ("Due", parts("0", "1"))], [Fraction(10), Fraction(20)])
    cell = drawn.lines[1].cells[0]
    assert (cell.x, cell.y, cell.text_x, cell.text) == (LEFT, TOP + LINE, LEFT + COLUMN // 2, "0")
    assert [[cell.text for cell in line.cells] for line in drawn.lines] == [["50", "100"], ["0", "100"]]


def test_a_penalty_has_its_points_and_no_shade():
    drawn = heat(["A"], [("Uno", parts(None))], [Fraction(0)])
    assert (drawn.lines[0].cells[0].text, drawn.lines[0].cells[0].fill, drawn.widest) == ("−10", "#ffffff", None)


def test_the_criterion_that_tells_proposals_apart_is_that_of_the_most_points():
    """Half of forty points is more than all of ten."""
    rows = [("Uno", parts("0", "1/2")), ("Due", parts("1", "1"))]
    assert heat(["A", "B"], rows, [Fraction(10), Fraction(40)]).widest == 1
    assert heat(["A", "B"], rows[:1], [Fraction(10), Fraction(40)]).widest is None

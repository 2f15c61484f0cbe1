from datetime import timedelta

from network.waits_plot import waits

HOUR = timedelta(hours=1)


def test_a_bar_ends_at_the_median_and_its_line_at_nine_in_ten():
    drawing = waits([("Lontano", 5 * HOUR, 10 * HOUR), ("Vicino", HOUR, HOUR)])
    assert [(bar.label, bar.width, bar.slow) for bar in drawing.bars] == [
        ("Lontano", "157.0", "314.0"),
        ("Vicino", "31.4", "31.4"),
    ]
    assert (drawing.height, [bar.y for bar in drawing.bars]) == (108, [24, 76])


def test_answers_at_once_are_drawn_without_width():
    assert [bar.slow for bar in waits([("Subito", timedelta(0), timedelta(0))]).bars] == ["0.0"]


def test_nothing_to_draw_has_no_bars():
    assert waits([]).bars == ()

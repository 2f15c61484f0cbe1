import pytest

from bando.editor.values import code_from, day_and_time, instant, place, shown, stored
from bando.notice.merge import ABSENT


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("number", "0,80", "0.80"),
        ("number", "0.80", "0.80"),
        ("number", "0.125", "0.125"),
        ("number", "60", 60),
        ("number", "1.250,5", "1250.5"),
        ("number", "-3", -3),
        ("number", "12,5,1", "12,5,1"),
        ("number", "sessanta", "sessanta"),
        ("number", "12.50,1", "12.50,1"),
        ("whole number", "20", 20),
        ("whole number", "20,5", "20.5"),
        ("euro", "1.250,50", "1250.50"),
        ("euro", "1.250", 1250),
        ("euro", "€ 1 250", 1250),
        ("euro", "1250.50", "1250.50"),
        ("euro", "650.000", 650000),
        ("number or day", "31/12/2021", "2021-12-31"),
        ("number or day", "2021-12-31", "2021-12-31"),
        ("number or day", "40", 40),
        ("day", "3/7/2024", "2024-07-03"),
        ("size", "20", "20 MB"),
        ("size", "500kb", "500 KB"),
        ("size", "tanto", "tanto"),
        ("line", "  due   parole ", "due parole"),
        ("text", "  una\r\n\r\ndue ", "una\n\ndue"),
        ("text", "\x00", ABSENT),
        ("line", "   ", ABSENT),
    ],
)
def test_what_is_typed_is_kept_in_the_form_of_the_document(kind, typed, kept):
    found = stored(kind, typed)
    assert (found, type(found)) == (kept, type(kept))


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("number", "0.80", "0,80"),
        ("number", 60, "60"),
        ("number", "sessanta", "sessanta"),
        ("euro", "1250.50", "1.250,50"),
        ("euro", 650000, "650.000"),
        ("number or day", "2021-12-31", "2021-12-31"),
        ("line", ABSENT, ""),
        ("line", None, ""),
        ("line", True, "true"),
        ("line", ["a"], "['a']"),
    ],
)
def test_a_value_is_shown_as_people_in_italy_write_it(kind, value, text):
    assert shown(kind, value) == text


@pytest.mark.parametrize(
    ("day", "time", "kept"),
    [
        ("2021-10-18", "12:00", "2021-10-18T12:00:00"),
        ("2021-10-18", "9:05", "2021-10-18T09:05:00"),
        ("2021-10-18", "11:59:59", "2021-10-18T11:59:59"),
        ("18/10/2021", "12:00", "2021-10-18T12:00:00"),
        ("2021-10-18", "", "2021-10-18T"),
        ("", "12:00", "T12:00:00"),
        ("", "", ABSENT),
    ],
)
def test_an_instant_is_a_day_and_a_time_and_half_of_it_is_kept(day, time, kept):
    assert instant(day, time) == kept


@pytest.mark.parametrize(
    ("value", "inputs"),
    [
        ("2021-10-18T12:00:00", ("2021-10-18", "12:00")),
        ("2021-10-18T11:59:59", ("2021-10-18", "11:59:59")),
        ("2021-10-18T", ("2021-10-18", "")),
        ("T12:00:00", ("", "12:00")),
        (ABSENT, ("", "")),
    ],
)
def test_an_instant_is_shown_in_two_inputs(value, inputs):
    assert day_and_time(value) == inputs


@pytest.mark.parametrize(
    ("text", "taken", "points", "code"),
    [
        ("Area 1: città e periferie", set(), False, "area-1-citta-e-periferie"),
        ("Area", {"area", "area-2"}, False, "area-3"),
        ("1.A", set(), True, "1.a"),
        ("1.A", set(), False, "1-a"),
        ("…", set(), False, ""),
        ("a" * 80, set(), False, "a" * 50),
    ],
)
def test_a_code_is_made_from_a_title(text, taken, points, code):
    assert code_from(text, taken, points=points) == code


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("0", 0),
        ("41", 41),
        ("999999", 999999),
        ("9" * 5000, None),
        ("-1", None),
        ("01", None),
        ("²", None),
        ("٠", None),
        ("", None),
    ],
)
def test_a_place_in_a_list_is_a_short_plain_number(text, index):
    assert place(text) == index


def test_what_no_database_takes_is_left_out_of_an_instant():
    assert instant("2021-10\x00-18", "12:\x0000") == "2021-10-18T12:00:00"

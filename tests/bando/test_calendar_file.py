from datetime import UTC, datetime, timedelta

import pytest

from bando.calendar_file import Event, calendar_file
from bando.deadlines import ROME, rome

MADE = datetime(2021, 9, 16, 8, tzinfo=UTC)


def event(**changed) -> Event:
    return Event(**{"uid": "a@b", "title": "Scadenza", "at": rome(2021, 10, 18, 12), "changed_at": MADE} | changed)


def lines(*events: Event) -> list[str]:
    return calendar_file("Avviso", list(events)).decode().split("\r\n")


def unfolded(*events: Event) -> list[str]:
    return calendar_file("Avviso", list(events)).decode().replace("\r\n ", "").split("\r\n")


def test_a_file_with_one_term_reads_as_the_standard_wants():
    full = event(text="Entro le 12", url="https://esempio.it/a/", sequence=3, alarms=(timedelta(days=7), timedelta(days=1)))
    assert lines(full) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Bando//Avvisi//IT",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "NAME:Avviso",
        "X-WR-CALNAME:Avviso",
        "BEGIN:VEVENT",
        "UID:a@b",
        "DTSTAMP:20210916T080000Z",
        "LAST-MODIFIED:20210916T080000Z",
        "SEQUENCE:3",
        "DTSTART:20211018T100000Z",
        "SUMMARY:Scadenza",
        "DESCRIPTION:Entro le 12",
        "URL:https://esempio.it/a/",
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "DESCRIPTION:Scadenza",
        "TRIGGER:-P7D",
        "END:VALARM",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "DESCRIPTION:Scadenza",
        "TRIGGER:-P1D",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_a_term_that_falls_away_is_cancelled_and_rings_no_more():
    shown = lines(event(cancelled=True, alarms=(timedelta(days=7),)))
    assert ["STATUS:CANCELLED" in shown, "STATUS:CONFIRMED" in shown, "BEGIN:VALARM" in shown] == [True, False, False]


@pytest.mark.parametrize(
    ("at", "written"),
    [
        (datetime(2021, 10, 31, 2, tzinfo=ROME), "DTSTART:20211031T000000Z"),
        (datetime(2021, 10, 31, 2, tzinfo=ROME, fold=1), "DTSTART:20211031T010000Z"),
        (rome(2022, 1, 1), "DTSTART:20211231T230000Z"),
    ],
)
def test_moments_are_in_utc_on_the_night_that_has_an_hour_twice_too(at, written):
    assert [line for line in lines(event(at=at)) if line.startswith("DTSTART")] == [written]


def test_a_moment_without_zone_is_no_moment():
    with pytest.raises(ValueError, match="no time zone"):
        lines(event(at=datetime(2021, 10, 18, 12)))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("a, b; c", r"a\, b\; c"),
        ("a\\b", r"a\\b"),
        ("a\r\nb\rc\nd", r"a\nb\nc\nd"),
        ("a\x00\x1b\x7fb", "ab"),
        ("perché «sì» 🎈", "perché «sì» 🎈"),
        ("BEGIN:VEVENT\nUID:x", r"BEGIN:VEVENT\nUID:x"),
    ],
)
def test_a_text_cannot_break_its_line(title, written):
    assert [line for line in unfolded(event(title=title)) if line.startswith("SUMMARY:")] == [f"SUMMARY:{written}"]


@pytest.mark.parametrize(
    ("title", "octets"),
    [
        ("x" * 67, [75]),  # "SUMMARY:" takes eight
        ("x" * 68, [75, 2]),
        ("x" * (67 + 74), [75, 75]),
        ("x" * (67 + 75), [75, 75, 2]),
        ("x" * 66 + "é", [74, 3]),
        ("x" * 64 + "🎈", [72, 5]),
    ],
)
def test_a_line_is_folded_at_75_octets_and_never_inside_a_character(title, octets):
    shown = calendar_file("Avviso", [event(title=title)]).split(b"\r\n")
    start = next(place for place, line in enumerate(shown) if line.startswith(b"SUMMARY:"))
    end = next(place for place, line in enumerate(shown) if line.startswith(b"STATUS:"))
    assert [len(line) for line in shown[start:end]] == octets
    assert f"SUMMARY:{title}" in unfolded(event(title=title))

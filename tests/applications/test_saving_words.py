"""What is said while a section is saved: hours of Rome, and a sentence for a clock that is wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import User
from applications import saving_words
from applications.actions.saving import Conflict
from bando.deadlines import rome

NOW = rome(2021, 10, 11, 10, 42)


def test_the_hour_is_that_of_rome_whatever_the_zone_of_the_moment() -> None:
    assert saving_words.saved(datetime(2021, 10, 11, 8, 42, tzinfo=UTC)) == "Bozza salvata alle 10:42."


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (rome(2021, 10, 11, 0, 0), "Anna Bianchi ha cambiato questo campo alle 00:00."),
        (rome(2021, 10, 10, 23, 59), "Anna Bianchi ha cambiato questo campo il 10 ottobre 2021 alle 23:59."),
    ],
)
def test_another_day_is_said_with_its_date(at: datetime, said: str) -> None:
    conflict = Conflict("titolo", {}, User(name="Anna Bianchi"), at)
    assert saving_words.changed(conflict, NOW) == f"{said} Leggi le due versioni e scegli quale tenere."


LOOK = "Guarda l'ora che vedi qui."


@pytest.mark.parametrize(
    ("off", "said"),
    [
        (timedelta(minutes=2), ""),
        (timedelta(minutes=2, seconds=1), f"L'orologio del tuo dispositivo è avanti di 2 minuti. {LOOK}"),
        (timedelta(minutes=-2), ""),
        (timedelta(minutes=-2, seconds=-1), f"L'orologio del tuo dispositivo è indietro di 2 minuti. {LOOK}"),
        (timedelta(minutes=59), f"L'orologio del tuo dispositivo è avanti di 59 minuti. {LOOK}"),
        (timedelta(minutes=60), f"L'orologio del tuo dispositivo è sbagliato. {LOOK}"),
        (timedelta(days=-400), f"L'orologio del tuo dispositivo è sbagliato. {LOOK}"),
    ],
)
def test_a_clock_more_than_two_minutes_off_is_told_so(off: timedelta, said: str) -> None:
    assert saving_words.clock(NOW + off, NOW) == said

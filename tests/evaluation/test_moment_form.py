from datetime import UTC, datetime

import pytest

from evaluation.moment_form import MomentForm


class PartyForm(MomentForm):
    into = "begins_at"
    wanted = {"day": "Che giorno?", "time": "A che ora?", "place": "Dove?"}


def test_a_day_and_an_hour_in_rome_are_one_instant():
    form = PartyForm({"day": "18/10/2026", "time": "14.30", "place": "Sala A"})
    assert form.is_valid()
    assert form.cleaned_data["begins_at"] == datetime(2026, 10, 18, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({}, {"day": ["Che giorno?"], "time": ["A che ora?"], "place": ["Dove?"]}),
        (
            {"day": "29/3/2026", "time": "2:30", "place": "A"},
            {"time": ["A quell'ora gli orologi saltano all'ora legale: scegline un'altra."]},
        ),
        (
            {"day": "25/10/2026", "time": "2:30", "place": "A"},
            {"time": ["Quell'ora viene due volte, perché finisce l'ora legale: scegline un'altra."]},
        ),
        (
            {"day": "01/01/0001", "time": "9:00", "place": "A"},
            {"day": ["Controlla l'anno: scrivi un giorno tra il 1900 e il 2200."]},
        ),
        (
            {"day": "31/12/9999", "time": "9:00", "place": "A"},
            {"day": ["Controlla l'anno: scrivi un giorno tra il 1900 e il 2200."]},
        ),
    ],
)
def test_what_is_missing_or_no_instant_is_said(typed, errors):
    form = PartyForm(typed)
    assert (form.errors, "begins_at" in form.cleaned_data) == (errors, False)

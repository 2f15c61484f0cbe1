from datetime import date
from decimal import Decimal

import pytest

from network.models import Space
from network.space_forms import ExceptionsForm, PointField, SpaceForm
from network.written_at_once import BASE

TODAY = date(2022, 12, 20)
CHRISTMAS = {"first": "2022-12-24", "last": "2023-01-06", "hours": [], "why": "Vacanze"}
EVE = {"first": "2022-12-23", "last": "2022-12-23", "hours": [{"opens": "09:00", "closes": "12:00"}], "why": "Vigilia"}


def days(typed: dict, known=()) -> ExceptionsForm:
    return ExceptionsForm(typed, exceptions=list(known), today=TODAY)


def test_what_is_written_is_shown_and_kept_as_it_is():
    form = ExceptionsForm(exceptions=[EVE, CHRISTMAS], today=TODAY)
    typed = {bound.html_name: bound.value() for row in form.row_fields for bound in row if bound.value() is not None}
    again = days(typed, [EVE, CHRISTMAS])
    assert again.is_valid()
    assert again.cleaned_data["exceptions"] == [EVE, CHRISTMAS]


def test_a_row_that_was_sent_is_read_though_there_are_fewer_by_now():
    form = days({**{f"first_{n}": "" for n in range(4)}, "first_4": "23/12/2022", "open_4": "9-12", "why_4": "Vigilia"})
    assert form.is_valid()
    assert form.cleaned_data["exceptions"] == [EVE]


def test_a_day_is_a_span_of_one_and_rows_are_put_in_order():
    typed = {"first_0": "1/3/2023", "why_0": "Inventario", "first_1": "23/12/2022", "open_1": "9-12", "why_1": "Vigilia"}
    form = days(typed)
    assert form.is_valid()
    assert form.cleaned_data["exceptions"] == [
        EVE,
        {"first": "2023-03-01", "last": "2023-03-01", "hours": [], "why": "Inventario"},
    ]


def test_an_empty_row_is_taken_away():
    form = days({"first_0": "", "why_0": ""}, [EVE])
    assert form.is_valid()
    assert form.cleaned_data["exceptions"] == []


def test_holidays_are_ticked_unless_a_row_says_otherwise():
    form = days({"holidays": ["2022-12-26", "2023-04-10"], "first_0": "24/12/2022", "last_0": "6/1/2023", "why_0": "Vacanze"})
    assert form.is_valid()
    monday = {"first": "2023-04-10", "last": "2023-04-10", "hours": [], "why": "Lunedì dell'Angelo"}
    assert form.cleaned_data["exceptions"] == [CHRISTMAS, monday]


def test_holidays_that_a_row_covers_are_not_offered():
    offered = [value for value, _label in ExceptionsForm(exceptions=[CHRISTMAS], today=TODAY).fields["holidays"].choices]
    assert offered[0] == "2023-04-10"


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"why_0": "Ferie"}, "first_0", "Scrivi il primo giorno, oppure svuota tutta la riga."),
        ({"first_0": "2/1/2023", "last_0": "1/1/2023"}, "last_0", "L'ultimo giorno viene prima del primo: correggi le date."),
        (
            {"first_0": "2/1/2023", "open_0": "mattina"},
            "open_0",
            "Non capiamo «mattina». Scrivi gli orari così: 9-13, 14:30-18.",
        ),
        (
            {"first_0": "1/1/2023", "last_0": "5/1/2023", "first_1": "5/1/2023"},
            "first_1",
            "Questi giorni sono già scritti in un'altra riga.",
        ),
        ({"first_0": "presto"}, "first_0", "Scrivi la data con giorno, mese e anno, per esempio 31/12/2026."),
    ],
)
def test_a_row_that_cannot_be_read_is_explained(typed, field, sentence):
    form = days(typed)
    assert form.errors == {field: [sentence]}


def test_days_that_touch_are_two_rows():
    form = days({"first_0": "1/1/2023", "last_0": "5/1/2023", "first_1": "6/1/2023"})
    assert form.is_valid()


@pytest.mark.parametrize(
    ("is_office", "missing"), [(True, set()), (False, {"name", "address", "municipio", "point"})], ids=["office", "body"]
)
def test_who_runs_a_space_finds_no_field_of_the_office(is_office, missing):
    whole = SpaceForm(instance=Space()).fields.keys()
    form = SpaceForm(instance=Space(), is_office=is_office)
    assert {name for name in whole - form.fields.keys() if not name.startswith(BASE)} == missing


@pytest.mark.django_db
def test_a_point_is_two_columns():
    form = SpaceForm({"name": "A", "point": "45.4642, 9.19"}, instance=Space(slug="a"))
    assert form.is_valid()
    assert (form.details["latitude"], form.details["longitude"]) == (Decimal("45.464200"), Decimal("9.190000"))
    form = SpaceForm({"name": "A", "point": ""}, instance=Space(slug="a", latitude=45, longitude=9))
    assert form.is_valid()
    assert (form.details["latitude"], form.details["longitude"]) == (None, None)


@pytest.mark.django_db
def test_a_point_that_cannot_be_read_is_explained():
    form = SpaceForm({"name": "A", "point": "piazza Duomo"}, instance=Space(slug="a"))
    assert form.errors == {"point": ["Scrivi due numeri separati da una virgola, per esempio 45.4642, 9.1900."]}
    assert PointField().clean("") is None

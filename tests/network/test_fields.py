from datetime import date

import pytest
from django.core.exceptions import ValidationError

from network.fields import date_field

SLIP = ["Controlla l'anno: scrivi un giorno tra il 1900 e il 2200."]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("0001-01-01", SLIP),
        ("31/12/1899", SLIP),
        ("1/1/1900", date(1900, 1, 1)),
        ("31/12/2200", date(2200, 12, 31)),
        ("1/1/2201", SLIP),
        ("31/12/9999", SLIP),
    ],
)
def test_a_day_of_another_age_is_a_slip(typed, found):
    try:
        read = date_field("Dal", "Scrivi da quando vale.").clean(typed)
    except ValidationError as refusal:
        read = refusal.messages
    assert read == found

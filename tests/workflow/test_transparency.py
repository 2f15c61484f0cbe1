"""The term of publication of art. 8 c. 3 D.Lgs. 33/2013."""

from datetime import date

import pytest

from workflow.transparency import is_public, public_until


@pytest.mark.parametrize(
    ("published", "last"),
    [
        (date(2021, 1, 1), date(2026, 12, 31)),
        (date(2021, 12, 1), date(2026, 12, 31)),
        (date(2021, 12, 31), date(2026, 12, 31)),
        (date(2022, 1, 1), date(2027, 12, 31)),
        (date(2024, 2, 29), date(2029, 12, 31)),
    ],
)
def test_five_years_run_from_the_first_of_january_after(published, last):
    assert public_until(published) == last


@pytest.mark.parametrize(("on", "public"), [(date(2021, 12, 1), True), (date(2026, 12, 31), True), (date(2027, 1, 1), False)])
def test_the_last_day_belongs_to_the_term(on, public):
    assert is_public(date(2021, 12, 1), on) is public

from datetime import date, timedelta

import pytest

from network.guarantees import near_the_end, uncovered
from network.models import Agreement, Guarantee

END = date(2024, 4, 30)


def guarantee(kind, until):
    return Guarantee(kind=kind, number=f"{kind} {until}", valid_until=until)


@pytest.mark.parametrize(
    ("rows", "early"),
    [
        ([("liability", END)], []),
        ([("liability", END - timedelta(days=1))], [0]),
        ([("liability", date(2023, 1, 1)), ("liability", END)], []),
        ([("liability", date(2023, 1, 1)), ("liability", date(2024, 1, 1))], [1]),
        ([("liability", END), ("surety", date(2023, 1, 1))], [1]),
        ([], []),
    ],
)
def test_a_guarantee_covers_the_whole_agreement_or_is_renewed(rows, early):
    made = [guarantee(*row) for row in rows]
    found = uncovered(Agreement(ends_on=END), made)
    assert [row.number for row in found] == [made[n].number for n in early]


def test_before_its_days_are_known_nothing_ends_before_the_agreement():
    assert uncovered(Agreement(), [guarantee("liability", END)]) == []


@pytest.mark.parametrize(("days", "near"), [(31, False), (30, True), (0, True), (-1, True)])
def test_the_office_is_told_a_month_before(days, near):
    today = date(2023, 1, 1)
    row = guarantee("liability", today + timedelta(days=days))
    assert (near_the_end([row], today) == [row]) is near

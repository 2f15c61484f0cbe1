"""What the sheets of an area ask, where a criterion may be compared in pairs instead."""

import pytest
from django.urls import reverse

from evaluation.actions import finish_sheet, save_marks
from evaluation.asked import asked_grid
from evaluation.models import Sheet
from evaluation.states import SheetState
from tests.builders_evaluation import (
    MARKED_AT,
    admitted,
    call_in_pairs,
    coefficients,
    commission,
    marking,
    sheet_of,
    small_call,
)
from tests.pages import text

pytestmark = pytest.mark.django_db


def begun(proposals: int) -> Sheet:
    """An open sheet in an area of so many proposals, whose criterion ``c1`` is compared in pairs from three on."""
    call = call_in_pairs()
    first, *_others = [admitted(call) for _ in range(proposals)]
    return sheet_of(marking(commission(call))[0], first)


@pytest.mark.parametrize(("proposals", "expected"), [(2, ["a1", "b1", "c1"]), (3, ["a1", "b1"])])
def test_a_criterion_in_pairs_is_on_the_sheet_only_while_there_are_too_few_to_compare(proposals, expected, client):
    sheet = begun(proposals)
    assert [criterion.code for criterion in asked_grid(sheet.application.call, "area-1").criteria] == expected
    client.force_login(sheet.member.user)
    page = client.get(reverse("sheet", args=[sheet.pk]))
    comparison = reverse("comparison", args=[sheet.application.call.slug, "area-1", "c1"])
    assert (f"Criterio 1 di {len(expected)}" in text(page), f'href="{comparison}"' in page.content.decode()) == (
        True,
        proposals >= 3,
    )


@pytest.mark.parametrize("proposals", [2, 3])
def test_the_sheet_is_concluded_with_what_it_asks(proposals):
    sheet = begun(proposals)
    asked = {criterion.code for criterion in asked_grid(sheet.application.call, "area-1").criteria}
    given = {code: mark for code, mark in coefficients(["buono"] * 3).items() if code in asked}
    save_marks(sheet, given, by=sheet.member.user, at=MARKED_AT)
    assert finish_sheet(sheet, by=sheet.member.user, at=MARKED_AT).target == SheetState.FINAL


def test_proposals_are_counted_only_where_that_matters(django_assert_num_queries):
    plain, pairs = small_call(), call_in_pairs()
    with django_assert_num_queries(0):
        asked_grid(plain, "area-1")
    with django_assert_num_queries(1):
        asked_grid(pairs, "area-1")

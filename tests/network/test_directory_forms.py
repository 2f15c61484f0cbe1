from decimal import Decimal

import pytest
from django.http import QueryDict

from network.directory import Wanted
from network.directory_forms import SearchForm
from network.near import Point

CHOICES = {"languages": {"it", "ar"}, "categories": {"famiglia": "Famiglia"}}
HERE = Point(Decimal("45.465"), Decimal("9.189"))


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", Wanted()),
        ("municipio=3&now=on&step_free=on", Wanted(municipio=3, now=True, step_free=True)),
        ("municipio=10&now=on", Wanted(now=True)),
        ("function=jobs&language=ar&category=famiglia", Wanted(function="jobs", language="ar", category="famiglia")),
        ("function=x&language=x&category=x&q=%20badante%20", Wanted(q="badante")),
        ("lat=45.46471&lon=9.18851", Wanted(point=HERE)),
        ("lat=45.46471&lon=9.18851&near=Duomo", Wanted(near="Duomo")),
        ("lat=45.46471", Wanted()),
        (f"q={'x' * 101}", Wanted()),
        ("altro=1", Wanted()),
    ],
)
def test_what_can_be_read_is_asked_for(query, wanted):
    assert SearchForm(QueryDict(query), **CHOICES).wanted == wanted


def test_what_nobody_offers_is_not_asked():
    assert set(SearchForm.base_fields) - set(SearchForm(languages=(), categories={}).fields) == {"language", "category"}

from datetime import date

import pytest
from django.urls import reverse

from network.models import Space

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_monday_morning")]


def space(name: str, **facts) -> Space:
    given = {
        "state": "open",
        "address": "via Capuana 3",
        "municipio": 8,
        "phone": "02 1",
        "hours": [{"day": 1, "opens": "09:00", "closes": "13:00"}],
        "opened_on": date(2022, 5, 2),
    }
    return Space.objects.create(name=name, slug=name.lower(), **{**given, **facts})


def names(response) -> list[str]:
    return [card["space"].name for card in response.context["cards"]]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_directory_asks_once_whatever_its_length(client, django_assert_num_queries, rows):
    for n in range(rows):
        space(f"Spazio{n}")
    with django_assert_num_queries(1):
        response = client.get(reverse("spaces"))
    assert len(names(response)) == rows


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, ["Alfa", "Beta", "Gamma"]),
        ({"q": "capuana"}, ["Alfa", "Gamma"]),
        ({"q": "gamma capuana"}, ["Gamma"]),
        ({"q": "niente"}, []),
        ({"municipio": "4"}, ["Beta"]),
        ({"municipio": "quattro"}, ["Alfa", "Beta", "Gamma"]),
        ({"now": "on"}, ["Alfa", "Gamma"]),
        ({"step_free": "on"}, ["Beta"]),
    ],
)
def test_filters_narrow_the_list(client, filters, found):
    space("Alfa")
    space("Beta", address="via Piazzetta 2", municipio=4, hours=[], step_free=True)
    space("Gamma")
    space("Chiuso", state="closed")
    space("Futuro", state="planned")
    assert names(client.get(reverse("spaces"), filters)) == found


def test_an_empty_answer_says_what_to_do(client):
    assert "Gli Spazi compaiono qui quando aprono" in client.get(reverse("spaces")).content.decode()
    space("Alfa")
    assert "Togli un filtro" in client.get(reverse("spaces"), {"q": "niente"}).content.decode()


def test_a_space_is_public_only_while_it_is_open(client):
    alfa = space("Alfa")
    page = client.get(reverse("space", args=["alfa"])).content.decode()
    assert "Aperto adesso" in page
    assert "09:00–13:00" in page
    Space.objects.filter(pk=alfa.pk).update(state="planned")
    assert client.get(reverse("space", args=["alfa"])).status_code == 404

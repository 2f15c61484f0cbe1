import csv
import io
import json
import re
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Organisation
from bando.deadlines import rome
from network.models import Accreditation, AccreditationNotice, Category, FormerSlug, Service, Space, SpaceAddress
from network.structured import COLUMNS
from tests.pages import data_files, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_monday_morning")]
NOW = rome(2022, 5, 2, 10)


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


def at(latitude: str, longitude: str) -> dict[str, Decimal]:
    return {"latitude": Decimal(latitude), "longitude": Decimal(longitude)}


def service(title: str, category: str, *spaces: Space, **facts) -> Service:
    body, _made = Organisation.objects.get_or_create(name="Cooperativa Alfa", tax_code="97600000158")
    notice = AccreditationNotice.objects.first() or AccreditationNotice.objects.create(title="Avviso", text="", created_at=NOW)
    given = {"state": "accredited", "valid_until": date(2022, 5, 2)}
    accreditation, _made = Accreditation.objects.get_or_create(notice=notice, organisation=body, defaults=given)
    row = Service.objects.create(
        **{
            "slug": title.lower(),
            "state": "published",
            "price": "free",
            "in_space": True,
            "saved_at": NOW,
            "title": title,
            **facts,
        },
        organisation=body,
        accreditation=accreditation,
        category=Category.objects.get_or_create(code=category, title=category.title())[0],
    )
    row.spaces.set(spaces)
    return row


def names(response) -> list[str]:
    return [seen.name for seen in response.context["found"].found]


# --- the list ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [2, 20])
def test_the_directory_asks_five_times_whatever_its_length(client, django_assert_num_queries, rows):
    made = [space(f"Spazio{n}", **at("45.47", f"9.{100 + n}")) for n in range(rows)]
    service("Sportello", "famiglia", *made)
    # The Spazi, their addresses, the services that are given there, whether there are streets, which.
    with django_assert_num_queries(5):
        response = client.get(reverse("spaces"), {"near": "Loreto", "category": "famiglia"})
    assert len(names(response)) == rows


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, ["Alfa", "Beta", "Gamma"]),
        ({"q": "capuana"}, ["Alfa", "Gamma"]),
        ({"q": "gamma Via CAPUANA"}, ["Gamma"]),
        ({"q": "niente"}, []),
        ({"municipio": "4"}, ["Beta"]),
        ({"municipio": "quattro"}, ["Alfa", "Beta", "Gamma"]),
        ({"municipio": "quattro", "now": "on"}, ["Alfa", "Gamma"]),
        ({"now": "on"}, ["Alfa", "Gamma"]),
        ({"step_free": "on"}, ["Beta"]),
        ({"function": "jobs"}, ["Gamma"]),
        ({"function": "magic"}, ["Alfa", "Beta", "Gamma"]),
        ({"language": "ar"}, ["Beta"]),
        ({"category": "famiglia"}, ["Gamma"]),
        ({"category": "bozze"}, ["Alfa", "Beta", "Gamma"]),  # no filter that could be chosen: nothing public is of that kind
        ({"municipio": "8", "function": "jobs", "now": "on"}, ["Gamma"]),
        ({"municipio": "4", "function": "jobs"}, []),
    ],
)
def test_filters_narrow_the_list(client, filters, found):
    space("Alfa")
    space("Beta", address="via Piazzetta 2", municipio=4, hours=[], step_free=True, languages=["ar", "it"])
    gamma = space("Gamma", functions=["jobs"])
    space("Chiuso", state="closed")
    space("Futuro", state="planned")
    service("Sportello", "famiglia", gamma)
    service("Bozza", "bozze", gamma, state="draft")
    assert names(client.get(reverse("spaces"), filters)) == found


@pytest.mark.parametrize(
    ("asked", "is_open"), [("", False), ("near=Loreto&q=via&now=on&step_free=on", False), ("municipio=4", True)]
)
def test_what_few_people_filter_by_is_folded_until_it_is_used(client, asked, is_open):
    space("Alfa", languages=["it"])
    page = client.get(f"{reverse('spaces')}?{asked}").text
    assert ('<details class="bando-details" open><summary>Altri filtri' in page) is is_open


@pytest.mark.parametrize(
    ("filters", "heading"),
    [
        ({}, "3 Spazi"),
        ({"municipio": "8"}, "2 Spazi nel Municipio 8"),
        ({"municipio": "4"}, "1 Spazio nel Municipio 4"),
        ({"municipio": "1"}, "0 Spazi nel Municipio 1"),
    ],
)
def test_the_heading_counts_what_was_found(client, filters, heading):
    for n, municipio in enumerate([8, 8, 4]):
        space(f"Spazio{n}", municipio=municipio)
    assert f'<h2 id="results">{heading}</h2>' in client.get(reverse("spaces"), filters).content.decode()


def test_an_empty_answer_says_which_filter_to_take_away(client):
    assert "Gli Spazi compaiono qui quando aprono" in text(client.get(reverse("spaces")))
    space("Alfa")
    space("Beta", municipio=4, step_free=True)
    response = client.get(reverse("spaces"), {"municipio": "8", "step_free": "on"})
    assert "Nessuno Spazio con questi filtri" in text(response)
    assert [(one["words"], one["url"], one["count"]) for one in response.context["asked"]] == [
        ("Municipio 8", "/spazi/?step_free=on", 1),
        ("Ingresso senza gradini", "/spazi/?municipio=8", 1),
    ]
    assert "Togli: Municipio 8 (1 Spazio)" in text(response)
    page = text(client.get(reverse("spaces"), {"municipio": "1", "step_free": "on", "near": "Atlantide"}))
    assert "Togli: Municipio 1 (1 Spazio) Togli: Ingresso senza gradini (0 Spazi) Togli: vicino a «Atlantide» Non" in page


@pytest.mark.parametrize(
    ("query", "found", "told"),
    [
        ({"near": "Duomo"}, [("Centro", 0), ("Loreto", 3200), ("Vago", None)], "Prima i più vicini a Duomo"),
        (
            {"near": "nolo"},
            [("Loreto", 900), ("Centro", 4100), ("Vago", None)],
            "Prima i più vicini a Loreto - Casoretto - NoLo",
        ),
        ({"near": "corso Buenos Aires 12"}, None, "Prima i più vicini a Buenos Aires - Porta Venezia"),
        ({"lat": "45.48461", "lon": "9.21524"}, [("Loreto", 0), ("Centro", 3200), ("Vago", None)], "vicini alla tua posizione"),
        (
            {"near": "Duomo", "lat": "45.4846", "lon": "9.2152"},
            [("Centro", 0), ("Loreto", 3200), ("Vago", None)],
            "vicini a Duomo",
        ),
        ({"near": "Atlantide"}, [("Centro", None), ("Loreto", None), ("Vago", None)], "Non conosciamo «Atlantide»"),
        ({"lat": "molto", "lon": "9"}, [("Centro", None), ("Loreto", None), ("Vago", None)], "3 Spazi"),
    ],
)
def test_the_nearest_come_first(client, query, found, told):
    space("Vago")
    space("Loreto", **at("45.484600", "9.215200"))
    space("Centro", **at("45.463700", "9.187000"))
    response = client.get(reverse("spaces"), query)
    seen = response.context["found"].found
    if found:
        assert [(one.name, None if one.metres is None else round(one.metres, -2)) for one in seen] == found
    assert told in text(response)


def test_without_a_point_those_of_the_same_municipio_come_first(client):
    space("Alfa", municipio=4)
    space("Beta", municipio=8)
    assert names(client.get(reverse("spaces"), {"near": "Quarto Oggiaro"})) == ["Beta", "Alfa"]


def test_the_position_stays_in_the_address_with_three_decimals(client):
    space("Alfa")
    page = client.get(reverse("spaces"), {"lat": "45.4846123", "lon": "9.2152456"}).content.decode()
    assert re.findall(r'name="(lat|lon)" value="([\d.]+)"', page) == [("lat", "45.485"), ("lon", "9.215")]
    assert "45.4846123" not in page.split('role="search"', 1)[1]


# --- the map ----------------------------------------------------------------------------------------------------------


def test_the_map_leads_to_municipi_and_spazi(client):
    space("Alfa", **at("45.513700", "9.137700"))
    space("Beta", municipio=4)
    space("Gamma", municipio=None)
    page = client.get(reverse("spaces"), {"now": "on"})
    assert '<a href="#map-title">Guarda la mappa</a>' in page.content.decode()
    context = page.context["map"]
    assert [(one["area"].municipio, one["count"]) for one in context["areas"] if one["count"]] == [(4, 1), (8, 1)]
    assert context["areas"][7]["url"] == "/spazi/?municipio=8&now=on"
    assert [(one["mark"].key, one["seen"].label) for one in context["marks"]] == [
        ("1", "Alfa, Municipio 8, aperto ora, chiude alle 13:00")
    ]
    assert [(group["municipio"], [seen.name for seen in group["spaces"]]) for group in context["apart"]] == [
        (4, ["Beta"]),
        (None, ["Gamma"]),
    ]


def test_a_chosen_municipio_leaves_the_others_on_the_map_with_their_numbers(client):
    space("Alfa", municipio=4)
    space("Beta", municipio=8)
    response = client.get(reverse("spaces"), {"municipio": "8"})
    assert names(response) == ["Beta"]
    areas = response.context["map"]["areas"]
    assert [(one["area"].municipio, one["count"], one["is_chosen"]) for one in areas if one["count"]] == [
        (4, 1, False),
        (8, 1, True),
    ]


def test_the_drawing_is_small(client):
    for n in range(20):
        space(f"Spazio{n}", **at(f"45.4{50 + n}", "9.187"))
    drawing = client.get(reverse("spaces")).content.split(b"bando-map", 1)[1].split(b"<svg", 1)[1].split(b"</svg>")[0]
    assert len(drawing) < 20_000
    assert drawing.count(b'role="listitem"') == 29


# --- the page of a Spazio ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("services", [1, 5])
def test_a_page_asks_three_times_whatever_is_given_there(client, django_assert_num_queries, services):
    alfa = space("Alfa")
    for n in range(services):
        service(f"Servizio{n}", f"categoria-{n}", alfa)
    with django_assert_num_queries(3):  # the Spazio, its addresses, its services
        response = client.get(reverse("space", args=["alfa"]))
    assert text(response).count("Cooperativa Alfa") == services


def test_a_page_tells_what_one_needs_before_going_there(client):
    alfa = space(
        "Alfa",
        functions=["jobs"],
        languages=["it", "ar"],
        transport="Tram 12",
        access_notes="Suona al cortile.",
        manager_name="Cooperativa Beta",
        email="alfa@esempio.it",
        step_free=True,
        exceptions=[{"first": "2022-05-09", "last": "2022-05-10", "hours": [], "why": "Trasloco"}],
    )
    service("Sportello", "famiglia", alfa)
    response = client.get(reverse("space", args=["alfa"]))
    page = text(response)
    for words in (
        *("Aperto ora, chiude alle 13:00", "Lunedì (oggi) 09:00 – 13:00", "Martedì Chiuso", "Ingresso senza gradini Sì"),
        *("via Capuana 3 Municipio 8", "Tram 12", "Suona al cortile.", "Cooperativa Beta", "italiano, arabo", "2 maggio 2022"),
        *("da lunedì 9 maggio a martedì 10 maggio Chiuso Trasloco", "Aiuto nella ricerca di lavoro"),
        "Sportello – Cooperativa Alfa (gratuito)",
    ):
        assert words in page
    for link in ('href="tel:021">02 1<', 'href="/servizi/richieste/nuova/?spazio=alfa"', 'href="/servizi/sportello/"'):
        assert link in response.content.decode()
    assert "È un esempio" not in page


def test_holidays_of_a_usual_day_are_told_and_shut_the_door(client):
    space("Alfa", hours=[{"day": 4, "opens": "09:00", "closes": "13:00"}])  # Thursdays: 2 June 2022 is one
    page = text(client.get(reverse("space", args=["alfa"])))
    assert "giovedì 2 giugno Chiuso Festa della Repubblica" in page
    assert page.count("Chiuso Festa") == 1


def test_a_page_without_hours_says_whom_to_ask(client):
    space("Alfa", hours=[], certainty="med", source="laprimapagina.it")
    page = text(client.get(reverse("space", args=["alfa"])))
    assert (page.count("Orari: chiedi allo Spazio"), page.count("Orari Chiedi allo Spazio")) == (1, 1)
    assert "È un esempio" in page
    assert "L'indirizzo viene da una fonte sola. Fonte: laprimapagina.it." in page


def test_a_suspended_space_says_why_and_until_when(client):
    space("Alfa", state="suspended", closed_note="Si rifà il tetto.", reopens_on=date(2022, 9, 1))
    page = text(client.get(reverse("space", args=["alfa"])))
    assert "Chiuso per un periodo, riapre giovedì 1 settembre" in page
    assert "Si rifà il tetto." in page
    assert "Orari Valgono da quando riapre." in page
    assert "Aperto ora" not in page
    assert "Scrivi a questo Spazio" not in page


def test_a_move_is_announced_and_then_it_has_happened(client):
    alfa = space("Alfa")
    SpaceAddress.objects.create(space=alfa, address="via Savona 1", municipio=6, first_day=date(2022, 5, 3))
    page = text(client.get(reverse("space", args=["alfa"])))
    assert "Dal 3 maggio 2022 lo trovi in via Savona 1, Municipio 6." in page
    assert "Indirizzo via Capuana 3 Municipio 8" in page
    SpaceAddress.objects.update(first_day=date(2022, 5, 2))
    page = text(client.get(reverse("space", args=["alfa"])))
    assert "Indirizzo via Savona 1 Municipio 6" in page
    assert "cambia indirizzo" not in page


@pytest.mark.parametrize(
    ("state", "status"), [("planned", 404), ("trained", 404), ("open", 200), ("suspended", 200), ("closed", 410)]
)
def test_a_page_is_there_while_the_door_is(client, state, status):
    space("Alfa", state=state)
    assert client.get(reverse("space", args=["alfa"])).status_code == status


def test_a_closed_space_says_so_and_names_the_nearest_open_ones(client):
    space("Alfa", state="closed", closed_note="La convenzione è finita.", **at("45.484600", "9.215200"))
    for n, longitude in enumerate(["9.30", "9.22", "9.25", "9.21"]):
        space(f"Vicino{n}", **at("45.484600", longitude))
    space("Sospeso", state="suspended", **at("45.484600", "9.215200"))
    space("Senza")
    response = client.get(reverse("space", args=["alfa"]))
    assert "La convenzione è finita." in text(response)
    assert [seen.name for seen in response.context["near"]] == ["Vicino1", "Vicino3", "Vicino2"]
    Space.objects.filter(slug="alfa").update(latitude=None, longitude=None, municipio=4)
    Space.objects.filter(slug="senza").update(municipio=4)
    assert [seen.name for seen in client.get(reverse("space", args=["alfa"])).context["near"]] == ["Senza"]


@pytest.mark.parametrize(("state", "status"), [("open", 301), ("suspended", 301), ("closed", 301), ("planned", 404)])
def test_a_former_address_of_a_page_leads_to_the_page(client, state, status):
    FormerSlug.objects.create(slug="vecchia", space=space("Alfa", state=state), until=NOW)
    response = client.get(reverse("space", args=["vecchia"]))
    assert (response.status_code, response.get("Location")) == (status, "/spazi/alfa/" if status == 301 else None)


def test_a_page_says_the_same_to_machines(client):
    space("Alfa", manager_name="Beta", address="</script>", **at("45.513700", "9.137700"))
    page = client.get(reverse("space", args=["alfa"])).content.decode()
    data = json.loads(re.search(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.DOTALL)[1])
    assert (data["@type"], data["name"], data["url"]) == ("GovernmentOffice", "Alfa", "http://testserver/spazi/alfa/")
    assert data["address"]["streetAddress"] == "</script>"
    assert data["geo"] == {"@type": "GeoCoordinates", "latitude": 45.5137, "longitude": 9.1377}
    week = data["openingHoursSpecification"][0]
    assert (week["dayOfWeek"], week["opens"], week["closes"]) == ("https://schema.org/Monday", "09:00", "13:00")
    assert data["areaServed"] == {"@type": "AdministrativeArea", "name": data["parentOrganization"]["name"]}


# --- open data --------------------------------------------------------------------------------------------------------


def test_the_geojson_has_every_public_space(client):
    space("Alfa", **at("45.513700", "9.137700"))
    space("Beta", state="suspended")
    space("Futuro", state="planned")
    response = client.get(reverse("spaces_geojson"))
    assert response["Content-Type"] == "application/geo+json"
    found = json.loads(response.content)
    assert [(row["id"], row["geometry"]) for row in found["features"]] == [
        ("alfa", {"type": "Point", "coordinates": [9.1377, 45.5137]}),
        ("beta", None),
    ]
    assert [row["properties"]["state"] for row in found["features"]] == ["open", "suspended"]


def test_the_csv_has_the_columns_that_the_page_explains(client):
    space("Alfa", phone="+39 02 1", step_free=False, functions=["jobs", "digital"])
    response = client.get(reverse("spaces_csv"))
    assert (response["Content-Type"], response["Content-Disposition"]) == (
        "text/csv; charset=utf-8; header=present",
        'attachment; filename="spazi.csv"',
    )
    header, row = csv.reader(io.StringIO(response.content.decode(), newline=""))
    assert tuple(header) == COLUMNS
    told = dict(zip(header, row, strict=True))
    assert (told["page"], told["phone"], told["functions"]) == ("http://testserver/spazi/alfa/", "'+39 02 1", "jobs|digital")
    assert (told["hours_monday"], told["latitude"], told["step_free"]) == ("09:00-13:00", "", "false")
    explained = [line["column"] for line in client.get(reverse("spaces_data")).context["dictionary"]]
    assert tuple(explained) == COLUMNS


@pytest.mark.parametrize("route", ["spaces", "spaces_data"])
def test_a_program_finds_the_files_from_the_pages(client, route):
    assert data_files(client.get(reverse(route))) == [
        ("application/geo+json", "/spazi/spazi.geojson"),
        ("text/csv", "/spazi/spazi.csv"),
    ]


@pytest.mark.parametrize("route", ["spaces_geojson", "spaces_csv"])
def test_a_file_is_sent_again_only_when_it_changed(client, django_assert_num_queries, route):
    alfa = space("Alfa")
    with django_assert_num_queries(2):
        first = client.get(reverse(route))
    assert first["Cache-Control"] == "public, no-cache"
    again = client.get(reverse(route), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    Space.objects.filter(pk=alfa.pk).update(phone="02 2")
    assert client.get(reverse(route), headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("route", ["spaces", "spaces_data", "spaces_geojson", "spaces_csv"])
def test_the_directory_is_only_read(client, route):
    assert client.post(reverse(route)).status_code == 405

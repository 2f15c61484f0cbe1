import json
from datetime import date

import pytest
import time_machine
from django.urls import reverse

from network.models import Accreditation, Miss, Service
from network.states import SpaceState
from tests import road as roads
from tests.builders_catalogue import KINDS, TODAY, accredited, catalogue, service
from tests.pages import data_files, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(TODAY, tick=False):
        yield


def search(client, **asked):
    return client.get(reverse("services"), asked)


def test_the_first_page_is_the_box_and_the_kinds_of_need(client):
    catalogue(services=26, bodies=2)
    page = text(search(client))
    assert "Di cosa hai bisogno?" in page
    assert page.count("2 servizi") == 13
    assert "Assistenza familiare per anziani 1" not in page
    assert Miss.objects.count() == 0


def test_a_need_is_answered_by_kinds_with_the_words_that_were_read(client):
    catalogue(services=26, bodies=2)
    page = text(search(client, q="badnate"))
    assert "4 servizi per «badnate»" in page
    assert "Cerchiamo «badante» invece di «badnate»." in page
    assert "Cerchiamo anche: assistenza familiare, assistenza anziani." in page
    assert "Assistenza familiare per anziani 1 Aiuto in casa, igiene e compagnia Cooperativa 1 Gratuito A casa" in page
    assert Miss.objects.count() == 0


def test_filters_stay_in_the_address_and_say_how_many_they_leave(client):
    catalogue(services=26, bodies=2)
    page = search(client, q="casa", costo="paid", dove="home").content.decode()
    assert '<option value="paid" selected>A pagamento (' in page
    assert '<option value="home" selected>A casa (' in page
    assert 'href="/servizi/?q=casa"' in page  # without filters


def test_a_filter_that_means_nothing_is_passed_over(client):
    catalogue(services=13)
    response = search(client, categoria="astronavi", costo="oro", municipio="99", page="ultima")
    assert (response.status_code, "13 servizi" in text(response)) == (200, True)


def test_a_text_of_any_length_is_read_as_far_as_the_box_is_long(client):
    catalogue(services=13)
    page = search(client, q="z" * 5000)
    assert f"Nessun risultato per «{'z' * 200}»" in text(page)
    assert 'maxlength="200"' in page.content.decode()


def test_many_services_come_in_pages_that_keep_what_was_asked(client):
    catalogue(services=300, bodies=58)
    first = search(client, q="", municipio="3").content.decode()
    assert 'href="?municipio=3&amp;page=2"' in first
    assert first.count('<li class="bando-place">') == 30


def test_nothing_found_offers_ways_on_and_is_counted_without_who_asked(client):
    catalogue(services=13)
    page = text(search(client, q="psicopompo"))
    assert "Nessun risultato per «psicopompo»" in page
    assert "Forse cercavi: psicologo Prova" in page
    assert "Chiedi un orientamento" in page
    assert all(title in page for title in ("Corsi di italiano", "Pasti a domicilio"))
    assert list(Miss.objects.values_list("query", "day", "count")) == [("psicopompo", date(2022, 5, 3), 1)]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"q": "iniezioni", "categoria": "pasti"}, "Nessun servizio con questi filtri Senza filtri c'è 1 servizio."),
        ({"q": "che cosa"}, "Per cercare scrivi una parola che dica il bisogno"),
        ({"q": "tapparelle cane"}, "Nessun servizio ha tutte queste parole."),
        ({"q": "<script>alert(1)</script>"}, "Nessun risultato per «<script>alert(1)</script>»"),
        ({"q": "x" * 5000}, "Nessun risultato per «xxx"),
    ],
)
def test_each_way_of_finding_little_is_explained(client, asked, sentence):
    catalogue(services=13)
    response = search(client, **asked)
    assert (response.status_code, sentence in text(response), b"<script>alert" in response.content) == (200, True, False)


def test_an_empty_catalogue_says_so(client):
    assert "Nessun servizio, per ora" in text(search(client, q=""))


@pytest.mark.parametrize("services", [10, 300])
def test_a_search_costs_the_same_whatever_is_in_the_catalogue(client, services, django_assert_num_queries):
    catalogue(services=services, bodies=min(services, 58))
    with django_assert_num_queries(3):
        search(client, q="badante", costo="free")


def test_a_service_says_what_it_is_and_how_to_ask_for_it(client):
    row = catalogue(services=2)[1]
    response = client.get(reverse("service", args=[row.slug]))
    page, source = text(response), response.content.decode()
    assert "Infermieri a domicilio 2" in page
    assert "Costo A pagamento 12,50 € l'ora" in page
    assert "Condiviso: in condominio, a scuola, tra famiglie" in page
    assert f'href="/servizi/richieste/nuova/?servizio={row.slug}"' in source
    block = source.split('<script type="application/ld+json" data-element="metatag">')[1].split("</script>")[0]
    data = json.loads(block)
    assert (data["@type"], data["name"], data["provider"]["name"]) == ("Service", "Infermieri a domicilio 2", "Cooperativa 1")


def test_a_service_names_its_spazi_that_people_find(client):
    road = roads.opened()
    row = catalogue(services=1)[0]
    row.spaces.set([road.space])
    assert road.space.name in text(client.get(reverse("service", args=[row.slug])))
    road.space.state = SpaceState.PLANNED
    road.space.save()
    assert road.space.name not in text(client.get(reverse("service", args=[row.slug])))


@pytest.mark.parametrize("change", [{"state": "withdrawn"}, {"state": "draft"}])
def test_a_service_that_is_not_public_has_no_page(client, change):
    row = catalogue(services=1)[0]
    Service.objects.update(**change)
    assert client.get(reverse("service", args=[row.slug])).status_code == 404


def test_after_the_last_day_of_the_accreditation_nothing_is_public(client):
    row = catalogue(services=13)[0]
    Accreditation.objects.update(valid_until=TODAY.date())
    url = reverse("service", args=[row.slug])
    assert client.get(url).status_code == 200
    with time_machine.travel("2022-05-04T00:00:00+02:00", tick=False):
        assert client.get(url).status_code == 404
        assert "Nessun servizio, per ora" in text(search(client, q=""))
        assert "Nessun ente accreditato, per ora" in text(client.get(reverse("accredited")))


def test_the_accredited_bodies_are_a_public_list(client):
    catalogue(services=5, bodies=2)
    page = text(client.get(reverse("accredited")))
    assert "2 enti accreditati" in page
    assert "Cooperativa 1 dal 3 maggio 2022 al 2 maggio 2025 3" in page
    csv = client.get(reverse("accredited_csv")).content.decode().split("\r\n")
    assert csv[0] == "body,tax_code,accredited_since,accredited_until,services"
    assert [line.split(",")[0] + line[-24:] for line in csv[1:3]] == [
        "Cooperativa 1,2022-05-03,2025-05-02,3",
        "Cooperativa 2,2022-05-03,2025-05-02,2",
    ]


@pytest.mark.parametrize("bodies", [2, 58])
def test_the_list_of_bodies_costs_two_queries(client, bodies, django_assert_num_queries):
    catalogue(services=58, bodies=bodies)
    with django_assert_num_queries(2):
        client.get(reverse("accredited"))


def test_a_body_shows_its_services_while_it_is_accredited(client):
    row = catalogue(services=4, bodies=2)[0]
    url = reverse("accredited_body", args=[row.organisation_id])
    page = text(client.get(url))
    assert ("Ente accreditato fino al 2 maggio 2025." in page, "2 servizi" in page, "3" in page) == (True, True, True)
    Accreditation.objects.filter(organisation=row.organisation).update(state="ended")
    assert client.get(url).status_code == 404


def test_the_services_are_open_data_without_formulas(client):
    catalogue(services=2)
    here = accredited("=1+1")[0]
    service(here, "+39 chiamaci", slug="chiamaci", municipi=[2, 5]).save()
    csv = client.get(reverse("services_csv")).content.decode().split("\r\n")
    assert csv[0].split(",")[:3] == ["url", "title", "category"]
    assert csv[1].split(",")[1:3] == ["'+39 chiamaci", "socio-assistenziali"]
    assert csv[1].endswith(",free,,true,false,true,false,false,2 5,,'=1+1")
    data = client.get(reverse("services_json")).json()
    assert (data["licence"], data["day"], len(data["services"])) == ("CC-BY-4.0", "2022-05-03", 3)
    assert (data["services"][0]["title"], data["services"][0]["municipi"]) == ("+39 chiamaci", [2, 5])


@pytest.mark.parametrize(
    ("route", "files"),
    [
        ("services", [("text/csv", "/servizi/catalogo.csv"), ("application/json", "/servizi/catalogo.json")]),
        ("accredited", [("text/csv", "/servizi/enti/elenco.csv")]),
    ],
)
def test_a_program_finds_the_files_from_the_pages(client, route, files):
    page = client.get(reverse(route))
    assert data_files(page) == files
    assert [client.get(address)["Content-Type"].split(";")[0] for _type, address in files] == [kind for kind, _url in files]


@pytest.mark.parametrize(("route", "name"), [("services_csv", "servizi.csv"), ("accredited_csv", "enti-accreditati.csv")])
def test_a_table_is_kept_under_its_name_and_says_that_its_first_line_is_a_head(client, route, name):
    answer = client.get(reverse(route))
    assert (answer["Content-Type"], answer["Content-Disposition"]) == (
        "text/csv; charset=utf-8; header=present",
        f'attachment; filename="{name}"',
    )


@pytest.mark.parametrize("language", ["it", "en"])
def test_the_name_of_a_body_is_read_aloud_as_italian(client, language):
    row = catalogue(services=2, bodies=1)[0]
    client.cookies["django_language"] = language
    body = reverse("accredited_body", args=[row.organisation_id])
    marked = {
        reverse("accredited"): f'<a href="{body}" lang="it">Cooperativa 1</a>',
        body: '<h1 lang="it">Cooperativa 1</h1>',
        f"{reverse('services')}?q=": '<p class="small" lang="it">Cooperativa 1</p>',
        reverse("service", args=[row.slug]): '<dd lang="it">Cooperativa 1</dd>',
    }
    assert [url for url, element in marked.items() if element not in client.get(url).content.decode()] == []


@pytest.mark.parametrize("route", ["services_csv", "services_json"])
@pytest.mark.parametrize("services", [10, 300])
def test_open_data_costs_two_queries(client, services, route, django_assert_num_queries):
    catalogue(services=services, bodies=10)
    with django_assert_num_queries(2):
        client.get(reverse(route))


@pytest.mark.journey
def test_the_pages_are_clean_for_axe_and_work_by_keyboard(page_at, axe_clean, transactional_db):
    row = catalogue(services=40, bodies=3)[0]
    for width in (360, 1280):
        page = page_at(width)
        for address in (
            reverse("services"),
            f"{reverse('services')}?q=badante",
            f"{reverse('services')}?q=psicopompo",
            reverse("service", args=[row.slug]),
            reverse("accredited"),
            reverse("accreditation_notices"),
        ):
            page.goto(address)
            axe_clean(page)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.goto(reverse("services"))
    page.get_by_label("Di cosa hai bisogno?").focus()
    page.keyboard.type("tapparelle")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="servizi per «tapparelle»").wait_for()
    assert KINDS[8][1] in page.content()

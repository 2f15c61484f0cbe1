import pytest
import time_machine
from django.urls import reverse

from network import actions
from network.models import Accreditation, Category, Miss, Service, Synonym
from tests.builders import body, official, person
from tests.builders_catalogue import TODAY, catalogue, offer
from tests.history import history
from tests.pages import carried, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def office():
    return official()


@pytest.fixture
def chief():
    return person(name="Rita Rappresenta")


@pytest.fixture
def offered(office, chief):
    return offer(body("La Lucerna", by=chief), by=chief, office=office)


def typed(**changes):
    return {
        "category": Category.objects.get(code="socio-assistenziali").pk,
        "title": "Badanti di quartiere",
        "summary": "Una persona di fiducia",
        "description": "La scegliamo insieme.",
        "audience": "Anziani soli",
        "price": "paid",
        "price_note": "12 € l'ora",
        "ways": ["one", "several"],
        "places": ["home"],
        "municipi": ["3", "2"],
        **changes,
    }


def test_a_body_writes_a_service_and_people_find_it(client, chief, offered):
    client.force_login(chief)
    made = client.post(reverse("my_service_new"), typed(accreditation=offered.accreditation.pk))
    row = Service.objects.get(slug="badanti-di-quartiere")
    url = reverse("my_service", args=[row.pk])
    assert made["Location"] == url
    assert (row.state, row.municipi, row.individual, row.shared, row.at_home, row.online) == (
        "draft",
        [2, 3],
        True,
        True,
        True,
        False,
    )
    page = text(client.get(url))
    assert "Come lo vedono le persone" in page
    assert "Costo A pagamento 12 € l'ora" in page
    assert client.post(url, {"publish": "1"}).status_code == 302
    client.logout()
    assert "Badanti di quartiere" in text(client.get(reverse("services"), {"q": "badante"}))
    client.force_login(chief)
    assert client.post(url, {"withdraw": "1"}).status_code == 302
    assert history(row) == ["publish", "withdraw"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"places": []}, "Scegli almeno un posto: a casa, in uno Spazio o a distanza."),
        ({"ways": []}, "Scegli almeno una voce: per una persona o una famiglia, o condiviso."),
        ({"title": ""}, "Scrivi il nome del servizio."),
        ({"summary": " "}, "Scrivi in una riga che cos'è."),
        ({"description": ""}, "Scrivi che cosa si fa."),
        ({"price": ""}, "Scegli se è gratuito o a pagamento."),
        ({"price_note": ""}, "Scrivi quanto costa, o da che cosa dipende il prezzo."),
        ({"category": ""}, "Scegli il tipo di servizio."),
    ],
)
def test_what_a_service_lacks_is_told_and_the_rest_stays(client, chief, offered, changes, sentence):
    client.force_login(chief)
    response = client.post(
        reverse("my_service_new"), typed(accreditation=offered.accreditation.pk, audience="Nonni", **changes)
    )
    assert sentence in text(response)
    assert 'value="Nonni"' in response.content.decode()
    url = reverse("my_service", args=[offered.public.pk])
    assert sentence in text(client.post(url, typed(**changes)))
    assert Service.objects.count() == 2


def test_two_pages_of_one_service_show_both_texts_and_keep_what_only_one_changed(client, chief, offered):
    client.force_login(chief)
    url = reverse("my_service", args=[offered.draft.pk])
    before = carried(client, url)
    assert client.post(url, {**before, **typed()}).status_code == 302
    mine = typed(title="Compagnia", summary="Un'ora in due", places=["online"], ways=["one"], municipi=[])
    response = client.post(url, {**before, **mine, "price": "mixed", "price_note": "Secondo l'ISEE", "audience": ""})
    page = text(response)
    assert response.status_code == 409
    assert "l'altra persona: In una riga, che cos'è Una persona di fiducia " in page
    assert "l'altra persona: Costo Costo: A pagamento Quanto costa: 12 € l'ora " in page
    html = response.content.decode()
    assert ('value="Un&#x27;ora in due"' in html, 'value="Badanti di quartiere"' in html) == (True, True)
    row = Service.objects.get(pk=offered.draft.pk)
    assert (row.title, row.summary, row.at_home, row.online) == ("Badanti di quartiere", "Una persona di fiducia", True, False)


def test_a_body_that_is_not_accredited_is_led_to_the_accreditation(client, chief, offered):
    Accreditation.objects.filter(pk=offered.accreditation.pk).update(valid_until="2022-05-02")
    client.force_login(chief)
    assert client.get(reverse("my_service_new"))["Location"] == reverse("accreditations")
    page = text(client.get(reverse("my_services")))
    assert "Può pubblicare servizi solo un ente accreditato." in page
    assert "No: l'accreditamento non è in vigore" in page
    assert "Le persone non lo trovano" in text(client.get(reverse("my_service", args=[offered.public.pk])))


def test_one_writes_for_no_other_body(client, offered):
    stranger = person()
    other = offer(body("Altra", by=stranger), by=stranger, office=official())
    client.force_login(stranger)
    response = client.post(reverse("my_service_new"), typed(accreditation=offered.accreditation.pk))
    assert "Scegli l'ente che offre il servizio." in text(response) or "Scegli un'opzione" in text(response)
    assert Service.objects.filter(organisation=other.draft.organisation).count() == 2
    assert Service.objects.count() == 4


def test_the_office_withdraws_a_service_and_changes_nothing_in_it(client, office, chief, offered):
    client.force_login(office)
    url = reverse("my_service", args=[offered.public.pk])
    assert client.post(url, typed()).status_code == 409
    assert "Scrivi il motivo" in text(client.post(url, {"remove": "1", "reason": ""}))
    assert client.post(url, {"remove": "1", "reason": "Il prezzo non è chiaro."}).status_code == 302
    assert history(offered.public) == ["publish", "remove"]
    client.force_login(chief)
    page = text(client.get(url))
    assert "L'ufficio lo ha ritirato per questo motivo: Il prezzo non è chiaro." in page
    assert client.post(url, {"publish": "1"}).status_code == 409


def test_the_office_reads_the_services_and_filters_them(client, office, offered):
    client.force_login(office)
    url = reverse("desk_services")
    page = text(client.get(url))
    assert ("Assistenza familiare La Lucerna" in page, "Compagnia" in page) == (True, False)
    assert "1 servizio" in text(client.get(url, {"q": "lucerna", "stato": "published"}))
    assert "Nessun servizio ha queste parole o questo stato: cambia la ricerca." in text(
        client.get(url, {"stato": "withdrawn"})
    )


@pytest.mark.parametrize("services", [10, 300])
@pytest.mark.parametrize("route", ["desk_services", "desk_synonyms", "desk_misses"])
def test_the_pages_of_the_office_cost_the_same_whatever_is_in_the_catalogue(
    client, office, services, route, django_assert_num_queries
):
    catalogue(services=services, bodies=10)
    Miss.objects.bulk_create(Miss(query=f"parola{n}", day=TODAY.date()) for n in range(services))
    client.force_login(office)
    client.get(reverse(route))
    with django_assert_num_queries({"desk_services": 4, "desk_synonyms": 7, "desk_misses": 6}[route]):
        client.get(reverse(route))


def test_a_synonym_is_tried_kept_changed_and_taken_away(client, office):
    catalogue(services=13)
    Synonym.objects.all().delete()
    client.force_login(office)
    url = reverse("desk_synonyms")
    page = text(client.post(url, {"term": "guardiano", "means": "compagnia, pasti", "try": "1"}))
    assert "Con «guardiano» si trovano 2 servizi." in page
    assert Synonym.objects.count() == 0
    client.post(url, {"term": "guardiano", "means": "compagnia", "save": "1"})
    row = Synonym.objects.get()
    assert "guardiano compagnia (1)" in text(client.get(url))
    assert 'value="guardiano"' in client.get(url, {"cambia": row.pk}).content.decode()
    carries = carried(client, f"{url}?cambia={row.pk}")
    client.post(url, {**carries, "synonym": row.pk, "term": "guardiano", "means": "cane", "save": "1"})
    assert Synonym.objects.get().means == "cane"
    refused = client.post(url, {"term": "i guardiani", "means": "pasti", "save": "1"})
    assert (refused.status_code, 'value="i guardiani"' in refused.content.decode()) == (409, True)
    client.post(url, {"synonym": row.pk, "term": "", "means": "", "delete": "1"})
    assert Synonym.objects.in_use().count() == 0
    assert client.get(url, {"cambia": row.pk}).status_code == 404
    page = text(client.get(url))
    assert "Ultime modifiche Sinonimo tolto: «guardiano»" in page
    assert "Prima: «guardiano», cerchiamo anche «cane». Rimetti com'era prima («guardiano») Sinonimo cambiato" in page
    assert "Prima: «guardiano», cerchiamo anche «compagnia». Dopo: «guardiano», cerchiamo anche «cane»." in page
    added, changed, removed = row.steps.all()
    client.post(url, {"undo": removed.pk})
    client.post(url, {"undo": changed.pk})
    assert [(one.term, one.means) for one in Synonym.objects.in_use()] == [("guardiano", "compagnia")]
    assert [client.post(url, {"undo": key}).status_code for key in (changed.pk, added.pk, "x", "9" * 30)] == [
        409,
        404,
        404,
        404,
    ]


def test_two_officials_at_one_synonym_read_what_each_wrote(client, office):
    row = actions.save_synonym(None, term="badante", means="assistenza", by=office, at=TODAY)
    client.force_login(office)
    url = reverse("desk_synonyms")
    carries = carried(client, f"{url}?cambia={row.pk}")
    mine = {"synonym": row.pk, "term": "badante", "means": "colf", "save": "1"}
    actions.save_synonym(row, term="badante", means="anziani", by=office, at=TODAY)
    page = client.post(url, {**mine, **carries})
    assert page.status_code == 409
    assert "Quello che ha scritto l'altra persona: Le persone scrivono Le persone scrivono: badante" in text(page)
    assert "Cerchiamo anche: anziani" in text(page)
    assert ('value="colf"' in page.content.decode(), Synonym.objects.get().means) == (True, "anziani")
    client.post(url, {**mine, **carried(client, f"{url}?cambia={row.pk}")})
    assert Synonym.objects.get().means == "colf"


@pytest.mark.parametrize("key", ["x", "99999", "9" * 30])
def test_a_synonym_that_is_not_there_is_not_found(client, office, key):
    client.force_login(office)
    assert client.get(reverse("desk_synonyms"), {"cambia": key}).status_code == 404


def test_a_search_without_an_answer_becomes_a_synonym(client, office):
    catalogue(services=13)
    for _time in range(2):
        client.get(reverse("services"), {"q": "un'astronave"})
    actions.count_miss("razzo", at=TODAY)
    client.force_login(office)
    response = client.get(reverse("desk_misses"))
    assert "astronave 2 3 maggio 2022 0 Fanne un sinonimo («astronave») Togli «astronave» razzo 1" in text(response)
    assert f'href="{reverse("desk_synonyms")}?parola=astronave"' in response.content.decode()
    assert 'value="astronave"' in client.get(reverse("desk_synonyms"), {"parola": "astronave"}).content.decode()
    client.post(reverse("desk_synonyms"), {"term": "astronave", "means": "auto", "save": "1"})
    assert "astronave 2 3 maggio 2022 1" in text(client.get(reverse("desk_misses")))
    assert client.post(reverse("desk_misses"), {"forget": "raz\x00zo"}).status_code == 302
    assert list(Miss.objects.values_list("query", flat=True)) == ["astronave"]

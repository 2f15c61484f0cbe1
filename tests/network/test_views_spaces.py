import html
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from documents.uploads import keep
from network.actions import close_space, describe_space, draft_agreement, open_space, plan_further_space
from network.models import Agreement, EmptyPlace, Space
from tests import road as roads
from tests.builders import official, small_pdf
from tests.builders_network import two_selected
from tests.builders_space import give_effect, school, settle
from tests.history import history
from tests.pages import carried, text, to_correct

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_monday_morning")]


def agreement_form(**changes) -> dict:
    return {
        "number": "77/2022",
        "signed_on": "2022-04-11",
        "starts_on": "2022-05-01",
        "ends_on": "2024-04-30",
        "file": SimpleUploadedFile("convenzione.pdf", small_pdf(), "application/pdf"),
        "reason": "Firmata su carta.",
        "sign": "1",
        **changes,
    }


def test_the_office_walks_a_space_to_the_door(client):
    road = roads.agreed()
    client.force_login(road.office)
    url = reverse("desk_space", args=[road.space.pk])
    assert "Vai alla pubblicazione della convenzione" in text(client.get(url))
    give_effect(road.agreement, by=road.office, at=roads.SIGNED)
    page = text(client.get(url))
    assert "La convenzione è in vigore: il luogo si può allestire." in page
    assert "Compiti: 0 di 11" in page
    assert client.post(url, {"fit_out": "1"}).status_code == 302
    refused = client.post(url, {"staff": "1"})
    assert refused.status_code == 409
    assert "Prima concludi, o togli con un motivo: «Locale disponibile" in text(refused)
    settle(road.space, by=road.office, at=roads.OPENED)
    school(road.space, at=roads.OPENED)
    assert [client.post(url, {name: "1"}).status_code for name in ("staff", "train")] == [302, 302]
    assert "Prima di aprire scrivi: gli orari, un telefono o una e-mail." in text(client.get(url))
    facts = {"name": road.space.name, "address": "Via Capuana 3", "municipio": "9", "phone": "02 1", "hours_1": "9-13"}
    assert client.post(url, {**facts, **carried(client, url), "save": "1"}).status_code == 302
    assert client.post(url, {"on": "2022-05-02", "open": "1"}).status_code == 302
    assert list(history(road.application)) == roads.ACTS
    assert list(history(road.space)) == ["fit_out", "staff", "train", "describe", "open"]
    client.logout()
    assert client.get(reverse("space", args=[road.space.slug])).status_code == 200


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"file": SimpleUploadedFile("a.pdf", b"niente", "application/pdf")}, "non si apre come PDF o P7M"),
        ({"file": SimpleUploadedFile("a.pdf", b"", "application/pdf")}, "vuoto"),
        ({"ends_on": "2022-04-30"}, "Le date non tornano"),
        ({"signed_on": "2022-05-03", "starts_on": "2022-05-03"}, "La data della firma è nel futuro"),
        ({"number": ""}, "Scrivi il numero di repertorio."),
        ({"starts_on": "presto"}, "Scrivi la data con giorno, mese e anno, per esempio 31/12/2026."),
        ({"file": ""}, "Scegli il file della convenzione firmata."),
    ],
)
def test_a_wrong_agreement_is_explained_and_what_was_typed_stays(client, changes, sentence):
    road = roads.published()
    client.force_login(road.office)
    url = reverse("desk_agreement", args=[road.application.pk])
    client.post(url)
    typed = agreement_form(**changes)
    page = client.post(url, typed).content.decode()
    assert sentence in html.unescape(page)
    assert f'value="{typed["starts_on"]}"' in page
    assert Agreement.objects.get().state == "draft"


def test_wrong_hours_are_explained_and_stay_as_they_were_typed(client):
    road = roads.agreed()
    client.force_login(road.office)
    url = reverse("desk_space", args=[road.space.pk])
    page = client.post(url, {"name": "Nuovo nome", "hours_2": "di mattina", "save": "1"}).content.decode()
    assert "Non capiamo «di mattina». Scrivi gli orari così: 9-13, 14:30-18." in page
    assert 'value="di mattina"' in page
    assert 'value="Nuovo nome"' in page
    assert Space.objects.get().name != "Nuovo nome"


def test_the_desk_of_the_network_is_of_the_office_alone(client):
    road = roads.agreed()
    urls = [
        reverse("desk_spaces"),
        reverse("desk_space", args=[road.space.pk]),
        reverse("desk_agreement", args=[road.application.pk]),
    ]
    client.force_login(road.applicant)
    assert [client.get(url).status_code for url in urls] == [404, 404, 404]
    client.force_login(official())
    assert [client.get(url).status_code for url in urls] == [200, 200, 200]


def test_the_agreement_shows_its_acts_in_words_and_its_file_as_what_it_is(client):
    road = roads.published()
    agreement = draft_agreement(road.fresh(), at=roads.SIGNED)
    p7m = keep(b"0\x80", name="convenzione.pdf.p7m", media_type="application/pkcs7-mime", by=road.office, at=roads.SIGNED)
    roads.sign(agreement, by=road.office, document=p7m)
    client.force_login(road.office)
    page = client.get(reverse("desk_agreement", args=[road.application.pk])).content.decode()
    assert '<p class="bando-timeline-title">Convenzione firmata</p>' in page
    assert "(P7M, 2\xa0byte)" in page
    client.force_login(road.applicant)
    page = client.get(reverse("agreement", args=[agreement.pk])).content.decode()
    assert '<p class="bando-timeline-title">Convenzione firmata</p>' in page
    assert "(P7M, 2\xa0byte)" in page


@pytest.mark.parametrize("times", [1, 3])
def test_a_long_history_costs_a_page_no_more(client, django_assert_num_queries, times):
    road = roads.opened()
    for number in range(times):
        close_space(road.space, by=official(), at=roads.OPENED, reason=f"Chiusura {number}.")
        open_space(road.space, on=date(2022, 5, 2), by=official(), at=roads.OPENED)
        describe_space(road.space, by=road.office, at=roads.OPENED, name=f"Nome {number}", phone=f"02 {number}")
    client.force_login(road.office)
    with django_assert_num_queries(8):
        client.get(reverse("desk_space", args=[road.space.pk]))


@pytest.mark.parametrize("many", [2, 20])
def test_the_list_of_the_office_asks_the_same_for_two_and_for_twenty_spaces(client, django_assert_num_queries, many):
    road = roads.agreed()
    for number in range(many - 1):
        plan_further_space(road.space.partnership, name=f"Spazio {number}", reason="Atto.", by=road.office, at=roads.SIGNED)
    client.force_login(road.office)
    with django_assert_num_queries(4):
        page = text(client.get(reverse("desk_spaces")))
    assert page.count("0 di 11") == many


def test_a_suspended_space_tells_the_office_what_citizens_read(client):
    road = roads.opened()
    client.force_login(road.office)
    url = reverse("desk_space", args=[road.space.pk])
    assert client.post(url, {"suspend": "1"}).status_code == 200
    assert client.post(url, {"suspend": "1", "reason": "Lavori.", "reopens_on": "2022-06-01"}).status_code == 302
    page = text(client.get(url))
    assert "I cittadini leggono: Lavori. Riapre il 1 giugno 2022." in page
    assert client.post(url, {"close": "1", "reason": "Trasferito."}).status_code == 302
    assert Space.objects.get().state == "closed"


def test_the_history_says_what_changed(client):
    road = roads.agreed()
    was = road.space.name
    client.force_login(road.office)
    url = reverse("desk_space", args=[road.space.pk])
    facts = {"name": "Spazio WeMi Capuana", "address": road.space.address, "municipio": "9", "phone": "02 1"}
    client.post(url, {**facts, **carried(client, url), "save": "1"})
    page = text(client.get(url))
    assert f"Nome: da «{was}» a «Spazio WeMi Capuana» Telefono" in page


def test_two_people_at_one_spazio_read_what_each_wrote(client):
    road = roads.agreed()
    client.force_login(road.office)
    url = reverse("desk_space", args=[road.space.pk])
    facts = {"name": road.space.name, "address": road.space.address, "municipio": "9", "save": "1"}
    mine = {**facts, **carried(client, url), "phone": "02 1", "transport": "M3", "step_free": "no", "point": "45.4642, 9.19"}
    hours = [{"day": 1, "opens": "09:00", "closes": "13:00"}]
    describe_space(road.space, by=road.applicant, at=roads.SIGNED, phone="02 2", hours=hours, step_free=True)
    page = client.post(url, mine)
    assert page.status_code == 409
    assert "Quello che ha scritto l'altra persona: Telefono 02 2" in text(page)
    assert "Quello che ha scritto l'altra persona: Ingresso senza gradini Sì" in text(page)
    assert "Quello che ha scritto l'altra persona: Orari" not in text(page)
    shown = page.content.decode()
    for name, value in {"phone": "02 1", "transport": "M3", "hours_1": "09:00-13:00", "point": "45.464200, 9.190000"}.items():
        assert re.search(rf'name="{name}" value="{value}"', shown), name
    assert re.search(r'name="step_free" value="no"[^>]*checked', shown)
    assert Space.objects.values_list("phone", "transport").get() == ("02 2", "")
    carries = dict(re.findall(r'name="(base-[^"]+)" value="([^"]*)"', shown))
    assert client.post(url, {**mine, "hours_1": "9-13", **carries}).status_code == 302
    assert Space.objects.values_list("phone", "hours", "step_free", "transport").get() == ("02 1", hours, False, "M3")


def test_coordinates_outside_milan_are_kept_with_a_warning(client):
    road = roads.agreed()
    client.force_login(road.office)
    url = reverse("desk_space", args=[road.space.pk])
    facts = {"name": road.space.name, "address": road.space.address, "municipio": "9", "save": "1"}
    page = text(client.post(url, {**facts, **carried(client, url), "point": "9.19, 45.46"}, follow=True))
    assert "Le coordinate sono fuori Milano" in page
    assert str(Space.objects.get().latitude) == "9.190000"
    page = text(client.post(url, {**facts, **carried(client, url), "point": "45.4642, 9.19"}, follow=True))
    assert "Le coordinate sono fuori Milano" not in page


def test_another_space_and_a_planned_opening_from_the_page(client):
    road = roads.agreed()
    client.force_login(road.office)
    url = reverse("desk_space", args=[road.space.pk])
    another = {"further-name": "Spazio due", "further-municipio": "2", "further-reason": "Atto 4."}
    assert client.post(url, {"expect": "1", "expected_on": "2022-09-01"}).status_code == 302
    assert client.post(url, {"further": "1", "further-name": "Spazio due", "further-reason": ""}).status_code == 200
    assert client.post(url, {"further": "1", **another}).status_code == 302
    assert list(Space.objects.order_by("pk").filter(municipio=2).values_list("name", flat=True)) == ["Spazio due"]
    assert Space.objects.get(pk=road.space.pk).expected_on == date(2022, 9, 1)


# --- where it is and what it is called --------------------------------------------------------------------------------------


def test_an_address_is_announced_and_taken_back(client):
    road = roads.opened()
    client.force_login(road.office)
    url = reverse("desk_space_address", args=[road.space.pk])
    facts = {"address": "Via Padova 10", "municipio": "2", "point": "45.49, 9.22", "first_day": "2022-06-01", "move": "1"}
    assert client.post(url, facts).status_code == 302
    page = text(client.get(url))
    assert "Via Padova 10, Municipio 2: dal 1 giugno 2022" in page
    assert "Dal 1 giugno 2022 lo Spazio è in Via Padova 10" in text(client.get(reverse("desk_space", args=[road.space.pk])))
    again = client.post(url, facts)
    assert (again.status_code, "C'è già un indirizzo dal 1 giugno 2022" in text(again)) == (409, True)
    ahead = road.space.addresses.last()
    assert client.post(url, {"cancel": "x", "reason": "No."}).status_code == 404
    assert client.post(url, {"cancel": ahead.pk, "reason": "No."}).status_code == 302
    assert road.space.addresses.count() == 1


@pytest.mark.parametrize(("data", "wrong"), [({"move": "1"}, 3), ({"rename": "1"}, 2)])
def test_what_is_wrong_in_an_address_or_a_name_is_said_above_the_page(client, data, wrong):
    road = roads.agreed()
    client.force_login(road.office)
    assert to_correct(client.post(reverse("desk_space_address", args=[road.space.pk]), data)) == [True] * wrong


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        ({"save": "1", "name": "Nome", "hours_2": "di mattina"}, 1),
        ({"exceptions": "1", "first_0": "presto"}, 1),
        ({"suspend": "1"}, 1),
        ({"close": "1"}, 1),
        ({"further": "1"}, 2),
    ],
)
def test_what_is_wrong_in_a_form_of_a_space_is_said_above_the_page_and_the_form_stands_open(client, data, wrong):
    road = roads.opened()
    client.force_login(road.office)
    page = client.post(reverse("desk_space", args=[road.space.pk]), data)
    assert to_correct(page) == [True] * wrong
    target = page.content.decode().split('class="bando-summary"')[1].split('href="#')[1].split('"')[0]
    folds = page.content.decode().split(f'id="{target}"')[0].split('<details class="bando-details"')
    assert folds[-1].startswith(" open>")


def test_a_new_name_keeps_the_page_that_was(client):
    road = roads.opened()
    client.force_login(road.office)
    url, was = reverse("desk_space_address", args=[road.space.pk]), road.space.slug
    assert client.post(url, {"name": "Spazio", "slug": "con spazi", "rename": "1"}).status_code == 200
    assert client.post(url, {"name": "Spazio", "slug": "capuana", "rename": "1"}).status_code == 302
    assert f"/spazi/{was}/" in text(client.get(url))


# --- the places of an area --------------------------------------------------------------------------------------------------


def test_places_are_left_empty_and_opened_again_by_act(client):
    road = roads.opened()
    client.force_login(road.office)
    url = reverse("desk_empty_places", args=[road.call.slug, "area-1"])
    page = client.get(url)
    assert "È arrivata una sola proposta." in page.content.decode()
    assert "Posti 20 Con uno Spazio 1 Vuoti per atto 0 Liberi 19" in text(page)
    assert "Municipi senza Spazi: 1, 2, 3, 4, 5, 6, 7, 8" in text(page)
    act = {"count": "20", "municipio": "", "reason": "Nessuna proposta.", "act_number": "15/2022", "act_date": "2/5/2022"}
    refused = client.post(url, {**act, "leave": "1"})
    assert (refused.status_code, "scrivi un numero fino a 19" in text(refused)) == (409, True)
    assert client.post(url, {**act, "count": "4", "municipio": "3", "leave": "1"}).status_code == 302
    assert "4 posti, atto 15/2022 del 2 maggio 2022 Municipio 3. Nessuna proposta." in text(client.get(url))
    row = EmptyPlace.objects.get()
    fill = {"fill": row.pk, "reason": "Nuovo bando.", "act_number": "16/2022", "act_date": "2/5/2022"}
    assert client.post(url, fill).status_code == 302
    assert "Annullato con l'atto 16/2022 del 2 maggio 2022" in text(client.get(url))
    assert EmptyPlace.objects.standing().count() == 0


def test_the_places_of_selected_proposals_that_have_not_signed_are_told(client):
    road = two_selected().road
    client.force_login(road.office)
    page = text(client.get(reverse("desk_empty_places", args=[road.call.slug, "area-1"])))
    said = "Posti 20 Con uno Spazio 0 Di proposte selezionate che devono firmare 2 Vuoti per atto 0 Liberi 18"
    assert said in page


def test_there_are_no_places_of_an_area_that_the_call_does_not_have(client):
    road = roads.agreed()
    client.force_login(road.office)
    assert client.get(reverse("desk_empty_places", args=[road.call.slug, "area-9"])).status_code == 404

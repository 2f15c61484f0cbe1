import html
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from documents.uploads import keep
from network.actions import close_space, draft_agreement, open_space
from network.models import Agreement, Space
from tests import road as roads
from tests.builders import official, small_pdf
from tests.builders_space import ready_to_open
from tests.history import history

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_monday_morning")]


def agreement_form(**changes) -> dict:
    return {
        "number": "77/2022",
        "signed_on": "2022-04-11",
        "starts_on": "2022-05-01",
        "ends_on": "2024-04-30",
        "file": SimpleUploadedFile("convenzione.pdf", small_pdf(), "application/pdf"),
        "sign": "1",
        **changes,
    }


def test_the_office_registers_an_agreement_and_opens_the_space(client):
    road = roads.published()
    client.force_login(road.office)
    url = reverse("desk_agreement", args=[road.application.pk])
    assert "Prepara la convenzione" in client.get(url).content.decode()
    assert client.post(url).status_code == 302
    assert client.post(url, agreement_form()).status_code == 302
    agreement = Agreement.objects.get()
    assert (agreement.state, agreement.document.name) == ("signed", "convenzione.pdf")

    planned = Space.objects.get()
    url = reverse("desk_space", args=[planned.pk])
    ready_to_open(planned, by=road.office, at=roads.OPENED)
    assert "Prima di aprire scrivi: gli orari, un telefono o una e-mail." in client.get(url).content.decode()
    facts = {"name": planned.name, "address": planned.address, "municipio": "9", "phone": "02 1", "hours_1": "9-13"}
    assert client.post(url, {**facts, "save": "1"}).status_code == 302
    assert client.post(url, {"on": "2022-05-02", "open": "1"}).status_code == 302
    assert list(history(road.application)) == roads.ACTS
    client.logout()
    assert client.get(reverse("space", args=[planned.slug])).status_code == 200


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
    client.force_login(road.office)
    with django_assert_num_queries(4):
        client.get(reverse("desk_space", args=[road.space.pk]))

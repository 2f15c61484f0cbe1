import csv
import io

import pytest
from django.urls import reverse

from bando.deadlines import rome
from network.actions import draft_agreement
from tests import road as roads
from tests.builders import person
from tests.builders_agreement import CARLA, IN_FORCE, UPLOADED, effective, pay_all, prepared, signed_file
from tests.clock import arriving
from tests.pages import data_files, text

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("a_monday_morning")
def test_the_body_reads_its_agreement_and_nobody_elses(client):
    road = roads.agreed()
    page, file = reverse("agreement", args=[road.agreement.pk]), reverse("agreement_file", args=[road.agreement.pk])
    client.force_login(road.applicant)
    assert "77/2022" in client.get(page).content.decode()
    answer = client.get(file)
    with road.agreement.document.file.open("rb") as kept:
        assert b"".join(answer) == kept.read()
    assert answer["Content-Disposition"] == 'attachment; filename="convenzione.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    client.force_login(person())
    assert (client.get(page).status_code, client.get(file).status_code) == (404, 404)


@pytest.mark.usefixtures("a_monday_morning")
def test_while_the_office_writes_the_body_reads_the_draft_of_the_call(client):
    road = roads.published()
    row = draft_agreement(road.fresh(), at=roads.SIGNED)
    client.force_login(road.applicant)
    said = text(client.get(reverse("agreement", args=[row.pk])))
    assert "La convenzione è in preparazione" in said
    assert client.get(reverse("agreement_sign", args=[row.pk])).status_code == 404


def test_the_body_signs_on_its_own_page(client):
    made = prepared()
    client.force_login(made.road.applicant)
    page, sign = (reverse(name, args=[made.row.pk]) for name in ("agreement", "agreement_sign"))
    with arriving(UPLOADED):
        assert "Firmata da 0 di 2" in text(client.get(page))
        paper = b"".join(client.get(reverse("agreement_text_pdf", args=[made.row.pk])))
        assert paper.startswith(b"%PDF-")
        stranger = {"parties": [made.administration.pk], "file": signed_file(made, CARLA)}
        assert client.post(sign, stranger).status_code == 200
        answer = client.post(sign, {"parties": [made.body.pk], "file": signed_file(made, CARLA)})
        assert answer.headers["Location"] == sign
        pay_all(UPLOADED)
        assert "Firmata da Carla Referente (codice fiscale RFRCRL80A41F205X)" in text(client.get(sign)).replace(
            "Firmato da", "Firmata da"
        )
        said = text(client.get(page))
    assert "Firmata da 1 di 2" in said
    assert f"{made.body.organisation}: ha firmato" in said


def test_everybody_reads_what_was_published_for_five_years(client, django_assert_num_queries):
    made = effective()
    owner = made.road.application.organisation
    url = reverse("public_agreements")
    with arriving(IN_FORCE), django_assert_num_queries(1):
        said = text(client.get(url))
    assert owner.name in said and owner.tax_code in said and "30.000,00" in said
    with arriving(IN_FORCE):
        assert data_files(client.get(url)) == [
            ("text/csv", "/rete/convenzioni/2022.csv"),
            ("application/json", "/rete/convenzioni/2022.json"),
        ]
        answer = client.get(reverse("agreements_csv", args=[2022]))
        found = client.get(reverse("agreements_json", args=[2022])).json()
    assert answer["Content-Type"] == "text/csv; charset=utf-8; header=present"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert rows == found["agreements"]
    assert [(row["beneficiary"], row["amount_euro"], row["published_on"]) for row in rows] == [
        (owner.name, "30000.00", "2022-04-20")
    ]
    for moment, status in ((rome(2027, 12, 31, 23), 200), (rome(2028, 1, 1, 0), 404)):
        with arriving(moment):
            assert client.get(reverse("agreements_csv", args=[2022])).status_code == status
            assert (owner.name in text(client.get(url))) is (status == 200)
    with arriving(IN_FORCE):
        assert client.get(reverse("agreements_csv", args=[2021])).status_code == 404

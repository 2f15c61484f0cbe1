import pytest
from django.urls import reverse

from tests import road as roads
from tests.builders import person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_monday_morning")]


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

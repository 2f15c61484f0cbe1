"""What everybody reads of a table."""

from datetime import timedelta

import pytest
from django.urls import reverse

from network.actions import conclude_table, leave_table, publish_table_minutes
from tests.builders_table import (
    HOUR,
    OPENED,
    PLANNED,
    approved,
    opened,
    seat_of,
)
from tests.clock import arriving
from tests.pages import text
from tests.pages_table import LATER

pytestmark = pytest.mark.django_db


def test_everybody_reads_who_sits_when_the_table_met_and_how_it_ended(client):
    seats = opened()
    approved(seats)
    second = approved(seats, when=PLANNED + timedelta(days=14))
    publish_table_minutes(second, agenda="Il budget", text="", decisions={}, weighed=False, by=seats.office, at=LATER)
    leave_table(seat_of(seats, seats.partner), reason="Motivi suoi.", by=seats.office, at=second.closed_at)
    conclude_table(seats.table, conclusion="Un progetto unico.", by=seats.office, at=second.closed_at + HOUR)
    minutes = text(client.get(reverse("public_table_minutes", args=[seats.table.pk, 2])))
    assert "Decisione n. 1. Il testo non è pubblicato. Nessuno è contrario." in minutes
    page = client.get(reverse("public_table", args=[seats.table.pk]))
    told = text(page)
    assert ("Coop Prima" in told, "Associazione Compagna" in told, "Motivi suoi." in told) == (True, False, False)
    assert ("Un progetto unico." in told, "Incontro n. 1, 11 gennaio 2022 . Il verbale non è ancora pubblicato." in told) == (
        True,
        True,
    )
    assert reverse("public_table_minutes", args=[seats.table.pk, 2]) in page.content.decode()
    assert client.get(reverse("public_table_minutes", args=[seats.table.pk, 1])).status_code == 404


@pytest.mark.parametrize(("year", "status"), [(2026, 200), (2027, 410)])
def test_what_is_public_of_a_table_ends_after_its_term(client, year, status):
    seats = opened()
    with arriving(OPENED.replace(year=year, month=1 if year == 2027 else 12)):
        assert client.get(reverse("public_table", args=[seats.table.pk])).status_code == status

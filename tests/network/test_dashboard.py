import csv
import io

import pytest
import time_machine
from django.urls import reverse

from network.dashboard import network
from network.models import Report
from network.plots import Given, bars
from tests import road as roads
from tests.builders_report import AFTER, saved, sent, term_of
from tests.pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    road = roads.opened()
    with time_machine.travel(AFTER, tick=False):
        client.force_login(road.office)
        client.road = road
        yield client


def test_a_network_that_has_told_nothing_says_so(desk):
    page = text(desk.get(reverse("desk_network")))
    assert "Senza Spazi aperti: Municipi" in page and "Visite per Spazio" not in page


def test_only_what_was_sent_is_summed_up(desk):
    item = desk.road.call.notice.budget_for("area-1").items[0].code
    sent(desk.road, expenses=[{"item": item, "spent_cents": 700, "own_cents": 200, "note": ""}])
    saved(desk.road, 2)
    told = network()
    names = ("reports", "visits", "paid_minutes", "volunteer_minutes", "spent_cents", "own_cents")
    assert [told.total(name) for name in names] == [1, 350, 7200, 750, 700, 200]
    assert [plot.title for plot in told.plots][1:] == [
        "350 persone sono passate negli Spazi",
        "Nessuna convenzione ha speso più del piano economico",
    ]
    assert "120:00" in text(desk.get(reverse("desk_network")))


def test_an_agreement_beyond_its_budget_is_named(desk):
    sent(desk.road, expenses=[{"item": "altro", "spent_cents": 10**10, "own_cents": 0, "note": "errore"}])
    assert network().plots[-1].title == f"Oltre il piano economico: {desk.road.application.organisation.name}"


def test_the_export_has_a_row_for_each_item_and_sums_stay_sums(desk):
    rows = [{"item": code, "spent_cents": n, "own_cents": 0, "note": "nuova"} for n, code in enumerate(["a", "b"], start=1)]
    sent(desk.road, expenses=rows)
    body = b"".join(desk.get(reverse("desk_reports_csv")).streaming_content).decode()
    read = list(csv.DictReader(io.StringIO(body)))
    assert [(row["item"], row["spent_cents"], row["visits"], row["paid_minutes"]) for row in read] == [
        ("a", "1", "350", "7200"),
        ("b", "2", "", ""),
    ]


def test_a_name_that_looks_like_a_formula_is_text_in_the_export(desk):
    sent(desk.road)
    type(desk.road.space).objects.filter(pk=desk.road.space.pk).update(name="=1+1")
    body = b"".join(desk.get(reverse("desk_reports_csv")).streaming_content).decode()
    assert next(csv.DictReader(io.StringIO(body)))["space"] == "'=1+1"


def test_a_report_without_expenses_is_one_row(desk):
    sent(desk.road)
    Report.objects.create(space=desk.road.space, term=term_of(desk.road, 2))
    body = b"".join(desk.get(reverse("desk_reports_csv")).streaming_content).decode()
    assert len(list(csv.DictReader(io.StringIO(body)))) == 1


def test_bars_share_one_scale_and_tell_what_goes_beyond():
    drawing = bars([Given("a", 50, "50", 100), Given("b", 200, "200", 100), Given("c", 0, "0")])
    assert [(bar.width, bar.mark_x, bar.is_beyond) for bar in drawing.bars] == [
        ("78.0", "156.0", False),
        ("312.0", "156.0", True),
        ("0.0", "", False),
    ]
    assert bars([]).height == 4

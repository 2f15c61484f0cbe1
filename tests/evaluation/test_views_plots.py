"""The page of the drawings."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from tests.builders import official
from tests.builders_evaluation import DEADLINE, RANKED_AT, admitted, commission, computed, mark_all, same, small_call
from tests.clock import arriving

pytestmark = pytest.mark.django_db

WELL = ["buono", "buono", "ottimo"]


@pytest.fixture
def call():
    call = small_call(places=1)
    given = {admitted(call, name="Alfa"): same(WELL), admitted(call, name="Beta & Co"): [WELL, WELL, ["scarso"] * 3]}
    mark_all(commission(call), given)
    computed(call)
    return call


def page(client, *, area="", at=RANKED_AT):
    client.force_login(official())
    with arriving(at):
        return client.get(reverse("desk_plots", args=["prova"]), {"area": area} if area else {})


def test_every_drawing_has_its_finding_its_numbers_and_one_name_for_each(client, call):
    html = page(client).content.decode()
    plots = re.findall(r'<h2 id="(plot-\w+)">', html)
    assert plots == ["plot-agree", "plot-heat", "plot-funnel", "plot-storm"]
    assert [html.count(f'role="img" aria-labelledby="{name}"') for name in plots] == [1] * 4
    assert [html.count(f'<caption id="{name}-table">') for name in plots] == [1] * 4
    assert "2. Beta &amp; Co" in html


def test_no_drawing_has_a_style_or_a_script_of_its_own(client, call):
    main = page(client).content.decode().partition("<main")[2].partition("</main>")[0]
    assert re.findall(r"<script|<style| style=|href=\"http", main) == []


@pytest.mark.parametrize(("after", "is_there"), [(0, True), (1, False)])
def test_until_the_deadline_the_page_says_why_there_are_counts_alone(client, call, after, is_there):
    html = page(client, at=DEADLINE + timedelta(microseconds=after)).content.decode()
    assert ("Fino alla scadenza qui ci sono solo conteggi." in html) is is_there


@pytest.mark.parametrize(("area", "shown"), [("", "Area uno"), ("area-1", "Area uno"), ("area-2", "Area due")])
def test_the_page_is_of_one_area(client, call, area, shown):
    html = page(client, area=area).content.decode()
    assert re.findall(r'aria-current="page">(Area \w+)<', html) == [shown]


def test_an_area_that_is_not_there_is_not_found(client, call):
    assert page(client, area="area-9").status_code == 404


def test_the_page_asks_the_database_as_little_as_this(client, call, django_assert_num_queries):
    client.force_login(official())
    url = reverse("desk_plots", args=["prova"])
    with arriving(RANKED_AT), django_assert_num_queries(7):
        client.get(url)

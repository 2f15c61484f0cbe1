"""The pages of a draw: committed by the office, read and repeated by everybody."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.urls import reverse

from evaluation.actions import commit_draw, make_draw
from evaluation.models import Draw
from tests.builders import official
from tests.builders_evaluation import RANKED_AT, admitted, commission, computed, mark_all, same, small_call
from tests.clock import arriving

pytestmark = pytest.mark.django_db

VALUE_AT = RANKED_AT + timedelta(days=3)
VALUE = "12 45 7 88 31"
PUBLIC = ("prova", "area-1")


@pytest.fixture
def office():
    return official()


@pytest.fixture
def ranking():
    call = small_call(places=1)
    mark_all(commission(call), {admitted(call, name=name): same(["buono", "buono", "buono"]) for name in ("Aurora", "Brezza")})
    return computed(call)


@pytest.fixture
def committed(ranking, office):
    return commit_draw(ranking, source="Lotto, ruota di Milano", value_at=VALUE_AT, by=office, at=RANKED_AT)


def page(client, at=RANKED_AT, **data):
    url = reverse("desk_draw", args=PUBLIC)
    with arriving(at):
        return client.post(url, data) if data else client.get(url)


def test_the_office_commits_the_list_from_its_page(client, ranking, office):
    client.force_login(office)
    shown = page(client)
    assert "Aurora" in shown.content.decode()
    answer = page(
        client,
        **{"commit": "1", "commit-source": "Lotto", "commit-value_day": "04/12/2021", "commit-value_time": "20:00"},
    )
    assert (answer.status_code, answer.url) == (302, reverse("desk_draw", args=PUBLIC))
    assert (Draw.objects.get().source, Draw.objects.get().state) == ("Lotto", "committed")


@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [
        (
            {"commit-source": "", "commit-value_day": "04/12/2021", "commit-value_time": "20:00"},
            200,
            "Scrivi quale valore pubblico",
        ),
        (
            {"commit-source": "Lotto", "commit-value_day": "1/12/2021", "commit-value_time": "9:30"},
            409,
            "almeno un&#x27;ora più avanti",
        ),
        ({"commit-source": "Lotto", "commit-value_day": "27/3/2022", "commit-value_time": "2:30"}, 200, "ora legale"),
    ],
    ids=["no source", "too soon", "an hour that does not exist"],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client, ranking, office, typed, status, words):
    client.force_login(office)
    answer = page(client, commit="1", **typed)
    assert (answer.status_code, words in answer.content.decode(), Draw.objects.count()) == (status, True, 0)
    assert typed["commit-value_time"] in answer.content.decode()


def test_the_value_is_typed_twice(client, committed, office):
    client.force_login(office)
    wrong = page(client, at=VALUE_AT, draw="1", **{"draw-value": VALUE, "draw-again": "12 45 7 88 13"})
    assert "I due valori sono diversi" in wrong.content.decode()
    assert Draw.objects.get().state == "committed"
    right = page(client, at=VALUE_AT, draw="1", **{"draw-value": VALUE, "draw-again": f"{VALUE} "})
    assert right.status_code == 302
    assert (Draw.objects.get().state, Draw.objects.get().value) == ("drawn", VALUE)


def test_before_the_value_the_page_offers_no_draw_and_after_it_no_way_back(client, committed, office):
    client.force_login(office)
    before, after = page(client).content.decode(), page(client, at=VALUE_AT).content.decode()
    assert ('name="draw"' in before, 'name="cancel"' in before) == (False, True)
    assert ('name="draw"' in after, 'name="cancel"' in after) == (True, False)


def test_a_stranger_repeats_the_draw_from_what_is_public(client, committed, office):
    make_draw(committed, value=VALUE, by=office, at=VALUE_AT)
    text = client.get(reverse("draw_json", args=[*PUBLIC, 1])).content
    sha256 = hashlib.sha256(text).hexdigest()
    shown = client.get(reverse("draw", args=PUBLIC)).content.decode()
    assert sha256 in shown
    numbers = json.loads(text)["groups"][0]
    by_hand = sorted(numbers, key=lambda n: hashlib.sha256(f"{sha256}\n{VALUE}\n{n}".encode()).hexdigest())
    assert by_hand == Draw.objects.get().order
    assert shown.index(by_hand[0]) < shown.rindex(by_hand[1])
    assert all(name not in shown for name in ("Aurora", "Brezza"))


def test_where_nothing_was_drawn_there_is_no_page(client, ranking):
    assert client.get(reverse("draw", args=PUBLIC)).status_code == 404
    assert client.get(reverse("draw_json", args=[*PUBLIC, 1])).status_code == 404


def test_a_page_asks_the_database_as_little_as_this(client, committed, office, django_assert_num_queries):
    with django_assert_num_queries(5):
        client.get(reverse("draw", args=PUBLIC))

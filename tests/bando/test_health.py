"""Whether the front door answers."""

from unittest.mock import patch

import pytest
from django.db import OperationalError, connection

pytestmark = pytest.mark.django_db


def test_the_door_answers_after_one_round_trip_and_no_cache_keeps_it(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        answer = client.get("/salute/")
    assert (answer.status_code, answer.content, answer.headers["Content-Type"]) == (200, b"ok", "text/plain")
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_door_says_so_when_the_database_does_not_answer(client):
    with patch.object(connection, "cursor", side_effect=OperationalError("away")):
        answer = client.get("/salute/")
    assert (answer.status_code, answer.content) == (503, b"database")


def test_nobody_posts_to_the_door(client):
    assert client.post("/salute/").status_code == 405

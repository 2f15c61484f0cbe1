"""What anybody can take away to compute a published ranking without us, and the page that does it."""

from __future__ import annotations

import hashlib
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.urls import reverse

from tests.builders import official
from tests.builders_evaluation import admitted, commission, computed, mark_all, published, same, small_call

pytestmark = pytest.mark.django_db
PROGRAM = Path(django_settings.BASE_DIR) / "bin" / "verify_ranking"


@pytest.fixture
def call():
    made = small_call()
    mark_all(commission(made), {admitted(made, name="Ente A", title="Progetto A"): same(["ottimo"] * 3)})
    return made


def page(client, *of: object, **asked: str) -> str:
    return unescape(client.get(reverse("ranking_check", args=of), asked).content.decode())


def test_the_program_is_the_one_of_this_installation_and_the_page_says_its_hash(client) -> None:
    answer = client.get(reverse("ranking_verifier"))
    assert answer.content == PROGRAM.read_bytes()
    assert answer["Content-Disposition"] == 'attachment; filename="verify_ranking.py"'
    assert answer["Content-Type"] == "text/x-python; charset=utf-8"
    assert hashlib.sha256(PROGRAM.read_bytes()).hexdigest() in page(client).replace("</span><span>", "")


def test_without_a_ranking_the_page_asks_for_a_file(client, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        words = page(client)
    assert ("File della graduatoria (JSON)" in words, "data-source" in words) == (True, False)


def test_from_a_ranking_the_page_takes_the_file_that_counts_and_knows_its_hash(call, client, django_assert_num_queries) -> None:
    version = published(call).versions.get()
    with django_assert_num_queries(1):
        words = page(client, call.slug, "area-1")
    assert f'data-source="{reverse("ranking_version_json", args=[call.slug, "area-1", 1])}"' in words
    assert f'data-sha256="{version.sha256}"' in words
    assert "Oppure scegli un file" in words


@pytest.mark.parametrize(("asked", "status"), [("1", 200), ("2", 404), ("", 200), ("uno", 200), ("9" * 400, 200), ("²", 200)])
def test_a_version_is_asked_for_by_its_number(call, client, asked: str, status: int) -> None:
    published(call)
    answer = client.get(reverse("ranking_check", args=[call.slug, "area-1"]), {"versione": asked})
    assert answer.status_code == status


@pytest.mark.parametrize("area", ["area-1", "area-9", "area-1%00"])
def test_what_is_not_published_is_not_found_by_anybody(call, client, area: str) -> None:
    computed(call)
    client.force_login(official())
    assert client.get(reverse("ranking_check", args=[call.slug, "x"]).replace("/x/", f"/{area}/")).status_code == 404


def test_without_a_script_the_page_points_to_the_program_and_the_file(call, client) -> None:
    published(call)
    words = page(client, call.slug, "area-1")
    said = words.split("<noscript>")[1].split("</noscript>")[0]
    assert "Usa il programma qui sotto" in said
    assert reverse("ranking_version_json", args=[call.slug, "area-1", 1]) in said
    assert "<section hidden data-verify" in words

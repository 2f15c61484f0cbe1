"""The page of a call and that of its questions in a real browser: everything that a call may say, at both widths."""

import json
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from bando.actions import load
from bando.notice_pdf import make
from bando.states import CallState

pytestmark = pytest.mark.django_db
EVERY = (Path(__file__).parents[1] / "data" / "notices" / "every.yaml").read_text()


@pytest.fixture
def call(transactional_db):
    """A public call that uses everything, with its paper. It lacks what a publication asks for, so its state is written."""
    at = timezone.now()
    call = load(EVERY.replace("deadline: 2026-06-30", "deadline: 2199-06-30"), at=at)
    call.state, call.published_at = CallState.PUBLISHED, at
    call.save()
    make(str(call.version.pk), at)
    return call


@pytest.mark.parametrize("width", [360, 1280])
def test_a_call_with_everything_can_be_read(call, page_at, axe_clean, width):
    page = page_at(width)
    page.goto(reverse("call", args=[call.slug]))
    assert page.locator("h1").inner_text() == call.title
    # The data block is there for machines; the browser ran nothing and refused nothing (page_at.complaints).
    block = json.loads(page.locator('script[data-element="metatag"]').text_content())
    assert block["name"] == call.title
    axe_clean(page)
    page.get_by_role("link", name="Tutte le domande: A misura").first.click()
    assert page.locator("h1").inner_text() == "Tutte le domande"
    axe_clean(page)

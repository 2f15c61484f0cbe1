"""Who a citizen is and what they need: nobody reads it but those who work on the request.

On the loaded demonstration, whose citizens have asked for everything that can be asked: each cell of the database is read, and each
page that a link leads to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from network.models import Message, Request, Space
from tests.network.test_demonstration import demonstration
from tests.remembered import rows

pytestmark = pytest.mark.django_db

KEPT = {"network_request": {"name", "phone", "email", "need"}, "network_message": {"text"}}
"""The only columns that a citizen's contacts and words stand in; they are blanked when the request is erased."""
WHERE_TO_BEGIN = ("home", "spaces", "services", "accredited", "accreditation_notices", "public_agreements")
IN_ALL = 5_000
"""More pages than there are: a road of links without an end is a fault of its own."""


@pytest.fixture
def told(settings) -> set[str]:
    """What the citizens of the demonstration have said of themselves."""
    settings.DEMO = True
    demonstration()
    said = {text for row in Request.objects.values_list("name", "phone", "email", "need") for text in row}
    return (said | set(Message.objects.values_list("text", flat=True))) - {""}


def test_what_citizens_say_of_themselves_is_kept_in_one_place(told) -> None:
    found = {}
    for table, (columns, kept) in rows().items():
        for row in kept:
            for column, value in zip(columns, row, strict=True):
                if column not in KEPT.get(table, ()) and (said := [text for text in told if text in str(value)]):
                    found[table, column] = said
    assert found == {}
    assert len(told) > 50


def test_no_page_that_everybody_reads_says_it(told) -> None:
    pages = dict(walked(Client(), told))
    assert {address: said for address, said in pages.items() if said} == {}
    assert {urlsplit(reverse("space", args=[space.slug])).path for space in Space.objects.public()} <= {
        urlsplit(address).path for address in pages
    }


def test_no_page_says_it_to_a_body_that_has_no_request(told) -> None:
    client = Client()
    stranger = User.objects.get(name="Omar Haddad")
    assert not Request.objects.visible_to(stranger).exists()
    client.force_login(stranger)
    pages = dict(walked(client, told, reverse("my_network"), reverse("requests")))
    assert {address: said for address, said in pages.items() if said} == {}


def test_who_works_on_them_reads_it(told) -> None:
    """The walk does find what there is to find."""
    client = Client()
    client.force_login(User.objects.get(name="Anna Bruni"))
    request = Request.objects.exclude(email="").filter(erased_at=None).first()
    page = client.get(reverse("request", args=[request.pk])).text
    assert [text in unescape(page) for text in (request.name, request.phone, request.email)] == [True, True, True]


def walked(client: Client, told: set[str], *begin: str) -> Iterator[tuple[str, list[str]]]:
    """Each page that links lead to, with what it says of ``told``."""
    waiting = [*map(reverse, WHERE_TO_BEGIN), *begin]
    seen = set(waiting)
    while waiting:
        address = waiting.pop()
        answer = client.get(address)
        if answer.status_code != 200 or not answer.headers["Content-Type"].startswith(
            ("text/", "application/json", "application/geo")
        ):
            continue
        page = unescape(answer.text if not answer.streaming else answer.getvalue().decode())
        yield address, [text for text in told if text in page]
        for link in re.findall(r'href="([^"#][^"]*)"', page):
            further, _fragment = urldefrag(urljoin(address, link))
            if further.startswith("/") and not further.startswith("/static/") and further not in seen:
                seen.add(further)
                waiting.append(further)
        assert len(seen) < IN_ALL

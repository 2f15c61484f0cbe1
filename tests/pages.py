"""Pages as people see them."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape
from typing import Any

import time_machine
from django.test import Client

from tests.builders import official


def text(response: Any) -> str:
    """What a person reads in the main part of a page, on one line."""
    main = response.content.decode().split("<main", 1)[1].split("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", "<main" + main)).split())


def to_correct(response: Any) -> list[bool]:
    """Of each thing that the summary above a page asks to correct, whether its link leads to one place of the page and no more."""
    page = response.content.decode()
    if 'class="bando-summary"' not in page:
        return []
    items = page.split('class="bando-summary"')[1].split("</ul>")[0].split("<li>")[1:]
    targets = [re.search(r'href="#([^"]+)"', item) for item in items]
    return [bool(target) and page.count(f'id="{target[1]}"') == 1 for target in targets]


def data_files(response: Any) -> list[tuple[str, str]]:
    """The data files that the head of a page leads a program to: media type and address."""
    return re.findall(r'<link rel="alternate" type="([^"]+)" title="[^"]+" href="([^"]+)">', response.content.decode())


def carried(client: Client, url: str) -> dict[str, str]:
    """What the forms of a page carry along unseen, to tell who changed what (``network.written_at_once``)."""
    return dict(re.findall(r'name="(base-[^"]+)" value="([^"]*)"', client.get(url).content.decode()))


def office_at(client: Client, at: datetime) -> Client:
    """``client`` as the browser of an official (``client.user``); ``client.at`` is the moment of its requests."""
    client.user, client.at = official(name="Anna Bianchi"), at
    with time_machine.travel(at, tick=False):
        client.force_login(client.user)

    def ask(method):
        def at_the_moment(*args, **kwargs):
            with time_machine.travel(client.at, tick=False):
                return method(*args, **kwargs)

        return at_the_moment

    client.get, client.post = ask(client.get), ask(client.post)
    return client

"""News of the calls for programs that read feeds (Atom, RFC 4287). What is still a draft is never among them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import linebreaks
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bando.models import Amendment, Call, CallStep
from bando.states import CallState
from bando.transitions import PUBLISH, REVOKE

_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
MOST = 50
"""Entries of a feed, the newest first."""


@dataclass(frozen=True, slots=True)
class News:
    """One entry. ``key`` never changes, whatever the address of the site and the words become."""

    key: UUID
    title: str
    text: str
    url: str
    at: datetime


class _NewsFeed(Feed):
    feed_type = Atom1Feed

    def item_title(self, item: News) -> str:
        return _writable(item.title)

    def item_description(self, item: News) -> str:
        return linebreaks(_writable(item.text), autoescape=True)  # a summary of Atom is HTML

    def item_link(self, item: News) -> str:
        return item.url

    def item_guid(self, item: News) -> str:
        return item.key.urn

    def item_pubdate(self, item: News) -> datetime:
        return item.at

    item_updateddate = item_pubdate  # what is published never changes

    def get_feed(self, obj: Any, request: HttpRequest) -> Any:
        self.language = get_language()
        return super().get_feed(obj, request)


class CallFeed(_NewsFeed):
    """What happens to one call: publication, amendments, clarifications, ranking, revocation."""

    def get_object(self, request: HttpRequest, slug: str) -> Call:
        return get_object_or_404(Call.objects.exclude(state=CallState.DRAFT), slug=slug)

    def title(self, call: Call) -> str:
        return call.title

    def subtitle(self, call: Call) -> str:
        return _("Pubblicazione, modifiche, chiarimenti e graduatoria")

    def link(self, call: Call) -> str:
        return _address("call", call)

    def feed_url(self, call: Call) -> str:
        return _address("call_feed", call)

    def feed_guid(self, call: Call) -> str:
        return call.pk.urn

    def items(self, call: Call) -> list[News]:
        # The other acts are told below in their own words, and a revocation is an amendment.
        steps = [step for step in call.steps.all() if step.source != step.target and step.act != REVOKE.name]
        answered = _address("call_clarifications", call)
        news = [_step(call, step, str(step.label)) for step in steps] + [_amendment(call, a, "") for a in call.amendments.all()]
        news += [
            News(
                row.pk,
                _("Chiarimento n. %(n)s") % {"n": row.number},
                f"{row.question}\n\n{row.answer}",
                f"{answered}#chiarimento-{row.number}",
                row.at,
            )
            for row in call.clarifications.all()
        ]
        return _newest(news)


class CallsFeed(_NewsFeed):
    """The calls that are published, and their amendments."""

    def title(self) -> str:
        return _("Avvisi di co-progettazione – %(administration)s") % {"administration": settings.ADMINISTRATION["name"]}

    def subtitle(self) -> str:
        return _("Avvisi pubblicati e loro modifiche")

    def link(self) -> str:
        return f"{settings.SITE_URL}{reverse('home')}"

    def feed_url(self) -> str:
        return f"{settings.SITE_URL}{reverse('calls_feed')}"

    def items(self) -> list[News]:
        steps = CallStep.objects.filter(act=PUBLISH.name).select_related("row").order_by("-at")[:MOST]
        amendments = Amendment.objects.select_related("call").order_by("-at")[:MOST]
        return _newest(
            [_step(step.row, step, step.row.title) for step in steps]
            + [_amendment(a.call, a, a.call.title) for a in amendments]
        )


def _writable(words: str) -> str:
    """Without what XML cannot hold (XML 1.0, 2.2): pasted text brings form feeds and the like, and one of them would take
    the whole feed away from everybody."""
    return _NOT_XML.sub("", words)


def _step(call: Call, step: CallStep, title: str) -> News:
    # A step is numbered by its table; the call's own key makes it one of its kind.
    return News(uuid5(call.pk, f"step {step.pk}"), title, step.reason or str(step.label), _address("call", call), step.at)


def _amendment(call: Call, row: Amendment, about: str) -> News:
    title = _("%(kind)s n. %(n)s") % {"kind": row.get_kind_display(), "n": row.number}
    return News(
        row.pk, f"{title}: {about}" if about else title, row.reason, _address("call_amendment", call, row.number), row.at
    )


def _newest(news: list[News]) -> list[News]:
    return sorted(news, key=lambda entry: (entry.at, entry.key), reverse=True)[:MOST]


def _address(name: str, call: Call, *which: int) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=[call.slug, *which])}"

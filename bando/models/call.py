"""The call: a document frozen by its hash, and the acts taken on it."""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bando.deadlines import Phase, Window
from bando.notice.document import Notice
from bando.notice.parse import parse
from bando.states import CallState
from workflow.append_only import AppendOnly
from workflow.models import Step


@lru_cache(maxsize=64)
def _read(canonical: str) -> Notice:
    """Reading takes milliseconds and every page of an application asks for it; a notice never changes once made."""
    return parse(json.loads(canonical))


class CallQuerySet(models.QuerySet["Call"]):
    def visible_to(self, user: Any) -> CallQuerySet:
        """Drafts are of the office alone; all the rest is public."""
        if user.is_authenticated and user.is_official:
            return self
        return self.exclude(state=CallState.DRAFT)

    def open(self, at: datetime) -> CallQuerySet:
        """Published calls that receive applications at ``at``; both ends of the window belong to it."""
        return self.filter(Q(opens_at=None) | Q(opens_at__lte=at), state=CallState.PUBLISHED, closes_at__gte=at)

    def with_notice(self) -> CallQuerySet:
        return self.select_related("version")


class Call(models.Model):
    """A call (avviso). Its rules are in ``version``; ``opens_at`` and ``closes_at`` are the same instants as in that
    document, kept beside it so that lists can ask the database. Whether it is open is never stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(_("indirizzo"), max_length=80, unique=True)
    title = models.CharField(_("titolo"), max_length=300)
    state = models.CharField(_("stato"), max_length=20, choices=CallState.choices, default=CallState.DRAFT)
    version = models.OneToOneField("CallVersion", models.PROTECT, related_name="current_of")
    opens_at = models.DateTimeField(_("apertura"), null=True, blank=True)
    closes_at = models.DateTimeField(_("scadenza"))
    published_at = models.DateTimeField(_("pubblicato il"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("avviso")
        verbose_name_plural = _("avvisi")
        ordering = ["-closes_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(opens_at__lt=F("closes_at")), name="a_call_opens_before_it_closes"
            ),
            models.CheckConstraint(
                condition=Q(state=CallState.DRAFT) | Q(published_at__isnull=False), name="a_public_call_says_since_when"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def notice(self) -> Notice:
        return self.version.notice

    @property
    def window(self) -> Window:
        return Window(self.opens_at, self.closes_at)

    def phase(self, at: datetime) -> Phase | None:
        """Where the clock stands for a published call; ``None`` for one that is a draft, revoked or concluded."""
        return self.window.phase(at) if self.state == CallState.PUBLISHED else None

    def is_open(self, at: datetime) -> bool:
        return self.phase(at) is Phase.OPEN


class CallVersion(AppendOnly):
    """One state of the document: ``text`` as it was written (YAML), ``canonical`` its one JSON form, ``sha256`` of that.

    Published rules change only by a new version bound to an act."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=80)
    number = models.PositiveIntegerField(_("versione"))
    text = models.TextField()
    canonical = models.TextField()
    sha256 = models.CharField("SHA-256", max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["slug", "number"]
        constraints = [models.UniqueConstraint(fields=["slug", "number"], name="one_version_per_number")]

    def __str__(self) -> str:
        return f"{self.slug} {self.number}"

    @cached_property
    def notice(self) -> Notice:
        return _read(self.canonical)


class CallStep(Step):
    states = CallState
    row = models.ForeignKey(Call, models.PROTECT, related_name="steps")

"""A call document while it is being written."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from bando.models.amendments import Amendment
from bando.models.call import Call
from bando.states import CallState
from workflow.append_only import AppendOnly


class DraftOrigin(models.TextChoices):
    TEMPLATE = "template", _("Da un modello")
    CALL = "call", _("Da un avviso")
    FILE = "file", _("Da un file YAML")


class NoticeDraftQuerySet(models.QuerySet["NoticeDraft"]):
    def visible_to(self, user: Any) -> NoticeDraftQuerySet:
        """What is being written is of the office alone."""
        if not (user.is_authenticated and user.is_official):
            return self.none()
        return self.filter(discarded_at=None)

    def in_hand(self) -> NoticeDraftQuerySet:
        """Those that one can still write: not what a published call was made of, unless it amends that call."""
        return self.filter(Q(call=None) | Q(call__published_at=None) | Q(amends=True))

    def discarded_by_office(self, user: Any) -> NoticeDraftQuerySet:
        """What was put aside and may be taken up again. What was published, as a call or as a rectification (which is put
        aside at that moment), has done its work and is not there."""
        if not (user.is_authenticated and user.is_official):
            return self.none()
        published = Amendment.objects.filter(call=OuterRef("call"), at=OuterRef("discarded_at"))
        in_hand = (
            Q(call=None) | Q(call__published_at=None) | Q(amends=True, call__state=CallState.PUBLISHED) & ~Exists(published)
        )
        return self.exclude(discarded_at=None).filter(in_hand)


class NoticeDraft(models.Model):
    """A document being written: ``data`` is plain data (``bando.notice.parse``) that need not hold together yet; its
    faults are what is left to do. Numbers with a point are kept as text, because JSON would make floats of them.

    ``call`` is the call that it becomes, or the published one that it ``amends``: then it starts from the rules in force
    and ends in a rectification. ``text`` is the file that somebody brought, as long as nothing in it was changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, null=True, blank=True, related_name="drafts")
    amends = models.BooleanField(default=False)
    origin = models.CharField(_("da dove comincia"), max_length=20, choices=DraftOrigin.choices)
    data = models.JSONField(default=dict)
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("iniziata il"))
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(_("cambiata il"))
    discarded_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("bozza di avviso")
        verbose_name_plural = _("bozze di avvisi")
        ordering = ["-changed_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["call"], condition=Q(discarded_at=None), name="one_draft_in_hand_for_each_call"),
            models.CheckConstraint(condition=Q(amends=False) | Q(call__isnull=False), name="a_rectification_has_its_call"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title as far as it is written."""
        title = self.data.get("title") if isinstance(self.data, dict) else None
        return title if isinstance(title, str) and title.strip() else str(_("Avviso senza titolo"))


class DraftEdit(AppendOnly):
    """The whole document after one change, so that nothing that was ever saved is lost. ``path`` is what was changed
    (``bando.notice.checks.path_text``), "" for the document as it began or as it was brought back."""

    draft = models.ForeignKey(NoticeDraft, models.PROTECT, related_name="edits")
    version = models.PositiveIntegerField()
    data = models.JSONField()
    path = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["draft", "version"]
        constraints = [models.UniqueConstraint(fields=["draft", "version"], name="one_edit_per_version")]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.version} {self.path}"

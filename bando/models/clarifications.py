"""What people ask about a call, what the office answers once for all, and who wants to know."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bando.models.call import Call
from workflow.append_only import AppendOnly


class Clarification(AppendOnly):
    """A question in the words of the office, without who asked it, and its answer; published at once and numbered from
    1 in each call. A wrong one is not changed: another ``replaces`` it, and both stay readable. ``section`` is the code
    of a section of the form, or "" for the call as a whole."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="clarifications")
    number = models.PositiveIntegerField(_("numero"))
    section = models.CharField(_("sezione"), max_length=60, blank=True)
    question = models.TextField(_("domanda"))
    answer = models.TextField(_("risposta"))
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("pubblicata il"))

    class Meta:
        verbose_name = _("chiarimento")
        verbose_name_plural = _("chiarimenti")
        ordering = ["call", "number"]
        constraints = [models.UniqueConstraint(fields=["call", "number"], name="clarifications_are_counted")]

    def __str__(self) -> str:
        return f"{self.call_id} {self.number}"


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    def visible_to(self, user: Any) -> EnquiryQuerySet:
        """One's own; the office reads all of them."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_official else self.filter(asked_by=user)

    def waiting(self) -> EnquiryQuerySet:
        """Neither answered nor set aside."""
        return self.filter(clarification=None, set_aside_at=None)


class Enquiry(models.Model):
    """A question that somebody asked. Several may have one answer. One that is out of place is set aside with a reason
    that its author reads."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="enquiries")
    section = models.CharField(_("sezione"), max_length=60, blank=True)
    text = models.TextField(_("domanda"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("chiesta il"))
    clarification = models.ForeignKey(Clarification, models.PROTECT, null=True, blank=True, related_name="enquiries")
    set_aside_at = models.DateTimeField(null=True, blank=True)
    set_aside_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    set_aside_reason = models.TextField(blank=True)

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("quesito")
        verbose_name_plural = _("quesiti")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(clarification=None) | Q(set_aside_at=None), name="an_enquiry_is_answered_or_set_aside"
            )
        ]

    def __str__(self) -> str:
        return f"{self.call_id} {self.asked_at:%Y-%m-%d} {self.text[:40]}"


class Follower(models.Model):
    """Somebody who asked to be told of every amendment and clarification of a call. Whoever has an application there is
    told anyway."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="followers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="followed_calls")
    since = models.DateTimeField()

    class Meta:
        ordering = ["since", "pk"]
        constraints = [models.UniqueConstraint(fields=["call", "user"], name="one_follows_a_call_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.call_id}"

"""The bodies of an application: the one that leads, and those that join it in a group."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from applications.groups.shares import WHOLE
from applications.models.application import Application
from bando.models import Call


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def visible_to(self, user: Any) -> ParticipantQuerySet:
        """Those that stand for a body that ``user`` acts for, and those that were invited by the address with which
        ``user`` signs in. The rest of the group is seen through its application."""
        if not user.is_authenticated:
            return self.none()
        mine = Organisation.objects.filter(memberships__user=user)
        return self.filter(Q(organisation__in=mine) | Q(organisation=None, email=user.email), left_at=None)


class Participant(models.Model):
    """A body in an application. Every application has one row for its lead from the start; a group has one for each
    member, first known by a name and an address alone (``organisation`` is empty until somebody of the body joins).

    ``share`` is the body's part of the project in hundredths of a percent. A member certifies for itself, through its own
    account: ``declared`` are the codes of the requirements that it declared, ``stated`` what it was shown and
    ``certified_sha256`` the hash of that (``applications.groups.participants.statement``): when what it would be shown changes, it
    has to certify again, and ``stated`` tells what changed.

    A body takes part once in an area, alone or in one group (the usual rule; Cons. Stato 208/2021: one applicant, one
    proposal). ``counts`` is set for everybody when the application is sent and taken away when it is withdrawn, so that a
    body may stand in two drafts and in one sending only; ``exclusive`` is whether the call says so."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="participants")
    call = models.ForeignKey(Call, models.PROTECT, related_name="+")
    area_code = models.CharField(max_length=40)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="participations")
    is_lead = models.BooleanField(_("capofila"), default=False)
    name = models.CharField(_("denominazione"), max_length=300)
    email = models.EmailField(_("e-mail"), blank=True)
    share = models.PositiveIntegerField(_("quota"), null=True, blank=True)
    tasks = models.TextField(_("che cosa fa nel progetto"), blank=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    invited_at = models.DateTimeField()
    joined_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    joined_at = models.DateTimeField(null=True, blank=True)
    declared = models.JSONField(default=list)
    certified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    certified_at = models.DateTimeField(null=True, blank=True)
    certified_sha256 = models.CharField(max_length=64, blank=True)
    stated = models.JSONField(default=dict)
    left_at = models.DateTimeField(null=True, blank=True)
    left_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    counts = models.BooleanField(default=False)
    exclusive = models.BooleanField(default=True)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = _("partecipante")
        verbose_name_plural = _("partecipanti")
        ordering = ["-is_lead", "invited_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "organisation"], condition=Q(left_at=None), name="a_body_is_once_in_an_application"
            ),
            models.UniqueConstraint(fields=["application"], condition=Q(is_lead=True), name="an_application_has_one_lead"),
            models.UniqueConstraint(
                fields=["call", "area_code", "organisation"],
                condition=Q(counts=True, exclusive=True),
                name="a_body_takes_part_once_in_an_area",
            ),
            models.CheckConstraint(condition=Q(share=None) | Q(share__lte=WHOLE), name="a_share_is_part_of_the_whole"),
        ]

    def __str__(self) -> str:
        return str(self.organisation or self.name)

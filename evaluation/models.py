"""The commission, its marks, and the rankings it leads to."""

from __future__ import annotations

import json
import uuid
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from bando.models import Call
from documents.models import Document
from evaluation.states import RankingState, SheetState
from workflow.append_only import AppendOnly
from workflow.models import Step

UNIT = Decimal("0.0001")
"""Marks are stored as whole ten-thousandths, so that no database makes floats of them."""


class CommissionQuerySet(models.QuerySet["Commission"]):
    def visible_to(self, user: Any) -> CommissionQuerySet:
        """Those in which one has a seat. The office has the call."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(members__user=user)


class Commission(models.Model):
    """The commission of a call, appointed by an act after the deadline."""

    call = models.OneToOneField(Call, models.PROTECT, related_name="commission")
    act_number = models.CharField(_("numero dell'atto di nomina"), max_length=60)
    act_date = models.DateField(_("data dell'atto di nomina"))
    appointed_at = models.DateTimeField(_("nominata il"))
    appointed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = CommissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("commissione")
        verbose_name_plural = _("commissioni")

    def __str__(self) -> str:
        return f"{self.call_id} {self.act_number}"


class MemberRole(models.TextChoices):
    CHAIR = "chair", _("Presidente")
    MEMBER = "member", _("Commissario")
    SECRETARY = "secretary", _("Segretario")


class MemberQuerySet(models.QuerySet["Member"]):
    def marking(self) -> MemberQuerySet:
        """Those who give marks, in the order of the appointment."""
        return self.exclude(role=MemberRole.SECRETARY).order_by("order")


class Member(models.Model):
    """A member of the commission. The secretary writes the minutes and gives no marks."""

    commission = models.ForeignKey(Commission, models.PROTECT, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="commission_seats")
    role = models.CharField(_("ruolo"), max_length=20, choices=MemberRole.choices)
    order = models.PositiveSmallIntegerField()

    objects = MemberQuerySet.as_manager()

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["commission", "user"], name="one_seat_per_person"),
            models.UniqueConstraint(fields=["commission", "order"], name="one_seat_per_place"),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"

    @property
    def marks_proposals(self) -> bool:
        return self.role != MemberRole.SECRETARY


class Declaration(AppendOnly):
    """A member declares, knowing the names, whether there is a conflict of interest with one applicant (art. 6-bis
    L. 241/1990, art. 7 D.P.R. 62/2013, art. 51 c.p.c.). A new one replaces the former and both stay."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="declarations")
    application = models.ForeignKey(Application, models.PROTECT, related_name="declarations")
    in_conflict = models.BooleanField(_("in conflitto"))
    note = models.TextField(_("spiegazione"), blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.member_id} {self.application_id} {self.in_conflict}"


class SheetQuerySet(models.QuerySet["Sheet"]):
    def visible_to(self, user: Any) -> SheetQuerySet:
        """One's own sheets, which exist only where one has declared and is not in conflict: of the others not even a
        count. A sheet that a later declaration made void is gone for its member too."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(member__user=user).exclude(state=SheetState.VOID)

    def with_call(self) -> SheetQuerySet:
        return self.select_related(
            "member__commission",
            "member__user",
            "application__call__version",
            "application__organisation",
            "application__current",
        )


class Sheet(models.Model):
    """The marks of one member on one proposal: written alone, seen by nobody else until the area's evaluation is closed.
    Void when its member declares a conflict after it was opened; its marks stay and count for nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(Member, models.PROTECT, related_name="sheets")
    application = models.ForeignKey(Application, models.PROTECT, related_name="sheets")
    state = models.CharField(_("stato"), max_length=20, choices=SheetState.choices, default=SheetState.OPEN)
    saved_at = models.DateTimeField(null=True)

    objects = SheetQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "application"], name="one_sheet_per_member_and_proposal")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.application_id}"


class SheetStep(Step):
    states = SheetState
    row = models.ForeignKey(Sheet, models.PROTECT, related_name="steps")


class Mark(models.Model):
    """What a member found on one criterion, with the reason. ``units`` are ten-thousandths of a coefficient (0.7 is 7000),
    of a point, of a quantity, or 0 and 10000 for no and yes, as the type of the criterion says. ``None`` while only the
    reason has been written."""

    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="marks")
    criterion = models.CharField(max_length=60)
    units = models.PositiveBigIntegerField(null=True)
    reason = models.TextField(_("motivo"), blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet", "criterion"], name="one_mark_per_criterion")]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.criterion} {self.units}"

    @property
    def value(self) -> Decimal | None:
        return None if self.units is None else self.units * UNIT


class RankingQuerySet(models.QuerySet["Ranking"]):
    def visible_to(self, user: Any) -> RankingQuerySet:
        """Published rankings are public; what is being prepared is of the office."""
        if user.is_authenticated and user.is_official:
            return self
        return self.filter(state=RankingState.PUBLISHED)


class Ranking(models.Model):
    """The ranking of one area: ``content`` is the canonical JSON that is published and from which anyone can compute it
    again; ``sha256`` its hash."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="rankings")
    area_code = models.CharField(_("area"), max_length=40)
    state = models.CharField(_("stato"), max_length=20, choices=RankingState.choices, default=RankingState.COMPUTED)
    content = models.TextField()
    sha256 = models.CharField("SHA-256", max_length=64)
    computed_at = models.DateTimeField()
    act_number = models.CharField(_("numero dell'atto"), max_length=60, blank=True)
    act_date = models.DateField(_("data dell'atto"), null=True, blank=True)
    published_at = models.DateTimeField(_("pubblicata il"), null=True, blank=True)
    pdf = models.OneToOneField(Document, models.PROTECT, null=True, blank=True, related_name="+")

    objects = RankingQuerySet.as_manager()

    class Meta:
        verbose_name = _("graduatoria")
        verbose_name_plural = _("graduatorie")
        constraints = [
            models.UniqueConstraint(fields=["call", "area_code"], name="one_ranking_per_area"),
            models.CheckConstraint(
                condition=Q(state=RankingState.COMPUTED)
                | Q(published_at__isnull=False, act_date__isnull=False) & ~Q(act_number=""),
                name="a_published_ranking_has_its_act",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call_id} {self.area_code}"

    @cached_property
    def document(self) -> dict[str, Any]:
        """``content`` read: the shape is that of ``evaluation.published``."""
        return json.loads(self.content)


class RankingStep(Step):
    states = RankingState
    row = models.ForeignKey(Ranking, models.PROTECT, related_name="steps")


class Placement(AppendOnly):
    """Where a published ranking puts an application: what lists and letters ask."""

    ranking = models.ForeignKey(Ranking, models.PROTECT, related_name="placements")
    application = models.OneToOneField(Application, models.PROTECT, related_name="placement")
    position = models.PositiveIntegerField(null=True)
    outcome = models.CharField(max_length=20)
    total = models.CharField(max_length=20)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.ranking_id} {self.position}"

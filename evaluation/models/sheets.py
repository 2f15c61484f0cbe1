"""What each member finds in each proposal."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from bando.models import Call
from evaluation.models.commission import Declaration, Member
from evaluation.states import ComparisonState, SheetState
from workflow.append_only import AppendOnly
from workflow.models import Step

UNIT = Decimal("0.0001")
"""Marks are stored as whole ten-thousandths, so that no database makes floats of them."""


class SheetQuerySet(models.QuerySet["Sheet"]):
    def visible_to(self, user: Any) -> SheetQuerySet:
        """One's own sheets, which exist only where one has declared and is not in conflict: of the others not even a
        count. A sheet that a later declaration made void is gone for its member too. The sheets of the whole commission are
        for those of its members, secretary included, whose last declaration on that proposal says no conflict."""
        if not user.is_authenticated:
            return self.none()
        seats = Member.objects.seated().filter(user=user)
        said = Declaration.objects.filter(member__in=seats.values("pk"), application=OuterRef("application"))
        together = Q(member=None, said_conflict=False)
        rows = self.alias(said_conflict=Subquery(said.order_by("-pk").values("in_conflict")[:1]))
        return rows.filter(Q(member__in=seats.values("pk")) | together).exclude(state=SheetState.VOID)

    def with_call(self) -> SheetQuerySet:
        return self.select_related(
            "member__commission",
            "member__user",
            "application__call__version",
            "application__organisation",
            "application__current",
        )


class Sheet(models.Model):
    """The marks of one member on one proposal: written alone, seen by nobody else until it is final. Void when its member
    declares a conflict after it was opened, or leaves the commission; its marks stay and count for nothing.

    Without a ``member`` it is the sheet of the commission as a whole, where the call wants one collegial mark."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="sheets")
    application = models.ForeignKey(Application, models.PROTECT, related_name="sheets")
    state = models.CharField(_("stato"), max_length=20, choices=SheetState.choices, default=SheetState.OPEN)
    saved_at = models.DateTimeField(null=True)

    objects = SheetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "application"], name="one_sheet_per_member_and_proposal"),
            models.UniqueConstraint(fields=["application"], condition=Q(member=None), name="one_collegial_sheet_per_proposal"),
        ]

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


class MarkEdit(AppendOnly):
    """A mark or a reason as it was written at a moment: the history from which a sheet can be taken back."""

    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="edits")
    criterion = models.CharField(max_length=60)
    units = models.PositiveBigIntegerField(null=True)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.criterion} {self.at}"


class ComparisonQuerySet(models.QuerySet["Comparison"]):
    def visible_to(self, user: Any) -> ComparisonQuerySet:
        """One's own, like a sheet."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(member__in=Member.objects.seated().filter(user=user)).exclude(state=ComparisonState.VOID)


class Comparison(models.Model):
    """The table in which one member compares, two by two, all the proposals of an area on one criterion (D.P.R. 207/2010,
    annex G): written alone like a sheet. Who is in conflict with one of the proposals has none: a table with holes would
    weigh on all the others."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(Member, models.PROTECT, related_name="comparisons")
    area_code = models.CharField(_("area"), max_length=40)
    criterion = models.CharField(max_length=60)
    state = models.CharField(_("stato"), max_length=20, choices=ComparisonState.choices, default=ComparisonState.OPEN)
    saved_at = models.DateTimeField(null=True)

    objects = ComparisonQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "area_code", "criterion"], name="one_comparison_per_member_and_criterion")
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.area_code} {self.criterion}"

    @property
    def call(self) -> Call:
        return self.member.commission.call


class ComparisonStep(Step):
    states = ComparisonState
    row = models.ForeignKey(Comparison, models.PROTECT, related_name="steps")


class Preference(models.Model):
    """One cell: which of two proposals is better, and by how much. ``first`` has the lower number. ``units`` are the degree in
    ten-thousandths: 1 parity, 2 least, 3 small, 4 medium, 5 large, 6 greatest preference."""

    class Prefers(models.TextChoices):
        FIRST = "first", _("La prima")
        SECOND = "second", _("La seconda")
        NEITHER = "neither", _("Pari")

    comparison = models.ForeignKey(Comparison, models.PROTECT, related_name="preferences")
    first = models.ForeignKey(Application, models.PROTECT, related_name="+")
    second = models.ForeignKey(Application, models.PROTECT, related_name="+")
    prefers = models.CharField(max_length=10, choices=Prefers.choices)
    units = models.PositiveIntegerField()
    note = models.TextField(_("nota"), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comparison", "first", "second"], name="one_preference_per_pair"),
            models.CheckConstraint(
                condition=Q(prefers="neither", units=10_000)
                | Q(prefers__in=["first", "second"], units__gt=10_000, units__lte=60_000),
                name="parity_is_one_and_a_preference_is_more",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.comparison_id} {self.first_id} {self.prefers} {self.second_id}"

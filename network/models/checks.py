"""The declarations of the selected bodies, verified before the agreement (D.P.R. 445/2000, art. 71)."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from applications.models import Application
from bando.models import Call
from documents.models import Document
from network.states import CheckPlanState, DeclarationCheckState
from workflow.models import Step


class CheckScope(models.TextChoices):
    ALL = "all", _("Tutte le dichiarazioni")
    SAMPLE = "sample", _("Un campione")


class CheckPlan(models.Model):
    """Which declarations of the selected proposals of an area are verified: all of them, or a sample.

    ``population`` is the canonical JSON of every declaration that could be drawn, with the rule and its ``size``, and
    ``sha256`` its hash (``network.sampling``). A sample is committed first, while nobody knows the public ``value`` that will
    draw it (``source`` says which, ``value_at`` from when); whoever has the two repeats it. For all of them there is nothing
    to draw. ``rule`` says it in words; ``due_on`` is when the office means to end. One that was given up before its value was
    public stays, with its reason."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="check_plans")
    area_code = models.CharField(_("area"), max_length=40)
    number = models.PositiveIntegerField()
    state = models.CharField(_("stato"), max_length=20, choices=CheckPlanState.choices, default=CheckPlanState.COMMITTED)
    scope = models.CharField(_("si controllano"), max_length=20, choices=CheckScope.choices)
    rule = models.TextField(_("regola del campione"), blank=True)
    size = models.PositiveIntegerField(_("dichiarazioni da controllare"))
    population = models.TextField()
    sha256 = models.CharField("SHA-256", max_length=64)
    source = models.TextField(_("valore pubblico"), blank=True)
    value_at = models.DateTimeField(_("sarà pubblico il"), null=True, blank=True)
    value = models.CharField(_("valore"), max_length=300, blank=True)
    due_on = models.DateField(_("da concludere entro"))
    made_at = models.DateTimeField()
    drawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["call", "area_code", "number"], name="check_plans_are_counted"),
            models.UniqueConstraint(
                fields=["call", "area_code"], condition=Q(state=CheckPlanState.COMMITTED), name="one_sample_waits_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(scope=CheckScope.ALL) | Q(value_at__gt=models.F("made_at")) & ~Q(source=""),
                name="the_value_of_a_sample_is_not_known_yet",
            ),
            models.CheckConstraint(
                condition=Q(scope=CheckScope.ALL)
                | Q(state__in=[CheckPlanState.COMMITTED, CheckPlanState.CANCELLED])
                | Q(drawn_at__gte=models.F("value_at")) & ~Q(value=""),
                name="a_sample_has_its_value",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call_id} {self.area_code} {self.number}"


class CheckPlanStep(Step):
    states = CheckPlanState
    row = models.ForeignKey(CheckPlan, models.PROTECT, related_name="steps")


UNDER_WAY = (DeclarationCheckState.TO_DO, DeclarationCheckState.ASKED, DeclarationCheckState.IRREGULAR)


class DeclarationCheckQuerySet(models.QuerySet["DeclarationCheck"]):
    def visible_to(self, user: Any) -> DeclarationCheckQuerySet:
        """The office, and the body that declared."""
        if not user.is_authenticated:
            return self.none()
        if user.is_official:
            return self
        return self.filter(organisation__memberships__user=user)

    def unfinished(self) -> DeclarationCheckQuerySet:
        """Those that still hold the agreement."""
        return self.exclude(state__in=[DeclarationCheckState.CONFIRMED, DeclarationCheckState.NOT_NEEDED])

    def under_way(self) -> DeclarationCheckQuerySet:
        """Those that nobody has answered yet, one way or the other."""
        return self.filter(state__in=UNDER_WAY)

    def doubted(self) -> DeclarationCheckQuerySet:
        """Those that the office added for a doubt."""
        return self.exclude(doubt="")


class DeclarationCheck(models.Model):
    """One declaration (``code`` and ``title``: the requirement of the call that it is about) of one body of a proposal, the
    ``ordinal``-th of its group (the lead is the first).

    ``asked_to`` is the authority that was asked, ``answer`` the document that came back; ``note`` is for the office alone.
    ``due_at`` is the term of whoever was asked last: the authority, or the body for an irregularity that is no falsehood
    (D.P.R. 445/2000, art. 71 c. 3), which was told of it at ``told_at``.

    ``doubt`` is why the office verifies it though the sample did not draw it ("in tutti i casi di ragionevole dubbio", c. 1), with
    who had it and when; "" for one that the plan asks for."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(CheckPlan, models.PROTECT, related_name="checks")
    application = models.ForeignKey(Application, models.PROTECT, related_name="declaration_checks")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    ordinal = models.PositiveIntegerField(default=1)
    code = models.CharField(max_length=60)
    title = models.TextField()
    state = models.CharField(
        _("stato"), max_length=20, choices=DeclarationCheckState.choices, default=DeclarationCheckState.TO_DO
    )
    asked_to = models.CharField(_("a chi è stato chiesto"), max_length=300, blank=True)
    note = models.TextField(_("nota"), blank=True)
    due_at = models.DateTimeField(_("termine"), null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    answer = models.OneToOneField(Document, models.PROTECT, null=True, blank=True, related_name="+")
    doubt = models.TextField(_("dubbio"), blank=True)
    doubted_at = models.DateTimeField(null=True, blank=True)
    doubted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = DeclarationCheckQuerySet.as_manager()

    class Meta:
        ordering = ["application__number", "ordinal", "code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "application", "organisation", "code"], name="a_declaration_is_checked_once"
            ),
            models.CheckConstraint(
                condition=~Q(state=DeclarationCheckState.IRREGULAR) | Q(due_at__isnull=False),
                name="an_irregularity_has_its_term",
            ),
            models.CheckConstraint(
                condition=Q(doubt="", doubted_at=None, doubted_by=None)
                | ~Q(doubt="") & Q(doubted_at__isnull=False, doubted_by__isnull=False),
                name="a_doubt_has_its_reason_and_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.organisation_id} {self.code}"


class CheckReply(models.Model):
    """What a body answers about an irregularity. It may answer again until its term; nothing of what it wrote is replaced."""

    # No "check": Django keeps that name for itself.
    of = models.ForeignKey(DeclarationCheck, models.PROTECT, related_name="replies")
    number = models.PositiveIntegerField()
    text = models.TextField(_("risposta"))
    document = models.OneToOneField(Document, models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["of", "number"], name="replies_to_a_check_are_counted")]

    def __str__(self) -> str:
        return f"{self.of_id} {self.number}"


class DeclarationCheckStep(Step):
    states = DeclarationCheckState
    row = models.ForeignKey(DeclarationCheck, models.PROTECT, related_name="steps")

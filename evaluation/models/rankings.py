"""The rankings of the areas, in every version that was published."""

from __future__ import annotations

import json
import uuid
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from bando.models import Call
from documents.models import Document
from evaluation.states import RankingState
from workflow.append_only import AppendOnly
from workflow.models import Step


class RankingQuerySet(models.QuerySet["Ranking"]):
    def visible_to(self, user: Any) -> RankingQuerySet:
        """Rankings that have a published version are public; what is being prepared is of the office."""
        if user.is_authenticated and user.is_official:
            return self
        return self.exclude(state=RankingState.COMPUTED)

    def public(self) -> RankingQuerySet:
        """Those that everybody reads, without their long content."""
        return self.exclude(state=RankingState.COMPUTED).defer("content")


class Ranking(models.Model):
    """The ranking of one area as the office prepares it: ``content`` is the canonical JSON from which anyone can compute it
    again, ``sha256`` its hash. What was published are its versions."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="rankings")
    area_code = models.CharField(_("area"), max_length=40)
    state = models.CharField(_("stato"), max_length=20, choices=RankingState.choices, default=RankingState.COMPUTED)
    content = models.TextField()
    sha256 = models.CharField("SHA-256", max_length=64)
    computed_at = models.DateTimeField()

    objects = RankingQuerySet.as_manager()

    class Meta:
        verbose_name = _("graduatoria")
        verbose_name_plural = _("graduatorie")
        constraints = [models.UniqueConstraint(fields=["call", "area_code"], name="one_ranking_per_area")]

    def __str__(self) -> str:
        return f"{self.call_id} {self.area_code}"

    @cached_property
    def document(self) -> dict[str, Any]:
        """``content`` read: the shape is that of ``evaluation.published``."""
        return json.loads(self.content)

    @property
    def latest(self) -> RankingVersion | None:
        """The version that counts; ``None`` until something was published. One query."""
        return self.versions.order_by("-number").first()


class RankingStep(Step):
    states = RankingState
    row = models.ForeignKey(Ranking, models.PROTECT, related_name="steps")


class VersionKind(models.TextChoices):
    PROVISIONAL = "provisional", _("Provvisoria")
    FINAL = "final", _("Definitiva")


class RankingVersion(AppendOnly):
    """A ranking as it was published, with the act that approves it. A later version replaces it and never removes it: ``note``
    says why there is a new one. ``observations_until`` is the last moment for observations, of a provisional one."""

    ranking = models.ForeignKey(Ranking, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(_("tipo"), max_length=20, choices=VersionKind.choices)
    content = models.TextField()
    sha256 = models.CharField("SHA-256", max_length=64)
    act_number = models.CharField(_("numero dell'atto"), max_length=60)
    act_date = models.DateField(_("data dell'atto"))
    published_at = models.DateTimeField(_("pubblicata il"))
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    observations_until = models.DateTimeField(_("osservazioni entro"), null=True, blank=True)
    note = models.TextField(_("perché è cambiata"), blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["ranking", "number"], name="ranking_versions_are_counted")]

    def __str__(self) -> str:
        return f"{self.ranking_id} {self.number}"

    @cached_property
    def document(self) -> dict[str, Any]:
        return json.loads(self.content)


class RankingFile(AppendOnly):
    """The PDF of a published version, made after its commit."""

    version = models.OneToOneField(RankingVersion, models.PROTECT, related_name="file")
    pdf = models.OneToOneField(Document, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.version_id)


class Placement(AppendOnly):
    """Where a published version puts an application: what lists and letters ask. The latest one counts."""

    version = models.ForeignKey(RankingVersion, models.PROTECT, related_name="placements")
    application = models.ForeignKey(Application, models.PROTECT, related_name="placements")
    position = models.PositiveIntegerField(null=True)
    outcome = models.CharField(max_length=20)
    total = models.CharField(max_length=20)

    class Meta:
        ordering = ["position", "pk"]
        get_latest_by = "version__number"
        constraints = [models.UniqueConstraint(fields=["version", "application"], name="one_placement_per_version")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.position}"


class PublicTitle(AppendOnly):
    """The title under which a proposal is published, where its own holds a person's data. The latest one counts."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="public_titles")
    title = models.CharField(_("titolo per la pubblicazione"), max_length=300)
    reason = models.TextField(_("motivo"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title


class ResultLetter(AppendOnly):
    """The letter to the body about where a version puts its proposal: marks, reasons, how to ask and to appeal."""

    placement = models.OneToOneField(Placement, models.PROTECT, related_name="letter")
    pdf = models.OneToOneField(Document, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.placement_id)


class Observation(models.Model):
    """What a body writes on a provisional ranking, within the term, and what the office answers."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("Accolta")
        PARTLY = "partly", _("Accolta in parte")
        REJECTED = "rejected", _("Non accolta")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(RankingVersion, models.PROTECT, related_name="observations")
    application = models.ForeignKey(Application, models.PROTECT, related_name="observations")
    text = models.TextField(_("osservazione"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    outcome = models.CharField(_("esito"), max_length=20, choices=Outcome.choices, blank=True)
    answer = models.TextField(_("risposta"), blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", answered_at=None) | ~Q(outcome="") & ~Q(answer="") & Q(answered_at__isnull=False),
                name="an_answer_has_its_outcome_and_its_reasons",
            )
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.application_id}"

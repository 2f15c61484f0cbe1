"""The public draw among proposals that nothing else separates."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evaluation.models.rankings import Ranking
from evaluation.states import DrawState
from workflow.models import Step


class Draw(models.Model):
    """A draw in two steps. First its list is committed: ``commitment`` is the canonical JSON of who is drawn, by which method
    and from which future public value, ``sha256`` its hash, published at once. When the ``value`` is public (not before
    ``value_at``) the order follows from both, for anybody who computes it. One that was given up stays, with its reason."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ranking = models.ForeignKey(Ranking, models.PROTECT, related_name="draws")
    number = models.PositiveIntegerField()
    state = models.CharField(_("stato"), max_length=20, choices=DrawState.choices, default=DrawState.COMMITTED)
    commitment = models.TextField()
    sha256 = models.CharField("SHA-256", max_length=64)
    source = models.TextField(_("valore pubblico"))
    value_at = models.DateTimeField(_("sarà pubblico il"))
    committed_at = models.DateTimeField()
    value = models.CharField(_("valore"), max_length=300, blank=True)
    drawn_at = models.DateTimeField(null=True, blank=True)
    order = models.JSONField(default=list)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["ranking", "number"], name="draws_are_counted"),
            models.UniqueConstraint(
                fields=["ranking"], condition=Q(state=DrawState.COMMITTED), name="one_draw_waits_at_a_time"
            ),
            models.CheckConstraint(condition=Q(value_at__gt=models.F("committed_at")), name="the_value_is_not_known_yet"),
            models.CheckConstraint(
                condition=~Q(state=DrawState.DRAWN) | Q(drawn_at__gte=models.F("value_at")) & ~Q(value=""),
                name="a_draw_has_its_value",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ranking_id} {self.number}"


class DrawStep(Step):
    states = DrawState
    row = models.ForeignKey(Draw, models.PROTECT, related_name="steps")

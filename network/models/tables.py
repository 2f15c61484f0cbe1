"""The co-design table: who sits at it, its sessions and what they decide."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from applications.models import Application
from bando.models import Call
from network.states import TableSessionState, TableState
from workflow.models import Step


class TableQuerySet(models.QuerySet["Table"]):
    def visible_to(self, user: Any) -> TableQuerySet:
        """The office, and the bodies that sit at it: who left reads on what everybody reads."""
        if not user.is_authenticated:
            return self.none()
        if user.is_official:
            return self
        mine = TablePartner.objects.seated().filter(organisation__memberships__user=user)
        return self.filter(pk__in=mine.values("table"))


class Table(models.Model):
    """The co-design table (tavolo) of an area: the outcome of a call is a table of N partners, and not a winner. Who may sit at
    it is said by the call (``notice.agreement.table_mode``, D.M. 72/2021). ``conclusion`` is how it ended, in words."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="tables")
    area_code = models.CharField(_("area"), max_length=40)
    state = models.CharField(_("stato"), max_length=20, choices=TableState.choices, default=TableState.OPEN)
    opened_at = models.DateTimeField(_("aperto il"))
    concluded_at = models.DateTimeField(_("concluso il"), null=True, blank=True)
    conclusion = models.TextField(_("come si è concluso"), blank=True)

    objects = TableQuerySet.as_manager()

    class Meta:
        verbose_name = _("tavolo di co-progettazione")
        verbose_name_plural = _("tavoli di co-progettazione")
        constraints = [
            models.UniqueConstraint(fields=["call", "area_code"], name="one_table_per_area"),
            models.CheckConstraint(
                condition=Q(state=TableState.OPEN) | Q(concluded_at__isnull=False), name="a_concluded_table_has_its_moment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call_id} {self.area_code}"


class TableStep(Step):
    states = TableState
    row = models.ForeignKey(Table, models.PROTECT, related_name="steps")


class TablePartnerQuerySet(models.QuerySet["TablePartner"]):
    def seated(self) -> TablePartnerQuerySet:
        """Those that have not left."""
        return self.filter(left_at=None)

    def of(self, user: Any) -> TablePartnerQuerySet:
        """Those for which ``user`` acts."""
        return self.filter(organisation__memberships__user=user)


class TablePartner(models.Model):
    """A body of a proposal that sits at the table: who leads the proposal, and each body of its group."""

    table = models.ForeignKey(Table, models.PROTECT, related_name="partners")
    application = models.ForeignKey(Application, models.PROTECT, related_name="seats")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    leads = models.BooleanField(_("capofila"), default=True)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    left_reason = models.TextField(blank=True)

    objects = TablePartnerQuerySet.as_manager()

    class Meta:
        ordering = ["application__number", "-leads", "organisation__name"]
        constraints = [
            models.UniqueConstraint(fields=["table", "application", "organisation"], name="a_body_sits_once_for_a_proposal"),
            models.CheckConstraint(
                condition=Q(left_at=None) | ~Q(left_reason=""), name="a_body_leaves_the_table_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table_id} {self.organisation_id}"


class TableSessionQuerySet(models.QuerySet["TableSession"]):
    def visible_to(self, user: Any) -> TableSessionQuerySet:
        """The office, and the bodies that sit at the table."""
        return self.filter(table__in=Table.objects.visible_to(user))


class TableSession(models.Model):
    """A session (incontro) of the table. ``agenda`` is one point on each line."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    table = models.ForeignKey(Table, models.PROTECT, related_name="sessions")
    number = models.PositiveIntegerField()
    state = models.CharField(_("stato"), max_length=20, choices=TableSessionState.choices, default=TableSessionState.PLANNED)
    planned_at = models.DateTimeField(_("giorno e ora"))
    place = models.CharField(_("luogo"), max_length=300)
    agenda = models.TextField(_("ordine del giorno"))
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = TableSessionQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["table", "number"], name="sessions_of_a_table_are_counted"),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(opened_at__isnull=False, closed_at__gte=models.F("opened_at")),
                name="a_session_of_a_table_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table_id} {self.number}"


class TableSessionStep(Step):
    states = TableSessionState
    row = models.ForeignKey(TableSession, models.PROTECT, related_name="steps")


class Presence(models.Model):
    """Somebody who was at a session: for a partner, or for the administration (``partner`` None)."""

    session = models.ForeignKey(TableSession, models.PROTECT, related_name="presences")
    partner = models.ForeignKey(TablePartner, models.PROTECT, null=True, blank=True, related_name="presences")
    name = models.CharField(_("nome e cognome"), max_length=150)
    role = models.CharField(_("in quale veste"), max_length=150, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.session_id} {self.name}"


class Decision(models.Model):
    """What the table decided in a session, point by point. ``against`` says who did not agree and why, empty: everybody did."""

    session = models.ForeignKey(TableSession, models.PROTECT, related_name="decisions")
    number = models.PositiveIntegerField()
    text = models.TextField(_("che cosa è stato deciso"))
    against = models.TextField(_("chi non è d'accordo e perché"), blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["session", "number"], name="decisions_are_counted")]

    def __str__(self) -> str:
        return f"{self.session_id} {self.number}"

    @property
    def is_contested(self) -> bool:
        return bool(self.against)

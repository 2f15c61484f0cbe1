"""The commission: who sits on it, and what its members declare."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from bando.models import Call
from workflow.append_only import AppendOnly


class CommissionQuerySet(models.QuerySet["Commission"]):
    def visible_to(self, user: Any) -> CommissionQuerySet:
        """Those in which one has a seat. The office has the call."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(members__in=Member.objects.seated().filter(user=user))


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

    @property
    def public_members(self) -> models.QuerySet[Member]:
        """Who the page of the call names: those who sit, and the substitutes of the act."""
        return self.members.filter(left_at=None).select_related("user").order_by("order")

    @property
    def public_sessions(self) -> models.QuerySet[Any]:
        """What the page of the call announces, by day."""
        return self.sessions.filter(kind="public").select_related("minutes").order_by("planned_at")


class MemberRole(models.TextChoices):
    CHAIR = "chair", _("Presidente")
    MEMBER = "member", _("Commissario")
    SECRETARY = "secretary", _("Segretario")
    SUBSTITUTE = "substitute", _("Supplente")


class MemberQuerySet(models.QuerySet["Member"]):
    def seated(self) -> MemberQuerySet:
        """Those who sit now: neither who has left nor a substitute who has not been called."""
        return self.filter(left_at=None).exclude(role=MemberRole.SUBSTITUTE).order_by("order")

    def marking(self) -> MemberQuerySet:
        """Those who give marks, in the order of the appointment."""
        return self.seated().exclude(role=MemberRole.SECRETARY)

    def leading(self) -> MemberQuerySet:
        """Who presides, and who writes the minutes."""
        return self.seated().filter(role__in=[MemberRole.CHAIR, MemberRole.SECRETARY])


class Member(models.Model):
    """A member of the commission. The secretary writes the minutes and gives no marks. A substitute sits, with the role of
    the one who left, from the act that calls them; who has left keeps the row and reads nothing any more."""

    commission = models.ForeignKey(Commission, models.PROTECT, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="commission_seats")
    role = models.CharField(_("ruolo"), max_length=20, choices=MemberRole.choices)
    order = models.PositiveSmallIntegerField()
    left_at = models.DateTimeField(_("ha lasciato il"), null=True, blank=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")

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
    def role_marks(self) -> bool:
        return self.role in (MemberRole.CHAIR, MemberRole.MEMBER)

    @property
    def marks_proposals(self) -> bool:
        return self.left_at is None and self.role_marks


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

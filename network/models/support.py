"""What the partner for the method does for the network (Area 2): plans, meetings, training, links to other services."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from documents.models import Document
from network.models.agreements import Partnership
from network.models.spaces import Space
from network.states import MeetingState, ServiceLinkState, SupportActionState
from workflow.models import Step


class SupportPlan(models.Model):
    """What the partner for the method (``partnership``) and a Spazio have agreed to work on. Each version is a step of the
    Spazio, which keeps what it said."""

    space = models.OneToOneField(Space, models.PROTECT, related_name="support_plan")
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="support_plans")
    goals = models.TextField(_("obiettivi"))
    needs = models.TextField(_("da dove si parte"), blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.space_id)


class SupportAction(models.Model):
    """A step of a plan of support."""

    plan = models.ForeignKey(SupportPlan, models.PROTECT, related_name="actions")
    state = models.CharField(_("stato"), max_length=20, choices=SupportActionState.choices, default=SupportActionState.TO_DO)
    text = models.CharField(_("che cosa si fa"), max_length=300)
    due_on = models.DateField(_("entro il"), null=True, blank=True)
    done_on = models.DateField(_("fatto il"), null=True, blank=True)
    outcome = models.TextField(_("che cosa ne è venuto"), blank=True)

    class Meta:
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.text


class SupportActionStep(Step):
    states = SupportActionState
    row = models.ForeignKey(SupportAction, models.PROTECT, related_name="steps")


class MeetingKind(models.TextChoices):
    NETWORK = "network", _("Incontro di rete")
    VISIT = "visit", _("Visita a uno Spazio")
    TRAINING = "training", _("Formazione")


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: Any) -> MeetingQuerySet:
        """The office, who accompanies the network, and the bodies whose Spazi are invited."""
        if not user.is_authenticated:
            return self.none()
        spaces = Space.objects.worked_on_by(user)
        if user.is_official:
            return self
        mine = Q(partnership__organisation__memberships__user=user) | Q(spaces__in=spaces)
        return self.filter(mine).distinct()


class Meeting(models.Model):
    """A meeting or a training of the network, with the Spazi that are invited. ``minutes`` is how long it lasted, in minutes;
    ``summary`` what was said, for those who take part."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="meetings")
    kind = models.CharField(_("tipo"), max_length=20, choices=MeetingKind.choices)
    state = models.CharField(_("stato"), max_length=20, choices=MeetingState.choices, default=MeetingState.PLANNED)
    title = models.CharField(_("titolo"), max_length=200)
    starts_at = models.DateTimeField(_("giorno e ora"))
    minutes = models.PositiveIntegerField(_("durata in minuti"))
    place = models.CharField(_("luogo"), max_length=300)
    agenda = models.TextField(_("di che cosa si parla"), blank=True)
    summary = models.TextField(_("che cosa è stato detto"), blank=True)
    spaces = models.ManyToManyField(Space, related_name="meetings", verbose_name=_("Spazi invitati"))
    document = models.OneToOneField(Document, models.PROTECT, null=True, blank=True, related_name="+")

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]

    def __str__(self) -> str:
        return self.title


class MeetingStep(Step):
    states = MeetingState
    row = models.ForeignKey(Meeting, models.PROTECT, related_name="steps")


class Attendee(models.Model):
    """Somebody who came to a meeting, for a Spazio or for another office (``space`` None); ``minutes`` is how long."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendees")
    space = models.ForeignKey(Space, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("nome e cognome"), max_length=150)
    role = models.CharField(_("ruolo"), max_length=150, blank=True)
    minutes = models.PositiveIntegerField(_("minuti"))

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "name"], name="one_name_once_in_a_meeting")]

    def __str__(self) -> str:
        return self.name


class ServiceLinkKind(models.TextChoices):
    SOCIAL_SERVICE = "social_service", _("Servizio sociale territoriale")
    DIRECTORATE = "directorate", _("Altra direzione del Comune")
    HEALTH = "health", _("Servizio sanitario")
    OTHER = "other", _("Altro")


class ServiceLink(models.Model):
    """An office or a service that the Spazi work with: whom to call and what for. Seen by those who take part in the network,
    never public. ``spaces``: those that it is for; none: all."""

    state = models.CharField(_("stato"), max_length=20, choices=ServiceLinkState.choices, default=ServiceLinkState.IN_USE)
    kind = models.CharField(_("tipo"), max_length=20, choices=ServiceLinkKind.choices)
    name = models.CharField(_("nome"), max_length=200)
    what_for = models.TextField(_("per che cosa"))
    contact = models.CharField(_("chi si chiama"), max_length=300)
    municipio = models.PositiveSmallIntegerField(
        _("Municipio"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(9)]
    )
    spaces = models.ManyToManyField(Space, related_name="service_links", blank=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()
    ended_on = models.DateField(_("non vale più dal"), null=True, blank=True)

    class Meta:
        ordering = ["kind", "name"]

    def __str__(self) -> str:
        return self.name


class ServiceLinkStep(Step):
    states = ServiceLinkState
    row = models.ForeignKey(ServiceLink, models.PROTECT, related_name="steps")

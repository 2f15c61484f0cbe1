"""The Spazi: what citizens find of them, where they were, what is still to do, which places stay empty."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from bando.models import Call
from documents.models import Document
from network.models.agreements import Partnership
from network.states import AgreementState, SpaceState, TaskState
from workflow.append_only import AppendOnly, AppendOnlyQuerySet
from workflow.models import Step


class SpaceQuerySet(models.QuerySet["Space"]):
    def public(self) -> SpaceQuerySet:
        """What a citizen finds: Spazi that an act has opened, and those that are closed for a while."""
        return self.filter(state__in=[SpaceState.OPEN, SpaceState.SUSPENDED])

    def run_by(self, user: Any) -> SpaceQuerySet:
        """Those of the bodies that ``user`` acts for."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(partnership__organisation__memberships__user=user).distinct()

    def worked_on_by(self, user: Any) -> SpaceQuerySet:
        """Those whose work ``user`` may see: the office and who accompanies the network see all of them, a body its own."""
        if not user.is_authenticated:
            return self.none()
        if user.is_official or Partnership.objects.accompanying().filter(organisation__memberships__user=user).exists():
            return self
        return self.run_by(user)

    def with_progress(self, today: date) -> SpaceQuerySet:
        """With ``tasks_total``, ``tasks_done`` (or dropped) and ``tasks_late`` of each, in the same query."""
        left = Q(tasks__state__in=[TaskState.TO_DO, TaskState.DOING])
        late = left & Q(tasks__due_on__lt=today, tasks__in=Task.objects.awaited())
        return self.annotate(
            tasks_total=Count("tasks", distinct=True),
            tasks_done=Count("tasks", filter=~left, distinct=True),
            tasks_late=Count("tasks", filter=late, distinct=True),
        )


class Space(models.Model):
    """A Spazio WeMi. ``hours`` is a list of ``{"day": 1..7, "opens": "09:00", "closes": "13:00"}`` (ISO weekdays, Europe/Rome);
    ``exceptions`` of ``{"first": "2026-12-24", "last": "2027-01-06", "hours": [{"opens", "closes"}...], "why": "..."}``, where
    no hours mean that the door stays shut. ``languages`` are ISO 639-1 codes. ``latitude`` and ``longitude`` are WGS 84
    degrees. ``certainty`` says how sure a fact taken from the press is (high, med, low; empty: from an agreement).
    ``expected_on`` is the planned opening; ``closed_note`` says to citizens why a door is shut, ``reopens_on`` until when.
    ``address`` and what goes with it is that of today: ``network.addresses`` says which of ``addresses`` holds on another."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(_("indirizzo della pagina"), max_length=80, unique=True)
    name = models.CharField(_("nome"), max_length=200)
    state = models.CharField(_("stato"), max_length=20, choices=SpaceState.choices, default=SpaceState.PLANNED)
    partnership = models.ForeignKey(Partnership, models.PROTECT, null=True, blank=True, related_name="spaces")
    manager_name = models.CharField(_("gestito da"), max_length=300, blank=True)
    address = models.CharField(_("indirizzo"), max_length=300, blank=True)
    municipio = models.PositiveSmallIntegerField(
        _("Municipio"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(9)]
    )
    latitude = models.DecimalField(_("latitudine"), max_digits=8, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitudine"), max_digits=9, decimal_places=6, null=True, blank=True)
    phone = models.CharField(_("telefono"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    functions = models.JSONField(_("cosa si fa"), default=list, blank=True)
    languages = models.JSONField(_("lingue"), default=list, blank=True)
    hours = models.JSONField(_("orari"), default=list, blank=True)
    exceptions = models.JSONField(_("giorni diversi dal solito"), default=list, blank=True)
    step_free = models.BooleanField(_("ingresso senza gradini"), null=True, blank=True)
    access_notes = models.TextField(_("come si arriva e come si entra"), blank=True)
    transport = models.CharField(_("mezzi pubblici"), max_length=300, blank=True)
    expected_on = models.DateField(_("apertura prevista il"), null=True, blank=True)
    opened_on = models.DateField(_("aperto dal"), null=True, blank=True)
    closed_note = models.TextField(_("perché è chiuso"), blank=True)
    reopens_on = models.DateField(_("riapre il"), null=True, blank=True)
    source = models.CharField(_("fonte"), max_length=300, blank=True)
    certainty = models.CharField(_("certezza"), max_length=10, blank=True)

    objects = SpaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("Spazio")
        verbose_name_plural = _("Spazi")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(municipio=None) | Q(municipio__range=(1, 9)), name="milan_has_nine_municipi"),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="a_point_has_both_degrees",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SpaceStep(Step):
    states = SpaceState
    row = models.ForeignKey(Space, models.PROTECT, related_name="steps")


class SpaceAddress(models.Model):
    """Where a Spazio was before, or will be: from the day ``first_day`` until ``last_day``, both included (None: still)."""

    space = models.ForeignKey(Space, models.PROTECT, related_name="addresses")
    address = models.CharField(_("indirizzo"), max_length=300)
    municipio = models.PositiveSmallIntegerField(_("Municipio"), validators=[MinValueValidator(1), MaxValueValidator(9)])
    latitude = models.DecimalField(_("latitudine"), max_digits=8, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitudine"), max_digits=9, decimal_places=6, null=True, blank=True)
    first_day = models.DateField(_("dal"))
    last_day = models.DateField(_("al"), null=True, blank=True)

    class Meta:
        ordering = ["first_day"]
        constraints = [
            models.UniqueConstraint(fields=["space", "first_day"], name="one_address_from_a_day_on"),
            models.CheckConstraint(
                condition=Q(last_day=None) | Q(last_day__gte=models.F("first_day")), name="an_address_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return self.address


class FormerSlug(models.Model):
    """An address that the page of a Spazio had before: it still leads there."""

    slug = models.SlugField(max_length=80, unique=True)
    space = models.ForeignKey(Space, models.CASCADE, related_name="former_slugs")
    until = models.DateTimeField()

    def __str__(self) -> str:
        return self.slug


class Owner(models.TextChoices):
    """Who does a task."""

    OFFICE = "office", _("L'ufficio")
    PARTNER = "partner", _("Chi gestisce lo Spazio")
    METHOD = "method", _("Chi accompagna la rete")


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, user: Any) -> TaskQuerySet:
        """Those of the Spazi whose work ``user`` may see."""
        return self.filter(space__in=Space.objects.worked_on_by(user))

    def awaited(self) -> TaskQuerySet:
        """Without those that wait for nobody: of a Spazio that closed for good, or that its agreement left unopened."""
        unopened = Q(space__partnership__agreement__state=AgreementState.ENDED)
        return self.exclude(Q(space__state=SpaceState.CLOSED) | unopened)

    def to_settle(self) -> TaskQuerySet:
        return self.filter(state__in=[TaskState.TO_DO, TaskState.DOING])


class Task(models.Model):
    """Something to do before a Spazio opens, or after. ``kind`` is one of ``network.onboarding``; ``due_on`` is the last day.
    ``person`` is who took it on, of those who may; ``document`` is what shows that it is done."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    space = models.ForeignKey(Space, models.PROTECT, related_name="tasks")
    kind = models.CharField(_("di che cosa si tratta"), max_length=30)
    title = models.CharField(_("che cosa c'è da fare"), max_length=300)
    state = models.CharField(_("stato"), max_length=20, choices=TaskState.choices, default=TaskState.TO_DO)
    owner = models.CharField(_("a chi tocca"), max_length=20, choices=Owner.choices, default=Owner.PARTNER)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(_("entro il"), null=True, blank=True)
    note = models.TextField(_("nota"), blank=True)
    document = models.OneToOneField(Document, models.PROTECT, null=True, blank=True, related_name="+")
    position = models.PositiveIntegerField(default=0)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["position", "due_on", "pk"]

    def __str__(self) -> str:
        return self.title


class TaskStep(Step):
    states = TaskState
    row = models.ForeignKey(Task, models.PROTECT, related_name="steps")


class EmptyPlaceQuerySet(AppendOnlyQuerySet):
    def standing(self) -> EmptyPlaceQuerySet:
        """What no later act has undone."""
        return self.filter(undoes=None, undone_by=None)


class EmptyPlace(AppendOnly):
    """Places of an area that stay empty, and why, by act; ``municipio`` None: wherever. A later act that opens them again is a
    row too: it names in ``undoes`` what it takes back, and stands for no places of its own."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="empty_places")
    area_code = models.CharField(_("area"), max_length=40)
    municipio = models.PositiveSmallIntegerField(_("Municipio"), null=True, blank=True)
    count = models.PositiveIntegerField(_("quanti"), validators=[MinValueValidator(1)])
    reason = models.TextField(_("motivo"))
    act_number = models.CharField(_("numero dell'atto"), max_length=60)
    act_date = models.DateField(_("data dell'atto"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undoes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone_by")

    objects = EmptyPlaceQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.call_id} {self.area_code} {self.count}"

"""Partners that an agreement binds, and the Spazi that they run."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from applications.models import Application
from documents.models import Document
from network.states import AgreementState, SpaceState
from workflow.models import Step


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def visible_to(self, user: Any) -> AgreementQuerySet:
        """The office, and the body that signs it."""
        if not user.is_authenticated:
            return self.none()
        if user.is_official:
            return self
        return self.filter(application__organisation__memberships__user=user)


class Agreement(models.Model):
    """The agreement (convenzione) between the administration and a selected body."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.OneToOneField(Application, models.PROTECT, related_name="agreement")
    state = models.CharField(_("stato"), max_length=20, choices=AgreementState.choices, default=AgreementState.DRAFT)
    number = models.CharField(_("numero di repertorio"), max_length=60, blank=True)
    signed_on = models.DateField(_("firmata il"), null=True, blank=True)
    starts_on = models.DateField(_("decorre dal"), null=True, blank=True)
    ends_on = models.DateField(_("scade il"), null=True, blank=True)
    document = models.OneToOneField(Document, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("convenzione")
        verbose_name_plural = _("convenzioni")
        constraints = [
            models.CheckConstraint(
                condition=Q(state=AgreementState.DRAFT)
                | Q(document__isnull=False, signed_on__isnull=False, starts_on__isnull=False, ends_on__isnull=False)
                & ~Q(number=""),
                name="a_signed_agreement_has_its_document_and_dates",
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(starts_on__lt=models.F("ends_on")),
                name="an_agreement_starts_before_it_ends",
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(self.pk)


class AgreementStep(Step):
    states = AgreementState
    row = models.ForeignKey(Agreement, models.PROTECT, related_name="steps")


class Partnership(models.Model):
    """A body is a partner of the network since its agreement was signed."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="partnerships")
    agreement = models.OneToOneField(Agreement, models.PROTECT, related_name="partnership")
    area_title = models.CharField(_("area"), max_length=300)
    since = models.DateField(_("dal"))

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partner")

    def __str__(self) -> str:
        return str(self.organisation)


class SpaceQuerySet(models.QuerySet["Space"]):
    def public(self) -> SpaceQuerySet:
        """What a citizen finds: Spazi that an act has opened."""
        return self.filter(state=SpaceState.OPEN)


class Space(models.Model):
    """A Spazio WeMi. ``hours`` is a list of ``{"day": 1..7, "opens": "09:00", "closes": "13:00"}`` (ISO weekdays,
    Europe/Rome); ``certainty`` says how sure a fact taken from the press is (high, med, low; empty: from an agreement)."""

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
    phone = models.CharField(_("telefono"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    functions = models.JSONField(_("cosa si fa"), default=list, blank=True)
    hours = models.JSONField(_("orari"), default=list, blank=True)
    step_free = models.BooleanField(_("ingresso senza gradini"), null=True, blank=True)
    access_notes = models.TextField(_("come si arriva e come si entra"), blank=True)
    opened_on = models.DateField(_("aperto dal"), null=True, blank=True)
    source = models.CharField(_("fonte"), max_length=300, blank=True)
    certainty = models.CharField(_("certezza"), max_length=10, blank=True)

    objects = SpaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("Spazio")
        verbose_name_plural = _("Spazi")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(municipio=None) | Q(municipio__range=(1, 9)), name="milan_has_nine_municipi"),
        ]

    def __str__(self) -> str:
        return self.name


class SpaceStep(Step):
    states = SpaceState
    row = models.ForeignKey(Space, models.PROTECT, related_name="steps")

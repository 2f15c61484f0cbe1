"""The agreement that ends the table: its text, its parties, its guarantees, its terms, what is paid under it."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from applications.models import Application
from documents.models import Document
from network.models.projects import ProjectVersion
from network.states import AgreementState
from workflow.append_only import AppendOnly
from workflow.models import Step


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def visible_to(self, user: Any) -> AgreementQuerySet:
        """The office, and the bodies that sign it."""
        if not user.is_authenticated:
            return self.none()
        if user.is_official:
            return self
        mine = Q(application__organisation__memberships__user=user) | Q(parties__organisation__memberships__user=user)
        return self.filter(mine).distinct()


class Agreement(models.Model):
    """The agreement (convenzione) between the administration and a selected body, with those of its group.

    ``preamble`` and ``articles`` are its text while the office edits it, the articles a list of ``{"key": ..., "content": one
    of network.contents or "", "title": ..., "text": ...}``, where no other article ever has the same key; ``waived`` says, by
    content, why none speaks of it. Once it is ready to sign, ``text`` is the PDF and nobody edits any more. ``project`` is the
    version of the project that it carries out. ``starts_on`` and ``ends_on`` are foreseen until the signature. ``amount_cents``
    is what the administration gives; where that asks for the publication of art. 26 D.Lgs. 33/2013 (``needs_publication``, or
    the office said otherwise: ``publication_reason``), the agreement has effect since ``published_on`` and nothing can be paid
    before. ``disclosure`` is what was published of it, the fields of art. 27 by name. ``document`` is the agreement signed by
    all, as registered."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.OneToOneField(Application, models.PROTECT, related_name="agreement")
    project = models.ForeignKey(ProjectVersion, models.PROTECT, null=True, blank=True, related_name="agreements")
    state = models.CharField(_("stato"), max_length=20, choices=AgreementState.choices, default=AgreementState.DRAFT)
    preamble = models.TextField(_("premesse"), blank=True)
    articles = models.JSONField(_("articoli"), default=list)
    waived = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    saved_at = models.DateTimeField(null=True, blank=True)
    text = models.OneToOneField(Document, models.PROTECT, null=True, blank=True, related_name="+")
    number = models.CharField(_("numero di repertorio"), max_length=60, blank=True)
    signed_on = models.DateField(_("firmata il"), null=True, blank=True)
    starts_on = models.DateField(_("decorre dal"), null=True, blank=True)
    ends_on = models.DateField(_("scade il"), null=True, blank=True)
    amount_cents = models.PositiveBigIntegerField(_("contributo"), default=0)
    needs_publication = models.BooleanField(_("la pubblicazione è condizione di efficacia"), default=True)
    publication_reason = models.TextField(blank=True)
    published_on = models.DateField(_("pubblicata il"), null=True, blank=True)
    publication = models.CharField(_("dove è pubblicata"), max_length=500, blank=True)
    disclosure = models.JSONField(default=dict)
    document = models.OneToOneField(Document, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("convenzione")
        verbose_name_plural = _("convenzioni")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[AgreementState.DRAFT, AgreementState.READY])
                | Q(document__isnull=False, signed_on__isnull=False, starts_on__isnull=False, ends_on__isnull=False)
                & ~Q(number=""),
                name="a_signed_agreement_has_its_document_and_dates",
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(starts_on__lt=models.F("ends_on")),
                name="an_agreement_starts_before_it_ends",
            ),
            models.CheckConstraint(
                condition=~Q(state=AgreementState.EFFECTIVE) | Q(needs_publication=False) | Q(published_on__isnull=False),
                name="an_agreement_has_effect_since_its_publication",
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(self.pk)


class AgreementStep(Step):
    states = AgreementState
    row = models.ForeignKey(Agreement, models.PROTECT, related_name="steps")


class Copy(models.TextChoices):
    """What a signed file is beside the text that was prepared."""

    PREPARED = "prepared", _("È il testo preparato")
    OTHER = "other", _("Non è il file preparato")


class AgreementParty(models.Model):
    """Who signs an agreement: the administration (``organisation`` None) or a body, and the file that it signed, which may be
    the file of several. ``copy`` is "" until a worker has compared it with the prepared text. ``accepted`` is why the office
    lets a file pass of which the comparison or the signatures say something else."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="parties")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    signer = models.CharField(_("chi firma"), max_length=150, blank=True)
    position = models.CharField(_("in quale veste"), max_length=150, blank=True)
    signed = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    copy = models.CharField(max_length=20, choices=Copy.choices, blank=True)
    accepted = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "organisation"], name="a_body_is_a_party_once"),
            models.UniqueConstraint(
                fields=["agreement"], condition=Q(organisation=None), name="the_administration_is_a_party_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.organisation_id or ''}"


class Guarantee(models.Model):
    """An insurance or a surety that the agreement asks for, from whom and until when."""

    class Kind(models.TextChoices):
        LIABILITY = "liability", _("Responsabilità civile (RCT/RCO)")
        VOLUNTEERS = "volunteers", _("Assicurazione dei volontari")
        SURETY = "surety", _("Fideiussione")
        OTHER = "other", _("Altra garanzia")

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="guarantees")
    kind = models.CharField(_("tipo"), max_length=20, choices=Kind.choices)
    issuer = models.CharField(_("rilasciata da"), max_length=200)
    number = models.CharField(_("numero di polizza"), max_length=100)
    amount_cents = models.PositiveBigIntegerField(_("massimale o importo"))
    valid_until = models.DateField(_("vale fino al"))
    document = models.OneToOneField(Document, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["kind", "pk"]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.kind}"


class ReportingTerm(models.Model):
    """A term of the reporting calendar of an agreement: which days the report tells of (both included), and until when it is
    due (the whole of that day, Europe/Rome)."""

    class Kind(models.TextChoices):
        QUARTERLY = "quarterly", _("Trimestrale")
        FINAL = "final", _("Finale")

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="reporting_terms")
    number = models.PositiveIntegerField()
    kind = models.CharField(_("tipo"), max_length=20, choices=Kind.choices, default=Kind.QUARTERLY)
    first_day = models.DateField(_("dal"))
    last_day = models.DateField(_("al"))
    due_on = models.DateField(_("entro il"))

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="reporting_terms_are_counted"),
            models.CheckConstraint(
                condition=Q(first_day__lte=models.F("last_day"), due_on__gt=models.F("last_day")),
                name="a_report_is_due_after_what_it_tells",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.number}"


class Payment(AppendOnly):
    """What the administration paid under an agreement, as its accounts say it (``reference``: the payment order). The money
    moves outside; a mistake is corrected by a further row with a negative amount."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="payments")
    amount_cents = models.BigIntegerField(_("importo"))
    paid_on = models.DateField(_("pagato il"))
    reference = models.CharField(_("mandato di pagamento"), max_length=100)
    note = models.TextField(_("nota"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["paid_on", "pk"]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.reference}"


class PartnershipQuerySet(models.QuerySet["Partnership"]):
    def accompanying(self) -> PartnershipQuerySet:
        """The partners for the method, each until its agreement ends."""
        return self.filter(accompanies=True).exclude(agreement__state=AgreementState.ENDED)


class Partnership(models.Model):
    """A body is a partner of the network since its agreement was signed. ``accompanies``: for the method (Area 2), and not for
    Spazi of its own."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="partnerships")
    agreement = models.OneToOneField(Agreement, models.PROTECT, related_name="partnership")
    area_title = models.CharField(_("area"), max_length=300)
    accompanies = models.BooleanField(_("accompagna la rete"), default=False)
    since = models.DateField(_("dal"))

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partner")

    def __str__(self) -> str:
        return str(self.organisation)

"""What a citizen asks for, until the answer; and the quote of a service that is paid."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, When
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from network.models.catalogue import Service
from network.models.spaces import Space
from network.states import QuoteState, RequestState
from workflow.models import Step


class RequestKind(models.TextChoices):
    SERVICE = "service", _("Un servizio")
    ORIENTATION = "orientation", _("Un orientamento: capire che cosa serve")


class RequestChannel(models.TextChoices):
    ONLINE = "online", _("Da internet")
    AT_SPACE = "at_space", _("In uno Spazio, con un operatore")
    PHONE = "phone", _("Per telefono")


class Outcome(models.TextChoices):
    """How a request ended. ``SILENT`` and ``UNATTENDED`` are what the clock writes, and no person."""

    STARTED = "started", _("Il servizio è partito")
    INFORMED = "informed", _("Ha avuto le informazioni che cercava")
    REFERRED = "referred", _("Indirizzata altrove")
    GIVEN_UP = "given_up", _("Ha rinunciato")
    UNREACHABLE = "unreachable", _("Non siamo riusciti a parlarle")
    NOT_OFFERED = "not_offered", _("Il servizio non c'è")
    SILENT = "silent", _("Ha avuto una risposta e non ha più scritto")
    UNATTENDED = "unattended", _("Nessuno l'ha più seguita")


BY_THE_CLOCK = (Outcome.SILENT, Outcome.UNATTENDED)


class RequestQuerySet(models.QuerySet["Request"]):
    def visible_to(self, user: Any) -> RequestQuerySet:
        """The office, the Spazio that follows it, and the body to which it was routed."""
        if not user.is_authenticated:
            return self.none()
        if user.is_official:
            return self
        spaces = Space.objects.run_by(user)
        mine = Organisation.objects.filter(memberships__user=user)
        return self.filter(Q(space__in=spaces) | Q(organisation__in=mine))

    def with_silence(self) -> RequestQuerySet:
        """With ``touched_at``, the last act of a person on the request or on a quote of it, and ``warned_at``, when the clock last
        said that it will be closed. Whoever acts after the warning has answered it."""
        acts = RequestStep.objects.filter(row=OuterRef("pk")).order_by("-pk").values("at")
        quoted = QuoteStep.objects.filter(row__request=OuterRef("pk")).order_by("-at").values("at")
        acted, offered = Subquery(acts.exclude(act="warn")[:1]), Subquery(quoted[:1])
        later = Case(When(offered_at__gt=F("acted_at"), then=F("offered_at")), default=F("acted_at"))
        found = self.annotate(acted_at=acted, offered_at=offered, warned_at=Subquery(acts.filter(act="warn")[:1]))
        return found.annotate(touched_at=later)

    def warned(self) -> RequestQuerySet:
        """Under way and about to be closed by the clock: nobody has acted since the warning."""
        over = [RequestState.CLOSED, RequestState.WITHDRAWN]
        return self.exclude(state__in=over).with_silence().filter(warned_at__gte=F("touched_at"))


class Request(models.Model):
    """A citizen asks for a service or for orientation. ``number`` is what they keep, ``key_sha256`` the hash of the secret with
    which they follow it without an account. ``space`` follows the request, ``organisation`` answers it once it was routed.

    Contacts (``name``, ``phone``, ``email``) are never public and are never written into a step or the ledger; they are blanked
    at ``erased_at``. The moments are kept beside the state so that waits are measured without reading the history."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("numero"), max_length=20, unique=True)
    key_sha256 = models.CharField(max_length=64)
    kind = models.CharField(_("che cosa serve"), max_length=20, choices=RequestKind.choices)
    channel = models.CharField(_("come è arrivata"), max_length=20, choices=RequestChannel.choices)
    state = models.CharField(_("stato"), max_length=20, choices=RequestState.choices, default=RequestState.RECEIVED)
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="requests")
    space = models.ForeignKey(Space, models.PROTECT, null=True, blank=True, related_name="requests")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="requests")
    municipio = models.PositiveSmallIntegerField(
        _("Municipio"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(9)]
    )
    need = models.TextField(_("di che cosa c'è bisogno"))
    name = models.CharField(_("nome"), max_length=150, blank=True)
    phone = models.CharField(_("telefono"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    received_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    routed_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(_("come è finita"), max_length=30, choices=Outcome.choices, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("richiesta")
        verbose_name_plural = _("richieste")
        ordering = ["-received_at", "number"]
        indexes = [models.Index(fields=["space", "state"]), models.Index(fields=["organisation", "state"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(erased_at__isnull=False) | ~Q(phone="") | ~Q(email=""), name="a_request_can_be_answered"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class RequestStep(Step):
    states = RequestState
    row = models.ForeignKey(Request, models.PROTECT, related_name="steps")


class Message(models.Model):
    """What was said about a request: to the citizen and by them, or among those who work on it (``internal``)."""

    request = models.ForeignKey(Request, models.CASCADE, related_name="messages")
    text = models.TextField(_("messaggio"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    internal = models.BooleanField(_("solo per chi ci lavora"), default=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.request_id} {self.at}"


class Quote(models.Model):
    """What a paid service would cost this family. It is accepted or declined here; it is paid outside, and ``payment_reference``
    says where (an invoice, a receipt). ``CALLED_OFF`` is one that was accepted, of a request that its person withdrew."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(Request, models.PROTECT, related_name="quotes")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    state = models.CharField(_("stato"), max_length=20, choices=QuoteState.choices, default=QuoteState.OFFERED)
    amount_cents = models.PositiveIntegerField(_("importo"))
    text = models.TextField(_("che cosa comprende"))
    valid_until = models.DateField(_("vale fino al"))
    offered_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    payment_reference = models.CharField(_("riferimento del pagamento"), max_length=100, blank=True)
    paid_on = models.DateField(_("pagato il"), null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="quotes_are_counted"),
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(state__in=[QuoteState.OFFERED, QuoteState.ACCEPTED]),
                name="one_quote_waits_or_stands",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.number}"


class QuoteStep(Step):
    states = QuoteState
    row = models.ForeignKey(Quote, models.PROTECT, related_name="steps")

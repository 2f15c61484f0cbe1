"""Where each thing of the network stands."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CheckPlanState(models.TextChoices):
    COMMITTED = "committed", _("In attesa del sorteggio")
    OPEN = "open", _("Controlli in corso")
    CLOSED = "closed", _("Controlli conclusi")
    CANCELLED = "cancelled", _("Campione abbandonato")


class DeclarationCheckState(models.TextChoices):
    TO_DO = "to_do", _("Da controllare")
    ASKED = "asked", _("Chiesta conferma")
    CONFIRMED = "confirmed", _("Confermata")
    IRREGULAR = "irregular", _("Da regolarizzare")
    FALSE = "false", _("Non vera")
    NOT_NEEDED = "not_needed", _("Non serve più")


class TableState(models.TextChoices):
    OPEN = "open", _("Aperto")
    CONCLUDED = "concluded", _("Concluso")


class TableSessionState(models.TextChoices):
    PLANNED = "planned", _("Convocato")
    OPEN = "open", _("In corso")
    CLOSED = "closed", _("Tenuto")
    CANCELLED = "cancelled", _("Annullato")


class AgreementState(models.TextChoices):
    DRAFT = "draft", _("In preparazione")
    READY = "ready", _("Da firmare")
    SIGNED = "signed", _("Firmata")
    EFFECTIVE = "effective", _("Efficace")
    ENDED = "ended", _("Conclusa")


class SpaceState(models.TextChoices):
    PLANNED = "planned", _("In programma")
    FITTING_OUT = "fitting_out", _("In allestimento")
    STAFFED = "staffed", _("Personale pronto")
    TRAINED = "trained", _("Personale formato")
    OPEN = "open", _("Aperto")
    SUSPENDED = "suspended", _("Sospeso")
    CLOSED = "closed", _("Chiuso")


class TaskState(models.TextChoices):
    TO_DO = "to_do", _("Da fare")
    DOING = "doing", _("In corso")
    DONE = "done", _("Fatto")
    NOT_NEEDED = "not_needed", _("Non serve")


class SupportActionState(models.TextChoices):
    TO_DO = "to_do", _("Da fare")
    DONE = "done", _("Fatto")


class ServiceLinkState(models.TextChoices):
    IN_USE = "in_use", _("In uso")
    ENDED = "ended", _("Non più in uso")


class MeetingState(models.TextChoices):
    PLANNED = "planned", _("In programma")
    HELD = "held", _("Svolto")
    CANCELLED = "cancelled", _("Annullato")


class AccreditationNoticeState(models.TextChoices):
    DRAFT = "draft", _("Bozza")
    OPEN = "open", _("Aperto")
    CLOSED = "closed", _("Chiuso")


class AccreditationState(models.TextChoices):
    DRAFT = "draft", _("Bozza")
    SENT = "sent", _("Inviata")
    ACCREDITED = "accredited", _("Accreditato")
    REFUSED = "refused", _("Non accreditato")
    ENDED = "ended", _("Non più accreditato")


class SynonymState(models.TextChoices):
    IN_USE = "in_use", _("In uso")
    REMOVED = "removed", _("Tolto")


class ServiceState(models.TextChoices):
    DRAFT = "draft", _("Bozza")
    PUBLISHED = "published", _("Pubblicato")
    WITHDRAWN = "withdrawn", _("Ritirato")


class RequestState(models.TextChoices):
    RECEIVED = "received", _("Ricevuta")
    TAKEN = "taken", _("Presa in carico")
    ROUTED = "routed", _("Passata a un ente")
    ANSWERED = "answered", _("Con risposta")
    CLOSED = "closed", _("Chiusa")
    WITHDRAWN = "withdrawn", _("Ritirata")


class QuoteState(models.TextChoices):
    OFFERED = "offered", _("Da accettare")
    ACCEPTED = "accepted", _("Accettato")
    DECLINED = "declined", _("Non accettato")
    WITHDRAWN = "withdrawn", _("Ritirato")
    CALLED_OFF = "called_off", _("Accettato, poi annullato con la richiesta")


class ReportState(models.TextChoices):
    DRAFT = "draft", _("Da inviare")
    SENT = "sent", _("Inviato")
    REMARKED = "remarked", _("Con osservazioni")
    APPROVED = "approved", _("Approvato")

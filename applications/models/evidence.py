"""What happened to the service and to those who used it, kept so that a judge can weigh it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from bando.deadlines import ROME
from bando.models import Call
from documents.models import Document
from workflow.append_only import AppendOnly


class EventKind(models.TextChoices):
    """What somebody tried to do."""

    SAVE = "save", _("Salvataggio")
    UPLOAD_PART = "upload_part", _("Parte di un file")
    UPLOAD = "upload", _("File caricato")
    REMOVE = "remove", _("File tolto o rimesso")
    PEOPLE = "people", _("Persone ed enti della domanda")
    SUBMIT_ARRIVED = "submit_arrived", _("Richiesta di invio arrivata")
    SUBMIT = "submit", _("Invio")
    WITHDRAW = "withdraw", _("Ritiro")
    COMPLETE = "complete", _("Risposta a una richiesta di completamento")


class EventOutcome(models.TextChoices):
    """``conflict``: somebody else had changed the same; ``failed``: our own fault."""

    ARRIVED = "arrived", _("Arrivata")
    DONE = "done", _("Riuscito")
    REFUSED = "refused", _("Rifiutato")
    CONFLICT = "conflict", _("Da scegliere fra due versioni")
    FAILED = "failed", _("Errore nostro")


class Event(AppendOnly):
    """One attempt of an applicant, whatever came of it: nobody can prove a deadline with the successes alone (TAR Napoli
    800/2024 turned on four uploads and one late confirmation).

    ``arrived_at`` is when the request reached the administration and ``ended_at`` when its answer was ready; ``size`` is
    that of the request in bytes. ``facts`` are those of the kind: section and version of a save, name, size and SHA-256 of
    a file, number of a submission, ``reasons`` of a refusal."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="events")
    application = models.ForeignKey(Application, models.PROTECT, null=True, related_name="events")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=20, choices=EventKind.choices)
    outcome = models.CharField(max_length=20, choices=EventOutcome.choices)
    arrived_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    size = models.PositiveBigIntegerField(default=0)
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ["arrived_at", "pk"]
        indexes = [models.Index(fields=["application", "arrived_at"]), models.Index(fields=["call", "arrived_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.outcome} {self.arrived_at:%H:%M:%S}"


class ProbeReading(AppendOnly):
    """One measure of the service from outside its processes: what was asked, how long it took, whether it answered."""

    what = models.CharField(max_length=20)
    at = models.DateTimeField(db_index=True)
    took_us = models.PositiveBigIntegerField()
    ok = models.BooleanField()
    detail = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.what} {self.at:%H:%M:%S} {'ok' if self.ok else self.detail}"


class TroubleReport(AppendOnly):
    """Somebody says that something does not work; its number and its moment are given at once, because who is hindered
    must say so without delay (Cons. Stato 6605/2021). ``device_clock`` is what the device took for the time, as text."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="troubles")
    application = models.ForeignKey(Application, models.PROTECT, null=True, blank=True, related_name="troubles")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()
    page = models.CharField(max_length=300, blank=True)
    device = models.CharField(max_length=400, blank=True)
    device_clock = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"SEG-{self.at.astimezone(ROME).year}-{self.pk:06d}"


class Dossier(AppendOnly):
    """Somebody of the office asked for the evidence, of one application or (without) of the whole deadline: who and when is
    itself kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="dossiers")
    application = models.ForeignKey(Application, models.PROTECT, null=True, blank=True, related_name="dossiers")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return str(self.pk)


class DossierPaper(AppendOnly):
    """The signed PDF of a dossier, made after it by the worker."""

    dossier = models.OneToOneField(Dossier, models.PROTECT, related_name="paper")
    document = models.OneToOneField(Document, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.dossier_id)

"""The history of every act, the ledger that makes it provable, and the work that is owed after a commit."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from workflow.append_only import AppendOnly
from workflow.procedure import labels


class LedgerEntry(AppendOnly):
    """One act in canonical JSON with its hash. Entries carry their own hash at once; seals chain them in batches,
    so that a storm of submissions never queues behind one chain."""

    kind = models.CharField(max_length=100)
    subject = models.CharField(max_length=100)
    act = models.CharField(max_length=50)
    at = models.DateTimeField()
    content = models.TextField()
    hash = models.CharField(max_length=64, db_index=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["kind", "subject"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.act}"


class LedgerSeal(AppendOnly):
    """A Merkle root over the entries not yet sealed, chained to the seal before it."""

    number = models.PositiveIntegerField(unique=True)
    previous = models.CharField(max_length=64, blank=True)
    root = models.CharField(max_length=64)
    count = models.PositiveIntegerField()
    at = models.DateTimeField()
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.hash}"


class SealedEntry(AppendOnly):
    """Where an entry stands under its seal."""

    seal = models.ForeignKey(LedgerSeal, models.PROTECT, related_name="entries")
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="sealed")
    index = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seal", "index"], name="one_entry_per_place_of_a_seal")]

    def __str__(self) -> str:
        return f"{self.seal_id}/{self.index}"


class Step(AppendOnly):
    """One act done on a row: who, for whom, when, from where to where, why. Concrete tables add ``row`` and the ``states``
    that the acts lead to."""

    states: ClassVar[type[models.TextChoices]]

    act = models.CharField(_("atto"), max_length=50)
    source = models.CharField(_("da"), max_length=30)
    target = models.CharField(_("a"), max_length=30)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    on_behalf_of = models.CharField(_("per conto di"), max_length=300, blank=True)
    at = models.DateTimeField(_("quando"))
    reason = models.TextField(_("motivo"), blank=True)
    facts = models.JSONField(default=dict)
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")

    class Meta:
        abstract = True
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.act} {self.source}→{self.target}"

    @property
    def label(self) -> Any:
        """The act in the words of the page; its name for an act that changes no state."""
        return labels()[self.states].get(self.act, self.act)


class Duty(models.Model):
    """Work owed after a commit (a receipt to issue, a mail to send). It is a row and not a message in a queue, so that
    a crash at any moment leaves it owed. See ``workflow.duties``."""

    name = models.CharField(max_length=100)
    subject = models.CharField(max_length=100)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "subject"], name="a_duty_is_owed_once")]
        indexes = [models.Index(fields=["due_at"], name="duty_owed", condition=models.Q(done_at=None))]
        verbose_name_plural = "duties"

    def __str__(self) -> str:
        return f"{self.name} {self.subject}"


class PublicKey(AppendOnly):
    """The public half of a key with which this installation signed, from its first use on. The private half is never here:
    see ``workflow.signing``. Earlier ones stay, so that what they signed can be checked after a change of key.

    ``fingerprint`` is the SHA-256 of the 32 bytes of the key (RFC 8032), ``public`` those bytes in hexadecimal digits.
    """

    fingerprint = models.CharField(max_length=64, unique=True)
    public = models.CharField(max_length=64)
    since = models.DateTimeField()

    class Meta:
        ordering = ["since", "pk"]

    def __str__(self) -> str:
        return self.fingerprint

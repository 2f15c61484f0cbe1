"""Files in, files out. A document knows who brought it, what it weighs and its hash; it knows nobody above."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workflow.append_only import AppendOnly

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "p7m": "application/pkcs7-mime",
    "jpg": "image/jpeg",
    "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "zip": "application/zip",
}
"""The formats that a call may ask for, by their short names."""


def _path(document: Document, name: str) -> str:
    """Where the file lies: two levels of folders by identifier; the person's own name never becomes a path."""
    key = str(document.pk)
    return f"{key[:2]}/{key}"


class Document(AppendOnly):
    """One file, written once. ``sha256`` is computed while it streams in; ``received_at`` is the moment of arrival of
    its request; ``media_type`` comes from its content and never from its name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.FileField(_("file"), upload_to=_path, max_length=200)
    name = models.CharField(_("nome"), max_length=255)
    media_type = models.CharField(_("tipo"), max_length=100)
    size = models.PositiveBigIntegerField(_("peso in byte"))
    sha256 = models.CharField("SHA-256", max_length=64)
    received_at = models.DateTimeField(_("ricevuto il"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("documento")
        verbose_name_plural = _("documenti")

    def __str__(self) -> str:
        return self.name

    @property
    def kind(self) -> str:
        """The format in the words of the page: PDF, P7M, ..."""
        return next(short.upper() for short, media_type in MEDIA_TYPES.items() if media_type == self.media_type)


class Upload(models.Model):
    """A file that is still coming in, a part at a time, and can go on where it stopped.

    ``purpose`` says what it is for in the words of whoever asked (``attachment:<application>:<rule>``): nobody here reads
    it. ``fingerprint`` is how the device knows the file again (its moment of change; never trusted, empty when it said
    none) and ``sha256`` what the device says that the whole must be (empty too when it could not say). ``offset`` is how
    many bytes are kept already. ``document`` is there once the last part has come."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(max_length=200)
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    fingerprint = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    offset = models.PositiveBigIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    begun_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    document = models.OneToOneField(Document, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["begun_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["by", "purpose", "name", "size", "fingerprint"],
                condition=Q(document=None) & ~Q(fingerprint=""),
                name="one_upload_of_a_file_under_way",
            ),
            models.CheckConstraint(condition=Q(offset__lte=models.F("size")), name="an_upload_ends_at_its_size"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.offset}/{self.size}"


class UploadPart(AppendOnly):
    """One part of an upload, when it arrived and its hash. Its bytes lie in the storage under its own key until the file is
    whole; the row stays, and says when each piece of a document came."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    upload = models.UUIDField(db_index=True)
    offset = models.PositiveBigIntegerField()
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField("SHA-256", max_length=64)
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["upload", "offset"]
        constraints = [models.UniqueConstraint(fields=["upload", "offset"], name="one_part_per_place_of_an_upload")]

    def __str__(self) -> str:
        return f"{self.upload} {self.offset}"

    @property
    def path(self) -> str:
        """Where its bytes lie. Two tabs may send the same place at once with other bytes: the key keeps them apart."""
        return f"uploads/{self.upload}/{self.offset:012d}-{self.pk}"


class Verdict(models.TextChoices):
    """What the antivirus said."""

    CLEAN = "clean", _("Controllato")
    INFECTED = "infected", _("Bloccato: contiene un virus")


class Scan(AppendOnly):
    """The antivirus has read a document. Until it has, the document is in quarantine; a later reading, with newer
    signatures, counts more than an earlier one."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="scans")
    at = models.DateTimeField()
    verdict = models.CharField(max_length=20, choices=Verdict.choices)
    finding = models.CharField(max_length=300, blank=True)
    engine = models.CharField(max_length=200)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.document_id} {self.verdict}"


class SignatureReading(AppendOnly):
    """What the signatures of a document say (``documents.signatures``): one entry each, in the order of the file, or none.
    ``fault`` is why they could not be read."""

    document = models.OneToOneField(Document, models.PROTECT, related_name="signature_reading")
    at = models.DateTimeField()
    signatures = models.JSONField(default=list)
    fault = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.document_id} {len(self.signatures)}"

"""Files in, files out. A document knows who brought it, what it weighs and its hash; it knows nobody above."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
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

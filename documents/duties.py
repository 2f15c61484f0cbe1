"""The work that follows a file that a person brought, or began to bring, registered when the program starts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings

from documents import resuming
from documents.models import Document
from documents.scanning import scan
from documents.signatures import read
from workflow.duties import duty


@duty("documents.scan")
def have_scanned(subject: str, at: datetime) -> None:
    """``subject``: the document, and after a space the moment of the request when it is not the first."""
    if settings.CLAMD:  # it may have been switched off since
        scan(Document.objects.get(pk=subject.split()[0]), at=at)


@duty("documents.signatures")
def have_signatures_read(subject: str, at: datetime) -> None:
    read(Document.objects.get(pk=subject), at=at)


@duty("documents.forget_parts")
def have_parts_forgotten(subject: str, at: datetime) -> None:
    resuming.forget_parts(UUID(subject))


@duty("documents.sweep_upload")
def sweep_upload(subject: str, at: datetime) -> None:
    """``subject``: the upload, and after a colon when it is due, because it may be owed again."""
    resuming.sweep(UUID(subject.split(":")[0]), at=at)

"""The work that follows a file that a person brought, registered when the program starts."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

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

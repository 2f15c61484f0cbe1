"""The papers that are made from a call document."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from bando.models.call import CallVersion
from documents.models import Document
from workflow.append_only import AppendOnly


class CallPdf(AppendOnly):
    """The notice on paper: one PDF for each published version, made once."""

    version = models.OneToOneField(CallVersion, models.PROTECT, primary_key=True, related_name="pdf")
    document = models.OneToOneField(Document, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("avviso in PDF")
        verbose_name_plural = _("avvisi in PDF")

    def __str__(self) -> str:
        return str(self.document)

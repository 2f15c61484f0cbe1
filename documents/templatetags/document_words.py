"""How a document stands, in words, for ``templates/documents/_state.html``."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext as _

from documents.models import Document
from documents.scanning import Standing, standing
from documents.signatures import in_words, lacks_signature, reading_of, waits_for_reading

register = template.Library()

_SENTENCES = {
    Standing.WAITING: lambda: _("In controllo: l'antivirus non l'ha ancora letto."),
    Standing.CLEAN: lambda: _("Controllato: nessun virus."),
    Standing.INFECTED: lambda: _("Il file contiene un virus e lo abbiamo bloccato."),
    Standing.UNCHECKED: lambda: _("Non controllato: qui non c'è un antivirus."),
}
_ICONS = {Standing.WAITING: "clock", Standing.CLEAN: "check-circle", Standing.INFECTED: "error", Standing.UNCHECKED: "info"}


@register.simple_tag
def document_state(document: Document, verdict: str, *, signed: bool = False) -> dict[str, Any]:
    """``standing``, ``icon`` and ``sentence`` about the antivirus; ``signatures``, a paragraph each; ``unsigned``: the call
    wants a signature (``signed``) and the file has none; ``reading``: it may have some, and waits to be read.

    ``verdict`` is the antivirus's last one as a query has brought it (``documents.scanning.verdict_of``), "" when it has not
    read the file yet."""
    found = standing(verdict, ours=document.by_id is None)
    reading = reading_of(document)
    return {
        "standing": found.value,
        "icon": _ICONS[found],
        "sentence": _SENTENCES[found](),
        "signatures": in_words(reading) if reading else [],
        "unsigned": bool(signed) and lacks_signature(document),
        "reading": waits_for_reading(document),
    }

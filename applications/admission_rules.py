"""What stands against publishing the list of who was admitted in an area: ``None`` or a sentence to act on.

``data`` of the attempt holds ``area_code``; at the act also ``content`` (``applications.admissions``), ``seen`` (the SHA-256 of
what the official previewed), ``note``, ``act_number`` and ``act_date``.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.admissions import Outcome
from applications.models import AdmissionList, Application
from applications.states import ApplicationState as S
from workflow.ledger import canonical, digest
from workflow.personal_data import found_in
from workflow.transition import Attempt


def every_application_has_an_outcome(attempt: Attempt) -> str | None:
    """The list is of all: nobody is published before the others are judged."""
    rows = Application.objects.received().filter(call=attempt.row, area_code=attempt.data["area_code"])
    states = list(rows.order_by().values_list("state", flat=True))
    if not states:
        return _("In quest'area non è arrivata nessuna domanda: non c'è un elenco da pubblicare.")
    if waiting := sum(state in (S.SUBMITTED, S.CHECKING) for state in states):
        words = ngettext(
            "Manca l'esito di %(n)s domanda: concludi prima la sua verifica.",
            "Manca l'esito di %(n)s domande: concludi prima le loro verifiche.",
            waiting,
        )
        return words % {"n": waiting}
    return None


def every_rejection_has_its_word(attempt: Attempt) -> str | None:
    rows = attempt.data.get("content", {}).get("rows", ())
    silent = [row["application"] for row in rows if row["outcome"] == Outcome.NOT_ADMITTED and row["reason"] is None]
    if silent:
        return _("Scegli il motivo da pubblicare per: %(numbers)s.") % {"numbers": ", ".join(silent)}
    return None


def the_note_says_why(attempt: Attempt) -> str | None:
    """A version after the first says what changed, without anybody's data."""
    if "note" not in attempt.data:
        return None
    note = attempt.data["note"]
    again = AdmissionList.objects.filter(call=attempt.row, area_code=attempt.data["area_code"]).exists()
    if again and not note.strip():
        return _("Scrivi che cosa è cambiato rispetto alla versione di prima: chi legge deve saperlo.")
    if found_in(note):
        return _("Nella nota c'è qualcosa che somiglia ai dati di una persona: toglilo, la nota è pubblica.")
    return None


def is_what_was_previewed(attempt: Attempt) -> str | None:
    """The official confirms the text that was on the screen, by its hash."""
    if "seen" in attempt.data and attempt.data["seen"] != digest(canonical(attempt.data["content"])):
        return _("L'elenco è cambiato dopo la tua anteprima. Guardalo ancora e poi conferma.")
    return None

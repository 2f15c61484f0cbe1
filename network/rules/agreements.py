"""What may be done to an agreement, and if not, why: ``None`` or a sentence that a person can act on."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bando.deadlines import ROME
from workflow.transition import Attempt


def dates_are_in_order(attempt: Attempt) -> str | None:
    """Signed, then in force, then over; asked before the dates are known, there is nothing against it."""
    dates = attempt.data
    if dates and not dates["signed_on"] <= dates["starts_on"] < dates["ends_on"]:
        return _("Le date non tornano: prima la firma, poi la decorrenza, poi la scadenza.")
    if dates and dates["signed_on"] > attempt.at.astimezone(ROME).date():
        return _("La data della firma è nel futuro: registra la convenzione dopo la firma.")
    return None


def no_reserve_stands(attempt: Attempt) -> str | None:
    """Who was admitted with a reserve signs nothing while the office still waits."""
    application = attempt.row.application
    if application.has_reserve:
        return _("La domanda è ammessa con riserva: prima di firmare sciogli la riserva. Manca ancora: %(reserve)s") % {
            "reserve": application.reserve
        }
    return None

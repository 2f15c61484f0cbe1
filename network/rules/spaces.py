"""What may be done to a Spazio, and if not, why: ``None`` or a sentence that a person can act on."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bando.deadlines import ROME
from network.models import Space
from network.states import AgreementState, SpaceState
from workflow.transition import Attempt

IN_FORCE = [AgreementState.SIGNED, AgreementState.EFFECTIVE]


def agreement_is_signed(attempt: Attempt) -> str | None:
    """A body is a partner, and a Spazio is its own, since the agreement (D.M. 72/2021)."""
    partnership = attempt.row.partnership
    if partnership is None or partnership.agreement.state not in IN_FORCE:
        return _("Prima serve la convenzione firmata con chi gestisce lo Spazio.")
    return None


def opens_today_or_earlier(attempt: Attempt) -> str | None:
    """The act opens the door: one that will open later is opened later."""
    day = attempt.data.get("on")
    if day is not None and day > attempt.at.astimezone(ROME).date():
        return _("Il giorno dell'apertura è nel futuro: apri lo Spazio quel giorno.")
    return None


def citizens_can_find_it(attempt: Attempt) -> str | None:
    """Nobody is sent to a place without address, or to a closed door."""
    gaps = _gaps(attempt.row)
    return _("Prima di aprire scrivi: %(gaps)s.") % {"gaps": ", ".join(gaps)} if gaps else None


def an_open_door_stays_findable(attempt: Attempt) -> str | None:
    """What a Spazio needed to open, it needs while it is open."""
    gaps = _gaps(attempt.row)
    if gaps and attempt.row.state == SpaceState.OPEN:
        return _("Lo Spazio è aperto e i cittadini lo cercano. Scrivi: %(gaps)s.") % {"gaps": ", ".join(gaps)}
    return None


def _gaps(space: Space) -> list[str]:
    gaps = []
    if not space.address:
        gaps.append(_("l'indirizzo"))
    if not space.municipio:
        gaps.append(_("il Municipio"))
    if not space.hours:
        gaps.append(_("gli orari"))
    if not (space.phone or space.email):
        gaps.append(_("un telefono o una e-mail"))
    return gaps

"""What may be done to a Spazio and to its tasks, and if not, why: ``None`` or a sentence that a person can act on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _

from applications.states import ApplicationState
from bando.deadlines import day_in_rome
from bando.models import Call
from bando.rules import is_official
from bando.states import CallState
from bando.templatetags.bando_ui import day as in_words
from bando.templatetags.bando_ui import quoted
from network import onboarding
from network.addresses import holding
from network.models import EmptyPlace, FormerSlug, Owner, Space
from network.rules.common import accompanies_the_network, runs_the_space
from network.rules.support import somebody_was_trained
from network.states import AgreementState, SpaceState, TaskState
from workflow.transition import Attempt

SIGNED = [AgreementState.SIGNED, AgreementState.EFFECTIVE]
OF_THE_OFFICE = frozenset({"name", "address", "municipio", "latitude", "longitude"})
"""What of a Spazio the office alone writes: by it the Spazio is known, and given to a part of the city."""
RESERVED = frozenset({"dati"})
"""First parts of the addresses under ``/spazi/`` that are no Spazio."""
UNSETTLED = (TaskState.TO_DO, TaskState.DOING)


def agreement_is_signed(attempt: Attempt) -> str | None:
    """A body is a partner, and a Spazio is its own, since the agreement (D.M. 72/2021)."""
    partnership = attempt.row.partnership
    if partnership is not None and partnership.agreement.state == AgreementState.ENDED:
        return _("La convenzione con chi gestisce lo Spazio è conclusa: prima serve una convenzione nuova.")
    if partnership is None or partnership.agreement.state not in SIGNED:
        return _("Prima serve la convenzione firmata con chi gestisce lo Spazio.")
    return None


def agreement_is_in_force(attempt: Attempt) -> str | None:
    """A place is fitted out, and a door opens, under an agreement that has effect: what is spent before is spent under none
    (art. 26 c. 3 D.Lgs. 33/2013)."""
    if missing := agreement_is_signed(attempt):
        return missing
    agreement, today = attempt.row.partnership.agreement, day_in_rome(attempt.at)
    if agreement.state == AgreementState.SIGNED and agreement.needs_publication:
        return _(
            "La convenzione è firmata e non ha ancora effetto: prima registra la pubblicazione (art. 26 del D.Lgs. 33/2013)."
        )
    if agreement.starts_on > today:
        return _("La convenzione decorre dal %(day)s: prima di quel giorno lo Spazio non si allestisce e non si apre.") % {
            "day": in_words(agreement.starts_on)
        }
    if agreement.state == AgreementState.SIGNED:
        return _("La convenzione è firmata e non ha ancora effetto: prima registra che è efficace.")
    if agreement.ends_on < today:
        return _("La convenzione è scaduta il %(day)s: prima serve una convenzione nuova.") % {
            "day": in_words(agreement.ends_on)
        }
    return None


def place_and_staff_are_settled(attempt: Attempt) -> str | None:
    return _still_to_settle(attempt.row, onboarding.STAFFING)


def training_is_settled(attempt: Attempt) -> str | None:
    return _still_to_settle(attempt.row, onboarding.SCHOOLING)


def training_was_attended(attempt: Attempt) -> str | None:
    """Where training was needed, somebody was there; the office may have dropped it with a reason."""
    done = any(task.kind in onboarding.SCHOOLING and task.state == TaskState.DONE for task in attempt.row.tasks.all())
    return somebody_was_trained(attempt) if done else None


def everything_is_settled(attempt: Attempt) -> str | None:
    return _still_to_settle(attempt.row, onboarding.BEFORE_THE_DOOR)


def opens_today_or_earlier(attempt: Attempt) -> str | None:
    """The act opens the door: one that will open later is opened later."""
    day = attempt.data.get("on")
    if day is not None and day > day_in_rome(attempt.at):
        return _("Il giorno dell'apertura è nel futuro: apri lo Spazio quel giorno.")
    return None


def opens_no_earlier_than_it_could(attempt: Attempt) -> str | None:
    """First under its agreement; again after it was shut. What a Spazio reports begins on the day it opened."""
    row, day = attempt.row, attempt.data.get("on")
    if day is None or row.partnership is None:
        return None
    if row.opened_on is None:
        starts_on = row.partnership.agreement.starts_on
        if starts_on is not None and day < starts_on:
            return _("La convenzione decorre dal %(day)s: lo Spazio non può aver aperto prima.") % {"day": in_words(starts_on)}
        return None
    shut = row.steps.filter(act__in=["suspend", "close"]).last()
    if shut is not None and day < day_in_rome(shut.at):
        return _("Lo Spazio è chiuso dal %(day)s: non può aver riaperto prima.") % {"day": in_words(day_in_rome(shut.at))}
    return None


def reopens_later(attempt: Attempt) -> str | None:
    day = attempt.data.get("reopens_on")
    if day is not None and day <= day_in_rome(attempt.at):
        return _("Il giorno in cui riapre deve venire dopo oggi. Se non lo sai ancora, lascialo vuoto.")
    return None


def citizens_can_find_it(attempt: Attempt) -> str | None:
    """Nobody is sent to a place without address, or to a closed door."""
    gaps = _gaps(attempt.row, {})
    return _("Prima di aprire scrivi: %(gaps)s.") % {"gaps": ", ".join(gaps)} if gaps else None


def an_open_door_stays_findable(attempt: Attempt) -> str | None:
    """What a Spazio needed to open, it needs while it is open. ``data``: what is about to be written."""
    gaps = _gaps(attempt.row, attempt.data)
    if gaps and attempt.row.state == SpaceState.OPEN:
        return _("Lo Spazio è aperto e i cittadini lo cercano. Scrivi: %(gaps)s.") % {"gaps": ", ".join(gaps)}
    return None


def a_place_that_moved_stays_known(attempt: Attempt) -> str | None:
    """Each address that a Spazio had, or has, is whole."""
    blank = [name for name in ("address", "municipio") if name in attempt.data and not attempt.data[name]]
    if blank and holding(attempt.row.addresses.all(), day_in_rome(attempt.at)):
        return _("Lo Spazio ha cambiato indirizzo: per i cittadini scrivi l'indirizzo e il Municipio di oggi.")
    return None


def the_office_says_which_it_is(attempt: Attempt) -> str | None:
    """Who runs a Spazio writes how to find the door open; which Spazio it is and where, the office."""
    if OF_THE_OFFICE & attempt.data.keys() and is_official(attempt):
        return _("Il nome e il luogo li cambia l'ufficio: scrivi all'ufficio.")
    return None


# --- moving and naming ------------------------------------------------------------------------------------------------


def moves_after_its_last_move(attempt: Attempt) -> str | None:
    """Asked before the day is typed, there is nothing against it."""
    day, last = attempt.data.get("first_day"), attempt.row.addresses.order_by("first_day").last()
    if day is not None and last is not None and day <= last.first_day:
        return _(
            "C'è già un indirizzo dal %(day)s: scegli un giorno dopo, oppure annulla quel trasferimento se non è ancora avvenuto."
        ) % {"day": in_words(last.first_day)}
    return None


def the_move_is_ahead(attempt: Attempt) -> str | None:
    """A move that has happened is followed by another one, not undone."""
    address = attempt.data.get("address")
    if address is not None and address.first_day <= day_in_rome(attempt.at):
        return _("Il trasferimento è già avvenuto: scrivi un altro indirizzo.")
    return None


def nobody_else_has_the_slug(attempt: Attempt) -> str | None:
    """An address of a page leads to one Spazio, also after this one has left it."""
    slug = attempt.data.get("slug")
    if slug is None:
        return None
    if slug in RESERVED:
        return _("L'indirizzo «%(slug)s» è di un'altra pagina: scrivine un altro.") % {"slug": slug}
    others = Space.objects.exclude(pk=attempt.row.pk).filter(slug=slug)
    if others.exists() or FormerSlug.objects.exclude(space=attempt.row).filter(slug=slug).exists():
        return _("L'indirizzo «%(slug)s» porta già a un altro Spazio: scrivine un altro.") % {"slug": slug}
    return None


# --- tasks --------------------------------------------------------------------------------------------------------------


def does_the_task(attempt: Attempt) -> str | None:
    """The office always; else whoever the task belongs to."""
    if is_official(attempt) is None:
        return None
    match attempt.row.owner:
        case Owner.PARTNER:
            return runs_the_space(attempt)
        case Owner.METHOD:
            return accompanies_the_network(attempt)
    return is_official(attempt)


def the_office_takes_up_what_it_dropped(attempt: Attempt) -> str | None:
    if attempt.row.state == TaskState.NOT_NEEDED and is_official(attempt):
        return _("Questo compito l'ha tolto l'ufficio: chiedi all'ufficio di rimetterlo.")
    return None


# --- places -------------------------------------------------------------------------------------------------------------


def partner_runs_spaces(attempt: Attempt) -> str | None:
    """Who accompanies the network has no Spazi of its own."""
    if attempt.row.partnership is not None and attempt.row.partnership.accompanies:
        return _("Questo ente accompagna la rete: non gestisce Spazi.")
    return None


def a_place_is_left(attempt: Attempt) -> str | None:
    """A further Spazio takes a place of the area; the row is that Spazio, already counted."""
    application = attempt.row.partnership.agreement.application
    places = places_of(application.call, application.area_code)
    return _no_place(places, places.taken - 1) if places.left is not None and places.left < 0 else None


def its_place_is_still_free(attempt: Attempt) -> str | None:
    """A Spazio that closed gave its place back: it opens again if nobody has taken it, and no act left it empty."""
    if attempt.row.state != SpaceState.CLOSED or attempt.row.partnership is None:
        return None
    application = attempt.row.partnership.agreement.application
    places = places_of(application.call, application.area_code)
    return _no_place(places, places.taken) if places.left is not None and places.left < 1 else None


def _no_place(places: Places, taken: int) -> str:
    said = {"total": places.total, "taken": taken, "empty": places.empty, "unsigned": places.unsigned}
    if places.unsigned:
        return (
            _(
                "Nell'area non resta nessun posto: sono %(total)s, %(taken)s sono di Spazi, %(unsigned)s di proposte selezionate che "
                "devono ancora firmare e %(empty)s restano vuoti per atto."
            )
            % said
        )
    return (
        _("Nell'area non resta nessun posto: sono %(total)s, %(taken)s sono di Spazi e %(empty)s restano vuoti per atto.")
        % said
    )


def so_many_places_are_free(attempt: Attempt) -> str | None:
    """The row is the call; ``data``: ``area_code`` and ``count``."""
    left = places_of(attempt.row, attempt.data["area_code"]).left
    if left is None:
        return _("L'avviso non fissa quanti posti ha l'area: nessuno può restare vuoto.")
    if attempt.data["count"] > left:
        return _("I posti che nessuno Spazio prende sono %(left)s: scrivi un numero fino a %(left)s.") % {"left": max(left, 0)}
    return None


class Places:
    """How the places of an area are used: by Spazi, by selected proposals that will have one once they sign (``unsigned``), by acts
    that leave them empty. ``total`` None: the call fixes no number, and ``left`` is None too."""

    def __init__(self, total: int | None, taken: int, unsigned: int, empty: int):
        self.total, self.taken, self.unsigned, self.empty = total, taken, unsigned, empty
        self.left = None if total is None else total - taken - unsigned - empty


def places_of(call: Call, area_code: str) -> Places:
    """Three queries: the Spazi that are not closed for good, nor left unopened by an agreement that is over; the selected
    proposals that have not signed, unless the call was revoked; what acts have left empty."""
    area = call.notice.area(area_code)
    unsigned = 0
    if area.opens_space and call.state != CallState.REVOKED:
        unsigned = call.applications.filter(area_code=area_code, state=ApplicationState.SELECTED).count()
    total = sum(lot.places for lot in area.lots) if area.lots else area.places
    mine = Space.objects.filter(partnership__agreement__application__call=call)
    mine = mine.exclude(partnership__agreement__state=AgreementState.ENDED)
    taken = mine.filter(partnership__agreement__application__area_code=area_code).exclude(state=SpaceState.CLOSED)
    empty = EmptyPlace.objects.standing().filter(call=call, area_code=area_code).values_list("count", flat=True)
    return Places(total, taken.count(), unsigned, sum(empty))


def _still_to_settle(space: Space, kinds: Collection[str]) -> str | None:
    left = [task.title for task in space.tasks.all() if task.kind in kinds and task.state in UNSETTLED]
    if not left:
        return None
    return _("Prima concludi, o togli con un motivo: %(tasks)s.") % {"tasks": quoted(left)}


def _gaps(space: Space, changes: Mapping[str, Any]) -> list[str]:
    def known(name: str) -> Any:
        return changes.get(name, getattr(space, name))

    gaps = []
    if not known("address"):
        gaps.append(_("l'indirizzo"))
    if not known("municipio"):
        gaps.append(_("il Municipio"))
    if not known("hours"):
        gaps.append(_("gli orari"))
    if not (known("phone") or known("email")):
        gaps.append(_("un telefono o una e-mail"))
    return gaps

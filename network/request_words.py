"""Waits and voices, in the words of the pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Membership
from network.models import Message, Request
from network.states import RequestState
from network.waits import Until

UNTIL = {
    Until.TAKEN: gettext_lazy("Presa in carico"),
    Until.ROUTED: gettext_lazy("Passata a un ente"),
    Until.ANSWERED: gettext_lazy("Prima risposta"),
    Until.MOVED: gettext_lazy("Spostata ad altri"),
    Until.CLOSED: gettext_lazy("Chiusura"),
}
NEXT = {
    RequestState.RECEIVED: gettext_lazy("La richiesta è arrivata. Chi la segue la legge e ti risponde."),
    RequestState.TAKEN: gettext_lazy("Una persona la segue: cerca la risposta giusta per te."),
    RequestState.ROUTED: gettext_lazy("L'abbiamo passata a un ente che offre questi servizi: ti risponde da qui, o ti chiama."),
    RequestState.ANSWERED: gettext_lazy("C'è una risposta per te. Se non basta, scrivi qui sotto."),
    RequestState.CLOSED: gettext_lazy("È chiusa. Se ti serve ancora aiuto, scrivi una richiesta nuova."),
    RequestState.WITHDRAWN: gettext_lazy("L'hai ritirata: nessuno la segue più, e tra trenta giorni cancelliamo i tuoi dati."),
}


def lasting(wait: timedelta | None) -> str:
    """Rounded down, one unit: "2 giorni", "3 ore", "meno di un'ora"; empty for none."""
    if wait is None:
        return ""
    if wait.days > 0:
        return ngettext("%(n)s giorno", "%(n)s giorni", wait.days) % {"n": wait.days}
    hours = wait // timedelta(hours=1)
    return ngettext("%(n)s ora", "%(n)s ore", hours) % {"n": hours} if hours > 0 else _("meno di un'ora")


def waiting(request: Request, at: datetime) -> str:
    """How long the person has waited for an answer, or waited until it came."""
    if request.answered_at:
        return _("risposta dopo %(time)s") % {"time": lasting(request.answered_at - request.received_at)}
    if request.state in (RequestState.CLOSED, RequestState.WITHDRAWN):
        return _("senza risposta")
    return _("aspetta da %(time)s") % {"time": lasting(at - request.received_at)}


def conversation(request: Request, messages: Iterable[Message], *, for_citizen: bool) -> list[dict[str, Any]]:
    """Messages with who says them: to the citizen a Spazio, a body or the office speaks, and no operator by name. Two queries."""
    said = list(messages)
    bodies: dict[int, list[Any]] = {}
    writers = {message.by_id for message in said if message.by_id}
    for member in Membership.objects.filter(user__in=writers).select_related("organisation"):
        bodies.setdefault(member.user_id, []).append(member.organisation)
    host = request.space.partnership.organisation_id if request.space and request.space.partnership else None
    return [
        {"message": message, "who": _who(request, message, bodies.get(message.by_id, []), host, for_citizen=for_citizen)}
        for message in said
    ]


def _who(request: Request, message: Message, bodies: list[Any], host: Any, *, for_citizen: bool) -> str:
    if message.by_id is None:
        return _("Tu") if for_citizen else _("La persona")
    if not for_citizen:
        return str(message.by)
    if message.by.is_official:
        return _("L'ufficio")
    if any(body.pk == host for body in bodies):
        return request.space.name
    return (
        str(next((body for body in bodies if body.pk == request.organisation_id), bodies[0])) if bodies else _("Un operatore")
    )

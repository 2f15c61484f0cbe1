"""What a citizen asks for, until the answer. No step keeps a contact, the need or a message: the ledger is for ever."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from network.models import Message, Quote, Request, Service, Space
from network.models.requests import BY_THE_CLOCK, Outcome, RequestChannel, RequestKind
from network.request_keys import hash_of, new_key, next_number
from network.rules.requests import it_can_be_answered
from network.states import QuoteState, RequestState, SpaceState
from network.transitions import (
    ANSWER,
    CALL_OFF_QUOTE,
    CLOSE_REQUEST,
    DECLINE_QUOTE,
    ENTER,
    GIVE_BACK,
    KEEP_REQUEST,
    LAPSE_QUOTE,
    LAPSE_REQUEST,
    MOVE_REQUEST,
    RECEIVE,
    REOPEN_REQUEST,
    ROUTE,
    TAKE,
    WARN_OF_CLOSING,
    WITHDRAW_REQUEST,
    WRITE,
)
from network.transitions.requests import UNDER_WAY
from workflow.duties import owe, owe_all
from workflow.models import Step
from workflow.perform import perform
from workflow.transition import Attempt, Refused

MUNICIPI = 9
TRIES = 5
WHAT_IS_SENT = ("need", "name", "phone", "email", "municipio", "service_id", "entered_by_id")

RECEIVED_MAIL, ARRIVED_MAIL = "network.request_received", "network.request_arrived"
MESSAGE_MAIL, ROUTED_MAIL = "network.request_message", "network.request_routed"
CLOSED_MAIL, WRITTEN_MAIL = "network.request_closed", "network.request_written"
MOVED_MAIL, WITHDRAWN_MAIL = "network.request_moved", "network.request_withdrawn"
WARNING_MAIL, SILENCE_MAIL = "network.request_warning", "network.request_silence"
CALLED_OFF_MAIL = "network.quote_called_off"


def receive_request(
    *,
    pk: uuid.UUID,
    need: str,
    name: str,
    at: datetime,
    phone: str = "",
    email: str = "",
    municipio: int | None = None,
    service: Service | None = None,
    space: Space | None = None,
    channel: str = RequestChannel.ONLINE,
    by: User | None = None,
) -> Request:
    """A citizen's request, or one that the operator ``by`` writes for them. Without a ``service`` it asks for orientation; without
    a ``space`` one is proposed. ``pk`` is of the page that it is sent from: the same sent twice is answered with the same request.

    Raises :class:`Refused`, also for something else sent from a page that already sent its request."""
    wanted = Request(
        pk=pk,
        key_sha256=hash_of(new_key(pk)),
        kind=RequestKind.SERVICE if service else RequestKind.ORIENTATION,
        channel=channel,
        service=service,
        space=space or proposed_space(municipio),
        municipio=municipio,
        need=need,
        name=name,
        phone=phone,
        email=email,
        entered_by=by,
        received_at=at,
    )
    tries = TRIES
    while True:
        if already := Request.objects.filter(pk=pk).first():
            if all(getattr(already, what) == getattr(wanted, what) for what in WHAT_IS_SENT):
                return already
            raise Refused([_("Da questa pagina hai già inviato una richiesta. Se te ne serve un'altra, invia di nuovo.")])
        wanted.number = next_number(at)
        try:
            with transaction.atomic():
                if against := it_can_be_answered(Attempt(wanted, by, at)):  # the database holds it too, less kindly
                    raise Refused([against])
                wanted.save(force_insert=True)
                perform(ENTER if by else RECEIVE, wanted, by=by, at=at, effect=_facts_of_arrival)
                if email:
                    owe(RECEIVED_MAIL, pk, at=at)
                if by is None:
                    owe(ARRIVED_MAIL, pk, at=at)
            return wanted
        except IntegrityError:  # the number went to somebody else, or this page is being sent twice at once
            tries -= 1
            if not tries:
                raise


def proposed_space(municipio: int | None) -> Space | None:
    """The open Spazio that follows a request from ``municipio``: of that Municipio, else of the nearest in number; of several,
    the one with fewest requests under way. ``None`` where nobody knows the Municipio, or nothing is open: the office follows."""
    if municipio is None:
        return None
    spaces = Space.objects.filter(state=SpaceState.OPEN, municipio__isnull=False)
    under_way = Count("requests", filter=Q(requests__state__in=UNDER_WAY))
    found = spaces.annotate(under_way=under_way).order_by("name", "pk")
    return min(found, key=lambda space: (abs(space.municipio - municipio), space.under_way), default=None)


def take_request(request: Request, *, by: User, at: datetime) -> Step:
    return perform(TAKE, request, by=by, at=at, effect=_moment(request, "taken_at", at), saves=["taken_at"])


def route_request(request: Request, organisation: Organisation, *, by: User, at: datetime) -> Step:
    """To a body that offers services of this kind: it sees the request from now on, and answers it."""

    def hand_over(attempt: Attempt) -> Mapping[str, Any]:
        request.organisation = organisation
        request.routed_at = request.routed_at or at
        owe(ROUTED_MAIL, _moment_of(request, at), at=at)
        return {"organisation": organisation.pk}

    data = {"organisation": organisation}
    return perform(ROUTE, request, by=by, at=at, data=data, effect=hand_over, saves=["organisation", "routed_at"])


def write_message(request: Request, text: str, *, by: User | None, at: datetime, internal: bool = False) -> Step:
    """The citizen (``by`` None) writes, or is asked something; an ``internal`` note is only for who works on it."""

    def say(attempt: Attempt) -> Mapping[str, Any]:
        message = _say(request, text, by=by, at=at, internal=internal)
        if by is None:
            owe(WRITTEN_MAIL, message.pk, at=at)
        return {"internal": internal, "length": len(text)}

    if by is None and internal:
        raise ValueError("a citizen writes to whoever follows the request")
    return perform(WRITE, request, by=by, at=at, data={"text": text}, effect=say)


def answer_request(request: Request, text: str, *, by: User, at: datetime) -> Step:
    """The first answer is the moment that waits are measured by."""

    def say(attempt: Attempt) -> Mapping[str, Any]:
        _say(request, text, by=by, at=at)
        request.answered_at = request.answered_at or at
        return {"length": len(text)}

    return perform(ANSWER, request, by=by, at=at, data={"text": text}, effect=say, saves=["answered_at"])


def give_back_request(request: Request, *, reason: str, by: User, at: datetime) -> Step:
    """The body can't: who follows the request looks for another."""

    def leave(attempt: Attempt) -> Mapping[str, Any]:
        body, request.organisation = request.organisation_id, None
        return {"organisation": body}

    return perform(GIVE_BACK, request, by=by, at=at, reason=reason, effect=leave, saves=["organisation"])


def move_request(request: Request, space: Space | None, *, reason: str, by: User, at: datetime) -> Step:
    """To another Spazio, or to the office (``None``), which takes it anew and sees the person from now on instead of who had it. A
    body that had it has it no more. The moments of the request stay: the person has waited since the receipt."""

    def hand_over(attempt: Attempt) -> Mapping[str, Any]:
        before, request.space, request.organisation = request.space_id, space, None
        with translation.override(settings.LANGUAGE_CODE):  # kept, and read by another person than the one who presses
            now = space.name if space else _("l'ufficio del Comune")
            told = _("Da oggi la tua richiesta la segue %(who)s. Il motivo: %(reason)s") % {"who": now, "reason": reason}
        _say(request, told, by=by, at=at)
        owe(MOVED_MAIL, _moment_of(request, at), at=at)
        return {"from": before, "to": space and space.pk}

    saves = ["space", "organisation"]
    return perform(MOVE_REQUEST, request, by=by, at=at, reason=reason, data={"space": space}, effect=hand_over, saves=saves)


def close_request(request: Request, outcome: str, *, by: User, at: datetime) -> Step:
    """``outcome`` is one that a person may know: not those that the clock writes."""
    if outcome in BY_THE_CLOCK:
        raise ValueError(f"a person closes with an outcome of their own, not {outcome}")

    def end(attempt: Attempt) -> Mapping[str, Any]:
        request.outcome, request.closed_at = outcome, at
        if request.email:
            owe(CLOSED_MAIL, f"{request.pk}:{at.isoformat()}", at=at)
        return {"outcome": outcome}

    return perform(CLOSE_REQUEST, request, by=by, at=at, effect=end, saves=["outcome", "closed_at"])


def reopen_request(request: Request, *, reason: str, by: User, at: datetime) -> Step:
    def again(attempt: Attempt) -> None:
        request.outcome, request.closed_at, request.organisation = "", None, None

    saves = ["outcome", "closed_at", "organisation"]
    return perform(REOPEN_REQUEST, request, by=by, at=at, reason=reason, effect=again, saves=saves)


def withdraw_request(request: Request, *, at: datetime) -> Step:
    """The citizen doesn't need it any more: a quote that waits is declined with it, one that was accepted and not paid is called
    off. Who worked on it hears of it; a quote that is paid stays as it is."""

    def end(attempt: Attempt) -> None:
        request.closed_at = at
        owe(WITHDRAWN_MAIL, request.pk, at=at)
        for quote in request.quotes.filter(state=QuoteState.OFFERED):
            quote.answered_at = at
            quote.save(update_fields=["answered_at"])
            perform(DECLINE_QUOTE, quote, by=None, at=at)
        for quote in request.quotes.filter(state=QuoteState.ACCEPTED, paid_on=None):
            perform(CALL_OFF_QUOTE, quote, by=None, at=at)
            owe(CALLED_OFF_MAIL, quote.pk, at=at)

    return perform(WITHDRAW_REQUEST, request, by=None, at=at, effect=end, saves=["closed_at"])


def warn_of_closing(request: Request, *, at: datetime) -> Step:
    """The clock: nobody has acted for long. The person is asked whether they still need it, and who has it is told."""

    def tell(attempt: Attempt) -> None:
        owe_all([(mail, _moment_of(request, at)) for mail in (WARNING_MAIL, SILENCE_MAIL)], at=at)

    return perform(WARN_OF_CLOSING, request, by=None, at=at, effect=tell)


def keep_request(request: Request, *, at: datetime) -> Step:
    """The citizen still needs it: the term begins anew, and who has it hears of it."""

    def tell(attempt: Attempt) -> None:
        with translation.override(settings.LANGUAGE_CODE):
            still = _("Mi serve ancora.")
        message = _say(request, still, by=None, at=at)
        owe(WRITTEN_MAIL, message.pk, at=at)

    return perform(KEEP_REQUEST, request, by=None, at=at, effect=tell)


def lapse_request(request: Request, *, at: datetime) -> Step:
    """The clock closes what nobody needs, and says how it was left; a quote whose last day is over lapses with it."""

    def end(attempt: Attempt) -> Mapping[str, Any]:
        request.outcome = Outcome.SILENT if request.state == RequestState.ANSWERED else Outcome.UNATTENDED
        request.closed_at = at
        for quote in request.quotes.filter(state=QuoteState.OFFERED):
            perform(LAPSE_QUOTE, quote, by=None, at=at)
        if request.email:
            owe(CLOSED_MAIL, f"{request.pk}:{at.isoformat()}", at=at)
        return {"outcome": request.outcome}

    return perform(LAPSE_REQUEST, request, by=None, at=at, effect=end, saves=["outcome", "closed_at"])


def erase_requests(requests: Any, *, at: datetime) -> int:
    """Blank what tells of a person in the queryset ``requests``, and answer how many: the rows stay for the counts. No step: the
    history is about acts, and this is their forgetting."""
    with transaction.atomic():
        ids = list(requests.select_for_update().values_list("pk", flat=True))
        Message.objects.filter(request__in=ids).delete()
        Quote.objects.filter(request__in=ids).update(text="", payment_reference="")
        return Request.objects.filter(pk__in=ids).update(need="", name="", phone="", email="", erased_at=at)


def _facts_of_arrival(attempt: Attempt) -> Mapping[str, Any]:
    row = attempt.row
    return {"number": row.number, "kind": row.kind, "channel": row.channel, "service": row.service_id, "space": row.space_id}


def _moment(request: Request, name: str, at: datetime) -> Any:
    """An effect that notes the first time that something happened."""

    def note(attempt: Attempt) -> None:
        setattr(request, name, getattr(request, name) or at)

    return note


def _moment_of(request: Request, at: datetime) -> str:
    """What a mail that may be owed several times about one request is owed for."""
    return f"{request.pk}:{stamp(at)}"


def stamp(at: datetime) -> str:
    """A moment in a subject: the same whatever the zone in which it is told."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%S%f}"


def _say(request: Request, text: str, *, by: User | None, at: datetime, internal: bool = False) -> Message:
    message = Message.objects.create(request=request, text=text.strip(), by=by, internal=internal, at=at)
    if by is not None and not internal and request.email:
        owe(MESSAGE_MAIL, message.pk, at=at)
    return message

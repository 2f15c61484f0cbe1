"""What may be done with a citizen's request and its quote, and if not, why: ``None`` or a sentence that a person can act on."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import reduce
from typing import Any

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Replace, Right
from django.utils.translation import gettext as _

from accounts.models import Organisation
from bando.deadlines import day_in_rome
from bando.templatetags.bando_ui import day
from network.italian import plain
from network.models import Quote, Request, Service, Space
from network.models.catalogue import Price
from network.models.requests import RequestChannel
from network.request_silence import close_at, term_of
from network.rules.common import is_of_the_body, is_official_or_runs_the_space
from network.states import QuoteState, RequestState, ServiceState, SpaceState
from workflow.transition import Attempt

A_DAY = 5
"""Requests that one address, or one telephone, may send from the internet in twenty-four hours."""
PRINTABLE_FOR = timedelta(days=1)
"""How long an operator may print the secret address of a request that they entered: the person is still there."""
IN_ITS_HANDS = [RequestState.ROUTED, RequestState.ANSWERED]
"""While a routed request is the body's to answer, and its contacts the body's to see."""
OVER = [RequestState.CLOSED, RequestState.WITHDRAWN]
NATIONAL = 9
"""Digits that two spellings of one telephone number share at least, at its end."""
_NUMBER_CALLED = Right(reduce(lambda digits, sign: Replace(digits, Value(sign)), "+ ./()-", F("phone")), NATIONAL)
"""``_number`` as the database tells it of the spellings that the form takes."""


# Who


def has_the_address(attempt: Attempt) -> str | None:
    """A citizen has no account: the view has checked the key of the request, and nobody signed in acts in their place."""
    if attempt.by is not None:
        return _("Lo può fare solo la persona che ha chiesto, dal suo indirizzo segreto.")
    return None


def works_on_it(attempt: Attempt) -> str | None:
    """Who follows it (the Spazio, the office), and the body to which it was routed until it is closed or given back."""
    if is_official_or_runs_the_space(attempt) is None:
        return None
    if attempt.row.state in IN_ITS_HANDS and is_of_the_body(attempt) is None:
        return None
    return _("Lo può fare solo chi segue la richiesta: lo Spazio, l'ufficio o l'ente a cui è passata.")


def asked_or_works_on_it(attempt: Attempt) -> str | None:
    return None if attempt.by is None else works_on_it(attempt)


def sees_the_person(request: Request, user: Any) -> bool:
    """Whether ``user`` may read who asked, how they are reached and what they wrote."""
    if user.is_official or (request.space_id and Space.objects.run_by(user).filter(pk=request.space_id).exists()):
        return True
    return (
        request.state in IN_ITS_HANDS
        and request.organisation_id is not None
        and Organisation.objects.filter(pk=request.organisation_id, memberships__user=user).exists()
    )


def has_work_in_requests(user: Any) -> bool:
    """Whether the main menu leads ``user`` to the requests: the office, the bodies that run a Spazio or offer services."""
    if user.is_official:
        return True
    mine = Q(memberships__user=user)
    offers = Q(services__state=ServiceState.PUBLISHED) | Q(requests__isnull=False) | Q(partnerships__spaces__isnull=False)
    return Organisation.objects.filter(mine & offers).exists()


# What arrives


def it_can_be_answered(attempt: Attempt) -> str | None:
    if not (attempt.row.phone or attempt.row.email):
        return _("Lascia un telefono o una e-mail: senza, nessuno può risponderti.")
    return None


def its_service_is_offered(attempt: Attempt) -> str | None:
    service = attempt.row.service
    if service is not None and not Service.objects.public(day_in_rome(attempt.at)).filter(pk=service.pk).exists():
        return _("Questo servizio non è più nel catalogo. Cercane un altro, o chiedi un orientamento.")
    return None


def its_space_is_open(attempt: Attempt) -> str | None:
    space = attempt.row.space
    if space is not None and space.state != SpaceState.OPEN:
        return _("Questo Spazio adesso non è aperto. Scegline un altro, o lascia scegliere a noi.")
    return None


def not_too_many_from_one_address(attempt: Attempt) -> str | None:
    """Anybody can write the address of somebody else: nobody gets more than a few mails from it."""
    row, since = attempt.row, attempt.at - timedelta(days=1)
    mine = Q()
    if row.email:
        mine |= Q(email=row.email)
    if number := _number(row.phone):
        mine |= Q(number_called=number)
    recent = Request.objects.filter(channel=RequestChannel.ONLINE, received_at__gt=since).exclude(pk=row.pk)
    if mine and recent.annotate(number_called=_NUMBER_CALLED).filter(mine).count() >= A_DAY:
        return _("Oggi con questi recapiti sono già arrivate %(n)s richieste. Riprova domani, o telefona a uno Spazio.") % {
            "n": A_DAY
        }
    return None


def against_printing(request: Request, *, by: Any, at: datetime) -> str | None:
    """The secret address is the citizen's: an operator hands it over on paper, once, to who is there."""
    if request.entered_by_id is None or request.entered_by_id != by.pk or at - request.received_at > PRINTABLE_FOR:
        return _("La ricevuta con l'indirizzo segreto la stampa solo chi ha scritto la richiesta, entro un giorno.")
    return None


# Who gets it


def bodies_for(request: Request, on: date) -> QuerySet[Organisation]:
    """To whom ``request`` may be routed on the day ``on``: bodies with a service that citizens find, of the category if a service
    was asked for."""
    offered = Service.objects.public(on)
    if request.service_id:
        offered = offered.filter(category=request.service.category_id)
    return Organisation.objects.filter(pk__in=offered.values("organisation"))


def the_body_offers_it(attempt: Attempt) -> str | None:
    body = attempt.data.get("organisation")
    if body is not None and not bodies_for(attempt.row, day_in_rome(attempt.at)).filter(pk=body.pk).exists():
        return _("Questo ente non offre servizi di questo tipo. Scegline uno dall'elenco.")
    return None


def it_goes_to_another_body(attempt: Attempt) -> str | None:
    body = attempt.data.get("organisation")
    if body is not None and attempt.row.state == RequestState.ROUTED and attempt.row.organisation_id == body.pk:
        return _("La richiesta è già presso questo ente.")
    return None


def no_quote_binds_the_body(attempt: Attempt) -> str | None:
    """A request does not leave a body while the family may accept its quote, or has and did not pay yet."""
    if attempt.row.quotes.filter(state__in=[QuoteState.OFFERED, QuoteState.ACCEPTED], paid_on=None).exists():
        return _(
            "C'è un preventivo in attesa o accettato: finché c'è, la richiesta resta all'ente. Per spostarla, l'ente prima lo ritira."
        )
    return None


def no_quote_waits(attempt: Attempt) -> str | None:
    if attempt.row.quotes.filter(state=QuoteState.OFFERED).exists():
        return _("C'è un preventivo che aspetta una risposta: prima di chiudere, l'ente lo ritira o la persona risponde.")
    return None


def its_new_space_is_open(attempt: Attempt) -> str | None:
    """No Spazio is the office, which is always there."""
    space = attempt.data.get("space")
    if space is not None and space.state != SpaceState.OPEN:
        return _("Questo Spazio adesso non è aperto. Scegline un altro, o lascia la richiesta all'ufficio.")
    return None


def it_goes_to_another_space(attempt: Attempt) -> str | None:
    if "space" in attempt.data and attempt.data["space"] == attempt.row.space:
        return _("La richiesta è già qui. Scegli chi altro la segue da oggi.")
    return None


def something_is_written(attempt: Attempt) -> str | None:
    if "text" in attempt.data and not attempt.data["text"].strip():
        return _("Scrivi il messaggio.")
    return None


def it_is_not_erased(attempt: Attempt) -> str | None:
    if attempt.row.erased_at is not None:
        return _("I dati di questa richiesta sono cancellati: se serve ancora, se ne scrive una nuova.")
    return None


def the_reason_names_nobody(attempt: Attempt) -> str | None:
    """A reason stays in the history for ever, and contacts don't."""
    row = attempt.row.request if isinstance(attempt.row, Quote) else attempt.row
    said, digits = attempt.reason.casefold(), re.sub(r"\D", "", attempt.reason)
    number = _number(row.phone)
    written = f" {' '.join(_words(attempt.reason))} "
    named = any(f" {name} " in written for name in _telling(row.name))
    if named or (row.email and row.email.casefold() in said) or (number and number in digits):
        return _("Nel motivo non scrivere il nome né i recapiti della persona: il motivo resta nella storia per sempre.")
    return None


def _telling(name: str) -> list[str]:
    """What of a name says who it is: a surname does alone. Words of one or two letters are words of the language too, and tell
    only together."""
    words = _words(name)
    return [word for word in words if len(word) > 2] or [" ".join(words)] * (len(words) > 1)


def _words(text: str) -> list[str]:
    """In lower case without accents; an apostrophe parts two."""
    return re.findall(r"[^\W\d_]+", plain(text))


def _number(phone: str) -> str:
    """The digits of a telephone number, without the code of the country."""
    return re.sub(r"\D", "", phone)[-NATIONAL:]


# What the clock closes


def nobody_acted_for_long(attempt: Attempt) -> str | None:
    """The moment at which the term ends counts; a warning that stands is not given twice."""
    row = _silence_of(attempt.row)
    if row.warned_at is not None and row.warned_at >= row.touched_at:
        return _("Chi ha chiesto è già stato avvisato.")
    if attempt.at < row.touched_at + term_of(row.state):
        return _("Qualcuno se ne è occupato da poco: non è tempo di chiudere.")
    return None


def nobody_acted_since_the_warning(attempt: Attempt) -> str | None:
    row = _silence_of(attempt.row)
    if row.warned_at is None or row.warned_at < row.touched_at or attempt.at < close_at(row.warned_at):
        return _("Prima di chiudere si avvisa, e si aspetta una risposta.")
    return None


def it_is_about_to_close(attempt: Attempt) -> str | None:
    row = _silence_of(attempt.row)
    if row.warned_at is None or row.warned_at < row.touched_at:
        return _("Questa richiesta non sta per chiudersi: non devi fare niente.")
    return None


def no_quote_can_be_accepted(attempt: Attempt) -> str | None:
    waiting = attempt.row.quotes.filter(state=QuoteState.OFFERED, valid_until__gte=day_in_rome(attempt.at))
    return _("C'è un preventivo che si può ancora accettare.") if waiting.exists() else None


def _silence_of(request: Request) -> Request:
    return Request.objects.with_silence().get(pk=request.pk)


# Quotes


def the_request_is_in_its_hands(attempt: Attempt) -> str | None:
    quote = attempt.row
    if quote.request.state not in IN_ITS_HANDS or quote.request.organisation_id != quote.organisation_id:
        return _("La richiesta non è presso questo ente: un preventivo si fa solo finché lo è.")
    return None


def it_is_the_only_quote(attempt: Attempt) -> str | None:
    quote = attempt.row
    others = Quote.objects.filter(request=quote.request_id, state__in=[QuoteState.OFFERED, QuoteState.ACCEPTED])
    if others.exclude(pk=quote.pk).exists():
        return _("C'è già un preventivo in attesa o accettato: ritiralo prima di farne un altro.")
    return None


def its_service_is_paid(attempt: Attempt) -> str | None:
    """Of an orientation nobody knows yet what it will cost: a quote is allowed."""
    service = attempt.row.request.service
    if service is not None and service.price == Price.FREE:
        return _("Il servizio è gratuito: non serve un preventivo.")
    return None


def it_is_worth_something(attempt: Attempt) -> str | None:
    if attempt.row.amount_cents < 1:
        return _("Scrivi un importo più grande di zero.")
    return None


def it_still_has_time(attempt: Attempt) -> str | None:
    if attempt.row.valid_until < day_in_rome(attempt.at):
        return _("Il giorno fino a cui vale il preventivo è passato: scrivine uno da oggi in poi.")
    return None


def it_is_still_valid(attempt: Attempt) -> str | None:
    """The last day is whole: it ends at midnight in Rome."""
    if attempt.row.valid_until < day_in_rome(attempt.at):
        return _("Il preventivo valeva fino al %(day)s e non si può più accettare. Chiedi all'ente di farne un altro.") % {
            "day": day(attempt.row.valid_until)
        }
    return None


def it_is_not_paid(attempt: Attempt) -> str | None:
    if attempt.row.paid_on is not None:
        return _("Il pagamento è già annotato: un preventivo pagato non si ritira.")
    return None


def its_last_day_is_over(attempt: Attempt) -> str | None:
    if attempt.row.valid_until >= day_in_rome(attempt.at):
        return _("Il preventivo si può ancora accettare.")
    return None


def its_request_is_not_erased(attempt: Attempt) -> str | None:
    """What would be written now nobody would ever erase."""
    if attempt.row.request.erased_at is not None:
        return _(
            "I dati di questa richiesta sono cancellati: qui non si scrive più niente. Il pagamento resta nei vostri conti."
        )
    return None


def it_was_paid_before_it_was_called_off(attempt: Attempt) -> str | None:
    """What moved by the day of the withdrawal is a fact and may be noted; a later claim is between the two, outside."""
    quote, paid_on = attempt.row, attempt.data.get("paid_on")
    if quote.state != QuoteState.CALLED_OFF or paid_on is None:
        return None
    until = day_in_rome(quote.steps.filter(act="call_off").latest("pk").at)
    if paid_on > until:
        return _(
            "La persona ha ritirato la richiesta il %(day)s: si annota solo un pagamento fatto entro quel giorno. "
            "Se per ore già svolte è dovuto altro, accordatevi con lei fuori da questo sito."
        ) % {"day": day(until)}
    return None


def it_was_paid_by_today(attempt: Attempt) -> str | None:
    paid_on = attempt.data.get("paid_on")
    if paid_on is not None and paid_on > day_in_rome(attempt.at):
        return _("Il giorno del pagamento è nel futuro: annotalo quando è arrivato.")
    return None

"""The mails about a citizen's request, after the commit. The citizen's own has the link and what was answered; to whoever works
on it goes the number alone: who asked, and what, is read on the page by whom it concerns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from accounts.models import Organisation, User
from accounts.people import people_of
from bando.deadlines import day_in_rome
from bando.templatetags.bando_ui import day, euro
from network.actions.quotes import QUOTE_ANSWERED_MAIL, QUOTE_MAIL, QUOTE_WITHDRAWN_MAIL
from network.actions.requests import (
    ARRIVED_MAIL,
    CALLED_OFF_MAIL,
    CLOSED_MAIL,
    MESSAGE_MAIL,
    MOVED_MAIL,
    RECEIVED_MAIL,
    ROUTED_MAIL,
    SILENCE_MAIL,
    WARNING_MAIL,
    WITHDRAWN_MAIL,
    WRITTEN_MAIL,
    stamp,
)
from network.models import Message, Quote, Request
from network.request_keys import address_of
from network.request_silence import close_at
from network.states import QuoteState, RequestState
from network.to_each import Letter, mailed_to_each
from workflow.duties import duty
from workflow.mail import send

PAID_OUTSIDE = gettext_lazy(
    "Il pagamento avviene fuori da questo sito, direttamente all'ente. L'amministrazione non riceve denaro."
)


# To the citizen


@duty(RECEIVED_MAIL)
def tell_received(subject: str, at: datetime) -> None:
    request = _request(subject)
    said = [gettext_lazy("Abbiamo ricevuto la tua richiesta. Questo è il suo numero, e sotto c'è il tuo indirizzo segreto.")]
    said.append(gettext_lazy("Da lì segui la richiesta e scrivi a chi ti aiuta. Non darlo ad altri: chi lo ha, legge."))
    _to_the_citizen(request, gettext_lazy("richiesta ricevuta"), said, f"request-received-{subject}")


@duty(MESSAGE_MAIL)
def tell_message(subject: str, at: datetime) -> None:
    message = Message.objects.select_related("request").filter(pk=subject, internal=False).first()
    if message is not None:  # or it was erased before the mail left
        said = [gettext_lazy("C'è un messaggio per te:"), message.text]
        _to_the_citizen(message.request, gettext_lazy("un messaggio per te"), said, f"request-message-{subject}")


@duty(CLOSED_MAIL)
def tell_closed(subject: str, at: datetime) -> None:
    request = _request(subject.partition(":")[0])
    if request.state == RequestState.CLOSED:
        said = [gettext_lazy("La tua richiesta è chiusa. Come è finita:"), request.get_outcome_display()]
        identifier = f"request-closed-{request.pk}-{request.closed_at.timestamp():.0f}"
        _to_the_citizen(request, gettext_lazy("richiesta chiusa"), said, identifier)


@duty(QUOTE_MAIL)
def tell_quote(subject: str, at: datetime) -> None:
    quote = _quote(subject)
    if quote.state == QuoteState.OFFERED:
        with translation.override(settings.LANGUAGE_CODE):
            said = [
                gettext("%(body)s ti ha mandato un preventivo di %(amount)s, che vale fino al %(day)s.")
                % {"body": quote.organisation, "amount": euro(quote.amount_cents), "day": day(quote.valid_until)},
                quote.text,
                gettext("Dal tuo indirizzo segreto puoi accettarlo o no."),
                PAID_OUTSIDE,
            ]
        _to_the_citizen(quote.request, gettext_lazy("un preventivo per te"), said, f"quote-{subject}")


@duty(QUOTE_WITHDRAWN_MAIL)
def tell_quote_withdrawn(subject: str, at: datetime) -> None:
    quote = _quote(subject)
    said = [gettext_lazy("L'ente ha ritirato il preventivo che ti aveva mandato. Il motivo:")]
    said += quote.steps.filter(act="withdraw").values_list("reason", flat=True)[:1]
    _to_the_citizen(quote.request, gettext_lazy("preventivo ritirato"), said, f"quote-withdrawn-{subject}")


@duty(WARNING_MAIL)
def tell_warning(subject: str, at: datetime) -> None:
    """The link opens the page with the button and does nothing by itself: programs that read mail follow links too."""
    request = _warned(subject)
    if request is None:
        return
    with translation.override(settings.LANGUAGE_CODE):
        last_day = day(day_in_rome(close_at(request.warned_at)))
        said = [
            gettext("Da molto tempo nessuno scrive nella tua richiesta. Il %(day)s la chiudiamo.") % {"day": last_day},
            gettext(
                "Ti serve ancora? Apri il tuo indirizzo segreto e premi «Mi serve ancora». Se non ti serve, non devi fare niente."
            ),
        ]
    _to_the_citizen(request, gettext_lazy("ti serve ancora?"), said, f"request-warning-{subject.replace(':', '-')}")


# To whoever works on it


@mailed_to_each(SILENCE_MAIL)
def tell_silence(subject: str, at: datetime) -> Letter | None:
    request = _warned(subject)
    if request is None:
        return None
    told = gettext_lazy("Da molto tempo nessuno si occupa di questa richiesta: tra quindici giorni si chiude da sola.")
    if not request.email:
        told = gettext_lazy(
            "Da molto tempo nessuno si occupa di questa richiesta: tra quindici giorni si chiude da sola. "
            "La persona non ha lasciato una e-mail: telefonatele, e scrivete una nota se serve ancora."
        )
    identifier = f"request-warning-{subject.replace(':', '-')}-staff"
    return _to_the_staff(request, _who_has_it(request), gettext_lazy("sta per chiudersi"), told, identifier)


@mailed_to_each(ARRIVED_MAIL)
def tell_arrived(subject: str, at: datetime) -> Letter:
    request = _request(subject)
    said = gettext_lazy("È arrivata una richiesta. Chi la segue la prende in carico dalla sua pagina.")
    return _to_the_staff(
        request, _of_the_space(request), gettext_lazy("una richiesta nuova"), said, f"request-arrived-{subject}"
    )


@mailed_to_each(ROUTED_MAIL)
def tell_routed(subject: str, at: datetime) -> Letter | None:
    pk, _colon, moment = subject.partition(":")
    request = _request(pk)
    if request.organisation_id is None or not _is_last(request, "route", moment):
        return None
    said = gettext_lazy("Uno Spazio vi ha passato una richiesta. Apritela per rispondere, o restituitela con il motivo.")
    about = gettext_lazy("una richiesta per voi")
    return _to_the_staff(request, people_of(request.organisation_id), about, said, f"request-routed-{pk}-{moment}")


@mailed_to_each(WRITTEN_MAIL)
def tell_written(subject: str, at: datetime) -> Letter | None:
    message = Message.objects.select_related("request").filter(pk=subject).first()
    if message is None:
        return None
    request = message.request
    said = gettext_lazy("La persona che ha chiesto ha scritto un messaggio.")
    about = gettext_lazy("un messaggio nuovo")
    return _to_the_staff(request, _who_has_it(request), about, said, f"request-written-{subject}")


@mailed_to_each(MOVED_MAIL)
def tell_moved(subject: str, at: datetime) -> Letter | None:
    pk, _colon, moment = subject.partition(":")
    request = _request(pk)
    if not _is_last(request, "move", moment):
        return None
    said = gettext_lazy(
        "Da oggi questa richiesta la seguite voi: ve l'ha passata chi la seguiva. Apritela e prendetela in carico."
    )
    about = gettext_lazy("una richiesta per voi")
    return _to_the_staff(request, _of_the_space(request), about, said, f"request-moved-{pk}-{moment}")


@mailed_to_each(WITHDRAWN_MAIL)
def tell_withdrawn(subject: str, at: datetime) -> Letter:
    """The body of a quote that was called off is told of both in one mail."""
    request = _request(subject)
    people = _who_has_it(request)
    for quote in request.quotes.filter(state=QuoteState.CALLED_OFF):
        people = people.exclude(memberships__organisation=quote.organisation_id)
    said = gettext_lazy("La persona ha ritirato la richiesta: non dovete fare più niente.")
    return _to_the_staff(request, people, gettext_lazy("richiesta ritirata"), said, f"request-withdrawn-{subject}")


@mailed_to_each(CALLED_OFF_MAIL)
def tell_called_off(subject: str, at: datetime) -> Letter:
    quote = _quote(subject)
    said = gettext_lazy(
        "La persona ha ritirato la richiesta dopo aver accettato il vostro preventivo: il preventivo è annullato. "
        "Il pagamento è fuori da questo sito: per ore già svolte o soldi già ricevuti accordatevi con lei."
    )
    people = people_of(quote.organisation_id)
    return _to_the_staff(quote.request, people, gettext_lazy("preventivo annullato"), said, f"quote-called-off-{subject}")


@mailed_to_each(QUOTE_ANSWERED_MAIL)
def tell_quote_answered(subject: str, at: datetime) -> Letter:
    quote = _quote(subject)
    accepted = quote.state == QuoteState.ACCEPTED
    about = gettext_lazy("preventivo accettato") if accepted else gettext_lazy("preventivo non accettato")
    said = gettext_lazy("La persona ha risposto al vostro preventivo.")
    return _to_the_staff(quote.request, people_of(quote.organisation_id), about, said, f"quote-answered-{subject}")


def _to_the_citizen(request: Request, about: Promise, said: Iterable[str | Promise], identifier: str) -> None:
    if not request.email:
        return
    with translation.override(settings.LANGUAGE_CODE):
        context = {"number": request.number, "name": request.name, "about": about, "said": said, "url": address_of(request)}
        send("network/requests/email/citizen", context, to=[request.email], identifier=identifier)


def _to_the_staff(request: Request, people: QuerySet[User], about: Promise, said: Promise, identifier: str) -> Letter:
    url = settings.SITE_URL + reverse("request", args=[request.pk])
    context = {"number": request.number, "about": about, "said": said, "url": url}
    return Letter("network/requests/email/staff", context, identifier, people)


def _is_last(request: Request, act: str, moment: str) -> bool:
    """Or it went on before the mail left."""
    return stamp(request.steps.filter(act=act).latest("pk").at) == moment


def _warned(subject: str) -> Request | None:
    """The request, unless somebody acted before the mail left."""
    return Request.objects.warned().select_related("space", "organisation").filter(pk=subject.partition(":")[0]).first()


def _of_the_space(request: Request) -> QuerySet[User]:
    """The people of the Spazio, or the office where no Spazio follows it or nobody of one can be told."""
    people = people_of(*Organisation.objects.filter(partnerships__spaces=request.space_id)) if request.space_id else ()
    return people or User.objects.filter(is_official=True, is_active=True).order_by("pk")


def _who_has_it(request: Request) -> QuerySet[User]:
    return people_of(request.organisation_id) if request.organisation_id else _of_the_space(request)


def _request(pk: str) -> Request:
    return Request.objects.get(pk=pk)


def _quote(pk: str) -> Quote:
    return Quote.objects.select_related("request", "organisation").get(pk=pk)

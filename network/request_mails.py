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
    WARNING_MAIL,
    WITHDRAWN_MAIL,
    WRITTEN_MAIL,
    stamp,
)
from network.models import Message, Quote, Request
from network.request_keys import address_of
from network.request_silence import close_at
from network.states import QuoteState, RequestState
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


# To both


@duty(WARNING_MAIL)
def tell_warning(subject: str, at: datetime) -> None:
    """The link opens the page with the button and does nothing by itself: programs that read mail follow links too."""
    request = Request.objects.warned().select_related("space", "organisation").filter(pk=subject.partition(":")[0]).first()
    if request is None:  # somebody acted before the mail left
        return
    identifier = f"request-warning-{subject.replace(':', '-')}"
    with translation.override(settings.LANGUAGE_CODE):
        last_day = day(day_in_rome(close_at(request.warned_at)))
        said = [
            gettext("Da molto tempo nessuno scrive nella tua richiesta. Il %(day)s la chiudiamo.") % {"day": last_day},
            gettext(
                "Ti serve ancora? Apri il tuo indirizzo segreto e premi «Mi serve ancora». Se non ti serve, non devi fare niente."
            ),
        ]
    _to_the_citizen(request, gettext_lazy("ti serve ancora?"), said, identifier)
    told = gettext_lazy("Da molto tempo nessuno si occupa di questa richiesta: tra quindici giorni si chiude da sola.")
    if not request.email:
        told = gettext_lazy(
            "Da molto tempo nessuno si occupa di questa richiesta: tra quindici giorni si chiude da sola. "
            "La persona non ha lasciato una e-mail: telefonatele, e scrivete una nota se serve ancora."
        )
    _to_the_staff(request, _who_has_it(request), gettext_lazy("sta per chiudersi"), told, f"{identifier}-staff")


# To whoever works on it


@duty(ARRIVED_MAIL)
def tell_arrived(subject: str, at: datetime) -> None:
    request = _request(subject)
    said = gettext_lazy("È arrivata una richiesta. Chi la segue la prende in carico dalla sua pagina.")
    _to_the_staff(request, _of_the_space(request), gettext_lazy("una richiesta nuova"), said, f"request-arrived-{subject}")


@duty(ROUTED_MAIL)
def tell_routed(subject: str, at: datetime) -> None:
    pk, organisation, moment = subject.split(":", 2)
    request = _request(pk)
    if str(request.organisation_id) == organisation:  # or it went on before the mail left
        said = gettext_lazy("Uno Spazio vi ha passato una richiesta. Apritela per rispondere, o restituitela con il motivo.")
        words = gettext_lazy("una richiesta per voi")
        _to_the_staff(request, people_of(request.organisation_id), words, said, f"request-routed-{pk}-{moment}")


@duty(WRITTEN_MAIL)
def tell_written(subject: str, at: datetime) -> None:
    message = Message.objects.select_related("request").filter(pk=subject).first()
    if message is not None:
        request = message.request
        people = _who_has_it(request)
        said = gettext_lazy("La persona che ha chiesto ha scritto un messaggio.")
        _to_the_staff(request, people, gettext_lazy("un messaggio nuovo"), said, f"request-written-{subject}")


@duty(MOVED_MAIL)
def tell_moved(subject: str, at: datetime) -> None:
    pk, _colon, moment = subject.partition(":")
    request = _request(pk)
    if stamp(request.steps.filter(act="move").latest("pk").at) == moment:  # or it went on before the mail left
        said = gettext_lazy(
            "Da oggi questa richiesta la seguite voi: ve l'ha passata chi la seguiva. Apritela e prendetela in carico."
        )
        about = gettext_lazy("una richiesta per voi")
        _to_the_staff(request, _of_the_space(request), about, said, f"request-moved-{pk}-{moment}")


@duty(WITHDRAWN_MAIL)
def tell_withdrawn(subject: str, at: datetime) -> None:
    """The body of a quote that was called off is told of both in one mail."""
    request = _request(subject)
    people = _who_has_it(request)
    for quote in request.quotes.filter(state=QuoteState.CALLED_OFF):
        people = people.exclude(memberships__organisation=quote.organisation_id)
    said = gettext_lazy("La persona ha ritirato la richiesta: non dovete fare più niente.")
    _to_the_staff(request, people, gettext_lazy("richiesta ritirata"), said, f"request-withdrawn-{subject}")


@duty(CALLED_OFF_MAIL)
def tell_called_off(subject: str, at: datetime) -> None:
    quote = _quote(subject)
    said = gettext_lazy(
        "La persona ha ritirato la richiesta dopo aver accettato il vostro preventivo: il preventivo è annullato. "
        "Il pagamento è fuori da questo sito: per ore già svolte o soldi già ricevuti accordatevi con lei."
    )
    people = people_of(quote.organisation_id)
    _to_the_staff(quote.request, people, gettext_lazy("preventivo annullato"), said, f"quote-called-off-{subject}")


@duty(QUOTE_ANSWERED_MAIL)
def tell_quote_answered(subject: str, at: datetime) -> None:
    quote = _quote(subject)
    accepted = quote.state == QuoteState.ACCEPTED
    about = gettext_lazy("preventivo accettato") if accepted else gettext_lazy("preventivo non accettato")
    said = gettext_lazy("La persona ha risposto al vostro preventivo.")
    _to_the_staff(quote.request, people_of(quote.organisation_id), about, said, f"quote-answered-{subject}")


def _to_the_citizen(request: Request, about: Promise, said: Iterable[str | Promise], identifier: str) -> None:
    if not request.email:
        return
    with translation.override(settings.LANGUAGE_CODE):
        context = {"number": request.number, "name": request.name, "about": about, "said": said, "url": address_of(request)}
        send("network/requests/email/citizen", context, to=[request.email], identifier=identifier)


def _to_the_staff(request: Request, people: QuerySet[User], about: Promise, said: Promise, identifier: str) -> None:
    url = settings.SITE_URL + reverse("request", args=[request.pk])
    for person in people:
        with translation.override(person.language):
            context = {"number": request.number, "person": person, "about": about, "said": said, "url": url}
            send("network/requests/email/staff", context, to=[person.email], identifier=f"{identifier}-{person.pk}")


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

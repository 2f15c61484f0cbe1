"""The people of the demonstration, and the door that lets a visitor be one of them without typing a password.

The door exists only where ``settings.DEMO`` is on, and only for addresses of a domain that nobody can own
(``.example`` is reserved, RFC 2606), so that it can never open a real person's account.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User

DOMAIN = "demo.bando.example"
"""Of the addresses of invented people. Those of a body have one of its own below it, as bodies do: or the office would be told
of all of them that they share it."""
PASSWORD = "prova-il-bando"  # noqa: S105 - it is shown on the page


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """``role``: applicant, commissioner or official. ``what_to_do``: the first thing to click, in one sentence."""

    email: str
    name: str
    role: str
    what_to_do: Any


@dataclass(frozen=True, slots=True)
class DemoRole:
    """One card of the sign-in page."""

    key: str
    icon: str
    title: Any
    body: Any

    @property
    def accounts(self) -> list[DemoAccount]:
        return [account for account in DEMO_ACCOUNTS if account.role == self.key]


DEMO_ACCOUNTS = [
    DemoAccount(
        "giulia.ferri@ente1." + DOMAIN,
        "Giulia Ferri",
        "applicant",
        gettext_lazy(
            "Legale rappresentante e capofila di un gruppo: apri la domanda già cominciata e completa una sezione. In «La rete» "
            "gestisce due Spazi: una richiesta aspetta da due giorni."
        ),
    ),
    DemoAccount(
        "davide.sala@ente1." + DOMAIN,
        "Davide Sala",
        "applicant",
        gettext_lazy(
            "Collaboratore dello stesso ente di Giulia: scrive la domanda con lei, e legge chi la può inviare. Nella sezione «La "
            "proposta» guarda come un testo è cambiato."
        ),
    ),
    DemoAccount(
        "sara.fontana@ente2." + DOMAIN,
        "Sara Fontana",
        "applicant",
        gettext_lazy(
            "Legale rappresentante di un ente invitato nel gruppo di Giulia: accetta l'invito, poi conferma quota e dichiarazioni. "
            "In «La rete» l'ufficio chiede di regolarizzare una dichiarazione."
        ),
    ),
    DemoAccount(
        "omar.haddad@" + DOMAIN,
        "Omar Haddad",
        "applicant",
        gettext_lazy("Parte da zero: registra un ente e comincia una domanda dall'avviso aperto."),
    ),
    DemoAccount(
        "lucia.conti@ente3." + DOMAIN,
        "Lucia Conti",
        "applicant",
        gettext_lazy(
            "Ha quattro domande: rispondi all'ufficio, che chiede di completarne una; scarica la ricevuta firmata di quella "
            "inviata. In «La rete» la convenzione di quella scelta è pronta da firmare."
        ),
    ),
    DemoAccount(
        "irene.galli@ente11." + DOMAIN,
        "Irene Galli",
        "applicant",
        gettext_lazy(
            "Accompagna la rete per l'area del metodo: in «La rete» apri l'accompagnamento, scrivi il piano di uno Spazio e chi "
            "c'era a un incontro."
        ),
    ),
    DemoAccount(
        "paolo.greco@" + DOMAIN,
        "Paolo Greco",
        "commissioner",
        gettext_lazy(
            "Presiede la commissione: dichiara se ha conflitti con gli enti che restano, poi apri una scheda e dai i punti."
        ),
    ),
    DemoAccount(
        "elena.riva@" + DOMAIN,
        "Elena Riva",
        "commissioner",
        gettext_lazy("Ha delle schede da finire: aprine una e scrivi il motivo di un punteggio."),
    ),
    DemoAccount(
        "stefano.marino@" + DOMAIN,
        "Stefano Marino",
        "commissioner",
        gettext_lazy(
            "Ha preso il posto di chi ha lasciato la commissione, e ha concluso le sue schede: riaprine una con un motivo, o guarda "
            "nella composizione dove i componenti non sono d'accordo."
        ),
    ),
    DemoAccount(
        "marta.villa@" + DOMAIN,
        "Marta Villa",
        "commissioner",
        gettext_lazy(
            "È la segretaria e non dà punti: guarda le sedute, il verbale di quella riservata e quando è la prossima."
        ),
    ),
    DemoAccount(
        "anna.bruni@" + DOMAIN,
        "Anna Bruni",
        "official",
        gettext_lazy(
            "Apri l'avviso in valutazione: verifica le due domande che restano e guarda «La scadenza». In «La rete»: controlli, "
            "tavolo, convenzioni, Spazi, catalogo, richieste e rendiconti."
        ),
    ),
]

ROLES = [
    DemoRole("applicant", "users", gettext_lazy("ente"), gettext_lazy("Compili e invii la domanda per il tuo ente.")),
    DemoRole(
        "commissioner", "star", gettext_lazy("commissario"), gettext_lazy("Leggi le proposte e dai i punti, con il motivo.")
    ),
    DemoRole(
        "official",
        "list",
        gettext_lazy("ufficio"),
        gettext_lazy("Segui l'avviso dalla pubblicazione all'apertura degli Spazi."),
    ),
]


def is_invented(email: str) -> bool:
    return f".{email.rpartition('@')[2]}".endswith(f".{DOMAIN}")


def create_people() -> dict[str, User]:
    """The people of ``DEMO_ACCOUNTS`` by what stands before the @, made where they are missing, with the shared password."""
    people = {}
    for account in DEMO_ACCOUNTS:
        person = User.objects.filter(email=account.email).first()
        if person is None:
            person = User.objects.create_user(
                account.email, PASSWORD, name=account.name, is_official=account.role == "official"
            )
        EmailAddress.objects.get_or_create(user=person, email=account.email, defaults={"verified": True, "primary": True})
        people[account.email.partition("@")[0]] = person
    return people


def roles() -> Iterator[DemoRole]:
    """The cards of the sign-in page; none outside a demonstration."""
    return iter(ROLES if settings.DEMO else [])


def demo_login(request: HttpRequest) -> HttpResponse:
    """Sign in as the account of the demonstration whose ``email`` was posted."""
    if not settings.DEMO:
        raise Http404
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    email = request.POST.get("email", "")
    if not is_invented(email):
        raise Http404
    person = User.objects.filter(email=email, is_active=True).first()
    if person is None:
        messages.error(request, _("Questa persona non c'è ancora. Carica la dimostrazione con bin/run, poi riprova."))
        return redirect("account_login")
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    to = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(to, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return redirect(to)
    return redirect("start")

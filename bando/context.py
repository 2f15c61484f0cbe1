"""What every page knows: whose service it is, whether it is a demonstration, and where one can go from here."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

SITS = "sits_on_a_commission"
WORKS_ON_REQUESTS = "works_on_requests"
TAKES_PART = "takes_part_in_the_network"


def site(request: HttpRequest) -> dict[str, Any]:
    return {
        "administration": settings.ADMINISTRATION,
        "demonstration": settings.DEMO,
        "navigation": SimpleLazyObject(lambda: _navigation(request)),
        "account_links": SimpleLazyObject(_account_links),
        "now": getattr(request, "arrived_at", None),
    }


def _account_links() -> list[dict[str, str]]:
    """The menu under the person's name."""
    return [
        {"label": _("Il tuo profilo"), "url": reverse("profile")},
        {"label": _("I tuoi enti"), "url": reverse("organisations")},
    ]


def _navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The main menu for whoever asks: the public's three doors, then what the person's work is.

    Who sits on a commission, takes part in the network or works on citizens' requests is remembered by the session since
    sign-in (``evaluation.apps``, ``network.apps``): this package knows none of it, and a menu is not worth a question to the
    database on every page."""
    entries = [(_("Avvisi"), "home"), (_("Spazi WeMi"), "spaces"), (_("Servizi"), "services")]
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        entries.append((_("Scrivania"), "desk") if user.is_official else (_("Le mie domande"), "my_applications"))
        if request.session.get(SITS):
            entries.append((_("Valutazioni"), "my_evaluations"))
        if user.is_official or request.session.get(TAKES_PART):
            entries.append((_("La rete"), "desk_network" if user.is_official else "my_network"))
        if request.session.get(WORKS_ON_REQUESTS) and not user.is_official:
            entries.append((_("Richieste"), "requests"))
    return [{"label": label, "url": (url := reverse(name)), "current": request.path == url} for label, name in entries]

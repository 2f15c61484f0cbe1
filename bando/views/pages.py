"""The small public pages: privacy, accessibility, legal notes; and, in a demonstration, the mail that it wrote."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from bando import mailbox

LETTERS_SHOWN = 50


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    hours = settings.SESSION_COOKIE_AGE // 3600
    cookies = [
        (
            settings.SESSION_COOKIE_NAME,
            _("Ti riconosce dopo l'accesso."),
            ngettext("%(n)d ora", "%(n)d ore", hours) % {"n": hours},
        ),
        (settings.CSRF_COOKIE_NAME, _("Impedisce ad altri siti di inviare moduli al posto tuo."), _("1 anno")),
        (settings.LANGUAGE_COOKIE_NAME, _("Ricorda la lingua che hai scelto."), _("fino a quando chiudi il browser")),
        ("messages", _("Porta nella pagina dopo un avviso, per esempio «Abbiamo salvato»."), _("una pagina")),
    ]
    context = {
        "cookies": cookies,
        "crumbs": _crumbs(),
        "request_months": settings.REQUEST_MONTHS,
        "request_answered_days": settings.REQUEST_ANSWERED_DAYS,
        "request_silent_days": settings.REQUEST_SILENT_DAYS,
    }
    return render(request, "pages/privacy.html", context)


@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html", {"crumbs": _crumbs()})


@require_GET
def legal_notes(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/legal_notes.html", {"crumbs": _crumbs()})


@require_GET
def demo_mail(request: HttpRequest) -> HttpResponse:
    """What the demonstration would have sent. Where mail really goes out there is nothing to show."""
    if not settings.DEMO:
        raise Http404
    folder = Path(settings.EMAIL_FILE_PATH) if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend") else None
    site = urlsplit(settings.SITE_URL)
    origins = {f"{site.scheme}://{site.netloc}", f"{request.scheme}://{request.get_host()}"}
    letters = mailbox.newest(folder, origins=origins, limit=LETTERS_SHOWN) if folder else []
    return render(request, "pages/demo_mail.html", {"letters": letters, "in_files": folder is not None, "crumbs": _crumbs()})


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Avvisi"), reverse("home"))]

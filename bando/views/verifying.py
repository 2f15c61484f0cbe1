"""How anybody checks what we issued, without us: the program, the keys, and how to use them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from workflow.ledger import digest, plain
from workflow.models import LedgerSeal
from workflow.signing import published_keys

PROGRAM = Path(settings.BASE_DIR) / "bin" / "verify_receipt"


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    current, *earlier = published_keys() or [None]
    context = {
        "current": current,
        "earlier": earlier,
        "program": {"size": len(_program()), "sha256": digest(_program())},
        "crumbs": [(_("Avvisi"), reverse("home"))],
    }
    return render(request, "pages/verify.html", context)


@require_safe
def verify_program(request: HttpRequest) -> HttpResponse:
    """The program to take away: the very file of this installation, whose SHA-256 the page says."""
    headers = {"Content-Disposition": 'attachment; filename="verify_receipt.py"', "X-Content-SHA256": digest(_program())}
    return HttpResponse(_program(), content_type="text/x-python; charset=utf-8", headers=headers)


@require_safe
def signing_keys(request: HttpRequest) -> JsonResponse:
    """The public keys, newest first, as ``verify_receipt --key`` reads them, and the newest seal of the ledger: whoever keeps a
    copy of it can tell later that nothing before it was rewritten."""
    data: dict[str, Any] = {
        "format": "bando/keys/1",
        "administration": settings.ADMINISTRATION["name"],
        "keys": [{"fingerprint": key.fingerprint, "public": key.public, "since": key.since} for key in published_keys()],
        "seal": LedgerSeal.objects.order_by("-number").values("number", "previous", "root", "count", "at", "hash").first(),
    }
    return JsonResponse(plain(data), json_dumps_params={"indent": 1, "ensure_ascii": False})


@cache
def _program() -> bytes:
    return PROGRAM.read_bytes()

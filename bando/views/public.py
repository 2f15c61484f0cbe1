"""What a citizen reads: the calls, one call, the questions of its form, its document."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from bando import presentation, wording
from bando.amendments import listed, version_in_force
from bando.deadlines import ROME
from bando.models import Call, CallPdf
from bando.notice.document import Area
from bando.stages import Stage, stage
from bando.states import CallState
from bando.structured_data import data_block, government_service
from bando.templatetags.bando_ui import in_italian
from bando.transitions import REVOKE
from bando.typed import whole_number
from documents.responses import serve
from workflow.ledger import digest
from workflow.signing import published_keys

DOCUMENT_TYPES = {"yaml": "application/yaml", "json": "application/json"}


def home(request: HttpRequest) -> HttpResponse:
    """Every public call: first those that can be answered, by how soon they close, then those about to open."""
    calls = Call.objects.exclude(state=CallState.DRAFT).with_notice()
    cards = [_card(call, request.arrived_at) for call in calls]
    groups = {
        "open": sorted((card for card in cards if card["stage"] is Stage.OPEN), key=lambda card: card["deadline"]),
        "upcoming": sorted((card for card in cards if card["stage"] is Stage.UPCOMING), key=lambda card: card["opens"]),
        "evaluation": [card for card in cards if card["stage"] is Stage.EVALUATION],
        "concluded": [card for card in cards if card["stage"] in {Stage.CONCLUDED, Stage.REVOKED}],
    }
    return render(request, "bando/home.html", groups)


def call(request: HttpRequest, slug: str) -> HttpResponse:
    """The card of the service, in the order of Modello Comuni."""
    row = _visible(request, slug, "version__pdf__document", "commission")
    return render(request, "bando/call.html", card(request, row) | {"key": next(iter(published_keys()), None)})


def card(request: HttpRequest, row: Call) -> dict[str, Any]:
    """What the page of a call shows, be it published or the preview of a draft."""
    notice, now = row.notice, stage(row, request.arrived_at)
    areas, amendments = [_area(request, row, area, now) for area in notice.areas], listed(row)
    revoked = row.steps.filter(act=REVOKE.name).first() if now is Stage.REVOKED else None
    return {
        "call": row,
        "notice": notice,
        "stage": now,
        "status": presentation.status(row, request.arrived_at, revoked.reason if revoked else ""),
        "areas": areas,
        "grids": presentation.grids(notice),
        "amendments": amendments,
        "assumptions": presentation.assumptions(notice),
        "rule": wording.deadline_rule(row.closes_at),
        "updated": wording.day(row.version.made_at.astimezone(ROME)),
        "act": wording.act(notice.act) if notice.act else "",
        "coprogramming": wording.act(notice.coprogramming) if notice.coprogramming else "",
        "table": wording.table(notice.agreement.table_mode),
        "replacement": wording.replacement(notice.replacement),
        "requirements": presentation.requirements(notice),
        "participation": presentation.participation(notice),
        "formal_check": presentation.formal_check(notice),
        "publication": presentation.publication(notice),
        "attachments": presentation.attachments(notice),
        "budgets": presentation.budgets(notice),
        "index": [
            {"id": id, "label": label} for id, label in _index(bool(amendments), bool(notice.sources or notice.assumptions))
        ],
        "pdf": row.version.pdf.document if hasattr(row.version, "pdf") else None,
        "sizes": {"yaml": len(row.version.text.encode()), "json": len(row.version.canonical.encode())},
        "structured_data": data_block(_structured_data(request, row)) if row.published_at else "",
    }


def _structured_data(request: HttpRequest, row: Call) -> dict[str, Any]:
    return government_service(
        row.notice,
        url=request.build_absolute_uri(reverse("call", args=[row.slug])),
        document_url=request.build_absolute_uri(reverse("call_document", args=[row.slug, "json"])),
        opens=row.opens_at or row.published_at,
    )


def questions(request: HttpRequest, slug: str, area: str) -> HttpResponse:
    """All that the form asks, on one page that prints: people prepare the answers together and offline."""
    row = _visible(request, slug)
    here = next((known for known in row.notice.areas if known.code == area), None)
    if here is None:
        raise Http404
    return render(request, "bando/questions.html", asked(row, here))


def asked(row: Call, area: Area) -> dict[str, Any]:
    """What the page of the questions of an area shows."""
    context = {"call": row, "notice": row.notice, "area": area, "sections": presentation.form(row.notice, area)}
    return context | {"rule": wording.deadline_rule(row.closes_at)}


def document(request: HttpRequest, slug: str, ext: str) -> HttpResponse | FileResponse:
    """The document as it was written (YAML), in the one form whose SHA-256 is the hash of the version (JSON), or on paper
    (PDF, as soon as it is made). An earlier one with ``?versione=1``."""
    if ext not in {*DOCUMENT_TYPES, "pdf"}:
        raise Http404
    row = _visible(request, slug)
    version = row.version
    if "versione" in request.GET:
        number = whole_number(request.GET["versione"])
        version = version_in_force(row, number) if number is not None else None
    if version is None:
        raise Http404
    if ext == "pdf":
        return serve(get_object_or_404(CallPdf.objects.select_related("document"), version=version).document)
    content = (version.text if ext == "yaml" else version.canonical).encode()
    name = f"{version.slug}-v{version.number}.{ext}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-SHA256": digest(content)}
    return HttpResponse(content, content_type=f"{DOCUMENT_TYPES[ext]}; charset=utf-8", headers=headers)


def _index(amended: bool, sourced: bool) -> list[tuple[str, str]]:
    """The headings that Modello Comuni wants, in its order, with our own between them."""
    headings = [
        ("who", _("A chi è rivolto")),
        ("how", _("Come fare")),
        ("needed", _("Cosa serve")),
        ("outcome", _("Cosa si ottiene")),
        ("times", _("Tempi e scadenze")),
        ("amendments", _("Modifiche dell'avviso")),
        ("access", _("Accedi al servizio")),
        ("news", _("Chiarimenti e novità")),
        ("criteria", _("Criteri e punti")),
        ("conditions", _("Condizioni di servizio")),
        ("documents", _("Documenti")),
        ("sources", _("Fonti e ipotesi")),
        ("contacts", _("Contatti")),
    ]
    absent = {name for name, there in (("amendments", amended), ("sources", sourced)) if not there}
    return [heading for heading in headings if heading[0] not in absent]


def _visible(request: HttpRequest, slug: str, *related: str) -> Call:
    calls = Call.objects.visible_to(request.user).with_notice()
    return get_object_or_404(calls.select_related("version", *related), slug=slug)


def _card(row: Call, at: datetime) -> dict[str, Any]:
    now, notice = stage(row, at), row.notice
    return {
        "url": reverse("call", args=[row.slug]),
        "title": notice.title,
        "summary": notice.summary,
        "stage": now,
        "areas": [{"title": area.title, "places": wording.places(area)} for area in notice.areas],
        "opens": row.opens_at,
        "deadline": row.closes_at,
        "now": at,
        "demonstration": notice.demonstration,
    }


def _area(request: HttpRequest, row: Call, area: Area, now: Stage) -> dict[str, Any]:
    door = reverse("application_new", args=[row.slug, area.code])
    if not request.user.is_authenticated:
        door = f"{reverse('account_login')}?{urlencode({'next': door})}"
    return {
        "area": area,
        "places": wording.places(area),
        "lots": wording.lots(area),
        "form": format_html("{} {}", _("Tutte le domande:"), in_italian(area.title)),
        "door": door if now is Stage.OPEN else "",
        "questions_url": reverse("call_questions", args=[row.slug, area.code]),
        "ranking_url": reverse("ranking", args=[row.slug, area.code]) if now is Stage.CONCLUDED else "",
    }

"""What a citizen reads: the calls, one call, the questions of its form, its document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bando import wording
from bando.deadlines import ROME
from bando.models import Call
from bando.notice.document import Area, Budget, Notice, RequirementKind, SectionKind
from bando.notice.grid import Block, Criterion, Grid
from bando.stages import Stage, stage
from bando.states import CallState
from bando.transitions import REVOKE
from bando.views.amendments import listed, version_in_force
from workflow.ledger import digest

DOCUMENT_TYPES = {"yaml": "application/yaml", "json": "application/json"}


def home(request: HttpRequest) -> HttpResponse:
    """Every public call: first those that can still be answered, by how soon they close."""
    calls = Call.objects.exclude(state=CallState.DRAFT).with_notice()
    cards = [_card(call, request.arrived_at) for call in calls]
    groups = {
        "open": sorted((c for c in cards if c["stage"] in {Stage.OPEN, Stage.UPCOMING}), key=lambda card: card["deadline"]),
        "evaluation": [card for card in cards if card["stage"] is Stage.EVALUATION],
        "concluded": [card for card in cards if card["stage"] in {Stage.CONCLUDED, Stage.REVOKED}],
    }
    return render(request, "bando/home.html", groups)


def call(request: HttpRequest, slug: str) -> HttpResponse:
    """The card of the service, in the order of Modello Comuni."""
    row = _visible(request, slug)
    notice, now = row.notice, stage(row, request.arrived_at)
    areas, amendments = [_area(request, row, area, now) for area in notice.areas], listed(row)
    context = {
        "call": row,
        "notice": notice,
        "stage": now,
        "revoked": row.steps.filter(act=REVOKE.name).first() if now is Stage.REVOKED else None,
        "areas": areas,
        "grids": _grids(notice),
        "amendments": amendments,
        "assumptions": _assumptions(notice),
        "rule": wording.deadline_rule(row.closes_at),
        "updated": wording.day(row.version.made_at.astimezone(ROME)),
        "act_day": wording.day(notice.act.date) if notice.act and notice.act.date else "",
        "requirements": [{"requirement": r, "areas": _titles(notice, r.areas)} for r in notice.requirements],
        "attachments": [
            {"rule": rule, "limits": wording.file_limits(rule), "areas": _titles(notice, rule.areas)}
            for rule in notice.attachments
        ],
        "budgets": [
            _budget(budget) | {"areas": [a.title for a in notice.areas if a.budget == budget.code]} for budget in notice.budgets
        ],
        "index": [{"id": id, "label": label} for id, label in _index(bool(amendments))],
        "sizes": {"yaml": len(row.version.text.encode()), "json": len(row.version.canonical.encode())},
    }
    return render(request, "bando/call.html", context)


def questions(request: HttpRequest, slug: str, area: str) -> HttpResponse:
    """All that the form asks, on one page that prints: people prepare the answers together and offline."""
    row = _visible(request, slug)
    here = next((known for known in row.notice.areas if known.code == area), None)
    if here is None:
        raise Http404
    context = {"call": row, "notice": row.notice, "area": here, "sections": _form(row.notice, here)}
    return render(request, "bando/questions.html", context | {"rule": wording.deadline_rule(row.closes_at)})


def document(request: HttpRequest, slug: str, ext: str) -> HttpResponse:
    """The document as it was written (YAML), or in the one form whose SHA-256 is the hash of the version (JSON). An earlier
    one with ``?versione=1``."""
    if ext not in DOCUMENT_TYPES:
        raise Http404
    row = _visible(request, slug)
    version = version_in_force(row, request.GET["versione"]) if "versione" in request.GET else row.version
    content = (version.text if ext == "yaml" else version.canonical).encode()
    name = f"{version.slug}-v{version.number}.{ext}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-SHA256": digest(content)}
    return HttpResponse(content, content_type=f"{DOCUMENT_TYPES[ext]}; charset=utf-8", headers=headers)


def _index(amended: bool) -> list[tuple[str, str]]:
    """The headings that Modello Comuni wants, in its order, and then our own."""
    headings = [
        ("who", _("A chi è rivolto")),
        ("how", _("Come fare")),
        ("needed", _("Cosa serve")),
        ("outcome", _("Cosa si ottiene")),
        ("times", _("Tempi e scadenze")),
        ("amendments", _("Modifiche dell'avviso")),
        ("access", _("Accedi al servizio")),
        ("criteria", _("Criteri e punti")),
        ("conditions", _("Condizioni di servizio")),
        ("contacts", _("Contatti")),
        ("documents", _("Documenti")),
        ("sources", _("Fonti e ipotesi")),
    ]
    return [heading for heading in headings if amended or heading[0] != "amendments"]


def _visible(request: HttpRequest, slug: str) -> Call:
    return get_object_or_404(Call.objects.visible_to(request.user).with_notice(), slug=slug)


def _card(row: Call, at: datetime) -> dict[str, Any]:
    now, notice = stage(row, at), row.notice
    return {
        "url": reverse("call", args=[row.slug]),
        "title": notice.title,
        "summary": notice.summary,
        "stage": now,
        "areas": [{"title": area.title, "places": area.places, "label": area.place_label} for area in notice.areas],
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
        "door": door if now is Stage.OPEN else "",
        "questions_url": reverse("call_questions", args=[row.slug, area.code]),
        "ranking_url": reverse("ranking", args=[row.slug, area.code]) if now is Stage.CONCLUDED else "",
    }


@dataclass(frozen=True, slots=True)
class _GridInWords:
    """A grid with the areas that use it and its rules in sentences."""

    grid: Grid
    areas: list[str]
    blocks: list[dict[str, Any]]
    scale: list[dict[str, Any]]
    max_points: str
    threshold: str
    rounding: list[str]
    comparison: str
    ties: list[str]


def _grids(notice: Notice) -> list[_GridInWords]:
    return [
        _GridInWords(
            grid,
            [area.title for area in notice.areas if area.grid == grid.code],
            [_row(block) | {"criteria": [_row(c) for c in grid.criteria if c.block == block.code]} for block in grid.blocks],
            [{"level": level, "coefficient": wording.number(level.coefficient)} for level in grid.scale],
            wording.number(grid.max_points),
            wording.number(grid.threshold) if grid.threshold is not None else "",
            wording.rounding(grid),
            wording.comparison(grid),
            wording.ties(grid),
        )
        for grid in notice.grids
    ]


def _row(item: Block | Criterion) -> dict[str, Any]:
    threshold = wording.number(item.threshold) if item.threshold is not None else ""
    return {"item": item, "max_points": wording.number(item.max_points), "threshold": threshold}


def _assumptions(notice: Notice) -> list[dict[str, Any]]:
    """The assumptions by their sentence: the same one often holds for several places of the document."""
    by_text: dict[str, list[str]] = {}
    for assumption in notice.assumptions:
        by_text.setdefault(assumption.text, []).append(assumption.path)
    return [{"text": text, "paths": paths} for text, paths in by_text.items()]


def _budget(budget: Budget | None) -> dict[str, Any]:
    if budget is None:
        return {}
    least, most = budget.min_own_share_percent, budget.max_indirect_percent
    return {
        "budget": budget,
        "own_share": wording.number(least) if least is not None else "",
        "indirect": wording.number(most) if most is not None else "",
    }


def _titles(notice: Notice, codes: tuple[str, ...]) -> list[str]:
    """The titles of some areas; none when the thing holds for all of them."""
    return [area.title for area in notice.areas if area.code in codes]


def _form(notice: Notice, area: Area) -> list[dict[str, Any]]:
    """The pages of the form of one area with what each of them asks, the files last."""
    criteria = {criterion.code: _row(criterion) for criterion in notice.grid_for(area.code).criteria}
    pages: list[dict[str, Any]] = []
    for section in notice.sections_for(area.code):
        page: dict[str, Any] = {"title": section.title, "intro": section.intro, "criterion": criteria.get(section.criterion)}
        match section.kind:
            case SectionKind.BUDGET:
                page |= _budget(notice.budget_for(area.code))
            case SectionKind.DECLARATIONS:
                known = notice.requirements_for(area.code)
                page["declarations"] = [r for r in known if r.kind is RequirementKind.DECLARATION]
            case SectionKind.QUESTIONS:
                page["questions"] = [
                    {"question": q, "limits": wording.answer_limits(q), "criterion": criteria.get(q.criterion)}
                    for q in section.questions
                ]
        pages.append(page)
    if rules := notice.attachments_for(area.code):
        files = [{"rule": rule, "limits": wording.file_limits(rule)} for rule in rules]
        pages.append({"title": _("Allegati"), "files": files})
    return pages

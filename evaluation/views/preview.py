"""The pages of a commissioner over a draft call: the list of the sheets, and a sheet with the scale and the criteria, and the
questions beside each of them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from applications.reading import Answer, ReadSection
from bando.models import Call, NoticeDraft
from bando.notice.grid import Composition
from bando.views.previews import area_of, previews, show
from evaluation.comparing import on_the_sheet
from evaluation.forms import SheetForm
from evaluation.sheet_page import sheet_context
from evaluation.views.member import Standing


@previews
@require_GET
def sheets(request: HttpRequest, row: NoticeDraft, shown: Call) -> HttpResponse:
    """One sheet for each area, not begun."""
    areas, doors = [], {}
    for area in shown.notice.areas:
        application, pk = _proposal(), uuid4()
        doors[reverse("sheet", args=[pk])] = reverse("desk_draft_preview_sheet", args=[row.pk, area.code])
        listed = {
            "sheet": SimpleNamespace(pk=pk, application=application),
            "title": _("Titolo della proposta"),
            "standing": Standing.TO_DO,
        }
        areas.append({"area": area, "rows": [listed]})
    context = {"call": shown, "member": None, "work": None, "areas": areas}
    return show(request, row, shown, "evaluation/sheets.html", context, doors=doors)


@previews
@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest, row: NoticeDraft, shown: Call, area: str) -> HttpResponse:
    """It can be filled in: what is missing is said, and nothing is kept."""
    notice, here = shown.notice, area_of(shown, area)
    grid = on_the_sheet(notice.grid_for(here.code), 0)
    seats = notice.commission.max_members if grid.composition is Composition.SUM else None
    form, told = _tried(request, initial=SheetForm.initial_from(grid, {}, {}), grid=grid, seats=seats, said={})
    sections = notice.sections_for(here.code)
    asked = [ReadSection(s, tuple(Answer(question, "") for question in s.questions)) for s in sections]
    context = {
        **sheet_context(grid, form, read=asked, stored={}, said={}, seats=seats),
        "call": shown,
        "area": here,
        "application": _proposal(),
        "title": _("Titolo della proposta"),
        "form": form,
        "is_open": True,
        "told": told,
    }
    return show(request, row, shown, "evaluation/sheet.html", context)


def _tried(request: HttpRequest, *, initial: dict[str, Any], **rules: Any) -> tuple[SheetForm, str]:
    """The form, and what the button just pressed would have done. A draft of a sheet may lack anything."""
    form = SheetForm(request.POST if request.method == "POST" else None, initial=initial, **rules)
    if not form.is_bound:
        return form, ""
    if "finish" in request.POST:
        done = _("Con l'avviso pubblicato, la scheda si conclude così. Qui non si salva niente.")
        return form, done if form.is_valid() else ""
    if form.wrong():
        return form, ""
    typed = {name: request.POST.get(name, "") for name in form.fields}
    return SheetForm(initial=typed, **rules), _(
        "Con l'avviso pubblicato, la bozza della scheda si salva. Qui non si salva niente."
    )


def _proposal() -> SimpleNamespace:
    return SimpleNamespace(organisation=_("Ente di prova"), number=_("Numero della domanda"))

"""How far the commission is, and the closing of each area: for the office, and for who leads the commission."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.access import officials_only
from bando.notice.grid import CriterionType, Marking
from evaluation.actions import close_evaluation, reasons_not_to_close_each, reopen_evaluation
from evaluation.forms import ReopenForm
from evaluation.models import Comparison, Member, Ranking
from evaluation.progress import Progress, commission_of, progress_of
from evaluation.rules.collegial import LEADS
from evaluation.states import RankingState, SheetState
from evaluation.views.office import area_of, call_of
from workflow.transition import Refused


class ReopenEvaluationForm(ReopenForm):
    """Why the evaluation of an area begins again; it has a prefix, because each area has its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields["reason"]
        reason.label = _("Perché la valutazione si riapre?")
        reason.help_text = _("Resta nella storia di ogni proposta dell'area. Ogni componente riapre poi le schede che cambia.")
        reason.error_messages["required"] = _("Scrivi perché la valutazione si riapre.")


@officials_only
def evaluation(request: HttpRequest, slug: str) -> HttpResponse:
    """How far each member is, in counts, and the closing of each area; one that is closed can be opened again with a reason."""
    call = call_of(request, slug)
    refused, status = {}, 200
    reopening: dict[str, ReopenEvaluationForm] = {}
    if request.method == "POST":
        area = area_of(call, request.POST.get("area", ""))
        act = {"by": request.user, "at": request.arrived_at}
        try:
            if "reopen" in request.POST:
                form = reopening[area.code] = ReopenEvaluationForm(request.POST, prefix=area.code)
                if form.is_valid():
                    reopen_evaluation(call, area.code, reason=form.cleaned_data["reason"], **act)
                    messages.success(request, _("La valutazione di «%(area)s» è riaperta.") % {"area": area.title})
                    return redirect("desk_evaluation", slug=slug)
            else:
                close_evaluation(call, area.code, **act)
                messages.success(
                    request, _("La valutazione di «%(area)s» è chiusa. Ora calcola la graduatoria.") % {"area": area.title}
                )
                return redirect("desk_evaluation", slug=slug)
        except Refused as refusal:
            refused[area.code], status = refusal.reasons, 409
    areas = []
    final = set(Ranking.objects.filter(call=call, state=RankingState.PUBLISHED).values_list("area_code", flat=True))
    progress_in = progress_of(call)
    reasons = reasons_not_to_close_each(progress_in, by=request.user, at=request.arrived_at)
    for area in call.notice.areas:
        progress = progress_in[area.code]
        areas.append(
            _standing(progress, hidden=progress.hidden_from(request.user))
            | {
                "area": area,
                "progress": progress,
                "conflicts": progress.conflicts(),
                "reasons": reasons[area.code],
                "refused": refused.get(area.code, ()),
                "reopening": reopening.get(area.code, ReopenEvaluationForm(prefix=area.code))
                if progress.is_closed and area.code not in final
                else None,
            }
        )
    context = {
        "call": call,
        "commission": commission_of(call),
        "areas": areas,
        "form": next(iter(reopening.values()), None),
    }
    return render(request, "evaluation/desk_evaluation.html", context, status=status)


def area_tools(member: Member, *, at: datetime) -> dict[str, dict[str, Any]]:
    """What a member finds of each area, by its code, below their own sheets: the comparisons in pairs, the sheets of the whole
    commission, the composition; for who leads, how far everybody is and the closing. Whoever is in conflict with a proposal
    finds it in no number."""
    call, leads = member.commission.call, member.role in LEADS
    grids = {area.code: call.notice.grid_for(area.code) for area in call.notice.areas}
    found: dict[str, dict[str, Any]] = {
        code: {"together": grid.marking is Marking.COLLEGIAL, "leads": leads} for code, grid in grids.items()
    }
    pairwise = any(criterion.type is CriterionType.PAIRWISE for grid in grids.values() for criterion in grid.criteria)
    if not leads and not pairwise:
        return found
    progress_in = progress_of(call)
    own = _own_tables(member) if member.marks_proposals and pairwise else {}
    reasons = reasons_not_to_close_each(progress_in, by=member.user, at=at) if leads else {}
    for code, progress in progress_in.items():
        if member.marks_proposals:
            found[code]["in_pairs"] = [{"criterion": c, "words": _words(own.get((code, c.code)))} for c in progress.compared]
        if leads:
            found[code] |= _standing(progress, hidden=progress.hidden_from(member.user))
            found[code] |= {"can_close": bool(progress.admitted), "reasons": reasons[code]}
    return found


def _standing(progress: Progress, *, hidden: Any = ()) -> dict[str, Any]:
    final, due = progress.marked_together(hidden=hidden) if progress.together else (0, 0)
    return {
        "together": progress.together,
        "compared": bool(progress.compared),
        "members": progress.by_member(hidden=hidden),
        "sheets_final": final,
        "sheets_due": due,
    }


def _own_tables(member: Member) -> dict[tuple[str, str], str]:
    """(area, criterion) to the state of the member's own comparison."""
    rows = Comparison.objects.visible_to(member.user).filter(member=member)
    return {(area, criterion): state for area, criterion, state in rows.values_list("area_code", "criterion", "state")}


def _words(state: str | None) -> str:
    match state:
        case SheetState.FINAL:
            return _("Conclusi")
        case None:
            return _("Da fare")
        case _:
            return _("In corso")

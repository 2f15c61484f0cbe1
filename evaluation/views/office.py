"""The office: the commission, how far it is, and the ranking from the computation to the publication."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import officials_only
from bando.models import Call
from bando.notice.document import Area
from evaluation.actions import appoint_commission, close_evaluation, compute_ranking, publish_ranking, reasons_not_to_close
from evaluation.forms import AppointForm, PublishForm
from evaluation.models import Ranking
from evaluation.presentation import TableView
from evaluation.progress import Progress, commission_of
from evaluation.published import recompute
from evaluation.ranking import Outcome
from evaluation.rules import warnings_on
from evaluation.states import RankingState
from evaluation.transitions import APPOINT
from workflow.perform import reasons_against
from workflow.transition import Refused

STEPS = ("check", "preview", "confirm")


def _call(request: HttpRequest, slug: str) -> Call:
    return get_object_or_404(Call.objects.visible_to(request.user).select_related("version", "commission"), slug=slug)


def _area(call: Call, code: str) -> Area:
    try:
        return call.notice.area(code)
    except KeyError:
        raise Http404 from None


@officials_only
def commission(request: HttpRequest, slug: str) -> HttpResponse:
    """Who evaluates: the appointment, or the commission once it is there."""
    call = _call(request, slug)
    rule, status, warnings = call.notice.commission, 200, []
    form = AppointForm(request.POST if request.method == "POST" else None, rule=rule)
    against = reasons_against(APPOINT, call, by=request.user, at=request.arrived_at)
    if request.method == "POST" and against:
        status = 409  # and no warning is looked for: before the deadline it would tell which bodies have applied
    elif request.method == "POST" and form.is_valid():
        warnings = warnings_on(call, form.seats)
        if warnings and not form.cleaned_data["confirmed"]:
            form.add_error("confirmed", _("Leggi le avvertenze e conferma, oppure cambia le persone."))
        else:
            try:
                appoint_commission(
                    call,
                    members=form.seats,
                    act_number=form.cleaned_data["act_number"],
                    act_date=form.cleaned_data["act_date"],
                    by=request.user,
                    at=request.arrived_at,
                )
            except Refused as refusal:
                status = 409
                for reason in refusal.reasons:
                    form.add_error(None, reason)
            else:
                messages.success(request, _("La commissione è nominata. Ogni componente la trova in «Valutazioni»."))
                return redirect("desk_commission", slug=slug)
    made = commission_of(call)
    context = {
        "call": call,
        "rule": rule,
        "commission": made,
        "members": made.members.select_related("user") if made else (),
        "reasons": [] if made else against,
        "form": form if made is None else None,
        "warnings": warnings,
        "appointment": call.steps.filter(act="appoint").first() if made else None,
    }
    return render(request, "evaluation/desk_commission.html", context, status=status)


@officials_only
def evaluation(request: HttpRequest, slug: str) -> HttpResponse:
    """How far each member is, in counts, and the closing of each area."""
    call = _call(request, slug)
    refused, status = {}, 200
    if request.method == "POST":
        area = _area(call, request.POST.get("area", ""))
        try:
            close_evaluation(call, area.code, by=request.user, at=request.arrived_at)
        except Refused as refusal:
            refused[area.code], status = refusal.reasons, 409
        else:
            messages.success(
                request, _("La valutazione di «%(area)s» è chiusa. Ora calcola la graduatoria.") % {"area": area.title}
            )
            return redirect("desk_evaluation", slug=slug)
    areas = []
    for area in call.notice.areas:
        progress = Progress(call, area.code)
        areas.append(
            {
                "area": area,
                "progress": progress,
                "members": progress.by_member(),
                "conflicts": progress.conflicts(),
                "reasons": reasons_not_to_close(progress, by=request.user, at=request.arrived_at),
                "refused": refused.get(area.code, ()),
            }
        )
    context = {"call": call, "commission": commission_of(call), "areas": areas}
    return render(request, "evaluation/desk_evaluation.html", context, status=status)


@officials_only
def ranking(request: HttpRequest, slug: str, area: str) -> HttpResponse:
    """The ranking of an area before it is public: check, look at it as everybody will, confirm with the act."""
    call = _call(request, slug)
    field = _area(call, area)
    row = Ranking.objects.visible_to(request.user).filter(call=call, area_code=area).select_related("pdf").first()
    step = request.GET.get("passo", STEPS[0])
    if step not in STEPS or row is None or row.state == RankingState.PUBLISHED:
        step = STEPS[0]
    form = PublishForm(initial={"seen": row.sha256 if row else ""})
    refused: list[str] = []
    status = 200
    if request.method == "POST" and "compute" in request.POST:
        try:
            compute_ranking(call, area, by=request.user, at=request.arrived_at)
        except Refused as refusal:
            refused, status = refusal.reasons, 409
        else:
            messages.success(request, _("La graduatoria è calcolata. Controllala, guardala e poi pubblicala."))
            return redirect("desk_ranking", slug=slug, area=area)
    elif request.method == "POST" and row is not None:
        step, form = "confirm", PublishForm(request.POST)
        if form.is_valid():
            try:
                publish_ranking(
                    row,
                    act_number=form.cleaned_data["act_number"],
                    act_date=form.cleaned_data["act_date"],
                    seen=form.cleaned_data["seen"],
                    by=request.user,
                    at=request.arrived_at,
                )
            except Refused as refusal:
                status = 409
                for reason in refusal.reasons:
                    form.add_error(None, reason)
                row.refresh_from_db()
                row.__dict__.pop("document", None)
            else:
                messages.success(request, _("La graduatoria è pubblicata. Stiamo scrivendo agli enti e preparando il PDF."))
                return redirect("desk_ranking", slug=slug, area=area)
    table = TableView(row.document) if row else None
    number = request.GET.get("domanda", "")
    progress = Progress(call, area)
    context = {
        "call": call,
        "area": field,
        "ranking": row,
        "table": table,
        "step": step,
        "steps": _steps(request, slug, area, step) if row and row.state == RankingState.COMPUTED else [],
        "checks": _checks(row, table, progress),
        "can_compute": progress.is_closed and (row is None or row.state == RankingState.COMPUTED),
        "form": form if step == "confirm" else None,
        "refused": refused,
        "is_published": row is not None and row.state == RankingState.PUBLISHED,
        "opened": table.row(number) if table else None,
        "derivations": table.derivations(number) if table else [],
        "derivation_url": f"?passo={step}&domanda=",
    }
    return render(request, "evaluation/desk_ranking.html", context, status=status)


def _steps(request: HttpRequest, slug: str, area: str, current: str) -> list[dict[str, str]]:
    labels = {"check": _("Controlla"), "preview": _("Guarda l'anteprima"), "confirm": _("Conferma")}
    base, seen, found = reverse("desk_ranking", args=[slug, area]), True, []
    for step in STEPS:
        if step == current:
            seen = False
        state = "now" if step == current else "done" if seen else ""
        found.append({"label": labels[step], "url": f"{base}?passo={step}", "state": state})
    return found


def _checks(row: Ranking | None, table: TableView | None, progress: Progress) -> list[dict[str, Any]]:
    """What an official looks at before publishing. ``met``: true, false, or ``None`` for what is to be weighed."""
    found: list[dict[str, Any]] = [
        {
            "met": not progress.to_check,
            "text": _("La verifica delle domande è finita.")
            if not progress.to_check
            else _("Ci sono ancora domande da verificare: %(n)s.") % {"n": progress.to_check},
        },
        {
            "met": progress.is_closed,
            "text": _("La valutazione è chiusa: ogni punteggio ha il suo motivo.")
            if progress.is_closed
            else _("La valutazione di quest'area è ancora aperta."),
        },
        {
            "met": row is not None,
            "text": _("La graduatoria è calcolata.") if row else _("La graduatoria non è ancora calcolata."),
        },
    ]
    if row is None or table is None:
        return found
    differences = recompute(row.document)
    found.append(
        {
            "met": not differences,
            "text": _("Ricalcolata da capo dal solo file, dà gli stessi numeri.")
            if not differences
            else _("Ricalcolata dal solo file dà numeri diversi: calcolala di nuovo."),
        }
    )
    if any(item.outcome == Outcome.TIE_PENDING for item in table.rows):
        found.append(
            {
                "met": None,
                "text": _("C'è una parità sull'ultimo posto: pubblichi la parità, e nessuna di quelle proposte è selezionata."),
            }
        )
    if unfilled := row.document["unfilled"]:
        found.append({"met": None, "text": _("Posti che restano liberi: %(n)s. L'atto dice perché.") % {"n": unfilled}})
    if discordant := sum(spread.discordant for spread in table.spread.values()):
        found.append({"met": None, "text": _("Proposte con uno scarto alto tra i componenti: %(n)s.") % {"n": discordant}})
    found += [{"met": None, "text": text} for text in table.personal_data]
    if not table.personal_data:
        found.append({"met": True, "text": _("Nei testi da pubblicare non ci sono e-mail, telefoni, IBAN o codici fiscali.")})
    found.append({"met": True, "text": _("Nel file i componenti sono indicati con il ruolo, non con il nome.")})
    return found

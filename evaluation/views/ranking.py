"""The office: the ranking from the computation to the publication."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import officials_only
from evaluation.actions import compute_ranking, publish_ranking
from evaluation.forms import PublishForm
from evaluation.models import Ranking
from evaluation.presentation import TableView
from evaluation.progress import Progress
from evaluation.published import recompute
from evaluation.ranking import Outcome
from evaluation.states import RankingState
from evaluation.views.office import area_of, call_of
from workflow.transition import Refused

STEPS = ("check", "preview", "confirm")


@officials_only
def ranking(request: HttpRequest, slug: str, area: str) -> HttpResponse:
    """The ranking of an area before it is public: check, look at it as everybody will, confirm with the act."""
    call = call_of(request, slug)
    field = area_of(call, area)
    row = Ranking.objects.visible_to(request.user).filter(call=call, area_code=area).first()
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

"""The office: a ranking from the computation to each of its publications."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import officials_only
from applications.models import Application
from bando.models import Call
from evaluation.actions import (
    compute_ranking,
    correct_ranking,
    publish_provisional,
    publish_ranking,
    set_public_title,
)
from evaluation.changes import Change, Standing, changes
from evaluation.figures import figure
from evaluation.leaving import Finding, findings
from evaluation.models import Observation, Ranking, RankingVersion
from evaluation.presentation import TableView, outcome_words
from evaluation.progress import Progress
from evaluation.published import recompute
from evaluation.publishing_forms import PublishForm, ReasonForm, TitleForm
from evaluation.ranking import Outcome
from evaluation.states import RankingState
from evaluation.transitions import CORRECT, PUBLISH, PUBLISH_PROVISIONAL
from evaluation.views.office import area_to_rank, call_of
from workflow.perform import reasons_against
from workflow.transition import Refused

STEPS = ("check", "preview", "confirm")


@officials_only
def ranking(request: HttpRequest, slug: str, area: str) -> HttpResponse:
    """The ranking of an area as it is being prepared: check, look at it as everybody will, confirm with the act. Beside it what
    was published, version by version, and what would change."""
    call = call_of(request, slug)
    field = area_to_rank(request, call, area)
    row = Ranking.objects.visible_to(request.user).filter(call=call, area_code=area).first()
    if row is not None:
        row.call = call
    versions = list(row.versions.order_by("-number")) if row else []
    latest = versions[0] if versions else None
    kind = _kind(row)
    changed = changes(latest.document, row.document) if row and latest else []
    step = request.GET.get("passo", STEPS[0])
    if step not in STEPS or row is None or not kind:
        step = STEPS[0]
    found = findings(row, row.document) if row else []
    forms = {
        "unfilled": bool(row and row.document["unfilled"]),
        "changed": bool(changed) or kind == "correction",
        "found": bool(found),
    }
    initial = {"seen": row.sha256 if row else "", "unfilled_reason": _kept_reason(latest)}
    form = PublishForm(initial=initial, **forms)
    reason_form, title_form = ReasonForm(), None
    refused: list[str] = []
    status = 200
    if request.method == "POST" and "compute" in request.POST:
        reason_form = ReasonForm(request.POST if "reason" in request.POST else None)
        try:
            reason = reason_form.cleaned_data["reason"] if reason_form.is_valid() else ""
            compute_ranking(call, area, reason=reason, by=request.user, at=request.arrived_at)
        except Refused as refusal:
            refused, status = refusal.reasons, 409
        else:
            messages.success(request, _("La graduatoria è calcolata. Controllala, guardala e poi pubblicala."))
            return redirect("desk_ranking", slug=slug, area=area)
    elif request.method == "POST" and "retitle" in request.POST and row is not None:
        title_form = TitleForm(request.POST)
        if title_form.is_valid():
            given = title_form.cleaned_data
            try:
                set_public_title(
                    row,
                    given["application"],
                    given["title"],
                    reason=given["title_reason"],
                    by=request.user,
                    at=request.arrived_at,
                )
            except Refused as refusal:
                refused, status = refusal.reasons, 409
            except Application.DoesNotExist:
                raise Http404 from None
            else:
                messages.success(request, _("Il titolo per la pubblicazione è cambiato. La domanda resta com'è."))
                return redirect("desk_ranking", slug=slug, area=area)
    elif request.method == "POST" and row is not None:
        step, form = "confirm", PublishForm(request.POST, **forms)
        if form.is_valid():
            try:
                _publish(request, row, kind, form)
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
    waiting = Observation.objects.filter(version__ranking=row, answered_at=None).count() if _is_provisional(row) else 0
    context = {
        "call": call,
        "area": field,
        "ranking": row,
        "table": table,
        "step": step,
        "kind": kind,
        "steps": _steps(slug, area, step) if row and kind else [],
        "checks": _checks(row, table, progress, found, kind, waiting, request),
        "can_compute": progress.is_closed or (row is not None and row.state != RankingState.COMPUTED),
        "wants_reason": row is not None and row.state == RankingState.PUBLISHED,
        "reason_form": reason_form,
        "titles": _titles(found, title_form),
        "form": form if step == "confirm" else None,
        "refused": refused,
        "latest": latest,
        "versions": versions,
        "waiting": waiting,
        "changed": [_told(change) for change in changed],
        "reserves": _reserves(call, area),
        "opened": table.row(number) if table else None,
        "derivations": table.derivations(number) if table else [],
        "derivation_url": f"?passo={step}&domanda=",
    }
    return render(request, "evaluation/desk_ranking.html", context, status=status)


def _kind(row: Ranking | None) -> str:
    """What would be published next: ``provisional``, ``final`` or ``correction``; "" when there is nothing to publish."""
    if row is None:
        return ""
    if row.state == RankingState.PUBLISHED:
        latest = row.latest
        return "correction" if latest and latest.published_at < row.computed_at else ""
    if row.state == RankingState.COMPUTED and row.call.notice.publication.observations_days is not None:
        return "provisional"
    return "final"


def _is_provisional(row: Ranking | None) -> bool:
    return row is not None and row.state == RankingState.PROVISIONAL


def _kept_reason(latest: RankingVersion | None) -> str:
    return latest.document.get("unfilled_reason", "") if latest else ""


def _publish(request: HttpRequest, row: Ranking, kind: str, form: PublishForm) -> None:
    given = form.cleaned_data
    facts: dict[str, Any] = {
        "act_number": given["act_number"],
        "act_date": given["act_date"],
        "seen": given["seen"],
        "unfilled_reason": given.get("unfilled_reason", ""),
        "confirmed": given.get("confirmed", False),
        "by": request.user,
        "at": request.arrived_at,
    }
    if kind == "correction" or row.state == RankingState.PUBLISHED:
        correct_ranking(row, reason=given.get("note", ""), **facts)
    elif kind == "provisional" or "again" in request.POST:
        publish_provisional(row, note=given.get("note", ""), **facts)
    else:
        publish_ranking(row, note=given.get("note", ""), **facts)


def _steps(slug: str, area: str, current: str) -> list[dict[str, str]]:
    labels = {"check": _("Controlla"), "preview": _("Guarda l'anteprima"), "confirm": _("Conferma")}
    base, seen, found = reverse("desk_ranking", args=[slug, area]), True, []
    for step in STEPS:
        if step == current:
            seen = False
        state = "now" if step == current else "done" if seen else ""
        found.append({"label": labels[step], "url": f"{base}?passo={step}", "state": state})
    return found


def _titles(found: list[Finding], tried: TitleForm | None) -> list[dict[str, Any]]:
    """One form for each title in which a person's data were found; the one just sent comes back as it was typed."""
    number = tried.data.get("application") if tried else None
    return [
        {
            "finding": finding,
            "form": tried
            if tried and finding.application == number
            else TitleForm(initial={"application": finding.application, "title": finding.text}, auto_id=f"id_{index}_%s"),
        }
        for index, finding in enumerate(found)
        if finding.is_title
    ]


def _told(change: Change) -> dict[str, str]:
    """A row of what changed, in words."""
    return {
        "application": change.application,
        "body": change.body,
        "before": _standing_words(change.before),
        "after": _standing_words(change.after),
    }


def _standing_words(standing: Standing | None) -> str:
    if standing is None:
        return _("non c'è")
    place = _("senza posto") if standing.position is None else _("posto %(n)s") % {"n": standing.position}
    words = [place, outcome_words(standing.outcome), _("%(total)s punti") % {"total": figure(standing.total)}]
    return ", ".join([*words, f"«{standing.title}»"] if standing.title else words)


def _reserves(call: Call, area: str) -> list[dict[str, str]]:
    """The proposals admitted with reserve whose reserve still stands."""
    rows = Application.objects.filter(call=call, area_code=area).exclude(reserve="").exclude(number=None)
    return list(rows.order_by("number").values("number", "reserve"))


def _checks(
    row: Ranking | None,
    table: TableView | None,
    progress: Progress,
    findings: list[Finding],
    kind: str,
    waiting: int,
    request: HttpRequest,
) -> list[dict[str, Any]]:
    """What an official looks at before publishing. ``met``: true, false, or ``None`` for what is to be weighed."""
    found: list[dict[str, Any]] = [
        {
            "met": not progress.to_check,
            "text": _("La verifica delle domande è finita.")
            if not progress.to_check
            else _("Ci sono ancora domande da verificare: %(n)s.") % {"n": progress.to_check},
        },
        {
            "met": progress.is_closed or (row is not None and row.state != RankingState.COMPUTED),
            "text": _("La valutazione è chiusa: ogni punteggio ha il suo motivo.")
            if progress.is_closed or (row is not None and row.state != RankingState.COMPUTED)
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
    acts = {"provisional": PUBLISH_PROVISIONAL, "final": PUBLISH, "correction": CORRECT}
    if kind and not differences:
        against = reasons_against(acts[kind], row, by=request.user, at=request.arrived_at)
        found += [{"met": False, "text": text} for text in against]
    if any(item.outcome == Outcome.TIE_PENDING for item in table.rows):
        found.append(
            {
                "met": None,
                "text": _("C'è una parità sull'ultimo posto: pubblichi la parità, e nessuna di quelle proposte è selezionata."),
            }
        )
    if unfilled := row.document["unfilled"]:
        found.append(
            {"met": None, "text": _("Posti che restano liberi: %(n)s. Scrivi perché quando confermi.") % {"n": unfilled}}
        )
    if discordant := sum(spread.discordant for spread in table.spread.values()):
        found.append({"met": None, "text": _("Proposte con uno scarto alto tra i componenti: %(n)s.") % {"n": discordant}})
    found += [{"met": None, "text": finding.words, "is_finding": True} for finding in findings]
    if not findings:
        found.append(
            {
                "met": True,
                "text": _(
                    "Nei testi da pubblicare non ci sono e-mail, telefoni, IBAN, codici fiscali, "
                    "né nomi di persone che agiscono per gli enti."
                ),
            }
        )
    found.append({"met": True, "text": _members_words(row)})
    if _is_provisional(row) and not waiting and row.versions.filter(observations__isnull=False).exists():
        found.append({"met": True, "text": _("Ogni osservazione ha la sua risposta.")})
    return found


def _members_words(row: Ranking) -> str:
    """How the file shows whose mark is whose, as the call says."""
    match str(row.call.notice.publication.members):
        case "names":
            return _("Nel file i componenti sono indicati con il nome, come dice l'avviso.")
        case "none":
            return _("Nel file non si vede di chi è ogni punteggio, come dice l'avviso.")
        case _:
            return _("Nel file i componenti sono indicati con il ruolo, non con il nome.")

"""The office writes the text of an agreement, and freezes it for the signature."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import officials_only
from bando.left_over import left_over
from network import actions
from network.actions.agreements import ADD, DOWN, UP
from network.agreement_forms import KEY, TextForm
from network.agreement_pdf import paper_of
from network.agreement_text import units_of
from network.contents import missing
from network.guarantees import uncovered
from network.models import Agreement
from network.states import AgreementState
from network.transitions import EDIT_AGREEMENT, PREPARE_AGREEMENT
from network.views.agreement_desk import agreement_of, may, refused
from network.views.refusals import tell
from workflow.perform import reasons_against
from workflow.transition import Refused


@officials_only
def text(request: HttpRequest, pk: Any) -> HttpResponse:
    """The text while it is written; then as it was prepared. ``?versione=`` shows what a saving kept."""
    application, row = agreement_of(request, pk)
    saving = _saving(row, request.GET.get("versione", ""))
    writes = may(EDIT_AGREEMENT, row, request) and saving is None
    if request.method == "POST" and saving is not None:
        raise Http404
    form, theirs, unsaved, status = TextForm(request.POST or None, agreement=row) if writes else None, [], [], 200
    if request.method == "POST" and form is None:
        status = tell(request, Refused(reasons_against(EDIT_AGREEMENT, row, by=request.user, at=request.arrived_at)))
        unsaved = left_over([(TextForm(request.POST, agreement=row), False)])
    elif request.method == "POST" and form.is_valid():
        answer = _written(request, row, form)
        if isinstance(answer, HttpResponse):
            return answer
        status, (form, theirs) = 409, answer
        row = now_of(row)
    if saving is not None:
        row.preamble, row.articles, row.waived = (saving.facts[name] for name in ("preamble", "articles", "waived"))
    gaps = missing(row.articles, row.waived)
    context = {
        **paper_of(row),
        "application": application,
        "agreement": row,
        "form": form,
        "theirs": theirs,
        "unsaved": unsaved,
        "articles": form.articles() if form else [],
        "gaps": form.waivers(gaps) if form else [],
        "settled": form.waivers(row.waived) if form else [],
        "against": reasons_against(PREPARE_AGREEMENT, row, by=request.user, at=request.arrived_at) if writes else [],
        "warns": _warnings(row),
        "saving": saving,
        "savings": row.steps.filter(act="edit").select_related("by").order_by("-pk"),
        "is_ready": row.state == AgreementState.READY,
    }
    return render(request, "network/agreements/desk_text.html", context, status=status)


def now_of(row: Agreement) -> Agreement:
    """As it is stored, with the version of the project that it would carry out now."""
    now = Agreement.objects.select_related("text", "saved_by").get(pk=row.pk)
    now.application = row.application
    if now.state == AgreementState.DRAFT:
        now.project = actions.final_version(row.application)
    return now


def _saving(row: Agreement, version: str) -> Any:
    """The step that saved this version; None when none is asked for."""
    if not version:
        return None
    found = next((step for step in row.steps.filter(act="edit") if str(step.facts["version"]) == version), None)
    if found is None:
        raise Http404
    return found


def _warnings(row: Agreement) -> list[str]:
    """What may be missing and hinders nobody."""
    rows = list(row.guarantees.all())
    if not rows:
        return [_("Non c'è ancora nessuna garanzia registrata: se l'avviso ne chiede, chiedile all'ente.")]
    return [_("Una garanzia scade prima della convenzione: chiedi all'ente di rinnovarla.")] if uncovered(row, rows) else []


def _place(row: Agreement, change: str, of: str) -> str:
    """Where the page goes on after ``change``: at the article that was added or moved."""
    if change == ADD:
        return f"#article-{Agreement.objects.get(pk=row.pk).articles[-1]['key']}"
    return f"#article-{of}" if change in (UP, DOWN) and KEY.fullmatch(of) else ""


def _written(request: HttpRequest, row: Agreement, form: TextForm) -> HttpResponse | tuple[TextForm, list[dict[str, str]]]:
    """Save, change the articles or prepare, as the pressed button says. Where two wrote at once, answers the page again with both
    texts."""
    act: dict[str, Any] = {"by": request.user, "at": request.arrived_at}
    change, _colon, of = request.POST.get("change", "").partition(":")
    merged = None
    try:
        merged = actions.save_text(row, form.typed(), form.bases(), change=change, of=of, **act)
        if not merged.conflicts:
            if "prepare" in request.POST:
                seen = form.cleaned_data["version"] + bool(merged.changes)
                actions.prepare_agreement(row, seen=seen, project=form.cleaned_data["project"], **act)
                messages.success(request, _("Il testo è pronto per la firma e non cambia più. Stiamo preparando il PDF."))
                return redirect("desk_agreement", pk=row.application_id)
            messages.success(request, _("Il testo è salvato."))
            return redirect(reverse("desk_agreement_text", args=[row.application_id]) + _place(row, change, of))
    except Refused as refusal:
        # Saved and not prepared: the page shows what is stored now. Not even saved: what was typed stays as it was sent.
        again = form.again([], now_of(row)) if merged else form
        refused(again, refusal)
        return again, []
    now = now_of(row)
    again = form.again(merged.conflicts, now)
    again.add_error(None, _("Qualcun altro ha cambiato lo stesso testo. Qui sotto trovi il suo e il tuo: uniscili e salva."))
    stored = units_of(now)
    theirs = [
        {"label": str(again[list(said)[-1]].label), "text": "\n\n".join(filter(None, stored.get(unit, {}).values()))}
        for unit, said in form.typed().items()
        if unit in merged.conflicts
    ]
    return again, theirs

"""The agreement, for the body that signs it, and what everybody reads of those that were published."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applications.confirming import rules_answered
from bando.csv_table import csv_of
from bando.deadlines import day_in_rome
from documents.responses import serve
from network import actions
from network.agreement_forms import SignedPartForm
from network.agreement_pdf import paper_of
from network.agreement_publication import csv_rows, of_year, published, record, years
from network.agreement_signing import elsewhere, name_of, signatures_of
from network.agreement_words import contents_of
from network.models import Agreement, AgreementParty
from network.rules.agreements import paid_cents
from network.states import AgreementState
from network.transitions import SIGN_PART
from workflow.perform import reasons_against
from workflow.transition import Refused
from workflow.transparency import YEARS

SHOWN = ["prepare", "reopen", "sign_part", "accept_copy", "sign", "publish", "take_effect", "pay", "end", "change_terms"]
"""The acts that the body reads, of those on its agreement."""


def _agreement(request: HttpRequest, pk: Any) -> Agreement:
    rows = Agreement.objects.visible_to(request.user).select_related(
        "application__call__version", "application__organisation", "application__current__call_version", "document", "text"
    )
    return get_object_or_404(rows, pk=pk)


@login_required
def agreement(request: HttpRequest, pk: Any) -> HttpResponse:
    """Where it stands, what is to be signed, what was paid."""
    row = _agreement(request, pk)
    is_frozen = row.text is not None
    administration = rules_answered(row.application).administration.name
    signs = signatures_of(row) if row.state == AgreementState.READY else []
    is_signed = row.state not in (AgreementState.DRAFT, AgreementState.READY)
    context = {
        **(paper_of(row) if is_frozen else {}),
        "agreement": row,
        "is_frozen": is_frozen,
        "is_draft": row.state == AgreementState.DRAFT,
        "is_ready": row.state == AgreementState.READY,
        "draft": rules_answered(row.application).agreement,
        "signs": [{"name": name_of(sign.party, administration), "sign": sign} for sign in signs],
        "done": sum(sign.has_signed for sign in signs),
        "elsewhere": elsewhere(row),
        "mine": _own(request, row) if signs else [],
        "contents": contents_of(row) if is_signed and not is_frozen else [],
        "reports": row.reporting_terms.all() if is_signed else [],
        "paid": paid_cents(row) if is_signed else 0,
        "steps": row.steps.select_related("by").filter(act__in=SHOWN),
    }
    return render(request, "network/agreements/agreement.html", context)


@login_required
@require_safe
def agreement_file(request: HttpRequest, pk: Any) -> FileResponse:
    row = _agreement(request, pk)
    if row.document is None:
        raise Http404
    return serve(row.document)


@login_required
@require_safe
def agreement_text_pdf(request: HttpRequest, pk: Any) -> FileResponse:
    """The paper to sign."""
    row = _agreement(request, pk)
    if row.text is None:
        raise Http404
    return serve(row.text)


def _own(request: HttpRequest, row: Agreement) -> list[AgreementParty]:
    """The parties for which who asks may bring a file."""
    return list(row.parties.filter(organisation__memberships__user=request.user).select_related("organisation"))


@login_required
def agreement_sign(request: HttpRequest, pk: Any) -> HttpResponse:
    """The body downloads the paper and brings it back signed."""
    row = _agreement(request, pk)
    own = _own(request, row)
    if not own or row.state != AgreementState.READY:
        raise Http404
    form = SignedPartForm(
        request.POST or None, request.FILES or None, parties=[(party, party.organisation.name) for party in own]
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.sign_part(row, form.chosen(), form.cleaned_data["file"], by=request.user, at=request.arrived_at)
        except Refused as refusal:
            status = 409
            form.add_error(None, refusal.reasons)
        else:
            messages.success(request, _("Abbiamo il tuo file. Tra poco diciamo che cosa c'è dentro: ricarica la pagina."))
            return redirect("agreement_sign", pk=pk)
    keys = {party.pk for party in own}
    context = {
        "agreement": row,
        "form": form,
        "signs": [sign for sign in signatures_of(row) if sign.party.pk in keys],
        "against": reasons_against(SIGN_PART, row, by=request.user, at=request.arrived_at, data={"parties": own}),
    }
    return render(request, "network/agreements/sign.html", context, status=status)


# What everybody reads


@require_safe
def public_agreements(request: HttpRequest) -> HttpResponse:
    """The agreements that were published, for the five years of the law."""
    rows = list(published(day_in_rome(request.arrived_at)))
    context = {"rows": [{"agreement": row, **record(row)} for row in rows], "years": years(rows), "term": YEARS}
    return render(request, "network/agreements/public.html", context)


@require_safe
def agreements_csv(request: HttpRequest, year: int) -> HttpResponse:
    table = csv_of(csv_rows(_of_year(request, year)))
    response = HttpResponse(table, content_type="text/csv; charset=utf-8; header=present")
    response["Content-Disposition"] = f'attachment; filename="convenzioni-{year}.csv"'
    return response


@require_safe
def agreements_json(request: HttpRequest, year: int) -> HttpResponse:
    rows = [record(row) for row in _of_year(request, year)]
    return JsonResponse({"year": year, "agreements": rows}, json_dumps_params={"ensure_ascii": False})


def _of_year(request: HttpRequest, year: int) -> list[Agreement]:
    rows = of_year(year, day_in_rome(request.arrived_at))
    if not rows:
        raise Http404
    return rows

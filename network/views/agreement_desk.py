"""The office: the agreement of a selected application."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.access import officials_only
from applications.models import Application
from applications.states import ApplicationState
from documents.uploads import store
from network import actions
from network.agreement_forms import SignAgreementForm
from network.models import Agreement, Space
from network.states import AgreementState
from network.transitions import SIGN
from workflow.perform import reasons_against
from workflow.transition import Refused

SELECTED = [ApplicationState.SELECTED, ApplicationState.AGREED, ApplicationState.OPEN]


@officials_only
def agreement(request: HttpRequest, pk: Any) -> HttpResponse:
    """The agreement of one selected application: its draft, and the registration of the signature."""
    rows = Application.objects.at_the_desk(request.user, at=request.arrived_at).with_call().filter(state__in=SELECTED)
    application = get_object_or_404(rows, pk=pk)
    row = Agreement.objects.filter(application=application).select_related("document").first()
    form, status = SignAgreementForm(), 200
    if request.method == "POST" and row is None:
        actions.draft_agreement(application, at=request.arrived_at)
        return redirect("desk_agreement", pk=pk)
    if request.method == "POST":
        form = SignAgreementForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                _sign(row, form, request)
            except Refused as refusal:
                form.add_error(None, refusal.reasons)
                status = 409
            else:
                messages.success(request, _("Convenzione registrata: l'ente è partner della rete."))
                return redirect("desk_agreement", pk=pk)
    context = {
        "application": application,
        "agreement": row,
        "draft": application.call.notice.agreement,
        "form": form,
        "reasons": reasons_against(SIGN, row, by=request.user, at=request.arrived_at) if row else [],
        "is_signed": row is not None and row.state == AgreementState.SIGNED,
        "spaces": Space.objects.filter(partnership__agreement=row) if row else [],
        "steps": row.steps.select_related("by") if row else [],
    }
    return render(request, "network/desk_agreement.html", context, status=status)


def _sign(row: Agreement, form: SignAgreementForm, request: HttpRequest) -> None:
    values = form.cleaned_data
    document = store(values["file"], media_type=values["file"].media_type, by=request.user, at=request.arrived_at)
    actions.sign_agreement(
        row,
        number=values["number"],
        signed_on=values["signed_on"],
        starts_on=values["starts_on"],
        ends_on=values["ends_on"],
        document=document,
        by=request.user,
        at=request.arrived_at,
    )

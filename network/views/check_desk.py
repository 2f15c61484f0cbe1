"""One declaration that is verified, for the office: what was asked, what came back, and the outcome."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import officials_only
from documents.responses import serve
from network import actions
from network.checks_forms import AgainForm, AskForm, ConfirmForm, FalseForm, IrregularForm
from network.models import DeclarationCheck
from network.replacement import steps_after
from network.states import CheckPlanState, DeclarationCheckState
from network.transitions.checks import ASK_AUTHORITY, CHECK_AGAIN, CONFIRM_DECLARATION, FIND_FALSE, FIND_IRREGULAR
from network.views.checks import kept, reply_of, term_in_words
from workflow.perform import reasons_against
from workflow.transition import Refused

Act = Callable[[dict[str, Any]], str]


@officials_only
def desk_check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One declaration: what was asked, what came back, and the outcome."""
    rows = DeclarationCheck.objects.visible_to(request.user)
    rows = rows.select_related(
        "plan", "application__call__version", "application__organisation", "organisation", "answer", "doubted_by"
    )
    check = get_object_or_404(rows, pk=pk)
    forms, reasons, status = _check_forms(request, check), [], 200
    name = next((name for name in forms if name in request.POST), None)
    if request.method == "POST" and name is None:
        raise Http404
    if name is not None:
        form, _row, act = forms[name]
        if form.is_valid():
            try:
                messages.success(request, act(form.cleaned_data))
                return redirect("desk_check", pk=pk)
            except Refused as refusal:
                reasons, status = refusal.reasons, 409
                check = get_object_or_404(rows, pk=pk)
    asked = {"by": request.user, "at": request.arrived_at}
    is_false = check.state == DeclarationCheckState.FALSE
    after = steps_after(check, **asked) if is_false else []
    context = {
        "check": check,
        "application": check.application,
        "call": check.application.call,
        "area": check.application.area,
        "forms": {key: form for key, (form, row, _act) in forms.items() if not reasons_against(row, check, **asked)},
        "after": [{"title": "", "tasks": after}] if after else [],
        "reasons": reasons,
        "term": term_in_words(check, request.arrived_at),
        "replies": check.replies.select_related("document", "by"),
        "steps": check.steps.select_related("by"),
        "is_over": check.plan.state == CheckPlanState.CLOSED,
    }
    return render(request, "network/checks/desk_check.html", context, status=status)


@officials_only
@require_safe
def desk_check_file(request: HttpRequest, pk: UUID, number: int | None = None) -> FileResponse:
    """What the authority answered, or the file of a reply of the body."""
    check = get_object_or_404(DeclarationCheck.objects.visible_to(request.user).select_related("answer"), pk=pk)
    document = check.answer if number is None else reply_of(check, number).document
    if document is None:
        raise Http404
    return serve(document)


def _check_forms(request: HttpRequest, check: DeclarationCheck) -> dict[str, tuple[Any, Any, Act]]:
    """By the name of its button: each form, filled if it is the one that was sent, its row and the act behind it."""
    asked = {"by": request.user, "at": request.arrived_at}

    def ask(typed: dict[str, Any]) -> str:
        actions.ask_authority(check, asked_to=typed["asked_to"], due_at=typed["due_at"], note=typed["note"], **asked)
        return _("La richiesta è segnata. Quando arriva la risposta, torna qui con il file.")

    def confirm(typed: dict[str, Any]) -> str:
        actions.confirm_declaration(check, note=typed["note"], document=kept(request, typed), **asked)
        return _("La dichiarazione è confermata.")

    def irregular(typed: dict[str, Any]) -> str:
        actions.find_irregular(check, due_at=typed["due_at"], reason=typed["reason"], note=typed["note"], **asked)
        return _("L'ente riceve una mail con il termine e risponde da una pagina sua.")

    def false(typed: dict[str, Any]) -> str:
        document = kept(request, typed)
        actions.find_false(check, reason=typed["reason"], note=typed["note"], document=document, **asked)
        return _("La dichiarazione non è vera. Qui sotto leggi che cosa fare adesso, un passo alla volta.")

    def again(typed: dict[str, Any]) -> str:
        actions.check_again(check, reason=typed["reason"], **asked)
        return _("Il controllo è di nuovo da fare.")

    note = {"note": check.note}
    found: dict[str, tuple[Any, Any, Act, dict[str, Any]]] = {
        "ask": (AskForm, ASK_AUTHORITY, ask, {**note, "asked_to": check.asked_to}),
        "confirm": (ConfirmForm, CONFIRM_DECLARATION, confirm, note),
        "irregular": (IrregularForm, FIND_IRREGULAR, irregular, note),
        "false": (FalseForm, FIND_FALSE, false, note),
        "again": (AgainForm, CHECK_AGAIN, again, {}),
    }
    return {
        name: (
            form(request.POST, request.FILES, prefix=name) if name in request.POST else form(initial=initial, prefix=name),
            row,
            act,
        )
        for name, (form, row, act, initial) in found.items()
    }

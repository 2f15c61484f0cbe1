"""Reading everything, sending it, and what comes back."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.db.models import Prefetch
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from applications import actions, receipts
from applications.confirming import must_confirm
from applications.evidence import arrived_for, note, remembered
from applications.forms import WithdrawForm
from applications.history import milestones, terms
from applications.models import Application, EventKind, Participant, Receipt, Submission
from applications.progress import changed_since_sent, fingerprint, missing, rules_of
from applications.reading import ReadSection, read_draft, read_submission
from applications.rules import against_writing
from applications.standing import standing
from applications.states import ApplicationState
from applications.transitions import SUBMIT, WITHDRAW
from applications.views.mine import shown_news
from bando.typed import whole_number
from documents.responses import serve
from workflow.models import SealedEntry
from workflow.perform import reasons_against
from workflow.transition import Refused


@login_required
def review(request: HttpRequest, pk: str) -> HttpResponse:
    return _review(request, pk)


@remembered(EventKind.SUBMIT)
def submit(request: HttpRequest, pk: str) -> HttpResponse:
    """Send what was read. A page that asks for JSON gets the address of the receipt, or the reasons, so that it can try
    again by itself when an answer is lost; everybody else is led there."""
    if not request.user.is_authenticated:
        return _sign_in_to_send(request, pk)
    if request.method != "POST":
        return redirect("application_review", pk=pk)
    application = arrived_for(request)
    if application is None:  # not theirs, or nobody could look it up
        application = get_object_or_404(Application.objects.visible_to(request.user).select_related("organisation"), pk=pk)
    reviewed = request.POST.get("reviewed", "")
    try:
        submission = actions.submit(application, reviewed=reviewed, by=request.user, at=request.arrived_at)
    except actions.ChangedSinceReview as changed:
        note(request, reasons=changed.reasons)
        if _asks_for_json(request):
            return JsonResponse({"reasons": changed.reasons}, status=409)
        return _review(request, pk, said=changed.reasons, status=409)
    except Refused as refused:
        note(request, reasons=refused.reasons)
        if _asks_for_json(request):
            return JsonResponse({"reasons": refused.reasons}, status=409)
        return _review(request, pk, status=409)  # the page asks the same row and says the reasons
    note(request, number=submission.application.number, sequence=submission.sequence)
    if _asks_for_json(request):
        return JsonResponse({"receipt": reverse("application_receipt", args=[pk])})
    return redirect("application_receipt", pk=pk)


def _sign_in_to_send(request: HttpRequest, pk: str) -> HttpResponse:
    """The session ended while the person was reading: after signing in they read once more and press again."""
    if not _asks_for_json(request):
        return redirect_to_login(request.get_full_path())
    back = urlencode({"next": reverse("application_review", args=[pk])})
    return JsonResponse({"sign_in": f"{reverse('account_login')}?{back}"}, status=401)


def _asks_for_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"


@remembered(EventKind.WITHDRAW)
@login_required
def withdraw(request: HttpRequest, pk: str) -> HttpResponse:
    application = _application(request, pk)
    form, reasons, status = WithdrawForm(request.POST if request.method == "POST" else None), [], 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw(application, by=request.user, at=request.arrived_at)
        except Refused as refused:
            application, reasons, status = _application(request, pk), refused.reasons, 409
            note(request, reasons=reasons)
        else:
            messages.success(request, _("Hai ritirato la domanda %(number)s.") % {"number": application.number})
            return redirect("application", pk=pk)
    context = {
        "application": application,
        "call": application.call,
        "form": form,
        "reasons": reasons or reasons_against(WITHDRAW, application, by=request.user, at=request.arrived_at),
        "exit_url": reverse("application", args=[pk]),
        "exit_label": _("La domanda"),
    }
    return render(request, "applications/withdraw.html", context, status=status)


@login_required
def receipt(request: HttpRequest, pk: str) -> HttpResponse:
    application = _application(request, pk)
    submission = _submission(request, application)
    notice = submission.call_version.notice
    context = receipts.receipt_context(submission) | {
        "standing": standing(application, request.arrived_at),
        "is_current": submission.pk == application.current_id,
        "receipt": Receipt.objects.filter(submission=submission).select_related("document").first(),
        "sendings": application.submissions.select_related("completes"),
        "sealed": SealedEntry.objects.filter(entry=receipts.entry_of(submission)).exists(),
        "milestones": milestones(application, application.steps.all(), request.arrived_at),
        "terms": terms(notice),
        "can_resend": application.state == ApplicationState.SUBMITTED and application.call.is_open(request.arrived_at),
    }
    return render(request, "applications/receipt.html", context)


@login_required
def receipt_pdf(request: HttpRequest, pk: str) -> FileResponse:
    submission = _submission(request, _application(request, pk))
    return serve(get_object_or_404(Receipt.objects.select_related("document"), submission=submission).document)


@login_required
def receipt_data(request: HttpRequest, pk: str) -> JsonResponse:
    """The receipt for programs, as it can be told now: with the seal of the ledger and the number of the register that may
    have come after the PDF. It is not signed: what it adds proves itself (``verify_receipt --proof``)."""
    submission = _submission(request, _application(request, pk))
    name = f"ricevuta-{submission.application.number}-{submission.sequence}.json"
    return JsonResponse(
        receipts.receipt_data(submission),
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
        json_dumps_params={"indent": 1, "ensure_ascii": False},
    )


def _review(request: HttpRequest, pk: str, *, said: list[str] | None = None, status: int = 200) -> HttpResponse:
    who = Prefetch("participants", Participant.objects.select_related("organisation", "certified_by"))
    application = _application(request, pk, who)  # what is missing, the budget, the group and the fingerprint ask for them
    reasons = reasons_against(SUBMIT, application, by=request.user, at=request.arrived_at)
    sent = application.state != ApplicationState.DRAFT and not changed_since_sent(application)
    context: dict[str, Any] = {
        "application": application,
        "call": application.call,
        "area": application.area,
        "standing": standing(application, request.arrived_at),
        "read": _read_what_counts(application),
        "files": _files_by_rule(application),
        "gaps": missing(application),
        "reasons": reasons,
        "said": said or [],
        "has_errors": status == 409,
        "sent": sent,
        "writable": against_writing(application, by=request.user, at=request.arrived_at) is None,
        "reviewed": fingerprint(application),
        "news": shown_news(application),
        "confirming": must_confirm(application),
        "exit_url": reverse("application", args=[pk]),
        "exit_label": _("La domanda"),
    }
    return render(request, "applications/review.html", context, status=status)


def _read_what_counts(application: Application) -> list[ReadSection]:
    """The draft while it may be sent; from the check on what counts, with the answers to the office's requests."""
    if not _is_past_drafts(application):
        return read_draft(application)
    sent = application.current
    return read_submission(sent.call_version.notice, application.area_code, sent.answers, sent.manifest)


def _is_past_drafts(application: Application) -> bool:
    return application.state not in {ApplicationState.DRAFT, ApplicationState.SUBMITTED, ApplicationState.WITHDRAWN}


def _files_by_rule(application: Application) -> list[dict[str, Any]]:
    here = list(application.attachments.all())
    if _is_past_drafts(application):
        sent = {file["attachment"] for file in application.current.manifest}
        here = [file for file in here if str(file.pk) in sent]
    return [
        {"rule": rule, "files": [file for file in here if file.rule == rule.code and file.removed_at is None]}
        for rule in rules_of(application)
    ]


def _application(request: HttpRequest, pk: str, *also: Prefetch) -> Application:
    mine = Application.objects.visible_to(request.user).with_call()
    return get_object_or_404(mine.prefetch_related("drafts", "attachments__document", *also), pk=pk)


def _submission(request: HttpRequest, application: Application) -> Submission:
    """The sending that ``?invio=`` asks for, or the one that counts."""
    asked = whole_number(request.GET.get("invio", ""))
    found = application.submissions.select_related("call_version", "by")
    found = found.filter(sequence=asked) if asked is not None else found.filter(pk=application.current_id)
    submission = found.first()
    if submission is None:
        raise Http404
    submission.application = application
    return submission

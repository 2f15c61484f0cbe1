"""The request to complete an application: the office asks, the body answers only what is open again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import officials_only
from applications import completion
from applications.actions import ChangedSinceReview
from applications.actions import completing as acts
from applications.completion_forms import CompletionForm
from applications.completion_rules import against_completing
from applications.desk_forms import ReasonForm
from applications.evidence import note, remembered
from applications.forms import AttachForm
from applications.models import Application, CompletionRequest, EventKind, EventOutcome
from applications.sections import typed_answers
from applications.transitions import COMPLETE, REQUEST_COMPLETION, TAKE_BACK_REQUEST
from applications.views.files import limits
from bando.deadlines import ROME, same_time_after
from bando.templatetags.bando_ui import form_errors, instant
from bando.typed import whole_number
from documents.uploads import Unacceptable
from workflow.perform import reasons_against
from workflow.transition import Refused

# --- the body -----------------------------------------------------------------------------------------------------------


@remembered(EventKind.SAVE)
@login_required
def answer(request: HttpRequest, pk: str, number: int) -> HttpResponse:
    """What is open again, to be filled; a POST keeps it, then goes on to the last page before sending."""
    asked = _request_of_mine(request, pk, number)
    if request.method != "POST":
        return _answer_page(request, asked)
    typed = {code: typed_answers(form, request.POST) for code, form in completion.form_classes(asked).items()}
    try:
        acts.save_completion(
            asked,
            typed=typed,
            base_version=whole_number(request.POST.get("__version", "")) or 0,
            by=request.user,
            at=request.arrived_at,
        )
    except acts.AnsweredMeanwhile as meanwhile:
        note(request, outcome=EventOutcome.CONFLICT)
        return _answer_page(request, meanwhile.request, typed=typed, meanwhile=True, status=409)
    except Refused as refused:
        return _answer_page(request, asked, typed=typed, reasons=refused.reasons, status=409)
    here = reverse("application_completion", args=[pk, number])
    if request.POST.get("then") == "hub":
        messages.success(request, _("Abbiamo salvato quello che hai scritto."))
        return redirect("application", pk=pk)
    if request.POST.get("then", "").startswith("file:"):
        return redirect(f"{here}#{request.POST['then'].removeprefix('file:')}")
    if any(item.form.errors for item in completion.reopened(asked)):
        return _answer_page(request, asked, judged=True)
    return redirect("application_completion_send", pk=pk, number=number)


@remembered(EventKind.UPLOAD)
@login_required
@require_POST
def answer_file(request: HttpRequest, pk: str, number: int) -> HttpResponse:
    """Add one file to the answer, or with ``remove`` take one out of it."""
    asked = _request_of_mine(request, pk, number)
    here, code = reverse("application_completion", args=[pk, number]), request.POST.get("rule", "")
    if removed := request.POST.get("remove"):
        file = get_object_or_404(asked.attachments.select_related("document"), pk=removed)
        file.completion = asked
        try:
            acts.remove_from_completion(file, by=request.user, at=request.arrived_at)
        except Refused as refused:
            return _answer_page(request, asked, reasons=refused.reasons, status=409)
        messages.success(request, _("Hai eliminato «%(name)s».") % {"name": file.document.name})
        return redirect(f"{here}#{file.rule}")
    rule = next((item.rule for item in completion.reopened_files(asked) if item.rule.code == code), None)
    if rule is None:
        reasons = [_("L'ufficio non chiede questo file: scegline uno di questi.")]
        return _answer_page(request, asked, reasons=reasons, status=409)
    form = AttachForm(request.POST, request.FILES, rule=rule)
    if form.is_valid():
        try:
            upload = form.cleaned_data["file"]
            file = acts.attach_to_completion(asked, code, upload, by=request.user, at=request.arrived_at)
        except Unacceptable as problem:
            form.add_error("file", str(problem))
            note(request, reasons=[str(problem)])
        except Refused as refused:
            return _answer_page(request, asked, reasons=refused.reasons, status=409)
        else:
            note(request, name=file.document.name, bytes=file.document.size, sha256=file.document.sha256)
            messages.success(request, _("Abbiamo ricevuto «%(name)s».") % {"name": file.document.name})
            return redirect(f"{here}#{code}")
    else:
        note(request, reasons=form.errors.get("file", []))
    return _answer_page(request, asked, bound=form)


@remembered(EventKind.COMPLETE)
@login_required
def send(request: HttpRequest, pk: str, number: int) -> HttpResponse:
    """What the answer changes, before and after, and the button that sends it."""
    asked = _request_of_mine(request, pk, number)
    if request.method != "POST":
        return _send_page(request, asked)
    reviewed = request.POST.get("reviewed", "")
    try:
        sent = acts.complete(asked, reviewed=reviewed, by=request.user, at=request.arrived_at)
    except ChangedSinceReview as changed:
        note(request, reasons=changed.reasons)
        return _send_page(request, _request_of_mine(request, pk, number), said=changed.reasons, status=409)
    except Refused as refused:
        note(request, reasons=refused.reasons)
        return _send_page(request, _request_of_mine(request, pk, number), said=refused.reasons, status=409)
    note(request, sequence=sent.sequence)
    return redirect(f"{reverse('application_receipt', args=[pk])}?invio={sent.sequence}")


def _answer_page(
    request: HttpRequest,
    asked: CompletionRequest,
    *,
    typed: Any = None,
    bound: AttachForm | None = None,
    reasons: list[str] | None = None,
    meanwhile: bool = False,
    judged: bool = False,
    status: int = 200,
) -> HttpResponse:
    application = asked.application
    if reasons:
        note(request, reasons=reasons)
    against = against_completing(asked, by=request.user, at=request.arrived_at)
    parts = completion.reopened(asked, typed)
    if not judged:
        for part in parts:
            part.form.silence() if meanwhile else part.form.forgive_blanks()
    files = []
    for item in completion.reopened_files(asked):
        room = item.rule.max_files - len(item.new)
        mine = bound if bound and bound.rule.code == item.rule.code else AttachForm(rule=item.rule)
        files.append({"item": item, "limits": limits(item.rule), "form": mine if room > 0 and not against else None})
    errors = [fault for part in parts for fault in part.form.faults()] + (form_errors(bound) if bound else [])
    context = {
        "application": application,
        "call": application.call,
        "asked": asked,
        "parts": parts,
        "files": files,
        "against": against,
        "reasons": reasons or [],
        "meanwhile": meanwhile,
        "errors": errors,
        "has_errors": bool(errors or reasons or meanwhile),
        "exit_url": reverse("application", args=[application.pk]),
        "exit_label": _("La domanda"),
    }
    return render(request, "applications/completion.html", context, status=status)


def _send_page(
    request: HttpRequest, asked: CompletionRequest, *, said: list[str] | None = None, status: int = 200
) -> HttpResponse:
    application = asked.application
    data = {"request": asked}
    against = reasons_against(COMPLETE, application, by=request.user, at=request.arrived_at, data=data)
    answers, manifest = completion.completed(asked)
    context = {
        "application": application,
        "call": application.call,
        "asked": asked,
        "changes": [] if hasattr(asked, "answer") else completion.differing(application.current, answers, manifest),
        "untouched": completion.untouched(asked),
        "problems": completion.problems(asked),
        "against": against,
        "said": said or [],
        "has_errors": bool(said),
        "reviewed": completion.fingerprint_of_completion(asked),
        "exit_url": reverse("application", args=[application.pk]),
        "exit_label": _("La domanda"),
    }
    return render(request, "applications/completion_send.html", context, status=status)


def _request_of_mine(request: HttpRequest, pk: str, number: int) -> CompletionRequest:
    mine = Application.objects.visible_to(request.user).with_call().select_related("current__call_version")
    application = get_object_or_404(mine.prefetch_related("drafts"), pk=pk)
    found = get_object_or_404(application.completion_requests.select_related("saved_by", "by"), number=number)
    found.application = application
    note(request, completion=found.number)
    return found


# --- the office ---------------------------------------------------------------------------------------------------------


@officials_only
def ask(request: HttpRequest, pk: str) -> HttpResponse:
    """The office ticks what is open again, says why and until when."""
    rows = Application.objects.at_the_desk(request.user, at=request.arrived_at).with_call()
    application = get_object_or_404(rows.select_related("current__call_version"), pk=pk)
    topics, files = completion.questions_to_reopen(application), completion.files_to_reopen(application)
    proposed = same_time_after(request.arrived_at, application.call.notice.calendar.curing_days).astimezone(ROME)
    closing = application.call.closes_at.astimezone(ROME).time()
    form = CompletionForm(
        request.POST if request.method == "POST" else None,
        questions=[item.code for topic in topics for item in topic.items],
        files=[item.code for item in files],
        initial={"due_day": proposed.date(), "due_time": closing},
    )
    reasons: list[str] = []
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            made = acts.request_completion(
                application,
                questions=typed["questions"],
                files=typed["files"],
                due_at=typed["due_at"],
                reason=typed["reason"],
                by=request.user,
                at=request.arrived_at,
            )
        except Refused as refused:
            reasons = refused.reasons
        else:
            said = _("Richiesta n. %(number)s mandata. L'ente può rispondere fino a %(due)s.")
            messages.success(request, said % {"number": made.number, "due": instant(made.due_at)})
            return redirect("desk_application", pk=pk)
    application = rows.select_related("current__call_version").get(pk=pk)
    context = {
        "application": application,
        "call": application.call,
        "topics": topics,
        "files": files,
        "form": form,
        "ticked": form["questions"].value() or [],
        "ticked_files": form["files"].value() or [],
        "reasons": reasons,
        "against": reasons_against(REQUEST_COMPLETION, application, by=request.user, at=request.arrived_at),
    }
    return render(request, "applications/desk/completion_new.html", context, status=409 if reasons else 200)


@officials_only
def take_back(request: HttpRequest, pk: str, number: int) -> HttpResponse:
    """The office withdraws a request that is no longer needed, with a reason that the body reads."""
    rows = Application.objects.at_the_desk(request.user, at=request.arrived_at).with_call()
    application = get_object_or_404(rows, pk=pk)
    asked = get_object_or_404(application.completion_requests.select_related("by"), number=number)
    asked.application = application
    form, reasons = ReasonForm(request.POST if request.method == "POST" else None), []
    if request.method == "POST" and form.is_valid():
        try:
            acts.take_back_request(asked, reason=form.cleaned_data["reason"], by=request.user, at=request.arrived_at)
        except Refused as refused:
            reasons = refused.reasons
        else:
            messages.success(request, _("Richiesta n. %(number)s ritirata. Lo scriviamo all'ente.") % {"number": number})
            return redirect("desk_application", pk=pk)
    data = {"request": asked}
    context = {
        "application": application,
        "asked": asked,
        "form": form,
        "reasons": reasons,
        "against": reasons_against(TAKE_BACK_REQUEST, application, by=request.user, at=request.arrived_at, data=data),
    }
    return render(request, "applications/desk/completion_take_back.html", context, status=409 if reasons else 200)

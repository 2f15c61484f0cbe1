"""The request to complete an application: the office asks, the body answers only what is open again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import officials_only
from applications import completion, saving_words
from applications.actions import ChangedSinceReview, attach, remove_attachment
from applications.actions import completing as acts
from applications.actions.saving import Bases, ByUnit
from applications.completion_forms import CompletionForm
from applications.completion_rules import against_completing
from applications.desk_forms import ReasonForm
from applications.evidence import note, remembered
from applications.forms import AttachForm, cut_short
from applications.groups.participants import group_section
from applications.merging import fingerprint
from applications.models import Application, CompletionRequest, EventKind, EventOutcome
from applications.proposals import proposal
from applications.sections import typed_answers
from applications.sections.base import SectionForm
from applications.sections.units import by_unit, label_of, shown, unit_of, units_of
from applications.transitions import COMPLETE, REQUEST_COMPLETION, TAKE_BACK_REQUEST
from applications.views.files import begin, go_on, limits, signed_in, unfinished_of
from applications.views.fill import target_of
from applications.views.saving import Sent, read_sent, signed_out, told_of
from bando.deadlines import ROME, same_time_after
from bando.templatetags.bando_ui import form_errors, instant
from bando.typed import from_script, whole_number
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
    return _keep(request, asked) or _go_on(request, asked)


@remembered(EventKind.UPLOAD)
@login_required
@require_POST
def answer_file(request: HttpRequest, pk: str, number: int) -> HttpResponse:
    """The buttons of one file, «Carica» and «Elimina», in the page that is otherwise kept like any other."""
    asked = _request_of_mine(request, pk, number)
    return _keep(request, asked) or _go_on(request, asked)


@remembered(EventKind.SAVE)
@require_POST
def answer_autosave(request: HttpRequest, pk: str, number: int) -> JsonResponse:
    """Keep some units of the answer, as ``applications.views.saving.autosave`` does of a section."""
    if not request.user.is_authenticated:
        return signed_out()
    asked = _request_of_mine(request, pk, number)
    try:
        sent = _read(completion.form_classes(asked), from_script(request.body))
    except RequestDataTooBig:
        too_much = _("È troppo testo per salvarlo in una volta. Il testo è ancora qui: accorcia quello che hai incollato.")
        note(request, reasons=[too_much])
        return JsonResponse({"reasons": [too_much]}, status=413)
    except (ValueError, TypeError, KeyError, AttributeError):
        return JsonResponse({"reasons": [_("La pagina ha mandato qualcosa che non sappiamo leggere: ricaricala.")]}, status=400)
    try:
        saved = acts.save_completion(asked, typed=sent.typed, bases=sent.bases, by=request.user, at=request.arrived_at)
    except Refused as refused:
        note(request, reasons=refused.reasons)
        return JsonResponse({"reasons": refused.reasons}, status=409)
    note(request, version=saved.request.version, units=list(sent.typed))
    if saved.conflicts:
        note(request, outcome=EventOutcome.CONFLICT)
    of = _by_unit(completion.form_classes(asked))
    return JsonResponse(
        {
            "version": saved.request.version,
            "saved_at": request.arrived_at.isoformat(),
            "said": saving_words.saved(request.arrived_at),
            "now": request.arrived_at.isoformat(),
            "bases": saved.bases,
            "conflicts": [told_of(of[conflict.unit], conflict, request.arrived_at) for conflict in saved.conflicts],
            "others": [saving_words.present(other) for other in saved.others],
            "clock": saving_words.clock(sent.device, request.arrived_at) if sent.device else "",
        }
    )


@remembered(EventKind.UPLOAD)
@signed_in
@require_POST
def answer_upload(request: HttpRequest, pk: str, number: int) -> HttpResponse:
    """Begin a file that comes in parts, for one of the rules that are asked again."""
    asked = _request_of_mine(request, pk, number)
    if (rule := _rule_named(request)) and not _asks_for(asked, rule):
        raise Http404

    against = partial(against_completing, asked)
    return begin(request, asked.application, partial(_part_address, asked), completion=asked, against=against)


@remembered(EventKind.UPLOAD_PART)
@signed_in
@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
def answer_upload_part(request: HttpRequest, pk: str, number: int, upload: str) -> HttpResponse:
    """As ``applications.views.files.upload_part``."""
    asked = _request_of_mine(request, pk, number)
    return go_on(request, asked.application, upload, completion=asked, against=partial(against_completing, asked))


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
    except (ChangedSinceReview, Refused) as refused:
        note(request, reasons=refused.reasons)
        return _send_page(request, _request_of_mine(request, pk, number), said=refused.reasons, status=409)
    note(request, sequence=sent.sequence)
    return redirect(f"{reverse('application_receipt', args=[pk])}?invio={sent.sequence}")


def _keep(request: HttpRequest, asked: CompletionRequest) -> HttpResponse | None:
    """Keep the page, texts and files; ``None`` when all of it was kept, else the page that says what was not. The last input of
    the form says that the request is whole: one that was cut on the way would empty what it lacks."""
    if "whole" not in request.POST:
        note(request, reasons=[cut_short()])
        return _answer_page(request, asked, reasons=[cut_short()], status=400)
    classes = completion.form_classes(asked)
    typed = {form.section.code: typed_answers(form, request.POST) for form in classes}
    try:
        if typed:
            _save(request, asked, classes, typed)
        bound = _take_files(request, asked)
    except acts.AnsweredMeanwhile as meanwhile:
        note(request, outcome=EventOutcome.CONFLICT)
        return _choose(request, meanwhile.saved, typed)
    except Refused as refused:
        note(request, reasons=refused.reasons)
        return _answer_page(request, asked, typed=typed, reasons=refused.reasons, status=409)
    return _answer_page(request, asked, bound=bound) if bound else None


def _go_on(request: HttpRequest, asked: CompletionRequest) -> HttpResponse:
    """Where the button that was pressed leads."""
    pk, number, then = asked.application_id, asked.number, request.POST.get("then", "")
    here = reverse("application_completion", args=[pk, number])
    if then == "hub":
        messages.success(request, _("Abbiamo salvato quello che hai scritto."))
        return redirect("application", pk=pk)
    removed = asked.attachments.filter(pk=request.POST["remove"]).first() if "remove" in request.POST else None
    if rule := removed.rule if removed else request.POST.get("rule"):
        return redirect(f"{here}#{rule}")
    found = completion.reply(asked)
    for part in found.parts:
        if blank := part.form.blank_row(then):
            return redirect(f"{here}#{blank}")
    if any(part.form.errors for part in found.parts):
        return _answer_page(request, asked, judged=True)
    return redirect("application_completion_send", pk=pk, number=number)


def _save(
    request: HttpRequest, asked: CompletionRequest, classes: list[type[SectionForm]], typed: completion.BySection
) -> None:
    mine = {unit: {} for form in classes for unit in units_of(form)}
    for form in classes:
        mine |= by_unit(form, typed[form.section.code])
    version = whole_number(request.POST.get("__version", "")) or 0
    saved = acts.save_completion(
        asked, typed=mine, bases=_bases(request), base_version=version, by=request.user, at=request.arrived_at
    )
    note(request, version=saved.request.version)
    if saved.conflicts:
        raise acts.AnsweredMeanwhile(saved)


def _take_files(request: HttpRequest, asked: CompletionRequest) -> AttachForm | None:
    """The files that came with the page, and the one to take out; the form of a file that can't be taken, with what is wrong.
    Raises :class:`Refused`."""
    against = partial(against_completing, asked)
    if removed := request.POST.get("remove"):
        file = get_object_or_404(asked.attachments.filter(removed_at=None), pk=removed)
        file.application = asked.application
        remove_attachment(file, by=request.user, at=request.arrived_at, against=against)
        note(request, rule=file.rule, name=file.document.name)
        messages.success(request, _("Hai eliminato «%(name)s».") % {"name": file.document.name})
    for item in completion.reply(asked).files:
        code = item.rule.code
        upload = request.FILES.get(f"file-{code}")
        if upload is None and request.POST.get("rule") != code:
            continue
        form = AttachForm(request.POST, {"file": upload} if upload else {}, rule=item.rule)
        if not form.is_valid():
            note(request, reasons=form.errors.get("file", []))
            return form
        try:
            file = attach(
                asked.application, code, upload, by=request.user, at=request.arrived_at, completion=asked, against=against
            )
        except Unacceptable as problem:
            form.add_error("file", str(problem))
            note(request, reasons=[str(problem)])
            return form
        note(request, rule=code, name=file.document.name, bytes=file.document.size, sha256=file.document.sha256)
        messages.success(request, _("Abbiamo ricevuto «%(name)s».") % {"name": file.document.name})
    return None


def _choose(request: HttpRequest, saved: acts.SavedAnswer, typed: completion.BySection) -> HttpResponse:
    """The answer as it is kept, but for what two people changed: there stand this person's words, not saved yet, with the
    others beside them."""
    asked, both = saved.request, {conflict.unit: conflict for conflict in saved.conflicts}
    stored, shown_now, fields = completion.kept(asked), {}, []
    parts = {part.section.code: part.form for part in completion.reply(asked, typed).parts}
    for form in completion.form_classes(asked):
        code, units = form.section.code, units_of(form)
        mine = {unit: texts for unit, texts in by_unit(form, typed[code]).items() if unit in both}
        rest = {name: text for name, text in stored.get(code, {}).items() if unit_of(units, name) not in both}
        shown_now[code] = rest | {name: text for texts in mine.values() for name, text in texts.items()}
        for unit in (unit for unit in units if unit in both):
            conflict = both[unit]
            fields.append(
                {
                    "label": label_of(form, unit),
                    "target": target_of(parts[code], unit),
                    "by": conflict.by,
                    "said": saving_words.changed(conflict, request.arrived_at),
                    "mine": shown(form, unit, mine.get(unit, {})),
                    "theirs": shown(form, unit, conflict.theirs),
                }
            )
    conflict = {"fields": fields, "units": " ".join(both)}
    return _answer_page(request, asked, typed=shown_now, conflict=conflict, status=409)


def _answer_page(
    request: HttpRequest,
    asked: CompletionRequest,
    *,
    typed: completion.BySection | None = None,
    bound: AttachForm | None = None,
    reasons: list[str] | None = None,
    conflict: dict[str, Any] | None = None,
    judged: bool = False,
    status: int = 200,
) -> HttpResponse:
    application = asked.application
    against = against_completing(asked, by=request.user, at=request.arrived_at)
    found, writable = completion.reply(asked, typed), against is None
    for part in found.parts:
        if conflict or not writable:
            part.form.silence()
        elif not judged:
            part.form.forgive_blanks()
    under_way = unfinished_of(request, application, asked, partial(_part_address, asked)) if writable and found.files else []
    files = [_file(item, bound, writable=writable, under_way=under_way) for item in found.files]
    bases = {unit: fingerprint(texts) for unit, texts in _whole(asked).items()}
    errors = [fault for part in found.parts for fault in part.form.faults()] + (form_errors(bound) if bound else [])
    context = {
        "application": application,
        "call": application.call,
        "asked": asked,
        "parts": found.parts,
        "has_budget": any(part.section.kind == "budget" for part in found.parts),
        "files": files,
        "bases": json.dumps(bases, separators=(",", ":")),
        "against": against,
        "reasons": reasons or [],
        "conflict": conflict,
        "errors": [] if conflict else errors,
        "has_errors": bool(errors or reasons or conflict),
        "begin_url": reverse("application_completion_upload", args=[application.pk, asked.number])
        if writable and files
        else "",
        "until": {"closes_at": asked.due_at},
        "exit_url": reverse("application", args=[application.pk]),
        "exit_label": _("La domanda"),
    }
    return render(request, "applications/completion.html", context, status=status)


def _file(
    item: completion.ReopenedFiles, bound: AttachForm | None, *, writable: bool, under_way: list[dict[str, Any]]
) -> dict[str, Any]:
    room = item.rule.max_files - len(item.new)
    mine = bound if bound and bound.rule.code == item.rule.code else AttachForm(rule=item.rule)
    return {
        "item": item,
        "limits": limits(item.rule),
        "left": room,
        "form": mine if room > 0 and writable else None,
        "unfinished": [upload for upload in under_way if upload["rule"] == item.rule.code],
    }


def _send_page(
    request: HttpRequest, asked: CompletionRequest, *, said: list[str] | None = None, status: int = 200
) -> HttpResponse:
    application, found = asked.application, completion.reply(asked)
    data = {"request": asked}
    context = {
        "application": application,
        "call": application.call,
        "asked": asked,
        "reply": found,
        "changes": [] if hasattr(asked, "answer") else found.changes,
        "against": reasons_against(COMPLETE, application, by=request.user, at=request.arrived_at, data=data),
        "is_open": completion.is_open(asked, request.arrived_at),
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


def _read(classes: list[type[SectionForm]], body: dict[str, Any]) -> Sent:
    """As ``read_sent``, of a page with several sections."""
    typed: dict[str, dict[str, Any]] = {}
    bases: dict[str, list[str]] = {}
    device = None
    for form in classes:
        own = units_of(form)
        sent = read_sent(form, body | {"fields": {unit: field for unit, field in body["fields"].items() if unit in own}})
        typed, bases, device = typed | sent.typed, bases | sent.bases, sent.device
    return Sent(typed, bases, device)


def _bases(request: HttpRequest) -> Bases:
    try:
        found = from_script(request.POST.get("__bases", ""))
    except ValueError:
        return {}
    return {unit: [base] for unit, base in found.items() if isinstance(base, str)} if isinstance(found, dict) else {}


def _whole(asked: CompletionRequest) -> ByUnit:
    """What is kept of every unit of the page, blank ones too."""
    return {unit: {} for form in completion.form_classes(asked) for unit in units_of(form)} | completion.kept_by_unit(asked)


def _by_unit(classes: list[type[SectionForm]]) -> Mapping[str, type[SectionForm]]:
    return {unit: form for form in classes for unit in units_of(form)}


def _asks_for(asked: CompletionRequest, rule: str) -> bool:
    return any(item.rule.code == rule for item in completion.reply(asked).files)


def _rule_named(request: HttpRequest) -> str:
    """The rule for which a device begins a file; "" when it says none, which is told by who reads the rest."""
    try:
        return str(from_script(request.body).get("rule", ""))
    except (ValueError, AttributeError):
        return ""


def _part_address(asked: CompletionRequest, upload: Any) -> str:
    return reverse("application_completion_upload_part", args=[asked.application_id, asked.number, upload.pk])


# --- the office ---------------------------------------------------------------------------------------------------------


@officials_only
def ask(request: HttpRequest, pk: str) -> HttpResponse:
    """The office ticks what is open again, says why and until when."""
    rows = Application.objects.at_the_desk(request.user, at=request.arrived_at).with_call()
    application = get_object_or_404(rows.select_related("current__call_version"), pk=pk)
    topics, files = completion.questions_to_reopen(application), completion.files_to_reopen(application)
    proposed, term = (
        proposal(application),
        same_time_after(request.arrived_at, application.call.notice.calendar.curing_days).astimezone(ROME),
    )
    closing = application.call.closes_at.astimezone(ROME).time()
    form = CompletionForm(
        request.POST if request.method == "POST" else None,
        questions=[item.code for topic in topics for item in topic.items],
        files=[item.code for item in files],
        initial={
            "questions": proposed.questions,
            "files": proposed.files,
            "reason": "\n".join(proposed.sentences),
            "due_day": term.date(),
            "due_time": closing,
        },
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
        "proposed": proposed,
        "has_group": group_section(application.current.call_version.notice, application.area_code) is not None,
        "errors": form_errors(form),
        "has_errors": bool(form.errors or reasons),
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

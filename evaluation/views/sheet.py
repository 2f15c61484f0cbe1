"""One sheet of marks: the page, what it saves while somebody writes, and the moments to which it can go back."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.db.models import Case, Value, When
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from applications import saving_words
from applications.confirming import rules_answered
from applications.models import Application
from applications.reading import read_submission
from applications.views.saving import session_of, signed_out
from bando.notice.grid import Grid
from bando.templatetags.bando_ui import instant
from bando.typed import from_script, whole_number
from documents.responses import serve
from evaluation.actions import finish_sheet, reopen_sheet, save_marks, take_back
from evaluation.actions.marking import Clash, Saved, Shown
from evaluation.asked import asked_grid, seats_for
from evaluation.declared import declared
from evaluation.forms import ReopenForm, SheetForm
from evaluation.models import Sheet
from evaluation.publication import title_of
from evaluation.remembering import Written
from evaluation.sheet_page import Marks, bases_of, sheet_context, standing, written_words
from evaluation.states import SheetState
from evaluation.transitions import REOPEN, SAVE
from workflow.perform import reasons_against, record
from workflow.transition import Refused


@login_required
def sheet(request: HttpRequest, pk: Any) -> HttpResponse:
    """The proposal and its marks side by side. Saving keeps what is there; concluding keeps it first, then asks for the
    rest."""
    row = get_object_or_404(Sheet.objects.visible_to(request.user).with_call(), pk=pk)
    application = row.application
    notice, grid = application.call.notice, asked_grid(application.call, application.area_code)
    stored: Marks = _stored(row)
    said = declared(notice, application.area_code, application.current.answers)
    seats = seats_for(row, grid)
    initial = SheetForm.initial_from(grid, {code: (mark.value, mark.reason) for code, mark in stored.items()}, said)
    form = SheetForm(initial=initial, grid=grid, seats=seats, said=said)
    reopening, status, clashes = ReopenForm(), 200, {}
    if request.method == "POST" and "reopen" in request.POST:
        reopening = ReopenForm(request.POST)
        if reopening.is_valid():
            try:
                reopen_sheet(row, by=request.user, at=request.arrived_at, reason=reopening.cleaned_data["reason"])
            except Refused as refusal:
                status = 409
                for reason in refusal.reasons:
                    reopening.add_error(None, reason)
            else:
                messages.success(request, _("La scheda è riaperta. Ricordati di concluderla di nuovo."))
                return redirect("sheet", pk=pk)
    elif request.method == "POST":
        form = SheetForm(request.POST, grid=grid, seats=seats, said=said)
        answer, clashes = _saved(request, row, form, _shown(request, grid, stored, said))
        if isinstance(answer, HttpResponse):
            return answer
        status = answer
        stored = _stored(row)
    current = application.current
    read = read_submission(rules_answered(application), application.area_code, current.answers, current.manifest)
    words = {c.code: written_words(grid, c, clashes[c.code].theirs) for c in grid.criteria if c.code in clashes}
    is_open = row.state == SheetState.OPEN and not reasons_against(SAVE, row, by=request.user, at=request.arrived_at)
    asked = {criterion.code for criterion in grid.criteria}
    context = {
        **sheet_context(grid, form, read=read, stored=stored, said=said, seats=seats, others=words),
        "sheet": row,
        "application": application,
        "call": application.call,
        "area": notice.area(application.area_code),
        "title": title_of(notice, application) or application.organisation.name,
        "form": reopening if "reopen" in request.POST else form,
        "reopening": reopening,
        "reopened": list(row.steps.filter(act="reopen").select_related("by").order_by("-pk")),
        "in_pairs": [c for c in notice.grid_for(application.area_code).criteria if c.code not in asked],
        "files": _files(application),
        "is_open": is_open,
        "saving": _saving(row, form, bases_of(grid, stored, said), clashes) if is_open else None,
        "can_reopen": not reasons_against(REOPEN, row, by=request.user, at=request.arrived_at),
        "next": _next(row),
    }
    return render(request, "evaluation/sheet.html", context, status=status)


@require_POST
def autosave(request: HttpRequest, pk: Any) -> JsonResponse:
    """Keep some criteria of a sheet, complete or not, and say what became of each and what the sheet comes to now."""
    if not request.user.is_authenticated:
        return signed_out()
    mine = Sheet.objects.visible_to(request.user).with_call()
    unread = ("application__call__version__text", "application__current__content", "application__current__manifest")
    row = get_object_or_404(mine.defer(*unread), pk=pk)
    application = row.application
    grid = asked_grid(application.call, application.area_code)
    said = declared(application.call.notice, application.area_code, application.current.answers)
    seats = seats_for(row, grid)
    try:
        body = from_script(request.body)
        form = SheetForm(grid=grid, seats=seats, said=said, only=list(body["fields"]))
        marks, bases, wrong = _read(form, body)
    except RequestDataTooBig:
        too_much = _("È troppo testo per salvarlo in una volta. Il testo è ancora qui: accorcia quello che hai incollato.")
        return JsonResponse({"reasons": [too_much]}, status=413)
    except (ValueError, TypeError, KeyError, AttributeError):
        return JsonResponse({"reasons": [_("La pagina ha mandato qualcosa che non sappiamo leggere: ricaricala.")]}, status=400)
    try:
        saved = save_marks(row, marks, by=request.user, at=request.arrived_at, shown=Shown(bases, said))
    except Refused as refused:
        return JsonResponse({"reasons": refused.reasons}, status=409)
    now = bases_of(grid, saved.marks, said)
    return JsonResponse(
        {
            "saved_at": request.arrived_at.isoformat(),
            "said": saving_words.saved(request.arrived_at),
            "now": request.arrived_at.isoformat(),
            "bases": {code: now[code] for code in marks if code not in saved.clashes},
            "conflicts": [_told(form, code, clash, now[code]) for code, clash in saved.clashes.items()],
            "wrong": wrong,
            "others": [],
            "clock": "",
            "standing": standing(grid, saved.marks, said, seats),
        }
    )


@require_http_methods(["GET", "POST"])
def session(request: HttpRequest) -> JsonResponse:
    """Who is signed in and for how long. A POST makes the session last anew."""
    return JsonResponse(session_of(request)) if request.user.is_authenticated else signed_out()


@login_required
@require_http_methods(["GET", "POST"])
def history(request: HttpRequest, pk: Any) -> HttpResponse:
    """The moments of a sheet, newest first, with what changed in each; from each the sheet can be taken back to it."""
    row = get_object_or_404(Sheet.objects.visible_to(request.user).with_call(), pk=pk)
    grid = asked_grid(row.application.call, row.application.area_code)
    reasons: list[str] = []
    if request.method == "POST":
        number = whole_number(request.POST.get("moment", ""))
        moment = get_object_or_404(row.edits, pk=number) if number is not None else None
        if moment is None:
            raise Http404
        try:
            take_back(row, moment, by=request.user, at=request.arrived_at)
        except Refused as refused:
            reasons = refused.reasons
        else:
            messages.success(request, _("La scheda è tornata com'era. Quello che c'era prima resta nella storia."))
            return redirect("sheet", pk=pk)
    context = {
        "sheet": row,
        "call": row.application.call,
        "application": row.application,
        "moments": _moments(row, grid),
        "reasons": reasons,
        "may_write": not reasons_against(SAVE, row, by=request.user, at=request.arrived_at),
    }
    return render(request, "evaluation/sheet_history.html", context, status=409 if reasons else 200)


@login_required
@require_GET
def attachment(request: HttpRequest, pk: Any, attachment: Any) -> HttpResponse:
    """A file of the proposal, for who evaluates it. Each opening is remembered with person and time (Cons. Stato
    4194/2023 holds a download harmless in itself; that it can be traced is what makes it so)."""
    row = get_object_or_404(Sheet.objects.visible_to(request.user).with_call(), pk=pk)
    sent = {str(item["attachment"]) for item in row.application.current.manifest}
    found = get_object_or_404(row.application.attachments.select_related("document"), pk=attachment)
    if str(found.pk) not in sent:
        raise Http404
    response = serve(found.document)  # first: what the antivirus holds back was not opened
    record(
        row,
        "open_file",
        by=request.user,
        at=request.arrived_at,
        facts={"file": found.document_id, "sha256": found.document.sha256},
    )
    return response


def _shown(request: HttpRequest, grid: Grid, stored: Marks, said: Mapping[str, int]) -> Shown:
    """What the page knew: its fingerprints, and the facts not marked yet that it confirms as the proposal states them: all of
    them with the whole sheet, else that of the criterion whose button was pressed."""
    index = whole_number(request.POST.get("save", ""))
    chosen = grid.criteria[index : index + 1] if index is not None else ()
    confirmed = {
        criterion.code
        for criterion in (grid.criteria if "finish" in request.POST else chosen)
        if not criterion.is_judged and (criterion.code not in stored or stored[criterion.code].units is None)
    }
    try:
        bases = {str(code): [str(base)] for code, base in from_script(request.POST.get("__bases", "{}")).items()}
    except (ValueError, AttributeError):
        bases = {}
    return Shown(bases, said, confirmed)


def _saved(request: HttpRequest, row: Sheet, form: SheetForm, shown: Shown) -> tuple[HttpResponse | int, Mapping[str, Clash]]:
    """Keep what was typed; conclude if asked. Answers where to go, or the status of the page shown again, and the criteria of
    which another window wrote something else."""
    if form.wrong():
        return 200, {}
    try:
        saved: Saved = save_marks(row, form.marks(), by=request.user, at=request.arrived_at, shown=shown)
    except Refused as refusal:
        return _refused(form, refusal.reasons), {}
    if saved.clashes:
        for name, code in form.units().items():
            if code in saved.clashes and name.startswith("level"):
                form.add_error(name, _clash_words(saved.clashes[code]))
        return 409, saved.clashes
    here = reverse("sheet", args=[row.pk])
    if "finish" not in request.POST:
        messages.success(request, _("Bozza salvata."))
        index = whole_number(request.POST.get("save", ""))
        return redirect(here if index is None else f"{here}#c-{index}"), {}
    if form.errors:
        return 200, {}
    try:
        finish_sheet(row, by=request.user, at=request.arrived_at)
    except Refused as refusal:
        return _refused(form, refusal.reasons), {}
    messages.success(request, _("La scheda è conclusa."))
    following = _next(row)
    return (redirect("sheet", pk=following.pk) if following else redirect(_list_of(row), slug=row.application.call.slug)), {}


def _refused(form: SheetForm, reasons: Collection[str]) -> int:
    for reason in reasons:
        form.add_error(None, reason)
    return 409


def _read(form: SheetForm, body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, list[str]], dict[str, str]]:
    """What the page sends by criterion: the marks that can be kept, the fingerprints of what it was shown and of what it sent
    without an answer, and what is wrong with the rest. Raises what reading something else than the page's message raises."""
    marks, bases, wrong = {}, {}, {}
    for code, field in body["fields"].items():
        bases[code] = [str(field["base"])]
        try:
            marks[code] = form.read(code, dict(field["typed"]))
            if field.get("sent"):
                value, reason = form.read(code, dict(field["sent"]))
                bases[code].append(Written.of(value, reason).base)
        except ValidationError as fault:
            wrong[code] = " ".join(fault.messages)
    return marks, bases, wrong


def _told(form: SheetForm, code: str, clash: Clash, base: str) -> dict[str, Any]:
    """Two texts of a criterion as static/js/saving.js offers them."""
    criterion = next(c for c in form.grid.criteria if c.code == code)
    return {
        "unit": code,
        "label": criterion.title,
        "theirs": form.typed(code, clash.theirs.units, clash.theirs.reason),
        "theirs_shown": written_words(form.grid, criterion, clash.theirs),
        "said": _clash_words(clash),
        "base": base,
    }


def _clash_words(clash: Clash) -> str:
    if clash.by is None or clash.at is None:
        return _("Questo criterio è cambiato in un'altra finestra. Leggi le due versioni e scegli quale tenere.")
    words = _(
        "%(who)s ha cambiato questo criterio in un'altra finestra: %(moment)s. Leggi le due versioni e scegli quale tenere."
    )
    return words % {"who": clash.by, "moment": instant(clash.at)}


def _saving(row: Sheet, form: SheetForm, bases: Mapping[str, str], clashes: Mapping[str, Clash]) -> dict[str, Any]:
    """What static/js/saving.js has to know of the form."""
    return {
        "url": reverse("sheet_autosave", args=[row.pk]),
        "journal": f"{row.pk}:",
        "bases": json.dumps(bases),
        "units": json.dumps(form.units()),
        "conflict": " ".join(clashes),
    }


def _moments(row: Sheet, grid: Grid) -> list[dict[str, Any]]:
    """What was written at once, newest first: for each criterion what it was and what it became."""
    criteria = {criterion.code: criterion for criterion in grid.criteria}
    before: dict[str, Written] = {}
    moments = []
    for (at, _by), edits in groupby(row.edits.select_related("by").order_by("pk"), lambda edit: (edit.at, edit.by_id)):
        changes = []
        for edit in edits:
            if edit.criterion in criteria:
                criterion, now = criteria[edit.criterion], Written(edit.units, edit.reason)
                old = before.get(edit.criterion)
                changes.append(
                    {
                        "criterion": criterion,
                        "was": written_words(grid, criterion, old) if old else "",
                        "now": written_words(grid, criterion, now),
                    }
                )
                before[edit.criterion] = now
            last = edit
        moments.append({"pk": last.pk, "at": at, "by": last.by, "changes": changes})
    return moments[::-1]


def _stored(row: Sheet) -> dict[str, Any]:
    return {mark.criterion: mark for mark in row.marks.all()}


def _files(application: Application) -> list[dict[str, Any]]:
    titles = {rule.code: rule.title for rule in rules_answered(application).attachments_for(application.area_code)}
    return [{**item, "title": titles.get(item["rule"], item["rule"])} for item in application.current.manifest]


def _list_of(row: Sheet) -> str:
    return "collegial" if row.member is None else "sheets"


def _next(row: Sheet) -> Sheet | None:
    """The next sheet to do after this one, going round; of the whole commission there is a list."""
    if row.member is None:
        return None
    own = Sheet.objects.visible_to(row.member.user).filter(member=row.member_id, state=SheetState.OPEN).exclude(pk=row.pk)
    after = Case(When(application__number__gt=row.application.number, then=Value(0)), default=Value(1))
    return own.select_related("application__organisation").order_by(after, "application__number").first()

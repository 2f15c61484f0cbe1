"""The workplace of a commissioner. Everything is fetched through the person's own seat and sheets."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Case, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from applications.confirming import rules_answered
from applications.models import Application
from applications.reading import Answer, ReadSection, read_submission
from applications.states import ApplicationState
from bando.context import SITS
from bando.notice.grid import Composition, Criterion, CriterionType, Grid
from documents.responses import serve
from evaluation.actions import (
    close_evaluation,
    declare,
    finish_sheet,
    reasons_not_to_close,
    reopen_sheet,
    save_marks,
)
from evaluation.declared import declared
from evaluation.figures import exact_figure
from evaluation.forms import DeclarationsForm, ReopenForm, SheetForm
from evaluation.gaps import gaps, wants_reason
from evaluation.methods import each_maximum, given_by
from evaluation.models import Commission, Declaration, Mark, Member, MemberRole, Sheet
from evaluation.progress import STILL_TO_CHECK, Progress, latest_declarations, seats_of
from evaluation.publication import title_of
from evaluation.states import SheetState
from evaluation.transitions import REOPEN, SAVE
from evaluation.words import label_of, points_words, range_words, value_words
from workflow.perform import reasons_against, record
from workflow.transition import Refused


def _seat(request: HttpRequest, slug: str) -> Member:
    """The person's own seat in the commission of a call; for anybody else there is no such page."""
    commissions = Commission.objects.visible_to(request.user)
    rows = Member.objects.select_related("commission__call__version", "user")
    return get_object_or_404(rows, commission__in=commissions, commission__call__slug=slug, user=request.user)


@dataclass(frozen=True, slots=True)
class Work:
    """What a member has to do in one call. Proposals in conflict are in none of these numbers."""

    member: Member
    to_declare: int
    sheets: int
    final: int
    next_sheet: Sheet | None

    @property
    def label(self) -> str:
        return ngettext("%(final)s scheda conclusa su %(n)s", "%(final)s schede concluse su %(n)s", self.final) % {
            "final": self.final,
            "n": self.sheets,
        }


def _names_known(member: Member) -> QuerySet[Application]:
    """The admitted applications of the areas in which the office has finished its check."""
    call = member.commission.call_id
    unfinished = Application.objects.filter(call=call, state__in=STILL_TO_CHECK).order_by().values("area_code")
    rows = Application.objects.filter(call=call, state=ApplicationState.ADMITTED).exclude(area_code__in=unfinished)
    return rows.select_related("organisation").order_by("area_code", "organisation__name")


def _work(member: Member) -> Work:
    names = _names_known(member)
    said = latest_declarations([member], names)
    own = list(Sheet.objects.visible_to(member.user).filter(member=member).with_call().order_by("application__number"))
    return Work(
        member=member,
        to_declare=sum((member.pk, pk) not in said for pk in names.values_list("pk", flat=True))
        if member.marks_proposals
        else 0,
        sheets=len(own),
        final=sum(sheet.state == SheetState.FINAL for sheet in own),
        next_sheet=next((sheet for sheet in own if sheet.state == SheetState.OPEN), None),
    )


@login_required
def my_evaluations(request: HttpRequest) -> HttpResponse:
    """The commissions in which one has a seat, with one's own progress."""
    seats = Member.objects.filter(user=request.user).select_related("commission__call__version", "user")
    works = [_work(seat) for seat in seats.order_by("-commission__appointed_at")]
    if works and not request.session.get(SITS):  # appointed since they signed in
        request.session[SITS] = True
    return render(request, "evaluation/my_evaluations.html", {"works": works})


@login_required
def declarations(request: HttpRequest, slug: str) -> HttpResponse:
    """Before reading: for each participant, by name alone, whether one has ties with it."""
    member = _seat(request, slug)
    if not member.marks_proposals:
        raise Http404
    names = list(_names_known(member))
    said = {
        declaration.application_id: declaration
        for declaration in Declaration.objects.filter(member=member).select_related("application__organisation").order_by("pk")
    }
    changing = request.GET.get("cambia", "")
    asked = [a for a in names if a.pk not in said or str(a.pk) == changing]
    initial = {}
    for application in asked:
        if application.pk in said:
            initial[f"conflict_{application.pk}"] = "yes" if said[application.pk].in_conflict else "no"
            initial[f"note_{application.pk}"] = said[application.pk].note
    form = DeclarationsForm(request.POST or None, applications=asked, initial=initial)
    status = 200
    if request.method == "POST" and asked and form.is_valid():
        refused = False
        for application, in_conflict, note in form.said():
            try:
                declare(member, application, in_conflict=in_conflict, note=note, at=request.arrived_at)
            except Refused as refusal:
                refused = True
                for reason in refusal.reasons:
                    form.add_error(f"conflict_{application.pk}", reason)
        if not refused:
            messages.success(request, _("Abbiamo le tue dichiarazioni. Ora puoi leggere le proposte."))
            return redirect("sheets", slug=slug)
        status = 409
    areas = {area.code: area.title for area in member.commission.call.notice.areas}
    groups: dict[str, list[Any]] = {}
    for application in asked:
        groups.setdefault(areas[application.area_code], []).append(
            (form[f"conflict_{application.pk}"], form[f"note_{application.pk}"])
        )
    context = {
        "call": member.commission.call,
        "form": form if asked else None,
        "groups": groups,
        "made": [said[a.pk] for a in names if a.pk in said and a not in asked],
        "nothing_yet": not names,
    }
    return render(request, "evaluation/declarations.html", context, status=status)


@login_required
def sheets(request: HttpRequest, slug: str) -> HttpResponse:
    """One's own sheets in a call; who leads the commission closes the areas here."""
    member = _seat(request, slug)
    call = member.commission.call
    leads = member.role in (MemberRole.CHAIR, MemberRole.SECRETARY)
    refused, status = {}, 200
    if request.method == "POST":
        code = request.POST.get("area", "")
        if not leads or code not in {area.code for area in call.notice.areas}:
            raise Http404
        try:
            close_evaluation(call, code, by=request.user, at=request.arrived_at)
        except Refused as refusal:
            refused[code], status = refusal.reasons, 409
        else:
            messages.success(request, _("La valutazione dell'area è chiusa. L'ufficio può calcolare la graduatoria."))
            return redirect("sheets", slug=slug)
    own = Sheet.objects.visible_to(request.user).filter(member=member).with_call().prefetch_related("marks")
    adding = next((grid for grid in call.notice.grids if grid.composition is Composition.SUM), None)
    seats = seats_of(member.commission, adding) if adding else None
    rows = [_listed(sheet, seats) for sheet in own.order_by("application__area_code", "application__number")]
    areas = []
    for area in call.notice.areas:
        mine = [row for row in rows if row["sheet"].application.area_code == area.code]
        entry: dict[str, Any] = {"area": area, "rows": mine, "refused": refused.get(area.code, ())}
        if leads:
            progress = Progress(call, area.code)
            entry["can_close"] = bool(progress.admitted)
            entry["reasons"] = reasons_not_to_close(progress, by=request.user, at=request.arrived_at)
        areas.append(entry)
    context = {"call": call, "member": member, "work": _work(member), "areas": areas, "leads": leads}
    return render(request, "evaluation/sheets.html", context, status=status)


@dataclass(frozen=True, slots=True)
class Part:
    """A criterion on the page: what the proposal says about it, and its fields."""

    index: int
    criterion: Criterion
    answers: list[Answer]
    sections: list[ReadSection]
    level: Any
    reason: Any
    shown: str
    done: bool
    worth: str
    found: str
    points: str
    reason_text: str


@login_required
def sheet(request: HttpRequest, pk: Any) -> HttpResponse:
    """The proposal and its marks side by side. Saving keeps what is there; concluding keeps it first, then asks for the
    rest."""
    row = get_object_or_404(Sheet.objects.visible_to(request.user).with_call(), pk=pk)
    application = row.application
    notice, grid = application.call.notice, application.call.notice.grid_for(application.area_code)
    stored = _stored(row)
    said = declared(notice, application.area_code, application.current.answers)
    seats = seats_of(row.member.commission, grid)
    initial = SheetForm.initial_from(grid, {code: (mark.value, mark.reason) for code, mark in stored.items()}, said)
    form = SheetForm(initial=initial, grid=grid, seats=seats, said=said)
    reopening, status = ReopenForm(), 200
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
        answer = _saved(request, row, form, confirmed=_confirmed(request, grid, stored))
        if isinstance(answer, HttpResponse):
            return answer
        status = answer
        stored = _stored(row)
    current = application.current
    read = read_submission(rules_answered(application), application.area_code, current.answers, current.manifest)
    parts = [_part(index, criterion, form, grid, read, stored, said) for index, criterion in enumerate(grid.criteria)]
    context = {
        "sheet": row,
        "application": application,
        "call": application.call,
        "area": notice.area(application.area_code),
        "grid": grid,
        "title": title_of(notice, application) or application.organisation.name,
        "form": reopening if "reopen" in request.POST else form,
        "sheet_form": form,
        "reopening": reopening,
        "parts": parts,
        "done": sum(part.done for part in parts),
        "rest": _rest(read, {c.code for c in grid.criteria}),
        "files": _files(application),
        "total": exact_figure(_total(grid, stored)),
        "maximum": exact_figure(_maximum(grid, seats)),
        "compares": any(c.type is CriterionType.FORMULA for c in grid.criteria),
        "is_open": row.state == SheetState.OPEN and not reasons_against(SAVE, row, by=request.user, at=request.arrived_at),
        "can_reopen": not reasons_against(REOPEN, row, by=request.user, at=request.arrived_at),
        "next": _next(row),
    }
    return render(request, "evaluation/sheet.html", context, status=status)


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
    record(
        row,
        "open_file",
        by=request.user,
        at=request.arrived_at,
        facts={"file": found.document_id, "sha256": found.document.sha256},
    )
    return serve(found.document)


def _confirmed(request: HttpRequest, grid: Grid, stored: Marks) -> set[str]:
    """The facts not marked yet that this page confirms as the proposal states them: all of them with the whole sheet, else
    that of the criterion whose button was pressed."""
    index = request.POST.get("save", "")
    chosen = grid.criteria[int(index) : int(index) + 1] if index.isdecimal() and len(index) < 4 else ()
    return {
        criterion.code
        for criterion in (grid.criteria if "finish" in request.POST else chosen)
        if not criterion.is_judged and (criterion.code not in stored or stored[criterion.code].units is None)
    }


def _saved(request: HttpRequest, row: Sheet, form: SheetForm, *, confirmed: Collection[str]) -> HttpResponse | int:
    """Keep what was typed; conclude if asked. Answers where to go, or the status of the page shown again."""
    if form.wrong():
        return 200
    try:
        save_marks(row, form.marks(confirmed), by=request.user, at=request.arrived_at)
    except Refused as refusal:
        for reason in refusal.reasons:
            form.add_error(None, reason)
        return 409
    here = reverse("sheet", args=[row.pk])
    if "finish" not in request.POST:
        messages.success(request, _("Bozza salvata."))
        index = request.POST.get("save", "")
        return redirect(f"{here}#c-{index}" if index.isdecimal() else here)
    if form.errors:
        return 200
    try:
        finish_sheet(row, by=request.user, at=request.arrived_at)
    except Refused as refusal:
        for reason in refusal.reasons:
            form.add_error(None, reason)
        return 409
    messages.success(request, _("La scheda è conclusa."))
    following = _next(row)
    return redirect("sheet", pk=following.pk) if following else redirect("sheets", slug=row.application.call.slug)


Marks = Mapping[str, Mark]
"""By criterion."""


def _stored(row: Sheet) -> Marks:
    return {mark.criterion: mark for mark in row.marks.all()}


def _total(grid: Grid, marks: Marks) -> Fraction:
    """What the marks of one member come to, but for what depends on the other proposals."""
    units = ((criterion, marks[criterion.code].units) for criterion in grid.criteria if criterion.code in marks)
    given = (given_by(criterion, found) for criterion, found in units if found is not None)
    return sum((points for points in given if points is not None), Fraction(0))


def _maximum(grid: Grid, seats: int | None) -> Fraction:
    """The most that ``_total`` can be."""
    return sum(
        (
            each_maximum(grid, criterion, seats) if criterion.is_judged else Fraction(criterion.max_points)
            for criterion in grid.criteria
            if criterion.type is not CriterionType.FORMULA
        ),
        Fraction(0),
    )


def _part(
    index: int,
    criterion: Criterion,
    form: SheetForm,
    grid: Grid,
    read: list[ReadSection],
    stored: Marks,
    said: Mapping[str, int],
) -> Part:
    mark = stored.get(criterion.code)
    units, why = (None, "") if mark is None else (mark.units, mark.reason)
    level, reason = form.fields_of(index)
    return Part(
        index=index,
        criterion=criterion,
        answers=[a for section in read for a in section.answers if a.question.criterion == criterion.code],
        sections=[section for section in read if section.section.criterion == criterion.code],
        level=level,
        reason=reason,
        shown=form.shown(index),
        done=units is not None and (bool(why) or not wants_reason(criterion, units, said)),
        worth=range_words(criterion),
        found="" if units is None else label_of(grid, criterion, units) or value_words(criterion, units),
        points="" if units is None else points_words(criterion, units),
        reason_text=why,
    )


def _rest(read: list[ReadSection], codes: set[str]) -> list[ReadSection]:
    """What the proposal says beside the criteria, section by section."""
    found = []
    for section in read:
        answers = tuple(a for a in section.answers if a.question.criterion not in codes)
        if answers or section.declarations or (section.budget and section.section.criterion not in codes):
            budget = section.budget if section.section.criterion not in codes else None
            found.append(ReadSection(section.section, answers, section.declarations, budget, section.checks))
    return found


def _files(application: Application) -> list[dict[str, Any]]:
    titles = {rule.code: rule.title for rule in rules_answered(application).attachments_for(application.area_code)}
    return [{**item, "title": titles.get(item["rule"], item["rule"])} for item in application.current.manifest]


def _next(row: Sheet) -> Sheet | None:
    """The next sheet to do after this one, going round."""
    own = Sheet.objects.visible_to(row.member.user).filter(member=row.member_id, state=SheetState.OPEN).exclude(pk=row.pk)
    after = Case(When(application__number__gt=row.application.number, then=Value(0)), default=Value(1))
    return own.select_related("application__organisation").order_by(after, "application__number").first()


def _listed(row: Sheet, seats: int | None) -> dict[str, Any]:
    application = row.application
    grid = application.call.notice.grid_for(application.area_code)
    notice, marks = application.call.notice, _stored(row)
    said = declared(notice, application.area_code, application.current.answers)
    missing = gaps(grid, {code: (mark.units, mark.reason) for code, mark in marks.items()}, said)
    done = len(grid.criteria) - len(missing)
    return {
        "sheet": row,
        "title": title_of(notice, application),
        "done": done,
        "criteria": len(grid.criteria),
        "total": exact_figure(_total(grid, marks)) if marks else "",
        "maximum": exact_figure(_maximum(grid, seats)),
        "is_final": row.state == SheetState.FINAL,
        "is_started": bool(marks),
    }

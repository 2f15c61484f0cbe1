"""The workplace of a commissioner. Everything is fetched through the person's own seat and sheets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Left
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from applications.confirming import rules_answered
from applications.models import Application
from applications.reading import read_submission
from applications.states import ApplicationState
from bando.context import SITS
from bando.notice.grid import Composition, CriterionType, Grid
from bando.typed import whole_number
from documents.responses import serve
from evaluation.actions import (
    close_evaluation,
    declare_all,
    finish_sheet,
    reasons_not_to_close,
    reopen_sheet,
    save_marks,
)
from evaluation.declared import declared
from evaluation.figures import exact_figure
from evaluation.forms import DeclarationsForm, ReopenForm, SheetForm
from evaluation.gaps import gaps
from evaluation.models import Commission, Declaration, Mark, Member, MemberRole, Sheet
from evaluation.progress import STILL_TO_CHECK, Progress, seats_of
from evaluation.publication import title_of
from evaluation.sheet_page import Marks, maximum, part_of, rest, total
from evaluation.states import SheetState
from evaluation.transitions import REOPEN, SAVE
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
    said = Declaration.objects.filter(member=member, application=OuterRef("pk"))
    own = Sheet.objects.visible_to(member.user).filter(member=member)
    still = own.filter(state=SheetState.OPEN).select_related("application__organisation")
    return Work(
        member=member,
        to_declare=_names_known(member).filter(~Exists(said)).count() if member.marks_proposals else 0,
        **own.aggregate(sheets=Count("pk"), final=Count("pk", filter=Q(state=SheetState.FINAL))),
        next_sheet=still.order_by("application__number").first(),
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
        refused = declare_all(member, form.said(), at=request.arrived_at)
        for pk, reasons in refused.items():
            for reason in reasons:
                form.add_error(f"conflict_{pk}", reason)
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
    rows = _listed(member)
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
    parts = [part_of(index, criterion, form, grid, read, stored, said) for index, criterion in enumerate(grid.criteria)]
    context = {
        "sheet": row,
        "application": application,
        "call": application.call,
        "area": notice.area(application.area_code),
        "grid": grid,
        "title": title_of(notice, application) or application.organisation.name,
        "form": reopening if "reopen" in request.POST else form,
        "reopening": reopening,
        "parts": parts,
        "done": sum(part.done for part in parts),
        "rest": rest(read, {c.code for c in grid.criteria}),
        "files": _files(application),
        "total": exact_figure(total(grid, stored)),
        "maximum": exact_figure(maximum(grid, seats)),
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
    response = serve(found.document)  # first: what the antivirus holds back was not opened
    record(
        row,
        "open_file",
        by=request.user,
        at=request.arrived_at,
        facts={"file": found.document_id, "sha256": found.document.sha256},
    )
    return response


def _confirmed(request: HttpRequest, grid: Grid, stored: Marks) -> set[str]:
    """The facts not marked yet that this page confirms as the proposal states them: all of them with the whole sheet, else
    that of the criterion whose button was pressed."""
    index = whole_number(request.POST.get("save", ""))
    chosen = grid.criteria[index : index + 1] if index is not None else ()
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
        index = whole_number(request.POST.get("save", ""))
        return redirect(here if index is None else f"{here}#c-{index}")
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


def _stored(row: Sheet) -> Marks:
    return {mark.criterion: mark for mark in row.marks.all()}


def _files(application: Application) -> list[dict[str, Any]]:
    titles = {rule.code: rule.title for rule in rules_answered(application).attachments_for(application.area_code)}
    return [{**item, "title": titles.get(item["rule"], item["rule"])} for item in application.current.manifest]


def _next(row: Sheet) -> Sheet | None:
    """The next sheet to do after this one, going round."""
    own = Sheet.objects.visible_to(row.member.user).filter(member=row.member_id, state=SheetState.OPEN).exclude(pk=row.pk)
    after = Case(When(application__number__gt=row.application.number, then=Value(0)), default=Value(1))
    return own.select_related("application__organisation").order_by(after, "application__number").first()


def _listed(member: Member) -> list[dict[str, Any]]:
    """The member's own sheets as lines of their list. Of what was sent only the answers are read, and of each reason only
    whether there is one: all the rest of so many proposals would be megabytes."""
    own = Sheet.objects.visible_to(member.user).filter(member=member)
    marks: dict[Any, dict[str, Any]] = defaultdict(dict)
    of_these = Mark.objects.filter(sheet__in=own.values("pk")).annotate(begins=Left("reason", 1))
    for mark in of_these.values_list("sheet_id", "criterion", "units", "begins", named=True):
        marks[mark.sheet_id][mark.criterion] = mark
    rows = own.select_related("application__organisation", "application__current").only(
        "state",
        "application__number",
        "application__area_code",
        "application__organisation__name",
        "application__current__answers",
    )
    notice = member.commission.call.notice
    adding = next((grid for grid in notice.grids if grid.composition is Composition.SUM), None)
    seats = seats_of(member.commission, adding) if adding else None
    maxima = {grid.code: exact_figure(maximum(grid, seats)) for grid in notice.grids}
    found = []
    for row in rows.order_by("application__area_code", "application__number"):
        application, given = row.application, marks[row.pk]
        grid = notice.grid_for(application.area_code)
        said = declared(notice, application.area_code, application.current.answers)
        missing = gaps(grid, {code: (mark.units, mark.begins) for code, mark in given.items()}, said)
        found.append(
            {
                "sheet": row,
                "title": title_of(notice, application),
                "done": len(grid.criteria) - len(missing),
                "criteria": len(grid.criteria),
                "total": exact_figure(total(grid, given)) if given else "",
                "maximum": maxima[grid.code],
                "is_final": row.state == SheetState.FINAL,
                "is_started": bool(given),
            }
        )
    return found

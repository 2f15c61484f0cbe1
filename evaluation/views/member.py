"""The workplace of a commissioner. Everything is fetched through the person's own seat and sheets."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, TextChoices
from django.db.models.functions import Left
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applications.models import Application
from applications.states import ApplicationState
from bando.context import SITS
from bando.notice.grid import Composition, CriterionType, Grid, Marking
from evaluation.actions import close_evaluation, declare_all
from evaluation.asked import asked_grid
from evaluation.commission_forms import DeclarationsForm
from evaluation.declared import declared
from evaluation.gaps import gaps
from evaluation.models import Commission, Declaration, Mark, Member, Sheet, SheetStep
from evaluation.progress import STILL_TO_CHECK, seats_of
from evaluation.publication import title_of
from evaluation.remembering import Written
from evaluation.rules.collegial import LEADS, declares
from evaluation.sheet_page import total_words
from evaluation.states import SheetState
from evaluation.ties import declared_before
from evaluation.transitions import REOPEN
from evaluation.views.closing import area_tools
from workflow.transition import Refused


class Standing(TextChoices):
    """How far a sheet is for its member; the values stand in the address of a filtered list."""

    TO_DO = "da-fare", gettext_lazy("Da fare")
    STARTED = "in-corso", gettext_lazy("In corso")
    FINAL = "finite", gettext_lazy("Concluse")
    AGAIN = "da-rivedere", gettext_lazy("Da rivedere")

    @classmethod
    def of(cls, state: str, *, started: bool, reopened: bool) -> Standing:
        """Reopened and not concluded again, a sheet is to be seen again."""
        if state == SheetState.FINAL:
            return cls.FINAL
        if reopened:
            return cls.AGAIN
        return cls.STARTED if started else cls.TO_DO


@dataclass(frozen=True, slots=True)
class Row:
    """A sheet as a line of the list: ``done`` of its ``criteria``, and what its marks come to, in words, once there are some."""

    sheet: Sheet
    title: str
    standing: Standing
    done: int
    criteria: int
    total: str


def seat_of(request: HttpRequest, slug: str) -> Member:
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
    def together(self) -> bool:
        """Somewhere in the call the commission gives one mark, on sheets that are of nobody alone."""
        return any(grid.marking is Marking.COLLEGIAL for grid in self.member.commission.call.notice.grids)

    @property
    def in_pairs(self) -> bool:
        grids = self.member.commission.call.notice.grids
        return any(criterion.type is CriterionType.PAIRWISE for grid in grids for criterion in grid.criteria)

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
    rows = rows.select_related("organisation").prefetch_related("participants__organisation")
    return rows.order_by("area_code", "organisation__name")


def _again(member: Member) -> set[Any]:
    """The proposals on which one declared no conflict before joining a body of them."""
    return {application for _member, application in declared_before([member], _names_known(member))}


def _work(member: Member) -> Work:
    said = Declaration.objects.filter(member=member, application=OuterRef("pk"))
    own = Sheet.objects.visible_to(member.user).filter(member=member)
    still = own.filter(state=SheetState.OPEN).select_related("application__organisation")
    return Work(
        member=member,
        to_declare=_names_known(member).filter(~Exists(said) | Q(pk__in=_again(member))).count() if declares(member) else 0,
        **own.aggregate(sheets=Count("pk"), final=Count("pk", filter=Q(state=SheetState.FINAL))),
        next_sheet=still.order_by("application__number").first(),
    )


@login_required
def my_evaluations(request: HttpRequest) -> HttpResponse:
    """The commissions in which one has a seat, with one's own progress."""
    seats = Member.objects.seated().filter(user=request.user).select_related("commission__call__version", "user")
    works = [_work(seat) for seat in seats.order_by("-commission__appointed_at")]
    if works and not request.session.get(SITS):  # appointed since they signed in
        request.session[SITS] = True
    return render(request, "evaluation/my_evaluations.html", {"works": works})


@login_required
def declarations(request: HttpRequest, slug: str) -> HttpResponse:
    """Before reading: for each participant, by name alone, whether one has ties with it."""
    member = seat_of(request, slug)
    if not declares(member):
        raise Http404
    names = list(_names_known(member))
    said = {
        declaration.application_id: declaration
        for declaration in Declaration.objects.filter(member=member).select_related("application__organisation").order_by("pk")
    }
    changing, again = request.GET.get("cambia", ""), _again(member)
    asked = [a for a in names if a.pk not in said or a.pk in again or str(a.pk) == changing]
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
    member = seat_of(request, slug)
    call = member.commission.call
    leads = member.role in LEADS
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
    rows = listed(member)
    chosen = request.GET.get("stato", "")
    areas = []
    tools = area_tools(member, at=request.arrived_at)
    for area in call.notice.areas:
        own = [row for row in rows if row.sheet.application.area_code == area.code]
        shown = [row for row in own if chosen not in Standing or row.standing == chosen]
        entry: dict[str, Any] = {"area": area, "rows": shown, "own": len(own), "refused": refused.get(area.code, ())}
        if own:
            entry["criterion"] = next((criterion.code for criterion in asked_grid(call, area.code).criteria), "")
        areas.append(entry | tools[area.code])
    context = {
        "call": call,
        "member": member,
        "may_declare": declares(member),
        "work": _work(member),
        "areas": areas,
        "filters": [(kind, sum(row.standing == kind for row in rows), kind == chosen) for kind in Standing],
        "all": len(rows),
        "is_filtered": chosen in Standing,
    }
    return render(request, "evaluation/sheets.html", context, status=status)


def listed(member: Member) -> list[Row]:
    """The member's own sheets as lines of their list. Of what was sent only the answers are read, and of each reason only
    whether there is one: all the rest of so many proposals would be megabytes."""
    own = Sheet.objects.visible_to(member.user).filter(member=member)
    marks: dict[Any, dict[str, Written]] = defaultdict(dict)
    of_these = Mark.objects.filter(sheet__in=own.values("pk")).annotate(begins=Left("reason", 1))
    for sheet, criterion, units, begins in of_these.values_list("sheet_id", "criterion", "units", "begins"):
        marks[sheet][criterion] = Written(units, begins)
    reopened = set(SheetStep.objects.filter(row__in=own.values("pk"), act=REOPEN.name).values_list("row_id", flat=True))
    rows = own.select_related("application__organisation", "application__current").only(
        "state",
        "application__number",
        "application__area_code",
        "application__organisation__name",
        "application__current__answers",
    )
    call = member.commission.call
    adding = next((grid for grid in call.notice.grids if grid.composition is Composition.SUM), None)
    seats = seats_of(member.commission, adding) if adding else None
    grids: dict[str, Grid] = {}
    found = []
    for row in rows.order_by("application__area_code", "application__number"):
        application, given = row.application, marks[row.pk]
        area = application.area_code
        grid = grids.get(area) or grids.setdefault(area, asked_grid(call, area))
        said = declared(call.notice, area, application.current.answers)
        missing = gaps(grid, {code: (mark.units, mark.reason) for code, mark in given.items()}, said)
        standing = Standing.of(row.state, started=bool(given), reopened=row.pk in reopened)
        done = len(grid.criteria) - len(missing)
        total = total_words(grid, given, seats) if given else ""
        found.append(Row(row, title_of(call.notice, application), standing, done, len(grid.criteria), total))
    return found

"""The partner for the method, the Spazi that it accompanies, and the office: plans, meetings, training, links."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bando.calendar_file import Event, calendar_file
from bando.deadlines import day_in_rome
from network import actions
from network.fields import ReasonForm
from network.models import Attendee, Meeting, MeetingKind, Partnership, ServiceLink, Space, SupportAction, SupportPlan
from network.rules.common import is_official_or_accompanies
from network.states import MeetingState, ServiceLinkState, SpaceState, SupportActionState
from network.support_forms import ActionForm, AttendanceForm, DoneForm, LinkForm, MeetingForm, PlanForm
from network.support_history import support_history
from network.transitions import CANCEL_MEETING, CORRECT_LINK, CORRECT_MEETING, HOLD_MEETING
from network.written_at_once import BothWrote
from workflow.perform import reasons_against
from workflow.transition import Attempt, Refused


def _accompanies(request: HttpRequest) -> bool:
    """Whether the person may write here: the office, and the partner for the method."""
    return is_official_or_accompanies(Attempt(None, request.user, request.arrived_at)) is None


def _spaces(request: HttpRequest) -> Any:
    """The Spazi of those who take part, or 404 for whom the network is not."""
    spaces = Space.objects.worked_on_by(request.user).exclude(state=SpaceState.CLOSED)
    if not _accompanies(request) and not spaces.exists():
        raise Http404
    return spaces


@login_required
def support(request: HttpRequest) -> HttpResponse:
    """Where each Spazio stands with its plan and its training, and the meetings to come."""
    spaces = list(_spaces(request).select_related("support_plan", "partnership__organisation"))
    actions_left = dict(
        SupportAction.objects.filter(plan__space__in=spaces, state=SupportActionState.TO_DO)
        .values_list("plan__space")
        .annotate(Count("pk"))
    )
    trained = {
        row["space"]: row
        for row in Attendee.objects.filter(
            space__in=spaces, meeting__kind=MeetingKind.TRAINING, meeting__state=MeetingState.HELD
        )
        .values("space")
        .annotate(people=Count("name", distinct=True), minutes=Sum("minutes"))
    }
    rows = [
        {
            "space": space,
            "plan": getattr(space, "support_plan", None),
            "left": actions_left.get(space.pk, 0),
            "people": trained.get(space.pk, {}).get("people", 0),
            "minutes": trained.get(space.pk, {}).get("minutes", 0),
        }
        for space in spaces
    ]
    meetings = list(Meeting.objects.visible_to(request.user).annotate(invited=Count("spaces", distinct=True)))
    context = {
        "rows": rows,
        "coming": [m for m in meetings if m.state == MeetingState.PLANNED],
        "past": [m for m in reversed(meetings) if m.state != MeetingState.PLANNED],
        "may_write": _accompanies(request),
        "partners": Partnership.objects.accompanying().select_related("organisation"),
    }
    return render(request, "network/support/support.html", context)


@login_required
def support_space(request: HttpRequest, pk: Any) -> HttpResponse:
    """The plan of support of one Spazio, its steps, its meetings and who was trained."""
    space = get_object_or_404(_spaces(request).select_related("support_plan__saved_by"), pk=pk)
    plan: SupportPlan | None = getattr(space, "support_plan", None)
    may_write, status = _accompanies(request), 200
    if request.method == "POST" and not may_write:
        raise Http404
    start = {"seen": 0} if plan is None else {"seen": plan.version, "goals": plan.goals, "needs": plan.needs}
    form = PlanForm(initial={**start, "partnership": plan and plan.partnership_id})
    step, done, undo, action = ActionForm(), None, None, None
    said = ""
    if "plan" in request.POST:
        form, said = PlanForm(request.POST), _("Il piano è salvato.")
        status = _tried(request, form, actions.save_plan, space)
        if status == 409:
            # The page shows what the other has saved: who saves again now has read it.
            form.data = {**form.data.dict(), "seen": plan.version if plan else 0}
    elif "step" in request.POST and plan is not None:
        step, said = ActionForm(request.POST), _("Il passo è nel piano.")
        status = _tried(request, step, actions.add_action, plan)
    elif "done" in request.POST and plan is not None:
        action = _action(plan, request.POST["done"])
        done, said = DoneForm(request.POST, prefix=f"done-{action.pk}"), _("Segnato come fatto.")
        status = _tried(request, done, actions.finish_action, action)
    elif "reopen" in request.POST and plan is not None:
        action = _action(plan, request.POST["reopen"])
        undo, said = ReasonForm(request.POST, prefix=f"reopen-{action.pk}"), _("Il passo è di nuovo da fare.")
        status = _tried(request, undo, actions.reopen_action, action)
    if status == 302:
        messages.success(request, said)
        return redirect("support_space", pk=pk)
    today = day_in_rome(request.arrived_at)
    steps = [
        {
            "action": row,
            "late": row.state == SupportActionState.TO_DO and row.due_on is not None and row.due_on < today,
            "form": done if done and row == action else DoneForm(prefix=f"done-{row.pk}", initial={"done_on": today}),
            "undo": undo if undo and row == action else ReasonForm(prefix=f"reopen-{row.pk}"),
        }
        for row in (plan.actions.all() if plan else ())
    ]
    trained = (
        Attendee.objects.filter(space=space, meeting__kind=MeetingKind.TRAINING, meeting__state=MeetingState.HELD)
        .values("name")
        .annotate(minutes=Sum("minutes"), times=Count("pk"))
        .order_by("name")
    )
    context = {
        "space": space,
        "plan": plan,
        "form": form if may_write else None,
        "step": step if may_write and plan else None,
        "to_do": [row for row in steps if row["action"].state == SupportActionState.TO_DO],
        "done": [row for row in steps if row["action"].state != SupportActionState.TO_DO],
        "is_pressed": done is not None or undo is not None,
        "trained": trained,
        "meetings": Meeting.objects.visible_to(request.user).filter(spaces=space).distinct(),
        "may_write": may_write,
        "history": support_history(space),
        "has_errors": form.errors or step.errors or (done and done.errors) or (undo and undo.errors),
    }
    return render(request, "network/support/space.html", context, status=status)


def _action(plan: SupportPlan, typed: str) -> SupportAction:
    return get_object_or_404(plan.actions, pk=typed if typed.isdecimal() and len(typed) < 16 else 0)


def _tried(request: HttpRequest, form: Any, act: Callable[..., Any], row: Any) -> int:
    """The act with what was typed: 302 once it is done, else the status of the page that shows the form again."""
    if not form.is_valid():
        return 200
    try:
        act(row, by=request.user, at=request.arrived_at, **form.cleaned_data)
    except Refused as refusal:
        return _refused(form, refusal)
    return 302


def _refused(form: Any, refusal: Refused) -> int:
    """Say it on the form, which keeps what was typed; the status of the answer."""
    form.add_error(None, refusal.reasons)
    return 409


@login_required
def meeting_new(request: HttpRequest) -> HttpResponse:
    """Call a meeting or a training."""
    if not _accompanies(request):
        raise Http404
    partners = Partnership.objects.accompanying()
    if not request.user.is_official:
        partners = partners.filter(organisation__memberships__user=request.user)
    partnership = partners.order_by("since", "pk").first()
    spaces = Space.objects.exclude(state=SpaceState.CLOSED)
    form = MeetingForm(request.POST or None, spaces=spaces, initial={"spaces": request.GET.getlist("spazio")})
    if request.method == "POST" and partnership is not None and form.is_valid():
        typed = {
            name: form.cleaned_data[name] for name in ("kind", "title", "starts_at", "minutes", "place", "agenda", "spaces")
        }
        meeting = actions.plan_meeting(partnership, by=request.user, at=request.arrived_at, **typed)
        messages.success(request, _("L'incontro è in programma: avvisiamo le persone degli Spazi invitati."))
        return redirect("meeting", pk=meeting.pk)
    return render(request, "network/support/meeting_new.html", {"form": form, "partnership": partnership})


@login_required
def meeting(request: HttpRequest, pk: Any) -> HttpResponse:
    """One meeting: what it is about, then who came and what was said."""
    rows = Meeting.objects.visible_to(request.user).select_related("partnership__organisation").prefetch_related("spaces")
    row = get_object_or_404(rows, pk=pk)
    attendees, status = list(row.attendees.select_related("space")), 200
    act = CORRECT_MEETING if row.state == MeetingState.HELD else HOLD_MEETING
    waits = reasons_against(act, row, by=request.user, at=request.arrived_at)
    may_write = _accompanies(request)
    if request.method == "POST" and not may_write:
        raise Http404
    attendance = AttendanceForm(meeting=row, written=attendees) if may_write and not waits else None
    reason, cancelling = ReasonForm(), ReasonForm(prefix="cancel")
    if "attend" in request.POST:
        attendance = AttendanceForm(request.POST, meeting=row, written=attendees)
        reason = ReasonForm(request.POST if row.state == MeetingState.HELD else None)
        if attendance.is_valid() and (row.state != MeetingState.HELD or reason.is_valid()):
            typed = attendance.cleaned_data
            given = {"summary": typed["summary"], "minutes": typed["minutes"], "by": request.user, "at": request.arrived_at}
            try:
                if row.state == MeetingState.HELD:
                    actions.correct_meeting(row, typed["presences"], reason=reason.cleaned_data["reason"], **given)
                else:
                    actions.hold_meeting(row, typed["presences"], **given)
            except Refused as refusal:
                attendance.add_error(None, refusal.reasons)
                status = 409
            else:
                messages.success(request, _("Le presenze sono scritte."))
                return redirect("meeting", pk=pk)
    elif "call_off" in request.POST:
        cancelling = ReasonForm(request.POST, prefix="cancel")
        if cancelling.is_valid():
            try:
                actions.cancel_meeting(row, reason=cancelling.cleaned_data["reason"], by=request.user, at=request.arrived_at)
            except Refused as refusal:
                cancelling.add_error(None, refusal.reasons)
                status = 409
            else:
                messages.success(request, _("L'incontro è annullato: avvisiamo le persone degli Spazi invitati."))
                return redirect("meeting", pk=pk)
    context = {
        "meeting": row,
        "attendees": attendees,
        "attendance": attendance,
        "reason": reason if row.state == MeetingState.HELD else None,
        "cancelling": cancelling
        if may_write and not reasons_against(CANCEL_MEETING, row, by=request.user, at=request.arrived_at)
        else None,
        "waits": waits if may_write and row.state == MeetingState.PLANNED else [],
        "steps": row.steps.select_related("by"),
        "has_errors": (attendance and attendance.errors) or reason.errors or cancelling.errors,
    }
    return render(request, "network/support/meeting.html", context, status=status)


@login_required
def meeting_calendar(request: HttpRequest, pk: Any) -> HttpResponse:
    """The meeting as a file for one's own calendar."""
    row = get_object_or_404(Meeting.objects.visible_to(request.user), pk=pk)
    steps = list(row.steps.all())
    event = Event(
        uid=f"meeting-{row.pk}",
        title=row.title,
        at=row.starts_at,
        changed_at=steps[-1].at,
        sequence=len(steps) - 1,
        text=f"{row.place}\n{row.agenda}".strip(),
        url=request.build_absolute_uri(reverse("meeting", args=[row.pk])),
        cancelled=row.state == MeetingState.CANCELLED,
    )
    response = HttpResponse(calendar_file(row.title, [event]), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="incontro.ics"'
    return response


@login_required
def service_links(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """The offices and services that the Spazi work with; ``pk`` is the one that is being corrected."""
    spaces = _spaces(request)
    rows = ServiceLink.objects.prefetch_related("spaces")
    may_write = _accompanies(request)
    if not may_write:
        rows = rows.filter(Q(spaces=None) | Q(spaces__in=spaces), state=ServiceLinkState.IN_USE).distinct()
    edited = get_object_or_404(rows, pk=pk) if pk else None
    if (request.method == "POST" or edited) and not may_write:
        raise Http404
    form = LinkForm(request.POST if "save" in request.POST else None, instance=edited)
    status, reasons, theirs, unsaved = 200, [], [], []
    act = {"by": request.user, "at": request.arrived_at}
    try:
        if "end" in request.POST and edited:
            actions.end_link(edited, on=day_in_rome(request.arrived_at), **act)
            messages.success(request, _("Gli Spazi non vedono più il collegamento: lo trovi sotto «Non più in uso»."))
            return redirect("service_links")
        if "resume" in request.POST and edited:
            actions.resume_link(edited, **act)
            messages.success(request, _("Gli Spazi vedono di nuovo il collegamento."))
            return redirect("service_links")
        if form.is_bound and form.is_valid():
            link, bases = form.save(commit=False), form.bases if edited else None
            actions.save_link(link, spaces=form.cleaned_data["spaces"], bases=bases, **act)
            messages.success(request, _("Il collegamento è salvato."))
            return redirect("service_links")
    except BothWrote as refusal:
        reasons, status, edited, typed = refusal.reasons, 409, rows.get(pk=pk), form
        form = LinkForm(instance=edited)
        theirs = form.offer(typed, refusal.verdicts)
    except Refused as refusal:
        reasons, status = refusal.reasons, 409
        edited = rows.get(pk=pk) if pk else None
    if form.is_bound and edited and edited.state != ServiceLinkState.IN_USE:
        edited, typed = rows.get(pk=pk), form  # a form writes in its row what it was sent
        form = LinkForm(instance=edited)
        unsaved, status = form.unsaved(typed), 409
        reasons = reasons or reasons_against(CORRECT_LINK, edited, **act)
    context = {
        "links": [link for link in rows if link.state == ServiceLinkState.IN_USE],
        "ended": [link for link in rows if link.state == ServiceLinkState.ENDED],
        "form": form if may_write and (edited is None or edited.state == ServiceLinkState.IN_USE) else None,
        "may_write": may_write,
        "edited": edited,
        "theirs": theirs,
        "unsaved": unsaved,
        "reasons": reasons,
        "steps": edited.steps.select_related("by") if edited else [],
        "has_errors": form.errors,
    }
    return render(request, "network/support/links.html", context, status=status)

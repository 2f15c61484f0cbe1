"""The people of an application and the bodies of its group: the lead's pages, and the card of each body."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Organisation
from accounts.rules import MANAGE
from applications.actions import joining
from applications.activity import deeds, workers
from applications.evidence import note, remembered
from applications.groups import rules
from applications.groups.forms import CertifyForm, JoinForm, MemberForm, NewMemberForm, TasksForm
from applications.groups.participants import (
    form_of,
    group_problems,
    group_section,
    is_certified,
    own_declarations,
    present,
    room_for_more,
    sha256,
    statement,
    what_changed,
    words_of_form,
)
from applications.groups.shares import percent
from applications.models import Application, Attachment, EventKind, Participant
from applications.progress import rules_of
from applications.reading import read_draft
from applications.states import ApplicationState
from applications.views.mine import shown_requests
from bando.notice.document import Section
from bando.templatetags.bando_ui import instant
from documents.responses import serve
from workflow.transition import Refused


@require_GET
@login_required
def people(request: HttpRequest, pk: str) -> HttpResponse:
    """Who may work on the application, and who did what and when."""
    application = _application(request, pk)
    done = deeds(application)
    found = workers(application, done)
    mine = next(one.membership for one in found if one.user.pk == request.user.pk)
    section = group_section(application.call.notice, application.area_code)
    context = _common(application) | {
        "workers": found,
        "deeds": [{"title": deed.what, "at": deed.at, "body": str(deed.by or ""), "state": "done"} for deed in done],
        "may_invite": mine.role in MANAGE,
        "group": section is not None and len(present(application)) > 1,
    }
    return render(request, "applications/people.html", context)


@remembered(EventKind.PEOPLE)
@require_http_methods(["GET", "POST"])
@login_required
def group(request: HttpRequest, pk: str) -> HttpResponse:
    """The bodies of the group, and a form that brings in another."""
    application = _application(request, pk)
    section = _section(application)
    form = NewMemberForm(request.POST if request.method == "POST" else None)
    refusals: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            member = joining.add_member(application, **form.cleaned_data, by=request.user, at=request.arrived_at)
        except Refused as refused:
            refusals = refused.reasons
            note(request, reasons=refusals)
        else:
            messages.success(request, _("Abbiamo invitato «%(body)s».") % {"body": member})
            return redirect("application_group", pk=application.pk)
    members = present(application)
    against = rules.against_the_group(application, by=request.user, at=request.arrived_at)
    typed = next((draft.answers for draft in application.drafts.all() if draft.section == section.code), {})
    context = _common(application) | {
        "section": section,
        "form": form,
        "how": words_of_form(form_of(application)),
        "problems": group_problems(application, typed),
        "against": against,
        "may": against is None,
        "room": room_for_more(application, members),
        "most": application.call.notice.participation.max_members,
        "also": _also_in_mine(request, application, members),
        "refusals": refusals,
        "has_errors": bool(refusals or form.errors),
    }
    return render(request, "applications/group.html", context, status=409 if refusals else 200)


@remembered(EventKind.PEOPLE)
@require_http_methods(["GET", "POST"])
@login_required
def member(request: HttpRequest, pk: str, member: str) -> HttpResponse:
    """One body of the group, as the lead writes of it. ``act`` says which button was pressed."""
    application = _application(request, pk)
    section = _section(application)
    row = get_object_or_404(application.participants.select_related("organisation").filter(left_at=None), pk=member)
    row.application = application
    act = request.POST.get("act") if request.method == "POST" else None
    form = MemberForm(request.POST if act == "save" else None, initial={"share": row.share, "tasks": row.tasks})
    facts: dict[str, Any] = {"by": request.user, "at": request.arrived_at}
    done, refusals = "", []
    try:
        if act == "save" and form.is_valid():
            joining.change_member(row, **form.cleaned_data, **facts)
            done = _("Abbiamo salvato la quota e i compiti di «%(body)s».")
        elif act == "remove":
            joining.remove_member(row, **facts)
            done = _("Abbiamo tolto «%(body)s» dal gruppo.")
        elif act == "again":
            joining.invite_again(row, **facts)
            done = _("Abbiamo mandato di nuovo l'invito a «%(body)s».")
    except Refused as refused:
        refusals = refused.reasons
        note(request, reasons=refusals)
    if done:
        messages.success(request, done % {"body": row})
        return redirect("application_group", pk=application.pk)
    how = form_of(application)
    context = _common(application) | {
        "section": section,
        "row": row,
        "form": form,
        "certified": not row.is_lead and is_certified(row, application, how),
        "against": rules.against_the_group(application, by=request.user, at=request.arrived_at),
        "refusals": refusals,
        "has_errors": bool(refusals or form.errors),
    }
    return render(request, "applications/member.html", context, status=409 if refusals else 200)


@remembered(EventKind.PEOPLE, through=Participant)
@require_http_methods(["GET", "POST"])
@login_required
def participant(request: HttpRequest, pk: str) -> HttpResponse:
    """The card of a body of the group, for its own people; before that, the invitation, for the person invited."""
    row = _participant(request, pk)
    if row.is_lead:
        return redirect("application", pk=row.application_id)
    return _invitation(request, row) if row.organisation_id is None else _card(request, row)


@require_GET
@login_required
def participant_application(request: HttpRequest, pk: str) -> HttpResponse:
    """The whole application, to be read: the bodies of a group answer for all of it."""
    row = _joined(request, pk)
    application = row.application
    held = list(application.attachments.present())
    context = {
        "row": row,
        "application": application,
        "call": application.call,
        "area": application.area,
        "read": read_draft(application),
        "completions": shown_requests(application, request.arrived_at),
        "files": [{"rule": rule, "files": [file for file in held if file.rule == rule.code]} for rule in rules_of(application)],
        "exit_url": reverse("participant", args=[row.pk]),
        "exit_label": _("La scheda"),
    }
    return render(request, "applications/participant_application.html", context)


@require_GET
@login_required
def participant_attachment(request: HttpRequest, pk: str, attachment: str) -> FileResponse:
    row = _joined(request, pk)
    files = Attachment.objects.filter(application=row.application_id, removed_at=None).select_related("document")
    return serve(get_object_or_404(files, pk=attachment).document)


def _invitation(request: HttpRequest, row: Participant) -> HttpResponse:
    bodies = Organisation.objects.filter(memberships__user=request.user)
    posted = request.method == "POST"
    answer = request.POST.get("answer") if posted else None
    form = JoinForm(request.POST if answer == "yes" else None, organisations=bodies)
    refusals: list[str] = []
    try:
        if answer == "yes" and form.is_valid():
            joining.join(row, form.cleaned_data["organisation"], by=request.user, at=request.arrived_at)
            messages.success(request, _("Il tuo ente è nel gruppo. Ora controlla e conferma la scheda."))
            return redirect("participant", pk=row.pk)
        if answer == "no":
            joining.decline(row, by=request.user, at=request.arrived_at)
            messages.success(request, _("Abbiamo detto al capofila che il tuo ente non entra nel gruppo."))
            return redirect("my_applications")
    except Refused as refused:
        refusals = refused.reasons
        note(request, reasons=refusals)
    context = _of_the_card(row) | {
        "form": form,
        "bodies": bodies,
        "against": rules.against_answering(row, by=request.user, at=request.arrived_at),
        "organisation_new_url": f"{reverse('organisation_new')}?next={request.path}",
        "refusals": refusals,
        "has_errors": bool(refusals or form.errors),
    }
    return render(request, "applications/participant_invited.html", context, status=409 if refusals else 200)


def _card(request: HttpRequest, row: Participant) -> HttpResponse:
    requirements = own_declarations(row.application.call.notice, row.application.area_code)
    act = request.POST.get("act") if request.method == "POST" else None
    tasks = TasksForm(request.POST if act == "tasks" else None, initial={"tasks": row.tasks})
    certify = CertifyForm(request.POST if act == "certify" else None, requirements=requirements)
    facts: dict[str, Any] = {"by": request.user, "at": request.arrived_at}
    done, to, refusals = "", "participant", []
    try:
        if act == "tasks" and tasks.is_valid():
            joining.write_tasks(row, **tasks.cleaned_data, **facts)
            done = _("Abbiamo salvato che cosa fa il tuo ente.")
        elif act == "certify" and certify.is_valid():
            joining.certify(row, declared=certify.declared, shown=certify.cleaned_data["shown"], **facts)
            done = _("Hai confermato la scheda. Lo abbiamo scritto al capofila.")
        elif act == "leave":
            joining.leave(row, **facts)
            done, to = _("Il tuo ente non è più nel gruppo. Lo abbiamo scritto al capofila."), "my_applications"
    except Refused as refused:
        refusals = refused.reasons
        note(request, reasons=refusals)
        row = _participant(request, row.pk)
    if done:
        messages.success(request, done)
        return redirect(to, pk=row.pk) if to == "participant" else redirect(to)
    application = row.application
    how = form_of(application)
    shown = sha256(statement(row, application, how))
    if not (act == "certify" and not refusals):
        certify = CertifyForm(requirements=requirements, initial={"shown": shown})
    context = _of_the_card(row) | {
        "how": words_of_form(how),
        "share": percent(row.share) if row.share else "",
        "tasks_form": tasks,
        "certify_form": certify,
        "posted_form": {"tasks": tasks, "certify": certify}.get(act),
        "certified": is_certified(row, application, how),
        "changed": what_changed(row, application, how),
        "story": _story(application),
        "against": rules.against_the_card(row, by=request.user, at=request.arrived_at),
        "against_certifying": rules.against_certifying(row, by=request.user, at=request.arrived_at),
        "against_leaving": rules.against_leaving(row, by=request.user, at=request.arrived_at),
        "refusals": refusals,
        "has_errors": bool(refusals or tasks.errors or certify.errors),
    }
    return render(request, "applications/participant.html", context, status=409 if refusals else 200)


def _story(application: Application) -> str:
    """Where the application stands, for the bodies that do not lead it."""
    deadline = instant(application.call.closes_at)
    if application.state == ApplicationState.DRAFT:
        return _("La domanda non è ancora inviata. La invia il capofila entro la scadenza: %(deadline)s.") % {
            "deadline": deadline
        }
    if application.state == ApplicationState.WITHDRAWN:
        return _("Il capofila ha ritirato la domanda: non partecipa più all'avviso.")
    return _("Il capofila ha inviato la domanda %(number)s. È arrivata: %(moment)s.") % {
        "number": application.number,
        "moment": instant(application.current.arrived_at),
    }


def _also_in_mine(request: HttpRequest, application: Application, members: list[Participant]) -> list[Participant]:
    """The bodies of the group that stand in another draft of the same area, among the applications that one may read
    anyway: nobody learns from here where else a body takes part."""
    if not application.call.notice.participation.once_per_area:
        return []
    mine = Application.objects.visible_to(request.user).filter(call=application.call_id, area_code=application.area_code)
    elsewhere = Participant.objects.filter(
        application__in=mine.exclude(pk=application.pk).exclude(state=ApplicationState.WITHDRAWN), left_at=None
    )
    bodies = set(elsewhere.exclude(organisation=None).values_list("organisation", flat=True))
    return [row for row in members if row.organisation_id in bodies]


def _section(application: Application) -> Section:
    section = group_section(application.call.notice, application.area_code)
    if section is None:
        raise Http404
    return section


def _application(request: HttpRequest, pk: str) -> Application:
    mine = Application.objects.visible_to(request.user).with_call().select_related("created_by")
    return get_object_or_404(mine, pk=pk)


def _participant(request: HttpRequest, pk: object) -> Participant:
    rows = Participant.objects.visible_to(request.user).select_related(
        "application__call__version", "application__organisation", "application__current", "organisation", "invited_by"
    )
    return get_object_or_404(rows, pk=pk)


def _joined(request: HttpRequest, pk: str) -> Participant:
    """Of a body that has come in: an invitation alone opens nothing."""
    rows = Participant.objects.visible_to(request.user).filter(organisation__memberships__user=request.user, is_lead=False)
    return get_object_or_404(rows.select_related("application__call__version", "application__organisation"), pk=pk)


def _common(application: Application) -> dict[str, Any]:
    return {
        "application": application,
        "call": application.call,
        "area": application.area,
        "exit_url": reverse("application", args=[application.pk]),
        "exit_label": _("La domanda"),
    }


def _of_the_card(row: Participant) -> dict[str, Any]:
    application = row.application
    return {
        "row": row,
        "application": application,
        "lead": application.organisation,
        "call": application.call,
        "area": application.area,
        "exit_url": reverse("my_applications"),
        "exit_label": _("Le mie domande"),
    }

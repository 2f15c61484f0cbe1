"""Accreditation: the notices for everybody, the requests for the bodies, the checks for the office."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import officials_only
from accounts.models import Organisation
from bando.deadlines import day_in_rome
from bando.left_over import left_over
from documents.responses import serve
from documents.uploads import Unacceptable
from network import actions
from network.accreditation_forms import CheckForm, DeclarationForm, NoticeForm
from network.fields import ReasonForm
from network.models import Accreditation, AccreditationNotice
from network.rules.catalogue import is_being_checked, notice_is_a_draft, still_a_draft
from network.states import AccreditationNoticeState, AccreditationState
from network.transitions import (
    ACCREDIT,
    CLOSE_NOTICE,
    END_ACCREDITATION,
    OPEN_NOTICE,
    REFUSE_ACCREDITATION,
    SEND_ACCREDITATION,
    TAKE_BACK_ACCREDITATION,
)
from network.views.refusals import tell
from network.written_at_once import BothWrote
from workflow.perform import reasons_against
from workflow.transition import Attempt, Refused, Rule

# Everybody


@require_safe
def accreditation_notices(request: HttpRequest) -> HttpResponse:
    rows = AccreditationNotice.objects.exclude(state=AccreditationNoticeState.DRAFT)
    notices = [(row, row.is_open(request.arrived_at)) for row in rows]
    return render(request, "network/accreditation/notices.html", {"notices": notices})


@login_required
def _begin(request: HttpRequest, notice: AccreditationNotice) -> HttpResponse:
    """The request of one of the bodies that one acts for."""
    key = request.POST.get("organisation", "")
    body = next((one for one in _bodies(request) if str(one.pk) == key), None)
    if body is None:
        messages.error(request, _("Scegli l'ente per cui chiedi l'accreditamento."))
        return redirect("accreditation_notice", pk=notice.pk)
    try:
        row = actions.begin_accreditation(notice, body, by=request.user, at=request.arrived_at)
    except Refused as refusal:
        tell(request, refusal)
        return redirect("accreditation_notice", pk=notice.pk)
    return redirect("accreditation", pk=row.pk)


def accreditation_notice(request: HttpRequest, pk: Any) -> HttpResponse:
    """What one must have, and the way in for the bodies."""
    notice = get_object_or_404(AccreditationNotice.objects.exclude(state=AccreditationNoticeState.DRAFT), pk=pk)
    if request.method == "POST":
        return _begin(request, notice)
    context = {
        "notice": notice,
        "is_open": notice.is_open(request.arrived_at),
        "bodies": _bodies(request) if request.user.is_authenticated else [],
    }
    return render(request, "network/accreditation/notice.html", context)


def _bodies(request: HttpRequest) -> list[Organisation]:
    return list(Organisation.objects.filter(memberships__user=request.user).order_by("name"))


# The bodies


@login_required
def accreditations(request: HttpRequest) -> HttpResponse:
    """The requests of the bodies that one acts for, and the notices that are open."""
    rows = Accreditation.objects.of_bodies_of(request.user).select_related("organisation", "notice")
    open_now = [row for row in AccreditationNotice.objects.all() if row.is_open(request.arrived_at)]
    context = {"accreditations": rows.order_by("organisation__name", "-notice__created_at", "pk"), "notices": open_now}
    return render(request, "network/accreditation/accreditations.html", context)


@login_required
def accreditation(request: HttpRequest, pk: Any) -> HttpResponse:
    """One request: declared and saved at any moment, then sent by who represents the body."""
    rows = Accreditation.objects.of_bodies_of(request.user).select_related("organisation", "notice")
    row = get_object_or_404(rows, pk=pk)
    form, theirs, unsaved, status, by, at = DeclarationForm(accreditation=row), [], [], 200, request.user, request.arrived_at
    typed: DeclarationForm | None = None
    if request.method == "POST":
        try:
            if "take_back" in request.POST:
                actions.take_back_accreditation(row, by=by, at=at)
                messages.success(request, _("La richiesta è di nuovo una bozza: cambiala e inviala."))
                return redirect("accreditation", pk=pk)
            form = typed = DeclarationForm(request.POST, request.FILES, accreditation=row)
            if form.is_valid():
                for code, upload in form.uploads.items():  # a file is nobody else's: it stays whatever becomes of the text
                    _attach(form, row, code, upload, request)
                actions.save_accreditation(row, form.answers, by=by, at=at, bases=form.bases)
                if remove := request.POST.get("remove"):
                    file = get_object_or_404(row.files.all(), pk=remove if remove.isdecimal() and len(remove) < 19 else None)
                    actions.detach_from_accreditation(file, by=by, at=at)
                if form.is_valid() and "send" in request.POST:
                    actions.send_accreditation(row, by=by, at=at, seen=form.answers)
                    messages.success(request, _("La richiesta è inviata. L'ufficio controlla i requisiti e ti scrive."))
                    return redirect("accreditation", pk=pk)
                if form.is_valid():
                    messages.success(request, _("La bozza è salvata."))
                    return redirect("accreditation", pk=pk)
                form = _now(form, DeclarationForm(accreditation=rows.get(pk=pk)))
        except BothWrote as refusal:
            status, form = tell(request, refusal), DeclarationForm(accreditation=get_object_or_404(rows, pk=pk))
            theirs = form.offer(typed, refusal.verdicts)
        except Refused as refusal:
            status, form = tell(request, refusal), DeclarationForm(accreditation=get_object_or_404(rows, pk=pk))
        row = get_object_or_404(rows, pk=pk)
        if typed and row.state != AccreditationState.DRAFT:
            form = DeclarationForm(accreditation=row)
            unsaved = form.unsaved(typed) + _files_not_taken(typed)
            status = _why(request, still_a_draft, row, status)
    is_draft = row.state == AccreditationState.DRAFT
    context = {
        "accreditation": row,
        "form": form,
        "theirs": theirs,
        "unsaved": unsaved,
        "is_draft": is_draft,
        "requirements": _requirements(row, form if is_draft else None),
        "against_send": reasons_against(SEND_ACCREDITATION, row, by=by, at=at) if is_draft else [],
        "may_take_back": not reasons_against(TAKE_BACK_ACCREDITATION, row, by=by, at=at),
        "is_decided": row.decided_at is not None,
        "in_force": row.is_in_force(day_in_rome(request.arrived_at)),
        "file_route": "accreditation_file",
        "steps": row.steps.select_related("by"),
    }
    return render(request, "network/accreditation/accreditation.html", context, status=status)


def _why(request: HttpRequest, rule: Rule, row: Accreditation | AccreditationNotice, status: int) -> int:
    """The status of a page that can't take what was typed; ``rule`` is told where no act was refused yet."""
    if status == 409:
        return status
    return tell(request, Refused([rule(Attempt(row, request.user, request.arrived_at))]))


def _files_not_taken(form: DeclarationForm) -> list[dict[str, Any]]:
    none_was = any(not name.startswith("file_") for name in form.errors)  # they are taken once the rest can be read
    return [
        {"label": form.name_of(code), "lines": [upload.name]}
        for code in form.fields_of
        if (upload := form.files.get(f"file_{code}")) and (none_was or f"file_{code}" in form.errors)
    ]


def _now(typed: DeclarationForm, form: DeclarationForm) -> DeclarationForm:
    """What is stored after ``typed`` was kept, with the files that were not taken."""
    form.errors.update(typed.errors)
    return form


def _attach(form: DeclarationForm, row: Accreditation, code: str, upload: Any, request: HttpRequest) -> None:
    try:
        actions.attach_to_accreditation(row, code, upload, by=request.user, at=request.arrived_at)
    except Unacceptable as problem:
        form.add_error(f"file_{code}", str(problem))
    except Refused as refusal:
        form.add_error(f"file_{code}", refusal.reasons)


@login_required
def accreditation_file(request: HttpRequest, pk: Any, file: int) -> FileResponse:
    row = get_object_or_404(Accreditation.objects.of_bodies_of(request.user), pk=pk)
    return serve(get_object_or_404(row.files.select_related("document"), pk=file).document, own=True)


def _requirements(row: Accreditation, form: DeclarationForm | CheckForm | None) -> list[dict[str, Any]]:
    """Each requirement with what was declared, its files, what the office found, and the fields of ``form``."""
    files = list(row.files.select_related("document"))
    return [
        {
            "requirement": one,
            "answer": row.answers.get(one["code"], {}),
            "check": row.checks.get(one["code"]),
            "files": [file for file in files if file.code == one["code"]],
            "fields": form.of(one["code"]) if form else None,
        }
        for one in row.notice.requirements
    ]


# The office


@officials_only
def desk_accreditation_notices(request: HttpRequest) -> HttpResponse:
    """The notices, and a new one."""
    form, status = NoticeForm(), 200
    if request.method == "POST":
        form = NoticeForm(request.POST)
        if form.is_valid():
            row = actions.save_notice(None, by=request.user, at=request.arrived_at, **form.details)
            messages.success(request, _("La bozza è salvata. Rileggila, poi apri l'avviso."))
            return redirect("desk_accreditation_notice", pk=row.pk)
    rows = AccreditationNotice.objects.annotate(
        waiting=Count("accreditations", filter=Q(accreditations__state=AccreditationState.SENT)),
        accredited=Count("accreditations", filter=Q(accreditations__state=AccreditationState.ACCREDITED)),
    )
    return render(request, "network/accreditation/desk_notices.html", {"notices": rows, "form": form}, status=status)


@officials_only
def desk_accreditation_notice(request: HttpRequest, pk: Any) -> HttpResponse:
    """One notice: written while it is a draft, opened and closed by acts, with the requests that came."""
    row = get_object_or_404(AccreditationNotice, pk=pk)
    form, closing, theirs, unsaved, status = NoticeForm(notice=row), ReasonForm(), [], [], 200
    by, at = request.user, request.arrived_at
    typed: NoticeForm | None = None
    if request.method == "POST":
        try:
            if "open" in request.POST:
                actions.open_notice(row, by=by, at=at)
                messages.success(request, _("L'avviso è aperto: gli enti possono chiedere l'accreditamento."))
                return redirect("desk_accreditation_notice", pk=pk)
            if "close" in request.POST:
                closing = ReasonForm(request.POST)
                if closing.is_valid():
                    actions.close_notice(row, by=by, at=at, reason=closing.cleaned_data["reason"])
                    messages.success(request, _("L'avviso è chiuso. Chi è accreditato lo resta."))
                    return redirect("desk_accreditation_notice", pk=pk)
            else:
                form = typed = NoticeForm(request.POST, notice=row)
                if form.is_valid():
                    actions.save_notice(row, by=by, at=at, bases=form.bases, **form.details)
                    messages.success(request, _("La bozza è salvata."))
                    return redirect("desk_accreditation_notice", pk=pk)
        except BothWrote as refusal:
            status, form = tell(request, refusal), NoticeForm(notice=AccreditationNotice.objects.get(pk=pk), rows=typed.rows)
            theirs = form.offer(typed, refusal.verdicts)
        except Refused as refusal:
            status = tell(request, refusal)
        row = AccreditationNotice.objects.get(pk=pk)
        if typed and row.state != AccreditationNoticeState.DRAFT:
            form = NoticeForm(notice=row, rows=typed.rows)
            unsaved = form.unsaved(typed)
            status = _why(request, notice_is_a_draft, row, status)
    may_close = not reasons_against(CLOSE_NOTICE, row, by=by, at=at)
    context = {
        "notice": row,
        "form": form,
        "theirs": theirs,
        "unsaved": unsaved + left_over([(closing, may_close)]),
        "closing": closing,
        "is_draft": row.state == AccreditationNoticeState.DRAFT,
        "against_open": reasons_against(OPEN_NOTICE, row, by=by, at=at),
        "may_close": may_close,
        "accreditations": Accreditation.objects.visible_to(by).filter(notice=row).select_related("organisation"),
        "steps": row.steps.select_related("by"),
        "has_errors": form.errors or closing.errors,
    }
    return render(request, "network/accreditation/desk_notice.html", context, status=status)


@officials_only
def desk_accreditation(request: HttpRequest, pk: Any) -> HttpResponse:
    """One request, requirement by requirement, and the decision."""
    rows = Accreditation.objects.visible_to(request.user).select_related("organisation", "notice")
    row = rows.filter(pk=pk).first()
    if row is None and request.method == "POST":
        return _taken_back(request, pk)
    row = row or get_object_or_404(rows, pk=pk)
    form, reason, theirs, unsaved, status = CheckForm(accreditation=row), ReasonForm(), [], [], 200
    by, at = request.user, request.arrived_at
    typed: CheckForm | None = None
    if request.method == "POST":
        try:
            if "end" in request.POST:
                reason = ReasonForm(request.POST)
                if reason.is_valid():
                    actions.end_accreditation(row, by=by, at=at, reason=reason.cleaned_data["reason"])
                    messages.success(request, _("L'accreditamento è concluso: i servizi dell'ente non sono più pubblici."))
                    return redirect("desk_accreditation", pk=pk)
            else:
                form = typed = CheckForm(request.POST, accreditation=row)
                reason = ReasonForm(request.POST) if "refuse" in request.POST else reason
                if form.is_valid():
                    seen = form.checks
                    actions.check_accreditation(row, seen, by=by, at=at, bases=form.bases)
                    form = CheckForm(accreditation=rows.get(pk=pk))
                    if "accredit" in request.POST:
                        actions.accredit(row, by=by, at=at, seen=seen)
                        messages.success(request, _("L'ente è accreditato. Gli scriviamo una mail."))
                        return redirect("desk_accreditation", pk=pk)
                    if "refuse" not in request.POST:
                        messages.success(request, _("Il controllo è salvato."))
                        return redirect("desk_accreditation", pk=pk)
                    if reason.is_valid():
                        actions.refuse_accreditation(row, by=by, at=at, reason=reason.cleaned_data["reason"], seen=seen)
                        messages.success(request, _("L'ente non è accreditato. Gli scriviamo il motivo."))
                        return redirect("desk_accreditation", pk=pk)
        except BothWrote as refusal:
            status, form = tell(request, refusal), CheckForm(accreditation=rows.get(pk=pk))
            theirs = form.offer(typed, refusal.verdicts)
        except Refused as refusal:
            if not rows.filter(pk=pk).exists():
                return _taken_back(request, pk)
            status = tell(request, refusal)
        row = rows.get(pk=pk)
        if typed and row.state != AccreditationState.SENT:
            form = CheckForm(accreditation=row)
            unsaved = form.unsaved(typed)
            status = _why(request, is_being_checked, row, status)
    is_sent = row.state == AccreditationState.SENT
    may_end = not reasons_against(END_ACCREDITATION, row, by=by, at=at)
    if reason.is_bound and not is_sent and not ("end" in request.POST and may_end):
        unsaved, reason = unsaved + _reason_in(request), ReasonForm()
    context = {
        "accreditation": row,
        "form": form,
        "reason_form": reason,
        "theirs": theirs,
        "unsaved": unsaved,
        "is_sent": is_sent,
        "requirements": _requirements(row, form if is_sent else None),
        "against_accredit": reasons_against(ACCREDIT, row, by=by, at=at) if is_sent else [],
        "against_refuse": reasons_against(REFUSE_ACCREDITATION, row, by=by, at=at) if is_sent else [],
        "may_end": may_end,
        "in_force": row.is_in_force(day_in_rome(request.arrived_at)),
        "is_decided": row.decided_at is not None,
        "file_route": "desk_accreditation_file",
        "steps": row.steps.select_related("by"),
        "has_errors": form.errors or reason.errors,
    }
    return render(request, "network/accreditation/desk_accreditation.html", context, status=status)


def _reason_in(request: HttpRequest) -> list[dict[str, Any]]:
    said = request.POST.get("reason", "").strip()
    return [{"label": ReasonForm.base_fields["reason"].label, "lines": [said]}] if said else []


def _taken_back(request: HttpRequest, pk: Any) -> HttpResponse:
    """The office sees the draft no more, and keeps what it was writing about it."""
    rows = Accreditation.objects.select_related("organisation", "notice").exclude(sent_at=None)
    row = get_object_or_404(rows, pk=pk, state=AccreditationState.DRAFT)
    typed = CheckForm(request.POST, accreditation=row)
    typed.is_valid()
    status = tell(
        request, Refused([_("L'ente ha ripreso la richiesta per cambiarla: la ritrovi qui quando la invia di nuovo.")])
    )
    context = {"accreditation": row, "unsaved": CheckForm(accreditation=row).unsaved(typed) + _reason_in(request)}
    return render(request, "network/accreditation/desk_taken_back.html", context, status=status)


@officials_only
def desk_accreditation_file(request: HttpRequest, pk: Any, file: int) -> FileResponse:
    row = get_object_or_404(Accreditation.objects.visible_to(request.user), pk=pk)
    return serve(get_object_or_404(row.files.select_related("document"), pk=file).document)

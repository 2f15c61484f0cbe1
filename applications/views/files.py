"""The files of an application: each comes with its own small request."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from applications.actions import attach, attachment_rule, remove_attachment, restore_attachment
from applications.evidence import note, remembered
from applications.forms import AttachForm
from applications.models import Application, Attachment, EventKind
from applications.progress import rules_of, sections
from applications.rules import against_writing
from bando.notice.document import AttachmentRule, Section
from documents.responses import serve
from documents.uploads import Unacceptable, megabytes
from workflow.transition import Refused


@remembered(EventKind.UPLOAD)
@login_required
def attachments(request: HttpRequest, pk: str) -> HttpResponse:
    application = _application(request, pk)
    bound, reasons, status = None, [], 200
    if request.method == "POST":
        try:
            bound = AttachForm(request.POST, request.FILES, rule=attachment_rule(application, request.POST.get("rule", "")))
        except KeyError:
            raise Http404 from None
        note(request, rule=bound.rule.code)
        if not bound.is_valid():
            note(request, reasons=bound.errors.get("file", []))
        else:
            try:
                file = attach(application, bound.rule.code, bound.cleaned_data["file"], by=request.user, at=request.arrived_at)
            except Unacceptable as problem:
                bound.add_error("file", str(problem))
                note(request, reasons=[str(problem)])
            except Refused as refused:
                reasons, status = refused.reasons, 409
                note(request, reasons=reasons)
            else:
                note(request, name=file.document.name, bytes=file.document.size, sha256=file.document.sha256)
                messages.success(request, _("Abbiamo ricevuto «%(name)s».") % {"name": file.document.name})
                return redirect(f"{request.path}{_back(request, application)[0]}#{bound.rule.code}")
    return _page(request, application, bound=bound, reasons=reasons, status=status)


@login_required
def download(request: HttpRequest, pk: str, attachment: str) -> FileResponse:
    return serve(_attachment(request, pk, attachment).document)


@remembered(EventKind.REMOVE)
@login_required
@require_POST
def remove(request: HttpRequest, pk: str, attachment: str) -> HttpResponse:
    """Take a file out, or with ``undo`` put it back."""
    file = _attachment(request, pk, attachment)
    note(request, rule=file.rule, name=file.document.name, undo="undo" in request.POST)
    act = restore_attachment if "undo" in request.POST else remove_attachment
    try:
        act(file, by=request.user, at=request.arrived_at)
    except Refused as refused:
        note(request, reasons=refused.reasons)
        return _page(request, file.application, bound=None, reasons=refused.reasons, status=409)
    said = (
        _("«%(name)s» è di nuovo nella domanda.") if "undo" in request.POST else _("Hai eliminato «%(name)s». Puoi rimetterlo.")
    )
    messages.success(request, said % {"name": file.document.name})
    here = reverse("application_attachments", args=[pk])
    return redirect(f"{here}{_back(request, file.application)[0]}#{file.rule}")


def _page(
    request: HttpRequest, application: Application, *, bound: AttachForm | None, reasons: list[str], status: int
) -> HttpResponse:
    against = against_writing(application, by=request.user, at=request.arrived_at)
    files = list(application.attachments.select_related("document"))
    asked = {rule.code for rule in rules_of(application)}
    rules = [
        of_rule(rule, files, bound, asked=rule.code in asked, writable=against is None)
        for rule in application.call.notice.attachments_for(application.area_code)
        if rule.code in asked or any(file.rule == rule.code and file.removed_at is None for file in files)
    ]
    query, section = _back(request, application)
    context = {
        "application": application,
        "call": application.call,
        "rules": rules,
        "against": against,
        "reasons": reasons or ([against] if against else []),
        "errors": [{"target": f"id_{bound.rule.code}_file", "message": message} for message in bound.errors.get("file", [])]
        if bound
        else [],
        "has_errors": bool(bound and bound.errors),
        "query": query,
        "section": section,
        "exit_url": reverse("application", args=[application.pk]),
        "exit_label": _("La domanda"),
    }
    return render(request, "applications/attachments.html", context, status=status)


def limits(rule: AttachmentRule) -> str:
    """What may be uploaded, in words."""
    formats = _("o").join(f" {short.upper()} " for short in rule.formats).strip()
    return _("%(formats)s, fino a %(size)s MB ciascuno") % {"formats": formats, "size": megabytes(rule.max_bytes)}


def of_rule(
    rule: AttachmentRule, files: list[Attachment], bound: AttachForm | None, *, asked: bool, writable: bool
) -> dict[str, Any]:
    """A rule as ``applications/attachments.html`` shows it; ``bound`` is the form that was just sent, of whatever rule."""
    here = [file for file in files if file.rule == rule.code and file.removed_at is None]
    room = rule.max_files - len(here)
    mine = bound is not None and bound.rule.code == rule.code
    return {
        "rule": rule,
        "asked": asked,
        "files": here,
        "removed": [file for file in files if file.rule == rule.code and file.removed_at is not None]
        if writable and room
        else [],
        "form": (bound if mine else AttachForm(rule=rule)) if writable and asked and room > 0 else None,
        "limits": limits(rule),
        "room": ngettext("Puoi caricare ancora %(n)s file.", "Puoi caricare ancora %(n)s file.", room) % {"n": room},
    }


def _back(request: HttpRequest, application: Application) -> tuple[str, Section | None]:
    """The section from which the person came, to go back to, and the query that says so from page to page. ``next`` names a
    section and not an address, so that it leads nowhere else."""
    wanted = request.GET.get("next", "")
    section = next((section for section in sections(application) if section.code == wanted), None)
    return (f"?next={section.code}" if section else ""), section


def _application(request: HttpRequest, pk: str) -> Application:
    return get_object_or_404(Application.objects.visible_to(request.user).with_call(), pk=pk)


def _attachment(request: HttpRequest, pk: str, attachment: str) -> Attachment:
    """A file of an application that the person may see, removed or not."""
    application = _application(request, pk)
    file = get_object_or_404(application.attachments.select_related("document"), pk=attachment)
    file.application = application
    return file

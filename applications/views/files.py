"""The files of an application: each comes with its own small request."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from applications.actions import (
    Doubtful,
    add_part,
    attach,
    attachment_rule,
    begin_upload,
    place_in,
    purpose_of,
    remove_attachment,
    restore_attachment,
)
from applications.evidence import note, remembered
from applications.forms import AttachForm, cut_short
from applications.models import Application, Attachment, CompletionRequest, EventKind
from applications.progress import rules_of, sections
from applications.rules import against_writing
from bando.notice.document import AttachmentRule, Section
from bando.typed import from_script, whole_number
from documents import resuming
from documents.models import Upload
from documents.responses import serve
from documents.uploads import CHUNK, Unacceptable, megabytes
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
            if "whole" in request.POST:
                raise Http404 from None
            note(request, reasons=[cut_short()])
            return _page(request, application, bound=None, reasons=[cut_short()], status=400)
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


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For what a script asks for: 401 and words instead of the page of sign-in, which it would take for an answer."""

    @wraps(view)
    def answering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        _drain(request)
        return _no(401, _("La sessione è finita. Il file non è perso: accedi di nuovo e riprendi da qui."))

    return answering


@remembered(EventKind.UPLOAD)
@signed_in
@require_POST
def upload(request: HttpRequest, pk: str) -> HttpResponse:
    """Begin a file that comes in parts, or go on with it."""
    application = _application(request, pk)
    return begin(request, application, lambda row: reverse("application_upload_part", args=[application.pk, row.pk]))


@remembered(EventKind.UPLOAD_PART)
@signed_in
@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
def upload_part(request: HttpRequest, pk: str, upload: str) -> HttpResponse:
    """How much of a file has come (GET), its next part (POST), or give it up (DELETE)."""
    return go_on(request, _application(request, pk), upload)


def begin(
    request: HttpRequest,
    application: Application,
    address: Callable[[Upload], str],
    *,
    completion: CompletionRequest | None = None,
    against: Callable[..., str | None] | None = None,
) -> JsonResponse:
    """Answer the JSON ``{rule, name, size, fingerprint, sha256, anyway}`` of a device that wants to send a file.

    ``address`` is where the parts go; ``completion`` and ``against`` as in ``applications.actions.attach``. What is doubtful
    only for its name is refused with ``doubt``, and taken when it is sent ``anyway``. 404 for a rule that is not there."""
    asked = _asked(request)
    if asked is None:
        return _no(400, _("Non abbiamo capito quale file vuoi caricare: ricarica la pagina e sceglilo di nuovo."))
    try:
        place = place_in(application, asked["rule"], completion=completion, against=against)
    except KeyError:
        raise Http404 from None
    note(request, **{name: asked[name] for name in ("rule", "name")}, bytes=asked["size"])
    del asked["rule"]
    try:
        row = begin_upload(place, **asked, by=request.user, at=request.arrived_at)
    except Refused as refused:
        return _refused(request, 409, refused.reasons)
    except Unacceptable as problem:
        return _refused(request, 422, [str(problem)], doubt=isinstance(problem, Doubtful))
    return JsonResponse({"url": address(row), "largest": resuming.LARGEST_PART, **_state(request, row)}, status=201)


def go_on(
    request: HttpRequest,
    application: Application,
    pk: str,
    *,
    completion: CompletionRequest | None = None,
    against: Callable[..., str | None] | None = None,
) -> HttpResponse:
    """The requests to the address of one upload; 404 for what is not of this person and this place."""
    begins = purpose_of(application, completion)
    row = get_object_or_404(Upload.objects.filter(by=request.user, purpose__startswith=begins), pk=pk)
    if request.method in {"GET", "HEAD"}:
        return JsonResponse(_state(request, row))
    if request.method == "DELETE":
        resuming.discard(row)
        return HttpResponse(status=204)
    offset, size = (
        whole_number(request.headers.get("Upload-Offset", "")),
        whole_number(request.headers.get("Content-Length") or "0"),
    )
    if offset is None or size is None:
        return _no(400, _("Non abbiamo capito quale parte del file è: riprendi il caricamento."))
    note(request, upload=str(row.pk), name=row.name, offset=offset, bytes=size)
    try:
        place = place_in(application, row.purpose.removeprefix(begins), completion=completion, against=against)
        row, attachment = add_part(place, row, request, offset=offset, size=size, by=request.user, at=request.arrived_at)
    except (KeyError, Upload.DoesNotExist):
        raise Http404 from None
    except resuming.CutShort as cut:
        return _refused(request, 400, [str(cut)])
    except Unacceptable as problem:
        return _refused(request, 422, [str(problem)])
    except Refused as refused:
        return _refused(request, 409, refused.reasons)
    finally:
        _drain(request)
    if attachment:
        note(request, rule=attachment.rule, sha256=attachment.document.sha256)
    return JsonResponse(_state(request, row))


@login_required
def download(request: HttpRequest, pk: str, attachment: str) -> FileResponse:
    return serve(_attachment(request, pk, attachment).document, own=True)


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
    under_way = unfinished(request, application) if against is None else []
    rules = [
        of_rule(rule, files, bound, asked=rule.code in asked, writable=against is None)
        | {"unfinished": [file for file in under_way if file["rule"] == rule.code]}
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
        "begin_url": reverse("application_upload", args=[application.pk]) if against is None else "",
        "query": query,
        "section": section,
        "exit_url": reverse("application", args=[application.pk]),
        "exit_label": _("La domanda"),
    }
    return render(request, "applications/attachments.html", context, status=status)


def unfinished(request: HttpRequest, application: Application) -> list[dict[str, Any]]:
    """The files that this person began to send and can go on with, as ``applications/_unfinished.html`` shows them."""
    return unfinished_of(
        request, application, None, lambda row: reverse("application_upload_part", args=[application.pk, row.pk])
    )


def unfinished_of(
    request: HttpRequest, application: Application, completion: CompletionRequest | None, address: Callable[[Upload], str]
) -> list[dict[str, Any]]:
    """The same, of the answer to one request; ``address`` as in :func:`begin`."""
    begins = purpose_of(application, completion)
    return [
        {
            "rule": row.purpose.removeprefix(begins),
            "name": row.name,
            "size": row.size,
            "offset": row.offset,
            "url": address(row),
        }
        for row in resuming.under_way(request.user, begins)
        if row.offset
    ]


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
        "left": room,
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


def _asked(request: HttpRequest) -> dict[str, Any] | None:
    """What a device says of the file that it wants to send; ``None`` when it makes no sense."""
    try:
        said = from_script(request.body)
        asked = {name: str(said.get(name, "")) for name in ("rule", "name", "fingerprint", "sha256")}
        size = said["size"]
    except (ValueError, KeyError, AttributeError, TypeError):
        return None
    right = isinstance(size, int) and 0 <= size < 2**62 and asked["name"] and re.fullmatch(r"([0-9a-f]{64})?", asked["sha256"])
    return asked | {"size": size, "anyway": said.get("anyway") is True} if right else None


def _state(request: HttpRequest, row: Upload) -> dict[str, Any]:
    """How an upload stands; with a fresh token, because signing in again makes the page's own useless."""
    state = {"offset": row.offset, "size": row.size, "done": row.document_id is not None, "token": get_token(request)}
    return state | ({"sha256": row.document.sha256} if row.document_id else {"parts": resuming.parts(row)})


def _refused(request: HttpRequest, status: int, reasons: list[str], **more: Any) -> JsonResponse:
    note(request, reasons=reasons)
    return _no(status, *reasons, **more)


def _no(status: int, *reasons: str, **more: Any) -> JsonResponse:
    return JsonResponse({"reasons": [str(reason) for reason in reasons], **more}, status=status)


def _drain(request: HttpRequest) -> None:
    """Read what is left of a part: an answer before the end of a request cuts the connection, and is never read."""
    left = resuming.LARGEST_PART
    while left > 0 and (chunk := request.read(min(CHUNK, left))):
        left -= len(chunk)

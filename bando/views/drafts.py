"""Where officials write a call: the drafts in hand, one with what is left to do, its history, and the way to publication."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.access import officials_only
from bando import drafting
from bando.editor import parts
from bando.editor.parts import PARTS, Part
from bando.editor.sentences import in_words
from bando.editor.words import told
from bando.models import Call, DraftEdit, NoticeDraft
from bando.notice.checks import Path
from bando.notice.completeness import Weight, checklist
from bando.notice.merge import changes
from bando.notice.parse import Fault
from bando.notice_yaml import DocumentFaults
from workflow.transition import Refused

LARGEST_FILE = 2 * 1024 * 1024


# --- the drafts in hand ----------------------------------------------------------------------------------------------


@officials_only
def drafts(request: HttpRequest) -> HttpResponse:
    """What is being written, what was put aside, and where a new call may start from."""
    reasons, faults, status = [], [], 200
    if request.method == "POST":
        try:
            draft = _begun(request)
            return redirect("desk_draft", pk=draft.pk)
        except Refused as refused:
            reasons, status = refused.reasons, 409
        except DocumentFaults as refused:
            faults, status = refused.faults, 422
    rows = NoticeDraft.objects.visible_to(request.user).in_hand().select_related("call", "changed_by")
    context = {
        "rows": [{"draft": row, "left": len(drafting.faults(row.data))} for row in rows],
        "discarded": NoticeDraft.objects.discarded_by_office(request.user).select_related("call", "changed_by"),
        "templates": drafting.templates(),
        "calls": Call.objects.visible_to(request.user).order_by("-closes_at"),
        "reasons": reasons,
        "errors": [{"target": "file", "message": str(fault)} for fault in faults],
        "has_errors": bool(faults),
    }
    return render(request, "bando/drafts/drafts.html", context, status=status)


def _begun(request: HttpRequest) -> NoticeDraft:
    who = {"by": request.user, "at": request.arrived_at}
    if code := request.POST.get("template"):
        if code not in {template.code for template in drafting.templates()}:
            raise Http404
        return drafting.from_template(code, **who)
    if slug := request.POST.get("call"):
        call = _call(request, slug)
        draft = drafting.from_call(call, **who)
        messages.info(
            request,
            _("La bozza comincia come «%(title)s». Le date, l'atto e l'indirizzo sono vuoti: sono di questo avviso.")
            % {"title": call.title},
        )
        return draft
    if slug := request.POST.get("go_on"):
        call = _call(request, slug)
        if call.published_at:
            raise Refused([_("L'avviso è pubblicato: per cambiarlo scrivi una rettifica.")])
        return drafting.go_on(call, **who)
    if pk := request.POST.get("restore"):
        draft = get_object_or_404(NoticeDraft.objects.discarded_by_office(request.user), pk=_uuid(pk))
        drafting.restore(draft)
        messages.success(request, _("La bozza è di nuovo in lavorazione."))
        return draft
    file = request.FILES.get("file")
    if file is None:
        raise Refused([_("Scegli da dove cominciare: un modello, un avviso o un file.")])
    if file.size > LARGEST_FILE:
        raise Refused([_("Il file è troppo grande per essere un avviso: al massimo 2 MB.")])
    draft = drafting.from_file(file.read(), **who)
    left = len(drafting.faults(draft.data))
    if left:
        messages.info(
            request,
            ngettext(
                "Abbiamo letto il file. Resta %(n)s cosa da correggere: la trovi qui sotto, parte per parte.",
                "Abbiamo letto il file. Restano %(n)s cose da correggere: le trovi qui sotto, parte per parte.",
                left,
            )
            % {"n": left},
        )
    else:
        messages.success(request, _("Abbiamo letto il file: non c'è niente da correggere."))
    return draft


def _call(request: HttpRequest, slug: str) -> Call:
    calls = Call.objects.visible_to(request.user).select_related("version")
    return get_object_or_404(calls, slug=slug.replace("\x00", ""))


def _uuid(text: str) -> Any:
    try:
        return forms.UUIDField().clean(text)
    except forms.ValidationError:
        raise Http404 from None


# --- one draft -------------------------------------------------------------------------------------------------------


def draft_of(request: HttpRequest, pk: Any) -> NoticeDraft:
    rows = NoticeDraft.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("call", "changed_by", "created_by"), pk=pk)


@officials_only
def draft(request: HttpRequest, pk: str) -> HttpResponse:
    """The hub: the parts with what is left to do, the checklist, and the way to publication."""
    row, reasons, status = draft_of(request, pk), [], 200
    if request.method == "POST":
        try:
            return _acted(request, row)
        except Refused as refused:
            reasons, status = refused.reasons, 409
    faults = drafting.faults(row.data)
    items = checklist_of(row, row.data)
    blocking = [entry["item"].path for entry in items if entry["blocks"] and not entry["item"].done]
    owed = {part.slug: sum(parts.slug_of(path).split("/")[0] == part.slug for path in blocking) for part in PARTS}
    tasks = [_task(row, part, parts.of_part(part, faults), owed[part.slug]) for part in PARTS]
    asked = [part for part in PARTS if parts.is_required(part) or parts.is_begun(part, row.data) or owed[part.slug]]
    ready = sum(1 for part in asked if not parts.of_part(part, faults) and not owed[part.slug])
    edits = row.edits.select_related("by").defer("data").order_by("-version")
    context = {
        "draft": row,
        "against": drafting.against_writing(row),
        "reasons": reasons,
        "groups": [{"title": "", "tasks": tasks}],
        "ready": ready,
        "total": len(asked),
        "progress_label": ngettext("%(ready)s parte a posto su %(total)s", "%(ready)s parti a posto su %(total)s", ready)
        % {"ready": ready, "total": len(asked)},
        "left": [
            {"part": part, "faults": linked(row, parts.of_part(part, faults))} for part in PARTS if parts.of_part(part, faults)
        ],
        "left_count": len(faults),
        "missing": [entry for entry in items if not entry["item"].done],
        "blocking": len(blocking),
        "said": [entry for entry in items if entry["item"].done],
        "edits": [{"title": f"{_what(edit)} – {edit.by}", "at": edit.at, "state": "done"} for edit in edits[:5]],
        "amend_url": reverse("desk_amend", args=[row.call.slug, "rectification"]) if row.amends else "",
        "is_prepared": row.call_id is not None and not row.amends and row.call.version.text == drafting.text_of(row),
    }
    return render(request, "bando/drafts/draft.html", context, status=status)


def _acted(request: HttpRequest, row: NoticeDraft) -> HttpResponse:
    match request.POST.get("do"):
        case "prepare":
            call = drafting.prepare(row, at=request.arrived_at)
            messages.success(
                request, _("L'avviso è pronto: rileggilo e pubblicalo da qui. Se cambi la bozza, preparalo di nuovo.")
            )
            return redirect("desk_call", slug=call.slug)
        case "discard":
            drafting.discard(row, at=request.arrived_at)
            messages.success(request, _("La bozza è da parte: la trovi in fondo a questa pagina, e la puoi ripristinare."))
            return redirect("desk_drafts")
    raise Refused([_("Non è successo niente: scegli che cosa fare.")])


def _task(row: NoticeDraft, part: Part, faults: list[Fault], owed: int) -> dict[str, Any]:
    """``owed``: how many things of this part a public notice must still say; while there are faults they are told first."""
    begun, count = parts.is_begun(part, row.data), len(faults) or owed
    if not count:
        status, hint = ("done", part.hint) if begun else ("todo", _("Facoltativa. %(hint)s") % {"hint": part.hint})
    else:
        only_missing = all(fault.sentence.startswith("manca") for fault in faults)
        status = "todo" if not begun else "doing" if only_missing else "fix"
        left = ngettext("Resta %(n)s cosa da fare.", "Restano %(n)s cose da fare.", count) % {"n": count}
        hint = f"{part.hint} {left}"
    return {"label": part.title, "url": reverse("desk_draft_part", args=[row.pk, part.slug]), "status": status, "hint": hint}


def linked(row: NoticeDraft, faults: list[Fault]) -> list[dict[str, str]]:
    """Faults in words, each with the place in the editor that mends it."""
    return [
        {"label": parts.label_of(row.data, fault.path), "sentence": in_words(row.data, fault), "url": url_of(row, fault.path)}
        for fault in faults
    ]


def url_of(row: NoticeDraft, path: Path) -> str:
    slug = parts.slug_of(path)
    if parts.page_of(row.data, slug) is None:
        slug = slug.split("/")[0]
    anchor = parts.anchor_of(path)
    return reverse("desk_draft_part", args=[row.pk, slug]) + (f"#{anchor}" if anchor else "")


def checklist_of(row: NoticeDraft, data: Any) -> list[dict[str, Any]]:
    """What the call must say, with the place that mends it; what blocks before what warns."""
    entries = [
        {"item": item, "blocks": item.weight is Weight.BLOCKS, "url": url_of(row, item.path)} for item in checklist(data)
    ]
    return sorted(entries, key=lambda entry: not entry["blocks"])


def _what(edit: DraftEdit) -> str:
    """What a change was about, in words."""
    if edit.version == 1:
        return pgettext("modifica", "Inizio")
    if not edit.path:
        return _("Più parti insieme")
    slug = edit.path.split(".")[0].split("[")[0]
    part = parts.BY_SLUG.get(slug) or parts.BY_KEY.get(slug)
    return str(part.title) if part else edit.path


# --- the document and its history ------------------------------------------------------------------------------------


@officials_only
def export(request: HttpRequest, pk: str) -> HttpResponse:
    """The document as a file: as it was brought, or as it is now."""
    row = draft_of(request, pk)
    name = row.data.get("id") if isinstance(row.data.get("id"), str) else "bozza"
    headers = {"Content-Disposition": f'attachment; filename="{_file_name(name)}.yaml"'}
    return HttpResponse(drafting.text_of(row), content_type="application/yaml; charset=utf-8", headers=headers)


def _file_name(name: str) -> str:
    return "".join(sign for sign in name if sign.isascii() and (sign.isalnum() or sign in "-_")) or "bozza"


@officials_only
def history(request: HttpRequest, pk: str) -> HttpResponse:
    """Every saved state: who, when, what about."""
    row = draft_of(request, pk)
    edits = [{"edit": edit, "what": _what(edit)} for edit in row.edits.select_related("by").defer("data").order_by("-version")]
    return render(request, "bando/drafts/history.html", {"draft": row, "edits": edits})


@officials_only
def state(request: HttpRequest, pk: str, version: int) -> HttpResponse:
    """One saved state: what changed in it, the whole of it, and the way to bring it back."""
    row = draft_of(request, pk)
    edit = get_object_or_404(row.edits.select_related("by"), version=version)
    reasons, status = [], 200
    if request.method == "POST":
        try:
            drafting.bring_back(row, version, by=request.user, at=request.arrived_at)
            messages.success(request, _("La bozza è di nuovo come nella versione %(n)s.") % {"n": version})
            return redirect("desk_draft", pk=row.pk)
        except Refused as refused:
            reasons, status = refused.reasons, 409
    before = row.edits.filter(version=version - 1).first()
    context = {
        "draft": row,
        "edit": edit,
        "what": _what(edit),
        "changes": [told(edit.data, change) for change in changes(before.data, edit.data)] if before else [],
        "text": drafting.dump(edit.data),
        "is_current": edit.version == row.version,
        "reasons": reasons,
    }
    return render(request, "bando/drafts/state.html", context, status=status)

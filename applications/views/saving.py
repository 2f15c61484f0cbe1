"""Saving while somebody types, field by field; what the page asks about its session; the earlier texts of a section."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from applications import saving_words
from applications.actions.saving import Conflict, save_units
from applications.evidence import note, remembered
from applications.merging import fingerprint
from applications.models import Application, EventKind, EventOutcome, SectionDraft
from applications.progress import judged, sections
from applications.rules import against_writing
from applications.sections import build_form
from applications.sections.base import SectionForm
from applications.sections.units import label_of, long_texts, shown, storable, unit_of, units_of
from applications.standing import standing
from bando import clock
from bando.notice.document import Section
from bando.typed import from_script, whole_number
from workflow.transition import Refused


@dataclass(frozen=True, slots=True)
class Sent:
    """What the page sends: ``typed`` by unit and name of the input, ``bases`` the fingerprints of what it was shown and of what
    it sent without an answer, ``device`` the moment by the clock of the device, which decides nothing."""

    typed: dict[str, dict[str, Any]]
    bases: dict[str, list[str]]
    device: datetime | None


@remembered(EventKind.SAVE)
@require_POST
def autosave(request: HttpRequest, pk: str, step: str) -> JsonResponse:
    """Keep some units of a section, right or wrong, and say what became of each. Nothing is said of what is wrong in them:
    that is for the page, when the person goes on."""
    if not request.user.is_authenticated:
        return signed_out()
    application, section, form_class = _section(request, pk, step)
    try:
        sent = read_sent(form_class, from_script(request.body))
    except RequestDataTooBig:
        too_much = _("È troppo testo per salvarlo in una volta. Il testo è ancora qui: accorcia quello che hai incollato.")
        note(request, reasons=[too_much])
        return JsonResponse({"reasons": [too_much]}, status=413)
    except (ValueError, TypeError, KeyError, AttributeError):
        return JsonResponse({"reasons": [_("La pagina ha mandato qualcosa che non sappiamo leggere: ricaricala.")]}, status=400)
    try:
        saved = save_units(
            application,
            section.code,
            units=units_of(form_class),
            typed=sent.typed,
            bases=sent.bases,
            judge=lambda answers: judged(application, section, answers),
            by=request.user,
            at=request.arrived_at,
        )
    except Refused as refused:
        note(request, application=application, section=step, reasons=refused.reasons)
        return JsonResponse({"reasons": refused.reasons}, status=409)
    note(request, application=application, section=step, version=saved.draft.version, units=list(sent.typed))
    if saved.conflicts:
        note(request, outcome=EventOutcome.CONFLICT)
    return JsonResponse(
        {
            "version": saved.draft.version,
            "saved_at": request.arrived_at.isoformat(),
            "said": saving_words.saved(request.arrived_at),
            "now": request.arrived_at.isoformat(),
            "bases": saved.bases,
            "conflicts": [told_of(form_class, conflict, request.arrived_at) for conflict in saved.conflicts],
            "others": [saving_words.present(other) for other in saved.others],
            "clock": saving_words.clock(sent.device, request.arrived_at) if sent.device else "",
        }
    )


@require_http_methods(["GET", "POST"])
def state(request: HttpRequest, pk: str) -> JsonResponse:
    """Who is signed in and for how long, and where the application stands. A POST makes the session last anew."""
    if not request.user.is_authenticated:
        return signed_out()
    mine = Application.objects.visible_to(request.user).with_call().prefetch_related("drafts", "attachments")
    application = get_object_or_404(mine, pk=pk)
    session = session_of(request)
    stands = standing(application, request.arrived_at)
    return JsonResponse(
        {
            **session,
            "state": application.state,
            "standing": f"{stands.title}. {stands.body}",
            "number": application.number,
            "sent_at": application.current.arrived_at.isoformat() if application.current else None,
        }
    )


@remembered(EventKind.SAVE)
@login_required
@require_http_methods(["GET", "POST"])
def history(request: HttpRequest, pk: str, step: str) -> HttpResponse:
    """The earlier texts of the long answers of a section, and the way to bring one back."""
    application, section, form_class = _section(request, pk, step)
    draft = application.drafts.filter(section=section.code).first()
    reasons: list[str] = []
    if request.method == "POST" and draft is not None:
        try:
            return _bring_back(request, application, section, form_class, draft)
        except Refused as refused:
            note(request, application=application, section=step, reasons=refused.reasons)
            reasons = refused.reasons
    against = against_writing(application, by=request.user, at=request.arrived_at)
    context = {
        "application": application,
        "call": application.call,
        "section": section,
        "texts": _earlier(form_class, draft) if draft else [],
        "reasons": reasons,
        "may_write": against is None,
        "back_url": reverse("application_section", args=[application.pk, step]),
        "exit_url": reverse("application", args=[application.pk]),
        "exit_label": _("La domanda"),
    }
    return render(request, "applications/history.html", context, status=409 if reasons else 200)


def _bring_back(
    request: HttpRequest, application: Application, section: Section, form_class: type[SectionForm], draft: SectionDraft
) -> HttpResponse:
    """A save like any other, with a line of its own in the history, so that what it replaces can be brought back too."""
    name, number = request.POST.get("name", ""), request.POST.get("version", "")
    edit = draft.edits.filter(version=whole_number(number)).first()
    if edit is None or name not in long_texts(form_class) or not edit.changes.get(name):
        raise Http404
    unit = unit_of(units_of(form_class), name)
    saved = save_units(
        application,
        section.code,
        units=units_of(form_class),
        typed={unit: {name: edit.changes[name]}},
        bases={unit: [request.POST.get("base", "")]},
        judge=lambda answers: judged(application, section, answers),
        by=request.user,
        at=request.arrived_at,
        apart=True,
    )
    if saved.conflicts:
        note(request, outcome=EventOutcome.CONFLICT)
        raise Refused([_("Il testo è cambiato mentre leggevi: guarda le versioni qui sotto e scegli di nuovo.")])
    note(request, application=application, section=section.code, version=saved.draft.version, units=[unit])
    messages.success(request, _("Abbiamo rimesso il testo. Quello di prima è fra le versioni precedenti."))
    return redirect(f"{reverse('application_section', args=[application.pk, section.code])}#id_{name}")


def _earlier(form_class: type[SectionForm], draft: SectionDraft) -> list[dict[str, Any]]:
    """Each long text with what it was before, newest first, and who wrote it; those that never changed are left out."""
    edits = list(draft.edits.select_related("by").order_by("-version"))
    found = []
    for name in long_texts(form_class):
        now, versions = draft.answers.get(name, ""), []
        written = [edit for edit in edits if name in edit.changes]
        for edit in written:
            text = edit.changes[name]
            if text and text != now and all(text != version["text"] for version in versions):
                versions.append({"version": edit.version, "text": text, "by": edit.by, "at": edit.at})
        if versions:
            unit = unit_of(units_of(form_class), name)
            base = fingerprint({name: now})
            last = written[0]
            facts = {"name": name, "label": label_of(form_class, unit), "now": now, "by": last.by, "at": last.at}
            found.append({**facts, "base": base, "versions": versions})
    return found


def _section(request: HttpRequest, pk: str, step: str) -> tuple[Application, Section, type[SectionForm]]:
    mine = Application.objects.visible_to(request.user).select_related("call__version").defer("call__version__text")
    application = get_object_or_404(mine, pk=pk)
    section = next((section for section in sections(application) if section.code == step), None)
    if section is None:
        raise Http404
    return application, section, build_form(section, application.call.notice, application.area)


def read_sent(form_class: type[SectionForm], body: dict[str, Any]) -> Sent:
    """Raises what reading something else than the page's own message raises."""
    fields = body["fields"]
    typed = storable(form_class, {unit: dict(field["typed"]) for unit, field in fields.items()})
    unheard = storable(form_class, {unit: dict(field["sent"]) for unit, field in fields.items() if field.get("sent")})
    bases = {unit: [str(fields[unit]["base"])] for unit in typed}
    for unit, texts in unheard.items():
        bases[unit].append(fingerprint(texts))
    return Sent(typed, bases, _clock_of_the_device(body.get("device_clock")))


def _clock_of_the_device(said: Any) -> datetime | None:
    """What the device takes for the time; nothing when it says nothing that is one, because no text is lost for that."""
    try:
        device = datetime.fromisoformat(said)
    except (TypeError, ValueError):
        return None
    return device if device.tzinfo else None


def told_of(form_class: type[SectionForm], conflict: Conflict, now: datetime) -> dict[str, Any]:
    return {
        "unit": conflict.unit,
        "label": label_of(form_class, conflict.unit),
        "theirs": conflict.theirs,
        "theirs_shown": shown(form_class, conflict.unit, conflict.theirs),
        "by": str(conflict.by),
        "at": conflict.at.isoformat(),
        "said": saving_words.changed(conflict, now),
        "base": fingerprint(conflict.theirs),
    }


def session_of(request: HttpRequest) -> dict[str, Any]:
    """Who is signed in, for how long, and the token of their forms. A POST makes the session last anew."""
    if request.method == "POST":
        request.session.modified = True
        ends = clock.now() + timedelta(seconds=request.session.get_expiry_age())
    else:
        ends = request.session.model.objects.values_list("expire_date", flat=True).get(pk=request.session.session_key)
    return {
        "signed_in": True,
        "user": request.user.pk,
        "csrf": get_token(request),
        "now": clock.now().isoformat(),
        "session_ends": ends.isoformat(),
    }


def signed_out() -> JsonResponse:
    return JsonResponse({"signed_in": False}, status=401)

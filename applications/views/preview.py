"""The pages of an applicant over a draft call, for an application that nobody began: they can be tried out, and keep
nothing."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import LegalForm, Organisation
from applications.actions import attachment_rule
from applications.forms import AttachForm
from applications.models import Application
from applications.progress import ATTACHMENTS, REVIEW, Task, missing, rules_of, tasks
from applications.reading import read_draft
from applications.sections import build_form, typed_answers
from applications.sections.build import upload_id
from applications.sections.conditions import outline
from applications.standing import standing
from applications.transitions import SUBMIT
from applications.views.files import limits, of_rule
from applications.views.fill import UPLOAD
from bando.models import Call, NoticeDraft
from bando.notice.document import Area, Notice, QuestionType, Section
from bando.templatetags.bando_ui import in_italian
from bando.views.previews import area_of, previews, show, while_open
from documents.uploads import Unacceptable, check
from workflow.transition import Attempt


@previews
@require_GET
def hub(request: HttpRequest, row: NoticeDraft, shown: Call, area: str) -> HttpResponse:
    """The tasks of an application in which nothing is written yet."""
    here, at = area_of(shown, area), while_open(shown, request.arrived_at)
    application = _untouched(shown, here, at=at)
    *filled, last = tasks(application)
    total = len(filled)
    groups = [(_("Compila"), filled), (_("Invia"), [last])]
    context = {
        "application": application,
        "call": shown,
        "area": here,
        "standing": standing(application, at),
        "writable": True,
        "groups": [{"title": title, "tasks": [_task(task, row, here) for task in found]} for title, found in groups],
        "done": 0,
        "total": total,
        "progress_label": ngettext("%(done)s sezione su %(total)s completata", "%(done)s sezioni su %(total)s completate", 0)
        % {"done": 0, "total": total},
    }
    doors = {reverse("my_applications"): reverse("desk_draft_preview", args=[row.pk])}
    return show(request, row, shown, "applications/hub.html", context, doors=doors, at=at)


@previews
@require_http_methods(["GET", "POST"])
def section(request: HttpRequest, row: NoticeDraft, shown: Call, area: str, section: str) -> HttpResponse:
    """With the faults that the applicant would see, once something was typed; without any, it goes on like the form."""
    notice, here = shown.notice, area_of(shown, area)
    pages = list(notice.sections_for(here.code))
    page = next((known for known in pages if known.code == section), None)
    if page is None:
        raise Http404
    form_class = build_form(page, notice, here)
    form = form_class(data=typed_answers(form_class, request.POST) if request.method == "POST" else None, known={})
    form.offers = _offers(notice, here.code, page)
    index, around = pages.index(page), _preview("hub", row, here)
    urls = [_preview("section", row, here, known.code) for known in pages]
    apart = len(notice.attachments_for(here.code)) > len(outline(notice, here.code).inside)
    after = urls[index + 1] if index + 1 < len(urls) else _preview("attachments" if apart else "review", row, here)
    if request.method == "POST":
        then = request.POST.get("then", "")
        if then == "hub":
            return redirect(around)
        if (asked := then.removeprefix(UPLOAD)) in form.offers:
            return redirect(f"{_preview('attachments', row, here)}#{asked}")
        if not form.errors:
            return redirect(after)
    context = {
        "request": SimpleNamespace(method="GET", path=request.path),  # who posts it is not told that it was saved
        "application": Application(call=shown, area_code=here.code),
        "call": shown,
        "area": here,
        "section": page,
        "form": form,
        "number": index + 1,
        "count": len(pages),
        "version": 0,
        "grid_demonstration": notice.grid_for(here.code).demonstration,
        "previous_url": urls[index - 1] if index else around,
        "next_url": after,
        "exit_url": around,
        "exit_label": _("La domanda"),
    }
    return show(request, row, shown, "applications/section.html", context)


@previews
@require_http_methods(["GET", "POST"])
def attachments(request: HttpRequest, row: NoticeDraft, shown: Call, area: str) -> HttpResponse:
    """Every file that the call may ask for, whatever the answers. One that is sent is judged as it will be, and let go."""
    here, at, told, bound = area_of(shown, area), while_open(shown, request.arrived_at), "", None
    application = _untouched(shown, here, at=at)
    if request.method == "POST":
        try:
            bound = AttachForm(request.POST, request.FILES, rule=attachment_rule(application, request.POST.get("rule", "")))
        except KeyError:
            raise Http404 from None
        if bound.is_valid():
            file = bound.cleaned_data["file"]
            try:
                check(file, formats=bound.rule.formats, max_bytes=bound.rule.max_bytes)
            except Unacceptable as problem:
                bound.add_error("file", str(problem))
            else:
                told = _("Con l'avviso pubblicato, «%(name)s» si può caricare. Qui non lo abbiamo tenuto.") % {
                    "name": file.name
                }
    rules = shown.notice.attachments_for(here.code)
    if not told and any(rule.when for rule in rules):
        told = _("Qui vedi tutti gli allegati. Chi fa domanda vede quelli che servono per le sue risposte.")
    errors = bound.errors.get("file", []) if bound else []
    context = {
        "application": application,
        "call": shown,
        "rules": [of_rule(rule, [], bound, asked=True, writable=True) for rule in rules],
        "errors": [{"target": f"id_{bound.rule.code}_file", "message": message} for message in errors],
        "has_errors": bool(errors),
        "told": told,
        "exit_url": _preview("hub", row, here),
        "exit_label": _("La domanda"),
    }
    doors = _doors(row, application)
    return show(request, row, shown, "applications/attachments.html", context, doors=doors, at=at)


@previews
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, row: NoticeDraft, shown: Call, area: str) -> HttpResponse:
    """All that was answered, which is nothing, and why it can't be sent yet."""
    here, at = area_of(shown, area), while_open(shown, request.arrived_at)
    application = _untouched(shown, here, at=at)
    attempt = Attempt(application, None, at)
    context = {
        "application": application,
        "call": shown,
        "area": here,
        "standing": standing(application, at),
        "read": read_draft(application),
        "files": [{"rule": rule, "files": []} for rule in rules_of(application)],
        "gaps": missing(application),
        "reasons": [reason for rule in SUBMIT.when if (reason := rule(attempt))],
        "writable": True,
        "exit_url": _preview("hub", row, here),
        "exit_label": _("La domanda"),
    }
    if request.method == "POST":  # only where a call asks for nothing can it be sent as it is
        context["told"] = _("Con l'avviso pubblicato, la domanda parte. Qui non parte niente.")
    return show(request, row, shown, "applications/review.html", context, doors=_doors(row, application), at=at)


def _untouched(shown: Call, area: Area, *, at: datetime) -> Application:
    """An application in no database, of a body that does not exist."""
    body = Organisation(
        name=_("Ente di prova"),
        legal_form=LegalForm.ODV,
        tax_code="00000000000",
        street=_("Via di prova 1"),
        postal_code="00000",
        city=_("Comune di prova"),
        province="XX",
        pec="ente@pec.example",
    )
    application = Application(call=shown, area_code=area.code, organisation=body, created_at=at)
    prefetch_related_objects([application], "drafts", "attachments")
    return application


def _preview(name: str, row: NoticeDraft, area: Area, *args: str) -> str:
    return reverse(f"desk_draft_preview_{name}", args=[row.pk, area.code, *args])


def _task(task: Task, row: NoticeDraft, area: Area) -> dict[str, Any]:
    """A task as ``components/task_list.html`` draws it."""
    url = _preview(task.code, row, area) if task.code in {ATTACHMENTS, REVIEW} else _preview("section", row, area, task.step)
    label = in_italian(task.title) if task.step else task.title
    return {"label": label, "url": url, "status": str(task.status), "hint": task.hint}


def _doors(row: NoticeDraft, application: Application) -> dict[str, str]:
    """Where the links of an application lead in the preview, by their real address."""
    pk, area = application.pk, application.area
    doors = {
        reverse("application_attachments", args=[pk]): _preview("attachments", row, area),
        reverse("application_review", args=[pk]): _preview("review", row, area),
        reverse("application_submit", args=[pk]): _preview("review", row, area),
    }
    for known in application.call.notice.sections_for(area.code):
        doors[reverse("application_section", args=[pk, known.code])] = _preview("section", row, area, known.code)
    return doors


def _offers(notice: Notice, area_code: str, page: Section) -> dict[str, dict[str, object]]:
    """The questions that ask for a file: nothing is uploaded yet."""
    asked = [question.code for question in page.questions if question.type is QuestionType.FILE]
    rules = {rule.code: rule for rule in notice.attachments_for(area_code)}
    return {
        code: {"limits": limits(rules[code]), "files": [], "button": upload_id(code), "then": f"{UPLOAD}{code}", "room": True}
        for code in asked
    }

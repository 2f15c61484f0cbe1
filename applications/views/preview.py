"""A section of the form as an applicant will see it, over a draft: it can be tried out, and keeps nothing."""

from __future__ import annotations

from types import SimpleNamespace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.models import Application
from applications.sections import build_form, typed_answers
from applications.sections.build import upload_id
from applications.views.files import limits
from bando.models import Call, NoticeDraft
from bando.notice.document import Notice, QuestionType, Section
from bando.views.previews import area_of, previews


@previews
def section(request: HttpRequest, row: NoticeDraft, shown: Call, area: str, section: str) -> HttpResponse:
    """With the faults that the applicant would see, once something was typed."""
    notice, here = shown.notice, area_of(shown, area)
    pages = list(notice.sections_for(here.code))
    page = next((known for known in pages if known.code == section), None)
    if page is None:
        raise Http404
    form_class = build_form(page, notice, here)
    form = form_class(data=typed_answers(form_class, request.POST) if request.method == "POST" else None, known={})
    form.offers = _offers(notice, here.code, page)
    index, around = pages.index(page), reverse("desk_draft_preview", args=[row.pk])
    urls = [reverse("desk_draft_preview_section", args=[row.pk, here.code, known.code]) for known in pages]
    context = {
        "preview": row,
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
        "next_url": urls[index + 1] if index + 1 < len(urls) else around,
        "exit_url": around,
        "exit_label": _("Anteprima"),
    }
    return render(request, "applications/preview_section.html", context)


def _offers(notice: Notice, area_code: str, page: Section) -> dict[str, dict[str, object]]:
    """The questions that ask for a file: nothing is uploaded yet."""
    asked = [question.code for question in page.questions if question.type is QuestionType.FILE]
    rules = {rule.code: rule for rule in notice.attachments_for(area_code)}
    return {
        code: {"limits": limits(rules[code]), "files": [], "button": upload_id(code), "then": "", "room": True}
        for code in asked
    }

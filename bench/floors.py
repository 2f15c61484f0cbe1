"""The least that a page of each kind does. They pass through the same middleware and settings as the pages of the project."""

from __future__ import annotations

import uuid
from functools import cache
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import Template, engines
from django.views.decorators.http import require_POST

from applications.models import Application, SectionDraft
from applications.progress import sections
from applications.sections import build_form
from applications.sections.build import SectionForm


@login_required
@require_POST
def one_insert(request: HttpRequest, pk: str) -> HttpResponse:
    """Session, person, token, one INSERT: what was typed goes into the table as it came, and nobody is asked anything."""
    with transaction.atomic():
        SectionDraft.objects.create(
            application_id=pk,
            section=uuid.uuid4().hex,
            answers=request.POST.dict(),
            saved_by=request.user,
            saved_at=request.arrived_at,
        )
    return redirect("/")


@login_required
def one_form(request: HttpRequest, pk: str, step: str) -> HttpResponse:
    """Session, person, token, and the fields of a section drawn from answers that are already in memory."""
    form_class, answers = _known(pk, step)
    form = form_class(data=answers)
    form.forgive_blanks()
    return HttpResponse(_page().render({"form": form}, request))


@cache
def _known(pk: str, step: str) -> tuple[type[SectionForm], dict[str, Any]]:
    application = Application.objects.with_call().get(pk=pk)
    section = next(section for section in sections(application) if section.code == step)
    return build_form(section, application.call.notice, application.area), application.drafts.get(section=step).answers


@cache
def _page() -> Template:
    return engines["django"].from_string('<form method="post">{% csrf_token %}{{ form }}</form>')

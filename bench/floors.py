"""The least that a page of each kind does. They pass through the same middleware and settings as the pages of the project."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator
from functools import cache
from itertools import count
from types import ModuleType
from typing import Any
from unittest import mock

from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template import Template, engines
from django.urls import reverse
from django.views.decorators.http import require_POST

from applications.models import Application, SectionDraft
from applications.progress import sections
from applications.sections import build_form
from applications.sections.build import SectionForm
from bando.models import DraftEdit, NoticeDraft


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


@login_required
@require_POST
def one_state(request: HttpRequest, pk: str) -> HttpResponse:
    """Session, person, token, one INSERT: the document of a draft is kept once more, as it is in memory."""
    data, versions = _document(pk)
    with transaction.atomic():
        DraftEdit.objects.create(draft_id=pk, version=next(versions), data=data, by=request.user, at=request.arrived_at)
    return redirect("/")


@cache
def _document(pk: str) -> tuple[dict[str, Any], Iterator[int]]:
    draft = NoticeDraft.objects.get(pk=pk)
    return draft.data, count(draft.version + 1)


@login_required
@require_POST
def bare_upload(request: HttpRequest) -> HttpResponse:
    """Session, person, the file of the form, its SHA-256, the storage; nobody asks what is in it."""
    file, sha = request.FILES["file"], hashlib.sha256()
    for chunk in file.chunks():
        sha.update(chunk)
    default_storage.save(f"bare/{uuid.uuid4()}-{sha.hexdigest()}", file)
    return redirect("/")


@login_required
def drawn(request: HttpRequest, name: str) -> HttpResponse:
    """Session, person, and a page of the project drawn from what was kept of it: see :func:`keep_what_is_drawn`."""
    template, context = _DRAWN[name]
    return render(request, template, context)


def keep_what_is_drawn(module: ModuleType, name: str, show: Callable[[], Any]) -> str:
    """Ask for a page once with ``show``, and keep the template and the context of the view in ``module`` that draws it.
    Answers the address of the floor that draws the same page from them."""
    with mock.patch.object(module, "render", side_effect=render) as asked:
        show()
    _request, template, context = asked.call_args.args
    _DRAWN[name] = (template, context)
    return reverse("floor_drawn", args=[name])


_DRAWN: dict[str, tuple[str, dict[str, Any]]] = {}


@cache
def _known(pk: str, step: str) -> tuple[type[SectionForm], dict[str, Any]]:
    application = Application.objects.with_call().get(pk=pk)
    section = next(section for section in sections(application) if section.code == step)
    return build_form(section, application.call.notice, application.area), application.drafts.get(section=step).answers


@cache
def _page() -> Template:
    return engines["django"].from_string('<form method="post">{% csrf_token %}{{ form }}</form>')

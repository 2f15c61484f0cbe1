"""Filling the sections: a formtools wizard whose memory is the application itself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import AccessMixin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from formtools.wizard.views import NamedUrlWizardView

from applications.actions import ChangedMeanwhile
from applications.models import Application, SectionDraft
from applications.progress import sections
from applications.reading import read_typed
from applications.rules import against_writing
from applications.sections import build_form, typed_answers
from applications.sections.build import SectionForm
from workflow.transition import Refused


class FillView(AccessMixin, NamedUrlWizardView):
    """One page per section. Each POST validates its section once and keeps what was typed, right or wrong."""

    storage_name = "applications.draft.DraftStorage"
    template_name = "applications/section.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        # The body and what was sent are not asked here, nor the document as it was typed: it weighs as much as its rules.
        mine = Application.objects.visible_to(request.user).select_related("call__version").defer("call__version__text")
        self.application = get_object_or_404(mine, pk=kwargs["pk"])
        request.application = self.application
        notice, area = self.application.call.notice, self.application.area
        self.sections = {section.code: section for section in sections(self.application)}
        if kwargs["step"] not in self.sections:
            raise Http404
        self.form_list = {code: build_form(section, notice, area) for code, section in self.sections.items()}
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if against := against_writing(self.application, by=request.user, at=request.arrived_at):
            return self._closed([against], status=200)
        form = self.get_form(data=self.storage.current_step_data)
        if "controlla" not in request.GET:
            form.forgive_blanks()
        return self.render(form)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        step = self.steps.current
        answers = typed_answers(self.form_list[step], request.POST)
        form = self.get_form(data=answers)
        try:
            self.storage.save(step, answers=answers, problems=form.problems(), base_version=_version(request))
        except ChangedMeanwhile as meanwhile:
            form.silence()
            return self.render(form, status=409, conflict=_conflict(form, meanwhile.draft))
        except Refused as refused:
            return self._closed(refused.reasons, status=409, typed=answers)
        if request.POST.get("then") == "hub":
            messages.success(request, _("Abbiamo salvato «%(title)s».") % {"title": self.sections[step].title})
            return redirect("application", pk=self.application.pk)
        return self.render(form) if form.errors else self.render_next_step(form)

    def render_next_step(self, form: SectionForm, **kwargs: Any) -> HttpResponse:
        return redirect(self._next_url())

    def get_step_url(self, step: str) -> str:
        return reverse("application_section", args=[self.application.pk, step])

    def get_prefix(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        return ""

    def get_form_prefix(self, step: str | None = None, form: Any = None) -> None:
        """Each section is alone in its page: its inputs are named as the call names its questions."""
        return

    def render(self, form: SectionForm, *, status: int = 200, **context: Any) -> TemplateResponse:
        response = super().render(form, **context)
        response.status_code = status
        return response

    def get_context_data(self, form: SectionForm, *, conflict: dict[str, Any] | None = None, **kwargs: Any) -> dict[str, Any]:
        application, steps = self.application, self.steps
        row = conflict["draft"] if conflict else self.storage.row(steps.current)
        hub = reverse("application", args=[application.pk])
        return {
            **super().get_context_data(form=form, **kwargs),
            "application": application,
            "call": application.call,
            "area": application.area,
            "section": self.sections[steps.current],
            "number": steps.step1,
            "count": steps.count,
            "draft": row,
            "version": row.version if row else 0,
            "conflict": conflict,
            "has_errors": conflict is not None,
            "grid_demonstration": application.call.notice.grid_for(application.area_code).demonstration,
            "previous_url": self.get_step_url(steps.prev) if steps.prev else hub,
            "next_url": self._next_url(),
            "exit_url": hub,
            "exit_label": _("La domanda"),
        }

    def _next_url(self) -> str:
        if following := self.steps.next:
            return self.get_step_url(following)
        asked = self.application.call.notice.attachments_for(self.application.area_code)
        return reverse("application_attachments" if asked else "application_review", args=[self.application.pk])

    def _closed(self, reasons: list[str], *, status: int, typed: dict[str, Any] | None = None) -> TemplateResponse:
        """The section as it is kept, to be read; with what was just typed beside it when it could not be saved."""
        application, section = self.application, self.sections[self.steps.current]
        notice, area = application.call.notice, application.area
        kept = self.storage.current_step_data or {}
        context = {
            "application": application,
            "call": application.call,
            "section": section,
            "reasons": reasons,
            "read": read_typed(section, notice, area, kept),
            "unsaved": read_typed(section, notice, area, typed) if typed is not None and typed != kept else None,
            "exit_url": reverse("application", args=[application.pk]),
            "exit_label": _("La domanda"),
        }
        return TemplateResponse(self.request, "applications/section_closed.html", context, status=status)


def _version(request: HttpRequest) -> int:
    """The version that the page was shown; a page that says none was shown nothing."""
    text = request.POST.get("__version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _conflict(form: SectionForm, draft: SectionDraft) -> dict[str, Any]:
    """Both versions of every field where they differ."""
    fields = [
        {
            "label": form.fields[name].label,
            "target": form[name].auto_id,
            "mine": _shown(form.fields[name], form.data.get(name)),
            "theirs": _shown(form.fields[name], draft.answers.get(name)),
        }
        for name in form.fields
        if form.data.get(name) != draft.answers.get(name)
    ]
    return {"draft": draft, "by": draft.saved_by, "at": draft.saved_at, "fields": fields}


def _shown(field: forms.Field, typed: Any) -> str:
    """What was typed, with the words of a choice instead of its code."""
    if isinstance(field, forms.BooleanField):
        return _("Sì") if typed else _("No")
    if isinstance(field, forms.ChoiceField):
        labels = {str(code): str(label) for code, label in field.choices}
        chosen = typed if isinstance(typed, list) else [typed] if typed else []
        return "; ".join(labels.get(code, code) for code in chosen)
    return typed or ""

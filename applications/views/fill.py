"""Filling the sections: a formtools wizard whose memory is the application itself."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import AccessMixin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from formtools.wizard.views import NamedUrlWizardView

from applications import saving_words
from applications.actions import ChangedMeanwhile
from applications.actions.saving import Bases, Saved
from applications.copying import offers, taken
from applications.evidence import note, remembered
from applications.merging import filled
from applications.models import Application, Attachment, EventKind, EventOutcome
from applications.progress import known_of, sections
from applications.reading import held_files, read_typed, with_members
from applications.rules import against_writing
from applications.sections import build_form, typed_answers
from applications.sections.build import SectionForm, names_of, upload_id
from applications.sections.conditions import judged_by, outline, reads_earlier
from applications.sections.tables import TableField, cell_name
from applications.sections.units import bases, by_unit, label_of, long_texts, shown, unit_of, units_of
from applications.views.files import limits
from bando.clarifications import clarifications_of
from bando.notice.document import Notice, QuestionType
from bando.templatetags.bando_ui import first_control_id
from bando.typed import from_script, whole_number
from workflow.transition import Refused

UPLOAD = "file:"
"""What the button of a question that asks for a file says: keep the section, then go where the file is uploaded."""


@method_decorator(remembered(EventKind.SAVE), name="dispatch")
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
        self.notice, area = self.application.call.notice, self.application.area
        self.sections = {section.code: section for section in sections(self.application)}
        if kwargs["step"] not in self.sections:
            raise Http404
        self.form_list = {code: build_form(section, self.notice, area) for code, section in self.sections.items()}
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if against := against_writing(self.application, by=request.user, at=request.arrived_at):
            return self._closed([against], status=200)
        form = self.get_form(data=self.storage.current_step_data)
        self._miss_files(form)
        if "controlla" not in request.GET:
            form.forgive_blanks()
        return self.render(form)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        step = self.steps.current
        note(request, application=self.application, section=step, shown=_version(request))
        answers = typed_answers(self.form_list[step], request.POST)
        profiled = None
        if self._asks_the_profile():
            answers, profiled, written = taken(self.sections[step], self.application, answers, request.POST.get("then", ""))
        form = self.get_form(data=answers)
        try:
            draft = self.storage.save(
                step,
                answers=answers,
                problems=form.problems(),
                judged_by=judged_by(self.sections[step], self.notice, self.application.area_code, self.known),
                base_version=_version(request),
                units=units_of(self.form_list[step]),
                bases=_bases(request),
            )
        except ChangedMeanwhile as meanwhile:
            note(request, outcome=EventOutcome.CONFLICT)
            return self._choose(meanwhile.saved, answers)
        except Refused as refused:
            note(request, reasons=refused.reasons)
            return self._closed(refused.reasons, status=409, typed=answers)
        if profiled:
            target = first_control_id(form[names_of(profiled)[0]])
            return redirect(f"{request.path}{'' if written else f'?riprendi={profiled.code}'}#{target}")
        if request.POST.get("then") == "hub":
            messages.success(request, _("Abbiamo salvato «%(title)s».") % {"title": self.sections[step].title})
            return redirect("application", pk=self.application.pk)
        if blank := form.blank_row(request.POST.get("then", "")):
            return redirect(f"{request.path}#{blank}")
        if request.POST.get("then") == "group":
            return redirect("application_group", pk=self.application.pk)
        if (asked := request.POST.get("then", "").removeprefix(UPLOAD)) in self._files_asked():
            return redirect(f"{reverse('application_attachments', args=[self.application.pk])}?next={step}#{asked}")
        if filled(draft.answers) != filled(answers):  # with what others wrote meanwhile elsewhere in the section
            form = self.get_form(data=draft.answers)
        self._miss_files(form)
        return self.render(form) if form.errors else self.render_next_step(form)

    def _choose(self, saved: Saved, answers: dict[str, Any]) -> TemplateResponse:
        """The section as it is kept, but for what two people changed: there stand this person's words, not saved yet, with
        the others beside them."""
        form_class = self.form_list[self.steps.current]
        units, both = units_of(form_class), {conflict.unit: conflict for conflict in saved.conflicts}
        kept = {name: text for name, text in saved.draft.answers.items() if unit_of(units, name) not in both}
        mine = {unit: typed for unit, typed in by_unit(form_class, answers).items() if unit in both}
        form = self.get_form(data=kept | {name: text for typed in mine.values() for name, text in typed.items()})
        form.silence()
        fields = [
            {
                "label": label_of(form_class, unit),
                "target": target_of(form, unit),
                "by": conflict.by,
                "said": saving_words.changed(conflict, self.request.arrived_at),
                "mine": shown(form_class, unit, mine.get(unit, {})),
                "theirs": shown(form_class, unit, conflict.theirs),
            }
            for unit, conflict in both.items()
        ]
        return self.render(form, status=409, conflict={"fields": fields, "units": " ".join(both)})

    def render_next_step(self, form: SectionForm, **kwargs: Any) -> HttpResponse:
        return redirect(self._next_url())

    def get_form_kwargs(self, step: str | None = None) -> dict[str, Any]:
        return {"known": self.known}

    @cached_property
    def known(self) -> dict[str, Any]:
        """The answers of other sections that this one's conditions read; they are asked for only if there are any."""
        if not reads_earlier(self.sections[self.steps.current], self.notice, self.application.area_code):
            return {}
        return known_of(self.application, {draft.section: draft for draft in self.application.drafts.all()})

    @cached_property
    def held(self) -> dict[str, list[Attachment]]:
        """The files of this section's questions; they are asked for only if there are such questions."""
        held: dict[str, list[Attachment]] = {code: [] for code in self._files_asked()}
        if held:
            for file in self.application.attachments.present().filter(rule__in=held):
                held[file.rule].append(file)
        return held

    def _asks_the_profile(self) -> bool:
        return any(question.profile for question in self.sections[self.steps.current].questions)

    def _files_asked(self) -> list[str]:
        section = self.sections[self.steps.current]
        return [question.code for question in section.questions if question.type is QuestionType.FILE]

    def _miss_files(self, form: SectionForm) -> None:
        if self.held:
            form.miss_files([code for code, files in self.held.items() if any(not file.is_infected for file in files)])

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
        if self.held:
            form.offers = {code: _offer(self.notice, application.area_code, code, held) for code, held in self.held.items()}
        row = self.storage.row(steps.current)
        if self._asks_the_profile():
            section, asked = self.sections[steps.current], self.request.GET.get("riprendi", "")
            form.profile = offers(section, self.application.organisation, form.data, asked=asked)
        hub = reverse("application", args=[application.pk])
        return {
            **super().get_context_data(form=form, **kwargs),
            "application": application,
            "call": application.call,
            "area": application.area,
            "section": self.sections[steps.current],
            "number": steps.step1,
            "count": steps.count,
            "clarifications": clarifications_of(application.call, steps.current),
            "draft": row,
            "version": row.version if row else 0,
            "bases": json.dumps(bases(self.form_list[steps.current], row.answers if row else {}), separators=(",", ":")),
            "has_history": row is not None and bool(long_texts(self.form_list[steps.current])),
            "conflict": conflict,
            "has_errors": conflict is not None,
            "grid_demonstration": self.notice.grid_for(application.area_code).demonstration,
            "previous_url": self.get_step_url(steps.prev) if steps.prev else hub,
            "next_url": self._next_url(),
            "exit_url": hub,
            "exit_label": _("La domanda"),
            "begin_url": reverse("application_upload", args=[application.pk]) if self.held else "",
        }

    def _next_url(self) -> str:
        if following := self.steps.next:
            return self.get_step_url(following)
        apart = len(self.notice.attachments_for(self.application.area_code)) > len(
            outline(self.notice, self.application.area_code).inside
        )
        return reverse("application_attachments" if apart else "application_review", args=[self.application.pk])

    def _closed(self, reasons: list[str], *, status: int, typed: dict[str, Any] | None = None) -> TemplateResponse:
        """The section as it is kept, to be read; with what was just typed beside it when it could not be saved."""
        application, section = self.application, self.sections[self.steps.current]
        kept, files = self.storage.current_step_data or {}, held_files(file for held in self.held.values() for file in held)
        facts = section, self.notice, application.area
        context = {
            "application": application,
            "call": application.call,
            "section": section,
            "reasons": reasons,
            "read": with_members(read_typed(*facts, kept, self.known, files), application),
            "unsaved": read_typed(*facts, typed, self.known) if typed is not None and filled(typed) != filled(kept) else None,
            "exit_url": reverse("application", args=[application.pk]),
            "exit_label": _("La domanda"),
        }
        return TemplateResponse(self.request, "applications/section_closed.html", context, status=status)


def _bases(request: HttpRequest) -> Bases | None:
    """What the page was shown of each unit; ``None`` when it does not say."""
    try:
        found = from_script(request.POST.get("__bases", ""))
    except ValueError:
        return None
    return {unit: [base] for unit, base in found.items() if isinstance(base, str)} if isinstance(found, dict) else None


def _version(request: HttpRequest) -> int:
    """The version that the page was shown; a page that says none was shown nothing."""
    return whole_number(request.POST.get("__version", "")) or 0


def _offer(notice: Notice, area_code: str, code: str, files: list[Attachment]) -> dict[str, Any]:
    """A question that asks for a file: what may be uploaded, what is there, and whether there is room."""
    rule = next(rule for rule in notice.attachments_for(area_code) if rule.code == code)
    return {
        "limits": limits(rule),
        "files": files,
        "button": upload_id(code),
        "then": f"{UPLOAD}{code}",
        "room": len(files) < rule.max_files,
        "left": rule.max_files - len(files),
        "accept": ",".join(f".{short}" for short in rule.formats),
    }


def target_of(form: SectionForm, unit: str) -> str:
    """The id of the first input of a unit; "" when the page does not show it."""
    name = next((name for name in units_of(type(form)).get(unit, ()) if name in form.fields), None)
    if name is None:
        return ""
    field = form.fields[name]
    return (
        f"id_{cell_name(name, 1, next(iter(field.cells)))}" if isinstance(field, TableField) else first_control_id(form[name])
    )

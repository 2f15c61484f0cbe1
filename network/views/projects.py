"""The project of a table: its versions, what differs between them, and how the next one is written.

The office and the bodies of the table see the same pages; below ``/ufficio/`` the crumbs lead to the desk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import officials_only
from applications.models import Application
from applications.reading import Answer, ReadSection, read_submission
from applications.sections.base import SectionForm
from applications.sections.build import typed_answers
from applications.sections.tables import MORE
from bando.notice.document import Section, SectionKind, TableMode
from bando.typed import whole_number
from network import actions
from network.actions.projects import NewerVersion
from network.models import Project, ProjectVersion, Table
from network.project_forms import (
    WRITTEN,
    AgreeForm,
    StartForm,
    VersionForm,
    form_class,
    is_unreadable,
    kept_values,
    known_of,
    session_name,
    typed,
    written_sections,
)
from network.project_words import criterion_name, parts, scored
from network.projects import (
    Answers,
    answers_of,
    area_of,
    first_answers,
    is_unitary,
    notice_of,
    outcome_of,
    proposed,
    sources_of,
    weigh,
)
from network.rules.projects import HELD
from network.transitions import AGREE_ON_VERSION, START_PROJECT, WRITE_PROJECT
from workflow.ledger import plain
from workflow.perform import reasons_against
from workflow.transition import Refused

TAKE = "take:"
"""What the button beside an answer of a proposal says: put it into the page, and keep nothing yet."""
SUM = "@sum"


# Begin


@officials_only
def desk_project_new(request: HttpRequest, slug: str, area: str) -> HttpResponse:
    """Which proposals become a project, and how it is called."""
    tables = Table.objects.visible_to(request.user).select_related("call__version")
    table = get_object_or_404(tables, call__slug=slug, area_code=area)
    rows = Application.objects.with_call().filter(seats__in=table.partners.seated(), project_source=None).distinct()
    free = {str(row.pk): row for row in rows.order_by("number")}
    merges = table.call.notice.agreement.table_mode is TableMode.MERGED
    form, reasons, status = StartForm(request.POST or None, free=free.values(), merges=merges), [], 200
    if request.method == "POST" and form.is_valid():
        try:
            chosen = [free[key] for key in form.chosen]
            project = actions.start_project(
                table, chosen, title=form.cleaned_data["title"], by=request.user, at=request.arrived_at
            )
            messages.success(request, _("Il progetto è cominciato da quello che è stato proposto."))
            return redirect("desk_project", pk=project.pk)
        except Refused as refused:
            reasons, status = refused.reasons, 409
    context = {
        "table": table,
        "call": table.call,
        "area": table.call.notice.area(area),
        "form": form,
        "free": free,
        "reasons": reasons or reasons_against(START_PROJECT, table, by=request.user, at=request.arrived_at),
        "has_errors": bool(form.errors),
    }
    return render(request, "network/projects/new.html", context, status=status)


# One project


@officials_only
def desk_project(request: HttpRequest, pk: Any) -> HttpResponse:
    """The versions of a project; the office says on which of them the table agreed."""
    project, form, reasons, status = _project(request, pk), None, [], 200
    sessions = project.table.sessions.filter(state__in=HELD)
    if request.method == "POST":
        number = whole_number(request.POST.get("version", ""))
        version = get_object_or_404(project.versions, number=-1 if number is None else number)
        version.project = project
        form = AgreeForm(request.POST, sessions=sessions)
        if form.is_valid():
            try:
                actions.agree_on_version(version, form.cleaned_data["session"], by=request.user, at=request.arrived_at)
                messages.success(request, _("Abbiamo scritto in quale incontro il tavolo ha approvato la versione."))
                return redirect("desk_project", pk=pk)
            except Refused as refused:
                reasons, status = refused.reasons, 409
    against = reasons_against(AGREE_ON_VERSION, project.table, by=request.user, at=request.arrived_at)
    offered = [] if against else [(row.pk, session_name(row)) for row in sessions]
    context = {"agree": form, "sessions": offered, "reasons": reasons}
    return _show_project(request, project, context, desk=True, status=status)


@login_required
def project(request: HttpRequest, pk: Any) -> HttpResponse:
    """The same for a body of the table."""
    return _show_project(request, _project(request, pk), {}, desk=request.user.is_official)


def _show_project(
    request: HttpRequest, project: Project, context: dict[str, Any], *, desk: bool, status: int = 200
) -> HttpResponse:
    versions = list(project.versions.select_related("by", "agreed__session").order_by("-number"))
    last = versions[0]
    last.project = project
    titles = {criterion.code: criterion_name(criterion) for criterion in _grid(project).criteria}
    outcome = outcome_of(project, answers_of(last))
    agreed = max((row.number for row in versions if hasattr(row, "agreed")), default=-1)
    first = max(agreed + 1, int(is_unitary(project)))  # what the table may still agree on begins here
    weight = weigh(project, first_answers(project), answers_of(last))
    may = {"by": request.user, "at": request.arrived_at, "data": {"project": project}}
    context |= _place(project, desk=desk) | {
        "versions": [
            {"row": row, "touches": [titles[code] for code in row.touches if code in titles], "open": row.number >= first}
            for row in versions
        ],
        "last": last,
        "sources": sources_of(project),
        "against": reasons_against(WRITE_PROJECT, project.table, **may),
        "sections": written_sections(project),
        "outcome": outcome,
        "grant": weight.grant,
        "grows": weight.grows,
        "problems": weight.problems,
        "scored": scored(project, {code for row in versions for code in row.touches}),
    }
    return render(request, "network/projects/project.html", context, status=status)


@login_required
def project_version(request: HttpRequest, pk: Any, number: int) -> HttpResponse:
    """A version, whole. Several proposals that are kept apart stand one after the other."""
    project = _project(request, pk)
    version = _version(project, number)
    said = proposed(project) if number == 0 else {"": answers_of(version)}
    bodies = {source.application.number: str(source.application.organisation) for source in sources_of(project)}
    context = _place(project, desk=request.user.is_official) | {
        "version": version,
        "read": [
            {
                "number": proposal,
                "body": bodies.get(proposal, ""),
                "sections": [
                    _named_apart(item, place, bodies.get(proposal, ""))
                    for item in read_submission(notice_of(project), project.table.area_code, answers)
                    if item.section.kind in WRITTEN
                ],
            }
            for place, (proposal, answers) in enumerate(said.items())
        ],
    }
    return render(request, "network/projects/version.html", context)


@login_required
def project_difference(request: HttpRequest, pk: Any, first: int, last: int) -> HttpResponse:
    """What changed from one version to another; of several proposals ``proposta`` says from which."""
    project = _project(request, pk)
    before, after = _version(project, first), _version(project, last)
    proposals = list(proposed(project)) if is_unitary(project) and 0 in {first, last} else []
    chosen = request.GET.get("proposta", "")
    if proposals and chosen not in proposals:
        chosen = proposals[0]
    was, now = answers_of(before, chosen), answers_of(after, chosen)
    found = parts(project, was, now)
    context = _place(project, desk=request.user.is_official) | {
        "before": before,
        "after": after,
        "parts": found,
        "is_changed": any(part.is_changed for part in found),
        "scored": scored(project, weigh(project, was, now).touches),
        "proposals": proposals,
        "chosen": chosen,
        "numbers": list(project.versions.values_list("number", flat=True)),
    }
    return render(request, "network/projects/difference.html", context)


# Write


@officials_only
def desk_project_section(request: HttpRequest, pk: Any, section: str) -> HttpResponse:
    return _Writing(request, _project(request, pk), section, desk=True).answer()


@login_required
def project_section(request: HttpRequest, pk: Any, section: str) -> HttpResponse:
    return _Writing(request, _project(request, pk), section, desk=False).answer()


@dataclass
class _Writing:
    """One section of a project, asked as the application asked it. What is saved is a version of its own."""

    request: HttpRequest
    project: Project
    code: str
    desk: bool

    def __post_init__(self) -> None:
        found = next((section for section in written_sections(self.project) if section.code == self.code), None)
        if found is None:
            raise Http404
        self.section: Section = found
        self.form_class = form_class(self.project, found)
        self.last = self.project.versions.select_related("by").last()
        self.last.project = self.project
        self.answers = answers_of(self.last)
        self.known = known_of(self.project, self.answers)

    def answer(self) -> HttpResponse:
        may = {"by": self.request.user, "at": self.request.arrived_at, "data": {"project": self.project}}
        against = reasons_against(WRITE_PROJECT, self.project.table, **may)
        if self.request.method != "POST":
            if against:
                return self._page(None, None, reasons=against)
            return self._page(self._form(self._typed(self.answers)), VersionForm(initial={"based_on": self.last.number}))
        sent, version = typed_answers(self.form_class, self.request.POST), VersionForm(self.request.POST)
        then = self.request.POST.get("then", "")
        if then.startswith(TAKE):
            return self._take(then.removeprefix(TAKE), sent)
        form = self._form(sent)
        if then.startswith(MORE):
            form.silence()
            return self._page(form, self._unjudged())
        if is_unreadable(form) or not version.is_valid():
            return self._page(form, version)
        return self._write(form, version)

    def _write(self, form: SectionForm, version: VersionForm) -> HttpResponse:
        base = get_object_or_404(self.project.versions, number=version.cleaned_data["based_on"])
        base.project = self.project
        values = self._kept() | plain(form.values())
        if self._theirs(base):
            return self._conflict(form)
        try:
            made = actions.write_version(
                self.project,
                {**self.answers, self.code: values},
                based_on=self.last.number,
                note=version.cleaned_data["note"],
                touches_reason=version.cleaned_data["touches_reason"],
                by=self.request.user,
                at=self.request.arrived_at,
            )
        except NewerVersion as newer:
            self._see(newer.last)
            return self._conflict(form)
        except Refused as refused:
            after = {**self.answers, self.code: values}
            return self._page(form, version, reasons=refused.reasons, weighed=after, status=409)
        messages.success(self.request, _("È scritta la versione %(number)s.") % {"number": made.number})
        return self._home()

    def _theirs(self, base: ProjectVersion) -> bool:
        """Did somebody change this very section since the page was shown? What they wrote elsewhere is kept with it."""
        return answers_of(base).get(self.code) != self.answers.get(self.code)

    def _conflict(self, form: SectionForm) -> HttpResponse:
        """What this person wrote stays in the fields, not saved; beside it stands what is different from the last version."""
        form.silence()
        mine = {**self.answers, self.code: self._kept() | plain(form.values())}
        found = next(part for part in parts(self.project, self.answers, mine) if part.section.code == self.code)
        version = VersionForm({**self.request.POST.dict(), "based_on": self.last.number})
        return self._page(form, version, conflict={"part": found, "last": self.last}, status=409)

    def _see(self, last: ProjectVersion) -> None:
        last.project = self.project
        self.last, self.answers = last, answers_of(last)

    def _take(self, wanted: str, sent: dict[str, Any]) -> HttpResponse:
        """The page with the answer of a proposal instead of what was typed there."""
        question, _sep, proposal = wanted.partition("@")
        said = self._offered().get(proposal)
        if said is None:
            raise Http404
        asked = [q for q in self.section.questions if q.code == question]
        taken = typed(
            self.section if self.section.kind is SectionKind.BUDGET else _only(self.section, asked), self._budget(), said
        )
        rest = {name: text for name, text in sent.items() if question and not _is_of(name, question)}
        form = self._form(rest | taken)
        form.silence()
        messages.info(self.request, _("Abbiamo messo nella pagina la risposta scelta: non è ancora salvata."))
        return self._page(form, self._unjudged())

    def _unjudged(self) -> VersionForm:
        return VersionForm(initial={**self.request.POST.dict()})

    def _form(self, data: Mapping[str, Any]) -> SectionForm:
        return self.form_class(data=dict(data), known=self.known)

    def _typed(self, answers: Answers) -> dict[str, Any]:
        return typed(self.section, self._budget(), answers.get(self.code, {}))

    def _kept(self) -> dict[str, Any]:
        return kept_values(self.project, self.section, self.answers.get(self.code, {}))

    def _budget(self) -> Any:
        return notice_of(self.project).budget_for(self.project.table.area_code)

    def _offered(self) -> dict[str, Mapping[str, Any]]:
        """What can be taken, by number of the proposal: of a budget their sum too."""
        if not is_unitary(self.project):
            return {}
        found = {number: answers.get(self.code, {}) for number, answers in proposed(self.project).items()}
        if self.section.kind is SectionKind.BUDGET:
            found[SUM] = first_answers(self.project).get(self.code, {})
        return found

    def _beside(self) -> dict[str, list[dict[str, Any]]]:
        """What each proposal answered, by question ("" for the budget), to be read beside the field."""
        notice, area_code = notice_of(self.project), self.project.table.area_code
        bodies = {source.application.number: str(source.application.organisation) for source in sources_of(self.project)}
        found: dict[str, list[dict[str, Any]]] = {}
        for number in self._offered():
            answers = first_answers(self.project) if number == SUM else proposed(self.project)[number]
            item = next((r for r in read_submission(notice, area_code, answers) if r.section.code == self.code), None)
            if item is None:
                continue
            facts = {"number": number, "body": _("La somma dei piani economici") if number == SUM else bodies[number]}
            if self.section.kind is SectionKind.BUDGET:
                shown = _named_apart(item, len(found.get("", ())), facts["body"])
                found.setdefault("", []).append(facts | {"take": f"{TAKE}@{number}", "item": shown})
            for said in item.answers:
                code = said.question.code
                found.setdefault(code, []).append(facts | {"take": f"{TAKE}{code}@{number}", "answer": said})
        return found

    def _home(self) -> HttpResponseRedirect:
        return redirect("desk_project" if self.desk else "project", pk=self.project.pk)

    def _page(
        self,
        form: SectionForm | None,
        version: VersionForm | None,
        *,
        reasons: list[str] | None = None,
        weighed: Answers | None = None,
        conflict: dict[str, Any] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        serves = {question.criterion for question in self.section.questions} | {self.section.criterion}
        weight = weigh(self.project, self.answers, weighed) if weighed else None
        blocks, beside = [], self._beside() if form else {}
        if form is not None and self.section.kind is SectionKind.QUESTIONS:
            blocks = [
                {
                    "criterion": block.criterion,
                    "groups": [(group, beside.get(group.question.code, [])) for group in block.groups],
                }
                for block in form.blocks()
            ]
        faults = [*form.faults(), *_faults(version)] if form is not None and version is not None else []
        context = _place(self.project, desk=self.desk) | {
            "section": self.section,
            "form": form,
            "version_form": version,
            "last": self.last,
            "blocks": blocks,
            "beside": beside.get("", []),
            "reasons": reasons or [],
            "weight": weight,
            "scored": scored(self.project, weight.touches if weight and weight.touches else serves - {""}),
            "conflict": conflict,
            "faults": faults,
            "has_errors": bool(faults or conflict),
            "here": reverse("desk_project_section" if self.desk else "project_section", args=[self.project.pk, self.code]),
        }
        return render(self.request, "network/projects/section.html", context, status=status)


def _faults(version: VersionForm) -> list[dict[str, str]]:
    return [{"target": f"id_{name}", "message": said} for name, errors in version.errors.items() for said in errors]


def _only(section: Section, questions: list[Any]) -> Section:
    return Section(section.code, section.title, section.kind, questions=tuple(questions))


def _is_of(name: str, question: str) -> bool:
    return name == question or name.startswith(f"{question}__")


def _named_apart(item: ReadSection, place: int, body: str) -> ReadSection:
    """The same section of one of several proposals on a page: its tables have names of their own."""
    if not body:
        return item
    answers = tuple(_told_of(answer, place, body) for answer in item.answers)
    tables = tuple(replace(table, title=f"{table.title} · {body}") for table in item.tables)
    return replace(item, section=replace(item.section, code=f"{item.section.code}-{place}"), answers=answers, tables=tables)


def _told_of(answer: Answer, place: int, body: str) -> Answer:
    label = f"{answer.question.label} · {body}" if answer.rows else answer.question.label
    return replace(answer, question=replace(answer.question, code=f"{answer.question.code}-{place}", label=label))


def _project(request: HttpRequest, pk: Any) -> Project:
    return get_object_or_404(Project.objects.visible_to(request.user).with_sources(), pk=pk)


def _version(project: Project, number: int) -> ProjectVersion:
    version = get_object_or_404(project.versions.select_related("by", "agreed__session"), number=number)
    version.project = project
    return version


def _grid(project: Project) -> Any:
    return notice_of(project).grid_for(project.table.area_code)


def _place(project: Project, *, desk: bool) -> dict[str, Any]:
    """Where a page stands."""
    return {
        "project": project,
        "table": project.table,
        "call": project.table.call,
        "area": area_of(project),
        "desk": desk,
        "home": reverse("desk_project" if desk else "project", args=[project.pk]),
    }

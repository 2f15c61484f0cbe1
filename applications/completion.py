"""The request to complete an application (soccorso istruttorio): what may be asked again, and how the answer stands.

What is open again is named by codes: ``section.question`` for a question, ``section`` for a whole budget or the declarations,
and apart from these the codes of the attachment rules. Everything else of what was sent stays as it was. A group is never
asked again: who applies, with which shares and with which certificates, was settled by the deadline, and another body would be
another application; what a body must prove is asked as a file.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from applications.differences import Difference, differing
from applications.models import Application, Attachment, CompletionRequest, Submission
from applications.progress import partners_of
from applications.reading import ReadSection, read_submission
from applications.sections import read_values
from applications.sections.budget import PARTNERS
from applications.sections.build import SectionForm, build_form, names_of
from applications.sections.conditions import outline
from applications.sections.units import by_unit, grouped, units_of
from bando.notice.document import AttachmentRule, Notice, QuestionType, Section, SectionKind
from bando.notice.visible import asked, rules_asked, together
from bando.templatetags.bando_ui import euro
from workflow.ledger import canonical, digest, plain

WHOLE_KINDS = (SectionKind.BUDGET, SectionKind.DECLARATIONS)
"""The sections that are asked again as a whole, because their parts depend on each other."""

BySection = Mapping[str, Mapping[str, Any]]
"""What is typed, by section and then by name of the input."""


@dataclass(frozen=True, slots=True)
class Reopenable:
    """Something that the office may ask again: ``code`` as the request keeps it, and what was answered, in words."""

    code: str
    label: str
    answer: str


@dataclass(frozen=True, slots=True)
class Topic:
    """A section of the form with what may be asked again in it."""

    title: str
    items: tuple[Reopenable, ...]


@dataclass(frozen=True, slots=True)
class Reopened:
    """A section with only what was asked again in it: ``form`` holds what was typed, judged by the rules that were answered
    the first time; ``sent`` is what was answered then, None when nothing was."""

    section: Section
    form: SectionForm
    sent: ReadSection | None


@dataclass(frozen=True, slots=True)
class ReopenedFiles:
    """A rule that was asked again: the files ``sent`` before (manifest entries) and the ``new`` ones, which take their
    place as soon as there is one."""

    rule: AttachmentRule
    sent: tuple[Mapping[str, Any], ...]
    new: tuple[Attachment, ...]

    @property
    def infected(self) -> list[Attachment]:
        return [file for file in self.new if file.is_infected]


@dataclass(frozen=True)
class Reply:
    """The answer to a request as it stands: the sections and the files that are open again, and ``answers`` and ``manifest`` of
    the whole application as it makes them. What can't be read is left out, and told by ``problems``."""

    request: CompletionRequest
    before: Submission
    parts: tuple[Reopened, ...]
    files: tuple[ReopenedFiles, ...]
    answers: dict[str, Any]
    manifest: list[dict[str, Any]]

    @property
    def changes_nothing(self) -> bool:
        return (self.answers, self.manifest) == (self.before.answers, self.before.manifest)

    @cached_property
    def changes(self) -> list[Difference]:
        return differing(self.before, self.answers, self.manifest)

    @cached_property
    def problems(self) -> list[str]:
        """What keeps the answer from being sent, in sentences."""
        found = [problem["sentence"] for part in self.parts for told in part.form.problems().values() for problem in told]
        for item in self.files:
            names = {"title": item.rule.title}
            found += [
                _("«%(name)s» contiene un virus: eliminalo, controlla il tuo dispositivo e carica un'altra copia.")
                % {"name": file.document.name}
                for file in item.infected
            ]
            if item.rule.required and not item.new and not item.sent:
                found.append(_("Carica: %(title)s.") % names)
        return found

    @cached_property
    def untouched(self) -> list[str]:
        """What was asked again and is as it was, by name: the person is told before sending."""
        same: list[str] = []
        for part in self.parts:
            was, now = (answers.get(part.section.code, {}) for answers in (self.before.answers, self.answers))
            if part.section.kind in WHOLE_KINDS:
                same += [part.section.title] if was == now else []
            else:
                shown = part.form.asked
                same += [q.label for q in _typed_in(part.section) if q.code in shown and was.get(q.code) == now.get(q.code)]
        return same + [item.rule.title for item in self.files if not item.new]


# What may be asked


def questions_to_reopen(application: Application) -> list[Topic]:
    """What was asked of this application, section by section, in the order of the form."""
    submission, area_code = application.current, application.area_code
    notice = submission.call_version.notice
    topics = []
    for read in read_submission(notice, area_code, submission.answers, submission.manifest):
        section = read.section
        if section.kind in WHOLE_KINDS:
            items = [Reopenable(section.code, section.title, _in_words(read))]
        else:
            answers = (answer for answer in read.answers if answer.question.type is not QuestionType.FILE)
            items = [Reopenable(f"{section.code}.{a.question.code}", a.question.label, a.text) for a in answers]
        if items:
            topics.append(Topic(section.title, tuple(items)))
    return topics


def files_to_reopen(application: Application) -> list[Reopenable]:
    """The files that were asked of this application, inside the form and apart."""
    submission, area_code = application.current, application.area_code
    notice = submission.call_version.notice
    rules = rules_asked(notice, area_code, together(notice, area_code, submission.answers))
    return [Reopenable(rule.code, rule.title, _names(submission.manifest, rule.code)) for rule in rules]


def with_what_depends(
    application: Application, questions: Collection[str], files: Collection[str]
) -> tuple[list[str], list[str]]:
    """The same codes, with the questions and the files that a new answer may call for: whoever changes an answer must be able
    to give what the call then asks."""
    notice, area_code = application.current.call_version.notice, application.area_code
    known = {code.partition(".")[2] for code in questions}
    opened, wanted = list(questions), list(files)
    for section in outline(notice, area_code).sections:
        for question in section.questions:
            code = f"{section.code}.{question.code}"
            if question.when and question.when.question in known and code not in opened:
                known.add(question.code)
                if question.type is not QuestionType.FILE:
                    opened.append(code)
    for rule in notice.attachments_for(area_code):
        if rule.when and rule.when.question in known and rule.code not in wanted:
            wanted.append(rule.code)
    return opened, wanted


def share_a_name(application: Application, questions: Collection[str]) -> tuple[str, str] | None:
    """Two parts, by title, that can't stand in one page because an input of both has the same name; codes are distinct among
    questions, and may be those of an item of the budget or of a declaration."""
    seen: dict[str, str] = {}
    for form_class in _classes(application, questions):
        title = form_class.section.title
        for unit in units_of(form_class):
            if unit in seen:
                return seen[unit], title
            seen[unit] = title
    return None


# How the answer stands


def reply(request: CompletionRequest, typed: BySection | None = None) -> Reply:
    """The answer with what is kept, or with what is ``typed`` by section."""
    submission = answered(request)
    notice, area = submission.call_version.notice, request.application.area
    stored = kept(request) if typed is None else typed
    was = {read.section.code: read for read in read_submission(notice, area.code, submission.answers, submission.manifest)}
    answers, parts = json.loads(json.dumps(submission.answers)), []
    for section in _sections(request.questions, notice, area.code):
        known = _known(request.application, submission, answers)
        _values, form = read_values(section, notice, area, stored.get(section.code, {}), known)
        _put(answers, section, plain(form.values()))
        parts.append(Reopened(section, form, _cut(was.get(section.code), section)))
    rules = rules_asked(notice, area.code, together(notice, area.code, answers))
    files = tuple(_files(request, submission, rules))
    return Reply(request, submission, tuple(parts), files, answers, _manifest(submission, files, rules))


def form_classes(request: CompletionRequest) -> list[type[SectionForm]]:
    """The form classes of what is asked again, in the order of the page."""
    return list(_classes(request.application, request.questions, answered(request)))


def kept(request: CompletionRequest) -> dict[str, dict[str, Any]]:
    """What is typed in the answer, by section. Before the first save, what had been typed for each part where that is still
    what was sent (in the draft, or in the answer to an earlier request): a draft may have gone on after the sending, and such
    a part begins empty, with what was sent beside it."""
    if request.version:
        return request.typed
    submission = answered(request)
    sources = [earlier.typed for earlier in request.application.completion_requests.all() if earlier.number < request.number]
    drafts = {draft.section: draft.answers for draft in request.application.drafts.all()}
    values = {code: {q: v for q, v in of.items() if isinstance(v, str)} for code, of in submission.answers.items()}
    found: dict[str, dict[str, Any]] = {}
    for form_class in form_classes(request):
        section = form_class.section
        for source in [*reversed(sources), drafts, values]:
            unsaid = _that_say_what_was_sent(request, submission, form_class, source.get(section.code, {}))
            held = grouped(units_of(form_class), found.get(section.code, {}))
            for unit, texts in unsaid.items():
                if unit not in held:
                    found.setdefault(section.code, {}).update(texts)
    return found


def kept_by_unit(request: CompletionRequest) -> dict[str, dict[str, Any]]:
    """The same, by unit: those of one page have different names (:func:`share_a_name`)."""
    stored = kept(request)
    return {
        unit: typed
        for form_class in form_classes(request)
        for unit, typed in by_unit(form_class, stored.get(form_class.section.code, {})).items()
    }


def by_section(request: CompletionRequest, typed: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What is typed in a page, by name of the input, divided into its sections."""
    found: dict[str, dict[str, Any]] = {}
    for form_class in form_classes(request):
        units = units_of(form_class)
        own = {unit: texts for unit, texts in grouped(units, typed).items() if unit in units}
        found[form_class.section.code] = {name: text for texts in own.values() for name, text in texts.items()}
    return found


def fingerprint_of_completion(request: CompletionRequest) -> str:
    """SHA-256 of what the answer would freeze now, by which the same sending is known again (as
    ``applications.progress.fingerprint``)."""
    new = request.attachments.filter(removed_at=None).values_list("pk", flat=True)
    return digest(
        canonical({"request": str(request.pk), "version": request.version, "files": sorted(str(file) for file in new)})
    )


def waiting_for_an_answer(application: Application, at: datetime) -> CompletionRequest | None:
    """The request that the body may still answer at ``at``. No query when ``completion_requests__answer`` was fetched."""
    return next((request for request in application.completion_requests.all() if is_open(request, at)), None)


def is_open(request: CompletionRequest, at: datetime) -> bool:
    """Neither answered nor taken back, and its term has not passed: ``due_at`` itself is in time. While the term is paused
    nothing is late."""
    in_time = request.paused_at is not None or at <= request.due_at
    return request.closed_at is None and not hasattr(request, "answer") and in_time


def answered(request: CompletionRequest) -> Submission:
    """The submission that the request is about: what counts, or what counted before the answer."""
    if hasattr(request, "answer"):
        found = request.application.submissions.get(sequence=request.answer.sequence - 1)
    else:
        found = request.application.current
    found.application = request.application
    return found


def _sections(codes: Collection[str], notice: Notice, area_code: str) -> Iterator[Section]:
    for section in outline(notice, area_code).sections:
        if section.code in codes:
            yield section
        elif chosen := tuple(q for q in section.questions if f"{section.code}.{q.code}" in codes):
            yield replace(section, questions=chosen)


def _classes(
    application: Application, codes: Collection[str], submission: Submission | None = None
) -> Iterator[type[SectionForm]]:
    notice, area = (submission or application.current).call_version.notice, application.area
    for section in _sections(codes, notice, area.code):
        yield build_form(section, notice, area)


def _known(application: Application, submission: Submission, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that conditions read, and who takes part where the budget is written by partner, under the names of then."""
    notice, area_code = submission.call_version.notice, application.area_code
    known = together(notice, area_code, answers)
    codes = asked(notice, area_code, known)
    known = {code: value for code, value in known.items() if code in codes or not _is_question(notice, area_code, code)}
    budget = notice.budget_for(area_code)
    if budget is not None and budget.by_partner:
        names = {
            row["partner"]: row["partner_name"]
            for of in submission.answers.values()
            for row in [*of.get("lines", ()), *of.get("volunteers", ())]
            if isinstance(row, dict) and row.get("partner_name")
        }
        partners = partners_of(application)
        known[PARTNERS] = {key: facts | {"name": names.get(key, facts["name"])} for key, facts in partners.items()}
    return known


def _is_question(notice: Notice, area_code: str, code: str) -> bool:
    return any(question.code == code for section in notice.sections_for(area_code) for question in section.questions)


def _put(answers: dict[str, Any], section: Section, values: Mapping[str, Any]) -> None:
    if section.kind in WHOLE_KINDS:
        answers[section.code] = dict(values)
        return
    own = answers.setdefault(section.code, {})
    for question in section.questions:
        own.pop(question.code, None)
        if question.code in values:
            own[question.code] = values[question.code]


def _cut(read: ReadSection | None, section: Section) -> ReadSection | None:
    """What was sent, of what is asked again."""
    if read is None or section.kind in WHOLE_KINDS:
        return read
    codes = {question.code for question in _typed_in(section)}
    return replace(read, answers=tuple(answer for answer in read.answers if answer.question.code in codes))


def _typed_in(section: Section) -> list[Any]:
    return [question for question in section.questions if question.type is not QuestionType.FILE]


def _files(request: CompletionRequest, submission: Submission, rules: Iterable[AttachmentRule]) -> Iterator[ReopenedFiles]:
    new = [file for file in request.attachments.all() if file.removed_at is None]
    for rule in rules:
        if rule.code in request.files:
            sent = tuple(item for item in submission.manifest if item["rule"] == rule.code)
            yield ReopenedFiles(rule, sent, tuple(file for file in new if file.rule == rule.code))


def _manifest(submission: Submission, files: Iterable[ReopenedFiles], rules: Iterable[AttachmentRule]) -> list[dict[str, Any]]:
    """The files of the application: those sent, but for the rules with new ones and for those that the new answers do not ask
    for any more."""
    wanted, manifest = {rule.code for rule in rules}, list(submission.manifest)
    if any(item.new for item in files) or any(file["rule"] not in wanted for file in manifest):
        manifest = [file for file in manifest if file["rule"] in wanted]
    for item in files:
        if item.new:
            manifest = [file for file in manifest if file["rule"] != item.rule.code]
            manifest += json.loads(canonical([file.manifest_entry for file in item.new]))
    return manifest


def _that_say_what_was_sent(
    request: CompletionRequest, submission: Submission, form_class: type[SectionForm], typed: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """The units of ``typed`` that are read as what was sent; a budget is one whole."""
    if not typed:
        return {}
    section, notice, area = form_class.section, submission.call_version.notice, request.application.area
    known, sent = _known(request.application, submission, submission.answers), submission.answers.get(section.code, {})
    values, _form = read_values(section, notice, area, typed, known)
    said, units = plain(values), by_unit(form_class, typed)
    if section.kind is SectionKind.BUDGET:
        return {unit: units[unit] for unit in units_of(form_class) if unit in units} if said == sent else {}
    if section.kind is SectionKind.DECLARATIONS:
        return {unit: texts for unit, texts in units.items() if said.get(unit) == sent.get(unit)}
    same = {q.code for q in section.questions if names_of(q) and q.code in said and said[q.code] == sent.get(q.code)}
    return {unit: texts for unit, texts in units.items() if unit in same}


def _in_words(read: ReadSection) -> str:
    """A budget or the declarations, line by line."""
    if read.budget is not None:
        lines = [
            _("%(item)s: costo %(total)s, a carico dell'ente %(own)s")
            % {"item": line.item.title, "total": euro(line.total), "own": euro(line.own)}
            for line in read.budget.lines
        ]
        return "\n".join(lines)
    return "\n".join(declared.requirement.title for declared in read.declarations if declared.made)


def _names(manifest: list[Mapping[str, Any]], code: str) -> str:
    return "; ".join(file["name"] for file in manifest if file["rule"] == code)

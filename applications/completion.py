"""The request to complete an application (soccorso istruttorio): what may be asked again, how the answer stands, what changed.

What is open again is named by codes: ``section.question`` for a question, ``section`` for a whole budget or the declarations,
and apart from these the codes of the attachment rules. Everything else of what was sent stays as it was.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from applications.models import Application, Attachment, CompletionRequest, Submission
from applications.progress import drafts_of, known_of
from applications.reading import Answer, ReadSection, read_submission
from applications.sections import read_values
from applications.sections.build import SectionForm, build_form
from applications.sections.conditions import outline
from bando.notice.document import Area, AttachmentRule, Notice, QuestionType, Section, SectionKind
from bando.notice.visible import rules_asked, together
from bando.templatetags.bando_ui import euro
from workflow.ledger import canonical, digest, plain

WHOLE_KINDS = (SectionKind.BUDGET, SectionKind.DECLARATIONS)
"""The sections that are asked again as a whole, because their parts depend on each other."""


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
    the first time."""

    section: Section
    form: SectionForm


@dataclass(frozen=True, slots=True)
class ReopenedFiles:
    """A rule that was asked again: the files ``sent`` before (manifest entries) and the ``new`` ones, which take their
    place as soon as there is one."""

    rule: AttachmentRule
    sent: tuple[Mapping[str, Any], ...]
    new: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the answer to a request changed, before and after in words; "" where there was nothing."""

    title: str
    label: str
    before: str
    after: str


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
    return [
        Reopenable(rule.code, rule.title, _names(application.current.manifest, rule.code))
        for rule in _rules(application.current)
    ]


def reopened(request: CompletionRequest, typed: Mapping[str, Mapping[str, Any]] | None = None) -> list[Reopened]:
    """The forms of what is asked again, bound to ``typed`` by section, or to what was kept last."""
    submission = _answered(request)
    notice, area = submission.call_version.notice, request.application.area
    known = together(notice, area.code, submission.answers)
    kept = _kept(request, notice, area) if typed is None else typed
    found = []
    for section in _sections(request, notice, area.code):
        _values, form = read_values(section, notice, area, kept.get(section.code, {}), known)
        found.append(Reopened(section, form))
    return found


def form_classes(request: CompletionRequest) -> dict[str, type[SectionForm]]:
    """The form classes of what is asked again, by code of the section: what a POST is read by."""
    notice, area = _answered(request).call_version.notice, request.application.area
    return {section.code: build_form(section, notice, area) for section in _sections(request, notice, area.code)}


def reopened_files(request: CompletionRequest) -> list[ReopenedFiles]:
    """The rules that are asked again, with the files before and after."""
    manifest = _answered(request).manifest
    new = [file for file in request.attachments.select_related("document") if file.removed_at is None]
    return [
        ReopenedFiles(
            rule,
            tuple(item for item in manifest if item["rule"] == rule.code),
            tuple(file for file in new if file.rule == rule.code),
        )
        for rule in _rules(_answered(request))
        if rule.code in request.files
    ]


def completed(request: CompletionRequest) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Answers and manifest of the application as the answer to the request makes it: those that were sent, with what was
    open again in its new state. What can't be read is left as it was: ``problems`` tells it."""
    submission = _answered(request)
    answers = json.loads(json.dumps(submission.answers))
    for item in reopened(request):
        code, values = item.section.code, plain(item.form.values())
        if item.section.kind in WHOLE_KINDS:
            answers[code] = values
            continue
        own = answers.setdefault(code, {})
        for question in item.section.questions:
            own.pop(question.code, None)
            if question.code in values:
                own[question.code] = values[question.code]
    manifest = list(submission.manifest)
    for item in reopened_files(request):
        if item.new:
            manifest = [file for file in manifest if file["rule"] != item.rule.code]
            manifest += json.loads(canonical([file.manifest_entry for file in item.new]))
    return answers, manifest


def problems(request: CompletionRequest) -> list[str]:
    """What keeps the answer from being sent, in sentences: what can't be read, and files that were asked and never sent."""
    found = [problem["sentence"] for item in reopened(request) for told in item.form.problems().values() for problem in told]
    for item in reopened_files(request):
        if item.rule.required and not item.new and not item.sent:
            found.append(_("Carica: %(title)s.") % {"title": item.rule.title})
    return found


def untouched(request: CompletionRequest) -> list[str]:
    """What was asked again and is as it was, by name: the person is told before sending."""
    submission = _answered(request)
    answers, _manifest = completed(request)
    same = []
    for item in reopened(request):
        before, after = submission.answers.get(item.section.code, {}), answers.get(item.section.code, {})
        if item.section.kind in WHOLE_KINDS:
            same += [item.section.title] if before == after else []
        else:
            same += [q.label for q in item.section.questions if before.get(q.code) == after.get(q.code)]
    return same + [item.rule.title for item in reopened_files(request) if not item.new]


def fingerprint_of_completion(request: CompletionRequest) -> str:
    """SHA-256 of what the answer would freeze now, by which the same sending is known again (as
    ``applications.progress.fingerprint``)."""
    new = request.attachments.filter(removed_at=None).values_list("pk", flat=True)
    return digest(
        canonical({"request": str(request.pk), "version": request.version, "files": sorted(str(file) for file in new)})
    )


def differences(before: Submission, after: Submission) -> list[Difference]:
    """What one submission changed of another, in the order of the form; both answered the same version of the call."""
    return differing(before, after.answers, after.manifest)


def differing(before: Submission, answers: Mapping[str, Any], manifest: list[Mapping[str, Any]]) -> list[Difference]:
    """The same, of what is not sent yet."""
    area_code, notice = before.application.area_code, before.call_version.notice
    was = dict(_told(read_submission(notice, area_code, before.answers, before.manifest)))
    now = dict(_told(read_submission(notice, area_code, answers, manifest)))
    found = [
        Difference(title, label, was.get((title, label), ""), now.get((title, label), ""))
        for title, label in dict.fromkeys([*was, *now])
        if was.get((title, label)) != now.get((title, label))
    ]
    rules = {rule.code: rule.title for rule in notice.attachments_for(area_code)}
    for code, title in rules.items():
        old, new = (_hashes(files, code) for files in (before.manifest, manifest))
        if old != new:
            found.append(Difference(_("File"), title, "\n".join(old), "\n".join(new)))
    return found


def waiting_for_an_answer(application: Application, at: datetime) -> CompletionRequest | None:
    """The request that the body may still answer at ``at``. No query when ``completion_requests__answer`` was fetched."""
    return next((request for request in application.completion_requests.all() if is_open(request, at)), None)


def is_open(request: CompletionRequest, at: datetime) -> bool:
    """Neither answered nor taken back, and its term has not passed: ``due_at`` itself is in time."""
    return request.closed_at is None and not hasattr(request, "answer") and at <= request.due_at


def _answered(request: CompletionRequest) -> Submission:
    """The submission that the request is about: what counts, or what counted before the answer."""
    if hasattr(request, "answer"):
        return request.application.submissions.get(sequence=request.answer.sequence - 1)
    return request.application.current


def _sections(request: CompletionRequest, notice: Notice, area_code: str) -> Iterator[Section]:
    for section in outline(notice, area_code).sections:
        if section.code in request.questions:
            yield section
        elif chosen := tuple(q for q in section.questions if f"{section.code}.{q.code}" in request.questions):
            yield replace(section, questions=chosen)


def _kept(request: CompletionRequest, notice: Notice, area: Area) -> Mapping[str, Mapping[str, Any]]:
    """What was typed last; before the first save, what was typed in the draft, where that is still what was sent. The
    draft may have gone on after the sending: such an answer starts empty, with what was sent beside it."""
    if request.version:
        return request.typed
    sent, drafts = _answered(request).answers, drafts_of(request.application)
    known, found = known_of(request.application, drafts), {}
    for section in _sections(request, notice, area.code):
        if draft := drafts.get(section.code):
            values, form = read_values(section, notice, area, draft.answers, known)
            if plain(values) == {code: value for code, value in sent.get(section.code, {}).items() if code in values}:
                found[section.code] = dict(form.data)
    return found


def _rules(submission: Submission) -> list[AttachmentRule]:
    notice, area_code = submission.call_version.notice, submission.application.area_code
    return list(rules_asked(notice, area_code, together(notice, area_code, submission.answers)))


def _told(read: list[ReadSection]) -> Iterator[tuple[tuple[str, str], str]]:
    for item in read:
        if item.section.kind in WHOLE_KINDS:
            yield (item.section.title, item.section.title), _in_words(item)
        else:
            for answer in item.answers:
                if answer.question.type is not QuestionType.FILE:
                    yield (item.section.title, answer.question.label), _answer_in_words(answer)


def _answer_in_words(answer: Answer) -> str:
    return answer.text


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


def _hashes(manifest: list[Mapping[str, Any]], code: str) -> list[str]:
    return [f"{file['name']} (SHA-256 {file['sha256']})" for file in manifest if file["rule"] == code]

"""What one submission changed of another, before and after, in words: an answer by itself, a budget line by line, a declaration
by itself, a file with its fingerprint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from applications import points
from applications.budget import Line, Outcome, Volunteering
from applications.models import Submission
from applications.pairing import HOURS_KEYS, LINE_KEYS, paired
from applications.reading import ReadSection, read_submission
from applications.sections.fields import italian
from bando.notice.document import Budget, QuestionType, SectionKind
from bando.templatetags.bando_ui import euro

Manifest = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changed; "" where there was nothing. ``point`` is the code of the point of the check that it touches, ""
    when it is none."""

    title: str
    label: str
    before: str
    after: str
    point: str = ""


def differences(before: Submission, after: Submission) -> list[Difference]:
    """In the order of the form; both answered the same version of the call. ``before`` has its application."""
    return differing(before, after.answers, after.manifest)


def differing(before: Submission, answers: Mapping[str, Any], manifest: Manifest) -> list[Difference]:
    """The same, of what is not sent yet."""
    notice, area_code = before.call_version.notice, before.application.area_code
    was = {read.section.code: read for read in read_submission(notice, area_code, before.answers)}
    now = {read.section.code: read for read in read_submission(notice, area_code, answers)}
    found: list[Difference] = []
    for section in notice.sections_for(area_code):
        old, new = was.get(section.code), now.get(section.code)
        if section.kind is SectionKind.BUDGET and old and new:
            found += _of_budgets(section.title, notice.budget_for(area_code), old.budget, new.budget)
        elif section.kind is not SectionKind.GROUP:
            found += _of_answers(section.title, old, new)
    for rule in notice.attachments_for(area_code):
        old_files, new_files = (_files(files, rule.code) for files in (before.manifest, manifest))
        if old_files != new_files:
            found.append(Difference(_("File"), rule.title, old_files, new_files, points.of_files(rule.code)))
    return found


def _of_answers(title: str, old: ReadSection | None, new: ReadSection | None) -> Iterator[Difference]:
    was, now = dict(_told(old)), dict(_told(new))
    for key in dict.fromkeys([*was, *now]):
        label, point = key
        if was.get(key, "") != now.get(key, ""):
            yield Difference(title, label, was.get(key, ""), now.get(key, ""), point)


def _told(read: ReadSection | None) -> Iterator[tuple[tuple[str, str], str]]:
    if read is None:
        return
    for declared in read.declarations:
        key = declared.requirement.title, points.of_requirement(declared.requirement.code)
        yield key, _("Dichiarato") if declared.made else ""
    for answer in read.answers:
        if answer.question.type is not QuestionType.FILE:
            yield (answer.question.label, ""), answer.text


def _of_budgets(title: str, budget: Budget, old: Outcome, new: Outcome) -> Iterator[Difference]:
    """Each line that changed, beside what it was before; then the hours of volunteers, then the totals."""
    actions = {action.code: action.label for action in budget.actions}

    def words(line: Line) -> str:
        return _line_in_words(line, actions)

    for was, now in paired(_written(old), _written(new), LINE_KEYS):
        item = (now or was).item
        yield Difference(title, item.title, words(was) if was else "", words(now) if now else "", points.BUDGET)
    for was, now in paired(old.volunteers, new.volunteers, HOURS_KEYS):
        label = _("Ore dei volontari: %(activity)s") % {"activity": (now or was).activity}
        yield Difference(title, label, _hours_in_words(was) if was else "", _hours_in_words(now) if now else "", points.BUDGET)
    totals = [_amounts(outcome.total, outcome.own, outcome.grant) for outcome in (old, new)]
    if totals[0] != totals[1]:
        yield Difference(title, _("Totali del piano economico"), *totals, points.BUDGET)


def _written(outcome: Outcome) -> list[Line]:
    return [line for line in outcome.lines if line.total or line.own]


def _line_in_words(line: Line, actions: Mapping[str, str]) -> str:
    year = str(line.year) if line.year else ""
    about = " · ".join(filter(None, (line.partner_name, year, actions.get(line.action, line.action), line.text)))
    amounts = _amounts(line.total, line.own, line.grant)
    return f"{about}: {amounts}" if about else amounts


def _hours_in_words(row: Volunteering) -> str:
    words = _("%(hours)s ore a %(hourly)s: %(value)s") % {
        "hours": italian(row.hours.normalize() + 0),
        "hourly": euro(row.hourly),
        "value": euro(row.value),
    }
    return f"{row.partner_name} · {words}" if row.partner_name else words


def _amounts(total: int, own: int, grant: int) -> str:
    return _("costo %(total)s, a carico dell'ente %(own)s, contributo %(grant)s") % {
        "total": euro(total),
        "own": euro(own),
        "grant": euro(grant),
    }


def _files(manifest: Manifest, code: str) -> str:
    return "\n".join(f"{file['name']} (SHA-256 {file['sha256']})" for file in manifest if file["rule"] == code)

"""What the program proposes to ask again, from the check and from the files: the official ticks, writes and decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from applications import points
from applications.completion import WHOLE_KINDS
from applications.models import Application, CheckItem
from bando.notice.document import RequirementKind, SectionKind
from bando.notice.visible import rules_asked, together
from documents.signatures import lacks_signature


@dataclass(frozen=True, slots=True)
class Proposal:
    """Codes as ``applications.completion`` has them, and a sentence for each thing that is missing or wrong."""

    questions: tuple[str, ...]
    files: tuple[str, ...]
    sentences: tuple[str, ...]


def proposal(application: Application) -> Proposal:
    """From the points that are not met, the files that the antivirus has blocked, those that the call wants signed and are
    not, and those that are missing. A point that an official found right is not proposed again, but for a virus. Three
    queries."""
    items = {item.code: item for item in application.check_items.all()}
    questions, files, sentences = [], [], []
    for code, sentence in _of_files(application, items):
        files += [code] if code not in files else []
        sentences.append(sentence)
    for code, sentence in _of_requirements(application, items):
        questions += [code] if code and code not in questions else []
        sentences.append(sentence)
    return Proposal(tuple(questions), tuple(files), tuple(sentences))


def _of_files(application: Application, items: dict[str, CheckItem]) -> Iterator[tuple[str, str]]:
    submission = application.current
    notice, manifest = submission.call_version.notice, submission.manifest
    held = {str(file.pk): file for file in application.attachments.filter(pk__in=[file["attachment"] for file in manifest])}
    for rule in rules_asked(notice, application.area_code, together(notice, application.area_code, submission.answers)):
        item = items.get(points.of_files(rule.code))
        verdict = item.verdict if item else ""
        files = [held[file["attachment"]] for file in manifest if file["rule"] == rule.code if file["attachment"] in held]
        told = [
            _("%(title)s: il file «%(name)s» contiene un virus e lo abbiamo bloccato. Carica un'altra copia.")
            % {"title": rule.title, "name": file.document.name}
            for file in files
            if file.is_infected
        ]
        if verdict in {CheckItem.Verdict.OPEN, CheckItem.Verdict.NOT_MET}:
            told += [
                _("%(title)s: nel file «%(name)s» non c'è la firma digitale. Firma il file e caricalo di nuovo.")
                % {"title": rule.title, "name": file.document.name}
                for file in files
                if rule.signed and not file.is_infected and lacks_signature(file.document)
            ]
            if rule.required and not files:
                told.append(_("%(title)s: manca. Carica il file.") % {"title": rule.title})
        if item and verdict == CheckItem.Verdict.NOT_MET and (item.note or not told):
            told.insert(0, _noted(rule.title, item))
        yield from ((rule.code, sentence) for sentence in told)


def _of_requirements(application: Application, items: dict[str, CheckItem]) -> Iterator[tuple[str, str]]:
    """The section that answers a point; "" for what the office verifies by itself, where it says what it wants to see."""
    submission, area_code = application.current, application.area_code
    notice = submission.call_version.notice
    whole = {section.kind: section.code for section in notice.sections_for(area_code) if section.kind in WHOLE_KINDS}
    for requirement in notice.requirements_for(area_code):
        item = items.get(points.of_requirement(requirement.code))
        if item and item.verdict == CheckItem.Verdict.NOT_MET:
            declared = requirement.kind is RequirementKind.DECLARATION
            yield whole.get(SectionKind.DECLARATIONS, "") if declared else "", _noted(requirement.title, item)
    item = items.get(points.BUDGET)
    if item and item.verdict == CheckItem.Verdict.NOT_MET:
        yield whole.get(SectionKind.BUDGET, ""), _noted(_("Piano economico"), item)


def _noted(title: str, item: CheckItem) -> str:
    return f"{title}: {item.note}" if item.note else _("%(title)s: non è conforme.") % {"title": title}

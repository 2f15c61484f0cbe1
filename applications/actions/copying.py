"""Taking answers and files over from an earlier application of the same body."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.actions.attaching import attach
from applications.actions.saving import ChangedMeanwhile, save_units
from applications.actions.starting import start_application
from applications.copying import File, Part, Plan, plan
from applications.models import Application
from applications.progress import judged
from applications.rules import against_writing
from applications.sections import build_form
from applications.sections.units import units_of
from documents.uploads import Unacceptable
from workflow.transition import Refused


@dataclass(frozen=True, slots=True)
class Copied:
    """What was taken: the keys of the answers and of the files, and a sentence for each file that could not be."""

    answers: list[str]
    files: list[str]
    left: list[str]


def copy_answers(found: Plan, chosen: Collection[str], *, by: User, at: datetime) -> Copied:
    """Take what was ``chosen`` of a plan, by key: the answers all or none, each section as one save of its own in the history
    of texts, from where what stood here before is brought back; then the files, one by one. Raises :class:`Refused`, and
    ``ChangedMeanwhile`` when somebody wrote here since the plan was made."""
    application = found.target
    if against := against_writing(application, by=by, at=at):
        raise Refused([against])
    answers: list[str] = []
    with transaction.atomic():
        for part in found.parts:
            answers += _take(application, part, chosen, by=by, at=at)
    files, left = [], []
    for file in found.files:
        if file.key in chosen:
            try:
                _bring(application, file, by=by, at=at)
            except (Unacceptable, Refused) as problem:
                left.append(_said(problem))
            except OSError:  # the storage does not answer, or the file is not there: what is here stays right
                sentence = _("«%(name)s» non si è potuto copiare: caricalo di nuovo, oppure riprova più tardi.")
                left.append(sentence % {"name": file.attachment.document.name})
            else:
                files.append(file.key)
    return Copied(answers, files, left)


def restart(withdrawn: Application, *, by: User, at: datetime) -> tuple[Application, Copied]:
    """A new draft of the same body and area with all that a withdrawn application holds. Raises :class:`Refused`."""
    fresh = start_application(withdrawn.call, withdrawn.area_code, withdrawn.organisation, by=by, at=at)
    answers = plan(withdrawn, fresh)
    taken = copy_answers(answers, [answer.key for answer in answers.answers], by=by, at=at)
    files = plan(withdrawn, fresh)  # anew: which files are asked for depends on the answers
    brought = copy_answers(files, [file.key for file in files.files], by=by, at=at)
    return fresh, Copied(taken.answers, brought.files, brought.left)


def _take(application: Application, part: Part, chosen: Collection[str], *, by: User, at: datetime) -> list[str]:
    answers = [answer for answer in part.answers if answer.key in chosen]
    if not answers:
        return []
    form_class = build_form(part.section, application.call.notice, application.area)

    def judge(kept: dict[str, Any]) -> Any:
        return judged(application, part.section, kept)

    saved = save_units(
        application,
        part.section.code,
        units=units_of(form_class),
        typed={answer.unit: answer.typed for answer in answers},
        bases={answer.unit: [answer.base] for answer in answers},
        judge=judge,
        by=by,
        at=at,
        apart=True,
    )
    if saved.conflicts:
        raise ChangedMeanwhile(saved)
    return [answer.key for answer in answers]


def _bring(application: Application, file: File, *, by: User, at: datetime) -> None:
    """A document of its own, with its own bytes, by the one road of all files: it is judged, hashed and read by the antivirus
    again, and its moment of receipt is this one."""
    document = file.attachment.document
    with document.file.open("rb") as content:
        upload = UploadedFile(content, document.name, document.media_type, document.size)
        attach(application, file.rule.code, upload, by=by, at=at)


def _said(problem: Unacceptable | Refused) -> str:
    return " ".join(problem.reasons) if isinstance(problem, Refused) else str(problem)

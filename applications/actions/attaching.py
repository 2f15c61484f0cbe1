"""The files of an application: adding one, in one request or in parts, taking it out, putting it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from applications.models import Application, Attachment, CompletionRequest
from applications.rules import against_writing
from applications.states import ApplicationState
from bando.deadlines import LONGEST_UNDER_WAY
from bando.notice.document import AttachmentRule
from bando.templatetags.bando_ui import instant
from documents import resuming
from documents.models import Upload
from documents.uploads import Unacceptable, check, check_size, doubt_about_ending, lay, write
from workflow.transition import Refused


@dataclass(frozen=True)
class Place:
    """Where a file goes: an attachment rule of an application, or of a request to complete it.

    ``against(by=, at=)`` answers why nothing may be written there, or ``None``; without it the application's own
    ``against_writing`` is asked."""

    application: Application
    rule: AttachmentRule
    completion: CompletionRequest | None = None
    against: Callable[..., str | None] | None = None

    @property
    def purpose(self) -> str:
        """How an upload says that it is for here (``documents.models.Upload``)."""
        return f"{purpose_of(self.application, self.completion)}{self.rule.code}"

    @property
    def files(self) -> models.QuerySet[Attachment]:
        """To be counted and not to be shown: without what the default manager brings of each."""
        there = Attachment._base_manager.filter(application=self.application, removed_at=None)
        return there.filter(rule=self.rule.code, completion=self.completion)

    def refuse_writing(self, *, by: User, at: datetime) -> None:
        _refuse_writing(self.application, self.against, by=by, at=at)

    def refuse_one_too_many(self) -> None:
        if self.files.count() >= self.rule.max_files:
            raise Refused(
                [
                    ngettext(
                        "Per «%(title)s» c'è posto per %(n)s file solo: elimina quello che c'è e carica l'altro.",
                        "Per «%(title)s» puoi caricare al massimo %(n)s file: eliminane uno e carica l'altro.",
                        self.rule.max_files,
                    )
                    % {"title": self.rule.title, "n": self.rule.max_files}
                ]
            )


def place_in(
    application: Application,
    rule_code: str,
    *,
    completion: CompletionRequest | None = None,
    against: Callable[..., str | None] | None = None,
) -> Place:
    """Where the files of a rule go. Raises ``KeyError`` for a rule that the call does not have."""
    return Place(application, attachment_rule(application, rule_code), completion, against)


def purpose_of(application: Application, completion: CompletionRequest | None = None) -> str:
    """How the purposes begin of all that is uploaded to an application, or in answer to one request."""
    return f"attachment:{application.pk}:{completion.pk if completion else ''}:"


def attach(
    application: Application,
    rule_code: str,
    upload: UploadedFile,
    *,
    by: User,
    at: datetime,
    completion: CompletionRequest | None = None,
    against: Callable[..., str | None] | None = None,
) -> Attachment:
    """Add one file. Raises :class:`Refused`, ``documents.uploads.Unacceptable`` when the file itself can't be taken, and
    ``KeyError`` for a rule that the call does not have."""
    place = place_in(application, rule_code, completion=completion, against=against)
    place.refuse_writing(by=by, at=at)
    place.refuse_one_too_many()
    return _take(place, upload, by=by, at=at)


class Doubtful(Unacceptable):
    """The name makes it unlikely that the content is right; the person may send the file all the same."""


def begin_upload(
    place: Place, *, name: str, size: int, fingerprint: str, sha256: str, anyway: bool, by: User, at: datetime
) -> Upload:
    """A file that will come in parts; the one that is under way, or has just become an attachment, if the device knows it
    again by ``fingerprint``. All that can be refused before its bytes come is refused here: raises :class:`Refused`,
    ``documents.uploads.Unacceptable`` and, unless it comes ``anyway``, :class:`Doubtful`."""
    place.refuse_writing(by=by, at=at)
    known = Q(document=None) | Q(document__in=place.files.values("document"))
    found = resuming.same_file(place.purpose, name=name, size=size, fingerprint=fingerprint, by=by).filter(known).first()
    if found and found.document_id:
        return found
    place.refuse_one_too_many()
    if found:
        return found
    check_size(name, size, max_bytes=place.rule.max_bytes)
    if not anyway and (doubt := doubt_about_ending(name, formats=place.rule.formats)):
        raise Doubtful(doubt)
    resuming.make_room(by, f"attachment:{place.application.pk}:")
    return resuming.begin(place.purpose, name=name, size=size, fingerprint=fingerprint, sha256=sha256, by=by, at=at)


def add_part(
    place: Place, upload: Upload, source: BinaryIO, *, offset: int, size: int, by: User, at: datetime
) -> tuple[Upload, Attachment | None]:
    """Keep a part; the last one makes the attachment. ``size`` 0 sends nothing and asks to finish what is whole already,
    because the process that had the last part died. What can't be taken is given up, so that nothing of it is kept.

    Raises :class:`Refused`, ``documents.uploads.Unacceptable`` and ``documents.resuming.CutShort``."""
    if not upload.document_id and not resuming.is_whole(upload):
        try:
            place.refuse_writing(by=by, at=at)
        except Refused as refused:
            raise Refused([*refused.reasons, what_stands(place.application, upload.name)]) from None
        upload = resuming.add_part(upload, source, offset=offset, size=size, at=at)
    if upload.document_id:
        return upload, _attachment_of(upload)
    if not resuming.is_whole(upload):
        return upload, None
    return _complete(place, upload, by=by, at=at)


def what_stands(application: Application, name: str) -> str:
    """What is true of a file that did not arrive in time, and of the application without it."""
    if application.state == ApplicationState.DRAFT:
        return _("Il file «%(name)s» non è nella domanda, e la domanda non è stata inviata. Puoi ancora leggerla.") % {
            "name": name
        }
    if application.state == ApplicationState.SUBMITTED:
        return _("Il file «%(name)s» non è nella domanda. Resta valida, così com'è, la domanda inviata %(at)s.") % {
            "name": name,
            "at": instant(application.current.arrived_at),
        }
    return _("Il file «%(name)s» non è nella domanda.") % {"name": name}


def remove_attachment(
    attachment: Attachment, *, by: User, at: datetime, against: Callable[..., str | None] | None = None
) -> None:
    """Take a file out of the draft; its row and its content stay. Raises :class:`Refused`."""
    _refuse_writing(attachment.application, against, by=by, at=at)
    Attachment.objects.filter(pk=attachment.pk, removed_at=None).update(removed_at=at, removed_by=by)


def restore_attachment(
    attachment: Attachment, *, by: User, at: datetime, against: Callable[..., str | None] | None = None
) -> None:
    """Put back a file that was taken out. Raises :class:`Refused`."""
    _refuse_writing(attachment.application, against, by=by, at=at)
    place = place_in(attachment.application, attachment.rule, completion=attachment.completion)
    with transaction.atomic():
        Application.objects.lock(place.application.pk)  # two files at once count one after the other
        if Attachment.objects.filter(pk=attachment.pk, removed_at=None).exists():
            return
        place.refuse_one_too_many()
        Attachment.objects.filter(pk=attachment.pk).update(removed_at=None, removed_by=None)


def attachment_rule(application: Application, code: str) -> AttachmentRule:
    """The rule of the call with this code. Raises ``KeyError``."""
    for rule in application.call.notice.attachments_for(application.area_code):
        if rule.code == code:
            return rule
    raise KeyError(code)


def _complete(place: Place, upload: Upload, *, by: User, at: datetime) -> tuple[Upload, Attachment | None]:
    """Judge what has come whole and make the attachment. The moment that counts is that of the last part: if the process
    died after it, whoever asks again within the time that a request may be under way is not late for our fault."""
    arrived = resuming.last_arrival(upload)
    at = arrived if at - arrived <= LONGEST_UNDER_WAY else at
    try:
        place.refuse_writing(by=by, at=at)
        place.refuse_one_too_many()
        with resuming.assembled(upload) as file:
            attachment = _take(place, file, by=by, at=at, upload=upload)
    except (Refused, Unacceptable):
        resuming.discard(upload)
        raise
    except FileNotFoundError:  # somebody else finished it, and its parts are gone already
        attachment = None
    upload = Upload.objects.get(pk=upload.pk)
    return upload, attachment or _attachment_of(upload)


def _take(place: Place, file: UploadedFile, *, by: User, at: datetime, upload: Upload | None = None) -> Attachment | None:
    """Judge a file by its content and make it an attachment, the one road of all files; ``upload`` is what it came as, if it
    came in parts, and ``None`` is answered when somebody else finished that one. Nothing is locked while it is stored."""
    media_type = check(file, formats=place.rule.formats, max_bytes=place.rule.max_bytes)
    document = lay(file, media_type=media_type, by=by, at=at)
    try:
        with transaction.atomic():
            Application.objects.lock(place.application.pk)
            if upload and not resuming.finish(upload, document):
                raise _Finished
            if place.completion:  # answered or taken back while the bytes were stored: it would be in no answer
                place.completion.refresh_from_db()
                place.refuse_writing(by=by, at=at)
            place.refuse_one_too_many()
            if not upload:
                write(document)
            return place.application.attachments.create(rule=place.rule.code, document=document, completion=place.completion)
    except (Refused, _Finished) as reason:  # nothing else: an error at the commit does not say whether it was written
        default_storage.delete(document.file.name)
        if isinstance(reason, Refused):
            raise
        return None


class _Finished(Exception):
    """Somebody else made the attachment of this upload."""


def _attachment_of(upload: Upload) -> Attachment | None:
    """What became of a finished upload, even if it was taken out since."""
    return Attachment.objects.select_related("document").get(document=upload.document_id) if upload.document_id else None


def _refuse_writing(application: Application, against: Callable[..., str | None] | None, *, by: User, at: datetime) -> None:
    reason = against(by=by, at=at) if against else against_writing(application, by=by, at=at)
    if reason:
        raise Refused([reason])

"""The files of an application: adding one, taking it out, putting it back."""

from __future__ import annotations

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import ngettext

from accounts.models import User
from applications.models import Application, Attachment
from applications.rules import against_writing
from bando.notice.document import AttachmentRule
from documents.uploads import check, store
from workflow.transition import Refused


def attach(application: Application, rule_code: str, upload: UploadedFile, *, by: User, at: datetime) -> Attachment:
    """Add one file. Raises :class:`Refused`, ``documents.uploads.Unacceptable`` when the file itself can't be taken, and
    ``KeyError`` for a rule that the call does not have."""
    if against := against_writing(application, by=by, at=at):
        raise Refused([against])
    rule = attachment_rule(application, rule_code)
    _refuse_one_too_many(application, rule)
    media_type = check(upload, formats=rule.formats, max_bytes=rule.max_bytes)
    document = store(upload, media_type=media_type, by=by, at=at)
    with transaction.atomic():
        _lock(application)
        _refuse_one_too_many(application, rule)
        return application.attachments.create(rule=rule.code, document=document)


def remove_attachment(attachment: Attachment, *, by: User, at: datetime) -> None:
    """Take a file out of the draft; its row and its content stay. Raises :class:`Refused`."""
    if against := against_writing(attachment.application, by=by, at=at):
        raise Refused([against])
    Attachment.objects.filter(pk=attachment.pk, removed_at=None).update(removed_at=at, removed_by=by)


def restore_attachment(attachment: Attachment, *, by: User, at: datetime) -> None:
    """Put back a file that was taken out. Raises :class:`Refused`."""
    application = attachment.application
    if against := against_writing(application, by=by, at=at):
        raise Refused([against])
    with transaction.atomic():
        _lock(application)
        if Attachment.objects.filter(pk=attachment.pk, removed_at=None).exists():
            return
        _refuse_one_too_many(application, attachment_rule(application, attachment.rule))
        Attachment.objects.filter(pk=attachment.pk).update(removed_at=None, removed_by=None)


def attachment_rule(application: Application, code: str) -> AttachmentRule:
    """The rule of the call with this code. Raises ``KeyError``."""
    for rule in application.call.notice.attachments_for(application.area_code):
        if rule.code == code:
            return rule
    raise KeyError(code)


def _refuse_one_too_many(application: Application, rule: AttachmentRule) -> None:
    if application.attachments.filter(rule=rule.code, removed_at=None).count() >= rule.max_files:
        raise Refused(
            [
                ngettext(
                    "Per «%(title)s» c'è posto per %(n)s file solo: elimina quello che c'è e carica l'altro.",
                    "Per «%(title)s» puoi caricare al massimo %(n)s file: eliminane uno e carica l'altro.",
                    rule.max_files,
                )
                % {"title": rule.title, "n": rule.max_files}
            ]
        )


def _lock(application: Application) -> None:
    """Two files at once count one after the other."""
    Application.objects.select_for_update().only("pk").get(pk=application.pk)

"""A file that comes in parts and goes on where it stopped.

Mobile networks drop; a file of twenty megabytes that starts again each time never arrives. So it comes in parts, each in a
small request of its own: the bytes go to the storage first (local disk or S3 alike, so that any web process takes the next
part), then the row says that they are there. A request killed between the two leaves bytes that no row names: they go with
the folder of their upload. No lock is held while bytes are stored.

The protocol is like tus 1.0 and smaller: ``begin`` answers how much is kept already, ``add_part`` takes the part that
stands at that offset and leaves any other alone, and whoever asked goes on from the offset that is answered. So a part that
is sent twice, a lost answer and two tabs at once are one case: the offset says what is true.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, BinaryIO
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from documents.models import Document, Upload, UploadPart
from documents.storing import storing
from documents.uploads import CHUNK, Reading, Unacceptable, clean_name, write
from workflow.duties import owe

LARGEST_PART = 2 * 1024 * 1024
"""Bytes of one part, which is the memory that a request takes. A sender on a poor line sends smaller ones."""
KEPT_FOR = timedelta(days=7)
"""How long a file that nobody goes on with is kept."""
MOST_UNDER_WAY = 20
"""Files that one person may have under way at one place; the one left alone longest makes room."""


class CutShort(Exception):
    """The request ended before the bytes that it had announced: nothing of it was kept. The text says what to do."""


def begin(purpose: str, *, name: str, size: int, fingerprint: str = "", sha256: str = "", by: User, at: datetime) -> Upload:
    """The upload of this file: the one that is under way, if ``fingerprint`` knows it again, otherwise a new one.

    ``size`` in bytes. Two that begin the same file at once get the same upload."""
    known = _known(purpose, name, size, fingerprint, by)
    if found := same_file(purpose, name=name, size=size, fingerprint=fingerprint, by=by).filter(document=None).first():
        return found
    try:
        with transaction.atomic():
            upload = Upload.objects.create(**known, sha256=sha256, begun_at=at, touched_at=at)
            _owe_sweep(upload)
    except IntegrityError:
        return Upload.objects.get(**known, document=None)
    return upload


def same_file(purpose: str, *, name: str, size: int, fingerprint: str, by: User) -> QuerySet[Upload]:
    """The uploads of the same file from the same person, under way or finished; none for a device that gives no
    fingerprint."""
    return Upload.objects.filter(**_known(purpose, name, size, fingerprint, by)) if fingerprint else Upload.objects.none()


def under_way(by: User, purposes: str) -> list[Upload]:
    """What ``by`` has not finished among the purposes that start with ``purposes``, the last touched first."""
    return list(Upload.objects.filter(by=by, purpose__startswith=purposes, document=None).order_by("-touched_at"))


def make_room(by: User, purposes: str) -> None:
    """Forget the files that were left alone longest, so that nobody fills the storage with beginnings."""
    for upload in under_way(by, purposes)[MOST_UNDER_WAY - 1 :]:
        discard(upload)


def add_part(upload: Upload, source: BinaryIO, *, offset: int, size: int, at: datetime) -> Upload:
    """Keep the ``size`` bytes of ``source`` that stand at ``offset``, and answer the upload as it stands now.

    A part that is not the next one is left alone. Raises :class:`CutShort` when fewer bytes come than announced, and
    :class:`Unacceptable` for a part that is larger than :data:`LARGEST_PART` or goes past the end of the file."""
    if not 0 < size <= LARGEST_PART or offset + size > upload.size:
        raise Unacceptable(_("Questa parte del file non corrisponde: ricarica la pagina e scegli di nuovo il file."))
    if upload.document_id or offset != upload.offset:
        return upload
    content = _read(source, size)
    part = UploadPart(upload=upload.pk, offset=offset, size=size, sha256=hashlib.sha256(content).hexdigest(), received_at=at)
    with storing():
        default_storage.save(part.path, ContentFile(content))
    with transaction.atomic():
        ahead = Upload.objects.filter(pk=upload.pk, offset=offset, document=None)
        if kept := ahead.update(offset=F("offset") + size, touched_at=at):
            part.save()
    if not kept:  # another tab was quicker, or the upload was given up
        default_storage.delete(part.path)
    return Upload.objects.get(pk=upload.pk)


def is_whole(upload: Upload) -> bool:
    return upload.offset == upload.size


def last_arrival(upload: Upload) -> datetime:
    """When the request with the last byte reached the administration."""
    return UploadPart.objects.filter(upload=upload.pk).latest("offset").received_at


def parts(upload: Upload) -> list[dict[str, Any]]:
    """What is kept, for a device that wants to know whether it has the same file in hand."""
    return list(UploadPart.objects.filter(upload=upload.pk).values("offset", "size", "sha256"))


@contextmanager
def assembled(upload: Upload) -> Iterator[TemporaryUploadedFile]:
    """The whole file in a temporary place, with its reading (``documents.uploads.reading_of``): every part is read once.

    Raises :class:`Unacceptable` when the device announced another SHA-256."""
    reading = Reading()
    with TemporaryUploadedFile(upload.name, "", upload.size, None) as file:
        for part in UploadPart.objects.filter(upload=upload.pk):
            with storing(), default_storage.open(part.path) as kept:
                while chunk := kept.read(CHUNK):
                    reading.take(chunk)
                    file.write(chunk)
        file.flush()
        if file.tell() != upload.size:
            raise OSError(f"{upload.pk}: {file.tell()} bytes in the storage, not {upload.size}")
        file.seek(0)
        if upload.sha256 not in {"", reading.sha256}:
            raise Unacceptable(
                _(
                    "Il file «%(name)s» è arrivato diverso da quello sul tuo dispositivo e non l'abbiamo tenuto. "
                    "Caricalo di nuovo."
                )
                % {"name": upload.name}
            )
        file.reading = reading
        yield file


def finish(upload: Upload, document: Document) -> bool:
    """Within the caller's transaction: ``document``, not saved yet, is what became of the upload. ``False`` when somebody
    was quicker or gave it up: then nothing was written."""
    current = Upload.objects.select_for_update().filter(pk=upload.pk, document=None).first()
    if current is None:
        return False
    write(document)
    current.document = document
    current.save(update_fields=["document"])
    owe("documents.forget_parts", upload.pk, at=document.received_at)
    return True


def discard(upload: Upload) -> None:
    """Give an upload up: nothing of it is kept but when its parts came."""
    with transaction.atomic():
        if Upload.objects.filter(pk=upload.pk, document=None).delete()[0]:
            owe("documents.forget_parts", upload.pk, at=upload.touched_at)


def forget_parts(upload: UUID) -> None:
    """The bytes of the parts, and those that no row names, leave the storage."""
    folder = f"uploads/{upload}"
    try:
        names = default_storage.listdir(folder)[1]
    except FileNotFoundError:  # nothing came, or it is done already
        return
    for name in names:
        default_storage.delete(f"{folder}/{name}")
    default_storage.delete(folder)


def sweep(pk: UUID, *, at: datetime) -> None:
    """What nobody has touched for a week is given up; of what somebody goes on with, the sweep is owed again."""
    upload = Upload.objects.filter(pk=pk, document=None).first()
    if upload is None:
        return
    if at - upload.touched_at < KEPT_FOR:
        _owe_sweep(upload)
    else:
        discard(upload)


def _owe_sweep(upload: Upload) -> None:
    due_at = upload.touched_at + KEPT_FOR
    owe("documents.sweep_upload", f"{upload.pk}:{int(due_at.timestamp())}", at=due_at)


def _known(purpose: str, name: str, size: int, fingerprint: str, by: User) -> dict[str, Any]:
    return {"by": by, "purpose": purpose, "name": clean_name(name), "size": size, "fingerprint": fingerprint[:100]}


def _read(source: BinaryIO, size: int) -> bytes:
    """Exactly ``size`` bytes. A server hands over a body that was cut on the way as if it ended there."""
    content = bytearray()
    while len(content) < size and (chunk := source.read(min(CHUNK, size - len(content)))):
        content += chunk
    if len(content) < size:
        raise CutShort(
            _("La connessione si è interrotta: questa parte del file non è arrivata intera. Riprendi il caricamento.")
        )
    return bytes(content)

"""What may come in: one file, its limits, its type by content, its hash while it streams."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import Any, BinaryIO

import pikepdf
import puremagic
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from documents.models import Document

CHUNK = 1024 * 1024

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "p7m": "application/pkcs7-mime",
    "jpg": "image/jpeg",
    "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
}


class Unacceptable(Exception):
    """The file can't be taken. The text says why and what to do."""


def check(upload: UploadedFile, *, formats: tuple[str, ...], max_bytes: int) -> str:
    """The media type of ``upload``, judged by its content. Raises :class:`Unacceptable`.

    ``formats`` are the call's short names (``pdf``, ``p7m``, ...); ``max_bytes`` the call's limit for one file.
    """
    wanted = ", ".join(name.upper() for name in formats)
    if not upload.size:
        raise Unacceptable(_("Il file «%(name)s» è vuoto. Scegline un altro.") % {"name": upload.name})
    if upload.size > max_bytes:
        raise Unacceptable(
            _("Il file «%(name)s» pesa %(size)s MB. Il massimo è %(max)s MB. Prova a ridurlo o a dividerlo in due.")
            % {"name": upload.name, "size": megabytes(upload.size), "max": megabytes(max_bytes)}
        )
    for short in formats:
        upload.seek(0)
        if _OPENERS[short](upload):
            upload.seek(0)
            return MEDIA_TYPES[short]
    upload.seek(0)
    raise Unacceptable(
        _("Il file «%(name)s» non è un %(formats)s che si apre. Controlla il file e carica: %(formats)s.")
        % {"name": upload.name, "formats": wanted}
    )


def store(upload: UploadedFile, *, media_type: str, by: Any, at: datetime) -> Document:
    """Keep an upload that was checked; the hash is computed in the one reading that precedes the writing."""
    sha = hashlib.sha256()
    upload.seek(0)
    for chunk in upload.chunks(CHUNK):
        sha.update(chunk)
    upload.seek(0)
    return _create(upload, _clean_name(upload.name or ""), media_type, upload.size or 0, sha.hexdigest(), by, at)


def keep(content: bytes, *, name: str, media_type: str, by: Any, at: datetime) -> Document:
    """Keep a file that the system itself made (a receipt, a ranking)."""
    return _create(ContentFile(content), name, media_type, len(content), hashlib.sha256(content).hexdigest(), by, at)


def megabytes(size: int) -> str:
    """Bytes as megabytes with at most one decimal, Italian comma: ``20``, ``34,5``."""
    tenths = (size * 10 + 524_288) // 1_048_576
    return f"{tenths // 10},{tenths % 10}" if tenths % 10 else str(tenths // 10)


def _create(file: File, name: str, media_type: str, size: int, sha256: str, by: Any, at: datetime) -> Document:
    document = Document(name=name, media_type=media_type, size=size, sha256=sha256, received_at=at, by=by)
    # The storage may be a network away: the file is written before the row and outside its transaction. A row without
    # a file can't be; a file without a row is harmless.
    document.file.save(name, file, save=False)
    with transaction.atomic():
        document.save()
    return document


def _clean_name(name: str) -> str:
    """The person's own name for the file, without path and control characters, at most 200 characters."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in base if c.isprintable()).strip() or "file"
    stem, dot, ending = kept.rpartition(".")
    return kept if len(kept) <= 200 else f"{stem[: 199 - len(ending)]}{dot}{ending}"


def _is_pdf(file: BinaryIO) -> bool:
    if file.read(5) != b"%PDF-":
        return False
    file.seek(0)
    try:
        with pikepdf.open(file):
            return True
    except pikepdf.PasswordError:
        return False
    except pikepdf.PdfError:
        return False


def _is_signed_data(file: BinaryIO) -> bool:
    """CMS SignedData in DER or PEM: a SEQUENCE that names 1.2.840.113549.1.7.2."""
    head = file.read(64)
    if head.startswith(b"-----BEGIN "):
        return b"PKCS7" in head or b"CMS" in head
    return head[:1] == b"\x30" and bytes.fromhex("06092a864886f70d010702") in head


def _is_image(media_type: str) -> Callable[[BinaryIO], bool]:
    def opener(file: BinaryIO) -> bool:
        try:
            return puremagic.from_string(file.read(4096), mime=True) == media_type
        except puremagic.PureError:
            return False

    return opener


def _is_archive_with(member: str) -> Callable[[BinaryIO], bool]:
    def opener(file: BinaryIO) -> bool:
        try:
            with zipfile.ZipFile(file) as archive:
                return member in archive.namelist()
        except zipfile.BadZipFile:
            return False

    return opener


_OPENERS: dict[str, Callable[[Any], bool]] = {
    "pdf": _is_pdf,
    "p7m": _is_signed_data,
    "jpg": _is_image("image/jpeg"),
    "png": _is_image("image/png"),
    "docx": _is_archive_with("word/document.xml"),
    "odt": _is_archive_with("content.xml"),
}

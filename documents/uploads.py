"""What may come in: one file, its limits, its type by content, its hash while it streams."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from datetime import datetime
from os import SEEK_END
from pathlib import Path
from typing import Any, BinaryIO

import puremagic
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from documents.models import MEDIA_TYPES, Document

CHUNK = 1024 * 1024
LARGEST_DIRECTORY = 1024 * 1024


class Unacceptable(Exception):
    """The file can't be taken. The text says why and what to do."""


def check(upload: UploadedFile, *, formats: tuple[str, ...], max_bytes: int) -> str:
    """The media type of ``upload``, judged by its content. Raises :class:`Unacceptable`.

    ``formats`` are the call's short names (``pdf``, ``p7m``, ...); ``max_bytes`` the call's limit for one file.
    """
    wanted = _(" o ").join(name.upper() for name in formats)
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
        _("Il file «%(name)s» non si apre come %(formats)s. Controlla il file e caricalo in questo formato.")
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
    ending = Path(kept).suffix[:20]
    return kept if len(kept) <= 200 else kept[: 200 - len(ending)] + ending


def _is_pdf(file: BinaryIO) -> bool:
    """A PDF that opens without a password. One that is whole and asks for no password says so itself; where it does not,
    qpdf tries, in a process of its own because a hostile file of a few hundred bytes unfolds into gigabytes."""
    if file.read(5) != b"%PDF-":
        return False
    return (_ends_like_a_pdf(file) and not _mentions(file, b"/Encrypt")) or _qpdf_opens(file)


def _ends_like_a_pdf(file: BinaryIO) -> bool:
    end = file.seek(0, SEEK_END)
    file.seek(max(0, end - 1024))  # readers look for the end in the last 1024 bytes (PDF 1.7 reference, appendix H, note 18)
    return re.search(rb"startxref\s+[0-9]+\s+%%EOF", file.read()) is not None


def _mentions(file: BinaryIO, word: bytes) -> bool:
    file.seek(0)
    tail = b""
    while chunk := file.read(CHUNK):
        if word in tail + chunk:
            return True
        tail = chunk[1 - len(word) :]
    return False


def _qpdf_opens(file: BinaryIO) -> bool:
    with tempfile.TemporaryFile() as copy:  # with a place of its own to read from, wherever the upload is kept
        file.seek(0)
        shutil.copyfileobj(file, copy, CHUNK)
        copy.seek(0)
        program = [sys.executable, "-I", Path(__file__).with_name("pdf_opens.py")]
        try:
            tried = subprocess.run(  # noqa: S603 - our own program, with nothing of the upload on its command line
                program, stdin=copy, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=30, check=False
            )
        except subprocess.TimeoutExpired:
            return False
    return tried.returncode == 0


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


def _is_archive(holds: Callable[[zipfile.ZipFile], bool]) -> Callable[[BinaryIO], bool]:
    """An archive of a bounded number of members that ``holds`` what it must."""

    def opener(file: BinaryIO) -> bool:
        if not 0 < _size_of_directory(file) <= LARGEST_DIRECTORY:
            return False
        try:
            with zipfile.ZipFile(file) as archive:
                return holds(archive)
        except (zipfile.BadZipFile, RuntimeError, ValueError):  # locked or of an unknown version; names that are no text
            return False

    return opener


def _with(member: str) -> Callable[[zipfile.ZipFile], bool]:
    return lambda archive: member in archive.namelist()


def _that_says(media_type: str) -> Callable[[zipfile.ZipFile], bool]:
    """OpenDocument keeps its type in a member of its own, stored and not packed (OpenDocument 1.3, part 2, 3.3)."""

    def holds(archive: zipfile.ZipFile) -> bool:
        if "mimetype" not in archive.namelist() or archive.getinfo("mimetype").compress_type != zipfile.ZIP_STORED:
            return False
        with archive.open("mimetype") as stated:  # the weight that an archive states for a member may be a lie
            return stated.read(200).rstrip() == media_type.encode()

    return holds


def _size_of_directory(file: BinaryIO) -> int:
    """Bytes of the list of members that an archive says it has; 0 when it says nothing. zipfile reads the whole list, and
    keeps ten times as much in memory: a document has some dozens of members, a hostile file as many as fit in it."""
    end = file.seek(0, SEEK_END)
    file.seek(max(0, end - 65_557))  # the closing record, and the longest comment that may follow it
    closing = file.read()
    at = closing.rfind(b"PK\x05\x06")
    return int.from_bytes(closing[at + 12 : at + 16], "little") if at >= 0 else 0


_OPENERS: dict[str, Callable[[Any], bool]] = {
    "pdf": _is_pdf,
    "p7m": _is_signed_data,
    "jpg": _is_image("image/jpeg"),
    "png": _is_image("image/png"),
    "docx": _is_archive(_with("word/document.xml")),
    "xlsx": _is_archive(_with("xl/workbook.xml")),
    "odt": _is_archive(_that_says(MEDIA_TYPES["odt"])),
    "ods": _is_archive(_that_says(MEDIA_TYPES["ods"])),
    "zip": _is_archive(lambda archive: bool(archive.namelist())),
}

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
from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from documents.models import MEDIA_TYPES, Document, SignatureReading
from documents.signatures import MARK, may_hold
from documents.storing import storing
from workflow.duties import owe

CHUNK = 1024 * 1024
_PEM, _SIGNED_DATA = b"-----BEGIN ", bytes.fromhex("06092a864886f70d010702")
_OTHER_ENDINGS = {"jpg": ("jpeg",)}
LARGEST_DIRECTORY = 1024 * 1024
_ENCRYPTED = b"/Encrypt"
_WORDS = (_ENCRYPTED, MARK)
_OVERLAP = max(map(len, _WORDS)) - 1
"""Bytes of a piece that may begin a word which the next one ends."""


class Unacceptable(Exception):
    """The file can't be taken. The text says why and what to do."""


def check(upload: UploadedFile, *, formats: tuple[str, ...], max_bytes: int) -> str:
    """The media type of ``upload``, judged by its content. Raises :class:`Unacceptable`.

    ``formats`` are the call's short names (``pdf``, ``p7m``, ...); ``max_bytes`` the call's limit for one file.
    """
    check_size(upload.name or "", upload.size or 0, max_bytes=max_bytes)
    for short in formats:
        upload.seek(0)
        if _OPENERS[short](upload):
            upload.seek(0)
            return MEDIA_TYPES[short]
    if "p7m" in formats and _is_cut_signed_data(upload):
        upload.seek(0)
        raise Unacceptable(
            _(
                "Il file «%(name)s» è incompleto: ne manca la fine. Controlla che si apra sul tuo dispositivo e caricalo di nuovo."
            )
            % {"name": upload.name}
        )
    upload.seek(0)
    raise Unacceptable(
        _("Il file «%(name)s» non si apre come %(formats)s. Controlla il file e caricalo in questo formato.")
        % {"name": upload.name, "formats": _names(formats)}
    )


def check_size(name: str, size: int, *, max_bytes: int) -> None:
    """What can be said of a file before its bytes come; ``size`` in bytes. Raises :class:`Unacceptable`."""
    if not size:
        raise Unacceptable(_("Il file «%(name)s» è vuoto. Scegline un altro.") % {"name": name})
    if size > max_bytes:
        raise Unacceptable(
            _("Il file «%(name)s» pesa %(size)s MB. Il massimo è %(max)s MB. Prova a ridurlo o a dividerlo in due.")
            % {"name": name, "size": megabytes(size), "max": megabytes(max_bytes)}
        )


def doubt_about_ending(name: str, *, formats: tuple[str, ...]) -> str | None:
    """What the ending of a name lets fear, before a long file is sent for nothing. Only a hint: the content decides, so a
    name without an ending raises no doubt and a person may send the file all the same."""
    ending = Path(clean_name(name)).suffix.lower()
    if not ending or ending in {f".{ending}" for short in formats for ending in (short, *_OTHER_ENDINGS.get(short, ()))}:
        return None
    return _(
        "Il file «%(name)s» finisce in «%(ending)s». Qui serve %(formats)s: salvalo in questo formato e scegli quello."
    ) % {
        "name": name,
        "ending": ending,
        "formats": _names(formats),
    }


class Reading:
    """What one pass over the bytes of a file tells: its SHA-256, and which of the words that we look for in a PDF it holds.

    ``take`` gets the bytes in their order, in pieces of any size; nothing of them is kept but the end of the last piece."""

    def __init__(self) -> None:
        self._sha = hashlib.sha256()
        self._left = _WORDS
        self._tail = b""

    def take(self, piece: bytes) -> None:
        self._sha.update(piece)
        for window in (self._tail + piece[:_OVERLAP], piece):
            while self._left and (found := re.search(b"|".join(self._left), window)):
                self._left = tuple(word for word in self._left if word != found[0])
        self._tail = piece[-_OVERLAP:] if len(piece) >= _OVERLAP else (self._tail + piece)[-_OVERLAP:]

    @property
    def sha256(self) -> str:
        return self._sha.hexdigest()

    def mentions(self, word: bytes) -> bool:
        """Whether ``word``, one of those that are looked for, stood in what was taken."""
        return word not in self._left


def reading_of(file: Any) -> Reading:
    """The reading of ``file``, made the first time that somebody asks and kept with it: a file is read once."""
    if not hasattr(file, "reading"):
        reading = Reading()
        file.seek(0)
        while piece := file.read(CHUNK):
            reading.take(piece)
        file.reading = reading
    return file.reading


def store(upload: UploadedFile, *, media_type: str, by: Any, at: datetime) -> Document:
    """Keep an upload that was checked."""
    document = lay(upload, media_type=media_type, by=by, at=at)
    with transaction.atomic():
        write(document)
    return document


def lay(upload: UploadedFile, *, media_type: str, by: Any, at: datetime) -> Document:
    """The file of ``upload`` in its place, and a document that is not saved yet: whoever asked saves it in a transaction of
    their own."""
    return _laid(upload, clean_name(upload.name or ""), media_type, upload.size or 0, by, at)


def write(document: Document) -> None:
    """The row of a document that was laid, with what it owes; inside the transaction of whoever asks. What a person brought is
    read by the antivirus, and for its signatures, by a worker: that a PDF has none is known from its bytes alone, at once."""
    document.save()
    if document.by_id is None:
        return
    at = document.received_at
    if settings.CLAMD:
        owe("documents.scan", document.pk, at=at)
    if document.is_plain_pdf:
        SignatureReading.objects.create(document=document, at=at)
    elif may_hold(document.media_type):
        owe("documents.signatures", document.pk, at=at)


def keep(content: bytes, *, name: str, media_type: str, by: Any, at: datetime) -> Document:
    """Keep a file that the system itself made (a receipt, a ranking)."""
    document = _laid(ContentFile(content), name, media_type, len(content), by, at)
    with transaction.atomic():
        write(document)
    return document


def megabytes(size: int) -> str:
    """Bytes as megabytes with at most one decimal, Italian comma: ``20``, ``34,5``."""
    tenths = (size * 10 + 524_288) // 1_048_576
    return f"{tenths // 10},{tenths % 10}" if tenths % 10 else str(tenths // 10)


def _names(formats: tuple[str, ...]) -> str:
    return _(" o ").join(name.upper() for name in formats)


def _laid(file: File, name: str, media_type: str, size: int, by: Any, at: datetime) -> Document:
    reading = reading_of(file)
    document = Document(name=name, media_type=media_type, size=size, sha256=reading.sha256, received_at=at, by=by)
    document.is_plain_pdf = media_type == MEDIA_TYPES["pdf"] and not reading.mentions(MARK)
    file.seek(0)
    # The storage may be a network away: the file is written before the row and outside its transaction. A row without
    # a file can't be; a file without a row is harmless.
    with storing():
        document.file.save(name, file, save=False)
    return document


def clean_name(name: str) -> str:
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
    return (_ends_like_a_pdf(file) and not reading_of(file).mentions(_ENCRYPTED)) or _qpdf_opens(file)


def _ends_like_a_pdf(file: BinaryIO) -> bool:
    end = file.seek(0, SEEK_END)
    file.seek(max(0, end - 1024))  # readers look for the end in the last 1024 bytes (PDF 1.7 reference, appendix H, note 18)
    return re.search(rb"startxref\s+[0-9]+\s+%%EOF", file.read()) is not None


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
    """CMS SignedData in DER or PEM, whole: a SEQUENCE that names 1.2.840.113549.1.7.2."""
    return _begins_signed_data(file) and not _is_cut_signed_data(file)


def _begins_signed_data(file: BinaryIO) -> bool:
    file.seek(0)
    head = file.read(64)
    if head.startswith(_PEM):
        return b"PKCS7" in head or b"CMS" in head
    return head[:1] == b"\x30" and _SIGNED_DATA in head


def _is_cut_signed_data(file: BinaryIO) -> bool:
    """Signed data that says how long it is, and is shorter. In DER the length stands at the beginning, or two zeros stand at
    the end (X.690, 8.1.3); PEM ends as it begins. What a programme adds after the end is no harm."""
    if not _begins_signed_data(file):
        return False
    file.seek(0)
    head = file.read(64)
    size = file.seek(0, SEEK_END)
    file.seek(max(0, size - 256))
    tail = file.read()
    if head.startswith(_PEM):
        return b"-----END " not in tail
    if head[1] == 0x80:
        return not tail.rstrip(b"\r\n").endswith(b"\0\0")
    count = head[1] & 0x7F if head[1] & 0x80 else 0
    return size < 2 + count + (int.from_bytes(head[2 : 2 + count], "big") if count else head[1])


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

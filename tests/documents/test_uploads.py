"""What may come in, judged by its content, and what a hostile file costs whoever judges it."""

from __future__ import annotations

import hashlib
import io
import resource
import tracemalloc
import zipfile
import zlib

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile

from bando.notice.shapes import FORMATS
from documents.uploads import MEDIA_TYPES, Reading, Unacceptable, check, doubt_about_ending, megabytes, reading_of, store
from tests.builders import WORKDAY

MB = 1024 * 1024
DER = bytes.fromhex("308006092a864886f70d010702a080")


def pdf(**saving) -> bytes:
    content = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(content, **saving)
    return content.getvalue()


def archive(*members: str, says: str = "x") -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        for name in members:
            made.writestr(name, says if name == "mimetype" else "x")
    return content.getvalue()


def packed(says: str) -> bytes:
    """An OpenDocument whose type must be unpacked to be read."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mimetype", says)
    return content.getvalue()


def unfolding(size: int) -> bytes:
    """A PDF of some hundred bytes whose table of contents is ``size`` bytes once read."""
    packer = zlib.compressobj(9)
    once = b"".join(packer.compress(bytes(MB)) for _ in range(size // MB)) + packer.flush()
    table = zlib.compress(once, 9)
    head = b"<</Type/XRef/Size %d/W[1 2 1]/Root 2 0 R/Filter[/FlateDecode/FlateDecode]/Length %d>>" % (size // 4, len(table))
    return b"%PDF-1.5\n1 0 obj\n" + head + b"\nstream\n" + table + b"\nendstream\nendobj\nstartxref\n9\n%%EOF\n"


def judged(content: bytes, *formats: str, name: str = "file") -> str:
    try:
        return check(SimpleUploadedFile(name, content), formats=formats, max_bytes=20 * MB)
    except Unacceptable as refusal:
        return str(refusal)


@pytest.mark.parametrize(
    ("content", "format"),
    [
        (pdf(), "pdf"),
        (pdf(object_stream_mode=pikepdf.ObjectStreamMode.generate), "pdf"),
        (pdf(linearize=True), "pdf"),
        (pdf() + b"\0" * 5000, "pdf"),
        (pdf(encryption=pikepdf.Encryption(owner="proprietario", user="")), "pdf"),
        (DER + bytes(100), "p7m"),
        (b"\x30\x82\x01\x00" + DER[2:] + bytes(243), "p7m"),
        (b"\x30\x82\x01\x00" + DER[2:] + bytes(243) + b"\r\n", "p7m"),
        (b"\x30\x20" + DER[2:] + bytes(19), "p7m"),
        (b"-----BEGIN PKCS7-----\n" + b"A" * 100 + b"\n-----END PKCS7-----\n", "p7m"),
        (b"\x89PNG\r\n\x1a\n" + bytes(300), "png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(300), "jpg"),
        (archive("word/document.xml"), "docx"),
        (archive("xl/workbook.xml"), "xlsx"),
        (archive("mimetype", "content.xml", says=MEDIA_TYPES["odt"]), "odt"),
        (archive("mimetype", "content.xml", says=MEDIA_TYPES["ods"]), "ods"),
        (archive("statuto.pdf"), "zip"),
    ],
)
def test_a_file_is_what_its_content_says_whatever_its_name(content, format) -> None:
    assert judged(content, *MEDIA_TYPES, name="documento.exe") == MEDIA_TYPES[format]
    others = [name for name in MEDIA_TYPES if name not in (format, "zip")]  # a document of an office is an archive too
    assert judged(content, *others).startswith("Il file «file» non si apre come ")


def broken(content: bytes, old: bytes, new: bytes) -> bytes:
    assert old in content
    return content.replace(old, new)


@pytest.mark.parametrize(
    ("content", "format"),
    [
        (pdf(encryption=pikepdf.Encryption(owner="proprietario", user="segreta")), "pdf"),
        (b"%PDF-1.7 ma poi niente", "pdf"),
        (pdf()[:40], "pdf"),
        (b" " + pdf(), "pdf"),
        (b"\x30\x80" + bytes(100), "p7m"),
        (b"-----BEGIN CERTIFICATE-----\n" + bytes(100), "p7m"),
        (archive("word/altro.xml"), "docx"),
        (archive("mimetype", says=MEDIA_TYPES["ods"]), "odt"),
        (archive("content.xml"), "odt"),
        (archive("mimetype", says=MEDIA_TYPES["odt"] + " e altro"), "odt"),
        (packed(MEDIA_TYPES["odt"]), "odt"),
        (
            broken(
                archive("mimetype", says=MEDIA_TYPES["odt"]),
                b"PK\x01\x02\x14\x03\x14\x00\x00",
                b"PK\x01\x02\x14\x03\x14\x00\x01",
            ),
            "odt",
        ),
        (archive(), "zip"),
        (archive("word/document.xml")[:-30], "docx"),
        (broken(archive("word/document.xml", "è.xml"), "è.xml".encode(), b"\xc3\xc3.xml"), "docx"),
        (broken(archive("word/document.xml"), b"PK\x01\x02\x14\x03\x14\x00", b"PK\x01\x02\x14\x03\xff\x00"), "docx"),
    ],
)
def test_a_file_that_does_not_open_is_refused_in_words(content, format) -> None:
    assert judged(content, format) == (
        f"Il file «file» non si apre come {format.upper()}. Controlla il file e caricalo in questo formato."
    )


WHOLE = b"\x30\x82\x01\x00" + DER[2:] + bytes(243)
LONG = b"\x30\x83\x01\x00\x00" + DER[2:] + b"x" * (0x10000 - 13)
ARMOUR = b"-----BEGIN CMS-----\n" + b"A" * 400 + b"\n-----END CMS-----\n"


@pytest.mark.parametrize("content", [WHOLE, LONG, ARMOUR, DER + b"x" * 100 + b"\0\0"])
def test_signed_data_without_its_end_is_told_from_another_format(content) -> None:
    assert judged(content, "p7m") == MEDIA_TYPES["p7m"]
    cut = content[:-1] if content is not ARMOUR else content[:-20]
    sentence = "Il file «file» è incompleto: ne manca la fine. Controlla che si apra sul tuo dispositivo e caricalo di nuovo."
    assert judged(cut, "pdf", "p7m") == sentence
    assert judged(cut, "pdf") == "Il file «file» non si apre come PDF. Controlla il file e caricalo in questo formato."


@pytest.mark.parametrize(
    ("name", "formats", "doubt"),
    [
        ("bilancio.pdf", ("pdf",), None),
        ("BILANCIO.PDF", ("pdf",), None),
        ("statuto.pdf.p7m", ("pdf", "p7m"), None),
        ("foto.jpeg", ("jpg",), None),
        ("bilancio", ("pdf",), None),
        ("bilancio.pages", ("pdf",), "PDF"),
        ("statuto.pdf.p7m", ("pdf",), "PDF"),
        ("foto.heic", ("pdf", "jpg"), "PDF o JPG"),
    ],
)
def test_the_ending_of_a_name_raises_a_doubt_and_never_more(name, formats, doubt) -> None:
    expected = doubt and (
        f"Il file «{name}» finisce in «.{name.rsplit('.')[-1]}». Qui serve {doubt}: salvalo in questo formato e scegli quello."
    )
    assert doubt_about_ending(name, formats=formats) == expected


def test_a_small_file_that_unfolds_into_a_huge_one_costs_little() -> None:
    content = unfolding(512 * MB)
    assert len(content) < 2000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    judged(content, "pdf")
    judged(broken(content, b"%%EOF", b"/Encrypt"), "pdf")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024  # in kB


@pytest.mark.parametrize("size", [1, 3, 8, 9, 10, 64])
@pytest.mark.parametrize(
    ("content", "encrypted", "signed"),
    [
        (b"..../Encrypt..../Encrypt", True, False),
        (b"/ByteRang/ByteRange", False, True),
        (b"/Encryp/ByteRange/EncryptX", True, True),
        (b"/Encryp\0t /byterange ByteRange", False, False),
    ],
)
def test_a_reading_tells_hash_and_words_however_the_bytes_come(content, encrypted, signed, size) -> None:
    reading = Reading()
    for start in range(0, len(content), size):
        reading.take(content[start : start + size])
    assert (reading.mentions(b"/Encrypt"), reading.mentions(b"/ByteRange")) == (encrypted, signed)
    assert reading.sha256 == hashlib.sha256(content).hexdigest()


class Counted(io.BytesIO):
    """Counts the bytes that are read."""

    read_so_far = 0

    def read(self, *size: int) -> bytes:
        piece = super().read(*size)
        self.read_so_far += len(piece)
        return piece


@pytest.mark.parametrize("size", [3 * MB, 24 * MB])
def test_a_long_pdf_is_read_once_and_never_held(size) -> None:
    content = pdf()
    file = Counted(content + b"\n%" + b"x" * size + b"\nstartxref\n0\n%%EOF\n")
    weight = len(file.getbuffer())
    upload = TemporaryUploadedFile("lungo.pdf", "application/pdf", weight, None)
    upload.file = file  # as the form left it on the disk; our class only looks on
    tracemalloc.start()
    media_type = check(upload, formats=("pdf",), max_bytes=weight)
    sha256 = reading_of(upload).sha256
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (media_type, sha256) == (MEDIA_TYPES["pdf"], hashlib.sha256(file.getbuffer()).hexdigest())
    assert file.read_so_far - weight == 5 + 1024  # how it begins and how it ends
    assert most < 4 * MB


def test_an_archive_of_countless_members_is_not_listed() -> None:
    members = (f"{number:06d}" + "x" * 200 for number in range(5000))
    assert judged(archive("word/document.xml", *members), "docx").startswith("Il file «file» non si apre come DOCX")


@pytest.mark.parametrize(("size", "said"), [(20 * MB, "20"), (34 * MB + MB // 2, "34,5"), (1, "0")])
def test_weights_are_said_in_megabytes(size, said) -> None:
    assert megabytes(size) == said


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("statuto.pdf", "statuto.pdf"),
        ("C:\\Documenti\\statuto.pdf", "statuto.pdf"),
        ("a\r\nSet-Cookie: x\u202efdp.exe", "aSet-Cookie: xfdp.exe"),
        ("\x00\x01", "file"),
        ("s" * 250 + ".pdf", "s" * 196 + ".pdf"),
        ("s" * 250, "s" * 200),
    ],
)
@pytest.mark.django_db
def test_the_name_that_is_kept_is_one_short_line(name, kept) -> None:
    upload = SimpleUploadedFile("x", b"contenuto")
    upload._name = name  # as a hostile client could bring it, past Django's own cleaning
    document = store(upload, media_type="application/pdf", by=None, at=WORKDAY)
    assert (document.name, document.sha256, document.size) == (kept, hashlib.sha256(b"contenuto").hexdigest(), 9)
    assert document.file.name == f"{str(document.pk)[:2]}/{document.pk}"


def test_every_format_that_a_call_may_ask_for_can_be_judged() -> None:
    assert set(FORMATS) == set(MEDIA_TYPES)

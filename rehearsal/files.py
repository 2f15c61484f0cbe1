"""Invented files: of every format that a call may ask for, of exactly so many bytes, and wrong ones.

PURE: standard library only, and nothing is drawn: a file is as small as its format allows, padded where the format lets
padding be.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO


def make(short: str, *, size: int = 0, title: str = "") -> bytes:
    """A file of the format ``short`` (``pdf``, ``p7m``, ``docx``, …) of exactly ``size`` bytes, or as small as it comes.

    Raises ``KeyError`` for a format that nobody here can make."""
    maker = _MAKERS[short]
    content = maker(title, 0)
    if not size:
        return content
    for padding in (size - len(content), 2 * size - len(content) - len(maker(title, size - len(content)))):
        content = maker(title, max(padding, 0))
        if len(content) == size:
            return content
    raise ValueError(f"a {short} of {size} bytes can't be made")


def known(short: str) -> bool:
    return short in _MAKERS


def disguised(short: str) -> bytes:
    """Something else under the name of a format."""
    return f"Questo file si chiama .{short} e non lo è.\n".encode() * 40


def _pdf(title: str, padding: int) -> bytes:
    """One blank page; the padding is a comment after the head, and the offsets count it."""
    safe = "".join(c for c in title if c.isascii() and c.isalnum() or c == " ")
    out = b"%PDF-1.7\n%" + b"." * padding + b"\n"
    offsets = []
    for number, body in enumerate(
        (
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
            f"<< /Title ({safe}) >>",
        ),
        start=1,
    ):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = len(out)
    out += b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + b"trailer\n<< /Size 5 /Root 1 0 R /Info 4 0 R >>\nstartxref\n%010d\n%%%%EOF\n" % table


def _p7m(title: str, padding: int) -> bytes:
    """The head of CMS SignedData, in DER, and something after it: nobody here verifies a signature."""
    content = bytes.fromhex("06092a864886f70d010702") + title.encode() + b"\x00" * (padding + 200)
    return b"\x30\x84" + len(content).to_bytes(4, "big") + content


def _png(title: str, padding: int) -> bytes:
    dot = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
        "1f15c4890000000d49444154789c6360000002000001000105fe02fe0000000049454e44ae426082"
    )
    return dot + b"\x00" * padding


def _jpg(title: str, padding: int) -> bytes:
    head = bytes.fromhex("ffd8ffe000104a46494600010101004800480000ffdb004300") + b"\x10" * 64
    return head + b"\x00" * padding + bytes.fromhex("ffd9")


def _archive(*members: tuple[str, bytes]) -> Callable[[str, int], bytes]:
    def maker(title: str, padding: int) -> bytes:
        out = BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
            for name, content in (*members, ("padding", b"\x00" * padding)):
                archive.writestr(zipfile.ZipInfo(name, (2021, 1, 1, 0, 0, 0)), content)
        return out.getvalue()

    return maker


_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
_MAKERS: dict[str, Callable[[str, int], bytes]] = {
    "pdf": _pdf,
    "p7m": _p7m,
    "png": _png,
    "jpg": _jpg,
    "docx": _archive(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<document/>")),
    "xlsx": _archive(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook/>")),
    "odt": _archive(("mimetype", f"{_OPEN_DOCUMENT}text".encode())),
    "ods": _archive(("mimetype", f"{_OPEN_DOCUMENT}spreadsheet".encode())),
    "zip": _archive(("leggimi.txt", b"Allegati.\n")),
}

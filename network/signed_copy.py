"""Whether a signed file is the text that was prepared, as one word on standard output: ``prepared`` or ``other``.

Run as a program by ``network.copies``, never imported by it: whoever opens a stranger's file does it in a process
that the system stops. On standard input come eight bytes with the length of the prepared PDF, the prepared PDF and the signed
file.

A PAdES copy begins with the bytes of the prepared PDF, because a signature is added after them (incremental update, ISO
32000-1, 7.5.6), and reads as it does: the same pages, with nothing on them but signatures. The beginning alone proves nothing,
because an update can also put another page in the place of one, and be signed afterwards. A CAdES copy (``.p7m``) is an envelope
around the prepared PDF, around a PAdES copy of it or around another such envelope.
"""

from __future__ import annotations

import base64
import io
import resource
import sys
from typing import Any

import pikepdf
from asn1crypto import cms, pem

MEMORY, SECONDS = 1024 * 1024 * 1024, 20
DEEPEST = 5
"""Envelopes inside envelopes that are opened."""
OF_SIGNATURES = {"/AcroForm", "/DSS", "/Perms", "/Metadata", "/Extensions", "/Version"}
"""What signatures change at the top of a PDF: their fields, what proves them in time, the date of the file and its format."""
BACK = {"/Parent", "/P"}
"""Leads from a thing to the one that holds it, which is compared anyway."""


def is_copy(prepared: bytes, signed: bytes) -> bool:
    """Whether ``signed`` is the PDF ``prepared`` with signatures, and nothing else."""
    for _depth in range(DEEPEST + 1):
        if signed[:5] == b"%PDF-":
            return signed == prepared or (signed.startswith(prepared) and _reads_the_same(prepared, signed))
        signed = _inside(signed)
    return False


def _reads_the_same(prepared: bytes, signed: bytes) -> bool:
    with pikepdf.open(io.BytesIO(prepared)) as one, pikepdf.open(io.BytesIO(signed)) as other:
        fields = _get(other.Root, "/AcroForm", "/Fields") or []
        if "/XFA" in (_get(other.Root, "/AcroForm") or {}) or not all(map(_is_of_a_signature, fields)):
            return False
        return _same(one.Root, other.Root)


def _same(first: Any, second: Any) -> bool:
    """Whether all that hangs from two objects is the same, but what belongs to signatures. Not by calling itself: a hostile
    file can be deeper than any stack."""
    todo, seen, top = [(first, second)], set(), True
    while todo:
        one, other = todo.pop()
        if type(one) is not type(other):
            return False
        if not isinstance(one, pikepdf.Object):
            if one != other:
                return False
            continue
        if one.is_indirect or other.is_indirect:
            pair = (one.objgen, other.objgen)
            if pair in seen:
                continue
            seen.add(pair)
        kind = one._type_code
        if kind != other._type_code:
            return False
        if kind is pikepdf.ObjectType.array:
            if len(one) != len(other):
                return False
            todo += zip(one, other, strict=True)
        elif kind in (pikepdf.ObjectType.dictionary, pikepdf.ObjectType.stream):
            if kind is pikepdf.ObjectType.stream and one.read_raw_bytes() != other.read_raw_bytes():
                return False
            skipped = BACK | (OF_SIGNATURES if top else set())
            if one.get("/Type") == "/Page":
                skipped = skipped | {"/Annots"}
                if not _adds_signatures_alone(one, other, todo):
                    return False
            keys = set(one.keys()) - skipped
            if keys != set(other.keys()) - skipped:
                return False
            todo += [(one[key], other[key]) for key in keys]
        elif one != other:
            return False
        top = False
    return True


def _adds_signatures_alone(one: Any, other: Any, todo: list[tuple[Any, Any]]) -> bool:
    """What lies on a page stays, compared later, and only signatures are laid on it."""
    before, after = list(one.get("/Annots", [])), list(other.get("/Annots", []))
    todo += zip(before, after, strict=False)
    return len(before) <= len(after) and all(map(_is_of_a_signature, after[len(before) :]))


def _is_of_a_signature(field: Any) -> bool:
    return (_get(field, "/FT") or _get(field, "/Parent", "/FT")) == "/Sig"


def _get(holder: Any, *names: str) -> Any:
    for name in names:
        holder = holder.get(name) if holder is not None else None
    return holder


def _inside(envelope: bytes) -> bytes:
    if pem.detect(envelope):
        _name, _headers, envelope = pem.unarmor(envelope)
    elif envelope[:1] != b"\x30":  # some offices send base64 without its lines of dashes
        envelope = base64.b64decode(envelope, validate=False)
    return bytes(cms.ContentInfo.load(envelope)["content"]["encap_content_info"]["content"])


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    data = sys.stdin.buffer
    prepared = data.read(int.from_bytes(data.read(8), "big"))
    try:
        same = is_copy(prepared, data.read())
    except Exception:  # the libraries have no common error, and a stranger's file may draw any of theirs
        same = False
    sys.stdout.write("prepared" if same else "other")


if __name__ == "__main__":
    main()

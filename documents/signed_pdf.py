"""A PDF that carries its own data and the installation's signature over the whole file (``workflow.signing``).

What is signed is the file itself: all its bytes, with 128 zeros where the signature's digits stand. They stand in the
document information dictionary, in the entry ``/BandoSignature (ed25519:…)``, which is there exactly once. The data are canonical
JSON in an embedded file with ``/BandoData true`` in its dictionary, so that ``bin/verify_receipt`` finds it with the standard
library alone; any PDF reader lists it among the attachments. Nothing of this is a PAdES signature: that is a person's, and
asks for a certificate that an installation does not have.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pikepdf
from django.utils.translation import gettext as _

from workflow import signing
from workflow.ledger import canonical

MARK = b"/BandoSignature (ed25519:"
BLANK = b"0" * 128


def seal_pdf(pdf: bytes, data: Mapping[str, Any], name: str) -> bytes:
    """``pdf`` with ``data`` attached as the file ``name``, signed. Its tags and the rest stay as they are (PDF/UA).

    ``data`` has the types of canonical JSON (``workflow.ledger``) and says in ``format`` what it is; ``key`` is added to it:
    ``fingerprint`` and ``public`` of the key that signs, in hexadecimal digits.
    """
    key = signing.key_in_use()
    carried = canonical({**data, "key": {"fingerprint": key.fingerprint, "public": key.public}})
    blank = _with_data(pdf, carried.encode(), name)
    head, _mark, tail = blank.partition(MARK + BLANK + b")")
    if blank.count(MARK) != 1 or not tail:
        raise ValueError("the document has a mark like that of a signature")
    signature = signing.sign(blank)
    if signature.key != key.fingerprint:
        raise RuntimeError("the key was changed meanwhile: try again")
    return head + MARK + signature.hex.encode() + b")" + tail


def _with_data(pdf: bytes, data: bytes, name: str) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        if "/BandoSignature" in document.docinfo:
            raise ValueError("the document has a signature already")
        document.attachments[name] = pikepdf.AttachedFileSpec(
            document,
            data,
            filename=name,
            mime_type="application/json",
            description=_("I dati di questo documento, che verify_receipt controlla"),
            relationship=pikepdf.Name.Data,
        )
        stream = document.attachments[name].obj.EF.F
        stream.BandoData = True
        document.docinfo["/BandoSignature"] = f"ed25519:{BLANK.decode()}"
        # Plain objects, one after the other: whoever looks for the mark and the data finds them without a PDF library.
        document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, deterministic_id=True)
    return out.getvalue()

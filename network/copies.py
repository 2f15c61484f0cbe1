"""Whether a file that came back signed is the text that was prepared: agreements and minutes ask it after the commit."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from documents.models import Document
from network.models import Copy

PROGRAM = Path(__file__).with_name("signed_copy.py")
SECONDS = 60


def compare(text: Document, signed: Document) -> Copy:
    """Whether ``signed`` is the prepared ``text`` (``network.signed_copy``). A file on which the program was stopped is not."""
    prepared, copy = _bytes(text), _bytes(signed)
    try:
        done = subprocess.run(  # noqa: S603 - our own program, with nothing of the upload on its command line
            [sys.executable, "-I", PROGRAM],
            input=len(prepared).to_bytes(8, "big") + prepared + copy,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Copy.OTHER
    return Copy.PREPARED if done.stdout == b"prepared" else Copy.OTHER


def _bytes(document: Document) -> bytes:
    with document.file.open("rb") as file:
        return file.read()

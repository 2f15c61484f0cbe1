from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from io import BytesIO

import pikepdf

from bando.deadlines import rome
from documents.signatures import PROGRAM
from network.demonstration.papers import AUTHORITY, blank_pdf, signed_pdf

SIGNED_AT = rome(2026, 11, 3, 10, 12)


def read(content: bytes) -> list[dict]:
    """What the reader of signatures says of a file that arrived an hour after it was signed."""
    command = [sys.executable, "-I", PROGRAM, rome(2026, 11, 3, 11, 12).isoformat(), "-"]
    done = subprocess.run(command, input=content, capture_output=True, check=True)
    return json.loads(done.stdout)["signatures"]


def test_a_page_has_its_title():
    with pikepdf.open(BytesIO(blank_pdf("Statuto di esempio"))) as page:
        assert str(page.docinfo["/Title"]) == "Statuto di esempio"


def test_an_invented_person_signs_at_the_moment_that_is_told():
    [found] = read(signed_pdf("Impegno", "Giulia", "Ferri", at=SIGNED_AT))
    assert (found["intact"], found["in_force"], found["known"], found["later"]) == (True, True, False, "none")
    assert (found["who"]["given_name"], found["who"]["surname"], found["issuer"]) == ("Giulia", "Ferri", AUTHORITY)
    assert datetime.fromisoformat(found["claimed_at"]) == SIGNED_AT


def test_each_signature_has_a_key_of_its_own():
    first, second = (signed_pdf("Impegno", "Giulia", "Ferri", at=SIGNED_AT) for _time in range(2))
    assert first != second

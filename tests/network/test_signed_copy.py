import pytest

from documents.pdf import render_pdf
from network.signed_copy import is_copy
from tests.builders import small_pdf
from tests.road import SIGNED
from tests.signing import authority, cades, changed, detached, pades, person, plain_pdf, streamed

CA = authority("CA di prova")
MARIO, ANNA = person(CA), person(CA, "Anna", "Verdi", "TINIT-VRDNNA80A41F205X")
TEXT = plain_pdf()


def signed(data=TEXT, who=MARIO, **more):
    return pades(data, who, at=SIGNED, **more)


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (TEXT, True),
        (signed(), True),
        (signed(signed(), ANNA, field="Firma2"), True),
        (cades(TEXT, MARIO, ANNA, at=SIGNED), True),
        (cades(signed(), ANNA, at=SIGNED), True),
        (cades(cades(TEXT, MARIO, at=SIGNED), ANNA, at=SIGNED), True),
        (streamed(cades(TEXT, MARIO, at=SIGNED)), True),
        (small_pdf("Un altro testo"), False),
        (signed(small_pdf("Un altro testo")), False),
        (changed(TEXT), False),
        (signed(changed(TEXT)), False),
        (changed(signed()), False),
        (cades(signed(changed(TEXT)), ANNA, at=SIGNED), False),
        (TEXT[:-1], False),
    ],
    ids=[
        "not signed",
        "pades",
        "pades of two",
        "cades of two",
        "pades in cades",
        "cades in cades",
        "cades in pieces",
        "another text",
        "another text signed",
        "changed",
        "changed and then signed",
        "signed and then changed",
        "changed, signed and enveloped",
        "a byte less",
    ],
)
def test_a_copy_is_the_prepared_text_and_signatures(file, expected):
    assert is_copy(TEXT, file) is expected


def test_the_paper_that_we_make_is_known_again_once_signed():
    paper = render_pdf("pdf/base.html", {})
    assert [is_copy(paper, signed(paper)), is_copy(paper, signed(changed(paper)))] == [True, False]


@pytest.mark.parametrize(
    "file", [detached(TEXT, MARIO, at=SIGNED), b"0\x80", b"", b"ciao"], ids=["detached", "cut", "empty", "words"]
)
def test_what_cannot_be_opened_is_no_copy(file):
    with pytest.raises(Exception):  # noqa: B017, PT011 - the program turns whatever it is into «other»
        is_copy(TEXT, file)

"""Agendas as points, and files compared with the approved PDF."""

import base64
from datetime import UTC, datetime

import pytest

from documents.models import MEDIA_TYPES
from network.table_minutes import holds, points
from tests import signing

AT = datetime(2022, 1, 12, 9, tzinfo=UTC)
PDF, P7M = MEDIA_TYPES["pdf"], MEDIA_TYPES["p7m"]


def test_an_agenda_has_a_point_on_each_line_that_says_something():
    assert points(" Il progetto \n\n  Il budget\r\nAltro") == ("Il progetto", "Il budget", "Altro")


@pytest.fixture(scope="module")
def who():
    return signing.person(signing.authority("Autorità di prova"))


def in_pem(envelope):
    return b"-----BEGIN PKCS7-----\n" + base64.encodebytes(envelope) + b"-----END PKCS7-----\n"


@pytest.mark.parametrize(
    ("made", "media_type", "same"),
    [
        (lambda pdf, who: signing.pades(pdf, who, at=AT), PDF, True),
        (lambda pdf, who: pdf, PDF, True),
        (lambda pdf, who: pdf[:-1], PDF, False),
        (lambda pdf, who: b" " + pdf, PDF, False),
        (lambda pdf, who: signing.cades(pdf, who, at=AT), P7M, True),
        (lambda pdf, who: in_pem(signing.cades(pdf, who, at=AT)), P7M, True),
        (lambda pdf, who: signing.cades(b"altro", who, at=AT), P7M, None),
        (lambda pdf, who: signing.streamed(signing.cades(pdf, who, at=AT)), P7M, None),
        (lambda pdf, who: b"-----BEGIN PKCS7-----\nAAA\n-----END PKCS7-----\n", P7M, None),
    ],
)
def test_a_file_holds_the_approved_pdf_byte_for_byte_or_nobody_can_tell(who, made, media_type, same):
    approved = signing.plain_pdf()
    assert holds(approved, made(approved, who), media_type=media_type) is same

"""What signatures say, judged on files that are signed here: who, when, whether the file is what was signed, and who vouches."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import cms, pem
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from documents import signature_reader
from documents.signature_reader import certificates, report
from tests.signing import (
    FOREVER,
    authority,
    cades,
    changed,
    clock,
    detached,
    pades,
    person,
    plain_pdf,
    stamped,
    streamed,
)

SIGNED = datetime(2021, 10, 3, 8, 12, tzinfo=UTC)
RECEIVED = datetime(2021, 10, 4, 9, 0, tzinfo=UTC)
ROOT = authority("Autorità di prova")
BELOW = authority("Emittente di prova", ROOT)
FOREIGN = authority("Autorità straniera")
MARIO = person(BELOW)
ANNA = person(FOREIGN, "Anna", "Verdi", "IT:VRDNNA80A41F205X")
CLOCK = clock(ROOT)
PDF = plain_pdf()


def read(data: bytes, *, received_at: datetime = RECEIVED, trusted=(ROOT,)) -> dict:
    return report(data, received_at=received_at, trusted=[identity.asn1 for identity in trusted])


def mario(**other) -> dict:
    """What is read of a plain signature of Mario, with what is said otherwise."""
    return {
        "format": "pades",
        "who": {
            "name": "Rossi Mario",
            "given_name": "Mario",
            "surname": "Rossi",
            "tax_code": "RSSMRA80A01F205X",
            "organisation": "",
        },
        "issuer": "Emittente di prova, Autorità di prova S.p.A.",
        "claimed_at": "2021-10-03T08:12:00+00:00",
        "stamped_at": None,
        "stamped_by": "",
        "intact": True,
        "later": "none",
        "valid_from": "2010-01-01T00:00:00+00:00",
        "valid_to": "2040-01-01T00:00:00+00:00",
        "in_force": True,
        "known": True,
        **other,
    }


def anna(**other) -> dict:
    who = {"name": "Verdi Anna", "given_name": "Anna", "surname": "Verdi", "tax_code": "VRDNNA80A41F205X", "organisation": ""}
    return mario(who=who, issuer="Autorità straniera, Autorità di prova S.p.A.", known=False, **other)


# --- inside a PDF -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def signed() -> bytes:
    return pades(PDF, MARIO, at=SIGNED)


def test_a_signed_pdf_says_who_signed_it_and_when(signed):
    assert read(signed) == {"signatures": [mario()], "fault": ""}


def test_a_pdf_without_a_signature_has_none():
    assert read(PDF) == {"signatures": [], "fault": ""}


def test_a_time_stamp_says_when_for_certain():
    stamp = {"stamped_at": "2021-10-03T08:12:00+00:00", "stamped_by": "Marca di prova"}
    assert read(pades(PDF, MARIO, at=SIGNED, stamped_by=CLOCK)) == {"signatures": [mario(**stamp)], "fault": ""}


def test_the_time_stamp_of_an_authority_that_is_not_known_says_nothing():
    file = pades(PDF, MARIO, at=SIGNED, stamped_by=clock(FOREIGN))
    assert read(file) == {"signatures": [mario()], "fault": ""}


def test_a_time_stamp_of_the_whole_pdf_stands_beside_the_signature(signed):
    stamp = mario(
        format="stamp",
        who={"name": "Marca di prova", "given_name": "", "surname": "", "tax_code": "", "organisation": ""},
        issuer="Autorità di prova, Autorità di prova S.p.A.",
        claimed_at="2021-10-03T09:12:00+00:00",
        stamped_at="2021-10-03T09:12:00+00:00",
        stamped_by="Marca di prova",
    )
    file = stamped(signed, CLOCK, at=SIGNED + timedelta(hours=1))
    assert read(file) == {"signatures": [mario(later="allowed"), stamp], "fault": ""}


def test_two_people_sign_one_after_the_other(signed):
    file = pades(signed, ANNA, at=SIGNED, field="Firma2")
    assert read(file) == {"signatures": [mario(later="allowed"), anna()], "fault": ""}


def test_a_pdf_changed_in_an_update_after_the_signature_is_found(signed):
    assert read(changed(signed)) == {"signatures": [mario(later="changed")], "fault": ""}


def test_a_second_signature_does_not_hide_a_change_before_it(signed):
    file = pades(changed(signed), ANNA, at=SIGNED, field="Firma2")
    assert read(file) == {"signatures": [mario(later="changed"), anna()], "fault": ""}


def test_a_pdf_of_which_one_byte_was_changed_does_not_hold(signed):
    assert read(signed.replace(b"612", b"613", 1)) == {"signatures": [mario(intact=False)], "fault": ""}


# --- an envelope ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def envelope() -> bytes:
    return cades(PDF, MARIO, at=SIGNED)


def test_an_envelope_says_who_signed_it_and_when(envelope):
    assert read(envelope) == {"signatures": [mario(format="cades")], "fault": ""}


@pytest.mark.parametrize("form", [streamed, lambda der: pem.armor("PKCS7", der)], ids=["without lengths", "as text"])
def test_an_envelope_comes_in_several_forms(envelope, form):
    assert read(form(envelope)) == {"signatures": [mario(format="cades")], "fault": ""}


def test_an_envelope_has_its_time_stamp():
    stamp = {"stamped_at": "2021-10-03T08:12:00+00:00", "stamped_by": "Marca di prova"}
    found = read(cades(PDF, MARIO, at=SIGNED, stamped_by=CLOCK))
    assert found == {"signatures": [mario(format="cades", **stamp)], "fault": ""}


def test_two_people_sign_side_by_side():
    found = read(cades(PDF, MARIO, ANNA, at=SIGNED))
    assert found == {"signatures": [mario(format="cades"), anna(format="cades")], "fault": ""}


def test_envelopes_are_opened_one_inside_the_other_down_to_the_pdf(signed):
    file = cades(cades(signed, MARIO, at=SIGNED), ANNA, at=SIGNED)
    assert read(file) == {"signatures": [anna(format="cades"), mario(format="cades"), mario()], "fault": ""}


def test_an_envelope_whose_content_was_exchanged_does_not_hold(envelope):
    assert read(envelope.replace(b"612", b"613", 1)) == {"signatures": [mario(format="cades", intact=False)], "fault": ""}


def test_an_envelope_whose_signature_is_of_other_bytes_does_not_hold(envelope):
    content = cms.ContentInfo.load(envelope)
    other = cms.ContentInfo.load(cades(b"un altro file", MARIO, at=SIGNED))
    content["content"]["signer_infos"] = other["content"]["signer_infos"]
    assert read(content.dump(force=True)) == {"signatures": [mario(format="cades", intact=False)], "fault": ""}


def test_nobody_signs_with_the_certificate_of_another(envelope):
    """The signature is Mario's, the certificate beside it another one of the same name and number: it does not hold."""
    content = cms.ContentInfo.load(envelope)
    theirs = person(BELOW, "Carlo", "Bianchi", "TINIT-BNCCRL80A01F205X").asn1
    signer = content["content"]["signer_infos"][0]
    signer["sid"] = cms.SignerIdentifier(
        {
            "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                {"issuer": theirs.issuer, "serial_number": theirs.serial_number}
            )
        }
    )
    content["content"]["certificates"].append(cms.CertificateChoices("certificate", theirs))
    [found] = read(content.dump(force=True))["signatures"]
    assert (found["who"]["surname"], found["intact"]) == ("Bianchi", False)


def test_a_signature_made_with_another_key_does_not_hold(envelope):
    """The digest of the content is right, the signature over it is not."""
    content, other = cms.ContentInfo.load(envelope), cms.ContentInfo.load(cades(PDF, ANNA, at=SIGNED))
    content["content"]["signer_infos"][0]["signature"] = other["content"]["signer_infos"][0]["signature"].native
    assert read(content.dump(force=True)) == {"signatures": [mario(format="cades", intact=False)], "fault": ""}


def test_the_time_stamp_of_another_signature_says_nothing():
    content, other = (cms.ContentInfo.load(cades(data, MARIO, at=SIGNED, stamped_by=CLOCK)) for data in (PDF, b"un altro file"))
    content["content"]["signer_infos"][0]["unsigned_attrs"] = other["content"]["signer_infos"][0]["unsigned_attrs"]
    assert read(content.dump(force=True)) == {"signatures": [mario(format="cades")], "fault": ""}


def test_a_signature_without_its_certificate_is_nobodys(envelope):
    content = cms.ContentInfo.load(envelope)
    content["content"]["certificates"] = []
    who = {"name": "", "given_name": "", "surname": "", "tax_code": "", "organisation": ""}
    nobody = {"issuer": "", "valid_from": None, "valid_to": None, "in_force": False, "known": False, "intact": False}
    assert read(content.dump(force=True)) == {"signatures": [mario(format="cades", who=who, **nobody)], "fault": ""}


def test_a_signature_apart_from_its_file_is_told():
    assert read(detached(PDF, MARIO, at=SIGNED)) == {"signatures": [], "fault": "detached"}


def test_envelopes_are_opened_five_deep():
    file = PDF
    for _ in range(6):
        file = cades(file, MARIO, at=SIGNED)
    assert read(file) == {"signatures": [mario(format="cades")] * 5, "fault": "deep"}
    assert read(cades(cades(PDF, MARIO, at=SIGNED), MARIO, at=SIGNED))["fault"] == ""


# --- the certificate --------------------------------------------------------------------------------------------------

EDGE = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("validity", "in_force"),
    [
        ((FOREVER[0], RECEIVED), True),
        ((FOREVER[0], RECEIVED - EDGE), False),
        ((RECEIVED, FOREVER[1]), True),
        ((RECEIVED + EDGE, FOREVER[1]), False),
        ((FOREVER[0], RECEIVED + timedelta(days=1)), True),
    ],
    ids=["ends then", "had ended", "begins then", "had not begun", "ended before it was read"],
)
@pytest.mark.parametrize("sign", [pades, cades])
def test_the_moment_of_receipt_counts_for_the_certificate(sign, validity, in_force):
    who = person(BELOW, validity=validity)
    [found] = read(sign(PDF, who, at=SIGNED))["signatures"]
    assert (found["in_force"], found["known"], found["intact"]) == (in_force, True, True)


@pytest.mark.parametrize(("trusted", "known"), [((ROOT,), True), ((BELOW,), True), ((FOREIGN,), False), ((), False)])
def test_who_vouches_is_known_or_not(signed, trusted, known):
    assert read(signed, trusted=trusted) == {"signatures": [mario(known=known)], "fault": ""}


def test_an_authority_of_the_same_name_does_not_vouch():
    authority.cache_clear()
    pretender = authority("Autorità di prova")
    [found] = read(pades(PDF, person(pretender), at=SIGNED))["signatures"]
    assert (found["issuer"], found["known"]) == ("Autorità di prova, Autorità di prova S.p.A.", False)


@pytest.mark.parametrize(
    ("serial_number", "tax_code"),
    [
        ("TINIT-RSSMRA80A01F205X", "RSSMRA80A01F205X"),
        ("IT:RSSMRA80A01F205X", "RSSMRA80A01F205X"),
        ("rssmra80a01f205x", "RSSMRA80A01F205X"),
        ("RSSMRAULALMFNLRX", "RSSMRAULALMFNLRX"),
        ("TINIT-12345678901", "12345678901"),
        ("TINDE-RSSMRA80A01F205X", ""),
        ("20211234567", "20211234567"),
        ("RSSMRA80A01F205", ""),
        ("", ""),
    ],
)
def test_the_tax_code_is_read_where_the_certificate_has_it(serial_number, tax_code):
    [found] = read(cades(PDF, person(ROOT, serial_number=serial_number), at=SIGNED))["signatures"]
    assert found["who"]["tax_code"] == tax_code


def test_what_a_certificate_says_fits_a_page():
    [found] = read(cades(PDF, person(ROOT, "Mario\x00\nRiga\u202e", "<b>Rossi</b>"), at=SIGNED))["signatures"]
    assert found["who"]["given_name"] == "Mario  Riga"
    assert found["who"]["name"] == "<b>Rossi</b> Mario  Riga"


# --- hostile files ----------------------------------------------------------------------------------------------------

QUIETLY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
OID = bytes.fromhex("06092a864886f70d010702")


@QUIETLY
@given(st.binary(max_size=400), st.sampled_from([b"", b"%PDF-1.7\n", b"0\x80" + OID, b"-----BEGIN PKCS7-----\n"]))
def test_bytes_at_random_are_unreadable(noise, head):
    assert read(head + noise)["signatures"] == []


@QUIETLY
@given(data=st.data())
def test_a_file_bitten_or_cut_never_passes_for_whole(envelope, data):
    """Wherever a byte of the content was changed, no signature holds; elsewhere something is told, whatever it is."""
    start = envelope.index(b"%PDF-")
    at = data.draw(st.integers(0, len(envelope) - 1))
    bitten = bytearray(envelope)
    bitten[at] ^= data.draw(st.integers(1, 255))
    found = read(bytes(bitten))
    if start <= at < start + len(PDF):
        assert [signature["intact"] for signature in found["signatures"]] == [False]
    assert read(envelope[:at]) == {"signatures": [], "fault": "unreadable"}


def test_a_file_of_nothing_but_openings_is_unreadable():
    assert read(b"0\x80" * 200_000) == {"signatures": [], "fault": "unreadable"}
    assert read(b"0\x80" + OID + b"\xa0\x80" + b"0\x80" * 200_000) == {"signatures": [], "fault": "unreadable"}


# --- the program ------------------------------------------------------------------------------------------------------


def run(data: bytes, *arguments: object) -> subprocess.CompletedProcess:
    command = [sys.executable, "-I", Path(signature_reader.__file__), *map(str, arguments)]
    return subprocess.run(command, input=data, capture_output=True, timeout=60)


def test_the_program_says_what_it_read_as_json(signed, tmp_path):
    (tmp_path / "radice.pem").write_bytes(ROOT.pem + FOREIGN.pem)
    (tmp_path / "leggimi.txt").write_text("non un certificato")
    done = run(signed, RECEIVED.isoformat(), tmp_path)
    assert (done.returncode, json.loads(done.stdout)) == (0, {"signatures": [mario()], "fault": ""})


def test_the_program_knows_no_authority_without_a_folder(signed):
    assert json.loads(run(signed, RECEIVED.isoformat(), "-").stdout)["signatures"] == [mario(known=False)]


def test_a_folder_of_authorities_with_something_else_is_a_fault_of_ours(signed, tmp_path):
    (tmp_path / "radice.pem").write_text("non un certificato")
    assert run(signed, RECEIVED.isoformat(), tmp_path).returncode == 1
    with pytest.raises(ValueError, match="PEM"):
        certificates(tmp_path)


def test_the_program_is_given_its_share_of_memory_and_no_more(tmp_path):
    with (tmp_path / "grande").open("w+b") as file:
        file.truncate(signature_reader.MEMORY)  # a hole: it takes no room until it is read
        command = [sys.executable, "-I", signature_reader.__file__, RECEIVED.isoformat(), "-"]
        done = subprocess.run(command, stdin=file, capture_output=True, timeout=60)
    assert json.loads(done.stdout) == {"signatures": [], "fault": "unreadable"}

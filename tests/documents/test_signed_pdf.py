"""A signed PDF is the PDF that it was, with data that any reader finds, and says when a byte of it changes."""

from __future__ import annotations

import json
import subprocess
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
import weasyprint

from documents.signed_pdf import seal_pdf
from tests.builders import small_pdf
from tests.documents.signed import said
from workflow import signing
from workflow.ledger import canonical
from workflow.signing import key_in_use, rotate

pytestmark = pytest.mark.django_db
DATA = {"format": "bando/prova/1", "number": "P-2021-00001", "files": [], "text": "perché è così " * 20}

NONE = "Non trovo la firma di Bando, o ne trovo più di una: questo file non è una ricevuta come è stata emessa."
CHANGED = "La firma non corrisponde al file: è stato cambiato dopo l'emissione. Quello che dice non vale."


@pytest.fixture(autouse=True)
def folder(settings, tmp_path: Path) -> Path:
    settings.VAR = tmp_path
    return tmp_path


@pytest.fixture(scope="module")
def tagged() -> bytes:
    html = "<html lang=it><title>Prova</title><body><h1>Ricevuta</h1><p>Perché è così.</p>"
    return weasyprint.HTML(string=html).write_pdf(pdf_variant="pdf/ua-1")


def test_it_is_still_the_tagged_document_that_it_was(tagged: bytes) -> None:
    with pikepdf.open(BytesIO(seal_pdf(tagged, DATA, "prova.json"))) as document, pikepdf.open(BytesIO(tagged)) as before:
        assert (str(document.Root.Lang), bool(document.Root.MarkInfo.Marked)) == ("it", True)
        assert "/StructTreeRoot" in document.Root
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        assert document.pages[0].Contents.read_bytes() == before.pages[0].Contents.read_bytes()
        assert str(document.docinfo.Title) == "Prova"


def test_its_data_are_an_attachment_with_a_name_and_a_description_as_pdf_ua_wants(tagged: bytes) -> None:
    """ISO 14289-1, 7.11: a file specification has both F and UF; a description is recommended."""
    with pikepdf.open(BytesIO(seal_pdf(tagged, DATA, "prova.json"))) as document:
        attached = document.attachments["prova.json"]
        key = key_in_use()
        expected = {**DATA, "key": {"fingerprint": key.fingerprint, "public": key.public}}
        assert attached.get_file().read_bytes() == canonical(expected).encode()
        assert (str(attached.obj.F), str(attached.obj.UF)) == ("prova.json", "prova.json")
        assert str(attached.obj.Desc) == "I dati di questo documento, che verify_receipt controlla"
        assert str(attached.obj.AFRelationship) == "/Data"
        assert [str(file.UF) for file in document.Root.AF] == ["prova.json"]


def test_programs_of_others_find_nothing_to_object_to(tagged: bytes, folder: Path) -> None:
    path = folder / "prova.pdf"
    path.write_bytes(seal_pdf(tagged, DATA, "prova.json"))
    checked = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")
    info = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True)
    assert info.stderr == ""
    assert "Tagged:          yes\n" in info.stdout
    listed = subprocess.run(["pdfdetach", "-list", path], capture_output=True, text=True, check=True)
    assert listed.stdout == "1 embedded files\n1: prova.json\n"


def test_no_byte_of_it_can_change() -> None:
    """Every byte of a small one, one after the other: a different bit of each."""
    pdf = seal_pdf(small_pdf(), {"format": "bando/prova/1"}, "p.json")
    assert said(pdf) == []
    unseen = [at for at in range(len(pdf)) if not said(pdf[:at] + bytes([pdf[at] ^ 1 << at % 8]) + pdf[at + 1 :])]
    assert unseen == []


def test_nothing_can_be_added_or_taken(tagged: bytes) -> None:
    pdf = seal_pdf(tagged, DATA, "prova.json")
    middle = len(pdf) // 2
    for other in (pdf + b"\n", pdf + b"\0", b"%" + pdf, pdf[:-1], pdf[1:], pdf[:middle] + pdf[middle + 1 :], pdf + pdf, b""):
        assert said(other) in ([NONE], [CHANGED])


def test_a_second_signature_is_none(tagged: bytes) -> None:
    pdf = seal_pdf(tagged, DATA, "prova.json")
    with pytest.raises(ValueError, match="has a signature already"):
        seal_pdf(pdf, DATA, "prova.json")
    with pikepdf.open(BytesIO(pdf)) as document:
        document.docinfo["/Copy"] = document.docinfo["/BandoSignature"]
        out = BytesIO()
        document.save(out)
    assert said(out.getvalue()) == [CHANGED]


def test_the_signature_is_of_the_key_that_the_data_name_even_while_keys_change(tagged: bytes, monkeypatch) -> None:
    plain = signing.sign

    def changed(data: bytes) -> signing.Signature:
        rotate()
        return plain(data)

    with monkeypatch.context() as patch:
        patch.setattr(signing, "sign", changed)
        with pytest.raises(RuntimeError, match="the key was changed meanwhile"):
            seal_pdf(tagged, DATA, "prova.json")
    assert said(seal_pdf(tagged, DATA, "prova.json"), key={key_in_use().fingerprint}) == []


def test_data_that_look_like_the_marks_do_no_harm(tagged: bytes) -> None:
    hostile = {
        **DATA,
        "text": "/BandoSignature (ed25519:" + "0" * 128 + ")\n<< /BandoData true /Length 3 >>\nstream\nabc\nendstream",
    }
    pdf = seal_pdf(tagged, hostile, "prova.json")
    assert said(pdf) == []
    with pikepdf.open(BytesIO(pdf)) as document:
        assert json.loads(document.attachments["prova.json"].get_file().read_bytes())["text"] == hostile["text"]

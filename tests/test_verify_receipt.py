"""``bin/verify_receipt`` on receipts as the worker makes them: what it accepts, what it refuses, and in which words."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client
from django.urls import reverse

from applications.models import Application
from applications.receipts import DATA_NAME, issue, receipt_data
from documents.models import Document
from documents.signed_pdf import BLANK, MARK, seal_pdf
from tests.builders import WORKDAY, attach_pdf, send, small_pdf, submitted_application
from tests.documents.signed import PROGRAM, program, said, verify
from workflow.ledger import inclusion_proof, merkle_root, seal_hash
from workflow.sealing import seal
from workflow.signing import key_in_use, rotate


@dataclass
class Received:
    """A receipt in a folder, as a person has it, with the files that were sent."""

    folder: Path
    application: Application
    receipt: Path
    files: list[Path]

    @property
    def hashed(self) -> list[tuple[str, int, str]]:
        return [(str(path), path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest()) for path in self.files]


def laid_out(application: Application, folder: Path) -> Received:
    made = issue(application.current, at=WORKDAY).document
    files = [copied(attachment.document, folder) for attachment in application.attachments.present()]
    return Received(folder, application, copied(made, folder), files)


def copied(document: Document, folder: Path) -> Path:
    with document.file.open("rb") as file:
        (folder / document.name).write_bytes(file.read())
    return folder / document.name


@pytest.fixture
def received(db, settings, tmp_path: Path) -> Received:
    settings.VAR = tmp_path / "var"
    settings.VAR.mkdir()
    (tmp_path / "mine").mkdir()
    return laid_out(submitted_application(), tmp_path / "mine")


def test_a_receipt_and_its_files_are_all_right_without_a_network_and_without_bando(received: Received) -> None:
    key = key_in_use().fingerprint
    code, words = verify(received.receipt, *received.files, "--key", key, folder=received.folder)
    submission = received.application.current
    assert code == 0, words
    assert words.splitlines()[-1] == "TUTTO A POSTO: la firma è della chiave che hai indicato."
    assert f"Ricevuta {received.application.number}\n" in words
    assert "Arrivata: 2021-10-11T10:42:00.000000+02:00 (2021-10-11T08:42:00.000000Z)" in words
    assert f"Il testo della domanda ha l'impronta {submission.sha256}" in words
    assert "Il registro la conta: sigillo 1, impronta " in words
    for path in received.files:
        assert f"[ok] «{path}» è il file ricevuto «{path.name}» (2021-10-11T08:42:00.000000Z)" in words
    assert "[NO]" not in words
    assert "[--]" not in words


def test_without_a_key_the_file_is_whole_and_the_key_is_to_be_compared(received: Received) -> None:
    code, words = verify(received.receipt, folder=received.folder)
    assert code == 0
    assert "TUTTO A POSTO" not in words
    assert words.endswith(
        "FIRMA INTATTA, CHIAVE DA CONFRONTARE: il file non è stato cambiato, ma da solo non dice chi l'ha firmato.\n"
        "Confronta l'impronta della chiave con quella pubblicata dall'amministrazione, o usa --key:\n"
        f"  {key_in_use().fingerprint}\n"
    )
    for file in received.application.current.manifest:
        assert f"[--] Non controllato, perché non l'hai indicato: «{file['name']}», SHA-256 {file['sha256']}\n" in words


@pytest.mark.parametrize(("lang", "last"), [("it", "TUTTO A POSTO"), ("en", "ALL RIGHT")])
def test_it_speaks_both_languages(received: Received, lang: str, last: str) -> None:
    _code, words = verify(received.receipt, f"--key={key_in_use().fingerprint}", folder=received.folder, lang=lang)
    assert words.splitlines()[-1].startswith(last)


@pytest.mark.parametrize(
    ("environment", "english"),
    [
        ({}, False),
        ({"LANG": "C"}, False),
        ({"LANG": "C.UTF-8"}, False),
        ({"LANG": "it_IT.UTF-8"}, False),
        ({"LANG": "en_GB.UTF-8"}, True),
        ({"LANG": "de_DE.UTF-8"}, True),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "it_IT.UTF-8"}, False),
    ],
    ids=str,
)
def test_the_language_is_that_of_the_machine_and_italian_where_it_says_none(environment: dict, english: bool) -> None:
    assert program().wants_english("", environment) is english


def test_a_folder_is_all_its_files_but_the_receipt(received: Received) -> None:
    code, words = verify(received.receipt.name, ".", folder=received.folder)
    assert code == 0
    assert words.count("è il file ricevuto") == len(received.files) == 3


# One byte


def test_a_receipt_with_one_byte_changed_is_refused(received: Received) -> None:
    """A bit of a byte in each stretch, and of each byte that carries the signature, the data and the structure."""
    pdf = received.receipt.read_bytes()
    assert said(pdf) == []
    mark, carrier = pdf.index(MARK), program().CARRIER.search(pdf)
    places = {*range(0, len(pdf), len(pdf) // 300), *range(mark, mark + len(MARK) + len(BLANK) + 1)}
    places |= {*range(carrier.start(), carrier.end() + 40), *range(len(pdf) - 120, len(pdf)), *range(20)}
    unseen = [at for at in sorted(places) if not said(pdf[:at] + bytes([pdf[at] ^ 1 << at % 8]) + pdf[at + 1 :])]
    assert len(places) > 700
    assert unseen == []


@pytest.mark.parametrize("bit", [1, 0x20, 0x80])
def test_the_program_ends_with_one_for_a_changed_receipt(received: Received, bit: int) -> None:
    pdf = bytearray(received.receipt.read_bytes())
    pdf[len(pdf) // 2] ^= bit
    received.receipt.write_bytes(pdf)
    code, words = verify(received.receipt, *received.files, "--key", key_in_use().fingerprint, folder=received.folder)
    assert code == 1
    assert "[NO] La firma non corrisponde al file" in words
    assert words.splitlines()[-1].startswith("NO: qualcosa non è come è stato emesso o ricevuto.")


def test_the_digits_of_the_signature_are_written_in_one_way_only(received: Received) -> None:
    pdf = received.receipt.read_bytes()
    digits = re.search(rb"ed25519:([0-9a-f]{128})", pdf)[1]
    assert digits.upper() != digits
    assert len(said(pdf.replace(digits, digits.upper()))) == 1


def test_a_signature_plus_the_order_of_the_curve_is_another_one_and_is_refused(received: Received) -> None:
    """RFC 8032, 5.1.7: S is smaller than L, or every signature would have a twin."""
    pdf = received.receipt.read_bytes()
    digits = re.search(rb"ed25519:([0-9a-f]{128})", pdf)[1]
    r, s = digits[:64], int.from_bytes(bytes.fromhex(digits[64:].decode()), "little")
    twin = r + (s + program().ORDER).to_bytes(32, "little").hex().encode()
    assert len(said(pdf.replace(digits, twin))) == 1


@pytest.mark.parametrize("at", [0, 1, -1])
def test_a_file_with_one_byte_changed_is_refused(received: Received, at: int) -> None:
    content = bytearray(received.files[0].read_bytes())
    content[at if at < 1 else len(content) // 2] ^= 1
    received.files[0].write_bytes(content)
    code, words = verify(received.receipt, *received.files, folder=received.folder)
    assert code == 1
    assert f"[NO] «{received.files[0]}» ha il nome di un file ricevuto ma non è quello: il contenuto è diverso." in words
    assert words.count("[ok] «") == 2


def test_files_are_known_by_their_content_and_not_by_their_name(received: Received) -> None:
    first, second, third = received.files
    other = received.folder / "altro.pdf"
    other.write_bytes(small_pdf("mai inviato"))
    first.rename(received.folder / "x")
    second.rename(first)
    (received.folder / "x").rename(second)
    code, words = verify(received.receipt, first, second, third, other, folder=received.folder)
    assert code == 1
    assert f"[ok] «{first}» è il file ricevuto «{second.name}»" in words
    assert f"[ok] «{second}» è il file ricevuto «{first.name}»" in words
    assert f"[NO] «{other}» non è tra i file ricevuti." in words


# Keys


def test_a_receipt_signed_by_another_key_is_refused_when_the_key_is_given(received: Received) -> None:
    ours = key_in_use().fingerprint
    rotate()
    forged = seal_pdf(small_pdf(), receipt_data(received.application.current), DATA_NAME)
    assert said(forged) == []
    assert said(forged, key={ours}) == [
        f"La chiave che ha firmato non è quella indicata con --key. La sua impronta è {key_in_use().fingerprint}"
    ]


def test_a_receipt_signed_by_another_key_than_the_one_it_names_is_refused(received: Received) -> None:
    pdf = received.receipt.read_bytes()
    digits = re.search(rb"ed25519:([0-9a-f]{128})", pdf)[1]
    other = Ed25519PrivateKey.generate().sign(pdf.replace(digits, BLANK)).hex().encode()
    assert len(said(pdf.replace(digits, other))) == 1


def test_receipts_of_an_earlier_key_are_checked_with_the_list_of_keys(received: Received, settings) -> None:
    rotate()
    keys = received.folder / "chiavi.json"
    keys.write_bytes(Client().get(reverse("signing_keys")).content)
    assert len(json.loads(keys.read_text())["keys"]) == 2
    assert verify(received.receipt, "--key", keys, folder=received.folder)[0] == 0
    settings.VAR = received.folder
    assert verify(received.receipt, "--key", key_in_use().fingerprint, folder=received.folder)[0] == 1


def test_a_fingerprint_may_be_written_with_gaps_and_capitals(received: Received) -> None:
    fingerprint = key_in_use().fingerprint
    written = " ".join(fingerprint[at : at + 4] for at in range(0, 64, 4)).upper()
    assert verify(received.receipt, "--key", written, folder=received.folder)[0] == 0


# Two submissions


def test_receipts_of_two_submissions_are_not_mixed(received: Received, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    attach_pdf(received.application, "lettere-della-rete")
    send(received.application)
    other = laid_out(received.application, tmp_path / "other")
    assert said(other.receipt.read_bytes(), *other.hashed) == []
    (extra,) = [path for path in other.files if path.name == "lettere-della-rete.pdf"]
    code, words = verify(received.receipt, extra, folder=received.folder)
    assert (code, f"[NO] «{extra}» non è tra i file ricevuti." in words) == (1, True)


@pytest.mark.parametrize(
    ("taken", "said_of_it"),
    [
        (["ledger"], "La voce del registro è di un'altra domanda."),
        (["content_sha256"], "Il testo della domanda non ha l'impronta scritta."),
        (["files"], "La ricevuta e il testo della domanda non dicono la stessa cosa: files"),
        (["sequence"], "La ricevuta e il testo della domanda non dicono la stessa cosa: sequence"),
        (
            ["content", "content_sha256"],
            "La ricevuta e il testo della domanda non dicono la stessa cosa: sequence, files, committed_at",
        ),
    ],
)
def test_data_of_one_submission_under_another_are_found_even_if_signed(
    received: Received, taken: list[str], said_of_it: str
) -> None:
    first = received.application.current
    attach_pdf(received.application, "lettere-della-rete")
    second = send(received.application)
    issue(second, at=WORKDAY)
    data, other = receipt_data(first), receipt_data(second)
    mixed = seal_pdf(small_pdf(), {**data, **{name: other[name] for name in taken}}, DATA_NAME)
    assert said_of_it in said(mixed)


def test_an_arrival_moved_by_a_microsecond_is_found_even_if_signed(received: Received) -> None:
    data = receipt_data(received.application.current)
    data["arrived_at"]["rome"] = "2021-10-11T10:42:00.000001+02:00"
    assert said(seal_pdf(small_pdf(), data, DATA_NAME)) == [
        "La ricevuta e il testo della domanda non dicono la stessa cosa: arrived_at"
    ]


@pytest.mark.parametrize(
    ("name", "nonsense"),
    [
        ("content", "[" * 100_000),
        ("content", "3"),
        ("arrived_at", {"utc": "0001-01-01T00:00:00+23:59", "rome": "9999-12-31T23:59:59-23:59"}),
        ("arrived_at", "ieri"),
        ("ledger", [{}]),
        ("ledger", {"content": "[" * 100_000, "hash": ""}),
        ("files", [{"sha256": 3}]),
        ("body", {}),
        ("call", []),
    ],
    ids=lambda value: str(value)[:20],
)
def test_data_that_nobody_can_read_are_refused_in_words_even_if_signed(received: Received, name: str, nonsense: object) -> None:
    data = receipt_data(received.application.current) | {name: nonsense}
    data["content_sha256"] = hashlib.sha256(str(data["content"]).encode()).hexdigest()
    if isinstance(data["ledger"], dict):
        data["ledger"]["hash"] = hashlib.sha256(data["ledger"]["content"].encode()).hexdigest()
    assert len(said(seal_pdf(small_pdf(), data, DATA_NAME), *received.hashed)) >= 1


# The ledger


def test_a_receipt_made_before_the_seal_is_completed_by_the_proof_of_its_page(
    received: Received, monkeypatch, tmp_path: Path
) -> None:
    attach_pdf(received.application, "lettere-della-rete")
    submission = send(received.application)
    with monkeypatch.context() as patch:
        patch.setattr("applications.receipts.seal", lambda at: None)  # another worker seals at this very moment
        issue(submission, at=WORKDAY)
    later = laid_out(received.application, received.folder)
    code, words = verify(later.receipt, folder=received.folder)
    assert (code, "il sigillo è venuto dopo" in words) == (0, True)
    client, address = Client(), f"{reverse('application_receipt_data', args=[received.application.pk])}?invio=2"
    client.force_login(received.application.created_by)
    path = received.folder / "dati.json"
    path.write_bytes(client.get(address).content)
    code, words = verify(later.receipt, "--proof", path, folder=received.folder)
    assert (code, f"In {path} non c'è una prova" in words) == (2, True)
    seal(WORKDAY)
    path.write_bytes(client.get(address).content)
    code, words = verify(later.receipt, "--proof", path, folder=received.folder)
    assert (code, "Il registro la conta: sigillo 2, impronta " in words) == (0, True)
    code, words = verify(received.receipt, "--proof", path, folder=received.folder)
    assert (code, "[NO] La prova data con --proof è di un'altra ricevuta." in words) == (1, True)


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 13])
def test_a_proof_is_what_the_ledger_makes_and_no_other(count: int) -> None:
    hashes = [hashlib.sha256(bytes([n])).hexdigest() for n in range(count)]
    root = merkle_root(hashes)
    for index, entry in enumerate(hashes):
        path = inclusion_proof(hashes, index)
        assert program().root_of(entry, index, count, path) == root
        assert program().root_of("0" * 64, index, count, path) != root
        assert program().root_of(entry, index + 1, count, path) != root
        assert program().root_of(entry, index, count, [*path, entry]) != root


@pytest.mark.parametrize("name", ["number", "previous", "root", "count", "at", "hash", "index", "path"])
def test_a_seal_with_one_part_changed_is_refused_even_if_signed(received: Received, name: str) -> None:
    data = receipt_data(received.application.current)
    whole = data["ledger"]["seal"]
    assert whole["hash"] == seal_hash(
        number=whole["number"], previous=whole["previous"], root=whole["root"], count=whole["count"], at=WORKDAY
    )
    changed = {"path": [*whole["path"], "0" * 64], "at": "2021-10-11T08:42:00.000001Z"}
    other = changed.get(name, whole[name] + 1 if isinstance(whole[name], int) else "1" * 64)
    data["ledger"]["seal"] = {**whole, name: other}
    number = data["ledger"]["seal"]["number"]
    assert said(seal_pdf(small_pdf(), data, DATA_NAME)) == [f"La voce del registro non è sotto il sigillo {number}."]


# Ed25519


VECTORS = [  # RFC 8032, 7.1: tests 1, 2 and 3
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS, ids=["empty", "one byte", "two bytes"])
def test_the_vectors_of_the_standard(public: str, message: str, signature: str) -> None:
    key, text, digits = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert program().is_signed_by(key, text, digits)
    assert not program().is_signed_by(key, text + b"\0", digits)
    for at in range(64):
        assert not program().is_signed_by(key, text, digits[:at] + bytes([digits[at] ^ 1]) + digits[at + 1 :])


def test_it_agrees_with_openssl_on_keys_and_texts_at_random() -> None:
    dice = random.Random(8032)
    for _n in range(50):
        private, text = Ed25519PrivateKey.from_private_bytes(dice.randbytes(32)), dice.randbytes(dice.randrange(200))
        public, signature = private.public_key().public_bytes_raw(), private.sign(text)
        assert program().is_signed_by(public, text, signature)
        assert not program().is_signed_by(public, text + b"x", signature)
        assert not program().is_signed_by(dice.randbytes(32), text, signature)


@pytest.mark.parametrize(
    ("public", "signature"),
    [
        (b"", bytes(64)),
        (bytes(31), bytes(64)),
        (bytes(32), bytes(63)),
        ((2**255 - 19).to_bytes(32, "little"), bytes(64)),  # y is not smaller than p
        ((1 | 1 << 255).to_bytes(32, "little"), bytes(64)),  # x is 0 and said to be odd
        ((2).to_bytes(32, "little"), bytes(64)),  # no point of the curve has this y
    ],
    ids=["empty", "short key", "short signature", "large y", "odd zero", "off the curve"],
)
def test_what_is_no_key_and_no_signature_is_refused(public: bytes, signature: bytes) -> None:
    assert not program().is_signed_by(public, b"", signature)


# The command


def test_it_is_one_file_of_the_standard_library_for_python_3_8() -> None:
    tree = ast.parse(PROGRAM.read_text(encoding="utf-8"), feature_version=(3, 8))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert names <= {"__future__", *sys.stdlib_module_names}
    assert not names & {"socket", "ssl", "urllib", "http", "subprocess"}


def test_it_runs_as_it_was_downloaded(received: Received) -> None:
    downloaded = received.folder / "verify_receipt.py"
    downloaded.write_bytes(Client().get(reverse("verify_program")).content)
    command = [sys.executable, "-I", "-S", downloaded.name, received.receipt.name, "--lang", "it"]
    done = subprocess.run(command, cwd=received.folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "given", [[], ["--key"], ["--what", "x.pdf"], ["x.pdf", "--lang", "de"], ["x.pdf", "--key", "a", "--key", "b"]], ids=str
)
def test_a_command_not_written_so_is_told_how(given: list[str]) -> None:
    lines: list[str] = []
    assert program().main(given, lines.append) == 2
    assert lines[0] in program().USAGE


def test_help_is_no_error() -> None:
    lines: list[str] = []
    assert program().main(["--help", "--lang", "it"], lines.append) == 0
    assert lines == [program().USAGE[0]]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["manca.pdf"], "Non riesco a leggere manca.pdf: No such file or directory"),
        (["RECEIPT", "manca.pdf"], "Non riesco a leggere manca.pdf: No such file or directory"),
        (["RECEIPT", "--key", "manca.json"], "Non riesco a leggere manca.json: No such file or directory"),
        (
            ["RECEIPT", "--key", "RECEIPT"],
            "RECEIPT non è un elenco di chiavi: scaricalo di nuovo dal sito dell'amministrazione.",
        ),
        (["RECEIPT", "--proof", "RECEIPT"], "In RECEIPT non c'è una prova: scaricala di nuovo dalla pagina della ricevuta."),
        (["."], "Non riesco a leggere .: Is a directory"),
        (["RECEIPT", "--key", "deep"], "deep non è un elenco di chiavi: scaricalo di nuovo dal sito dell'amministrazione."),
        (["RECEIPT", "--proof", "deep"], "In deep non c'è una prova: scaricala di nuovo dalla pagina della ricevuta."),
    ],
    ids=str,
)
def test_what_cannot_be_read_ends_with_two_and_says_which(received: Received, arguments: list[str], words: str) -> None:
    shutil.copy(received.receipt, received.folder / "RECEIPT")
    (received.folder / "deep").write_text("[" * 100_000)
    assert verify(*arguments, folder=received.folder) == (2, words + "\n")


@pytest.mark.parametrize("content", [b"", b"\0" * 100, b"%PDF-1.7\n", small_pdf(), os.urandom(5000)], ids=len)
def test_what_is_no_receipt_is_refused_in_words(content: bytes) -> None:
    assert said(content) == [
        "Non trovo la firma di Bando, o ne trovo più di una: questo file non è una ricevuta come è stata emessa."
    ]


def test_names_of_files_do_not_command_the_terminal(received: Received) -> None:
    nasty = received.folder / "a\x1b[2Jb.pdf"
    nasty.write_bytes(b"x")
    _code, words = verify(received.receipt, nasty, folder=received.folder)
    assert "\x1b" not in words
    assert "a?[2Jb.pdf» non è tra i file ricevuti." in words

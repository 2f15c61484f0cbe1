"""The key of the installation: where it lies, who can read it, and what stays after it is changed."""

from __future__ import annotations

import base64
import hashlib
import stat
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path
from threading import Barrier

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from workflow import signing
from workflow.models import PublicKey
from workflow.signing import Signature, key_in_use, published_keys, rotate, sign


@pytest.fixture(autouse=True)
def folder(db, settings, tmp_path: Path) -> Path:
    settings.VAR, settings.SIGNING_KEY = tmp_path, ""
    return tmp_path


def is_good(signature: Signature, data: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(signature.public)).verify(bytes.fromhex(signature.hex), data)
    except InvalidSignature:
        return False
    return True


def test_a_signature_is_of_the_key_that_is_published_and_of_those_bytes(folder: Path) -> None:
    made = sign(b"una ricevuta")
    (row,) = published_keys()
    assert (made.key, made.public) == (row.fingerprint, row.public)
    assert row.fingerprint == hashlib.sha256(bytes.fromhex(row.public)).hexdigest()
    assert (is_good(made, b"una ricevuta"), is_good(made, b"una ricevutA")) == (True, False)


def test_the_key_is_made_once_and_nobody_else_can_read_it(folder: Path) -> None:
    first = sign(b"").key
    assert sign(b"").key == first
    assert [path.name for path in folder.iterdir()] == ["signing.key"]
    assert stat.S_IMODE((folder / "signing.key").stat().st_mode) == 0o600
    assert len(base64.b64decode((folder / "signing.key").read_text())) == 32


def test_what_is_secret_is_in_no_row(folder: Path) -> None:
    sign(b"")
    seed = base64.b64decode((folder / "signing.key").read_text())
    assert seed.hex() not in str(PublicKey.objects.values())


def test_two_workers_that_begin_together_have_one_key(folder: Path) -> None:
    gate = Barrier(8)

    def begin(_worker: int) -> str:
        gate.wait(timeout=20)
        return signing._private().public_key().public_bytes_raw().hex()

    with ThreadPoolExecutor(8) as workers:
        assert len(set(workers.map(begin, range(8)))) == 1
    assert [path.name for path in folder.iterdir()] == ["signing.key"]


def test_a_new_key_signs_from_then_on_and_the_earlier_one_stays_published(folder: Path) -> None:
    before = sign(b"x")
    out = StringIO()
    call_command("rotate_key", stdout=out)
    after = sign(b"x")
    assert after.key != before.key
    assert [key.fingerprint for key in published_keys()] == [after.key, before.key]
    assert out.getvalue() == after.key + "\n"
    assert (is_good(before, b"x"), is_good(after, b"x")) == (True, True)
    assert stat.S_IMODE((folder / "signing.key").stat().st_mode) == 0o600


def test_several_machines_share_a_key_by_the_setting(folder: Path, settings) -> None:
    settings.SIGNING_KEY = base64.b64encode(bytes(range(32))).decode()
    assert key_in_use().public == "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
    assert list(folder.iterdir()) == []
    with pytest.raises(ImproperlyConfigured, match="BANDO_SIGNING_KEY: write there 32 new random bytes"):
        rotate()
    with pytest.raises(CommandError, match="BANDO_SIGNING_KEY"):
        call_command("rotate_key")


@pytest.mark.parametrize("text", ["non è una chiave", "", "AAAA", base64.b64encode(bytes(33)).decode()])
def test_a_file_that_holds_no_key_is_never_written_over(folder: Path, text: str) -> None:
    (folder / "signing.key").write_text(text)
    with pytest.raises(ImproperlyConfigured, match=r"signing\.key holds no key: it must be 32 bytes in Base64"):
        sign(b"x")
    assert (folder / "signing.key").read_text() == text


def test_whoever_only_reads_makes_no_key(folder: Path) -> None:
    assert published_keys() == []
    assert list(folder.iterdir()) == []

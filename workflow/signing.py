"""The installation's own signature (Ed25519, RFC 8032), by which a stranger knows what it issued.

The private half is a file of the machine that signs, ``signing.key`` in ``BANDO_VAR``, made when something is signed for the
first time; where several machines sign it comes from ``BANDO_SIGNING_KEY``. It is never in the database: whoever can
write rows can't sign them. The public halves are rows (``workflow.models.PublicKey``), and are published.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from workflow.models import PublicKey

SEED_BYTES = 32


@dataclass(frozen=True, slots=True)
class Signature:
    """``key`` is the fingerprint of the key that signed, ``public`` the key itself, ``hex`` the signature: 64, 64 and 128
    hexadecimal digits."""

    key: str
    public: str
    hex: str


def sign(data: bytes) -> Signature:
    """The signature of ``data`` with the key in use, which is made when there is none. Not inside a transaction: the row of
    a new key must stay whatever happens to what it signed."""
    private = _private()
    public = private.public_key().public_bytes_raw()
    return Signature(_published(public).fingerprint, public.hex(), private.sign(data).hex())


def key_in_use() -> PublicKey:
    """The key with which this machine signs, made when there is none."""
    return _published(_private().public_key().public_bytes_raw())


def published_keys() -> list[PublicKey]:
    """Every key of the installation, the newest first. For those who only read: none is made here."""
    return list(PublicKey.objects.order_by("-since", "-pk"))


def rotate() -> PublicKey:
    """Throw the private half away and begin with a new one. What was signed stays signed, by a key that stays published.

    Raises :class:`ImproperlyConfigured` where the key is a setting, which only whoever wrote it can change.
    """
    if settings.SIGNING_KEY:
        raise ImproperlyConfigured(
            "The key comes from BANDO_SIGNING_KEY: write there 32 new random bytes in Base64, on every machine, and restart"
        )
    path = _path()
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    _write(fresh, secrets.token_bytes(SEED_BYTES))
    os.replace(fresh, path)
    return key_in_use()


def fingerprint_of(public: bytes) -> str:
    """SHA-256 of the 32 bytes of a public key, in 64 hexadecimal digits."""
    return hashlib.sha256(public).hexdigest()


def _published(public: bytes) -> PublicKey:
    return PublicKey.objects.get_or_create(
        fingerprint=fingerprint_of(public), defaults={"public": public.hex(), "since": timezone.now()}
    )[0]


def _private() -> Ed25519PrivateKey:
    """The key in use, read each time: a worker that runs for months must see a change of key."""
    if settings.SIGNING_KEY:
        return Ed25519PrivateKey.from_private_bytes(_seed(settings.SIGNING_KEY, "BANDO_SIGNING_KEY"))
    path = _path()
    if not path.exists():
        _make(path)
    return Ed25519PrivateKey.from_private_bytes(_seed(path.read_text(), str(path)))


def _path() -> Path:
    return Path(settings.VAR) / "signing.key"


def _make(path: Path) -> None:
    """A link can't be made over a file that is there: of two workers that begin together one makes the key, both use it."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    _write(fresh, secrets.token_bytes(SEED_BYTES))
    try:
        os.link(fresh, path)
    except FileExistsError:
        return
    finally:
        fresh.unlink()


def _write(path: Path, seed: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(base64.b64encode(seed) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _seed(text: str, where: str) -> bytes:
    try:
        seed = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        seed = b""
    if len(seed) != SEED_BYTES:
        raise ImproperlyConfigured(
            f"{where} holds no key: it must be 32 bytes in Base64, made by python3 -c "
            "'import base64, secrets; print(base64.b64encode(secrets.token_bytes(32)).decode())'"
        )
    return seed

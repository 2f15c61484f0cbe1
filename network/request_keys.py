"""What opens a request to somebody who has no account: its number, and a secret key that only its holder knows.

The key is drawn from the secret of the installation and the identifier of the request, so a mail can carry it again while the
database keeps nothing but its SHA-256: a copy of the database opens no request.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db.models import Max
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from bando.deadlines import ROME
from network.models import Request

LENGTH = 32
"""Characters of Base64: 192 bits."""


def key_of(request: Request) -> str:
    """The key of ``request``; empty if the secret of the installation was changed since and the old one is forgotten."""
    for secret in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
        key = _derived(request.pk, secret)
        if opens(request, key):
            return key
    return ""


def new_key(pk: uuid.UUID) -> str:
    return _derived(pk, settings.SECRET_KEY)


def hash_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def opens(request: Request, key: str) -> bool:
    """Whether ``key`` is that of ``request``, in a time that tells nothing of how much of it is right."""
    return constant_time_compare(hash_of(key), request.key_sha256)


def address_of(request: Request) -> str:
    """The whole secret address, or empty where the key can't be known any more."""
    key = key_of(request)
    return settings.SITE_URL + reverse("request_follow", args=[request.number, key]) if key else ""


def next_number(at: datetime) -> str:
    """R-2026-000124: the next of the year of ``at`` in Rome. Two at once may be given the same one: the database refuses the
    second, who asks again."""
    year = f"R-{at.astimezone(ROME).year}-"
    last = Request.objects.filter(number__startswith=year).aggregate(last=Max("number"))["last"]
    return f"{year}{int(last.removeprefix(year)) + 1 if last else 1:06d}"


@dataclass(frozen=True, slots=True)
class Token:
    """A page of the form: ``pk`` is what a request that is sent from it will be, however often it is sent."""

    pk: uuid.UUID
    issued_at: datetime

    def age(self, at: datetime) -> timedelta:
        return at - self.issued_at


def new_token(at: datetime) -> str:
    """Signed, so that nobody names the request of somebody else and is answered with it."""
    return _signer().sign_object({"pk": str(uuid.uuid4()), "at": int(at.timestamp())})


def read_token(text: str) -> Token | None:
    """``None`` for what this installation did not sign."""
    try:
        said = _signer().unsign_object(text)
    except (BadSignature, ValueError):
        return None
    return Token(uuid.UUID(said["pk"]), datetime.fromtimestamp(said["at"], UTC))


def _signer() -> Signer:
    return Signer(salt="network.request")


def _derived(pk: uuid.UUID, secret: str) -> str:
    mac = hmac.new(secret.encode(), b"network.request:" + pk.bytes, hashlib.sha256).digest()
    return urlsafe_b64encode(mac).decode()[:LENGTH]

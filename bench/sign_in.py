"""What a password costs at each sign-in: ours (Argon2id, 19 MiB, two passes, one lane) beside Django's default.

40 ms of processor time is what a storm of sign-ins before a deadline can bear on two cores."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import BasePasswordHasher, PBKDF2PasswordHasher
from django.utils.module_loading import import_string

from bench.rounds import Line, alternate

PASSWORD, WRONG = "una frase lunga per le prove", "un'altra frase"


@dataclass(frozen=True, slots=True)
class Size:
    times: int
    """Verifications in a round."""
    iterations: int
    """Of PBKDF2."""


FULL, SMALL = Size(times=3, iterations=PBKDF2PasswordHasher.iterations), Size(times=1, iterations=20_000)


class Door:
    """A hasher, and the password of one person as it stores it."""

    def __init__(self, hasher: BasePasswordHasher, **options: int) -> None:
        self._hasher = hasher
        self._stored = hasher.encode(PASSWORD, hasher.salt(), **options)

    def opens(self, password: str = PASSWORD) -> bool:
        return self._hasher.verify(password, self._stored)


def ours() -> Door:
    return Door(import_string(settings.PASSWORD_HASHERS[0])())


def default(iterations: int) -> Door:
    return Door(PBKDF2PasswordHasher(), iterations=iterations)


def run(size: Size, rounds: int) -> Iterator[Line]:
    pairs = alternate(ours().opens, default(size.iterations).opens, rounds=rounds, times=size.times)
    yield Line("check a password", f"PBKDF2, {size.iterations:,} rounds (Django's default)", pairs, limit=40)

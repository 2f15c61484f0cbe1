"""One mail to each of several people, each owed alone: an address that no server takes is tried again without the others,
who would else get the same mail at every retry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import translation

from accounts.models import User
from workflow.duties import duty, owe_all
from workflow.mail import send


@dataclass(frozen=True)
class Letter:
    """What ``workflow.mail.send`` is told, and ``people``, who get it, each in their own language. The templates know who as
    ``person``; ``context`` is read while that language is active: words in it are lazy."""

    template: str
    context: Mapping[str, Any]
    identifier: str
    people: Iterable[User]


Writer = Callable[[str, datetime], Letter | None]


def mailed_to_each(name: str) -> Callable[[Writer], Writer]:
    """Register ``function(subject, at)``, which answers a :class:`Letter` or None, as the way to pay the duty ``name``.

    It owes ``<name>_to_one`` for each person, of the subject and, after a colon, the person: a subject leaves room for that.
    The function is asked again before each mail, so who is told no more, or of what is old news, gets none."""

    def register(letter: Writer) -> Writer:
        one = f"{name}_to_one"

        @duty(name)
        def owe_each(subject: str, at: datetime) -> None:
            found = letter(subject, at)
            owe_all([(one, f"{subject}:{person.pk}") for person in found.people] if found else [], at=at)

        @duty(one)
        def write(subject: str, at: datetime) -> None:
            about, _colon, pk = subject.rpartition(":")
            found = letter(about, at)
            person = next((person for person in found.people if str(person.pk) == pk), None) if found else None
            if person is None:
                return
            with translation.override(person.language):
                context = {**found.context, "person": person}
                send(found.template, context, to=[person.email], identifier=f"{found.identifier}-{person.pk}")

        return letter

    return register

"""The texts that are about to become public, read for the data of persons before they leave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Membership
from applications.models import Application
from evaluation.models import Ranking
from workflow.personal_data import found_in

SHORTEST_NAME = 2
"""Words of a name that is looked for: a single one is too often a word like any other."""


@dataclass(frozen=True, slots=True)
class Finding:
    """``text`` seems to hold ``what``; ``application`` is the number of the proposal it belongs to, "" for a text of the office.
    ``is_title``: the text is the title of a proposal, which may be published otherwise."""

    application: str
    where: str
    what: str
    text: str
    is_title: bool = False

    @property
    def words(self) -> str:
        return _("%(where)s sembra contenere %(what)s: «%(text)s».") % {
            "where": self.where,
            "what": self.what,
            "text": self.text,
        }


def findings(ranking: Ranking, document: Mapping[str, Any], texts: Mapping[str, str] | None = None) -> list[Finding]:
    """Everything in ``document`` and in ``texts`` (where it stands to what it says) that looks like a person's data: shapes as
    an e-mail, and the names of the people of each body in its own title. One query."""
    return list(_findings(document, names_of_people(ranking), texts or {}))


def names_of_people(ranking: Ranking) -> dict[str, list[str]]:
    """Application number to the names of those who act for its body."""
    found: dict[str, list[str]] = {}
    applications = Application.objects.filter(call=ranking.call_id, area_code=ranking.area_code).exclude(number=None)
    rows = Membership.objects.filter(organisation__applications__in=applications).order_by("pk")
    for number, name in rows.values_list("organisation__applications__number", "user__name").distinct():
        if number and len(name.split()) >= SHORTEST_NAME:
            found.setdefault(number, []).append(name)
    return found


def _findings(document: Mapping[str, Any], people: Mapping[str, list[str]], texts: Mapping[str, str]) -> Iterator[Finding]:
    for row in document["rows"]:
        number = row["application"]
        for key, where in (
            ("body", _("Il nome dell'ente della domanda %(number)s")),
            ("title", _("Il titolo della domanda %(number)s")),
        ):
            if what := [*_kinds(row[key]), *_names(row[key], people.get(number, []))]:
                yield Finding(number, where % {"number": number}, ", ".join(what), row[key], key == "title")
    for where, text in texts.items():
        if what := _kinds(text):
            yield Finding("", where, ", ".join(what), text)


def _kinds(text: str) -> list[str]:
    kinds = {
        "email": _("un indirizzo e-mail"),
        "iban": _("un IBAN"),
        "tax_code": _("un codice fiscale di persona"),
        "phone": _("un numero di telefono"),
    }
    return [kinds[kind] for kind in found_in(text)]


def _names(text: str, people: list[str]) -> list[str]:
    """Names are looked for whole, whatever their capitals and in either order."""
    words = f" {' '.join(text.casefold().replace(',', ' ').replace('.', ' ').split())} "
    found = []
    for name in people:
        parts = name.casefold().split()
        if f" {' '.join(parts)} " in words or f" {' '.join([parts[-1], *parts[:-1]])} " in words:
            found.append(_("il nome di %(name)s") % {"name": name})
    return found

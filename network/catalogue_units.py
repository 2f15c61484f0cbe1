"""What two people may write of the catalogue at once, by units (``network.written_at_once``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from network.models import Accreditation, AccreditationNotice, Service, Synonym
from network.written_at_once import Units, units_in

NOTICE = ("title", "text", "valid_months", "closes_at", "requirements")
"""Each a unit of its own. The requirements are one: their codes come from their order, and two orders can't be joined."""

SERVICE: Mapping[str, Sequence[str]] = {
    "category": ("category",),
    "title": ("title",),
    "summary": ("summary",),
    "description": ("description",),
    "audience": ("audience",),
    "cost": ("price", "price_note"),
    "ways": ("individual", "shared"),
    "places": ("at_home", "in_space", "online", "spaces"),
    "municipi": ("municipi",),
}
"""The columns of a service by unit: together what says one thing, or must fit together."""

SYNONYM: Mapping[str, Sequence[str]] = {"words": ("term", "means")}


def notice_units(columns: Mapping[str, Any]) -> Units:
    return {name: {name: columns[name]} for name in NOTICE if name in columns}


def notice_columns(notice: AccreditationNotice) -> dict[str, Any]:
    asked = [{name: one[name] for name in ("title", "hint", "needs_file")} for one in notice.requirements]
    return {**{name: getattr(notice, name) for name in NOTICE}, "requirements": asked}


def declared_units(accreditation: Accreditation, answers: Mapping[str, Mapping[str, Any]]) -> Units:
    """What is declared for each requirement, the note with it; what was never touched is not declared."""
    return {code: {"declared": False, "text": "", **answers.get(code, {})} for code in _codes(accreditation)}


def checked_units(accreditation: Accreditation, checks: Mapping[str, Mapping[str, Any]]) -> Units:
    """What was found for each requirement; nothing for one that is not checked."""
    return {code: checks.get(code, {}) for code in _codes(accreditation)}


def _codes(accreditation: Accreditation) -> Iterable[str]:
    return [one["code"] for one in accreditation.notice.requirements]


def service_units(columns: Mapping[str, Any]) -> Units:
    return units_in(columns, SERVICE)


def service_columns(service: Service) -> dict[str, Any]:
    own = {name: getattr(service, name) for names in SERVICE.values() for name in names if name != "spaces"}
    return {**own, "spaces": list(service.spaces.all())}


def synonym_units(columns: Mapping[str, str]) -> Units:
    """What people say and what it stands for are one unit: half of each pair means nothing."""
    return units_in(columns, SYNONYM)


def synonym_columns(synonym: Synonym) -> dict[str, str]:
    return {"term": synonym.term, "means": synonym.means}

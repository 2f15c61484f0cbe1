"""The letter to a body about its proposal: place, marks, reasons, and how to ask for documents or appeal."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from bando.notice.document import MembersShown
from evaluation.figures import figure
from evaluation.models import Mark, Placement
from evaluation.presentation import Column, GivenMark, TableView
from evaluation.publication import labels, who_marked
from evaluation.ranking import LinkKind
from evaluation.results import Result, result_of
from evaluation.states import SheetState


@dataclass(frozen=True, slots=True)
class Reason:
    """What a member wrote; ``member`` is "" where the call shows marks without saying whose they are."""

    member: str
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """One criterion: the marks as they are published, the reasons as they were written, the figures in between."""

    column: Column
    marks: list[GivenMark]
    reasons: list[Reason]
    steps: list[str]
    points: str


@dataclass(frozen=True, slots=True)
class Letter:
    result: Result
    parts: list[Part]
    neighbours: list[str]


def letter_of(placement: Placement) -> Letter:
    """All that a letter says. ``placement`` has its version and its application, with the call."""
    result = result_of(placement)
    reasons = _reasons(placement)
    parts = [
        Part(found.column, found.marks, reasons.get(found.column.code, []), found.steps, found.points)
        for found in result.table.derivations(result.row.number)
    ]
    return Letter(result, parts, _neighbours(result))


def letter_context(placement: Placement) -> dict[str, Any]:
    """What the page and the PDF of a letter say."""
    application = placement.application
    notice = application.call.notice
    here = reverse("ranking_version", args=[application.call.slug, application.area_code, placement.version.number])
    letter = letter_of(placement)
    return {
        "application": application,
        "call": application.call,
        "notice": notice,
        "area": notice.area(application.area_code),
        "version": placement.version,
        "letter": letter,
        "result": letter.result,
        "ranking_url": f"{settings.SITE_URL}{here}",
        "remedies": remedies(),
    }


def remedies() -> list[str]:
    """How one asks for the documents and appeals, paragraph by paragraph: the words of the administration
    (``settings.REMEDIES``), else general information from the law."""
    if settings.REMEDIES:
        return [part.strip() for part in settings.REMEDIES.split("\n\n") if part.strip()]
    return [
        _(
            "Puoi chiedere di vedere gli atti della procedura e di averne copia (artt. 22 e seguenti della legge 241/1990). "
            "L'amministrazione risponde entro 30 giorni; se tace, la richiesta si intende respinta."
        ),
        _(
            "Contro questo atto puoi fare ricorso al Tribunale amministrativo regionale entro 60 giorni da quando lo hai "
            "conosciuto, oppure ricorso straordinario al Presidente della Repubblica entro 120 giorni."
        ),
        _("Sono informazioni generali: per il tuo caso chiedi a chi ti assiste."),
    ]


def _reasons(placement: Placement) -> dict[str, list[Reason]]:
    """Criterion to the reasons of the members, in the order of their marks or, where nobody is to be told from another, in the
    order of the alphabet. Two queries."""
    application = placement.application
    shown = application.call.notice.publication.members
    members = who_marked(application.call, application.area_code)
    names = [str(member.user) for member in members] if shown is MembersShown.NAMES else labels(members)
    called = {member.pk: (index, name) for index, (member, name) in enumerate(zip(members, names, strict=True))}
    rows = (
        Mark.objects.filter(sheet__application=application, sheet__state=SheetState.FINAL)
        .exclude(reason="")
        .values_list("criterion", "sheet__member", "reason")
    )
    found: dict[str, list[tuple[int, Reason]]] = defaultdict(list)
    for criterion, member, text in rows:
        index, name = called.get(member, (0, _("Commissione")))
        found[criterion].append((index, Reason("" if shown is MembersShown.NONE else name, text)))
    if shown is MembersShown.NONE:
        return {code: sorted((reason for _index, reason in given), key=lambda r: r.text) for code, given in found.items()}
    return {code: [reason for _index, reason in sorted(given, key=lambda g: g[0])] for code, given in found.items()}


def _neighbours(result: Result) -> list[str]:
    """Why the proposal is behind the one above, or below a threshold, and ahead of the one below."""
    found = list(result.row.reasons)
    row = next(row for row in result.table.document["rows"] if row["application"] == result.row.number)
    if (ahead := row["explanation"]["ahead"]) is not None:
        found.append(_ahead(result.table, ahead))
    return found


def _ahead(table: TableView, ahead: dict[str, Any]) -> str:
    values = {
        "position": ahead["position"],
        "own": figure(ahead["own"]["published"]),
        "other": figure(ahead["other"]["published"]),
    }
    match LinkKind(ahead["link"]["kind"]):
        case LinkKind.TOTAL:
            return _("Prima del posto %(position)s per il totale: %(own)s contro %(other)s.") % values
        case LinkKind.DRAW:
            return _("Prima del posto %(position)s per il sorteggio: estratta per %(own)sª, l'altra per %(other)sª.") % values
        case LinkKind.BLOCK | LinkKind.CRITERION as kind:
            parts = table.grid.blocks if kind is LinkKind.BLOCK else table.grid.criteria
            title = next(part.title for part in parts if part.code == ahead["link"]["code"])
            return _("Stesso totale del posto %(position)s, ma più punti in «%(title)s»: %(own)s contro %(other)s.") % {
                **values,
                "title": title,
            }

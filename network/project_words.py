"""A project in words: what differs between two versions, and where the proposals behind it stand in the ranking."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.budget import Line, Volunteering
from applications.reading import words
from applications.sections.conditions import asked_codes
from applications.sections.fields import italian
from applications.sections.tables import is_number, spoken
from bando.amendments import Shown
from bando.notice.difference import Change as Told
from bando.notice.document import Budget, Question, QuestionType, Section, SectionKind
from bando.notice.grid import Criterion
from bando.notice.visible import together
from bando.templatetags.bando_ui import euro, points
from evaluation.models import Placement
from network.differences import (
    Amount,
    BudgetChange,
    Change,
    budgets,
    changes,
    filled,
    picked,
    rows,
    text_pieces,
)
from network.models import Project
from network.project_forms import WRITTEN
from network.projects import area_of, notice_of, outcome_of, sections_of, sources_of
from network.scored import Standing, standing

TEXTS = {QuestionType.SHORT_TEXT, QuestionType.LONG_TEXT}
Pieces = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class CellShown:
    head: str
    is_number: bool
    pieces: Pieces


@dataclass(frozen=True, slots=True)
class RowShown:
    """``kind`` is added, removed or changed."""

    kind: str
    cells: tuple[CellShown, ...]


@dataclass(frozen=True, slots=True)
class TableShown:
    label: str
    rows: tuple[RowShown, ...]

    @property
    def heads(self) -> tuple[CellShown, ...]:
        return self.rows[0].cells


@dataclass(frozen=True, slots=True)
class AmountShown:
    """In words; ``change`` has its sign, "" for none. ``before`` is "" where nothing changed."""

    head: str
    before: str
    after: str
    change: str


@dataclass(frozen=True, slots=True)
class LineShown:
    kind: str
    label: str
    amounts: tuple[AmountShown, ...]


@dataclass(frozen=True, slots=True)
class BudgetShown:
    """``same`` says how many lines did not change, "" for none."""

    lines: tuple[LineShown, ...]
    totals: tuple[AmountShown, ...]
    same: str


@dataclass(frozen=True, slots=True)
class Part:
    """What changed in a section: ``shown`` are single answers, as ``bando/_difference.html`` draws them; ``same`` are the labels
    of what stayed as it was."""

    section: Section
    shown: tuple[Shown, ...]
    tables: tuple[TableShown, ...]
    budget: BudgetShown | None
    same: tuple[str, ...]

    @property
    def is_changed(self) -> bool:
        return bool(self.shown or self.tables or self.budget)


def parts(project: Project, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Part]:
    """Section by section, of those that the table writes; answers to questions that neither version asks are not looked at."""
    made: dict[str, list[Change]] = {}
    for change in changes(sections_of(project), before, after):
        made.setdefault(change.section, []).append(change)
    asked = _asked(project, before) | _asked(project, after)
    found = []
    for section in sections_of(project):
        if section.kind not in WRITTEN:
            continue
        mine = made.get(section.code, [])
        if section.kind is SectionKind.BUDGET:
            found.append(_of_budget(project, section, before, after, is_changed=bool(mine)))
        else:
            found.append(_of_questions(section, mine, filled(after).get(section.code, {}), asked))
    return found


def _asked(project: Project, answers: Mapping[str, Any]) -> frozenset[str]:
    notice, area_code = notice_of(project), project.table.area_code
    return asked_codes(notice, area_code, together(notice, area_code, answers))


def _of_questions(section: Section, made: Sequence[Change], now: Mapping[str, Any], asked: Collection[str]) -> Part:
    questions = {question.code: question for question in section.questions if question.code in asked}
    told = [(questions[change.question], change) for change in made if change.question in questions]
    changed = {question.code for question, _change in told}
    same = tuple(question.label for code, question in questions.items() if code in now and code not in changed)
    shown = tuple(_shown(question, change) for question, change in told if question.type is not QuestionType.TABLE)
    tables = tuple(_table(question, change) for question, change in told if question.type is QuestionType.TABLE)
    return Part(section, shown, tables, None, same)


def _shown(question: Question, change: Change) -> Shown:
    before, after = words(question, change.before), words(question, change.after)
    told = Told((), change.kind, question.label, before, after)
    if change.kind != "changed":
        return Shown(told, [])
    if question.type in TEXTS:
        return Shown(told, text_pieces(change.before, change.after))
    if question.type is QuestionType.CHOICES:
        return Shown(told, _choices(question, change))
    return Shown(told, [])


def _choices(question: Question, change: Change) -> Pieces:
    added, removed = picked(change.before, change.after)
    pieces = [("removed" if code in removed else "same", f"{words(question, [code])} ") for code in change.before]
    return [*pieces, *(("added", f"{words(question, [code])} ") for code in added)]


def _table(question: Question, change: Change) -> TableShown:
    found = rows([column.code for column in question.columns], change.before, change.after)
    return TableShown(question.label, tuple(_row(question, was, now) for was, now in found))


def _row(question: Question, was: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> RowShown:
    kind = "added" if was is None else "removed" if now is None else "changed"
    cells = []
    for column in question.columns:
        plain = replace(column, unit="")
        before, after = (words(plain, row.get(column.code)) if row else "" for row in (was, now))
        cells.append(CellShown(spoken(column), is_number(column), _cell(before, after)))
    return RowShown(kind, tuple(cells))


def _cell(before: str, after: str) -> Pieces:
    if before == after:
        return [("same", after)]
    return [(kind, text) for kind, text in (("removed", before), ("added", after)) if text]


def _of_budget(
    project: Project, section: Section, before: Mapping[str, Any], after: Mapping[str, Any], *, is_changed: bool
) -> Part:
    if not is_changed:
        return Part(section, (), (), None, (section.title,))
    budget = notice_of(project).budget_for(project.table.area_code)
    found = budgets(outcome_of(project, before), outcome_of(project, after))
    same = ngettext("%(n)s riga è rimasta uguale.", "%(n)s righe sono rimaste uguali.", found.same) % {"n": found.same}
    shown = BudgetShown(
        tuple(_line(budget, change) for change in (*found.lines, *found.hours)),
        _amounts(found.total, found.own, found.grant),
        same if found.same else "",
    )
    return Part(section, (), (), shown, ())


def _line(budget: Budget, change: BudgetChange) -> LineShown:
    return LineShown(
        change.kind, _called(budget, change.after or change.before), _amounts(change.total, change.own, change.grant)
    )


def _called(budget: Budget, row: Line | Volunteering | None) -> str:
    if isinstance(row, Volunteering):
        hours = italian(row.hours.normalize() + 0)
        about = _("Ore dei volontari: %(activity)s, %(hours)s ore") % {"activity": row.activity, "hours": hours}
        return " · ".join(filter(None, (about, row.partner_name)))
    actions = {action.code: action.label for action in budget.actions}
    year = str(row.year) if row.year else ""
    return " · ".join(filter(None, (row.item.title, row.partner_name, year, actions.get(row.action, row.action), row.text)))


def _amounts(total: Amount, own: Amount, grant: Amount) -> tuple[AmountShown, ...]:
    heads = (_("Costo totale"), _("A carico dell'ente"), _("Contributo richiesto"))
    return tuple(_amount(head, amount) for head, amount in zip(heads, (total, own, grant), strict=True))


def _amount(head: str, amount: Amount) -> AmountShown:
    if not amount.change:
        return AmountShown(head, "", euro(amount.after), "")
    return AmountShown(head, euro(amount.before), euro(amount.after), signed(amount.change))


def signed(cents: int) -> str:
    """An amount that says whether it is more or less: ``+0,01 €``."""
    return f"+{euro(cents)}" if cents > 0 else euro(cents)


# What was scored


@dataclass(frozen=True, slots=True)
class Stake:
    """What a proposal had got on a criterion. ``points`` and ``most`` in words."""

    body: str
    points: str
    most: str


@dataclass(frozen=True, slots=True)
class Touched:
    """A criterion that a change touches, with what each proposal of the project had got on it."""

    name: str
    stakes: tuple[Stake, ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """``places``: where each proposal of the project stands in the published ranking, a sentence for each."""

    places: tuple[str, ...]
    criteria: tuple[Touched, ...]


def standings_of(project: Project) -> list[Standing]:
    """Where the proposals of the project stand in the version of the ranking that counts, the one that leads first. One query."""
    numbers = {source.application_id: source.application.number for source in sources_of(project)}
    placed = Placement.objects.filter(application__in=numbers).select_related("version").order_by("version__number")
    last = {placement.application_id: placement for placement in placed}
    found = (standing(last[key].version.document, number) for key, number in numbers.items() if key in last)
    return [row for row in found if row is not None]


def scored(project: Project, codes: Collection[str]) -> Scored:
    """What the ranking says of these criteria, by code."""
    found = standings_of(project)
    grid = notice_of(project).grid_for(area_of(project).code)
    criteria = tuple(_touched(criterion, found) for criterion in grid.criteria if criterion.code in codes)
    return Scored(tuple(place_words(row) for row in found), criteria)


def _touched(criterion: Criterion, found: Sequence[Standing]) -> Touched:
    got = [(row.body, row.of(criterion.code)) for row in found]
    most = italian(criterion.max_points)
    return Touched(criterion_name(criterion), tuple(Stake(body, italian(Decimal(p.points)), most) for body, p in got if p))


def criterion_name(criterion: Criterion) -> str:
    return f"{criterion.letter} {criterion.title}".strip()


def place_words(row: Standing) -> str:
    """As "Ente 1 (SW-2021-00001): 2ª su 7, con 81,20 punti: 1,30 in più della prima proposta senza posto."""
    facts = {
        "body": row.body,
        "number": row.number,
        "position": row.position,
        "ranked": row.ranked,
        "total": italian(Decimal(row.total)),
    }
    if row.position is None:
        return _("%(body)s (%(number)s): senza posizione in graduatoria, con %(total)s punti.") % facts
    place = _("%(body)s (%(number)s): %(position)sª su %(ranked)s, con %(total)s punti.") % facts
    return f"{place} {_border_words(row)}".strip()


def _border_words(row: Standing) -> str:
    if row.border is None:
        return _("Nessuna proposta è rimasta senza posto.") if row.is_selected else ""
    if not row.border:
        return _("È a pari punti con chi sta dall'altra parte dell'ultimo posto.")
    near = {"points": points(row.border)}
    if row.is_selected:
        return _("Ha %(points)s punti in più della prima proposta senza posto.") % near
    return _("Ha %(points)s punti in meno dell'ultima proposta scelta.") % near

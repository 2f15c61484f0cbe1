"""The economic plan of an application, as a form.

A budget that the call does not split has one row for each item, with two inputs (:func:`amounts_of`). A split one is a list of
lines that people add, and the hours of volunteers are another: both are tables of the form (``applications.sections.tables``),
named ``lines`` and ``volunteers``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.amounts import Unreadable, number
from applications.budget import Line, Outcome, Part, Rule, Sum, Volunteering, judge, judge_lines, sums, twins
from applications.sections import tables
from applications.sections.base import SectionForm
from applications.sections.budget_words import (
    parts_of,
    rules_for_pages,
    share_words,
    sum_head,
    sum_name,
    sum_title,
    told,
)
from applications.sections.fields import MoneyField, PickField, TextField
from applications.sections.tables import Table, TableField, TableRow
from bando.notice.document import Budget, Column, ColumnType
from bando.notice.grid import Criterion
from bando.templatetags.bando_ui import euro, first_control_id, in_italian_lazy

PARTNERS = "@partners"
"""Under this name ``known`` has the bodies of the application: ``{key: {"name", "share"}}``, the lead first; no question can be
called so."""
LINES, VOLUNTEERS = "lines", "volunteers"
MOST_LINES, MOST_VOLUNTEERS = 200, 50
SPARE_LINES, SPARE_VOLUNTEERS = 3, 2
LONGEST_TEXT = 200
MOST_HOURS = 1_000_000
RULES_ID = "budget-rules"
"""The id of the list of rules: where the summary of a page leads for what concerns the budget as a whole."""
EMPTY_OR_FILL = gettext_lazy("Scrivi questo dato, o svuota la riga.")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the budget table: ``grant`` is in cents, ``None`` while the line can't be computed."""

    title: str
    hint: str
    total: BoundField
    own: BoundField
    grant: int | None
    code: str


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """A row of lines or hours, with the ``result`` that its amounts give: in cents, ``None`` while it can't be computed."""

    row: TableRow
    result: int | None


@dataclass(frozen=True, slots=True)
class DrawnTable:
    """``pattern`` is the row that a script copies; ``most`` are the rows that there may be."""

    table: Table
    rows: tuple[DrawnRow, ...]
    pattern: DrawnRow


@dataclass(frozen=True, slots=True)
class DrawnSums:
    """Sums by one part, that a script keeps up to date: a row for each choice, also for those without lines yet. ``column`` is
    the input of a line that says to which of them it belongs."""

    part: str
    title: str
    head: str
    rows: tuple[tuple[Sum, str, str], ...]
    has_shares: bool


class HoursField(forms.CharField):
    """Hours, as ``Decimal``, by halves."""

    def __init__(self, **options: Any):
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "decimal"}), **options)

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        try:
            read = number(text)
        except Unreadable:
            raise ValidationError(_("Scrivi le ore con i numeri, per esempio 12 oppure 12,5."), code="unreadable") from None
        if read <= 0:
            raise ValidationError(_("Scrivi più di zero ore, o svuota la riga."), code="too_small")
        if read > MOST_HOURS:
            raise ValidationError(_("Sono troppe ore: controlla il numero che hai scritto."), code="too_big")
        if read * 2 % 1:
            raise ValidationError(_("Conta le ore intere o le mezze ore: per esempio 12 oppure 12,5."), code="halves")
        return read


class LinesField(TableField):
    """The lines of a split budget."""

    def row(self, row: int, texts: Mapping[str, str], wrong: list[ValidationError]) -> dict[str, Any]:
        values = super().row(row, texts, wrong)
        total, own = values.get("total"), values.get("own") or 0
        if total is not None and own > total:
            error = ValidationError(own_over_total(own, total), code="own_over_total")
            wrong.append(tables.in_cell(row, "own", self.cells["own"], error, error.message))
        return values


class BudgetForm(SectionForm):
    is_wide = True
    budget: Budget
    criterion: Criterion | None

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.partners: Mapping[str, Mapping[str, Any]] = self.known.get(PARTNERS, {})
        for name, field in self.fields.items():
            if isinstance(field, TableField) and "partner" in field.cells:
                self._let_choose_partners(name, field)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.budget.is_split:
            self._own_within_total(cleaned)
        if not self.errors:
            for check in self.outcome.checks:
                if check.passed:
                    continue
                if check.rule is Rule.MAX_HOURLY:
                    self._too_much_an_hour(told(check))
                else:
                    code = "required" if check.rule is Rule.SOME_COST else str(check.rule)
                    self.add_error(None, ValidationError(told(check), code=code))
        return cleaned

    @cached_property
    def outcome(self) -> Outcome:
        """The budget as far as it can be read: lines that are wrong count as zero until they are mended."""
        if not self.is_bound or self.errors is None:
            return judge_lines(self.budget, ()) if self.budget.is_split else judge(self.budget, {})
        hours = [row for _number, row in self.hours]
        if self.budget.is_split:
            return judge_lines(self.budget, (line for _number, line in self.lines), hours)
        return judge(self.budget, self._amounts(), hours)

    @cached_property
    def lines(self) -> list[tuple[int, Line]]:
        """The lines that can be read, with the numbers of their rows."""
        items = {item.code: item for item in self.budget.items}
        return [
            (
                row,
                Line(
                    items[values["item"]],
                    values["total"],
                    values["own"] or 0,
                    *self._partner(values),
                    values.get("year"),
                    values.get("action") or "",
                    values["text"],
                ),
            )
            for row, values in self._read(LINES)
        ]

    @cached_property
    def hours(self) -> list[tuple[int, Volunteering]]:
        """The hours of volunteers that can be read, with the numbers of their rows."""
        return [
            (row, Volunteering(values["activity"], values["hours"], values["hourly"], *self._partner(values)))
            for row, values in self._read(VOLUNTEERS)
        ]

    def faults(self) -> list[dict[str, str]]:
        found = [{"target": RULES_ID if self.checks() else "", "message": said} for said in self.non_field_errors()]
        for name in self.fields:
            if name in (LINES, VOLUNTEERS):
                found += tables.faults(self[name])
            else:
                found += [{"target": first_control_id(self[name]), "message": said} for said in self[name].errors]
        return found

    def checks(self) -> list[dict[str, Any]]:
        """The rules of the call, respected or not, in words; nothing until some cost is written."""
        if not self.outcome.total:
            return []
        checks = (check for check in self.outcome.checks if check.rule is not Rule.SOME_COST)
        return [{"passed": check.passed, "words": told(check)} for check in checks]

    def hints(self) -> list[str]:
        """What looks like a slip, and is none for the call."""
        return [
            _("Le righe %(rows)s dicono la stessa cosa. Uniscile in una, o descrivi in che cosa sono diverse.")
            % {"rows": _(" e ").join(filter(None, (", ".join(str(row) for row in rows[:-1]), str(rows[-1]))))}
            for rows in twins(self.lines if self.budget.is_split else ())
        ]

    def rows(self) -> list[Row]:
        lines = {line.item.code: line for line in self.outcome.lines}
        return [
            Row(
                item.title,
                item.hint,
                *(self[name] for name in amounts_of(item.code)),
                None if any(self.errors.get(name) for name in amounts_of(item.code)) else lines[item.code].grant,
                item.code,
            )
            for item in self.budget.items
        ]

    def lines_table(self) -> DrawnTable:
        return self._drawn(LINES, SPARE_LINES, {row: line.grant for row, line in self.lines} if self.is_bound else {})

    def volunteers_table(self) -> DrawnTable:
        return self._drawn(
            VOLUNTEERS, SPARE_VOLUNTEERS, {row: found.value for row, found in self.hours} if self.is_bound else {}
        )

    def sum_tables(self) -> list[DrawnSums]:
        """The sums by item, partner, year and action, with a row for each that may be chosen."""
        return [self._sums(part) for part in parts_of(self.budget)] if self.budget.is_split else []

    def rules_json(self) -> str:
        """What a script needs to judge the budget while one writes."""
        indirect = [item.code for item in self.budget.items if item.indirect]
        partners = [*self.partners] if len(self.partners) == 1 else []
        return json.dumps({"rules": rules_for_pages(self.budget), "indirect": indirect, "partner": "".join(partners)})

    @property
    def has_rows(self) -> bool:
        return any(isinstance(field, TableField) for field in self.fields.values())

    def blank_row(self, then: str) -> str:
        name = then.removeprefix(tables.MORE)
        if not then.startswith(tables.MORE) or not isinstance(field := self.fields.get(name), TableField):
            return ""
        typed = enumerate(self[name].value() or [], 1)
        blank = next((row for row, texts in typed if tables.is_blank(texts)), field.most)
        return f"id_{tables.cell_name(name, blank, next(iter(field.cells)))}"

    def values(self) -> dict[str, Any]:
        """One row per item: ``{"items": {code: {"total", "own", "grant"}}, "total", "own", "grant"}``. A split one has instead of
        ``items`` its ``lines``: ``{"item", "total", "own", "text"}`` with ``partner`` and its name, ``year`` and ``action`` where
        the call asks for them. ``volunteers``, where it does, are ``{"activity", "hours", "hourly", "value"}`` with their partner.
        All amounts are cents. The name of a partner is kept with its key: a body may be called otherwise later."""
        outcome = self.outcome
        found: dict[str, Any] = {"total": outcome.total, "own": outcome.own, "grant": outcome.grant}
        if self.budget.is_split:
            found["lines"] = [self._frozen(line) for line in outcome.lines]
        else:
            found["items"] = {
                line.item.code: {"total": line.total, "own": line.own, "grant": line.grant} for line in outcome.lines
            }
        if self.budget.volunteers is not None:
            found["volunteers"] = [
                {"activity": row.activity, "hours": row.hours, "hourly": row.hourly, "value": row.value} | self._of(row)
                for row in outcome.volunteers
            ]
        return found

    def _frozen(self, line: Line) -> dict[str, Any]:
        frozen = {"item": line.item.code, "total": line.total, "own": line.own, "text": line.text} | self._of(line)
        if self.budget.years:
            frozen["year"] = line.year
        if self.budget.actions:
            frozen["action"] = line.action
        return frozen

    def _of(self, made: Line | Volunteering) -> dict[str, str]:
        if not self.budget.by_partner:
            return {}
        return {"partner": made.partner, "partner_name": made.partner_name}

    def _read(self, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """The rows that can be read whole."""
        if name not in self.fields or not self.is_bound:
            return
        field = self.fields[name]
        for row, texts in enumerate(self[name].value() or [], 1):
            if not tables.is_blank(texts):
                wrong: list[ValidationError] = []
                values = field.row(row, texts, wrong)
                if not wrong:
                    yield row, values

    def _amounts(self) -> dict[str, tuple[int, int]]:
        amounts = {}
        for item in self.budget.items:
            total, own = (self.cleaned_data.get(name) or 0 for name in amounts_of(item.code))
            amounts[item.code] = (total, own) if own <= total else (0, 0)
        return amounts

    def _partner(self, values: Mapping[str, Any]) -> tuple[str, str]:
        """The key and the name of who spends. A body that is alone is not asked which one it is."""
        if not self.budget.by_partner:
            return "", ""
        key = values.get("partner") or next(iter(self.partners), "")
        return key, self.partners[key]["name"] if key in self.partners else ""

    def _let_choose_partners(self, name: str, field: TableField) -> None:
        cells = dict(field.cells)
        if len(self.partners) > 1:
            choices = [(key, facts["name"]) for key, facts in self.partners.items()]
            cells["partner"] = _chosen(_COLUMNS[name]["partner"], choices)
            cells["partner"].error_messages["invalid_choice"] = _(
                "Questo ente non è tra quelli della domanda: scegline un altro."
            )
        else:
            del cells["partner"]
        field.cells, field.widget.columns = cells, tuple(cells)

    def _shares(self) -> dict[str, int | None]:
        return {key: facts["share"] for key, facts in self.partners.items()} if len(self.partners) > 1 else {}

    def _drawn(self, name: str, spare: int, results: Mapping[int, int]) -> DrawnTable:
        field = self.fields[name]
        columns = [_COLUMNS[name][code] for code in field.cells]
        named = self._line_named if name == LINES else _hours_named
        table, pattern = tables.drawn_short(self[name], columns, spare=spare, named=named)
        rows = tuple(DrawnRow(row, results.get(row.number)) for row in table.sight)
        return DrawnTable(table, rows, DrawnRow(pattern, None))

    def _line_named(self, column: Column, row: int | str, texts: Mapping[str, str]) -> str:
        item = next((item.title for item in self.budget.items if item.code == texts.get("item")), "")
        figures = {"item": item, "row": row, "column": _lower(tables.spoken(column))}
        return _("%(item)s, riga %(row)s: %(column)s") % figures if item else _("Riga %(row)s: %(column)s") % figures

    def _sums(self, part: Part) -> DrawnSums:
        made = {found.key: found for found in sums(self.budget, self.outcome, part)}
        titles = {
            Part.ITEM: {item.code: item.title for item in self.budget.items},
            Part.PARTNER: {key: facts["name"] for key, facts in self.partners.items()},
            Part.YEAR: {str(year): str(year) for year in self.budget.years},
            Part.ACTION: {action.code: action.label for action in self.budget.actions},
        }[part]
        found = [made.pop(key, Sum(key, title, 0, 0, 0)) for key, title in titles.items()]
        if self.budget.volunteers is not None and part is not Part.PARTNER:
            found.append(made.pop("", Sum("", _("Ore dei volontari"), 0, 0, 0)))
        shares = self._shares() if part is Part.PARTNER else {}
        rows = [
            (row, sum_name(part, row) if row.key else _("Ore dei volontari"), share_words(shares.get(row.key)))
            for row in [*found, *made.values()]
        ]
        return DrawnSums(str(part), sum_title(part), sum_head(part), tuple(rows), bool(shares))

    def _own_within_total(self, cleaned: Mapping[str, Any]) -> None:
        for item in self.budget.items:
            total, own = (cleaned.get(name) for name in amounts_of(item.code))
            if own and own > (total or 0) and not self.errors.get(f"{item.code}__total"):
                sentence = _(
                    "%(item)s: a carico dell'ente hai scritto %(own)s, più del costo della voce, che è %(total)s. "
                    "Correggi uno dei due importi."
                ) % {"item": item.title, "own": euro(own), "total": euro(total or 0)}
                self.add_error(f"{item.code}__own", ValidationError(sentence, code="own_over_total"))

    def _too_much_an_hour(self, sentence: str) -> None:
        field, limit = self.fields[VOLUNTEERS], self.budget.volunteers.hourly_cents
        error = ValidationError(sentence, code=str(Rule.MAX_HOURLY))
        wrong = [
            tables.in_cell(row, "hourly", field.cells["hourly"], error, _hour_over(found.hourly, limit))
            for row, found in self.hours
            if found.hourly > limit
        ]
        self.add_error(VOLUNTEERS, wrong)


def amounts_of(item_code: str) -> tuple[str, str]:
    """The names of the two inputs of a budget item."""
    return f"{item_code}__total", f"{item_code}__own"


def own_over_total(own: int, total: int) -> str:
    return _("A carico dell'ente hai scritto %(own)s, più del costo, che è %(total)s. Correggi uno dei due importi.") % {
        "own": euro(own),
        "total": euro(total),
    }


def budget_fields(budget: Budget) -> dict[str, forms.Field]:
    """The fields of a budget, by name."""
    found: dict[str, forms.Field] = {LINES: _lines_field(budget)} if budget.is_split else _item_fields(budget)
    if budget.volunteers is not None:
        found[VOLUNTEERS] = _volunteers_field(budget)
    return found


def _item_fields(budget: Budget) -> dict[str, forms.Field]:
    found: dict[str, forms.Field] = {}
    for item in budget.items:
        for name, label, column in zip(
            amounts_of(item.code),
            (gettext_lazy("{item}: costo totale in euro"), gettext_lazy("{item}: a carico dell'ente in euro")),
            ("cost", "own"),
            strict=True,
        ):
            spoken = format_lazy(label, item=item.title)
            widget = forms.TextInput(attrs={"inputmode": "decimal", "aria-label": spoken, "data-column": column})
            found[name] = MoneyField(label=spoken, required=False, widget=widget)
    return found


def _lines_field(budget: Budget) -> LinesField:
    columns = _COLUMNS[LINES]
    items = [(item.code, in_italian_lazy(item.title)) for item in budget.items]
    cells: dict[str, forms.Field] = {"item": _chosen(columns["item"], items)}
    if budget.by_partner:
        cells["partner"] = _chosen(columns["partner"], [])
    if budget.years:
        cells["year"] = _chosen(columns["year"], [(year, str(year)) for year in budget.years], coerce=int)
    if budget.actions:
        actions = [(action.code, in_italian_lazy(action.label)) for action in budget.actions]
        cells["action"] = _chosen(columns["action"], actions)
    cells["text"] = _text(columns["text"].label, required=False)
    cells["total"] = _money(columns["total"].label, "cost")
    cells["own"] = _money(columns["own"].label, "own", required=False)
    return LinesField(label=gettext_lazy("Voci, costi e contributo"), cells=cells, most=MOST_LINES, required=False)


def _volunteers_field(budget: Budget) -> TableField:
    columns = _COLUMNS[VOLUNTEERS]
    cells: dict[str, forms.Field] = {"activity": _text(columns["activity"].label)}
    if budget.by_partner:
        cells["partner"] = _chosen(columns["partner"], [])
    cells["hours"] = HoursField(label=columns["hours"].label)
    cells["hours"].widget.attrs["data-column"] = "hours"
    cells["hourly"] = _money(columns["hourly"].label, "hourly")
    for field in cells.values():
        field.error_messages["required"] = EMPTY_OR_FILL
    return TableField(label=gettext_lazy("Ore dei volontari"), cells=cells, most=MOST_VOLUNTEERS, required=False)


def _chosen(column: Column, choices: list[tuple[Any, Any]], **options: Any) -> PickField:
    """``data-part`` tells a script to what the amounts of a row belong."""
    pairs = [("", gettext_lazy("Scegli")), *choices]
    field = PickField(label=column.label, choices=pairs, widget=forms.Select(attrs={"data-part": column.code}), **options)
    field.error_messages["required"] = gettext_lazy("Scegli dall'elenco, o svuota la riga.")
    return field


def _text(label: str | Promise, *, required: bool = True) -> TextField:
    field = TextField(label=label, limit=LONGEST_TEXT, required=required)
    field.error_messages["required"] = EMPTY_OR_FILL
    return field


def _money(label: str | Promise, column: str, *, required: bool = True) -> MoneyField:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "data-column": column})
    field = MoneyField(label=label, required=required, widget=widget)
    field.error_messages["required"] = EMPTY_OR_FILL
    return field


def _hours_named(column: Column, row: int | str, texts: Mapping[str, str]) -> str:
    return _("Volontari, riga %(row)s: %(column)s") % {"row": row, "column": _lower(tables.spoken(column))}


def _hour_over(hourly: int, limit: int) -> str:
    return _("Il massimo per un'ora è %(bound)s. Hai scritto %(read)s.") % {"bound": euro(limit), "read": euro(hourly)}


def _lower(head: str) -> str:
    return head[:1].lower() + head[1:]


def _column(code: str, label: Any, kind: ColumnType, *, required: bool = True) -> Column:
    return Column(code, label, kind, required=required)


_COLUMNS: dict[str, dict[str, Column]] = {
    LINES: {
        "item": _column("item", gettext_lazy("Voce"), ColumnType.CHOICE),
        "partner": _column("partner", gettext_lazy("Chi spende"), ColumnType.CHOICE),
        "year": _column("year", gettext_lazy("Anno"), ColumnType.CHOICE),
        "action": _column("action", gettext_lazy("Azione"), ColumnType.CHOICE),
        "text": _column("text", gettext_lazy("Descrizione"), ColumnType.SHORT_TEXT, required=False),
        "total": _column("total", gettext_lazy("Costo totale"), ColumnType.MONEY),
        "own": _column("own", gettext_lazy("A carico dell'ente"), ColumnType.MONEY, required=False),
    },
    VOLUNTEERS: {
        "activity": _column("activity", gettext_lazy("Attività"), ColumnType.SHORT_TEXT),
        "partner": _column("partner", gettext_lazy("Ente"), ColumnType.CHOICE),
        "hours": _column("hours", gettext_lazy("Ore"), ColumnType.NUMBER),
        "hourly": _column("hourly", gettext_lazy("Valore di un'ora"), ColumnType.MONEY),
    },
}

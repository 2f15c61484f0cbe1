"""A question answered by a table: rows that people add, cells that are judged as the questions of the same type.

A table is one field. Its inputs are named ``code__ROW__column``, rows counted from 1 as on the page, and its value is a list
with a dictionary for each row that has something in it; blank rows are nothing, wherever they stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bando.notice.document import Column, ColumnType

SPARE = 2
"""Blank rows in sight after those that are filled; the others open on request."""


MORE = "rows:"
"""What the button of a table says, before the name of its field: keep the section, and show it with more blank rows."""
ANY_ROW = "__N__"
"""Stands for the number of a row that a script adds."""


def cell_name(code: str, row: int | str, column: str) -> str:
    """The name of the input of a cell; ``row`` from 1, or :data:`ANY_ROW`."""
    return f"{code}__{row}__{column}"


def typed_rows(data: Mapping[str, Any], code: str, columns: Sequence[str], most: int) -> list[dict[str, str]]:
    """The cells of every row as they were typed, by column, blank rows too."""
    return [{column: data.get(cell_name(code, row, column), "") for column in columns} for row in range(1, most + 1)]


class RowsInput(forms.Widget):
    """Reads the cells of a table, as they were typed: a dictionary of texts by column for each row, blank or not."""

    def __init__(self, *, columns: Sequence[str], most: int):
        super().__init__()
        self.columns, self.most = columns, most

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[dict[str, str]]:
        return typed_rows(data, name, self.columns, self.most)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not any(any(texts.values()) for texts in self.value_from_datadict(data, files, name))


class TableField(forms.Field):
    """``cells`` are the fields of the columns, by code; ``least`` and ``most`` count rows that have something in them."""

    def __init__(self, *, label: str, cells: Mapping[str, forms.Field], least: int = 0, most: int, **options: Any):
        self.cells, self.least, self.most = cells, least, most
        super().__init__(
            label=label,
            widget=RowsInput(columns=tuple(cells), most=most),
            error_messages={"required": gettext_lazy("Compila almeno una riga.")},
            **options,
        )

    def clean(self, value: list[dict[str, str]]) -> list[dict[str, Any]]:
        wrong: list[ValidationError] = []
        rows = [self.row(row, texts, wrong) for row, texts in enumerate(value or [], 1) if not is_blank(texts)]
        if not rows and self.required:
            wrong.append(ValidationError(self.error_messages["required"], code="required"))
        elif rows and len(rows) < self.least:
            sentence = ngettext("Compila almeno %(n)s riga.", "Compila almeno %(n)s righe.", self.least)
            wrong.append(ValidationError(sentence, code="too_few", params={"n": self.least}))
        if wrong:
            raise ValidationError(wrong)
        return rows

    def row(self, row: int, texts: Mapping[str, str], wrong: list[ValidationError]) -> dict[str, Any]:
        """The values of a row; what can't be read is told in ``wrong``, by row and column."""
        values = {}
        for code, field in self.cells.items():
            try:
                values[code] = field.clean(texts[code])
            except ValidationError as found:
                wrong += [in_cell(row, code, field, error, sentence) for error in found.error_list for sentence in error]
        return values

    def typed(self, data: Mapping[str, Any], name: str) -> dict[str, str]:
        """The inputs of the rows that have something in them, by name: the others are not worth storing."""
        return {
            cell_name(name, row, column): text
            for row, texts in enumerate(self.widget.value_from_datadict(data, None, name), 1)
            if not is_blank(texts)
            for column, text in texts.items()
        }


Named = Callable[[Column, int | str, Mapping[str, str]], str]
"""What a cell is called, from its column, the number of its row and what is typed in that row."""


@dataclass(frozen=True, slots=True)
class Cell:
    """``control`` is the input, whole; ``errors`` are sentences without the row and the column."""

    name: str
    column: Column
    control: str
    errors: tuple[str, ...]

    @property
    def head(self) -> str:
        return spoken(self.column)

    @property
    def is_number(self) -> bool:
        return is_number(self.column)


@dataclass(frozen=True, slots=True)
class TableRow:
    number: int | str
    is_blank: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """What a page draws: the rows in ``sight`` without JavaScript, and the ``rest``, blank; ``errors`` of the whole."""

    columns: tuple[Column, ...]
    sight: tuple[TableRow, ...]
    rest: tuple[TableRow, ...]
    errors: tuple[str, ...]
    least: int
    most: int

    @property
    def has_errors(self) -> bool:
        return any(cell.errors for row in self.sight for cell in row.cells)


def drawn(bound: BoundField, columns: Iterable[Column], *, named: Named | None = None) -> Table:
    """The table of a bound :class:`TableField`, with all the rows that it may have. ``named`` says how a cell is called by who
    hears it alone."""
    columns = tuple(columns)
    rows, last, of_all = _rows(bound, columns, bound.field.most, named or _named)
    seen = max(last + SPARE, bound.field.least)
    return Table(columns, rows[:seen], rows[seen:], of_all, bound.field.least, bound.field.most)


def drawn_short(bound: BoundField, columns: Iterable[Column], *, spare: int, named: Named) -> tuple[Table, TableRow]:
    """A table that may have too many rows to draw them all: up to the last that is filled, with ``spare`` blank ones after it.
    Beside it, the row that a script copies to add one, its number being :data:`ANY_ROW`."""
    columns = tuple(columns)
    rows, _, of_all = _rows(bound, columns, None, named, spare)
    table = Table(columns, rows, (), of_all, bound.field.least, bound.field.most)
    return table, _drawn_row(bound, columns, ANY_ROW, {}, {}, named)


def _rows(
    bound: BoundField, columns: tuple[Column, ...], count: int | None, named: Named, spare: int = SPARE
) -> tuple[tuple[TableRow, ...], int, tuple[str, ...]]:
    """``count`` rows, or as many as are filled and the spare ones; the number of the last that is filled; what is wrong with
    the whole."""
    texts = {row: found for row, found in enumerate(bound.value() or [], 1) if not is_blank(found)}
    errors, of_all = _errors_by_cell(bound)
    last = max(texts, default=0)
    count = min(last + spare, bound.field.most) if count is None else count
    rows = (_drawn_row(bound, columns, row, texts.get(row, {}), errors, named) for row in range(1, count + 1))
    return tuple(rows), last, of_all


def faults(bound: BoundField) -> list[dict[str, str]]:
    """What to correct in the table, each with the input where it is mended, for the summary of the page."""
    first = next(iter(bound.field.cells))
    found = []
    for error in bound.errors.as_data():
        place = error.params if error.params and "column" in error.params else {"row": 1, "column": first}
        target = f"id_{cell_name(bound.name, place['row'], place['column'])}"
        named = "column" in (error.params or {})
        for sentence in error:
            message = sentence if named else _("«%(label)s»: %(sentence)s") % {"label": bound.label, "sentence": sentence}
            found.append({"target": target, "message": message})
    return found


def is_blank(texts: Mapping[str, str]) -> bool:
    return not any(text.strip() for text in texts.values())


def in_cell(row: int, code: str, field: forms.Field, error: ValidationError, sentence: str) -> ValidationError:
    """``sentence`` about one cell, with the ``code`` of the ``error`` that it comes from."""
    params = {"row": row, "column": code, "label": field.label, "sentence": sentence}
    return ValidationError(_("Riga %(row)s, %(label)s: %(sentence)s"), code=error.code, params=params)


def _errors_by_cell(bound: BoundField) -> tuple[dict[tuple[int, str], tuple[str, ...]], tuple[str, ...]]:
    by_cell: dict[tuple[int, str], tuple[str, ...]] = {}
    of_all: tuple[str, ...] = ()
    for error in bound.errors.as_data():
        if error.params and "column" in error.params:
            place = error.params["row"], error.params["column"]
            by_cell[place] = (*by_cell.get(place, ()), error.params["sentence"])
        else:
            of_all += tuple(error)
    return by_cell, of_all


def _named(column: Column, row: int | str, texts: Mapping[str, str]) -> str:
    return _("Riga %(row)s: %(column)s") % {"row": row, "column": spoken(column)}


def _drawn_row(
    bound: BoundField,
    columns: Iterable[Column],
    row: int | str,
    texts: Mapping[str, str],
    errors: Mapping[tuple[int | str, str], tuple[str, ...]],
    named: Named,
) -> TableRow:
    cells = []
    for column in columns:
        name, told = cell_name(bound.name, row, column.code), errors.get((row, column.code), ())
        widget = bound.field.cells[column.code].widget
        kind = "form-select" if isinstance(widget, forms.Select) else "form-control"
        attrs = {
            "id": f"id_{name}",
            "class": f"{kind} is-invalid" if told else kind,
            "aria-label": named(column, row, texts),
        }
        if told:
            attrs |= {"aria-invalid": "true", "aria-describedby": f"{name}-e"}
        control = widget.render(name, texts.get(column.code, ""), attrs, bound.form.renderer)
        cells.append(Cell(name, column, control, told))
    return TableRow(row, not texts, tuple(cells))


def is_number(column: Column) -> bool:
    """Is it written under its head on the right?"""
    return column.type in {ColumnType.NUMBER, ColumnType.MONEY}


def spoken(column: Column) -> str:
    """The head of a column, with the unit of its numbers."""
    if column.type is ColumnType.MONEY:
        return _("%(column)s in euro") % {"column": column.label}
    return f"{column.label} ({column.unit})" if column.unit else column.label

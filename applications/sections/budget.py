"""The economic plan of an application, as a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.budget import Outcome, judge
from applications.sections.base import SectionForm
from applications.sections.budget_words import told
from applications.sections.fields import MoneyField
from bando.notice.document import Budget
from bando.notice.grid import Criterion
from bando.templatetags.bando_ui import euro


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the budget table: ``grant`` is in cents, ``None`` while the line can't be computed."""

    title: str
    hint: str
    total: BoundField
    own: BoundField
    grant: int | None


class BudgetForm(SectionForm):
    is_wide = True
    budget: Budget
    criterion: Criterion | None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for item in self.budget.items:
            total, own = (cleaned.get(name) for name in amounts_of(item.code))
            if own and own > (total or 0) and not self.errors.get(f"{item.code}__total"):
                sentence = _(
                    "%(item)s: a carico dell'ente hai scritto %(own)s, più del costo della voce, che è %(total)s. "
                    "Correggi uno dei due importi."
                ) % {"item": item.title, "own": euro(own), "total": euro(total or 0)}
                self.add_error(f"{item.code}__own", forms.ValidationError(sentence, code="own_over_total"))
        if not self.errors:
            for check in self._judged(cleaned).checks:
                if not check.passed:
                    code = "required" if check.rule == "some_cost" else str(check.rule)
                    self.add_error(None, forms.ValidationError(told(check), code=code))
        return cleaned

    @property
    def outcome(self) -> Outcome:
        """The budget as far as it can be read: lines that are wrong count as zero until they are mended."""
        return self._judged(self.cleaned_data if self.is_bound and self.errors is not None else {})

    def checks(self) -> list[dict[str, Any]]:
        """The rules of the call, respected or not, in words; nothing until some cost is written."""
        outcome = self.outcome
        if not outcome.total:
            return []
        return [{"passed": check.passed, "words": told(check)} for check in outcome.checks if check.rule != "some_cost"]

    def rows(self) -> list[Row]:
        lines = {line.item.code: line for line in self.outcome.lines}
        return [
            Row(
                item.title,
                item.hint,
                *(self[name] for name in amounts_of(item.code)),
                None if any(self.errors.get(name) for name in amounts_of(item.code)) else lines[item.code].grant,
            )
            for item in self.budget.items
        ]

    def values(self) -> dict[str, Any]:
        outcome = self.outcome
        return {
            "items": {line.item.code: {"total": line.total, "own": line.own, "grant": line.grant} for line in outcome.lines},
            "total": outcome.total,
            "own": outcome.own,
            "grant": outcome.grant,
        }

    def _judged(self, cleaned: Mapping[str, Any]) -> Outcome:
        amounts = {}
        for item in self.budget.items:
            total, own = (cleaned.get(name) or 0 for name in amounts_of(item.code))
            amounts[item.code] = (total, own) if own <= total else (0, 0)
        return judge(self.budget, amounts)


def amounts_of(item_code: str) -> tuple[str, str]:
    """The names of the two inputs of a budget item."""
    return f"{item_code}__total", f"{item_code}__own"


def budget_fields(budget: Budget) -> dict[str, forms.Field]:
    found = {}
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

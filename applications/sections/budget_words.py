"""A budget in words: the rules about it, respected or not, and its tables as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.budget import Check, Outcome, Part, Rule, Sum, percent, shown_percent, sums
from applications.sections.fields import italian
from bando.notice.document import Budget
from bando.templatetags.bando_ui import euro, in_italian

AT_LEAST = {Rule.MIN_OWN_SHARE, Rule.MIN_ITEM_OWN}
IN_EURO = {Rule.MAX_GRANT, Rule.MAX_HOURLY}


def told(check: Check) -> str:
    """The sentence about one rule: what was written, what the call asks, and by how much they differ."""
    figures = {"amount": _figure(check.rule, check.amount), "limit": _figure(check.rule, check.limit, is_limit=True)}
    if check.item is not None:
        figures["item"] = check.item.title
    return sentence(check.rule, passed=check.passed, gap=check.gap) % {**figures, "gap": euro(check.gap)}


def sentence(rule: Rule, *, passed: bool, gap: int) -> str:
    """The words of a rule, to be filled in with ``amount``, ``limit``, ``gap`` and ``item``. Of the cents that are missing,
    one alone takes the singular."""
    match rule, passed:
        case Rule.SOME_COST, True:
            return _("Ci sono dei costi.")
        case Rule.SOME_COST, False:
            return _("Scrivi il costo di almeno una voce.")
        case Rule.MAX_GRANT, True:
            return _("Chiedi %(amount)s: il massimo è %(limit)s.")
        case Rule.MAX_GRANT, False:
            return _("Hai chiesto %(amount)s. Il massimo è %(limit)s: togli %(gap)s.")
        case Rule.MIN_OWN_SHARE, True:
            return _("La quota degli enti è il %(amount)s%% del totale: rispetta il minimo del %(limit)s%%.")
        case Rule.MIN_OWN_SHARE, False:
            return ngettext(
                "La quota degli enti è il %(amount)s%% del totale. L'avviso chiede almeno il %(limit)s%%: manca %(gap)s.",
                "La quota degli enti è il %(amount)s%% del totale. L'avviso chiede almeno il %(limit)s%%: mancano %(gap)s.",
                gap,
            )
        case Rule.MAX_INDIRECT, True:
            return _("Costi indiretti: %(amount)s%% del totale. Il massimo è il %(limit)s%%.")
        case Rule.MAX_INDIRECT, False:
            return _("Costi indiretti: %(amount)s%% del totale. Il massimo è il %(limit)s%%: con questo totale togli %(gap)s.")
        case Rule.MIN_ITEM_OWN, True:
            return _("%(item)s: gli enti mettono il %(amount)s%% del costo. Il minimo è il %(limit)s%%.")
        case Rule.MIN_ITEM_OWN, False:
            return ngettext(
                "%(item)s: gli enti mettono il %(amount)s%% del costo. L'avviso chiede almeno il %(limit)s%%: manca %(gap)s.",
                "%(item)s: gli enti mettono il %(amount)s%% del costo. L'avviso chiede almeno il %(limit)s%%: mancano %(gap)s.",
                gap,
            )
        case Rule.MAX_ITEM, True:
            return _("%(item)s: %(amount)s%% del totale. Il massimo è il %(limit)s%%.")
        case Rule.MAX_ITEM, False:
            return _("%(item)s: %(amount)s%% del totale. Il massimo è il %(limit)s%%: con questo totale togli %(gap)s.")
        case Rule.MAX_VOLUNTEERS, True:
            return _("Ore dei volontari: %(amount)s%% di quanto mettono gli enti. Il massimo è il %(limit)s%%.")
        case Rule.MAX_VOLUNTEERS, False:
            return _(
                "Ore dei volontari: %(amount)s%% di quanto mettono gli enti. Il massimo è il %(limit)s%%: togli %(gap)s di ore."
            )
        case Rule.MAX_HOURLY, True:
            return _("Un'ora dei volontari vale al massimo %(amount)s: l'avviso permette fino a %(limit)s.")
    return _("Un'ora dei volontari vale %(amount)s. Il massimo è %(limit)s: togli %(gap)s per ogni ora.")


def rules_for_pages(budget: Budget) -> list[dict[str, Any]]:
    """The rules of the call as a script judges them while one writes: exact limits (cents, or a fraction of percent), the item
    that they are about, and the sentences with the places where its figures go, the singular of a missing cent apart."""
    items = [(Rule.MIN_ITEM_OWN, item, item.min_own_percent) for item in budget.items]
    items += [(Rule.MAX_ITEM, item, item.max_percent) for item in budget.items]
    order = {item.code: place for place, item in enumerate(budget.items)}
    items.sort(key=lambda found: order[found[1].code])
    volunteers = budget.volunteers
    limits: list[tuple[Rule, Any, Decimal | int | None]] = [
        (Rule.MAX_GRANT, None, budget.max_grant_cents),
        (Rule.MIN_OWN_SHARE, None, budget.min_own_share_percent),
        (Rule.MAX_INDIRECT, None, budget.max_indirect_percent),
        *items,
        (Rule.MAX_VOLUNTEERS, None, volunteers.max_percent if volunteers else None),
        (Rule.MAX_HOURLY, None, volunteers.hourly_cents if volunteers else None),
    ]
    return [_for_page(rule, item, Fraction(limit)) for rule, item, limit in limits if limit is not None]


def _for_page(rule: Rule, item: Any, limit: Fraction) -> dict[str, Any]:
    places = {"amount": "{amount}", "limit": _figure(rule, limit, is_limit=True), "gap": "{gap}"}
    places["item"] = item.title if item else ""
    return {
        "rule": str(rule),
        "item": item.code if item else "",
        "limit": [str(limit.numerator), str(limit.denominator)],
        "pass": sentence(rule, passed=True, gap=0) % places,
        "failOne": sentence(rule, passed=False, gap=1) % places,
        "failMany": sentence(rule, passed=False, gap=2) % places,
    }


def _figure(rule: Rule, value: Fraction, *, is_limit: bool = False) -> str:
    if rule in IN_EURO:
        return euro(int(value))
    return italian(shown_percent(value, up=not is_limit and rule not in AT_LEAST))


# Tables


@dataclass(frozen=True, slots=True)
class BudgetCell:
    head: str
    text: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class BudgetTable:
    """A table to be read: ``code`` tells it from the others of its section ("" is the first), the first cell of a row is its
    head. ``foot`` is the row of totals, without the cells of words between its head and the first amount: ``span`` is how
    many columns its head takes."""

    code: str
    title: str
    rows: tuple[tuple[BudgetCell, ...], ...]
    foot: tuple[BudgetCell, ...] = ()
    span: int = 1
    note: str = ""

    @property
    def heads(self) -> tuple[BudgetCell, ...]:
        return self.rows[0] if self.rows else ()


def tables_of(budget: Budget, outcome: Outcome, shares: Mapping[str, int | None] | None = None) -> tuple[BudgetTable, ...]:
    """The budget as a reader wants it: its lines, the hours of volunteers, and what each item, partner, year and action
    costs. ``shares`` are the parts of the group by key of the partner, in hundredths of a percent, where they are known."""
    found = [_lines(budget, outcome)] if outcome.lines else []
    if outcome.volunteers:
        found += [_volunteers(budget, outcome), _all(outcome)]
    if budget.is_split and outcome.lines:
        found += [sum_table(part, sums(budget, outcome, part), outcome.total, shares) for part in parts_of(budget)]
    return tuple(found)


def parts_of(budget: Budget) -> list[Part]:
    """By what the sums of a split budget are shown."""
    asked = {Part.PARTNER: budget.by_partner, Part.YEAR: bool(budget.years), Part.ACTION: bool(budget.actions)}
    return [Part.ITEM, *(part for part, is_asked in asked.items() if is_asked)]


def sum_title(part: Part) -> str:
    return {
        Part.ITEM: _("Totali per voce"),
        Part.PARTNER: _("Totali per ente"),
        Part.YEAR: _("Totali per anno"),
        Part.ACTION: _("Totali per azione"),
    }[part]


def sum_head(part: Part) -> str:
    return {Part.ITEM: _("Voce"), Part.PARTNER: _("Ente"), Part.YEAR: _("Anno"), Part.ACTION: _("Azione")}[part]


def sum_name(part: Part, made: Sum) -> str:
    """What a row of a sum is called."""
    if not made.key:
        return _("Ore dei volontari") if made.volunteered else _("Non indicato")
    return in_italian(made.title) if part in {Part.ITEM, Part.ACTION} else made.title


def share_words(share: int | None) -> str:
    """The part of a body in its group, from hundredths of a percent."""
    return "–" if share is None else f"{italian(Decimal(share).scaleb(-2).normalize() + 0)}%"


def sum_table(part: Part, found: list[Sum], total: int, shares: Mapping[str, int | None] | None = None) -> BudgetTable:
    rows = []
    for made in found:
        row = [BudgetCell(sum_head(part), sum_name(part, made)), *_amounts(made.total, made.own, made.grant)]
        of_total = italian(shown_percent(percent(made.total, total), up=False))
        row.append(BudgetCell(_("Parte del totale"), f"{of_total}%", True))
        if part is Part.PARTNER and shares:
            row.append(BudgetCell(_("Quota nel gruppo"), share_words(shares.get(made.key)), True))
        rows.append(tuple(row))
    return BudgetTable(str(part), sum_title(part), tuple(rows))


def _lines(budget: Budget, outcome: Outcome) -> BudgetTable:
    actions = {action.code: action.label for action in budget.actions}
    rows = []
    for line in outcome.lines:
        row = [BudgetCell(_("Voce"), in_italian(line.item.title))]
        if budget.by_partner:
            row.append(BudgetCell(_("Chi spende"), line.partner_name or "–"))
        if budget.years:
            row.append(BudgetCell(_("Anno"), str(line.year)))
        if budget.actions:
            row.append(BudgetCell(_("Azione"), in_italian(actions.get(line.action, line.action))))
        if budget.is_split:
            row.append(BudgetCell(_("Descrizione"), line.text or "–"))
        rows.append((*row, *_amounts(line.total, line.own, line.grant)))
    head = _("Totale in denaro") if outcome.volunteers else _("Totale")
    foot = (BudgetCell("", head), *_amounts(outcome.spent, outcome.paid, outcome.grant))
    return BudgetTable("", _("Voci, costi e contributo"), tuple(rows), foot, span=len(rows[0]) - 3)


def _volunteers(budget: Budget, outcome: Outcome) -> BudgetTable:
    rows = []
    for row in outcome.volunteers:
        cells = [BudgetCell(_("Attività"), row.activity)]
        if budget.by_partner:
            cells.append(BudgetCell(_("Ente"), row.partner_name or "–"))
        cells.append(BudgetCell(_("Ore"), italian(row.hours.normalize() + 0), True))
        cells.append(BudgetCell(_("Valore di un'ora"), euro(row.hourly), True))
        rows.append((*cells, BudgetCell(_("Valore"), euro(row.value), True)))
    foot = (BudgetCell("", _("Totale")), BudgetCell(_("Valore"), euro(outcome.volunteered), True))
    return BudgetTable(
        "volunteers", _("Ore dei volontari"), tuple(rows), foot, len(rows[0]) - 1, _("Valorizzate, mai rimborsate.")
    )


def _all(outcome: Outcome) -> BudgetTable:
    row = (BudgetCell(_("Importi"), _("Denaro e ore dei volontari")), *_amounts(outcome.total, outcome.own, outcome.grant))
    return BudgetTable("all", _("Totali del piano economico"), (row,))


def _amounts(total: int, own: int, grant: int) -> tuple[BudgetCell, ...]:
    return (
        BudgetCell(_("Costo totale"), euro(total), True),
        BudgetCell(_("A carico dell'ente"), euro(own), True),
        BudgetCell(_("Contributo richiesto"), euro(grant), True),
    )

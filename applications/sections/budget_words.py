"""The rules about a budget, in words, whether they are respected or not."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.budget import Check, Rule, shown_percent
from applications.sections.fields import italian
from bando.templatetags.bando_ui import euro


def told(check: Check) -> str:
    """The sentence about one rule: what was written, what the call asks, and by how much they differ."""
    return _SENTENCES[check.rule](check)


def _some_cost(check: Check) -> str:
    return _("Ci sono dei costi.") if check.passed else _("Scrivi il costo di almeno una voce.")


def _max_grant(check: Check) -> str:
    figures = {"asked": euro(int(check.amount)), "limit": euro(int(check.limit))}
    if check.passed:
        return _("Chiedi %(asked)s: il massimo è %(limit)s.") % figures
    return _("Hai chiesto %(asked)s. Il massimo è %(limit)s: togli %(gap)s.") % {**figures, "gap": euro(check.gap)}


def _min_own_share(check: Check) -> str:
    figures = {"share": italian(shown_percent(check.amount, up=False)), "limit": _limit(check)}
    if check.passed:
        return _("La quota degli enti è il %(share)s%% del totale: rispetta il minimo del %(limit)s%%.") % figures
    # One cent is "manca 0,01 €", all other amounts take the plural.
    return ngettext(
        "La quota degli enti è il %(share)s%% del totale. L'avviso chiede almeno il %(limit)s%%: manca %(gap)s.",
        "La quota degli enti è il %(share)s%% del totale. L'avviso chiede almeno il %(limit)s%%: mancano %(gap)s.",
        check.gap,
    ) % {**figures, "gap": euro(check.gap)}


def _max_indirect(check: Check) -> str:
    figures = {"share": italian(shown_percent(check.amount, up=True)), "limit": _limit(check)}
    if check.passed:
        return _("Costi indiretti: %(share)s%% del totale. Il massimo è il %(limit)s%%.") % figures
    return _("Costi indiretti: %(share)s%% del totale. Il massimo è il %(limit)s%%: con questo totale togli %(gap)s.") % {
        **figures,
        "gap": euro(check.gap),
    }


def _limit(check: Check) -> str:
    return italian(shown_percent(check.limit, up=False))


_SENTENCES = {
    Rule.SOME_COST: _some_cost,
    Rule.MAX_GRANT: _max_grant,
    Rule.MIN_OWN_SHARE: _min_own_share,
    Rule.MAX_INDIRECT: _max_indirect,
}

"""What was done about the support of a Spazio, in words: its plan, version by version, and the steps of the plan."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from bando.templatetags.bando_ui import day
from network.models import Space, SupportActionStep
from network.transitions import WRITE_PLAN


def support_history(space: Space) -> list[dict[str, Any]]:
    """The acts on the plan of a Spazio and on its steps, as they came; each with what it said (``lines``). Two queries."""
    plans = space.steps.filter(act=WRITE_PLAN.name).select_related("by")
    of_actions = SupportActionStep.objects.filter(row__plan__space=space).select_related("by", "row")
    rows = [*((step, _plan(step.facts)) for step in plans), *((step, _action(step)) for step in of_actions)]
    rows.sort(key=lambda row: (row[0].at, row[0].entry_id))
    return [{"step": step, "lines": lines} for step, lines in rows]


def _plan(facts: dict[str, Any]) -> list[str]:
    lines = [_("Versione %(n)s") % {"n": facts["version"]}]
    if facts["needs"]:
        lines.append(_("Da dove si parte: %(text)s") % {"text": facts["needs"]})
    return [*lines, _("Obiettivi: %(text)s") % {"text": facts["goals"]}]


def _action(step: SupportActionStep) -> list[str]:
    done_on, outcome = step.facts.get("done_on"), step.facts.get("outcome")
    lines = [step.row.text]
    if done_on:
        lines.append(_("fatto il %(day)s") % {"day": day(date.fromisoformat(done_on))} + (f": {outcome}" if outcome else ""))
    return lines

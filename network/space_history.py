"""What changed of a Spazio or of a task, step by step, in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from bando.templatetags.bando_ui import day
from network.models import Owner, Space, Task
from network.words import TASK_KINDS

_LISTS = ("hours", "exceptions", "functions", "languages")


def told(steps: Iterable[Any]) -> list[dict[str, Any]]:
    """Each step with the sentences that say what it changed; none for an act that changes a state alone."""
    return [{"step": step, "changes": _changes(step)} for step in steps]


def _changes(step: Any) -> list[str]:
    facts, model = step.facts, type(step)._meta.get_field("row").related_model
    match step.act:
        case "describe":
            pairs = [(name, facts["was"].get(name), facts["is"].get(name)) for name in facts["changed"]]
        case "change" | "rename":
            pairs = [(name, facts["was"][name], facts["is"][name]) for name in facts["is"] if name in facts["was"]]
        case "expect":
            pairs = [("expected_on", facts["was"], facts["is"])]
        case "move":
            return [
                _("%(address)s, dal %(day)s")
                % {"address": facts["address"], "day": day(date.fromisoformat(facts["first_day"]))}
            ]
        case _:
            return []
    return [_pair(model, name, was, now) for name, was, now in pairs if was != now or name not in facts.get("is", {})]


def _pair(model: type[Space | Task], name: str, was: Any, now: Any) -> str:
    label = str(model._meta.get_field(name).verbose_name)
    label = label[:1].upper() + label[1:]
    if name in _LISTS or (was is None and now is None):
        return label
    return _("%(label)s: da «%(was)s» a «%(now)s»") % {"label": label, "was": _words(name, was), "now": _words(name, now)}


def _words(name: str, value: Any) -> str:
    if value in (None, ""):
        return _("niente")
    if isinstance(value, bool):
        return _("sì") if value else _("no")
    if name == "owner":
        return str(Owner(value).label)
    if name == "kind":
        return str(TASK_KINDS.get(value, value))
    if name.endswith("_on"):
        return day(date.fromisoformat(value))
    return str(value)

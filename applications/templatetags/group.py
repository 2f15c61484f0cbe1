"""The bodies of a group, wherever the lead sees them."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext as _

from applications.groups.participants import form_of, is_certified, present, total_share, what_changed
from applications.groups.shares import WHOLE, percent
from applications.models import Application, Participant

register = template.Library()


@register.inclusion_tag("applications/_group_members.html")
def group_members(application: Application, editable: bool = False) -> dict[str, Any]:
    """Nothing for an application that is in no database, as those of a preview."""
    members = [] if application._state.adding else present(application)
    how = form_of(application) if members else {}
    total = total_share(members)
    return {
        "members": [_shown(member, application, how) for member in members],
        "total": percent(total),
        "is_whole": total == WHOLE,
        "application": application,
        "editable": editable,
    }


def _shown(member: Participant, application: Application, how: dict[str, Any]) -> dict[str, Any]:
    changed = [] if member.is_lead or member.organisation is None else what_changed(member, application, how)
    if member.is_lead:
        kind, state = "info", _("Guida il gruppo")
    elif member.organisation_id is None:
        kind, state = "neutral", _("Non ha ancora risposto")
    elif is_certified(member, application, how):
        kind, state = "open", _("Ha confermato")
    elif changed:
        kind, state = "danger", _("Deve confermare di nuovo")
    else:
        kind, state = "progress", _("Deve confermare")
    share = percent(member.share) if member.share else ""
    return {"row": member, "name": member, "share": share, "kind": kind, "state": state, "changed": ", ".join(changed)}

"""What happened to an application and what comes next, in the words of the applicant's pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from applications.models import Application, ApplicationStep
from applications.states import ApplicationState
from bando.notice.document import Notice
from bando.templatetags.bando_ui import in_italian

TOLD_WITH_REASON = {"not_admit", "withdraw", "request_completion", "take_back_request"}


def past(steps: Iterable[ApplicationStep]) -> list[dict[str, Any]]:
    """The acts on an application, oldest first, as ``components/timeline.html`` wants them. A second sending says so, and
    a refusal says why."""
    events, sent = [], 0
    for step in steps:
        title = step.label
        if step.act == "submit":
            sent += 1
            title = title if sent == 1 else _("Domanda inviata di nuovo")
        events.append(
            {
                "title": title,
                "at": step.at,
                "body": step.reason if step.act in TOLD_WITH_REASON else "",
                "state": "done",
            }
        )
    return events


def future(application: Application, notice: Notice) -> list[dict[str, Any]]:
    """What follows the sending: the deadline, the check, and the milestones of the call. Nothing once the office has begun:
    from then on what happened is the answer."""
    if application.state != ApplicationState.SUBMITTED:
        return []
    deadline = application.call.closes_at
    checked = {"title": _("Verifica dei requisiti"), "at": _("dopo la scadenza"), "body": "", "state": ""}
    milestones = [
        {"title": in_italian(m.title), "at": in_italian(m.when), "body": "", "state": ""} for m in notice.calendar.milestones
    ]
    return [{"title": _("Scadenza dell'avviso"), "at": deadline, "body": "", "state": ""}, checked, *milestones]

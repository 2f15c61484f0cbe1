"""What happened to an application and what comes next, in the words of the applicant's pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from applications.models import Application, ApplicationStep, CompletionRequest, RejectionNotice
from applications.states import ApplicationState
from bando.notice.document import Notice
from bando.templatetags.bando_ui import in_italian, instant

TOLD_WITH_REASON = {
    "admit_with_reserve",
    "lift_reserve",
    "not_admit",
    "notify_rejection",
    "pause_request",
    "request_completion",
    "resume_request",
    "take_back_rejection",
    "take_back_request",
    "withdraw",
}


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


def milestones(application: Application, steps: Iterable[ApplicationStep], at: datetime) -> list[dict[str, Any]]:
    """The road of what was sent, from the sending to what follows the ranking, as ``components/timeline.html`` wants it: each
    milestone with its date, or with what it comes after (Modello Comuni, C.SE.1.9 and C.SE.1.10). The office takes an
    application in charge at the deadline: until then it does not open it. Nothing for a draft, nor for what was withdrawn.

    ``application`` has its requests of completion, with their answers, and its notices of rejection; ``steps`` are all of its
    acts."""
    if application.current_id is None or application.state == ApplicationState.WITHDRAWN:
        return []
    done = {step.act: step for step in steps}
    deadline, closed = application.call.closes_at, at > application.call.closes_at
    road = [
        _milestone(_("Domanda inviata"), application.sent_in_time.arrived_at, "done"),
        _milestone(_("Presa in carico"), deadline, "done" if closed else "", _("Alla scadenza dell'avviso.")),
        _check(application, done),
        *(_request(request, at) for request in application.completion_requests.all()),
        *(_notice(notice, at) for notice in application.rejection_notices.all()),
    ]
    if "not_admit" in done:
        return [*road, _of_step(done["not_admit"])]
    now = application.state
    road.append(_stage(_("Valutazione della commissione"), done, "evaluate", now == "admitted", _("dopo la verifica")))
    found = max((done[act] for act in OUTCOMES if act in done), key=lambda step: step.at, default=None)
    if found is None:  # computed is not published: the office may still be reading it, or answering observations
        is_now = now in ("evaluated", "ranked")
        road.append(_milestone(_("Graduatoria"), _("dopo la valutazione"), "now" if is_now else ""))
    else:
        road.append(_milestone(_("Graduatoria"), found.at, "done", str(found.label)))
    if found is not None and found.act not in SELECTED:
        return road
    tables = _("Tavolo di co-progettazione e convenzione")
    road.append(_stage(tables, done, "agree", now == "selected", _("dopo la graduatoria")))
    if application.area.opens_space:
        road.append(_stage(_("Apertura dello Spazio"), done, "open", now == "agreed", _("dopo la convenzione")))
    return road


def terms(notice: Notice) -> list[dict[str, str]]:
    """The dates of the call after its deadline, as the call gives them."""
    return [{"title": in_italian(one.title), "when": in_italian(one.when)} for one in notice.calendar.milestones]


SELECTED = ("select", "correct_to_selected")
OUTCOMES = (*SELECTED, "wait", "fall_below", "correct_to_waiting", "correct_to_below", "correct_to_tie")


def _check(application: Application, done: Mapping[str, ApplicationStep]) -> dict[str, Any]:
    title = _("Verifica dei requisiti")
    for act in ("admit", "admit_with_reserve"):
        if act in done:
            return _milestone(title, done[act].at, "done", str(done[act].label))
    if "not_admit" in done:
        return _milestone(title, done["not_admit"].at, "done")
    if begun := done.get("start_check"):
        return _milestone(title, begun.at, "now", _("L'ufficio ha cominciato a verificare la domanda."))
    return _milestone(title, _("dopo la scadenza"), "")


def _request(request: CompletionRequest, at: datetime) -> dict[str, Any]:
    """A request of the office with its term, and what came of it."""
    title = _("Richiesta di completamento n. %(number)s") % {"number": request.number}
    due = {"due": instant(request.due_at)}
    if answer := getattr(request, "answer", None):
        return _milestone(title, answer.arrived_at, "done", _("Hai risposto. Il termine era: %(due)s.") % due)
    if request.closed_at:
        return _milestone(title, request.closed_at, "done", _("L'ufficio l'ha ritirata."))
    if request.paused_at:
        words = _("Il termine è sospeso. Riprende quando l'ufficio te lo scrive.")
        return _milestone(title, request.at, "now", words)
    if at <= request.due_at:
        return _milestone(title, request.at, "now", _("Rispondi entro: %(due)s.") % due)
    return _milestone(title, request.at, "failed", _("Il termine è scaduto senza risposta: %(due)s.") % due)


def _notice(notice: RejectionNotice, at: datetime) -> dict[str, Any]:
    """A notice of rejection with its term, and what came of it."""
    title = _("Preavviso di rigetto n. %(number)s") % {"number": notice.number}
    due = {"due": instant(notice.due_at)}
    if notice.closed_at:
        return _milestone(title, notice.closed_at, "done", _("L'ufficio l'ha ritirato."))
    if notice.observed_at:
        return _milestone(
            title, notice.observed_at, "done", _("Hai mandato le tue osservazioni. Il termine era: %(due)s.") % due
        )
    if at <= notice.due_at:
        return _milestone(title, notice.at, "now", _("Puoi scrivere le tue osservazioni entro: %(due)s.") % due)
    return _milestone(title, notice.at, "done", _("Il termine è passato senza osservazioni: %(due)s.") % due)


def _stage(title: str, done: Mapping[str, ApplicationStep], act: str, is_now: bool, after: str) -> dict[str, Any]:
    if act in done:
        return _milestone(title, done[act].at, "done")
    return _milestone(title, after, "now" if is_now else "")


def _of_step(step: ApplicationStep) -> dict[str, Any]:
    return _milestone(str(step.label), step.at, "done", step.reason)


def _milestone(title: str, at: datetime | str, state: str, body: str = "") -> dict[str, Any]:
    return {"title": title, "at": at, "body": body, "state": state}

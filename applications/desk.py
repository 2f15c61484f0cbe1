"""What the office's lists show, in few queries and plain values. Before a deadline: counts, never contents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import Application, CheckItem, CompletionRequest, Submission
from applications.points import ANSWER
from applications.states import ApplicationState as S
from bando.models import Call, Enquiry
from bando.stages import Stage, stage
from bando.states import CallState

PAGE = 50

PAST_ADMISSION = frozenset(set(S) - {S.DRAFT, S.SUBMITTED, S.WITHDRAWN, S.CHECKING, S.NOT_ADMITTED})
"""Admitted, whatever happened since."""


@dataclass(frozen=True, slots=True)
class Counts:
    drafts: int
    sent: int
    checking: int
    admitted: int
    not_admitted: int
    withdrawn: int
    selected: int
    to_mark: int
    evaluated: int

    @property
    def received(self) -> int:
        """Sent and not withdrawn, wherever they stand now."""
        return self.sent + self.checking + self.admitted + self.not_admitted


def counts(states: Counter[str]) -> Counts:
    """From how many applications stand in each state. Those that wait for marks, for the ranking or for their agreement are
    told apart, and are among the admitted too."""
    return Counts(
        drafts=states[S.DRAFT],
        sent=states[S.SUBMITTED],
        checking=states[S.CHECKING],
        admitted=sum(states[state] for state in PAST_ADMISSION),
        not_admitted=states[S.NOT_ADMITTED],
        withdrawn=states[S.WITHDRAWN],
        selected=states[S.SELECTED],
        to_mark=states[S.ADMITTED],
        evaluated=states[S.EVALUATED] + states[S.RANKED],
    )


def states_by_area(calls: Iterable[Call]) -> dict[tuple[object, str], Counter[str]]:
    """How many applications stand in each state, by call and area. One query, whatever the number of calls."""
    found: dict[tuple[object, str], Counter[str]] = {}
    rows = Application.objects.filter(call__in=calls).order_by().values_list("call", "area_code", "state")
    for call, area, state, number in rows.annotate(number=Count("*")):
        found.setdefault((call, area), Counter())[state] = number
    return found


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for the office, and where it is done."""

    words: str
    url_name: str
    slug: str
    query: str = ""


def enquiries_by_call(calls: Iterable[Call]) -> dict[object, int]:
    """How many questions wait for an answer, by call. One query, whatever the number of calls."""
    rows = Enquiry.objects.waiting().filter(call__in=calls).order_by().values_list("call")
    return dict(rows.annotate(number=Count("*")))


@dataclass(frozen=True, slots=True)
class Requests:
    """The requests of completion on a call, by pk of the application, as they matter to the office while it checks: the answers
    that nobody has read, the terms that passed without an answer, the others that wait."""

    to_read: frozenset[Any]
    expired: frozenset[Any]
    waiting: frozenset[Any]

    def of(self, standing: str) -> frozenset[Any]:
        return {TO_READ: self.to_read, EXPIRED: self.expired, WAITING: self.waiting}.get(standing, frozenset())

    def said_of(self, application: Any) -> str:
        """What the list says of an application; "" when there is nothing to say."""
        return next((words for standing, words in standings() if application in self.of(standing)), "")


TO_READ, EXPIRED, WAITING = "to_read", "expired", "waiting"
NO_REQUESTS = Requests(frozenset(), frozenset(), frozenset())


def standings() -> list[tuple[str, str]]:
    """How a request of completion may stand, in words."""
    return [
        (TO_READ, _("Risposta da leggere")),
        (EXPIRED, _("Richiesta scaduta senza risposta")),
        (WAITING, _("In attesa di risposta")),
    ]


def requests_by_call(calls: Iterable[Call], at: datetime) -> dict[Any, Requests]:
    """The requests on the applications that are being checked, by call. One query, whatever the number of calls. Of an
    application the last request counts: a new one tells what to do about a term that passed."""
    open_points = CheckItem.objects.filter(
        application=OuterRef("application"), code__startswith=ANSWER, verdict=CheckItem.Verdict.OPEN
    )
    asked = CompletionRequest.objects.filter(application__call__in=calls, application__state=S.CHECKING)
    rows = (
        asked.order_by("number")
        .annotate(unread=Exists(open_points))
        .values_list("application__call", "application", "due_at", "paused_at", "closed_at", "answer__sequence", "unread")
    )
    last = {row[1]: row for row in rows}
    found: dict[Any, dict[str, set[Any]]] = {}
    for call, application, due_at, paused_at, closed_at, answer, unread in last.values():
        sets = found.setdefault(call, {TO_READ: set(), EXPIRED: set(), WAITING: set()})
        if unread:
            sets[TO_READ].add(application)
        elif answer is None and closed_at is None:
            sets[EXPIRED if paused_at is None and due_at < at else WAITING].add(application)
    return {
        call: Requests(frozenset(sets[TO_READ]), frozenset(sets[EXPIRED]), frozenset(sets[WAITING]))
        for call, sets in found.items()
    }


def tasks(call: Call, numbers: Counts, at: datetime, *, enquiries: int = 0, requests: Requests = NO_REQUESTS) -> list[Task]:
    """What waits for the office on one call at ``at``; ``enquiries`` are the questions without an answer."""
    questions = []
    if enquiries and call.state == CallState.PUBLISHED:
        words = ngettext("%(n)s quesito aspetta una risposta", "%(n)s quesiti aspettano una risposta", enquiries)
        questions = [Task(words % {"n": enquiries}, "desk_clarifications", call.slug)]
    return questions + _tasks_of_requests(call, requests) + _tasks_of_the_stage(call, numbers, stage(call, at))


def _tasks_of_requests(call: Call, requests: Requests) -> list[Task]:
    found = []
    if n := len(requests.to_read):
        words = ngettext("%(n)s risposta da leggere", "%(n)s risposte da leggere", n) % {"n": n}
        found.append(Task(words, "desk_applications", call.slug, f"completion={TO_READ}"))
    if n := len(requests.expired):
        words = ngettext(
            "%(n)s richiesta di completamento scaduta senza risposta",
            "%(n)s richieste di completamento scadute senza risposta",
            n,
        )
        found.append(Task(words % {"n": n}, "desk_applications", call.slug, f"completion={EXPIRED}"))
    return found


def _tasks_of_the_stage(call: Call, numbers: Counts, now: Stage) -> list[Task]:
    if now is Stage.DRAFT:
        return [Task(_("Controlla la bozza e pubblica l'avviso"), "desk_call", call.slug)]
    if now is Stage.CONCLUDED and numbers.selected:
        words = ngettext(
            "Registra la convenzione di %(n)s domanda selezionata",
            "Registra le convenzioni di %(n)s domande selezionate",
            numbers.selected,
        )
        return [Task(words % {"n": numbers.selected}, "desk_applications", call.slug, f"state={S.SELECTED}")]
    if now is not Stage.EVALUATION:
        return []
    waiting = []
    if numbers.sent:
        words = ngettext("Verifica %(n)s domanda", "Verifica %(n)s domande", numbers.sent) % {"n": numbers.sent}
        waiting.append(Task(words, "desk_applications", call.slug, f"state={S.SUBMITTED}"))
    if numbers.checking:
        words = ngettext("Concludi %(n)s verifica già iniziata", "Concludi %(n)s verifiche già iniziate", numbers.checking)
        waiting.append(Task(words % {"n": numbers.checking}, "desk_applications", call.slug, f"state={S.CHECKING}"))
    if not waiting and numbers.to_mark:
        waiting.append(Task(_("Segui la commissione e la valutazione"), "desk_evaluation", call.slug))
    if numbers.evaluated:
        waiting.append(Task(_("La valutazione è chiusa: porta avanti la graduatoria"), "desk_evaluation", call.slug))
    return waiting


@dataclass(frozen=True, slots=True)
class Slice:
    """A page of a list that is read from where the last one ended: as quick at the end as at the beginning.

    ``before`` and ``after`` are the numbers to ask for, "" where there is nothing."""

    rows: list[Application]
    before: str
    after: str


def listed(call: Call, *, area: str = "", state: str = "", words: str = "") -> QuerySet[Application]:
    """What was received on a call, without the contents. ``words`` are looked for in the number and in the body's name;
    ``sent_at`` is when it arrived, whatever was completed since."""
    rows = Application.objects.received().filter(call=call)
    if area:
        rows = rows.filter(area_code=area)
    if state:
        rows = rows.filter(state=state)
    for word in words.split():
        rows = rows.filter(Q(number__icontains=word) | Q(organisation__name__icontains=word))
    in_time = Submission.objects.filter(application=OuterRef("pk"), completes=None).order_by("-sequence")
    return (
        rows.annotate(sent_at=Subquery(in_time.values("arrived_at")[:1]))
        .select_related("organisation")
        .only("number", "area_code", "state", "reserve", "call", "organisation__name", "organisation__city")
    )


def page(rows: QuerySet[Application], *, after: str = "", before: str = "") -> Slice:
    """At most :data:`PAGE` rows in the order of their number, after or before a number."""
    if before and not after:
        found = list(rows.filter(number__lt=before).order_by("-number")[: PAGE + 1])
        here = found[:PAGE][::-1]
        return Slice(here, here[0].number if len(found) > PAGE else "", here[-1].number if here else "")
    if after:
        rows = rows.filter(number__gt=after)
    found = list(rows.order_by("number")[: PAGE + 1])
    here = found[:PAGE]
    return Slice(here, here[0].number if after and here else "", here[-1].number if len(found) > PAGE else "")


def phases(call: Call, now: Stage) -> list[dict[str, object]]:
    """The road of a call, as ``components/timeline.html`` wants it."""
    reached = [Stage.DRAFT, Stage.UPCOMING, Stage.OPEN, Stage.EVALUATION, Stage.CONCLUDED]
    if now is Stage.REVOKED:
        return []
    here = reached.index(now)
    road = [
        (_("Preparazione"), None),
        (_("Pubblicazione"), call.published_at),
        (_("Raccolta delle domande"), call.opens_at),
        (_("Verifica e valutazione"), call.closes_at),
        (_("Graduatoria"), None),
    ]
    return [
        {"title": title, "at": at, "body": "", "state": "done" if place < here else "now" if place == here else ""}
        for place, (title, at) in enumerate(road)
    ]

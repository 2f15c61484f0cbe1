"""What the drawings are of: counts, moments and answers of an area, and who may not know of them.

Before the deadline there are counts only. Somebody of the office who sits on the commission sees nothing of a proposal with which
they are in conflict, not even in a count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count
from django.db.models.fields.json import KeyTransform

from accounts.models import User
from applications.models import Application, Submission
from applications.states import ApplicationState as S
from bando.models import Call
from bando.notice.document import Area, Notice, QuestionType
from evaluation.models import Declaration, Member, Ranking
from evaluation.plots.funnel import Stage
from evaluation.plots.telling import Told, agree_told, funnel_told, heat_told, storm_told, tile_told
from evaluation.presentation import TableView
from evaluation.progress import ADMITTED_AND_BEYOND, STILL_TO_CHECK
from evaluation.ranking import Outcome
from evaluation.ties import acting_for

ADMITTED_ONCE = (*ADMITTED_AND_BEYOND, S.EXCLUDED, S.RENOUNCED, S.FORFEITED)
"""States of what was admitted, be it still there or fallen out afterwards."""
SECOND = timedelta(seconds=1)


def desk_plots(call: Call, area: Area, *, user: User, at: datetime) -> list[Told]:
    """The drawings of an area for the office, as far as there is something to draw."""
    hidden = hidden_from(user, call, area.code)
    now = max(int((call.closes_at - at) // SECOND), 0)
    counts = _counts(call, area.code, hidden)
    if at <= call.closes_at:
        return [funnel_told(_stages(counts, None, closed=False)), storm_told(_arrivals(call, area.code, hidden), now=now)]
    row = Ranking.objects.visible_to(user).filter(call=call, area_code=area.code).first()
    table = TableView(row.document) if row else None
    numbers = set(hidden.values())
    found = [agree_told(table, numbers), heat_told(table, numbers)] if table else []
    found.append(funnel_told(_stages(counts, table, hidden=numbers, closed=True)))
    found.append(storm_told(_arrivals(call, area.code, hidden), now=0))
    found.append(_coverage(call, area, table, hidden))
    return [told for told in found if told]


def public_plots(call: Call, area: Area, table: TableView) -> list[Told]:
    """What everybody may see of a published ranking, two queries: proposals by criteria, where applications were lost after they
    were sent, and the Municipi."""
    stages = _stages(_counts(call, area.code, {}), table, closed=True)
    found = [heat_told(table), funnel_told(stages[1:]), _coverage(call, area, table, {})]
    return [told for told in found if told]


def hidden_from(user: User, call: Call, area: str) -> dict[Any, str]:
    """The proposals of an area, number by key, with which ``user`` is in conflict as a member of the commission: declared, or
    acting for one of their bodies."""
    members = list(Member.objects.filter(commission__call=call, user=user))
    if not members:
        return {}
    applications = Application.objects.filter(call=call, area_code=area).received()
    declared = Declaration.objects.filter(member__in=members, application__in=applications.order_by().values("pk"))
    last = dict(declared.order_by("pk").values_list("application", "in_conflict"))
    keys = {pk for pk, said in last.items() if said} | {pk for _member, pk in acting_for(members, applications)}
    return dict(applications.filter(pk__in=keys).values_list("pk", "number"))


def _counts(call: Call, area: str, hidden: Collection[Any]) -> Counter[str]:
    rows = Application.objects.filter(call=call, area_code=area).exclude(pk__in=list(hidden)).order_by()
    return Counter(dict(rows.values_list("state").annotate(Count("pk"))))


def _stages(counts: Counter[str], table: TableView | None, *, closed: bool, hidden: Collection[str] = ()) -> list[Stage]:
    """As far as they are known: who is admitted once the office has checked them all, the rest once there is a ranking."""
    begun = sum(counts.values())
    stages = [Stage("begun", begun), Stage("sent", begun - counts[S.DRAFT] - counts[S.WITHDRAWN])]
    if not closed or any(counts[state] for state in STILL_TO_CHECK):
        return stages
    stages.append(Stage("admitted", sum(counts[state] for state in ADMITTED_ONCE)))
    if table is not None:
        rows = [row for row in table.document["rows"] if row["application"] not in hidden]
        stages.append(Stage("ranked", sum(row["position"] is not None for row in rows)))
        stages.append(Stage("selected", sum(row["outcome"] == Outcome.SELECTED for row in rows)))
    return stages


def _arrivals(call: Call, area: str, hidden: Collection[Any]) -> list[int]:
    """How many seconds before the deadline each application was first sent; those withdrawn are not counted."""
    rows = Submission.objects.filter(application__call=call, application__area_code=area, sequence=1)
    rows = rows.exclude(application__state=S.WITHDRAWN).exclude(application__in=list(hidden))
    moments = rows.order_by().values_list("arrived_at", flat=True)
    return [max(int((call.closes_at - moment) // SECOND), 0) for moment in moments]


def _coverage(call: Call, area: Area, table: TableView | None, hidden: Mapping[Any, str]) -> Told | None:
    asked = _municipio_question(call.notice, area)
    if asked is None:
        return None
    section, question = asked
    answer = KeyTransform(question, KeyTransform(section, "current__answers"))
    rows = Application.objects.filter(call=call, area_code=area.code).received().exclude(pk__in=list(hidden)).order_by()
    if table is not None:
        rows = rows.filter(number__in=[row["application"] for row in table.document["rows"]])
    answers = dict(rows.annotate(municipio=answer).values_list("number", "municipio"))
    chosen = None
    if table is not None:
        selected = {row["application"] for row in table.document["rows"] if row["outcome"] == Outcome.SELECTED}
        chosen = Counter(answers[number] for number in selected & set(answers))
    return tile_told(Counter(answers.values()), chosen, area.municipi)


def _municipio_question(notice: Notice, area: Area) -> tuple[str, str] | None:
    """The section and the question that ask an area for its Municipio; ``None`` where nothing does."""
    for section in notice.sections_for(area.code):
        for question in section.questions:
            if question.type is QuestionType.MUNICIPIO:
                return section.code, question.code
    return None

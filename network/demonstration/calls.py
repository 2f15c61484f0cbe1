"""The calls of the demonstration, each made from the 2021 document with other dates, and the times at which things happen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from django.conf import settings

from accounts.models import User
from bando.actions import load, publish
from bando.deadlines import day_in_rome, in_rome
from bando.models import Call
from bando.notice.canonical import to_data
from bando.notice.document import Assumption, Budget, Milestone, Notice, Volunteers
from bando.notice_yaml import dump, load_notice

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
OPEN, EVALUATION, CONCLUDED = "spazi-wemi-aperto", "spazi-wemi-in-valutazione", "spazi-wemi-concluso"
BY_LOT = "spazi-wemi-per-municipio"
SLUGS = (OPEN, EVALUATION, CONCLUDED, BY_LOT)
TITLES = {
    OPEN: "Spazi WeMi – avviso dimostrativo aperto",
    EVALUATION: "Spazi WeMi – avviso dimostrativo in valutazione",
    CONCLUDED: "Spazi WeMi – avviso dimostrativo concluso",
    BY_LOT: "Spazi WeMi – avviso dimostrativo per Municipio",
}

MILESTONES = (
    Milestone("Nomina della commissione", "dopo la scadenza"),
    Milestone("Graduatoria di ciascuna area", "entro tre mesi dalla scadenza"),
    Milestone("Tavoli di co-progettazione, convenzioni e apertura degli Spazi", "nei mesi successivi"),
)

SENTENCE = (
    "Avviso dimostrativo. Aree e posti vengono dalla stampa del 2021. Date, domande, criteri, punti, importi e requisiti sono "
    "un esempio: quelli veri dell'avviso del Comune di Milano non sono noti a chi ha scritto questo programma."
)


def make_call(
    slug: str, *, opens: datetime, deadline: datetime, by: User, change: Callable[[Notice], Notice] = lambda notice: notice
) -> Call:
    """A call made from the 2021 document with other dates, and with what ``change`` does to it, published the day it opens."""
    notice = load_notice((FIXTURES / "notices" / "spazi-wemi-2021.yaml").read_text(encoding="utf-8"))
    calendar = replace(
        notice.calendar, opens=opens, deadline=deadline, questions_until=deadline - timedelta(days=3), milestones=MILESTONES
    )
    example = replace(
        notice,
        id=slug,
        title=TITLES[slug],
        calendar=calendar,
        demonstration=SENTENCE,
        administration=replace(notice.administration, name=f"{notice.administration.name} (esempio)"),
        sources=tuple(replace(s, facts=tuple(f for f in s.facts if not f.startswith("calendar"))) for s in notice.sources),
        assumptions=(
            Assumption("calendar", "Le date sono della dimostrazione: si spostano con il giorno in cui la si carica."),
            *(a for a in notice.assumptions if not a.path.startswith("calendar")),
        ),
    )
    call = load(dump(to_data(change(example))), at=opens - timedelta(days=1))
    publish(call, by=by, at=opens - timedelta(hours=1))
    return Call.objects.with_notice().get(pk=call.pk)


def with_lines_and_hours(notice: Notice) -> Notice:
    """The plan of Area 1 by body and year, with the hours of volunteers in a list of their own."""
    first = notice.calendar.deadline.year + 1

    def split(budget: Budget) -> Budget:
        return replace(
            budget,
            items=tuple(item for item in budget.items if item.code != "volontariato"),
            by_partner=True,
            years=(first, first + 1),
            volunteers=Volunteers(
                hourly_cents=1_500,
                max_percent=Decimal(50),
                text="Un'ora vale al massimo quanto il contratto collettivo prevede per la stessa mansione.",
            ),
        )

    return replace(
        notice,
        budgets=tuple(split(budget) if budget.code == "piano-spazio" else budget for budget in notice.budgets),
        assumptions=(
            *notice.assumptions,
            Assumption(
                "budgets[piano-spazio]",
                "Le righe per ente e per anno e il valore delle ore dei volontari sono della dimostrazione.",
            ),
        ),
    )


def noon(now: datetime, days: int) -> datetime:
    return at_clock(now, days, 12, 0)


def at_clock(now: datetime, days: int, hour: int, minute: int) -> datetime:
    """A time of the clock in Rome, ``days`` from today."""
    day = day_in_rome(now) + timedelta(days=days)
    return in_rome(datetime(day.year, day.month, day.day, hour, minute))  # noqa: DTZ001 - in_rome gives it its zone

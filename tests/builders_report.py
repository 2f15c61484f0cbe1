"""An open Spazio whose agreement has its terms, for the tests of what it tells."""

from __future__ import annotations

from datetime import date
from typing import Any

from bando.deadlines import rome
from network.actions import report_of, save_report, send_report
from network.models import Report, ReportingTerm
from tests.road import Road

AFTER = rome(2022, 8, 2, 10)
"""The first term has ended, and its report is not due yet."""
FINAL = 3
"""The number of the final report, after two quarters."""
AT_THE_END = rome(2022, 11, 2, 10)


def term_of(road: Road, number: int = 1) -> ReportingTerm:
    """A term of the road's agreement: from May, three months each, due thirty days later."""
    days = {
        1: (date(2022, 5, 1), date(2022, 7, 31), date(2022, 8, 30)),
        2: (date(2022, 8, 1), date(2022, 10, 31), date(2022, 11, 30)),
        3: (date(2022, 5, 1), date(2022, 10, 31), date(2022, 11, 30)),
    }
    first, last, due = days[number]
    kind = ReportingTerm.Kind.FINAL if number == FINAL else ReportingTerm.Kind.QUARTERLY
    return ReportingTerm.objects.update_or_create(
        agreement=road.agreement, number=number, defaults={"first_day": first, "last_day": last, "due_on": due, "kind": kind}
    )[0]


def figures(report: Report, **changes: Any) -> dict[str, Any]:
    whole = {
        "visits": 350,
        "hours": [
            {"role": "Operatrice di sportello", "minutes": 7200, "volunteer": False},
            {"role": "Accoglienza", "minutes": 750, "volunteer": True},
        ],
        "expenses": [],
        "activities": "Sportello aperto ogni mattina.",
    }
    return {**whole, **changes}


def final(road: Road) -> Report:
    """The final report, with what it says of its own, not sent yet; the agreement ends after the second quarter."""
    ReportingTerm.objects.filter(agreement=road.agreement, number__gt=FINAL).delete()
    report = report_of(road.space, term_of(road, FINAL))
    told = {"activities": "Due trimestri di sportello.", "assets": "Due tavoli, al Comune.", "evaluation": "Bene il sabato."}
    save_report(report, told, seen=report.version, by=road.applicant, at=AT_THE_END)
    return report


def saved(road: Road, number: int = 1, **changes: Any) -> Report:
    report = report_of(road.space, term_of(road, number))
    save_report(report, figures(report, **changes), seen=report.version, by=road.applicant, at=AFTER)
    return report


def sent(road: Road, number: int = 1, at: Any = AFTER, **changes: Any) -> Report:
    report = saved(road, number, **changes)
    send_report(report, seen=report.version, by=road.applicant, at=at)
    return report

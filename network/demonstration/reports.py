"""The reports of the Spazi for the two quarters that are over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from accounts.models import User
from network.actions import approve_report, remark_on_report, report_of, save_report, send_report
from network.demonstration.bodies import Body
from network.demonstration.calls import noon
from network.models import Report, ReportingTerm, Space
from network.report_figures import foreseen

ON_TIME, REMARKED, LATE = 1, 9, 6
"""The bodies whose second report is approved, has a remark, is late; the first one of all of them is approved."""
EIGHTH = 8
"""Quarters of an agreement: each spends its part."""


def report_the_quarters(bodies: Mapping[int, Body], now: datetime, office: User) -> None:
    for n in (ON_TIME, REMARKED, LATE):
        _approve(_sent(bodies[n], 1, noon(now, -120)), office, noon(now, -110))
    _approve(_sent(bodies[ON_TIME], 2, noon(now, -20)), office, noon(now, -8))
    remarked = _sent(bodies[REMARKED], 2, noon(now, -18))
    text = "Le ore dei volontari sono il doppio di quelle del primo trimestre: scrivi come le avete contate (esempio)."
    remark_on_report(remarked, text=text, seen=remarked.version, by=office, at=noon(now, -7))


def _sent(body: Body, number: int, at: datetime) -> Report:
    space = Space.objects.public().get(partnership__organisation=body.organisation)
    term = ReportingTerm.objects.select_related("agreement").get(agreement=space.partnership.agreement_id, number=number)
    report = report_of(space, term)
    figures = {
        "visits": 140 + 20 * body.n + 35 * number,
        "hours": [
            {"role": "Operatrici di accoglienza", "minutes": 60 * (210 + body.n), "volunteer": False},
            {"role": "Coordinatrice", "minutes": 60 * 90, "volunteer": False},
            {"role": "Volontari", "minutes": 60 * 55 * number, "volunteer": True},
        ],
        "expenses": [
            {"item": item.code, "spent_cents": item.total_cents // EIGHTH, "own_cents": item.own_cents // EIGHTH, "note": ""}
            for item in foreseen(term.agreement)
        ],
        "activities": "Colloqui, aiuto con le pratiche, due incontri di quartiere. Dati inventati per la dimostrazione.",
    }
    save_report(report, figures, seen=report.version, by=body.person, at=at)
    report.refresh_from_db()
    send_report(report, seen=report.version, by=body.person, at=at)
    report.refresh_from_db()
    return report


def _approve(report: Report, office: User, at: datetime) -> None:
    approve_report(report, seen=report.version, by=office, at=at)

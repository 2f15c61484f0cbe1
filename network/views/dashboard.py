"""Where the network begins: for the people of the bodies, and for the office with its figures."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render

from accounts.access import officials_only
from bando.context import TAKES_PART
from bando.csv_table import harmless
from network.dashboard import network, told_reports
from network.overview import of_a_partner, of_the_office, takes_part
from network.reporting import minutes_of, read_expenses, read_work

COLUMNS = (
    "space",
    "body",
    "agreement",
    "term",
    "first_day",
    "last_day",
    "state",
    "visits",
    "requests",
    "requests_moved",
    "paid_minutes",
    "volunteer_minutes",
    "item",
    "spent_cents",
    "own_cents",
)
"""A row for each item of each report; the figures of the whole report are on its first row alone, so that a sum is a sum.
``requests_moved`` are those of ``requests`` that another Spazio had before and has in its row too."""


SUMS = ("visits", "requests", "moved", "paid_minutes", "volunteer_minutes", "spent_cents", "own_cents")


@login_required
def my_network(request: HttpRequest) -> HttpResponse:
    """What a person of a body takes part in, and what waits for them. Who opens it finds it in the menu from then on."""
    if request.user.is_official:
        return redirect("desk_network")
    request.session[TAKES_PART] = takes_part(request.user)
    context = {"groups": of_a_partner(request.user, request.arrived_at), "takes_part": request.session[TAKES_PART]}
    return render(request, "network/my_network.html", context)


@officials_only
def desk_network(request: HttpRequest) -> HttpResponse:
    """What waits for the office in the network, then the network in figures."""
    told = network()
    context = {"groups": of_the_office(request.arrived_at), "network": told, "sums": {name: told.total(name) for name in SUMS}}
    return render(request, "network/reports/network.html", context)


@officials_only
def desk_reports_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Every report that was sent, for a spreadsheet (RFC 4180, UTF-8). Money is in cents, work in minutes."""
    response = StreamingHttpResponse(_lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="rendiconti.csv"'
    return response


def _lines() -> Iterator[str]:
    class Echo:
        def write(self, text: str) -> str:
            return text

    writer = csv.writer(Echo())
    yield writer.writerow(COLUMNS)
    for report in told_reports().iterator(chunk_size=500):
        yield from (writer.writerow([harmless(value) for value in row]) for row in _rows(report))


def _rows(report: Any) -> Iterator[list[Any]]:
    work, expenses = read_work(report.hours), read_expenses(report.expenses)
    term = report.term
    whose = [report.space.name, report.space.partnership.organisation.name, term.agreement.number, term.number]
    whose += [term.first_day.isoformat(), term.last_day.isoformat(), report.state]
    figures = [
        report.visits,
        report.requests.get("received", 0),
        report.requests.get("moved", 0),
        minutes_of(work, volunteers=False),
        minutes_of(work, volunteers=True),
    ]
    for n, expense in enumerate(expenses or [None]):
        money = ["", "", ""] if expense is None else [expense.item, expense.spent_cents, expense.own_cents]
        yield [*whose, *(figures if n == 0 else [""] * len(figures)), *money]

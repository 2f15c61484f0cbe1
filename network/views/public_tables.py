"""A co-design table as everybody reads it: who sits, when it met, the published minutes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bando.views.ended import hold_the_term, while_public
from network.models import Table
from network.states import TableSessionState
from network.table_minutes import told_to_all
from network.views.tables import about, seats_of


@require_safe
@while_public
def public_table(request: HttpRequest, pk: Any) -> HttpResponse:
    """Who sits at a table, when it met, the published minutes, how it ended."""
    row = _public(request, pk)
    held = row.sessions.filter(state=TableSessionState.CLOSED).select_related("minutes")
    context = {
        "call": row.call,
        "area": row.call.notice.area(row.area_code),
        "table": row,
        "seated": [seat for seat in seats_of(row) if seat.left_at is None],
        "sessions": held,
    }
    return render(request, "network/tables/public_table.html", context)


@require_safe
@while_public
def public_table_minutes(request: HttpRequest, pk: Any, number: int) -> HttpResponse:
    """The published minutes of a session."""
    row = _public(request, pk)
    rows = row.sessions.exclude(minutes__published_at=None).select_related("minutes")
    session = get_object_or_404(rows, number=number)
    session.table = row
    what = _("Verbale dell'incontro n. %(n)s") % {"n": number}
    hold_the_term(request, session.minutes.published_at, call=row.call, what=what)
    return render(request, "network/tables/public_minutes.html", {**about(session), "told": told_to_all(session)})


def _public(request: HttpRequest, pk: Any) -> Table:
    """A table of a published call. Raises ``bando.views.ended.Ended`` once its term is over."""
    rows = Table.objects.exclude(call__published_at=None).select_related("call__version")
    row = get_object_or_404(rows, pk=pk)
    hold_the_term(request, row.concluded_at or row.opened_at, call=row.call, what=_("Tavolo di co-progettazione"))
    return row

"""How the service did around a deadline: what was measured and tried, in plain values and in words.

It tells and does not conclude. Until the deadline it knows numbers and moments, and never whose they are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applications.evidence.incidents import SLOW_US, Attempt, Minute, Reading, Span, errors, failures, gaps, minutes
from applications.evidence.probing import BEFORE as WATCHED_BEFORE
from applications.models import Event, ProbeReading
from bando.deadlines import ROME
from bando.models import Call
from bando.templatetags.bando_ui import NBSP, points

BEFORE, AFTER = timedelta(hours=2), timedelta(hours=1)
"""What a page and a dossier look at: the time in which people gather, and that in which the last ones were told."""

NAMES = {
    "door": gettext_lazy("Il sito"),
    "database": gettext_lazy("La base dati"),
    "storage": gettext_lazy("L'archivio dei file"),
}


@dataclass(frozen=True, slots=True)
class Service:
    """``incidents`` are of the probe's measures and of the attempts together, ``gaps`` where nobody measured."""

    begins: datetime
    ends: datetime
    deadline: datetime
    readings: list[Reading]
    minutes: list[Minute]
    incidents: list[Span]
    gaps: list[Span]

    @property
    def measured_before(self) -> tuple[int, int]:
        """Measures in the last hour before the deadline, and how many of them were slow or without an answer."""
        hour = [reading for reading in self.readings if self.deadline - timedelta(hours=1) <= reading.at <= self.deadline]
        return len(hour), sum(reading.is_bad for reading in hour)


def observe(call: Call, *, at: datetime) -> Service:
    """Two hours up to the deadline (or to ``at``, while it is still to come) and one after it. Two queries."""
    deadline = call.closes_at
    begins, ends = min(deadline, at) - BEFORE, min(at, deadline + AFTER)
    window = (begins, ends)
    rows = ProbeReading.objects.filter(at__range=window).order_by("at", "pk")
    readings = [Reading(*row) for row in rows.values_list("at", "what", "took_us", "ok", "detail")]
    events = Event.objects.filter(call=call, arrived_at__range=window).order_by()
    attempts = [Attempt(*row) for row in events.values_list("arrived_at", "ended_at", "kind", "outcome")]
    counted = minutes(attempts, begins, ends)
    watched = max(begins, deadline - WATCHED_BEFORE)
    return Service(
        begins=begins,
        ends=ends,
        deadline=deadline,
        readings=readings,
        minutes=counted,
        incidents=sorted([*failures(readings), *errors(counted)], key=lambda span: (span.begins, span.what)),
        gaps=gaps(readings, watched, ends) if watched < ends else [],
    )


def clock_exact(moment: datetime) -> str:
    """The time on the clock to the microsecond with its zone, which no line breaks: "11:59:59,999999 CEST"."""
    local = moment.astimezone(ROME)
    return f"{local:%H:%M:%S},{local.microsecond:06d}{NBSP}{local.tzname()}"


def seconds(took_us: int) -> str:
    """Microseconds as seconds, all digits: "8,000000 secondi"."""
    return _("%(n)s secondi") % {"n": points(Decimal(took_us).scaleb(-6), 6)}


def lapse(took: timedelta) -> str:
    """A time that passed: in seconds, with hours and minutes before them from an hour on."""
    if took < timedelta(hours=1):
        return seconds(took // timedelta(microseconds=1))
    minutes_passed, rest = divmod(took, timedelta(minutes=1))
    facts = {"h": minutes_passed // 60, "m": minutes_passed % 60, "s": seconds(rest // timedelta(microseconds=1))}
    return _("%(h)s ore, %(m)s minuti e %(s)s") % facts


def told(span: Span) -> str:
    """One sentence for a span."""
    facts = {
        "what": NAMES.get(span.what, ""),
        "begins": clock_exact(span.begins),
        "ends": clock_exact(span.ends),
        "n": span.count,
        "worst": seconds(span.worst_us),
    }
    return _SENTENCES[span.why](facts) % facts


def _slow(facts: dict[str, Any]) -> str:
    return ngettext(
        "%(what)s ha risposto in ritardo dalle %(begins)s alle %(ends)s: %(n)s misura oltre 5 secondi, durata %(worst)s.",
        "%(what)s ha risposto in ritardo dalle %(begins)s alle %(ends)s: %(n)s misure di seguito oltre 5 secondi, la più lunga "
        "%(worst)s.",
        facts["n"],
    )


def _failed(facts: dict[str, Any]) -> str:
    return ngettext(
        "%(what)s non ha risposto dalle %(begins)s alle %(ends)s: %(n)s misura, durata %(worst)s.",
        "%(what)s non ha risposto, o ha risposto in ritardo, dalle %(begins)s alle %(ends)s: %(n)s misure di seguito, la più "
        "lunga %(worst)s.",
        facts["n"],
    )


def _errors(facts: dict[str, Any]) -> str:
    return _(
        "Dalle %(begins)s alle %(ends)s %(n)s richieste di chi partecipa non sono riuscite per un errore del nostro servizio."
    )


def _silent(facts: dict[str, Any]) -> str:
    return _("La sonda non ha misurato dalle %(begins)s alle %(ends)s.")


_SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    "slow": _slow,
    "failed": _failed,
    "errors": _errors,
    "silent": _silent,
}


def findings(service: Service) -> list[str]:
    """What the measures say of the last hour and of the whole window, one sentence each."""
    measured, bad = service.measured_before
    said = []
    if not measured:
        said.append(_("Nell'ora prima della scadenza non c'è nessuna misura della sonda: sul servizio non dice niente."))
    elif bad:
        said.append(
            _(
                "Nell'ora prima della scadenza la sonda ha misurato %(n)s volte: %(bad)s volte il servizio non ha risposto, o "
                "ha risposto dopo più di 5 secondi."
            )
            % {"n": measured, "bad": bad}
        )
    else:
        said.append(
            _("Nell'ora prima della scadenza la sonda ha misurato %(n)s volte: il servizio ha risposto sempre entro 5 secondi.")
            % {"n": measured}
        )
    said += [told(span) for span in service.incidents]
    if measured and not service.incidents:
        said.append(_("Le misure non mostrano guasti né rallentamenti."))
    return said + [told(span) for span in service.gaps]


def worst_by_minute(service: Service) -> list[dict[str, Any]]:
    """The probe, a row each minute: when, the longest time of each thing measured (``None`` where there was no measure),
    how many measures and how many of them were bad."""
    rows: dict[datetime, dict[str, Any]] = {}
    for reading in service.readings:
        at = reading.at.replace(second=0, microsecond=0)
        row = rows.setdefault(at, {"at": at, "count": 0, "bad": 0, **dict.fromkeys(NAMES)})
        row["count"] += 1
        row["bad"] += reading.is_bad
        if reading.what in NAMES:
            row[reading.what] = max(row[reading.what] or 0, reading.took_us)
    return [rows[at] for at in sorted(rows)]


def data(service: Service) -> dict[str, Any]:
    """Everything that was measured, in the types of canonical JSON."""
    return {
        "begins": service.begins,
        "ends": service.ends,
        "slow_us": SLOW_US,
        "incidents": [_span(span) for span in service.incidents],
        "gaps": [_span(span) for span in service.gaps],
        "minutes": [
            {
                "at": minute.at,
                "attempts": minute.attempts,
                "sendings": minute.sendings,
                "refused": minute.refused,
                "failed": minute.failed,
                "median_us": minute.median_us,
                "slowest_us": minute.slowest_us,
            }
            for minute in service.minutes
            if minute.attempts
        ],
        "readings": [
            {"at": r.at, "what": r.what, "took_us": r.took_us, "ok": r.ok, "detail": r.detail} for r in service.readings
        ],
    }


def _span(span: Span) -> dict[str, Any]:
    return {
        "begins": span.begins,
        "ends": span.ends,
        "what": span.what,
        "why": span.why,
        "count": span.count,
        "worst_us": span.worst_us,
    }

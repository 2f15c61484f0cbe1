"""What happened to one application, in order of arrival and in words: what was tried, what came of it, and the deadlines.

Never what was typed. It serves the dossier and the page of the office.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.evidence.service import clock_exact
from applications.models import Application, Attachment, Event, EventKind, EventOutcome, Submission, TroubleReport
from bando.models import Amendment, Call
from bando.templatetags.bando_ui import filesize_it, instant_exact


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline. ``kind`` is that of the event, or deadline, amendment, trouble; ``took_us`` how long the answer
    took, ``None`` for what has no answer. ``count`` is above one for a run of saves or parts, which then goes up to ``until``."""

    at: datetime
    kind: str
    words: str
    took_us: int | None = None
    count: int = 1
    until: datetime | None = None


def deadlines(call: Call) -> list[dict[str, Any]]:
    """Every deadline that was in force, with the act that set it. One query."""
    moved = [
        row
        for row in call.amendments.select_related("before", "after").order_by("number")
        if row.before.notice.calendar.deadline != row.after.notice.calendar.deadline
    ]
    first = moved[0].before.notice.calendar.deadline if moved else call.closes_at
    terms = [{"at": first, "set_by": _("Pubblicazione dell'avviso"), "set_at": call.published_at}]
    return terms + [{"at": row.after.notice.calendar.deadline, "set_by": _act(row), "set_at": row.at} for row in moved]


def timeline(
    application: Application,
    events: list[Event],
    files: list[Attachment],
    troubles: list[TroubleReport],
    sendings: list[Submission],
) -> list[Entry]:
    """Everything about one application in order of arrival, the deadlines among it. Saves and parts that follow each other
    without anything between are one line; what was refused never is."""
    sections = {section.code: section.title for section in application.call.notice.sections}
    known = {event.facts.get("sha256") for event in events} | {event.arrived_at for event in events}
    entries = [
        Entry(event.arrived_at, event.kind, in_words(event, sections), None if has_no_end(event) else took(event))
        for event in events
        if not _in_a_run(event)
    ]
    entries += _runs(events)
    entries += [
        Entry(file.document.received_at, "upload", _received(file.document.name, file.document.size))
        for file in files
        if file.document.sha256 not in known
    ]
    entries += [
        Entry(sending.arrived_at, "submit", _("Invio n. %(n)s: riuscito") % {"n": sending.sequence})
        for sending in sendings
        if sending.arrived_at not in known
    ]
    entries += [
        Entry(trouble.at, "trouble", _("Segnalazione %(number)s: %(text)s") % {"number": trouble.number, "text": trouble.text})
        for trouble in troubles
    ]
    for term in deadlines(application.call):
        entries.append(Entry(term["at"], "deadline", _("Scadenza")))
        entries.append(
            Entry(
                term["set_at"],
                "amendment",
                _("%(act)s: la scadenza è %(at)s") % {"act": term["set_by"], "at": instant_exact(term["at"])},
            )
        )
    # At the very instant of the deadline a request is still in time: it stands before the line.
    return sorted(entries, key=lambda entry: (entry.at, entry.kind == "deadline"))


def in_words(event: Event, sections: dict[str, str]) -> str:
    """What was tried and what came of it. Never what was typed."""
    facts = event.facts
    what = {
        EventKind.SAVE: _("Salvataggio di «%(section)s»") % {"section": sections.get(facts.get("section", ""), "–")},
        EventKind.UPLOAD: _("Caricamento di «%(name)s»") % {"name": facts.get("name", facts.get("rule", "–"))},
        EventKind.REMOVE: _("File «%(name)s» rimesso") if facts.get("undo") else _("File «%(name)s» tolto"),
        EventKind.SUBMIT_ARRIVED: _("Richiesta di invio arrivata"),
        EventKind.SUBMIT: _("Invio"),
    }.get(EventKind(event.kind), str(EventKind(event.kind).label))
    if event.kind == EventKind.SAVE and "completion" in facts:
        what = _("Salvataggio della risposta alla richiesta n. %(n)s") % {"n": facts["completion"]}
    if event.kind == EventKind.REMOVE:
        what %= {"name": facts.get("name", "–")}
    match event.outcome:
        case EventOutcome.ARRIVED:
            return what
        case EventOutcome.DONE if event.kind == EventKind.UPLOAD_PART:
            return _("File «%(name)s» arrivato intero") % {"name": facts["name"]}
        case EventOutcome.DONE if event.kind == EventKind.UPLOAD:
            if "sha256" in facts:
                return _received(facts["name"], facts["bytes"])
            return _("Comincia il caricamento di «%(name)s», %(size)s") % {
                "name": facts.get("name", "–"),
                "size": filesize_it(facts.get("bytes", 0)),
            }
        case EventOutcome.DONE:
            return _("%(what)s: riuscito") % {"what": what}
        case EventOutcome.REFUSED:
            reasons = " ".join(str(reason) for reason in facts.get("reasons", []))
            return _("%(what)s: rifiutato. %(reasons)s") % {"what": what, "reasons": reasons}
        case EventOutcome.CONFLICT:
            return _("%(what)s: da scegliere fra due versioni") % {"what": what}
    return _("%(what)s: non riuscito per un errore del nostro servizio") % {"what": what}


def has_no_end(event: Event) -> bool:
    """The row that is written when a sending begins: how it ended stands in another one, or nowhere."""
    return event.outcome == EventOutcome.ARRIVED


def took(event: Event) -> int:
    """Microseconds from the arrival to the answer, never below zero: a front proxy's clock may run a little ahead."""
    return max((event.ended_at - event.arrived_at) // timedelta(microseconds=1), 0)


def _in_a_run(event: Event) -> bool:
    """Saves and parts of a file come by the hundred. The last part, with which the file is whole, is told alone."""
    is_one_of_many = event.kind in {EventKind.SAVE, EventKind.UPLOAD_PART} and "sha256" not in event.facts
    return is_one_of_many and event.outcome == EventOutcome.DONE


def _runs(events: list[Event]) -> Iterator[Entry]:
    for kind, run in groupby(events, key=lambda event: event.kind if _in_a_run(event) else ""):
        if not kind:
            continue
        rows = list(run)
        words = {
            EventKind.SAVE: ngettext("%(n)s salvataggio", "%(n)s salvataggi", len(rows)),
            EventKind.UPLOAD_PART: ngettext("%(n)s parte di un file", "%(n)s parti di un file", len(rows)),
        }[EventKind(kind)] % {"n": len(rows)}
        until = rows[-1].arrived_at if len(rows) > 1 else None
        if until:
            words = _("%(words)s, l'ultimo arrivato alle %(until)s") % {"words": words, "until": clock_exact(until)}
        yield Entry(rows[0].arrived_at, kind, words, max(took(row) for row in rows), len(rows), until)


def _received(name: str, size: int) -> str:
    return _("File «%(name)s» ricevuto, %(size)s") % {"name": name, "size": filesize_it(size)}


def _act(row: Amendment) -> str:
    facts = {"kind": row.get_kind_display(), "n": row.number, "act": row.act_number}
    return _("%(kind)s n. %(n)s, atto n. %(act)s") % facts

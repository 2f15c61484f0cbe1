"""One event for each attempt of an applicant, whatever came of it.

A decorator of the view and no middleware: the view knows what was tried, on which application and for what reason it was
refused, while a middleware would guess it from addresses; and a page that only reads pays nothing. What never reaches a
view (a request that was cut off, a server that does not answer) is seen by the probe instead (``applications.evidence.probing``).

The cost is one INSERT after the answer is ready, outside the act's own transaction. It never makes a request fail: when the
database refuses it, the event waits in a file (``applications.evidence.aside``).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError, models
from django.http import Http404, HttpRequest, HttpResponseBase, UnreadablePostError
from django.utils.translation import gettext as _

from applications.evidence.aside import set_aside
from applications.models import Application, Event, EventKind, EventOutcome
from bando import clock
from workflow.ledger import plain

log = logging.getLogger(__name__)
AWAY = (OperationalError, InterfaceError)
"""What a database says, or its driver, when it does not answer at all."""
View = Callable[..., HttpResponseBase]
LONGEST = 2000
"""Signs of a text among the facts."""
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")


@dataclass
class Memory:
    """What the view said while it worked; ``application`` only where the address does not name it. ``is_away``: the database
    has not answered this request already, and is not waited for again."""

    facts: dict[str, Any] = field(default_factory=dict)
    outcome: EventOutcome | None = None
    application: Application | None = None
    is_away: bool = False


def note(
    request: HttpRequest, *, outcome: EventOutcome | None = None, application: Application | None = None, **facts: Any
) -> None:
    """Add ``facts`` to the event of this request; ``reasons`` (sentences) make it a refusal. Facts are plain values and
    datetimes, never what a person typed in an answer."""
    memory = _memory(request)
    memory.facts |= facts
    memory.outcome = outcome or memory.outcome
    memory.application = application or memory.application


def arrived_for(request: HttpRequest) -> Application | None:
    """The application, with its body, that was looked up when the request arrived and that the person may see; ``None`` where
    no arrival is written, or the person may not see it."""
    return _memory(request).application


def remembered(kind: EventKind, *, through: type[models.Model] | None = None) -> Callable[[View], View]:
    """Remember each POST to a view whose keyword ``pk`` is that of an application, or of a row of ``through`` that has an
    ``application``. It stands outside ``login_required``: a sending whose session had ended is an attempt too. What the
    person may not even see (404) is none."""

    def decorate(view: View) -> View:
        @wraps(view)
        def remembering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method != "POST":
                return view(request, *args, **kwargs)
            asked = Asked(request, kind, kwargs["pk"], through)
            if kind is EventKind.SUBMIT:
                asked.arrived()
            try:
                response = view(request, *args, **kwargs)
                if not getattr(response, "is_rendered", True):
                    response.render()  # a template that fails is an attempt that failed
            except Http404:
                raise
            except (PermissionDenied, UnreadablePostError, SuspiciousOperation, BadRequest) as error:
                note(request, reasons=[_said(error)])
                asked.ended(EventOutcome.REFUSED)
                raise
            except Exception as error:
                note(request, error=type(error).__name__)
                _memory(request).is_away |= isinstance(error, AWAY)
                asked.ended(EventOutcome.FAILED)
                raise
            if response.status_code not in {404, 405}:
                asked.ended(_outcome(request, response))
            return response

        return remembering

    return decorate


@dataclass(frozen=True)
class Asked:
    """One request on its way."""

    request: HttpRequest
    kind: EventKind
    subject: Any
    through: type[models.Model] | None

    def arrived(self) -> None:
        """A process killed in the middle of a sending leaves this row behind. Only for those who may send."""
        user = self.request.user
        try:
            found = Application.objects.visible_to(user).filter(pk=self.subject).select_related("organisation").first()
        except Exception as error:  # the sending itself will say what is wrong with the database
            log.exception("an arrival could not be looked up")
            _memory(self.request).is_away |= isinstance(error, AWAY)
            return
        if found:
            note(self.request, application=found)
            self._write(EventKind.SUBMIT_ARRIVED, EventOutcome.ARRIVED, {})

    def ended(self, outcome: EventOutcome) -> None:
        self._write(self.kind, outcome, _memory(self.request).facts)

    def _write(self, kind: EventKind, outcome: EventOutcome, facts: dict[str, Any]) -> None:
        application = _memory(self.request).application
        fields = {
            "by": _who(self.request),
            "kind": str(kind),
            "outcome": str(outcome),
            "arrived_at": self.request.arrived_at,
            "ended_at": clock.now(),
            "size": _size(self.request),
            "facts": _plain(facts),
        }
        try:
            if _memory(self.request).is_away:
                raise OperationalError("it did not answer a moment ago")
            whose = self._whose(application, known=fields["by"] is not None)
            Event.objects.create(**whose, by_id=fields["by"], **{name: fields[name] for name in fields if name != "by"})
        except models.ObjectDoesNotExist:  # nobody signed in, and no such application
            return
        except Exception:
            log.exception("an attempt waits in a file: %s of %s", kind, self.subject)
            through = {"through": self.through._meta.label} if self.through and not application else {}
            try:
                set_aside("event", {"subject": str(application.pk if application else self.subject), **through, **fields})
            except Exception:
                log.exception("an attempt is lost: %s of %s", kind, self.subject)

    def _whose(self, application: Application | None, *, known: bool) -> dict[str, Any]:
        """The application and its call, asked for inside the INSERT: whoever got an answer about it may see it."""
        if application is not None:
            return {"application_id": application.pk, "call_id": application.call_id}
        rows = (self.through or Application)._base_manager.filter(pk=self.subject)
        row, call = ("application_id", "application__call_id") if self.through else ("pk", "call_id")
        if not known:
            found = rows.values_list(row, call).get()
            return {"application_id": found[0], "call_id": found[1]}
        return {"application_id": models.Subquery(rows.values(row)), "call_id": models.Subquery(rows.values(call))}


def _memory(request: HttpRequest) -> Memory:
    if not hasattr(request, "evidence"):
        request.evidence = Memory()
    return request.evidence


def _outcome(request: HttpRequest, response: HttpResponseBase) -> EventOutcome:
    memory = _memory(request)
    if not request.user.is_authenticated:
        note(request, reasons=[_("La sessione era finita: bisognava accedere di nuovo.")])
        return EventOutcome.REFUSED
    if memory.outcome:
        return memory.outcome
    if response.status_code >= 500:
        return EventOutcome.FAILED
    if response.status_code >= 400 or memory.facts.get("reasons"):
        return EventOutcome.REFUSED
    return EventOutcome.DONE


def _said(error: Exception) -> str:
    if isinstance(error, UnreadablePostError):
        return _("La richiesta è arrivata a metà: la connessione si è interrotta.")
    if isinstance(error, (SuspiciousOperation, BadRequest)):
        return _("La richiesta era troppo grande, o non era scritta come le nostre pagine le scrivono.")
    return str(error) or _("Non è permesso.")


def _who(request: HttpRequest) -> int | None:
    """The account, if anybody is signed in; a database that does not answer does not say who."""
    if _memory(request).is_away:
        return None
    try:
        return request.user.pk if request.user.is_authenticated else None
    except Exception:
        log.exception("nobody can say whose attempt this is")
        return None


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts that cannot be written as they are must not cost the event."""
    try:
        return _storable(plain(facts))
    except TypeError:
        log.exception("facts of an attempt, told as text")
        return _storable({name: str(fact) for name, fact in facts.items()})


def _storable(fact: Any) -> Any:
    """Some facts are words of a stranger's device, as the name of a file: an event that no database takes would be one that
    the stranger made vanish, and a book would fill the disk."""
    match fact:
        case str():
            return _NO_TEXT.sub("\ufffd", fact[:LONGEST])
        case list():
            return [_storable(one) for one in fact]
        case dict():
            return {name: _storable(one) for name, one in fact.items()}
    return fact


def _size(request: HttpRequest) -> int:
    """The bytes that the request announced; 0 when it said nothing, or a number that no request has."""
    length = request.META.get("CONTENT_LENGTH") or ""
    return int(length) if length.isdecimal() and len(length) <= 18 else 0

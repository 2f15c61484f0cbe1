"""The evidence of one application or of a whole deadline, as a signed document that a judge can read.

It tells what arrived, when, how long the answer took and how the service did meanwhile; it concludes nothing and holds no
answer. Who asked for it and when is kept (``applications.models.Dossier``).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, F, Max, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from applications.evidence import service
from applications.evidence.service import Service, clock_exact, lapse, seconds
from applications.evidence.timeline import deadlines, has_no_end, in_words, timeline, took
from applications.models import (
    Application,
    Attachment,
    Dossier,
    DossierPaper,
    Event,
    EventKind,
    EventOutcome,
    Submission,
    TroubleReport,
)
from applications.states import ENDED_BEFORE_RECEIPT
from bando.deadlines import ROME, in_utc
from bando.models import Call
from bando.templatetags.bando_ui import instant_exact
from documents.pdf import render_pdf
from documents.signed_pdf import seal_pdf
from documents.uploads import keep
from workflow.duties import owe
from workflow.transition import Refused

DUTY = "applications.dossier"
SENDING = [EventKind.SUBMIT_ARRIVED, EventKind.SUBMIT]


def against_asking(call: Call, *, at: datetime) -> str | None:
    """Why nobody may read who tried what; ``None`` once the deadline has passed. Terms that were reopened are a deadline that
    is still to come."""
    if call.closes_at >= at:
        return _("L'avviso non è ancora scaduto: fino ad allora si vedono solo i numeri.")
    return None


def concerned(call: Call, *, at: datetime) -> QuerySet[Application]:
    """The applications of which the office may ask the evidence: what was received, and drafts of those who tried to send or
    reported trouble. Of other drafts it never knows. ``attempts`` and ``last_at`` are those of sending."""
    if against_asking(call, at=at):
        return Application.objects.none()
    tried = Event.objects.filter(call=call, kind__in=SENDING, application__isnull=False).values("application")
    told = TroubleReport.objects.filter(call=call, application__isnull=False).values("application")
    sendings = Q(events__kind=EventKind.SUBMIT)
    return (
        Application.objects.filter(call=call)
        .filter(~Q(state__in=ENDED_BEFORE_RECEIPT) | Q(number__isnull=False) | Q(pk__in=tried) | Q(pk__in=told))
        .annotate(
            attempts=Count("events", filter=sendings),
            last_at=Max("events__arrived_at", filter=sendings),
        )
        .select_related("organisation", "current")
        .order_by(F("last_at").desc(nulls_last=True), "pk")
    )


def ask(call: Call, application: Application | None, *, by: User, at: datetime) -> Dossier:
    """Ask for the dossier of ``application``, or without one of the whole deadline; the worker makes it. Raises
    :class:`Refused`."""
    if against := against_asking(call, at=at):
        raise Refused([against])
    with transaction.atomic():
        dossier = Dossier.objects.create(call=call, application=application, by=by, at=at)
        owe(DUTY, dossier.pk, at=at)
    return dossier


def issue(dossier: Dossier, *, at: datetime) -> DossierPaper:
    """Make the signed PDF of a dossier and keep it; once, whoever asks. In Italian, the language of the procedure."""
    if existing := DossierPaper.objects.filter(dossier=dossier).first():
        return existing
    with translation.override("it"):
        context, data = contents(dossier)
        pdf = render_pdf("applications/pdf/dossier.html", context)
    content = seal_pdf(pdf, data, "dossier.json")
    document = keep(content, name=name_of(dossier), media_type="application/pdf", by=None, at=at)
    try:
        with transaction.atomic():
            return DossierPaper.objects.create(dossier=dossier, document=document)
    except IntegrityError:  # two workers: the first one's paper is the paper
        return DossierPaper.objects.get(dossier=dossier)


def name_of(dossier: Dossier) -> str:
    of = dossier.application.number or str(dossier.application.pk)[:8] if dossier.application else dossier.call.slug
    return f"dossier-{of}-{dossier.at.astimezone(ROME):%Y%m%d-%H%M%S}.pdf"


def contents(dossier: Dossier) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the paper shows, and its data in the types of canonical JSON. The service is seen as it was when it was asked."""
    call, application = dossier.call, dossier.application
    observed = service.observe(call, at=dossier.at)
    terms = deadlines(call)
    data = {
        "format": "bando/dossier/1",
        "of": "application" if application else "deadline",
        "dossier": dossier.pk,
        "asked_by": dossier.by.name,
        "asked_at": dossier.at,
        "zone": "Europe/Rome",
        "administration": settings.ADMINISTRATION["name"],
        "call": {"id": call.slug, "title": call.title, "version": call.version.number, "sha256": call.version.sha256},
        "deadlines": terms,
        "service": service.data(observed),
    }
    context = {
        "dossier": dossier,
        "call": call,
        "application": application,
        "terms": terms,
        "service": observed,
        "probe": service.worst_by_minute(observed),
        "number": application.number if application else call.slug,
        "sha256": "",
    }
    if application:
        told, more = of_application(application, observed)
    else:
        told, more = of_deadline(call, observed, at=dossier.at)
    return context | told, data | more


def of_application(application: Application, observed: Service) -> tuple[dict[str, Any], dict[str, Any]]:
    """The part that is about one application: for reading, and as data."""
    events = list(application.events.select_related("by"))
    files = list(application.attachments.select_related("document").order_by("document__received_at"))
    troubles = list(application.troubles.all())
    sendings = list(application.submissions.all())
    entries = timeline(application, events, files, troubles, sendings)
    told = {
        "area": application.area,
        "findings": [*_of_attempts(application, events, files), *service.findings(observed)],
        "timeline": entries,
        "files": files,
        "troubles": troubles,
        "sendings": sendings,
    }
    body = application.organisation
    return told, {
        "application": {
            "id": application.pk,
            "number": application.number,
            "area": application.area_code,
            "state": application.state,
            "body": {"name": body.name, "tax_code": body.tax_code},
        },
        "timeline": [_event_data(event) for event in events],
        "files": [_file_data(file) for file in files],
        "submissions": [_submission_data(sending) for sending in sendings],
        "troubles": [_trouble_data(trouble) for trouble in troubles],
        "findings": told["findings"],
    }


def of_deadline(call: Call, observed: Service, *, at: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
    """The part that is about everybody: who tried to send, and what was reported."""
    rows = Event.objects.filter(call=call, kind__in=SENDING).select_related("application__organisation", "by")
    events = list(rows.order_by("arrived_at", "pk"))
    ended = {(event.application_id, event.arrived_at) for event in events if event.kind == EventKind.SUBMIT}
    attempts = [
        {"event": event, "took": seconds(took(event)), "words": in_words(event, {})}
        for event in events
        if event.kind == EventKind.SUBMIT or (event.application_id, event.arrived_at) not in ended
    ]
    troubles = list(TroubleReport.objects.filter(call=call).select_related("by"))
    found = service.findings(observed)
    told = {"findings": found, "attempts": attempts, "troubles": troubles, "concerned": concerned(call, at=at).count()}
    return told, {
        "attempts": [
            _event_data(row)
            | {"application": row.application_id, "number": row.application.number, "body": row.application.organisation.name}
            for row in events
        ],
        "troubles": [_trouble_data(trouble) | {"application": trouble.application_id} for trouble in troubles],
        "findings": found,
    }


def _of_attempts(application: Application, events: list[Event], files: list[Attachment]) -> list[str]:
    """What the application's own attempts say against its deadline, one sentence each."""
    deadline, said = application.call.closes_at, []
    for arrived, before, after in (
        (
            [file.document.received_at for file in files],
            _("L'ultimo file in tempo è arrivato %(at)s, %(lapse)s prima della scadenza."),
            _("Il primo file fuori tempo è arrivato %(at)s, %(lapse)s dopo la scadenza."),
        ),
        (
            [event.arrived_at for event in events if event.kind in SENDING],
            _("L'ultima richiesta di invio in tempo è arrivata %(at)s, %(lapse)s prima della scadenza."),
            _("La prima richiesta di invio fuori tempo è arrivata %(at)s, %(lapse)s dopo la scadenza."),
        ),
    ):
        early, late = [at for at in arrived if at <= deadline], [at for at in arrived if at > deadline]
        if early:
            said.append(before % {"at": _when(max(early), deadline), "lapse": lapse(deadline - max(early))})
        if late:
            said.append(after % {"at": _when(min(late), deadline), "lapse": lapse(min(late) - deadline)})
    hour = [event for event in events if deadline - timedelta(hours=1) <= event.arrived_at <= deadline + timedelta(hours=1)]
    if ended := [event for event in hour if not has_no_end(event)]:
        slowest = max(ended, key=took)
        said.append(
            _(
                "Tra un'ora prima e un'ora dopo la scadenza la risposta più lenta a questo ente è durata %(took)s (richiesta delle "
                "%(at)s)."
            )
            % {"took": seconds(took(slowest)), "at": clock_exact(slowest.arrived_at)}
        )
    failed = sum(event.outcome == EventOutcome.FAILED for event in events)
    if failed:
        said.append(
            ngettext(
                "%(n)s richiesta di questo ente non è riuscita per un errore del nostro servizio.",
                "%(n)s richieste di questo ente non sono riuscite per un errore del nostro servizio.",
                failed,
            )
            % {"n": failed}
        )
    return said


def _when(moment: datetime, deadline: datetime) -> str:
    """The time, with its day when that is not the day of the deadline."""
    at, term = (in_utc(known).astimezone(ROME) for known in (moment, deadline))
    if at.date() == term.date():
        return _("alle %(at)s") % {"at": clock_exact(moment)}
    return instant_exact(moment)


def _event_data(event: Event) -> dict[str, Any]:
    return {
        "kind": event.kind,
        "outcome": event.outcome,
        "arrived_at": event.arrived_at,
        "ended_at": event.ended_at,
        "took_us": took(event),
        "size": event.size,
        "by": event.by.name if event.by else None,
        "facts": event.facts,
    }


def _file_data(file: Attachment) -> dict[str, Any]:
    document = file.document
    return {
        "name": document.name,
        "rule": file.rule,
        "size": document.size,
        "sha256": document.sha256,
        "received_at": document.received_at,
        "removed_at": file.removed_at,
    }


def _submission_data(sending: Submission) -> dict[str, Any]:
    return {
        "sequence": sending.sequence,
        "arrived_at": sending.arrived_at,
        "committed_at": sending.committed_at,
        "sha256": sending.sha256,
    }


def _trouble_data(trouble: TroubleReport) -> dict[str, Any]:
    return {
        "number": trouble.number,
        "at": trouble.at,
        "text": trouble.text,
        "page": trouble.page,
        "device": trouble.device,
        "device_clock": trouble.device_clock,
    }

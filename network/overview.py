"""Where somebody finds what the network asks of them: one entry for each thing that they take part in, with what waits.

A fixed number of queries, whatever there is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organisation, User
from applications.models import Application
from applications.states import ApplicationState
from bando.deadlines import day_in_rome
from bando.states import CallState
from bando.templatetags.bando_ui import in_italian
from network.models import (
    Accreditation,
    Agreement,
    CheckPlan,
    DeclarationCheck,
    Meeting,
    Owner,
    Report,
    Request,
    Service,
    Space,
    Table,
    TableSession,
    Task,
)
from network.report_terms import awaited
from network.states import (
    AccreditationState,
    AgreementState,
    CheckPlanState,
    DeclarationCheckState,
    MeetingState,
    ReportState,
    RequestState,
    TableSessionState,
    TableState,
)

Entry = dict[str, Any]
"""``label``, ``url`` ("" for none), ``waits``: whether something is to be done, ``hint``: how it stands."""


def takes_part(user: Any) -> bool:
    """Whether a person of a body has anything in the network: a check, a table, an agreement, an accreditation. One query."""
    if not user.is_authenticated:
        return False
    part = Q(partnerships__isnull=False) | Q(accreditations__isnull=False) | Q(requests__isnull=False)
    found = (
        Organisation.objects.filter(part, memberships__user=user),
        Table.objects.visible_to(user),
        Agreement.objects.visible_to(user),
        DeclarationCheck.objects.visible_to(user),
    )
    anything = reduce(or_, (Q(Exists(rows)) for rows in found))
    return User.objects.filter(anything, pk=user.pk).exists()


def of_a_partner(user: User, at: datetime) -> list[dict[str, Any]]:
    """The entries of somebody of a body, in groups; what waits for them is to do, the rest is done."""
    today = day_in_rome(at)
    groups = [
        {"title": _("Dalla selezione alla convenzione"), "tasks": list(_towards_the_agreement(user))},
        {"title": _("I tuoi Spazi"), "tasks": list(_spaces(user, today))},
        {"title": _("Servizi e richieste"), "tasks": list(_services(user))},
    ]
    return [group for group in groups if group["tasks"]]


def of_the_office(at: datetime) -> list[dict[str, Any]]:
    """The entries of the office, for the whole network."""
    today = day_in_rome(at)
    plans = CheckPlan.objects.filter(state__in=[CheckPlanState.COMMITTED, CheckPlanState.OPEN])
    checks = plans.order_by().values("call", "area_code").distinct().count()
    agreements = Agreement.objects.filter(state__in=[AgreementState.DRAFT, AgreementState.READY, AgreementState.SIGNED]).count()
    without = Application.objects.filter(state=ApplicationState.SELECTED, agreement=None)
    unwritten = without.exclude(call__state=CallState.REVOKED).count()
    late = Task.objects.to_settle().awaited().filter(due_on__lt=today).count()
    sent = Report.objects.filter(state=ReportState.SENT).count()
    asked = Accreditation.objects.filter(state=AccreditationState.SENT).count()
    waiting = Request.objects.filter(state=RequestState.RECEIVED).count()
    closing = Request.objects.warned().count()
    return [
        {
            "title": _("Partner e Spazi"),
            "tasks": [
                _entry(_("Controlli delle dichiarazioni"), reverse("desk_check_areas"), checks, _many_open(checks)),
                _entry(_("Convenzioni"), reverse("desk_agreements"), agreements, _many_agreements(agreements)),
                _entry(_("Convenzioni da scrivere"), reverse("desk_agreements"), unwritten, _many_unwritten(unwritten)),
                _entry(_("Spazi"), reverse("desk_spaces"), 0, ""),
                _entry(_("Compiti per aprire"), reverse("desk_board"), late, _many_late(late)),
                _entry(_("Accompagnamento della rete"), reverse("support"), 0, ""),
                _entry(_("Rendiconti"), reverse("desk_reports"), sent, _many_to_read(sent)),
            ],
        },
        {
            "title": _("Servizi e richieste"),
            "tasks": [
                _entry(_("Accreditamento"), reverse("desk_accreditation_notices"), asked, _many_to_check(asked)),
                _entry(_("Servizi del catalogo"), reverse("desk_services"), 0, ""),
                _entry(_("Richieste dei cittadini"), reverse("requests"), waiting + closing, _requests(waiting, closing)),
                _entry(_("Tempi delle risposte"), reverse("desk_request_times"), 0, ""),
            ],
        },
    ]


def _towards_the_agreement(user: User) -> Iterator[Entry]:
    checks = list(DeclarationCheck.objects.visible_to(user).values_list("state", flat=True))
    if checks:
        irregular = checks.count(DeclarationCheckState.IRREGULAR)
        words = ngettext("%(n)s dichiarazione da regolarizzare", "%(n)s dichiarazioni da regolarizzare", irregular)
        yield _entry(
            _("Controlli sulle tue dichiarazioni"), reverse("checks"), irregular, words % {"n": irregular} if irregular else ""
        )
    tables = list(Table.objects.visible_to(user).values_list("state", flat=True))
    if tables:
        planned = TableSession.objects.visible_to(user).filter(state=TableSessionState.PLANNED).count()
        words = ngettext("%(n)s incontro convocato", "%(n)s incontri convocati", planned) % {"n": planned}
        if not planned:
            words = _("Nessun incontro in programma.") if TableState.OPEN in tables else _("Concluso")
        yield _entry(_("Tavolo di co-progettazione"), reverse("tables"), planned, words)
    rows = Agreement.objects.visible_to(user).select_related("application__call__version")
    unsigned = Agreement.parties.rel.related_model.objects.filter(
        agreement=OuterRef("pk"), signed=None, organisation__memberships__user=user
    )
    for row in rows.annotate(to_sign=Exists(unsigned)).order_by("created_at"):
        waits = row.state == AgreementState.READY and row.to_sign
        label = format_html("{}: {}", _("Convenzione"), in_italian(row.application.call.notice.title))
        hint = _("Aspetta la tua firma") if waits else row.get_state_display()
        yield _entry(label, reverse("agreement", args=[row.pk]), int(waits), hint)


def _spaces(user: User, today: date) -> Iterator[Entry]:
    spaces = list(Space.objects.run_by(user).select_related("partnership"))
    if spaces:
        left = Task.objects.to_settle().awaited().filter(space__in=spaces, owner=Owner.PARTNER).count()
        words = ngettext("%(n)s compito da fare", "%(n)s compiti da fare", left) % {"n": left} if left else ""
        names = ", ".join(space.name for space in spaces[:3]) + ("…" if len(spaces) > 3 else "")
        yield _entry(_("Spazi e compiti"), reverse("my_spaces"), left, words or in_italian(names))
        due = len(awaited(spaces, today))
        words = ngettext("%(n)s rendiconto da inviare", "%(n)s rendiconti da inviare", due) % {"n": due} if due else ""
        yield _entry(_("Rendiconti"), reverse("my_reports"), due, words)
    if spaces or Space.objects.worked_on_by(user).exists():
        coming = Meeting.objects.visible_to(user).filter(state=MeetingState.PLANNED).count()
        words = ngettext("%(n)s incontro in programma", "%(n)s incontri in programma", coming) % {"n": coming}
        yield _entry(_("Accompagnamento della rete"), reverse("support"), 0, words if coming else "")


def _services(user: User) -> Iterator[Entry]:
    known = Request.objects.visible_to(user).aggregate(
        all=Count("pk"), new=Count("pk", filter=Q(state__in=[RequestState.RECEIVED, RequestState.ROUTED]))
    )
    if known["all"] or Space.objects.run_by(user).exists():
        new = known["new"]
        yield _entry(_("Richieste dei cittadini"), reverse("requests"), new, _many_requests(new))
    accreditations = Accreditation.objects.of_bodies_of(user)
    unsent = accreditations.filter(state=AccreditationState.DRAFT).count()
    words = ngettext("%(n)s richiesta da inviare", "%(n)s richieste da inviare", unsent) % {"n": unsent} if unsent else ""
    yield _entry(_("Accreditamento"), reverse("accreditations"), unsent, words)
    if services := Service.objects.of_bodies_of(user).count():
        words = ngettext("%(n)s servizio nel catalogo", "%(n)s servizi nel catalogo", services) % {"n": services}
        yield _entry(_("I tuoi servizi"), reverse("my_services"), 0, words)


def _entry(label: Any, url: str, waiting: int, hint: str) -> Entry:
    return {"label": label, "url": url, "waits": bool(waiting), "hint": hint}


def _many_open(n: int) -> str:
    return ngettext("%(n)s area con controlli in corso", "%(n)s aree con controlli in corso", n) % {"n": n} if n else ""


def _many_agreements(n: int) -> str:
    return ngettext("%(n)s in preparazione o da pubblicare", "%(n)s in preparazione o da pubblicare", n) % {"n": n} if n else ""


def _many_unwritten(n: int) -> str:
    words = ngettext("%(n)s proposta selezionata senza convenzione", "%(n)s proposte selezionate senza convenzione", n)
    return words % {"n": n} if n else ""


def _many_late(n: int) -> str:
    return ngettext("%(n)s compito in ritardo", "%(n)s compiti in ritardo", n) % {"n": n} if n else ""


def _many_to_read(n: int) -> str:
    return ngettext("%(n)s rendiconto da leggere", "%(n)s rendiconti da leggere", n) % {"n": n} if n else ""


def _many_to_check(n: int) -> str:
    return ngettext("%(n)s richiesta da controllare", "%(n)s richieste da controllare", n) % {"n": n} if n else ""


def _requests(waiting: int, closing: int) -> str:
    """The clock closes what nobody touches: the office is told before."""
    soon = ngettext("%(n)s sta per chiudersi da sola", "%(n)s stanno per chiudersi da sole", closing) % {"n": closing}
    return ", ".join(words for words in (_many_requests(waiting), soon if closing else "") if words)


def _many_requests(n: int) -> str:
    return ngettext("%(n)s richiesta aspetta", "%(n)s richieste aspettano", n) % {"n": n} if n else ""

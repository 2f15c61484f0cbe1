"""Who may sit on a commission, and what a member may declare."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Membership, User
from applications.models import Application
from applications.states import ApplicationState as S
from bando.deadlines import ROME
from bando.models import Call
from bando.notice.document import Commission as CommissionRule
from evaluation.models import MemberRole
from evaluation.progress import ADMITTED_AND_BEYOND, STILL_TO_CHECK, commission_of
from workflow.transition import Attempt

Seats = Sequence[tuple[User, str]]
"""People with their roles, in the order of the act of appointment."""


def has_no_commission_yet(attempt: Attempt) -> str | None:
    if commission_of(attempt.row) is not None:
        return _("La commissione di questo avviso è già nominata.")
    return None


def the_act_follows_the_deadline(attempt: Attempt) -> str | None:
    """Members are named when nobody can apply any more (D.M. 72/2021), and the act is the proof of it."""
    day = attempt.data.get("act_date")
    if day is not None and day < attempt.row.closes_at.astimezone(ROME).date():
        return _("L'atto di nomina ha una data prima della scadenza dell'avviso. La commissione si nomina dopo la scadenza.")
    return None


def the_commission_fits_the_notice(attempt: Attempt) -> str | None:
    if "members" not in attempt.data:
        return None
    return unfit(attempt.data["members"], attempt.row.notice.commission)


def unfit(members: Seats, rule: CommissionRule) -> str | None:
    """Why these people are not a commission as the call wants it: how many mark, one chair, nobody twice."""
    marking = [user for user, role in members if role != MemberRole.SECRETARY]
    if len({user.pk for user, _role in members}) != len(members):
        return _("Una persona compare due volte. Ogni componente ha un solo ruolo.")
    if not rule.min_members <= len(marking) <= rule.max_members:
        return _("Chi dà i punteggi: l'avviso chiede da %(min)s a %(max)s persone, qui sono %(n)s.") % {
            "min": rule.min_members,
            "max": rule.max_members,
            "n": len(marking),
        }
    if rule.odd and len(marking) % 2 == 0:
        return _("Chi dà i punteggi deve essere un numero dispari di persone: qui sono %(n)s.") % {"n": len(marking)}
    chairs = sum(role == MemberRole.CHAIR for _user, role in members)
    if chairs != 1:
        return _("Serve una sola persona con il ruolo di presidente: qui sono %(n)s.") % {"n": chairs}
    return None


def warnings_on(call: Call, members: Seats) -> list[str]:
    """What the office must weigh before appointing these people, in sentences. They are no refusals: in co-design the
    officer in charge may sit, case by case (Cons. Stato 208/2021), while in tenders who wrote the rules may not
    (Cons. Stato 1387/2019)."""
    people = [user for user, _role in members]
    officer = call.notice.administration.procedure_officer
    found = [
        _("%(name)s è responsabile del procedimento. Spiega nell'atto perché è nella commissione.") % {"name": user}
        for user in people
        if officer and user.name.casefold().strip() == officer.casefold().strip()
    ]
    published_by = set(call.steps.filter(act="publish").values_list("by_id", flat=True))
    found += [
        _("%(name)s ha pubblicato l'avviso. Chi scrive le regole, di norma, non giudica.") % {"name": user}
        for user in people
        if user.pk in published_by
    ]
    received = Application.objects.received().filter(call=call)
    seats = Membership.objects.filter(user__in=people, organisation__applications__in=received).select_related(
        "user", "organisation"
    )
    found += [
        _("%(name)s lavora per %(body)s, che ha fatto domanda.") % {"name": seat.user, "body": seat.organisation}
        for seat in seats.distinct()
    ]
    return found


def areas_to_check(applications: Iterable[Application]) -> set[tuple[Any, str]]:
    """Of the calls and areas of these applications, those in which the office has still to check some: (call, area)."""
    areas = {(application.call_id, application.area_code) for application in applications}
    waiting = Application.objects.filter(call__in={call for call, _area in areas}, state__in=STILL_TO_CHECK)
    return areas & set(waiting.order_by().values_list("call_id", "area_code").distinct())


def names_are_known(application: Application, unfinished: Collection[tuple[Any, str]]) -> str | None:
    """A member declares once the list of the participants is complete, so that nobody is found out later. ``unfinished``:
    see :func:`areas_to_check`."""
    if (application.call_id, application.area_code) in unfinished:
        return _("L'ufficio sta ancora verificando le domande di quest'area. Potrai dichiarare quando l'elenco è completo.")
    if application.state not in ADMITTED_AND_BEYOND:
        return _("Questa domanda non è ammessa alla valutazione.")
    if application.state != S.ADMITTED:
        return _("La valutazione di quest'area è chiusa: le dichiarazioni non cambiano più.")
    return None


def bodies_of(user: User) -> set[Any]:
    """The bodies for which a person acts."""
    return set(Membership.objects.filter(user=user).values_list("organisation_id", flat=True))


def does_not_act_for_the_body(application: Application, bodies: Collection[Any]) -> str | None:
    """``bodies`` are those for which the member acts."""
    if application.organisation_id in bodies:
        return _("Nei nostri dati lavori per %(body)s: per questo ente dichiara il conflitto.") % {
            "body": application.organisation
        }
    return None

"""Who may sit on a commission, and what a member may declare."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from applications.models import Application
from applications.states import ApplicationState as S
from bando.deadlines import day_in_rome
from bando.models import Call, DraftEdit
from bando.notice.document import Commission as CommissionRule
from bando.rules import has_closed
from evaluation.models import MemberRole
from evaluation.progress import ADMITTED_AND_BEYOND, STILL_TO_CHECK, commission_of
from evaluation.rules.common import against_a_stopped_call
from evaluation.ties import organisations_of
from workflow.transition import Attempt

Seats = Sequence[tuple[User, str]]
"""People with their roles, in the order of the act of appointment."""

Decisions = Mapping[str, str]
"""Why the office appoints somebody all the same, by the sentence of the warning."""


def has_no_commission_yet(attempt: Attempt) -> str | None:
    if commission_of(attempt.row) is not None:
        return _("La commissione di questo avviso è già nominata.")
    return None


def the_act_follows_the_deadline(attempt: Attempt) -> str | None:
    """Members are named when nobody can apply any more (D.M. 72/2021), and the act is the proof of it."""
    day = attempt.data.get("act_date")
    if day is not None and day < day_in_rome(attempt.row.closes_at):
        return _("L'atto di nomina ha una data prima della scadenza dell'avviso. La commissione si nomina dopo la scadenza.")
    return None


def the_commission_fits_the_notice(attempt: Attempt) -> str | None:
    if "members" not in attempt.data:
        return None
    return unfit(attempt.data["members"], attempt.row.notice.commission)


def every_warning_has_its_decision(attempt: Attempt) -> str | None:
    """A warning blocks nobody, and nobody passes over it in silence: who appoints writes why, and it stays with the act."""
    if has_closed(attempt):  # before the deadline a warning would tell who has applied
        return None
    decisions = attempt.data.get("decisions", {})
    if all(decisions.get(text, "").strip() for text in attempt.data.get("warnings", ())):
        return None
    return _("Per ogni avvertenza scrivi perché nomini lo stesso la persona. La decisione resta con l'atto.")


def somebody_has_a_seat(attempt: Attempt) -> str | None:
    """Who leaves sits on the commission of this call, now; asked before somebody is chosen, there must be a commission."""
    commission = commission_of(attempt.row)
    if commission is None:
        return _("La commissione di questo avviso non è ancora nominata.")
    leaving = attempt.data.get("leaving")
    if leaving is not None and not commission.members.seated().filter(pk=leaving.pk).exists():
        return _("%(name)s non fa più parte della commissione.") % {"name": leaving.user}
    return None


def the_new_one_is_free(attempt: Attempt) -> str | None:
    """A substitute who waits, or somebody who never sat here: who has left does not come back to marks that are void."""
    if "joining" not in attempt.data:
        return None
    seat = attempt.data["seat"]
    if seat is None or (seat.role == MemberRole.SUBSTITUTE and seat.left_at is None):
        return None
    if seat.left_at is not None:
        return _("%(name)s ha già lasciato questa commissione e non può tornarci. Scegli un'altra persona.") % {
            "name": seat.user
        }
    return _("%(name)s fa già parte della commissione. Scegli un'altra persona.") % {"name": seat.user}


def the_act_follows_the_appointment(attempt: Attempt) -> str | None:
    day, commission = attempt.data.get("act_date"), commission_of(attempt.row)
    if day is not None and commission is not None and day < commission.act_date:
        return _("L'atto ha una data prima della nomina della commissione. Controlla la data.")
    return None


def no_final_ranking(attempt: Attempt) -> str | None:
    """What a final ranking says is changed by a correction of it, with its reasons, and not by marking again."""
    if attempt.data["is_final"]:
        return _("La graduatoria definitiva di quest'area è pubblicata: la valutazione non si riapre.")
    return None


def unfit(members: Seats, rule: CommissionRule) -> str | None:
    """Why these people are not a commission as the call wants it: how many mark, one chair, nobody twice. Substitutes count
    for nothing until they are called."""
    marking = [user for user, role in members if role in (MemberRole.CHAIR, MemberRole.MEMBER)]
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
    if sum(role == MemberRole.SECRETARY for _user, role in members) > 1:
        return _("C'è più di una persona con il ruolo di segretario: ne basta una.")
    return None


def warnings_on(call: Call, members: Seats) -> list[str]:
    """What the office must weigh before appointing these people, in sentences. They are no refusals: in co-design the
    officer in charge may sit, case by case (Cons. Stato 208/2021), while in tenders who wrote the rules may not
    (Cons. Stato 1387/2019), and who approves the minutes may not chair (TAR Trieste 408/2019)."""
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
    wrote = set(DraftEdit.objects.filter(draft__call=call).order_by().values_list("by_id", flat=True).distinct())
    found += [
        _("%(name)s ha scritto l'avviso. Chi scrive le regole, di norma, non giudica.") % {"name": user}
        for user in people
        if user.pk in wrote - published_by
    ]
    found += [
        _("%(name)s lavora nell'ufficio che approva gli atti della commissione. Chi li approva, di norma, non la presiede.")
        % {"name": user}
        for user, role in members
        if role == MemberRole.CHAIR and user.is_official
    ]
    received = Application.objects.received().filter(call=call)
    seats = Membership.objects.filter(
        Q(organisation__applications__in=received)
        | Q(organisation__participations__application__in=received, organisation__participations__counts=True),
        user__in=people,
    ).select_related("user", "organisation")
    found += [
        _("%(name)s lavora per %(body)s, che ha fatto domanda.") % {"name": seat.user, "body": seat.organisation}
        for seat in seats.order_by("pk").distinct()
    ]
    return found


def areas_to_check(applications: Iterable[Application]) -> set[tuple[Any, str]]:
    """Of the calls and areas of these applications, those in which the office has still to check some: (call, area)."""
    areas = {(application.call_id, application.area_code) for application in applications}
    waiting = Application.objects.filter(call__in={call for call, _area in areas}, state__in=STILL_TO_CHECK)
    return areas & set(waiting.order_by().values_list("call_id", "area_code").distinct())


def names_are_known(application: Application, unfinished: Collection[tuple[Any, str]]) -> str | None:
    """A member declares once the list of the participants is complete, so that nobody is found out later, and while the call
    goes on. ``unfinished``: see :func:`areas_to_check`."""
    if stopped := against_a_stopped_call(application.call):
        return stopped
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
    """``bodies`` are those for which the member acts. In a group the lead counts and so does each body that is in it."""
    found = [body for body in organisations_of(application) if body.pk in bodies]
    if found:
        return _("Nei nostri dati lavori per %(body)s: per questo ente dichiara il conflitto.") % {"body": found[0]}
    return None

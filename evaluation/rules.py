"""What may be done in the evaluation, and if not, why: ``None`` or a sentence that a person can act on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership, User
from applications.models import Application
from applications.states import ApplicationState as S
from bando.deadlines import ROME
from bando.models import Call
from bando.notice.document import Commission as CommissionRule
from bando.notice.document import Notice
from bando.notice.grid import Criterion, CriterionType, Grid
from bando.states import CallState
from evaluation.declared import declared
from evaluation.figures import exact_figure, short_figure
from evaluation.gaps import gaps
from evaluation.methods import UNIT, YES_OR_NO, each_maximum
from evaluation.models import Declaration, MemberRole, Ranking, Sheet
from evaluation.progress import ADMITTED_AND_BEYOND, STILL_TO_CHECK, commission_of
from evaluation.published import recompute
from evaluation.states import RankingState
from evaluation.words import value_words
from workflow.transition import Attempt

Seats = Sequence[tuple[User, str]]
"""People with their roles, in the order of the act of appointment."""


def call_goes_on(attempt: Attempt) -> str | None:
    """Nothing is decided in a call that was revoked or has ended. The row is a ranking, an application or a sheet."""
    row = attempt.row
    call = row.application.call if isinstance(row, Sheet) else row.call
    if call.state != CallState.PUBLISHED:
        return _("L'avviso è «%(state)s»: la valutazione è ferma.") % {"state": call.get_state_display()}
    return None


# The commission. ``attempt.data`` holds ``members`` (Seats), ``act_number`` and ``act_date``.


def has_no_commission_yet(attempt: Attempt) -> str | None:
    if commission_of(attempt.row) is not None:
        return _("La commissione di questo avviso è già nominata.")
    return None


def the_act_is_stated(attempt: Attempt) -> str | None:
    """The number and the date of the act, not in the future. Asked before they are typed, there is nothing against it."""
    if "act_number" not in attempt.data:
        return None
    if not str(attempt.data["act_number"]).strip():
        return _("Scrivi il numero dell'atto.")
    if attempt.data["act_date"] is None:
        return _("Scrivi la data dell'atto.")
    if attempt.data["act_date"] > attempt.at.astimezone(ROME).date():
        return _("La data dell'atto è nel futuro. Torna qui quando l'atto è firmato.")
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


# Declarations and sheets


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


def is_its_member(attempt: Attempt) -> str | None:
    """A sheet is written by one member alone."""
    if attempt.by is None or attempt.row.member.user_id != attempt.by.pk:
        return _("Questa scheda è di un'altra persona.")
    return None


def has_declared_no_conflict(attempt: Attempt) -> str | None:
    sheet: Sheet = attempt.row
    last = Declaration.objects.filter(member=sheet.member_id, application=sheet.application_id).order_by("-pk").first()
    if last is None:
        return _("Prima di leggere le proposte, dichiara se hai rapporti con gli enti di questo elenco.")
    if last.in_conflict:
        return _("Hai dichiarato un conflitto di interessi: questa proposta non è tua da valutare.")
    # They may have joined the body since they declared.
    return does_not_act_for_the_body(sheet.application, bodies_of(attempt.by))


def is_under_evaluation(attempt: Attempt) -> str | None:
    """Until the evaluation of the area is closed; read again, because it is another row than the one locked."""
    state = Application.objects.values_list("state", flat=True).get(pk=attempt.row.application_id)
    if state != S.ADMITTED:
        return _("La valutazione di quest'area è chiusa: i punteggi non cambiano più.")
    return None


def every_mark_has_its_reason(attempt: Attempt) -> str | None:
    sheet: Sheet = attempt.row
    application = sheet.application
    grid = application.call.notice.grid_for(application.area_code)
    missing = gaps(
        grid,
        {code: (units, reason) for code, units, reason in sheet.marks.values_list("criterion", "units", "reason")},
        declared(application.call.notice, application.area_code, application.current.answers),
    )
    if missing:
        return _("La scheda non è completa. %(gaps)s") % {"gaps": " ".join(gap.sentence for gap in missing)}
    return None


# The evaluation of an area, on its applications. ``attempt.data["lacking"]`` is a ``progress.Lacking``.


def leads_or_official(attempt: Attempt) -> str | None:
    """The chair or the secretary of the commission, or the office. Reads what the queryset has fetched."""
    if attempt.by is not None and attempt.by.is_official:
        return None
    commission = commission_of(attempt.row.call)
    seats = commission.members.all() if commission is not None and attempt.by is not None else ()
    if any(seat.user_id == attempt.by.pk and seat.role in (MemberRole.CHAIR, MemberRole.SECRETARY) for seat in seats):
        return None
    return _("Lo può fare solo chi presiede la commissione, chi fa da segretario o l'ufficio.")


def everyone_has_concluded(attempt: Attempt) -> str | None:
    """Every marking member without a conflict has concluded the sheet of this proposal.

    Names and no counts: whoever reads it may be in conflict with the proposal that is missing."""
    lacking = attempt.data["lacking"]
    if lacking.nobody:
        return _("C'è una proposta che nessun componente può valutare: l'ufficio deve cambiare la commissione.")
    if lacking.undeclared:
        return _("Manca la dichiarazione sui conflitti di: %(names)s.") % {"names": ", ".join(lacking.undeclared)}
    if lacking.unfinished:
        return _("Deve ancora concludere le sue schede: %(names)s.") % {"names": ", ".join(lacking.unfinished)}
    return None


def facts_agree(attempt: Attempt) -> str | None:
    """The members found the same facts in this proposal: how many certificates a body holds is no opinion, and what is
    not one can't be averaged. Who is in conflict with the proposal reads neither its number nor what was found."""
    lacking = attempt.data["lacking"]
    if not lacking.disputes:
        return None
    if attempt.by is not None and attempt.by.pk in lacking.in_conflict:
        return _("C'è una proposta su cui i componenti hanno trovato fatti diversi: devono accordarsi.")
    return " ".join(
        _(
            "%(number)s, «%(title)s»: i componenti hanno trovato %(values)s. È un fatto e dev'essere uno solo: "
            "chi ha sbagliato riapre la sua scheda e lo corregge."
        )
        % {
            "number": lacking.number,
            "title": dispute.criterion.title,
            "values": " / ".join(value_words(dispute.criterion, mark) for mark in dispute.marks),
        }
        for dispute in lacking.disputes
    )


# The ranking


def area_is_evaluated(attempt: Attempt) -> str | None:
    """Every proposal admitted in the area has been evaluated, and at least one was."""
    ranking: Ranking = attempt.row
    states = set(
        Application.objects.filter(call=ranking.call_id, area_code=ranking.area_code)
        .order_by()
        .values_list("state", flat=True)
        .distinct()
    )
    if states & {*STILL_TO_CHECK, S.ADMITTED}:
        return _("Prima chiudi la valutazione di quest'area: ci sono proposte senza punteggio.")
    if not states & {S.EVALUATED, S.RANKED}:
        return _("In quest'area non c'è nessuna proposta valutata: non c'è una graduatoria da fare.")
    return None


def the_act_follows_the_call(attempt: Attempt) -> str | None:
    """A ranking is approved after the deadline of its call: an earlier day is a slip, and it would stay published."""
    day = attempt.data.get("act_date")
    if day is not None and day < attempt.row.call.closes_at.astimezone(ROME).date():
        return _("La data dell'atto è prima della scadenza dell'avviso. Controlla il giorno, il mese e l'anno.")
    return None


def is_what_was_previewed(attempt: Attempt) -> str | None:
    """The official confirms the text that was on the screen, by its hash; no hash asks nothing."""
    seen = attempt.data.get("seen")
    if seen is not None and seen != attempt.row.sha256:
        return _("La graduatoria è stata calcolata di nuovo dopo la tua anteprima. Guardala ancora e poi conferma.")
    return None


def agrees_with_itself(attempt: Attempt) -> str | None:
    """What is published can be computed again from the file alone, and gives the same numbers."""
    if recompute(attempt.row.document):
        return _("I numeri della graduatoria non tornano con i suoi punteggi. Calcolala di nuovo prima di pubblicare.")
    return None


def every_area_is_ranked(attempt: Attempt) -> str | None:
    """Every area that has admitted proposals has a published ranking, and none has proposals still to check."""
    call: Call = attempt.row
    missing = unranked_areas(call.notice, call)
    if missing:
        return ngettext("Manca la graduatoria di: %(areas)s.", "Mancano le graduatorie di: %(areas)s.", len(missing)) % {
            "areas": ", ".join(missing)
        }
    return None


def unranked_areas(notice: Notice, call: Call) -> list[str]:
    """Titles of the areas that still want a ranking, in the order of the notice."""
    live = set(
        Application.objects.filter(call=call, state__in=[*STILL_TO_CHECK, *ADMITTED_AND_BEYOND])
        .order_by()
        .values_list("area_code", flat=True)
        .distinct()
    )
    published = set(Ranking.objects.filter(call=call, state=RankingState.PUBLISHED).values_list("area_code", flat=True))
    return [area.title for area in notice.areas if area.code in live - published]


MOST = 10**12
"""More than any quantity of a call, and its ten-thousandths fit every database."""


def mark_problem(grid: Grid, criterion: Criterion, value: Decimal | None, seats: int | None) -> str | None:
    """Why ``value`` can't be what a member found on ``criterion``; ``None`` when it can, or nothing was found yet. ``seats``
    are the members who mark, needed where their points are added."""
    if value is None:
        return None
    title = {"title": criterion.title}
    match criterion.type:
        case CriterionType.COEFFICIENT:
            return _level_problem(grid, value)
        case CriterionType.LEVELS:
            if any(level.points == value for level in criterion.levels):
                return None
            levels = ", ".join(f"{short_figure(level.points)} ({level.label})" for level in criterion.levels)
            words = _("%(value)s non sono i punti di un giudizio di «%(title)s». Scegli tra: %(levels)s.")
            return words % {**title, "value": short_figure(value), "levels": levels}
        case CriterionType.POINTS:
            most = each_maximum(grid, criterion, seats)
            if not 0 <= value <= most:
                return _("«%(title)s»: puoi dare da 0 a %(most)s punti.") % {**title, "most": exact_figure(most)}
            if criterion.step is not None and value % criterion.step:
                return _("«%(title)s»: i punti si danno a passi di %(step)s.") % {
                    **title,
                    "step": short_figure(criterion.step),
                }
        case kind if kind in YES_OR_NO:
            return None if value in (0, 1) else _("«%(title)s»: rispondi sì o no.") % title
        case _:
            if not 0 <= value <= MOST:
                return _("«%(title)s»: scrivi una quantità da 0 a %(most)s.") % {**title, "most": short_figure(Decimal(MOST))}
    if value * UNIT % 1:
        return _("«%(title)s»: scrivi al massimo quattro cifre dopo la virgola.") % title
    return None


def _level_problem(grid: Grid, coefficient: Decimal) -> str | None:
    if any(level.coefficient == coefficient for level in grid.scale):
        return None
    return _("%(value)s non è un livello della scala. Scegli tra: %(levels)s.") % {
        "value": short_figure(coefficient),
        "levels": ", ".join(f"{short_figure(level.coefficient)} ({level.label})" for level in grid.scale),
    }

"""What the commission and the office do, one function per verb of the regulation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Application
from applications.states import ApplicationState as S
from bando.models import Call
from bando.notice.grid import CriterionType
from evaluation.models import UNIT, Commission, Declaration, Mark, Member, Placement, Ranking, Sheet
from evaluation.progress import Progress, seats_of
from evaluation.publication import compose, with_act
from evaluation.ranking import Outcome
from evaluation.rules import (
    Seats,
    areas_to_check,
    bodies_of,
    does_not_act_for_the_body,
    mark_problem,
    names_are_known,
    warnings_on,
)
from evaluation.scoring import MarksError
from evaluation.states import SheetState
from evaluation.transitions import (
    APPOINT,
    COMPUTE,
    CONCLUDE,
    EVALUATE,
    FALL_BELOW,
    FINISH,
    PUBLISH,
    RANK,
    REOPEN,
    RESTORE,
    SAVE,
    SELECT,
    VOID,
    WAIT,
)
from workflow.duties import owe
from workflow.ledger import canonical, digest
from workflow.models import Step
from workflow.perform import perform, perform_all, reasons_against
from workflow.transition import Attempt, Refused

ACT_OF_OUTCOME = {Outcome.SELECTED: SELECT, Outcome.WAITING: WAIT, Outcome.BELOW_THRESHOLD: FALL_BELOW}
"""A tie across the last place has no act: those proposals stay in the ranking until the chain or a draw decides."""

_NAME_OF_A_MARK = {
    CriterionType.COEFFICIENT: "coefficient",
    CriterionType.LEVELS: "points",
    CriterionType.POINTS: "points",
}

Given = Mapping[str, tuple[Decimal | None, str]]
"""Criterion code to (what was found or ``None``, written reason): a coefficient of the scale, points, a quantity, 1 or 0 for
yes or no, as the type of the criterion says."""


def appoint_commission(
    call: Call, *, members: Seats, act_number: str, act_date: date | None, by: User, at: datetime
) -> Commission:
    """Appoint the commission of a call, after its deadline. ``members`` are people with a ``MemberRole``, in the order of
    the act. The warnings that the office has weighed are kept with the act."""
    made: list[Commission] = []

    def seat(attempt: Attempt) -> Mapping[str, Any]:
        commission = Commission.objects.create(
            call=call, act_number=act_number.strip(), act_date=act_date, appointed_at=at, appointed_by=by
        )
        Member.objects.bulk_create(
            [Member(commission=commission, user=user, role=role, order=order) for order, (user, role) in enumerate(members, 1)]
        )
        made.append(commission)
        return {
            "act": {"number": commission.act_number, "date": act_date},
            "members": [{"user": user.pk, "role": str(role)} for user, role in members],
            "warnings": warnings_on(call, members),
        }

    data = {"members": members, "act_number": act_number, "act_date": act_date}
    perform(APPOINT, call, by=by, at=at, data=data, effect=seat)
    return made[0]


def declare(member: Member, application: Application, *, in_conflict: bool, note: str = "", at: datetime) -> Declaration:
    """A member says whether they have ties with the body of one admitted proposal. Without a conflict their sheet opens;
    with one, a sheet already opened becomes void. Saying the same again changes nothing."""
    if refused := declare_all(member, [(application, in_conflict, note)], at=at):
        raise Refused(refused[application.pk])
    return Declaration.objects.filter(member=member, application=application).latest("pk")


def declare_all(member: Member, said: Iterable[tuple[Application, bool, str]], *, at: datetime) -> dict[Any, list[str]]:
    """The same of many proposals at once: each with whether there is a conflict, and the note. Each stands by itself: those
    that can't be declared change nothing, and their reasons are answered by the pk of the application.

    The number of queries does not grow with them, but for sheets that become void or come back: each of those is an act."""
    given = {application.pk: (in_conflict, note.strip()) for application, in_conflict, note in said}
    with transaction.atomic():
        # The application is the lock between a declaration and the closing of the evaluation.
        rows = Application.objects.filter(pk__in=given).select_related("organisation").order_by("pk")
        locked = {row.pk: row for row in rows.select_for_update(of=("self",))}
        unfinished, bodies = areas_to_check(locked.values()), bodies_of(member.user)
        last = {
            row.application_id: row for row in Declaration.objects.filter(member=member, application__in=given).order_by("pk")
        }
        sheets = {row.application_id: row for row in Sheet.objects.filter(member=member, application__in=given)}
        refused: dict[Any, list[str]] = {}
        made: list[Declaration] = []
        for pk, (in_conflict, note) in given.items():
            against = [names_are_known(locked[pk], unfinished)]
            if not in_conflict:
                against.append(does_not_act_for_the_body(locked[pk], bodies))
            reasons = [reason for reason in against if reason]
            before = last.get(pk)
            if not reasons and before is not None:
                if (before.in_conflict, before.note) == (in_conflict, note):
                    continue
                if before.in_conflict and not in_conflict and not note:
                    reasons = [_("Avevi dichiarato un conflitto. Scrivi nella nota perché non c'è più.")]
            if reasons:
                refused[pk] = reasons
            else:
                made.append(Declaration(member=member, application=locked[pk], in_conflict=in_conflict, note=note, at=at))
        Declaration.objects.bulk_create(made)
        Sheet.objects.bulk_create(
            [
                Sheet(member=member, application=row.application)
                for row in made
                if not row.in_conflict and row.application_id not in sheets
            ]
        )
        for row in made:
            sheet = sheets.get(row.application_id)
            if sheet is not None and row.in_conflict == (sheet.state != SheetState.VOID):
                perform(VOID if row.in_conflict else RESTORE, sheet, by=member.user, at=at, reason=row.note)
    return refused


def save_marks(sheet: Sheet, marks: Given, *, by: User, at: datetime) -> None:
    """Keep what a member has marked so far, complete or not; criteria that are not given stay as they are.

    Raises :class:`Refused` for a criterion that the grid does not have and for what can't be found on one, having kept
    nothing."""
    with transaction.atomic():
        sheet.refresh_from_db(from_queryset=Sheet.objects.with_call().select_for_update(of=("self",)))
        if against := reasons_against(SAVE, sheet, by=by, at=at):
            raise Refused(against)
        application = sheet.application
        grid = application.call.notice.grid_for(application.area_code)
        criteria = {criterion.code: criterion for criterion in grid.criteria}
        wrong = [_("La griglia non ha il criterio «%(code)s».") % {"code": code} for code in marks if code not in criteria]
        seats = seats_of(sheet.member.commission, grid)
        wrong += [
            problem
            for code, (value, _reason) in marks.items()
            if code in criteria and (problem := mark_problem(grid, criteria[code], value, seats))
        ]
        if wrong:
            raise Refused(list(dict.fromkeys(wrong)))
        Mark.objects.bulk_create(
            [
                Mark(
                    sheet=sheet,
                    criterion=code,
                    units=None if value is None else int(value / UNIT),
                    reason=reason.strip(),
                )
                for code, (value, reason) in marks.items()
            ],
            update_conflicts=True,
            unique_fields=["sheet", "criterion"],
            update_fields=["units", "reason"],
        )
        sheet.saved_at = at
        sheet.save(update_fields=["saved_at"])


def finish_sheet(sheet: Sheet, *, by: User, at: datetime) -> Step:
    """The sheet is concluded: every criterion has its mark and its reason, which the record keeps."""
    application = sheet.application
    types = {c.code: c.type for c in application.call.notice.grid_for(application.area_code).criteria}

    def keep(attempt: Attempt) -> Mapping[str, Any]:
        marks = {
            code: {_NAME_OF_A_MARK.get(types[code], "quantity"): units * UNIT, "reason": reason}
            for code, units, reason in sheet.marks.order_by("criterion").values_list("criterion", "units", "reason")
        }
        return {"marks": marks, "sha256": digest(canonical(marks))}

    return perform(FINISH, sheet, by=by, at=at, effect=keep)


def reopen_sheet(sheet: Sheet, *, by: User, at: datetime, reason: str) -> Step:
    """Take a concluded sheet back, with a reason, until the evaluation of the area is closed."""
    return perform(REOPEN, sheet, by=by, at=at, reason=reason)


def close_evaluation(call: Call, area_code: str, *, by: User, at: datetime) -> list[Step]:
    """Close the evaluation of an area: all its admitted proposals at once, or none with the reasons."""
    with transaction.atomic():
        # Proposals first and then their sheets, as whoever declares does; all are locked before they are counted, so that
        # a declaration or a sheet that is being reopened is waited for.
        list(_admitted(call, area_code).select_for_update(of=("self",)).values_list("pk", flat=True))
        list(
            Sheet.objects.filter(application__call=call, application__area_code=area_code, application__state=S.ADMITTED)
            .order_by("pk")
            .select_for_update()
            .values_list("pk", flat=True)
        )
        progress = Progress(call, area_code)
        if against := reasons_not_to_close(progress, by=by, at=at):
            raise Refused(against)
        return perform_all(
            EVALUATE, _admitted(call, area_code), by=by, at=at, data=lambda row: {"lacking": progress.lacking(row.pk)}
        )


def reasons_not_to_close(progress: Progress, *, by: User, at: datetime) -> list[str]:
    """What stands against closing the evaluation of an area, in sentences; empty when it can be closed."""
    if progress.to_check:
        return [_("L'ufficio deve ancora finire la verifica delle domande di quest'area.")]
    found: list[str] = []
    for application in _admitted(progress.call, progress.area_code):
        data = {"lacking": progress.lacking(application.pk)}
        found += reasons_against(EVALUATE, application, by=by, at=at, data=data)
    if not progress.admitted:
        found.append(
            _("La valutazione di quest'area è già chiusa.")
            if progress.proposals
            else _("In quest'area non ci sono proposte ammesse da valutare.")
        )
    return list(dict.fromkeys(found))


def compute_ranking(call: Call, area_code: str, *, by: User, at: datetime) -> Ranking:
    """Compose the marks of an area into its ranking, to be looked at and published. It may be done again until then."""
    with transaction.atomic():
        ranking, _made = Ranking.objects.get_or_create(
            call=call, area_code=area_code, defaults={"content": "{}", "sha256": digest("{}"), "computed_at": at}
        )

        def compose_it(attempt: Attempt) -> Mapping[str, Any]:
            try:
                ranked = compose(call, area_code)
            except MarksError as error:
                raise Refused([_("I punteggi non bastano per calcolare: %(problem)s.") % {"problem": error}]) from error
            ranking.content = canonical(ranked.document)
            ranking.sha256 = digest(ranking.content)
            ranking.computed_at = at
            ranking.save(update_fields=["content", "sha256", "computed_at"])
            perform_all(RANK, Application.objects.filter(call=call, area_code=area_code, state=S.EVALUATED), by=by, at=at)
            return {"sha256": ranking.sha256, "proposals": len(ranked.applications)}

        perform(COMPUTE, ranking, by=by, at=at, effect=compose_it)
        ranking.__dict__.pop("document", None)
        return ranking


def publish_ranking(
    ranking: Ranking, *, act_number: str, act_date: date | None, by: User, at: datetime, seen: str | None = None
) -> Ranking:
    """Publish a computed ranking with the act that approves it. ``seen`` is the hash of the text that the official has
    previewed. Each proposal takes its outcome; letters and the PDF follow; with the last area the call is concluded."""

    def publish(attempt: Attempt) -> Mapping[str, Any]:
        ranking.__dict__.pop("document", None)
        document = with_act(ranking.document, number=act_number.strip(), day=act_date)
        ranking.content = canonical(document)
        ranking.sha256 = digest(ranking.content)
        ranking.act_number, ranking.act_date, ranking.published_at = act_number.strip(), act_date, at
        ranking.save(update_fields=["content", "sha256", "act_number", "act_date", "published_at"])
        ranking.__dict__.pop("document", None)
        _place(ranking, document["rows"], by=by, at=at)
        owe("evaluation.ranking_pdf", ranking.pk, at=at)
        owe("evaluation.result_letters", ranking.pk, at=at)
        return {"sha256": ranking.sha256, "act": {"number": ranking.act_number, "date": act_date}}

    with transaction.atomic():
        perform(
            PUBLISH,
            ranking,
            by=by,
            at=at,
            data={"act_number": act_number, "act_date": act_date, "seen": seen},
            effect=publish,
        )
        call = ranking.call
        if not reasons_against(CONCLUDE, call, by=by, at=at):
            perform(CONCLUDE, call, by=by, at=at)
        return ranking


def _admitted(call: Call, area_code: str) -> QuerySet[Application]:
    return (
        Application.objects.filter(call=call, area_code=area_code, state=S.ADMITTED)
        .select_related("call")
        .prefetch_related("call__commission__members")
        .order_by("pk")
    )


def _place(ranking: Ranking, rows: list[dict[str, Any]], *, by: User, at: datetime) -> None:
    """The placements, and the outcome of each proposal."""
    numbers = {row["application"]: row for row in rows}
    applications = Application.objects.filter(call=ranking.call_id, area_code=ranking.area_code, number__in=numbers)
    pks = dict(applications.values_list("number", "pk"))
    Placement.objects.bulk_create(
        [
            Placement(
                ranking=ranking,
                application_id=pks[number],
                position=row["position"],
                outcome=row["outcome"],
                total=row["total"]["published"],
            )
            for number, row in numbers.items()
        ]
    )
    for outcome, act in ACT_OF_OUTCOME.items():
        perform_all(
            act,
            applications.filter(number__in=[number for number, row in numbers.items() if row["outcome"] == outcome]),
            by=by,
            at=at,
            facts=lambda application: {
                "position": numbers[application.number]["position"],
                "total": numbers[application.number]["total"]["published"],
            },
        )

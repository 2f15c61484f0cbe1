"""The declarations of the selected bodies, verified: all of them, or a sample that anybody can draw again.

Where nothing else is said, ``note`` is for the office alone: ``None`` leaves the one that is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from applications.models import Application
from bando.models import Call
from documents.models import Document
from evaluation.draw import normalised
from evaluation.models import Departure
from network.models import CheckPlan, CheckReply, CheckScope, DeclarationCheck
from network.rules.checks import declarations_of, newcomers
from network.sampling import Declaration, Rule, commitment, committed, drawn, every_one, size, stated_size
from network.transitions.checks import (
    ADD_FOR_A_DOUBT,
    ADD_TO_CHECKS,
    ASK_AUTHORITY,
    CANCEL_SAMPLE,
    CHECK_AGAIN,
    CHECK_ALL,
    CLOSE_CHECKS,
    COMMIT_SAMPLE,
    CONFIRM_DECLARATION,
    CORRECT_SAMPLE,
    DRAW_SAMPLE,
    DROP_CHECK,
    FIND_FALSE,
    FIND_IRREGULAR,
    REOPEN_CHECKS,
    REPLY_TO_CHECK,
)
from workflow.duties import owe
from workflow.ledger import digest
from workflow.models import Step
from workflow.perform import perform, perform_all, reasons_against
from workflow.transition import Attempt, Refused, Transition

IRREGULARITY_MAIL = "network.check_irregular"

# The plan


def check_all(call: Call, area_code: str, *, due_on: date, by: User, at: datetime) -> CheckPlan:
    """Every declaration of the selected proposals that no other plan lists is verified. Raises :class:`Refused`."""

    def begin(plan: CheckPlan, population: Iterable[Declaration]) -> None:
        plan.population = every_one(call=call.slug, area=area_code, number=plan.number, population=population)

    def open_checks(attempt: Attempt) -> Mapping[str, Any]:
        _open(attempt.row, committed(attempt.row.population), by=by, at=at)
        return {"sha256": attempt.row.sha256, "size": attempt.row.size}

    plan = CheckPlan(call=call, area_code=area_code, scope=CheckScope.ALL, due_on=due_on, made_at=at)
    return _begin(plan, CHECK_ALL, begin, open_checks, by=by, at=at)


def commit_sample(
    call: Call, area_code: str, *, rule: Rule, source: str, value_at: datetime, due_on: date, by: User, at: datetime
) -> CheckPlan:
    """Write down which declarations could be drawn, by which rule and from which future public value, and make it public.
    Raises :class:`Refused`."""
    plan = CheckPlan(
        call=call,
        area_code=area_code,
        scope=CheckScope.SAMPLE,
        rule=rule_in_words(rule),
        source=" ".join(source.split()),
        value_at=value_at,
        due_on=due_on,
        made_at=at,
    )

    def begin(plan: CheckPlan, population: Iterable[Declaration]) -> None:
        stated = {"call": call.slug, "area": area_code, "number": plan.number, "source": plan.source, "value_at": value_at}
        plan.population = commitment(population=population, rule=rule, **stated)

    def keep(attempt: Attempt) -> Mapping[str, Any]:
        return {"sha256": plan.sha256, "size": plan.size, "value_at": value_at}

    return _begin(plan, COMMIT_SAMPLE, begin, keep, by=by, at=at)


def size_of(call: Call, area_code: str, rule: Rule | None) -> tuple[int, int, int]:
    """What a plan made now would hold: how many declarations it would verify, out of how many, of how many proposals. Without a
    ``rule`` all of them."""
    population = [declaration for row in newcomers(call, area_code) for declaration in declarations_of(row)]
    proposals = len({declaration.application for declaration in population})
    return size(rule, population) if rule else len(population), len(population), proposals


def draw_sample(plan: CheckPlan, *, value: str, by: User, at: datetime) -> Step:
    """The value is public: whom it draws follows. Raises :class:`Refused`."""
    return perform(
        DRAW_SAMPLE,
        plan,
        by=by,
        at=at,
        data={"value": value},
        effect=lambda attempt: _drawn(attempt.row, value, by=by, at=at),
        saves=["value", "drawn_at"],
    )


def correct_sample(plan: CheckPlan, *, value: str, by: User, at: datetime, reason: str) -> Step:
    """The value was copied wrongly: the same list, with the value that the source published. Both stay in the record, and so do the
    dropped checks of who has left. Raises :class:`Refused` once a check has begun."""

    def again(attempt: Attempt) -> Mapping[str, Any]:
        attempt.row.checks.filter(doubt="", steps=None).delete()
        return _drawn(attempt.row, value, by=by, at=at)

    data = {"value": value}
    return perform(CORRECT_SAMPLE, plan, by=by, at=at, reason=reason, data=data, effect=again, saves=["value", "drawn_at"])


def cancel_sample(plan: CheckPlan, *, by: User, at: datetime, reason: str) -> Step:
    """Give up a sample that nobody can know yet; it stays readable with the reason. Raises :class:`Refused`."""
    return perform(CANCEL_SAMPLE, plan, by=by, at=at, reason=reason)


def add_to_checks(plan: CheckPlan, *, by: User, at: datetime) -> Step:
    """The declarations of the proposals that were selected after the plan was made are verified too. Raises
    :class:`Refused`."""

    def add(attempt: Attempt) -> Mapping[str, Any]:
        row = attempt.row
        before = committed(row.population)
        added = [one for application in newcomers(row.call, row.area_code) for one in declarations_of(application)]
        row.population = every_one(call=row.call.slug, area=row.area_code, number=row.number, population=[*before, *added])
        row.sha256, row.size = digest(row.population), len(before) + len(added)
        _open(row, added, by=by, at=at)
        return {"sha256": row.sha256, "size": row.size, "applications": sorted({one.application for one in added})}

    return perform(ADD_TO_CHECKS, plan, by=by, at=at, look=_hold, effect=add, saves=["population", "sha256", "size"])


def add_for_a_doubt(plan: CheckPlan, declaration: Declaration, *, reason: str, by: User, at: datetime) -> DeclarationCheck:
    """A declaration that the sample did not draw is verified too, because of a doubt: the sample, its list and its hash stay as
    they are. A closed plan is open again. Raises :class:`Refused`."""
    made: list[DeclarationCheck] = []

    def add(attempt: Attempt) -> Mapping[str, Any]:
        made.extend(_open(attempt.row, [declaration], by=by, at=at, doubt=reason.strip()))
        return {"declaration": declaration.identifier}

    data = {"declaration": declaration}
    perform(ADD_FOR_A_DOUBT, plan, by=by, at=at, reason=reason, data=data, effect=add)
    return made[0]


def close_checks(plan: CheckPlan, *, by: User, at: datetime) -> Step:
    return perform(CLOSE_CHECKS, plan, by=by, at=at)


def reopen_checks(plan: CheckPlan, *, by: User, at: datetime, reason: str) -> Step:
    return perform(REOPEN_CHECKS, plan, by=by, at=at, reason=reason)


# One declaration


def ask_authority(
    check: DeclarationCheck, *, asked_to: str, due_at: datetime, note: str | None = None, by: User, at: datetime
) -> Step:
    """An authority is asked whether it is so, until ``due_at``. Raises :class:`Refused`."""

    def ask(attempt: Attempt) -> Mapping[str, Any]:
        row = attempt.row
        row.asked_to, row.due_at, row.note = asked_to.strip(), due_at, _note(row, note)
        return {"asked_to": row.asked_to, "due_at": due_at}

    data = {"asked_to": asked_to, "due_at": due_at}
    return perform(ASK_AUTHORITY, check, by=by, at=at, data=data, effect=ask, saves=["asked_to", "due_at", "note"])


def confirm_declaration(
    check: DeclarationCheck, *, note: str | None = None, document: Document | None = None, by: User, at: datetime
) -> Step:
    """It is so; ``document`` is what the authority answered. Raises :class:`Refused`."""
    return _answered(CONFIRM_DECLARATION, check, note=note, document=document, by=by, at=at)


def confirm_declarations(plans: Iterable[CheckPlan], keys: Iterable[Any], *, by: User, at: datetime) -> int:
    """Those of the ``keys`` that are of these ``plans``, all at once or none; how many. Raises :class:`Refused`."""
    rows = DeclarationCheck.objects.filter(plan__in=list(plans), pk__in=list(keys)).select_related("plan")
    return _all_at_once(CONFIRM_DECLARATION, rows, by=by, at=at)


def find_irregular(
    check: DeclarationCheck, *, due_at: datetime, reason: str, note: str | None = None, by: User, at: datetime
) -> Step:
    """Something is wrong and is no falsehood: the body reads ``reason`` and puts it right until ``due_at``; said again, it gives
    a new term. Raises :class:`Refused`."""

    def tell(attempt: Attempt) -> Mapping[str, Any]:
        row = attempt.row
        row.due_at, row.told_at, row.note = due_at, at, _note(row, note)
        owe(IRREGULARITY_MAIL, f"{row.pk}:{at.isoformat()}", at=at)
        return {"due_at": due_at}

    data = {"due_at": due_at}
    return perform(
        FIND_IRREGULAR, check, by=by, at=at, reason=reason, data=data, effect=tell, saves=["due_at", "told_at", "note"]
    )


def reply_to_check(check: DeclarationCheck, *, text: str, document: Document | None, by: User, at: datetime) -> Step:
    """The body answers, until the term. Raises :class:`Refused`."""

    def reply(attempt: Attempt) -> Mapping[str, Any]:
        row = attempt.row
        number = row.replies.count() + 1
        CheckReply.objects.create(of=row, number=number, text=text.strip(), document=document, by=by, at=at)
        return {"number": number, "sha256": document.sha256 if document else ""}

    behalf = check.organisation.name
    return perform(REPLY_TO_CHECK, check, by=by, at=at, on_behalf_of=behalf, data={"text": text}, effect=reply)


def find_false(
    check: DeclarationCheck, *, reason: str, note: str | None = None, document: Document | None = None, by: User, at: datetime
) -> Step:
    """It is not so. The proposal loses its place by an act of its own (``evaluation.actions.forfeit``). Raises
    :class:`Refused`."""
    return _answered(FIND_FALSE, check, note=note, document=document, reason=reason, by=by, at=at)


def check_again(check: DeclarationCheck, *, reason: str, by: User, at: datetime) -> Step:
    """The outcome was wrong: the check begins again, and what was done stays in its history. Raises :class:`Refused`."""

    def clear(attempt: Attempt) -> Mapping[str, Any]:
        row = attempt.row
        before = row.answer.sha256 if row.answer else ""
        row.due_at, row.told_at, row.answer = None, None, None
        return {"answer": before}

    return perform(CHECK_AGAIN, check, by=by, at=at, reason=reason, effect=clear, saves=["due_at", "told_at", "answer"])


def drop_checks(departure: Departure) -> int:
    """A proposal has left: what was still to be verified of it is needed no more; how many. Nothing is decided here, it
    follows the act by which it left."""
    rows = DeclarationCheck.objects.filter(application=departure.application_id).under_way()
    return _drop(rows, by=departure.by, at=departure.at, why=departure)


def rule_in_words(rule: Rule) -> str:
    """As it is published: in Italian."""
    with translation.override("it"):
        words = [
            _("%(percent)s %% delle dichiarazioni, arrotondato in su") % {"percent": rule.percent},
            ngettext("almeno %(n)s dichiarazione", "almeno %(n)s dichiarazioni", rule.minimum) % {"n": rule.minimum},
        ]
        if rule.each_proposal:
            words.append(_("almeno una per ogni domanda"))
        return "; ".join(words)


def _begin(plan: CheckPlan, act: Transition, write: Any, effect: Any, *, by: User, at: datetime) -> CheckPlan:
    with transaction.atomic():
        _hold(plan)
        plan.number = CheckPlan.objects.filter(call=plan.call, area_code=plan.area_code).count() + 1
        if against := reasons_against(act, plan, by=by, at=at):
            raise Refused(against)
        population = [one for row in newcomers(plan.call, plan.area_code) for one in declarations_of(row)]
        write(plan, population)
        plan.sha256 = digest(plan.population)
        plan.size = stated_size(plan.population)
        plan.save()
        perform(act, plan, by=by, at=at, effect=effect)
    return plan


def _hold(plan: CheckPlan) -> None:
    """The call is the lock between two plans of an area: each lists what the others don't."""
    Call.objects.select_for_update().only("pk").get(pk=plan.call_id)


def _open(
    plan: CheckPlan, declarations: Iterable[Declaration], *, by: User, at: datetime, doubt: str = ""
) -> list[DeclarationCheck]:
    """A check for each that has none, of a ``doubt`` or of before a correction. Those of a proposal that left between the
    commitment and the draw are needed no more."""
    there = plan.checks.values_list("application__number", "ordinal", "code")
    wanted = set(declarations) - {Declaration(*facts) for facts in there}
    rows = Application.objects.with_call().filter(call=plan.call, number__in={one.application for one in wanted})
    made = [
        DeclarationCheck(
            plan=plan,
            application=row,
            organisation_id=body,
            ordinal=one.body,
            code=one.requirement,
            title=requirement.title,
            doubt=doubt,
            doubted_at=at if doubt else None,
            doubted_by=by if doubt else None,
        )
        for row in rows.prefetch_related("participants__organisation").order_by("number")
        for one, (requirement, body) in declarations_of(row).items()
        if one in wanted
    ]
    DeclarationCheck.objects.bulk_create(made)
    for left in Departure.objects.filter(application__in=[row.application_id for row in made]).distinct():
        _drop(plan.checks.filter(application=left.application_id).under_way(), by=by, at=at, why=left)
    return made


def _drawn(plan: CheckPlan, value: str, *, by: User, at: datetime) -> Mapping[str, Any]:
    plan.value, plan.drawn_at = normalised(value), at
    found = drawn(plan.population, value)
    _open(plan, found, by=by, at=at)
    return {"sha256": plan.sha256, "value": plan.value, "drawn": [one.identifier for one in found]}


def _answered(
    act: Transition,
    check: DeclarationCheck,
    *,
    note: str | None,
    document: Document | None,
    by: User,
    at: datetime,
    reason: str = "",
) -> Step:
    def end(attempt: Attempt) -> Mapping[str, Any]:
        row = attempt.row
        row.note = _note(row, note)
        row.answer, row.due_at = document or row.answer, None
        return {"answer": row.answer.sha256 if row.answer else ""}

    return perform(act, check, by=by, at=at, reason=reason, effect=end, saves=["note", "answer", "due_at"])


def _note(row: DeclarationCheck, note: str | None) -> str:
    return row.note if note is None else note.strip()


def _drop(rows: Any, *, by: User, at: datetime, why: Departure) -> int:
    with translation.override("it"):
        reason = _("La proposta è uscita: %(outcome)s.") % {"outcome": why.get_outcome_display().lower()}
    return _all_at_once(DROP_CHECK, rows.select_related("application__departure"), by=by, at=at, reason=reason)


def _all_at_once(act: Transition, rows: Any, *, by: User, at: datetime, reason: str = "") -> int:
    """Nobody waits for what has its outcome: the terms end with it."""
    with transaction.atomic():
        keys = [step.row_id for step in perform_all(act, rows, by=by, at=at, reason=reason)]
        DeclarationCheck.objects.filter(pk__in=keys).update(due_at=None)
    return len(keys)

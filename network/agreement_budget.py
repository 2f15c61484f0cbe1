"""What an agreement costs: the budget that it carries out, and the others that carry out the same one.

A project that several proposals became has an agreement for each of them and one budget. What is promised and spent under all
of them is held against that budget together: a euro of it is given once."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, Sum

from applications.budget import Outcome, thawed
from applications.confirming import rules_answered
from applications.states import WITH_A_PLACE
from bando.notice.document import SectionKind
from network.models import Agreement, Payment, Project
from network.states import AgreementState


def budget_of(agreement: Agreement) -> Outcome | None:
    """The budget of the version of the project that the agreement carries out, or of the proposal; None where the call asks for
    none."""
    application = agreement.application
    notice = rules_answered(application)
    budget = notice.budget_for(application.area_code)
    if budget is None:
        return None
    answers = agreement.project.answers if agreement.project else application.current.answers
    section = next(s.code for s in notice.sections_for(application.area_code) if s.kind is SectionKind.BUDGET)
    return thawed(budget, answers.get(section, {}))


def grant_of(agreement: Agreement) -> int:
    """What that budget asks the administration for, in cents."""
    outcome = budget_of(agreement)
    return outcome.grant if outcome else 0


def sharing(agreement: Agreement) -> list[Agreement]:
    """The other agreements that take of the same project's budget, whichever version of it they carry out: those that stand, and
    those that are over or whose proposal lost its place, if something was paid under them."""
    if agreement.project is None:
        return []
    others = Agreement.objects.filter(project__project=agreement.project.project_id).exclude(pk=agreement.pk)
    stands = Q(application__state__in=WITH_A_PLACE) & ~Q(state=AgreementState.ENDED)
    taking = others.filter(stands | Q(payments__isnull=False)).distinct()
    return list(taking.select_related("application__organisation").order_by("created_at"))


def shares_its_project(agreement: Agreement) -> bool:
    """Did several proposals become the project that it carries out?"""
    return agreement.project is not None and agreement.project.project.sources.count() > 1


def promised(agreements: Iterable[Agreement]) -> int:
    """What they take of the budget in all, in cents: of one that is over, only what was paid under it."""
    rows = list(agreements)
    over = [row for row in rows if _is_over(row)]
    paid = Payment.objects.filter(agreement__in=over).aggregate(sum=Sum("amount_cents"))["sum"] if over else 0
    return sum(row.amount_cents for row in rows if row not in over) + (paid or 0)


def _is_over(agreement: Agreement) -> bool:
    return agreement.state == AgreementState.ENDED or agreement.application.state not in WITH_A_PLACE


def first_amount(agreement: Agreement) -> int:
    """What an agreement begins with, in cents: the grant of its budget or, of one that others share, what its own proposal asked
    for, as far as the others leave it."""
    grant = grant_of(agreement)
    if not shares_its_project(agreement):
        return grant
    alone = grant_of(Agreement(application=agreement.application))
    return max(min(alone, grant - promised(sharing(agreement))), 0)


def hold_the_budget(agreement: Agreement) -> None:
    """Until the end of the transaction no other agreement of its project promises or pays."""
    if agreement.project:
        Project.objects.select_for_update().get(pk=agreement.project.project_id)

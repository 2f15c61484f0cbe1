"""What an agreement waits for."""

import pytest

from network.actions import (
    add_to_checks,
    cancel_sample,
    confirm_declaration,
    confirm_declarations,
    draft_agreement,
    draw_sample,
    find_false,
)
from network.rules.checks import declarations_are_confirmed, not_drawn
from network.sampling import Rule
from network.transitions import SIGN
from tests.builders import official
from tests.builders_checks import AT, VALUE, VALUE_AT, all_checked, call_with_declarations, chosen, one_of, sampled
from workflow.transition import Attempt

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    return call_with_declarations()


@pytest.fixture
def office():
    return official()


def against_signing(row, office):
    said = declarations_are_confirmed(Attempt(draft_agreement(row, at=AT), office, VALUE_AT))
    return [said] if said else []


def test_it_is_asked_before_every_signature():
    assert declarations_are_confirmed in SIGN.when


def test_without_any_plan_nobody_is_held(call, office):
    assert against_signing(chosen(call), office) == []


def test_nobody_signs_while_a_declaration_of_theirs_is_not_confirmed(call, office):
    first, second = chosen(call), chosen(call)
    plan = all_checked(call)
    confirm_declarations([plan], list(plan.checks.filter(application=first).values_list("pk", flat=True)), by=office, at=AT)
    assert against_signing(first, office) == []
    assert against_signing(second, office) == [
        "Di questa proposta manca la conferma di 3 dichiarazioni: concludi i controlli nella pagina «Controlli sulle "
        "dichiarazioni»."
    ]
    confirm_declaration(one_of(plan, second), by=office, at=AT)
    confirm_declaration(one_of(plan, second, "sede"), by=office, at=AT)
    find_false(one_of(plan, second, "penale"), reason="Risulta una condanna.", by=office, at=AT)
    assert against_signing(second, office) == [
        "Di questa proposta manca la conferma di 1 dichiarazione: concludi il controllo nella pagina «Controlli sulle "
        "dichiarazioni»."
    ]


def test_who_may_still_be_drawn_does_not_sign_and_who_was_not_drawn_does(call, office):
    rows = [chosen(call), chosen(call)]
    plan = sampled(call, rule=Rule(1, 1, each_proposal=False))
    assert against_signing(rows[0], office) == [
        "Il campione delle dichiarazioni da controllare non è ancora sorteggiato: prima si sorteggia."
    ]
    draw_sample(plan, value=VALUE, by=office, at=VALUE_AT)
    held = {row.number: len(against_signing(row, office)) for row in rows}
    assert held == {row.number: int(row.pk == plan.checks.get().application_id) for row in rows}


def test_who_came_in_later_signs_once_in_the_checks(call, office):
    chosen(call)
    plan = all_checked(call)
    late = chosen(call)
    assert against_signing(late, office) == [
        "Le dichiarazioni di questa proposta non sono ancora nei controlli dell'area: aggiungile nella pagina «Controlli sulle "
        "dichiarazioni»."
    ]
    add_to_checks(plan, by=office, at=AT)
    confirm_declarations([plan], list(plan.checks.filter(application=late).values_list("pk", flat=True)), by=office, at=AT)
    assert against_signing(late, office) == []


def test_a_sample_that_was_given_up_holds_nobody(call, office):
    row = chosen(call)
    cancel_sample(sampled(call), by=office, at=AT, reason="La fonte non pubblica più.")
    assert against_signing(row, office) == []


def test_a_doubt_about_a_proposal_that_came_after_the_list_is_for_a_plan_of_its_own(call, office):
    row = chosen(call)
    plan = sampled(call, rule=Rule(1, 1, each_proposal=False))
    draw_sample(plan, value=VALUE, by=office, at=VALUE_AT)
    before = list(not_drawn(plan))
    chosen(call)
    assert (list(not_drawn(plan)), {declaration.application for declaration in before}) == (before, {row.number})

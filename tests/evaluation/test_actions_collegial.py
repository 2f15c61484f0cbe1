"""The commission marks a proposal together: one sheet, written by who chairs it or by its secretary."""

from datetime import date

import pytest

from applications.models import Application
from applications.states import ApplicationState
from evaluation.actions import (
    appoint_commission,
    close_evaluation,
    collegial_sheet,
    declare,
    finish_sheet,
    reopen_sheet,
    save_marks,
)
from evaluation.models import MemberRole, Sheet
from evaluation.publication import compose
from evaluation.published import recompute
from evaluation.states import SheetState
from tests.builders import official, person
from tests.builders_evaluation import (
    APPOINTED_AT,
    MARKED_AT,
    RANKED_AT,
    admitted,
    call_marked_together,
    coefficients,
    commission,
    mark_together,
    marking,
    sheet_of,
)
from workflow.transition import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    return call_marked_together()


@pytest.fixture
def proposal(call):
    return admitted(call)


def refusal(act, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        act(*args, at=MARKED_AT, **kwargs)
    return refused.value.reasons


def test_a_declaration_opens_no_sheet_where_the_commission_marks_together(call, proposal):
    member = marking(commission(call))[0]
    declare(member, proposal, in_conflict=False, at=MARKED_AT)
    assert not Sheet.objects.exists()
    alone = admitted(call, "area-2")
    assert sheet_of(member, alone).member == member


@pytest.mark.parametrize(
    ("role", "reason"),
    [
        (MemberRole.CHAIR, None),
        (MemberRole.SECRETARY, None),
        (MemberRole.MEMBER, "La scheda della commissione la scrive chi la presiede o chi fa da segretario."),
        (None, "La scheda della commissione la scrive chi la presiede o chi fa da segretario."),
    ],
)
def test_chair_and_secretary_write_for_all(call, proposal, role, reason):
    made = commission(call, secretary=True)
    for member in made.members.all():
        declare(member, proposal, in_conflict=False, at=MARKED_AT)
    by = person() if role is None else made.members.filter(role=role).first().user
    if reason is None:
        sheet = collegial_sheet(proposal, by=by, at=MARKED_AT)
        save_marks(sheet, coefficients(["buono"] * 3), by=by, at=MARKED_AT)
        finish_sheet(sheet, by=by, at=MARKED_AT)
        assert (sheet.member, sheet.state, sheet.marks.count()) == (None, SheetState.FINAL, 3)
    else:
        assert refusal(collegial_sheet, proposal, by=by) == [reason]
        assert not Sheet.objects.exists()


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (None, "Prima di leggere le proposte, dichiara se hai rapporti con gli enti di questo elenco."),
        (True, "Hai dichiarato un conflitto di interessi: questa proposta non è tua da valutare."),
    ],
)
def test_who_writes_has_declared_no_conflict(call, proposal, said, reason):
    made = commission(call, secretary=True)
    secretary = made.members.get(role=MemberRole.SECRETARY)
    if said is not None:
        declare(secretary, proposal, in_conflict=said, note="Ne sono socio.", at=MARKED_AT)
    assert refusal(collegial_sheet, proposal, by=secretary.user) == [reason]


def test_who_joined_the_body_since_writes_no_more(call, proposal):
    made = commission(call)
    sheet = mark_together(made, proposal, ["buono"] * 3, finish=False)
    chair = marking(made)[0].user
    proposal.organisation.memberships.create(user=chair, role="member")
    assert refusal(finish_sheet, sheet, by=chair) == [
        f"Nei nostri dati lavori per {proposal.organisation}: per questo ente dichiara il conflitto."
    ]


def test_two_who_begin_find_the_same_sheet(call, proposal):
    made = commission(call, secretary=True)
    for member in made.members.all():
        declare(member, proposal, in_conflict=False, at=MARKED_AT)
    found = {collegial_sheet(proposal, by=member.user, at=MARKED_AT).pk for member in made.members.exclude(role="member")}
    assert found == {Sheet.objects.get().pk}


def test_where_each_member_marks_there_is_no_sheet_for_all(call):
    alone, made = admitted(call, "area-2"), commission(call)
    declare(marking(made)[0], alone, in_conflict=False, at=MARKED_AT)
    assert refusal(collegial_sheet, alone, by=marking(made)[0].user) == [
        "Nell'area di questa proposta ogni componente scrive la sua scheda."
    ]


def test_it_is_reopened_with_a_reason_by_who_writes_it(call, proposal):
    made = commission(call)
    sheet = mark_together(made, proposal, ["buono"] * 3)
    chair, other = (member.user for member in marking(made)[:2])
    assert refusal(reopen_sheet, sheet, by=other, reason="Rileggo.") == [
        "La scheda della commissione la scrive chi la presiede o chi fa da segretario."
    ]
    reopen_sheet(sheet, by=chair, at=MARKED_AT, reason="Abbiamo riletto il piano.")
    assert sheet.state == SheetState.OPEN


def test_the_area_is_closed_on_the_sheets_of_the_commission_and_ranked_from_them(call):
    first, second = admitted(call), admitted(call)
    made = commission(call)
    mark_together(made, first, ["buono"] * 3)
    sheet = mark_together(made, second, ["ottimo"] * 3, finish=False)
    chair = marking(made)[0].user
    assert refusal(close_evaluation, call, "area-1", by=official()) == [
        f"Manca una scheda della commissione. La può scrivere: {chair}."
    ]
    finish_sheet(sheet, by=chair, at=MARKED_AT)
    close_evaluation(call, "area-1", by=official(), at=RANKED_AT)
    document = compose(call, "area-1").document
    assert (document["commissioners"], document["seats"]) == (["Commissione"], 1)
    assert [(row["application"], row["marks"]["a1"], row["total"]["published"]) for row in document["rows"]] == [
        (second.number, ["1"], "100.00"),
        (first.number, ["0.8"], "80.00"),
    ]
    assert recompute(document) == []


def test_a_proposal_that_neither_chair_nor_secretary_may_write_keeps_the_area_open(call, proposal):
    made = commission(call)
    for member in marking(made):
        declare(member, proposal, in_conflict=member.role == MemberRole.CHAIR, note="Ne sono socia.", at=MARKED_AT)
    assert refusal(close_evaluation, call, "area-1", by=official()) == [
        "C'è una proposta di cui né chi presiede né chi fa da segretario può scrivere la scheda: "
        "l'ufficio deve cambiare la commissione."
    ]


def test_a_closed_area_gets_no_new_sheet(call, proposal):
    seats = [(person(), MemberRole.CHAIR), (person(), MemberRole.MEMBER), (person(), MemberRole.MEMBER)]
    made = appoint_commission(call, members=seats, act_number="1", act_date=date(2021, 10, 20), by=official(), at=APPOINTED_AT)
    for member in marking(made):
        declare(member, proposal, in_conflict=False, at=MARKED_AT)
    Application.objects.update(state=ApplicationState.EVALUATED)
    assert refusal(collegial_sheet, proposal, by=seats[0][0]) == [
        "La valutazione di quest'area è chiusa: i punteggi non cambiano più."
    ]

"""A member compares proposals in pairs: what is kept, what is refused and with which words, what follows a declaration."""

from fractions import Fraction

import pytest

from applications.models import Application
from applications.states import ApplicationState
from evaluation.actions import (
    close_evaluation,
    declare,
    finish_comparison,
    reopen_comparison,
    save_comparison,
    save_marks,
)
from evaluation.comparing import Preferred
from evaluation.models import Comparison, Preference
from evaluation.publication import compose
from evaluation.published import recompute
from evaluation.states import SheetState
from tests.builders import official, person
from tests.builders_evaluation import (
    MARKED_AT,
    RANKED_AT,
    admitted,
    call_in_pairs,
    coefficients,
    commission,
    compare,
    find,
    marking,
    sheet_of,
)
from tests.history import history
from workflow.transition import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    return call_in_pairs()


@pytest.fixture
def proposals(call):
    return [admitted(call, name=name, title=name) for name in ("Alfa", "Beta", "Gamma")]


@pytest.fixture
def members(call, proposals):
    found = marking(commission(call))
    for member in found:
        for proposal in proposals:
            declare(member, proposal, in_conflict=False, at=MARKED_AT)
    return found


def cell(first, second, prefers="first", units=30_000):
    return Preferred(first.pk, second.pk, prefers, units)


def new(member):
    return Comparison(member=member, area_code="area-1", criterion="c1")


def refusal(act, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        act(*args, at=MARKED_AT, **kwargs)
    return refused.value.reasons


def test_a_table_is_kept_as_far_as_it_goes_and_concluded_when_every_pair_is_there(proposals, members):
    first, second, third = proposals
    row = compare(members[0], proposals, [3, -2], finish=False)
    assert refusal(finish_comparison, row, by=members[0].user) == ["Manca 1 coppia su 3."]
    save_comparison(row, [cell(second, third, "neither", 0)], by=members[0].user, at=MARKED_AT)
    step = finish_comparison(row, by=members[0].user, at=MARKED_AT)
    assert step.facts["pairs"] == [
        [first.number, second.number, "3"],
        [third.number, first.number, "2"],
        [second.number, third.number, "1"],
    ]
    assert [(p.prefers, p.units) for p in Preference.objects.order_by("pk")] == [
        ("first", 30_000),
        ("second", 20_000),
        ("neither", 10_000),
    ]


def test_a_pair_that_is_judged_again_replaces_itself(proposals, members):
    row = compare(members[0], proposals, [3, 3, 3], finish=False)
    save_comparison(row, [cell(*proposals[:2], "second", 60_000)], by=members[0].user, at=MARKED_AT)
    assert [p.units for p in Preference.objects.order_by("first__number", "second__number")] == [60_000, 30_000, 30_000]


@pytest.mark.parametrize(
    ("units", "halves", "reason"),
    [
        (20_000, False, None),
        (60_000, False, None),
        (25_000, True, None),
        (10_000, False, "1 non è un grado di preferenza. Scegli tra: 2, 3, 4, 5, 6."),
        (70_000, False, "7 non è un grado di preferenza. Scegli tra: 2, 3, 4, 5, 6."),
        (25_000, False, "2,5 non è un grado di preferenza. Scegli tra: 2, 3, 4, 5, 6."),
        (15_000, True, "1,5 non è un grado di preferenza. Scegli tra: 2, 2,5, 3, 3,5, 4, 4,5, 5, 5,5, 6."),
    ],
)
def test_the_degrees_are_those_of_the_call(units, halves, reason):
    call = call_in_pairs(slug="gradi", halves=halves)
    found = [admitted(call) for _ in range(3)]
    member = marking(commission(call))[0]
    for proposal in found:
        declare(member, proposal, in_conflict=False, at=MARKED_AT)
    if reason is None:
        save_comparison(new(member), [cell(*found[:2], units=units)], by=member.user, at=MARKED_AT)
    else:
        assert refusal(save_comparison, new(member), [cell(*found[:2], units=units)], by=member.user) == [reason]
    assert Preference.objects.count() == (reason is None)


def test_a_pair_the_other_way_round_or_with_a_stranger_is_refused_and_nothing_is_kept(call, proposals, members):
    first, second, _third = proposals
    gone = ["Una coppia non c'è più: una delle due proposte non è più ammessa. Ricarica la pagina."]
    elsewhere = admitted(call, "area-2")
    for wrong in (cell(second, first), cell(first, first), cell(first, elsewhere)):
        assert refusal(save_comparison, new(members[0]), [cell(first, second), wrong], by=members[0].user) == gone
    assert (Comparison.objects.count(), Preference.objects.count()) == (0, 0)


def test_nobody_writes_the_table_of_another(proposals, members):
    row = compare(members[0], proposals, [3, 3, 3], finish=False)
    for act, arguments in ((save_comparison, [[]]), (finish_comparison, [])):
        assert refusal(act, row, *arguments, by=members[1].user) == ["Questa scheda è di un'altra persona."]


def test_who_has_not_declared_on_every_proposal_does_not_compare_yet(call, proposals):
    member = marking(commission(call))[0]
    declare(member, proposals[0], in_conflict=False, at=MARKED_AT)
    assert refusal(save_comparison, new(member), [], by=member.user) == [
        "Prima di confrontare le proposte, dichiara se hai rapporti con gli enti di quest'area."
    ]


def test_who_is_in_conflict_with_one_proposal_compares_none(proposals, members):
    row = compare(members[0], proposals, [3, 3, 3])
    declare(members[0], proposals[2], in_conflict=True, note="Ne sono socia.", at=MARKED_AT)
    row.refresh_from_db()
    assert (row.state, list(history(row))) == (SheetState.VOID, ["finish", "void"])
    assert refusal(save_comparison, row, [], by=members[0].user)[0] == "Adesso non si può fare: lo stato è «Annullata»."
    assert refusal(save_comparison, Comparison(member=members[0], area_code="area-1", criterion="c1"), [], by=members[0].user)
    declare(members[0], proposals[2], in_conflict=False, note="Mi ero sbagliata.", at=MARKED_AT)
    row.refresh_from_db()
    assert (row.state, row.preferences.count()) == (SheetState.OPEN, 3)


def test_a_conflict_that_is_gone_with_its_proposal_lets_the_others_be_compared(proposals, members):
    fourth = admitted(proposals[0].call, name="Delta")
    declare(members[0], fourth, in_conflict=False, at=MARKED_AT)
    row = compare(members[0], [*proposals, fourth], [3] * 6)
    declare(members[0], fourth, in_conflict=True, note="Ne sono socia.", at=MARKED_AT)
    Application.objects.filter(pk=fourth.pk).update(state=ApplicationState.EXCLUDED)
    row = save_comparison(row, [cell(*proposals[:2], "second")], by=members[0].user, at=MARKED_AT)
    finish_comparison(row, by=members[0].user, at=MARKED_AT)
    assert list(history(row)) == ["finish", "void", "restore", "finish"]
    assert len(row.steps.last().facts["pairs"]) == 3


def test_who_joins_a_body_after_declaring_compares_no_more(proposals, members):
    proposals[0].organisation.memberships.create(user=members[0].user, role="member")
    assert refusal(save_comparison, new(members[0]), [], by=members[0].user) == [
        "Nei nostri dati lavori per un ente di quest'area: dichiara il conflitto. I confronti li fanno gli altri."
    ]


def test_with_fewer_proposals_than_the_call_asks_nobody_compares(call):
    found = [admitted(call) for _ in range(2)]
    member = marking(commission(call))[0]
    for proposal in found:
        declare(member, proposal, in_conflict=False, at=MARKED_AT)
    assert refusal(save_comparison, new(member), [], by=member.user) == [
        "Le proposte ammesse sono 2 e l'avviso confronta a coppie da 3 in su: dai un coefficiente nella scheda."
    ]


def test_an_area_still_to_check_is_not_compared(call, proposals, members):
    admitted(call, state=ApplicationState.CHECKING)
    assert refusal(save_comparison, new(members[0]), [], by=members[0].user) == [
        "L'ufficio sta ancora verificando le domande di quest'area. Potrai confrontarle quando l'elenco è completo."
    ]


def test_a_concluded_table_is_reopened_with_a_reason_until_the_evaluation_is_closed(proposals, members):
    row = compare(members[0], proposals, [3, 3, 3])
    assert refusal(reopen_comparison, row, by=members[0].user, reason=" ") == [
        "Scrivi il motivo: resta nella storia dell'atto."
    ]
    reopen_comparison(row, by=members[0].user, at=MARKED_AT, reason="Ho invertito una coppia.")
    assert row.state == SheetState.OPEN
    finish_comparison(row, by=members[0].user, at=MARKED_AT)
    Application.objects.update(state=ApplicationState.EVALUATED)
    assert refusal(reopen_comparison, row, by=members[0].user, reason="Tardi.") == [
        "La valutazione di quest'area è chiusa: i confronti non cambiano più."
    ]


def _sheets(members, proposals):
    for member in members:
        for proposal in proposals:
            find(member, proposal, {"a1": "0.8", "b1": "0.8"})


@pytest.mark.parametrize(
    ("variant", "points"),
    [
        # Tables: (A>B 3, A>C 2, B=C), (A=B, C>A 4, B>C 2), (B>A 6, A>C 2, C>B 2).
        # A 5+1+2 = 8, B 1+3+6 = 10, C 1+4+2 = 7.
        ("sum", [Fraction(40), Fraction(50), Fraction(35)]),
        # Of the greatest of each: A 1 1/4 1/3, B 1/5 3/4 1, C 1/5 1 1/3: sums 19/12, 39/20, 23/15.
        ("mean", [Fraction(50 * 19 * 20, 12 * 39), Fraction(50), Fraction(50 * 23 * 20, 15 * 39)]),
    ],
)
def test_the_tables_of_the_members_become_points_as_the_call_says(variant, points):
    call = call_in_pairs(slug=f"coppie-{variant}", variant=variant)
    proposals, made = [admitted(call) for _ in range(3)], commission(call)
    members = marking(made)
    _sheets(members, proposals)
    for member, degrees in zip(members, ([3, 2, 1], [1, -4, 2], [-6, 2, -2]), strict=True):
        compare(member, proposals, degrees)
    close_evaluation(call, "area-1", by=official(), at=RANKED_AT)
    ranked = compose(call, "area-1")
    rows = {row.application: row.score.criteria[2].points for row in ranked.ranking.rows}
    assert [rows[proposal.number] for proposal in proposals] == points
    assert recompute(ranked.document) == []


def test_a_member_in_conflict_has_no_table_and_their_sheets_still_count(call, proposals):
    members = marking(commission(call))
    declare(members[2], proposals[2], in_conflict=True, note="Ne sono socia.", at=MARKED_AT)
    _sheets(members[:2], proposals)
    for proposal in proposals[:2]:
        find(members[2], proposal, {"a1": "1", "b1": "1"})
    for member in members[:2]:
        compare(member, proposals, [3, 3, 3])
    close_evaluation(call, "area-1", by=official(), at=RANKED_AT)
    document = compose(call, "area-1").document
    first, second, third = (proposal.number for proposal in proposals)
    table = [[first, second, "3"], [first, third, "3"], [second, third, "3"]]
    assert document["pairs"]["c1"] == [table, table, None]
    assert [row["marks"] for row in document["rows"] if row["application"] == proposals[0].number] == [
        {"a1": ["0.8", "0.8", "1"], "b1": ["0.8", "0.8", "1"]}
    ]
    assert recompute(document) == []


def test_nothing_is_asked_twice_of_a_criterion_that_is_compared(proposals, members):
    sheet = sheet_of(members[0], proposals[0])
    given = coefficients(["buono", "buono", "buono"])
    assert refusal(save_marks, sheet, given, by=members[0].user) == ["La griglia non ha il criterio «c1»."]


def test_a_stranger_compares_nothing(proposals, members):
    assert refusal(save_comparison, new(members[0]), [], by=person()) == ["Questa scheda è di un'altra persona."]

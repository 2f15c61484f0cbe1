"""The composition: who reads what, when, and in which order."""

from datetime import timedelta

import pytest
from django.urls import reverse

from evaluation.actions import close_evaluation, declare, reopen_sheet
from evaluation.models import MemberRole, Sheet
from tests.builders import official
from tests.builders_evaluation import (
    MARKED_AT,
    RANKED_AT,
    admitted,
    call_in_pairs,
    call_marked_together,
    commission,
    compare,
    find,
    mark,
    mark_all,
    mark_together,
    marking,
    same,
    small_call,
    stating,
)
from tests.builders_evaluation import call_of_every_type as every_type
from tests.clock import arriving
from tests.evaluation.every_type import ALFA, judged
from tests.pages import text

pytestmark = pytest.mark.django_db
NOW = RANKED_AT + timedelta(hours=1)


@pytest.fixture
def call():
    return small_call()


@pytest.fixture
def made(call):
    return commission(call, secretary=True)


@pytest.fixture
def read(client, call):
    def visit(user, number="", of=None):
        client.force_login(user)
        with arriving(NOW):
            return client.get(reverse("composition", args=[(of or call).slug, "area-1"]), {"domanda": number} if number else {})

    return visit


def three(call, made):
    """Quiet is agreed on, Loud is not, Other is far from both."""
    quiet, loud, other = (admitted(call, name=f"Ente {title}", title=title) for title in ("Quieta", "Discussa", "Altra"))
    mark_all(
        made,
        {
            quiet: same(["buono"] * 3),
            loud: [["ottimo"] * 3, ["assente"] * 3, ["buono"] * 3],
            other: same(["scarso"] * 3),
        },
    )
    return quiet, loud, other


def test_the_most_discordant_come_first_with_what_to_discuss(call, made, read):
    three(call, made)
    shown = text(read(made.members.get(order=1).user))
    assert shown.index("Discussa") < shown.index("Quieta") < shown.index("Altra")
    # Totals 100, 0, 80: mean 60, variance 2800; means 80, 60, 20: variance 2800/3.
    assert "Ente Discussa Discussa 60,00 da 0 a 100 100 3,00 il totale, A.1, B.1, C.1" in shown
    assert "Ente Quieta Quieta 80,00 da 80 a 80 0 0,00 niente" in shown


def test_one_proposal_is_opened_criterion_by_criterion_with_its_reasons(call, made, read):
    _quiet, loud, _other = three(call, made)
    shown = text(read(made.members.get(order=2).user, loud.number))
    names = [str(member.user) for member in marking(made)]
    assert f"Criterio {' '.join(names)} Media Scarto Punti composti" in shown
    # 20 points: 20, 0, 16.
    assert "A.1 Bisogni Da discutere 20 (ottimo) 0 (assente) 16 (buono) 12,00 20 12,00" in shown
    assert f"Motivi: A.1 Bisogni {names[0]} Motivo di a1 {names[1]} Motivo di a1" in shown
    assert "Vai alla tua scheda per riaprirla" in shown


def test_nothing_is_read_before_everybody_has_concluded(call, made, read):
    proposal = admitted(call, title="Casa aperta")
    members = marking(made)
    for member in members[:2]:
        mark(member, proposal, ["buono"] * 3)
    mark(members[2], proposal, ["buono"] * 3, finish=False)
    for member in made.members.all():
        shown = text(read(member.user))
        assert ("Casa aperta" in shown, "Per 1 proposta non tutti hanno concluso" in shown) == (False, True)
        assert read(member.user, proposal.number).status_code == 404


def test_a_sheet_that_is_reopened_hides_the_marks_of_all_again(call, made, read):
    quiet, _loud, _other = three(call, made)
    member = marking(made)[0]
    assert "Quieta" in text(read(member.user))
    sheet = Sheet.objects.get(member=member, application=quiet)
    reopen_sheet(sheet, by=member.user, at=RANKED_AT, reason="Rileggo il piano.")
    assert "Quieta" not in text(read(member.user))


def test_who_is_in_conflict_finds_nothing_of_that_proposal_not_even_in_the_numbers(call, made, read):
    _quiet, loud, _other = three(call, made)
    chair = marking(made)[0]
    before = text(read(chair.user))
    declare(chair, loud, in_conflict=True, note="Ne sono socia.", at=RANKED_AT)
    shown = text(read(chair.user))
    assert ("Discussa" in before, "Discussa" in shown, loud.number in shown) == (True, False, False)
    assert "Per 1" not in shown
    # Two proposals are left to compare: they say nothing of a usual distance, and the ratio is of those two.
    assert "Ente Quieta Quieta 80,00 da 80 a 80 0 0,00 niente" in shown
    assert read(chair.user, loud.number).status_code == 404
    assert "Discussa" in text(read(marking(made)[1].user))
    assert ("Quieta" in shown, "Altra" in shown) == (True, True)


def test_who_joined_the_body_since_finds_nothing_of_it(call, made, read):
    quiet, _loud, _other = three(call, made)
    secretary = made.members.get(role=MemberRole.SECRETARY)
    assert "Quieta" in text(read(secretary.user))
    quiet.organisation.memberships.create(user=secretary.user, role="member")
    assert "Quieta" not in text(read(secretary.user))


def test_the_office_reads_once_the_evaluation_is_closed(call, made, read):
    three(call, made)
    office = official()
    shown = text(read(office))
    assert "I punteggi si leggono quando la valutazione dell'area è chiusa." in shown
    assert "Discussa" not in shown
    close_evaluation(call, "area-1", by=office, at=RANKED_AT)
    assert "Discussa" in text(read(office))


def test_tables_of_pairs_are_read_by_who_may_read_every_proposal(read):
    call = call_in_pairs()
    made, proposals = commission(call), [admitted(call) for _ in range(3)]
    members = marking(made)
    for member in members[:2]:
        for proposal in proposals:
            find(member, proposal, {"a1": "0.8", "b1": "0.8"})
        compare(member, proposals, [3, 3, 2])
    declare(members[2], proposals[2], in_conflict=True, note="Ne sono socia.", at=MARKED_AT)
    for proposal in proposals[:2]:
        find(members[2], proposal, {"a1": "0.8", "b1": "0.8"})
    # The first takes 3 and 3 from each table: the greatest sum, 12, is worth the 50 points.
    shown = text(read(members[0].user, proposals[0].number, of=call))
    assert "C.1 Squadra 6 6 Non ha valutato – – 50,00" in shown
    assert "C.1 Squadra" not in text(read(members[2].user, proposals[0].number, of=call))


def test_one_mark_of_all_stands_alone(read):
    call = call_marked_together()
    made, proposal = commission(call), admitted(call)
    mark_together(made, proposal, ["buono", "ottimo", "scarso"])
    shown = text(read(marking(made)[1].user, proposal.number, of=call))
    assert "Criterio Commissione Media Scarto Punti composti" in shown
    assert "A.1 Bisogni 16 (buono) 16,00 0 16,00" in shown
    assert "Vai alla scheda della commissione" in shown


def test_what_depends_on_the_other_proposals_waits_for_the_ranking(read):
    call = every_type()
    made = commission(call)
    proposal = stating(call, **ALFA)
    for place, member in enumerate(marking(made)):
        find(member, proposal, judged("Coop Alfa", place))
    shown = text(read(marking(made)[0].user, proposal.number, of=call))
    assert shown.count("con la graduatoria") == 3


def test_a_stranger_and_an_area_that_is_not_there_find_no_page(client, call, made, read):
    assert read(admitted(call).created_by).status_code == 404
    client.force_login(made.members.get(order=1).user)
    with arriving(NOW):
        assert client.get(reverse("composition", args=[call.slug, "area-9"])).status_code == 404


@pytest.mark.parametrize("proposals", [1, 3])
def test_it_costs_the_same_queries_whatever_the_proposals(call, made, read, proposals, django_assert_num_queries):
    mark_all(made, {admitted(call): same(["buono"] * 3) for _ in range(proposals)})
    user = marking(made)[0].user
    read(user)
    with django_assert_num_queries(18):
        read(user)

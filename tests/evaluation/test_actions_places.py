"""Who leaves after the admission, and who takes the place: each an act with its reasons."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from accounts.models import Role
from applications.models import Application
from applications.states import ApplicationState as S
from bando.deadlines import rome
from bando.models import Call
from evaluation.actions import correct_ranking, exclude, forfeit, give_place, recompute_ranking, renounce
from evaluation.departures import happened_since, out_of, vacated_of
from evaluation.models import Departure, RankingVersion
from evaluation.ranking import Out, Outcome
from evaluation.rules.places import months_after
from tests.builders import official, person
from tests.builders_evaluation import RANKED_AT, admitted, commission, mark_all, published, same, small_call
from workflow.transition import Refused

pytestmark = pytest.mark.django_db

LATER = RANKED_AT + timedelta(days=10)
ACT = {"act_number": "230/2021", "act_date": date(2021, 12, 11)}


UNTIL_AGREEMENT = "replacement: {mode: until_agreement}"
SIX_MONTHS = "replacement: {mode: for_months, months: 6}"


@pytest.fixture
def call() -> Call:
    """Two places; the next one in the ranking takes a place that becomes free."""
    return small_call(places=2, more=UNTIL_AGREEMENT)


@pytest.fixture
def placed(call) -> list[Application]:
    return final(call)


def final(call: Call) -> list[Application]:
    """A final ranking: the first two selected, the third waiting."""
    given = {
        admitted(call, name="Prima"): same(["ottimo", "ottimo", "ottimo"]),
        admitted(call, name="Seconda"): same(["ottimo", "buono", "buono"]),
        admitted(call, name="Terza"): same(["buono", "buono", "sufficiente"]),
    }
    mark_all(commission(call), given)
    published(call)
    return [Application.objects.get(pk=row.pk) for row in given]


def refusal(act, *args, **kwargs):
    with pytest.raises(Refused) as refused, transaction.atomic():
        act(*args, **kwargs)
    return refused.value.reasons


def outcomes(call) -> dict[str, str]:
    version = RankingVersion.objects.filter(ranking__call=call).latest("number")
    return {row["body"]: row["outcome"] for row in version.document["rows"]}


def test_a_renunciation_frees_the_place_and_gives_it_to_nobody_by_itself(call, placed):
    first, *_others = placed
    left = renounce(first, by=first.created_by, at=LATER)
    first.refresh_from_db()
    assert (first.state, left.outcome, left.frees_place, left.given_at) == (S.RENOUNCED, "renounced", True, None)
    assert vacated_of(call, "area-1") == {"": 1}
    assert out_of(call, "area-1") == {first.number: Out(Outcome.RENOUNCED)}
    assert outcomes(call) == {"Prima": "selected", "Seconda": "selected", "Terza": "waiting"}


def test_the_ranking_publishes_the_act_and_never_the_reasons(call, placed):
    first, second, _third = placed
    renounce(first, by=first.created_by, at=LATER, reason="Il presidente è malato.")
    exclude(second, reason="Condanna del legale rappresentante.", **ACT, by=official(), at=LATER)
    assert out_of(call, "area-1") == {
        first.number: Out(Outcome.RENOUNCED),
        second.number: Out(Outcome.EXCLUDED, "Atto n. 230/2021, 11/12/2021"),
    }


def test_the_ranking_is_corrected_and_the_freed_place_stays_empty(call, placed):
    first, *_others = placed
    renounce(first, by=first.created_by, at=LATER)
    ranking = call.rankings.get()
    assert happened_since(ranking)
    recompute_ranking(ranking, reason="Rinuncia della prima.", by=official(), at=LATER)
    assert not happened_since(ranking)
    correct_ranking(ranking, **ACT, reason="Rinuncia della prima.", by=official(), at=LATER)
    assert outcomes(call) == {"Seconda": "selected", "Terza": "waiting", "Prima": "renounced"}
    assert {row.state for row in Application.objects.filter(pk__in=[row.pk for row in placed])} == {
        S.RENOUNCED,
        S.SELECTED,
        S.WAITING,
    }


@pytest.mark.parametrize("counts", [True, False])
def test_who_left_is_missed_whatever_the_clocks_say(call, placed, counts):
    """An exclusion that arrived before a computation may be done after it."""
    _first, second, _third = placed
    ranking = recompute_ranking(call.rankings.get(), reason="Controllo.", by=official(), at=LATER)
    before = happened_since(ranking)
    exclude(second, reason="Mancava un requisito.", **ACT, by=official(), at=LATER - timedelta(seconds=1), counts=counts)
    after = happened_since(ranking)
    ranking = recompute_ranking(ranking, reason="Controllo.", by=official(), at=LATER)
    assert (before, after, happened_since(ranking)) == (False, True, False)


def test_the_next_takes_the_place_by_an_act_with_its_reason(call, placed):
    first, _second, third = placed
    left = renounce(first, by=first.created_by, at=LATER)
    assert refusal(give_place, left, reason="", by=official(), at=LATER) == ["Scrivi il motivo: resta nella storia dell'atto."]
    give_place(left, reason="L'avviso prevede lo scorrimento.", by=official(), at=LATER)
    ranking = call.rankings.get()
    recompute_ranking(ranking, reason="Scorrimento.", by=official(), at=LATER)
    correct_ranking(ranking, **ACT, reason="Scorrimento.", by=official(), at=LATER)
    third.refresh_from_db()
    assert (third.state, vacated_of(call, "area-1")) == (S.SELECTED, {})
    assert refusal(give_place, left, reason="Ancora.", by=official(), at=LATER) == [
        "Questo posto è già stato riassegnato.",
        "Nessuna proposta idonea aspetta un posto in quest'area: il posto resta libero.",
    ]


@pytest.mark.parametrize(
    ("rule", "at", "reasons"),
    [
        (UNTIL_AGREEMENT, LATER, None),
        ("", LATER, ["L'avviso non prevede lo scorrimento: il posto resta libero e l'atto dice perché."]),
        (SIX_MONTHS, rome(2022, 6, 1, 23, 59, 59), None),
        (SIX_MONTHS, rome(2022, 6, 2), ["L'avviso permette lo scorrimento fino al 1 giugno 2022: il termine è passato."]),
    ],
    ids=["until the agreement", "not foreseen", "last day", "a day late"],
)
def test_a_place_is_given_again_only_as_the_call_allows(rule, at, reasons):
    first, *_others = final(small_call(places=2, more=rule))
    left = renounce(first, by=first.created_by, at=LATER)
    if reasons:
        assert refusal(give_place, left, reason="Scorrimento.", by=official(), at=at) == reasons
    else:
        assert give_place(left, reason="Scorrimento.", by=official(), at=at).given_at == at


def test_where_nobody_waits_the_place_stays_free(call, placed):
    first, _second, third = placed
    exclude(third, reason="Un requisito mancava.", **ACT, by=official(), at=LATER)
    left = renounce(first, by=first.created_by, at=LATER)
    assert refusal(give_place, left, reason="Scorrimento.", by=official(), at=LATER) == [
        "Nessuna proposta idonea aspetta un posto in quest'area: il posto resta libero."
    ]


def test_who_had_no_place_frees_none(call, placed):
    left = renounce(placed[2], by=placed[2].created_by, at=LATER)
    assert (left.frees_place, vacated_of(call, "area-1")) == (False, {})
    assert refusal(give_place, left, reason="Scorrimento.", by=official(), at=LATER)[0] == (
        "Questa proposta non aveva un posto: non c'è niente da riassegnare."
    )


def test_an_exclusion_and_a_forfeiture_are_acts_of_the_office(call, placed):
    first, second, _third = placed
    assert refusal(exclude, first, reason="", **ACT, by=official(), at=LATER) == [
        "Scrivi il motivo: resta nella storia dell'atto."
    ]
    assert refusal(exclude, first, reason="Sì.", act_number="", act_date=None, by=official(), at=LATER) == [
        "Scrivi il numero dell'atto."
    ]
    assert refusal(exclude, first, reason="Sì.", **ACT, by=first.created_by, at=LATER) == [
        "Lo può fare solo chi lavora nell'ufficio."
    ]
    assert exclude(first, reason="DURC irregolare.", **ACT, by=official(), at=LATER).frees_place is True
    assert forfeit(second, reason="Non ha firmato.", **ACT, by=official(), at=LATER).frees_place is True
    assert list(Departure.objects.values_list("outcome", "act_number")) == [
        ("excluded", "230/2021"),
        ("forfeited", "230/2021"),
    ]
    assert vacated_of(call, "area-1") == {"": 2}


@pytest.mark.parametrize(
    ("role", "reasons"),
    [
        (Role.LEGAL_REPRESENTATIVE, None),
        (Role.PROXY, None),
        (Role.REFERENT, ["Può rinunciare solo chi rappresenta l'ente: il legale rappresentante o chi ha la procura."]),
        (Role.COLLABORATOR, ["Può rinunciare solo chi rappresenta l'ente: il legale rappresentante o chi ha la procura."]),
    ],
)
def test_who_represents_the_body_renounces(placed, role, reasons):
    somebody = person()
    placed[0].organisation.memberships.create(user=somebody, role=role)
    if reasons:
        assert refusal(renounce, placed[0], by=somebody, at=LATER) == reasons
    else:
        assert renounce(placed[0], by=somebody, at=LATER).by == somebody


def test_the_office_records_a_renunciation_and_says_how_it_knows(placed):
    assert refusal(renounce, placed[0], by=official(), at=LATER) == [
        "Scrivi da dove risulta la rinuncia, per esempio la PEC e il suo protocollo."
    ]
    assert renounce(placed[0], reason="PEC prot. 123/2021.", by=official(), at=LATER).reason == "PEC prot. 123/2021."
    assert refusal(renounce, placed[1], by=person(), at=LATER)[0].startswith("Può rinunciare solo chi rappresenta")


def test_a_proposal_that_falls_out_before_the_marks_leaves_no_trace_in_the_ranking(call):
    staying, leaving = admitted(call, name="Resta"), admitted(call, name="Esce")
    made = commission(call)
    renounce(leaving, by=leaving.created_by, at=RANKED_AT - timedelta(days=1))
    mark_all(made, {staying: same(["ottimo", "ottimo", "ottimo"])})
    published(call)
    assert outcomes(call) == {"Resta": "selected"}
    assert (out_of(call, "area-1"), vacated_of(call, "area-1")) == ({}, {})


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2021, 12, 1), 6, date(2022, 6, 1)),
        (date(2021, 8, 31), 6, date(2022, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2021, 12, 31), 24, date(2023, 12, 31)),
        (date(2021, 11, 30), 1, date(2021, 12, 30)),
    ],
)
def test_months_are_counted_by_the_calendar(start, months, end):
    assert months_after(start, months) == end

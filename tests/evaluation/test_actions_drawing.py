"""A tie across the last place is drawn in public: the list first, the value later, and nobody chooses between."""

import json
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from applications.models import Application
from bando.deadlines import rome
from evaluation.actions import cancel_draw, commit_draw, compute_ranking, correct_value, make_draw, publish_ranking, renounce
from evaluation.draw import committed_groups, drawn
from evaluation.models import Draw, Mark, Ranking
from evaluation.published import recompute
from evaluation.states import DrawState
from tests.builders import official, person
from tests.builders_evaluation import RANKED_AT, admitted, commission, computed, mark_all, same, small_call
from workflow.ledger import digest
from workflow.models import LedgerEntry
from workflow.transition import Refused

pytestmark = pytest.mark.django_db

SOURCE = "Lotto, ruota di Milano: i cinque numeri nell'ordine di uscita, dalla prima estrazione"
AT = RANKED_AT
VALUE_AT = AT + timedelta(days=3)
VALUE = "12 45 7 88 31"
ACT = {"act_number": "200/2021", "act_date": date(2021, 12, 1)}


@pytest.fixture
def call():
    return small_call(places=2)


@pytest.fixture
def ranking(call) -> Ranking:
    """Two places, and three proposals that nothing separates."""
    made = commission(call)
    mark_all(made, {admitted(call, name=f"Ente {n}"): same(["buono", "buono", "buono"]) for n in "ABC"})
    return computed(call)


def committed(ranking, **changes):
    given = {"source": SOURCE, "value_at": VALUE_AT, "by": official(), "at": AT, **changes}
    return commit_draw(ranking, **given)


def refusal(act, *args, **kwargs):
    with pytest.raises(Refused) as refused, transaction.atomic():
        act(*args, **kwargs)
    return refused.value.reasons


def test_the_list_is_committed_with_its_hash_before_the_value_is_known(ranking):
    draw = committed(ranking)
    tied = tuple(sorted(row["application"] for row in ranking.document["rows"]))
    assert committed_groups(draw.commitment) == (tied,)
    assert (draw.state, draw.sha256, draw.value, draw.order) == (DrawState.COMMITTED, digest(draw.commitment), "", [])
    assert draw.sha256 in LedgerEntry.objects.get(kind="evaluation.draw", act="commit").content


def test_the_value_gives_the_order_that_anybody_computes(ranking):
    draw = committed(ranking)
    make_draw(draw, value=f" {VALUE}\n", by=official(), at=VALUE_AT)
    draw.refresh_from_db()
    assert (draw.state, draw.value, draw.order) == (DrawState.DRAWN, VALUE, list(drawn(draw.commitment, VALUE)))


def test_the_drawn_order_decides_the_tie_and_the_ranking_carries_its_proof(ranking):
    draw = committed(ranking)
    make_draw(draw, value=VALUE, by=official(), at=VALUE_AT)
    assert refusal(publish_ranking, ranking, **ACT, by=official(), at=VALUE_AT) == [
        "Dopo l'ultimo calcolo qualcuno è uscito, un posto è stato riassegnato o c'è stato un sorteggio: ricalcola."
    ]
    compute_ranking(ranking.call, "area-1", by=official(), at=VALUE_AT)
    ranking.refresh_from_db()
    document = json.loads(ranking.content)
    assert [(row["application"], row["outcome"]) for row in document["rows"]] == list(
        zip(draw.order, ["selected", "selected", "waiting"], strict=True)
    )
    assert document["draws"] == [{"order": draw.order, "sha256": draw.sha256, "source": SOURCE, "value": VALUE}]
    publish_ranking(ranking, **ACT, by=official(), at=VALUE_AT)
    assert refusal(correct_value, draw, value="1", by=official(), at=VALUE_AT, reason="Altro.") == [
        "Con questo sorteggio è già pubblicata una graduatoria: si corregge quella, con un atto."
    ]


@pytest.mark.parametrize(
    ("ahead", "reason"),
    [
        (timedelta(hours=1), None),
        (
            timedelta(minutes=59, seconds=59),
            "Il valore dev'essere ancora sconosciuto: scegli un momento almeno un'ora più avanti.",
        ),
        (timedelta(days=60), None),
        (timedelta(days=60, seconds=1), "Scegli un momento entro 60 giorni: l'esito non può aspettare di più."),
    ],
)
def test_the_value_lies_an_hour_to_sixty_days_ahead(ranking, ahead, reason):
    if reason:
        assert refusal(committed, ranking, value_at=AT + ahead) == [reason]
    else:
        assert committed(ranking, value_at=AT + ahead).value_at == AT + ahead


@pytest.mark.parametrize("early", [timedelta(microseconds=1), timedelta(0)])
def test_nobody_draws_before_the_moment_of_the_value(ranking, early):
    draw = committed(ranking)
    if early:
        assert refusal(make_draw, draw, value=VALUE, by=official(), at=VALUE_AT - early) == [
            "Il valore non è ancora pubblico: il sorteggio si fa dopo il momento scritto nell'elenco."
        ]
    else:
        make_draw(draw, value=VALUE, by=official(), at=VALUE_AT)
    assert Draw.objects.get().state == (DrawState.COMMITTED if early else DrawState.DRAWN)


def test_a_draw_without_its_value_is_not_made(ranking):
    assert refusal(make_draw, committed(ranking), value=" \n", by=official(), at=VALUE_AT) == [
        "Scrivi il valore come lo ha pubblicato la fonte."
    ]


def test_one_draw_waits_at_a_time(ranking):
    committed(ranking)
    assert refusal(committed, ranking) == ["C'è già un sorteggio che aspetta il suo valore pubblico: si fa quello."]
    copy = Draw.objects.get()
    copy.pk, copy.number, copy._state.adding = uuid4(), 2, True
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save()


@pytest.mark.parametrize(
    ("at", "reasons"),
    [
        (VALUE_AT - timedelta(microseconds=1), None),
        (VALUE_AT, ["Il valore è già pubblico: il sorteggio non si annulla più, si fa."]),
    ],
)
def test_it_is_given_up_only_while_nobody_can_know_the_outcome(ranking, at, reasons):
    draw = committed(ranking)
    if reasons:
        assert refusal(cancel_draw, draw, by=official(), at=at, reason="Non ci piace.") == reasons
    else:
        cancel_draw(draw, by=official(), at=at, reason="La fonte non pubblica più valori.")
        assert (Draw.objects.get().state, draw.steps.last().reason) == (
            DrawState.CANCELLED,
            "La fonte non pubblica più valori.",
        )
        assert committed(ranking, value_at=AT + timedelta(days=5)).number == 2


def test_a_list_that_no_longer_says_who_is_tied_is_given_up_and_not_drawn(call, ranking):
    draw = committed(ranking)
    Ranking.objects.filter(pk=ranking.pk).update(content=ranking.content.replace(draw_of(draw)[0], "PROVA-9999"))
    draw = Draw.objects.select_related("ranking").get()
    assert refusal(make_draw, draw, value=VALUE, by=official(), at=VALUE_AT) == [
        "Dopo l'impegno la graduatoria è cambiata e l'elenco non è più quello: annulla il sorteggio con il motivo."
    ]
    cancel_draw(draw, by=official(), at=VALUE_AT, reason="Una proposta è uscita dalla graduatoria.")
    assert Draw.objects.get().state == DrawState.CANCELLED


def draw_of(draw):
    return committed_groups(draw.commitment)[0]


def test_a_value_copied_wrongly_is_corrected_on_the_same_list(ranking):
    draw = committed(ranking)
    make_draw(draw, value="1 2 3 4 5", by=official(), at=VALUE_AT)
    assert refusal(correct_value, draw, value=VALUE, by=official(), at=VALUE_AT, reason="") == [
        "Scrivi il motivo: resta nella storia dell'atto."
    ]
    correct_value(draw, value=VALUE, by=official(), at=VALUE_AT, reason="Letta la ruota sbagliata.")
    draw.refresh_from_db()
    assert (draw.value, draw.order) == (VALUE, list(drawn(draw.commitment, VALUE)))
    assert [step.facts["value"] for step in draw.steps.filter(act__in=["draw", "correct_value"])] == ["1 2 3 4 5", VALUE]


def test_what_was_drawn_is_not_drawn_again_before_it_is_counted_nor_after(ranking):
    make_draw(committed(ranking), value=VALUE, by=official(), at=VALUE_AT)
    again = {"at": VALUE_AT, "value_at": VALUE_AT + timedelta(days=1)}
    assert refusal(committed, ranking, **again) == ["Il sorteggio 1 decide già questa parità: calcola di nuovo la graduatoria."]
    compute_ranking(ranking.call, "area-1", by=official(), at=VALUE_AT)
    assert refusal(committed, ranking, **again) == ["Nella graduatoria calcolata non ci sono proposte alla pari."]


def test_a_tie_that_comes_later_has_a_draw_of_its_own_and_the_first_still_stands(call):
    """Two that are tied are drawn; a mark is corrected, and two others are tied: only these are on the second list."""
    levels = {"A": "ottimo", "B": "ottimo", "C": "buono", "D": "scarso"}
    proposals = {name: admitted(call, name=f"Ente {name}") for name in levels}
    mark_all(commission(call), {proposals[name]: same([level] * 3) for name, level in levels.items()})
    first = committed(computed(call))
    make_draw(first, value=VALUE, by=official(), at=VALUE_AT)
    marks = Mark.objects.filter(sheet__application__in=[proposals["C"], proposals["D"]])
    marks.update(units=marks.filter(sheet__application=proposals["C"]).first().units)
    ranking = compute_ranking(call, "area-1", by=official(), at=VALUE_AT)
    later = VALUE_AT + timedelta(days=1)
    second = committed(ranking, at=VALUE_AT, value_at=later)
    assert committed_groups(second.commitment) == (tuple(sorted(proposals[name].number for name in "CD")),)
    make_draw(second, value="1 2 3 4 5", by=official(), at=later)
    ranking = compute_ranking(call, "area-1", by=official(), at=later)
    assert [row["application"] for row in ranking.document["rows"]] == [*first.order, *second.order]
    assert [draw["sha256"] for draw in ranking.document["draws"]] == [first.sha256, second.sha256]
    assert recompute(ranking.document) == []
    assert refusal(committed, ranking, at=later, value_at=later + timedelta(days=1)) == [
        "Nella graduatoria calcolata non ci sono proposte alla pari."
    ]


def test_who_leaves_after_the_value_gives_nobody_a_second_try(ranking):
    """Of three that were to be drawn one renounces when the value is known: the list still decides between the other two."""
    draw = committed(ranking)
    leaving = Application.objects.get(number=draw_of(draw)[0])
    renounce(leaving, by=official(), at=VALUE_AT, reason="PEC del 4 dicembre.")
    compute_ranking(ranking.call, "area-1", by=official(), at=VALUE_AT)
    draw = Draw.objects.get()
    assert refusal(cancel_draw, draw, by=official(), at=VALUE_AT, reason="L'elenco è cambiato.") == [
        "Il valore è già pubblico: il sorteggio non si annulla più, si fa."
    ]
    make_draw(draw, value=VALUE, by=official(), at=VALUE_AT)
    ranked = compute_ranking(ranking.call, "area-1", by=official(), at=VALUE_AT)
    order = [number for number in draw.order if number != leaving.number]
    assert [row["application"] for row in ranked.document["rows"]] == [*order, leaving.number]
    assert recompute(ranked.document) == []


def test_there_is_no_draw_where_nothing_is_tied(call):
    made = commission(call)
    mark_all(
        made,
        {
            admitted(call, name="A"): same(["ottimo", "buono", "buono"]),
            admitted(call, name="B"): same(["buono", "buono", "buono"]),
        },
    )
    assert refusal(committed, computed(call)) == ["Nella graduatoria calcolata non ci sono proposte alla pari."]


def test_a_draw_is_of_the_office(ranking):
    assert refusal(committed, ranking, by=person()) == ["Lo può fare solo chi lavora nell'ufficio."]


def test_the_moments_are_those_of_rome():
    assert rome(2021, 12, 4, 9) == VALUE_AT

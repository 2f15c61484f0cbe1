"""What the office does after a declaration turned out not to be true, step by step."""

import pytest
from django.urls import reverse

from applications.models import Application
from applications.states import ApplicationState
from evaluation.actions import correct_ranking, exclude, forfeit, give_place, recompute_ranking
from network.models import DeclarationCheck
from network.replacement import steps_after
from tests.builders import official
from tests.builders_evaluation import RANKED_AT, admitted, commission, mark_all, published, same, small_call

pytestmark = pytest.mark.django_db

ACT = {"act_number": "9", "act_date": RANKED_AT.date(), "at": RANKED_AT}
DESK = ["prova", "area-1"]


def final(more="replacement: {mode: until_agreement}"):
    """One place, taken by the first of two."""
    call = small_call(places=1, more=more)
    given = {
        admitted(call, name="Prima"): same(["ottimo", "ottimo", "ottimo"]),
        admitted(call, name="Seconda"): same(["ottimo", "buono", "buono"]),
    }
    mark_all(commission(call), given)
    published(call)
    return [Application.objects.get(pk=row.pk) for row in given]


def after(row, by):
    row = Application.objects.with_call().get(pk=row.pk)
    return steps_after(DeclarationCheck(application=row), by=by, at=RANKED_AT)


def statuses(row, by):
    return [step["status"] for step in after(row, by)]


def test_the_steps_lead_from_the_forfeiture_to_the_checks_of_who_comes_in():
    first, second = final()
    office = official()
    steps = after(first, office)
    assert [step["status"] for step in steps] == ["todo", "done", "locked", "locked", "locked"]
    assert steps[0]["url"] == f"{reverse('desk_places', args=DESK)}?domanda={first.number}#leave"
    assert steps[1]["hint"] == (
        "Se un posto si libera prima della firma della convenzione, subentra chi segue in graduatoria. La prima che aspetta un "
        f"posto è {second.number}, Seconda."
    )
    left = forfeit(first, reason="Dichiarazione non vera.", by=office, **ACT)
    assert statuses(first, office) == ["done", "done", "todo", "locked", "locked"]
    assert after(first, office)[2]["url"] == f"{reverse('desk_places', args=DESK)}#left-{left.pk}"
    give_place(left, reason="Tocca a chi segue.", by=office, at=RANKED_AT)
    assert statuses(first, office) == ["done", "done", "done", "todo", "locked"]
    assert after(first, office)[3]["url"] == reverse("desk_ranking", args=DESK)
    ranking = recompute_ranking(first.call.rankings.get(), reason="Decadenza.", by=office, at=RANKED_AT)
    correct_ranking(ranking, reason="Scorrimento.", by=office, **ACT)
    assert statuses(first, office) == ["done", "done", "done", "done", "todo"]
    assert after(first, office)[4]["url"] == reverse("desk_checks", args=DESK)


@pytest.mark.parametrize(
    ("more", "allowed", "hint"),
    [
        (
            "",
            "Se un posto si libera, chi segue in graduatoria non subentra in automatico.",
            "L'avviso non prevede lo scorrimento: il posto resta libero e l'atto dice perché.",
        ),
        (
            "replacement: {mode: for_months, months: 6}",
            "Se un posto si libera entro 6 mesi dalla pubblicazione della graduatoria, subentra chi segue.",
            "Prima la decadenza.",
        ),
    ],
)
def test_what_the_call_allows_is_said_before_anybody_leaves(more, allowed, hint):
    first, _second = final(more)
    steps = after(first, official())
    assert (steps[1]["hint"].startswith(allowed), steps[2]["hint"]) == (True, hint)


def test_a_place_that_the_call_gives_to_nobody_stays_free_in_the_ranking():
    first, _second = final("")
    office = official()
    forfeit(first, reason="Dichiarazione non vera.", by=office, **ACT)
    steps = after(first, office)
    assert [step["status"] for step in steps] == ["done", "done", "locked", "todo"]
    assert steps[3]["hint"] == "Il posto resta libero: ricalcola, poi pubblica con l'atto."
    recompute_ranking(first.call.rankings.get(), reason="Decadenza.", by=office, at=RANKED_AT)
    assert statuses(first, office) == ["done", "done", "locked", "done"]


def test_where_nobody_waits_the_place_stays_free():
    first, second = final()
    office = official()
    exclude(second, reason="Manca un requisito.", by=office, **ACT)
    steps = after(first, office)
    assert "Nessuna proposta idonea aspetta un posto." in steps[1]["hint"]
    assert steps[2]["hint"] == "Nessuna proposta idonea aspetta un posto in quest'area: il posto resta libero."


@pytest.mark.parametrize("state", [ApplicationState.AGREED, ApplicationState.OPEN])
def test_after_the_signature_only_an_act_ends_the_agreement(state):
    first, _second = final()
    Application.objects.filter(pk=first.pk).update(state=state)
    steps = after(first, official())
    assert [(step["status"], step["url"]) for step in steps] == [
        ("todo", f"{reverse('desk_agreement', args=[first.pk])}#end"),
    ]


def test_who_has_no_place_has_none_to_lose():
    _first, second = final()
    assert after(second, official()) == []

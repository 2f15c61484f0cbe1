"""Texts that are about to become public."""

import pytest

from evaluation.leaving import findings
from tests.builders import body, official, person
from tests.builders_evaluation import admitted, commission, computed, mark_all, same, small_call

pytestmark = pytest.mark.django_db


def found_in(title, texts=None, *, name="Carla Neri", org="Cooperativa Alfa"):
    call = small_call()
    who = person(name=name)
    proposal = admitted(call, organisation=body(org, by=who), title=title)
    mark_all(commission(call), {proposal: same(["buono"] * 3)})
    ranking = computed(call, by=official())
    return proposal.number, [
        (finding.application, finding.where, finding.what, finding.is_title)
        for finding in findings(ranking, ranking.document, texts)
    ]


@pytest.mark.parametrize(
    ("title", "what"),
    [
        ("Scrivi a carla@esempio.it", ["un indirizzo e-mail"]),
        ("Chiama il 3331234567", ["un numero di telefono"]),
        ("Il doposcuola di Carla Neri", ["il nome di Carla Neri"]),
        ("NERI CARLA, un anno dopo", ["il nome di Carla Neri"]),
        ("Il doposcuola di Carla", []),
        ("Scarla Nerini", []),
    ],
)
def test_a_title_is_read_for_shapes_and_for_the_people_of_its_body(title, what):
    number, found = found_in(title)
    assert found == [(number, f"Il titolo della domanda {number}", text, True) for text in what]


def test_the_name_of_a_body_may_hold_a_person_and_its_title_another():
    number, found = found_in("Con carla@esempio.it", org="Fondazione Carla Neri")
    assert found == [
        (number, f"Il nome dell'ente della domanda {number}", "il nome di Carla Neri", False),
        (number, f"Il titolo della domanda {number}", "un indirizzo e-mail", True),
    ]


def test_a_name_of_one_word_is_a_word_like_any_other():
    _number, found = found_in("Il doposcuola di Carla", name="Carla")
    assert found == []


def test_what_the_office_writes_is_read_too():
    _number, found = found_in("Doposcuola", {"Il motivo dei posti liberi": "Ha scritto anna@esempio.it."})
    assert found == [("", "Il motivo dei posti liberi", "un indirizzo e-mail", False)]

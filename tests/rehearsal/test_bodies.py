from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from accounts.identifiers import body_tax_code
from bando.deadlines import rome
from rehearsal.bodies import Persona, make, tax_code

OPENS, DEADLINE = rome(2021, 9, 17, 12), rome(2021, 10, 18, 12)


def made(number, seed=1, areas=("uno", "due")):
    return make(areas, number, opens=OPENS, deadline=DEADLINE, seed=seed)


def test_the_same_seed_gives_the_same_bodies():
    assert made(50) == made(50) != made(50, seed=2)


@pytest.mark.parametrize(("number", "kinds"), [(2, 2), (8, 7), (60, 22), (200, 22)])
def test_with_enough_bodies_every_peculiarity_takes_part(number, kinds):
    bodies = made(number)
    assert (len(bodies), len({body.persona for body in bodies})) == (number, kinds)


def test_with_enough_bodies_every_area_meets_every_peculiarity():
    met = {(area, body.persona) for body in made(200) for area in body.areas}
    assert met == {(area, persona) for area in ("uno", "due") for persona in Persona}


def test_codes_are_right_and_each_of_one_body():
    codes = [body.tax_code for body in made(300)]
    assert len(set(codes)) == 300
    assert [body_tax_code(code) for code in codes] == codes
    assert body_tax_code(tax_code(0, 0)) == tax_code(0, 0)


def test_all_send_inside_the_window_but_the_late_ones_by_a_microsecond():
    for body in made(200):
        late = body.persona is Persona.LATE
        assert (body.sends_at > DEADLINE) is late
        assert body.starts_at >= OPENS
        if late:
            assert body.sends_at == DEADLINE + timedelta(microseconds=1)
        if body.persona is Persona.EXACT:
            assert body.sends_at == DEADLINE


def test_half_of_them_come_in_the_last_two_hours():
    last = sum(DEADLINE - body.sends_at <= timedelta(hours=2) for body in made(400))
    assert 160 < last < 260


def test_a_call_of_one_area_has_one_area_for_who_wants_two():
    assert {body.areas for body in made(60, areas=("sola",))} == {("sola",)}


def test_chance_is_told_apart_by_what_it_is_for():
    body = made(3)[0]
    assert body.chance("a").random() == body.chance("a").random() != body.chance("b").random()


def test_most_bodies_of_a_large_call_are_ordinary():
    assert Counter(body.persona for body in made(200))[Persona.ORDINARY] == 100

"""What one person writes at once: a question with its inputs, a line of the budget, a declaration."""

from __future__ import annotations

from typing import Any

import pytest

from applications.merging import fingerprint
from applications.sections import build_form
from applications.sections.units import (
    bases,
    by_unit,
    grouped,
    label_of,
    long_texts,
    shown,
    storable,
    unit_of,
    units_of,
)
from bando.models import Call
from bando.notice.document import QuestionType
from tests.applications.asking import asking_call
from tests.builders import load_fixture_call, right_answers


@pytest.fixture
def call(db) -> Call:
    return load_fixture_call()


def form_of(call: Call, code: str) -> Any:
    area = call.notice.areas[0]
    section = next(section for section in call.notice.sections_for(area.code) if section.code == code)
    return build_form(section, call.notice, area)


def test_every_input_of_every_section_of_the_real_call_has_one_unit(call: Call) -> None:
    area = call.notice.areas[0]
    for section in call.notice.sections_for(area.code):
        form = build_form(section, call.notice, area)
        answers = right_answers(section, call.notice, area)
        units = units_of(form)
        assert [name for names in units.values() for name in names] == list(form.base_fields)
        parts = by_unit(form, answers)
        assert set(parts) <= set(units)
        assert {name: typed for part in parts.values() for name, typed in part.items()} == answers
        assert [label_of(form, unit) for unit in units if not label_of(form, unit)] == []


def test_the_units_of_questions_are_the_questions(call: Call) -> None:
    form = form_of(call, "spazio")
    asked = [question.code for question in form.section.questions if question.type is not QuestionType.FILE]
    assert [unit for unit in asked if unit not in units_of(form)] == []
    address = next(question.code for question in form.section.questions if question.type is QuestionType.ADDRESS)
    assert units_of(form)[address] == tuple(f"{address}__{part}" for part in ("street", "postal_code", "city"))


def test_a_line_of_the_budget_is_a_unit_with_its_title(call: Call) -> None:
    form = form_of(call, "piano-economico")
    item = call.notice.budget_for(call.notice.areas[0].code).items[0]
    assert unit_of(units_of(form), f"{item.code}__total") == item.code
    assert label_of(form, item.code) == item.title


@pytest.mark.parametrize(
    ("name", "unit"),
    [("a", "a"), ("a__1__b", "a"), ("a__b", "a__b"), ("a__b__1__c", "a__b"), ("ab__c", "ab"), ("a_b", "a_b")],
)
def test_a_code_with_underscores_of_its_own_is_no_other_unit(name: str, unit: str) -> None:
    assert unit_of(["a", "a__b"], name) == unit


def test_what_the_form_no_longer_asks_for_is_a_unit_of_its_own() -> None:
    assert grouped(["a"], {"a": "1", "b__x": "2", "b__y": "3"}) == {"a": {"a": "1"}, "b": {"b__x": "2", "b__y": "3"}}


def test_a_page_carries_a_base_for_every_unit_filled_or_not(call: Call) -> None:
    form = form_of(call, "proposta")
    carried = bases(form, {"titolo": "Casa", "vecchia-domanda": "x"})
    assert list(carried) == list(units_of(form))
    assert (carried["titolo"], carried["in-breve"]) == (fingerprint({"titolo": "Casa"}), fingerprint({}))


def test_only_texts_are_stored(call: Call) -> None:
    form = form_of(call, "proposta")
    assert storable(form, {"titolo": {"titolo": ["a\r\nb\x00"]}, "altro": {"altro": "x"}}) == {"titolo": {"titolo": "a\nb"}}
    with pytest.raises(TypeError):
        storable(form, {"titolo": {"titolo": 3}})


def test_a_unit_is_read_with_the_words_of_its_choices_and_a_line_for_each_row(db) -> None:
    call = asking_call()
    ente, rete = form_of(call, "ente"), form_of(call, "rete")
    assert shown(ente, "giorni", {"giorni": ["lun", "dom"]}) == "Lunedì; Domenica"
    assert (shown(ente, "impegno", {"impegno": "on"}), shown(ente, "impegno", {})) == ("Sì", "No")
    rows = {"partner__1__nome": "Alfa", "partner__1__quota": "10", "partner__3__nome": "Gamma"}
    assert shown(rete, "partner", rows) == "Alfa; 10\nGamma"
    assert list(long_texts(ente)) == ["festivi"]


def test_the_parts_of_an_address_are_read_with_their_names(call: Call) -> None:
    form = form_of(call, "spazio")
    address = next(question.code for question in form.section.questions if question.type is QuestionType.ADDRESS)
    typed = {f"{address}__street": "Via Prima 1", f"{address}__city": "Milano", f"{address}__postal_code": ""}
    assert shown(form, address, typed) == "Via e numero civico: Via Prima 1\nComune: Milano"

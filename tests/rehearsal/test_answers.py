"""What is typed is what the real form accepts, and what is typed wrong is what it refuses."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from django.http import QueryDict

from applications.sections.build import build_form, typed_answers
from bando.notice.document import BudgetItem, Choice, Question, QuestionType, SectionKind, Volunteers, When
from bando.notice_yaml import load_notice
from rehearsal.answers import Manner, Plan, budget, is_asked, slip, typed
from tests.applications.planning import SPLIT, plan_form
from tests.builders import NOTICES

NOTICE = load_notice((NOTICES / "spazi-wemi-2021.yaml").read_text())
PLACES = [(area, section) for area in NOTICE.areas for section in NOTICE.sections_for(area.code)]
QUESTIONS = [(area, section) for area, section in PLACES if section.kind is SectionKind.QUESTIONS]
BUDGETS = [(area, section) for area, section in PLACES if section.kind is SectionKind.BUDGET]


def sent(area, section, answers):
    form = build_form(section, NOTICE, area)
    data = QueryDict(mutable=True)
    for name, values in answers.items():
        data.setlist(name, values)
    return form(data=typed_answers(form, data))


def filled(area, section, manner, turn=0):
    answers = {}
    for question in section.questions:
        if is_asked(question, answers):
            answers |= typed(question, area, manner, Random(question.code), turn)
    return answers


@pytest.mark.parametrize(("area", "section"), QUESTIONS, ids=lambda value: value.code)
@pytest.mark.parametrize("manner", Manner)
def test_every_manner_of_answering_is_accepted(area, section, manner):
    for turn in range(7):
        assert sent(area, section, filled(area, section, manner, turn)).problems() == {}


@pytest.mark.parametrize(("area", "section"), QUESTIONS, ids=lambda value: value.code)
@pytest.mark.parametrize("texts", [True, False])
def test_every_slip_is_refused_and_nothing_else(area, section, texts):
    found = [s for question in section.questions if (s := slip(question, Random(1), texts=texts))]
    wrong = {name: values for one in found for name, values in one.typed.items()}
    form = sent(area, section, filled(area, section, Manner.ORDINARY) | wrong)
    assert set(form.problems()) == {one.question for one in found}


@pytest.mark.parametrize(("area", "section"), BUDGETS, ids=lambda value: value.code)
@pytest.mark.parametrize("plan", Plan)
@pytest.mark.parametrize("seed", range(5))
def test_a_budget_keeps_each_rule_to_the_cent_or_breaks_that_one(area, section, plan, seed):
    form = sent(area, section, budget(NOTICE.budget_for(area.code), plan, Random(seed)))
    broken = {
        Plan.OVER_CAP: ["max_grant"],
        Plan.SHORT_SHARE: ["min_own_share"],
        Plan.OVER_INDIRECT: ["max_indirect"],
    }.get(plan, [])
    assert [problem["code"] for problems in form.problems().values() for problem in problems] == broken


LIMITED = (
    BudgetItem("personale", "Personale", min_own_percent=Decimal("12.5"), max_percent=Decimal(60)),
    BudgetItem("sede", "Sede", max_percent=Decimal("33.33")),
    BudgetItem("materiali", "Materiali"),
    BudgetItem("indiretti", "Costi indiretti", indirect=True),
)
RULES = {
    "by item": replace(NOTICE.budgets[0], items=LIMITED, volunteers=Volunteers(1850, Decimal(50))),
    "lines": replace(SPLIT, items=LIMITED),
    "lines by year": replace(SPLIT, by_partner=False, actions=(), volunteers=None),
}


@pytest.mark.parametrize("rules", RULES.values(), ids=RULES)
@pytest.mark.parametrize("plan", [Plan.ORDINARY, Plan.AT_CAP, Plan.LEAST_SHARE, Plan.MOST_INDIRECT])
@pytest.mark.parametrize("seed", range(3))
def test_a_budget_of_lines_and_of_limited_items_keeps_every_rule(rules, plan, seed):
    answers = budget(rules, plan, Random(seed))
    assert plan_form({name: text for name, [text] in answers.items()}, rules, bodies={}).problems() == {}


def test_an_ordinary_budget_has_hours_of_volunteers_where_the_call_asks_them():
    answers = budget(RULES["lines"], Plan.ORDINARY, Random(1))
    assert answers["volunteers__1__hours"] == ["10,5"]
    assert [name for name in budget(RULES["lines by year"], Plan.ORDINARY, Random(1)) if name.startswith("volunteers")] == []


def test_hours_are_left_out_where_they_would_be_too_many():
    rules = replace(RULES["lines"], volunteers=Volunteers(1850, Decimal("0.01")))
    assert "volunteers__1__hours" not in budget(rules, Plan.ORDINARY, Random(1))


def test_a_share_that_the_items_do_not_allow_is_not_tried():
    rules = replace(RULES["lines"], items=(BudgetItem("sede", "Sede", min_own_percent=Decimal(50)),), max_indirect_percent=None)
    assert [budget(rules, plan, Random(1)) for plan in (Plan.AT_CAP, Plan.LEAST_SHARE)] == [None, None]
    assert (
        plan_form({name: text for name, [text] in budget(rules, Plan.ORDINARY, Random(1)).items()}, rules, bodies={}).problems()
        == {}
    )


def test_a_group_says_that_it_is_one():
    known = {
        "singolo": "Da solo",
        "gruppo-costituito": "In un gruppo che c'è già",
        "gruppo-da-costituire": "In un gruppo nuovo",
    }
    choices = tuple(Choice(code, label) for code, label in known.items())
    question = Question("forma-di-partecipazione", "Come partecipa l'ente?", QuestionType.CHOICE, choices=choices)
    area = NOTICE.areas[0]
    said = [typed(question, area, Manner.GROUP, Random(1), turn)[question.code][0] for turn in range(4)]
    assert said == ["gruppo-costituito", "gruppo-da-costituire"] * 2


def test_every_type_of_question_has_somebody_who_can_answer_it():
    area = NOTICE.areas[0]
    unanswered = {kind for kind in QuestionType if typed(_question(kind), area, Manner.GROUP, Random(1), 0) is None}
    assert unanswered == set()


def test_a_question_of_an_unknown_type_has_no_answer():
    assert typed(_question("hologram"), NOTICE.areas[0], Manner.ORDINARY, Random(1), 0) is None


def test_a_condition_looks_at_what_was_answered():
    question = _question(QuestionType.SHORT_TEXT)
    assert is_asked(question, {})
    later = replace(question, when=When("prima", ("yes",)))
    assert [is_asked(later, given) for given in ({}, {"prima": ["no"]}, {"prima": ["yes"]})] == [False, False, True]


def _question(kind):
    choices = (Choice("a", "A"), Choice("b", "B"))
    return Question("q", "Domanda", kind, limit=50, choices=choices)

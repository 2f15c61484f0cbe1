"""What is typed is what the real form accepts, and what is typed wrong is what it refuses."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from django.http import QueryDict

from applications.sections.build import build_form, typed_answers
from bando.notice.document import Choice, Question, QuestionType, SectionKind, When
from bando.notice_yaml import load_notice
from rehearsal.answers import Manner, Plan, budget, is_asked, slip, typed
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


def test_a_group_says_that_it_is_one():
    question = next(q for _a, s in QUESTIONS for q in s.questions if q.code == "forma-di-partecipazione")
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

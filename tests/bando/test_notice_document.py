from dataclasses import replace
from pathlib import Path

import pytest

from bando.deadlines import Window, rome
from bando.notice_yaml import load_notice

NOTICE = load_notice((Path(__file__).parents[1] / "data" / "notices" / "small.yaml").read_text())


@pytest.mark.parametrize(
    ("area", "requirements", "sections", "budget"),
    [
        ("uno", ["registro", "firma"], {"ente": 3, "luogo": 3, "costi": 0, "firme": 0}, "piano"),
        ("due", ["firma"], {"ente": 3}, None),
    ],
)
def test_each_area_has_its_own_form_requirements_and_budget(area, requirements, sections, budget):
    assert NOTICE.area(area).code == area
    assert [requirement.code for requirement in NOTICE.requirements_for(area)] == requirements
    assert {section.code: len(section.questions) for section in NOTICE.sections_for(area)} == sections
    assert getattr(NOTICE.budget_for(area), "code", None) == budget
    assert [attachment.code for attachment in NOTICE.attachments_for(area)] == ["statuto"]
    assert NOTICE.grid_for(area).code == "griglia"


def test_a_question_of_one_area_is_not_asked_in_the_other():
    ente, *others = NOTICE.sections
    anni = replace(ente.questions[2], areas=("uno",))
    notice = replace(NOTICE, sections=(replace(ente, questions=(*ente.questions[:2], anni)), *others))
    asked = {area: [q.code for q in notice.sections_for(area)[0].questions] for area in ("uno", "due")}
    assert asked == {"uno": ["nome", "forma", "anni"], "due": ["nome", "forma"]}


@pytest.mark.parametrize(
    "ask",
    [
        NOTICE.area,
        NOTICE.grid_for,
        NOTICE.budget_for,
        NOTICE.requirements_for,
        NOTICE.attachments_for,
        NOTICE.sections_for,
    ],
)
def test_an_area_that_the_notice_does_not_know_is_a_key_error(ask):
    with pytest.raises(KeyError, match="tre"):
        ask("tre")


def test_the_calendar_is_a_window():
    assert NOTICE.calendar.window == Window(rome(2021, 9, 1, 9), rome(2021, 10, 18, 12))

from dataclasses import replace
from decimal import Decimal

import pytest

from applications.sections.build import build_form
from bando.notice.document import (
    Budget,
    BudgetItem,
    Choice,
    Column,
    ColumnType,
    Notice,
    Question,
    QuestionType,
    Section,
    SectionKind,
    Volunteers,
)
from network.project_forms import form_class, is_unreadable, kept_values, typed, written_sections
from network.projects import budget_section
from tests.builders import NOTICES, _read, right_answers
from tests.builders_project import plan, seated
from workflow.ledger import plain

SLUGS = sorted(path.stem for path in NOTICES.glob("*.yaml"))


@pytest.mark.parametrize("slug", SLUGS)
def test_what_a_version_says_can_be_typed_again(slug):
    notice = _read((NOTICES / f"{slug}.yaml").read_text())
    seen = 0
    for area in notice.areas:
        for section in notice.sections_for(area.code):
            if section.kind not in {SectionKind.QUESTIONS, SectionKind.BUDGET}:
                continue
            maker = build_form(section, notice, area)
            first = maker(data=right_answers(section, notice, area))
            assert first.is_valid(), (section.code, first.errors)
            values = plain(first.values())
            again = maker(data=typed(section, notice.budget_for(area.code), values))
            assert again.is_valid(), (section.code, again.errors)
            assert plain(again.values()) == values
            seen += 1
    assert seen > 0


COLUMNS = (
    Column("nome", "Nome", ColumnType.SHORT_TEXT, limit=50),
    Column("ore", "Ore", ColumnType.NUMBER, decimals=1, required=False),
    Column("costo", "Costo", ColumnType.MONEY, required=False),
    Column("inizio", "Inizio", ColumnType.DATE, required=False),
    Column("ruolo", "Ruolo", ColumnType.CHOICE, choices=(Choice("a", "A"), Choice("b", "B")), required=False),
    Column("fisso", "Fisso", ColumnType.YES_NO, required=False),
)
SPLIT = Budget(
    "b",
    (BudgetItem("people", "Persone"), BudgetItem("rent", "Affitto")),
    years=(2022, 2023),
    actions=(Choice("desk", "Sportello"),),
    volunteers=Volunteers(20_00),
)


def read_again(section: Section, notice: Notice, values: dict) -> dict:
    area = notice.areas[0]
    form = build_form(section, notice, area)(data=typed(section, notice.budget_for(area.code), values))
    assert form.is_valid(), form.errors
    return plain(form.values())


@pytest.mark.parametrize(
    "question",
    [
        (
            Question("q", "Q", QuestionType.TABLE, max=Decimal(5), columns=COLUMNS),
            [
                {"nome": "Anna", "ore": "12.5", "costo": 1_250_50, "inizio": "2022-01-31", "ruolo": "b", "fisso": False},
                {"nome": "Bruno", "ore": None, "costo": None, "inizio": None, "ruolo": None, "fisso": None},
            ],
        ),
        (Question("q", "Q", QuestionType.NUMBER, decimals=3), "1250.125"),
        (Question("q", "Q", QuestionType.MONEY), 5),
        (Question("q", "Q", QuestionType.DATE), "2022-12-01"),
        (Question("q", "Q", QuestionType.YES_NO), False),
        (Question("q", "Q", QuestionType.LONG_TEXT, limit=90), "Una riga.\nDue righe."),
        (Question("q", "Q", QuestionType.CHOICES, choices=COLUMNS[4].choices), ["a", "b"]),
    ],
    ids=lambda given: given[0].type,
)
def test_an_answer_of_each_type_can_be_typed_again(question):
    asked, value = question
    notice = _read((NOTICES / "spazi-wemi-2021.yaml").read_text())
    assert read_again(Section("s", "S", questions=(asked,)), notice, {"q": value}) == {"q": value}


def test_the_lines_and_the_hours_of_a_split_budget_can_be_typed_again():
    notice = _read((NOTICES / "spazi-wemi-2021.yaml").read_text())
    section = next(found for found in notice.sections if found.kind is SectionKind.BUDGET)
    notice = replace(notice, budgets=tuple(replace(SPLIT, code=budget.code) for budget in notice.budgets))
    line = {"item": "people", "total": 100_05, "own": 20_00, "text": "Sportello", "year": 2023, "action": "desk"}
    hours = {"activity": "Sabato", "hours": "12.5", "hourly": 15_00, "value": 187_50}
    values = {"lines": [line, line | {"own": 0, "text": ""}], "volunteers": [hours]}
    values |= {"total": 387_60, "own": 207_50, "grant": 180_10}
    assert read_again(section, notice, values) == values


@pytest.mark.django_db
def test_the_table_writes_questions_and_budget_and_nothing_that_was_declared():
    at_the_table = seated()
    project = at_the_table.start()
    proposal, budget = written_sections(project)
    assert [question.code for question in proposal.questions] == [
        "titolo",
        "bisogni",
        "azioni",
        "squadra",
        "lingue",
        "giorni",
    ]
    assert budget.code == "piano"
    said = at_the_table.proposals[0].current.answers["proposta"]
    assert kept_values(project, proposal, said) == {"impegno": True}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("persone", "unreadable"),
    [
        ({"persone__total": "100", "persone__own": "20"}, False),
        ({"persone__total": "100", "persone__own": "0"}, False),  # a rule of the call, and the act judges it
        ({"persone__total": "100", "persone__own": "101"}, True),
        ({"persone__total": "cento", "persone__own": "1"}, True),
        ({}, True),  # a budget without any cost is none
    ],
)
def test_what_is_no_amount_is_told_from_a_rule_of_the_call(persone, unreadable):
    project = seated().start()
    section, _budget = budget_section(project)
    form = form_class(project, section)(data=persone)
    assert is_unreadable(form) is unreadable


@pytest.mark.django_db
def test_an_item_without_amounts_is_typed_as_blank():
    section, budget = budget_section(seated().start())
    assert typed(section, budget, plan(persone=(1_250_05, 5))) == {
        "persone__total": "1250,05",
        "persone__own": "0,05",
        "casa__total": "",
        "casa__own": "",
    }

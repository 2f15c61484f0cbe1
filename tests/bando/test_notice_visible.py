"""What a form asks, from the answers given so far: chains, several answers, what is hidden hides in turn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bando.notice.document import AttachmentRule, Choice, Notice, Question, QuestionType, Section, When
from bando.notice.parse import parse
from bando.notice.visible import asked, asked_among, group_answer, holds, rules_asked, together
from bando.notice_yaml import read
from tests.bando.small import SMALL

CHOICES = (Choice("a", "Prima"), Choice("b", "Seconda"), Choice("c", "Terza"))
CHAIN = (
    Question("una", "Una", QuestionType.CHOICE, choices=CHOICES),
    Question("molte", "Molte", QuestionType.CHOICES, choices=CHOICES, when=When("una", ("a", "b"))),
    Question("si-no", "Sì o no", QuestionType.YES_NO, when=When("molte", ("b", "c"))),
    Question("dichiaro", "Dichiaro", QuestionType.DECLARATION, when=When("si-no", ("no",))),
    Question("perche", "Perché", QuestionType.LONG_TEXT, limit=99, when=When("dichiaro", ("yes",))),
)


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ({}, "una"),
        ({"una": None}, "una"),
        ({"una": "c"}, "una"),
        ({"una": "b"}, "una molte"),
        ({"una": "a", "molte": []}, "una molte"),
        ({"una": "a", "molte": ["a"]}, "una molte"),
        ({"una": "a", "molte": ["a", "c"]}, "una molte si-no"),
        ({"una": "a", "molte": ["b"], "si-no": True}, "una molte si-no"),
        ({"una": "a", "molte": ["b"], "si-no": False}, "una molte si-no dichiaro"),
        ({"una": "a", "molte": ["b"], "si-no": False, "dichiaro": True}, "una molte si-no dichiaro perche"),
        # What was answered before the first of the chain changed is not looked at.
        ({"una": "c", "molte": ["b"], "si-no": False, "dichiaro": True}, "una"),
    ],
)
def test_a_chain_is_asked_as_far_as_its_answers_lead(values: dict[str, Any], codes: str) -> None:
    assert asked_among(CHAIN, values, ()) == frozenset(codes.split())


@pytest.mark.parametrize(("before", "expected"), [(("altra",), {"qui"}), ((), set())])
def test_a_condition_on_an_earlier_section_holds_only_if_that_question_was_asked(before: tuple, expected: set) -> None:
    here = Question("qui", "Qui", QuestionType.NUMBER, when=When("altra", ("yes",)))
    assert asked_among([here], {"altra": True}, before) == expected


def notice() -> Notice:
    text = SMALL.replace(
        "      - code: idea\n        label: Idea\n",
        "      - code: idea\n        label: Idea\n        when: {question: forma, is: [odv]}\n",
    ).replace("    title: Statuto\n", "    title: Statuto\n    when: {question: forma, is: [aps]}\n")
    return parse(read(text).data)


@pytest.mark.parametrize(
    ("forma", "questions", "rules"),
    [("odv", {"idea"}, []), ("aps", set(), ["statuto"]), (None, set(), [])],
)
def test_a_whole_area_is_asked_across_its_sections(forma: str | None, questions: set, rules: list) -> None:
    always = {"nome", "forma", "anni", "municipio", "funzioni"}
    values = together(notice(), "uno", {"ente": {"forma": forma}, "luogo": {}, "costi": {"total": 3}})
    assert asked(notice(), "uno", values) == always | questions
    assert [rule.code for rule in rules_asked(notice(), "uno", values)] == rules


def test_another_area_is_asked_its_own_questions_alone() -> None:
    assert asked(notice(), "due", {"forma": "odv"}) == {"nome", "forma", "anni"}


def test_what_has_no_condition_is_always_asked() -> None:
    assert holds(None, {}, ())
    assert holds(AttachmentRule("f", "F", ("pdf",), 9).when, {}, ())
    assert asked_among(Section("s", "S", questions=CHAIN[:1]).questions, {}, ()) == {"una"}


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ({}, None),
        ({"form": ""}, None),
        ({"form": "single"}, "single"),
        ({"form": "single", "constituted": "yes"}, "single"),
        ({"form": "ats"}, None),
        ({"form": "ats", "constituted": "forse"}, None),
        ({"form": "ats", "constituted": "yes"}, "formed"),
        ({"form": "network", "constituted": "no"}, "to_be_formed"),
        ({"form": "ats", "constituted": True}, "formed"),
        ({"form": "ats", "constituted": False}, "to_be_formed"),
        ({"constituted": "yes"}, None),
    ],
)
def test_how_a_body_takes_part_is_read_from_the_group_section_typed_or_sent(typed: dict, answer: str | None) -> None:
    assert group_answer(typed) == answer


EVERY = parse(read((Path(__file__).parents[1] / "data" / "notices" / "every.yaml").read_bytes()).data)


@pytest.mark.parametrize(
    ("group", "is_asked", "rules"),
    [
        (None, False, ["delega"]),
        ({"form": "single"}, False, ["delega"]),
        ({"form": "ats", "constituted": True}, True, ["delega"]),
        ({"form": "ats", "constituted": False}, True, ["delega", "impegno"]),
    ],
)
def test_a_question_and_a_file_may_wait_for_how_the_body_takes_part(
    group: dict | None, is_asked: bool, rules: list[str]
) -> None:
    values = together(EVERY, "misura", {} if group is None else {"chi": group})
    assert ("mandato" in asked(EVERY, "misura", values)) is is_asked
    assert [rule.code for rule in rules_asked(EVERY, "misura", values)] == rules

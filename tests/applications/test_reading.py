"""Answers in the words that every reader sees."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from applications.reading import read_draft, read_submission, words
from bando.notice.document import Choice, Question, QuestionType
from tests.builders import WORKDAY, complete_draft, draft_application, submitted_application
from tests.clock import arriving

LETTERS = (Choice("a", "Prima"), Choice("b", "Seconda"))


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("short_text", "Casa aperta", "Casa aperta"),
        ("number", "1250.5", "1.250,5 metri"),
        ("money", 125050, "1.250,50\u00a0€"),
        ("date", "2021-10-18", "18/10/2021"),
        ("choice", "b", "Seconda"),
        ("choices", ["a", "b"], "Prima; Seconda"),
        ("yes_no", True, "Sì"),
        ("yes_no", False, "No"),
        ("municipio", 4, "Municipio 4"),
        ("address", {"street": "Via Capuana 3", "postal_code": "20156", "city": "Milano"}, "Via Capuana 3, 20156 Milano"),
        ("number", None, ""),
        ("choices", [], ""),
        ("short_text", "", ""),
    ],
)
def test_a_value_is_said_in_words(kind: str, value: Any, expected: str) -> None:
    unit = "metri" if kind == "number" else ""
    assert words(Question("q", "La domanda", QuestionType(kind), choices=LETTERS, unit=unit), value) == expected


def test_what_was_sent_reads_as_the_draft_that_was_sent(db) -> None:
    application = submitted_application()
    notice, sent = application.call.notice, application.current
    assert read_submission(notice, application.area_code, sent.answers) == read_draft(application)


def test_what_cannot_be_read_stands_as_it_was_typed(db, client) -> None:
    application = draft_application()
    client.force_login(application.created_by)
    with arriving(WORKDAY):
        url = reverse("application_section", args=[application.pk, "esperienza"])
        client.post(url, {"anni-di-attivita": "tanti", "esperienza-servizi": "Uno sportello", "__version": "0"})
    section = next(item for item in read_draft(application) if item.section.code == "esperienza")
    assert [(answer.question.code, answer.text, answer.typed) for answer in section.answers] == [
        ("esperienza-servizi", "Uno sportello", False),
        ("anni-di-attivita", "tanti", True),
        ("valore-dei-servizi", "", False),
        ("radicamento-quartiere", "", False),
    ]


def test_a_draft_with_nothing_in_it_reads_as_empty(db) -> None:
    read = read_draft(draft_application())
    assert {answer.text for item in read for answer in item.answers} == {""}
    assert [declared.made for item in read for declared in item.declarations] == [False] * 13
    assert [item.budget.total for item in read if item.budget] == [0]


def test_a_broken_budget_rule_is_said_where_the_budget_is_read(db) -> None:
    application = complete_draft(draft_application())
    draft = application.drafts.get(section="piano-economico")
    draft.answers["personale__own"] = "1.000"
    draft.save()
    checks = next(item.checks for item in read_draft(application) if item.budget)
    assert [check["passed"] for check in checks] == [True, False, True]

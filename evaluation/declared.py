"""What a proposal itself says about the facts that the grid counts: the sheet proposes it, a member confirms or corrects it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bando.notice.document import Notice, Question, QuestionType
from bando.notice.grid import Criterion
from evaluation.methods import MOST_UNITS, UNIT, YES_OR_NO

NUMBERS = (QuestionType.NUMBER, QuestionType.MONEY)


def declared(notice: Notice, area_code: str, answers: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
    """Criterion to the ten-thousandths that the answer serving it says (``Submission.answers``): a number, an amount in euro,
    a yes or no. A fact that no answer, or more than one, speaks of is not there: nothing is guessed."""
    serving: dict[str, list[tuple[Question, Any]]] = {}
    for section in notice.sections_for(area_code):
        given = answers.get(section.code, {})
        for question in section.questions:
            if given.get(question.code) is not None:
                serving.setdefault(question.criterion, []).append((question, given[question.code]))
    found = {}
    for criterion in notice.grid_for(area_code).criteria:
        if not criterion.is_judged:
            said = [
                mark
                for question, value in serving.get(criterion.code, ())
                if (mark := _mark(criterion, question, value)) is not None
            ]
            if len(said) == 1:
                found[criterion.code] = said[0]
    return found


def _mark(criterion: Criterion, question: Question, value: Any) -> int | None:
    """The answer as a mark; ``None`` for one of another kind, less than zero, or finer or greater than a mark can be."""
    if criterion.type in YES_OR_NO:
        return UNIT * bool(value) if question.type is QuestionType.YES_NO else None
    if question.type not in NUMBERS:
        return None
    units = Decimal(value) * UNIT / (100 if question.type is QuestionType.MONEY else 1)
    return int(units) if 0 <= units <= MOST_UNITS and units == int(units) else None

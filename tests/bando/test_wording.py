from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from bando import wording
from bando.deadlines import rome
from bando.notice.document import AttachmentRule, Choice, Question, QuestionType
from bando.notice.grid import (
    Block,
    Comparison,
    Criterion,
    Grid,
    Rounding,
    RoundingMode,
    RoundingPoint,
    TieStep,
    TieStepKind,
)

GRID = Grid(
    code="g",
    title="Griglia",
    scale=(),
    blocks=(Block("b", "La proposta", Decimal(80)),),
    criteria=(Criterion("c", "Lo Spazio", Decimal(80), "b"),),
    rounding=(),
    comparison=Comparison.EXACT,
    threshold=None,
    tie_chain=(),
)


@pytest.mark.parametrize(
    ("value", "text"), [(Decimal("12.50"), "12,5"), (Decimal(100), "100"), (0, "0"), (Decimal("0.0125"), "0,0125")]
)
def test_a_number_has_the_digits_that_say_something(value, text):
    assert wording.number(value) == text


@pytest.mark.parametrize(
    ("closes", "rule"),
    [
        (rome(2021, 10, 18, 12), ("12:00:00", "18 ottobre 2021", "12:00:00,000001")),
        (rome(2021, 12, 31, 23, 59, 59), ("23:59:59", "31 dicembre 2021", "23:59:59,000001")),
        (
            rome(2021, 10, 18).replace(hour=23, minute=59, second=59, microsecond=999_999),
            ("23:59:59,999999", "18 ottobre 2021", "00:00:00,000000"),
        ),
    ],
)
def test_the_rule_of_the_deadline_names_the_last_moment_in_time_and_the_first_one_late(closes, rule):
    last, day, late = rule
    assert wording.deadline_rule(closes) == (
        f"Vale l'ora in cui la domanda arriva al nostro server. È in tempo se arriva entro le {last} del {day}: "
        f"una domanda arrivata alle {late} è in ritardo."
    )


def test_months_are_written_as_each_language_writes_them():
    with override("it"):
        assert wording.day(date(2021, 10, 18)) == "18 ottobre 2021"
    with override("en"):
        assert wording.day(date(2021, 10, 18)) == "18 October 2021"


@pytest.mark.parametrize(
    ("steps", "sentences"),
    [
        ((), ["Non si arrotonda niente: si calcola con i numeri esatti."]),
        (
            (
                Rounding(RoundingPoint.COEFFICIENT, 1, RoundingMode.TRUNCATE),
                Rounding(RoundingPoint.MEAN, 2, RoundingMode.HALF_UP),
                Rounding(RoundingPoint.PRODUCT, 2, RoundingMode.HALF_EVEN),
                Rounding(RoundingPoint.TOTAL, 0, RoundingMode.HALF_UP),
            ),
            [
                "Il coefficiente di ogni commissario si arrotonda a 1 decimale: le cifre in più si tolgono.",
                "La media dei coefficienti si arrotonda a 2 decimali: la metà va verso l'alto.",
                "Il punteggio di ogni criterio (media per punti massimi) si arrotonda a 2 decimali: la metà va verso la cifra pari.",
                "Il totale si arrotonda a 0 decimali: la metà va verso l'alto.",
            ],
        ),
    ],
)
def test_rounding_is_told_where_it_happens(steps, sentences):
    assert wording.rounding(replace(GRID, rounding=steps)) == sentences


@pytest.mark.parametrize(
    ("which", "sentence"),
    [
        (Comparison.EXACT, "La graduatoria confronta i totali esatti, anche oltre i decimali pubblicati."),
        (Comparison.PUBLISHED, "La graduatoria confronta i totali come sono pubblicati."),
    ],
)
def test_it_is_told_which_totals_decide(which, sentence):
    assert wording.comparison(replace(GRID, comparison=which)) == sentence


def test_the_chain_of_ties_is_told_link_by_link():
    chain = (TieStep(TieStepKind.BLOCK, "b"), TieStep(TieStepKind.CRITERION, "c"), TieStep(TieStepKind.DRAW))
    assert wording.ties(replace(GRID, tie_chain=chain)) == [
        "più punti nel gruppo «La proposta»",
        "più punti nel criterio «Lo Spazio»",
        "sorteggio pubblico",
    ]
    assert wording.ties(GRID) == []


TWO = (Choice("a", "A"), Choice("b", "B"))


@pytest.mark.parametrize(
    ("kind", "more", "line"),
    [
        (QuestionType.SHORT_TEXT, {"limit": 80}, "Testo, al massimo 80 caratteri, spazi inclusi"),
        (QuestionType.LONG_TEXT, {"limit": 2000}, "Testo, al massimo 2000 caratteri, spazi inclusi"),
        (QuestionType.NUMBER, {"unit": "anni", "min": Decimal(0), "max": Decimal(200)}, "Un numero (anni), da 0 a 200"),
        (QuestionType.NUMBER, {"min": Decimal("0.5")}, "Un numero, almeno 0,5"),
        (QuestionType.MONEY, {"max": Decimal(1000)}, "Un importo in euro, al massimo 1000"),
        (QuestionType.DATE, {"max": date(2021, 10, 18)}, "Una data, al massimo 18 ottobre 2021"),
        (QuestionType.CHOICE, {"choices": TWO}, "Scegli una risposta"),
        (QuestionType.CHOICES, {"choices": TWO, "min": Decimal(1)}, "Scegli una o più risposte, almeno 1"),
        (QuestionType.YES_NO, {}, "Sì o no"),
        (QuestionType.ADDRESS, {}, "Un indirizzo"),
        (QuestionType.MUNICIPIO, {}, "Un Municipio"),
    ],
)
def test_a_question_tells_how_it_is_answered(kind, more, line):
    assert wording.answer_limits(Question("q", "Domanda", kind, **more)) == line


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        (AttachmentRule("s", "Statuto", ("pdf", "p7m"), 20 * 1024**2), "PDF, P7M, fino a 20 MB, 1 file"),
        (AttachmentRule("s", "Foto", ("jpg",), 1536 * 1024, max_files=6), "JPG, fino a 1,5 MB, al massimo 6 file"),
    ],
)
def test_an_attachment_tells_what_it_may_be(rule, line):
    assert wording.file_limits(rule) == line

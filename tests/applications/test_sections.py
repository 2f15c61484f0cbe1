"""Forms built from the call: what is typed, what is understood, and the sentence when it is not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict

from applications.sections import build_form, read_values, typed_answers
from applications.sections.build import SectionForm
from bando.notice.document import Area, Choice, Notice, Question, QuestionType, Section, SectionKind
from bando.notice_yaml import load_notice
from tests.builders import NOTICES, right_answers

NOTICE: Notice = load_notice((NOTICES / "spazi-wemi-2021.yaml").read_text())
AREA: Area = NOTICE.area("area-1")
LETTERS = (Choice("a", "Prima"), Choice("b", "Seconda"), Choice("c", "Terza"))


def form_for(*questions: Question) -> type[SectionForm]:
    return build_form(Section("prova", "Prova", questions=questions), NOTICE, AREA)


def answer(kind: QuestionType, typed: Any, **options: Any) -> SectionForm:
    """The form of one question, with ``typed`` in it."""
    question = Question("q", "La domanda", kind, **options)
    data = typed if isinstance(typed, dict) else {"q": typed}
    return form_for(question)(data=data)


def said(form: SectionForm) -> list[str]:
    return [problem["sentence"] for found in form.problems().values() for problem in found]


@pytest.mark.parametrize(
    ("kind", "options", "typed", "value"),
    [
        ("short_text", {"limit": 120}, "  Casa aperta ", "Casa aperta"),
        ("long_text", {"limit": 10}, "uno\r\ndue", "uno\ndue"),
        ("number", {"decimals": 1}, "12,5", Decimal("12.5")),
        ("number", {}, "1.250", Decimal(1250)),
        ("money", {}, "1.250,50", 125050),
        ("money", {}, "€ 1 250", 125000),
        ("date", {}, "18/10/2021", date(2021, 10, 18)),
        ("date", {}, "18.10.2021", date(2021, 10, 18)),
        ("date", {}, "2021-10-18", date(2021, 10, 18)),
        ("choice", {"choices": LETTERS}, "b", "b"),
        ("choices", {"choices": LETTERS}, ["c", "a"], ["a", "c"]),
        ("yes_no", {}, "no", False),
        ("yes_no", {}, "yes", True),
        ("declaration", {}, "on", True),
        ("municipio", {}, "9", 9),
        (
            "address",
            {},
            {"q__street": "Via Capuana 3", "q__postal_code": "20 156", "q__city": "Milano"},
            {"street": "Via Capuana 3", "postal_code": "20156", "city": "Milano"},
        ),
    ],
)
def test_what_is_typed_becomes_a_value(kind: str, options: dict, typed: Any, value: Any) -> None:
    form = answer(QuestionType(kind), typed, **options)
    assert form.is_valid()
    assert form.values() == {"q": value}


@pytest.mark.parametrize(
    ("kind", "options", "typed", "sentence"),
    [
        ("short_text", {"limit": 120}, "   ", "Scrivi la risposta a «La domanda»."),
        (
            "short_text",
            {"limit": 120},
            "x" * 134,
            "«La domanda» può avere al massimo 120 caratteri. Ne hai scritti 134: togline 14.",
        ),
        ("long_text", {"limit": 3}, "👨‍👩", None),
        (
            "long_text",
            {"limit": 2},
            "👨‍👩",
            "«La domanda» può avere al massimo 2 caratteri. Ne hai scritti 3: togline 1.",
        ),
        ("number", {}, "dodici", "Scrivi un numero, per esempio 12."),
        ("number", {"decimals": 2}, "1,5,0", "Scrivi un numero, per esempio 12,5."),
        ("number", {}, "1,5", "Scrivi un numero intero, senza virgola."),
        ("number", {"decimals": 1}, "1,55", "Scrivi al massimo 1 cifra dopo la virgola."),
        ("number", {"min": Decimal(10), "unit": "metri"}, "9", "Il minimo è 10 metri. Hai scritto 9."),
        ("number", {"min": Decimal(10), "unit": "metri"}, "10", None),
        ("number", {"max": Decimal(2000)}, "2000,0", "Scrivi un numero intero, senza virgola."),
        ("number", {"max": Decimal(2000)}, "2001", "Il massimo è 2.000. Hai scritto 2.001."),
        ("money", {}, "millecinquanta", "Scrivi l'importo in euro, solo con i numeri. Per esempio 1250,50."),
        ("money", {}, "-5", "Scrivi l'importo senza il segno meno."),
        ("money", {}, "1,250", "«1,250» ha più di due cifre dopo la virgola. Scrivi l'importo così: 1250,50."),
        ("money", {}, "12€50", "Scrivi l'importo in euro, solo con i numeri. Per esempio 1250,50."),
        ("money", {"max": Decimal(100)}, "100,01", "Il massimo è 100,00\u00a0€. Hai scritto 100,01\u00a0€."),
        ("money", {"min": Decimal("0.01")}, "0", "Il minimo è 0,01\u00a0€. Hai scritto 0,00\u00a0€."),
        ("date", {}, "31/02/2021", "Il giorno 31/02/2021 non c'è nel calendario: controllalo."),
        ("date", {}, "2021-02-30", "Il giorno 2021-02-30 non c'è nel calendario: controllalo."),
        ("date", {}, "18/10", "Scrivi il giorno con i numeri, per esempio 18/10/2021."),
        ("date", {}, "ieri", "Scrivi il giorno con i numeri, per esempio 18/10/2021."),
        (
            "date",
            {"max": date(2021, 10, 18)},
            "19/10/2021",
            "L'ultimo giorno possibile è il 18/10/2021. Hai scritto 19/10/2021.",
        ),
        (
            "date",
            {"min": date(2000, 1, 1)},
            "31/12/1999",
            "Il primo giorno possibile è il 01/01/2000. Hai scritto 31/12/1999.",
        ),
        ("choice", {"choices": LETTERS}, "", "Scegli la risposta a «La domanda»."),
        ("choice", {"choices": LETTERS}, "z", "Questa risposta non è nell'elenco: scegline un'altra."),
        ("choices", {"choices": LETTERS}, [], "Scegli almeno una risposta a «La domanda»."),
        ("choices", {"choices": LETTERS}, ["z"], "Una risposta non è nell'elenco: scegli di nuovo."),
        ("choices", {"choices": LETTERS, "min": Decimal(2)}, ["a"], "Scegli almeno 2 risposte."),
        ("choices", {"choices": LETTERS, "max": Decimal(1)}, ["a", "b"], "Scegli al massimo 1 risposta."),
        ("yes_no", {}, "", "Scegli la risposta a «La domanda»."),
        ("declaration", {}, "", "Manca la dichiarazione «La domanda»."),
        ("municipio", {}, "10", "Questa risposta non è nell'elenco: scegline un'altra."),
        (
            "address",
            {},
            {"q__street": "Via Capuana 3", "q__postal_code": "2015", "q__city": "Milano"},
            "Il CAP ha 5 cifre, per esempio 20121.",
        ),
        (
            "address",
            {},
            {"q__street": "", "q__postal_code": "20156", "q__city": "Milano"},
            "Scrivi via e numero civico di «La domanda».",
        ),
    ],
)
def test_what_is_wrong_gets_one_sentence(kind: str, options: dict, typed: Any, sentence: str | None) -> None:
    assert said(answer(QuestionType(kind), typed, **options)) == ([sentence] if sentence else [])


@pytest.mark.parametrize(
    ("kind", "options", "empty"),
    [
        ("short_text", {"limit": 9}, ""),
        ("number", {}, None),
        ("money", {}, None),
        ("date", {}, None),
        ("choice", {"choices": LETTERS}, None),
        ("choices", {"choices": LETTERS, "min": Decimal(2)}, []),
        ("yes_no", {}, None),
        ("municipio", {}, None),
        ("address", {}, None),
    ],
)
def test_an_optional_question_may_stay_empty(kind: str, options: dict, empty: Any) -> None:
    form = answer(QuestionType(kind), {}, required=False, **options)
    assert form.is_valid()
    assert form.values() == {"q": empty}


def test_an_optional_address_is_absent_or_whole() -> None:
    form = answer(QuestionType.ADDRESS, {"q__street": "Via Capuana 3"}, required=False)
    assert said(form) == ["Scrivi il CAP di «La domanda».", "Scrivi il Comune di «La domanda»."]


def test_a_file_has_no_field_and_no_value() -> None:
    form = answer(QuestionType.FILE, "qualcosa", formats=("pdf",), max_bytes=9)
    assert (list(form.fields), form.is_valid(), form.values()) == ([], True, {})
    form.miss_files(["q"])
    assert form.faults() == []
    form.miss_files([])
    assert form.faults() == [{"target": "q-upload", "message": "Carica: La domanda."}]


def test_the_wrong_text_stays_in_the_field() -> None:
    form = answer(QuestionType.MONEY, "mille euro circa")
    assert 'value="mille euro circa"' in str(form["q"])


def test_a_text_has_a_counter_and_no_maxlength() -> None:
    html = str(answer(QuestionType.LONG_TEXT, "ciao", limit=10)["q"])
    assert 'data-limit="10"' in html
    assert "maxlength" not in html


def test_only_the_fields_of_the_section_are_kept() -> None:
    form = form_for(Question("q", "La domanda", QuestionType.LONG_TEXT, limit=99))
    posted = QueryDict(mutable=True)
    posted.update({"q": "riga\r\nriga\x00", "csrfmiddlewaretoken": "segreto", "__version": "3", "then": "next"})
    assert typed_answers(form, posted) == {"q": "riga\nriga"}


def test_several_choices_are_kept_as_a_list() -> None:
    form = form_for(Question("q", "La domanda", QuestionType.CHOICES, choices=LETTERS))
    assert typed_answers(form, QueryDict("q=a&q=c")) == {"q": ["a", "c"]}
    assert typed_answers(form, QueryDict("")) == {"q": []}


def test_whoever_comes_back_is_not_told_that_the_page_is_half_written() -> None:
    questions = [Question("uno", "Uno", QuestionType.SHORT_TEXT, limit=9), Question("due", "Due", QuestionType.NUMBER)]
    form = form_for(*questions)(data={"uno": "", "due": "tre"})
    form.forgive_blanks()
    assert form.problems() == {"due": [{"code": "unreadable", "sentence": "Scrivi un numero, per esempio 12."}]}


def test_questions_that_serve_one_criterion_stand_together() -> None:
    section = next(section for section in NOTICE.sections_for("area-1") if section.code == "spazio")
    blocks = build_form(section, NOTICE, AREA)().blocks()
    assert [(block.criterion.letter if block.criterion else "", len(block.groups)) for block in blocks] == [
        ("B.1", 3),
        ("", 1),
        ("B.1", 5),
    ]


@pytest.mark.parametrize("area", [area.code for area in NOTICE.areas])
def test_every_section_of_the_call_can_be_filled(area: str) -> None:
    for section in NOTICE.sections_for(area):
        values, form = read_values(section, NOTICE, NOTICE.area(area), right_answers(section, NOTICE, NOTICE.area(area)))
        assert form.errors == {}, section.code
        assert values


def section_of(kind: SectionKind) -> Section:
    return next(section for section in NOTICE.sections_for("area-1") if section.kind is kind)


def test_every_declaration_is_a_box_with_its_full_text() -> None:
    form = build_form(section_of(SectionKind.DECLARATIONS), NOTICE, AREA)(data={"antimafia": "on"})
    asked = [r for r in NOTICE.requirements_for("area-1") if r.kind == "declaration"]
    assert [str(field.label) for field in form.declarations()] == [requirement.text for requirement in asked]
    assert form.problems()["terzo-settore"] == [
        {"code": "required", "sentence": "Manca la dichiarazione «Ente del Terzo settore»."}
    ]
    assert form.values() == {"antimafia": True}


def budget_form(**typed: str) -> SectionForm:
    return build_form(section_of(SectionKind.BUDGET), NOTICE, AREA)(data=typed)


@pytest.mark.parametrize(
    ("typed", "sentences"),
    [
        ({}, ["Scrivi il costo di almeno una voce."]),
        ({"personale__total": "12.500", "personale__own": "2500"}, []),
        (
            {"personale__total": "12.500", "personale__own": "1875"},
            ["La quota degli enti è il 15% del totale. L'avviso chiede almeno il 20%: mancano 625,00\u00a0€."],
        ),
        (
            {"personale__total": "12.500", "personale__own": "2499,99"},
            ["La quota degli enti è il 19,99% del totale. L'avviso chiede almeno il 20%: manca 0,01\u00a0€."],
        ),
        (
            {"personale__total": "81.200", "personale__own": "20.000"},
            ["Hai chiesto 61.200,00\u00a0€. Il massimo è 60.000,00\u00a0€: togli 1.200,00\u00a0€."],
        ),
        (
            {"personale__total": "9.000", "personale__own": "9.000", "costi-indiretti__total": "1.000"},
            ["Costi indiretti: 10% del totale. Il massimo è il 7%: con questo totale togli 300,00\u00a0€."],
        ),
        (
            {"personale__total": "200", "personale__own": "300"},
            [
                "Personale: a carico dell'ente hai scritto 300,00\u00a0€, più del costo della voce, che è 200,00\u00a0€. "
                "Correggi uno dei due importi."
            ],
        ),
        (
            {"personale__total": "tanto", "personale__own": "300"},
            ["Scrivi l'importo in euro, solo con i numeri. Per esempio 1250,50."],
        ),
    ],
)
def test_a_budget_hears_which_rule_it_breaks_and_by_how_much(typed: dict[str, str], sentences: list[str]) -> None:
    assert said(budget_form(**typed)) == sentences


def test_a_budget_is_frozen_in_whole_cents() -> None:
    form = budget_form(personale__total="10.000,01", personale__own="2.000,01")
    assert form.is_valid()
    values = form.values()
    assert values["items"]["personale"] == {"total": 1_000_001, "own": 200_001, "grant": 800_000}
    assert (values["total"], values["own"], values["grant"]) == (1_000_001, 200_001, 800_000)


def test_the_rules_of_the_call_are_a_list_in_words() -> None:
    form = budget_form(personale__total="12.500", personale__own="1875")
    assert form.checks() == [
        {"passed": True, "words": "Chiedi 10.625,00\u00a0€: il massimo è 60.000,00\u00a0€."},
        {
            "passed": False,
            "words": "La quota degli enti è il 15% del totale. L'avviso chiede almeno il 20%: mancano 625,00\u00a0€.",
        },
        {"passed": True, "words": "Costi indiretti: 0% del totale. Il massimo è il 7%."},
    ]
    assert budget_form().checks() == []

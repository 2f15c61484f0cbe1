from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils.translation import override

from bando import wording
from bando.deadlines import rome
from bando.notice.document import (
    Act,
    Area,
    AttachmentRule,
    Budget,
    BudgetItem,
    Choice,
    ClockRule,
    Column,
    ColumnType,
    FormalCheck,
    GroupForm,
    Lot,
    MembersShown,
    Participation,
    Publication,
    Question,
    QuestionType,
    Replacement,
    ReplacementMode,
    TableMode,
    When,
)
from bando.notice.grid import (
    Band,
    Best,
    Block,
    Comparison,
    Composition,
    Criterion,
    CriterionType,
    Formula,
    FormulaKind,
    Grid,
    Marking,
    Pairwise,
    PairwiseVariant,
    PointsLevel,
    Rescaling,
    Rounding,
    RoundingMode,
    RoundingPoint,
    TieStep,
    TieStepKind,
)
from bando.notice_yaml import load_notice

EVERY = load_notice((Path(__file__).parents[1] / "data" / "notices" / "every.yaml").read_text())
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
    ("more", "words"),
    [
        ({"places": 20, "place_label": "Spazi WeMi"}, "20 Spazi WeMi"),
        ({"places": 1}, "1 posto"),
        ({"places": 2}, "2 posti"),
        ({}, ""),
    ],
)
def test_the_places_of_an_area_are_named(more, words):
    assert wording.places(Area("a", "Area", "g", **more)) == words


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


def of(kind: CriterionType, **more) -> Criterion:
    """A criterion worth ten points."""
    return replace(Criterion("t", "Titolo", Decimal(10), "b", type=kind), **more)


def test_what_is_rounded_has_the_name_that_it_has_in_this_grid():
    steps = tuple(Rounding(point, 1, RoundingMode.HALF_UP) for point in RoundingPoint)
    grid = replace(GRID, criteria=(of(CriterionType.POINTS),), rounding=steps)
    assert wording.rounding(grid)[0] == "Quello che dà ogni commissario si arrotonda a 1 decimale: la metà va verso l'alto."
    assert [s.split(" si arrotonda")[0] for s in wording.rounding(grid)] == [
        "Quello che dà ogni commissario",
        "La media di quello che danno i commissari",
        "Il punteggio di ogni criterio",
        "Il totale",
    ]
    summed = replace(grid, composition=Composition.SUM)
    assert wording.rounding(summed)[1].startswith("La somma di quello che danno i commissari si arrotonda")


@pytest.mark.parametrize(
    ("criterion", "sentence"),
    [
        (of(CriterionType.LEVELS), "Ogni commissario sceglie un giudizio:"),
        (of(CriterionType.POINTS), "Ogni commissario dà da 0 a 10 punti."),
        (of(CriterionType.POINTS, step=Decimal("0.50")), "Ogni commissario dà da 0 a 10 punti, a passi di 0,5."),
        (
            of(CriterionType.COUNT, per_unit=Decimal(2), unit="certificati"),
            "2 punti per ogni unità (certificati), fino a 10 punti. Per esempio, 3 danno 6 punti.",
        ),
        (
            of(CriterionType.COUNT, per_unit=Decimal(4), unit="certificati"),
            "4 punti per ogni unità (certificati), fino a 10 punti. Per esempio, 3 danno 10 punti.",
        ),
        (of(CriterionType.BANDS, unit="anni"), "Conta la quantità (anni):"),
        (of(CriterionType.YES_NO), "Sì: 10 punti. No: 0 punti."),
        (of(CriterionType.YES_NO, max_points=Decimal(1)), "Sì: 1 punto. No: 0 punti."),
        (
            of(CriterionType.FORMULA, unit="persone", formula=Formula(FormulaKind.LINEAR)),
            "Conta la quantità (persone). La proposta con la più alta prende 10 punti. Ogni altra prende 10 punti per la sua "
            "quantità divisa per la più alta. Per esempio, con metà della più alta: 5 punti.",
        ),
        (
            of(CriterionType.FORMULA, unit="euro", formula=Formula(FormulaKind.LINEAR, best=Best.LOWER)),
            "Conta la quantità (euro). La proposta con la più bassa prende 10 punti. Ogni altra prende 10 punti per la quantità "
            "più bassa divisa per la sua. Per esempio, con il doppio della più bassa: 5 punti.",
        ),
        (
            of(CriterionType.FORMULA, unit="euro", formula=Formula(FormulaKind.POWER, exponent=Decimal("0.5"))),
            "Conta la quantità (euro). La proposta con la più alta prende 10 punti. Ogni altra prende 10 punti per la sua "
            "quantità divisa per la più alta, elevata a 0,5. Per esempio, con metà della più alta: 7,07 punti.",
        ),
        (
            of(CriterionType.FORMULA, unit="euro", formula=Formula(FormulaKind.BILINEAR, knee=Decimal("0.9"))),
            "Conta la quantità (euro). La proposta con la più alta prende 10 punti. Chi è alla media delle proposte prende 9 punti. "
            "Tra zero e la media, e tra la media e la più alta, i punti crescono in proporzione. Per esempio, con metà della "
            "media: 4,5 punti.",
        ),
        (
            of(CriterionType.PENALTY, max_points=Decimal(0), penalty=Decimal(10)),
            "Se la risposta è sì, si tolgono 10 punti.",
        ),
    ],
)
def test_a_criterion_tells_how_it_gives_its_points(criterion, sentence):
    assert wording.how_points(replace(GRID, criteria=(criterion,)), criterion) == sentence


def test_where_points_are_added_each_member_gives_a_part_of_them():
    summed = replace(GRID, composition=Composition.SUM)
    free, judged = of(CriterionType.POINTS, max_points=Decimal(30)), of(CriterionType.LEVELS)
    assert wording.how_points(summed, free, 3) == "Ogni commissario dà da 0 a 10 punti, e i punti si sommano."
    assert wording.how_points(summed, judged, 3) == "Ogni commissario sceglie un giudizio, e i punti si sommano:"


def test_the_scale_is_named_beside_a_criterion_only_where_not_all_use_it():
    alone, other = of(CriterionType.COEFFICIENT), of(CriterionType.YES_NO)
    assert wording.how_points(replace(GRID, criteria=(alone,)), alone) == ""
    mixed = replace(GRID, criteria=(alone, other))
    assert wording.how_points(mixed, alone) == "Ogni commissario sceglie un coefficiente della scala."


@pytest.mark.parametrize(
    ("band", "label"),
    [
        ({"label": "da 2 a 3 anni", "at_least": 2}, "da 2 a 3 anni"),
        ({"at_least": 2, "at_most": 3}, "da 2 a 3 anni"),
        ({"at_least": 2, "less_than": 3}, "da 2 a meno di 3 anni"),
        ({"more_than": 2, "at_most": 3}, "più di 2 e fino a 3 anni"),
        ({"more_than": 2, "less_than": 3}, "più di 2 e meno di 3 anni"),
        ({"at_least": Decimal("60.50")}, "almeno 60,5 anni"),
        ({"more_than": 3}, "più di 3 anni"),
        ({"at_most": 3}, "fino a 3 anni"),
        ({"less_than": 3}, "meno di 3 anni"),
        ({"at_least": 0, "at_most": 0}, "da 0 a 0 anni"),
    ],
)
def test_a_band_has_the_words_of_the_act_or_those_of_its_ends(band, label):
    criterion = of(CriterionType.BANDS, unit="anni", bands=(Band(Decimal(1), **band),))
    assert wording.bands(criterion) == [{"label": label, "points": "1 punto"}]


def test_the_levels_have_their_points_in_words():
    criterion = of(
        CriterionType.LEVELS, levels=(PointsLevel("ottimo", Decimal(10), "C'è tutto."), PointsLevel("no", Decimal(0)))
    )
    assert wording.levels(criterion) == [
        {"label": "ottimo", "points": "10 punti", "descriptor": "C'è tutto."},
        {"label": "no", "points": "0 punti", "descriptor": ""},
    ]


@pytest.mark.parametrize(
    ("kinds", "composition", "sentences"),
    [
        (
            [CriterionType.COEFFICIENT],
            Composition.MEAN,
            [
                "Ogni commissario dà a ogni criterio un coefficiente della scala. Il punteggio è la media dei coefficienti per i "
                "punti massimi del criterio."
            ],
        ),
        (
            [CriterionType.COEFFICIENT, CriterionType.LEVELS, CriterionType.COUNT, CriterionType.PENALTY],
            Composition.MEAN,
            [
                "Dove si usa la scala, ogni commissario dà un coefficiente. Il punteggio è la media dei coefficienti per i punti "
                "massimi del criterio.",
                "Dove ogni commissario dà punti, il punteggio è la media dei punti di tutti.",
                "Quantità, fasce e sì o no sono fatti: si controllano una volta e valgono per tutta la commissione.",
                "Le penalità tolgono punti dal totale.",
            ],
        ),
        (
            [CriterionType.POINTS],
            Composition.SUM,
            ["Dove ogni commissario dà punti, il punteggio è la somma dei punti di tutti."],
        ),
    ],
)
def test_the_method_is_told_for_the_types_that_a_grid_has(kinds, composition, sentences):
    grid = replace(GRID, criteria=tuple(of(kind) for kind in kinds), composition=composition)
    assert wording.method(grid) == sentences


def test_rescaling_is_told_after_the_thresholds_and_only_where_there_is_some():
    assert wording.rescaling(GRID) == []
    assert wording.rescaling(replace(GRID, rescaling=tuple(Rescaling))) == [
        "Dopo le soglie, in ogni criterio la proposta migliore prende i punti massimi e le altre in proporzione.",
        "Dopo le soglie, in ogni gruppo di criteri la proposta migliore prende i punti massimi e le altre in proporzione.",
        "Dopo le soglie, nel totale la proposta migliore prende i punti massimi e le altre in proporzione.",
        "Se sopra le soglie resta una proposta sola, tiene i suoi punti.",
    ]
    alone = replace(GRID, rescaling=(Rescaling.TOTAL,), rescales_alone=True)
    assert wording.rescaling(alone)[1:] == ["Vale anche se sopra le soglie resta una proposta sola."]


TWO_BY_TWO = (
    "Ogni commissario confronta le proposte due a due. Se sono pari prendono 1 punto tutte e due; altrimenti la migliore ne "
    "prende da 2 a 6"
)


@pytest.mark.parametrize(
    ("rule", "sentences"),
    [
        (
            Pairwise(PairwiseVariant.SUM),
            f"{TWO_BY_TWO}. I punti di tutti i commissari si sommano: la proposta con la somma più alta prende 40 punti, le altre "
            "in proporzione. Con meno di 3 proposte non si confronta: ogni commissario sceglie un coefficiente della scala.",
        ),
        (
            Pairwise(PairwiseVariant.MEAN, halves=True, fewest=5),
            f"{TWO_BY_TWO}, anche con il mezzo. I punti di ogni commissario si dividono per i suoi più alti, e di questi "
            "coefficienti si fa la media: la proposta con la media più alta prende 40 punti, le altre in proporzione. "
            "Con meno di 5 proposte non si confronta: ogni commissario sceglie un coefficiente della scala.",
        ),
    ],
)
def test_a_comparison_in_pairs_is_told_by_its_variant(rule, sentences):
    criterion = replace(GRID.criteria[0], type=CriterionType.PAIRWISE, max_points=Decimal(40), pairwise=rule)
    grid = replace(GRID, criteria=(criterion,))
    assert wording.how_points(grid, criterion) == sentences
    assert wording.method(grid) == [
        "Nel confronto a coppie ogni commissario dice, per ogni coppia di proposte, quale è migliore e di quanto."
    ]


def test_a_commission_that_marks_together_is_told_as_one():
    criteria = tuple(of(kind) for kind in (CriterionType.COEFFICIENT, CriterionType.LEVELS, CriterionType.POINTS))
    rounding = (Rounding(RoundingPoint.COEFFICIENT, 2, RoundingMode.HALF_UP),)
    grid = replace(GRID, criteria=criteria, marking=Marking.COLLEGIAL, rounding=rounding)
    assert wording.method(grid) == [
        "La commissione insieme dà un coefficiente della scala. Il punteggio è il coefficiente per i punti massimi del criterio.",
        "Dove si danno punti, li dà la commissione insieme.",
    ]
    assert [wording.how_points(grid, criterion) for criterion in criteria] == [
        "La commissione sceglie un coefficiente della scala.",
        "La commissione sceglie un giudizio:",
        "La commissione dà da 0 a 10 punti.",
    ]
    assert wording.rounding(grid) == ["Quello che dà la commissione si arrotonda a 2 decimali: la metà va verso l'alto."]


LOTS = Area("a", "Area", "g", place_label="Spazi", lots=(Lot("1", "Municipio 1", 2), Lot("2", "Municipio 2", 1)))


def test_an_area_with_lots_tells_the_places_of_each_and_of_all():
    assert wording.places(LOTS) == "3 Spazi"
    assert wording.lots(replace(LOTS, place_label="posti")) == [
        {"title": "Municipio 1", "places": "2 posti"},
        {"title": "Municipio 2", "places": "1 posto"},
    ]
    assert wording.lots(replace(LOTS, lots=())) == []


CHECKS = "Dopo la scadenza l'ufficio controlla i requisiti e gli allegati di ogni domanda."
WITHIN_30 = "Finisce entro 30 giorni dalla scadenza. Il conto si ferma quando chiede di completare una domanda."
TELLS_FIRST = "Prima di escludere una domanda l'ufficio scrive i motivi all'ente, che ha 10 giorni per rispondere."


@pytest.mark.parametrize(
    ("rule", "sentences"),
    [
        (FormalCheck(), [CHECKS]),
        (FormalCheck(days=30), [CHECKS, WITHIN_30]),
        (FormalCheck(rejection_notice=True), [CHECKS, TELLS_FIRST]),
        (
            FormalCheck(days=30, rejection_notice=True),
            [CHECKS, WITHIN_30, TELLS_FIRST, "Intanto il conto dei giorni è sospeso."],
        ),
        (
            FormalCheck(days=1, rejection_notice=True, rejection_days=1, clock=ClockRule.INTERRUPTS),
            [
                CHECKS,
                "Finisce entro 1 giorno dalla scadenza. Il conto si ferma quando chiede di completare una domanda.",
                "Prima di escludere una domanda l'ufficio scrive i motivi all'ente, che ha 1 giorno per rispondere.",
                "Poi il conto dei giorni ricomincia da capo.",
            ],
        ),
    ],
)
def test_it_is_told_how_the_office_checks_and_in_which_term(rule, sentences):
    assert wording.formal_check(rule) == sentences


FINAL = "La graduatoria che si pubblica è già quella definitiva."
ANSWERS = "L'ufficio risponde a tutte, e poi pubblica la graduatoria definitiva."


@pytest.mark.parametrize(
    ("rule", "sentences"),
    [
        (Publication(), [FINAL, "Di ogni voto si pubblica il ruolo e il numero del commissario, senza il nome."]),
        (Publication(members=MembersShown.NONE), [FINAL, "I voti si pubblicano senza dire di chi sono."]),
        (
            Publication(10, MembersShown.NAMES),
            [
                "Prima si pubblica una graduatoria provvisoria, e per 10 giorni gli enti possono mandare osservazioni.",
                ANSWERS,
                "Di ogni voto si pubblica il nome del commissario.",
            ],
        ),
    ],
)
def test_it_is_told_how_a_ranking_becomes_public(rule, sentences):
    assert wording.publication(replace(EVERY, publication=rule)) == sentences


def test_a_mark_of_all_together_is_nobodys():
    together = tuple(replace(grid, marking=Marking.COLLEGIAL) for grid in EVERY.grids)
    assert wording.publication(replace(EVERY, publication=Publication(), grids=together)) == [FINAL]


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
        (QuestionType.DECLARATION, {}, "Una casella da spuntare"),
        (QuestionType.FILE, {"formats": ("pdf",), "max_bytes": 5 * 1024**2}, "PDF, fino a 5 MB, 1 file"),
        (QuestionType.TABLE, {"max": Decimal(10)}, "Una tabella, al massimo 10 righe"),
        (QuestionType.TABLE, {"min": Decimal(1), "max": Decimal(1)}, "Una tabella, al massimo 1 riga"),
        (QuestionType.TABLE, {"min": Decimal(2), "max": Decimal(10)}, "Una tabella, da 2 a 10 righe"),
    ],
)
def test_a_question_tells_how_it_is_answered(kind, more, line):
    assert wording.answer_limits(Question("q", "Domanda", kind, **more)) == line


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        (AttachmentRule("s", "Statuto", ("pdf", "p7m"), 20 * 1024**2), "PDF, P7M, fino a 20 MB, 1 file"),
        (AttachmentRule("s", "Foto", ("jpg",), 1536 * 1024, max_files=6), "JPG, fino a 1,5 MB, al massimo 6 file"),
        (AttachmentRule("s", "Patto", ("pdf",), 1024**2, signed=True), "PDF, fino a 1 MB, 1 file, con firma digitale"),
    ],
)
def test_an_attachment_tells_what_it_may_be(rule, line):
    assert wording.file_limits(rule) == line


def test_a_small_file_is_weighed_in_kilobytes():
    assert wording.file_limits(AttachmentRule("s", "Firma", ("png",), 500 * 1024)) == "PNG, fino a 500 KB, 1 file"
    assert wording.file_limits(AttachmentRule("s", "Firma", ("png",), 1024 * 1024)) == "PNG, fino a 1 MB, 1 file"


@pytest.mark.parametrize(
    ("kind", "more", "line"),
    [
        (ColumnType.SHORT_TEXT, {"limit": 120}, "Testo, al massimo 120 caratteri, spazi inclusi"),
        (ColumnType.NUMBER, {"unit": "ore"}, "Un numero (ore)"),
        (ColumnType.NUMBER, {}, "Un numero"),
        (ColumnType.MONEY, {}, "Un importo in euro"),
        (ColumnType.DATE, {}, "Una data"),
        (ColumnType.CHOICE, {"choices": TWO}, "Scegli una risposta: «A» o «B»"),
        (ColumnType.YES_NO, {}, "Sì o no"),
    ],
)
def test_a_column_tells_what_goes_into_it(kind, more, line):
    assert wording.column_limits(Column("c", "Colonna", kind, **more)) == line


@pytest.mark.parametrize(
    ("when", "sentence"),
    [
        (None, ""),
        (When("rete", ("yes",)), "Solo se a «Lavorate in rete?» rispondi «Sì»."),
        (When("settore", ("sociale", "sport")), "Solo se a «In quale settore?» rispondi «Sociale» o «Sport»."),
        (When("privacy", ("yes",)), "Solo se spunti «Ho letto l&#x27;informativa.»."),
        (When("group", ("single",)), "Solo se partecipi da solo."),
        (
            When("group", ("formed", "to_be_formed")),
            "Solo se partecipi in un gruppo già costituito o in un gruppo da costituire.",
        ),
    ],
)
def test_a_condition_quotes_the_earlier_question_and_its_answers(when, sentence):
    assert wording.condition(EVERY, when) == sentence


ALONE = "Ogni ente partecipa da solo."
TOGETHER = "Si partecipa da soli o in gruppo. Forme ammesse: "
ONCE = "Un ente partecipa una sola volta in ogni area, da solo o in un gruppo."


@pytest.mark.parametrize(
    ("rule", "sentences"),
    [
        (Participation(), []),
        (Participation(text="Da soli."), [ALONE, ONCE]),
        (Participation(once_per_area=False), [ALONE]),
        (Participation((GroupForm.CONSORTIUM,)), [f"{TOGETHER}consorzio.", ONCE]),
        (
            Participation((GroupForm.ATS, GroupForm.ATI, GroupForm.NETWORK), 2, once_per_area=False),
            [
                f"{TOGETHER}associazione temporanea di scopo (ATS), associazione temporanea di imprese (ATI) o rete di enti.",
                "Un gruppo ha al massimo 2 enti, capofila compreso.",
                "Un ente può stare in più gruppi della stessa area.",
            ],
        ),
    ],
)
def test_it_is_told_who_may_apply_together(rule, sentences):
    assert wording.participation(rule) == sentences


def test_a_budget_tells_what_its_items_lines_and_volunteers_must_keep_to():
    assert wording.budget(EVERY.budgets[0]) == [
        "«Personale»: al massimo il 70% del costo totale",
        "«Spese»: l'ente mette almeno il 10,5% di questa voce",
        "«Spese»: al massimo il 30% del costo totale",
        "In un gruppo, ogni riga dice quale ente sostiene la spesa",
        "Ogni riga dice l'anno della spesa: 2026, 2027",
        "Ogni riga dice l'azione: Sportello, Laboratori",
        "Un'ora di volontariato vale al massimo 18,50\xa0€ e non si rimborsa",
        "Le ore dei volontari sono al massimo il 30% di quello che mette l'ente",
    ]
    assert wording.budget(Budget("p", (BudgetItem("a", "A"),))) == []


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (Replacement(), "Se un posto si libera, chi segue in graduatoria non subentra in automatico."),
        (
            Replacement(ReplacementMode.UNTIL_AGREEMENT),
            "Se un posto si libera prima della firma della convenzione, subentra chi segue in graduatoria.",
        ),
        (
            Replacement(ReplacementMode.FOR_MONTHS, 24),
            "Se un posto si libera entro 24 mesi dalla pubblicazione della graduatoria, subentra chi segue.",
        ),
    ],
)
def test_it_is_told_who_takes_a_place_that_becomes_free(rule, sentence):
    assert wording.replacement(rule) == sentence


@pytest.mark.parametrize(
    ("mode", "who"),
    [
        (TableMode.SELECTED, "siedono gli enti scelti, che poi firmano la convenzione."),
        (TableMode.ELIGIBLE, "siedono tutti gli enti idonei, che poi firmano la convenzione."),
        (TableMode.MERGED, "gli enti idonei uniscono le loro proposte in una sola, e poi firmano la convenzione."),
    ],
)
def test_it_is_told_who_sits_at_the_table(mode, who):
    assert wording.table(mode) == f"Ai tavoli di co-progettazione {who}"


@pytest.mark.parametrize(
    ("act", "line"),
    [
        (Act("Delibera"), "Delibera"),
        (Act("Delibera", "41", date(2025, 11, 20)), "Delibera n. 41, 20 novembre 2025"),
    ],
)
def test_an_act_is_named_with_its_number_and_day(act, line):
    assert wording.act(act) == line

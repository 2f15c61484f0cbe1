"""The published document in words."""

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from django.utils import translation

from applications.models import Application
from bando.notice.grid import Marking, Rounding, RoundingMode, RoundingPoint
from evaluation.figures import day_words, figure, short_figure
from evaluation.method_words import composition, roundings
from evaluation.models import Mark
from evaluation.pairwise import Pair
from evaluation.presentation import Rule, TableView
from evaluation.publication import compose
from evaluation.ranking import Out, Outcome
from tests.builders_evaluation import RANKED_AT, admitted, commission, computed, mark_all, same, small_call
from tests.evaluation.grids import criterion, typed_grid
from tests.evaluation.rankings import publish, whole

OTTIMO, BUONO, SUFFICIENTE, SCARSO = ([label] * 3 for label in ("ottimo", "buono", "sufficiente", "scarso"))


def table(marks, places=2, area="area-1"):
    """A view of the ranking of proposals with these marks: one list of members' levels each."""
    call = small_call(places=places)
    proposals = [admitted(call, area, name=f"Ente {letter}", title=f"Progetto {letter}") for letter in "ABCDEF"[: len(marks)]]
    mark_all(commission(call), dict(zip(proposals, marks, strict=True)))
    return TableView(computed(call, area).document), proposals


@pytest.mark.parametrize(
    ("text", "shown"), [("81.50", "81,50"), ("0.8", "0,8"), ("1", "1"), ("1234.5", "1.234,5"), ("-0.05", "-0,05")]
)
def test_a_figure_keeps_all_its_digits(text, shown):
    assert figure(text) == shown


@pytest.mark.parametrize(("value", "shown"), [("15.00", "15"), ("12.50", "12,5"), ("100", "100"), ("0.05", "0,05")])
def test_a_number_of_the_grid_drops_idle_zeros(value, shown):
    assert short_figure(Decimal(value)) == shown


def test_the_day_of_an_act_is_written_as_a_sentence_would():
    day = RANKED_AT.date()
    assert day_words(day) == "1 dicembre 2021"
    with translation.override("en"):
        assert day_words(day) == "1 December 2021"


@pytest.mark.django_db
def test_ties_are_shown_as_ties():
    view, (a, b, c) = table([same(BUONO), same(OTTIMO), same(BUONO)], places=3)
    assert [(row.number, row.position, row.words, row.tied_with) for row in view.rows] == [
        (b.number, 1, "Selezionata", []),
        (a.number, 2, "Selezionata", [c.number]),
        (c.number, 2, "Selezionata", [a.number]),
    ]
    assert view.rows[1].flags == [f"Parità con {c.number}: stesso posto."]
    assert view.summary == ["3 proposte valutate.", "3 posti assegnati su 3."]


@pytest.mark.django_db
def test_a_tie_across_the_last_place_is_said():
    view, (_a, _b, c) = table([same(OTTIMO), same(BUONO), same(BUONO)])
    words = "Parità sull'ultimo posto: nessuna di queste proposte è ancora selezionata"
    assert [row.words for row in view.rows] == ["Selezionata", words, words]
    assert view.rows[1].flags == [
        f"Parità sull'ultimo posto con {c.number}: nessuna è selezionata finché non decide il sorteggio o un atto."
    ]
    assert view.summary == [
        "3 proposte valutate.",
        "1 posto assegnato su 2.",
        "Per 1 posto ci sono 2 proposte pari: resta da assegnare, e nessuna delle pari è selezionata.",
    ]


@pytest.mark.django_db
def test_the_end_of_the_places_and_the_threshold_cross_the_table():
    view, _proposals = table([same(OTTIMO), same(BUONO), same(SUFFICIENTE), same(SCARSO)])
    assert [line.text if isinstance(line, Rule) else line.body for line in view.lines] == [
        "Ente A",
        "Ente B",
        "Qui finiscono i posti: 2 posti.",
        "Ente C",
        "Soglia: 50 punti in tutto.",
        "Ente D",
    ]
    assert view.rows[3].reasons == ["Totale 20,00, la soglia è 50."]
    assert view.summary == [
        "4 proposte valutate.",
        "2 posti assegnati su 2.",
        "1 proposta in lista d'attesa.",
        "1 proposta sotto la soglia.",
    ]


@pytest.mark.django_db
def test_places_that_stay_empty_are_counted():
    view, _proposals = table([same(OTTIMO)], places=3)
    assert view.summary == [
        "1 proposta valutata.",
        "1 posto assegnato su 3.",
        "2 posti restano liberi: le proposte sopra la soglia sono meno dei posti.",
    ]


@pytest.mark.django_db
def test_an_area_without_a_limit_of_places_says_so():
    view, _proposals = table([same(OTTIMO), same(SCARSO)], area="area-2")
    assert view.summary == ["2 proposte valutate.", "2 proposte selezionate. Non c'è un limite di posti."]


@pytest.mark.django_db
def test_each_figure_tells_where_it_comes_from():
    marks = [["buono", "buono", "sufficiente"], ["ottimo", "buono", "buono"], ["buono", "sufficiente", "buono"]]
    view, (a,) = table([marks])
    first, second, _third = view.derivations(a.number)
    assert [(mark.member, mark.value, mark.level) for mark in first.marks] == [
        ("Presidente", "0,8", "buono"),
        ("Commissario 1", "1", "ottimo"),
        ("Commissario 2", "0,8", "buono"),
    ]
    assert first.steps == ["Media: 2,6 : 3 = 13/15.", "Punti: 13/15 × 20 = 52/3, che si legge 17,33."]
    assert second.steps == ["Media: 2,1 : 3 = 7/10.", "Punti: 7/10 × 30 = 21,00."]
    assert view.derivations("PROVA-9999") == []


@pytest.mark.django_db
def test_who_did_not_mark_is_named_and_the_method_says_how_the_mean_is_made():
    view, (a,) = table([[OTTIMO, None, BUONO]])
    assert view.rows[0].flags == ["Senza il punteggio di: Commissario 1. La media è fatta sugli altri."]
    assert view.derivations(a.number)[0].marks[1].level is None
    assert "Chi ha dichiarato un conflitto di interessi non ha valutato quella proposta: la media è sugli altri." in view.method


@pytest.mark.django_db
def test_the_method_is_read_from_the_grid():
    view, _proposals = table([same(OTTIMO)])
    assert view.method == [
        "Ogni componente ha scelto da solo un livello della scala per ogni criterio, e ne ha scritto il motivo.",
        "Il coefficiente di un criterio è la media dei coefficienti di chi ha dato il punteggio a quella proposta.",
        "I punti sono il coefficiente per il massimo del criterio. Il totale è la loro somma.",
        "Nessun numero è arrotondato nel calcolo: le cifre con la virgola servono solo a leggere.",
        "Per entrare in graduatoria servono: 50 punti in tutto.",
        "L'ordine e le parità si decidono sui numeri esatti, prima di ogni arrotondamento.",
        "A parità di totale decide, in ordine: più punti in «Il progetto», sorteggio pubblico.",
        "Chi resta pari ha lo stesso posto: non decide mai l'ordine di arrivo.",
    ]


@pytest.mark.django_db
def test_a_place_decided_by_the_chain_says_by_what():
    # Both 75: 20 + 30 + 25 against 10 + 15 + 50.
    view, (a, b) = table([same(["ottimo", "ottimo", "sufficiente"]), same(["sufficiente", "sufficiente", "ottimo"])])
    assert [row.number for row in view.rows] == [a.number, b.number]
    assert view.rows[1].reasons == ["Stesso totale del posto 1, ma meno punti in «Il progetto»: 25,00 contro 50,00."]


@pytest.mark.django_db
def test_discordance_is_said_beside_the_proposal():
    view, (a, *_others) = table([[OTTIMO, OTTIMO, ["assente"] * 3], same(BUONO), same(BUONO)])
    assert [row.number for row in view.rows if row.flags and "Scarto alto" in row.flags[0]] == [a.number]
    assert view.strip_title == "I componenti sono molto distanti su 1 proposta"
    assert [(row["totals"], row["gap"]) for row in view.strip_rows][-1] == (["100,00", "100,00", "0,00"], "100,00")


@pytest.mark.django_db
def test_what_looks_like_personal_data_is_pointed_out():
    call = small_call()
    proposal = admitted(call, name="Ente", title="Chiama il 3331234567")
    mark_all(commission(call), {proposal: same(BUONO)})
    assert TableView(computed(call).document).personal_data == [
        f"La domanda {proposal.number} sembra contenere un numero di telefono: «Chiama il 3331234567»."
    ]


@pytest.mark.django_db
def test_a_rounded_step_says_that_it_is_rounded():
    call = small_call()
    proposal = admitted(call)
    mark_all(commission(call), {proposal: [["buono"] * 3, ["buono"] * 3, ["sufficiente"] * 3]})
    version = call.version
    text = version.canonical.replace('"rounding":[]', '"rounding":[{"at":"mean","digits":2,"mode":"half_up"}]', 1)
    assert text != version.canonical
    version.canonical = text
    version.__dict__.pop("notice", None)
    Application.objects.update(state="evaluated")
    view = TableView(compose(call, "area-1").document)
    assert view.derivations(proposal.number)[0].steps == [
        "Media: 2,1 : 3 = 7/10.",
        "Punti: 7/10 × 20 = 14,00.",
    ]
    Mark.objects.filter(criterion="a1", sheet__member__order=1).update(units=10_000)
    view = TableView(compose(call, "area-1").document)
    assert view.derivations(proposal.number)[0].steps == [
        "Media: 2,3 : 3 = 23/30.",
        "Media arrotondata: 0,7700.",
        "Punti: 77/100 × 20 = 15,40.",
    ]
    assert roundings(view.grid) == ["Arrotondamento: la media dei coefficienti a 2 decimali, per eccesso quando è a metà."]


# Lots, pairs, departures: from the document alone


def told(view):
    return [
        line.text if isinstance(line, Rule) else (line.number, line.position, line.words, line.reasons) for line in view.lines
    ]


def test_each_lot_stands_under_its_name_with_its_own_end_of_the_places():
    assert told(TableView(whole())) == [
        "Nord: 2 posti.",
        ("D-2", 1, "Selezionata", []),
        "Qui finiscono i posti: 1 posto.",
        ("D-1", 2, "Idonea, in lista d'attesa", ["Dopo il posto 1 per il sorteggio: estratta per 2ª, l'altra per 1ª."]),
        "Sud: 2 posti.",
        ("D-3", 1, "Selezionata", []),
        "Uscite dopo la valutazione.",
        ("D-4", None, "Ha rinunciato", ["Lettera del 3 marzo."]),
    ]


def test_the_strip_joins_no_tie_of_one_lot_to_that_of_another():
    document = whole()
    for row in document["rows"]:
        row |= {"tied": True, "total": {"exact": "60", "published": "60.00"}}
    strip = TableView(document).strip
    assert [(bracket.top, bracket.bottom) for bracket in strip.brackets] == [
        (strip.lines[first].y - 6, strip.lines[last].y + 6) for first, last in ((0, 1), (2, 3))
    ]


def test_the_summary_goes_lot_by_lot():
    view = TableView(whole())
    assert view.summary == [
        "4 proposte valutate.",
        "Nord: 1 posto assegnato su 2. 1 posto si è liberato e non è stato riassegnato. 1 proposta in lista d'attesa.",
        "Sud: 1 posto assegnato su 2. 1 posto resta libero: le proposte sopra la soglia sono meno dei posti. "
        "1 proposta uscita dopo la valutazione.",
        "Perché restano posti liberi: Nessun'altra proposta.",
    ]
    assert {row.number: row.lot for row in view.rows} == {"D-1": "Nord", "D-2": "Nord", "D-3": "Sud", "D-4": "Sud"}
    assert {row.number: row.css for row in view.rows} == {
        "D-1": "",
        "D-2": "is-winner",
        "D-3": "is-winner",
        "D-4": "is-excluded",
    }


def test_the_points_of_pairs_tell_where_they_come_from():
    view = TableView(whole())
    pairs, _points = view.derivations("D-2")
    assert [(mark.member, mark.value, mark.level) for mark in pairs.marks] == [
        ("Commissario 1", "5 punti", ""),
        ("Commissario 2", "non ha confrontato", ""),
        ("Commissario 3", "3,5 punti", ""),
    ]
    assert pairs.steps == [
        "Punti nei confronti a coppie: 5 + 3,5 = 8,5. La proposta che ne ha di più ne ha 22.",
        "Coefficiente: 8,5 : 22, arrotondato a 0,386.",
        "Punti: 0,386 × 60 = 23,16.",
    ]


def pairs_alone(variant, tables, points="60", rounding=()):
    grid = typed_grid(criterion("coppie", "pairwise", points, pairwise=(variant, False, 2)), rounding=rounding)
    return TableView(publish(grid, {"A": {}, "B": {}, "C": {}}, places=1, seats=len(tables), pairs={"coppie": tables}))


FIRST = [Pair("A", "B", 20_000), Pair("A", "C", 10_000), Pair("B", "C", 20_000)]
SECOND = [Pair("B", "A", 60_000), Pair("A", "C", 20_000), Pair("B", "C", 30_000)]


def test_the_mean_of_the_members_is_told_member_by_member():
    view = pairs_alone("mean", [FIRST, None, SECOND])
    [found] = view.derivations("A")
    assert found.steps == [
        "Punti di ogni componente, divisi per i suoi punti più alti: 3 : 3 = 1; 2 : 9 = 2/9.",
        "Media: 11/18. La più alta è 5/6.",
        "Coefficiente: 11/18 : 5/6 = 11/15.",
        "Punti: 11/15 × 60 = 44,00.",
    ]
    assert view.member_totals["A"] == [60, Fraction(44), Fraction(40, 3)]


def test_one_table_alone_is_not_a_sum():
    [found] = pairs_alone("sum", [FIRST], points="10").derivations("B")
    assert found.steps == [
        "Punti nei confronti a coppie: 2. La proposta che ne ha di più ne ha 3.",
        "Coefficiente: 2 : 3 = 2/3.",
        "Punti: 2/3 × 10 = 20/3, che si legge 6,67.",
    ]


def test_the_method_says_how_pairs_became_points():
    assert pairs_alone("mean", [FIRST, None]).method[:3] == [
        "Ogni componente ha giudicato da solo, e ha scritto il motivo di ogni giudizio.",
        "«Criterio coppie» si confronta a coppie. Di ogni due proposte si dice quale è migliore e di quanto: da 2 a 6 punti a lei, "
        "o 1 a tutte e due se sono pari. Per ogni componente i punti più alti diventano 1, gli altri in proporzione. "
        "Poi si fa la media tra i componenti: la più alta diventa 1, le altre in proporzione.",
        "Chi è in conflitto con una delle proposte non ha confrontato le coppie: contano i confronti degli altri.",
    ]


def test_where_there_were_too_few_to_compare_the_coefficients_are_told():
    grid = typed_grid(criterion("coppie", "pairwise", "20", pairwise=("sum", False, 3)))
    view = TableView(publish(grid, {"A": {"coppie": [8_000, 10_000]}}, places=1))
    assert view.method[1] == (
        "«Criterio coppie» si confronta a coppie da 3 proposte in su: qui erano meno, "
        "e la media dei coefficienti moltiplica il massimo."
    )
    [found] = view.derivations("A")
    assert [(mark.value, mark.level) for mark in found.marks] == [("0,8", "buono"), ("1", "pieno")]
    assert found.steps == ["Media: 1,8 : 2 = 9/10.", "Punti: 9/10 × 20 = 18,00."]


def test_the_method_says_what_the_ranking_is_made_of():
    view = TableView(whole(hidden=True))
    assert [sentence for sentence in view.method if sentence.startswith(("I punteggi", "Chi è uscito", "Al sorteggio"))] == [
        "I punteggi di ogni criterio sono in ordine, dal più alto: non si dice di chi sono.",
        "Chi è uscito dopo la valutazione non ha un posto, ma le altre proposte restano misurate anche con la sua.",
        "Al sorteggio ha deciso «7 19 23 48 81» (Lotto, ruota di Milano): l'elenco delle proposte pari era già fissato.",
    ]


def test_who_fell_out_where_nothing_is_measured_together_has_just_no_place():
    grid = typed_grid(criterion("a", "points", "10"))
    view = TableView(
        publish(
            grid, {"A": {"a": [50_000]}, "B": {"a": [40_000]}}, places=1, out={"A": Out(Outcome.EXCLUDED, "Non è iscritta.")}
        )
    )
    assert "Chi è uscito dopo la valutazione non ha un posto." in view.method
    assert told(view) == [
        ("B", 1, "Selezionata", []),
        "Uscite dopo la valutazione.",
        ("A", None, "Esclusa", ["Non è iscritta."]),
    ]


def test_sorted_marks_are_shown_as_nobody_s():
    view = TableView(whole(hidden=True))
    assert view.members == ["Punteggio 1", "Punteggio 2", "Punteggio 3"]
    assert [(mark.member, mark.value, mark.level) for mark in view.derivations("D-3")[1].marks] == [
        ("Punteggio 1", "10", ""),
        ("Punteggio 2", "10", ""),
        ("Punteggio 3", "", None),
    ]
    assert (view.member_totals["D-1"], view.spread, view.strip_title) == ([], {}, "Il totale di ogni proposta")
    assert view.strip_rows[2] == {"body": "Ente D-3", "totals": [], "total": "10,00", "gap": "–"}
    assert view.row("D-3").flags == ["Senza il punteggio di 1 componente, in conflitto di interessi."]
    assert [line.signs for line in view.strip.lines] == [(), (), (), ()]


@pytest.mark.parametrize(
    ("commissioners", "expected"),
    [
        ([], False),
        (["Presidente", "Commissario 1"], True),
        (["Commissione"], False),
        (["Anna Bruni", "Commissario 1"], False),
    ],
)
def test_only_roles_are_told_as_roles(commissioners, expected):
    assert TableView(whole() | {"commissioners": commissioners}).tells_roles is expected


def test_a_proposal_alone_is_rescaled_in_words_where_the_call_says_so():
    grid = replace(typed_grid(criterion("a", "points", "10"), rescaling=["total"], threshold="4"), rescales_alone=True)
    view = TableView(publish(grid, {"A": {"a": [50_000]}, "B": {"a": [30_000]}}, places=1))
    assert view.rows[0].total_steps == ["Totale. Riparametrazione: 5 × 10 : 5 = 10,00."]
    assert view.rows[1].total_steps == []
    alone = "Si riparametra anche una proposta sola sopra le soglie, perché l'avviso lo dice."
    nobody = "Qui non c'erano proposte sopra le soglie: niente è stato riparametrato."
    assert (alone in view.method, nobody in view.method) == (True, False)
    view = TableView(publish(grid, {"B": {"a": [30_000]}}, places=1))
    assert (alone in view.method, nobody in view.method) == (True, True)


@pytest.mark.parametrize(
    ("criteria", "sentences"),
    [
        (
            [criterion("a", "coefficient", "10")],
            ["La commissione ha scelto insieme un livello della scala per ogni criterio, e ne ha scritto il motivo."],
        ),
        (
            [criterion("a", "coefficient", "10"), criterion("b", "points", "10")],
            [
                "La commissione ha giudicato insieme, e ha scritto il motivo di ogni giudizio.",
                "Dove si dà un coefficiente, moltiplica il massimo del criterio.",
            ],
        ),
    ],
)
def test_a_collegial_mark_is_nobody_s_mean(criteria, sentences):
    assert list(composition(replace(typed_grid(*criteria), marking=Marking.COLLEGIAL), ())) == sentences


def test_a_collegial_ranking_shows_one_total():
    grid = replace(typed_grid(criterion("a", "points", "10"), criterion("b", "coefficient", "20")), marking=Marking.COLLEGIAL)
    view = TableView(publish(grid, {"A": {"a": [50_000], "b": [8_000]}, "B": {"a": [30_000], "b": [8_000]}}, places=1))
    assert (view.strip_title, [found.steps for found in view.derivations("A")]) == (
        "Il totale di ogni proposta",
        [["Punti dati dalla commissione: 5."], ["Coefficiente dato dalla commissione: 0,8.", "Punti: 4/5 × 20 = 16,00."]],
    )


def test_a_ranking_of_the_first_schema_is_still_shown():
    content = json.loads((Path(__file__).parents[1] / "data" / "scoring" / "ranking-1.json").read_text())
    view = TableView(content)
    assert [(row.number, row.position, row.words) for row in view.rows][:2] == [
        ("D-2", 1, "Selezionata"),
        ("D-1", 2, "Parità sull'ultimo posto: nessuna di queste proposte è ancora selezionata"),
    ]
    assert view.summary[0] == "5 proposte valutate."
    assert view.derivations("D-1")[0].steps[0] == "Media: 2,3 : 3 = 23/30."


def test_the_mean_and_the_coefficient_of_pairs_are_rounded_at_one_point():
    grid = typed_grid(
        criterion("c", "pairwise", "20", pairwise=("sum", False, 3)),
        rounding=[Rounding(RoundingPoint.MEAN, 2, RoundingMode.TRUNCATE)],
    )
    assert roundings(grid) == [
        "Arrotondamento: la media di ciò che danno i componenti, e il coefficiente dei confronti a coppie a 2 decimali, troncando."
    ]

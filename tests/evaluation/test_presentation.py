"""The published document in words."""

from decimal import Decimal

import pytest
from django.utils import translation

from applications.models import Application
from evaluation.figures import day_words, figure, short_figure
from evaluation.method_words import roundings
from evaluation.models import Mark
from evaluation.presentation import Rule, TableView
from evaluation.publication import compose
from tests.builders_evaluation import RANKED_AT, admitted, commission, computed, mark_all, same, small_call

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

from dataclasses import replace
from pathlib import Path

from bando.notice.publishable import publishable_faults
from bando.notice_yaml import load_notice

SMALL = load_notice((Path(__file__).parents[1] / "data" / "notices" / "small.yaml").read_text())
NOTICE = replace(SMALL, agreement=replace(SMALL.agreement, duration_months=24))
UNO = replace(NOTICE, areas=NOTICE.areas[:1])


def test_a_notice_whose_every_criterion_is_asked_for_may_be_published():
    assert publishable_faults(UNO) == ()


def test_a_criterion_that_nothing_in_the_form_serves_stops_publication():
    assert [str(fault) for fault in publishable_faults(NOTICE)] == [
        "grids[0].criteria[1]: nell'area «due» nessuna domanda riguarda il criterio «1.b»: scrivi criterion in una domanda, "
        "o nella sezione del piano economico",
        "grids[0].criteria[2]: nell'area «due» nessuna domanda riguarda il criterio «2.a»: scrivi criterion in una domanda, "
        "o nella sezione del piano economico",
    ]


def test_a_notice_says_what_it_is_for_and_on_what_law_it_stands():
    assert [str(fault) for fault in publishable_faults(replace(UNO, purpose="", legal_basis=()))] == [
        "purpose: manca: scrivi lo scopo e l'oggetto della co-progettazione",
        "legal_basis: manca: scrivi almeno la norma su cui si fonda l'avviso",
    ]


def test_an_agreement_says_how_long_it_lasts_in_a_number_or_in_words():
    silent = replace(UNO, agreement=SMALL.agreement)
    assert [str(fault) for fault in publishable_faults(silent)] == [
        "agreement.duration_months: manca: scrivi quanti mesi dura la convenzione, oppure un articolo che dice come si "
        "stabilisce la durata",
    ]
    (article,) = SMALL.agreement.articles
    spoken = replace(SMALL.agreement, articles=(replace(article, text="La convenzione dura quanto il progetto."),))
    assert publishable_faults(replace(UNO, agreement=spoken)) == ()

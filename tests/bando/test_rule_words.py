import pytest

from bando.rule_words import speaks_of_rules


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("Sì, un gruppo di enti può partecipare.", []),
        ("Il progetto dura 24 mesi.", []),
        ("Il criterio B vale ancora come nell'avviso.", ["criterio"]),
        ("La soglia scende a 55 punti.", ["soglia scende a 55", "55 punti"]),
        ("Bastano dieci punti.", ["dieci punti"]),
        ("Il punteggio massimo è 12,5.", ["punteggio massimo è 12,5"]),
        ("I REQUISITI restano quelli.", ["REQUISITI"]),
        ("La scadenza è prorogata.", ["scadenza", "prorogata"]),
        ("Scadrà alle 12:00.", ["Scadrà alle 12:00"]),
        ("Il termine slitta e i termini riaprono.", ["termine", "slitta", "termini", "riaprono"]),
        ("Il criterio A e il Criterio B.", ["criterio"]),
        ("Il coefficiente\nva da 0 a 1.", ["coefficiente va da 0"]),
        ("Puntuale, l'appunto: terminata la terminologia, uno scadente determina.", []),
        ("I criteri sono scritti nella pagina, e il progetto dura 24 mesi.", ["criteri"]),
    ],
)
def test_words_that_go_with_a_change_are_pointed_at_with_the_number_beside_them(text, found):
    assert speaks_of_rules(text) == found

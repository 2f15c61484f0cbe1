from decimal import Decimal

import pytest

from bando.csv_table import csv_of, harmless


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+39 02 0000", "'+39 02 0000"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("Ponti = Case", "Ponti = Case"),
        ("", ""),
        (-2, -2),
        (Decimal("-0.5"), Decimal("-0.5")),
        (None, None),
    ],
)
def test_no_text_opens_as_a_formula_and_numbers_stay(cell, written):
    assert harmless(cell) == written


def test_a_table_has_commas_crlf_and_quotes_where_they_are_needed():
    assert csv_of([["nome", "n"], ['Ponti, "Case"', 3], ["a\nb", None]]) == 'nome,n\r\n"Ponti, ""Case""",3\r\n"a\nb",\r\n'

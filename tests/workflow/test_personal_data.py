"""Shapes of personal data in a text that is about to become public."""

import pytest

from workflow.personal_data import found_in


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Casa aperta", []),
        ("Piazza dei servizi 2022-2025, lotto 12345678", []),
        ("Scrivi a anna.bianchi@esempio.it", ["email"]),
        ("Chiama il 3331234567", ["phone"]),
        ("Tel. 02 88451234", ["phone"]),
        ("Conto IT60X0542811101000000123456", ["iban"]),
        ("Di RSSMRA85T10A562S", ["tax_code"]),
        ("Progetto da 40.000,00 euro", []),
    ],
)
def test_what_looks_like_a_person_is_found(text, kinds):
    assert found_in(text) == kinds

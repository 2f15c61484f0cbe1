import pytest
from django.core.exceptions import ValidationError

from accounts import identifiers

TORN = "Il codice fiscale non torna: l'ultima cifra di controllo è diversa. Ricontrolla."


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("97123450153", "97123450153"),
        (" 971 2345 0153 ", "97123450153"),
        ("971.2345.0153", "97123450153"),
        ("97/12345-0153", "97123450153"),
        ("IT97123450153", "97123450153"),
        ("it 971 2345 0153", "97123450153"),
        ("00743110157", "00743110157"),
    ],
)
def test_tax_code_of_a_body_is_stored_as_bare_digits(typed, stored):
    assert identifiers.body_tax_code(typed) == stored


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("9712345015", "Il codice fiscale dell'ente ha 11 cifre. Ne hai scritte 10."),
        ("971234501530", "Il codice fiscale dell'ente ha 11 cifre. Ne hai scritte 12."),
        ("9", "Il codice fiscale dell'ente ha 11 cifre. Ne hai scritta 1."),
        ("1234567890123456", "Il codice fiscale dell'ente ha 11 cifre. Ne hai scritte 16."),
        ("97123450154", TORN),
        ("97123450135", TORN),  # two digits exchanged
        (
            "RCCMNL83S18D969H",
            "Questo codice ha 16 caratteri: è quello di una persona. Il codice fiscale di un ente ha 11 cifre.",
        ),
        ("97I2345O153", "Il codice fiscale dell'ente ha solo cifre. Togli «IO»."),
        ("٩٧١٢٣٤٥٠١٥٣", "Il codice fiscale dell'ente ha solo cifre. Togli «٩٧١٢٣٤٥٠»."),
        ("00000000000", "Nessun ente ha questo codice fiscale. Ricontrolla tutte le cifre."),
        ("97123455004", "Nessun ente ha questo codice fiscale. Ricontrolla tutte le cifre."),
    ],
)
def test_wrong_tax_code_says_what_to_correct(typed, said):
    with pytest.raises(ValidationError) as refused:
        identifiers.body_tax_code(typed)
    assert refused.value.messages == [said]


@pytest.mark.parametrize(
    ("typed", "stored"), [("", ""), (" ", ""), ("007 4311 0157", "00743110157"), ("IT00743110157", "00743110157")]
)
def test_vat_number_may_stay_empty_and_is_stored_as_bare_digits(typed, stored):
    assert identifiers.vat_number(typed) == stored


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("0074311015", "La partita IVA ha 11 cifre. Ne hai scritte 10."),
        ("00743110158", "La partita IVA non torna: l'ultima cifra di controllo è diversa. Ricontrolla."),
        ("0074311O157", "La partita IVA ha solo cifre. Togli «O»."),
        ("00000000000", "Nessun ente ha questa partita IVA. Ricontrolla tutte le cifre."),
    ],
)
def test_wrong_vat_number_says_what_to_correct(typed, said):
    with pytest.raises(ValidationError) as refused:
        identifiers.vat_number(typed)
    assert refused.value.messages == [said]


@pytest.mark.parametrize(
    ("bring", "typed", "stored"),
    [
        (identifiers.postal_code, "20 121", "20121"),
        (identifiers.province, " mi ", "MI"),
        (identifiers.phone, " 02  1234567 ", "02 1234567"),
        (identifiers.phone, "+39 (02) 123-45.67", "+39 (02) 123-45.67"),
        (identifiers.phone, "", ""),
    ],
)
def test_other_numbers_are_brought_into_one_form(bring, typed, stored):
    assert bring(typed) == stored


@pytest.mark.parametrize(
    ("bring", "typed", "said"),
    [
        (identifiers.postal_code, "2012", "Il CAP ha 5 cifre. Ne hai scritte 4."),
        (identifiers.postal_code, "201213", "Il CAP ha 5 cifre. Ne hai scritte 6."),
        (identifiers.postal_code, "2o121", "Il CAP ha solo cifre. Togli «o»."),
        (identifiers.province, "Milano", "La provincia si scrive con 2 lettere, per esempio MI."),
        (identifiers.province, "M1", "La provincia si scrive con 2 lettere, per esempio MI."),
        (identifiers.phone, "chiamare Anna", "Scrivi il telefono con i numeri, per esempio 02 1234567."),
        (identifiers.phone, "1234", "Scrivi il telefono con i numeri, per esempio 02 1234567."),
    ],
)
def test_other_numbers_say_what_to_correct(bring, typed, said):
    with pytest.raises(ValidationError) as refused:
        bring(typed)
    assert refused.value.messages == [said]

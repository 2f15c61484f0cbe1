from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bando.notice_yaml import DocumentFaults, load_notice, read

SMALL = (Path(__file__).parents[1] / "data" / "notices" / "small.yaml").read_text()


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1.10", Decimal("1.10")),
        ("100.00", Decimal("100.00")),
        ("-0.5", Decimal("-0.5")),
        ("20", 20),
        ("-3", -3),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        # Plain YAML 1.1 would make something else of each of these.
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("TRUE", "TRUE"),
        ("12:00", "12:00"),
        ("1:30:00", "1:30:00"),
        ("010", "010"),
        ("0x1F", "0x1F"),
        ("0b11", "0b11"),
        ("1_000", "1_000"),
        ("1e3", "1e3"),
        ("1.5e3", "1.5e3"),
        (".5", ".5"),
        ("5.", "5."),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("+5", "+5"),
        ("=", "="),
        ("2021-10-18", "2021-10-18"),
        ("2021-10-18T12:00:00", "2021-10-18T12:00:00"),
        ("'1.10'", "1.10"),
        ('"true"', "true"),
        ("''", ""),
        ("9" * 19, "9" * 19),
    ],
)
def test_a_plain_scalar_means_what_it_looks_like(written, value):
    found = read(f"a: {written}\n").data["a"]
    assert (found, str(found), type(found)) == (value, str(value), type(value))


def test_no_float_is_ever_built():
    def floats(data):
        inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
        return isinstance(data, float) or any(map(floats, inner))

    assert floats({"a": [1.0]}) is True
    assert floats(read(SMALL).data) is False


def test_a_number_without_quotes_where_a_text_goes_keeps_its_digits():
    notice = load_notice(SMALL.replace("letter: B", "letter: 1.10").replace("title: Statuto", "title: 2021"))
    assert (notice.grids[0].criteria[1].letter, notice.attachments[0].title) == ("1.10", "2021")


def test_the_merge_sign_of_yaml_is_a_key_like_others():
    assert read("<<: 3\n").data == {"<<": 3}


def test_blocks_of_text_keep_or_join_their_lines():
    assert read("a: |\n  uno\n  due\nb: >\n  uno\n  due\n").data == {"a": "uno\ndue\n", "b": "uno due\n"}


def test_each_value_knows_its_line_and_a_missing_one_that_of_what_should_hold_it():
    document = read("# nota\na:\n  b: >\n    testo\n    lungo\n  c:\n    - uno\n    -\n      d: 1\n")
    paths = [(), ("a",), ("a", "b"), ("a", "c"), ("a", "c", 0), ("a", "c", 1), ("a", "c", 1, "d")]
    assert [document.line_of(path) for path in paths] == [2, 2, 3, 6, 7, 9, 9]
    assert [document.line_of(path) for path in [("a", "z"), ("a", "c", 1, "z", 0), ("z",)]] == [2, 9, 2]


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("", "riga 1: il file è vuoto: scrivi l'avviso"),
        ("\n \n", "riga 1: il file è vuoto: scrivi l'avviso"),
        ("# solo una nota\n", "riga 1: il file contiene solo commenti: scrivi l'avviso"),
        ("a: 1\nb: 2\na: 3\n", "riga 3, a: questa voce c'è già alla riga 1: tienine una sola"),
        ("a:\n  - b: 1\n    b: 2\n", "riga 3, a[0].b: questa voce c'è già alla riga 2: tienine una sola"),
        ("a: &x 1\nb: *x\n", "riga 1: qui non si usano & e *: metti il testo tra virgolette, o riscrivilo per intero"),
        ("a: *x\n", "riga 1: qui non si usano & e *: metti il testo tra virgolette, o riscrivilo per intero"),
        ("a: 1\nb: &x {c: 1}\n", "riga 2: qui non si usano & e *: metti il testo tra virgolette, o riscrivilo per intero"),
        ("a: & b\n", "riga 1: qui non si usano & e *: metti il testo tra virgolette"),
        ("a: !!python/object:os.system x\n", "riga 1: qui non si usa !: metti il testo tra virgolette"),
        ("a: !!float 1\n", "riga 1: qui non si usa !: metti il testo tra virgolette"),
        ("a: !!set {b}\n", "riga 1: qui non si usa !: metti il testo tra virgolette"),
        ("[" * 1000, "riga 1: ci sono più di 12 livelli uno dentro l'altro: controlla i rientri"),
        ("? [a]\n: b\n", "riga 1: a sinistra dei due punti ci vuole una parola sola"),
        ("a:\n\t- b\n", "riga 2: c'è una tabulazione: usa gli spazi per i rientri"),
        (
            "a: 1\nb: uno: due\n",
            "riga 2: ci sono due punti di troppo: metti il testo tra virgolette, o controlla il rientro",
        ),
        ("a: 'uno\nb: 2\nc: 3\n", "riga 1: manca la virgoletta di chiusura: aggiungila dove il testo finisce"),
        (
            "a: 1\nbravo\nc: 3\n",
            "riga 2: mancano i due punti dopo il nome della voce, o il rientro del testo è sbagliato",
        ),
        ("- a\nb: c\n", "riga 2: il rientro è diverso da quello delle righe vicine: allinea la riga alle altre"),
        ("a: [1\nb: 2\n", "riga 1: l'elenco tra parentesi quadre non è chiuso: aggiungi la virgola o la parentesi"),
        ("a: {b: 1\n", "riga 1: le voci tra parentesi graffe non sono chiuse: aggiungi la virgola o la parentesi"),
        ("---\na: 1\n---\nb: 2\n", "riga 3: c'è una riga «---» di troppo: ogni file contiene un solo avviso"),
        ("a: @b\n", "riga 1: il testo comincia con un segno riservato: mettilo tra virgolette"),
        ('a: "\\q"\n', "riga 1: dopo \\ c'è un carattere che YAML non conosce: usa le virgolette semplici"),
        ("%YAML 9.1\n---\na: 1\n", "riga 1: la riga non è scritta in YAML: controlla rientri, virgolette e due punti"),
        ("a: 1\nb: \x07\n", "riga 2: c'è un carattere che non si vede (U+0007): cancellalo"),
        ("a: " + "b" * 2_000_000, "riga 1: il file è troppo lungo: al massimo 2000000 caratteri"),
        (b"a: 1\nb: citt\xe0\n", "riga 2: il file non è in UTF-8: salvalo di nuovo scegliendo la codifica UTF-8"),
        ("a: 1\n".encode("utf-16"), "riga 1: il file non è in UTF-8: salvalo di nuovo scegliendo la codifica UTF-8"),
    ],
)
def test_a_text_that_is_not_plain_yaml_is_explained(written, fault):
    with pytest.raises(DocumentFaults) as refused:
        read(written)
    assert [str(fault) for fault in refused.value.faults] == [fault]


@pytest.mark.parametrize("content", [SMALL, SMALL.encode(), "\ufeff" + SMALL, SMALL.encode("utf-8-sig")])
def test_a_document_is_read_from_text_or_bytes_with_or_without_a_byte_order_mark(content):
    assert load_notice(content) == load_notice(SMALL)


def test_windows_line_endings_change_nothing():
    assert load_notice(SMALL.replace("\n", "\r\n")) == load_notice(SMALL)


@given(st.text() | st.text(alphabet="ab:-[]{}'\"&*!|>#?,% \n\t1.") | st.binary())
def test_any_text_at_all_is_read_or_refused_with_words(content):
    try:
        load_notice(content)
    except DocumentFaults as refused:
        faults = refused.faults
    assert all(fault.line >= 1 and fault.sentence for fault in faults)

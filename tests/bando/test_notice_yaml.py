from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bando.notice.canonical import to_data
from bando.notice.kinds import Kind
from bando.notice.parse import NoticeFaults, parse
from bando.notice.shapes import NOTICE, Many
from bando.notice_yaml import DocumentFaults, dump, load_notice, read

SHIPPED = Path(__file__).parents[2] / "fixtures"
NOTICES = sorted(SHIPPED.glob("notices/*.yaml"))
FIXTURES = [*NOTICES, *sorted(SHIPPED.glob("templates/*.yaml"))]
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


AWKWARD = [
    "",
    " ",
    " davanti",
    "dietro ",
    "uno: due",
    "uno:",
    ":",
    "a #b",
    "#",
    "- ",
    "-",
    "- voce",
    "? uno",
    "'",
    '"',
    'l\'ente «dice» "sì"',
    "\\n",
    "yes",
    "no",
    "true",
    "null",
    "~",
    "010",
    "12",
    "1.10",
    "1e3",
    "-0",
    "12:00",
    "2021-10-18",
    "2021-10-18T12:00:00",
    "<<",
    "=",
    "---",
    "...",
    "--- a",
    "%YAML 1.1",
    "@",
    "`",
    "!si",
    "&a",
    "*a",
    "[1, 2",
    "{a: b}",
    "a, b",
    "|",
    ">",
    "😀 così",
    "e\u0301",
    "\n",
    "\n\n\n",
    "\n a",
    " a\nb",
    "a\n",
    "a\n\n",
    "a\nb",
    "a\n\n\nb\n",
    "a \nb",
    "a\n b",
    "a\n#b\n---\n...",
    "a\tb",
    "\ta",
    "a\n\tb",
    "a\rb",
    "a\x00b",
    "a\x07b",
    "a\x85b",
    "a\nb\u2028c\n",
    "a\u2029b",
    "\ufeffa",
    "a\u202eb",
    "\ud800",
    "\U0010ffff",
    "parola " * 60,
    "parola " * 60 + "fine",
    "parola " * 60 + "fine\n",
    "due  spazi " * 30 + "fine",
    "# parola " * 30 + "fine",
    "x" * 500,
    ("riga lunga " * 20 + "\n") * 3,
]


@pytest.mark.parametrize("text", AWKWARD)
def test_an_awkward_text_is_written_so_that_it_is_read_again(text):
    data = {"title": text, "areas": [{"title": text}, text], "zeta": {"a": [text], text: text}}
    assert read(dump(data)).data == data
    assert dump(read(dump(data)).data) == dump(data)


def test_a_text_that_no_call_can_have_is_kept_so_that_who_reads_it_says_so():
    document = read(dump({**to_data(load_notice(SMALL)), "summary": "uno\x00due"}))
    with pytest.raises(NoticeFaults) as refused:
        parse(document.data)
    assert str(refused.value) == "summary: c'è un carattere che non si vede (U+0000): cancellalo"


def test_a_document_is_written_in_the_order_of_the_schema_with_rows_texts_and_numbers_that_people_read():
    data = {
        "zeta": True,
        "alfa": [],
        "grids": [
            {
                "threshold": None,
                "scale": [{"coefficient": "1.00", "label": "sì"}, {"coefficient": Decimal("0.50"), "label": "in parte, no"}],
                "max_points": "100",
                "criteria": [{"code": "1.10", "max_points": 10, "title": "12"}],
            }
        ],
        "areas": [{"code": "area-1", "municipi": ["1", 2, "tre"]}],
        "calendar": {"deadline": "2021-10-18T12:00:00"},
        "purpose": "Prima riga\r\nSeconda riga: con i due punti",
        "summary": "Un testo lungo su una riga sola. " * 4 + "Fine.",
        "title": "yes",
        "id": "prova",
        "schema": 1,
    }
    assert (
        dump(data)
        == """schema: 1
id: prova
title: yes
summary: >-
  Un testo lungo su una riga sola. Un testo lungo su una riga sola. Un testo lungo su una riga sola. Un testo lungo
  su una riga sola. Fine.
purpose: |-
  Prima riga
  Seconda riga: con i due punti
calendar:
  deadline: 2021-10-18T12:00:00
areas:
  - code: area-1
    municipi: [1, 2, tre]
grids:
  - max_points: 100
    scale:
      - {label: sì, coefficient: 1.00}
      - {label: 'in parte, no', coefficient: 0.50}
    criteria:
      - {code: '1.10', title: '12', max_points: 10}
    threshold: null
alfa: []
zeta: true
"""
    )


def test_a_number_with_more_digits_than_the_reader_takes_keeps_them_as_text():
    data = {"areas": [{"places": 10**18}], "zeta": Decimal("1E+20")}
    assert read(dump(data)).data == {"areas": [{"places": "1" + "0" * 18}], "zeta": "1" + "0" * 20}


def test_a_float_has_lost_its_digits_and_is_not_written():
    with pytest.raises(TypeError, match="float is not plain data"):
        dump({"title": 1.5})


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_a_document_that_ships_is_written_and_read_again_as_it_is(path):
    data = read(path.read_bytes()).data
    assert read(dump(data)).data == data
    assert dump(read(dump(data)).data) == dump(data)


@pytest.mark.parametrize("path", NOTICES, ids=lambda path: path.stem)
def test_a_call_that_ships_is_the_same_call_once_it_is_written_and_read_again(path):
    notice = load_notice(path.read_bytes())
    assert load_notice(dump(to_data(notice))) == notice


NUMBERS = {"number", "whole number", "euro", "number or day"}
TEXTS = st.sampled_from(AWKWARD) | st.text() | st.text(alphabet="ab:-[]{}'\"&*!|>#?,% \n\t1.")
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**6), max_value=10**6)
INTEGERS = st.integers(-(10**18) + 1, 10**18 - 1)
LEAVES = st.none() | st.booleans() | INTEGERS | DECIMALS | TEXTS
PLAIN = LEAVES | st.lists(LEAVES, max_size=3) | st.dictionaries(TEXTS, LEAVES, max_size=3)


@st.composite
def documents(draw, shape=NOTICE):
    """Anything that a person may have written so far: some keys of the schema, in any order, strange values, other keys."""
    data = {}
    for key in draw(st.lists(st.sampled_from(shape.keys), max_size=4, unique_by=lambda key: key.name)):
        data[key.name] = draw(PLAIN if draw(st.integers(0, 5)) == 0 else of_kind(key.kind))
    return data | draw(st.dictionaries(TEXTS, PLAIN, max_size=1))


def of_kind(kind):
    match kind:
        case Many():
            return st.lists(of_kind(kind.of), max_size=3)
        case Kind():
            numbers = INTEGERS | DECIMALS
            return numbers | numbers.map(str) | TEXTS if kind.name in NUMBERS else TEXTS
    return documents(kind)


def meaning(data, kind=NOTICE):
    """The same for two documents that say the same: numbers are their digits where a number goes, as a draft keeps them."""
    match kind, data:
        case _, dict():
            kinds = {key.name: key.kind for key in getattr(kind, "keys", ())}
            return {name: meaning(value, kinds.get(name)) for name, value in data.items()}
        case _, list():
            return [meaning(item, getattr(kind, "of", None)) for item in data]
        case Kind(), str():
            return data.replace("\r\n", "\n")
        case Kind(name=name), int() | Decimal() if name in NUMBERS and not isinstance(data, bool):
            return str(data)
    return data, str(data)


@given(documents())
def test_whatever_is_written_so_far_is_read_again_with_its_meaning_and_written_with_the_same_bytes(data):
    written = dump(data)
    assert meaning(read(written).data) == meaning(data)
    assert dump(read(written).data) == written

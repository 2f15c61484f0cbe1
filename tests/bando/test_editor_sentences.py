"""What is left to do, in the words of the page: nobody who writes in the browser reads a key of the file."""

import re
from pathlib import Path

import pytest
import yaml

from bando.editor.labels import WORDS
from bando.editor.sentences import ITALIAN, in_words
from bando.notice.parse import Fault, NoticeFaults, parse
from bando.notice.shapes import NOTICE, Many, Shape
from bando.notice_yaml import read

DATA = Path(__file__).parents[1] / "data" / "notices"
SOUND = {"small": (DATA / "small.yaml").read_text(), "every": (DATA / "every.yaml").read_text()}
WRONG = yaml.safe_load((DATA / "wrong.yaml").read_text())

OF_THE_FILE = {key for _shape, key in WORDS} | {value for words in WORDS.values() for value, _label in words.options}
OF_BOTH = ITALIAN | {"schema", "pdf", "url"}
"""Words of the sentences too; and what no page of the editor shows."""


def keys(shape, path=()):
    """Every key that a page of the editor shows, with its path and what is said of it; where a path is what one writes, it is
    shown as one."""
    for key in shape.keys:
        if (*path, key.name) in {("schema",), ("calendar", "timezone")} or key.name in {"path", "facts"}:
            continue
        yield (*path, key.name), key.what
        inner = key.kind.of if isinstance(key.kind, Many) else key.kind
        if isinstance(inner, Shape):
            yield from keys(inner, (*path, key.name, 0) if isinstance(key.kind, Many) else (*path, key.name))


KEYS = list(keys(NOTICE))


def strange(sentence):
    """What of a sentence only the file knows: names of keys and values, brackets, its days and its decimals."""
    said = re.sub(r"«[^»]*»|\S+@\S+|https?:\S+", "", sentence)
    names = set(re.findall(r"\b[a-z]+(?:_[a-z]+)*\b", said)) & OF_THE_FILE - OF_BOTH
    return names | set(re.findall(r"\[|\bnull\b|[0-9]{4}-[0-9]{2}|[0-9]\.[0-9]{1,2}\b", said))


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong["name"])
def test_no_sentence_of_the_pages_speaks_the_language_of_the_file(wrong):
    text = SOUND[wrong.get("of", "small")].replace(wrong["old"], wrong["new"])
    data = read(text).data
    with pytest.raises(NoticeFaults) as refused:
        parse(data)
    assert [strange(in_words(data, fault)) for fault in refused.value.faults] == [set()] * len(refused.value.faults)


@pytest.mark.parametrize("key", KEYS, ids=lambda key: ".".join(map(str, key[0])))
def test_nor_does_what_is_said_of_a_key_that_is_missing_or_wrong(key):
    path, what = key
    for sentence in (f"manca: scrivi {what}", f"scrivi {what}"):
        assert strange(in_words({}, Fault(path, sentence))) == set()


@pytest.mark.parametrize(
    ("path", "said_of_the_file", "said_in_the_page"),
    [
        (
            ("calendar", "deadline"),
            "manca: scrivi giorno e ora locale con i secondi, per esempio 2021-10-18T12:00:00",
            "manca: scrivi giorno e ora, per esempio 18/10/2021 alle 12:00",
        ),
        (
            ("economic_frame", "total"),
            "scrivi un importo in euro maggiore di zero, per esempio 650000.00",
            "scrivi un importo in euro maggiore di zero, per esempio 650.000,00",
        ),
        (
            ("id",),
            "manca: scrivi un codice breve con lettere minuscole, cifre, trattino o trattino basso, per esempio spazi-wemi-2021",
            "manca: salva questa pagina e lo facciamo noi dal titolo",
        ),
        (
            ("budgets", 0, "code"),  # it has no title that a code could be made of
            "manca: scrivi un codice breve con lettere minuscole, cifre, trattino o trattino basso, per esempio area-1",
            "manca: scrivi un codice breve con lettere minuscole, cifre, trattino o trattino basso, per esempio area-1",
        ),
        (
            ("sections", 0, "questions", 0, "unit"),
            "unit vale solo per il tipo number: cancellalo",
            "«Unità di misura» vale solo per il tipo «Numero»: cancellalo",
        ),
        (
            ("sections", 0, "questions"),
            "una sezione budget non ha domande sue: cancellale",
            "una sezione «Il piano economico dell'area» non ha domande sue: cancellale",
        ),
        (
            ("grids", 0, "criteria", 0, "per_unit"),
            "manca: un criterio di tipo count ha bisogno di per_unit",
            "manca: compila «Punti per ogni unità»",
        ),
        (
            ("grids", 0, "criteria", 1, "code"),
            "«1.a» c'è già in grids[0].criteria[0].code: scegline un altro",
            "«1.a» c'è già in «Griglie › Qualità › Criteri › Qualità dell'idea»: scegline un altro",
        ),
        (
            ("grids", 0, "rounding"),
            "scrivi gli arrotondamenti nell'ordine in cui avvengono: coefficient, mean, product, total",
            "scrivi gli arrotondamenti nell'ordine in cui avvengono: «Quello che dà ogni commissario», "
            "«La media o la somma dei commissari», «I punti di ogni criterio», «Il totale»",
        ),
        (
            ("grids", 0, "tie_chain", 0, "code"),
            "non c'è un criterio «1.z» in questa griglia: scegli tra 1.a, 2.a",
            "non c'è un criterio «1.z» in questa griglia: scegli di nuovo",
        ),
        (
            ("commission", "max_members"),
            "il numero dei membri deve essere dispari: cambialo, oppure scrivi odd: false",
            "il numero dei membri deve essere dispari: cambialo, oppure togli il segno a «Il numero deve essere dispari»",
        ),
        (("title",), "manca: scrivi il titolo dell'avviso", "manca: scrivi il titolo dell'avviso"),
    ],
)
def test_a_fault_is_said_with_the_labels_of_the_page(path, said_of_the_file, said_in_the_page):
    data = {"grids": [{"title": "Qualità", "criteria": [{"code": "1.a", "title": "Qualità dell'idea"}]}]}
    assert in_words(data, Fault(path, said_of_the_file)) == said_in_the_page

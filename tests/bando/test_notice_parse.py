"""Wrong documents, one fault each, and what an official reads about them."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bando.notice.parse import NoticeFaults, parse
from bando.notice_yaml import DocumentFaults, load_notice, read

DATA = Path(__file__).parents[1] / "data" / "notices"
SMALL = (DATA / "small.yaml").read_text()
WRONG = yaml.safe_load((DATA / "wrong.yaml").read_text())


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong["name"])
def test_a_wrong_document_is_refused_with_its_line_its_field_and_what_to_do(wrong):
    assert SMALL.count(wrong["old"]) == 1
    with pytest.raises(DocumentFaults) as refused:
        load_notice(SMALL.replace(wrong["old"], wrong["new"]))
    assert [str(fault) for fault in refused.value.faults] == [wrong["fault"]]


def test_the_document_that_the_wrong_ones_start_from_is_sound():
    assert load_notice(SMALL).id == "prova"


def test_every_fault_is_told_at_once_in_the_order_of_the_lines():
    wrong = (
        SMALL.replace("places: 20", "places: venti")
        .replace("id: prova", "id: PROVA")
        .replace("max_points: 100", "max_points: 99")
        .replace("{kind: draw}", "{kind: sorteggio}")
        .replace("max_members: 5", "max_members: 4")
    )
    with pytest.raises(DocumentFaults) as refused:
        load_notice(wrong)
    assert str(refused.value) == (
        "riga 2, id: scrivi un codice breve con lettere minuscole, cifre, trattino o trattino basso, "
        "per esempio spazi-wemi-2021\n"
        "riga 19, areas[0].places: scrivi un numero intero di posti, per esempio 20\n"
        "riga 119, grids[0].tie_chain[2].kind: scrivi block, criterion o draw\n"
        "riga 122, commission.max_members: il numero dei membri deve essere dispari: cambialo, oppure scrivi odd: false"
    )


def test_plain_data_is_refused_by_path_alone():
    data = read(SMALL).data
    data["areas"][0]["places"] = 2.0
    del data["grids"][0]["tie_chain"]
    with pytest.raises(NoticeFaults) as refused:
        parse(data)
    assert [(fault.path, fault.sentence) for fault in refused.value.faults] == [
        (("areas", 0, "places"), "scrivi un numero intero di posti, per esempio 20"),
        (
            ("grids", 0, "tie_chain"),
            "manca: scrivi come si sciolgono le parità: gruppi e criteri da confrontare, in ordine, e alla fine il sorteggio",
        ),
    ]


def test_half_a_character_is_refused():
    data = read(SMALL).data
    data["summary"] = "Un avviso\ud800"
    assert [str(fault) for fault in faults_of(data)] == ["summary: c'è un carattere che non si vede (U+D800): cancellalo"]


def test_a_list_has_an_end():
    data = read(SMALL).data
    data["legal_basis"] = [{"title": f"Art. {number}"} for number in range(501)]
    assert [str(fault) for fault in faults_of(data)] == ["legal_basis: ci sono 501 elementi: al massimo possono essere 500"]
    data["legal_basis"].pop()
    assert faults_of(data) == ()


@pytest.mark.parametrize("data", [None, [], "schema: 1", 1, True])
def test_something_that_is_no_mapping_is_told_what_a_document_has(data):
    with pytest.raises(NoticeFaults) as refused:
        parse(data)
    assert [str(fault) for fault in refused.value.faults] == [
        "scrivi un documento con le sue voci: le voci sono id, title, summary, administration, calendar, areas, sections, "
        "grids, agreement"
    ]


@pytest.mark.parametrize("value", [0.6, float("nan"), True, [], {}, "0.6e0", "0,6", "٠.٦"])
def test_a_number_is_written_in_digits_and_is_never_a_float(value):
    data = read(SMALL).data
    data["grids"][0]["scale"][1]["coefficient"] = value
    with pytest.raises(NoticeFaults) as refused:
        parse(data)
    assert [str(fault) for fault in refused.value.faults] == [
        "grids[0].scale[1].coefficient: scrivi un numero tra 0 e 1, per esempio 0.80"
    ]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.decimals(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9) | st.integers(), inner, max_size=3),
    max_leaves=8,
)


def places(data, here=()):
    """Every place of plain data where something else could stand."""
    steps = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, inner in steps:
        yield (*here, step)
        yield from places(inner, (*here, step))


PLACES = list(places(read(SMALL).data))


@given(st.sampled_from(PLACES), ANYTHING)
def test_whatever_stands_anywhere_the_document_is_read_or_refused_with_words(place, value):
    data = read(SMALL).data
    inner = data
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    assert all(fault.sentence for fault in faults_of(data))


def faults_of(data):
    try:
        parse(data)
    except NoticeFaults as refused:
        return refused.faults
    return ()

"""Wrong documents, one fault each, and what an official reads about them."""

from copy import deepcopy
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bando.notice.document import ColumnType, QuestionType
from bando.notice.grid import CriterionType
from bando.notice.parse import NoticeFaults, parse
from bando.notice_yaml import DocumentFaults, load_notice, read

DATA = Path(__file__).parents[1] / "data" / "notices"
SMALL = (DATA / "small.yaml").read_text()
EVERY = (DATA / "every.yaml").read_text()
WRONG = yaml.safe_load((DATA / "wrong.yaml").read_text())


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong["name"])
def test_a_wrong_document_is_refused_with_its_line_its_field_and_what_to_do(wrong):
    sound = EVERY if wrong.get("of") == "every" else SMALL
    assert sound.count(wrong["old"]) == 1
    with pytest.raises(DocumentFaults) as refused:
        load_notice(sound.replace(wrong["old"], wrong["new"]))
    assert [str(fault) for fault in refused.value.faults] == [wrong["fault"]]


def test_the_documents_that_the_wrong_ones_start_from_are_sound():
    assert [load_notice(text).id for text in (SMALL, EVERY)] == ["prova", "tutto"]


def test_the_document_of_every_type_has_every_type():
    notice = load_notice(EVERY)
    questions = {question.type for section in notice.sections for question in section.questions}
    columns = {c.type for section in notice.sections for question in section.questions for c in question.columns}
    criteria = {criterion.type for grid in notice.grids for criterion in grid.criteria}
    assert questions >= {QuestionType.DECLARATION, QuestionType.FILE, QuestionType.TABLE}
    assert (columns, criteria) == (set(ColumnType), set(CriterionType))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("        max: 10\n", "        max: 50\n"),
        ("        min: 1\n        max: 10\n", "        min: 0\n        max: 1\n"),
        ("        min: 1\n        max: 10\n", "        min: 10\n        max: 10\n"),
        ("limit: 120", "limit: 2000"),
        ("max_files: 3", "max_files: 50"),
        ("        type: declaration\n", "        type: declaration\n        required: true\n"),
        ("code: lettera", "code: lettera-dei-partner"),
        ("is: [sociale, sport]", "is: [sport]"),
        ("{question: settore, is: [sociale, sport]}", "{question: privacy, is: [yes]}"),
        ("total: 650000.00", "total: 0.01"),
        ("months: 24", "months: 120"),
        ("  mode: for_months\n  months: 24\n", "  mode: until_agreement\n"),
        ("step: 0.5", "step: 10"),
        ("points: 2}", "points: 5}"),
        ("per_unit: 2", "per_unit: 0.01"),
        ("at_most: 3, points: 2}", "less_than: 3, points: 2}"),
        ("{more_than: 3, points: 5}", "{more_than: 3, at_most: 4, points: 4}\n          - {more_than: 4, points: 5}"),
        ("at_least: 2, at_most: 3, points: 2}", "at_least: 3, at_most: 3, points: 2}"),
        ("at_least: 2, at_most: 3, points: 2}", "at_most: 3, points: 2}"),
        ("exponent: 0.5", "exponent: 10"),
        ("      - {at: product, digits: 2, mode: half_up}\n", "      - {at: product, digits: 0, mode: truncate}\n"),
        ("knee: 0.9}", "knee: 1}"),
        ("knee: 0.9}", "knee: 0.01, best: higher}"),
        ("{kind: bilinear, knee: 0.9}", "{kind: linear, best: lower}"),
        ("penalty: 10}", "penalty: 0.01}"),
        ("[criterion, block, total]", "[criterion, total]"),
        ("    rescaling: [criterion, block, total]\n    rescales_alone: true\n", "    rescaling: []\n"),
        ("    grid: mista\n", "    grid: mista\n    lots: []\n"),
        ("    title: Griglia mista\n", "    title: Griglia mista\n    marking: collegial\n"),
        ("{variant: mean, halves: true, fewest: 4}", "{variant: sum, fewest: 2}"),
        ("fewest: 4}", "fewest: 20}"),
        ("  days: 45\n", "  days: 365\n"),
        ("  rejection_days: 12\n  clock: interrupts\n", ""),
        ("observations_days: 10", "observations_days: 90"),
        ("  observations_days: 10\n  members: names\n", "  members: none\n"),
        ("max_points: 30, type: points}", "max_points: 30, type: points, step: 2.5}"),
    ],
)
def test_what_stands_at_the_edge_of_a_rarer_rule_is_let_in(old, new):
    assert EVERY.count(old) == 1
    assert load_notice(EVERY.replace(old, new)).id == "tutto"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("questions_until: 2021-10-13T12:00:00", "questions_until: 2021-10-18T12:00:00"),
        ("questions_until: 2021-10-13T12:00:00", "questions_until: 2021-09-01T09:00:00"),
        ("        min: 1\n", "        min: 2\n"),
        ("type: number\n        min: 0\n        max: 200", "type: money\n        min: 0\n        max: 0"),
        ("max_points: 20}\n    criteria", "max_points: 20, threshold: 20}\n    criteria"),
        ("min_members: 3", "min_members: 5"),
    ],
)
def test_what_stands_at_the_edge_of_a_rule_is_let_in(old, new):
    assert SMALL.count(old) == 1
    assert load_notice(SMALL.replace(old, new)).id == "prova"


def test_a_power_with_a_whole_exponent_needs_no_rounding():
    without = EVERY.replace("    rounding:\n      - {at: product, digits: 2, mode: half_up}\n", "    rounding: []\n", 1)
    (fault,) = faults_of(read(without).data)
    assert fault.path == ("grids", 0, "criteria", 6, "formula", "exponent")
    assert faults_of(read(without.replace("exponent: 0.5", "exponent: 2")).data) == ()


def test_members_who_add_their_points_may_share_half_points():
    """31.5 points among three members: 10.5 each."""
    shared = (
        EVERY.replace("    max_points: 60\n    scale: []", "    max_points: 61.5\n    scale: []")
        .replace("title: Tutto, max_points: 60", "title: Tutto, max_points: 61.5")
        .replace("max_points: 30, type: points}", "max_points: 31.5, type: points, step: 0.5}")
    )
    assert load_notice(shared).grids[1].max_points == Decimal("61.5")


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


PLACES = [(text, place) for text in (SMALL, EVERY) for place in places(read(text).data)]


@given(st.sampled_from(PLACES), ANYTHING)
def test_whatever_stands_anywhere_the_document_is_read_or_refused_with_words(where, value):
    text, place = where
    data = read(text).data
    inner = data
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    assert all(fault.sentence for fault in faults_of(data))


def test_whatever_is_left_out_the_document_is_read_or_refused_with_words():
    for whole in (SMALL, EVERY):
        data = read(whole).data
        for place in places(read(whole).data):
            changed = deepcopy(data)
            inner = changed
            for step in place[:-1]:
                inner = inner[step]
            del inner[place[-1]]
            assert all(fault.sentence for fault in faults_of(changed)), place


def faults_of(data):
    try:
        parse(data)
    except NoticeFaults as refused:
        return refused.faults
    return ()

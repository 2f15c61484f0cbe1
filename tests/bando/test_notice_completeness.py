"""The checklist before publication, on documents whole and half written."""

from copy import deepcopy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bando.notice.completeness import Item, Weight, checklist
from bando.notice.shapes import NOTICE, Many, Shape
from bando.notice_yaml import read
from tests.bando.small import SMALL

WEMI = read((Path(__file__).parents[2] / "fixtures" / "notices" / "spazi-wemi-2021.yaml").read_bytes()).data
DATA = read(SMALL).data

WHOLE = deepcopy(DATA) | {
    "act": {"title": "Determina"},
    "coprogramming": {"title": "Deliberazione"},
    "economic_frame": {"text": "Il Comune mette 10.000 euro."},
    "conflict_rules": "Chi valuta dichiara di non avere conflitti.",
    "conclusion": "Si conclude con una determinazione.",
    "replacement": {"mode": "none"},
    "participation": {"once_per_area": True},
    "assumptions": [],
    "legal_basis": [
        {"title": "Art. 55 del D.Lgs. 117/2017"},
        {"title": "Legge 7 agosto 1990, n. 241"},
        {"title": "D.Lgs. 14 marzo 2013, n. 33"},
    ],
}
WHOLE["administration"]["procedure_officer"] = "Ada Neri"
WHOLE["calendar"]["milestones"] = [{"title": "Tavoli", "when": "dopo"}]
WHOLE["requirements"].append({"code": "dati", "title": "Dati personali", "text": "Ho letto l'informativa."})


def left(data, weight=None):
    return [(item.code, item.path) for item in checklist(data) if not item.done and weight in (None, item.weight)]


def changed(change):
    data = deepcopy(WHOLE)
    change(data)
    return data


def test_nothing_is_left_to_do_in_a_document_that_says_everything():
    assert left(WHOLE) == []
    assert len(checklist(WHOLE)) == 37


def test_of_an_empty_document_everything_that_the_law_asks_is_left():
    assert left({}, Weight.BLOCKS) == [
        ("publisher", ("administration", "name")),
        ("purpose", ("purpose",)),
        ("legal-basis", ("legal_basis",)),
        ("duration", ("agreement", "duration_months")),
        ("deadline", ("calendar", "deadline")),
        ("forms", ("sections",)),
        ("criteria", ("grids",)),
        ("scale", ("grids",)),
        ("maximum", ("grids",)),
        ("ties", ("grids",)),
        ("agreement", ("agreement", "articles")),
    ]


def test_an_item_says_what_whence_and_what_to_do():
    (item,) = [item for item in checklist({}) if item.code == "coprogramming"]
    assert item == Item(
        "coprogramming",
        "Atto di co-programmazione",
        "D.M. 72/2021; TAR Toscana 840/2026",
        Weight.WARNS,
        False,
        "scrivi da quale atto di programmazione o di co-programmazione nasce l'avviso",
        ("coprogramming", "title"),
    )


def grid(**values):
    return lambda data: data["grids"][1].update(values)


def criterion(**values):
    return lambda data: data["grids"][1]["criteria"][0].update(values)


@pytest.mark.parametrize(
    ("change", "code", "path", "weight"),
    [
        (lambda d: d["administration"].update(name=" "), "publisher", ("administration", "name"), "blocks"),
        (lambda d: d["administration"].pop("procedure_officer"), "officer", ("administration", "procedure_officer"), "warns"),
        (lambda d: d.pop("act"), "act", ("act", "title"), "warns"),
        (lambda d: d.update(purpose=""), "purpose", ("purpose",), "blocks"),
        (lambda d: d.pop("coprogramming"), "coprogramming", ("coprogramming", "title"), "warns"),
        (lambda d: d.pop("economic_frame"), "economic-frame", ("economic_frame", "text"), "warns"),
        (lambda d: d.pop("conflict_rules"), "conflicts", ("conflict_rules",), "warns"),
        (lambda d: d.pop("conclusion"), "conclusion", ("conclusion",), "warns"),
        (lambda d: d.pop("replacement"), "replacement", ("replacement",), "warns"),
        (lambda d: d["agreement"].pop("duration_months"), "duration", ("agreement", "duration_months"), "blocks"),
        (lambda d: d["calendar"].pop("deadline"), "deadline", ("calendar", "deadline"), "blocks"),
        (lambda d: d["calendar"].pop("milestones"), "phases", ("calendar", "milestones"), "warns"),
        (lambda d: d["legal_basis"].pop(0), "third-sector", ("legal_basis",), "warns"),
        (lambda d: d["legal_basis"].pop(1), "grants", ("legal_basis",), "warns"),
        (lambda d: d["legal_basis"].pop(2), "transparency", ("legal_basis",), "warns"),
        (lambda d: d["requirements"].pop(), "privacy", ("requirements",), "warns"),
        (grid(scale=[]), "scale", ("grids", 1, "scale"), "blocks"),
        (grid(tie_chain=[]), "ties", ("grids", 1, "tie_chain"), "blocks"),
        (lambda d: d["grids"][1]["tie_chain"].pop(), "ties-end", ("grids", 1, "tie_chain"), "warns"),
        (criterion(max_points=None), "maximum", ("grids", 1, "criteria", 0, "max_points"), "blocks"),
        (criterion(type="levels"), "scale", ("grids", 1, "criteria", 0, "levels"), "blocks"),
        (criterion(type="pairwise"), "scale", ("grids", 1, "criteria", 0, "pairwise"), "blocks"),
        (criterion(type="count"), "scale", ("grids", 1, "criteria", 0, "per_unit"), "blocks"),
        (criterion(type="bands", bands=[]), "scale", ("grids", 1, "criteria", 0, "bands"), "blocks"),
        (criterion(type="formula"), "scale", ("grids", 1, "criteria", 0, "formula"), "blocks"),
        (criterion(code="9.z"), "served", ("grids", 1, "criteria", 0), "blocks"),
        (grid(rescaling=["total"]), "rescaling", ("grids", 1, "rescaling"), "warns"),
        (lambda d: d["commission"].update(odd=False), "commission", ("commission",), "warns"),
        (lambda d: d["commission"].update(max_members="4"), "commission", ("commission",), "warns"),
        (lambda d: d.update(demonstration="È un esempio."), "example", ("demonstration",), "warns"),
        (grid(demonstration="È un esempio."), "example", ("grids", 1, "demonstration"), "warns"),
        (lambda d: d.update(assumptions=[{"path": "purpose"}]), "example", ("assumptions",), "warns"),
        (
            lambda d: d["sections"][1]["questions"][1].pop("criterion"),
            "unread",
            ("sections", 1, "questions", 1),
            "warns",
        ),
    ],
)
def test_each_thing_that_is_missing_is_told_at_its_place(change, code, path, weight):
    found = [item for item in checklist(changed(change)) if not item.done and item.code == code]
    assert [(item.path, item.weight) for item in found] == [(path, weight)]


def test_a_notice_without_laws_lacks_them_all():
    assert left(changed(lambda d: d.update(legal_basis=[]))) == [
        (code, ("legal_basis",)) for code in ("legal-basis", "third-sector", "grants", "transparency")
    ]


def test_rescaling_that_the_notice_tells_in_words_is_in_order():
    told = changed(lambda d: d.update(conclusion="I punti si riparametrano dopo le soglie.") or grid(rescaling=["total"])(d))
    assert left(told) == []


def test_a_penalty_asks_the_applicant_nothing():
    malus = {
        "code": "ritardo",
        "title": "Progetto non finito",
        "block": "tutto",
        "max_points": 0,
        "type": "penalty",
        "penalty": 5,
    }
    assert left(changed(lambda d: d["grids"][0]["criteria"].append(malus))) == []


@pytest.mark.parametrize(
    ("opens", "done"),
    [("2021-09-28T12:00:00", True), ("2021-09-28T12:00:01", False), (None, False), ("presto", False)],
)
def test_twenty_days_of_publication_are_counted_from_the_opening(opens, done):
    data = changed(lambda d: d["calendar"].update(opens=opens))
    assert [item.done for item in checklist(data) if item.code == "publication"] == [done]


ONLY_RUNTS = {"code": "r", "title": "Registro", "text": "L'ente è iscritto al RUNTS."}
NUMBER = {"code": "n", "label": "Numero di iscrizione al RUNTS", "type": "short_text", "limit": 20}


@pytest.mark.parametrize(
    ("deadline", "requirement", "path"),
    [
        ("2021-11-22T23:59:59", ONLY_RUNTS, [("requirements", 0)]),
        ("2021-11-23T00:00:00", ONLY_RUNTS, []),
        ("2021-11-22T23:59:59", ONLY_RUNTS | {"text": "L'ente è nel RUNTS o in uno dei registri di prima."}, []),
    ],
)
def test_a_call_that_closes_before_the_register_works_cannot_ask_for_it_alone(deadline, requirement, path):
    data = changed(lambda d: d["calendar"].update(deadline=deadline) or d.update(requirements=[requirement]))
    assert [item.path for item in checklist(data) if item.code == "runts" and not item.done] == path


@pytest.mark.parametrize(("required", "left_to_do"), [(True, 1), (False, 0)])
def test_nor_can_it_ask_for_the_number_in_that_register(required, left_to_do):
    data = changed(lambda d: d["sections"][0]["questions"].append(NUMBER | {"required": required}))
    found = [item.path for item in checklist(data) if item.code == "runts" and not item.done]
    assert found == [("sections", 0, "questions", 3)] * left_to_do


def test_the_demonstration_of_milan_may_be_published_and_says_what_it_leaves_out():
    assert left(WEMI, Weight.BLOCKS) == []
    assert {code for code, _ in left(WEMI)} >= {"officer", "act", "coprogramming", "example"}


LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["levels", "RUNTS", "1.a", "draw"])
ANYTHING = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)


@st.composite
def drafts(draw, shape=NOTICE):
    """A document with some of its keys, where anything may stand instead of what should."""
    data = {}
    for key in draw(st.lists(st.sampled_from(shape.keys), max_size=6, unique_by=lambda key: key.name)):
        inner = key.kind.of if isinstance(key.kind, Many) else key.kind
        sound = drafts(inner) if isinstance(inner, Shape) else ANYTHING
        sound = st.lists(sound, max_size=3) if isinstance(key.kind, Many) else sound
        data[key.name] = draw(ANYTHING if draw(st.integers(0, 4)) == 0 else sound)
    return data


@given(ANYTHING | drafts())
def test_a_document_of_any_shape_is_checked(data):
    found = checklist(data)
    assert {item.code for item in found} >= {item.code for item in checklist({})}
    assert all(item.title and item.source and item.sentence for item in found)

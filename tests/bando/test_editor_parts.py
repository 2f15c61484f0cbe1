import pytest

from bando.editor.parts import PARTS, anchor_of, label_of, name_of, of_page, of_part, page_of, slug_of
from bando.notice.parse import Fault
from bando.notice.shapes import NOTICE

DATA = {
    "areas": [{"code": "uno", "title": "Area uno"}, {}],
    "sections": [{"title": "Ente", "questions": [{"label": "Nome"}]}],
    "grids": [{"title": "Qualità", "criteria": [{"title": "Idea", "letter": "A"}]}],
}


def test_every_key_of_the_document_has_its_part():
    assert sorted(name for part in PARTS for name in part.names) == sorted(key.name for key in NOTICE.keys)


@pytest.mark.parametrize(
    ("slug", "path", "listing"),
    [
        ("calendario", (), ()),
        ("aree", (), ("areas",)),
        ("aree/1", ("areas", 1), ()),
        ("domanda/0", ("sections", 0), ("sections", 0, "questions")),
        ("domanda/0/0", ("sections", 0, "questions", 0), ()),
        ("griglie/0/0", ("grids", 0, "criteria", 0), ()),
    ],
)
def test_a_page_edits_a_mapping(slug, path, listing):
    page = page_of(DATA, slug)
    assert (page.path, page.listing) == (path, listing)


@pytest.mark.parametrize(
    "slug",
    [
        *("niente", "aree/2", "aree/-1", "aree/01", "aree/x", "aree/0/0", "calendario/0", "domanda/0/1", "domanda/0/0/0", ""),
        *("aree/٠", "aree/²", "aree//0", "../aree/0", "aree/999999999", f"aree/{'9' * 5000}"),
    ],
)
def test_there_is_no_page_for_what_the_document_does_not_have(slug):
    assert page_of(DATA, slug) is None


@pytest.mark.parametrize(
    ("path", "slug", "anchor"),
    [
        ((), "avviso", ""),
        (("strano",), "avviso", "at-strano"),
        (("calendar", "opens"), "calendario", "at-calendar-opens"),
        (("legal_basis", 1, "title"), "avviso", "at-legal_basis-1-title"),
        (("areas",), "aree", ""),
        (("areas", 1), "aree/1", ""),
        (("areas", 1, "municipi", 2), "aree/1", "at-municipi"),
        (("sections", 0, "questions"), "domanda/0", "at-questions"),
        (("sections", 0, "questions", 3, "columns", 1, "choices", 0, "label"), "domanda/0/3", "at-columns-1-choices-0-label"),
        (("grids", 0, "scale", 2), "griglie/0", "at-scale-2"),
        (("grids", 0, "criteria", 4, "formula", "knee"), "griglie/0/4", "at-formula-knee"),
    ],
)
def test_a_fault_leads_to_its_place(path, slug, anchor):
    assert (slug_of(path), anchor_of(path)) == (slug, anchor)


def test_a_page_mends_its_own_faults_and_a_part_those_below_it_too():
    faults = [
        Fault(path, "manca") for path in [("grids", 0, "title"), ("grids", 0, "criteria", 0, "title"), ("grids",), ("id",)]
    ]
    grid, index = page_of(DATA, "griglie/0"), page_of(DATA, "griglie")
    assert of_page(grid, faults) == faults[:1]
    assert [of_page(index, faults), of_part(index.part, faults)] == [faults[2:3], faults[:3]]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (("grids", 0, "criteria", 0, "max_points"), "Griglie › Qualità › Criteri › A – Idea › Punti al massimo"),
        (("areas", 1, "places"), "Aree e posti › Area 2 › Quanti posti"),
        (("calendar", "deadline"), "Calendario › Scadenza"),
        (("sections", 0, "strano"), "Modulo di domanda › Ente › strano"),
        (("title",), "Titolo dell'avviso"),
    ],
)
def test_a_path_is_said_in_words(path, words):
    assert label_of(DATA, path) == words


def test_a_thing_without_a_title_is_called_by_its_number():
    assert [name_of(DATA, ("areas", n)) for n in (0, 1)] == ["Area uno", "Area 2"]

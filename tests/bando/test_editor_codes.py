from bando.editor.codes import coded, renamed, uncoded
from bando.notice.merge import replaced, value_at
from bando.notice.shapes import SECTION

DATA = {
    "areas": [{"code": "uno", "grid": "g", "budget": "p"}],
    "budgets": [{"code": "p"}],
    "sections": [
        {"code": "s", "areas": ["uno"], "criterion": "a", "questions": [
            {"code": "q", "type": "choice", "criterion": "a", "choices": [{"code": "x"}, {"code": "y"}]},
            {"code": "r", "areas": ["uno"], "when": {"question": "q", "is": ["x"]}}]}
    ],
    "attachments": [{"code": "f", "areas": ["uno"], "when": {"question": "q", "is": ["x", "y"]}}],
    "grids": [{"code": "g", "blocks": [{"code": "b"}], "criteria": [{"code": "a", "block": "b"}],
               "tie_chain": [{"kind": "block", "code": "b"}, {"kind": "criterion", "code": "a"}, {"kind": "draw"}]}],
}  # fmt: skip


def after(path, **changes):
    """The document with other values at a path, and nothing else."""
    return replaced(DATA, path, {**value_at(DATA, path), **changes})


def test_what_has_a_title_gets_a_code_that_nobody_else_has():
    data = {"areas": [{"title": "Area", "code": "area"}, {"title": "Area"}, {}, {"title": "…"}], "title": "Prova"}
    made = coded(data, (), ("areas", "id"))
    assert [area.get("code") for area in made["areas"]] == ["area", "area-2", None, None]
    assert made["id"] == "prova"
    assert "id" not in coded(data, (), ("areas",))  # only what the page holds


def test_the_code_of_a_question_is_its_own_in_the_whole_document():
    data = {
        "sections": [{"questions": [{"code": "nome"}]}, {"questions": [{"label": "Nome"}]}],
        "attachments": [{"code": "nome-2"}],
    }
    assert coded(data, ("sections", 1, "questions", 0), ("code",))["sections"][1]["questions"][0]["code"] == "nome-3"


def test_the_code_of_a_criterion_is_the_letter_of_the_act():
    data = {"grids": [{"criteria": [{"letter": "1.A", "title": "Idea"}]}]}
    assert coded(data, ("grids", 0, "criteria", 0), ("code",))["grids"][0]["criteria"][0]["code"] == "1.a"


def test_a_copy_has_no_codes_that_must_be_its_own():
    made = uncoded(DATA["sections"][0], SECTION)
    assert ("code" in made, [question.get("code") for question in made["questions"]]) == (False, [None, None])
    assert DATA["sections"][0]["code"] == "s"


def test_who_names_an_area_follows_its_code():
    made = renamed(DATA, after(("areas", 0), code="due"), ("areas", 0), {})
    found = [made["sections"][0]["areas"], made["sections"][0]["questions"][1]["areas"], made["attachments"][0]["areas"]]
    assert found == [["due"]] * 3


def test_who_names_a_grid_or_a_budget_follows_its_code():
    assert renamed(DATA, after(("grids", 0), code="h"), ("grids", 0), {})["areas"][0]["grid"] == "h"
    assert renamed(DATA, after(("budgets", 0), code="q"), ("budgets", 0), {})["areas"][0]["budget"] == "q"


def test_who_names_a_group_follows_its_code():
    made = renamed(DATA, after(("grids", 0, "blocks", 0), code="c"), ("grids", 0), {("grids", 0, "blocks"): [0]})["grids"][0]
    assert (made["criteria"][0]["block"], made["tie_chain"][0]["code"], made["tie_chain"][1]["code"]) == ("c", "c", "a")


def test_who_names_a_criterion_follows_its_code():
    path = ("grids", 0, "criteria", 0)
    made = renamed(DATA, after(path, code="z"), path, {})
    assert (made["grids"][0]["tie_chain"][1]["code"], made["sections"][0]["criterion"]) == ("z", "z")
    assert made["sections"][0]["questions"][0]["criterion"] == "z"


def test_a_criterion_that_another_grid_has_too_is_still_that_one():
    data = {**DATA, "grids": [*DATA["grids"], {"code": "h", "criteria": [{"code": "a"}]}]}
    changed = {**data, "grids": [{**DATA["grids"][0], "criteria": [{"code": "z", "block": "b"}]}, data["grids"][1]]}
    made = renamed(data, changed, ("grids", 0, "criteria", 0), {})
    assert (made["grids"][0]["tie_chain"][1]["code"], made["sections"][0]["criterion"]) == ("z", "a")


def test_a_condition_follows_its_question_and_its_answer():
    path = ("sections", 0, "questions", 0)
    made = renamed(DATA, after(path, code="domanda"), path, {})
    assert (made["sections"][0]["questions"][1]["when"]["question"], made["attachments"][0]["when"]["question"]) == (
        "domanda",
    ) * 2
    made = renamed(DATA, after((*path, "choices", 0), code="z"), path, {(*path, "choices"): [0, 1]})
    assert [made["sections"][0]["questions"][1]["when"]["is"], made["attachments"][0]["when"]["is"]] == [["z"], ["z", "y"]]


def test_a_new_item_renames_nothing():
    assert renamed(DATA, DATA, ("grids", 0), {("grids", 0, "blocks"): [None]}) == DATA


LOTS = {
    "areas": [{"code": "uno", "lot_question": "q", "lots": [{"code": "x"}, {"title": "Lotto ipsilon"}]}],
    "sections": DATA["sections"],
}


def test_a_lot_follows_the_question_and_the_answer_that_choose_it():
    path = ("sections", 0, "questions", 0)
    made = renamed(LOTS, replaced(LOTS, (*path, "code"), "quale"), path, {})
    assert made["areas"][0]["lot_question"] == "quale"
    choices = (*path, "choices")
    made = renamed(LOTS, replaced(LOTS, (*choices, 0, "code"), "z"), path, {choices: [0, 1]})
    assert made["areas"][0]["lots"][0] == {"code": "z"}


def test_a_lot_has_no_code_of_its_own():
    assert coded(LOTS, (), ("areas",))["areas"][0]["lots"][1] == {"title": "Lotto ipsilon"}

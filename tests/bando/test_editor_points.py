from bando.editor.points import of_criterion, of_grid, served

DATA = {
    "sections": [
        {"title": "Piano", "criterion": "b"},
        {"questions": [{"label": "Che cosa?", "criterion": "a"}, {"label": "Chi?"}]},
    ],
    "grids": [
        {
            "max_points": 100,
            "blocks": [
                {"code": "x", "title": "Proposta", "max_points": "80.5"},
                {"code": "y", "title": "Costi", "max_points": 20},
            ],
            "criteria": [
                {"code": "a", "block": "x", "max_points": "80.50"},
                {"code": "b", "block": "y", "max_points": 12},
                {"code": "c", "block": "y", "max_points": 10},
                {"code": "d", "block": "y", "max_points": "tanti"},
            ],
        }
    ],
}


def test_the_sums_of_a_grid_say_what_is_missing_and_what_is_too_much():
    assert [sum.words for sum in of_grid(DATA, 0)] == [
        "I gruppi sommano: 100,5 punti su 100. Ce ne sono 0,5 di troppo.",
        "I criteri di «Proposta» sommano: 80,5 punti su 80,5. Torna.",
        "I criteri di «Costi» sommano: 22 punti su 20. Ce ne sono 2 di troppo.",
    ]


def test_a_sum_without_a_goal_is_only_a_sum():
    assert [sum.words for sum in of_grid({"grids": [{"blocks": [{"max_points": 3}]}]}, 0)] == ["I gruppi sommano: 3 punti."]


def test_the_page_of_a_criterion_counts_the_others_of_its_group():
    (found,) = of_criterion(DATA, 0, 2)
    assert (found.words, found.plus, found.goal_text) == (
        "I criteri di «Costi» sommano: 22 punti su 20. Ce ne sono 2 di troppo.",
        "12",
        "20",
    )
    assert of_criterion({"grids": [{"blocks": [{"code": "x"}], "criteria": [{}]}]}, 0, 0) == []


def test_what_serves_a_criterion_are_questions_and_budget_sections():
    assert [served(DATA, code) for code in ("a", "b", "c", "")] == [["Che cosa?"], ["Piano"], [], []]

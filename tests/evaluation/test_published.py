import copy
import csv
import io
import json
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bando.notice.grid import Rounding, RoundingMode, RoundingPoint
from evaluation.published import (
    Act,
    Difference,
    MarksOrder,
    Publication,
    Unreadable,
    as_2,
    chunks,
    csv_rows,
    document,
    recompute,
)
from evaluation.published_grid import grid_from_json, grid_to_json
from evaluation.ranking import rank
from tests.evaluation.grids import (
    BUSY,
    CASES,
    MEAN_TO_TWO,
    any_calls,
    any_grids,
    criterion,
    gorgonzola,
    make_grid,
    random_calls,
    random_grids,
    ten_thousandths,
    typed_grid,
)
from tests.evaluation.rankings import DRAWN, publish, whole
from workflow.ledger import canonical

GRID = make_grid(
    {"1": {"A": "60"}, "2": {"B": "40"}},
    levels={"pieno": "1", "buono": "0.8", "discreto": "0.7", "scarso": "0.4"},
    rounding=[MEAN_TO_TWO],
    threshold="60",
    thresholds={"B": "20"},
    chain=[("criterion", "A"), ("draw", "")],
)

MARKS = {
    "D-1": ten_thousandths({"A": ["0.8", "0.7", "0.8"], "B": ["0.8", "0.8", "0.8"]}),
    "D-2": ten_thousandths({"A": ["1", "0.8", "0.8"], "B": ["0.8", "0.8", "0.8"]}),
    "D-3": ten_thousandths({"A": ["0.8", "0.7", "0.8"], "B": ["0.8", "0.8", "0.8"]}),
    "D-4": ten_thousandths({"A": ["0.4", "0.4", None], "B": ["0.4", "0.4", None]}),
    "D-5": ten_thousandths({"A": ["0.7", "0.7", "0.7"], "B": ["0.7", "0.7", "0.8"]}),
}


def sheet():
    """Five proposals for two places: the second place is contested by two, one proposal is below two thresholds."""
    return publish(GRID, MARKS, places=2, act=Act("123", "2021-12-01"))


EVERY_TYPE = typed_grid(
    criterion("coefficiente", "coefficient", "10"),
    criterion("giudizio", "levels", "10", levels={"sufficiente": "2", "buono": "8", "ottimo": "10"}),
    criterion("punti", "points", "10", step="0.5"),
    criterion("quanti", "count", "10", per_unit="2", unit="certificati", block="Q"),
    criterion("fasce", "bands", "5", bands=[({"at_most": "2"}, "1"), ({"more_than": "2"}, "5")], unit="anni", block="Q"),
    criterion("sede", "yes_no", "5", block="Q"),
    criterion("quota", "formula", "20", formula=("power", "higher", "0.5", None), unit="euro", block="Q"),
    criterion("malus", "penalty", "0", penalty="10", block="Q"),
    blocks=dict.fromkeys("PQ"),
    rounding=[Rounding(RoundingPoint.MEAN, 2, RoundingMode.HALF_UP), Rounding(RoundingPoint.PRODUCT, 2, RoundingMode.HALF_UP)],
    rescaling=["total"],
    threshold="25",
)


def every_type():
    """Three proposals with every type of criterion; the third is below the threshold, and so is not rescaled."""
    rows = {
        "D-1": [["0.8", "0.4", "1"], ["8", "8", "10"], ["8.5", "9", "10"], "3", "2", "1", "100", "0"],
        "D-2": [["0.4", "0.4", "0.8"], ["2", "8", "2"], ["5", "5.5", "6"], "7", "2.5", "0", "307", "1"],
        "D-3": [["0", "0", "0.4"], ["2", "2", "2"], ["0", "0", "0"], "0", "0", "0", "0", "0"],
    }
    marks = {
        name: ten_thousandths(
            {
                one.code: given if isinstance(given, list) else [given] * 3
                for one, given in zip(EVERY_TYPE.criteria, row, strict=True)
            }
        )
        for name, row in rows.items()
    }
    return publish(EVERY_TYPE, marks, places=2)


def read_back(content):
    return json.loads("".join(chunks(content)))


# What it says


def test_a_row_carries_everything_that_its_place_rests_on():
    assert sheet()["rows"][1] == {
        "position": 2,
        "outcome": "tie_pending",
        "tied": True,
        "application": "D-1",
        "body": "Ente D-1",
        "title": "Progetto D-1",
        "lot": "",
        "marks": {"A": ["0.8", "0.7", "0.8"], "B": ["0.8", "0.8", "0.8"]},
        "criteria": [
            {
                "code": "A",
                "sum": "2.3",
                "mean": {"exact": "23/30", "published": "0.7667"},
                "coefficient": {"exact": "77/100", "published": "0.7700"},
                "points": {"exact": "231/5", "published": "46.20"},
            },
            {
                "code": "B",
                "sum": "2.4",
                "mean": {"exact": "4/5", "published": "0.8000"},
                "coefficient": {"exact": "4/5", "published": "0.8000"},
                "points": {"exact": "32", "published": "32.00"},
            },
        ],
        "blocks": [
            {"code": "1", "points": {"exact": "231/5", "published": "46.20"}},
            {"code": "2", "points": {"exact": "32", "published": "32.00"}},
        ],
        "total": {"exact": "391/5", "published": "78.20"},
        "explanation": {
            "behind": {
                "link": {"kind": "total", "code": ""},
                "position": 1,
                "own": {"exact": "391/5", "published": "78.20"},
                "other": {"exact": "421/5", "published": "84.20"},
            },
            "ahead": {
                "link": {"kind": "total", "code": ""},
                "position": 4,
                "own": {"exact": "391/5", "published": "78.20"},
                "other": {"exact": "356/5", "published": "71.20"},
            },
            "places": [2, 2],
            "below": [],
        },
    }


def test_every_type_of_criterion_says_how_its_points_come_about():
    row = every_type()["rows"][0]
    assert row["application"] == "D-1"
    raw = {part["code"]: part.pop("raw")["published"] for part in row["criteria"]}
    assert [{name: value for name, value in part.items() if name != "points"} for part in row["criteria"]] == [
        {
            "code": "coefficiente",
            "sum": "2.2",
            "mean": {"exact": "11/15", "published": "0.7333"},
            "coefficient": {"exact": "73/100", "published": "0.7300"},
        },
        {
            "code": "giudizio",
            "sum": "26",
            "found": {"exact": "26/3", "published": "8.6667"},
            "counted": {"exact": "867/100", "published": "8.6700"},
        },
        {
            "code": "punti",
            "sum": "27.5",
            "found": {"exact": "55/6", "published": "9.1667"},
            "counted": {"exact": "917/100", "published": "9.1700"},
        },
        {"code": "quanti", "quantity": "3"},
        {"code": "fasce", "quantity": "2"},
        {"code": "sede", "quantity": "1"},
        {"code": "quota", "quantity": "100", "best": "307", "mean": {"exact": "407/3", "published": "135.6667"}},
        {"code": "malus", "quantity": "0"},
    ]
    assert raw == {part["code"]: part["points"]["published"] for part in row["criteria"]} == {
        "coefficiente": "7.30",
        "giudizio": "8.67",
        "punti": "9.17",
        "quanti": "6.00",
        "fasce": "1.00",
        "sede": "5.00",
        "quota": "11.41",
        "malus": "0.00",
    }  # fmt: skip


def test_what_is_rescaled_says_what_it_was_before():
    assert [row["total"] for row in every_type()["rows"]] == [
        {"exact": "70", "published": "70.00", "raw": {"exact": "971/20", "published": "48.55"}},
        {"exact": "55720/971", "published": "57.38", "raw": {"exact": "199/5", "published": "39.80"}},
        {"exact": "43/10", "published": "4.30", "raw": {"exact": "43/10", "published": "4.30"}},
    ]
    table = list(csv_rows(every_type()))
    assert [row[-4:] for row in table] == [
        ["total", "total_exact", "total_raw", "below"],
        ["70.00", "70", "48.55", ""],
        ["57.38", "55720/971", "39.80", ""],
        ["4.30", "43/10", "4.30", "total 4.30<25"],
    ]
    assert table[2][6:14] == ["5.30", "4.00", "5.50", "10.00", "5.00", "0.00", "20.00", "-10.00"]


def test_a_row_below_the_threshold_says_by_how_much_and_who_did_not_mark_it():
    row = sheet()["rows"][4]
    assert (row["application"], row["position"], row["outcome"], row["marks"]) == (
        "D-4",
        None,
        "below_threshold",
        {"A": ["0.4", "0.4", None], "B": ["0.4", "0.4", None]},
    )
    assert row["explanation"] == {
        "behind": None,
        "ahead": None,
        "places": None,
        "below": [
            {"on": "criterion", "code": "B", "points": {"exact": "16", "published": "16.00"}, "threshold": "20"},
            {"on": "total", "code": "", "points": {"exact": "40", "published": "40.00"}, "threshold": "60"},
        ],
    }


def test_the_head_says_what_was_ranked_by_which_rules_and_act():
    head = {key: value for key, value in sheet().items() if key not in ("rows", "grid")}
    assert head == {
        "schema": "bando/ranking/2",
        "licence": "CC-BY-4.0",
        "demonstration": "Griglia dimostrativa.",
        "version": None,
        "call": {"id": "prova-2021", "title": "Avviso di prova", "notice_sha256": "0" * 64},
        "area": {"code": "1", "title": "Nuovi Spazi"},
        "act": {"number": "123", "date": "2021-12-01"},
        "commissioners": ["Commissario 1", "Commissario 2", "Commissario 3"],
        "marks_order": "member",
        "seats": 3,
        "places": 2,
        "vacated": 0,
        "unfilled": 0,
        "unfilled_reason": "",
        "contested": 1,
        "lots": [],
        "out": [],
        "draws": [],
        "ties": [{"position": 2, "outcome": "tie_pending", "applications": ["D-1", "D-3"], "lot": ""}],
        "pairs": {},
    }


def test_lots_pairs_draw_departures_and_version_are_in_the_document():
    content = whole()
    assert {key: content[key] for key in ("version", "places", "vacated", "unfilled", "unfilled_reason", "lots", "out")} == {
        "version": {"number": 2, "kind": "final", "replaces": "cd" * 32, "note": "Ha rinunciato una proposta."},
        "places": 4,
        "vacated": 1,
        "unfilled": 1,
        "unfilled_reason": "Nessun'altra proposta.",
        "lots": [
            {"code": "n", "title": "Nord", "places": 2, "vacated": 1, "unfilled": 0, "contested": 0},
            {"code": "s", "title": "Sud", "places": 2, "vacated": 0, "unfilled": 1, "contested": 0},
        ],
        "out": [{"application": "D-4", "outcome": "renounced", "reason": "Lettera del 3 marzo."}],
    }
    assert [(row["lot"], row["application"], row["position"], row["outcome"]) for row in content["rows"]] == [
        ("n", "D-2", 1, "selected"),
        ("n", "D-1", 2, "waiting"),
        ("s", "D-3", 1, "selected"),
        ("s", "D-4", None, "renounced"),
    ]


def test_a_table_of_pairs_is_written_pair_by_pair_and_parity_by_the_lower_number():
    cells = {"D-1 D-2": ("1", "1"), "D-1 D-3": ("4", "2.5"), "D-4 D-1": ("4", "2")}
    cells |= {"D-2 D-3": ("4", "2.5"), "D-4 D-2": ("4", "2"), "D-4 D-3": ("4", "6")}
    second, first = ([[*pair.split(), degrees[member]] for pair, degrees in cells.items()] for member in (0, 1))
    assert whole()["pairs"] == {"coppie": [second, None, first]}


def test_the_points_of_each_table_and_what_they_come_to_are_in_the_row():
    row = whole()["rows"][0]
    assert (row["marks"], row["criteria"][0]) == (
        {"punti": ["20", "30", "10"]},
        {
            "code": "coppie",
            "given": ["5", None, "3.5"],
            "found": {"exact": "17/2", "published": "8.5000"},
            "counted": {"exact": "193/500", "published": "0.3860"},
            "points": {"exact": "579/25", "published": "23.16"},
            "raw": {"exact": "579/25", "published": "23.16"},
        },
    )


def test_who_fell_out_is_still_what_the_others_are_rescaled_by():
    assert [(row["application"], row["total"]["published"]) for row in whole()["rows"]] == [
        ("D-2", "45.43"),
        ("D-1", "45.43"),
        ("D-3", "10.53"),
        ("D-4", "100.00"),
    ]


def test_sorted_marks_tell_nobody_s_from_another_s():
    open_content, content = whole(), whole(hidden=True)
    assert (content["commissioners"], content["marks_order"], content["seats"]) == ([], "sorted", 3)
    assert {row["application"]: row["marks"]["punti"] for row in content["rows"]} == {
        "D-1": ["30", "20", "10"],
        "D-2": ["30", "20", "10"],
        "D-3": ["10", "10", None],
        "D-4": ["40", "35", "30"],
    }
    # By their text: at the second cell 2.5 goes before 4, and who has none is last.
    assert content["pairs"]["coppie"] == [open_content["pairs"]["coppie"][place] for place in (2, 0, 1)]
    assert content["rows"][0]["criteria"][0]["given"] == ["3.5", "5", None]
    assert [row["total"] for row in content["rows"]] == [row["total"] for row in open_content["rows"]]


@pytest.mark.parametrize("hidden", [False, True])
def test_the_whole_of_it_is_computed_again(hidden):
    assert recompute(read_back(whole(hidden=hidden))) == []


@BUSY
@given(any_calls(max_proposals=5), st.randoms(use_true_random=False))
def test_sorted_marks_are_the_same_whichever_member_gave_them(call, random):
    grid, marks, pairs = call
    content = publish(grid, marks, places=2, seats=3, pairs=pairs, hidden=True)
    assert recompute(read_back(content)) == []
    mixed = {name: {code: random.sample(row, len(row)) for code, row in given.items()} for name, given in marks.items()}
    tables = {code: random.sample(given, len(given)) for code, given in pairs.items()}
    assert canonical(publish(grid, mixed, places=2, seats=3, pairs=tables, hidden=True)) == canonical(content)


@pytest.mark.parametrize(
    "changes, problem",
    [
        ({"marks_order": MarksOrder.SORTED, "seats": 3}, "sorted marks belong to no commissioner"),
        ({"marks_order": MarksOrder.SORTED, "commissioners": ()}, "only how many they are is said"),
        ({"seats": 2}, "2 seats, but 3 commissioners"),
    ],
)
def test_a_publication_says_once_who_marked(changes, problem):
    given = {"commissioners": ("a", "b", "c"), "act": None, "demonstration": ""} | changes
    with pytest.raises(ValueError, match=problem):
        Publication("c", "Avviso", "0" * 64, "1", "Area", **given)


@pytest.mark.parametrize(("drawn", "orders"), [((), [[]]), ((DRAWN,), []), ((DRAWN,), [[], []])])
def test_the_order_of_a_draw_goes_with_where_it_comes_from(drawn, orders):
    publication = Publication("c", "Avviso", "0" * 64, "1", "Area", (), None, "", draws=drawn)
    ranking = rank(GRID, {}, places=1, draws=orders)
    with pytest.raises(ValueError, match="go together"):
        document(publication, {}, ranking)


def test_before_the_act_there_is_none():
    assert publish(GRID, MARKS, places=2)["act"] is None


def test_a_draw_is_in_the_document_with_the_turns_that_it_gave():
    content = publish(GRID, MARKS, places=2, draws=[["D-3", "D-1"]])
    assert (content["draws"], content["ties"], content["contested"]) == (
        [{"order": ["D-3", "D-1"], "sha256": "ab" * 32, "source": "Lotto, ruota di Milano", "value": "7 19 23 48 81"}],
        [],
        0,
    )
    assert content["rows"][2]["explanation"]["behind"] == {
        "link": {"kind": "draw", "code": ""},
        "position": 2,
        "own": {"exact": "2", "published": "2"},
        "other": {"exact": "1", "published": "1"},
    }


@given(random_grids() | any_grids())
def test_the_whole_grid_is_in_the_document_and_can_be_read_from_it(grid):
    assert grid_from_json(json.loads(canonical(grid_to_json(grid)))) == grid


def test_the_parts_are_the_canonical_text():
    assert "".join(chunks(sheet())) == canonical(sheet())
    assert "".join(chunks(sheet() | {"rows": iter(sheet()["rows"])})) == canonical(sheet())
    nobody = publish(GRID, {}, places=2)
    assert "".join(chunks(nobody)) == canonical(nobody)


@given(random_calls(), st.none() | st.integers(0, 7), st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_no_byte(call, places, random):
    grid, marks = call
    shuffled = list(marks.items())
    random.shuffle(shuffled)
    assert canonical(publish(grid, dict(shuffled), places=places)) == canonical(publish(grid, marks, places=places))


# What a stranger can do with it


def test_gorgonzola_is_recomputed_from_its_published_text_alone():
    case = CASES["rounding_flips_ranking"]
    content = publish(gorgonzola(), {name: ten_thousandths(case[name]) for name in "XY"}, places=1)
    assert [(row["application"], row["total"]["published"]) for row in content["rows"]] == [
        ("X", "86.51"),
        ("Y", "86.44"),
    ]
    assert recompute(read_back(content)) == []


@given(random_calls(max_proposals=8), st.none() | st.integers(0, 9), st.data())
def test_any_ranking_is_recomputed_from_its_published_text_alone(call, places, data):
    grid, marks = call
    has_draw = any(step.kind == "draw" for step in grid.tie_chain)
    drawn = data.draw(st.lists(st.permutations(sorted(marks)), max_size=2)) if has_draw else []
    assert recompute(read_back(publish(grid, marks, places=places, draws=drawn))) == []


@BUSY
@given(any_calls(max_proposals=6), st.none() | st.integers(0, 7), st.randoms(use_true_random=False))
def test_a_ranking_of_every_type_is_recomputed_from_its_published_text_alone(call, places, random):
    grid, marks, pairs = call
    content = publish(grid, marks, places=places, seats=3, pairs=pairs)
    assert recompute(read_back(content)) == []
    shuffled = list(marks.items())
    random.shuffle(shuffled)
    cells = {code: [None if t is None else random.sample(t, len(t)) for t in tables] for code, tables in pairs.items()}
    assert canonical(publish(grid, dict(shuffled), places=places, seats=3, pairs=cells)) == canonical(content)


SCORING = Path(__file__).parents[1] / "data" / "scoring"


def test_a_file_of_the_first_schema_is_computed_again_and_says_the_same_today():
    first = json.loads((SCORING / "ranking-1.json").read_text())
    assert recompute(first) == []
    assert as_2(first) == sheet()
    first["rows"][0]["total"]["exact"] = "1"
    assert recompute(first) == [Difference("rows[D-2].total.exact", '"1"', '"421/5"')]


def test_a_file_of_the_first_schema_without_its_draw_is_not_one():
    first = json.loads((SCORING / "ranking-1.json").read_text())
    del first["draw"]
    with pytest.raises(Unreadable, match=r"^schema: KeyError: 'draw'$"):
        recompute(first)


def test_the_draw_of_a_file_of_the_first_schema_keeps_its_order():
    first = json.loads((SCORING / "ranking-1.json").read_text()) | {"draw": ["D-3", "D-1"]}
    assert as_2(first)["draws"] == [{"order": ["D-3", "D-1"], "sha256": "", "source": "", "value": ""}]


def test_the_example_of_the_documentation_is_one():
    text = (Path(__file__).parents[2] / "docs" / "ranking.md").read_text()
    example = json.loads(text.split("```json\n")[1].split("```")[0])
    assert recompute(example) == []
    for key in (*example, *example["rows"][0]):
        assert f"`{key}`" in text


def test_a_file_is_written_and_read_as_ever():
    text = (SCORING / "ranking-2.json").read_text().rstrip()
    assert recompute(json.loads(text)) == []
    assert canonical(sheet()) == text


def leaves(value, path=()):
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    else:
        yield path, value


def spoilt(value):
    """Each single change of a digit, or of the whole value where it has none."""
    if isinstance(value, bool) or value is None:
        yield not value
    elif isinstance(value, int):
        yield value + 1
    elif any(character.isdigit() for character in value):
        for index, character in enumerate(value):
            if character.isdigit():
                yield f"{value[:index]}{(int(character) + 1) % 10}{value[index + 1 :]}"
    else:
        yield f"{value}x"


def changed(content, path, value):
    content = copy.deepcopy(content)
    *way, last = path
    place = content
    for step in way:
        place = place[step]
    place[last] = value
    return content


def named(content, path):
    """The place as a difference names it."""
    text, place = "", content
    for step in path:
        place = place[step]
        if isinstance(step, str):
            text += f".{step}" if text else step
        elif isinstance(place, dict) and "on" in place:
            text += f"[{place['on']} {place['code']}]".replace(" ]", "]")
        elif isinstance(place, dict):
            text += f"[{place.get('application') or place.get('code') or step}]"
        else:
            text += f"[{step}]"
    return text


COPIED = {"application", "body", "title", "lot", "marks"}
"""What a row carries and nobody can compute."""


def is_name(path):
    """Whether the value names a part of a row: another name is another part."""
    return path[2:3] in {("criteria",), ("blocks",)} and path[-1] == "code" or "below" in path and path[-1] in ("on", "code")


def computed_leaves(content):
    for key in ("schema", "licence", "unfilled", "contested", "ties"):
        yield from leaves(content[key], (key,))
    for index, lot in enumerate(content["lots"]):
        for key in ("unfilled", "contested"):
            yield ("lots", index, key), lot[key]
    for index, row in enumerate(content["rows"]):
        for key in row.keys() - COPIED:
            yield from leaves(row[key], ("rows", index, key))


def as_text(value):
    return json.dumps(value, ensure_ascii=False)


@pytest.mark.parametrize(("made", "digits"), [(sheet, 522), (every_type, 697), (whole, 436)])
def test_every_changed_digit_of_what_is_computed_is_found_and_named(made, digits):
    content = read_back(made())
    tried = 0
    for path, value in computed_leaves(content):
        if path == ("schema",) or is_name(path):
            continue
        for wrong in spoilt(value):
            tried += 1
            assert recompute(changed(content, path, wrong)) == [
                Difference(named(content, path), as_text(wrong), as_text(value))
            ]
    assert tried == digits


def test_every_changed_digit_of_a_mark_is_found_and_named():
    content = read_back(sheet())
    tried = 0
    for index, row in enumerate(content["rows"]):
        for path, value in leaves(row["marks"], ("rows", index, "marks")):
            criterion = path[3]
            for wrong in spoilt(value) if value else ():
                tried += 1
                places = {difference.where for difference in recompute(changed(content, path, wrong))}
                name = row["application"]
                impossible = {f"rows[{name}].marks.{criterion}"}
                assert places == impossible or f"rows[{name}].criteria[{criterion}].sum" in places
    assert tried == 55


def test_a_changed_rule_is_found():
    content = read_back(sheet())
    exact_means = changed(content, ("grid", "rounding"), [])
    assert "rows[D-1].criteria[A].coefficient.exact" in {d.where for d in recompute(exact_means)}
    higher = changed(content, ("grid", "threshold"), "80")
    assert {d.where for d in recompute(higher)} >= {"unfilled", "rows[D-1].outcome", "rows[D-1].explanation.below[0]"}
    more_places = changed(content, ("places",), 3)
    assert {d.where for d in recompute(more_places)} >= {"contested", "rows[D-1].outcome", "rows[D-3].outcome"}


def test_two_rows_exchanged_are_found_and_named():
    content = read_back(sheet())
    rows = content["rows"]
    content["rows"] = [rows[1], rows[0], *rows[2:]]
    assert recompute(content) == [Difference("rows[0]", "D-1", "D-2"), Difference("rows[1]", "D-2", "D-1")]


def test_a_part_under_another_name_is_found():
    content = read_back(sheet())
    assert recompute(changed(content, ("rows", 0, "blocks", 1, "code"), "3")) == [Difference("rows[D-2].blocks[1]", "3", "2")]


def test_a_block_and_a_criterion_of_the_same_code_are_kept_apart():
    grid = make_grid({"A": {"A": "10"}}, thresholds={"A": "5"})
    content = read_back(publish(grid, {"D-1": {"A": [3_000]}}, places=1))
    assert [missed["on"] for missed in content["rows"][0]["explanation"]["below"]] == ["criterion", "block"]
    assert recompute(content) == []


def test_what_is_added_or_left_out_is_found():
    content = read_back(sheet())
    del content["rows"][0]["total"]["published"]
    content["rows"][1]["bonus"] = 1.5
    content["rows"][4]["explanation"]["below"].pop()
    assert recompute(content) == [
        Difference("rows[D-2].total.published", "", '"84.20"'),
        Difference("rows[D-1].bonus", "1.5", ""),
        Difference("rows[D-4].explanation.below[1]", "", "total"),
    ]


def test_a_number_of_another_type_is_another_value():
    content = changed(read_back(sheet()), ("contested",), True)
    assert recompute(content) == [Difference("contested", "true", "1")]


@pytest.mark.parametrize(
    "marks, where, published, problem",
    [
        ({"B": ["0.8", "0.8", None]}, "rows[D-1].marks.B", '["0.8", "0.8", null]', "2 marks of 3"),
        (
            {"B": ["0.8", "0.8", "1.2"]},
            "rows[D-1].marks.B",
            '["0.8", "0.8", "1.2"]',
            "a coefficient is not between 0 and 1",
        ),
        ({"C": ["0.8", "0.8", "0.8"]}, "rows[D-1].marks.C", '["0.8", "0.8", "0.8"]', "the grid has no such criterion"),
    ],
)
def test_marks_that_give_no_score_are_named(marks, where, published, problem):
    content = read_back(sheet())
    content["rows"][1]["marks"] |= marks
    assert recompute(content) == [Difference(where, published, problem)]


def test_a_criterion_without_marks_is_named():
    content = read_back(sheet())
    del content["rows"][1]["marks"]["B"]
    assert recompute(content) == [Difference("rows[D-1].marks.B", "null", "0 marks of 3")]


CANNOT = "the rules in the document cannot be applied"


@pytest.mark.parametrize(
    "path, value, problem",
    [
        (("schema",), "bando/ranking/3", "schema: ValueError: not bando/ranking/2"),
        (("places",), 2.0, "places: TypeError: an integer, not 2.0"),
        (("draws",), None, "draws: TypeError: 'NoneType' object is not iterable"),
        (("draws",), [7], "draws: TypeError: 'int' object is not subscriptable"),
        (("draws",), [{**asdict(DRAWN), "order": ["D-1", "D-1"]}], f"{CANNOT}: the same application was drawn twice"),
        (("call",), None, "call: TypeError: 'NoneType' object is not subscriptable"),
        (("grid", "threshold"), 60, "grid: TypeError: a decimal number is text in this document, not 60"),
        (("grid", "threshold"), "NaN", "grid: ValueError: NaN is not a number"),
        (("grid", "comparison"), "luck", "grid: ValueError: 'luck' is not a valid Comparison"),
        (("grid", "blocks"), [], f"{CANNOT}: every criterion of the grid must belong to exactly one block"),
        (("rows", 0, "marks", "A", 0), 0.8, "rows[0]: TypeError: a decimal number is text in this document, not 0.8"),
        (("rows", 0, "marks", "A", 0), "0.80001", "rows[0]: ValueError: 0.80001 has more than four decimals"),
        (("rows", 0, "marks", "A"), ["0.8"], "rows[0]: ValueError: one mark, or null, for each commissioner"),
        (("rows", 1, "application"), "D-2", "rows[1]: ValueError: D-2 is ranked twice"),
    ],
)
def test_a_document_that_cannot_be_recomputed_says_where(path, value, problem):
    with pytest.raises(Unreadable) as refusal:
        recompute(changed(read_back(sheet()), path, value))
    assert str(refusal.value) == problem


@pytest.mark.parametrize(
    "path, value, problem",
    [
        (("seats",), 2, "call: ValueError: 2 seats, but 3 commissioners"),
        (("seats",), "3", "call: TypeError: an integer, not '3'"),
        (("vacated",), None, "places: TypeError: an integer, not None"),
        (("lots", 0, "places"), "2", "lots: TypeError: an integer, not '2'"),
        (("lots", 0, "vacated"), 3, f"{CANNOT}: 3 places vacated of 2"),
        (("lots", 0, "code"), "s", f"{CANNOT}: two lots have the same code"),
        (("rows", 0, "lot"), "x", f"{CANNOT}: D-2 belongs to no lot of the area"),
        (("out", 0, "outcome"), "gone", "out: ValueError: 'gone' is not a valid Outcome"),
        (("out", 0, "application"), "D-9", f"{CANNOT}: D-9 fell out and was never scored"),
        (("draws", 0, "order"), None, "draws: TypeError: 'NoneType' object is not iterable"),
        (("version", "kind"), "draft", "call: ValueError: 'draft' is not a valid VersionKind"),
        (("marks_order",), "any", "call: ValueError: 'any' is not a valid MarksOrder"),
        (("pairs", "coppie", 0, 0, 2), "1.00001", "pairs: ValueError: 1.00001 has more than four decimals"),
        (("pairs", "coppie", 0, 0, 2), 2, "pairs: TypeError: a decimal number is text in this document, not 2"),
        (("pairs", "coppie", 0, 0), ["D-1", "D-2"], "pairs: ValueError: not enough values to unpack (expected 3, got 2)"),
        (("pairs", "punti"), [], f"{CANNOT}: tables of pairs on what is not compared in pairs: punti"),
    ],
)
def test_lots_departures_and_pairs_that_cannot_be_read_are_named(path, value, problem):
    with pytest.raises(Unreadable) as refusal:
        recompute(changed(read_back(whole()), path, value))
    assert str(refusal.value) == problem


def test_a_wrong_table_is_named():
    content = changed(read_back(whole()), ("pairs", "coppie", 0, 0), ["D-1", "D-2", "7"])
    assert recompute(content) == [Difference("pairs.coppie", "", "table 1: 7 between D-1 and D-2 is not a degree")]


def test_another_preference_changes_what_rests_on_it():
    content = changed(read_back(whole()), ("pairs", "coppie", 2, 1), ["D-3", "D-1", "2.5"])
    assert {d.where for d in recompute(content)} >= {
        "rows[D-3].criteria[coppie].given[2]", "rows[D-1].criteria[coppie].found.exact", "rows[D-1].total.exact"
    }  # fmt: skip


def test_cells_in_another_order_are_not_the_published_text():
    content = read_back(whole())
    content["pairs"]["coppie"][0].reverse()
    assert {d.where.split("[")[0] for d in recompute(content)} == {"pairs.coppie"}


def test_a_document_without_its_rows_says_so():
    content = read_back(sheet())
    del content["rows"]
    with pytest.raises(Unreadable, match=r"^pairs: KeyError: 'rows'$"):
        recompute(content)


# The table


def test_the_table_holds_the_figures_with_decimal_points():
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(csv_rows(sheet()))
    assert out.getvalue() == (
        "position,outcome,tied,application,body,title,points A,points B,block 1,block 2,total,total_exact,below\n"
        "1,selected,false,D-2,Ente D-2,Progetto D-2,52.20,32.00,52.20,32.00,84.20,421/5,\n"
        "2,tie_pending,true,D-1,Ente D-1,Progetto D-1,46.20,32.00,46.20,32.00,78.20,391/5,\n"
        "2,tie_pending,true,D-3,Ente D-3,Progetto D-3,46.20,32.00,46.20,32.00,78.20,391/5,\n"
        "4,waiting,false,D-5,Ente D-5,Progetto D-5,42.00,29.20,42.00,29.20,71.20,356/5,\n"
        ",below_threshold,false,D-4,Ente D-4,Progetto D-4,24.00,16.00,24.00,16.00,40.00,40,"
        "criterion B 16.00<20; total 40.00<60\n"
    )


def test_the_table_has_the_lot_and_the_reason_of_who_fell_out():
    table = list(csv_rows(whole()))
    assert [[row[0], row[1], row[3], row[6], row[-1]] for row in table] == [
        ["position", "outcome", "application", "lot", "reason"],
        ["1", "selected", "D-2", "n", ""],
        ["2", "waiting", "D-1", "n", ""],
        ["1", "selected", "D-3", "s", ""],
        ["", "renounced", "D-4", "s", "Lettera del 3 marzo."],
    ]
    assert all(len(row) == len(table[0]) for row in table)


def test_a_file_of_the_first_schema_is_a_table_too():
    first = json.loads((SCORING / "ranking-1.json").read_text())
    assert list(csv_rows(first)) == list(csv_rows(sheet()))


@pytest.mark.parametrize(
    "body, cell",
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+39", "'+39"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("Casa = famiglia", "Casa = famiglia"),
        ("L'Impronta", "L'Impronta"),
        ("", ""),
    ],
)
def test_no_text_of_others_becomes_a_formula(body, cell):
    content = sheet()
    content["rows"][0] |= {"body": body, "title": body, "application": body}
    table = list(csv_rows(content))
    assert table[1][3:6] == [cell, cell, cell]

"""``bin/verify_ranking``: thousands of random rankings, as the program that publishes writes them, come out the same; whatever is
changed in one is told. ``BANDO_TEST_CALLS=100000`` plays as many."""

from __future__ import annotations

import ast
import copy
import hashlib
import json
import logging
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import pytest

from bando.notice.grid import CriterionType
from evaluation.draw import METHOD, drawn
from evaluation.published import SCHEMA, Unreadable, recompute
from tests.evaluation.random_rankings import random_ranking
from workflow.ledger import canonical, digest

PROGRAM = Path(__file__).resolve().parents[1] / "bin" / "verify_ranking"
CALLS = int(os.environ.get("BANDO_TEST_CALLS", "2000"))
Way = tuple[str | int, ...]


@cache
def program() -> ModuleType:
    """``bin/verify_ranking`` as a module."""
    loader = SourceFileLoader("verify_ranking", str(PROGRAM))
    module = module_from_spec(spec_from_loader("verify_ranking", loader))
    sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
    try:
        loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = before
    return module


def said(content: bytes | str, *draws: str, sha256: str | None = None, english: bool = False) -> list[str]:
    """The lines that say no, and nothing when all is right; for what can't be read, its one sentence."""
    lines: list[str] = []
    module = program()
    content = content.encode() if isinstance(content, str) else content
    try:
        module.check(module.Report(english, lines.append), content, sha256, [draw.encode() for draw in draws])
    except module.Unreadable as problem:
        return [problem.words[english]]
    return [line.removeprefix("[NO]").strip() for line in lines if line.startswith("[NO]")]


def verify(*arguments: object, folder: Path) -> tuple[int, str]:
    """The program as a stranger runs it: alone with the standard library. Its exit code and all that it said."""
    command = [sys.executable, "-I", "-S", str(PROGRAM), *map(str, arguments)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def plain(document: dict[str, Any]) -> dict[str, Any]:
    """What is in the file: of its parts none is shared."""
    return json.loads(canonical(document))


def ranking(seed: int) -> dict[str, Any]:
    return plain(random_ranking(Random(seed))[0])


def chosen(**wanted: Any) -> dict[str, Any]:
    """The first random ranking with ``wanted`` among its values; True for any value that says something."""
    for seed in range(10_000):
        found = ranking(seed)
        if len(found["rows"]) > 3 and all(
            found[key] if value is True else found[key] == value for key, value in wanted.items()
        ):
            return found
    raise LookupError(wanted)


# Every ranking comes out the same


def traits(document: dict[str, Any]) -> Iterator[str]:
    """What happens in a ranking."""
    grid = document["grid"]
    yield from {criterion.get("type", "coefficient") for criterion in grid["criteria"]}
    yield from {row["outcome"] for row in document["rows"]}
    yield from (f"rounded at {rule['at']} {rule['mode']}" for rule in grid["rounding"])
    yield from (f"rescaled {step}" for step in grid.get("rescaling", ()))
    yield from (
        f"by {row['explanation']['behind']['link']['kind']}" for row in document["rows"] if row["explanation"]["behind"]
    )
    yield from (key for key in ("lots", "pairs", "out", "ties", "vacated", "unfilled", "contested") if document[key])
    yield f"marks {document['marks_order']}"
    yield f"compares {grid['comparison']}"
    yield grid.get("composition", "mean")
    if any(None in marks for row in document["rows"] for marks in row["marks"].values()):
        yield "conflict"
    if any(table is None for tables in document["pairs"].values() for table in tables):
        yield "no table"
    if any(c.get("type") == "pairwise" and c["code"] not in document["pairs"] for c in grid["criteria"]) and document["rows"]:
        yield "too few for pairs"
    yield f"draws {len(document['draws'])}"


def test_random_rankings_never_differ_and_play_everything_that_a_call_may_say() -> None:
    different, played = {}, Counter()
    for seed in range(CALLS):
        document, commitments = random_ranking(Random(seed))
        if lines := said(canonical(document), *commitments):
            different[seed] = lines
        played.update(set(traits(document)))
    logging.getLogger(__name__).info("%s random rankings played: %s", CALLS, dict(played))
    assert different == {}
    expected = {
        *map(str, CriterionType),
        *("selected", "waiting", "tie_pending", "below_threshold", "excluded", "renounced", "forfeited"),
        *(
            f"rounded at {at} {mode}"
            for at in ("coefficient", "mean", "product", "total")
            for mode in ("half_up", "half_even", "truncate")
        ),
        *("rescaled criterion", "rescaled block", "rescaled total"),
        *("by total", "by block", "by criterion", "by draw"),
        *(
            "lots",
            "pairs",
            "out",
            "ties",
            "vacated",
            "unfilled",
            "contested",
            "conflict",
            "no table",
            "too few for pairs",
            "draws 0",
            "draws 1",
            "draws 2",
        ),
        *("marks member", "marks sorted", "compares exact", "compares published", "mean", "sum"),
    }
    assert {trait for trait in expected if not played[trait]} == set()


# Whatever is changed is told

WORDS_ALONE = {
    *("licence", "demonstration", "version", "call", "area", "act", "commissioners", "unfilled_reason"),
    *("body", "title", "reason", "source", "label", "descriptor", "letter", "guidance", "unit"),
}
"""What nothing is computed from: only the hash of the file tells that it was changed."""


def leaves(value: Any, way: Way = ()) -> Iterator[Way]:
    match value:
        case dict():
            for key, inside in value.items():
                yield from leaves(inside, (*way, key))
        case list():
            for index, inside in enumerate(value):
                yield from leaves(inside, (*way, index))
        case _:
            yield way


def at(document: Any, way: Way) -> Any:
    for step in way:
        document = document[step]
    return document


def changed(document: dict[str, Any], way: Way, value: Any) -> dict[str, Any]:
    again = copy.deepcopy(document)
    at(again, way[:-1])[way[-1]] = value
    return again


def another(value: Any, random: Random) -> Any:
    """Something else of the same kind, or near it."""
    match value:
        case None:
            return random.choice(["0", 1, True])
        case bool():
            return not value
        case int():
            return random.choice([value + 1, value + 10, None])
        case "selected" | "waiting" | "tie_pending" | "below_threshold":
            return random.choice([one for one in ("selected", "waiting", "tie_pending", "below_threshold") if one != value])
    if value.lstrip("-").replace(".", "", 1).replace("/", "", 1).isdecimal():
        return random.choice([one for one in ("0", "1", "0.5", value + "1", "-" + value) if one != value])
    return value + "x"


def is_input(way: Way) -> bool:
    """Whether the calculation starts from it: another value may give the same ranking."""
    if way[0] == "rows":
        return way[2] in ("lot", "application")
    return way[0] in ("schema", "grid", "places", "vacated", "out", "draws", "lots", "marks_order", "seats") and way[
        -1
    ] not in (
        "unfilled",
        "contested",
    )


def agreed(document: dict[str, Any]) -> bool:
    """Whether the program that publishes makes the same ranking of it, however the rules are written."""
    try:
        return all(difference.where.startswith("grid") for difference in recompute(document))
    except Unreadable:
        return False


def test_each_changed_number_of_a_ranking_is_told() -> None:
    untold, tried = [], 0
    random = Random(1)
    for seed in range(CALLS // 10):
        document = ranking(seed)
        ways = [way for way in leaves(document) if not WORDS_ALONE & set(way)]
        # A few of each, and all of the first rankings.
        for way in ways if seed < 6 else random.sample(ways, min(6, len(ways))):
            value = another(at(document, way), random)
            tampered = changed(document, way, value)
            tried += 1
            if not said(canonical(tampered)) and not (is_input(way) and agreed(tampered)):
                untold.append((seed, way, value))
    logging.getLogger(__name__).info("%s changes tried", tried)
    assert untold == []
    assert tried > CALLS // 2


def test_rows_in_another_order_are_told() -> None:
    for seed in range(100):
        document = ranking(seed)
        if len(document["rows"]) > 1:
            rows = document["rows"]
            rows[0], rows[1] = rows[1], rows[0]
            assert said(canonical(document))[:2] == [
                f"Riga {row}: nel file c'è la domanda {one}, il calcolo ci mette la domanda {two}."
                for row, one, two in (
                    (1, rows[0]["application"], rows[1]["application"]),
                    (2, rows[1]["application"], rows[0]["application"]),
                )
            ]


@pytest.mark.parametrize("place", [0, -1])
def test_a_row_that_was_taken_away_is_told_if_anybody_else_rests_on_it(place: int) -> None:
    """A proposal that nobody is compared with can be left out without a trace in the numbers: the hash of the file tells."""
    told = 0
    for seed in range(200):
        document = ranking(seed)
        if len(document["rows"]) < 3:
            continue
        del document["rows"][place]
        assert bool(said(canonical(document))) or agreed(document)
        told += bool(said(canonical(document)))
    assert told > 50


def test_a_row_told_twice_is_refused() -> None:
    document = chosen(lots=[])
    document["rows"].append(document["rows"][0])
    assert said(canonical(document)) == [f"rows[{len(document['rows']) - 1}].application: ogni domanda sta in una riga sola."]


@pytest.mark.parametrize("way", [("licence",), ("rows", 0, "total"), ("rows", 0, "criteria", 0, "points", "exact"), ("pairs",)])
def test_what_is_missing_is_told(way: Way) -> None:
    document = ranking(3)
    del at(document, way[:-1])[way[-1]]
    assert len(said(canonical(document))) == 1


@pytest.mark.parametrize("way", [(), ("rows", 0), ("rows", 0, "explanation"), ("rows", 0, "total")])
def test_what_should_not_be_there_is_told(way: Way) -> None:
    document = ranking(3)
    at(document, way)["surplus"] = "1"
    assert len(said(canonical(document))) == 1


def test_the_example_that_the_format_explains_by_hand_agrees() -> None:
    words = (PROGRAM.parents[1] / "docs" / "ranking.md").read_text()
    assert said(words.split("```json\n")[1].split("```")[0]) == []


# In which words


def small() -> dict[str, Any]:
    """Two proposals, one criterion, marks of two members: the second has more."""
    one, two = (
        {
            "position": position,
            "outcome": outcome,
            "tied": False,
            "application": application,
            "body": f"Ente {application}",
            "title": "",
            "lot": "",
            "marks": {"A": marks},
            "criteria": [
                {
                    "code": "A",
                    "sum": total,
                    "mean": {"exact": mean[0], "published": mean[1]},
                    "coefficient": {"exact": mean[0], "published": mean[1]},
                    "points": {"exact": points[0], "published": points[1]},
                }
            ],
            "blocks": [{"code": "P", "points": {"exact": points[0], "published": points[1]}}],
            "total": {"exact": points[0], "published": points[1]},
            "explanation": {"behind": None, "ahead": None, "places": places, "below": []},
        }
        for position, outcome, application, marks, total, mean, points, places in (
            (1, "selected", "D-2", ["1", "0.7"], "1.7", ("17/20", "0.8500"), ("51", "51.00"), [1, 1]),
            (2, "waiting", "D-1", ["0.8", "0.7"], "1.5", ("3/4", "0.7500"), ("45", "45.00"), None),
        )
    )
    link = {"kind": "total", "code": ""}
    high, low = ({"exact": number, "published": f"{number}.00"} for number in ("51", "45"))
    one["explanation"]["ahead"] = {"link": link, "position": 2, "own": high, "other": low}
    two["explanation"]["behind"] = {"link": link, "position": 1, "own": low, "other": high}
    document = {
        "schema": SCHEMA,
        "licence": "CC-BY-4.0",
        "demonstration": "",
        "version": None,
        "call": {"id": "prova", "title": "Avviso di prova", "notice_sha256": "0" * 64},
        "area": {"code": "1", "title": "Nuovi Spazi"},
        "act": None,
        "grid": {
            "code": "g",
            "title": "Griglia",
            "scale": [{"label": str(number), "coefficient": str(number), "descriptor": ""} for number in (1, 0)],
            "blocks": [{"code": "P", "title": "Progetto", "max_points": "60", "threshold": None}],
            "criteria": [
                {
                    "code": "A",
                    "title": "Idea",
                    "max_points": "60",
                    "block": "P",
                    "letter": "",
                    "guidance": "",
                    "threshold": None,
                }
            ],
            "rounding": [],
            "comparison": "exact",
            "threshold": None,
            "tie_chain": [],
            "published_digits": 2,
            "demonstration": "",
        },
        "commissioners": ["Commissario 1", "Commissario 2"],
        "marks_order": "member",
        "seats": 2,
        "places": 1,
        "vacated": 0,
        "unfilled": 0,
        "unfilled_reason": "",
        "contested": 0,
        "lots": [],
        "out": [],
        "draws": [],
        "ties": [],
        "pairs": {},
        "rows": [one, two],
    }
    return plain(document)


def test_a_ranking_that_agrees_is_told_in_numbers_and_one_last_line(tmp_path: Path) -> None:
    (tmp_path / "g.json").write_text(canonical(small()))
    sha256 = digest(canonical(small()))
    assert verify("g.json", "--sha256", sha256.upper(), folder=tmp_path) == (
        0,
        f"SHA-256 del file: {sha256}\n"
        "[ok] L'impronta è quella indicata con --sha256.\n"
        f"Graduatoria: Avviso di prova, Nuovi Spazi; 2 domande; avviso con SHA-256 {'0' * 64}\n"
        "[ok] Numeri ricalcolati: 22. Sono tutti uguali.\n"
        "[ok] L'ordine, gli esiti e le spiegazioni sono quelli che vengono dalle regole.\n"
        "\n"
        "TUTTO A POSTO: con queste regole e questi voti la graduatoria è questa.\n",
    )


def test_a_ranking_that_differs_says_which_row_and_which_number_and_ends_with_one(tmp_path: Path) -> None:
    (tmp_path / "g.json").write_text(canonical(changed(small(), ("rows", 0, "total", "published"), "51.01")))
    assert verify("g.json", "--english", folder=tmp_path)[0] == 1
    assert verify("g.json", "--english", folder=tmp_path)[1].splitlines()[2:] == [
        "[NO] Application D-2, total, published figure: the file says 51.01, the calculation gives 51.00.",
        "",
        "NO: something does not agree. Read the lines that begin with [NO].",
    ]


def test_another_hash_is_told() -> None:
    assert said(canonical(small()), sha256="f" * 64) == [f"L'impronta non è quella indicata con --sha256: {'f' * 64}"]


@pytest.mark.parametrize(
    ("way", "value", "expected"),
    [
        (("rows", 1, "position"), 3, "Domanda D-1, posizione: il file dice 3, il calcolo dà 2."),
        (("rows", 1, "position"), None, "Domanda D-1, posizione: il file dice null, il calcolo dà 2."),
        (("rows", 0, "tied"), 0, "Domanda D-2, a pari merito: il file dice 0, il calcolo dà false."),
        (("rows", 0, "outcome"), "waiting", "Domanda D-2, esito: il file dice waiting, il calcolo dà selected."),
        (
            ("rows", 0, "criteria", 0, "points", "exact"),
            "52",
            "Domanda D-2, criterio A, punti, numero esatto: il file dice 52, il calcolo dà 51.",
        ),
        (
            ("rows", 1, "explanation", "behind", "other", "exact"),
            "52",
            "Domanda D-1, spiegazione, confronto con chi precede, numero dell'altra, numero esatto: il file dice 52, il calcolo dà 51.",
        ),
        (("unfilled",), 1, "posti non assegnati: il file dice 1, il calcolo dà 0."),
        (("rows", 1, "marks", "A", 0), None, "Domanda D-1, criterio A, somma dei voti: il file dice 1.5, il calcolo dà 0.7."),
        (("rows", 0, "marks", "A", 0), "1.1", "Domanda D-2, voti del criterio A: c'è un voto che l'avviso non permette."),
        (
            ("grid", "blocks", 0, "max_points"),
            "61",
            "regole, gruppo di criteri P: il massimo del gruppo non è la somma dei suoi criteri.",
        ),
        (("schema",), "bando/ranking/1", f"Questo file non è una graduatoria che so leggere: ci vuole «schema»: «{SCHEMA}»."),
        (("seats",), 3, "commissioners: i commissari non sono quanti dice «seats»."),
        (("rows", 0, "marks", "A", 0), "1e9", "rows[D-2].marks.A: ci vuole un numero scritto come testo, per esempio «0.8»."),
        (("grid", "comparison"), "best", "grid.comparison: ci vuole uno tra exact, published."),
        (("grid", "tie_chain"), [{"kind": "draw", "code": ""}] * 501, "grid.tie_chain: sono più di 500."),
        (("places",), True, "places: ci vuole un numero intero da 0 a 1000000000."),
        (("rows", 0), [], "rows[0]: qui ci vuole un oggetto."),
        (("rows", 0, "body"), "\ud800", "rows[D-2].body: c'è mezzo carattere."),
    ],
)
def test_a_difference_is_said_in_words(way: Way, value: Any, expected: str) -> None:
    tampered = changed(small(), way, value)
    assert expected in said(json.dumps(tampered))


# The draw


def drawing(draws: int = 1) -> tuple[dict[str, Any], Sequence[str]]:
    """A ranking in which a draw decided, of so many, with their commitments."""
    for seed in range(10_000):
        document, commitments = random_ranking(Random(seed))
        if len(commitments) == draws and "by draw" in traits(document):
            return plain(document), commitments
    raise LookupError


def test_the_draw_is_made_again_from_the_list_and_the_value(tmp_path: Path) -> None:
    document, commitments = drawing(2)
    (tmp_path / "g.json").write_text(canonical(document))
    for name, commitment in zip("ab", commitments, strict=True):
        (tmp_path / name).write_text(commitment)
    made, left = (
        [line.format(draw["value"]) for draw in document["draws"]]
        for line in (
            "[ok] Il sorteggio: dall'elenco pubblicato prima e dal valore «{}» viene questo ordine.",
            "[--] C'è stato un sorteggio, con il valore «{}»: con --draw e il suo elenco rifaccio anche quello.",
        )
    )
    for lists, lines in ([], left), (["--draw=b"], [made[1], left[0]]), (["--draw", "a", "--draw=b"], made):
        code, words = verify("g.json", *lists, folder=tmp_path)
        assert (code, [line for line in words.splitlines() if "sorteggio" in line]) == (0, lines)


def test_another_value_gives_another_order_and_without_the_list_too_it_is_told() -> None:
    document, [commitment] = drawing()
    order, other = document["draws"][0]["order"], 0
    while list(drawn(commitment, str(other))) == order:
        other += 1
    tampered = changed(document, ("draws", 0, "value"), str(other))
    assert any(
        line.startswith("Dall'elenco e dal valore del sorteggio viene un altro ordine: ")
        for line in said(canonical(tampered), commitment)
    )
    told = 0
    for value in range(20):
        told += bool(said(canonical(changed(document, ("draws", 0, "value"), str(value)))))
    assert told > 3


def test_another_list_is_told() -> None:
    document, [commitment] = drawing()
    other = commitment.replace("2026-03-01", "2026-03-02")
    assert said(canonical(document), other) == [
        f"L'elenco dato con --draw non è quello del sorteggio: la sua impronta è {digest(other)}"
    ]


def test_a_list_is_of_one_ranking() -> None:
    document, [commitment] = drawing()
    assert said(canonical(changed(document, ("area", "code"), "2")), commitment) == [
        "L'elenco del sorteggio è di un'altra area."
    ]
    assert said(canonical(small()), commitment) == ["La graduatoria non ha un sorteggio."]
    assert said(canonical(document), commitment.replace(METHOD, "dice")) == [
        "Il file dato con --draw non è l'elenco di un sorteggio."
    ]


# What can't be read


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'{"a": 0.5}', "C'è un numero con la virgola mobile, 0.5: in questi file i numeri sono testi."),
        (b'{"a": 1e400}', "C'è un numero con la virgola mobile, 1e400: in questi file i numeri sono testi."),
        (b'{"a": NaN}', "C'è un numero con la virgola mobile, NaN: in questi file i numeri sono testi."),
        (b'{"a": ' + b"9" * 10_000 + b"}", "C'è un numero di più di quindici cifre."),
        (b'{"a": {"b": 1, "b": 1}}', "La voce «b» c'è due volte nello stesso posto."),
        (b"[" * 200_000, "Il file ha troppe parti una dentro l'altra."),
        (b'{"a":' * 200_000, "Il file ha troppe parti una dentro l'altra."),
        (b"[]", f"Questo file non è una graduatoria che so leggere: ci vuole «schema»: «{SCHEMA}»."),
        (b"{}", f"Questo file non è una graduatoria che so leggere: ci vuole «schema»: «{SCHEMA}»."),
    ],
)
def test_hostile_json_is_refused_with_a_sentence(content: bytes, expected: str) -> None:
    assert said(content) == [expected]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"%PDF-1.7", b"{", b'{"a": "\x01"}', b"\xef\xbb\xbf{}"])
def test_what_is_not_json_is_refused(content: bytes) -> None:
    assert [line.startswith("Il file non è JSON: ") for line in said(content)] == [True]


def test_a_number_of_thousands_of_digits_is_refused() -> None:
    """A power of a power would have taken the memory of the machine."""
    document = small()
    criterion = document["grid"]["criteria"][0]
    criterion |= {
        "type": "formula",
        "unit": "euro",
        "formula": {"kind": "power", "best": "higher", "exponent": "10", "knee": None},
    }
    document["grid"]["rescaling"] = ["criterion"]
    document["grid"]["criteria"] = [criterion | {"code": f"A{number}"} for number in range(30)]
    for row, quantity in zip(document["rows"], ("999999999999999", "999999999999.9989"), strict=True):
        row["marks"] = {
            f"A{number}": [quantity.replace("8", str(number % 9)), quantity.replace("8", str(number % 9))]
            for number in range(30)
        }
    assert len(said(canonical(document))) > 0


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("a.json", "b.json"),
        ("a.json", "--sha256"),
        ("a.json", "--sha256", "abc"),
        ("a.json", "--lang=it"),
        ("a.json", "--draw"),
    ],
)
def test_a_command_written_otherwise_says_how_it_is_written(arguments: tuple[str, ...], tmp_path: Path) -> None:
    code, words = verify(*arguments, folder=tmp_path)
    assert (code, words.splitlines()[0]) == (
        2,
        "Uso: python3 verify_ranking.py GRADUATORIA.json [--sha256 IMPRONTA] [--draw ELENCO.json]... [--english]",
    )


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert verify("g.json", folder=tmp_path) == (2, "Non riesco a leggere g.json: No such file or directory\n")


def test_a_name_can_give_no_orders_to_a_terminal(tmp_path: Path) -> None:
    tampered = changed(changed(small(), ("rows", 0, "application"), "\x1b[2J"), ("call", "title"), "\x1b]0;x\x07")
    (tmp_path / "g.json").write_text(canonical(tampered))
    assert verify("g.json", folder=tmp_path)[1].isprintable() is False  # line breaks
    assert "\x1b" not in verify("g.json", folder=tmp_path)[1]


# One file, of its own


def test_it_imports_nothing_but_the_standard_library() -> None:
    tree = ast.parse(PROGRAM.read_text())
    names = {
        (node.module if isinstance(node, ast.ImportFrom) else alias.name).split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert names <= sys.stdlib_module_names


def test_it_has_no_floating_point() -> None:
    tree = ast.parse(PROGRAM.read_text())
    assert [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, float)] == []
    assert [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "float"] == []


def test_the_hash_of_the_file_is_that_of_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "g.json").write_bytes(content := canonical(small()).encode())
    assert verify("g.json", folder=tmp_path)[1].splitlines()[0] == f"SHA-256 del file: {hashlib.sha256(content).hexdigest()}"

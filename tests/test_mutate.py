"""bin/mutate: what it lays out for mutmut, and how it tells killed, surviving and listed mutants apart."""

import re
import subprocess
import sys
import tomllib

import pytest

from mutation.__main__ import LISTED, Mutant, changes_of, function_of, report
from mutation.layout import MODULES, TESTS, lay

LISTED_ONCE = [
    {"reason": "a memory", "function": "Scorer._round_mark", "removed": r"known = self\.get\(mark\)", "added": "known = None"},
]
KILLED = Mutant("scoring", "factor", "evaluation.scoring.x_factor__mutmut_1", "killed")
EQUIVALENT = Mutant("scoring", "Scorer._round_mark", "m", "survived", "known = self.get(mark)", "known = None")
ELSEWHERE = Mutant("scoring", "Scorer._fact", "m", "survived", "known = self.get(mark)", "known = None")


def test_what_is_laid_out_needs_neither_django_nor_the_rest_of_the_project(tmp_path):
    lay(tmp_path, ("ranking",))
    laid = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.py")}
    assert {f"evaluation/{name}.py" for name in MODULES} <= laid
    assert {f"tests/evaluation/test_{name}.py" for name in TESTS} <= laid
    assert tomllib.loads((tmp_path / "pyproject.toml").read_text())["tool"]["mutmut"]["only_mutate"] == [
        "evaluation/ranking.py"
    ]
    modules = sorted(name.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for name in laid - {"conftest.py"})
    lines = ["import sys, importlib", f"sys.path.insert(0, {str(tmp_path)!r})"]
    lines += [f"for name in {modules!r}: importlib.import_module(name)", "print('django' in sys.modules)"]
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], cwd=tmp_path, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("False\n", "")


@pytest.mark.parametrize(
    "name, module, function",
    [
        ("evaluation.scoring.xǁScorerǁ__init____mutmut_12", "scoring", "Scorer.__init__"),
        ("evaluation.ranking.xǁ_Figuresǁdecision__mutmut_4", "ranking", "_Figures.decision"),
        ("evaluation.ranking.x__lots__mutmut_12", "ranking", "_lots"),
        ("evaluation.scoring.x_factor__mutmut_9", "scoring", "factor"),
    ],
)
def test_the_name_of_a_mutant_says_where_it_is(name, module, function):
    assert function_of(name) == (module, function)


def test_a_change_is_its_lines_without_the_context():
    shown = "# m: survived\n--- a.py\n+++ a.py\n@@ -1,3 +1,3 @@\n def f():\n-    x = (\n-        1)\n+    x = None\n return x\n"
    assert changes_of(shown) == ("x = ( 1)", "x = None")


@pytest.mark.parametrize(
    "mutants, ends, last",
    [
        ([KILLED, KILLED, EQUIVALENT], 0, "all: 3 mutants, 2 killed, 0 survive, 1 equivalent (listed)"),
        ([KILLED, EQUIVALENT, ELSEWHERE], 1, "all: 3 mutants, 1 killed, 1 survive, 1 equivalent (listed)"),
    ],
)
def test_what_survives_and_is_not_listed_is_a_fault(mutants, ends, last, capsys):
    assert report(mutants, ("scoring",), LISTED_ONCE) == ends
    assert capsys.readouterr().out.splitlines()[-1] == last


def test_what_is_listed_and_not_needed_is_a_fault_of_a_whole_run(capsys):
    assert [report([KILLED], modules, LISTED_ONCE) for modules in (("scoring",), MODULES)] == [0, 1]
    assert "listed and not needed: a memory" in capsys.readouterr().out.splitlines()


def test_every_listed_change_has_a_reason_and_patterns():
    listed = tomllib.loads(LISTED.read_text())["equivalent"]
    assert [set(entry) - {"function"} for entry in listed] == [{"reason", "removed", "added"}] * len(listed)
    assert all(re.compile(entry[side]) for entry in listed for side in ("removed", "added"))

"""Run the mutants and say what became of them; see ``bin/mutate``. Ends with 1 if one survives that is not listed."""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mutation.layout import MODULES, ROOT, lay

FOLDER = ROOT / "var" / "mutation"
LISTED = Path(__file__).parent / "equivalent.toml"
MUTMUT = (sys.executable, "-m", "mutmut")
KILLED = ("killed", "timeout", "segfault")
"""A mutant that never ends or ends the interpreter is seen as well as one that fails a test."""


@dataclass(frozen=True)
class Mutant:
    """``removed`` and ``added`` are the changed lines, without their indentation."""

    module: str
    function: str
    name: str
    status: str
    removed: str = ""
    added: str = ""


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/mutate")
    parser.add_argument("modules", nargs="*", metavar="module", help=f"of {', '.join(MODULES)}; all when none is named")
    parser.add_argument("--children", type=int, help="processes at a time; as many as there are processors")
    given = parser.parse_args()
    modules = tuple(given.modules) or MODULES
    if strangers := set(modules) - set(MODULES):
        parser.error(f"not a module that is mutated: {min(strangers)}")
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    lay(FOLDER, modules)
    children = ["--max-children", str(given.children)] if given.children else []
    subprocess.run([*MUTMUT, "run", *children], cwd=FOLDER, check=True)  # noqa: S603 - mutmut
    return report(list(_mutants()), modules, tomllib.loads(LISTED.read_text())["equivalent"])


def _ask(*arguments: str) -> str:
    done = subprocess.run([*MUTMUT, *arguments], cwd=FOLDER, check=True, capture_output=True, text=True)  # noqa: S603 - mutmut
    return done.stdout


def _mutants() -> Iterator[Mutant]:
    """What mutmut found, with the change of each mutant that lives."""
    for line in _ask("results", "--all", "true").splitlines():
        name, _, status = line.strip().partition(": ")
        change = ("", "") if status in KILLED else changes_of(_ask("show", name))
        yield Mutant(*function_of(name), name, status, *change)


def function_of(name: str) -> tuple[str, str]:
    """The module and the function: ``evaluation.scoring.xǁScorerǁfound__mutmut_3`` is in ``scoring``, ``Scorer.found``."""
    _, module, mangled = name.split(".")
    function = mangled.rpartition("__mutmut_")[0]
    return module, function[2:].replace("ǁ", ".")


def changes_of(shown: str) -> tuple[str, str]:
    """What a difference takes away and what it adds, each in one line without indentation."""
    lines = shown.splitlines()
    removed, added = (
        " ".join(line[1:].strip() for line in lines if line.startswith(sign) and not line.startswith(sign * 3)) for sign in "-+"
    )
    return removed, added


def report(mutants: list[Mutant], modules: tuple[str, ...], listed: list[dict[str, str]]) -> int:
    """Print each mutant that lives and the figures; 1 if one of them is not listed, or a listed one is not needed."""
    used: Counter[int] = Counter()
    figures: dict[str, Counter[str]] = {module: Counter() for module in modules}
    for mutant in mutants:
        entry = next((number for number, entry in enumerate(listed) if _is_meant(entry, mutant)), None)
        if mutant.status in KILLED:
            figures[mutant.module]["killed"] += 1
        elif entry is not None:
            figures[mutant.module]["equivalent"] += 1
            used[entry] += 1
        else:
            figures[mutant.module]["survive"] += 1
            _say(f"\n{mutant.name}: {mutant.status}\n  - {mutant.removed}\n  + {mutant.added}")
    _say("")
    for number, entry in enumerate(listed):
        if used[number]:
            _say(f"{used[number]} equivalent: {entry['reason']}")
    # Only a run of all modules can say that an entry is of no use.
    unused = [entry["reason"] for number, entry in enumerate(listed) if not used[number]] if modules == MODULES else []
    for reason in unused:
        _say(f"listed and not needed: {reason}")
    _say("")
    for module in modules:
        _say(f"{module}.py: {_in_words(figures[module])}")
    total = sum(figures.values(), Counter())
    _say(f"all: {_in_words(total)}")
    return int(bool(total["survive"] or unused))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _is_meant(entry: dict[str, str], mutant: Mutant) -> bool:
    return bool(
        entry.get("function", mutant.function) == mutant.function
        and re.fullmatch(entry["removed"], mutant.removed)
        and re.fullmatch(entry["added"], mutant.added)
    )


def _in_words(figures: Counter[str]) -> str:
    killed, survive, equivalent = (figures[name] for name in ("killed", "survive", "equivalent"))
    return f"{figures.total()} mutants, {killed} killed, {survive} survive, {equivalent} equivalent (listed)"


if __name__ == "__main__":
    sys.exit(main())

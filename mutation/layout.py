"""The modules that are mutated, what they import and their tests, laid into a folder of their own: no Django, no database."""

from __future__ import annotations

import ast
import json
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

MODULES = ("scoring", "ranking", "methods", "pairwise", "rounding", "draw")
"""Of ``evaluation``; each has its tests in ``tests/evaluation/test_<module>.py``."""
TESTS = (*MODULES, "scoring_comparison")

# The same few examples in every run: whether a mutant survives is no matter of luck, and each of them costs a run.
CONFTEST = """\
from hypothesis import HealthCheck, Phase, settings

settings.register_profile(
    "mutation",
    max_examples=15,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("mutation")


def pytest_collection_modifyitems(items):
    # Examples by hand first: they find most mutants in no time, and mutmut stops at the first test that fails.
    items.sort(key=lambda item: hasattr(item.obj, "hypothesis"))
"""

CONFIGURATION = """\
[tool.mutmut]
source_paths = ["evaluation"]
only_mutate = {mutated}
also_copy = ["bando", "workflow", "conftest.py"]
pytest_add_cli_args = ["--import-mode=importlib", "--strict-markers", "-p", "no:cacheprovider"]
pytest_add_cli_args_test_selection = ["tests/evaluation"]
use_git_change_detection = false
# On a busy machine a slow test is no endless loop.
timeout_constant = 20.0

# Its own, or pytest would look for the configuration of the project above this folder.
[tool.pytest.ini_options]
filterwarnings = ["error"]
"""


def lay(folder: Path, modules: tuple[str, ...]) -> None:
    """Fill the empty ``folder`` for mutmut, which mutates ``modules`` there."""
    for source in _needed(f"tests.evaluation.test_{name}" for name in TESTS):
        target = folder / source.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
    shutil.copytree(ROOT / "tests" / "data" / "scoring", folder / "tests" / "data" / "scoring")
    (folder / "conftest.py").write_text(CONFTEST)
    mutated = json.dumps([f"evaluation/{module}.py" for module in modules])
    (folder / "pyproject.toml").write_text(CONFIGURATION.format(mutated=mutated))


def _needed(names) -> set[Path]:
    """The files of the project that the modules ``names`` import, they and their packages included."""
    needed, waiting = set(), list(names)
    while waiting:
        name = waiting.pop()
        path = _file_of(name)
        if path is None or path in needed:
            continue
        needed.add(path)
        if "." in name:
            waiting.append(name.rpartition(".")[0])
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                waiting += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                waiting += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return needed


def _file_of(name: str) -> Path | None:
    """Of a module or a package of the project; ``None`` for whatever else is imported."""
    path = ROOT.joinpath(*name.split("."))
    return next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()), None)

"""The shape of the project, held by tests: who may import whom, what pure means, what a page may carry.

Every check is a function from a text to a list of offences, tried on texts that offend before it judges the project.
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = [
    "workflow",
    "accounts",
    "documents",
    "bando",
    "applications",
    "evaluation",
    "network",
    "rehearsal",
]  # in order of import
FOLDERS = ["applications/groups"]
"""Folders whose modules stand in the same order as those of a package."""
MODULES = [
    path.relative_to(ROOT)
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
    if "migrations" not in path.parts
]
TEMPLATES = sorted(p.relative_to(ROOT) for p in (ROOT / "templates").rglob("*.*") if p.suffix in {".html", ".svg", ".xml"})
STYLESHEETS = sorted(p.relative_to(ROOT) for p in (ROOT / "static").rglob("*.css"))


# --- imports: the contracts are in pyproject.toml ---------------------------------------------------------------------


def forbidden_imports(folder: Path) -> set[str]:
    """``importer -> imported`` for every import under `folder` that takes part in breaking a contract of pyproject.toml."""
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
    )
    assert "Contracts: " in done.stdout, done.stdout + done.stderr  # it came as far as judging
    found = set(re.findall(r"^\W+([\w.]+ -> [\w.]+)", done.stdout, re.MULTILINE))
    assert bool(found) == bool(done.returncode), done.stdout
    return found


ALLOWED = """
network.actions -> workflow.perform
evaluation.ranking -> evaluation.scoring
bando.urls -> network.urls
bando.settings -> network.apps
bando.actions -> bando.transitions
"""
FORBIDDEN = """
workflow.perform -> network.models
accounts.models -> documents.models
documents.pdf -> bando.models
bando.access -> applications.models
bando.notice.grid -> evaluation.scoring
applications.views.desk -> evaluation.models
evaluation.models -> network.models
accounts.states -> accounts.ranking
accounts.ranking -> accounts.models
accounts.models -> accounts.forms
accounts.forms -> accounts.rules
accounts.rules -> accounts.transitions
accounts.transitions -> accounts.actions
accounts.actions -> accounts.views.mine
accounts.views.mine -> accounts.urls
applications.groups.forms -> applications.groups.rules
"""


def lay_out(folder: Path, arrows: str) -> None:
    """The packages of the project, with empty modules but for these imports."""
    shutil.copy(ROOT / "pyproject.toml", folder)
    for package in [*PACKAGES, *FOLDERS]:
        (folder / package).mkdir()
        (folder / package / "__init__.py").touch()
    for arrow in arrows.split("\n"):
        for module in filter(None, arrow.split(" -> ")):
            path = folder / (module.replace(".", "/") + ".py")
            path.parent.mkdir(exist_ok=True)
            (path.parent / "__init__.py").touch()
            path.touch()
    for arrow in filter(None, arrows.split("\n")):
        importer, imported = arrow.split(" -> ")
        with (folder / (importer.replace(".", "/") + ".py")).open("a") as module:
            module.write(f"def late():\n    import {imported}\n")


def test_imports_along_the_order_are_let_be(tmp_path):
    lay_out(tmp_path, ALLOWED)
    assert forbidden_imports(tmp_path) == set()


def test_imports_against_the_order_are_found_inside_functions_too(tmp_path):
    lay_out(tmp_path, ALLOWED + FORBIDDEN)
    assert forbidden_imports(tmp_path) == set(FORBIDDEN.split("\n")) - {""}


def test_no_import_goes_against_the_order():
    assert forbidden_imports(ROOT) == set()


# --- pure modules: what they are is said in their docstring -----------------------------------------------------------

MUST_BE_PURE = {
    "workflow/transition.py",
    "workflow/ledger.py",
    "bando/deadlines.py",
    "applications/budget.py",
    "applications/merging.py",
    "applications/evidence/incidents.py",
    "evaluation/scoring.py",
    "evaluation/ranking.py",
    *(str(path) for path in MODULES if path.parts[:2] == ("bando", "notice")),
}
CLOCKS = {"now", "utcnow", "today", "time", "time_ns", "monotonic", "perf_counter"}


def says_it_is_pure(source: str) -> bool:
    return "PURE:" in (ast.get_docstring(ast.parse(source)) or "")


def dotted(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


PURE = {dotted(path): path for path in MODULES if says_it_is_pure((ROOT / path).read_text())}


def impurities(source: str, pure: set[str]) -> list[str]:
    """Imports of anything but the standard library and the modules of `pure`, readings of a clock, and floats."""
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                imported = [alias.name for alias in names]
            case ast.ImportFrom(module=module, names=names, level=0):
                within = [f"{module}.{alias.name}" for alias in names]
                imported = within if all(name in pure for name in within) else [module]
            case ast.ImportFrom():
                imported = ["a relative import"]
            case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=name)) if name in CLOCKS and owner in {
                *("time", "datetime", "date"),
            }:
                found.append(f"line {node.lineno}: reads the clock by {owner}.{name}()")
                continue
            case ast.Call(func=ast.Attribute(value=ast.Attribute(attr=owner), attr=name)) if name in CLOCKS and owner in {
                *("datetime", "date"),
            }:
                found.append(f"line {node.lineno}: reads the clock by {owner}.{name}()")
                continue
            case ast.Call(func=ast.Name(id="float")):
                found.append(f"line {node.lineno}: makes a float")
                continue
            case ast.Constant(value=float() as value):
                found.append(f"line {node.lineno}: the float {value}")
                continue
            case _:
                continue
        for name in imported:
            if name == "time" or (name not in pure and name.split(".")[0] not in sys.stdlib_module_names):
                found.append(f"line {node.lineno}: imports {name}")
    return found


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from datetime import datetime, time\nfrom decimal import Decimal", []),
        ("from bando.notice.grid import Grid", []),
        ("from bando.notice import grid", []),
        ("from bando.notice import grid, models", ["line 1: imports bando.notice"]),
        ("import django.db", ["line 1: imports django.db"]),
        ("from django.utils import timezone", ["line 1: imports django.utils"]),
        ("from bando.models import Call", ["line 1: imports bando.models"]),
        ("from . import grid", ["line 1: imports a relative import"]),
        ("import time", ["line 1: imports time"]),
        ("from time import time", ["line 1: imports time"]),
        ("at = datetime.now(tz)", ["line 1: reads the clock by datetime.now()"]),
        ("at = datetime.datetime.utcnow()", ["line 1: reads the clock by datetime.utcnow()"]),
        ("def f():\n    return date.today()", ["line 2: reads the clock by date.today()"]),
        ("half = 0.5", ["line 1: the float 0.5"]),
        ("many = 1e3", ["line 1: the float 1000.0"]),
        ("half = float('0.5')", ["line 1: makes a float"]),
        ("half = Decimal('0.5')", []),
        ("moment.time()", []),  # the hours of a datetime, not a clock
    ],
)
def test_an_impurity_is_found(source, expected):
    assert impurities(source, {"bando.notice.grid"}) == expected


@pytest.mark.parametrize(
    ("source", "expected"), [('"""Marks.\n\nPURE: no clock."""', True), ('"""Marks, purely."""', False), ("x = 1", False)]
)
def test_a_module_is_pure_when_its_docstring_says_so(source, expected):
    assert says_it_is_pure(source) is expected


def test_the_rules_of_the_procedure_are_pure():
    assert sorted(MUST_BE_PURE - {str(path) for path in PURE.values()}) == []


@pytest.mark.parametrize("module", PURE.values(), ids=str)
def test_a_pure_module_knows_only_the_standard_library(module):
    assert impurities((ROOT / module).read_text(), set(PURE)) == []


# --- pages: a strict Content-Security-Policy, and no word to anybody else ---------------------------------------------

SCRIPT_OF_DATA = {"application/json", "application/ld+json"}
LOADING = {"src", "srcset", "poster", "data", "background", "action", "formaction", "manifest"}
LOADING_BY_HREF = {"link", "use", "image", "base", "script", "feimage"}
ELSEWHERE = re.compile(r"\s*(https?:)?//", re.IGNORECASE)


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.offences: list[str] = []
        self.open_script = False
        self.feed(text)
        self.close()

    def say(self, offence: str) -> None:
        self.offences.append(f"line {self.getpos()[0]}: {offence}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.open_script = tag == "script" and given.get("type") not in SCRIPT_OF_DATA
        if tag == "style":
            self.say("<style>")
        for name, value in given.items():
            if name == "style":
                self.say(f"style= on <{tag}>")
            if name.startswith("on"):
                self.say(f"{name}= on <{tag}>")
            if value.strip().lower().startswith("javascript:"):
                self.say(f"javascript: in {name}= of <{tag}>")
            loads = name in LOADING or (name in {"href", "xlink:href"} and tag in LOADING_BY_HREF)
            if loads and ELSEWHERE.match(value):
                self.say(f"<{tag}> loads {value}")

    def handle_endtag(self, tag: str) -> None:
        self.open_script = False

    def handle_data(self, data: str) -> None:
        if self.open_script and data.strip():
            self.say("a script with a content")


def page_offences(template: str) -> list[str]:
    """Inline scripts and styles, and whatever a browser would fetch from another site.

    The template language is taken out first, line by line, so that the lines keep their numbers.
    """
    plain = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", lambda found: "\n" * found.group().count("\n"), template, flags=re.DOTALL)
    return _Page(plain).offences


def stylesheet_offences(css: str) -> list[str]:
    return [found.group() for found in re.finditer(r"url\(\s*[\"']?\s*(https?:)?//[^)]*\)|@import[^;]*;", css, re.IGNORECASE)]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("<script src=\"{% static 'js/bando.js' %}\" defer></script>", []),
        ("<script>\nstart()</script>", ["line 1: a script with a content"]),
        ('<script nonce="{{ nonce }}">start()</script>', ["line 1: a script with a content"]),
        ('<script type="application/json">{"a": 1}</script>', []),
        ('<p\n style="color: red">', ["line 1: style= on <p>"]),
        ("<p style='{{ style }}'>", ["line 1: style= on <p>"]),
        ('<p class="style">style="no tag"</p>', []),
        ("<style>p { color: red }</style>", ["line 1: <style>"]),
        ('{% if x %}\n\n{% endif %}<button onclick="go()">', ["line 3: onclick= on <button>"]),
        ('<a href="javascript:go()">', ["line 1: javascript: in href= of <a>"]),
        ('<a href="https://example.it">', []),
        ('<svg xmlns="http://www.w3.org/2000/svg"><use href="/sprite.svg#it-x"/></svg>', []),
        ('<use href="https://cdn.example/sprite.svg#x"/>', ["line 1: <use> loads https://cdn.example/sprite.svg#x"]),
        ('<link rel="stylesheet" href="//fonts.example/css">', ["line 1: <link> loads //fonts.example/css"]),
        ('<img alt="" src="HTTP://example.it/a.png">', ["line 1: <img> loads HTTP://example.it/a.png"]),
        ('<form action="https://example.it/">', ["line 1: <form> loads https://example.it/"]),
    ],
)
def test_what_a_page_may_not_carry_is_found(template, expected):
    assert page_offences(template) == expected


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("@font-face { src: url(../fonts/titillium.woff2) }", []),
        ("a { background: url('data:image/svg+xml;utf8,<svg xmlns=\"http://www.w3.org/2000/svg\"/>') }", []),
        ('a { src: url("https://fonts.example/a.woff2") }', ['url("https://fonts.example/a.woff2")']),
        ("a { src: url(//fonts.example/a.woff2) }", ["url(//fonts.example/a.woff2)"]),
        ("@import 'other.css'; a {}", ["@import 'other.css';"]),
    ],
)
def test_what_a_stylesheet_may_not_load_is_found(css, expected):
    assert stylesheet_offences(css) == expected


@pytest.mark.parametrize("template", TEMPLATES, ids=str)
def test_a_template_has_nothing_inline_and_loads_nothing_from_elsewhere(template):
    assert page_offences((ROOT / template).read_text()) == []


@pytest.mark.parametrize("stylesheet", STYLESHEETS, ids=str)
def test_a_stylesheet_loads_nothing_from_elsewhere(stylesheet):
    assert stylesheet_offences((ROOT / stylesheet).read_text()) == []


# --- the tests mirror the packages -----------------------------------------------------------------------------------


def mirrored(test: Path, modules: set[Path]) -> bool:
    """Whether ``tests/<package>/test_<module>[_<aspect>].py`` has its module, or its script of ``static/js``.

    ``bando/notice/grid.py`` is `notice_grid`, or `notice` for what is said of the whole folder; ``management/commands``
    and ``templatetags``, which Django wants, are left out of the name, and ``views`` may be. ``static/js/bando.js`` is
    `bando_js`.
    """
    package, name = test.parts[1], test.stem.removeprefix("test_")
    names = {f"{module.stem}_js" for module in modules if module.suffix == ".js"}
    for module in modules:
        if module.suffix == ".py" and module.parts[0] == package:
            inner = [
                part for part in module.with_suffix("").parts[1:] if part not in {"management", "commands", "templatetags"}
            ]
            for parts in (inner, inner[1:] if inner[0] == "views" else []):
                names |= {"_".join(parts[: n + 1]).removesuffix("___init__") for n in range(len(parts))}
    return any(name == known or name.startswith(f"{known}_") for known in names - {"__init__", ""})


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("tests/bando/test_deadlines.py", True),
        ("tests/bando/test_notice_grid.py", True),
        ("tests/bando/test_notice.py", True),
        ("tests/bando/test_notice_fixtures.py", True),
        ("tests/bando/test_views_public.py", True),
        ("tests/bando/test_public.py", True),
        ("tests/bando/test_work.py", True),
        ("tests/bando/test_deadline.py", False),
        ("tests/bando/test_grid.py", False),
        ("tests/network/test_deadlines.py", False),
        ("tests/bando/test_upload_js.py", True),
        ("tests/bando/test_download_js.py", False),
    ],
)
def test_a_test_without_its_module_is_found(test, expected):
    modules = {
        *(Path("bando/__init__.py"), Path("bando/deadlines.py"), Path("bando/notice/__init__.py")),
        *(
            Path("bando/notice/grid.py"),
            Path("bando/management/commands/work.py"),
            Path("bando/views/public.py"),
            Path("network/models.py"),
        ),
        Path("static/js/upload.js"),
    }
    assert mirrored(Path(test), modules) is expected


def test_every_test_mirrors_a_module():
    tests = [p.relative_to(ROOT) for package in PACKAGES for p in (ROOT / "tests" / package).rglob("test_*.py")]
    scripts = [path.relative_to(ROOT) for path in (ROOT / "static/js").rglob("*.js")]
    assert [str(test) for test in tests if not mirrored(test, {*MODULES, *scripts})] == []


# --- every dependency has its reason ----------------------------------------------------------------------------------


def without_reason(pyproject: str, page: str) -> list[str]:
    """The packages that pyproject.toml asks for and the tables of docs/dependencies.md do not name."""
    asked = tomllib.loads(pyproject)
    wanted = [*asked["project"]["dependencies"], *(name for group in asked["dependency-groups"].values() for name in group)]
    named = {name for row in re.findall(r"^\| ([^|]+) \|", page, re.MULTILINE) for name in row.split(", ")}
    return sorted({re.match(r"[\w-]+", name).group() for name in wanted} - named)


def test_a_dependency_without_a_reason_is_found():
    pyproject = '[project]\ndependencies = ["django>=5", "psycopg[pool]>=3"]\n[dependency-groups]\ntest = ["pytest>=9", "moto"]'
    page = "| package | reason |\n| django | the framework, not moto |\n| psycopg, pytest | why |"
    assert without_reason(pyproject, page) == ["moto"]


def test_every_dependency_has_its_reason():
    assert without_reason((ROOT / "pyproject.toml").read_text(), (ROOT / "docs/dependencies.md").read_text()) == []

"""The program of strangers, run as they would and read into this process when many files are tried."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

PROGRAM = Path(__file__).resolve().parents[2] / "bin" / "verify_receipt"


@cache
def program() -> ModuleType:
    """``bin/verify_receipt`` as a module."""
    loader = SourceFileLoader("verify_receipt", str(PROGRAM))
    module = module_from_spec(spec_from_loader("verify_receipt", loader))
    sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
    try:
        loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = before
    return module


def verify(*arguments: object, folder: Path, lang: str = "it") -> tuple[int, str]:
    """The program as a stranger runs it: alone with the standard library. Its exit code and all that it said."""
    command = [sys.executable, "-I", "-S", str(PROGRAM), *map(str, arguments), "--lang", lang]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def said(pdf: bytes, *files: tuple[str, int, str], key: set[str] | None = None) -> list[str]:
    """The lines that say no, and nothing when all is right."""
    lines: list[str] = []
    module = program()
    module.check(module.Report(False, lines.append), pdf, list(files), key)
    return [line.removeprefix("[NO]").strip() for line in lines if line.startswith("[NO]")]

"""A function in a process of its own, so that its memory is its own: ``python -m bench.apart MODULE FUNCTION ARGUMENTS``."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django

from bench.clock import cost, most_memory, statements


@dataclass(frozen=True, slots=True)
class Done:
    """What a function answered, with the seconds of processor time, the most MiB of its process, and how many statements it
    asked of the database."""

    answer: Any
    seconds: float
    memory: float
    statements: int


def apart(module: str, function: str, *arguments: str) -> Done:
    """Call ``module.function(*arguments)`` in a new process with the same environment; its answer must be JSON.

    Loading Django is not counted in the seconds, and is in the memory."""
    done = subprocess.run(  # noqa: S603 - a module of ours
        [sys.executable, "-m", "bench.apart", module, function, *arguments],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[1],
        check=True,
    )
    return Done(**json.loads(done.stdout))


def main(module: str, function: str, *arguments: str) -> None:
    django.setup()
    called = getattr(importlib.import_module(module), function)
    answers: list[Any] = []
    asked: list[int] = []
    seconds = cost(lambda: asked.append(statements(lambda: answers.append(called(*arguments)))))
    found = {"answer": answers[0], "seconds": seconds, "memory": most_memory(), "statements": asked[0]}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])

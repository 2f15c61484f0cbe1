"""The codes of the points of a formal check, as its rows keep them (``applications.models.CheckItem``).

PURE: standard library only.
"""

from __future__ import annotations

IN_TIME, BUDGET, CONFIRMED, GROUP = "in-time", "budget", "confirmed", "group"
ANSWER, OBSERVATIONS = "completion.", "rejection."


def of_requirement(code: str) -> str:
    return f"requirement.{code}"


def of_files(rule: str) -> str:
    return f"attachment.{rule}"


def of_answer(number: int) -> str:
    """The point that waits for an official to read the answer to a request of completion."""
    return f"{ANSWER}{number}"


def of_observations(number: int) -> str:
    """The point that waits for an official to read what the body observed on a notice of rejection."""
    return f"{OBSERVATIONS}{number}"

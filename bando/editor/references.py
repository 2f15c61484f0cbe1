"""What the draft offers where a key names something else of the same document: by title, as far as it is written.

Nothing here decides whether a reference is right: ``bando.notice.parse`` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Any

from django.utils.translation import gettext as _

from bando.editor.labels import Text
from bando.notice.checks import Path
from bando.notice.document import GROUP, GroupAnswer, SectionKind
from bando.notice.merge import value_at
from bando.wording import takes_part

Choice = tuple[str, Text]

ASKABLE = ("choice", "choices", "yes_no", "declaration")
"""The types of question whose answers a condition can name."""
CHOOSING = ("municipio", "choice")
"""The types of question that a lot can be chosen with: one answer, of a list."""
BETWEEN = ":"
"""Between a question and its answer in the value of a box: codes have no colon."""


def things(data: Any, *path: str | int) -> list[dict[str, Any]]:
    """The mappings of the list at ``path``; empty for anything else."""
    found = value_at(data, path)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def title_of(thing: Any, default: Text = "") -> str:
    """How a thing is called: its title, or its words, or its code."""
    if isinstance(thing, dict):
        for name in ("title", "label", "code", "path"):
            if isinstance(thing.get(name), str) and thing[name].strip():
                letter = thing.get("letter")
                return f"{letter} – {thing[name].strip()}" if letter and name == "title" else thing[name].strip()
    return str(default)


def offered(data: Any, shape: str, key: str, path: Path) -> list[Choice] | None:
    """The choices for a key of the mapping at ``path``; None where the key names nothing else."""
    match shape, key:
        case "areas", "grid":
            return _coded(things(data, "grids"))
        case "areas", "budget":
            return _coded(things(data, "budgets"))
        case "areas", "lot_question":
            return _coded([question for _path, question in questions(data) if question.get("type") in CHOOSING])
        case "areas.lots", "code":
            return _lots(data, path[:2])
        case _, "areas" if shape != "notice":
            return _coded(things(data, "areas"))
        case "areas", "municipi":
            return _municipi(range(1, 10))
        case "grids.criteria", "block":
            return _coded(things(data, *path[:2], "blocks"))
        case (("questions" | "sections"), "criterion"):
            return criteria(data)
        case "grids.tie_chain", "code":
            blocks, own = things(data, *path[:2], "blocks"), things(data, *path[:2], "criteria")
            return _once([*_coded(blocks, _("Gruppo: %(title)s")), *_coded(own, _("Criterio: %(title)s"))])
        case "when", "question":
            return _coded([question for question in before(data, path) if question.get("type") in ASKABLE])
        case "when", "is":
            return [
                (
                    f"{question.get('code')}{BETWEEN}{code}",
                    _("%(answer)s – %(question)s") % {"answer": label, "question": title_of(question)},
                )
                for question in before(data, path)
                for code, label in _answers(question)
            ]
    return None


def criteria(data: Any) -> list[Choice]:
    """The criteria of all grids; one that two grids have under the same code is there once."""
    grids = things(data, "grids")
    found = []
    for grid in grids:
        pattern = "%(title)s" if len(grids) == 1 else _("%(title)s (%(grid)s)")
        found += [
            (item["code"], pattern % {"title": title_of(item), "grid": title_of(grid)})
            for item in things(grid, "criteria")
            if isinstance(item.get("code"), str)
        ]
    return _once(found)


def questions(data: Any) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every question with its path, in the order of the form."""
    sections = data.get("sections") if isinstance(data, dict) else None
    for s, section in enumerate(sections if isinstance(sections, list) else []):
        asked = section.get("questions") if isinstance(section, dict) else None
        for q, question in enumerate(asked if isinstance(asked, list) else []):
            if isinstance(question, dict):
                yield ("sections", s, "questions", q), question


def before(data: Any, path: Path) -> list[dict[str, Any]]:
    """The questions that come before what has this condition; for an attachment, all of them. How the body takes part is
    one of them, where a section asks it."""
    here = path[:-1] if path and path[-1] == "when" else path
    known = [*questions(data), *_groups(data)]
    return [question for place, question in sorted(known, key=itemgetter(0)) if here[0] != "sections" or place < here]


def _groups(data: Any) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The first group section, as the question that a condition on it names."""
    sections = data.get("sections") if isinstance(data, dict) else None
    for s, section in enumerate(sections if isinstance(sections, list) else []):
        if isinstance(section, dict) and section.get("kind") == SectionKind.GROUP:
            answers = [{"code": str(answer), "label": takes_part(answer)} for answer in GroupAnswer]
            yield ("sections", s), {"code": GROUP, "label": _("Come partecipa l'ente"), "type": "choice", "choices": answers}
            return


def _answers(question: dict[str, Any]) -> list[Choice]:
    match question.get("type"):
        case "yes_no":
            return [("yes", _("Sì")), ("no", _("No"))]
        case "declaration":
            return [("yes", _("Dichiarata"))]
        case "choice" | "choices":
            return _coded(things(question, "choices"))
    return []


def _lots(data: Any, area: Path) -> list[Choice]:
    """The answers of the question that chooses the lot in an area."""
    wanted = value_at(data, (*area, "lot_question"))
    question = next((asked for _path, asked in questions(data) if asked.get("code") == wanted), {})
    if question.get("type") == "municipio":
        known = value_at(data, (*area, "municipi"))
        return _municipi(known if isinstance(known, list) else [])
    return _coded(things(question, "choices"))


def _municipi(numbers: Iterable[Any]) -> list[Choice]:
    return [(str(number), _("Municipio %(n)s") % {"n": number}) for number in numbers]


def _coded(items: list[dict[str, Any]], pattern: str = "%(title)s") -> list[Choice]:
    return [(item["code"], pattern % {"title": title_of(item)}) for item in items if isinstance(item.get("code"), str)]


def _once(choices: list[Choice]) -> list[Choice]:
    known: dict[str, Text] = {}
    for code, label in choices:
        known.setdefault(code, label)
    return list(known.items())

"""What is left to do, in the words of the page: "scrivi half_up, half_even o truncate" speaks to who writes a file.

``parse`` names keys and values as the document writes them. Here a key becomes the label of its field, a value the words of its
choice, a path what the thing is called, and days and numbers are written the Italian way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from bando.drafting import faults
from bando.editor.codes import shape_at
from bando.editor.labels import WORDS
from bando.editor.parts import label_of
from bando.editor.values import shown
from bando.notice.checks import Path
from bando.notice.parse import Fault
from bando.notice.shapes import SHAPES, Many, Shape

ITALIAN = {"date", "file", "formula", "municipi", "municipio", "no"}
"""Names of the schema that are words of the sentences as well."""

_PHRASES = (
    (r"giorno e ora locale con i secondi, per esempio \S+", "giorno e ora, per esempio 18/10/2021 alle 12:00"),
    (r"^manca: scrivi un codice breve.*", "manca: salva questa pagina e lo facciamo noi dal titolo"),
    (r", oppure null se non c'è una soglia", ", oppure scegli che non c'è una soglia"),
    (r", oppure \[\] se ", ", oppure scegli che "),
    (r"scrivi scale: \[\]", "togli i giudizi della scala"),
    (r",? (ciascun[oa] )?con (code|label) e [a-z]+", ""),
    (r"^manca: .* ha bisogno di formula$", "manca: compila la formula"),
    (r"^manca: una? (criterio di tipo|formula) [a-z_]+ ha bisogno di ", "manca: compila "),
    (r"^([a-z_]+) vale solo con type: .*", r"\1 qui non serve: cancellalo, o cambia type"),
    (r"\bchoice(,| e) choices\b", r"choice\1 «Scelta di più risposte»"),
    (r"^(manca: )?scrivi almeno un formato.*", r"\1scegli almeno un formato"),
    (r", con question e is", ""),
    (r": codici di choices, oppure yes o no, per esempio \[yes\]", ""),
    (r",? per esempio \[[^]]*\]", ""),
    (r"per number, money, date, choices e table", "per numeri, importi, date, scelte di più risposte e tabelle"),
    (r"true o false", "sì o no"),
    (r"\bscrivi il codice del gruppo o del criterio", "scegli il gruppo o il criterio"),
    (r"\bscrivi il codice di un", "scegli un"),
    (r"\bscrivi l'elenco dei codici delle aree", "scegli le aree"),
    (r"\bexact \(frazioni esatte\) o published \(totali arrotondati\)", "exact o published"),
    (r": scegli tra [^:]*$", ": scegli di nuovo"),
    (r"cifre dopo il punto", "cifre dopo la virgola"),
    (r"scrivi uno di questi tipi", "scegli uno di questi tipi"),
)
_QUOTED = re.compile(r"(«[^»]*»)")
_PATH = re.compile(r"[a-z_]+(?:\[[0-9]+\]|\.[a-z_]+)*\[[0-9]+\](?:\.[a-z_]+|\[[0-9]+\])*")
_DAY = re.compile(r"\b([0-9]{4})-([0-9]{2})-([0-9]{2})\b")
_NUMBER = re.compile(r"(?<=per esempio )[0-9]+\.[0-9]+\b")
_SET = re.compile(rf"\b(?:scrivi )?({'|'.join(sorted({name for _shape, name in WORDS}))}): ([a-z_]+|[0-9]+)\b")
_NAME = re.compile(r"(?<![\w/@.-])[a-z]+(?:_[a-z]+)*(?![\w'’/@-])")


def faults_in_words(data: Any) -> list[Fault]:
    """What is left to do in the document, said to who writes it in the pages."""
    return [Fault(fault.path, in_words(data, fault)) for fault in faults(data)]


def in_words(data: Any, fault: Fault) -> str:
    """``"unit vale solo per il tipo number"`` -> ``"«Unità di misura» vale solo per il tipo «Numero»"``."""
    text = fault.sentence
    for pattern, words in _PHRASES:
        if words.startswith("manca: salva") and not _is_titled(fault.path):
            continue
        text = re.sub(pattern, words, text)
    text = _outside(text, lambda part: _PATH.sub(lambda found: f"«{_called(data, found[0])}»", part))
    text = _outside(text, lambda part: _DAY.sub(r"\3/\2/\1", _NUMBER.sub(lambda found: shown("euro", found[0]), part)))
    text = _outside(text, lambda part: _SET.sub(lambda found: _setting(fault.path, found), part))
    text = _outside(text, lambda part: _NAME.sub(lambda found: _named(fault.path, found[0]), part))
    text = _QUOTED.sub(lambda found: f"«{_title(data, fault.path, found[0][1:-1])}»", text)
    return re.sub(r"^(manca: )?scrivi «", lambda found: f"{found[1] or ''}scegli «", text)


def _outside(text: str, change: Callable[[str], str]) -> str:
    """What stands in quotes is already in words, or was written by a person."""
    return "".join(part if part.startswith("«") else change(part) for part in _QUOTED.split(text))


def _is_titled(path: Path) -> bool:
    shape = shape_at(path[:-1])
    return shape is not None and any(key.name in {"title", "label"} for key in shape.keys)


def _called(data: Any, text: str) -> str:
    path = tuple(int(step) if step.isdigit() else step for step in re.findall(r"[a-z_]+|[0-9]+", text))
    return label_of(data, path[:-1] if path[-1] == "code" else path)


def _title(data: Any, path: Path, code: str) -> str:
    """The title of the thing of that code, where exactly one has it; of a choice, its words. Who corrects a code reads it."""
    owner = shape_at(path[:-1])
    if owner and (words := _choice(owner, str(path[-1]), code)):
        return words
    if path[-1] == "code":
        return code
    titles = {str(thing.get("title") or thing.get("label") or code) for thing in _things(data) if thing.get("code") == code}
    return titles.pop() if len(titles) == 1 else code


def _things(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, dict):
        yield data
    for inner in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _things(inner)


def _setting(path: Path, found: re.Match[str]) -> str:
    """``odd: false`` is a box to clear, ``mode: for_months`` a choice to make."""
    name, value = found[1], found[2]
    label = _named(path, name)
    if value.isdigit():
        return f"scrivi {value} in {label}"
    return {"true": f"segna {label}", "false": f"togli il segno a {label}"}.get(value, f"{label}: {_named(path, value, name)}")


def _named(path: Path, name: str, key: str = "") -> str:
    """A key as the label of its field, a value as the words of its choice; any other word as it is."""
    if name in ITALIAN:
        return name
    shapes = list(_near(path))
    asked = key or (str(path[-1]) if path else "")
    for shape in shapes[:1] if not key else shapes:
        if words := _choice(shape, asked, name):
            return f"«{words}»"
    for shape in shapes:
        if not key and (shape.title, name) in WORDS:
            return f"«{WORDS[shape.title, name].label}»"
        for known in shape.keys:
            if words := _choice(shape, known.name, name):
                return f"«{words}»"
    return name


def _choice(shape: Shape, key: str, value: str) -> str:
    words = WORDS.get((shape.title, key))
    label = dict(words.options).get(value, "") if words else ""
    return re.split(r": | \(", str(label))[0]


def _near(path: Path) -> Iterator[Shape]:
    """The shapes that a sentence about ``path`` may speak of, the nearest first."""
    seen: list[str] = []
    at = [(*path, 0), *(path[:length] for length in range(len(path), -1, -1))]
    around = [shape for here in at if (shape := shape_at(here))]
    inside = [inner for shape in around[:1] for inner in _inside(shape)]
    for shape in [*around[:1], *inside, *around[1:], *SHAPES]:
        if shape.title not in seen:
            seen.append(shape.title)
            yield shape


def _inside(shape: Shape) -> Iterator[Shape]:
    for key in shape.keys:
        kind = key.kind.of if isinstance(key.kind, Many) else key.kind
        if isinstance(kind, Shape):
            yield kind
            yield from _inside(kind)

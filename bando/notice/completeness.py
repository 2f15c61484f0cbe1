"""The checklist before publication: what a call must say, why, and what is left to write.

PURE: standard library only. It reads a document that may be half written, so nothing about its shape is taken for
granted: what is not there, or is not what it should be, is left to do. It doesn't repeat the faults of ``parse``; it asks
for what a document without faults may still lack. What blocks is what the law demands or what would leave a ranking
without an answer; the rest warns, because an office may have its reasons or may have said it in another act.

The contents are those that D.M. 72/2021 lists for a co-design notice (purpose and object, duration, economic frame,
requirements, rules on conflicts, phases, criteria, conclusion, the co-programming act, draft agreement, forms), with what
judgments added since. ``source`` is "Regola di questo programma" where no law or judgment says it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from bando.deadlines import ROME, in_utc
from bando.notice.checks import Path
from bando.notice.kinds import INSTANT, Kind, Unreadable, whole


class Weight(StrEnum):
    """``BLOCKS``: no publication without it. ``WARNS``: publication is possible, and somebody should decide it knowingly."""

    BLOCKS = "blocks"
    WARNS = "warns"


@dataclass(frozen=True, slots=True)
class Item:
    """``code`` names the check (several items may have the same one, each with its path); ``title`` is what the notice
    says; ``sentence``, written as the faults of ``parse`` are, is what to do when it is not ``done``."""

    code: str
    title: str
    source: str
    weight: Weight
    done: bool
    sentence: str
    path: Path


def checklist(data: Any) -> tuple[Item, ...]:
    """Every check on the plain data of a document, whole or not, in the order in which a notice says things."""
    return tuple(item for check in _CHECKS for item in check(data))


_DM72 = "D.M. 72/2021"
_OURS = "Regola di questo programma"
_LEAST_PUBLICATION = timedelta(days=20)
_RUNTS_FROM = datetime(2021, 11, 23, tzinfo=ROME)
"""The register works from this day on (director's decree 561 of 26 October 2021): before it, bodies prove what they are by
the older registers (art. 101, paragraph 3, D.Lgs. 117/2017)."""


def _at(data: Any, *path: str) -> Any:
    for step in path:
        data = data.get(step) if isinstance(data, dict) else None
    return data


def _rows(data: Any, name: str) -> list[tuple[int, dict[str, Any]]]:
    """The mappings of a list, each with its position."""
    found = _at(data, name)
    return [(i, row) for i, row in enumerate(found) if isinstance(row, dict)] if isinstance(found, list) else []


def _said(value: Any) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value not in (None, [], {})


def _name(value: Any) -> str:
    return str(value) if _said(value) and not isinstance(value, (dict, list)) else ""


def _read(kind: Kind, value: Any) -> Any:
    try:
        return kind.read(value)
    except Unreadable:
        return None


def _texts(data: Any) -> Iterator[str]:
    """Every text of the document, in any depth."""
    waiting = [data]
    while waiting:
        match waiting.pop():
            case str(text):
                yield text
            case dict(values):
                waiting += values.values()
            case list(values):
                waiting += values


def _speaks(data: Any, pattern: str) -> bool:
    return any(re.search(pattern, text, re.IGNORECASE) for text in _texts(data))


def _written(code: str, title: str, source: str, weight: Weight, sentence: str, *path: str) -> Callable[[Any], Iterator[Item]]:
    """A check that something is written at ``path``."""

    def check(data: Any) -> Iterator[Item]:
        yield Item(code, title, source, weight, _said(_at(data, *path)), sentence, path)

    return check


def _duration(data: Any) -> Iterator[Item]:
    told = _said(_at(data, "agreement", "duration_months"))
    told = told or _speaks(_at(data, "agreement"), r"\bdurat[ae]\b|\bdura(?:no)?\b|\b(?:mesi|anni)\b")
    yield Item(
        "duration",
        "Durata",
        f"Art. 55 del D.Lgs. 117/2017; {_DM72}",
        Weight.BLOCKS,
        told,
        "manca: scrivi quanti mesi dura la convenzione, oppure un articolo che dice come si stabilisce la durata",
        ("agreement", "duration_months"),
    )


def _publication(data: Any) -> Iterator[Item]:
    opens, deadline = (_read(INSTANT, _at(data, "calendar", name)) for name in ("opens", "deadline"))
    yield Item(
        "publication",
        "Almeno 20 giorni di pubblicazione",
        "Leggi regionali, dove lo chiedono (per esempio G.U. 20R00343)",
        Weight.WARNS,
        bool(opens and deadline) and in_utc(deadline) - in_utc(opens) >= _LEAST_PUBLICATION,
        "controlla la legge della tua regione: se chiede almeno 20 giorni, scrivi un'apertura almeno 20 giorni prima della scadenza",
        ("calendar", "opens"),
    )


def _runts(data: Any) -> Iterator[Item]:
    title, source = "Registri prima del RUNTS", "Art. 101, comma 3, del D.Lgs. 117/2017"
    sentence = (
        "il RUNTS funziona dal 23 novembre 2021 e l'avviso scade prima: accetta anche l'iscrizione ai registri precedenti"
    )
    deadline = _read(INSTANT, _at(data, "calendar", "deadline"))
    asked = [("requirements", i) for i, row in _rows(data, "requirements") if _only_runts(row)]
    asked += [
        ("sections", s, "questions", q)
        for s, section in _rows(data, "sections")
        for q, row in _rows(section, "questions")
        if row.get("required") is not False and not _said(row.get("choices")) and _only_runts(row)
    ]
    if deadline is None or in_utc(deadline) >= _RUNTS_FROM.astimezone(UTC) or not asked:
        yield Item("runts", title, source, Weight.WARNS, True, sentence, ("requirements",))
        return
    for path in asked:
        yield Item("runts", title, source, Weight.WARNS, False, sentence, path)


def _only_runts(row: dict[str, Any]) -> bool:
    return _speaks(row, r"\bRUNTS\b") and not _speaks(row, r"\bregistri\b|\balb[oi]\b|art(?:\.|t\.|icolo) .*\b101\b")


_CRITERIA = "Art. 12 della L. 241/1990; " + _DM72


def _grids(data: Any) -> Iterator[Item]:
    """Criteria, scale, maximum of each and ties: without one of them nobody could say who wins."""
    rows = _rows(data, "grids")
    for title, code, source, sentence in (
        ("Criteri di valutazione", "criteria", _CRITERIA, "manca: scrivi una griglia con almeno un criterio"),
        ("Scala dei giudizi", "scale", "Cons. Stato 2148/2023", "manca: scrivi come si danno i punti di ogni criterio"),
        (
            "Punti massimi di ogni criterio",
            "maximum",
            "TAR Lombardia 2408/2025",
            "manca: scrivi quanti punti vale ogni criterio",
        ),
        ("Regola per le parità", "ties", _CRITERIA, "manca: scrivi come si sciolgono le parità"),
    ):
        if not rows:
            yield Item(code, title, source, Weight.BLOCKS, False, sentence, ("grids",))
            continue
        for g, grid in rows:
            faults = list(_FAULTS_OF_GRID[code](grid))
            for path, what in faults:
                yield Item(code, title, source, Weight.BLOCKS, False, what, ("grids", g, *path))
            if not faults:
                yield Item(code, title, source, Weight.BLOCKS, True, sentence, ("grids", g))


Found = Iterator[tuple[Path, str]]


def _no_criteria(grid: dict[str, Any]) -> Found:
    if not _rows(grid, "criteria"):
        yield ("criteria",), "manca: scrivi almeno un criterio"


_HOW = {
    "levels": ("levels", "i giudizi, ciascuno con i suoi punti"),
    "pairwise": ("pairwise", "come si confrontano le proposte a coppie"),
    "count": ("per_unit", "quanti punti vale ogni unità"),
    "bands": ("bands", "le fasce, ciascuna con i suoi punti"),
    "formula": ("formula", "la formula"),
    "penalty": ("penalty", "quanti punti si tolgono"),
}


def _no_scale(grid: dict[str, Any]) -> Found:
    criteria = _rows(grid, "criteria")
    by_coefficient = [row for _, row in criteria if _name(row.get("type")) in ("", "coefficient", "pairwise")]
    if (by_coefficient or not criteria) and not _rows(grid, "scale"):
        yield ("scale",), "manca: scrivi i giudizi della scala, ciascuno con il suo coefficiente"
    for c, row in criteria:
        key, what = _HOW.get(_name(row.get("type")), ("", ""))
        if key and not _said(row.get(key)):
            yield ("criteria", c, key), f"manca: scrivi {what}"


def _no_maximum(grid: dict[str, Any]) -> Found:
    for c, row in _rows(grid, "criteria"):
        if not _name(row.get("max_points")):
            yield ("criteria", c, "max_points"), "manca: scrivi quanti punti vale al massimo questo criterio"


def _no_ties(grid: dict[str, Any]) -> Found:
    if not _rows(grid, "tie_chain"):
        yield (
            ("tie_chain",),
            "manca: scrivi come si sciolgono le parità (gruppi e criteri da confrontare, in ordine, e alla fine il sorteggio)",
        )


_FAULTS_OF_GRID: dict[str, Callable[[dict[str, Any]], Found]] = {
    "criteria": _no_criteria,
    "scale": _no_scale,
    "maximum": _no_maximum,
    "ties": _no_ties,
}


def _ties_end(data: Any) -> Iterator[Item]:
    for g, grid in _rows(data, "grids"):
        if chain := _rows(grid, "tie_chain"):
            yield Item(
                "ties-end",
                "Una parità che si scioglie sempre",
                _OURS,
                Weight.WARNS,
                chain[-1][1].get("kind") == "draw",
                "il confronto può restare pari fino in fondo: aggiungi il sorteggio come ultimo passo",
                ("grids", g, "tie_chain"),
            )


def _served(data: Any) -> Iterator[Item]:
    """A criterion that no part of the form serves gives everybody zero, or points for nothing that was written. A penalty
    takes points for what the office finds, so nobody is asked for it."""
    title, sentence = "Ogni criterio ha una domanda", "scrivi quale criterio riguarda ogni domanda"
    whole_form = True
    grids = {_name(grid.get("code")): (g, grid) for g, grid in reversed(_rows(data, "grids"))}
    for _, area in _rows(data, "areas"):
        code = _name(area.get("code"))
        g, grid = grids.get(_name(area.get("grid")), (0, {}))
        served = set(_served_in(data, code))
        for c, criterion in _rows(grid, "criteria"):
            name = _name(criterion.get("code"))
            if name not in served and criterion.get("type") != "penalty":
                whole_form = False
                yield Item(
                    "served",
                    title,
                    _CRITERIA,
                    Weight.BLOCKS,
                    False,
                    f"nell'area «{code}» nessuna domanda riguarda il criterio «{name}»: "
                    "scrivi criterion in una domanda, o nella sezione del piano economico",
                    ("grids", g, "criteria", c),
                )
    if whole_form:
        yield Item("served", title, _CRITERIA, Weight.BLOCKS, True, sentence, ("sections",))


def _served_in(data: Any, area: str) -> Iterator[str]:
    for _, section in _rows(data, "sections"):
        if _is_of(section, area):
            yield _name(section.get("criterion"))
            for _, question in _rows(section, "questions"):
                if _is_of(question, area):
                    yield _name(question.get("criterion"))


def _is_of(row: dict[str, Any], area: str) -> bool:
    areas = row.get("areas")
    return not isinstance(areas, list) or not areas or area in [_name(code) for code in areas]


def _unread(data: Any) -> Iterator[Item]:
    """A long answer costs work: if no criterion looks at it, who writes should know that it gives no points."""
    unread = [
        (("sections", s, "questions", q), _name(row.get("label")))
        for s, section in _rows(data, "sections")
        for q, row in _rows(section, "questions")
        if row.get("type") == "long_text" and row.get("required") is not False and not _said(row.get("criterion"))
    ]
    for path, label in unread or [(("sections",), "")]:
        yield Item(
            "unread",
            "Ogni risposta lunga serve a un criterio",
            _OURS,
            Weight.WARNS,
            not unread,
            f"nessun criterio guarda la risposta a «{label}»: scrivi quale criterio riguarda, oppure valuta se serve chiederla",
            path,
        )


def _rescaling(data: Any) -> Iterator[Item]:
    for g, grid in _rows(data, "grids"):
        if _said(grid.get("rescaling")):
            yield Item(
                "rescaling",
                "Riparametrazione detta a parole",
                "Cons. Stato 9075/2023; TAR Milano 2391/2015",
                Weight.WARNS,
                _speaks(data, "riparametr"),
                "vale solo se l'avviso lo dice: scrivi in un testo che i punti si riparametrano, dopo aver giudicato le soglie",
                ("grids", g, "rescaling"),
            )


def _commission(data: Any) -> Iterator[Item]:
    members = [_read(whole(1, 15), _at(data, "commission", name)) for name in ("min_members", "max_members")]
    yield Item(
        "commission",
        "Commissione in numero dispari",
        "G.U. 20G00014, art. 10",
        Weight.WARNS,
        _at(data, "commission", "odd") is not False and all(number is None or number % 2 for number in members),
        "con un numero pari di commissari un voto può finire in parità: scrivi solo numeri dispari",
        ("commission",),
    )


def _privacy(data: Any) -> Iterator[Item]:
    parts = [_at(data, "requirements"), _at(data, "sections")]
    yield Item(
        "privacy",
        "Informativa sui dati personali",
        "Art. 13 del Regolamento (UE) 2016/679",
        Weight.WARNS,
        _speaks(parts, r"dati personali|2016/679|informativa.*\bprivacy\b"),
        "aggiungi una dichiarazione: «Ho letto l'informativa sul trattamento dei dati personali.»",
        ("requirements",),
    )


def _law(code: str, title: str, source: str, pattern: str, name: str) -> Callable[[Any], Iterator[Item]]:
    """A check that the legal basis names a law."""

    def check(data: Any) -> Iterator[Item]:
        named = _speaks(_at(data, "legal_basis"), pattern)
        yield Item(code, title, source, Weight.WARNS, named, f"aggiungi {name} alle norme", ("legal_basis",))

    return check


def _example(data: Any) -> Iterator[Item]:
    """What says of itself that it is an example or a supposition should not be published as if it were decided."""
    paths: list[Path] = [("demonstration",)] if _said(_at(data, "demonstration")) else []
    paths += [("grids", g, "demonstration") for g, grid in _rows(data, "grids") if _said(grid.get("demonstration"))]
    paths += [("assumptions",)] if _said(_at(data, "assumptions")) else []
    for path in paths or [("demonstration",)]:
        yield Item(
            "example",
            "Niente che sia solo un esempio",
            _OURS,
            Weight.WARNS,
            not paths,
            "qui l'avviso dice che qualcosa è un esempio o è supposto: decidi il valore vero e cancella la frase",
            path,
        )


_CHECKS: tuple[Callable[[Any], Iterator[Item]], ...] = (
    _written(
        "publisher",
        "Chi pubblica l'avviso",
        _DM72,
        Weight.BLOCKS,
        "manca: scrivi il nome dell'amministrazione",
        "administration",
        "name",
    ),
    _written(
        "officer",
        "Responsabile del procedimento",
        "Art. 5 della L. 241/1990",
        Weight.WARNS,
        "scrivi chi è responsabile del procedimento",
        "administration",
        "procedure_officer",
    ),
    _written("act", "Atto che approva l'avviso", _DM72, Weight.WARNS, "scrivi tipo, numero e data dell'atto", "act", "title"),
    _written(
        "purpose",
        "Scopo e oggetto",
        _DM72,
        Weight.BLOCKS,
        "manca: scrivi lo scopo e l'oggetto della co-progettazione",
        "purpose",
    ),
    _written(
        "legal-basis",
        "Norme",
        f"Art. 55 del D.Lgs. 117/2017; {_DM72}",
        Weight.BLOCKS,
        "manca: scrivi almeno la norma su cui si fonda l'avviso",
        "legal_basis",
    ),
    _law(
        "third-sector",
        "Codice del Terzo settore",
        "Art. 55 del D.Lgs. 117/2017",
        r"\b117\b|\bart\. 55\b",
        "l'art. 55 del D.Lgs. 117/2017",
    ),
    _law("grants", "Criteri dei contributi", "Art. 12 della L. 241/1990", r"\b241\b", "la L. 241/1990"),
    _law("transparency", "Trasparenza", "Artt. 26 e 27 del D.Lgs. 33/2013", r"\b33/2013\b|2013, n\. 33\b", "il D.Lgs. 33/2013"),
    _written(
        "coprogramming",
        "Atto di co-programmazione",
        f"{_DM72}; TAR Toscana 840/2026",
        Weight.WARNS,
        "scrivi da quale atto di programmazione o di co-programmazione nasce l'avviso",
        "coprogramming",
        "title",
    ),
    _written(
        "economic-frame",
        "Quadro economico",
        _DM72,
        Weight.WARNS,
        "scrivi quali risorse ci sono e chi le mette",
        "economic_frame",
        "text",
    ),
    _duration,
    _written("deadline", "Scadenza", _DM72, Weight.BLOCKS, "manca: scrivi giorno e ora della scadenza", "calendar", "deadline"),
    _publication,
    _written(
        "phases",
        "Fasi dopo la scadenza",
        _DM72,
        Weight.WARNS,
        "scrivi le tappe dopo la scadenza e quando si svolgono",
        "calendar",
        "milestones",
    ),
    _written(
        "requirements",
        "Requisiti",
        _DM72,
        Weight.WARNS,
        "scrivi chi può partecipare e che cosa deve dichiarare",
        "requirements",
    ),
    _written(
        "participation",
        "Da soli o in gruppo",
        f"{_DM72}; Cons. Stato 208/2021",
        Weight.WARNS,
        "scrivi se si può partecipare in gruppo, e se un ente partecipa una sola volta in ogni area",
        "participation",
    ),
    _runts,
    _privacy,
    _written("forms", "Modulo di domanda", _DM72, Weight.BLOCKS, "manca: scrivi le sezioni della domanda", "sections"),
    _grids,
    _ties_end,
    _served,
    _unread,
    _rescaling,
    _commission,
    _written(
        "conflicts",
        "Regole sui conflitti di interessi",
        f"{_DM72}; art. 6-bis della L. 241/1990",
        Weight.WARNS,
        "scrivi come si evitano i conflitti di interessi",
        "conflict_rules",
    ),
    _written(
        "conclusion",
        "Conclusione del procedimento",
        _DM72,
        Weight.WARNS,
        "scrivi come si conclude il procedimento e con quale atto",
        "conclusion",
    ),
    _written(
        "replacement",
        "Scorrimento della graduatoria",
        "Cons. Stato 208/2021",
        Weight.WARNS,
        "scrivi se un posto che si libera passa a chi segue: se l'avviso non lo dice, non è automatico",
        "replacement",
    ),
    _written(
        "agreement",
        "Schema di convenzione",
        _DM72,
        Weight.BLOCKS,
        "manca: scrivi gli articoli dello schema di convenzione",
        "agreement",
        "articles",
    ),
    _example,
)

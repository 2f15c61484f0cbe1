"""What must hold between the values of a call document, once each of them could be read.

PURE: standard library only. Each function yields ``(path, sentence)`` for everything that does not hold, the path
starting from the thing checked. It sees the thing and the values of its keys as they were read.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from bando.deadlines import in_utc
from bando.notice.document import (
    GROUP,
    NO,
    YES,
    Area,
    AttachmentRule,
    Budget,
    BudgetItem,
    Calendar,
    Column,
    ColumnType,
    Commission,
    FormalCheck,
    GroupAnswer,
    Notice,
    Participation,
    ProfileFact,
    Question,
    QuestionType,
    Replacement,
    ReplacementMode,
    Requirement,
    RequirementKind,
    Section,
    SectionKind,
    Volunteers,
)
from bando.notice.grid import (
    Band,
    Composition,
    Criterion,
    CriterionType,
    Formula,
    FormulaKind,
    Grid,
    Marking,
    Rescaling,
    RoundingPoint,
    TieStepKind,
)
from bando.notice.kinds import plain_decimal

Path = tuple[str | int, ...]
Found = tuple[Path, str]
Values = dict[str, Any]

TEXTS = (QuestionType.SHORT_TEXT, QuestionType.LONG_TEXT)
LISTS = (QuestionType.CHOICE, QuestionType.CHOICES)
BOUNDED = (QuestionType.NUMBER, QuestionType.MONEY, QuestionType.DATE, QuestionType.CHOICES, QuestionType.TABLE)
MOST_ROWS = 50
SIGNED_FORMATS = frozenset({"pdf", "p7m"})
"""Where a digital signature is: PAdES inside a PDF, CAdES in an envelope around any file."""


def nothing(thing: Any, values: Values) -> Iterator[Found]:
    yield from ()


def calendar(calendar: Calendar, values: Values) -> Iterator[Found]:
    deadline = in_utc(calendar.deadline)
    if calendar.opens is not None and in_utc(calendar.opens) >= deadline:
        yield ("opens",), "l'apertura deve venire prima del termine: correggi opens o deadline"
    if calendar.questions_until is not None:
        if in_utc(calendar.questions_until) > deadline:
            yield ("questions_until",), "il termine per le domande non può venire dopo deadline: anticipalo"
        if calendar.opens is not None and in_utc(calendar.questions_until) < in_utc(calendar.opens):
            yield ("questions_until",), "il termine per le domande viene prima dell'apertura: spostalo dopo opens"


def requirement(requirement: Requirement, values: Values) -> Iterator[Found]:
    if requirement.kind is RequirementKind.CHECK and not requirement.each_member:
        yield ("each_member",), "each_member vale solo per quello che gli enti dichiarano (kind: declaration): cancellalo"


def participation(participation: Participation, values: Values) -> Iterator[Found]:
    if participation.max_members is not None and not participation.groups:
        yield ("max_members",), "max_members vale solo per i gruppi: scrivi in groups quali sono ammessi, o cancellalo"


def question(question: Question, values: Values) -> Iterator[Found]:
    kind = question.type
    if kind in TEXTS:
        if question.limit is None:
            yield ("limit",), "manca: scrivi quanti caratteri può avere la risposta, per esempio 2000"
    elif question.limit is not None:
        yield ("limit",), "il limite di caratteri vale solo per short_text e long_text: cancellalo"

    if kind in LISTS:
        if len(question.choices) < 2:
            yield ("choices",), "scrivi almeno due risposte possibili, ciascuna con code e label"
    elif question.choices:
        yield ("choices",), "le risposte possibili valgono solo per choice e choices: cancellale"

    if kind is not QuestionType.NUMBER:
        for name in ("decimals", "unit"):
            if values[name]:
                yield (name,), f"{name} vale solo per il tipo number: cancellalo"

    yield from _profile(question)
    yield from _table(question)
    yield from _file(question, values)
    if kind is QuestionType.DECLARATION and not question.required:
        yield ("required",), "una dichiarazione è sempre richiesta: cancella required, o usa il tipo yes_no"
    yield from _bounds(question)


def _profile(question: Question) -> Iterator[Found]:
    """What the profile knows must be an answer of that type."""
    if question.profile is None:
        return
    fits = QuestionType.ADDRESS if question.profile is ProfileFact.ADDRESS else QuestionType.SHORT_TEXT
    if question.type is not fits:
        yield ("profile",), f"{question.profile} può rispondere solo a una domanda di tipo {fits}: cancellalo, o cambia type"


def _table(question: Question) -> Iterator[Found]:
    if question.type is not QuestionType.TABLE:
        if question.columns:
            yield ("columns",), "le colonne valgono solo per il tipo table: cancellale"
        return
    if not question.columns:
        yield ("columns",), "scrivi almeno una colonna, con code e label"
    if question.max is None:
        yield ("max",), f"manca: scrivi quante righe può avere la tabella, da 1 a {MOST_ROWS}"


def _file(question: Question, values: Values) -> Iterator[Found]:
    if question.type is not QuestionType.FILE:
        for name in ("formats", "max_size", "signed"):
            if values[name]:
                yield (name,), f"{name} vale solo per il tipo file: cancellalo"
        if question.max_files != 1:
            yield ("max_files",), "max_files vale solo per il tipo file: cancellalo"
        return
    if not question.formats:
        yield ("formats",), "manca: scrivi almeno un formato, per esempio [pdf]"
    else:
        yield from attachment(question, values)
    if question.max_bytes is None:
        yield ("max_size",), "manca: scrivi quanto può pesare ogni file, per esempio 20 MB"


def attachment(rule: AttachmentRule | Question, values: Values) -> Iterator[Found]:
    if rule.signed and not SIGNED_FORMATS & set(rule.formats):
        yield ("signed",), "una firma digitale sta in un file pdf o p7m: aggiungi uno dei due a formats, o cancella signed"


def column(column: Column, values: Values) -> Iterator[Found]:
    kind = column.type
    if (kind is ColumnType.SHORT_TEXT) != (column.limit is not None):
        if column.limit is None:
            yield ("limit",), "manca: scrivi quanti caratteri può avere la risposta, per esempio 200"
        else:
            yield ("limit",), "il limite di caratteri vale solo per short_text: cancellalo"
    if kind is ColumnType.CHOICE:
        if len(column.choices) < 2:
            yield ("choices",), "scrivi almeno due risposte possibili, ciascuna con code e label"
    elif column.choices:
        yield ("choices",), "le risposte possibili valgono solo per choice: cancellale"
    if kind is not ColumnType.NUMBER:
        for name in ("decimals", "unit"):
            if values[name]:
                yield (name,), f"{name} vale solo per il tipo number: cancellalo"


def _bounds(question: Question) -> Iterator[Found]:
    kind = question.type
    sound = True
    for name, bound in (("min", question.min), ("max", question.max)):
        if bound is None:
            continue
        fault = _bound_fault(question, bound, 1 if name == "max" else 0)
        if fault:
            sound = False
            yield (name,), fault
    if sound and question.min is not None and question.max is not None and question.min > question.max:
        yield ("max",), "max è più piccolo di min: scambiali o correggili"
        sound = False
    if sound and kind is QuestionType.CHOICES and question.min is not None and question.min > len(question.choices):
        yield ("min",), f"chiedi {question.min} risposte ma ce ne sono solo {len(question.choices)}: abbassa min"


def _bound_fault(question: Question, bound: Decimal | date, least_rows: int) -> str:
    kind = question.type
    if kind not in BOUNDED:
        return "min e max valgono solo per number, money, date, choices e table: cancellalo"
    if kind is QuestionType.DATE:
        return "" if isinstance(bound, date) else "per una data scrivi un giorno, per esempio 2021-12-31"
    if isinstance(bound, date):
        return "qui serve un numero, per esempio 40"
    if kind is QuestionType.MONEY and (bound < 0 or bound != round(bound, 2)):
        return "scrivi un importo in euro da 0 in su, con al massimo due cifre dopo il punto, per esempio 1250.50"
    if kind is QuestionType.CHOICES and (bound < 1 or bound != int(bound)):
        return "scrivi quante risposte, con un numero intero da 1 in su"
    if kind is QuestionType.TABLE and (not least_rows <= bound <= MOST_ROWS or bound != int(bound)):
        return f"scrivi quante righe, con un numero intero da {least_rows} a {MOST_ROWS}"
    if kind is QuestionType.NUMBER and bound != round(bound, question.decimals):
        return "ha più cifre di quelle che decimals permette: correggi l'uno o l'altro"
    return ""


def section(section: Section, values: Values) -> Iterator[Found]:
    if section.kind is SectionKind.QUESTIONS:
        if not section.questions:
            yield ("questions",), "scrivi almeno una domanda, oppure cambia kind"
    elif section.questions:
        yield ("questions",), f"una sezione {section.kind} non ha domande sue: cancellale"
    if section.kind is not SectionKind.BUDGET and section.criterion:
        yield ("criterion",), "qui criterion vale solo per le sezioni budget: scrivilo nelle singole domande"


def budget(budget: Budget, values: Values) -> Iterator[Found]:
    if budget.max_indirect_percent is not None and not any(item.indirect for item in budget.items):
        yield (
            ("max_indirect_percent",),
            "nessuna voce di costo è indiretta: scrivi indirect: true nelle voci che lo sono, o cancella il limite",
        )
    limits = [item.max_percent for item in budget.items]
    if None not in limits and 0 not in limits and sum(limits) < 100:
        yield (
            ("items",),
            "insieme le voci di costo non arrivano al 100 per cento del totale: alza qualche max_percent, o cancellalo",
        )
    if list(budget.years) != sorted(budget.years):
        yield ("years",), "scrivi gli anni in ordine, dal primo all'ultimo"


def budget_item(item: BudgetItem, values: Values) -> Iterator[Found]:
    if item.max_percent == 0:
        yield ("max_percent",), "con 0 per cento questa voce non può avere costi: alza max_percent, o cancella la voce"


def volunteers(volunteers: Volunteers, values: Values) -> Iterator[Found]:
    if volunteers.max_percent == 0:
        yield ("max_percent",), "con 0 per cento le ore dei volontari non contano: alza max_percent, o cancella volunteers"


def commission(commission: Commission, values: Values) -> Iterator[Found]:
    if commission.min_members > commission.max_members:
        yield ("max_members",), "max_members è più piccolo di min_members: scambiali o correggili"
    elif commission.odd:
        for name in ("min_members", "max_members"):
            if values[name] % 2 == 0:
                yield (name,), "il numero dei membri deve essere dispari: cambialo, oppure scrivi odd: false"


def replacement(replacement: Replacement, values: Values) -> Iterator[Found]:
    if replacement.mode is ReplacementMode.FOR_MONTHS:
        if replacement.months is None:
            yield ("months",), "manca: scrivi per quanti mesi dalla graduatoria, per esempio 24"
    elif replacement.months is not None:
        yield ("months",), "months vale solo con mode: for_months: cancellalo"


def formal_check(rule: FormalCheck, values: Values) -> Iterator[Found]:
    """What a rejection notice does says nothing where there is none."""
    if rule.rejection_notice:
        return
    usual = FormalCheck()
    for name in ("rejection_days", "clock"):
        if getattr(rule, name) != getattr(usual, name):
            yield (name,), f"{name} vale solo con rejection_notice: true: cancellalo"


def area(area: Area, values: Values) -> Iterator[Found]:
    """With lots the places are theirs, and a question says for which of them a proposal stands."""
    if not area.lots:
        if area.lot_question:
            yield ("lot_question",), "questa domanda sceglie un lotto e qui non ci sono lotti: scrivili in lots, o cancellala"
        return
    if not area.lot_question:
        yield ("lot_question",), "manca: scrivi il codice della domanda con cui l'ente sceglie il lotto"
    if area.places is not None:
        yield ("places",), "con i lotti i posti si contano lotto per lotto: cancella places"


def band(band: Band, values: Values) -> Iterator[Found]:
    for one, other in (("at_least", "more_than"), ("at_most", "less_than")):
        if getattr(band, one) is not None and getattr(band, other) is not None:
            yield (other,), f"{one} e {other} dicono la stessa cosa in due modi: tienine uno"
    if all(getattr(band, name) is None for name in _ENDS):
        yield (), f"questa fascia non ha estremi: scrivi almeno uno tra {', '.join(_ENDS)}"
    low, high = _low(band), _high(band)
    if low is not None and high is not None and (low[0] > high[0] or (low[0] == high[0] and not (low[1] and high[1]))):
        yield (), "questa fascia è vuota: correggi i suoi estremi"


_ENDS = ("at_least", "more_than", "at_most", "less_than")


def _low(band: Band) -> tuple[Decimal, bool] | None:
    """The lower end and whether it belongs to the band."""
    if band.at_least is not None:
        return band.at_least, True
    return None if band.more_than is None else (band.more_than, False)


def _high(band: Band) -> tuple[Decimal, bool] | None:
    if band.at_most is not None:
        return band.at_most, True
    return None if band.less_than is None else (band.less_than, False)


def formula(formula: Formula, values: Values) -> Iterator[Found]:
    for name, kind in (("exponent", FormulaKind.POWER), ("knee", FormulaKind.BILINEAR)):
        if formula.kind is kind:
            if values[name] is None:
                yield (name,), f"manca: una formula {kind} ha bisogno di {name}"
            elif values[name] == 0:
                yield (name,), "scrivi un numero maggiore di 0"
        elif values[name] is not None:
            yield (name,), f"{name} vale solo per {kind}: cancellalo"
    if formula.kind is FormulaKind.BILINEAR and formula.best == "lower":
        yield ("best",), "la formula bilineare premia la quantità più alta: cancella best, o usa linear"


_BY_TYPE = {
    CriterionType.COEFFICIENT: (),
    CriterionType.LEVELS: ("levels",),
    CriterionType.POINTS: ("step",),
    CriterionType.PAIRWISE: ("pairwise",),
    CriterionType.COUNT: ("per_unit", "unit"),
    CriterionType.BANDS: ("bands", "unit"),
    CriterionType.YES_NO: (),
    CriterionType.FORMULA: ("formula", "unit"),
    CriterionType.PENALTY: ("penalty",),
}
"""The keys of each type of criterion: all needed, but ``step`` for points is free."""


def criterion(criterion: Criterion, values: Values) -> Iterator[Found]:
    kind, mine = criterion.type, _BY_TYPE[criterion.type]
    for name in ("levels", "step", "pairwise", "per_unit", "unit", "bands", "formula", "penalty"):
        if name not in mine:
            if values[name] not in (None, "", ()):
                owners = ", ".join(owner for owner, keys in _BY_TYPE.items() if name in keys)
                yield (name,), f"{name} vale solo con type: {owners}: cancellalo, o cambia type"
        elif name != "step" and values[name] in (None, "", ()):
            yield (name,), f"manca: un criterio di tipo {kind} ha bisogno di {name}"
        elif values[name] == 0:
            yield (name,), "scrivi un numero maggiore di 0"
    if kind is CriterionType.PENALTY:
        if criterion.max_points != 0:
            yield ("max_points",), "una penalità toglie punti e non ne dà: scrivi max_points: 0"
    elif criterion.max_points == 0:
        yield ("max_points",), "scrivi quanti punti vale al massimo, più di 0"
    elif kind is CriterionType.LEVELS and len(criterion.levels) == 1:
        yield ("levels",), "scrivi almeno due giudizi, ciascuno con label e points"
    elif kind is CriterionType.BANDS and criterion.bands:
        yield from _bands(criterion)
    if kind is CriterionType.PAIRWISE and criterion.threshold is not None:
        # The best one always has the maximum, so such a threshold would exclude a proposal for what the others are.
        yield ("threshold",), "a coppie i punti dipendono dalle altre proposte e una soglia non misura niente: cancellala"


def _bands(criterion: Criterion) -> Iterator[Found]:
    if any(True for one in criterion.bands for _ in band(one, {})):
        return  # that fault is told, and where such a band begins or ends says nothing
    best = max(one.points for one in criterion.bands)
    if best != criterion.max_points:
        yield (
            ("max_points",),
            f"la fascia migliore vale {_points_text(best)} e qui c'è {_points_text(criterion.max_points)}: "
            "correggi l'uno o l'altra",
        )
    for index, (above, below) in enumerate(pairwise(criterion.bands), start=1):
        high, low = _high(above), _low(below)
        if high is None or low is None or low[0] < high[0] or (low[0] == high[0] and low[1] and high[1]):
            yield (
                ("bands", index),
                "questa fascia comincia prima che finisca quella sopra: mettile in ordine, senza sovrapporle",
            )


def grid(grid: Grid, values: Values) -> Iterator[Found]:
    yield from _points(grid, values["max_points"])
    yield from _scale(grid)
    yield from _thresholds(grid)
    yield from _rounding(grid)
    yield from _ties(grid)


def _points(grid: Grid, total: Decimal) -> Iterator[Found]:
    known = {block.code for block in grid.blocks}
    homeless = False
    for index, criterion in enumerate(grid.criteria):
        if criterion.block not in known:
            homeless = True
            yield (
                ("criteria", index, "block"),
                f"non c'è un gruppo «{criterion.block}» in questa griglia: scegli tra {_list(known)}",
            )
    if homeless:
        return
    for index, block in enumerate(grid.blocks):
        criteria = [criterion.max_points for criterion in grid.criteria if criterion.block == block.code]
        if not criteria:
            yield ("blocks", index), "questo gruppo non ha criteri: aggiungine uno o cancella il gruppo"
        elif sum(criteria) != block.max_points:
            yield (
                ("blocks", index, "max_points"),
                f"i criteri di questo gruppo sommano {_points_text(sum(criteria))} e qui c'è "
                f"{_points_text(block.max_points)}: correggi l'uno o gli altri",
            )
    blocks = sum(block.max_points for block in grid.blocks)
    if blocks != total:
        yield (
            ("max_points",),
            f"i gruppi sommano {_points_text(blocks)} e qui c'è {_points_text(total)}: correggi l'uno o gli altri",
        )


def _scale(grid: Grid) -> Iterator[Found]:
    types = {criterion.type for criterion in grid.criteria}
    compared = CriterionType.PAIRWISE in types
    if CriterionType.COEFFICIENT in types and not grid.scale:
        yield ("scale",), "manca: scrivi i giudizi della scala, ciascuno con label e coefficient"
    elif compared and not grid.scale:
        yield ("scale",), "manca: con poche proposte non si confronta a coppie e serve la scala: scrivi i suoi giudizi"
    if not compared and CriterionType.COEFFICIENT not in types and grid.scale:
        yield ("scale",), "nessun criterio ha un coefficiente: scrivi scale: []"
    if grid.composition is Composition.SUM and types & {CriterionType.COEFFICIENT, CriterionType.PAIRWISE}:
        yield ("composition",), "i coefficienti si compongono con la media: scrivi mean, o criteri di tipo levels o points"
    if grid.marking is Marking.COLLEGIAL:
        if grid.composition is Composition.SUM:
            yield (
                ("composition",),
                "la commissione dà un voto solo e non c'è niente da sommare: scrivi mean, o marking: individual",
            )
        if compared:
            yield ("marking",), "a coppie confronta ogni commissario da solo: scrivi individual, o cambia il tipo del criterio"
    rounded = {rounding.at for rounding in grid.rounding}
    for index, criterion in enumerate(grid.criteria):
        if grid.composition is Composition.MEAN and criterion.type is CriterionType.LEVELS and criterion.levels:
            best = max(level.points for level in criterion.levels)
            if best != criterion.max_points:
                yield (
                    ("criteria", index, "max_points"),
                    f"il giudizio migliore vale {_points_text(best)} e qui c'è {_points_text(criterion.max_points)}: "
                    "correggi l'uno o l'altro",
                )
        steps = criterion.step if criterion.type is CriterionType.POINTS and grid.composition is Composition.MEAN else None
        if steps and criterion.max_points % steps:
            yield ("criteria", index, "step"), "a passi così non si arriva al massimo dei punti: correggi step o max_points"
        power = criterion.formula if criterion.formula and criterion.formula.kind is FormulaKind.POWER else None
        if power and (power.exponent or 0) % 1 and RoundingPoint.PRODUCT not in rounded:
            yield (
                ("criteria", index, "formula", "exponent"),
                "questa potenza dà numeri senza fine: scrivi in rounding a quante cifre si arrotonda (at: product)",
            )
    levels = list(Rescaling)
    if [levels.index(level) for level in grid.rescaling] != sorted(levels.index(level) for level in grid.rescaling):
        yield ("rescaling",), "scrivi le riparametrazioni nell'ordine in cui avvengono: criterion, block, total"
    if grid.rescales_alone and not grid.rescaling:
        yield ("rescales_alone",), "rescales_alone vale solo se si riparametra: scrivi che cosa in rescaling, o cancellalo"


def _thresholds(grid: Grid) -> Iterator[Found]:
    """A threshold that no score can reach would exclude everybody."""
    limits = [((), grid.threshold, sum(block.max_points for block in grid.blocks))]
    limits += [(("blocks", i), block.threshold, block.max_points) for i, block in enumerate(grid.blocks)]
    limits += [(("criteria", i), c.threshold, c.max_points) for i, c in enumerate(grid.criteria)]
    for path, threshold, most in limits:
        if threshold is not None and threshold > most:
            yield (
                (*path, "threshold"),
                f"la soglia è {_points_text(threshold)} ma i punti sono al massimo {_points_text(most)}: abbassala",
            )


def _rounding(grid: Grid) -> Iterator[Found]:
    order = list(RoundingPoint)
    points = [order.index(rounding.at) for rounding in grid.rounding]
    if points != sorted(points):
        yield ("rounding",), "scrivi gli arrotondamenti nell'ordine in cui avvengono: coefficient, mean, product, total"


def _ties(grid: Grid) -> Iterator[Found]:
    names = {
        TieStepKind.BLOCK: {block.code for block in grid.blocks},
        TieStepKind.CRITERION: {criterion.code for criterion in grid.criteria},
    }
    seen = set()
    for index, step in enumerate(grid.tie_chain):
        here: Path = ("tie_chain", index)
        if step in seen:
            yield here, "questo passo c'è già: cancellalo"
        seen.add(step)
        if step.kind is TieStepKind.DRAW:
            if step.code:
                yield (*here, "code"), "il sorteggio non ha un codice: cancellalo"
            if index != len(grid.tie_chain) - 1:
                yield here, "il sorteggio decide sempre: mettilo in fondo"
        elif not step.code:
            yield (*here, "code"), "manca: scrivi il codice del gruppo o del criterio da confrontare"
        elif step.code not in names[step.kind]:
            what = "un gruppo" if step.kind is TieStepKind.BLOCK else "un criterio"
            options = _list(names[step.kind])
            yield (*here, "code"), f"non c'è {what} «{step.code}» in questa griglia: scegli tra {options}"


def notice(notice: Notice, values: Values) -> Iterator[Found]:
    yield from _references(notice)
    yield from _unused(notice)
    yield from _questions(notice)
    yield from _files(notice)
    yield from _conditions(notice)
    yield from _lots(notice)
    yield from _sums(notice)
    yield from _form_of_each_area(notice)


def _references(notice: Notice) -> Iterator[Found]:
    grids = {grid.code for grid in notice.grids}
    budgets = {budget.code for budget in notice.budgets}
    for index, area in enumerate(notice.areas):
        if area.grid not in grids:
            yield ("areas", index, "grid"), f"non c'è una griglia «{area.grid}»: scegli tra {_list(grids)}"
        if area.budget and area.budget not in budgets:
            options = f"scegli tra {_list(budgets)}" if budgets else "aggiungilo in budgets"
            yield ("areas", index, "budget"), f"non c'è un piano economico «{area.budget}»: {options}"
    areas = {area.code for area in notice.areas}
    for path, codes in _area_lists(notice):
        for index, code in enumerate(codes):
            if code not in areas:
                yield (*path, "areas", index), f"non c'è un'area «{code}»: scegli tra {_list(areas)}"


def _area_lists(notice: Notice) -> Iterator[tuple[Path, tuple[str, ...]]]:
    for name in ("requirements", "sections", "attachments"):
        for index, thing in enumerate(getattr(notice, name)):
            yield (name, index), thing.areas
    for path, question, _ in _all_questions(notice):
        yield path, question.areas


def _all_questions(notice: Notice) -> Iterator[tuple[Path, Question, Section]]:
    for s, section in enumerate(notice.sections):
        for q, question in enumerate(section.questions):
            yield ("sections", s, "questions", q), question, section


def _unused(notice: Notice) -> Iterator[Found]:
    """Something that no area uses is nearly always a slip in the area that should."""
    for name, used, what in (
        ("grids", {area.grid for area in notice.areas}, "questa griglia"),
        ("budgets", {area.budget for area in notice.areas if area.budget}, "questo piano economico"),
    ):
        things = getattr(notice, name)
        if used - {thing.code for thing in things}:
            continue  # an area names one that is not there: that fault is told, and is the likely reason
        for index, thing in enumerate(things):
            if thing.code not in used:
                yield (name, index), f"nessuna area usa {what}: scrivi «{thing.code}» in un'area, o cancella qui"


def _questions(notice: Notice) -> Iterator[Found]:
    first_at: dict[str, Path] = {}
    areas = {area.code for area in notice.areas}
    for path, question, section in _all_questions(notice):
        if question.code == GROUP:
            yield (*path, "code"), f"«{GROUP}» vuol dire come partecipa l'ente (nelle condizioni): scegli un altro codice"
        if question.code in first_at:
            where = path_text(first_at[question.code])
            yield (*path, "code"), f"il codice «{question.code}» c'è già in {where}: scegline un altro"
        first_at.setdefault(question.code, path)
        for index, code in enumerate(question.areas):
            if section.areas and code in areas and code not in section.areas:
                yield (*path, "areas", index), f"la sezione non riguarda l'area «{code}»: aggiungila alla sezione"
        asked_in = _areas_of(notice, section, question)
        yield from _criterion(notice, asked_in, question.criterion, path)
        for area in asked_in:
            if question.type is QuestionType.MUNICIPIO and not area.municipi:
                yield (*path, "type"), f"l'area «{area.code}» non elenca i municipi: scrivili in municipi"
    for index, section in enumerate(notice.sections):
        yield from _criterion(notice, _areas_of(notice, section), section.criterion, ("sections", index))


def _files(notice: Notice) -> Iterator[Found]:
    """A file asked inside the form and one asked apart are kept under their codes, side by side."""
    known = {rule.code: index for index, rule in enumerate(notice.attachments)}
    for path, question, _ in _all_questions(notice):
        if question.type is QuestionType.FILE and question.code in known:
            where = path_text(("attachments", known[question.code]))
            yield (*path, "code"), f"il codice «{question.code}» c'è già in {where}: scegline un altro"


def _conditions(notice: Notice) -> Iterator[Found]:
    """A condition speaks of a question that comes before, in every area, and of answers that it can have."""
    before: dict[str, tuple[Question | None, set[str]]] = {GROUP: (None, set())}
    for s, section in enumerate(notice.sections):
        if section.kind is SectionKind.GROUP:
            before[GROUP] = None, before[GROUP][1] | {area.code for area in _areas_of(notice, section)}
        for q, question in enumerate(section.questions):
            areas = {area.code for area in _areas_of(notice, section, question)}
            yield from _condition(question, areas, before, ("sections", s, "questions", q))
            if question.code != GROUP:
                before[question.code] = question, areas
    for index, rule in enumerate(notice.attachments):
        areas = {area.code for area in notice.areas if not rule.areas or area.code in rule.areas}
        yield from _condition(rule, areas, before, ("attachments", index))


def _condition(
    asked: Question | AttachmentRule, areas: set[str], before: dict[str, tuple[Question | None, set[str]]], path: Path
) -> Iterator[Found]:
    """``before`` by code: the question, None for :data:`GROUP`, and the areas where it is asked."""
    if asked.when is None:
        return
    code = asked.when.question
    if code not in before:
        yield (*path, "when", "question"), f"prima di qui non c'è una domanda «{code}»: scegline una che viene prima"
        return
    earlier, asked_in = before[code]
    if earlier is None and not asked_in:
        yield (
            (*path, "when", "question"),
            f"prima di qui non c'è una sezione {SectionKind.GROUP}: mettila prima, o cancella when",
        )
        return
    if missing := areas - asked_in:
        yield (*path, "when", "question"), f"«{code}» non si chiede in: {_list(missing)}: scegli una domanda delle stesse aree"
    match earlier and earlier.type:
        case None:
            known = set(GroupAnswer)
        case QuestionType.CHOICE | QuestionType.CHOICES:
            known = {choice.code for choice in earlier.choices}
        case QuestionType.YES_NO:
            known = {YES, NO}
        case QuestionType.DECLARATION:
            known = {YES}
        case _:
            sentence = f"«{code}» non ha risposte fisse: scegli una domanda choice, choices, yes_no o declaration"
            yield (*path, "when", "question"), sentence
            return
    for index, answer in enumerate(asked.when.answers):
        if answer not in known:
            yield (*path, "when", "is", index), f"«{code}» non ha la risposta «{answer}»: scegli tra {_list(known)}"


def _lots(notice: Notice) -> Iterator[Found]:
    """Every proposal of an area with lots stands for one of them: its question is asked always and answered always, and its
    answers are the lots."""
    for index, area in enumerate(notice.areas):
        if not area.lots or not area.lot_question:
            continue
        here: Path = ("areas", index, "lot_question")
        asked = {
            question.code: question
            for _, question, section in _all_questions(notice)
            if area in _areas_of(notice, section, question)
        }
        question = asked.get(area.lot_question)
        if question is None:
            yield here, f"in quest'area non si chiede «{area.lot_question}»: scegli una domanda del suo modulo"
            continue
        if question.type not in {QuestionType.MUNICIPIO, QuestionType.CHOICE}:
            yield here, f"«{question.code}» non sceglie un lotto: scegli una domanda di tipo municipio o choice"
            continue
        if not question.required or question.when is not None:
            yield here, f"«{question.code}» può restare senza risposta: chiedila sempre, con required: true e senza when"
        if question.type is QuestionType.MUNICIPIO:
            answers = {str(number) for number in area.municipi}
        else:
            answers = {choice.code for choice in question.choices}
        lots = {lot.code for lot in area.lots}
        for place, lot in enumerate(area.lots):
            if lot.code not in answers:
                yield (
                    ("areas", index, "lots", place, "code"),
                    f"«{question.code}» non ha la risposta «{lot.code}»: scegli tra {_list(answers)}",
                )
        if lots < answers:
            yield ("areas", index, "lots"), f"ogni risposta di «{question.code}» ha un lotto: aggiungi {_list(answers - lots)}"


def _sums(notice: Notice) -> Iterator[Found]:
    """Where judgments are added, each member gives a part of the maximum: how many they are must be known."""
    members = notice.commission.max_members
    for index, grid in enumerate(notice.grids):
        if grid.composition is not Composition.SUM:
            continue
        if notice.commission.min_members != members:
            yield (
                ("grids", index, "composition"),
                "per sommare i punti serve un numero di commissari fisso: scrivi min_members e max_members uguali",
            )
            continue
        for c, criterion in enumerate(grid.criteria):
            here: Path = ("grids", index, "criteria", c)
            if criterion.type is CriterionType.POINTS:
                each = round(criterion.max_points / members, 2)
                if each * members != criterion.max_points:
                    yield (*here, "max_points"), f"{members} commissari non si dividono questi punti in parti uguali: cambiali"
                elif criterion.step and each % criterion.step:
                    yield (
                        (*here, "step"),
                        "a passi così un commissario non arriva alla sua parte dei punti: correggi step o max_points",
                    )
            best = max((level.points for level in criterion.levels), default=None)
            if best is not None and best * members != criterion.max_points:
                yield (
                    (*here, "levels"),
                    f"{members} commissari sommano i punti: il giudizio migliore vale il massimo diviso per {members}: "
                    "correggi l'uno o l'altro",
                )


def _areas_of(notice: Notice, *things: Section | Question) -> list[Area]:
    return [area for area in notice.areas if all(not thing.areas or area.code in thing.areas for thing in things)]


def _criterion(notice: Notice, areas: list[Area], code: str, path: Path) -> Iterator[Found]:
    """What serves a criterion serves it in the grid of each area where it is asked."""
    if not code:
        return
    for grid in notice.grids:
        known = {criterion.code for criterion in grid.criteria}
        if code not in known and any(area.grid == grid.code for area in areas):
            yield (
                (*path, "criterion"),
                f"la griglia «{grid.code}» non ha un criterio «{code}»: scegli tra {_list(known)}",
            )


def _form_of_each_area(notice: Notice) -> Iterator[Found]:
    """The form of each area: no empty page; its budget, its declarations and who takes part once each."""
    for index, area in enumerate(notice.areas):
        sections = [(i, s) for i, s in enumerate(notice.sections) if not s.areas or area.code in s.areas]
        if not sections:
            yield ("areas", index), "nessuna sezione della domanda riguarda quest'area: aggiungine una in sections"
        for i, section in sections:
            asks = any(not q.areas or area.code in q.areas for q in section.questions)
            if section.kind is SectionKind.QUESTIONS and section.questions and not asks:
                yield ("sections", i), f"per l'area «{area.code}» questa sezione è vuota: scrivi le sue aree in areas"
        declares = any(
            r.kind is RequirementKind.DECLARATION and (not r.areas or area.code in r.areas) for r in notice.requirements
        )
        for kind, needed, what in (
            (SectionKind.BUDGET, bool(area.budget), "ha un piano economico"),
            (SectionKind.DECLARATIONS, declares, "ha dichiarazioni"),
            (SectionKind.GROUP, bool(notice.participation.groups), "ammette gruppi"),
        ):
            found = [i for i, section in sections if section.kind is kind]
            if needed and not found:
                yield ("areas", index), f"l'area {what} ma nessuna sezione {kind}: aggiungila in sections"
            if found and not needed:
                yield ("sections", found[0]), f"l'area «{area.code}» non {what}: togli questa sezione da quell'area"
            for extra in found[1:]:
                yield ("sections", extra), f"l'area «{area.code}» ha già una sezione {kind}: lasciane una sola"


def path_text(path: Path) -> str:
    """``("areas", 0, "places")`` as people read it: ``areas[0].places``."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def _list(codes: set[str]) -> str:
    return ", ".join(sorted(codes))


def _points_text(points: Decimal) -> str:
    return plain_decimal(points).replace(".", ",")

"""The schema of the call document, as tables: one row per key, read in both directions.

PURE: standard library only. ``docs/notice.md`` explains the same rows to who writes a document, and a test holds the
two together. ``what`` completes the sentence "scrivi ..." of a fault. The sentences are plain Italian and not
translated: an official reads them with the document, which is in Italian, beside them.

Two manners keep hashes stable while the schema grows. A key with its default value is left out of the canonical form,
so a key added later, with a default, changes no hash of an earlier document; a default never changes for the same
reason. And what decides who wins (rounding, comparison, threshold, tie chain) has no default: the notice says it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import MISSING, dataclass, fields
from typing import Any

from bando.notice import checks, document, grid
from bando.notice.kinds import (
    BOOL,
    BOUND,
    CODE,
    DAY,
    EMAIL,
    EURO,
    INSTANT,
    LINE,
    NAME,
    PERCENT,
    POINTS,
    SIZE,
    TEXT,
    URL,
    Kind,
    decimal,
    one_of,
    text,
    whole,
)

FORMATS = ("pdf", "p7m", "jpg", "png", "docx", "xlsx", "odt", "ods", "zip")
MUNICIPI = range(1, 10)

REQUIRED = object()


@dataclass(frozen=True, slots=True)
class Key:
    """``kind`` is a Kind, a Shape, or a Many of either. ``field`` is the attribute that it fills, when it has another
    name. A ``computed`` key is checked only: the attribute is a property. A ``nullable`` key must be written, though it
    may be null."""

    name: str
    kind: Kind | Shape | Many
    what: str
    default: Any = REQUIRED
    field: str = ""
    computed: bool = False
    nullable: bool = False

    @property
    def attribute(self) -> str:
        return self.field or self.name


@dataclass(frozen=True, slots=True)
class Many:
    """A list. ``distinct`` names the keys whose values may appear once only ("" for the items themselves)."""

    of: Kind | Shape
    least: int = 0
    most: int = 500
    distinct: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """A mapping that becomes ``makes``. ``check`` sees what was made, and the values of its keys."""

    title: str
    makes: type
    keys: tuple[Key, ...]
    check: Callable[[Any, dict[str, Any]], Iterator[checks.Found]] = checks.nothing


def _optional(makes: type, name: str, kind: Kind | Shape | Many, what: str, field: str = "") -> Key:
    """A key whose default is the default of the dataclass."""
    known = next(f for f in fields(makes) if f.name == (field or name))
    if known.default is MISSING:
        raise TypeError(f"{makes.__name__}.{name} has no default")
    return Key(name, kind, what, known.default, field)


_AREAS = Many(NAME, distinct=("",))
_AREAS_WHAT = "l'elenco dei codici delle aree, per esempio [area-1]"
_NAME_WHAT = "un codice breve con lettere minuscole, cifre, trattino o trattino basso, per esempio area-1"
_CODE_WHAT = "un codice breve con lettere minuscole, cifre, punto, trattino o trattino basso, per esempio 1.a"
_URL_WHAT = "un indirizzo web completo, per esempio https://www.comune.milano.it/"
_INSTANT_WHAT = "giorno e ora locale con i secondi, per esempio 2021-10-18T12:00:00"
_YES_WHAT = "true o false"
_TEXT_WHAT = "un testo"

ADMINISTRATION = Shape(
    "administration",
    document.Administration,
    (
        Key("name", LINE, "il nome dell'amministrazione, per esempio Comune di Milano"),
        _optional(document.Administration, "office", LINE, "il nome dell'ufficio"),
        _optional(document.Administration, "email", EMAIL, "un indirizzo e-mail, per esempio ufficio@comune.example"),
        _optional(document.Administration, "pec", EMAIL, "un indirizzo PEC, per esempio comune@pec.example"),
        _optional(document.Administration, "phone", LINE, "un numero di telefono"),
        _optional(document.Administration, "url", URL, _URL_WHAT),
        _optional(document.Administration, "procedure_officer", LINE, "il nome di chi è responsabile del procedimento"),
    ),
)

ACT = Shape(
    "act",
    document.Act,
    (
        Key("title", LINE, "il tipo di atto, per esempio Determinazione dirigenziale"),
        _optional(document.Act, "number", LINE, "il numero dell'atto"),
        _optional(document.Act, "date", DAY, "il giorno dell'atto, per esempio 2024-07-03"),
        _optional(document.Act, "url", URL, _URL_WHAT),
    ),
)

LEGAL_REFERENCE = Shape(
    "legal_basis",
    document.LegalReference,
    (
        Key("title", LINE, "la norma, per esempio Art. 55 del D.Lgs. 117/2017"),
        _optional(document.LegalReference, "url", URL, _URL_WHAT),
    ),
)

_PATH_WHAT = "il percorso di un valore di questo documento, per esempio areas[area-1].places"

SOURCE = Shape(
    "sources",
    document.Source,
    (
        Key("title", LINE, "il nome della fonte"),
        _optional(document.Source, "url", URL, _URL_WHAT),
        _optional(document.Source, "facts", Many(LINE, distinct=("",)), _PATH_WHAT),
    ),
)

ASSUMPTION = Shape(
    "assumptions",
    document.Assumption,
    (
        Key("path", LINE, _PATH_WHAT),
        Key("text", TEXT, "che cosa è stato supposto e perché"),
    ),
)

MILESTONE = Shape(
    "calendar.milestones",
    document.Milestone,
    (
        Key("title", LINE, "il nome della tappa, per esempio Tavoli di co-progettazione"),
        Key("when", LINE, "quando si svolge, per esempio settembre 2024"),
    ),
)

CALENDAR = Shape(
    "calendar",
    document.Calendar,
    (
        _optional(document.Calendar, "timezone", one_of(("Europe/Rome",)), "Europe/Rome"),
        _optional(document.Calendar, "opens", INSTANT, _INSTANT_WHAT),
        Key("deadline", INSTANT, _INSTANT_WHAT),
        _optional(document.Calendar, "questions_until", INSTANT, _INSTANT_WHAT),
        _optional(document.Calendar, "curing_days", whole(1, 90), "un numero di giorni tra 1 e 90, per esempio 10"),
        _optional(document.Calendar, "milestones", Many(MILESTONE), "l'elenco delle tappe dopo il termine"),
    ),
    checks.calendar,
)

LOT = Shape(
    "areas.lots",
    document.Lot,
    (
        Key("code", NAME, "la risposta che sceglie il lotto, per esempio 4 per il Municipio 4"),
        Key("title", LINE, "il nome del lotto, per esempio Municipio 4"),
        Key("places", whole(1, 10_000), "un numero intero di posti, per esempio 2"),
    ),
)

AREA = Shape(
    "areas",
    document.Area,
    (
        Key("code", NAME, _NAME_WHAT),
        Key("title", LINE, "il titolo dell'area"),
        _optional(document.Area, "description", TEXT, _TEXT_WHAT),
        _optional(document.Area, "places", whole(1, 10_000), "un numero intero di posti, per esempio 20"),
        _optional(document.Area, "place_label", LINE, "come si chiamano i posti, per esempio Spazi WeMi"),
        Key("grid", NAME, "il codice di una griglia di questo documento"),
        _optional(document.Area, "budget", NAME, "il codice di un piano economico di questo documento"),
        _optional(
            document.Area,
            "municipi",
            Many(whole(MUNICIPI[0], MUNICIPI[-1]), distinct=("",)),
            "numeri di Municipio tra 1 e 9, per esempio [1, 2, 3]",
        ),
        _optional(document.Area, "opens_space", BOOL, _YES_WHAT),
        _optional(
            document.Area,
            "lot_question",
            NAME,
            "il codice della domanda con cui l'ente sceglie il lotto, per esempio municipio",
        ),
        _optional(document.Area, "lots", Many(LOT, distinct=("code", "title")), "i lotti dell'area, ciascuno con i suoi posti"),
    ),
    checks.area,
)

REQUIREMENT = Shape(
    "requirements",
    document.Requirement,
    (
        Key("code", NAME, _NAME_WHAT),
        Key("title", LINE, "il requisito in poche parole"),
        Key("text", TEXT, "il requisito per intero, come lo legge chi fa domanda"),
        _optional(document.Requirement, "kind", one_of(document.RequirementKind), "declaration o check"),
        _optional(document.Requirement, "source", LINE, "la norma o l'articolo dell'avviso"),
        _optional(document.Requirement, "each_member", BOOL, _YES_WHAT),
        _optional(document.Requirement, "areas", _AREAS, _AREAS_WHAT),
    ),
    checks.requirement,
)

CHOICE = Shape(
    "choices",
    document.Choice,
    (
        Key("code", NAME, _NAME_WHAT),
        Key("label", LINE, "le parole della risposta"),
    ),
)

_BOUND_WHAT = "un numero, per esempio 40, oppure un giorno, per esempio 2021-12-31"

WHEN = Shape(
    "when",
    document.When,
    (
        Key("question", NAME, "il codice di una domanda che viene prima, oppure group (come partecipa l'ente)"),
        Key(
            "is",
            Many(NAME, least=1, distinct=("",)),
            "le risposte che la fanno comparire: codici di choices, oppure yes o no, per esempio [yes]",
            field="answers",
        ),
    ),
)

_LIMIT_WHAT = "un numero di caratteri tra 1 e 50000"
_DECIMALS_WHAT = "quante cifre dopo la virgola, da 0 a 6"
_UNIT_WHAT = "l'unità di misura, per esempio metri quadrati"
_CHOICES_WHAT = "l'elenco delle risposte possibili"
_FORMATS_WHAT = f"almeno un formato tra questi: {', '.join(FORMATS)}"
_SIZE_WHAT = "un numero intero e l'unità, per esempio 20 MB oppure 500 KB"
_MAX_FILES_WHAT = "quanti file si possono caricare, da 1 a 50"
_WHEN_WHAT = "la condizione, con question e is"

COLUMN = Shape(
    "questions.columns",
    document.Column,
    (
        Key("code", NAME, _NAME_WHAT),
        Key("label", LINE, "il titolo della colonna"),
        _optional(
            document.Column, "type", one_of(document.ColumnType), f"uno di questi tipi: {', '.join(document.ColumnType)}"
        ),
        _optional(document.Column, "required", BOOL, _YES_WHAT),
        _optional(document.Column, "limit", whole(1, 2_000), "un numero di caratteri tra 1 e 2000"),
        _optional(document.Column, "decimals", whole(0, 6), _DECIMALS_WHAT),
        _optional(document.Column, "unit", LINE, _UNIT_WHAT),
        _optional(document.Column, "choices", Many(CHOICE, distinct=("code", "label")), _CHOICES_WHAT),
    ),
    checks.column,
)

QUESTION = Shape(
    "questions",
    document.Question,
    (
        Key("code", NAME, _NAME_WHAT),
        Key("label", text(300, lines=False), "la domanda, come la legge chi compila"),
        Key("type", one_of(document.QuestionType), f"uno di questi tipi: {', '.join(document.QuestionType)}"),
        _optional(document.Question, "hint", TEXT, "un aiuto per chi compila"),
        _optional(document.Question, "required", BOOL, _YES_WHAT),
        _optional(document.Question, "limit", whole(1, 50_000), _LIMIT_WHAT),
        _optional(document.Question, "choices", Many(CHOICE, distinct=("code", "label")), _CHOICES_WHAT),
        _optional(document.Question, "criterion", CODE, "il codice di un criterio della griglia"),
        _optional(document.Question, "min", BOUND, _BOUND_WHAT),
        _optional(document.Question, "max", BOUND, _BOUND_WHAT),
        _optional(document.Question, "decimals", whole(0, 6), _DECIMALS_WHAT),
        _optional(document.Question, "unit", LINE, _UNIT_WHAT),
        _optional(
            document.Question,
            "columns",
            Many(COLUMN, most=12, distinct=("code", "label")),
            "l'elenco delle colonne della tabella",
        ),
        _optional(document.Question, "formats", Many(one_of(FORMATS), distinct=("",)), _FORMATS_WHAT),
        _optional(document.Question, "max_size", SIZE, _SIZE_WHAT, "max_bytes"),
        _optional(document.Question, "max_files", whole(1, 50), _MAX_FILES_WHAT),
        _optional(document.Question, "signed", BOOL, _YES_WHAT),
        _optional(
            document.Question, "profile", one_of(document.ProfileFact), f"uno di questi dati: {', '.join(document.ProfileFact)}"
        ),
        _optional(document.Question, "areas", _AREAS, _AREAS_WHAT),
        _optional(document.Question, "when", WHEN, _WHEN_WHAT),
    ),
    checks.question,
)

SECTION = Shape(
    "sections",
    document.Section,
    (
        Key("code", NAME, _NAME_WHAT),
        Key("title", LINE, "il titolo della sezione"),
        _optional(document.Section, "kind", one_of(document.SectionKind), "questions, budget, declarations o group"),
        _optional(document.Section, "intro", TEXT, _TEXT_WHAT),
        _optional(document.Section, "questions", Many(QUESTION), "l'elenco delle domande"),
        _optional(document.Section, "criterion", CODE, "il codice di un criterio della griglia"),
        _optional(document.Section, "areas", _AREAS, _AREAS_WHAT),
    ),
    checks.section,
)

ATTACHMENT = Shape(
    "attachments",
    document.AttachmentRule,
    (
        Key("code", NAME, _NAME_WHAT),
        Key("title", LINE, "il nome dell'allegato"),
        _optional(document.AttachmentRule, "text", TEXT, _TEXT_WHAT),
        Key(
            "formats",
            Many(one_of(FORMATS), least=1, distinct=("",)),
            _FORMATS_WHAT,
        ),
        Key("max_size", SIZE, _SIZE_WHAT, field="max_bytes"),
        _optional(document.AttachmentRule, "required", BOOL, _YES_WHAT),
        _optional(document.AttachmentRule, "max_files", whole(1, 50), _MAX_FILES_WHAT),
        _optional(document.AttachmentRule, "signed", BOOL, _YES_WHAT),
        _optional(document.AttachmentRule, "areas", _AREAS, _AREAS_WHAT),
        _optional(document.AttachmentRule, "when", WHEN, _WHEN_WHAT),
    ),
    checks.attachment,
)

_PERCENT_WHAT = "una percentuale tra 0 e 100, per esempio 20"

BUDGET_ITEM = Shape(
    "budgets.items",
    document.BudgetItem,
    (
        Key("code", NAME, _NAME_WHAT),
        Key("title", LINE, "il nome della voce di costo"),
        _optional(document.BudgetItem, "hint", TEXT, "un aiuto per chi compila"),
        _optional(document.BudgetItem, "indirect", BOOL, _YES_WHAT),
        _optional(document.BudgetItem, "min_own_percent", PERCENT, _PERCENT_WHAT),
        _optional(document.BudgetItem, "max_percent", PERCENT, _PERCENT_WHAT),
    ),
    checks.budget_item,
)

VOLUNTEERS = Shape(
    "budgets.volunteers",
    document.Volunteers,
    (
        Key("hourly", EURO, "quanto vale al massimo un'ora, in euro, per esempio 18.50", field="hourly_cents"),
        _optional(document.Volunteers, "max_percent", PERCENT, _PERCENT_WHAT),
        _optional(document.Volunteers, "text", TEXT, _TEXT_WHAT),
    ),
    checks.volunteers,
)

ACTION = Shape(
    "budgets.actions",
    document.Choice,
    (
        Key("code", NAME, _NAME_WHAT),
        Key("label", LINE, "il nome dell'azione"),
    ),
)

BUDGET = Shape(
    "budgets",
    document.Budget,
    (
        Key("code", NAME, _NAME_WHAT),
        _optional(document.Budget, "text", TEXT, _TEXT_WHAT),
        Key("items", Many(BUDGET_ITEM, least=1, distinct=("code", "title")), "almeno una voce di costo"),
        _optional(
            document.Budget,
            "max_grant",
            EURO,
            "un importo in euro maggiore di zero, per esempio 50000.00",
            "max_grant_cents",
        ),
        _optional(document.Budget, "min_own_share_percent", PERCENT, _PERCENT_WHAT),
        _optional(document.Budget, "max_indirect_percent", PERCENT, _PERCENT_WHAT),
        _optional(document.Budget, "by_partner", BOOL, _YES_WHAT),
        _optional(
            document.Budget,
            "years",
            Many(whole(2000, 2100), most=10, distinct=("",)),
            "gli anni, da 2000 a 2100, per esempio [2022, 2023]",
        ),
        _optional(
            document.Budget,
            "actions",
            Many(ACTION, most=30, distinct=("code", "label")),
            "le azioni, ciascuna con code e label",
        ),
        _optional(document.Budget, "volunteers", VOLUNTEERS, "la regola sulle ore dei volontari, con hourly"),
    ),
    checks.budget,
)

LEVEL = Shape(
    "grids.scale",
    grid.Level,
    (
        Key("label", LINE, "il giudizio, per esempio buono"),
        Key("coefficient", decimal(0, 1, 4), "un numero tra 0 e 1, per esempio 0.80"),
        _optional(grid.Level, "descriptor", TEXT, "quando si dà questo giudizio"),
    ),
)

_POINTS_WHAT = "un numero di punti, per esempio 60"

BLOCK = Shape(
    "grids.blocks",
    grid.Block,
    (
        Key("code", CODE, _CODE_WHAT),
        Key("title", LINE, "il titolo del gruppo di criteri"),
        Key("max_points", POINTS, _POINTS_WHAT),
        _optional(grid.Block, "threshold", POINTS, _POINTS_WHAT),
    ),
)

POINTS_LEVEL = Shape(
    "grids.criteria.levels",
    grid.PointsLevel,
    (
        Key("label", LINE, "il giudizio, per esempio buono"),
        Key("points", POINTS, "i punti di questo giudizio, per esempio 8"),
        _optional(grid.PointsLevel, "descriptor", TEXT, "quando si dà questo giudizio"),
    ),
)

_QUANTITY = decimal(0, 1_000_000_000, 4)
_QUANTITY_WHAT = "una quantità, per esempio 15"

BAND = Shape(
    "grids.criteria.bands",
    grid.Band,
    (
        _optional(grid.Band, "label", LINE, "come l'atto chiama la fascia, per esempio da 2 a 3 anni"),
        _optional(grid.Band, "at_least", _QUANTITY, _QUANTITY_WHAT),
        _optional(grid.Band, "more_than", _QUANTITY, _QUANTITY_WHAT),
        _optional(grid.Band, "at_most", _QUANTITY, _QUANTITY_WHAT),
        _optional(grid.Band, "less_than", _QUANTITY, _QUANTITY_WHAT),
        Key("points", POINTS, "i punti di questa fascia, per esempio 5"),
    ),
    checks.band,
)

FORMULA = Shape(
    "grids.criteria.formula",
    grid.Formula,
    (
        Key("kind", one_of(grid.FormulaKind), "linear, power o bilinear"),
        _optional(grid.Formula, "best", one_of(grid.Best), "higher (vince la quantità più alta) o lower (la più bassa)"),
        _optional(grid.Formula, "exponent", decimal(0, 10, 2), "l'esponente, per esempio 0.5"),
        _optional(grid.Formula, "knee", decimal(0, 1, 2), "un numero tra 0 e 1, per esempio 0.90"),
    ),
    checks.formula,
)

PAIRWISE = Shape(
    "grids.criteria.pairwise",
    grid.Pairwise,
    (
        Key("variant", one_of(grid.PairwiseVariant), "sum (somma dei punti) o mean (media dei coefficienti dei commissari)"),
        _optional(grid.Pairwise, "halves", BOOL, _YES_WHAT),
        _optional(grid.Pairwise, "fewest", whole(2, 20), "da quante proposte si confronta a coppie, da 2 a 20"),
    ),
)

CRITERION = Shape(
    "grids.criteria",
    grid.Criterion,
    (
        Key("code", CODE, _CODE_WHAT),
        _optional(grid.Criterion, "letter", LINE, "la lettera o il numero che l'atto stampa"),
        Key("title", text(300, lines=False), "il criterio, come lo scrive l'atto"),
        Key("block", CODE, "il codice di un gruppo di criteri di questa griglia"),
        Key("max_points", POINTS, _POINTS_WHAT),
        _optional(grid.Criterion, "guidance", TEXT, "che cosa guarda la commissione"),
        _optional(grid.Criterion, "threshold", POINTS, _POINTS_WHAT),
        _optional(grid.Criterion, "type", one_of(grid.CriterionType), f"uno di questi tipi: {', '.join(grid.CriterionType)}"),
        _optional(grid.Criterion, "levels", Many(POINTS_LEVEL, distinct=("label",)), "i giudizi, ciascuno con label e points"),
        _optional(grid.Criterion, "step", POINTS, "la più piccola parte di punto che si può dare, per esempio 0.5"),
        _optional(grid.Criterion, "per_unit", POINTS, "i punti di ogni unità, per esempio 2"),
        _optional(grid.Criterion, "unit", LINE, "che cosa si conta o si misura, per esempio certificati"),
        _optional(grid.Criterion, "bands", Many(BAND), "le fasce, ciascuna con i suoi punti"),
        _optional(grid.Criterion, "formula", FORMULA, "la formula, con kind"),
        _optional(grid.Criterion, "penalty", POINTS, "i punti che si tolgono, per esempio 10"),
        _optional(grid.Criterion, "pairwise", PAIRWISE, "come si confrontano le proposte a coppie, con variant"),
    ),
    checks.criterion,
)

ROUNDING = Shape(
    "grids.rounding",
    grid.Rounding,
    (
        Key("at", one_of(grid.RoundingPoint), "coefficient, mean, product o total"),
        Key("digits", whole(0, 6), "quante cifre dopo la virgola, da 0 a 6"),
        Key("mode", one_of(grid.RoundingMode), "half_up, half_even o truncate"),
    ),
)

TIE_STEP = Shape(
    "grids.tie_chain",
    grid.TieStep,
    (
        Key("kind", one_of(grid.TieStepKind), "block, criterion o draw"),
        _optional(grid.TieStep, "code", CODE, "il codice del gruppo o del criterio da confrontare"),
    ),
)

GRID = Shape(
    "grids",
    grid.Grid,
    (
        Key("code", NAME, _NAME_WHAT),
        Key("title", LINE, "il titolo della griglia"),
        Key("max_points", POINTS, "il totale dei punti, per esempio 100", computed=True),
        Key(
            "scale",
            Many(LEVEL, distinct=("label", "coefficient")),
            "i giudizi della scala, ciascuno con label e coefficient, oppure [] se nessun criterio ha un coefficiente",
        ),
        Key("blocks", Many(BLOCK, least=1, distinct=("code",)), "almeno un gruppo di criteri"),
        Key("criteria", Many(CRITERION, least=1, distinct=("code",)), "almeno un criterio"),
        Key(
            "rounding",
            Many(ROUNDING, distinct=("at",)),
            "dove si arrotonda, oppure [] se l'avviso non arrotonda mai",
        ),
        Key("comparison", one_of(grid.Comparison), "exact (frazioni esatte) o published (totali arrotondati)"),
        Key("threshold", POINTS, "i punti minimi, per esempio 60, oppure null se non c'è una soglia", nullable=True),
        Key(
            "tie_chain",
            Many(TIE_STEP, least=1),
            "come si sciolgono le parità: gruppi e criteri da confrontare, in ordine, e alla fine il sorteggio",
        ),
        _optional(grid.Grid, "published_digits", whole(0, 6), "quante cifre dopo la virgola, da 0 a 6"),
        _optional(grid.Grid, "composition", one_of(grid.Composition), "mean (media dei commissari) o sum (somma)"),
        _optional(
            grid.Grid,
            "rescaling",
            Many(one_of(grid.Rescaling), distinct=("",)),
            "che cosa si riparametra, in quest'ordine: criterion, block, total",
        ),
        _optional(grid.Grid, "rescales_alone", BOOL, _YES_WHAT),
        _optional(grid.Grid, "marking", one_of(grid.Marking), "individual (ciascuno da solo) o collegial (insieme)"),
        _optional(grid.Grid, "demonstration", TEXT, "la frase che dice che la griglia è un esempio"),
    ),
    checks.grid,
)

COMMISSION = Shape(
    "commission",
    document.Commission,
    (
        _optional(document.Commission, "min_members", whole(1, 15), "un numero di persone tra 1 e 15"),
        _optional(document.Commission, "max_members", whole(1, 15), "un numero di persone tra 1 e 15"),
        _optional(document.Commission, "odd", BOOL, _YES_WHAT),
        _optional(document.Commission, "text", TEXT, _TEXT_WHAT),
    ),
    checks.commission,
)

ECONOMIC_FRAME = Shape(
    "economic_frame",
    document.EconomicFrame,
    (
        Key("text", TEXT, "le risorse della co-progettazione: denaro, spazi, persone, e chi le mette"),
        _optional(
            document.EconomicFrame, "total", EURO, "un importo in euro maggiore di zero, per esempio 650000.00", "total_cents"
        ),
    ),
)

REPLACEMENT = Shape(
    "replacement",
    document.Replacement,
    (
        _optional(document.Replacement, "mode", one_of(document.ReplacementMode), "none, until_agreement o for_months"),
        _optional(document.Replacement, "months", whole(1, 120), "un numero di mesi, per esempio 24"),
        _optional(document.Replacement, "text", TEXT, _TEXT_WHAT),
    ),
    checks.replacement,
)

FORMAL_CHECK = Shape(
    "formal_check",
    document.FormalCheck,
    (
        _optional(
            document.FormalCheck, "days", whole(1, 365), "in quanti giorni finisce la verifica, da 1 a 365, per esempio 30"
        ),
        _optional(document.FormalCheck, "rejection_notice", BOOL, _YES_WHAT),
        _optional(document.FormalCheck, "rejection_days", whole(1, 90), "i giorni per rispondere, da 1 a 90"),
        _optional(document.FormalCheck, "clock", one_of(document.ClockRule), "suspends (sospende) o interrupts (interrompe)"),
        _optional(document.FormalCheck, "text", TEXT, _TEXT_WHAT),
    ),
    checks.formal_check,
)

PUBLICATION = Shape(
    "publication",
    document.Publication,
    (
        _optional(document.Publication, "observations_days", whole(1, 90), "i giorni per le osservazioni, da 1 a 90"),
        _optional(document.Publication, "members", one_of(document.MembersShown), "names, labels o none"),
        _optional(document.Publication, "text", TEXT, _TEXT_WHAT),
    ),
)

PARTICIPATION = Shape(
    "participation",
    document.Participation,
    (
        _optional(
            document.Participation,
            "groups",
            Many(one_of(document.GroupForm), distinct=("",)),
            f"le forme di gruppo ammesse, tra queste: {', '.join(document.GroupForm)}",
        ),
        _optional(
            document.Participation, "max_members", whole(2, 100), "quanti enti al massimo, capofila compreso, da 2 a 100"
        ),
        _optional(document.Participation, "once_per_area", BOOL, _YES_WHAT),
        _optional(document.Participation, "text", TEXT, _TEXT_WHAT),
    ),
    checks.participation,
)

ARTICLE = Shape(
    "agreement.articles",
    document.Article,
    (
        Key("title", LINE, "il titolo dell'articolo"),
        Key("text", TEXT, "il testo dell'articolo"),
    ),
)

AGREEMENT = Shape(
    "agreement",
    document.Agreement,
    (
        Key("title", LINE, "il titolo della convenzione"),
        _optional(document.Agreement, "preamble", TEXT, _TEXT_WHAT),
        _optional(document.Agreement, "duration_months", whole(1, 240), "un numero di mesi, per esempio 24"),
        _optional(document.Agreement, "table_mode", one_of(document.TableMode), "selected, eligible o merged"),
        Key("articles", Many(ARTICLE, least=1, distinct=("title",)), "almeno un articolo"),
    ),
)

NOTICE = Shape(
    "notice",
    document.Notice,
    (
        Key("id", NAME, _NAME_WHAT.replace("area-1", "spazi-wemi-2021")),
        Key("title", text(300, lines=False), "il titolo dell'avviso"),
        Key("summary", TEXT, "due o tre frasi su che cosa si cerca e chi può partecipare"),
        _optional(document.Notice, "purpose", TEXT, "lo scopo e l'oggetto della co-progettazione"),
        _optional(document.Notice, "demonstration", TEXT, "la frase che dice che cosa in questo avviso è un esempio"),
        Key("administration", ADMINISTRATION, "l'amministrazione che pubblica l'avviso"),
        _optional(document.Notice, "coprogramming", ACT, "l'atto di co-programmazione da cui nasce l'avviso"),
        _optional(document.Notice, "economic_frame", ECONOMIC_FRAME, "il quadro economico"),
        _optional(document.Notice, "act", ACT, "l'atto che approva l'avviso"),
        _optional(document.Notice, "legal_basis", Many(LEGAL_REFERENCE, distinct=("title",)), "l'elenco delle norme"),
        Key("calendar", CALENDAR, "il calendario, con il termine in deadline"),
        Key("areas", Many(AREA, least=1, distinct=("code", "title")), "almeno un'area"),
        _optional(document.Notice, "participation", PARTICIPATION, "chi può partecipare, da solo o in gruppo"),
        _optional(document.Notice, "formal_check", FORMAL_CHECK, "come e in quanto tempo l'ufficio verifica le domande"),
        _optional(document.Notice, "publication", PUBLICATION, "come si pubblica la graduatoria"),
        _optional(document.Notice, "requirements", Many(REQUIREMENT, distinct=("code", "title")), "l'elenco dei requisiti"),
        Key("sections", Many(SECTION, least=1, distinct=("code",)), "almeno una sezione della domanda"),
        _optional(document.Notice, "attachments", Many(ATTACHMENT, distinct=("code", "title")), "l'elenco degli allegati"),
        _optional(document.Notice, "budgets", Many(BUDGET, distinct=("code",)), "l'elenco dei piani economici"),
        Key("grids", Many(GRID, least=1, distinct=("code",)), "almeno una griglia di valutazione"),
        _optional(document.Notice, "commission", COMMISSION, "le regole sulla commissione"),
        _optional(document.Notice, "conflict_rules", TEXT, "come si evitano i conflitti di interessi"),
        _optional(document.Notice, "conclusion", TEXT, "come si conclude il procedimento e con quale atto"),
        _optional(document.Notice, "replacement", REPLACEMENT, "la regola sullo scorrimento della graduatoria"),
        Key("agreement", AGREEMENT, "lo schema di convenzione"),
        _optional(document.Notice, "sources", Many(SOURCE, distinct=("title",)), "l'elenco delle fonti"),
        _optional(document.Notice, "assumptions", Many(ASSUMPTION, distinct=("path",)), "l'elenco delle supposizioni"),
    ),
    checks.notice,
)

SHAPES = (
    NOTICE, ADMINISTRATION, ACT, ECONOMIC_FRAME, LEGAL_REFERENCE, CALENDAR, MILESTONE, AREA, LOT, PARTICIPATION, FORMAL_CHECK,
    PUBLICATION, REQUIREMENT, SECTION,
    QUESTION, CHOICE, WHEN, COLUMN, ATTACHMENT, BUDGET, BUDGET_ITEM, ACTION, VOLUNTEERS, GRID, LEVEL, BLOCK, CRITERION, POINTS_LEVEL, BAND,
    PAIRWISE,
    FORMULA, ROUNDING, TIE_STEP, COMMISSION, REPLACEMENT, AGREEMENT, ARTICLE, SOURCE, ASSUMPTION,
)  # fmt: skip
"""In the order of ``docs/notice.md``."""

"""The call document (the avviso as data) once it has been read: frozen values, and what the program asks them.

PURE: standard library only. What the law fixes is code; what the notice decides is here. A ``Notice`` is made by
``bando.notice.parse.parse``, which refuses anything that does not hold together, so these classes check nothing again.
Texts are the words of the administration (Italian) and are shown as they are; money is integer cents; percentages and
points are ``Decimal``; instants are aware, in Europe/Rome. An optional text that the notice does not give is "".
The meaning of every key is in ``docs/notice.md``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from bando.deadlines import Window
from bando.notice.grid import Grid


class RequirementKind(StrEnum):
    """``declaration``: the body declares it, by a box in the form; ``check``: the office alone verifies it."""

    DECLARATION = "declaration"
    CHECK = "check"


class SectionKind(StrEnum):
    QUESTIONS = "questions"
    BUDGET = "budget"
    DECLARATIONS = "declarations"
    GROUP = "group"


class ClockRule(StrEnum):
    """What a rejection notice does to the term of the office: the days go on from where they were, or start again (art. 10-bis
    L. 241/1990, after and before D.L. 76/2020)."""

    SUSPENDS = "suspends"
    INTERRUPTS = "interrupts"


class MembersShown(StrEnum):
    """How the published ranking shows whose mark is whose: by name, by role and number, or not at all (the marks of a row are
    then in order of size)."""

    NAMES = "names"
    LABELS = "labels"
    NONE = "none"


class GroupForm(StrEnum):
    """How several bodies apply together: a temporary association of purpose (ATS), one of enterprises (ATI), a
    consortium, or a network of bodies."""

    ATS = "ats"
    ATI = "ati"
    CONSORTIUM = "consortium"
    NETWORK = "network"


class ProfileFact(StrEnum):
    """What the profile of a body knows and a question may ask again: the answer is offered, never written by itself."""

    NAME = "name"
    TAX_CODE = "tax_code"
    VAT_NUMBER = "vat_number"
    ADDRESS = "address"
    PEC = "pec"
    PHONE = "phone"


class QuestionType(StrEnum):
    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    ADDRESS = "address"
    MUNICIPIO = "municipio"
    DECLARATION = "declaration"
    FILE = "file"
    TABLE = "table"


class ColumnType(StrEnum):
    """What a cell of a table holds: each is the question type of the same name."""

    SHORT_TEXT = "short_text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"


class TableMode(StrEnum):
    """Who sits at the co-design table (D.M. 72/2021): the selected bodies, all eligible ones, or all in one merged
    proposal."""

    SELECTED = "selected"
    ELIGIBLE = "eligible"
    MERGED = "merged"


class ReplacementMode(StrEnum):
    """Whether the next in the ranking takes a place that becomes free: not automatic unless the call says so, once the
    partnership exists (Cons. Stato 208/2021)."""

    NONE = "none"
    UNTIL_AGREEMENT = "until_agreement"
    FOR_MONTHS = "for_months"


@dataclass(frozen=True, slots=True)
class Administration:
    name: str
    office: str = ""
    email: str = ""
    pec: str = ""
    phone: str = ""
    url: str = ""
    procedure_officer: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """The act that approved the notice (determinazione)."""

    title: str
    number: str = ""
    date: date | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class LegalReference:
    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where facts of this document come from; ``facts`` are the paths that it vouches for."""

    title: str
    url: str = ""
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assumption:
    """A value at ``path`` (for example ``grids[area-1].tie_chain``) that no source states, and why it is what it is."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Milestone:
    """A step after the deadline, in the words of the notice: ``when`` may be as loose as "settembre 2024"."""

    title: str
    when: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """``opens`` None: from publication on. ``curing_days``: calendar days to answer a request of completion (the law
    fixes no number: art. 6 L. 241/1990)."""

    deadline: datetime
    opens: datetime | None = None
    questions_until: datetime | None = None
    curing_days: int = 10
    milestones: tuple[Milestone, ...] = ()
    timezone: str = "Europe/Rome"

    @property
    def window(self) -> Window:
        return Window(self.opens, self.deadline)


@dataclass(frozen=True, slots=True)
class Lot:
    """A part of an area with places of its own. ``code`` is an answer of the area's ``lot_question``: a choice or, for a
    Municipio, its number."""

    code: str
    title: str
    places: int


@dataclass(frozen=True, slots=True)
class Area:
    """A field of intervention: its own applications, grid and ranking. With ``lots`` each proposal stands for the lot that
    its answer to ``lot_question`` names, places are given lot by lot, and ``places`` is None.

    ``places`` None means no limit: the threshold alone decides. ``place_label`` names them ("Spazi WeMi").
    ``municipi`` are those in which a proposal may stand (empty: the question is not asked). ``opens_space``: a selected
    body opens a Spazio.
    """

    code: str
    title: str
    grid: str
    description: str = ""
    places: int | None = None
    place_label: str = "posti"
    budget: str = ""
    municipi: tuple[int, ...] = ()
    opens_space: bool = False
    lot_question: str = ""
    lots: tuple[Lot, ...] = ()


@dataclass(frozen=True, slots=True)
class Requirement:
    """A row of the formal check; a declaration is a box in the form too. ``each_member``: in a group every body declares it
    for itself, and not the lead alone. ``areas`` empty: every area."""

    code: str
    title: str
    text: str
    kind: RequirementKind = RequirementKind.DECLARATION
    source: str = ""
    each_member: bool = True
    areas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    code: str
    label: str


YES, NO = "yes", "no"
"""How a condition names the answers of a question that has no codes of its own; a declaration that was made is a yes."""

GROUP = "group"
"""How a condition names who takes part, which the group section asks: no question may have this code."""


class GroupAnswer(StrEnum):
    """How a body takes part, as a condition on :data:`GROUP` names it."""

    SINGLE = "single"
    FORMED = "formed"
    TO_BE_FORMED = "to_be_formed"


@dataclass(frozen=True, slots=True)
class When:
    """Asked only if the earlier ``question`` has one of ``answers``: codes of its choices, or ``yes`` and ``no``. A
    question that is not asked has no answer. The question :data:`GROUP` is how the body takes part."""

    question: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. ``limit`` for a text, ``decimals`` and ``unit`` for a number, ``choices`` for a choice."""

    code: str
    label: str
    type: ColumnType = ColumnType.SHORT_TEXT
    required: bool = True
    limit: int | None = None
    decimals: int = 0
    unit: str = ""
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """``limit``: Unicode code points, CRLF counted as one (texts only, and always there). ``min`` and ``max``: Decimal
    for a number (in ``unit``, with at most ``decimals`` digits) and for money (euro); a date for a date; how many
    boxes, as Decimal, for choices; how many rows, as Decimal, for a table, which always has a ``max`` and ``columns``.
    ``formats``, ``max_bytes`` (per file), ``max_files`` and ``signed`` are those of a file. ``profile``: the fact of the
    body's profile that answers it, or None. ``criterion``: the code that it serves in
    the grid of each of its areas, or "". ``areas`` empty: all those of its section. ``when`` None: always asked."""

    code: str
    label: str
    type: QuestionType
    hint: str = ""
    required: bool = True
    limit: int | None = None
    choices: tuple[Choice, ...] = ()
    criterion: str = ""
    min: Decimal | date | None = None
    max: Decimal | date | None = None
    decimals: int = 0
    unit: str = ""
    columns: tuple[Column, ...] = ()
    formats: tuple[str, ...] = ()
    max_bytes: int | None = None
    max_files: int = 1
    signed: bool = False
    profile: ProfileFact | None = None
    areas: tuple[str, ...] = ()
    when: When | None = None

    def __hash__(self) -> int:
        """Of what tells questions apart, for the same reason as that of :class:`Notice`."""
        return hash((self.code, self.label))


@dataclass(frozen=True, slots=True)
class Section:
    """A page of the form. A budget section shows the area's budget table and serves ``criterion``; a declarations
    section shows the area's declarations, a group section who takes part and with which share. ``areas`` empty: every
    area."""

    code: str
    title: str
    kind: SectionKind = SectionKind.QUESTIONS
    intro: str = ""
    questions: tuple[Question, ...] = ()
    criterion: str = ""
    areas: tuple[str, ...] = ()

    def __hash__(self) -> int:
        """Of what tells sections apart, for the same reason as that of :class:`Notice`."""
        return hash((self.code, self.title))

    @property
    def serves_a_criterion(self) -> bool:
        """Does the grid judge something that is answered here?"""
        return bool(self.criterion) or any(question.criterion for question in self.questions)


@dataclass(frozen=True, slots=True)
class AttachmentRule:
    """``max_bytes`` is per file. ``signed``: the call wants a digital signature; where none is found the body is told and
    the office judges. ``areas`` empty: every area. ``when`` None: always asked. A question of type file is a
    rule too, with the question's code (:meth:`Notice.attachments_for`)."""

    code: str
    title: str
    formats: tuple[str, ...]
    max_bytes: int
    text: str = ""
    required: bool = True
    max_files: int = 1
    signed: bool = False
    areas: tuple[str, ...] = ()
    when: When | None = None


@dataclass(frozen=True, slots=True)
class BudgetItem:
    """``min_own_percent``: the least part of this item's own cost that the bodies bring; ``max_percent``: the greatest
    part of the total cost that this item may be."""

    code: str
    title: str
    hint: str = ""
    indirect: bool = False
    min_own_percent: Decimal | None = None
    max_percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Volunteers:
    """Hours of volunteers as a part of what the bodies bring: valued at most ``hourly_cents`` an hour (the pay of the
    collective agreement) and never reimbursed (D.M. 72/2021). ``max_percent``: the greatest part of what the bodies bring
    that they may be."""

    hourly_cents: int
    max_percent: Decimal | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Budget:
    """``min_own_share_percent`` is the least part of the total cost that the bodies bring; ``max_indirect_percent`` the
    greatest part of the total cost that indirect items may be.

    A budget is one row for each item, unless the notice wants to see more: ``by_partner``, ``years`` (calendar years) and
    ``actions`` split it into lines, each of one item and of one of each of those. ``volunteers`` None: their hours are not
    asked."""

    code: str
    items: tuple[BudgetItem, ...]
    max_grant_cents: int | None = None
    min_own_share_percent: Decimal | None = None
    max_indirect_percent: Decimal | None = None
    by_partner: bool = False
    years: tuple[int, ...] = ()
    actions: tuple[Choice, ...] = ()
    volunteers: Volunteers | None = None
    text: str = ""

    @property
    def is_split(self) -> bool:
        return self.by_partner or bool(self.years or self.actions)


@dataclass(frozen=True, slots=True)
class Commission:
    """How many members; whether their number must be odd. They are appointed after the deadline (D.M. 72/2021)."""

    min_members: int = 3
    max_members: int = 5
    odd: bool = True
    text: str = ""


@dataclass(frozen=True, slots=True)
class FormalCheck:
    """The check of the office. ``days``: within how many days from the deadline it ends, None where the call gives no term; a
    request of completion and a rejection notice stop that clock. ``rejection_notice``: before a rejection the office tells
    its reasons and waits ``rejection_days`` for observations (art. 10-bis L. 241/1990, which leaves competitive procedures
    out: so the call says)."""

    days: int | None = None
    rejection_notice: bool = False
    rejection_days: int = 10
    clock: ClockRule = ClockRule.SUSPENDS
    text: str = ""


@dataclass(frozen=True, slots=True)
class Publication:
    """How a ranking becomes public. ``observations_days``: how long a provisional ranking waits for the observations of the
    bodies, None where the first publication is final."""

    observations_days: int | None = None
    members: MembersShown = MembersShown.LABELS
    text: str = ""


@dataclass(frozen=True, slots=True)
class Participation:
    """Who may apply together. ``groups`` empty: single bodies only. ``max_members`` counts the lead too.
    ``once_per_area``: a body takes part once in each area, alone or in one group (the usual rule; Cons. Stato 208/2021)."""

    groups: tuple[GroupForm, ...] = ()
    max_members: int | None = None
    once_per_area: bool = True
    text: str = ""


@dataclass(frozen=True, slots=True)
class EconomicFrame:
    """The resources of the whole call: ``total_cents`` in integer cents, None where the notice gives no figure."""

    text: str
    total_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Replacement:
    """``months``: for how long from the publication of the ranking, for ``for_months`` only."""

    mode: ReplacementMode = ReplacementMode.NONE
    months: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """The draft agreement (schema di convenzione) that a selected body signs."""

    title: str
    articles: tuple[Article, ...]
    duration_months: int | None = None
    table_mode: TableMode = TableMode.SELECTED
    preamble: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    id: str
    title: str
    summary: str
    administration: Administration
    calendar: Calendar
    areas: tuple[Area, ...]
    sections: tuple[Section, ...]
    grids: tuple[Grid, ...]
    agreement: Agreement
    act: Act | None = None
    demonstration: str = ""
    purpose: str = ""
    economic_frame: EconomicFrame | None = None
    coprogramming: Act | None = None
    conflict_rules: str = ""
    conclusion: str = ""
    replacement: Replacement = Replacement()
    participation: Participation = Participation()
    formal_check: FormalCheck = FormalCheck()
    publication: Publication = Publication()
    requirements: tuple[Requirement, ...] = ()
    attachments: tuple[AttachmentRule, ...] = ()
    budgets: tuple[Budget, ...] = ()
    commission: Commission = Commission()
    legal_basis: tuple[LegalReference, ...] = ()
    sources: tuple[Source, ...] = ()
    assumptions: tuple[Assumption, ...] = ()

    def __hash__(self) -> int:
        """Of what tells notices apart: the whole document would be gone through whenever its forms are looked up."""
        return hash((self.id, self.title))

    def area(self, code: str) -> Area:
        """Raises KeyError for a code that the notice does not know, like every lookup below."""
        for area in self.areas:
            if area.code == code:
                return area
        raise KeyError(code)

    def grid_for(self, area_code: str) -> Grid:
        wanted = self.area(area_code).grid
        return next(grid for grid in self.grids if grid.code == wanted)

    def budget_for(self, area_code: str) -> Budget | None:
        wanted = self.area(area_code).budget
        return next((budget for budget in self.budgets if budget.code == wanted), None)

    def requirements_for(self, area_code: str) -> tuple[Requirement, ...]:
        return _of(self.requirements, self.area(area_code))

    def attachments_for(self, area_code: str) -> tuple[AttachmentRule, ...]:
        """The files that an application of this area may carry: those asked inside the form, then those asked apart."""
        asked = tuple(
            _as_rule(question)
            for section in self.sections_for(area_code)
            for question in section.questions
            if question.type is QuestionType.FILE
        )
        return asked + _of(self.attachments, self.area(area_code))

    def sections_for(self, area_code: str) -> tuple[Section, ...]:
        """The form that an applicant of this area fills: its sections, each with the questions of this area alone."""
        area = self.area(area_code)
        return tuple(replace(section, questions=_of(section.questions, area)) for section in _of(self.sections, area))


def _as_rule(question: Question) -> AttachmentRule:
    return AttachmentRule(
        question.code,
        question.label,
        question.formats,
        question.max_bytes,
        text=question.hint,
        required=question.required,
        max_files=question.max_files,
        signed=question.signed,
        when=question.when,
    )


def _of(things: tuple, area: Area) -> tuple:
    return tuple(thing for thing in things if not thing.areas or area.code in thing.areas)

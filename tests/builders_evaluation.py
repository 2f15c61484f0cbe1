"""Commissions, declarations and marks for the tests: a small call of two areas, and proposals already admitted.

The grid has three criteria: ``a1`` (20 points) and ``b1`` (30) in ``progetto``, ``c1`` (50) in ``risorse``. Area 1 has two
places, a threshold of 50 and the chain "progetto"; area 2 has no limit of places, no threshold; only a draw breaks its ties.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, count
from typing import Any
from uuid import uuid4

from accounts.models import Organisation, User
from applications.models import Application, Attachment, Submission
from applications.states import ApplicationState
from bando.actions import load, publish
from bando.deadlines import rome
from bando.models import Call
from documents.uploads import keep
from evaluation.actions import (
    appoint_commission,
    close_evaluation,
    collegial_sheet,
    compute_ranking,
    declare,
    declare_all,
    finish_comparison,
    finish_sheet,
    publish_ranking,
    save_comparison,
    save_marks,
)
from evaluation.comparing import Preferred
from evaluation.models import Commission, Comparison, Member, MemberRole, Ranking, Sheet
from tests.builders import body, official, person, small_pdf
from tests.remembered import remembered

DEADLINE = rome(2021, 10, 18, 12)
PUBLISHED_AT = rome(2021, 9, 16, 10)
APPOINTED_AT = rome(2021, 10, 25, 10)
MARKED_AT = rome(2021, 11, 3, 15)
RANKED_AT = rome(2021, 12, 1, 9)

LEVELS = {"ottimo": "1.0", "buono": "0.8", "sufficiente": "0.5", "scarso": "0.2", "assente": "0.0"}
CODES = ("a1", "b1", "c1")

GRID = """
    max_points: 100
    scale:
      - {label: ottimo, coefficient: 1.00, descriptor: Risponde in modo completo.}
      - {label: buono, coefficient: 0.80, descriptor: Risponde bene.}
      - {label: sufficiente, coefficient: 0.50, descriptor: Risponde in parte.}
      - {label: scarso, coefficient: 0.20, descriptor: Risponde poco.}
      - {label: assente, coefficient: 0.00, descriptor: Non risponde.}
    blocks:
      - {code: progetto, title: Il progetto, max_points: 50}
      - {code: risorse, title: Le risorse, max_points: 50}
    criteria:
      - {code: a1, letter: A.1, title: Bisogni, block: progetto, max_points: 20, guidance: Dati e persone ascoltate.}
      - {code: b1, letter: B.1, title: Azioni, block: progetto, max_points: 30}
      - {code: c1, letter: C.1, title: Squadra, block: risorse, max_points: 50}
    published_digits: 2
"""

NOTICE = """
schema: 1
id: SLUG
title: Avviso di prova
summary: Un avviso breve per le prove.
purpose: Provare la valutazione.
administration: {name: Comune di prova, procedure_officer: Rita Responsabile}
legal_basis: [{title: Art. 55 del D.Lgs. 117/2017}]
calendar: {deadline: 2021-10-18T12:00:00}
areas:
  - {code: area-1, title: Area uno, grid: griglia-1, places: PLACES, place_label: posti}
  - {code: area-2, title: Area due, grid: griglia-2}
sections:
  - code: proposta
    title: La proposta
    questions:
      - {code: titolo, label: Titolo, type: short_text, limit: 100}
      - {code: bisogni, label: Quali bisogni, type: long_text, limit: 1000, criterion: a1}
      - {code: azioni, label: Quali azioni, type: long_text, limit: 1000, criterion: b1}
      - {code: squadra, label: Chi ci lavora, type: long_text, limit: 1000, criterion: c1}
commission: {min_members: 3, max_members: 5, odd: true}
grids:
  - code: griglia-1
    title: Griglia uno
GRID
    rounding: []
    comparison: exact
    threshold: 50
    tie_chain: [{kind: block, code: progetto}, {kind: draw}]
  - code: griglia-2
    title: Griglia due
GRID
    rounding: []
    comparison: exact
    threshold: null
    tie_chain: [{kind: draw}]
agreement:
  title: Convenzione
  duration_months: 24
  articles: [{title: Oggetto, text: La convenzione regola la co-progettazione.}]
"""

EVERY_TYPE = """
schema: 1
id: SLUG
title: Avviso di ogni tipo
summary: Un avviso con criteri di ogni tipo.
purpose: Provare ogni tipo di criterio.
administration: {name: Comune di prova, procedure_officer: Rita Responsabile}
legal_basis: [{title: Art. 55 del D.Lgs. 117/2017}]
calendar: {deadline: 2021-10-18T12:00:00}
areas:
  - {code: area-1, title: Area uno, grid: ogni-tipo, places: 2, place_label: posti}
  - {code: area-2, title: Area due, grid: somma}
sections:
  - code: proposta
    title: La proposta
    questions:
      - {code: titolo, label: Titolo, type: short_text, limit: 100}
      - {code: bisogni, label: Quali bisogni, type: long_text, limit: 1000, criterion: q1, areas: [area-1]}
      - {code: squadra, label: Chi ci lavora, type: long_text, limit: 1000, criterion: q2, areas: [area-1]}
      - {code: rete, label: Con chi, type: long_text, limit: 1000, criterion: q3, areas: [area-1]}
      - {code: certificati, label: Quanti certificati, type: number, criterion: r1, areas: [area-1]}
      - {code: anni, label: Da quanti anni, type: number, decimals: 1, criterion: r2, areas: [area-1]}
      - {code: sede, label: Avete una sede, type: yes_no, criterion: r3, areas: [area-1]}
      - {code: quota, label: Quanto mettete, type: money, criterion: r4, areas: [area-1]}
      - {code: costo, label: Costo per persona, type: money, criterion: r5, areas: [area-1]}
      - {code: persone, label: Quante persone, type: number, criterion: r6, required: false, areas: [area-1]}
      - {code: incompiuto, label: Un progetto incompiuto, type: yes_no, criterion: r7, areas: [area-1]}
      - {code: tutto, label: La proposta intera, type: long_text, limit: 1000, criterion: s1, areas: [area-2]}
      - {code: presenza, label: Presenza nel quartiere, type: long_text, limit: 1000, criterion: s2, areas: [area-2]}
commission: {min_members: 3, max_members: 3, odd: true}
grids:
  - code: ogni-tipo
    title: Griglia di ogni tipo
    max_points: 100
    scale:
      - {label: ottimo, coefficient: 1.00, descriptor: Risponde in modo completo.}
      - {label: buono, coefficient: 0.80}
      - {label: scarso, coefficient: 0.20}
    blocks:
      - {code: qualita, title: La qualità, max_points: 40}
      - {code: risorse, title: Le risorse, max_points: 60}
    criteria:
      - {code: q1, letter: Q.1, title: Bisogni, block: qualita, max_points: 20, threshold: 5}
      - code: q2
        letter: Q.2
        title: Squadra
        block: qualita
        max_points: 10
        type: levels
        levels:
          - {label: ottimo, points: 10}
          - {label: buono, points: 8}
          - {label: discreto, points: 5, descriptor: Con qualche mancanza.}
          - {label: sufficiente, points: 2}
      - {code: q3, letter: Q.3, title: Rete, block: qualita, max_points: 10, type: points, step: 0.5}
      - {code: r1, letter: R.1, title: Certificazioni, block: risorse, max_points: 10, type: count, per_unit: 2, unit: certificati}
      - code: r2
        letter: R.2
        title: Esperienza
        block: risorse
        max_points: 10
        type: bands
        unit: anni
        bands:
          - {points: 2, at_least: 1, less_than: 3}
          - {points: 6, at_least: 3, at_most: 5}
          - {points: 10, more_than: 5, label: più di cinque}
      - {code: r3, letter: R.3, title: Sede, block: risorse, max_points: 5, type: yes_no}
      - code: r4
        letter: R.4
        title: Cofinanziamento
        block: risorse
        max_points: 20
        type: formula
        unit: euro
        formula: {kind: power, exponent: 0.5}
      - code: r5
        letter: R.5
        title: Costo
        block: risorse
        max_points: 5
        type: formula
        unit: euro
        formula: {kind: linear, best: lower}
      - code: r6
        letter: R.6
        title: Persone
        block: risorse
        max_points: 10
        type: formula
        unit: persone
        formula: {kind: bilinear, knee: 0.80}
      - {code: r7, letter: R.7, title: Incompiuti, block: risorse, max_points: 0, type: penalty, penalty: 10}
    rounding: [{at: product, digits: 2, mode: half_up}]
    comparison: exact
    threshold: 30
    tie_chain: [{kind: block, code: qualita}, {kind: draw}]
    rescaling: RESCALING
  - code: somma
    title: Griglia che somma
    max_points: 36
    scale: []
    blocks: [{code: tutto, title: Tutto, max_points: 36}]
    criteria:
      - {code: s1, title: La proposta, block: tutto, max_points: 30, type: points, step: 0.5}
      - code: s2
        title: Il quartiere
        block: tutto
        max_points: 6
        type: levels
        levels: [{label: alta, points: 2}, {label: bassa, points: 1}, {label: nessuna, points: 0}]
    composition: sum
    rescaling: RESCALING
    rounding: []
    comparison: exact
    threshold: null
    tie_chain: [{kind: draw}]
agreement:
  title: Convenzione
  duration_months: 24
  articles: [{title: Oggetto, text: La convenzione regola la co-progettazione.}]
"""

_numbers = count(1)


@remembered
def small_call(*, slug: str = "prova", places: int = 2, by: User | None = None, more: str = "") -> Call:
    """The small call, published; ``more`` are further lines of its document."""
    text = NOTICE.replace("SLUG", slug).replace("PLACES", str(places)).replace("GRID", GRID)
    call = load(f"{text}{more}\n", at=PUBLISHED_AT)
    publish(call, by=by or official(), at=PUBLISHED_AT)
    return Call.objects.with_notice().get(pk=call.pk)


@remembered
def call_of_every_type(*, slug: str = "ogni-tipo", rescaling: str = "[]") -> Call:
    """A published call whose first area has a criterion of every type and every formula, two places and the threshold 30
    (5 on ``q1``); its second adds the points of three members."""
    call = load(EVERY_TYPE.replace("SLUG", slug).replace("RESCALING", rescaling), at=PUBLISHED_AT)
    publish(call, by=official(), at=PUBLISHED_AT)
    return Call.objects.with_notice().get(pk=call.pk)


@remembered
def call_in_pairs(
    *, slug: str = "coppie", variant: str = "sum", fewest: int = 3, halves: bool = False, members: str = "labels"
) -> Call:
    """The small call, where ``c1`` is judged by comparing proposals in pairs from ``fewest`` of them."""
    rules = f"{{variant: {variant}, fewest: {fewest}, halves: {str(halves).lower()}}}"
    grid = GRID.replace(
        "block: risorse, max_points: 50}", f"block: risorse, max_points: 50, type: pairwise, pairwise: {rules}}}"
    )
    asked = NOTICE.replace("agreement:\n", f"publication: {{members: {members}}}\nagreement:\n")
    call = load(asked.replace("SLUG", slug).replace("PLACES", "2").replace("GRID", grid), at=PUBLISHED_AT)
    publish(call, by=official(), at=PUBLISHED_AT)
    return Call.objects.with_notice().get(pk=call.pk)


@remembered
def call_in_lots(*, slug: str = "lotti") -> Call:
    """The small call, whose area 1 has a lot ``nord`` with one place and a lot ``sud`` with two; the answer ``zona`` names it."""
    asked = NOTICE.replace(
        "grid: griglia-1, places: PLACES, place_label: posti}",
        "grid: griglia-1, place_label: posti, lot_question: zona, "
        "lots: [{code: nord, title: Nord, places: 1}, {code: sud, title: Sud, places: 2}]}",
    ).replace(
        "      - {code: bisogni,",
        "      - {code: zona, label: Zona, type: choice, areas: [area-1], "
        "choices: [{code: nord, label: Nord}, {code: sud, label: Sud}]}\n      - {code: bisogni,",
    )
    call = load(asked.replace("SLUG", slug).replace("GRID", GRID), at=PUBLISHED_AT)
    publish(call, by=official(), at=PUBLISHED_AT)
    return Call.objects.with_notice().get(pk=call.pk)


@remembered
def call_marked_together(*, slug: str = "insieme") -> Call:
    """The small call, where the commission gives one mark; in area 2 each member marks alone."""
    together = NOTICE.replace("    threshold: 50\n", "    threshold: 50\n    marking: collegial\n")
    call = load(together.replace("SLUG", slug).replace("PLACES", "2").replace("GRID", GRID), at=PUBLISHED_AT)
    publish(call, by=official(), at=PUBLISHED_AT)
    return Call.objects.with_notice().get(pk=call.pk)


def compare(
    member: Member, proposals: Sequence[Application], degrees: Sequence[int], *, criterion: str = "c1", finish: bool = True
) -> Comparison:
    """The table of a member, in whole degrees, pair after pair in the order of the proposals: 3 prefers the first, -3 the
    second, 1 neither. Fewer degrees than pairs leave it incomplete."""
    row = Comparison(member=member, area_code=proposals[0].area_code, criterion=criterion)
    pairs = zip(combinations(proposals, 2), degrees, strict=False)
    cells = [
        Preferred(one.pk, two.pk, "neither" if abs(degree) == 1 else "first" if degree > 0 else "second", abs(degree) * 10_000)
        for (one, two), degree in pairs
    ]
    row = save_comparison(row, cells, by=member.user, at=MARKED_AT)
    if finish:
        finish_comparison(row, by=member.user, at=MARKED_AT)
    return row


def mark_together(made: Commission, application: Application, labels: Sequence[str], *, finish: bool = True) -> Sheet:
    """The sheet of the whole commission, written by its chair; every member has declared no conflict."""
    for member in marking(made):
        declare(member, application, in_conflict=False, at=MARKED_AT)
    chair = marking(made)[0].user
    sheet = collegial_sheet(application, by=chair, at=MARKED_AT)
    save_marks(sheet, coefficients(labels), by=chair, at=MARKED_AT)
    if finish:
        finish_sheet(sheet, by=chair, at=MARKED_AT)
    return sheet


@remembered
def call_of_rows_and_files(*, slug: str = "righe") -> Call:
    """The small call, where a table serves ``c1`` and files serve ``b1``."""
    asked = NOTICE.replace(
        "      - {code: azioni, label: Quali azioni, type: long_text, limit: 1000, criterion: b1}",
        "      - {code: azioni, label: Le prove, type: file, formats: [pdf], max_size: 5 MB, max_files: 2, criterion: b1}",
    ).replace(
        "      - {code: squadra, label: Chi ci lavora, type: long_text, limit: 1000, criterion: c1}",
        """      - code: squadra
        label: Chi ci lavora
        type: table
        max: 5
        criterion: c1
        columns:
          - {code: nome, label: Nome, limit: 80}
          - {code: ore, label: Ore, type: number, unit: alla settimana}
          - {code: compito, label: Compito, limit: 300, required: false}""",
    )
    call = load(asked.replace("SLUG", slug).replace("PLACES", "2").replace("GRID", GRID), at=PUBLISHED_AT)
    publish(call, by=official(), at=PUBLISHED_AT)
    return Call.objects.with_notice().get(pk=call.pk)


def with_rows(call: Call, *, name: str) -> Application:
    """An admitted proposal of the call of rows and files: two rows of the table."""
    rows = [{"nome": "Anna", "ore": "12", "compito": "Segue lo sportello."}, {"nome": "Bruno", "ore": "8", "compito": None}]
    return admitted(call, name=name, answers={"proposta": {"titolo": "Casa aperta", "bisogni": "Due.", "squadra": rows}})


def attached(application: Application, name: str, *, rule: str = "statuto", sent: bool = True) -> Attachment:
    """A file of the proposal, in its manifest with those before it or added to the draft after the sending."""
    document = keep(small_pdf(name), name=name, media_type="application/pdf", by=application.created_by, at=MARKED_AT)
    attachment = Attachment.objects.create(application=application, rule=rule, document=document)
    if sent:
        item = {"attachment": str(attachment.pk), "rule": rule, "name": name, "size": document.size}
        again = Submission.objects.filter(application=application).latest("sequence")
        again.pk, again._state.adding = uuid4(), True
        again.sequence, again.manifest = again.sequence + 1, [*again.manifest, item]
        again.save()
        Application.objects.filter(pk=application.pk).update(current=again)
    return attachment


def stating(call: Call, *, name: str = "", **facts: Any) -> Application:
    """An admitted proposal of the area of every type that states these ``facts``: ``certificati``, ``anni``, ``sede``, ``quota``
    and ``costo`` in cents, ``persone``, ``incompiuto``. Numbers are text, as they are kept."""
    words = {"titolo": "Progetto", "bisogni": "I bisogni.", "squadra": "La squadra.", "rete": "La rete."}
    return admitted(call, name=name, answers={"proposta": {**words, **facts}})


def find(member: Member, application: Application, found: Mapping[str, str], *, finish: bool = True) -> Sheet:
    """The sheet of a member with what they ``found``, criterion to number as text, each with a reason."""
    sheet = sheet_of(member, application)
    given = {code: (Decimal(text), f"Motivo di {code}") for code, text in found.items()}
    save_marks(sheet, given, by=member.user, at=MARKED_AT)
    if finish:
        finish_sheet(sheet, by=member.user, at=MARKED_AT)
    return sheet


def admitted(
    call: Call,
    area: str = "area-1",
    *,
    name: str = "",
    title: str = "",
    organisation: Organisation | None = None,
    state: str = ApplicationState.ADMITTED,
    answers: Mapping[str, Any] | None = None,
) -> Application:
    """A proposal as it stands after the formal check; written as rows, because the roads before it have their own tests."""
    number = next(_numbers)
    by = person()
    application = Application.objects.create(
        call=call,
        area_code=area,
        organisation=organisation or body(name or f"Ente {number:03}", by=by),
        created_by=by,
        created_at=DEADLINE - timedelta(days=7),
    )
    given = {
        "titolo": title or f"Progetto {number}",
        "bisogni": f"Bisogni {number}",
        "azioni": f"Azioni {number}",
        "squadra": "Tre persone",
    }
    submission = Submission.objects.create(
        application=application,
        sequence=1,
        call_version=call.version,
        by=by,
        arrived_at=DEADLINE - timedelta(days=7),
        committed_at=DEADLINE - timedelta(days=7),
        answers=answers or {"proposta": given},
        manifest=[],
        content="{}",
        sha256="0" * 64,
        reviewed="",
    )
    application.number, application.current, application.state = f"PROVA-{number:04}", submission, state
    application.save()
    return application


def commission(call: Call, *, members: int = 3, secretary: bool = False, by: User | None = None) -> Commission:
    """An appointed commission: the chair first, then ``members - 1`` others; the secretary, if asked for, last."""
    seats = [(person(name=f"Commissaria {n}"), MemberRole.MEMBER if n else MemberRole.CHAIR) for n in range(members)]
    if secretary:
        seats.append((person(name="Segretario"), MemberRole.SECRETARY))
    return appoint_commission(
        call, members=seats, act_number="120/2021", act_date=date(2021, 10, 20), by=by or official(), at=APPOINTED_AT
    )


def marking(commission: Commission) -> list[Member]:
    return list(commission.members.marking().select_related("user", "commission"))


def sheet_of(member: Member, application: Application) -> Sheet:
    """The open sheet of a member who has declared no conflict."""
    declare(member, application, in_conflict=False, at=MARKED_AT)
    return Sheet.objects.with_call().get(member=member, application=application)


def coefficients(labels: Sequence[str]) -> dict[str, tuple[Decimal, str]]:
    """Marks with reasons from levels in the order of the grid: ("buono", "ottimo", "scarso")."""
    return {code: (Decimal(LEVELS[label]), f"Motivo di {code}") for code, label in zip(CODES, labels, strict=True)}


def mark(member: Member, application: Application, labels: Sequence[str], *, finish: bool = True) -> Sheet:
    sheet = sheet_of(member, application)
    save_marks(sheet, coefficients(labels), by=member.user, at=MARKED_AT)
    if finish:
        finish_sheet(sheet, by=member.user, at=MARKED_AT)
    return sheet


def mark_all(commission: Commission, marks: Mapping[Application, Sequence[Sequence[str] | None]]) -> None:
    """Per proposal, the levels of each marking member in order; ``None`` for a member who declares a conflict."""
    members = marking(commission)
    given = {row.pk: dict(zip((member.pk for member in members), levels, strict=True)) for row, levels in marks.items()}
    for member in members:
        said = [(row, given[row.pk][member.pk] is None) for row in marks]
        told = [(row, conflict, "Ne sono socia." if conflict else "") for row, conflict in said]
        assert declare_all(member, told, at=MARKED_AT) == {}
        sheets = Sheet.objects.with_call().filter(
            member=member, application__in=[row for row, conflict in said if not conflict]
        )
        for sheet in sheets.order_by("application__number"):
            save_marks(sheet, coefficients(given[sheet.application_id][member.pk]), by=member.user, at=MARKED_AT)
            finish_sheet(sheet, by=member.user, at=MARKED_AT)


def same(labels: Sequence[str], members: int = 3) -> list[Sequence[str]]:
    """The same levels from every member."""
    return [labels] * members


def computed(call: Call, area: str = "area-1", *, by: User | None = None) -> Ranking:
    """The evaluation closed and the ranking computed."""
    by = by or official()
    close_evaluation(call, area, by=by, at=RANKED_AT)
    return compute_ranking(call, area, by=by, at=RANKED_AT)


def published(call: Call, area: str = "area-1", *, by: User | None = None) -> Ranking:
    by = by or official()
    ranking = computed(call, area, by=by)
    return publish_ranking(
        ranking,
        act_number="200/2021",
        act_date=date(2021, 12, 1),
        unfilled_reason="Le proposte idonee sono meno dei posti.",
        by=by,
        at=RANKED_AT,
    )

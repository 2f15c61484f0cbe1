"""The minutes of a session: gathered from the record when it closes, told in words when somebody reads them, and without what
a reader may not know.

A *fact* is a dictionary of plain data. Always: ``kind``, and ``at`` (ISO 8601) of what happened at a moment. What concerns one
proposal carries ``application``, its pk as text, with its ``number`` and the names of its ``body``: who is in conflict with
it does not read that fact, and because facts are counted only when they are shown, not its count either.

=====================  =================================================================================
kind                   what else it carries
=====================  =================================================================================
present, absent        name, role, note
abstains               name: in conflict, takes no part in what is said of the proposal
declared               name, in_conflict (never the note: it is for the office)
finish, reopen, ...    name: the acts on a sheet (``evaluation.transitions``)
compare                name, act, area, criterion: the acts on a table of pairs
area                   act, area, title: the evaluation of an area is closed or reopened, its ranking computed or published,
                       its draw committed or done
replaced               leaves, joins, reason
scores                 criteria [{title, points}], total, reasons [{criterion, member, reason}], area: when the session closed it
=====================  =================================================================================
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Application
from applications.models.application import ApplicationStep
from applications.states import ApplicationState as S
from evaluation.figures import figure
from evaluation.models import (
    ComparisonStep,
    Declaration,
    DrawStep,
    Mark,
    MemberRole,
    Minutes,
    RankingStep,
    Session,
    Sheet,
    SheetStep,
)
from evaluation.progress import latest_declarations
from evaluation.publication import compose, labels, who_marked
from evaluation.states import SheetState
from evaluation.ties import acting_for, organisations_of
from workflow.ledger import canonical, digest

Fact = dict[str, Any]

ON_A_SHEET = ("finish", "reopen", "void", "restore", "void_by_replacement", "reopen_by_replacement")
ON_AN_AREA = (
    "evaluate",
    "reopen_evaluation",
    "compute",
    "publish_provisional",
    "publish",
    "correct",
    "commit",
    "draw",
    "cancel",
)


def gather(session: Session, *, until: datetime) -> list[Fact]:
    """What the record says happened from the opening of ``session`` to ``until``: who was there, who declared, who concluded or
    reopened a sheet, what was closed, computed, drawn or changed. Marks are there only for an area that was closed meanwhile
    and still is."""
    window = {"at__gte": session.opened_at, "at__lte": until}
    proposals = _proposals(session)
    known = {application.pk: application for application in proposals}
    happened: list[Fact] = [
        *_declared(session, known, window),
        *_on_sheets(session, known, window),
        *_on_tables(session, window),
        *_on_areas(session, known, window),
        *_replaced(session, window),
    ]
    happened.sort(key=lambda fact: fact["at"])
    closed = {fact["area"] for fact in happened if fact["kind"] == "area" and fact["act"] == "evaluate"}
    scores = [fact for area in sorted(closed) for fact in _scores(session, area, known)]
    return [*_present(session), *_abstains(session, proposals), *happened, *scores]


def _proposals(session: Session) -> QuerySet[Application]:
    rows = Application.objects.received().filter(call=session.commission.call_id)
    if session.area_code:
        rows = rows.filter(area_code=session.area_code)
    return rows.select_related("organisation").prefetch_related("participants__organisation").order_by("number")


def _of(application: Application) -> Fact:
    bodies = ", ".join(str(body) for body in organisations_of(application))
    return {"application": str(application.pk), "number": application.number, "body": bodies}


def _present(session: Session) -> Iterator[Fact]:
    for row in session.attendances.select_related("member__user").order_by("member__order"):
        kind = "present" if row.present else "absent"
        yield {"kind": kind, "name": str(row.member.user), "role": row.member.role, "note": row.note}


def _abstains(session: Session, proposals: QuerySet[Application]) -> Iterator[Fact]:
    members = [row.member for row in session.attendances.filter(present=True).select_related("member__user")]
    said = latest_declarations(members, proposals)
    for application in proposals:
        for member in members:
            if said.get((member.pk, application.pk)):
                yield {"kind": "abstains", "name": str(member.user), **_of(application)}


def _declared(session: Session, known: Mapping[Any, Application], window: Mapping[str, datetime]) -> Iterator[Fact]:
    rows = Declaration.objects.filter(application__in=known, member__commission=session.commission_id, **window)
    for row in rows.select_related("member__user").order_by("pk"):
        said = {"kind": "declared", "name": str(row.member.user), "in_conflict": row.in_conflict}
        yield {**said, "at": row.at.isoformat(), **_of(known[row.application_id])}


def _on_sheets(session: Session, known: Mapping[Any, Application], window: Mapping[str, datetime]) -> Iterator[Fact]:
    rows = SheetStep.objects.filter(row__application__in=known, act__in=ON_A_SHEET, **window)
    for step in rows.select_related("row__member__user").order_by("pk"):
        name = str(step.row.member.user) if step.row.member else ""
        yield {"kind": step.act, "name": name, "at": step.at.isoformat(), **_of(known[step.row.application_id])}


def _on_tables(session: Session, window: Mapping[str, datetime]) -> Iterator[Fact]:
    rows = ComparisonStep.objects.filter(row__member__commission=session.commission_id, act__in=ON_A_SHEET, **window)
    if session.area_code:
        rows = rows.filter(row__area_code=session.area_code)
    notice = session.commission.call.notice
    for step in rows.select_related("row__member__user").order_by("pk"):
        titles = {c.code: c.title for c in notice.grid_for(step.row.area_code).criteria}
        about = {"criterion": titles.get(step.row.criterion, step.row.criterion), "area": step.row.area_code}
        yield {"kind": "compare", "act": step.act, "name": str(step.row.member.user), "at": step.at.isoformat(), **about}


def _on_areas(session: Session, known: Mapping[Any, Application], window: Mapping[str, datetime]) -> Iterator[Fact]:
    """Each act once for its area, however many proposals it moved."""
    call, acts = session.commission.call, {"act__in": ON_AN_AREA, **window}
    found: dict[tuple[str, str, datetime], None] = {}
    for step in ApplicationStep.objects.filter(row__in=known, **acts).order_by("pk"):
        found[(step.act, known[step.row_id].area_code, step.at)] = None
    for step in RankingStep.objects.filter(row__call=call, **acts).select_related("row").order_by("pk"):
        found[(step.act, step.row.area_code, step.at)] = None
    for step in DrawStep.objects.filter(row__ranking__call=call, **acts).select_related("row__ranking").order_by("pk"):
        found[(step.act, step.row.ranking.area_code, step.at)] = None
    for act, area, at in found:
        if session.area_code in ("", area):
            yield {"kind": "area", "act": act, "area": area, "title": call.notice.area(area).title, "at": at.isoformat()}


def _replaced(session: Session, window: Mapping[str, datetime]) -> Iterator[Fact]:
    for step in session.commission.call.steps.filter(act="replace_member", **window).order_by("pk"):
        names = {"leaves": step.facts["leaves"]["name"], "joins": step.facts["joins"]["name"], "reason": step.reason}
        yield {"kind": "replaced", "at": step.at.isoformat(), **names}


def _scores(session: Session, area: str, known: Mapping[Any, Application]) -> Iterator[Fact]:
    """The points that came of the marks, with the reason of each member, of an area that is closed now."""
    closed = [a for a in known.values() if a.area_code == area and a.state in (S.EVALUATED, S.RANKED)]
    if not closed:
        return
    call = session.commission.call
    grid, document = call.notice.grid_for(area), compose(call, area).document
    titles = {criterion.code: criterion.title for criterion in grid.criteria}
    rows = {row["application"]: row for row in document["rows"]}
    members = who_marked(call, area)
    names = dict(zip((member.pk for member in members), labels(members), strict=True))
    reasons: dict[Any, list[Fact]] = {}
    marks = Mark.objects.filter(sheet__application__in=closed, sheet__state=SheetState.FINAL).exclude(reason="")
    order = {code: place for place, code in enumerate(titles)}
    for application, member, code, reason in marks.values_list("sheet__application", "sheet__member", "criterion", "reason"):
        said = {"criterion": titles[code], "member": names.get(member, ""), "reason": reason, "place": order[code]}
        reasons.setdefault(application, []).append(said)
    for application in closed:
        row = rows.get(application.number)
        if row is None:
            continue
        given = sorted(reasons.get(application.pk, ()), key=lambda said: (said["place"], said["member"]))
        yield {
            "kind": "scores",
            "area": area,
            **_of(application),
            "criteria": [{"title": titles[c["code"]], "points": c["points"]["published"]} for c in row["criteria"]],
            "total": row["total"]["published"],
            "reasons": [{key: said[key] for key in ("criterion", "member", "reason")} for said in given],
        }


# Who may read what


@dataclass(frozen=True, slots=True)
class Hidden:
    """Proposals, by pk as text, of which a reader reads nothing, and those of which not the marks."""

    proposals: frozenset[str] = frozenset()
    marks: frozenset[str] = frozenset()

    def admits(self, fact: Fact) -> bool:
        about = fact.get("application")
        return about not in self.proposals and not (fact["kind"] == "scores" and about in self.marks)

    def conceals(self, minutes: Minutes) -> bool:
        """Whether ``minutes`` hold something that the reader may not read."""
        said = {pk for pk, text in minutes.parts.items() if text.strip()}
        return bool(said & self.proposals) or not all(map(self.admits, minutes.facts))


def hidden_from(user: User, session: Session) -> Hidden:
    """What ``user`` may not read of a session before its minutes are published. Who marks reads nothing of a proposal with which
    they are in conflict or have not declared, and of the others not what the rest found until their own sheet is concluded;
    the secretary nothing of a body of their own. Who has no seat is the office."""
    member = session.commission.members.seated().filter(user=user).first()
    if member is None:
        return Hidden()
    proposals = _proposals(session)
    own = {application for _member, application in acting_for([member], proposals)}
    if member.role == MemberRole.SECRETARY:
        return Hidden(proposals=frozenset(map(str, own)))
    said = latest_declarations([member], proposals)
    final = set(Sheet.objects.filter(member=member, state=SheetState.FINAL).values_list("application_id", flat=True))
    kept = {a.pk for a in proposals if a.pk in own or said.get((member.pk, a.pk)) is not False}
    still = {a.pk for a in proposals if a.state == S.ADMITTED and a.pk not in final}
    return Hidden(frozenset(map(str, kept)), frozenset(map(str, still)))


# What is read


@dataclass(frozen=True, slots=True)
class Line:
    """What happened at a moment, in words."""

    at: datetime | None
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """What the minutes say of one proposal alone."""

    application: str
    number: str
    body: str
    text: str

    @property
    def name(self) -> str:
        return f"{self.number}, {self.body}"


@dataclass(frozen=True, slots=True)
class Told:
    """Minutes as one reader reads them."""

    attendance: list[Fact]
    lines: list[Line]
    text: str
    parts: list[Part]
    scores: list[Fact]


def told(minutes: Minutes, hidden: Hidden) -> Told:
    """The minutes as they were written, without what is hidden."""
    return _told(minutes.facts, minutes.text, _parts(minutes, minutes.parts, hidden), hidden)


def told_to_all(minutes: Minutes) -> Told:
    """The minutes as the office published them."""
    public: dict[str, Any] = minutes.public or {}
    parts = _parts(minutes, public["parts"], Hidden())
    return _told(minutes.facts, public["text"], parts, Hidden(), reasons=public["reasons"])


def _told(facts: list[Fact], text: str, parts: list[Part], hidden: Hidden, *, reasons: bool = True) -> Told:
    seen = [fact for fact in facts if hidden.admits(fact)]
    return Told(
        attendance=[
            {**fact, "role_label": MemberRole(fact["role"]).label} for fact in seen if fact["kind"] in ("present", "absent")
        ],
        lines=list(_lines(fact for fact in seen if fact["kind"] not in ("present", "absent", "scores"))),
        text=text,
        parts=parts,
        scores=[_with_figures(fact, reasons) for fact in seen if fact["kind"] == "scores"],
    )


def _with_figures(fact: Fact, reasons: bool) -> Fact:
    criteria = [{**criterion, "points": figure(criterion["points"])} for criterion in fact["criteria"]]
    return {**fact, "criteria": criteria, "total": figure(fact["total"]), "reasons": fact["reasons"] if reasons else []}


def abstaining(session: Session, hidden: Hidden) -> list[Line]:
    """Who leaves the room, and for which proposals: the conflicts that stand among those who are there."""
    return list(_lines(fact for fact in _abstains(session, _proposals(session)) if hidden.admits(fact)))


def proposals_of(session: Session, hidden: Hidden) -> list[Part]:
    """The proposals of which a part of the minutes may speak, without the text."""
    rows = (Part(str(a.pk), a.number or "", _of(a)["body"], "") for a in _proposals(session))
    return [part for part in rows if part.application not in hidden.proposals]


def _parts(minutes: Minutes, texts: Mapping[str, str], hidden: Hidden) -> list[Part]:
    written = {pk for pk, text in texts.items() if text.strip()}
    if not written:
        return []
    rows = proposals_of(minutes.session, hidden)
    return [Part(row.application, row.number, row.body, texts[row.application]) for row in rows if row.application in written]


def _lines(facts: Iterable[Fact]) -> Iterator[Line]:
    """Facts that say the same of many proposals one after the other are one line, told at the moment of the last."""
    group: list[Fact] = []
    for fact in facts:
        if group and _same(group[-1], fact):
            group.append(fact)
            continue
        if group:
            yield _line(group)
        group = [fact]
    if group:
        yield _line(group)


def _same(before: Fact, fact: Fact) -> bool:
    keys = ("kind", "name", "in_conflict")
    return "application" in before and "application" in fact and all(before.get(key) == fact.get(key) for key in keys)


def _line(group: list[Fact]) -> Line:
    first = group[0]
    at = datetime.fromisoformat(group[-1]["at"]) if "at" in first else None
    about = ", ".join(f"{fact['number']} ({fact['body']})" for fact in group if "application" in fact)
    return Line(at, _words(first) % {**first, "about": about})


def _words(fact: Fact) -> str:
    """The sentence of a fact, with the names of its parameters."""
    match fact["kind"]:
        case "abstains":
            return _("%(name)s è in conflitto di interessi e non partecipa quando si parla di: %(about)s.")
        case "declared" if fact["in_conflict"]:
            return _("%(name)s dichiara un conflitto di interessi su: %(about)s.")
        case "declared":
            return _("%(name)s dichiara di non avere conflitti di interessi su: %(about)s.")
        case "replaced":
            return _("%(joins)s prende il posto di %(leaves)s. Motivo: %(reason)s")
        case "compare" if fact["act"] == "finish":
            return _("%(name)s conclude il confronto a coppie sul criterio «%(criterion)s».")
        case "compare":
            return _("%(name)s: il confronto a coppie sul criterio «%(criterion)s» è riaperto o annullato.")
        case "area":
            return {
                "evaluate": _("La valutazione dell'area «%(title)s» è chiusa."),
                "reopen_evaluation": _("La valutazione dell'area «%(title)s» è riaperta."),
                "compute": _("L'ufficio calcola la graduatoria dell'area «%(title)s»."),
                "publish_provisional": _("L'ufficio pubblica la graduatoria provvisoria dell'area «%(title)s»."),
                "publish": _("L'ufficio pubblica la graduatoria dell'area «%(title)s»."),
                "correct": _("L'ufficio corregge la graduatoria dell'area «%(title)s»."),
                "commit": _("L'elenco del sorteggio dell'area «%(title)s» è fissato prima del valore pubblico."),
                "draw": _("Il sorteggio dell'area «%(title)s» è fatto."),
                "cancel": _("Il sorteggio dell'area «%(title)s» è annullato."),
            }[fact["act"]]
        case kind:
            return {
                "finish": _("%(name)s conclude la scheda di: %(about)s.")
                if fact["name"]
                else _("La commissione conclude la scheda di: %(about)s."),
                "reopen": _("%(name)s riapre la scheda di: %(about)s.")
                if fact["name"]
                else _("La commissione riapre la scheda di: %(about)s."),
                "void": _("La scheda di %(name)s è annullata per conflitto: %(about)s."),
                "restore": _("%(name)s riprende la scheda di: %(about)s."),
                "void_by_replacement": _("La scheda di %(name)s è annullata per la sostituzione: %(about)s."),
                "reopen_by_replacement": _("La scheda della commissione è riaperta per la sostituzione: %(about)s."),
            }[kind]


def fingerprint(minutes: Minutes) -> str:
    """The SHA-256 of all that the approved minutes say, as the record keeps it."""
    session = minutes.session
    said = {
        "session": str(session.pk),
        "number": session.number,
        "kind": session.kind,
        "place": session.place,
        "agenda": session.agenda,
        "opened_at": session.opened_at,
        "closed_at": session.closed_at,
        "facts": minutes.facts,
        "text": minutes.text,
        "parts": minutes.parts,
    }
    return digest(canonical(said))


def free_texts(minutes: Minutes, public: Mapping[str, Any]) -> Iterator[str]:
    """All that somebody wrote by hand and that ``public`` would let out."""
    yield public["text"]
    yield from public["parts"].values()
    for fact in minutes.facts:
        yield from (str(fact[key]) for key in ("note", "reason") if fact.get(key))
        if public["reasons"]:
            yield from (said["reason"] for said in fact.get("reasons", ()))


def areas_of(session: Session, areas: Collection[Any]) -> str:
    """The title of the area of a session; empty when it concerns the whole call."""
    return next((area.title for area in areas if area.code == session.area_code), "")

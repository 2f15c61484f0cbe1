"""What only some calls ask of their office and commission: a notice before a rejection, comparisons in pairs, sheets of the whole
commission, a draw. Each through its own page, like the rest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from applications.models import Application
from bando.deadlines import ROME
from bando.notice.grid import Grid, Marking, TieStepKind
from rehearsal.page import Form
from rehearsal.report import Level
from rehearsal.visitor import Answer, Broken, Visitor

MOST_PAGES = 60
"""Of a table of pairs: more than those of a hundred proposals."""
DRAW_AFTER = timedelta(days=2)
VALUE = "12 47 3 88 61"
"""Of the draw: invented, and the same for every rehearsal."""


def form_with(visitor: Visitor, answer: Answer, name: str) -> Form:
    """The form of a page that has this field or button; without it the page is of no use, and the report says so."""
    form = answer.page.form_with(name)
    if form is None:
        sentence = " – ".join(answer.page.errors[:5])
        visitor.find(Level.BROKEN, "no_form", answer.url, same=name, field=name, sentence=sentence)
        raise Broken(answer.url)
    return form


def verdicts_of(form: Form) -> list[str]:
    """The names of the points of a check on its page."""
    return [name for name in form.fields if name.endswith("-verdict") and "shown" not in name]


def notify(visitor: Visitor, row: Application, *, observes: Visitor | None) -> None:
    """The office tells its reasons; ``observes`` writes for the body, who may also keep silent until the term."""
    page = visitor.get("desk_rejection", row.pk)
    visitor.send(page, form_with(visitor, page, "reason"), {"reason": ["Manca un documento richiesto dall'avviso."]})
    if observes is not None:
        page = observes.get("application_rejection", row.pk, 1)
        form = form_with(observes, page, "send")
        observes.send(page, form, {"text": [""]}, press="send", refused="nothing_observed")
        page = observes.get("application_rejection", row.pk, 1)
        form = form_with(observes, page, "send")
        observes.send(page, form, {"text": ["Il documento c'era: è il secondo allegato."]}, press="send")


def reject(visitor: Visitor, row: Application) -> None:
    """The rejection, with an answer to what the body observed if it did: that is a point of the check too."""
    page = visitor.get("desk_application", row.pk)
    form = form_with(visitor, page, "save")
    waiting = [name for name in verdicts_of(form) if not any(form.fields[name].value)]
    if waiting:
        visitor.send(page, form, {name: ["not_met"] for name in waiting}, press="save")
        page = visitor.get("desk_application", row.pk)
    form = form_with(visitor, page, "not_admit")
    if not any(form.fields["reason"].value):
        visitor.find(Level.LOOK, "no_proposed_reason", page.url)
    typed = {"reason": ["Manca un documento richiesto dall'avviso."]}
    if "answer" in form.fields:
        typed["answer"] = ["Il secondo allegato è un altro documento."]
    visitor.send(page, form, typed, press="not_admit")


def is_collegial(grid: Grid) -> bool:
    return grid.marking is Marking.COLLEGIAL


def has_draw(grid: Grid) -> bool:
    return any(step.kind is TieStepKind.DRAW for step in grid.tie_chain)


def begin_sheets(visitor: Visitor, slug: str) -> Iterator[Any]:
    """Begin every sheet of the whole commission, by who presides."""
    page = visitor.get("collegial", slug)
    for form in page.page.forms:
        if "proposal" in form.fields:
            yield visitor.send(page, form, {})


def compare(visitor: Visitor, slug: str, area: str, criterion: str, *, first: bool) -> bool:
    """Fill the table of a member: of each two now the one is better, now the other, now neither. Answers False where the page
    lets nobody compare: in a conflict, or with too few proposals."""
    page = visitor.get("comparison", slug, area, criterion)
    form = page.page.form_with("finish")
    if form is None:
        return False
    if first:
        page = visitor.send(page, form, {}, press="finish", refused="pairs_not_finished")
        page = visitor.get("comparison", slug, area, criterion)
    turn = count()
    for _page in range(MOST_PAGES):
        form = form_with(visitor, page, "finish")
        typed: dict[str, list[str]] = {}
        for name in [name for name in form.fields if name.startswith("who-")]:
            choice, degrees = next(turn), [value for value in form.fields[name.replace("who-", "degree-")].options if value]
            typed[name] = [("first", "second", "neither")[choice % 3]]
            if choice % 3 < 2:
                typed[name.replace("who-", "degree-")] = [degrees[choice % len(degrees)]]
        last = not form.has_button("next")
        done = visitor.send(page, form, typed, press="finish" if last else "next")
        if last:
            return True
        page = visitor.open(done.location)
    raise Broken(page.url)


def draw(visitor: Visitor, slug: str, area: str) -> datetime:
    """Commit the list, wait for the value, draw. Answers when it was done."""
    page = visitor.get("desk_draw", slug, area)
    form = form_with(visitor, page, "commit")
    day = (visitor.at + timedelta(days=1)).astimezone(ROME).strftime("%d/%m/%Y")
    source = "I cinque numeri della ruota di Milano, nell'ordine di uscita (prova)"
    typed = {"commit-source": [source], "commit-value_day": [day], "commit-value_time": ["20:00"]}
    visitor.send(page, form, typed, press="commit")
    page = visitor.get("desk_draw", slug, area)
    if page.page.form_with("draw"):
        visitor.find(Level.BROKEN, "not_refused", page.url, same="drawn_too_early", wrong="drawn_too_early")
    visitor.at += DRAW_AFTER
    page = visitor.get("desk_draw", slug, area)
    value = {"draw-value": [VALUE], "draw-again": [VALUE]}
    visitor.send(page, form_with(visitor, page, "draw"), value, press="draw")
    visitor.log.count("draws")
    return visitor.at

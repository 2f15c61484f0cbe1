"""Writing a call document: a draft begins from something, every change of it is kept, and it ends as a call or as a
rectification of one."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path as File
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from bando.actions import load
from bando.models import Call, CallVersion, DraftEdit, DraftOrigin, NoticeDraft
from bando.notice.canonical import SCHEMA, canonical, notice_hash
from bando.notice.checks import Path, path_text
from bando.notice.document import Notice
from bando.notice.merge import Contest, Origins, Prefer, follow, merge
from bando.notice.parse import Fault, NoticeFaults, parse
from bando.notice_yaml import dump, read, read_unfinished
from bando.states import CallState
from workflow.transition import Refused

TEMPLATES = File(settings.BASE_DIR) / "fixtures" / "templates"
LONGEST_DRAFT = 500_000
"""Characters of a draft as it is stored: ten times the longest real notice, and less than what a file may have."""


class Contested(Exception):
    """Somebody else changed the same values meanwhile: ``contests`` are what only a person can decide. Nothing is saved."""

    def __init__(self, contests: tuple[Contest, ...], draft: NoticeDraft) -> None:
        super().__init__(f"{len(contests)} values of {draft.pk} are contested")
        self.contests, self.draft = contests, draft


@dataclass(frozen=True, slots=True)
class Saved:
    """``path`` is where what was written stands now (None: somebody took it away); ``version`` is 0 when nothing changed."""

    draft: NoticeDraft
    path: Path | None
    version: int


@dataclass(frozen=True, slots=True)
class Template:
    code: str
    title: str
    summary: str
    text: str


def templates() -> list[Template]:
    """What a call may start from, in the order of the names of the files."""
    found = []
    for file in sorted(TEMPLATES.glob("*.yaml")):
        text = file.read_text(encoding="utf-8")
        data = read(text).data
        found.append(Template(file.stem, str(data.get("title", file.stem)), str(data.get("summary", "")), text))
    return found


def begin(
    data: dict[str, Any],
    *,
    origin: DraftOrigin,
    by: User,
    at: datetime,
    text: str = "",
    call: Call | None = None,
    amends: bool = False,
) -> NoticeDraft:
    """A draft that begins as ``data`` (plain data, whole or not). Raises :class:`Refused` when somebody is already writing
    the document of this call, or it is too long."""
    kept = _begun(data)
    _refuse_too_long(kept)
    try:
        with transaction.atomic():
            if call is not None and call.published_at:
                # What was written to be published has been: whoever writes about this call now writes a rectification.
                call.drafts.filter(amends=False, discarded_at=None).update(discarded_at=at)
            draft = NoticeDraft.objects.create(
                data=kept,
                text=text,
                origin=origin,
                call=call,
                amends=amends,
                created_by=by,
                created_at=at,
                changed_by=by,
                changed_at=at,
            )
            DraftEdit.objects.create(draft=draft, version=draft.version, data=kept, by=by, at=at)
    except IntegrityError:
        raise Refused([_("C'è già una bozza in lavorazione per questo avviso: continua quella.")]) from None
    return draft


def _begun(data: dict[str, Any]) -> dict[str, Any]:
    return {"schema": SCHEMA, **storable(data)}


def storable(data: Any) -> Any:
    """Plain data with its decimals as text, with the digits that were written: JSON would make floats of them."""
    match data:
        case dict():
            return {key: storable(value) for key, value in data.items()}
        case list():
            return [storable(item) for item in data]
        case Decimal():
            return format(data, "f")
    return data


# --- what a draft starts from ----------------------------------------------------------------------------------------


def from_template(code: str, *, by: User, at: datetime) -> NoticeDraft:
    """Raises StopIteration for a template that is not there."""
    template = next(template for template in templates() if template.code == code)
    data = {key: value for key, value in read(template.text).data.items() if key != "id"}
    return begin(data, origin=DraftOrigin.TEMPLATE, by=by, at=at)


def from_call(call: Call, *, by: User, at: datetime) -> NoticeDraft:
    """A new call like an earlier one. Its address and its dates are its own: they start empty."""
    data = copy.deepcopy(read(call.version.text).data)
    data.pop("id", None)
    data.pop("act", None)
    calendar = data.get("calendar", {})
    for name in ("opens", "deadline", "questions_until", "milestones"):
        calendar.pop(name, None)
    return begin(data, origin=DraftOrigin.CALL, by=by, at=at)


def from_file(content: bytes, *, by: User, at: datetime) -> NoticeDraft:
    """A document that somebody brought; what it does not say yet is left to do. Raises DocumentFaults when it can't be read,
    or is of another format."""
    document = read_unfinished(content)
    # Without its first line the file is not the document that is kept: it is written anew.
    text = content.decode("utf-8-sig") if "schema" in document.data else ""
    return begin(document.data, origin=DraftOrigin.FILE, by=by, at=at, text=text)


def go_on(call: Call, *, by: User, at: datetime) -> NoticeDraft:
    """The draft in hand of a call that is not published yet, begun from its document if there is none."""
    found = call.drafts.filter(discarded_at=None).first()
    if found is not None:
        return found
    return begin(read(call.version.text).data, origin=DraftOrigin.CALL, by=by, at=at, text=call.version.text, call=call)


def _refuse_too_long(data: Any) -> None:
    """Every change keeps the whole document, and every page reads it."""
    if len(json.dumps(data, ensure_ascii=False)) > LONGEST_DRAFT:
        raise Refused(
            [
                _("Il documento è troppo lungo: al massimo %(n)s caratteri in tutto. Togli qualcosa e salva di nuovo.")
                % {"n": LONGEST_DRAFT}
            ]
        )


# --- writing ---------------------------------------------------------------------------------------------------------


def faults(data: Any) -> list[Fault]:
    """What is left to do."""
    try:
        parse(data)
    except NoticeFaults as found:
        return list(found.faults)
    return []


def against_writing(draft: NoticeDraft) -> str | None:
    """The rules of a published call are frozen; what amends it is written apart."""
    if draft.discarded_at is not None:
        return _("Questa bozza è stata messa da parte: ripristinala per scriverci.")
    if draft.call_id and draft.call.published_at and not draft.amends:
        return _("L'avviso è pubblicato e le sue regole sono ferme: per cambiarle serve una rettifica.")
    return None


def write(
    draft: NoticeDraft,
    mine: dict[str, Any],
    *,
    shown: int,
    path: Path,
    by: User,
    at: datetime,
    origins: Origins | None = None,
    prefer: Prefer | None = None,
    seen: int = 0,
) -> Saved:
    """Save what was made of version ``shown``: ``mine`` is the whole document after that. What others saved meanwhile stays.

    Raises :class:`Contested` when both changed the same values, unless one ``prefer`` a side after having ``seen`` the
    version in force; and :class:`Refused`.
    """
    with transaction.atomic():
        row = _locked(draft)
        base = row.edits.get(version=shown).data
        merged = merge(base, storable(mine), row.data, origins=origins, prefer=prefer or Prefer.MINE)
        if merged.contests and not (prefer and seen == row.version):
            raise Contested(merged.contests, row)
        _refuse_too_long(merged.data)
        version = _keep(row, merged.data, path, by=by, at=at)
        return Saved(row, follow(mine, merged.data, path), version)


def undo(draft: NoticeDraft, version: int, *, by: User, at: datetime) -> Saved:
    """Take back one change and leave those that came after it. Raises :class:`Contested` when a later one changed the same."""
    with transaction.atomic():
        row = _locked(draft)
        states = {edit.version: edit for edit in row.edits.filter(version__in=(version - 1, version))}
        merged = merge(states[version].data, states[version - 1].data, row.data)
        if merged.contests:
            raise Contested(merged.contests, row)
        _refuse_too_long(merged.data)
        return Saved(row, (), _keep(row, merged.data, (), by=by, at=at))


def bring_back(draft: NoticeDraft, version: int, *, by: User, at: datetime) -> Saved:
    """The whole document as it was saved then: a new change, so that what is in force now can be brought back too."""
    with transaction.atomic():
        row = _locked(draft)
        return Saved(row, (), _keep(row, row.edits.get(version=version).data, (), by=by, at=at))


def move_along(call: Call, before: Any, after: Any, *, by: User, at: datetime) -> None:
    """An act has put the document ``after`` in the place of ``before``, and a rectification in hand began from the old one and
    would bring it back: what its author has not changed becomes as it is in force. ``call`` is locked already."""
    row = call.drafts.select_for_update().filter(amends=True, discarded_at=None).first()
    if row is not None:
        merged = merge(storable(before), storable(after), row.data, prefer=Prefer.THEIRS)
        _keep(row, merged.data, ("calendar",), by=by, at=at)


def discard(draft: NoticeDraft, *, at: datetime) -> None:
    with transaction.atomic():
        row = _locked(draft)
        row.discarded_at = at
        row.save(update_fields=["discarded_at"])


def restore(draft: NoticeDraft) -> None:
    """Raises :class:`Refused` when another draft of the same call is in hand, or the call is published; for a rectification,
    when the rules from which it began are no longer in force, because it would bring them back."""
    if draft.call_id and draft.call.published_at:
        if not draft.amends:
            raise Refused([_("L'avviso di questa bozza è pubblicato: per cambiarlo scrivi una rettifica.")])
        if draft.edits.get(version=1).data != _begun(read(draft.call.version.text).data):
            raise Refused(
                [_("L'avviso è cambiato dopo l'inizio di questa rettifica: cominciane un'altra da quello in vigore.")]
            )
    draft.discarded_at = None
    try:
        with transaction.atomic():
            draft.save(update_fields=["discarded_at"])
    except IntegrityError:
        raise Refused([_("C'è già un'altra bozza in lavorazione per questo avviso: continua quella.")]) from None


def text_of(draft: NoticeDraft) -> str:
    """The document as a file: as it was brought, while nothing of it was changed."""
    return draft.text or dump(draft.data)


def prepare(draft: NoticeDraft, *, at: datetime) -> Call:
    """The call that the draft becomes, not published yet, with the document as it is now. Raises :class:`Refused` with what is
    left to do."""
    with transaction.atomic():
        row = _locked(draft)
        if left := faults(row.data):
            raise Refused([_("Prima correggi quello che manca: %(fault)s.") % {"fault": str(fault)} for fault in left])
        slug = row.data["id"]
        if row.call_id and row.call.slug != slug:
            raise Refused(
                [
                    _("L'indirizzo dell'avviso è già «%(slug)s», da quando lo hai preparato: scrivilo di nuovo.")
                    % {"slug": row.call.slug}
                ]
            )
        taken = Refused(
            [_("C'è già un avviso all'indirizzo «%(slug)s»: scegline un altro in «Avviso e amministrazione».") % {"slug": slug}]
        )
        if not row.call_id and Call.objects.filter(slug=slug).exists():
            raise taken
        try:
            with transaction.atomic():
                row.call = load(text_of(row), at=at)
                row.save(update_fields=["call"])
        except IntegrityError:  # another draft became that call since we looked
            raise taken from None
        return row.call


def unsaved_call(draft: NoticeDraft, notice: Notice, *, at: datetime) -> Call:
    """The call as if it were published now, in no database: what a preview shows."""
    version = CallVersion(
        slug=notice.id,
        number=draft.version,
        text=text_of(draft),
        canonical=canonical(notice),
        sha256=notice_hash(notice),
        made_at=at,
    )
    dates = {"opens_at": notice.calendar.opens, "closes_at": notice.calendar.deadline, "published_at": at}
    return Call(slug=notice.id, title=notice.title, state=CallState.PUBLISHED, version=version, **dates)


def _locked(draft: NoticeDraft) -> NoticeDraft:
    row = NoticeDraft.objects.select_for_update().get(pk=draft.pk)
    if reason := against_writing(row):
        raise Refused([reason])
    return row


def _keep(row: NoticeDraft, data: dict[str, Any], path: Path, *, by: User, at: datetime) -> int:
    if data == row.data:
        return 0
    row.data, row.text, row.version = data, "", row.version + 1
    row.changed_by, row.changed_at = by, at
    row.save(update_fields=["data", "text", "version", "changed_by", "changed_at"])
    DraftEdit.objects.create(draft=row, version=row.version, data=data, path=path_text(path)[:200], by=by, at=at)
    return row.version

"""What became of what was answered when the call changed after it: which applications must be confirmed again, and why.

Nothing of it is stored. A submission keeps the version of the call that it answered; it must be confirmed when what that
version asked of its area (``bando.notice.difference.answered``) is not what the version in force asks. Two rectifications
that undo each other leave nothing to confirm.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Count, F

from applications.models import Application
from applications.states import ApplicationState
from bando.models import Amendment, Call, CallVersion
from bando.notice.difference import Change, answered, difference
from bando.notice.document import Notice


def is_unconfirmed(application: Application) -> bool:
    """Was what was sent written for other rules than those in force? No query when the version is the same."""
    if application.current is None:
        return False
    sent, area_code = rules_answered(application), application.area_code
    return answered(sent, area_code) != answered(application.call.notice, area_code)


def rules_answered(application: Application) -> Notice:
    """The rules for which what counts was written: those in force, unless it was never confirmed after they changed. No
    query when they are the same."""
    same = application.current.call_version_id == application.call.version_id
    return application.call.notice if same else application.current.call_version.notice


def must_confirm(application: Application) -> bool:
    """Is it still with the body, and written for other rules? Then it is sent again, and until then stays as it was sent."""
    return application.state == ApplicationState.SUBMITTED and is_unconfirmed(application)


def touches(amendment: Amendment, area_code: str) -> bool:
    """Does it change what an application of this area answers to?"""
    if amendment.before_id == amendment.after_id:
        return False
    return answered(amendment.before.notice, area_code) != answered(amendment.after.notice, area_code)


def amendments_since(application: Application) -> list[Amendment]:
    """The amendments that came after what was sent; for a draft, after it was begun. Oldest first, one query."""
    rows = application.call.amendments.select_related("before", "after")
    if application.current is None:
        return list(rows.filter(at__gte=application.created_at))
    return list(rows.filter(before__number__gte=application.current.call_version.number))


def to_confirm_because_of(application: Application) -> list[Amendment]:
    """The amendments for which this application must be confirmed; none when it must not."""
    if not is_unconfirmed(application):
        return []
    return [row for row in amendments_since(application) if touches(row, application.area_code)]


def changes_of_area(before: Notice, after: Notice, area_code: str) -> tuple[Change, ...]:
    """What changes for an application of this area, without the rest of the document."""
    return difference(_of_area(before, before, area_code), _of_area(before, after, area_code))


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """So many applications of an area, sent under one version, whose call has another by now."""

    call_id: object
    area_code: str
    version: CallVersion
    number: int


def unconfirmed(calls: Iterable[Call]) -> list[Unconfirmed]:
    """The applications that must be confirmed, counted by call, area and version. One query; two when there are any that
    were sent under an earlier version."""
    by_id = {call.pk: call for call in calls}
    rows = (
        Application.objects.filter(call__in=by_id, state=ApplicationState.SUBMITTED)
        .exclude(current__call_version=F("call__version"))
        .order_by()
        .values_list("call", "area_code", "current__call_version")
        .annotate(number=Count("*"))
    )
    found = list(rows)
    versions = CallVersion.objects.in_bulk({version for _call, _area, version, _number in found}) if found else {}
    return [
        Unconfirmed(call, area, versions[version], number)
        for call, area, version, number in found
        if answered(versions[version].notice, area) != answered(by_id[call].notice, area)
    ]


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whom a change would reach: ``drafts`` and ``sent`` in all; ``touched_drafts``, those to look at again; and
    ``confirm``, the sent ones that would have to be confirmed."""

    drafts: int
    sent: int
    touched_drafts: int
    confirm: int


def concerned(call: Call, after: Notice) -> Concerned:
    """Who is concerned if ``after`` becomes the document of ``call``. Two queries at most, contents of none."""
    live = Application.objects.filter(call=call).exclude(state=ApplicationState.WITHDRAWN).order_by()
    rows = list(live.values_list("area_code", "state", "current__call_version").annotate(number=Count("*")))
    versions = CallVersion.objects.in_bulk({version for _area, _state, version, _number in rows if version})
    counts = dict.fromkeys(("drafts", "sent", "touched_drafts", "confirm"), 0)
    for area, state, version, number in rows:
        if state == ApplicationState.DRAFT:
            counts["drafts"] += number
            counts["touched_drafts"] += number * (answered(call.notice, area) != answered(after, area))
        else:
            counts["sent"] += number
            waits = state == ApplicationState.SUBMITTED
            counts["confirm"] += number * (waits and answered(versions[version].notice, area) != answered(after, area))
    return Concerned(**counts)


def still_to_confirm(amendment: Amendment, rows: Iterable[Unconfirmed]) -> int:
    """How many of the unconfirmed are so because of this amendment too."""
    return sum(
        row.number
        for row in rows
        if row.call_id == amendment.call_id
        and row.version.number <= amendment.before.number
        and touches(amendment, row.area_code)
    )


@dataclass(frozen=True, slots=True)
class News:
    """An amendment as it concerns one application: ``changes`` are those of what it answers, none when it is not touched."""

    amendment: Amendment
    changes: tuple[Change, ...]


def news(application: Application) -> list[News]:
    """What changed in the call since the application was sent, or begun; newest first. Nothing once the office has it in
    hand. No query while nothing changed, one otherwise."""
    if application.state not in {ApplicationState.DRAFT, ApplicationState.SUBMITTED} or _is_of_today(application):
        return []
    found = []
    for row in reversed(amendments_since(application)):
        touched = touches(row, application.area_code)
        changes = changes_of_area(row.before.notice, row.after.notice, application.area_code) if touched else ()
        found.append(News(row, changes))
    return found


def _is_of_today(application: Application) -> bool:
    """Sent, or begun, when the document in force was in force already."""
    if application.current:
        return application.current.call_version_id == application.call.version_id
    return application.call.version.made_at < application.created_at


def _of_area(rest: Notice, notice: Notice, area_code: str) -> Notice:
    """What ``notice`` asks of this area inside the ``rest`` of another document, so that the rest shows no difference."""
    budget = notice.budget_for(area_code)
    return replace(
        rest,
        areas=(notice.area(area_code),),
        sections=notice.sections_for(area_code),
        requirements=notice.requirements_for(area_code),
        attachments=tuple(rule for rule in notice.attachments if not rule.areas or area_code in rule.areas),
        budgets=(budget,) if budget else (),
        grids=(notice.grid_for(area_code),),
        agreement=notice.agreement,
    )

"""Who writes the sheet of the whole commission, where the call wants one mark."""

from __future__ import annotations

from django.utils.translation import gettext as _

from applications.models import Application
from bando.notice.grid import Marking
from evaluation.models import Declaration, Member, MemberRole, Sheet
from evaluation.progress import commission_of
from evaluation.rules.commission import bodies_of, does_not_act_for_the_body
from evaluation.rules.marking import has_declared_no_conflict, is_its_member
from workflow.transition import Attempt

LEADS = (MemberRole.CHAIR, MemberRole.SECRETARY)


def is_collegial(application: Application) -> bool:
    return application.call.notice.grid_for(application.area_code).marking is Marking.COLLEGIAL


def marks_alone(member: Member, area_code: str) -> bool:
    """Whether a member has sheets of their own in an area."""
    grid = member.commission.call.notice.grid_for(area_code)
    return member.role_marks and grid.marking is Marking.INDIVIDUAL


def declares(member: Member) -> bool:
    """Who marks declares; so does the secretary where they write a sheet for all."""
    if member.marks_proposals:
        return True
    together = any(grid.marking is Marking.COLLEGIAL for grid in member.commission.call.notice.grids)
    return member.left_at is None and member.role in LEADS and together


def writes_the_sheet(attempt: Attempt) -> str | None:
    """A sheet is written by its member alone; that of the whole commission by who chairs it or keeps its minutes."""
    sheet: Sheet = attempt.row
    if sheet.member_id is not None:
        return is_its_member(attempt)
    seat = _seat(attempt)
    if seat is None or seat.role not in LEADS:
        return _("La scheda della commissione la scrive chi la presiede o chi fa da segretario.")
    return None


def writer_has_no_conflict(attempt: Attempt) -> str | None:
    """Who writes for all has declared like the others. The secretary, who judges nothing, declares for this too."""
    if attempt.row.member_id is not None:
        return has_declared_no_conflict(attempt)
    seat = _seat(attempt)
    return None if seat is None else against_reading(seat, attempt.row.application)


def against_reading(seat: Member, application: Application) -> str | None:
    """Why a member of the commission may not read of a proposal."""
    last = Declaration.objects.filter(member=seat, application=application).order_by("-pk").first()
    if last is None:
        return _("Prima di leggere le proposte, dichiara se hai rapporti con gli enti di questo elenco.")
    if last.in_conflict:
        return _("Hai dichiarato un conflitto di interessi: questa proposta non è tua da valutare.")
    return does_not_act_for_the_body(application, bodies_of(seat.user))


def _seat(attempt: Attempt) -> Member | None:
    commission = commission_of(attempt.row.application.call)
    if attempt.by is None or commission is None:
        return None
    return commission.members.seated().filter(user=attempt.by).select_related("user").first()

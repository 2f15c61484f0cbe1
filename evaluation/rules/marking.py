"""What a member may write on a sheet, and when."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from applications.models import Application
from applications.states import ApplicationState as S
from bando.notice.grid import Criterion, CriterionType, Grid
from evaluation.asked import asked_grid
from evaluation.declared import declared
from evaluation.figures import exact_figure, short_figure
from evaluation.gaps import gaps
from evaluation.methods import UNIT, YES_OR_NO, each_maximum
from evaluation.models import Declaration, Sheet
from evaluation.rules.commission import bodies_of, does_not_act_for_the_body
from workflow.transition import Attempt


def is_its_member(attempt: Attempt) -> str | None:
    """A sheet is written by one member alone."""
    if attempt.by is None or attempt.row.member.user_id != attempt.by.pk:
        return _("Questa scheda è di un'altra persona.")
    return None


def has_declared_no_conflict(attempt: Attempt) -> str | None:
    sheet: Sheet = attempt.row
    last = Declaration.objects.filter(member=sheet.member_id, application=sheet.application_id).order_by("-pk").first()
    if last is None:
        return _("Prima di leggere le proposte, dichiara se hai rapporti con gli enti di questo elenco.")
    if last.in_conflict:
        return _("Hai dichiarato un conflitto di interessi: questa proposta non è tua da valutare.")
    # They may have joined the body since they declared.
    bodies = bodies_of(attempt.by)
    return does_not_act_for_the_body(sheet.application, bodies) if bodies else None


def is_under_evaluation(attempt: Attempt) -> str | None:
    """Until the evaluation of the area is closed; read again, because it is another row than the one locked."""
    state = Application.objects.values_list("state", flat=True).get(pk=attempt.row.application_id)
    if state != S.ADMITTED:
        return _("La valutazione di quest'area è chiusa: i punteggi non cambiano più.")
    return None


def every_mark_has_its_reason(attempt: Attempt) -> str | None:
    sheet: Sheet = attempt.row
    application = sheet.application
    missing = gaps(
        asked_grid(application.call, application.area_code),
        {code: (units, reason) for code, units, reason in sheet.marks.values_list("criterion", "units", "reason")},
        declared(application.call.notice, application.area_code, application.current.answers),
    )
    if missing:
        return _("La scheda non è completa. %(gaps)s") % {"gaps": " ".join(gap.sentence for gap in missing)}
    return None


MOST = 10**12
"""More than any quantity of a call, and its ten-thousandths fit every database."""


def mark_problem(grid: Grid, criterion: Criterion, value: Decimal | None, seats: int | None) -> str | None:
    """Why ``value`` can't be what a member found on ``criterion``; ``None`` when it can, or nothing was found yet. ``seats``
    are the members who mark, needed where their points are added."""
    if value is None:
        return None
    title = {"title": criterion.title}
    match criterion.type:
        case CriterionType.COEFFICIENT:
            return _level_problem(grid, value)
        case CriterionType.LEVELS:
            if any(level.points == value for level in criterion.levels):
                return None
            levels = ", ".join(f"{short_figure(level.points)} ({level.label})" for level in criterion.levels)
            words = _("%(value)s non sono i punti di un giudizio di «%(title)s». Scegli tra: %(levels)s.")
            return words % {**title, "value": short_figure(value), "levels": levels}
        case CriterionType.POINTS:
            most = each_maximum(grid, criterion, seats)
            if not 0 <= value <= most:
                return _("«%(title)s»: puoi dare da 0 a %(most)s punti.") % {**title, "most": exact_figure(most)}
            if criterion.step is not None and value % criterion.step:
                return _("«%(title)s»: i punti si danno a passi di %(step)s.") % {
                    **title,
                    "step": short_figure(criterion.step),
                }
        case kind if kind in YES_OR_NO:
            return None if value in (0, 1) else _("«%(title)s»: rispondi sì o no.") % title
        case _:
            if not 0 <= value <= MOST:
                return _("«%(title)s»: scrivi una quantità da 0 a %(most)s.") % {**title, "most": short_figure(Decimal(MOST))}
    if value * UNIT % 1:
        return _("«%(title)s»: scrivi al massimo quattro cifre dopo la virgola.") % title
    return None


def _level_problem(grid: Grid, coefficient: Decimal) -> str | None:
    if any(level.coefficient == coefficient for level in grid.scale):
        return None
    return _("%(value)s non è un livello della scala. Scegli tra: %(levels)s.") % {
        "value": short_figure(coefficient),
        "levels": ", ".join(f"{short_figure(level.coefficient)} ({level.label})" for level in grid.scale),
    }

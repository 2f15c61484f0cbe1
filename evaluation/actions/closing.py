"""The evaluation of an area is closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Application
from applications.states import ApplicationState as S
from bando.models import Call
from evaluation.models import Comparison, Sheet
from evaluation.progress import Progress
from evaluation.transitions import EVALUATE
from workflow.models import Step
from workflow.perform import perform_all, reasons_against
from workflow.transition import Refused


def close_evaluation(call: Call, area_code: str, *, by: User, at: datetime) -> list[Step]:
    """Close the evaluation of an area: all its admitted proposals at once, or none with the reasons."""
    with transaction.atomic():
        # Proposals first and then their sheets and tables, as whoever declares does; all are locked before they are counted, so that
        # a declaration or a sheet that is being reopened is waited for.
        list(_admitted(call, area_code).select_for_update(of=("self",)).values_list("pk", flat=True))
        list(
            Sheet.objects.filter(application__call=call, application__area_code=area_code, application__state=S.ADMITTED)
            .order_by("pk")
            .select_for_update()
            .values_list("pk", flat=True)
        )
        list(
            Comparison.objects.filter(member__commission__call=call, area_code=area_code)
            .order_by("pk")
            .select_for_update(of=("self",))
            .values_list("pk", flat=True)
        )
        progress = Progress(call, area_code)
        if against := reasons_not_to_close(progress, by=by, at=at):
            raise Refused(against)
        return perform_all(
            EVALUATE, _admitted(call, area_code), by=by, at=at, data=lambda row: {"lacking": progress.lacking(row.pk)}
        )


def reasons_not_to_close(progress: Progress, *, by: User, at: datetime) -> list[str]:
    """What stands against closing the evaluation of an area, in sentences; empty when it can be closed."""
    rows = [] if progress.to_check else list(_admitted(progress.call, progress.area_code))
    return _reasons(progress, rows, by=by, at=at)


def reasons_not_to_close_each(progress_of: Mapping[str, Progress], *, by: User, at: datetime) -> dict[str, list[str]]:
    """The same of several areas of a call, by their code: what they ask is asked once."""
    checked = [progress for progress in progress_of.values() if not progress.to_check]
    admitted = _admitted(checked[0].call, *(progress.area_code for progress in checked)) if checked else []
    rows: dict[str, list[Application]] = {code: [] for code in progress_of}
    for row in admitted:
        rows[row.area_code].append(row)
    return {code: _reasons(progress, rows[code], by=by, at=at) for code, progress in progress_of.items()}


def _reasons(progress: Progress, admitted: list[Application], *, by: User, at: datetime) -> list[str]:
    if progress.to_check:
        return [_("L'ufficio deve ancora finire la verifica delle domande di quest'area.")]
    found: list[str] = []
    for application in admitted:
        data = {"lacking": progress.lacking(application.pk)}
        found += reasons_against(EVALUATE, application, by=by, at=at, data=data)
    if not progress.admitted:
        found.append(
            _("La valutazione di quest'area è già chiusa.")
            if progress.proposals
            else _("In quest'area non ci sono proposte ammesse da valutare.")
        )
    return list(dict.fromkeys(found))


def _admitted(call: Call, *area_codes: str) -> QuerySet[Application]:
    return (
        Application.objects.filter(call=call, area_code__in=area_codes, state=S.ADMITTED)
        .select_related("call")
        .prefetch_related("call__commission__members")
        .order_by("pk")
    )

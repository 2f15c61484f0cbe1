"""The part of a page where the office, or who runs a Spazio, writes what citizens read of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from bando.deadlines import day_in_rome
from network import actions
from network.addresses import in_milan
from network.models import Space
from network.space_forms import ExceptionsForm, SpaceForm
from network.written_at_once import BothWrote


def data_forms(request: HttpRequest, row: Space) -> tuple[SpaceForm, ExceptionsForm]:
    """The two forms, filled with what was typed in the one that was sent."""
    today = day_in_rome(request.arrived_at)
    of_days: dict[str, Any] = {"exceptions": row.exceptions, "today": today}  # before what was typed lands on the row
    days = ExceptionsForm(request.POST if "exceptions" in request.POST else None, **of_days)
    form = SpaceForm(request.POST if "save" in request.POST else None, instance=row, is_office=request.user.is_official)
    return form, days


def saved(request: HttpRequest, row: Space, form: SpaceForm, days: ExceptionsForm) -> bool:
    """Whether one of the forms was sent and its values are kept. Raises :class:`Refused`."""
    act = {"by": request.user, "at": request.arrived_at}
    if form.is_bound and form.is_valid():
        actions.describe_space(row, **act, bases=form.bases, **form.details)
        messages.success(request, _("I dati dello Spazio sono salvati."))
        warn_of_point(request, form.cleaned_data.get("point"))
        return True
    if days.is_bound and days.is_valid():
        actions.describe_space(row, **act, bases=days.bases, exceptions=days.cleaned_data["exceptions"])
        messages.success(request, _("I giorni diversi dal solito sono salvati."))
        return True
    return False


def both_texts(
    request: HttpRequest, row: Space, form: SpaceForm, days: ExceptionsForm, refusal: BothWrote
) -> tuple[SpaceForm, ExceptionsForm, list[dict[str, Any]]]:
    """The two forms again after two people wrote, with what was typed, and what the other one wrote."""
    now = Space.objects.get(pk=row.pk)
    today = day_in_rome(request.arrived_at)
    if days.is_bound:
        days = ExceptionsForm(exceptions=days.cleaned_data["exceptions"], stored=now.exceptions, today=today)
        return SpaceForm(instance=now, is_office=request.user.is_official), days, [days.stored_in_words]
    typed, form = form, SpaceForm(instance=now, is_office=request.user.is_official)
    return form, ExceptionsForm(exceptions=now.exceptions, today=today), form.offer(typed, refusal.verdicts)


def warn_of_point(request: HttpRequest, point: Any) -> None:
    """A slip shows on a map; it stops nobody, since a Spazio may stand beyond the border."""
    if point and not in_milan(*point):
        messages.warning(
            request, _("Le coordinate sono fuori Milano: controlla che latitudine e longitudine non siano scambiate.")
        )

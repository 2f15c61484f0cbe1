"""The commission marks a proposal together: one sheet, written by who chairs it or by its secretary."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Application
from evaluation.models import Sheet
from evaluation.rules.collegial import is_collegial
from evaluation.transitions import SAVE
from workflow.perform import reasons_against
from workflow.transition import Refused


def collegial_sheet(application: Application, *, by: User, at: datetime) -> Sheet:
    """The sheet of the whole commission on a proposal, made the first time that somebody who may write it asks for it.

    Raises :class:`Refused` for who may not, and where the call wants the marks of each member."""
    with transaction.atomic():
        # The proposal is the lock between two who begin at once, and between beginning and closing.
        Application.objects.select_for_update().get(pk=application.pk)
        stored = Sheet.objects.filter(member=None, application=application).select_related("application__call__version").first()
        if stored is not None:
            return stored
        if not is_collegial(application):
            raise Refused([_("Nell'area di questa proposta ogni componente scrive la sua scheda.")])
        sheet = Sheet(member=None, application=application)
        if against := reasons_against(SAVE, sheet, by=by, at=at):
            raise Refused(against)
        sheet.save()
        return sheet

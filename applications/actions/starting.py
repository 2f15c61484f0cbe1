"""Starting an application."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from applications.models import Application, Participant
from applications.rules import against_starting
from bando.models import Call
from workflow.transition import Refused


def start_application(call: Call, area_code: str, organisation: Organisation, *, by: User, at: datetime) -> Application:
    """A draft for one body and one area. Raises :class:`Refused`."""
    application = Application(call=call, area_code=area_code, organisation=organisation, created_by=by, created_at=at)
    if against := against_starting(application, by=by, at=at):
        raise Refused([against])
    try:
        with transaction.atomic():
            application.save(force_insert=True)
            Participant.objects.create(
                application=application,
                call=call,
                area_code=area_code,
                organisation=organisation,
                is_lead=True,
                name=organisation.name,
                invited_by=by,
                invited_at=at,
                joined_by=by,
                joined_at=at,
                exclusive=call.notice.participation.once_per_area,
            )
    except IntegrityError:  # two people of the body pressed at once: the constraint let one through
        raise Refused([against_starting(application, by=by, at=at) or _("La domanda c'è già: la trovi tra le tue.")]) from None
    return application

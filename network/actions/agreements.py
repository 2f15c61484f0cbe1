"""The agreement, from its draft to its end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Application
from applications.states import ApplicationState
from documents.models import Document
from network.actions.spaces import plan_space
from network.models import Agreement, Partnership
from network.transitions import AGREE, SIGN
from workflow.models import Step
from workflow.perform import perform
from workflow.transition import Attempt, Refused


def draft_agreement(application: Application, *, at: datetime) -> Agreement:
    """The agreement of a selected body, made once; asking again answers the same one.

    Raises :class:`Refused` for an application that is not selected."""
    if application.state not in (ApplicationState.SELECTED, ApplicationState.AGREED, ApplicationState.OPEN):
        raise Refused([_("La convenzione si prepara solo per una domanda selezionata.")])
    agreement, _made = Agreement.objects.get_or_create(application=application, defaults={"created_at": at})
    return agreement


def sign_agreement(
    agreement: Agreement,
    *,
    number: str,
    signed_on: date,
    starts_on: date,
    ends_on: date,
    document: Document,
    by: User,
    at: datetime,
) -> Step:
    """The agreement is signed: the body becomes a partner and, where its area opens a Spazio, the Spazio is planned from
    what the proposal says of it. One transaction for the agreement, the partnership, the Spazio and the application."""
    application = agreement.application

    dates = {"signed_on": signed_on, "starts_on": starts_on, "ends_on": ends_on}

    def bind(attempt: Attempt) -> Mapping[str, Any]:
        agreement.number, agreement.document = number, document
        agreement.signed_on, agreement.starts_on, agreement.ends_on = signed_on, starts_on, ends_on
        agreement.save(update_fields=["number", "document", *dates])
        partnership = Partnership.objects.create(
            organisation=application.organisation,
            agreement=agreement,
            area_title=application.area.title,
            accompanies=not application.area.opens_space,
            since=signed_on,
        )
        if application.area.opens_space:
            plan_space(partnership, application)
        perform(AGREE, application, by=by, at=at)
        return {"number": number, **dates, "sha256": document.sha256}

    return perform(SIGN, agreement, by=by, at=at, data=dates, effect=bind)

"""From the selection to the open door, one row per act."""

from django.utils.translation import gettext_lazy as _

from applications.states import ApplicationState
from bando.rules import is_official
from network.rules import (
    agreement_is_signed,
    citizens_can_find_it,
    dates_are_in_order,
    no_reserve_stands,
    opens_today_or_earlier,
)
from network.states import AgreementState, SpaceState
from workflow.transition import T

# On the agreement
SIGN = T(
    "sign",
    [AgreementState.DRAFT],
    AgreementState.SIGNED,
    by=is_official,
    when=[no_reserve_stands, dates_are_in_order],
    label=_("Convenzione firmata"),
)

# On the Spazio
OPEN_SPACE = T(
    "open",
    [SpaceState.PLANNED, SpaceState.CLOSED],
    SpaceState.OPEN,
    by=is_official,
    when=[agreement_is_signed, citizens_can_find_it, opens_today_or_earlier],
    label=_("Spazio aperto"),
)
CLOSE_SPACE = T("close", [SpaceState.OPEN], SpaceState.CLOSED, by=is_official, reason_required=True, label=_("Spazio chiuso"))

# On the application, which follows both
AGREE = T("agree", [ApplicationState.SELECTED], ApplicationState.AGREED, by=is_official, label=_("Convenzione firmata"))
OPEN = T("open", [ApplicationState.AGREED], ApplicationState.OPEN, by=is_official, label=_("Spazio aperto"))

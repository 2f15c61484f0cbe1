"""The commission is appointed, and a member replaced. The row is the call."""

from django.utils.translation import gettext_lazy as _

from bando.rules import has_closed, is_official, the_act_is_stated
from bando.states import CallState
from evaluation.rules.commission import (
    every_warning_has_its_decision,
    has_no_commission_yet,
    somebody_has_a_seat,
    the_act_follows_the_appointment,
    the_act_follows_the_deadline,
    the_commission_fits_the_notice,
    the_new_one_is_free,
)
from workflow.transition import T

APPOINT = T(
    "appoint",
    [CallState.PUBLISHED],
    CallState.PUBLISHED,
    by=is_official,
    when=[
        has_closed,
        has_no_commission_yet,
        the_act_is_stated,
        the_act_follows_the_deadline,
        the_commission_fits_the_notice,
        every_warning_has_its_decision,
    ],
    label=_("Commissione nominata"),
)
REPLACE_MEMBER = T(
    "replace_member",
    [CallState.PUBLISHED],
    CallState.PUBLISHED,
    by=is_official,
    when=[
        somebody_has_a_seat,
        the_new_one_is_free,
        the_act_is_stated,
        the_act_follows_the_appointment,
        the_commission_fits_the_notice,
        every_warning_has_its_decision,
    ],
    reason_required=True,
    label=_("Componente sostituito"),
)

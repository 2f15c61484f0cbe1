"""The acts on an application up to its admission, one row each. What follows stands in ``evaluation.transitions`` and
``network.transitions``."""

from django.utils.translation import gettext_lazy as _

from applications.rules import (
    acts_for_the_body,
    call_goes_on,
    call_has_closed,
    call_is_open,
    check_is_finished,
    every_requirement_is_met,
    everything_has_landed,
    is_complete,
    some_requirement_is_not_met,
)
from applications.states import ApplicationState as S
from bando.rules import is_official
from workflow.transition import T

SUBMIT = T(
    "submit",
    [S.DRAFT, S.SUBMITTED],
    S.SUBMITTED,
    by=acts_for_the_body,
    when=[call_is_open, is_complete],
    label=_("Domanda inviata"),
)
WITHDRAW = T("withdraw", [S.SUBMITTED], S.WITHDRAWN, by=acts_for_the_body, when=[call_is_open], label=_("Domanda ritirata"))
START_CHECK = T(
    "start_check",
    [S.SUBMITTED],
    S.CHECKING,
    by=is_official,
    when=[call_goes_on, call_has_closed, everything_has_landed],
    label=_("Verifica iniziata"),
)
ADMIT = T(
    "admit",
    [S.CHECKING],
    S.ADMITTED,
    by=is_official,
    when=[call_goes_on, check_is_finished, every_requirement_is_met],
    label=_("Domanda ammessa"),
)
NOT_ADMIT = T(
    "not_admit",
    [S.CHECKING],
    S.NOT_ADMITTED,
    by=is_official,
    when=[call_goes_on, check_is_finished, some_requirement_is_not_met],
    reason_required=True,
    label=_("Domanda non ammessa"),
)

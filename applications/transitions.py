"""The acts on an application up to its admission, one row each. What follows stands in ``evaluation.transitions`` and
``network.transitions``."""

from applications.rules import (
    acts_for_the_body,
    call_has_closed,
    call_is_open,
    check_is_finished,
    every_requirement_is_met,
    is_complete,
    is_official,
    some_requirement_is_not_met,
)
from applications.states import ApplicationState as S
from workflow.transition import T

SUBMIT = T("submit", [S.DRAFT, S.SUBMITTED], S.SUBMITTED, by=acts_for_the_body, when=[call_is_open, is_complete])
WITHDRAW = T("withdraw", [S.SUBMITTED], S.WITHDRAWN, by=acts_for_the_body, when=[call_is_open])
START_CHECK = T("start_check", [S.SUBMITTED], S.CHECKING, by=is_official, when=[call_has_closed])
ADMIT = T("admit", [S.CHECKING], S.ADMITTED, by=is_official, when=[check_is_finished, every_requirement_is_met])
NOT_ADMIT = T(
    "not_admit",
    [S.CHECKING],
    S.NOT_ADMITTED,
    by=is_official,
    when=[check_is_finished, some_requirement_is_not_met],
    reason_required=True,
)

"""What the partner for the method does: the plan of a Spazio (the row is the Spazio, which may have none yet), the steps of
the plan, meetings and training, the links to other services."""

from django.utils.translation import gettext_lazy as _

from network.rules.common import is_official_or_accompanies
from network.rules.support import (
    it_has_begun,
    it_is_the_plan_that_was_read,
    it_was_done_by_now,
    nobody_stays_longer,
    somebody_came,
    the_space_is_not_closed,
)
from network.states import MeetingState as S
from network.states import ServiceLinkState, SpaceState, SupportActionState
from workflow.transition import T

# On the Spazio
WRITE_PLAN = T(
    "support",
    [state for state in SpaceState if state != SpaceState.CLOSED],
    None,
    by=is_official_or_accompanies,
    when=[it_is_the_plan_that_was_read],
    label=_("Piano di accompagnamento salvato"),
)

# On a step of the plan
ADD_ACTION = T(
    "add",
    [SupportActionState.TO_DO],
    None,
    by=is_official_or_accompanies,
    when=[the_space_is_not_closed],
    label=_("Passo aggiunto"),
)
FINISH_ACTION = T(
    "finish",
    [SupportActionState.TO_DO],
    SupportActionState.DONE,
    by=is_official_or_accompanies,
    when=[the_space_is_not_closed, it_was_done_by_now],
    label=_("Passo fatto"),
)
REOPEN_ACTION = T(
    "reopen",
    [SupportActionState.DONE],
    SupportActionState.TO_DO,
    by=is_official_or_accompanies,
    when=[the_space_is_not_closed],
    reason_required=True,
    label=_("Passo riaperto"),
)

# On a meeting
PLAN_MEETING = T("plan", [S.PLANNED], None, by=is_official_or_accompanies, label=_("Incontro in programma"))
HOLD_MEETING = T(
    "hold",
    [S.PLANNED],
    S.HELD,
    by=is_official_or_accompanies,
    when=[it_has_begun, somebody_came, nobody_stays_longer],
    label=_("Incontro svolto"),
)
CORRECT_MEETING = T(
    "correct",
    [S.HELD],
    None,
    by=is_official_or_accompanies,
    when=[somebody_came, nobody_stays_longer],
    reason_required=True,
    label=_("Presenze corrette"),
)
CANCEL_MEETING = T(
    "cancel", [S.PLANNED], S.CANCELLED, by=is_official_or_accompanies, reason_required=True, label=_("Incontro annullato")
)

# On a link
ADD_LINK = T("add", [ServiceLinkState.IN_USE], None, by=is_official_or_accompanies, label=_("Collegamento aggiunto"))
CORRECT_LINK = T("correct", [ServiceLinkState.IN_USE], None, by=is_official_or_accompanies, label=_("Collegamento corretto"))
END_LINK = T(
    "end",
    [ServiceLinkState.IN_USE],
    ServiceLinkState.ENDED,
    by=is_official_or_accompanies,
    label=_("Collegamento non più in uso"),
)
RESUME_LINK = T(
    "resume",
    [ServiceLinkState.ENDED],
    ServiceLinkState.IN_USE,
    by=is_official_or_accompanies,
    label=_("Collegamento di nuovo in uso"),
)

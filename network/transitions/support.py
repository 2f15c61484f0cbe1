"""The meetings and the training of the network. The row is a meeting."""

from django.utils.translation import gettext_lazy as _

from network.rules.common import is_official_or_accompanies
from network.rules.support import it_has_begun, nobody_stays_longer, somebody_came
from network.states import MeetingState as S
from workflow.transition import T

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

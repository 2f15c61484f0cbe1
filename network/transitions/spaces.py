"""The Spazio from the plan to the door, and its tasks. The row is the Spazio, a task, or the application that follows."""

from django.utils.translation import gettext_lazy as _

from applications.states import ApplicationState
from bando.rules import is_official
from network.rules.common import is_official_or_accompanies
from network.rules.spaces import agreement_is_signed, citizens_can_find_it, opens_today_or_earlier
from network.states import SpaceState as S
from network.states import TaskState
from workflow.transition import T

# On the Spazio
FIT_OUT = T("fit_out", [S.PLANNED], S.FITTING_OUT, by=is_official, when=[agreement_is_signed], label=_("Allestimento avviato"))
STAFF = T("staff", [S.FITTING_OUT], S.STAFFED, by=is_official, label=_("Personale pronto"))
TRAIN = T("train", [S.STAFFED], S.TRAINED, by=is_official_or_accompanies, label=_("Personale formato"))
OPEN_SPACE = T(
    "open",
    [S.PLANNED, S.TRAINED, S.SUSPENDED, S.CLOSED],
    S.OPEN,
    by=is_official,
    when=[agreement_is_signed, citizens_can_find_it, opens_today_or_earlier],
    label=_("Spazio aperto"),
)
SUSPEND_SPACE = T("suspend", [S.OPEN], S.SUSPENDED, by=is_official, reason_required=True, label=_("Spazio sospeso"))
CLOSE_SPACE = T("close", [S.OPEN, S.SUSPENDED], S.CLOSED, by=is_official, reason_required=True, label=_("Spazio chiuso"))

# On a task
BEGIN_TASK = T("begin", [TaskState.TO_DO], TaskState.DOING, by=is_official_or_accompanies, label=_("Compito cominciato"))
FINISH_TASK = T(
    "finish", [TaskState.TO_DO, TaskState.DOING], TaskState.DONE, by=is_official_or_accompanies, label=_("Compito fatto")
)
DROP_TASK = T(
    "drop",
    [TaskState.TO_DO, TaskState.DOING],
    TaskState.NOT_NEEDED,
    by=is_official,
    reason_required=True,
    label=_("Compito tolto"),
)
REDO_TASK = T(
    "redo",
    [TaskState.DONE, TaskState.NOT_NEEDED],
    TaskState.TO_DO,
    by=is_official,
    reason_required=True,
    label=_("Compito riaperto"),
)

# On the application, which follows
OPEN = T("open", [ApplicationState.AGREED], ApplicationState.OPEN, by=is_official, label=_("Spazio aperto"))

"""The Spazio from the plan to the door, and its tasks. The row is the Spazio, a task, or the application that follows."""

from django.utils.translation import gettext_lazy as _

from applications.states import ApplicationState
from bando.rules import is_official
from network.rules.common import is_official_or_accompanies, is_official_or_runs_the_space
from network.rules.spaces import (
    a_place_is_left,
    a_place_that_moved_stays_known,
    agreement_is_in_force,
    agreement_is_signed,
    an_open_door_stays_findable,
    citizens_can_find_it,
    does_the_task,
    everything_is_settled,
    its_place_is_still_free,
    moves_after_its_last_move,
    nobody_else_has_the_slug,
    opens_no_earlier_than_it_could,
    opens_today_or_earlier,
    partner_runs_spaces,
    place_and_staff_are_settled,
    reopens_later,
    the_move_is_ahead,
    the_office_says_which_it_is,
    the_office_takes_up_what_it_dropped,
    training_is_settled,
    training_was_attended,
)
from network.states import SpaceState as S
from network.states import TaskState
from workflow.transition import T

OF_THE_OPENING = (opens_today_or_earlier, opens_no_earlier_than_it_could, its_place_is_still_free)

# On the Spazio
PLAN_SPACE = T(
    "plan",
    [S.PLANNED],
    None,
    by=is_official,
    when=[agreement_is_signed, partner_runs_spaces, a_place_is_left],
    reason_required=True,
    label=_("Altro Spazio in programma"),
)
EXPECT_OPENING = T(
    "expect", [S.PLANNED, S.FITTING_OUT, S.STAFFED, S.TRAINED], None, by=is_official, label=_("Apertura prevista cambiata")
)
FIT_OUT = T(
    "fit_out", [S.PLANNED], S.FITTING_OUT, by=is_official, when=[agreement_is_in_force], label=_("Allestimento avviato")
)
STAFF = T("staff", [S.FITTING_OUT], S.STAFFED, by=is_official, when=[place_and_staff_are_settled], label=_("Personale pronto"))
TRAIN = T(
    "train",
    [S.STAFFED],
    S.TRAINED,
    by=is_official_or_accompanies,
    when=[training_is_settled, training_was_attended],
    label=_("Personale formato"),
)
OPEN_SPACE = T(
    "open",
    [S.TRAINED, S.SUSPENDED, S.CLOSED],
    S.OPEN,
    by=is_official,
    when=[agreement_is_in_force, everything_is_settled, citizens_can_find_it, *OF_THE_OPENING],
    label=_("Spazio aperto"),
)
SUSPEND_SPACE = T(
    "suspend", [S.OPEN], S.SUSPENDED, by=is_official, when=[reopens_later], reason_required=True, label=_("Spazio sospeso")
)
CLOSE_SPACE = T("close", [S.OPEN, S.SUSPENDED], S.CLOSED, by=is_official, reason_required=True, label=_("Spazio chiuso"))
DESCRIBE_SPACE = T(
    "describe",
    list(S),
    None,
    by=is_official_or_runs_the_space,
    when=[the_office_says_which_it_is, an_open_door_stays_findable, a_place_that_moved_stays_known],
    label=_("Cambiato quello che leggono i cittadini"),
)
MOVE_SPACE = T("move", list(S), None, by=is_official, when=[moves_after_its_last_move], label=_("Nuovo indirizzo"))
CANCEL_MOVE = T(
    "cancel_move",
    list(S),
    None,
    by=is_official,
    when=[the_move_is_ahead],
    reason_required=True,
    label=_("Trasferimento annullato"),
)
RENAME_SPACE = T("rename", list(S), None, by=is_official, when=[nobody_else_has_the_slug], label=_("Nuovo nome"))

# On a task
ADD_TASK = T("add", [TaskState.TO_DO], None, by=is_official, label=_("Compito aggiunto"))
CHANGE_TASK = T("change", [TaskState.TO_DO, TaskState.DOING], None, by=is_official, label=_("Compito cambiato"))
BEGIN_TASK = T("begin", [TaskState.TO_DO], TaskState.DOING, by=does_the_task, label=_("Compito cominciato"))
FINISH_TASK = T("finish", [TaskState.TO_DO, TaskState.DOING], TaskState.DONE, by=does_the_task, label=_("Compito fatto"))
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
    by=does_the_task,
    when=[the_office_takes_up_what_it_dropped],
    reason_required=True,
    label=_("Compito riaperto"),
)

# On the application, which follows
OPEN = T("open", [ApplicationState.AGREED], ApplicationState.OPEN, by=is_official, label=_("Spazio aperto"))

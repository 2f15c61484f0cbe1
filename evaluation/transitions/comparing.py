"""A table of comparisons in pairs. The row is the comparison."""

from django.utils.translation import gettext_lazy as _

from evaluation.rules.common import call_goes_on
from evaluation.rules.comparing import area_is_open_to_comparisons, every_pair_is_there, is_free_in_the_area, pairs_are_compared
from evaluation.rules.marking import is_its_member
from evaluation.states import SheetState
from workflow.transition import T

SAVE_COMPARISON = T(
    "save",
    [SheetState.OPEN],
    SheetState.OPEN,
    by=is_its_member,
    when=[call_goes_on, area_is_open_to_comparisons, pairs_are_compared, is_free_in_the_area],
    label=_("Confronti salvati"),
)
FINISH_COMPARISON = T(
    "finish",
    [SheetState.OPEN],
    SheetState.FINAL,
    by=is_its_member,
    when=[call_goes_on, area_is_open_to_comparisons, pairs_are_compared, is_free_in_the_area, every_pair_is_there],
    label=_("Confronti conclusi"),
)
REOPEN_COMPARISON = T(
    "reopen",
    [SheetState.FINAL],
    SheetState.OPEN,
    by=is_its_member,
    when=[call_goes_on, area_is_open_to_comparisons],
    reason_required=True,
    label=_("Confronti riaperti"),
)
VOID_COMPARISON = T(
    "void",
    [SheetState.OPEN, SheetState.FINAL],
    SheetState.VOID,
    by=is_its_member,
    label=_("Confronti annullati per conflitto"),
)
RESTORE_COMPARISON = T(
    "restore",
    [SheetState.VOID],
    SheetState.OPEN,
    by=is_its_member,
    reason_required=True,
    label=_("Confronti ripresi"),
)

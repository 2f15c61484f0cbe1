"""A table of comparisons in pairs. The row is the comparison."""

from django.utils.translation import gettext_lazy as _

from bando.rules import is_official
from evaluation.rules.common import call_goes_on
from evaluation.rules.comparing import area_is_open_to_comparisons, every_pair_is_there, is_free_in_the_area, pairs_are_compared
from evaluation.rules.marking import is_its_member
from evaluation.states import ComparisonState
from workflow.transition import T

SAVE_COMPARISON = T(
    "save",
    [ComparisonState.OPEN],
    ComparisonState.OPEN,
    by=is_its_member,
    when=[call_goes_on, area_is_open_to_comparisons, pairs_are_compared, is_free_in_the_area],
    label=_("Confronti salvati"),
)
FINISH_COMPARISON = T(
    "finish",
    [ComparisonState.OPEN],
    ComparisonState.FINAL,
    by=is_its_member,
    when=[call_goes_on, area_is_open_to_comparisons, pairs_are_compared, is_free_in_the_area, every_pair_is_there],
    label=_("Confronti conclusi"),
)
REOPEN_COMPARISON = T(
    "reopen",
    [ComparisonState.FINAL],
    ComparisonState.OPEN,
    by=is_its_member,
    when=[call_goes_on, area_is_open_to_comparisons],
    reason_required=True,
    label=_("Confronti riaperti"),
)
VOID_COMPARISON = T(
    "void",
    [ComparisonState.OPEN, ComparisonState.FINAL],
    ComparisonState.VOID,
    by=is_its_member,
    label=_("Confronti annullati per conflitto"),
)
RESTORE_COMPARISON = T(
    "restore",
    [ComparisonState.VOID],
    ComparisonState.OPEN,
    by=is_its_member,
    reason_required=True,
    label=_("Confronti ripresi"),
)
VOID_COMPARISON_BY_REPLACEMENT = T(
    "void_by_replacement",
    [ComparisonState.OPEN, ComparisonState.FINAL],
    ComparisonState.VOID,
    by=is_official,
    reason_required=True,
    label=_("Annullati perché il componente è stato sostituito"),
)

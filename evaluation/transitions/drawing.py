"""The public draw. The row is the draw."""

from django.utils.translation import gettext_lazy as _

from bando.rules import is_official
from evaluation.rules.drawing import (
    no_draw_stands,
    no_other_draw_waits,
    no_version_rests_on_it,
    nobody_knows_the_outcome,
    something_is_tied,
    the_call_is_alive,
    the_chain_has_a_draw,
    the_list_is_still_tied,
    the_value_is_public,
    the_value_is_typed,
    the_value_lies_ahead,
)
from evaluation.states import DrawState
from workflow.transition import T

COMMIT_DRAW = T(
    "commit",
    [DrawState.COMMITTED],
    DrawState.COMMITTED,
    by=is_official,
    when=[
        the_call_is_alive,
        the_chain_has_a_draw,
        something_is_tied,
        no_other_draw_waits,
        no_draw_stands,
        the_value_lies_ahead,
    ],
    label=_("Elenco del sorteggio impegnato"),
)
DRAW = T(
    "draw",
    [DrawState.COMMITTED],
    DrawState.DRAWN,
    by=is_official,
    when=[the_call_is_alive, the_value_is_public, the_value_is_typed, the_list_is_still_tied],
    label=_("Sorteggio fatto"),
)
CORRECT_VALUE = T(
    "correct_value",
    [DrawState.DRAWN],
    DrawState.DRAWN,
    by=is_official,
    when=[the_call_is_alive, the_value_is_typed, no_version_rests_on_it],
    reason_required=True,
    label=_("Valore del sorteggio corretto"),
)
CANCEL_DRAW = T(
    "cancel",
    [DrawState.COMMITTED],
    DrawState.CANCELLED,
    by=is_official,
    when=[nobody_knows_the_outcome],
    reason_required=True,
    label=_("Sorteggio annullato"),
)

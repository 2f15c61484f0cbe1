"""The acts of the evaluation, one row each: a module for each part of the road.

``workflow.procedure`` finds them here, and draws them in the order in which they are imported: that of the road.
"""

# isort: off
from evaluation.transitions.commission import APPOINT, REPLACE_MEMBER
from evaluation.transitions.sessions import (
    PLAN_SESSION,
    CANCEL_SESSION,
    OPEN_SESSION,
    ATTEND,
    CLOSE_SESSION,
    WRITE_MINUTES,
    APPROVE_MINUTES,
    SIGN_MINUTES,
    PUBLISH_MINUTES,
)
from evaluation.transitions.marking import SAVE, FINISH, REOPEN, VOID, RESTORE, VOID_BY_REPLACEMENT, REOPEN_BY_REPLACEMENT
from evaluation.transitions.comparing import (
    SAVE_COMPARISON,
    FINISH_COMPARISON,
    REOPEN_COMPARISON,
    VOID_COMPARISON,
    RESTORE_COMPARISON,
    VOID_COMPARISON_BY_REPLACEMENT,
)
from evaluation.transitions.closing import EVALUATE, REOPEN_EVALUATION
from evaluation.transitions.publishing import (
    COMPUTE,
    REVISE,
    RECOMPUTE,
    PUBLISH_PROVISIONAL,
    PUBLISH,
    CORRECT,
    CONCLUDE,
    RANK,
    SELECT,
    WAIT,
    FALL_BELOW,
    CORRECT_TO_SELECTED,
    CORRECT_TO_WAITING,
    CORRECT_TO_BELOW,
    CORRECT_TO_TIE,
)
from evaluation.transitions.drawing import COMMIT_DRAW, DRAW, CORRECT_VALUE, CANCEL_DRAW
from evaluation.transitions.places import EXCLUDE, RENOUNCE, FORFEIT, GIVE_PLACE
# isort: on

__all__ = [
    "APPOINT",
    "APPROVE_MINUTES",
    "ATTEND",
    "CANCEL_DRAW",
    "CANCEL_SESSION",
    "CLOSE_SESSION",
    "COMMIT_DRAW",
    "COMPUTE",
    "CONCLUDE",
    "CORRECT",
    "CORRECT_TO_BELOW",
    "CORRECT_TO_SELECTED",
    "CORRECT_TO_TIE",
    "CORRECT_TO_WAITING",
    "CORRECT_VALUE",
    "DRAW",
    "EVALUATE",
    "EXCLUDE",
    "FALL_BELOW",
    "FINISH",
    "FINISH_COMPARISON",
    "FORFEIT",
    "GIVE_PLACE",
    "OPEN_SESSION",
    "PLAN_SESSION",
    "PUBLISH",
    "PUBLISH_MINUTES",
    "PUBLISH_PROVISIONAL",
    "RANK",
    "RECOMPUTE",
    "RENOUNCE",
    "REOPEN",
    "REOPEN_BY_REPLACEMENT",
    "REOPEN_COMPARISON",
    "REOPEN_EVALUATION",
    "REPLACE_MEMBER",
    "RESTORE",
    "RESTORE_COMPARISON",
    "REVISE",
    "SAVE",
    "SAVE_COMPARISON",
    "SELECT",
    "SIGN_MINUTES",
    "VOID",
    "VOID_BY_REPLACEMENT",
    "VOID_COMPARISON",
    "VOID_COMPARISON_BY_REPLACEMENT",
    "WAIT",
    "WRITE_MINUTES",
]

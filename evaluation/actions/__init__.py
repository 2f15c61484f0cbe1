"""What the commission and the office do, one function per verb of the regulation."""

from evaluation.actions.closing import close_evaluation, reasons_not_to_close
from evaluation.actions.commission import appoint_commission, declare, declare_all
from evaluation.actions.drawing import cancel_draw, commit_draw, correct_value, make_draw
from evaluation.actions.marking import finish_sheet, reopen_sheet, save_marks, take_back
from evaluation.actions.publishing import (
    compute_ranking,
    correct_ranking,
    publish_provisional,
    publish_ranking,
    recompute_ranking,
    set_public_title,
)

__all__ = [
    "appoint_commission",
    "cancel_draw",
    "close_evaluation",
    "commit_draw",
    "compute_ranking",
    "correct_ranking",
    "correct_value",
    "declare",
    "declare_all",
    "finish_sheet",
    "make_draw",
    "publish_provisional",
    "publish_ranking",
    "reasons_not_to_close",
    "recompute_ranking",
    "reopen_sheet",
    "save_marks",
    "set_public_title",
    "take_back",
]

"""What the commission and the office do, one function per verb of the regulation."""

from evaluation.actions.closing import close_evaluation, reasons_not_to_close, reasons_not_to_close_each
from evaluation.actions.collegial import collegial_sheet
from evaluation.actions.commission import appoint_commission, declare, declare_all
from evaluation.actions.comparing import finish_comparison, reopen_comparison, save_comparison
from evaluation.actions.drawing import cancel_draw, commit_draw, correct_value, make_draw
from evaluation.actions.marking import finish_sheet, reopen_sheet, save_marks, take_back
from evaluation.actions.observing import answer_observation, write_observation
from evaluation.actions.places import exclude, forfeit, give_place, renounce
from evaluation.actions.publishing import (
    compute_ranking,
    correct_ranking,
    publish_provisional,
    publish_ranking,
    recompute_ranking,
    set_public_title,
)
from evaluation.actions.replacing import reopen_evaluation, replace_member
from evaluation.actions.sessions import (
    approve_minutes,
    cancel_session,
    change_attendance,
    close_session,
    open_session,
    plan_session,
    publish_minutes,
    save_minutes,
    sign_minutes,
)

__all__ = [
    "answer_observation",
    "appoint_commission",
    "approve_minutes",
    "cancel_draw",
    "cancel_session",
    "change_attendance",
    "close_evaluation",
    "close_session",
    "collegial_sheet",
    "commit_draw",
    "compute_ranking",
    "correct_ranking",
    "correct_value",
    "declare",
    "declare_all",
    "exclude",
    "finish_comparison",
    "finish_sheet",
    "forfeit",
    "give_place",
    "make_draw",
    "open_session",
    "plan_session",
    "publish_minutes",
    "publish_provisional",
    "publish_ranking",
    "reasons_not_to_close",
    "reasons_not_to_close_each",
    "recompute_ranking",
    "renounce",
    "reopen_comparison",
    "reopen_evaluation",
    "reopen_sheet",
    "replace_member",
    "save_comparison",
    "save_marks",
    "save_minutes",
    "set_public_title",
    "sign_minutes",
    "take_back",
    "write_observation",
]

"""What the commission and the office do, one function per verb of the regulation."""

from evaluation.actions.closing import close_evaluation, reasons_not_to_close
from evaluation.actions.commission import appoint_commission, declare, declare_all
from evaluation.actions.marking import finish_sheet, reopen_sheet, save_marks
from evaluation.actions.publishing import compute_ranking, publish_ranking

__all__ = [
    "appoint_commission",
    "close_evaluation",
    "compute_ranking",
    "declare",
    "declare_all",
    "finish_sheet",
    "publish_ranking",
    "reasons_not_to_close",
    "reopen_sheet",
    "save_marks",
]

"""The report of a Spazio for a quarter. The row is the report."""

from django.utils.translation import gettext_lazy as _

from bando.rules import is_official
from network.rules.common import runs_the_space
from network.rules.reports import (
    it_is_what_was_read,
    it_is_whole,
    remarks_are_answered,
    the_final_is_not_sent,
    the_quarters_are_approved,
    the_term_is_over,
)
from network.states import ReportState as S
from workflow.transition import T

SAVE_REPORT = T(
    "save", [S.DRAFT, S.REMARKED], None, by=runs_the_space, when=[it_is_what_was_read], label=_("Rendiconto salvato")
)
SEND_REPORT = T(
    "send",
    [S.DRAFT, S.REMARKED],
    S.SENT,
    by=runs_the_space,
    when=[the_term_is_over, it_is_what_was_read, it_is_whole, remarks_are_answered, the_final_is_not_sent],
    label=_("Rendiconto inviato"),
)
REMARK_REPORT = T(
    "remark",
    [S.SENT],
    S.REMARKED,
    by=is_official,
    when=[it_is_what_was_read, the_final_is_not_sent],
    reason_required=True,
    label=_("Chieste modifiche"),
)
APPROVE_REPORT = T(
    "approve",
    [S.SENT],
    S.APPROVED,
    by=is_official,
    when=[it_is_what_was_read, the_quarters_are_approved],
    label=_("Rendiconto approvato"),
)
REOPEN_REPORT = T(
    "reopen",
    [S.APPROVED],
    S.REMARKED,
    by=is_official,
    when=[the_final_is_not_sent],
    reason_required=True,
    label=_("Rendiconto riaperto"),
)

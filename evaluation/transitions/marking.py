"""A sheet of marks is written, concluded, reopened. The row is the sheet."""

from django.utils.translation import gettext_lazy as _

from bando.rules import is_official
from evaluation.rules.collegial import writer_has_no_conflict, writes_the_sheet
from evaluation.rules.common import call_goes_on
from evaluation.rules.marking import every_mark_has_its_reason, is_its_member, is_under_evaluation
from evaluation.states import SheetState
from workflow.transition import T

SAVE = T(
    "save",
    [SheetState.OPEN],
    SheetState.OPEN,
    by=writes_the_sheet,
    when=[call_goes_on, writer_has_no_conflict, is_under_evaluation],
    label=_("Scheda salvata"),
)
FINISH = T(
    "finish",
    [SheetState.OPEN],
    SheetState.FINAL,
    by=writes_the_sheet,
    when=[call_goes_on, writer_has_no_conflict, is_under_evaluation, every_mark_has_its_reason],
    label=_("Scheda conclusa"),
)
REOPEN = T(
    "reopen",
    [SheetState.FINAL],
    SheetState.OPEN,
    by=writes_the_sheet,
    when=[call_goes_on, is_under_evaluation],
    reason_required=True,
    label=_("Scheda riaperta"),
)
VOID = T(
    "void",
    [SheetState.OPEN, SheetState.FINAL],
    SheetState.VOID,
    by=is_its_member,
    when=[is_under_evaluation],
    label=_("Scheda annullata per conflitto"),
)
RESTORE = T(
    "restore",
    [SheetState.VOID],
    SheetState.OPEN,
    by=is_its_member,
    when=[is_under_evaluation],
    reason_required=True,
    label=_("Scheda ripresa"),
)
VOID_BY_REPLACEMENT = T(
    "void_by_replacement",
    [SheetState.OPEN, SheetState.FINAL],
    SheetState.VOID,
    by=is_official,
    reason_required=True,
    label=_("Annullata perché il componente è stato sostituito"),
)
REOPEN_BY_REPLACEMENT = T(
    "reopen_by_replacement",
    [SheetState.FINAL],
    SheetState.OPEN,
    by=is_official,
    reason_required=True,
    label=_("Riaperta perché la commissione è cambiata"),
)

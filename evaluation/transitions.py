"""The acts of the evaluation, one row each: on the call, on a sheet of marks, on an application, on a ranking."""

from django.utils.translation import gettext_lazy as _

from applications.states import ApplicationState as S
from bando.rules import has_closed, is_official
from bando.states import CallState
from evaluation.rules.closing import everyone_has_concluded, facts_agree, leads_or_official
from evaluation.rules.commission import has_no_commission_yet, the_act_follows_the_deadline, the_commission_fits_the_notice
from evaluation.rules.common import call_goes_on, the_act_is_stated
from evaluation.rules.marking import every_mark_has_its_reason, has_declared_no_conflict, is_its_member, is_under_evaluation
from evaluation.rules.publishing import (
    agrees_with_itself,
    area_is_evaluated,
    every_area_is_ranked,
    is_what_was_previewed,
    the_act_follows_the_call,
)
from evaluation.states import RankingState, SheetState
from workflow.transition import T

# On the call
APPOINT = T(
    "appoint",
    [CallState.PUBLISHED],
    CallState.PUBLISHED,
    by=is_official,
    when=[has_closed, has_no_commission_yet, the_act_is_stated, the_act_follows_the_deadline, the_commission_fits_the_notice],
    label=_("Commissione nominata"),
)
CONCLUDE = T(
    "conclude", [CallState.PUBLISHED], CallState.RANKED, by=is_official, when=[every_area_is_ranked], label=_("Avviso concluso")
)

# On a sheet
SAVE = T(
    "save",
    [SheetState.OPEN],
    SheetState.OPEN,
    by=is_its_member,
    when=[call_goes_on, has_declared_no_conflict, is_under_evaluation],
    label=_("Scheda salvata"),
)
FINISH = T(
    "finish",
    [SheetState.OPEN],
    SheetState.FINAL,
    by=is_its_member,
    when=[call_goes_on, has_declared_no_conflict, is_under_evaluation, every_mark_has_its_reason],
    label=_("Scheda conclusa"),
)
REOPEN = T(
    "reopen",
    [SheetState.FINAL],
    SheetState.OPEN,
    by=is_its_member,
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

# On an application
EVALUATE = T(
    "evaluate",
    [S.ADMITTED],
    S.EVALUATED,
    by=leads_or_official,
    when=[call_goes_on, everyone_has_concluded, facts_agree],
    label=_("Proposta valutata"),
)
RANK = T("rank", [S.EVALUATED], S.RANKED, by=is_official, label=_("Proposta in graduatoria"))
SELECT = T("select", [S.RANKED], S.SELECTED, by=is_official, label=_("Proposta selezionata"))
WAIT = T("wait", [S.RANKED], S.WAITING, by=is_official, label=_("Proposta in lista d'attesa"))
FALL_BELOW = T("fall_below", [S.RANKED], S.BELOW_THRESHOLD, by=is_official, label=_("Proposta sotto la soglia"))

# On a ranking
COMPUTE = T(
    "compute",
    [RankingState.COMPUTED],
    RankingState.COMPUTED,
    by=is_official,
    when=[call_goes_on, area_is_evaluated],
    label=_("Graduatoria calcolata"),
)
PUBLISH = T(
    "publish",
    [RankingState.COMPUTED],
    RankingState.PUBLISHED,
    by=is_official,
    when=[call_goes_on, the_act_is_stated, the_act_follows_the_call, is_what_was_previewed, agrees_with_itself],
    label=_("Graduatoria pubblicata"),
)

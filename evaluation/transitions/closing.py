"""The evaluation of an area is closed, and opened again. The row is each of its applications."""

from django.utils.translation import gettext_lazy as _

from applications.states import ApplicationState as S
from bando.rules import is_official
from evaluation.rules.closing import everyone_has_concluded, facts_agree, leads_or_official
from evaluation.rules.commission import no_final_ranking
from evaluation.rules.common import call_goes_on
from workflow.transition import T

EVALUATE = T(
    "evaluate",
    [S.ADMITTED],
    S.EVALUATED,
    by=leads_or_official,
    when=[call_goes_on, everyone_has_concluded, facts_agree],
    label=_("Proposta valutata"),
)
REOPEN_EVALUATION = T(
    "reopen_evaluation",
    [S.EVALUATED, S.RANKED],
    S.ADMITTED,
    by=is_official,
    when=[call_goes_on, no_final_ranking],
    reason_required=True,
    label=_("Valutazione riaperta"),
)

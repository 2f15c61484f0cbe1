"""A ranking is computed, published in its versions and corrected; each application takes its outcome; the call ends."""

from django.utils.translation import gettext_lazy as _

from applications.states import ApplicationState as S
from bando.rules import is_official, the_act_follows_the_call, the_act_is_stated
from bando.states import CallState
from evaluation.rules.common import call_goes_on
from evaluation.rules.places import it_counts_what_happened
from evaluation.rules.publishing import (
    a_change_is_explained,
    agreements_stand,
    agrees_with_itself,
    area_is_evaluated,
    call_was_not_revoked,
    every_area_is_ranked,
    every_observation_is_answered,
    is_what_was_previewed,
    it_is_not_out_already,
    nothing_is_marked_again,
    the_call_foresees_observations,
    the_term_is_over,
    unfilled_places_are_explained,
    what_looks_personal_was_read,
)
from evaluation.states import RankingState
from workflow.transition import T

WHAT_IS_PUBLISHED = (
    the_act_is_stated,
    the_act_follows_the_call,
    is_what_was_previewed,
    it_is_not_out_already,
    unfilled_places_are_explained,
    a_change_is_explained,
    what_looks_personal_was_read,
    it_counts_what_happened,
    nothing_is_marked_again,
    agrees_with_itself,
)
"""What every version of a ranking answers for, whatever its kind."""

# On the ranking
COMPUTE = T(
    "compute",
    [RankingState.COMPUTED],
    RankingState.COMPUTED,
    by=is_official,
    when=[call_goes_on, area_is_evaluated],
    label=_("Graduatoria calcolata"),
)
REVISE = T(
    "revise",
    [RankingState.PROVISIONAL],
    RankingState.PROVISIONAL,
    by=is_official,
    when=[call_goes_on, area_is_evaluated],
    label=_("Graduatoria ricalcolata"),
)
RECOMPUTE = T(
    "recompute",
    [RankingState.PUBLISHED],
    RankingState.PUBLISHED,
    by=is_official,
    when=[call_was_not_revoked, area_is_evaluated],
    reason_required=True,
    label=_("Graduatoria ricalcolata per correggerla"),
)
PUBLISH_PROVISIONAL = T(
    "publish_provisional",
    [RankingState.COMPUTED, RankingState.PROVISIONAL],
    RankingState.PROVISIONAL,
    by=is_official,
    when=[call_goes_on, the_call_foresees_observations, *WHAT_IS_PUBLISHED],
    label=_("Graduatoria provvisoria pubblicata"),
)
PUBLISH = T(
    "publish",
    [RankingState.COMPUTED, RankingState.PROVISIONAL],
    RankingState.PUBLISHED,
    by=is_official,
    when=[call_goes_on, the_term_is_over, every_observation_is_answered, *WHAT_IS_PUBLISHED],
    label=_("Graduatoria pubblicata"),
)
CORRECT = T(
    "correct",
    [RankingState.PUBLISHED],
    RankingState.PUBLISHED,
    by=is_official,
    when=[call_was_not_revoked, *WHAT_IS_PUBLISHED, agreements_stand],
    reason_required=True,
    label=_("Graduatoria corretta"),
)

# On the call
CONCLUDE = T(
    "conclude", [CallState.PUBLISHED], CallState.RANKED, by=is_official, when=[every_area_is_ranked], label=_("Avviso concluso")
)

# On each application
RANK = T("rank", [S.EVALUATED], S.RANKED, by=is_official, label=_("Proposta in graduatoria"))
SELECT = T("select", [S.RANKED], S.SELECTED, by=is_official, label=_("Proposta selezionata"))
WAIT = T("wait", [S.RANKED], S.WAITING, by=is_official, label=_("Proposta in lista d'attesa"))
FALL_BELOW = T("fall_below", [S.RANKED], S.BELOW_THRESHOLD, by=is_official, label=_("Proposta sotto la soglia"))
CORRECT_TO_SELECTED = T(
    "correct_to_selected",
    [S.RANKED, S.WAITING, S.BELOW_THRESHOLD],
    S.SELECTED,
    by=is_official,
    label=_("Esito corretto: proposta selezionata"),
)
CORRECT_TO_WAITING = T(
    "correct_to_waiting",
    [S.RANKED, S.SELECTED, S.BELOW_THRESHOLD],
    S.WAITING,
    by=is_official,
    label=_("Esito corretto: proposta in lista d'attesa"),
)
CORRECT_TO_BELOW = T(
    "correct_to_below",
    [S.RANKED, S.SELECTED, S.WAITING],
    S.BELOW_THRESHOLD,
    by=is_official,
    label=_("Esito corretto: proposta sotto la soglia"),
)
CORRECT_TO_TIE = T(
    "correct_to_tie",
    [S.SELECTED, S.WAITING, S.BELOW_THRESHOLD],
    S.RANKED,
    by=is_official,
    label=_("Esito corretto: parità sull'ultimo posto"),
)

"""A proposal leaves after its admission, and its place is given again. The row is the application, or the ranking."""

from django.utils.translation import gettext_lazy as _

from applications.states import ApplicationState as S
from bando.rules import is_official, the_act_is_stated
from evaluation.rules.places import (
    applications_still_move,
    counting_is_decided,
    may_renounce,
    somebody_waits,
    the_call_lets_the_next_in,
    the_office_says_how_it_knows,
    the_place_is_free,
)
from evaluation.rules.publishing import call_was_not_revoked
from evaluation.states import RankingState
from workflow.transition import T

# On the application
EXCLUDE = T(
    "exclude",
    [S.ADMITTED, S.EVALUATED, S.RANKED, S.SELECTED, S.WAITING, S.BELOW_THRESHOLD],
    S.EXCLUDED,
    by=is_official,
    when=[applications_still_move, the_act_is_stated, counting_is_decided],
    reason_required=True,
    label=_("Proposta esclusa"),
)
RENOUNCE = T(
    "renounce",
    [S.ADMITTED, S.EVALUATED, S.RANKED, S.SELECTED, S.WAITING],
    S.RENOUNCED,
    by=may_renounce,
    when=[applications_still_move, the_office_says_how_it_knows],
    label=_("Rinuncia"),
)
FORFEIT = T(
    "forfeit",
    [S.SELECTED],
    S.FORFEITED,
    by=is_official,
    when=[applications_still_move, the_act_is_stated, counting_is_decided],
    reason_required=True,
    label=_("Decadenza"),
)

# On the ranking
GIVE_PLACE = T(
    "give_place",
    [RankingState.PUBLISHED],
    RankingState.PUBLISHED,
    by=is_official,
    when=[call_was_not_revoked, the_place_is_free, somebody_waits, the_call_lets_the_next_in],
    reason_required=True,
    label=_("Posto riassegnato"),
)

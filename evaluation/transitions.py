"""The acts of the evaluation, one row each: on the call, on a sheet of marks, on an application, on a ranking."""

from django.utils.translation import gettext_lazy as _

from applications.states import ApplicationState as S
from bando.rules import has_closed, is_official
from bando.states import CallState
from evaluation.rules.closing import everyone_has_concluded, facts_agree, leads_or_official
from evaluation.rules.collegial import writer_has_no_conflict, writes_the_sheet
from evaluation.rules.commission import (
    every_warning_has_its_decision,
    has_no_commission_yet,
    no_final_ranking,
    somebody_has_a_seat,
    the_act_follows_the_appointment,
    the_act_follows_the_deadline,
    the_commission_fits_the_notice,
    the_new_one_is_free,
)
from evaluation.rules.common import call_goes_on, the_act_is_stated
from evaluation.rules.comparing import (
    area_is_open_to_comparisons,
    every_pair_is_there,
    is_free_in_the_area,
    pairs_are_compared,
)
from evaluation.rules.drawing import (
    no_draw_stands,
    no_other_draw_waits,
    no_version_rests_on_it,
    nobody_knows_the_outcome,
    something_is_tied,
    the_call_is_alive,
    the_chain_has_a_draw,
    the_list_is_still_tied,
    the_value_is_public,
    the_value_is_typed,
    the_value_lies_ahead,
)
from evaluation.rules.marking import every_mark_has_its_reason, is_its_member, is_under_evaluation
from evaluation.rules.places import (
    applications_still_move,
    counting_is_decided,
    it_counts_what_happened,
    may_renounce,
    somebody_waits,
    the_call_lets_the_next_in,
    the_office_says_how_it_knows,
    the_place_is_free,
)
from evaluation.rules.publishing import (
    a_change_is_explained,
    agreements_stand,
    agrees_with_itself,
    area_is_evaluated,
    call_was_not_revoked,
    every_area_is_ranked,
    every_observation_is_answered,
    is_what_was_previewed,
    the_act_follows_the_call,
    the_call_foresees_observations,
    the_term_is_over,
    unfilled_places_are_explained,
    what_looks_personal_was_read,
)
from evaluation.rules.sessions import (
    enough_are_present,
    is_not_published_yet,
    is_still_to_come,
    is_the_chair,
    is_what_was_read,
    leads_the_session,
    marks_are_public,
    no_other_is_open,
    personal_data_were_weighed,
    plans_sessions,
    the_hour_has_come,
    there_is_something_to_sign,
)
from evaluation.states import DrawState, RankingState, SessionState, SheetState
from workflow.transition import T

WHAT_IS_PUBLISHED = (
    the_act_is_stated,
    the_act_follows_the_call,
    is_what_was_previewed,
    unfilled_places_are_explained,
    a_change_is_explained,
    what_looks_personal_was_read,
    it_counts_what_happened,
    agrees_with_itself,
)
"""What every version of a ranking answers for, whatever its kind."""

# On the call
APPOINT = T(
    "appoint",
    [CallState.PUBLISHED],
    CallState.PUBLISHED,
    by=is_official,
    when=[
        has_closed,
        has_no_commission_yet,
        the_act_is_stated,
        the_act_follows_the_deadline,
        the_commission_fits_the_notice,
        every_warning_has_its_decision,
    ],
    label=_("Commissione nominata"),
)
REPLACE_MEMBER = T(
    "replace_member",
    [CallState.PUBLISHED],
    CallState.PUBLISHED,
    by=is_official,
    when=[
        somebody_has_a_seat,
        the_new_one_is_free,
        the_act_is_stated,
        the_act_follows_the_appointment,
        the_commission_fits_the_notice,
        every_warning_has_its_decision,
    ],
    reason_required=True,
    label=_("Componente sostituito"),
)
CONCLUDE = T(
    "conclude", [CallState.PUBLISHED], CallState.RANKED, by=is_official, when=[every_area_is_ranked], label=_("Avviso concluso")
)

# On a sheet
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

# On the table of comparisons of a member
SAVE_COMPARISON = T(
    "save",
    [SheetState.OPEN],
    SheetState.OPEN,
    by=is_its_member,
    when=[call_goes_on, area_is_open_to_comparisons, pairs_are_compared, is_free_in_the_area],
    label=_("Confronti salvati"),
)
FINISH_COMPARISON = T(
    "finish",
    [SheetState.OPEN],
    SheetState.FINAL,
    by=is_its_member,
    when=[call_goes_on, area_is_open_to_comparisons, pairs_are_compared, is_free_in_the_area, every_pair_is_there],
    label=_("Confronti conclusi"),
)
REOPEN_COMPARISON = T(
    "reopen",
    [SheetState.FINAL],
    SheetState.OPEN,
    by=is_its_member,
    when=[call_goes_on, area_is_open_to_comparisons],
    reason_required=True,
    label=_("Confronti riaperti"),
)
VOID_COMPARISON = T(
    "void",
    [SheetState.OPEN, SheetState.FINAL],
    SheetState.VOID,
    by=is_its_member,
    label=_("Confronti annullati per conflitto"),
)
RESTORE_COMPARISON = T(
    "restore",
    [SheetState.VOID],
    SheetState.OPEN,
    by=is_its_member,
    reason_required=True,
    label=_("Confronti ripresi"),
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
REOPEN_EVALUATION = T(
    "reopen_evaluation",
    [S.EVALUATED, S.RANKED],
    S.ADMITTED,
    by=is_official,
    when=[call_goes_on, no_final_ranking],
    reason_required=True,
    label=_("Valutazione riaperta"),
)
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

# On a ranking
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

GIVE_PLACE = T(
    "give_place",
    [RankingState.PUBLISHED],
    RankingState.PUBLISHED,
    by=is_official,
    when=[call_was_not_revoked, the_place_is_free, somebody_waits, the_call_lets_the_next_in],
    reason_required=True,
    label=_("Posto riassegnato"),
)

# On a draw
COMMIT_DRAW = T(
    "commit",
    [DrawState.COMMITTED],
    DrawState.COMMITTED,
    by=is_official,
    when=[
        the_call_is_alive,
        the_chain_has_a_draw,
        something_is_tied,
        no_other_draw_waits,
        no_draw_stands,
        the_value_lies_ahead,
    ],
    label=_("Elenco del sorteggio impegnato"),
)
DRAW = T(
    "draw",
    [DrawState.COMMITTED],
    DrawState.DRAWN,
    by=is_official,
    when=[the_call_is_alive, the_value_is_public, the_value_is_typed, the_list_is_still_tied],
    label=_("Sorteggio fatto"),
)
CORRECT_VALUE = T(
    "correct_value",
    [DrawState.DRAWN],
    DrawState.DRAWN,
    by=is_official,
    when=[the_call_is_alive, the_value_is_typed, no_version_rests_on_it],
    reason_required=True,
    label=_("Valore del sorteggio corretto"),
)
CANCEL_DRAW = T(
    "cancel",
    [DrawState.COMMITTED],
    DrawState.CANCELLED,
    by=is_official,
    when=[nobody_knows_the_outcome],
    reason_required=True,
    label=_("Sorteggio annullato"),
)

# On a session
PLAN_SESSION = T(
    "plan",
    [SessionState.PLANNED],
    SessionState.PLANNED,
    by=plans_sessions,
    when=[call_goes_on, is_still_to_come],
    label=_("Seduta convocata"),
)
CANCEL_SESSION = T(
    "cancel",
    [SessionState.PLANNED],
    SessionState.CANCELLED,
    by=plans_sessions,
    reason_required=True,
    label=_("Seduta annullata"),
)
OPEN_SESSION = T(
    "open",
    [SessionState.PLANNED],
    SessionState.OPEN,
    by=leads_the_session,
    when=[call_goes_on, the_hour_has_come, no_other_is_open, enough_are_present],
    label=_("Seduta aperta"),
)
ATTEND = T(
    "attend",
    [SessionState.OPEN],
    SessionState.OPEN,
    by=leads_the_session,
    when=[enough_are_present],
    label=_("Presenze aggiornate"),
)
CLOSE_SESSION = T("close", [SessionState.OPEN], SessionState.CLOSED, by=leads_the_session, label=_("Seduta chiusa"))
WRITE_MINUTES = T("write_minutes", [SessionState.CLOSED], SessionState.CLOSED, by=leads_the_session, label=_("Verbale salvato"))
APPROVE_MINUTES = T(
    "approve_minutes",
    [SessionState.CLOSED],
    SessionState.MINUTED,
    by=is_the_chair,
    when=[is_what_was_read],
    label=_("Verbale approvato"),
)
SIGN_MINUTES = T(
    "sign_minutes",
    [SessionState.MINUTED],
    SessionState.MINUTED,
    by=leads_the_session,
    when=[there_is_something_to_sign],
    label=_("Verbale firmato caricato"),
)
PUBLISH_MINUTES = T(
    "publish_minutes",
    [SessionState.MINUTED],
    SessionState.MINUTED,
    by=is_official,
    when=[is_not_published_yet, marks_are_public, personal_data_were_weighed],
    label=_("Verbale pubblicato"),
)

"""The co-design table and its sessions. The row is the table, or a session of it."""

from django.utils.translation import gettext_lazy as _

from bando.rules import is_official
from network.rules.projects import (
    budget_keeps_the_rules,
    call_merges_proposals,
    carries_the_project,
    has_a_title,
    is_a_project_by_itself,
    is_newer_than_what_was_agreed,
    proposals_are_of_the_table,
    proposals_have_no_project,
    says_what_changes,
    says_why_it_may_stand,
    session_can_still_say_it,
    something_changes,
)
from network.rules.tables import (
    agreement_is_not_over,
    all_minutes_are_approved,
    are_a_draft,
    are_approved,
    are_not_published_yet,
    area_has_no_table,
    both_sides_are_there,
    call_goes_on,
    decision_is_said_once,
    decision_is_there,
    is_still_to_come,
    is_what_was_read,
    no_other_is_open,
    personal_data_were_weighed,
    ranking_is_final,
    says_how_it_ended,
    sessions_are_over,
    signs_for_their_own,
    sits_or_is_official,
    something_is_decided,
    table_is_open,
    the_hour_has_come,
    there_is_something_to_sign,
    who_is_left_out_knows_why,
    who_joins_may_sit,
    who_leaves_still_sits,
    who_sits_may_sit,
)
from network.states import TableSessionState as S
from network.states import TableState as B
from workflow.transition import T

# On the table
OPEN_TABLE = T(
    "open",
    [B.OPEN],
    None,
    by=is_official,
    when=[call_goes_on, area_has_no_table, ranking_is_final, who_sits_may_sit, who_is_left_out_knows_why],
    label=_("Tavolo aperto"),
)
CHANGE_PARTNERS = T(
    "change_partners",
    [B.OPEN],
    None,
    by=is_official,
    when=[call_goes_on, who_joins_may_sit, who_leaves_still_sits],
    reason_required=True,
    label=_("Cambiato chi siede al tavolo"),
)
START_PROJECT = T(
    "start_project",
    [B.OPEN],
    None,
    by=is_official,
    when=[has_a_title, proposals_are_of_the_table, proposals_have_no_project, call_merges_proposals],
    label=_("Progetto cominciato"),
)
WRITE_PROJECT = T(
    "write_project",
    [B.OPEN],
    None,
    by=carries_the_project,
    when=[says_what_changes, something_changes, budget_keeps_the_rules, says_why_it_may_stand],
    label=_("Nuova versione di un progetto"),
)
AGREE_ON_VERSION = T(
    "agree_on_version",
    [B.OPEN],
    None,
    by=is_official,
    when=[is_a_project_by_itself, is_newer_than_what_was_agreed, session_can_still_say_it],
    label=_("Versione del progetto approvata in un incontro"),
)
CONCLUDE_TABLE = T(
    "conclude",
    [B.OPEN],
    B.CONCLUDED,
    by=is_official,
    when=[sessions_are_over, all_minutes_are_approved, says_how_it_ended],
    label=_("Tavolo concluso"),
)
REOPEN_TABLE = T(
    "reopen",
    [B.CONCLUDED],
    B.OPEN,
    by=is_official,
    when=[call_goes_on, agreement_is_not_over],
    reason_required=True,
    label=_("Tavolo riaperto"),
)

# On a session
PLAN_TABLE_SESSION = T(
    "plan",
    [S.PLANNED],
    None,
    by=is_official,
    when=[call_goes_on, table_is_open, is_still_to_come],
    label=_("Incontro convocato"),
)
CANCEL_TABLE_SESSION = T(
    "cancel", [S.PLANNED], S.CANCELLED, by=is_official, reason_required=True, label=_("Incontro annullato")
)
OPEN_TABLE_SESSION = T(
    "open",
    [S.PLANNED],
    S.OPEN,
    by=is_official,
    when=[call_goes_on, table_is_open, the_hour_has_come, no_other_is_open, both_sides_are_there],
    label=_("Incontro aperto"),
)
ATTEND_TABLE_SESSION = T("attend", [S.OPEN], None, by=is_official, when=[both_sides_are_there], label=_("Presenze aggiornate"))
DECIDE = T(
    "decide",
    [S.OPEN],
    None,
    by=is_official,
    when=[something_is_decided, decision_is_there, decision_is_said_once],
    label=_("Decisione scritta"),
)
DROP_DECISION = T("drop_decision", [S.OPEN], None, by=is_official, when=[decision_is_there], label=_("Decisione tolta"))
CLOSE_TABLE_SESSION = T("close", [S.OPEN], S.CLOSED, by=is_official, label=_("Incontro chiuso"))
WRITE_TABLE_MINUTES = T("write_minutes", [S.CLOSED], None, by=is_official, when=[are_a_draft], label=_("Verbale salvato"))
APPROVE_TABLE_MINUTES = T(
    "approve_minutes",
    [S.CLOSED],
    None,
    by=is_official,
    when=[are_a_draft, is_what_was_read],
    label=_("Verbale approvato"),
)
SIGN_TABLE_MINUTES = T(
    "sign_minutes",
    [S.CLOSED],
    None,
    by=sits_or_is_official,
    when=[there_is_something_to_sign, signs_for_their_own],
    label=_("Verbale firmato caricato"),
)
PUBLISH_TABLE_MINUTES = T(
    "publish_minutes",
    [S.CLOSED],
    None,
    by=is_official,
    when=[are_approved, are_not_published_yet, personal_data_were_weighed],
    label=_("Verbale pubblicato"),
)

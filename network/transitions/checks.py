"""The checks of the declarations. The row is the plan of an area, or one declaration."""

from django.utils.translation import gettext_lazy as _

from bando.rules import is_official
from evaluation.rules.drawing import the_value_is_public, the_value_is_typed, the_value_lies_ahead
from network.rules.checks import (
    it_is_listed_and_nobody_checks_it,
    its_application_has_left,
    no_sample_waits,
    nobody_knows_the_sample,
    nothing_waits_for_a_check,
    nothing_was_checked_yet,
    somebody_came_in,
    something_is_declared,
    the_authority_is_named,
    the_body_is_still_in_time,
    the_call_stands,
    the_plan_is_open,
    the_reply_is_written,
    the_term_lies_ahead,
)
from network.rules.common import is_of_the_body
from network.states import CheckPlanState as P
from network.states import DeclarationCheckState as S
from workflow.transition import T

# On the plan
CHECK_ALL = T(
    "check_all",
    [P.COMMITTED],
    P.OPEN,
    by=is_official,
    when=[the_call_stands, something_is_declared, no_sample_waits],
    label=_("Controlli aperti su tutte le dichiarazioni"),
)
COMMIT_SAMPLE = T(
    "commit",
    [P.COMMITTED],
    None,
    by=is_official,
    when=[the_call_stands, something_is_declared, no_sample_waits, the_value_lies_ahead],
    label=_("Campione impegnato"),
)
DRAW_SAMPLE = T(
    "draw",
    [P.COMMITTED],
    P.OPEN,
    by=is_official,
    when=[the_call_stands, the_value_is_public, the_value_is_typed],
    label=_("Campione sorteggiato"),
)
CORRECT_SAMPLE = T(
    "correct",
    [P.OPEN],
    None,
    by=is_official,
    when=[the_value_is_typed, nothing_was_checked_yet],
    reason_required=True,
    label=_("Valore del campione corretto"),
)
CANCEL_SAMPLE = T(
    "cancel",
    [P.COMMITTED],
    P.CANCELLED,
    by=is_official,
    when=[nobody_knows_the_sample],
    reason_required=True,
    label=_("Campione abbandonato"),
)
ADD_TO_CHECKS = T(
    "add",
    [P.OPEN, P.CLOSED],
    P.OPEN,
    by=is_official,
    when=[the_call_stands, somebody_came_in],
    label=_("Dichiarazioni aggiunte ai controlli"),
)
ADD_FOR_A_DOUBT = T(
    "doubt",
    [P.OPEN, P.CLOSED],
    P.OPEN,
    by=is_official,
    when=[the_call_stands, it_is_listed_and_nobody_checks_it],
    reason_required=True,
    label=_("Dichiarazione aggiunta per un dubbio"),
)
CLOSE_CHECKS = T("close", [P.OPEN], P.CLOSED, by=is_official, when=[nothing_waits_for_a_check], label=_("Controlli conclusi"))
REOPEN_CHECKS = T("reopen", [P.CLOSED], P.OPEN, by=is_official, reason_required=True, label=_("Controlli riaperti"))

# On a declaration
ASK_AUTHORITY = T(
    "ask",
    [S.TO_DO, S.ASKED],
    S.ASKED,
    by=is_official,
    when=[the_plan_is_open, the_authority_is_named, the_term_lies_ahead],
    label=_("Chiesta conferma"),
)
CONFIRM_DECLARATION = T(
    "confirm",
    [S.TO_DO, S.ASKED, S.IRREGULAR],
    S.CONFIRMED,
    by=is_official,
    when=[the_plan_is_open],
    label=_("Dichiarazione confermata"),
)
FIND_IRREGULAR = T(
    "find_irregular",
    [S.TO_DO, S.ASKED, S.IRREGULAR],
    S.IRREGULAR,
    by=is_official,
    when=[the_plan_is_open, the_term_lies_ahead],
    reason_required=True,
    label=_("Chiesta la regolarizzazione"),
)
REPLY_TO_CHECK = T(
    "reply",
    [S.IRREGULAR],
    None,
    by=is_of_the_body,
    when=[the_plan_is_open, the_body_is_still_in_time, the_reply_is_written],
    label=_("Risposta dell'ente"),
)
FIND_FALSE = T(
    "find_false",
    [S.TO_DO, S.ASKED, S.IRREGULAR],
    S.FALSE,
    by=is_official,
    when=[the_plan_is_open],
    reason_required=True,
    label=_("Dichiarazione non vera"),
)
CHECK_AGAIN = T(
    "again",
    [S.CONFIRMED, S.FALSE],
    S.TO_DO,
    by=is_official,
    when=[the_plan_is_open],
    reason_required=True,
    label=_("Controllo da rifare"),
)
# Nobody presses it: it follows the act by which the proposal leaves, whoever does that.
DROP_CHECK = T(
    "drop",
    [S.TO_DO, S.ASKED, S.IRREGULAR],
    S.NOT_NEEDED,
    by=its_application_has_left,
    reason_required=True,
    label=_("Controllo che non serve più"),
)

"""The sessions of the commission and their minutes. The row is the session."""

from django.utils.translation import gettext_lazy as _

from bando.rules import is_official
from evaluation.rules.common import call_goes_on
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
from evaluation.states import SessionState
from workflow.transition import T

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

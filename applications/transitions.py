"""The acts on an application up to its admission, one row each; what follows stands in ``evaluation.transitions`` and
``network.transitions``. Then the acts that change the document of a published call: one of them asks about its applications."""

from django.utils.translation import gettext_lazy as _

from applications.admission_rules import (
    every_application_has_an_outcome,
    every_rejection_has_its_word,
    is_what_was_previewed,
    the_note_says_why,
)
from applications.completion_rules import (
    it_fits_one_page,
    no_request_waits,
    something_is_asked,
    the_request_is_open,
    the_request_is_paused,
    the_request_runs,
    the_term_lies_ahead,
)
from applications.rejection_rules import (
    no_notice_waits,
    something_is_observed,
    the_call_gives_notice,
    the_notice_has_run,
    the_notice_is_open,
    the_notice_stands,
    the_observations_are_answered,
)
from applications.rules import (
    a_reserve_stands,
    acts_for_the_body,
    call_goes_on,
    call_has_closed,
    call_is_open,
    check_is_finished,
    every_requirement_is_met,
    everything_has_landed,
    is_complete,
    no_check_has_begun,
    nothing_is_under_reserve,
    sends_for_the_body,
    some_requirement_is_not_met,
    something_is_under_reserve,
)
from applications.states import ApplicationState as S
from bando.amendment_rules import (
    EVERY_AMENDMENT,
    answers_stand_after_the_deadline,
    has_not_closed,
    has_passed,
    it_changes_something,
    it_is_the_same_call,
    no_area_is_lost,
    nothing_else_has_followed,
    the_deadline_is_kept,
    the_deadline_moves_on,
    the_document_holds_together,
    the_document_is_whole,
    the_term_for_questions_is_kept,
    what_is_open_stays_open,
)
from bando.rules import has_closed, is_official, the_act_follows_the_call, the_act_is_stated
from bando.states import CallState
from workflow.transition import T

SUBMIT = T(
    "submit",
    [S.DRAFT, S.SUBMITTED],
    S.SUBMITTED,
    by=acts_for_the_body,
    when=[sends_for_the_body, call_is_open, is_complete],
    label=_("Domanda inviata"),
)
WITHDRAW = T(
    "withdraw",
    [S.SUBMITTED],
    S.WITHDRAWN,
    by=acts_for_the_body,
    when=[sends_for_the_body, call_is_open],
    label=_("Domanda ritirata"),
)
START_CHECK = T(
    "start_check",
    [S.SUBMITTED],
    S.CHECKING,
    by=is_official,
    when=[call_goes_on, call_has_closed, everything_has_landed],
    label=_("Verifica iniziata"),
)
REQUEST_COMPLETION = T(
    "request_completion",
    [S.CHECKING],
    S.CHECKING,
    by=is_official,
    when=[call_goes_on, no_request_waits, no_notice_waits, something_is_asked, it_fits_one_page, the_term_lies_ahead],
    reason_required=True,
    label=_("Richiesta di completamento"),
)
COMPLETE = T(
    "complete",
    [S.CHECKING],
    S.CHECKING,
    by=acts_for_the_body,
    when=[sends_for_the_body, call_goes_on, the_request_is_open],
    label=_("Domanda completata"),
)
TAKE_BACK_REQUEST = T(
    "take_back_request",
    [S.CHECKING],
    S.CHECKING,
    by=is_official,
    when=[the_request_is_open],
    reason_required=True,
    label=_("Richiesta di completamento ritirata"),
)
PAUSE_REQUEST = T(
    "pause_request",
    [S.CHECKING],
    S.CHECKING,
    by=is_official,
    when=[call_goes_on, the_request_is_open, the_request_runs],
    reason_required=True,
    label=_("Termine per completare la domanda sospeso"),
)
RESUME_REQUEST = T(
    "resume_request",
    [S.CHECKING],
    S.CHECKING,
    by=is_official,
    when=[the_request_is_open, the_request_is_paused],
    reason_required=True,
    label=_("Termine per completare la domanda ripreso"),
)
NOTIFY_REJECTION = T(
    "notify_rejection",
    [S.CHECKING],
    S.CHECKING,
    by=is_official,
    when=[
        call_goes_on,
        the_call_gives_notice,
        no_request_waits,
        no_notice_waits,
        check_is_finished,
        some_requirement_is_not_met,
    ],
    reason_required=True,
    label=_("Preavviso di rigetto"),
)
OBSERVE_REJECTION = T(
    "observe_rejection",
    [S.CHECKING],
    S.CHECKING,
    by=acts_for_the_body,
    when=[sends_for_the_body, call_goes_on, the_notice_is_open, something_is_observed],
    label=_("Osservazioni sul preavviso di rigetto"),
)
TAKE_BACK_REJECTION = T(
    "take_back_rejection",
    [S.CHECKING],
    S.CHECKING,
    by=is_official,
    when=[the_notice_stands],
    reason_required=True,
    label=_("Preavviso di rigetto ritirato"),
)
ADMIT = T(
    "admit",
    [S.CHECKING],
    S.ADMITTED,
    by=is_official,
    when=[
        call_goes_on,
        no_request_waits,
        no_notice_waits,
        check_is_finished,
        every_requirement_is_met,
        nothing_is_under_reserve,
    ],
    label=_("Domanda ammessa"),
)
ADMIT_WITH_RESERVE = T(
    "admit_with_reserve",
    [S.CHECKING],
    S.ADMITTED,
    by=is_official,
    when=[
        call_goes_on,
        no_request_waits,
        no_notice_waits,
        check_is_finished,
        every_requirement_is_met,
        something_is_under_reserve,
    ],
    reason_required=True,
    label=_("Domanda ammessa con riserva"),
)
# Wherever the application stands until its agreement, which waits for it.
LIFT_RESERVE = T(
    "lift_reserve",
    [S.ADMITTED, S.EVALUATED, S.RANKED, S.SELECTED, S.WAITING, S.BELOW_THRESHOLD],
    None,
    by=is_official,
    when=[call_goes_on, a_reserve_stands],
    reason_required=True,
    label=_("Riserva sciolta"),
)
NOT_ADMIT = T(
    "not_admit",
    [S.CHECKING],
    S.NOT_ADMITTED,
    by=is_official,
    when=[
        call_goes_on,
        no_request_waits,
        check_is_finished,
        some_requirement_is_not_met,
        the_notice_has_run,
        the_observations_are_answered,
    ],
    reason_required=True,
    label=_("Domanda non ammessa"),
)

# On the call, while it is evaluated and after: a reserve may be lifted late.
PUBLISH_ADMISSIONS = T(
    "publish_admissions",
    [CallState.PUBLISHED, CallState.RANKED],
    None,
    by=is_official,
    when=[
        has_closed,
        every_application_has_an_outcome,
        every_rejection_has_its_word,
        the_note_says_why,
        the_act_is_stated,
        the_act_follows_the_call,
        is_what_was_previewed,
    ],
    label=_("Elenco delle domande ammesse pubblicato"),
)

EXTEND = T(
    "extend",
    [CallState.PUBLISHED],
    CallState.PUBLISHED,
    by=is_official,
    when=[
        has_not_closed,
        *EVERY_AMENDMENT,
        the_document_holds_together,
        the_deadline_moves_on,
        the_term_for_questions_is_kept,
    ],
    reason_required=True,
    label=_("Termine prorogato"),
)
REOPEN = T(
    "reopen",
    [CallState.PUBLISHED],
    CallState.PUBLISHED,
    by=is_official,
    when=[
        has_passed,
        no_check_has_begun,
        nothing_else_has_followed,
        *EVERY_AMENDMENT,
        the_document_holds_together,
        the_deadline_moves_on,
        the_term_for_questions_is_kept,
    ],
    reason_required=True,
    label=_("Termini riaperti"),
)
RECTIFY = T(
    "rectify",
    [CallState.PUBLISHED],
    CallState.PUBLISHED,
    by=is_official,
    when=[
        *EVERY_AMENDMENT,
        the_document_holds_together,
        it_is_the_same_call,
        it_changes_something,
        no_area_is_lost,
        the_document_is_whole,
        the_deadline_is_kept,
        the_term_for_questions_is_kept,
        what_is_open_stays_open,
        answers_stand_after_the_deadline,
    ],
    reason_required=True,
    label=_("Avviso rettificato"),
)

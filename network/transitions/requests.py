"""The request of a citizen, and the quote that it may carry. The row is the one or the other."""

from django.utils.translation import gettext_lazy as _

from network.rules.catalogue import is_the_clock
from network.rules.common import is_of_the_body, is_official_or_runs_the_space
from network.rules.requests import (
    asked_or_works_on_it,
    has_the_address,
    it_can_be_answered,
    it_goes_to_another_body,
    it_goes_to_another_space,
    it_is_about_to_close,
    it_is_not_erased,
    it_is_not_paid,
    it_is_still_valid,
    it_is_the_only_quote,
    it_is_worth_something,
    it_still_has_time,
    it_was_paid_before_it_was_called_off,
    it_was_paid_by_today,
    its_last_day_is_over,
    its_new_space_is_open,
    its_request_is_not_erased,
    its_service_is_offered,
    its_service_is_paid,
    its_space_is_open,
    no_quote_binds_the_body,
    no_quote_can_be_accepted,
    no_quote_waits,
    nobody_acted_for_long,
    nobody_acted_since_the_warning,
    not_too_many_from_one_address,
    something_is_written,
    the_body_offers_it,
    the_reason_names_nobody,
    the_request_is_in_its_hands,
    works_on_it,
)
from network.states import QuoteState as Q
from network.states import RequestState as S
from workflow.transition import T

ARRIVES = [it_can_be_answered, its_service_is_offered, its_space_is_open]
UNDER_WAY = [S.RECEIVED, S.TAKEN, S.ROUTED, S.ANSWERED]

# On a request
RECEIVE = T(
    "receive",
    [S.RECEIVED],
    None,
    by=has_the_address,
    when=[*ARRIVES, not_too_many_from_one_address],
    label=_("Richiesta ricevuta"),
)
ENTER = T(
    "enter", [S.RECEIVED], None, by=is_official_or_runs_the_space, when=ARRIVES, label=_("Richiesta scritta in uno Spazio")
)
TAKE = T("take", [S.RECEIVED], S.TAKEN, by=is_official_or_runs_the_space, label=_("Presa in carico"))
ROUTE = T(
    "route",
    [S.TAKEN, S.ROUTED, S.ANSWERED],
    S.ROUTED,
    by=is_official_or_runs_the_space,
    when=[no_quote_binds_the_body, the_body_offers_it, it_goes_to_another_body],
    label=_("Passata a un ente"),
)
WRITE = T("write", UNDER_WAY, None, by=asked_or_works_on_it, when=[something_is_written], label=_("Messaggio scritto"))
ANSWER = T(
    "answer",
    [S.TAKEN, S.ROUTED, S.ANSWERED],
    S.ANSWERED,
    by=works_on_it,
    when=[something_is_written],
    label=_("Risposta inviata"),
)
GIVE_BACK = T(
    "give_back",
    [S.ROUTED, S.ANSWERED],
    S.TAKEN,
    by=is_of_the_body,
    when=[no_quote_binds_the_body, the_reason_names_nobody],
    reason_required=True,
    label=_("Restituita a chi la segue"),
)
MOVE_REQUEST = T(
    "move",
    UNDER_WAY,
    S.RECEIVED,
    by=is_official_or_runs_the_space,
    when=[no_quote_binds_the_body, its_new_space_is_open, it_goes_to_another_space, the_reason_names_nobody],
    reason_required=True,
    label=_("Spostata"),
)
CLOSE_REQUEST = T(
    "close",
    [S.TAKEN, S.ROUTED, S.ANSWERED],
    S.CLOSED,
    by=is_official_or_runs_the_space,
    when=[no_quote_waits],
    label=_("Chiusa"),
)
REOPEN_REQUEST = T(
    "reopen",
    [S.CLOSED],
    S.TAKEN,
    by=is_official_or_runs_the_space,
    when=[it_is_not_erased, no_quote_binds_the_body, the_reason_names_nobody],
    reason_required=True,
    label=_("Riaperta"),
)
WITHDRAW_REQUEST = T("withdraw", UNDER_WAY, S.WITHDRAWN, by=has_the_address, label=_("Ritirata"))
WARN_OF_CLOSING = T(
    "warn",
    UNDER_WAY,
    None,
    by=is_the_clock,
    when=[no_quote_can_be_accepted, nobody_acted_for_long],
    label=_("Avvisato che si chiude"),
)
KEEP_REQUEST = T(
    "keep", UNDER_WAY, None, by=has_the_address, when=[it_is_about_to_close], label=_("Serve ancora a chi ha chiesto")
)
LAPSE_REQUEST = T(
    "lapse",
    UNDER_WAY,
    S.CLOSED,
    by=is_the_clock,
    when=[no_quote_can_be_accepted, nobody_acted_since_the_warning],
    label=_("Chiusa dopo un lungo silenzio"),
)

# On a quote
OFFER_QUOTE = T(
    "offer",
    [Q.OFFERED],
    None,
    by=is_of_the_body,
    when=[the_request_is_in_its_hands, it_is_the_only_quote, its_service_is_paid, it_is_worth_something, it_still_has_time],
    label=_("Preventivo inviato"),
)
ACCEPT_QUOTE = T(
    "accept",
    [Q.OFFERED],
    Q.ACCEPTED,
    by=has_the_address,
    when=[the_request_is_in_its_hands, it_is_still_valid],
    label=_("Preventivo accettato"),
)
DECLINE_QUOTE = T("decline", [Q.OFFERED], Q.DECLINED, by=has_the_address, label=_("Preventivo non accettato"))
WITHDRAW_QUOTE = T(
    "withdraw",
    [Q.OFFERED, Q.ACCEPTED],
    Q.WITHDRAWN,
    by=is_of_the_body,
    when=[it_is_not_paid, the_reason_names_nobody],
    reason_required=True,
    label=_("Preventivo ritirato"),
)
CALL_OFF_QUOTE = T(
    "call_off", [Q.ACCEPTED], Q.CALLED_OFF, by=has_the_address, when=[it_is_not_paid], label=_("Annullato con la richiesta")
)
LAPSE_QUOTE = T(
    "lapse", [Q.OFFERED], Q.DECLINED, by=is_the_clock, when=[its_last_day_is_over], label=_("Preventivo scaduto senza risposta")
)
RECORD_PAYMENT = T(
    "pay",
    [Q.ACCEPTED, Q.CALLED_OFF],
    None,
    by=is_of_the_body,
    when=[its_request_is_not_erased, it_was_paid_by_today, it_was_paid_before_it_was_called_off],
    label=_("Pagamento annotato"),
)

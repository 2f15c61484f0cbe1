"""The request of a citizen, and the quote that it may carry. The row is the one or the other."""

from django.utils.translation import gettext_lazy as _

from network.rules.common import is_of_the_body, is_official_or_runs_the_space
from network.states import QuoteState as Q
from network.states import RequestState as S
from workflow.transition import T


def anybody(attempt: object) -> str | None:
    """A citizen has no account: who writes is known by the key of the request, or by nothing at all."""
    return None


# On a request
RECEIVE = T("receive", [S.RECEIVED], None, by=anybody, label=_("Richiesta ricevuta"))
TAKE = T("take", [S.RECEIVED], S.TAKEN, by=is_official_or_runs_the_space, label=_("Presa in carico"))
ROUTE = T("route", [S.TAKEN, S.ROUTED, S.ANSWERED], S.ROUTED, by=is_official_or_runs_the_space, label=_("Passata a un ente"))
ANSWER = T("answer", [S.TAKEN, S.ROUTED, S.ANSWERED], S.ANSWERED, by=is_official_or_runs_the_space, label=_("Risposta inviata"))
GIVE_BACK = T("give_back", [S.ROUTED], S.TAKEN, by=is_of_the_body, reason_required=True, label=_("Restituita a chi la segue"))
CLOSE_REQUEST = T("close", [S.TAKEN, S.ROUTED, S.ANSWERED], S.CLOSED, by=is_official_or_runs_the_space, label=_("Chiusa"))
REOPEN_REQUEST = T("reopen", [S.CLOSED], S.TAKEN, by=is_official_or_runs_the_space, reason_required=True, label=_("Riaperta"))
WITHDRAW_REQUEST = T("withdraw", [S.RECEIVED, S.TAKEN, S.ROUTED, S.ANSWERED], S.WITHDRAWN, by=anybody, label=_("Ritirata"))

# On a quote
OFFER_QUOTE = T("offer", [Q.OFFERED], None, by=is_of_the_body, label=_("Preventivo inviato"))
ACCEPT_QUOTE = T("accept", [Q.OFFERED], Q.ACCEPTED, by=anybody, label=_("Preventivo accettato"))
DECLINE_QUOTE = T("decline", [Q.OFFERED], Q.DECLINED, by=anybody, label=_("Preventivo non accettato"))
WITHDRAW_QUOTE = T(
    "withdraw", [Q.OFFERED, Q.ACCEPTED], Q.WITHDRAWN, by=is_of_the_body, reason_required=True, label=_("Preventivo ritirato")
)
RECORD_PAYMENT = T("pay", [Q.ACCEPTED], None, by=is_of_the_body, label=_("Pagamento annotato"))

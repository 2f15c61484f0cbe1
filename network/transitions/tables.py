"""The co-design table and its sessions. The row is the table, or a session of it."""

from django.utils.translation import gettext_lazy as _

from bando.rules import is_official
from network.states import TableSessionState as S
from network.states import TableState as B
from workflow.transition import T

# On the table
OPEN_TABLE = T("open", [B.OPEN], None, by=is_official, label=_("Tavolo aperto"))
CHANGE_PARTNERS = T(
    "change_partners", [B.OPEN], None, by=is_official, reason_required=True, label=_("Cambiato chi siede al tavolo")
)
WRITE_PROJECT = T("write_project", [B.OPEN], None, by=is_official, label=_("Nuova versione di un progetto"))
CONCLUDE_TABLE = T("conclude", [B.OPEN], B.CONCLUDED, by=is_official, label=_("Tavolo concluso"))
REOPEN_TABLE = T("reopen", [B.CONCLUDED], B.OPEN, by=is_official, reason_required=True, label=_("Tavolo riaperto"))

# On a session
PLAN_TABLE_SESSION = T("plan", [S.PLANNED], None, by=is_official, label=_("Incontro convocato"))
CANCEL_TABLE_SESSION = T(
    "cancel", [S.PLANNED], S.CANCELLED, by=is_official, reason_required=True, label=_("Incontro annullato")
)
OPEN_TABLE_SESSION = T("open", [S.PLANNED], S.OPEN, by=is_official, label=_("Incontro aperto"))
DECIDE = T("decide", [S.OPEN], None, by=is_official, label=_("Decisione scritta"))
CLOSE_TABLE_SESSION = T("close", [S.OPEN], S.CLOSED, by=is_official, label=_("Incontro chiuso"))
WRITE_TABLE_MINUTES = T("write_minutes", [S.CLOSED], None, by=is_official, label=_("Verbale salvato"))
APPROVE_TABLE_MINUTES = T("approve_minutes", [S.CLOSED], None, by=is_official, label=_("Verbale approvato"))
SIGN_TABLE_MINUTES = T("sign_minutes", [S.CLOSED], None, by=is_official, label=_("Verbale firmato caricato"))
PUBLISH_TABLE_MINUTES = T("publish_minutes", [S.CLOSED], None, by=is_official, label=_("Verbale pubblicato"))

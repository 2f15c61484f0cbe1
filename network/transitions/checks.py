"""The checks of the declarations. The row is the plan of an area, or one declaration."""

from django.utils.translation import gettext_lazy as _

from bando.rules import is_official
from network.states import CheckPlanState as P
from network.states import DeclarationCheckState as S
from workflow.transition import T

# On the plan
COMMIT_SAMPLE = T("commit", [P.COMMITTED], None, by=is_official, label=_("Campione impegnato"))
DRAW_SAMPLE = T("draw", [P.COMMITTED], P.OPEN, by=is_official, label=_("Campione sorteggiato"))
CLOSE_CHECKS = T("close", [P.OPEN], P.CLOSED, by=is_official, label=_("Controlli conclusi"))
REOPEN_CHECKS = T("reopen", [P.CLOSED], P.OPEN, by=is_official, reason_required=True, label=_("Controlli riaperti"))

# On a declaration
ASK_AUTHORITY = T("ask", [S.TO_DO], S.ASKED, by=is_official, label=_("Chiesta conferma"))
CONFIRM_DECLARATION = T(
    "confirm", [S.TO_DO, S.ASKED, S.IRREGULAR], S.CONFIRMED, by=is_official, label=_("Dichiarazione confermata")
)
FIND_IRREGULAR = T(
    "find_irregular",
    [S.TO_DO, S.ASKED],
    S.IRREGULAR,
    by=is_official,
    reason_required=True,
    label=_("Chiesta la regolarizzazione"),
)
FIND_FALSE = T(
    "find_false",
    [S.TO_DO, S.ASKED, S.IRREGULAR],
    S.FALSE,
    by=is_official,
    reason_required=True,
    label=_("Dichiarazione non vera"),
)
CHECK_AGAIN = T("again", [S.CONFIRMED, S.FALSE], S.TO_DO, by=is_official, reason_required=True, label=_("Controllo da rifare"))

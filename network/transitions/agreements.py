"""The agreement: ready to sign, signed, of effect, over. The row is the agreement, or the application that follows it."""

from django.utils.translation import gettext_lazy as _

from applications.states import ApplicationState
from bando.rules import is_official
from network.rules.agreements import dates_are_in_order, no_reserve_stands
from network.rules.checks import declarations_are_confirmed
from network.states import AgreementState as S
from workflow.transition import T

# On the agreement
EDIT_AGREEMENT = T("edit", [S.DRAFT], None, by=is_official, label=_("Testo salvato"))
PREPARE_AGREEMENT = T("prepare", [S.DRAFT], S.READY, by=is_official, label=_("Testo pronto per la firma"))
REOPEN_AGREEMENT = T(
    "reopen", [S.READY], S.DRAFT, by=is_official, reason_required=True, label=_("Testo riaperto prima della firma")
)
SIGN = T(
    "sign",
    [S.DRAFT, S.READY],
    S.SIGNED,
    by=is_official,
    when=[no_reserve_stands, declarations_are_confirmed, dates_are_in_order],
    label=_("Convenzione firmata"),
)
PUBLISH_AGREEMENT = T("publish", [S.SIGNED], S.EFFECTIVE, by=is_official, label=_("Convenzione pubblicata ed efficace"))
PAY = T("pay", [S.EFFECTIVE, S.ENDED], None, by=is_official, label=_("Pagamento registrato"))
END_AGREEMENT = T(
    "end", [S.SIGNED, S.EFFECTIVE], S.ENDED, by=is_official, reason_required=True, label=_("Convenzione conclusa")
)

# On the application, which follows
AGREE = T("agree", [ApplicationState.SELECTED], ApplicationState.AGREED, by=is_official, label=_("Convenzione firmata"))

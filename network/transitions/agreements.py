"""The agreement: ready to sign, signed, of effect, over. The row is the agreement, or the application that follows it."""

from django.utils.translation import gettext_lazy as _

from applications.states import ApplicationState
from bando.rules import is_official
from network.rules.agreements import (
    a_correction_says_why,
    a_file_is_in_doubt,
    a_file_signed_elsewhere_says_why,
    articles_are_written,
    contents_are_said,
    dates_are_in_order,
    everybody_signed,
    is_official_or_party,
    is_what_was_read,
    it_has_commenced,
    no_door_stays_open,
    no_report_was_sent,
    no_reserve_stands,
    nothing_is_paid_before_effect,
    parties_have_signers,
    payment_is_dated,
    payment_is_registered_once,
    payment_is_within_the_amount,
    publication_is_dated,
    publication_is_not_needed,
    terms_follow_their_days,
    the_budget_is_promised_once,
    the_call_was_not_revoked,
    the_file_says_what_it_must,
    there_is_something_to_sign,
)
from network.rules.checks import declarations_are_confirmed
from network.states import AgreementState as S
from workflow.transition import T

# On the agreement
EDIT_AGREEMENT = T("edit", [S.DRAFT], None, by=is_official, label=_("Testo salvato"))
CHANGE_PARTIES = T("change_parties", [S.DRAFT], None, by=is_official, label=_("Parti e importo salvati"))
PREPARE_AGREEMENT = T(
    "prepare",
    [S.DRAFT],
    S.READY,
    by=is_official,
    when=[
        the_call_was_not_revoked,
        is_what_was_read,
        contents_are_said,
        articles_are_written,
        parties_have_signers,
        the_budget_is_promised_once,
    ],
    label=_("Testo pronto per la firma"),
)
REOPEN_AGREEMENT = T(
    "reopen", [S.READY], S.DRAFT, by=is_official, reason_required=True, label=_("Testo riaperto prima della firma")
)
SIGN_PART = T(
    "sign_part", [S.READY], None, by=is_official_or_party, when=[there_is_something_to_sign], label=_("File firmato caricato")
)
ACCEPT_COPY = T(
    "accept_copy",
    [S.READY],
    None,
    by=is_official,
    when=[a_file_is_in_doubt],
    reason_required=True,
    label=_("File firmato accettato dall'ufficio"),
)
SIGN = T(
    "sign",
    [S.DRAFT, S.READY],
    S.SIGNED,
    by=is_official,
    when=[
        the_call_was_not_revoked,
        no_reserve_stands,
        declarations_are_confirmed,
        the_budget_is_promised_once,
        dates_are_in_order,
        the_file_says_what_it_must,
        a_file_signed_elsewhere_says_why,
        everybody_signed,
    ],
    label=_("Convenzione firmata"),
)
GUARANTEE = T("guarantee", [S.DRAFT, S.READY, S.SIGNED, S.EFFECTIVE], None, by=is_official, label=_("Garanzia registrata"))
DROP_GUARANTEE = T(
    "drop_guarantee",
    [S.DRAFT, S.READY, S.SIGNED, S.EFFECTIVE],
    None,
    by=is_official,
    reason_required=True,
    label=_("Garanzia tolta"),
)
CHANGE_TERMS = T(
    "change_terms",
    [S.SIGNED, S.EFFECTIVE],
    None,
    by=is_official,
    when=[no_report_was_sent, terms_follow_their_days],
    reason_required=True,
    label=_("Termini dei rendiconti cambiati"),
)
JUDGE_PUBLICATION = T(
    "judge_publication",
    [S.DRAFT, S.READY, S.SIGNED],
    None,
    by=is_official,
    reason_required=True,
    label=_("Obbligo di pubblicazione deciso dall'ufficio"),
)
PUBLISH_AGREEMENT = T(
    "publish",
    [S.SIGNED],
    S.EFFECTIVE,
    by=is_official,
    when=[publication_is_dated],
    label=_("Convenzione pubblicata ed efficace"),
)
TAKE_EFFECT = T(
    "take_effect",
    [S.SIGNED],
    S.EFFECTIVE,
    by=is_official,
    when=[publication_is_not_needed, it_has_commenced],
    label=_("Convenzione efficace"),
)
PAY = T(
    "pay",
    [S.SIGNED, S.EFFECTIVE, S.ENDED],  # before it has effect a rule says what is missing
    None,
    by=is_official,
    when=[
        nothing_is_paid_before_effect,
        payment_is_dated,
        payment_is_within_the_amount,
        a_correction_says_why,
        payment_is_registered_once,
    ],
    label=_("Pagamento registrato"),
)
END_AGREEMENT = T(
    "end",
    [S.SIGNED, S.EFFECTIVE],
    S.ENDED,
    by=is_official,
    when=[no_door_stays_open],
    reason_required=True,
    label=_("Convenzione conclusa"),
)

# On the application, which follows
AGREE = T("agree", [ApplicationState.SELECTED], ApplicationState.AGREED, by=is_official, label=_("Convenzione firmata"))

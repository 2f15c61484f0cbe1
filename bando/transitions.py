"""The acts on a call, one row each. Those that change its document are in ``applications.transitions``, those that depend
on the evaluation in ``evaluation.transitions``."""

from django.utils.translation import gettext_lazy as _

from bando.amendment_rules import EVERY_AMENDMENT
from bando.clarification_rules import explains_and_does_not_change, its_replacement_is_the_first
from bando.rules import is_official, it_is_what_was_read, notice_is_whole, still_to_close
from bando.states import CallState
from workflow.transition import T

PUBLISH = T(
    "publish",
    [CallState.DRAFT],
    CallState.PUBLISHED,
    by=is_official,
    when=[it_is_what_was_read, still_to_close, notice_is_whole],
    label=_("Avviso pubblicato"),
)
CLARIFY = T(
    "clarify",
    [CallState.PUBLISHED],
    CallState.PUBLISHED,
    by=is_official,
    when=[explains_and_does_not_change, its_replacement_is_the_first],
    label=_("Chiarimento pubblicato"),
)
REVOKE = T(
    "revoke",
    [CallState.PUBLISHED, CallState.RANKED],
    CallState.REVOKED,
    by=is_official,
    when=EVERY_AMENDMENT,
    reason_required=True,
    label=_("Avviso revocato"),
)

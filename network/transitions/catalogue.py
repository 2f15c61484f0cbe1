"""Accreditation and services. The row is the notice, the accreditation of a body, a service, or a synonym."""

from django.utils.translation import gettext_lazy as _

from bando.rules import is_official
from network.rules.catalogue import (
    body_is_accredited,
    checks_were_read_as_they_are,
    closing_is_to_come,
    everything_is_checked,
    everything_is_declared,
    everything_is_met,
    is_the_clock,
    it_says_something_else,
    it_says_something_new,
    it_was_corrected,
    it_was_read_as_it_is,
    its_last_day_is_over,
    nobody_checks_it_yet,
    not_renewed_too_early,
    notice_is_open,
    notice_is_whole,
    represents_the_body,
    service_is_whole,
    something_is_not_met,
)
from network.rules.common import is_of_the_body
from network.states import AccreditationNoticeState as N
from network.states import AccreditationState as A
from network.states import ServiceState as S
from network.states import SynonymState as W
from workflow.transition import T

# On the notice
OPEN_NOTICE = T(
    "open",
    [N.DRAFT, N.CLOSED],
    N.OPEN,
    by=is_official,
    when=[notice_is_whole, closing_is_to_come],
    label=_("Accreditamento aperto"),
)
CLOSE_NOTICE = T("close", [N.OPEN], N.CLOSED, by=is_official, reason_required=True, label=_("Accreditamento chiuso"))

# On an accreditation
SEND_ACCREDITATION = T(
    "send",
    [A.DRAFT],
    A.SENT,
    by=represents_the_body,
    when=[notice_is_open, not_renewed_too_early, it_was_read_as_it_is, everything_is_declared],
    label=_("Richiesta di accreditamento inviata"),
)
TAKE_BACK_ACCREDITATION = T(
    "take_back", [A.SENT], A.DRAFT, by=represents_the_body, when=[nobody_checks_it_yet], label=_("Richiesta ripresa")
)
ACCREDIT = T(
    "accredit",
    [A.SENT],
    A.ACCREDITED,
    by=is_official,
    when=[checks_were_read_as_they_are, everything_is_checked, everything_is_met],
    label=_("Ente accreditato"),
)
REFUSE_ACCREDITATION = T(
    "refuse",
    [A.SENT],
    A.REFUSED,
    by=is_official,
    when=[checks_were_read_as_they_are, everything_is_checked, something_is_not_met],
    reason_required=True,
    label=_("Ente non accreditato"),
)
END_ACCREDITATION = T("end", [A.ACCREDITED], A.ENDED, by=is_official, reason_required=True, label=_("Accreditamento concluso"))
EXPIRE_ACCREDITATION = T(
    "expire", [A.ACCREDITED], A.ENDED, by=is_the_clock, when=[its_last_day_is_over], label=_("Accreditamento scaduto")
)

# On a service
PUBLISH_SERVICE = T(
    "publish",
    [S.DRAFT, S.WITHDRAWN],
    S.PUBLISHED,
    by=is_of_the_body,
    when=[body_is_accredited, service_is_whole, it_was_corrected],
    label=_("Servizio pubblicato"),
)
WITHDRAW_SERVICE = T("withdraw", [S.PUBLISHED], S.WITHDRAWN, by=is_of_the_body, label=_("Servizio ritirato"))
REMOVE_SERVICE = T(
    "remove", [S.PUBLISHED], S.WITHDRAWN, by=is_official, reason_required=True, label=_("Servizio ritirato dall'ufficio")
)

# On a synonym
ADD_SYNONYM = T("add", [W.IN_USE], None, by=is_official, when=[it_says_something_new], label=_("Sinonimo aggiunto"))
CHANGE_SYNONYM = T(
    "change",
    [W.IN_USE],
    None,
    by=is_official,
    when=[it_says_something_else, it_says_something_new],
    label=_("Sinonimo cambiato"),
)
REMOVE_SYNONYM = T("remove", [W.IN_USE], W.REMOVED, by=is_official, label=_("Sinonimo tolto"))
RESTORE_SYNONYM = T("restore", [W.REMOVED], W.IN_USE, by=is_official, when=[it_says_something_new], label=_("Sinonimo rimesso"))

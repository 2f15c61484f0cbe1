"""Accreditation and services. The row is the notice, the accreditation of a body, or a service."""

from django.utils.translation import gettext_lazy as _

from bando.rules import is_official
from network.rules.common import is_of_the_body
from network.states import AccreditationNoticeState as N
from network.states import AccreditationState as A
from network.states import ServiceState as S
from workflow.transition import T

# On the notice
OPEN_NOTICE = T("open", [N.DRAFT, N.CLOSED], N.OPEN, by=is_official, label=_("Accreditamento aperto"))
CLOSE_NOTICE = T("close", [N.OPEN], N.CLOSED, by=is_official, reason_required=True, label=_("Accreditamento chiuso"))

# On an accreditation
SEND_ACCREDITATION = T("send", [A.DRAFT], A.SENT, by=is_of_the_body, label=_("Richiesta di accreditamento inviata"))
TAKE_BACK_ACCREDITATION = T("take_back", [A.SENT], A.DRAFT, by=is_of_the_body, label=_("Richiesta ripresa"))
ACCREDIT = T("accredit", [A.SENT], A.ACCREDITED, by=is_official, label=_("Ente accreditato"))
REFUSE_ACCREDITATION = T("refuse", [A.SENT], A.REFUSED, by=is_official, reason_required=True, label=_("Ente non accreditato"))
END_ACCREDITATION = T("end", [A.ACCREDITED], A.ENDED, by=is_official, reason_required=True, label=_("Accreditamento concluso"))

# On a service
PUBLISH_SERVICE = T("publish", [S.DRAFT, S.WITHDRAWN], S.PUBLISHED, by=is_of_the_body, label=_("Servizio pubblicato"))
WITHDRAW_SERVICE = T("withdraw", [S.PUBLISHED], S.WITHDRAWN, by=is_of_the_body, label=_("Servizio ritirato"))

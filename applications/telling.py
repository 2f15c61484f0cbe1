"""Whom an amendment concerns because of their applications, what it means for each, and the letter to the body's PEC."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from applications.confirming import touches
from applications.models import Application
from applications.states import ENDED_BEFORE_RECEIPT, ApplicationState
from bando.models import Amendment, AmendmentKind, Call
from bando.telling import about, concerns, means
from bando.templatetags.bando_ui import instant
from workflow.mail import send

MOVES = (AmendmentKind.EXTENSION, AmendmentKind.REOPENING)


@concerns
def people_of_the_bodies(call: Call) -> Iterable[User]:
    """Everybody who acts for a body with a draft or an application; a withdrawn one is neither."""
    return User.objects.filter(memberships__organisation__applications__in=_live(call)).distinct()


@means
def meaning(amendment: Amendment, user: User) -> list[str]:
    """One sentence for each application of the person's bodies."""
    return [_sentence(amendment, row) for row in _in_order(_live(amendment.call).filter(organisation__memberships__user=user))]


def bodies_to_write_to(call: Call) -> QuerySet[Organisation]:
    """The bodies that have sent an application: what changes after it is told to their legal address."""
    return Organisation.objects.filter(applications__in=_sent(call)).distinct()


def send_letter(amendment: Amendment, body: Organisation) -> None:
    """The news of an amendment to the PEC of a body that has sent an application, in the language of the procedure."""
    with translation.override("it"):
        rows = _in_order(_sent(amendment.call).filter(organisation=body))
        context = about(amendment) | {"meaning": [_sentence(amendment, row) for row in rows]}
        send("bando/email/amendment", context, to=[body.pec], identifier=f"amendment-letter-{amendment.pk}-{body.pk}")


def _live(call: Call) -> QuerySet[Application]:
    return Application.objects.filter(call=call).exclude(state=ApplicationState.WITHDRAWN)


def _sent(call: Call) -> QuerySet[Application]:
    return Application.objects.filter(call=call).exclude(state__in=ENDED_BEFORE_RECEIPT)


def _in_order(rows: QuerySet[Application]) -> QuerySet[Application]:
    return rows.with_call().select_related("current__call_version").order_by("organisation__name", "area_code")


def _sentence(amendment: Amendment, application: Application) -> str:
    """What to do, if anything. The deadline told is that of the moment in which one reads: a later amendment may have
    moved it before this mail left."""
    sent = application.state != ApplicationState.DRAFT
    current = application.current
    facts = {
        "body": application.organisation,
        "area": application.area.title,
        "number": application.number,
        "deadline": instant(application.call.closes_at),
        "moment": instant(current.arrived_at) if sent else "",
        "version": current.call_version.number if sent else "",
    }
    about = _("%(body)s, «%(area)s», domanda %(number)s") if sent else _("%(body)s, «%(area)s»")
    return f"{about % facts}: {(_of_what_was_sent if sent else _of_a_draft)(amendment, application) % facts}"


def _of_a_draft(amendment: Amendment, application: Application) -> str:
    if amendment.kind == AmendmentKind.REVOCATION:
        return _("la bozza non si può più inviare.")
    if amendment.kind in MOVES:
        return _("la bozza si può inviare entro la nuova scadenza: %(deadline)s.")
    if touches(amendment, application.area_code):
        return _("guarda di nuovo la bozza, perché cambia quello che l'avviso chiede. La scadenza: %(deadline)s.")
    return _("non cambia niente di quello che l'avviso chiede alla bozza.")


def _of_what_was_sent(amendment: Amendment, application: Application) -> str:
    if amendment.kind == AmendmentKind.REVOCATION:
        return _("la domanda non ha seguito.")
    if amendment.kind in MOVES:
        return _(
            "la domanda vale com'è: non devi fare niente. Se vuoi, puoi cambiarla e inviarla di nuovo entro la nuova "
            "scadenza: %(deadline)s."
        )
    version = application.current.call_version
    if not touches(amendment, application.area_code):
        return _("la rettifica non cambia quello a cui hai risposto: non devi fare niente.")
    if version.number >= amendment.after.number:
        return _("l'hai già inviata con le regole nuove: non devi fare niente.")
    return _(
        "devi confermarla, cioè rileggerla e inviarla di nuovo, entro la scadenza: %(deadline)s. Fino ad allora vale quella "
        "inviata (%(moment)s), con la versione %(version)s dell'avviso."
    )

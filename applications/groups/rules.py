"""What may be done to a group and to the card of one of its bodies, and if not, why: ``None`` or a sentence to act on.

The people of the lead write the group as they write the rest of the application. The card of a body is its own: whoever acts
for the body writes there, and only who represents it certifies."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.rules import acts_for, manages, names, represents, who_represents
from applications.groups.participants import form_of, group_section, own_declarations, present, room_for_more
from applications.models import Application, Participant
from applications.rules import against_writing, call_takes_drafts, still_with_the_body
from bando.notice.document import GroupAnswer
from workflow.transition import Attempt


def against_the_group(application: Application, *, by: Any, at: datetime) -> str | None:
    """Why ``by`` can't change who takes part."""
    if against := against_writing(application, by=by, at=at):
        return against
    if group_section(application.call.notice, application.area_code) is None:
        return _("Per quest'area ogni ente partecipa da solo.")
    return None


def against_adding(application: Application, email: str) -> str | None:
    members = present(application)
    if not room_for_more(application, members):
        most = application.call.notice.participation.max_members
        return _("Il gruppo è al completo: può avere al massimo %(most)s enti, capofila compreso.") % {"most": most}
    if any(member.email == email for member in members if not member.is_lead):
        return _("Hai già invitato un ente con questo indirizzo. Se non trova l'e-mail, manda di nuovo l'invito.")
    return None


def against_inviting_again(member: Participant) -> str | None:
    if member.organisation_id is not None:
        return _("Questo ente ha già accettato l'invito.")
    return None


def no_longer_of_the_group(member: Participant | None) -> str | None:
    if member is None or member.left_at is not None:
        return _("Questo ente non è più nel gruppo.")
    return None


def against_the_lead(member: Participant) -> str | None:
    return _("Il capofila non si toglie dal suo gruppo.") if member.is_lead else None


def against_answering(member: Participant, *, by: User, at: datetime) -> str | None:
    """Why ``by`` can't accept or decline the invitation of a body to the group."""
    if member.organisation_id is not None:
        return _("A questo invito qualcuno ha già risposto.")
    if member.email != by.email:
        return _("A un invito risponde solo la persona invitata.")
    return _still_open(member, by=by, at=at)


def against_joining(member: Participant, organisation: Organisation, *, by: User, at: datetime) -> str | None:
    if against := against_answering(member, by=by, at=at):
        return against
    if not acts_for(by, organisation):
        return _("Scegli uno degli enti per cui agisci, o registrane uno.")
    if any(other.organisation_id == organisation.pk for other in present(member.application)):
        return _("«%(body)s» è già in questa domanda: scegli un altro ente.") % {"body": organisation}
    return None


def against_the_card(member: Participant, *, by: User, at: datetime) -> str | None:
    """Why ``by`` can't write in the card of a body of the group."""
    if member.is_lead or member.organisation is None or not acts_for(by, member.organisation):
        return _("La scheda la compila solo chi agisce per l'ente.")
    return _still_open(member, by=by, at=at)


def against_certifying(member: Participant, *, by: User, at: datetime) -> str | None:
    """Only who represents the body declares for it (artt. 46-47 D.P.R. 445/2000: who declares answers for it), and only what
    is whole."""
    if against := against_the_card(member, by=by, at=at):
        return against
    if not represents(by, member.organisation):
        if those := who_represents(member.organisation):
            return _(
                "Con il tuo ruolo prepari la scheda, ma non la confermi. Può farlo %(names)s: chiedi di accedere e confermare."
            ) % {"names": names(those)}
        return _(
            "Può confermare solo il legale rappresentante o un delegato con procura, e per l'ente non ce n'è ancora uno: "
            "invitalo dalla pagina dell'ente."
        )
    how = form_of(member.application)
    if how["form"] in ("", GroupAnswer.SINGLE) or how["constituted"] is None:
        return _("Il capofila non ha ancora scritto come è fatto il gruppo: potrai confermare dopo.")
    if not member.share:
        return _("Il capofila non ha ancora scritto la quota del tuo ente: potrai confermare dopo.")
    if not member.tasks.strip():
        return _("Scrivi che cosa fa il tuo ente nel progetto, poi conferma.")
    return None


def left_undeclared(member: Participant, declared: Any) -> str | None:
    """Everything that the call asks of each body is declared, or nothing is certified."""
    rows = own_declarations(member.application.call.notice, member.application.area_code)
    lacking = [row.title for row in rows if row.code not in declared]
    if not lacking:
        return None
    return _("Per confermare servono tutte le dichiarazioni. Manca: %(names)s.") % {"names": ", ".join(lacking)}


def against_leaving(member: Participant, *, by: User, at: datetime) -> str | None:
    if against := against_the_card(member, by=by, at=at):
        return against
    if not manages(by, member.organisation):
        return _("Per uscire dal gruppo serve il legale rappresentante, un delegato con procura o un referente dell'ente.")
    if member.counts:
        return _(
            "La domanda è già stata inviata anche a nome del tuo ente. Per uscire chiedi al capofila di toglierti e di inviarla "
            "di nuovo, o di ritirarla, entro la scadenza."
        )
    return None


def _still_open(member: Participant, *, by: User, at: datetime) -> str | None:
    attempt = Attempt(member.application, by, at)
    return no_longer_of_the_group(member) or still_with_the_body(attempt) or call_takes_drafts(attempt)

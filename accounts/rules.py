"""What a person may do for a body, and if not, why: ``None`` or a sentence to act on.

Everybody of a body writes. Who manages its people (``MANAGE``) invites, changes roles and takes people out. Who represents it
(``REPRESENT``: by law, or by a power of attorney, art. 38 c. 3-bis D.P.R. 445/2000) declares and sends in its name. Nobody
gives oneself the power to represent: who has it gives it, and as long as nobody of the body has it, who manages does.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Invitation, Membership, Organisation, Role, User

REPRESENT = (Role.LEGAL_REPRESENTATIVE, Role.PROXY)
MANAGE = (*REPRESENT, Role.REFERENT)

INVITATION_LASTS = timedelta(days=30)
INVITATIONS_A_DAY = 20
"""For each body, those to join a group included: more are no work of a body, they are letters to strangers."""


def acts_for(person: User, organisation: Organisation) -> bool:
    return Membership.objects.filter(user=person, organisation=organisation).exists()


def represents(person: User, organisation: Organisation) -> bool:
    return _has_role(person, organisation, REPRESENT)


def manages(person: User, organisation: Organisation) -> bool:
    return _has_role(person, organisation, MANAGE)


def who_represents(organisation: Organisation) -> list[Membership]:
    """Those who may declare and send for the body, the first who came first."""
    return list(organisation.memberships.filter(role__in=REPRESENT).select_related("user"))


def names(memberships: list[Membership]) -> str:
    """``Anna Bianchi (legale rappresentante), Bruno Neri (referente)``."""
    words = ({"name": one.user, "role": one.get_role_display().lower()} for one in memberships)
    return ", ".join(_("%(name)s (%(role)s)") % word for word in words)


def not_yours_to_change(person: User, organisation: Organisation) -> str | None:
    """The data of a body are its own: the office reads them."""
    if acts_for(person, organisation):
        return None
    return _("I dati li cambia solo chi agisce per l'ente. Chiedi a una delle sue persone.")


def not_yours_to_manage(person: User, organisation: Organisation) -> str | None:
    """Who works for the body without managing its people reads who does."""
    if manages(person, organisation):
        return None
    if against := not_yours_to_change(person, organisation):
        return against
    others = list(organisation.memberships.filter(role__in=MANAGE).select_related("user"))
    return _("Con il tuo ruolo non inviti, non cambi i ruoli e non togli persone. Chiedi a %(names)s.") % {
        "names": names(others)
    }


def not_to_give(person: User, organisation: Organisation, role: str, *, to: User | None = None) -> str | None:
    """Why ``person`` can't give ``role`` to somebody of the body (``to``; ``None``: somebody who is invited)."""
    if role not in REPRESENT or represents(person, organisation):
        return None
    if to == person:
        return _("Non puoi darti da solo il potere di inviare: invita il legale rappresentante, che poi sceglie i ruoli.")
    if others := who_represents(organisation):
        return _("Questo ruolo lo dà chi rappresenta già l'ente: chiedi a %(names)s.") % {"names": names(others)}
    return None


def not_to_touch(person: User, membership: Membership) -> str | None:
    """Why ``person`` can't change the role of, or take out, somebody of the body. Oneself can always be asked about."""
    if membership.user_id == person.pk:
        return None
    if against := not_yours_to_manage(person, membership.organisation):
        return against
    if membership.role in REPRESENT and not represents(person, membership.organisation):
        return _("Chi rappresenta l'ente non lo cambi e non lo togli tu: può farlo chi lo rappresenta.")
    return None


def last_who_manages(membership: Membership) -> str | None:
    """A body that nobody manages any more could never let anybody in again."""
    rest = Membership.objects.filter(organisation=membership.organisation_id, role__in=MANAGE).exclude(pk=membership.pk)
    if membership.role not in MANAGE or rest.exists():
        return None
    return _("È l'ultima persona dell'ente che può invitarne altre. Prima invita qualcuno che possa farlo, poi riprova.")


def already_registered(tax_code: str, person: User) -> str | None:
    """One body, one registration. Who acts for it is not told to a stranger, who reads whom to turn to."""
    there = Organisation.objects.filter(tax_code=tax_code)
    if not there.exists():
        return None
    if there.filter(memberships__user=person).exists():
        return _("Hai già registrato questo ente. Lo trovi tra i tuoi enti.")
    return _(
        "Questo ente è già registrato. Chiedi al suo referente di invitarti. Se nel tuo ente nessuno lo ha registrato, scrivi "
        "all'ufficio: dopo una verifica può affidarlo a te. L'indirizzo è nella pagina dell'avviso."
    )


def not_to_invite(email: str, organisation: Organisation) -> str | None:
    if Membership.objects.filter(organisation=organisation, user__email=email).exists():
        return _("Questa persona agisce già per l'ente.")
    if Invitation.objects.filter(organisation=organisation, email=email).exists():
        return _(
            "Hai già invitato questa persona. Chiedile di accedere con questo indirizzo: trova l'invito tra i suoi enti. Se "
            "non trova l'e-mail, manda di nuovo l'invito dall'elenco."
        )
    return None


def too_many_invitations(organisation: Organisation, at: datetime) -> str | None:
    """``organisation`` is read under its lock."""
    if organisation.invitations_day != at.date() or organisation.invitations_sent < INVITATIONS_A_DAY:
        return None
    return ngettext(
        "Oggi il tuo ente ha già mandato %(n)s invito: riprova domani.",
        "Oggi il tuo ente ha già mandato %(n)s inviti: riprova domani.",
        INVITATIONS_A_DAY,
    ) % {"n": INVITATIONS_A_DAY}


def not_addressed_to(person: User, invitation: Invitation) -> str | None:
    if invitation.email == person.email:
        return None
    return _("A un invito risponde solo la persona invitata.")


def no_longer_there(invitation: Invitation | None) -> str | None:
    """Who takes an invitation back has the last word over a page that still shows it."""
    return None if invitation else _("Questo invito non c'è più: l'ente lo ha tolto, oppure hai già risposto.")


def has_expired(invitation: Invitation, at: datetime) -> str | None:
    if at <= invitation.invited_at + INVITATION_LASTS:
        return None
    return _("Questo invito è scaduto: vale %(days)s giorni. Chiedi a %(who)s di mandartelo di nuovo.") % {
        "days": INVITATION_LASTS.days,
        "who": invitation.invited_by,
    }


def has_lost_its_sender(invitation: Invitation) -> str | None:
    """Who was taken out must not come back, nor let anybody in, by an invitation that they had sent before."""
    if manages(invitation.invited_by, invitation.organisation):
        return None
    return _(
        "Chi ti ha invitato (%(who)s) non invita più persone per «%(body)s»: l'invito non vale. Chiedi a un'altra persona "
        "dell'ente di mandartelo di nuovo."
    ) % {"who": invitation.invited_by, "body": invitation.organisation}


def against_accepting(invitation: Invitation, at: datetime) -> str | None:
    """Why an invitation can't be accepted by the person to whom it was sent."""
    return has_expired(invitation, at) or has_lost_its_sender(invitation)


def not_to_entrust(person: User, email: str) -> str | None:
    """Only the office gives a registration to somebody else, and only to a person who has confirmed the address."""
    if not person.is_official:
        return _("La registrazione di un ente la affida solo l'ufficio.")
    if not User.objects.filter(email=email, is_active=True, is_official=False).exists():
        return _("Nessuno si è registrato con questo indirizzo. Chiedi alla persona di registrarsi, poi riprova.")
    return None


def _has_role(person: User, organisation: Organisation, roles: tuple[str, ...]) -> bool:
    return Membership.objects.filter(user=person, organisation=organisation, role__in=roles).exists()

"""What a person may do for a body, and if not, why: ``None`` or a sentence to act on."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.models import Invitation, Membership, Organisation, User


def acts_for(person: User, organisation: Organisation) -> bool:
    return Membership.objects.filter(user=person, organisation=organisation).exists()


def not_yours_to_change(person: User, organisation: Organisation) -> str | None:
    """The data of a body are its own: the office reads them."""
    if acts_for(person, organisation):
        return None
    return _("I dati li cambia solo chi agisce per l'ente. Chiedi a una delle sue persone.")


def already_registered(tax_code: str, person: User) -> str | None:
    """One body, one registration. Who acts for it is not told to a stranger."""
    there = Organisation.objects.filter(tax_code=tax_code)
    if not there.exists():
        return None
    if there.filter(memberships__user=person).exists():
        return _("Hai già registrato questo ente. Lo trovi tra i tuoi enti.")
    return _("Questo ente è già registrato. Chiedi al suo referente di invitarti.")


def not_to_invite(email: str, organisation: Organisation) -> str | None:
    if Membership.objects.filter(organisation=organisation, user__email=email).exists():
        return _("Questa persona agisce già per l'ente.")
    if Invitation.objects.filter(organisation=organisation, email=email).exists():
        return _("Hai già invitato questa persona. Chiedile di accedere con questo indirizzo: trova l'invito tra i suoi enti.")
    return None


def not_addressed_to(person: User, invitation: Invitation) -> str | None:
    if invitation.email == person.email:
        return None
    return _("A un invito risponde solo la persona invitata.")


def no_longer_there(invitation: Invitation | None) -> str | None:
    """Who takes an invitation back has the last word over a page that still shows it."""
    return None if invitation else _("Questo invito non c'è più: l'ente lo ha tolto, oppure hai già risposto.")

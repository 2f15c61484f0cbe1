"""Verbs about bodies and the people who act for them. ``at`` is the moment of the request, ``by`` the person."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import rules
from accounts.duties import owe_mail
from accounts.models import Invitation, Membership, Organisation, Role, User
from accounts.places import site_url
from workflow.ledger import canonical, digest
from workflow.models import LedgerEntry
from workflow.transition import Refused

ENTRUST = "entrust"
"""The name in the ledger of the act by which the office gives a registration to somebody else."""


def create_organisation(*, role: str, by: User, at: datetime, **details: str) -> Organisation:
    """Register a body (``details`` are its columns) with ``by`` as its first person. Raises Refused when it is there."""
    try:
        with transaction.atomic():
            _refuse(rules.already_registered(details["tax_code"], by))
            organisation = Organisation.objects.create(created_at=at, **details)
            Membership.objects.create(user=by, organisation=organisation, role=role, since=at)
    except IntegrityError as error:  # somebody registered it between the question and the answer
        _refuse(rules.already_registered(details["tax_code"], by))
        raise error
    return organisation


def change_organisation(organisation: Organisation, *, by: User, **details: str) -> None:
    """Write the new ``details``. What was already sent in an application stays as it was sent."""
    with transaction.atomic():
        _refuse(rules.not_yours_to_change(by, organisation))
        for name, value in details.items():
            setattr(organisation, name, value)
        organisation.save(update_fields=list(details))


def invite(organisation: Organisation, *, email: str, role: str, by: User, at: datetime) -> Invitation:
    """Ask whoever holds ``email`` (lower case) to act for the body, and owe the mail that says so."""
    with transaction.atomic():
        # A double click asks twice at once: the second waits here and then hears that the invitation is there.
        held = _locked_body(organisation)
        _refuse(
            rules.not_yours_to_manage(by, held)
            or rules.not_to_invite(email, held)
            or rules.not_to_give(by, held, role)
            or rules.too_many_invitations(held, at)
        )
        invitation = Invitation.objects.create(organisation=organisation, email=email, role=role, invited_by=by, invited_at=at)
        _count(held, at)
        _write_to(invitation, at=at)
    return invitation


def resend(invitation: Invitation, *, by: User, at: datetime) -> None:
    """Send the mail again; the invitation lasts from now."""
    with transaction.atomic():
        held = _locked_body(invitation.organisation)
        _refuse(
            rules.not_yours_to_manage(by, held)
            or rules.no_longer_there(_locked(invitation))
            or rules.not_to_give(by, held, invitation.role)
            or rules.too_many_invitations(held, at)
        )
        invitation.invited_by, invitation.invited_at = by, at
        invitation.save(update_fields=["invited_by", "invited_at"])
        _count(held, at)
        _write_to(invitation, at=at)


def count_invitation(organisation: Organisation, *, at: datetime) -> None:
    """Count one more letter to a stranger in the name of the body. Raises Refused when it has sent enough for today."""
    with transaction.atomic():
        held = _locked_body(organisation)
        _refuse(rules.too_many_invitations(held, at))
        _count(held, at)


def accept(invitation: Invitation, *, by: User, at: datetime) -> Membership:
    """The person invited begins to act for the body; the invitation is gone."""
    with transaction.atomic():
        _locked_body(invitation.organisation)  # who takes the sender out goes before, or after
        fresh = _locked(invitation)
        _refuse(rules.not_addressed_to(by, invitation) or rules.no_longer_there(fresh) or rules.against_accepting(fresh, at))
        membership, _created = Membership.objects.get_or_create(
            user=by, organisation=invitation.organisation, defaults={"role": invitation.role, "since": at}
        )
        invitation.delete()
    return membership


def withdraw(invitation: Invitation, *, by: User) -> None:
    """The person invited declines, or the body thinks better of it."""
    with transaction.atomic():
        if rules.not_addressed_to(by, invitation):
            _refuse(rules.not_yours_to_manage(by, invitation.organisation))
        invitation.delete()


def change_role(membership: Membership, role: str, *, by: User) -> None:
    """Give another role to a person of the body. Raises Refused."""
    with transaction.atomic():
        held = _locked_body(membership.organisation)
        membership = _fresh(membership)
        _refuse(
            rules.not_yours_to_manage(by, held)
            or rules.not_to_touch(by, membership)
            or rules.not_to_give(by, held, role, to=membership.user)
            or (None if role in rules.MANAGE else rules.last_who_manages(membership))
        )
        membership.role = role
        membership.save(update_fields=["role"])


def take_out(membership: Membership, *, by: User) -> None:
    """A person acts for the body no more: taken out, or gone by oneself. What they wrote stays. Raises Refused."""
    with transaction.atomic():
        _locked_body(membership.organisation)
        membership = _fresh(membership)
        _refuse(rules.not_to_touch(by, membership) or rules.last_who_manages(membership))
        membership.delete()


def entrust(organisation: Organisation, *, email: str, by: User, at: datetime, reason: str) -> Membership:
    """The office gives the registration of a body to who showed that it represents it: whoever acted for the body until now
    is taken out, with the invitations that they sent, and reads so by mail: who gets the registration reads the drafts of the
    body. The ledger keeps who, whom and why. Raises Refused."""
    with transaction.atomic():
        held = _locked_body(organisation)
        _refuse(rules.not_to_entrust(by, email))
        if not reason.strip():
            _refuse(_("Scrivi il motivo: resta nel registro degli atti."))
        person = User.objects.get(email=email)
        gone = list(held.memberships.exclude(user=person).select_related("user").order_by("pk"))
        before = [(one.user_id, one.role) for one in gone]
        held.memberships.exclude(user=person).delete()
        for one in gone:
            _write_to_who_is_out(one.user, held, reason=reason.strip(), at=at)
        held.invitations.all().delete()
        membership, _created = Membership.objects.update_or_create(
            user=person,
            organisation=held,
            defaults={"role": Role.LEGAL_REPRESENTATIVE},
            create_defaults={"role": Role.LEGAL_REPRESENTATIVE, "since": at},
        )
        kind = held._meta.label_lower
        content = canonical(
            {
                "kind": kind,
                "subject": str(held.pk),
                "act": ENTRUST,
                "by": by.pk,
                "at": at,
                "reason": reason.strip(),
                "facts": {"to": person.pk, "taken_out": [list(one) for one in before]},
            }
        )
        LedgerEntry.objects.create(kind=kind, subject=str(held.pk), act=ENTRUST, at=at, content=content, hash=digest(content))
    return membership


def _write_to(invitation: Invitation, *, at: datetime) -> None:
    known = User.objects.filter(email=invitation.email).first()
    with translation.override(known.language if known else translation.get_language()):
        owe_mail(
            invitation.email,
            _("Ti invitano ad agire per %(body)s") % {"body": invitation.organisation.name},
            render_to_string(
                "accounts/email/invitation.txt",
                {
                    "invitation": invitation,
                    "days": rules.INVITATION_LASTS.days,
                    "url": site_url("organisations"),
                    "known": known,
                    "administration": settings.ADMINISTRATION,
                    "demonstration": settings.DEMO,
                },
            ),
            at=at,
        )


def _write_to_who_is_out(person: User, organisation: Organisation, *, reason: str, at: datetime) -> None:
    with translation.override(person.language):
        owe_mail(
            person.email,
            _("Non agisci più per %(body)s") % {"body": organisation.name},
            render_to_string(
                "accounts/email/taken_out.txt",
                {
                    "person": person,
                    "organisation": organisation,
                    "reason": reason,
                    "administration": settings.ADMINISTRATION,
                    "demonstration": settings.DEMO,
                },
            ),
            at=at,
        )


def _count(held: Organisation, at: datetime) -> None:
    held.invitations_sent = held.invitations_sent + 1 if held.invitations_day == at.date() else 1
    held.invitations_day = at.date()
    held.save(update_fields=["invitations_day", "invitations_sent"])


def _locked_body(organisation: Organisation) -> Organisation:
    """The body as it is stored: two who change its people, or invite in its name, go one after the other."""
    return Organisation.objects.select_for_update().get(pk=organisation.pk)


def _locked(invitation: Invitation) -> Invitation | None:
    """The invitation as it is stored now, which nobody answers or takes back meanwhile; ``None`` when it is gone."""
    return Invitation.objects.select_for_update().filter(pk=invitation.pk).first()


def _fresh(membership: Membership) -> Membership:
    fresh = Membership.objects.select_related("organisation", "user").filter(pk=membership.pk).first()
    if fresh is None:
        raise Refused([_("Questa persona non agisce più per l'ente.")])
    return fresh


def _refuse(reason: str | None) -> None:
    if reason:
        raise Refused([reason])

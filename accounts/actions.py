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
from accounts.models import Invitation, Membership, Organisation, User
from accounts.places import site_url
from workflow.transition import Refused


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
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        _refuse(rules.not_yours_to_change(by, organisation) or rules.not_to_invite(email, organisation))
        invitation = Invitation.objects.create(organisation=organisation, email=email, role=role, invited_by=by, invited_at=at)
        known = User.objects.filter(email=email).first()
        with translation.override(known.language if known else translation.get_language()):
            owe_mail(
                email,
                _("Ti invitano ad agire per %(body)s") % {"body": organisation.name},
                render_to_string(
                    "accounts/email/invitation.txt",
                    {
                        "invitation": invitation,
                        "url": site_url("organisations"),
                        "known": known,
                        "administration": settings.ADMINISTRATION,
                        "demonstration": settings.DEMO,
                    },
                ),
                at=at,
            )
    return invitation


def accept(invitation: Invitation, *, by: User, at: datetime) -> Membership:
    """The person invited begins to act for the body; the invitation is gone."""
    with transaction.atomic():
        _refuse(rules.not_addressed_to(by, invitation) or rules.no_longer_there(_locked(invitation)))
        membership, _created = Membership.objects.get_or_create(
            user=by, organisation=invitation.organisation, defaults={"role": invitation.role, "since": at}
        )
        invitation.delete()
    return membership


def withdraw(invitation: Invitation, *, by: User) -> None:
    """The person invited declines, or the body thinks better of it."""
    with transaction.atomic():
        if rules.not_addressed_to(by, invitation):
            _refuse(rules.not_yours_to_change(by, invitation.organisation))
        invitation.delete()


def _locked(invitation: Invitation) -> Invitation | None:
    """The invitation as it is stored now, which nobody answers or takes back meanwhile; ``None`` when it is gone."""
    return Invitation.objects.select_for_update().filter(pk=invitation.pk).first()


def _refuse(reason: str | None) -> None:
    if reason:
        raise Refused([reason])

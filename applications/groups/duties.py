"""What follows a change in a group: the invitation to a body, the news to those whom it concerns, and the certificates that
no longer stand. Registered when the program starts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.people import people_of
from applications.actions.joining import FALLEN, INVITATION, NEWS, drop_certificates
from applications.models import Application, Participant
from bando.templatetags.bando_ui import instant
from workflow.duties import duty
from workflow.mail import send


@duty(INVITATION)
def group_invitation(subject: str, at: datetime) -> None:
    """To the address that the lead wrote; nothing once somebody answered, or the lead took the body out."""
    member = _member(subject.split(":")[0])
    if member.organisation_id or member.left_at:
        return
    known = User.objects.filter(email=member.email).first()
    with translation.override(known.language if known else settings.LANGUAGE_CODE):
        context = _facts(member) | {"member": member, "known": known, "url": _page("participant", member.pk)}
        send("applications/email/group_invitation", context, to=[member.email], identifier=_name("group-invitation", subject))


@duty(NEWS)
def group_news(subject: str, at: datetime) -> None:
    """What a body of the group did, to everybody of the lead; what was done to it, to everybody of the body."""
    what, pk, _moment = subject.split(":")
    member = _member(pk)
    to_the_body = what in {"fell", "removed"}
    page = _page("participant", member.pk) if to_the_body else _page("application_group", member.application_id)
    for person in _people_of_the_body(member) if to_the_body else people_of(member.application.organisation):
        with translation.override(person.language):
            facts = _facts(member)
            context = facts | {
                "known": person,
                "title": _titles()[what],
                "sentence": _sentences()[what] % facts,
                "url": "" if what == "removed" else page,
            }
            send("applications/email/group_news", context, to=[person.email], identifier=_name(f"group-{person.pk}", subject))


@duty(FALLEN)
def certificates(subject: str, at: datetime) -> None:
    """``subject`` is an application, and after a colon what has it looked at again."""
    drop_certificates(Application.objects.get(pk=subject.split(":")[0]), at=at)


def _titles() -> dict[str, str]:
    return {
        "joined": _("Un ente è entrato nel gruppo"),
        "declined": _("Un ente non entra nel gruppo"),
        "left": _("Un ente è uscito dal gruppo"),
        "certified": _("Un ente ha confermato la sua scheda"),
        "fell": _("Conferma di nuovo la scheda del tuo ente"),
        "removed": _("Il tuo ente non è più nel gruppo"),
    }


def _sentences() -> dict[str, str]:
    return {
        "joined": _("«%(body)s» ha accettato l'invito. Ora deve confermare la sua scheda."),
        "declined": _("«%(body)s» non ha accettato l'invito. Le quote vanno riviste."),
        "left": _("«%(body)s» è uscito dal gruppo. Le quote vanno riviste."),
        "certified": _("«%(body)s» ha confermato la sua scheda."),
        "fell": _(
            "È cambiato qualcosa di quello che «%(body)s» aveva confermato: la conferma non vale più. Apri la scheda, leggi che "
            "cosa è cambiato e conferma di nuovo entro la scadenza: %(deadline)s."
        ),
        "removed": _("«%(lead)s» ha tolto «%(body)s» dal gruppo."),
    }


def _facts(member: Participant) -> dict[str, Any]:
    application = member.application
    return {
        "body": str(member),
        "lead": str(application.organisation),
        "call": application.call,
        "area": application.area,
        "deadline": instant(application.call.closes_at),
    }


def _people_of_the_body(member: Participant) -> Iterable[User]:
    """Everybody of the body; of one that never joined, the person invited, if they have an account."""
    if member.organisation:
        return people_of(member.organisation)
    return User.objects.filter(email=member.email, is_active=True)


def _member(pk: str) -> Participant:
    members = Participant.objects.select_related("application__call__version", "application__organisation")
    return members.select_related("organisation", "invited_by").get(pk=pk)


def _page(name: str, pk: object) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=[pk])}"


def _name(kind: str, subject: str) -> str:
    return f"{kind}-{subject.replace(':', '-')}"

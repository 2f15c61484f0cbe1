"""Who takes part: the lead brings bodies into a group, each body joins and certifies for itself, and all of them take part
when the application is sent.

Every verb locks the application first, as sending does: what is frozen is what was judged. Raises :class:`Refused`.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actions import count_invitation
from accounts.models import Organisation, User
from applications.groups import rules
from applications.groups.participants import form_of, group_section, is_certified, present, sha256, statement
from applications.models import Application, Participant
from bando.models import Call
from bando.templatetags.bando_ui import quoted
from workflow.duties import owe, owe_all
from workflow.transition import Refused

INVITATION = "applications.group_invitation"
NEWS = "applications.group_news"
FALLEN = "applications.certificates"


class ChangedSinceShown(Refused):
    """What a body is about to certify is no longer what it was shown."""


def add_member(
    application: Application, *, name: str, email: str, tasks: str, share: int | None, by: User, at: datetime
) -> Participant:
    """Bring a body into the group and invite whoever holds ``email`` (lower case)."""
    with transaction.atomic():
        application = _locked(application)
        _refuse(rules.against_the_group(application, by=by, at=at) or rules.against_adding(application, email))
        count_invitation(application.organisation, at=at)
        member = Participant.objects.create(
            application=application,
            call_id=application.call_id,
            area_code=application.area_code,
            name=name,
            email=email,
            tasks=tasks,
            share=share,
            invited_by=by,
            invited_at=at,
            exclusive=application.call.notice.participation.once_per_area,
        )
        _invite(member, at=at)
    return member


def change_member(member: Participant, *, share: int | None, tasks: str, by: User, at: datetime) -> Participant:
    """The lead writes what a body does and its share, its own too. What the body had certified falls if it changed."""
    with transaction.atomic():
        application = _locked(member.application)
        _refuse(rules.against_the_group(application, by=by, at=at))
        member = _fresh(member, application)
        _write(member, at=at, share=share, tasks=tasks)
    return member


def remove_member(member: Participant, *, by: User, at: datetime) -> None:
    """Take a body out. In what was already sent it stays until the application is sent again, or withdrawn."""
    with transaction.atomic():
        application = _locked(member.application)
        _refuse(rules.against_the_group(application, by=by, at=at))
        member = _fresh(member, application)
        _refuse(rules.against_the_lead(member))
        _gone(member, by=by, at=at)
        _tell("removed", member, at=at)


def invite_again(member: Participant, *, by: User, at: datetime) -> None:
    with transaction.atomic():
        application = _locked(member.application)
        _refuse(rules.against_the_group(application, by=by, at=at))
        member = _fresh(member, application)
        _refuse(rules.against_the_lead(member) or rules.against_inviting_again(member))
        count_invitation(application.organisation, at=at)
        _invite(member, at=at)


def join(member: Participant, organisation: Organisation, *, by: User, at: datetime) -> Participant:
    """The person invited brings one of their bodies into the group."""
    try:
        with transaction.atomic():
            member = _fresh(member, _locked(member.application))
            _refuse(rules.against_joining(member, organisation, by=by, at=at))
            member.organisation, member.joined_by, member.joined_at = organisation, by, at
            member.save(update_fields=["organisation", "joined_by", "joined_at"])
            _tell("joined", member, at=at)
    except IntegrityError:  # the body came in by another invitation at the same moment
        raise Refused([_("«%(body)s» è già in questa domanda: scegli un altro ente.") % {"body": organisation}]) from None
    return member


def decline(member: Participant, *, by: User, at: datetime) -> None:
    with transaction.atomic():
        member = _fresh(member, _locked(member.application))
        _refuse(rules.against_answering(member, by=by, at=at))
        _gone(member, by=by, at=at)
        _tell("declined", member, at=at)


def leave(member: Participant, *, by: User, at: datetime) -> None:
    """A body goes by itself, before the application is sent."""
    with transaction.atomic():
        member = _fresh(member, _locked(member.application))
        _refuse(rules.against_leaving(member, by=by, at=at))
        _gone(member, by=by, at=at)
        _tell("left", member, at=at)


def write_tasks(member: Participant, *, tasks: str, by: User, at: datetime) -> Participant:
    """A body says in its card what it does."""
    with transaction.atomic():
        member = _fresh(member, _locked(member.application))
        _refuse(rules.against_the_card(member, by=by, at=at))
        _write(member, at=at, share=member.share, tasks=tasks)
    return member


def certify(member: Participant, *, declared: Collection[str], shown: str, by: User, at: datetime) -> Participant:
    """A body declares for itself and confirms share, tasks and form of the group as it read them: ``shown`` is the hash of
    the statement on its page. Confirming again what is confirmed changes nothing."""
    with transaction.atomic():
        application = _locked(member.application)
        member = _fresh(member, application)
        _refuse(rules.against_certifying(member, by=by, at=at))
        stated = statement(member, application, form_of(application))
        if sha256(stated) != shown:
            raise ChangedSinceShown(
                [_("Quello che confermi è cambiato mentre leggevi: qui sotto trovi com'è adesso. Rileggi e conferma di nuovo.")]
            )
        _refuse(rules.left_undeclared(member, declared))
        if member.certified_sha256 == shown:
            return member
        member.declared = [row["code"] for row in stated["requirements"]]
        member.stated, member.certified_sha256 = stated, shown
        member.certified_by, member.certified_at = by, at
        member.save(update_fields=["declared", "stated", "certified_sha256", "certified_by", "certified_at"])
        _tell("certified", member, at=at)
    return member


def look_at_certificates(application: Application, section: str, *, at: datetime) -> None:
    """Inside a save: if it was of the group section, what bodies certified may stand no more."""
    asked = group_section(application.call.notice, application.area_code)
    if asked and asked.code == section:
        owe(FALLEN, _once(application.pk, at), at=at)


def look_at_certificates_of(call: Call, *, at: datetime) -> None:
    """Inside an amendment: what bodies were shown may be asked in other words now."""
    rows = Participant.objects.filter(call=call, left_at=None).exclude(certified_sha256="")
    touched = rows.order_by().values_list("application", flat=True).distinct()
    owe_all([(FALLEN, _once(pk, at)) for pk in touched], at=at)


def drop_certificates(application: Application, *, at: datetime) -> None:
    """Take away the certificates of what is no longer as it was shown, and tell who must certify again. What they certified
    stays in ``stated``. Done after a change (of the group's form, of the call), by the worker."""
    with transaction.atomic():
        application = _locked(application)
        how = form_of(application)
        for member in present(application):
            if member.certified_sha256 and not is_certified(member, application, how):
                _fall(member, at=at)


class TakesPartElsewhere(Exception):
    """A body of the group counts in another application already. The transaction is lost, and says so after its end."""

    def __init__(self, application: Application, members: list[Participant]):
        super().__init__(str(application.pk))
        self.application, self.members = application, members

    def sentence(self) -> str:
        return _of_who_takes_part_elsewhere(self.application, self.members)


def take_part(application: Application) -> None:
    """Inside the sending, which holds the application's lock and has read its participants under it: everybody of the group
    counts in the area from now, and who is no longer of it does not. Raises :class:`TakesPartElsewhere`, by the constraint of
    the database."""
    members = present(application)
    exclusive = application.call.notice.participation.once_per_area
    if any(one.counts and one.left_at for one in application.participants.all()):
        application.participants.filter(counts=True).exclude(pk__in=[member.pk for member in members]).update(counts=False)
    try:
        # In one order for all: two groups that share two bodies wait for each other, and neither for ever.
        for member in sorted(members, key=lambda one: str(one.organisation_id)):
            if not member.counts or member.exclusive != exclusive:
                Participant.objects.filter(pk=member.pk).update(counts=True, exclusive=exclusive)
    except IntegrityError:
        raise TakesPartElsewhere(application, members) from None


def take_part_no_more(application: Application) -> None:
    """Inside the withdrawal."""
    application.participants.filter(counts=True).update(counts=False)


def _of_who_takes_part_elsewhere(application: Application, members: list[Participant]) -> str:
    """Names the bodies and never the other application, which may be that of somebody else."""
    others = Participant.objects.filter(
        call_id=application.call_id, area_code=application.area_code, counts=True, exclusive=True
    ).exclude(application=application)
    taken = set(others.filter(organisation__in=[one.organisation_id for one in members]).values_list("organisation", flat=True))
    names = quoted(one for one in members if one.organisation_id in taken)
    return _(
        "L'avviso ammette una sola partecipazione per ente in quest'area, e c'è già una domanda inviata con %(names)s. Togli "
        "l'ente dal gruppo, o chiedigli di uscire dall'altra domanda; poi invia di nuovo."
    ) % {"names": names}


def _write(member: Participant, *, at: datetime, **changes: Any) -> None:
    application = member.application
    how = form_of(application)
    stood = not member.is_lead and is_certified(member, application, how)
    for name, value in changes.items():
        setattr(member, name, value)
    member.save(update_fields=list(changes))
    if stood and not is_certified(member, application, how):
        _fall(member, at=at)


def _fall(member: Participant, *, at: datetime) -> None:
    member.certified_sha256, member.certified_by, member.certified_at, member.declared = "", None, None, []
    member.save(update_fields=["certified_sha256", "certified_by", "certified_at", "declared"])
    _tell("fell", member, at=at)


def _gone(member: Participant, *, by: User, at: datetime) -> None:
    member.left_at, member.left_by = at, by
    member.save(update_fields=["left_at", "left_by"])


def _invite(member: Participant, *, at: datetime) -> None:
    owe(INVITATION, _once(member.pk, at), at=at)


def _tell(what: str, member: Participant, *, at: datetime) -> None:
    owe(NEWS, _once(f"{what}:{member.pk}", at), at=at)


def _once(subject: object, at: datetime) -> str:
    """A duty is owed once for each subject; what may happen again is told apart by its moment."""
    return f"{subject}:{at:%Y%m%d%H%M%S%f}"


def _locked(application: Application) -> Application:
    """The application as it is stored, which nobody sends meanwhile."""
    Application.objects.lock(application.pk)
    return Application.objects.with_call().get(pk=application.pk)


def _fresh(member: Participant, application: Application) -> Participant:
    fresh = Participant.objects.select_related("organisation").filter(pk=member.pk).first()
    _refuse(rules.no_longer_of_the_group(fresh))
    fresh.application = application
    return fresh


def _refuse(reason: str | None) -> None:
    if reason:
        raise Refused([reason])

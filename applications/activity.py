"""Who works on an application, and who did what and when: told from what is kept anyway."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Membership, User
from applications.models import Application, Participant, SectionEdit
from applications.progress import sections
from bando.templatetags.bando_ui import in_italian

SHOWN = 200
"""So many lines a person reads; the oldest saves fall out first."""


@dataclass(frozen=True, slots=True)
class Deed:
    at: datetime
    by: User | None
    what: str


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody of the body, or who was: then ``membership`` is ``None``. ``last`` is their last deed here."""

    user: User
    membership: Membership | None
    last: Deed | None


def deeds(application: Application) -> list[Deed]:
    """What was done on the application, newest first. Five queries, whatever their number."""
    titles = {section.code: section.title for section in sections(application)}
    found = [*_saves(application, titles), *_files(application), *_of_the_group(application)]
    found += [Deed(step.at, step.by, step.label) for step in application.steps.select_related("by")]
    found.append(Deed(application.created_at, application.created_by, _("Ha iniziato la domanda")))
    return sorted(found, key=lambda deed: deed.at, reverse=True)[:SHOWN]


def workers(application: Application, done: Iterable[Deed]) -> list[Worker]:
    """The people of the body, and those who worked here and are no longer of it; ``done`` newest first."""
    last: dict[Any, Deed] = {}
    for deed in done:
        if deed.by:
            last.setdefault(deed.by.pk, deed)
    members = list(application.organisation.memberships.select_related("user"))
    here = {member.user_id for member in members}
    gone = [deed for pk, deed in last.items() if pk not in here and not deed.by.is_official]
    outsiders = set(_people_of_other_bodies(application))
    return [Worker(member.user, member, last.get(member.user_id)) for member in members] + [
        Worker(deed.by, None, deed) for deed in gone if deed.by.pk not in outsiders
    ]


def _people_of_other_bodies(application: Application) -> Iterable[Any]:
    rows = Membership.objects.filter(organisation__participations__application=application)
    return rows.exclude(organisation=application.organisation_id).values_list("user", flat=True)


def _saves(application: Application, titles: dict[str, str]) -> Iterable[Deed]:
    edits = SectionEdit.objects.filter(draft__application=application).select_related("by", "draft").order_by("-at")[:SHOWN]
    for edit in edits:
        title = in_italian(titles.get(edit.draft.section, edit.draft.section))
        yield Deed(edit.at, edit.by, _("Ha scritto in «%(title)s»") % {"title": title})


def _files(application: Application) -> Iterable[Deed]:
    for file in application.attachments.select_related("document__by", "removed_by"):
        yield Deed(file.document.received_at, file.document.by, _("Ha caricato «%(name)s»") % {"name": file.document.name})
        if file.removed_at:
            yield Deed(file.removed_at, file.removed_by, _("Ha tolto «%(name)s»") % {"name": file.document.name})


def _of_the_group(application: Application) -> Iterable[Deed]:
    people = ("organisation", "invited_by", "joined_by", "certified_by", "left_by")
    for member in application.participants.filter(is_lead=False).select_related(*people):
        yield from _of_a_body(member)


def _of_a_body(member: Participant) -> Iterable[Deed]:
    told = [
        (member.invited_at, member.invited_by, _("Ha invitato «%(body)s» nel gruppo")),
        (member.joined_at, member.joined_by, _("È entrato nel gruppo con «%(body)s»")),
        (member.certified_at, member.certified_by, _("Ha confermato la scheda di «%(body)s»")),
        (member.left_at, member.left_by, _("«%(body)s» non è più nel gruppo")),
    ]
    for at, by, words in told:
        if at:
            yield Deed(at, by, words % {"body": member})

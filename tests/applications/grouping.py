"""A small call that admits groups, and groups on it at every stage, made through the actions that the pages call."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from accounts.models import Organisation, User
from applications.actions import save_section
from applications.actions.joining import add_member, certify, change_member, join
from applications.groups.participants import form_of, own_declarations, sha256, statement
from applications.models import Application, Participant
from applications.progress import judged, sections
from bando.models import Call
from tests.applications.asking import asking_call
from tests.bando.small import SMALL
from tests.builders import WORKDAY, body, complete_draft, draft_application, person

GROUPS = (
    SMALL.replace(
        "sections:\n",
        """participation:
  groups: [ats, consortium]
  max_members: 3
sections:
  - code: gruppo
    title: Chi partecipa
    kind: group
""",
    )
    .replace("max_grant: 1250.50", "max_grant: 50000")
    .replace("    text: Sono nel registro.\n", "    text: Sono nel registro.\n    each_member: true\n")
)
ATS = {"form": "ats", "constituted": "no"}


def group_call(text: str = GROUPS) -> Call:
    return asking_call(text)


@dataclass
class Group:
    """``lead`` and the ``people`` who represent the members, with the members' rows in the same order."""

    application: Application
    lead: User
    people: list[User] = field(default_factory=list)
    members: list[Participant] = field(default_factory=list)
    bodies: list[Organisation] = field(default_factory=list)

    def fresh(self, place: int = 0) -> Participant:
        return Participant.objects.select_related("organisation", "certified_by").get(pk=self.members[place].pk)

    @property
    def leads_row(self) -> Participant:
        return self.application.participants.get(is_lead=True)


def choose(application: Application, answers: dict[str, str], *, by: User, at: Any = WORKDAY) -> None:
    """Type in the group section."""
    section = next(part for part in sections(application) if part.code == "gruppo")
    problems, by_what = judged(application, section, answers)
    there = application.drafts.filter(section="gruppo").first()
    save_section(
        application,
        "gruppo",
        answers=answers,
        problems=problems,
        judged_by=by_what,
        base_version=there.version if there else 0,
        by=by,
        at=at,
    )


def invited(call: Call | None = None, *, members: int = 1, lead: User | None = None) -> Group:
    """A draft in which all but the group is complete, and some bodies that have not answered yet: the lead has 60 percent,
    the others the same part of the rest."""
    lead = lead or person(name="Lea Capofila")
    application = draft_application(call or group_call(), "uno", by=lead)
    group = Group(application, lead)
    complete_draft(application, by=lead, but=["gruppo"])
    choose(application, ATS, by=lead)
    change_member(group.leads_row, share=60_00, tasks="Coordina.", by=lead, at=WORKDAY)
    for _number in range(members):
        bring(group, share=40_00 // members)
    return group


def bring(group: Group, *, share: int | None = None, who: User | None = None) -> Participant:
    who = who or person()
    member = add_member(
        group.application,
        name=f"Ente di {who.name}",
        email=who.email,
        tasks="Accoglie.",
        share=share,
        by=group.lead,
        at=WORKDAY,
    )
    group.people.append(who)
    group.members.append(member)
    return member


def joined(call: Call | None = None, *, members: int = 1, lead: User | None = None) -> Group:
    """Every body has come in; none has certified."""
    group = invited(call, members=members, lead=lead)
    for who, member in zip(group.people, group.members, strict=True):
        group.bodies.append(body(f"Ente di {who.name}", by=who))
        join(member, group.bodies[-1], by=who, at=WORKDAY)
    return group


def certified(call: Call | None = None, *, members: int = 1, lead: User | None = None) -> Group:
    """Complete: the lead may send it."""
    group = joined(call, members=members, lead=lead)
    for who, member in zip(group.people, group.members, strict=True):
        confirm(member, by=who)
    return group


def confirm(member: Participant, *, by: User, at: Any = WORKDAY) -> Participant:
    """Read the card as it is and certify it."""
    member = Participant.objects.select_related("organisation", "application__call__version").get(pk=member.pk)
    shown = sha256(statement(member, member.application, form_of(member.application)))
    codes = [row.code for row in own_declarations(member.application.call.notice, member.application.area_code)]
    return certify(member, declared=codes, shown=shown, by=by, at=at)

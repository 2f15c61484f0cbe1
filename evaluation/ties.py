"""Who of the commission acts for a body that has applied, as our own data say it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from accounts.models import Organisation
from applications.models import Application
from evaluation.models import Declaration, Member


def organisations_of(application: Application) -> list[Organisation]:
    """The lead and the other bodies of a group, about which one declares together. Reads what was prefetched."""
    others = [
        row.organisation
        for row in application.participants.all()
        if row.counts and row.organisation_id not in (None, application.organisation_id)
    ]
    return [application.organisation, *others]


def acting_for(members: Iterable[Member], applications: QuerySet[Application]) -> set[tuple[int, Any]]:
    """(member, application) of the members that act for a body of the application, lead or other of a group. Who joined it
    after having declared declares again: what was said before says nothing any more."""
    by_user = {member.user_id: member.pk for member in members}
    inner = applications.order_by().values("pk")
    led = Application.objects.filter(pk__in=inner, organisation__memberships__user__in=by_user)
    joined = Application.objects.filter(
        pk__in=inner, participants__counts=True, participants__organisation__memberships__user__in=by_user
    )
    rows = led.order_by().values_list("organisation__memberships__user", "pk")
    others = joined.order_by().values_list("participants__organisation__memberships__user", "pk")
    return {(by_user[user], application) for user, application in rows.union(others)}


def declared_before(members: Iterable[Member], applications: QuerySet[Application]) -> set[tuple[int, Any]]:
    """Of :func:`acting_for`, those whose last declaration says that there is no conflict: they have to declare again."""
    pairs = acting_for(members, applications)
    if not pairs:
        return pairs
    among = {"member__in": {member for member, _pk in pairs}, "application__in": {pk for _member, pk in pairs}}
    rows = Declaration.objects.filter(**among).order_by("pk").values_list("member_id", "application_id", "in_conflict")
    last = {(member, application): in_conflict for member, application, in_conflict in rows}
    return {pair for pair in pairs if last.get(pair) is False}

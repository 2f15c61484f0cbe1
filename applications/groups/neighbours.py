"""What the office is shown of ``applications.groups.centres``: the hints between one application and the others of its area, all of
them received, once the deadline has passed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.rules import REPRESENT
from applications.groups.centres import Body, Hint, Sign, hints
from applications.models import Application, Participant

IBAN = "iban"
"""The code of the question whose answer is an account; there is no column for it."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another application, and in sentences what it has in common with the one that is read."""

    application: Application
    signs: tuple[str, ...]


def neighbours(application: Application, others: Iterable[Application]) -> list[Neighbour]:
    """``others``: those that the reader may open, with their ``current`` and their body; the ones of another area are left
    out. Two queries, whatever their number."""
    near = [row for row in others if row.pk != application.pk and row.area_code == application.area_code]
    bodies = _bodies([application, *near])
    found: dict[str, list[Hint]] = defaultdict(list)
    for hint in hints(bodies[application.pk], ((str(row.pk), bodies[row.pk]) for row in near)):
        found[hint.application].append(hint)
    return [
        Neighbour(row, tuple(dict.fromkeys(_words(hint) for hint in found[str(row.pk)])))
        for row in near
        if str(row.pk) in found
    ]


def _bodies(applications: list[Application]) -> dict[Any, list[Body]]:
    """The bodies that count in each application, as they are registered today."""
    rows = Participant.objects.filter(application__in=applications, counts=True).select_related("organisation")
    rows = list(rows.order_by("-is_lead", "invited_at", "pk"))
    people: dict[Any, list[Membership]] = defaultdict(list)
    memberships = Membership.objects.filter(organisation__in={row.organisation_id for row in rows}).select_related("user")
    for one in memberships:
        people[one.organisation_id].append(one)
    known = {row.pk: row for row in applications}
    found: dict[Any, list[Body]] = {row.pk: [] for row in applications}
    for row in rows:
        application = known[row.application_id]
        found[row.application_id].append(_body(row, people[row.organisation_id], application if row.is_lead else None))
    return found


def _body(row: Participant, people: list[Membership], led: Application | None) -> Body:
    body = row.organisation
    return Body(
        str(body.pk),
        body.name,
        tuple((str(one.user_id), one.user.name) for one in people if one.role in REPRESENT),
        body.street,
        body.postal_code,
        body.city,
        body.pec,
        body.phone,
        tuple(one.user.email for one in people),
        _ibans(led) if led and led.current else (),
    )


def _ibans(application: Application) -> tuple[str, ...]:
    found = (values.get(IBAN) for values in application.current.answers.values())
    return tuple(value for value in found if isinstance(value, str) and value)


def _words(hint: Hint) -> str:
    facts = {"value": hint.value, "ours": hint.ours, "theirs": hint.theirs}
    match hint.sign:
        case Sign.BODY:
            return _("«%(ours)s» partecipa anche qui.") % facts
        case Sign.REPRESENTATIVE:
            return _("%(value)s rappresenta sia «%(ours)s» sia «%(theirs)s».") % facts
        case Sign.ADDRESS:
            return _("«%(ours)s» e «%(theirs)s» hanno la stessa sede: %(value)s.") % facts
        case Sign.PEC:
            return _("«%(ours)s» e «%(theirs)s» hanno la stessa PEC: %(value)s.") % facts
        case Sign.PHONE:
            return _("«%(ours)s» e «%(theirs)s» hanno lo stesso telefono: %(value)s.") % facts
        case Sign.IBAN:
            return _("«%(ours)s» e «%(theirs)s» hanno lo stesso IBAN: %(value)s.") % facts
        case Sign.DOMAIN:
            return _("Le persone di «%(ours)s» e di «%(theirs)s» usano lo stesso dominio di posta: %(value)s.") % facts

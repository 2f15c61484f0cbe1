"""What a body is told of its accreditation and of its services, and the day on which an accreditation is over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.models import Organisation
from accounts.people import people_of
from bando.deadlines import day_in_rome
from network.actions.accreditation import expire_accreditation
from network.models import Accreditation, Service
from network.states import AccreditationState, ServiceState
from network.to_each import Letter, mailed_to_each
from workflow.duties import duty


@mailed_to_each("network.accreditation_decided")
def tell_decided(subject: str, at: datetime) -> Letter:
    row = _accreditation(subject)
    is_accredited = row.state != AccreditationState.REFUSED
    reason = "" if is_accredited else row.steps.get(act="refuse").reason
    return _of(row, "accreditation_decided", {"is_accredited": is_accredited, "reason": reason})


@mailed_to_each("network.accreditation_near_its_end")
def tell_near_its_end(subject: str, at: datetime) -> Letter | None:
    """A month before, unless the body is not accredited any more, or will be for longer."""
    row = _accreditation(subject)
    longer = Accreditation.objects.filter(
        organisation=row.organisation, state=AccreditationState.ACCREDITED, valid_until__gt=row.valid_until
    )
    if not row.is_in_force(day_in_rome(at)) or longer.exists():
        return None
    return _of(row, "accreditation_near_its_end", {})


@duty("network.accreditation_over")
def let_it_expire(subject: str, at: datetime) -> None:
    row = _accreditation(subject)
    if row.state == AccreditationState.ACCREDITED:
        expire_accreditation(row, at=at)


@mailed_to_each("network.accreditation_ended")
def tell_ended(subject: str, at: datetime) -> Letter:
    row = _accreditation(subject)
    return _of(row, "accreditation_ended", {"reason": row.steps.get(act="end").reason})


@mailed_to_each("network.service_removed")
def tell_removed(subject: str, at: datetime) -> Letter | None:
    """``subject``: the service, and how many steps it had before. A service that is public again is old news."""
    key = subject.partition(":")[0]
    service = Service.objects.select_related("organisation").get(pk=key)
    if service.state != ServiceState.WITHDRAWN:
        return None
    reason = service.steps.filter(act="remove").order_by("pk").values_list("reason", flat=True).last() or ""
    url = settings.SITE_URL + reverse("my_service", args=[service.pk])
    facts = {"service": service, "reason": reason, "url": url}
    return _to(service.organisation, "service_removed", facts, subject.replace(":", "-"))


def _accreditation(subject: str) -> Accreditation:
    return Accreditation.objects.select_related("organisation", "notice").get(pk=subject)


def _of(row: Accreditation, mail: str, facts: Mapping[str, Any]) -> Letter:
    url = settings.SITE_URL + reverse("accreditation", args=[row.pk])
    return _to(row.organisation, mail, {"accreditation": row, "url": url, **facts}, str(row.pk))


def _to(body: Organisation, mail: str, facts: Mapping[str, Any], identifier: str) -> Letter:
    return Letter(f"network/email/{mail}", {"organisation": body, **facts}, f"{mail}-{identifier}", people_of(body))

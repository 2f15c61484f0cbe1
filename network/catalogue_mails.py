"""What a body is told of its accreditation and of its services, and the day on which an accreditation is over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from accounts.models import Organisation
from accounts.people import people_of
from bando.deadlines import day_in_rome
from network.actions.accreditation import expire_accreditation
from network.models import Accreditation, Service
from network.states import AccreditationState, ServiceState
from workflow.duties import duty
from workflow.mail import send


@duty("network.accreditation_decided")
def tell_decided(subject: str, at: datetime) -> None:
    row = _accreditation(subject)
    is_accredited = row.state != AccreditationState.REFUSED
    reason = "" if is_accredited else row.steps.get(act="refuse").reason
    _tell_of(row, "accreditation_decided", {"is_accredited": is_accredited, "reason": reason})


@duty("network.accreditation_near_its_end")
def tell_near_its_end(subject: str, at: datetime) -> None:
    """A month before, unless the body is not accredited any more, or will be for longer."""
    row = _accreditation(subject)
    longer = Accreditation.objects.filter(
        organisation=row.organisation, state=AccreditationState.ACCREDITED, valid_until__gt=row.valid_until
    )
    if row.is_in_force(day_in_rome(at)) and not longer.exists():
        _tell_of(row, "accreditation_near_its_end", {})


@duty("network.accreditation_over")
def let_it_expire(subject: str, at: datetime) -> None:
    row = _accreditation(subject)
    if row.state == AccreditationState.ACCREDITED:
        expire_accreditation(row, at=at)


@duty("network.accreditation_ended")
def tell_ended(subject: str, at: datetime) -> None:
    row = _accreditation(subject)
    _tell_of(row, "accreditation_ended", {"reason": row.steps.get(act="end").reason})


@duty("network.service_removed")
def tell_removed(subject: str, at: datetime) -> None:
    """``subject``: the service, and how many steps it had before. A service that is public again is old news."""
    key = subject.partition(":")[0]
    service = Service.objects.select_related("organisation").get(pk=key)
    if service.state != ServiceState.WITHDRAWN:
        return
    reason = service.steps.filter(act="remove").order_by("pk").values_list("reason", flat=True).last() or ""
    url = settings.SITE_URL + reverse("my_service", args=[service.pk])
    _tell(
        service.organisation, "service_removed", {"service": service, "reason": reason, "url": url}, subject.replace(":", "-")
    )


def _accreditation(subject: str) -> Accreditation:
    return Accreditation.objects.select_related("organisation", "notice").get(pk=subject)


def _tell_of(row: Accreditation, template: str, facts: Mapping[str, Any]) -> None:
    url = settings.SITE_URL + reverse("accreditation", args=[row.pk])
    _tell(row.organisation, template, {"accreditation": row, "url": url, **facts}, str(row.pk))


def _tell(body: Organisation, template: str, facts: Mapping[str, Any], identifier: str) -> None:
    """One mail to each person of the body, in their own language."""
    for person in people_of(body):
        with translation.override(person.language):
            context = {"organisation": body, "person": person, **facts}
            send(f"network/email/{template}", context, to=[person.email], identifier=f"{template}-{identifier}-{person.pk}")

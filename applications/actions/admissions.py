"""The list of who was admitted is published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from applications.admissions import compose, with_act
from applications.models import AdmissionList
from applications.transitions import PUBLISH_ADMISSIONS
from bando.models import Call
from workflow.ledger import digest
from workflow.perform import perform
from workflow.transition import Attempt


def publish_admissions(
    call: Call,
    area_code: str,
    *,
    reasons: Mapping[str, str],
    note: str,
    act_number: str,
    act_date: date | None,
    seen: str,
    by: User,
    at: datetime,
) -> AdmissionList:
    """Publish the outcome of the check of an area, with the act that approves it; the versions before stay. ``seen`` is the
    SHA-256 of what was previewed (``applications.admissions.compose`` in canonical JSON). Raises :class:`Refused`."""
    made: list[AdmissionList] = []
    with transaction.atomic():
        locked = Call.objects.select_for_update().with_notice().get(pk=call.pk)
        content = compose(locked, area_code, reasons=reasons, note=note.strip())
        data = {
            "area_code": area_code,
            "content": content,
            "seen": seen,
            "note": note,
            "act_number": act_number,
            "act_date": act_date,
        }

        def publish(attempt: Attempt) -> Mapping[str, Any]:
            text = with_act(content, number=act_number.strip(), day=act_date)
            version = AdmissionList.objects.create(
                call=locked,
                area_code=area_code,
                number=content["version"]["number"],
                content=text,
                sha256=digest(text),
                act_number=act_number.strip(),
                act_date=act_date,
                published_at=at,
                by=by,
                note=note.strip(),
            )
            made.append(version)
            return {"area": area_code, "number": version.number, "sha256": version.sha256}

        perform(PUBLISH_ADMISSIONS, locked, by=by, at=at, data=data, effect=publish)
    return made[0]

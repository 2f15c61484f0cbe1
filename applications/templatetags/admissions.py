"""Which areas of a call have a published list of who was admitted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template

from applications.models import AdmissionList
from bando.models import Call
from bando.notice.document import Area

register = template.Library()


@register.simple_tag
def published_admissions(call: Call, areas: Iterable[Area]) -> list[dict[str, Any]]:
    """The areas with a list, in the order of the call. One query; none before the deadline can have passed."""
    found = set(AdmissionList.objects.filter(call=call).order_by().values_list("area_code", flat=True))
    return [{"area": area} for area in areas if area.code in found]

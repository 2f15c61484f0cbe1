"""How a page answers an act that was refused."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from workflow.transition import Refused


def tell(request: HttpRequest, refusal: Refused) -> int:
    """Write the reasons above the page, which keeps what was typed. Answers the status of such a page."""
    for reason in refusal.reasons:
        messages.error(request, reason)
    return 409


def left_over(given: Iterable[tuple[forms.BaseForm, bool]]) -> list[dict[str, Any]]:
    """What was written, and was not there before, in the text fields of forms that the page may show no more, each with whether it
    does: the row moved on meanwhile. As ``network/_unsaved.html`` wants it."""
    return [
        {"label": field.label, "lines": [said]}
        for form, shown in given
        if form.is_bound and not shown
        for field in form.visible_fields()
        if isinstance(field.field, forms.CharField) and field.name in form.changed_data and (said := (field.data or "").strip())
    ]

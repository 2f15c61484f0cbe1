"""What was typed in a page whose row moved on before it was sent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms


def left_over(given: Iterable[tuple[forms.BaseForm, bool]]) -> list[dict[str, Any]]:
    """What was written, and was not there before, in the text fields of forms that the page may show no more, each with whether it
    does: the row moved on meanwhile. As ``components/unsaved.html`` wants it."""
    return [
        {"label": field.label, "lines": [said]}
        for form, shown in given
        if form.is_bound and not shown
        for field in form.visible_fields()
        if isinstance(field.field, forms.CharField) and field.name in form.changed_data and (said := (field.data or "").strip())
    ]

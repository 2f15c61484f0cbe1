"""How the network's figures are written."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def hours(minutes: int) -> str:
    """Minutes of work as hours: 750 is ``12:30``."""
    return f"{minutes // 60}:{minutes % 60:02d}"

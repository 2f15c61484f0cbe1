"""How the network's figures are written."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def hours(minutes: int) -> str:
    """Minutes of work as hours: 750 is ``12:30``."""
    return f"{minutes // 60}:{minutes % 60:02d}"


@register.filter
def unbroken(text: object) -> SafeString:
    """On one line however narrow it is: R-2026-000124 isn't broken at its hyphens. For headings and sentences, not for ``<title>``."""
    return format_html('<span class="text-nowrap">{}</span>', text)

"""What a page of a call asks about whoever reads it."""

from __future__ import annotations

from typing import Any

from django import template

from bando.following import follows as _follows
from bando.models import Call

register = template.Library()


@register.simple_tag
def follows(user: Any, call: Call) -> bool:
    """Does ``user`` follow ``call``? Nothing is asked of the database for somebody who is not signed in."""
    return _follows(user, call)

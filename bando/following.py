"""Following a call: who asks is told of each amendment and each clarification (``bando.telling``)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.models import User
from bando.models import Call, Follower


def follow(call: Call, *, by: User, at: datetime) -> None:
    """Twice is the same as once, and it counts from the first time."""
    Follower.objects.bulk_create([Follower(call=call, user=by, since=at)], ignore_conflicts=True)


def unfollow(call: Call, *, by: User) -> None:
    Follower.objects.filter(call=call, user=by).delete()


def follows(user: Any, call: Call) -> bool:
    return user.is_authenticated and Follower.objects.filter(call=call, user=user).exists()

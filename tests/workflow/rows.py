"""A row to act on: the call is the lowest table with a history, so the door is tried on it with acts of the test's own."""

from datetime import UTC, datetime, timedelta

from accounts.models import User
from bando.models import Call, CallVersion
from bando.states import CallState as S
from workflow.transition import Attempt, T

AT = datetime(2026, 6, 30, 10, 0, 0, 123456, tzinfo=UTC)
STRANGER, TOO_EARLY = "Lo può fare solo chi lavora nell'ufficio.", "È presto: si può fare dalle 12:00."


def is_official(attempt: Attempt) -> str | None:
    return None if attempt.by is not None and attempt.by.is_official else STRANGER


def not_before(attempt: Attempt) -> str | None:
    return TOO_EARLY if attempt.at < AT else None


PUBLISH = T("publish", [S.DRAFT], S.PUBLISHED, by=is_official, when=[not_before])
REVOKE = T("revoke", [S.PUBLISHED], S.REVOKED, by=is_official, reason_required=True)


def person(email: str = "ufficio@example.org", *, is_official: bool = True) -> User:
    return User.objects.create_user(email, name="Ufficio Bandi", is_official=is_official)


def row(slug: str = "avviso", state: S = S.DRAFT) -> Call:
    version = CallVersion.objects.create(slug=slug, number=1, text="", canonical="{}", sha256="0" * 64, made_at=AT)
    return Call.objects.create(
        slug=slug, title=slug, state=state, version=version, closes_at=AT + timedelta(days=30), published_at=AT
    )

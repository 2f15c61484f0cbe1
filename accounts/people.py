"""Who is told about a body."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Organisation, User


def people_of(*bodies: Organisation | UUID) -> QuerySet[User]:
    """The people who act for any of ``bodies`` and can be reached: each once, the first to have signed up first."""
    return User.objects.filter(memberships__organisation__in=bodies, is_active=True).distinct().order_by("pk")


def addresses_of(body: Organisation) -> list[str]:
    """Where an act of the office goes: to the people of the body and to its PEC, each address once."""
    return sorted({*people_of(body).values_list("email", flat=True), body.pec})

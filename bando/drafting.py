"""Writing a call document: a draft begins from something, every change of it is kept, and it ends as a call or as a
rectification of one."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from bando.models import Call, DraftEdit, DraftOrigin, NoticeDraft
from workflow.transition import Refused


def begin(
    data: dict[str, Any],
    *,
    origin: DraftOrigin,
    by: User,
    at: datetime,
    text: str = "",
    call: Call | None = None,
    amends: bool = False,
) -> NoticeDraft:
    """A draft that begins as ``data`` (plain data, whole or not). Raises :class:`Refused` when somebody is already writing
    the document of this call."""
    kept = storable(data)
    try:
        with transaction.atomic():
            draft = NoticeDraft.objects.create(
                data=kept,
                text=text,
                origin=origin,
                call=call,
                amends=amends,
                created_by=by,
                created_at=at,
                changed_by=by,
                changed_at=at,
            )
            DraftEdit.objects.create(draft=draft, version=draft.version, data=kept, by=by, at=at)
    except IntegrityError:
        raise Refused([_("C'è già una bozza in lavorazione per questo avviso: continua quella.")]) from None
    return draft


def storable(data: Any) -> Any:
    """Plain data with its decimals as text, with the digits that were written: JSON would make floats of them."""
    match data:
        case dict():
            return {key: storable(value) for key, value in data.items()}
        case list():
            return [storable(item) for item in data]
        case Decimal():
            return format(data, "f")
    return data

"""Where a call stands in the words of the public: the act last taken on it and, once it is published, the clock."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from bando.deadlines import Phase
from bando.models import Call
from bando.states import CallState


class Stage(models.TextChoices):
    """Never stored. The values name what happens, the labels are the words on the badge."""

    DRAFT = "draft", _("In preparazione")
    UPCOMING = "upcoming", _("Apre tra poco")
    OPEN = "open", _("Aperto")
    EVALUATION = "evaluation", _("In valutazione")
    CONCLUDED = "concluded", _("Concluso")
    REVOKED = "revoked", _("Revocato")

    @property
    def kind(self) -> str:
        """The look of the badge (``components/badge.html``)."""
        return _KINDS[self]


_KINDS = {
    Stage.DRAFT: "neutral",
    Stage.UPCOMING: "info",
    Stage.OPEN: "open",
    Stage.EVALUATION: "progress",
    Stage.CONCLUDED: "neutral",
    Stage.REVOKED: "danger",
}
_BY_CLOCK = {Phase.BEFORE: Stage.UPCOMING, Phase.OPEN: Stage.OPEN, Phase.CLOSED: Stage.EVALUATION}
_BY_ACT = {CallState.DRAFT: Stage.DRAFT, CallState.RANKED: Stage.CONCLUDED, CallState.REVOKED: Stage.REVOKED}


def stage(call: Call, at: datetime) -> Stage:
    phase = call.phase(at)
    return _BY_CLOCK[phase] if phase else _BY_ACT[CallState(call.state)]

"""Who may write an observation on a provisional ranking, until when, and who answers."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import represents
from applications.models import Application
from bando.deadlines import in_utc
from bando.templatetags.bando_ui import instant
from evaluation.models import Observation, RankingVersion, VersionKind

LONGEST = 10_000
"""Characters of an observation and of its answer."""


def not_the_time(version: RankingVersion, *, at: datetime) -> str | None:
    """Observations are written on the provisional ranking that stands, until the last instant of its term."""
    if version.kind != VersionKind.PROVISIONAL:
        return _("La graduatoria è definitiva: le osservazioni si scrivevano su quella provvisoria.")
    if version.observations_until is None or in_utc(at) > in_utc(version.observations_until):
        return _("Il termine per le osservazioni è finito %(until)s.") % {"until": instant(version.observations_until)}
    return None


def not_yours_to_observe(person: User, application: Application) -> str | None:
    """The observation binds the body: who represents it writes it."""
    if represents(person, application.organisation):
        return None
    return _("Le osservazioni le scrive chi rappresenta l'ente. Chiedi al legale rappresentante o a chi ha la procura.")


def reasons_not_to_observe(
    application: Application, version: RankingVersion, *, text: str, by: User, at: datetime
) -> list[str]:
    if against := not_yours_to_observe(by, application):
        return [against]
    if against := not_the_time(version, at=at):
        return [against]
    if not text.strip():
        return [_("Scrivi l'osservazione.")]
    if len(text) > LONGEST:
        return [_("L'osservazione è troppo lunga: il massimo è %(n)s caratteri.") % {"n": LONGEST}]
    return []


def reasons_not_to_answer(observation: Observation, *, outcome: str, answer: str, by: User) -> list[str]:
    """The office answers once, with its reasons."""
    if not by.is_official:
        return [_("Lo può fare solo chi lavora nell'ufficio.")]
    if observation.answered_at is not None:
        return [_("Questa osservazione ha già una risposta.")]
    found = []
    if outcome not in Observation.Outcome.values:
        found.append(_("Scegli l'esito."))
    if not answer.strip():
        found.append(_("Scrivi i motivi della risposta."))
    elif len(answer) > LONGEST:
        found.append(_("La risposta è troppo lunga: il massimo è %(n)s caratteri.") % {"n": LONGEST})
    return found

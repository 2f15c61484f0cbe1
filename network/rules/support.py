"""What may be done to a meeting of the network, and if not, why: ``None`` or a sentence that a person can act on."""

from __future__ import annotations

from django.utils.translation import gettext as _

from network.models import Attendee, MeetingKind
from network.states import MeetingState
from workflow.transition import Attempt


def it_has_begun(attempt: Attempt) -> str | None:
    """Who came is known once it has begun."""
    if attempt.row.starts_at > attempt.at:
        return _("L'incontro non è ancora cominciato: le presenze si scrivono dopo.")
    return None


def somebody_came(attempt: Attempt) -> str | None:
    """Asked before the names are typed, there is nothing against it."""
    if "attendees" in attempt.data and not attempt.data["attendees"]:
        return _("Scrivi almeno una persona presente, oppure annulla l'incontro.")
    return None


def nobody_stays_longer(attempt: Attempt) -> str | None:
    """Training is counted in minutes: nobody can have more of them than there were."""
    longest = max((minutes for _space, _name, _role, minutes in attempt.data.get("attendees", ())), default=0)
    if longest > attempt.data.get("minutes", attempt.row.minutes):
        return _("Qualcuno ha più minuti della durata dell'incontro: correggi la durata o i minuti.")
    return None


def somebody_was_trained(attempt: Attempt) -> str | None:
    """A Spazio has trained people when one of its own was at a training that was held."""
    trained = Attendee.objects.filter(
        space=attempt.row, meeting__kind=MeetingKind.TRAINING, meeting__state=MeetingState.HELD, minutes__gt=0
    )
    if not trained.exists():
        return _("Nessuno di questo Spazio risulta ancora presente a una formazione.")
    return None

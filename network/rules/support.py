"""What may be done to a plan of support, its steps and the meetings of the network, and if not, why: ``None`` or a sentence
that a person can act on."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bando.deadlines import ROME, day_in_rome
from network.models import Attendee, MeetingKind, SupportPlan
from network.states import MeetingState, SpaceState
from workflow.transition import Attempt


def it_is_the_plan_that_was_read(attempt: Attempt) -> str | None:
    """A plan is written over the version that the page showed (``seen``; 0: there was none). The row is the Spazio."""
    if "seen" not in attempt.data:
        return None
    plan = SupportPlan.objects.filter(space=attempt.row).select_related("saved_by").first()
    if attempt.data["seen"] == (plan.version if plan else 0):
        return None
    if plan is None:
        return _("Il piano non c'è ancora: ricarica la pagina.")
    return _("%(who)s ha salvato un'altra versione del piano mentre scrivevi (%(when)s): rileggila, poi salva la tua.") % {
        "who": plan.saved_by,
        "when": f"{plan.saved_at.astimezone(ROME):%H:%M}",
    }


def the_space_is_not_closed(attempt: Attempt) -> str | None:
    """The row is a step of a plan."""
    if attempt.row.plan.space.state == SpaceState.CLOSED:
        return _("Lo Spazio è chiuso: il suo piano resta com'è.")
    return None


def it_was_done_by_now(attempt: Attempt) -> str | None:
    """``done_on`` is a day that has come."""
    done_on = attempt.data.get("done_on")
    if done_on and done_on > day_in_rome(attempt.at):
        return _("Il giorno in cui è stato fatto non è ancora arrivato: correggilo.")
    return None


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

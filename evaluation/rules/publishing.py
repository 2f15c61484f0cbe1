"""When a ranking can be computed, published, corrected."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from applications.models import Application
from applications.states import ApplicationState as S
from bando.deadlines import in_utc
from bando.models import Call
from bando.notice.document import Notice
from bando.templatetags.bando_ui import instant
from evaluation.changes import changes
from evaluation.leaving import findings
from evaluation.models import Observation, Ranking
from evaluation.progress import ADMITTED_AND_BEYOND, STILL_TO_CHECK
from evaluation.published import recompute
from evaluation.ranking import Outcome
from evaluation.rules.common import against_an_ended_call
from evaluation.states import RankingState
from workflow.transition import Attempt

SCORED = (S.EVALUATED, S.RANKED, S.SELECTED, S.WAITING, S.BELOW_THRESHOLD, S.AGREED, S.OPEN)
BOUND = (S.AGREED, S.OPEN)
"""A signed agreement: what it rests on is undone by acts of self-redress and not by a new version of a list."""


def area_is_evaluated(attempt: Attempt) -> str | None:
    """Every proposal admitted in the area has been evaluated, and at least one was."""
    ranking: Ranking = attempt.row
    states = set(
        Application.objects.filter(call=ranking.call_id, area_code=ranking.area_code)
        .order_by()
        .values_list("state", flat=True)
        .distinct()
    )
    if states & {*STILL_TO_CHECK, S.ADMITTED}:
        return _("Prima chiudi la valutazione di quest'area: ci sono proposte senza punteggio.")
    if not states & {*SCORED}:
        return _("In quest'area non c'è nessuna proposta valutata: non c'è una graduatoria da fare.")
    return None


def call_was_not_revoked(attempt: Attempt) -> str | None:
    """A ranking is corrected after its call is concluded too, and never after it is revoked."""
    return against_an_ended_call(attempt.row.call, _("L'avviso è «%(state)s»: la graduatoria resta com'è."))


def is_what_was_previewed(attempt: Attempt) -> str | None:
    """The official confirms the text that was on the screen, by its hash; no hash asks nothing."""
    seen = attempt.data.get("seen")
    if seen is not None and seen != attempt.row.sha256:
        return _("La graduatoria è stata calcolata di nuovo dopo la tua anteprima. Guardala ancora e poi conferma.")
    return None


def it_is_not_out_already(attempt: Attempt) -> str | None:
    """A press that comes twice publishes one version: the same ranking with the same act and the same words is there already."""
    if "kind" not in attempt.data:
        return None
    ranking: Ranking = attempt.row
    latest = ranking.latest
    if latest is None:
        return None
    given = (attempt.data["kind"], attempt.data["act_number"].strip(), attempt.data["act_date"], attempt.data["note"].strip())
    if given != (latest.kind, latest.act_number, latest.act_date, latest.note):
        return None
    if changes(latest.document, ranking.document):
        return None
    return _("Questa graduatoria è già pubblicata con quest'atto: è la versione %(n)s.") % {"n": latest.number}


def nothing_is_marked_again(attempt: Attempt) -> str | None:
    """What is published rests on the marks of today: an area that was reopened is closed and computed first."""
    ranking: Ranking = attempt.row
    waiting = Application.objects.filter(call=ranking.call_id, area_code=ranking.area_code, state__in=(S.ADMITTED, S.EVALUATED))
    if waiting.exists():
        return _(
            "Dopo l'ultimo calcolo la valutazione di quest'area è stata riaperta: chiudila e poi ricalcola la graduatoria."
        )
    return None


def agrees_with_itself(attempt: Attempt) -> str | None:
    """What is published can be computed again from the file alone, and gives the same numbers."""
    if recompute(attempt.row.document):
        return _("I numeri della graduatoria non tornano con i suoi punteggi. Calcolala di nuovo prima di pubblicare.")
    return None


# Provisional and final


def the_call_foresees_observations(attempt: Attempt) -> str | None:
    """A provisional ranking is published where the call gives a term for observations."""
    if attempt.row.call.notice.publication.observations_days is None:
        return _("L'avviso non prevede una graduatoria provvisoria: pubblica quella definitiva.")
    return None


def the_term_is_over(attempt: Attempt) -> str | None:
    """Where the call gives a term for observations, the final ranking waits for its end. Its last instant belongs to it."""
    ranking: Ranking = attempt.row
    days = ranking.call.notice.publication.observations_days
    if days is None:
        return None
    if ranking.state == RankingState.COMPUTED:
        return ngettext(
            "L'avviso dà %(n)s giorno per le osservazioni: prima pubblica la graduatoria provvisoria.",
            "L'avviso dà %(n)s giorni per le osservazioni: prima pubblica la graduatoria provvisoria.",
            days,
        ) % {"n": days}
    latest = ranking.latest
    if latest is not None and latest.observations_until and in_utc(attempt.at) <= in_utc(latest.observations_until):
        return _("Il termine per le osservazioni corre fino a %(until)s. Dopo si pubblica la graduatoria definitiva.") % {
            "until": instant(latest.observations_until)
        }
    return None


def every_observation_is_answered(attempt: Attempt) -> str | None:
    """Who wrote within the term gets an answer before the ranking becomes final."""
    waiting = Observation.objects.filter(version__ranking=attempt.row, answered_at=None).count()
    if waiting:
        return ngettext(
            "C'è %(n)s osservazione senza risposta. Rispondi, poi pubblica.",
            "Ci sono %(n)s osservazioni senza risposta. Rispondi, poi pubblica.",
            waiting,
        ) % {"n": waiting}
    return None


# What is written beside the numbers


def unfilled_places_are_explained(attempt: Attempt) -> str | None:
    """Places that stay empty want a reason (Cons. Stato 208/2021). Asked before it is typed, there is nothing against it."""
    if "unfilled_reason" not in attempt.data:
        return None
    if attempt.row.document["unfilled"] and not attempt.data["unfilled_reason"].strip():
        return _("Restano posti liberi: scrivi perché. Il motivo si pubblica con la graduatoria.")
    return None


def a_change_is_explained(attempt: Attempt) -> str | None:
    """A version that says something else than the one before says why."""
    if "note" not in attempt.data or attempt.data["note"].strip():
        return None
    latest = attempt.row.latest
    if latest is not None and changes(latest.document, attempt.row.document):
        return _("La graduatoria è diversa da quella pubblicata prima: scrivi perché è cambiata.")
    return None


def what_looks_personal_was_read(attempt: Attempt) -> str | None:
    """What looks like a person's data leaves only after somebody has read it and said so; what a version before it has
    published was read then."""
    if attempt.data.get("confirmed", True):
        return None
    ranking: Ranking = attempt.row
    latest = ranking.latest
    known = {text for row in latest.document["rows"] for text in (row["body"], row["title"])} if latest else set()
    texts = {
        _("Il numero dell'atto"): attempt.data.get("act_number", ""),
        _("Il motivo dei posti liberi"): attempt.data.get("unfilled_reason", ""),
        _("Il motivo del cambiamento"): attempt.data.get("note", ""),
    }
    if any(finding.text not in known for finding in findings(ranking, ranking.document, texts)):
        return _("Nei testi che escono sembra esserci un dato di una persona. Correggi, oppure conferma di averli letti.")
    return None


def reasons_not_to_retitle(by: User, title: str, reason: str) -> list[str]:
    """Another title for the publication is the office's to write, with the reason for it."""
    if not by.is_official:
        return [_("Lo può fare solo chi lavora nell'ufficio.")]
    found = []
    if not title.strip():
        found.append(_("Scrivi il titolo per la pubblicazione."))
    if not reason.strip():
        found.append(_("Scrivi perché il titolo cambia: resta nella storia della graduatoria."))
    return found


# After the final one


def agreements_stand(attempt: Attempt) -> str | None:
    """Who has signed an agreement stays selected, whatever a new version says."""
    ranking: Ranking = attempt.row
    outcomes = {row["application"]: row["outcome"] for row in ranking.document["rows"]}
    bound = Application.objects.filter(call=ranking.call_id, area_code=ranking.area_code, state__in=BOUND)
    numbers = bound.order_by("number").values_list("number", flat=True)
    lost = [number for number in numbers if outcomes.get(number) != Outcome.SELECTED]
    if lost:
        return _(
            "La convenzione è già firmata per: %(numbers)s. Nella nuova versione non sono selezionate: "
            "prima decidi della convenzione con un altro atto."
        ) % {"numbers": ", ".join(lost)}
    return None


# The whole call


def every_area_is_ranked(attempt: Attempt) -> str | None:
    """Every area that has admitted proposals has a published ranking, and none has proposals still to check."""
    call: Call = attempt.row
    missing = unranked_areas(call.notice, call)
    if missing:
        return ngettext("Manca la graduatoria di: %(areas)s.", "Mancano le graduatorie di: %(areas)s.", len(missing)) % {
            "areas": ", ".join(missing)
        }
    return None


def unranked_areas(notice: Notice, call: Call) -> list[str]:
    """Titles of the areas that still want a ranking, in the order of the notice."""
    live = set(
        Application.objects.filter(call=call, state__in=[*STILL_TO_CHECK, *ADMITTED_AND_BEYOND])
        .order_by()
        .values_list("area_code", flat=True)
        .distinct()
    )
    published = set(Ranking.objects.filter(call=call, state=RankingState.PUBLISHED).values_list("area_code", flat=True))
    return [area.title for area in notice.areas if area.code in live - published]

"""What the office does, step by step, after a declaration turned out not to be true: the place is lost by an act, and given again
only as the call says."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from applications.models import Application
from applications.states import FALLEN_OUT
from applications.states import ApplicationState as A
from bando import wording
from evaluation.departures import happened_since
from evaluation.models import Departure, Ranking
from evaluation.transitions import GIVE_PLACE
from network.models import Agreement, DeclarationCheck
from network.rules.checks import newcomers
from network.states import AgreementState
from workflow.perform import reasons_against

Task = dict[str, Any]
"""For ``components/task_list.html``: ``label``, ``url`` ("" for none), ``status`` (``todo``, ``done``, ``locked``), ``hint``."""


def steps_after(check: DeclarationCheck, *, by: User, at: datetime) -> list[Task]:
    """From the false declaration to the body that comes in, or to the end of the agreement where there is one. Nothing where the
    proposal has no place."""
    application = check.application
    if application.state in (A.AGREED, A.OPEN):
        return [_end_the_agreement(application)]
    if application.state != A.SELECTED and application.state not in FALLEN_OUT:
        return []
    departure = Departure.objects.filter(application=application).first()
    return [
        _forfeiture(application, departure),
        *(_the_place(application, departure, by=by, at=at) if departure is None or departure.frees_place else []),
    ]


def _forfeiture(application: Application, departure: Departure | None) -> Task:
    places = _places(application)
    label = _("1. La decadenza (art. 75 D.P.R. 445/2000)")
    if departure is None:
        hint = _(
            "Chi ha dichiarato il falso perde il beneficio, con un atto che ha numero, data e motivo. Se la dichiarazione falsa è "
            "un reato, la segnalazione alla Procura la fa l'ufficio (art. 76)."
        )
        return _task(label, f"{places}?domanda={application.number}#leave", "todo", hint)
    hint = _("La proposta è uscita: %(outcome)s.") % {"outcome": departure.get_outcome_display().lower()}
    return _task(label, f"{places}#left-{departure.pk}", "done", hint)


def _the_place(application: Application, departure: Departure | None, *, by: User, at: datetime) -> list[Task]:
    """Who comes next, the place, the ranking, the declarations of who comes in."""
    call, area = application.call, application.area_code
    ranking = Ranking.objects.filter(call=call, area_code=area).first()
    against = []
    if ranking is not None:  # what is asked of a place that is free is asked of this one before
        place = departure or Departure(application=application, frees_place=True)
        against = reasons_against(GIVE_PLACE, ranking, by=by, at=at, data={"departure": place})
    allowed = wording.replacement(call.notice.replacement)
    who = _task(
        _("2. Chi viene dopo"), reverse("ranking", args=[call.slug, area]), "done", f"{allowed} {_who_waits(application)}"
    )
    give, publish, verify = (
        _("3. Il posto a chi segue"),
        _("4. La graduatoria aggiornata"),
        _("5. I controlli su chi entra"),
    )
    if departure is not None and departure.given_at is not None:
        given = _task(give, f"{_places(application)}#left-{departure.pk}", "done", departure.given_reason)
        if ranking is not None and happened_since(ranking):
            again = _task(publish, _ranking(application), "todo", _("Ricalcola, poi pubblica con l'atto."))
            return [who, given, again, _task(verify, "", "locked", _("Prima la graduatoria."))]
        came_in = newcomers(call, area).exists()
        new = _("Le sue dichiarazioni non sono ancora nei controlli.") if came_in else ""
        checks = reverse("desk_checks", args=[call.slug, area])
        return [
            who,
            given,
            _task(publish, _ranking(application), "done", ""),
            _task(verify, checks, "todo" if came_in else "done", new),
        ]
    if against:
        return [
            who,
            _task(give, "", "locked", " ".join(against)),
            _task(publish, *_after_leaving(application, ranking, departure)),
        ]
    if departure is None:
        later = _("Prima la decadenza.")
        return [who, *(_task(label, "", "locked", later) for label in (give, publish, verify))]
    hint = _("Scrivi il motivo e riassegna il posto.")
    later = _("Prima il posto.")
    return [
        who,
        _task(give, f"{_places(application)}#left-{departure.pk}", "todo", hint),
        *(_task(label, "", "locked", later) for label in (publish, verify)),
    ]


def _after_leaving(application: Application, ranking: Ranking | None, departure: Departure | None) -> tuple[str, str, str]:
    """The place stays free: the ranking says so too."""
    if departure is None:
        return "", "locked", _("Prima la decadenza.")
    if ranking is not None and happened_since(ranking):
        return _ranking(application), "todo", _("Il posto resta libero: ricalcola, poi pubblica con l'atto.")
    return _ranking(application), "done", ""


def _who_waits(application: Application) -> str:
    """By name where the area has one list; with lots the ranking tells, computed again."""
    rows = Application.objects.filter(call=application.call_id, area_code=application.area_code, state=A.WAITING)
    if application.area.lots:
        n = rows.count()
        return ngettext(
            "%(n)s proposta idonea aspetta un posto: a chi va questo lo dice la graduatoria ricalcolata.",
            "%(n)s proposte idonee aspettano un posto: a chi va questo lo dice la graduatoria ricalcolata.",
            n,
        ) % {"n": n}
    first = rows.filter(placements__position__isnull=False).select_related("organisation")
    following = first.order_by("-placements__version__number", "placements__position").first()
    if following is None:
        return _("Nessuna proposta idonea aspetta un posto.")
    return _("La prima che aspetta un posto è %(number)s, %(body)s.") % {
        "number": following.number,
        "body": following.organisation,
    }


def _end_the_agreement(application: Application) -> Task:
    agreement = Agreement.objects.filter(application=application).first()
    is_over = agreement is not None and agreement.state == AgreementState.ENDED
    hint = _(
        "La convenzione è firmata: la decadenza dalla graduatoria non è più possibile e il posto non si riassegna da qui. Il rapporto "
        "finisce con un atto che conclude la convenzione."
    )
    return _task(
        _("Concludi la convenzione con un atto (art. 75 D.P.R. 445/2000)"),
        f"{reverse('desk_agreement', args=[application.pk])}#end",
        "done" if is_over else "todo",
        _("La convenzione è conclusa.") if is_over else hint,
    )


def _places(application: Application) -> str:
    return reverse("desk_places", args=[application.call.slug, application.area_code])


def _ranking(application: Application) -> str:
    return reverse("desk_ranking", args=[application.call.slug, application.area_code])


def _task(label: str, url: str, status: str, hint: str) -> Task:
    return {"label": label, "url": url, "status": status, "hint": hint}

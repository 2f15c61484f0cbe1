"""Who writes the project of a table, what a new version must say, and which version the table may agree on.

What an attempt brings: ``project``, ``weight`` (``network.projects.Weight``) and ``note`` of a new version; ``version`` and
``session`` of an agreement; ``applications`` and ``title`` of a project that begins. Asked before they are known, there is
nothing against them.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from bando.notice.document import TableMode
from bando.rules import is_official
from bando.templatetags.bando_ui import euro
from network.models import AgreedVersion, ProjectSource, TableMinutes
from network.projects import is_unitary
from network.states import TableSessionState
from workflow.transition import Attempt

HELD = (TableSessionState.OPEN, TableSessionState.CLOSED)


def carries_the_project(attempt: Attempt) -> str | None:
    """The office, and the bodies at the table whose proposals flow into the project: others read it."""
    if is_official(attempt) is None:
        return None
    project = attempt.data.get("project")
    mine = attempt.row.partners.seated().of(attempt.by) if attempt.by is not None else None
    if mine is None or project is None or not mine.filter(application__project_source__project=project).exists():
        return _("Lo può fare solo l'ufficio o chi lavora per un ente di questo progetto.")
    return None


# A project begins


def has_a_title(attempt: Attempt) -> str | None:
    if "title" in attempt.data and not attempt.data["title"].strip():
        return _("Scrivi il titolo del progetto.")
    return None


def proposals_are_of_the_table(attempt: Attempt) -> str | None:
    chosen = attempt.data.get("applications")
    if chosen is None:
        return None
    if not chosen:
        return _("Scegli almeno una proposta.")
    seated = set(attempt.row.partners.seated().values_list("application", flat=True))
    if strangers := [row.number for row in chosen if row.pk not in seated]:
        return _("Queste proposte non sono al tavolo: %(numbers)s.") % {"numbers": ", ".join(strangers)}
    return None


def proposals_have_no_project(attempt: Attempt) -> str | None:
    chosen = attempt.data.get("applications") or ()
    taken = ProjectSource.objects.filter(application__in=[row.pk for row in chosen]).order_by("application__number")
    if numbers := taken.values_list("application__number", flat=True):
        return _("Queste proposte hanno già un progetto: %(numbers)s.") % {"numbers": ", ".join(numbers)}
    return None


def call_merges_proposals(attempt: Attempt) -> str | None:
    """Several proposals become one only where the call foresees it (D.M. 72/2021)."""
    chosen = attempt.data.get("applications") or ()
    if len(chosen) > 1 and attempt.row.call.notice.agreement.table_mode is not TableMode.MERGED:
        return _("L'avviso non prevede di unire le proposte: comincia un progetto per ciascuna.")
    return None


# A new version


def says_what_changes(attempt: Attempt) -> str | None:
    if "note" in attempt.data and not attempt.data["note"].strip():
        return _("Scrivi che cosa cambia: chi legge la versione parte da lì.")
    return None


def something_changes(attempt: Attempt) -> str | None:
    weight = attempt.data.get("weight")
    if weight is not None and not weight.changes:
        return _("Non hai cambiato niente: la versione nuova sarebbe uguale a quella di prima.")
    return None


def budget_keeps_the_rules(attempt: Attempt) -> str | None:
    """The limits of the call hold at the table too: whoever answered it kept them. They are written for one proposal, so of a
    project of several they are shown and decide nothing."""
    weight = attempt.data.get("weight")
    if weight is None or is_unitary(attempt.data["project"]) or not weight.problems:
        return None
    return _("Il piano economico non rispetta l'avviso. %(problems)s") % {"problems": " ".join(weight.problems)}


def says_why_it_may_stand(attempt: Attempt) -> str | None:
    """After the selection a project can't be changed so far that another body would have been selected (D.M. 72/2021): a change
    of what was scored, or a greater grant, is possible and says why."""
    weight = attempt.data.get("weight")
    if weight is None or attempt.reason.strip():
        return None
    if weight.touches:
        return _("Cambi qualcosa che la commissione ha valutato: scrivi perché il cambiamento è possibile.")
    if weight.grows:
        return _("Il contributo cresce di %(more)s rispetto a quello della proposta: scrivi perché è possibile.") % {
            "more": euro(weight.grant.change)
        }
    return None


# The table agrees


def is_a_project_by_itself(attempt: Attempt) -> str | None:
    version = attempt.data.get("version")
    if version is not None and version.number == 0 and is_unitary(version.project):
        return _("La versione 0 tiene le proposte una accanto all'altra: approva una versione del progetto unitario.")
    return None


def is_newer_than_what_was_agreed(attempt: Attempt) -> str | None:
    version = attempt.data.get("version")
    if version is None:
        return None
    agreed = AgreedVersion.objects.filter(version__project=version.project_id).order_by("version__number")
    last = agreed.values_list("version__number", flat=True).last()
    if last is not None and last >= version.number:
        return _("Il tavolo ha già approvato la versione %(number)s: approvane una più nuova.") % {"number": last}
    return None


def session_can_still_say_it(attempt: Attempt) -> str | None:
    """A session of this table that was held, and whose minutes can still tell it."""
    session = attempt.data.get("session")
    if session is None:
        return None
    if session.table_id != attempt.row.pk or session.state not in HELD:
        return _("Scegli un incontro di questo tavolo che si è tenuto.")
    if TableMinutes.objects.filter(session=session, approved_at__isnull=False).exists():
        return _("Il verbale di questo incontro è già approvato: scegli un altro incontro.")
    return None

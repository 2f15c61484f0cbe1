"""Who calls, opens and closes a session, how many must be there, and what becomes of its minutes."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bando.templatetags.bando_ui import quoted
from evaluation.models import MemberRole, Session, SessionKind
from evaluation.states import RankingState, SessionState
from workflow.transition import Attempt


def _role(attempt: Attempt) -> str | None:
    """The role with which who acts sits on the commission of the session now."""
    if attempt.by is None:
        return None
    return attempt.row.commission.members.seated().filter(user=attempt.by).values_list("role", flat=True).first()


def leads_the_session(attempt: Attempt) -> str | None:
    if _role(attempt) in (MemberRole.CHAIR, MemberRole.SECRETARY):
        return None
    return _("Lo può fare solo chi presiede la commissione o chi fa da segretario.")


def plans_sessions(attempt: Attempt) -> str | None:
    if (attempt.by is not None and attempt.by.is_official) or leads_the_session(attempt) is None:
        return None
    return _("Lo può fare solo chi presiede la commissione, chi fa da segretario o l'ufficio.")


def is_the_chair(attempt: Attempt) -> str | None:
    if _role(attempt) == MemberRole.CHAIR:
        return None
    return _("Il verbale lo approva chi presiede la commissione.")


def is_still_to_come(attempt: Attempt) -> str | None:
    if attempt.row.planned_at <= attempt.at:
        return _("Il giorno e l'ora della seduta sono già passati: scegline altri.")
    return None


def the_hour_has_come(attempt: Attempt) -> str | None:
    """Whoever comes to a public session at the hour that was announced finds that nothing was missed."""
    if attempt.row.kind == SessionKind.PUBLIC and attempt.at < attempt.row.planned_at:
        return _("La seduta è pubblica: si apre all'ora annunciata, non prima.")
    return None


def no_other_is_open(attempt: Attempt) -> str | None:
    """What happens belongs to the minutes of one session."""
    row = attempt.row
    if other := Session.objects.filter(commission=row.commission_id, state=SessionState.OPEN).exclude(pk=row.pk).first():
        return _("La seduta n. %(n)s è ancora aperta: chiudila prima di aprirne un'altra.") % {"n": other.number}
    return None


def enough_are_present(attempt: Attempt) -> str | None:
    """More than half of those who mark, and who presides. Asked before anybody is counted, there is nothing against it."""
    if "present" not in attempt.data:
        return None
    here, marking = attempt.data["present"], list(attempt.row.commission.members.marking())
    if not any(member.role == MemberRole.CHAIR and member.pk in here for member in marking):
        return _("Manca chi presiede. Se non può esserci, l'ufficio lo sostituisce; altrimenti rimanda la seduta.")
    count = sum(member.pk in here for member in marking)
    if count * 2 <= len(marking):
        return _("I componenti che danno i punteggi sono %(all)s e i presenti sono %(here)s: serve più della metà.") % {
            "all": len(marking),
            "here": count,
        }
    return None


def is_what_was_read(attempt: Attempt) -> str | None:
    """The chair approves the text that was on the screen."""
    if "seen" in attempt.data and attempt.data["seen"] != attempt.row.minutes.version:
        return _("Nel frattempo qualcuno ha cambiato il verbale. Rileggilo e poi approvalo.")
    return None


def marks_are_public(attempt: Attempt) -> str | None:
    """Minutes that hold marks are not published before the final ranking is."""
    minutes, call = attempt.row.minutes, attempt.row.commission.call
    areas = {fact["area"] for fact in minutes.facts if fact["kind"] == "scores"}
    public = set(call.rankings.filter(state=RankingState.PUBLISHED).values_list("area_code", flat=True))
    if waiting := sorted(areas - public):
        titles = quoted(call.notice.area(code).title for code in waiting)
        return _("Il verbale contiene i punteggi di %(areas)s: si pubblica dopo la graduatoria definitiva.") % {"areas": titles}
    return None


def personal_data_were_weighed(attempt: Attempt) -> str | None:
    if attempt.data.get("found") and not attempt.data["weighed"]:
        return _("Nel testo sembrano esserci dati personali. Toglili, oppure conferma che possono uscire.")
    return None


def there_is_something_to_sign(attempt: Attempt) -> str | None:
    if attempt.row.minutes.document_id is None:
        return _("Il PDF del verbale non è ancora pronto: torna tra un minuto.")
    return None


def is_not_published_yet(attempt: Attempt) -> str | None:
    if attempt.row.minutes.published_at is not None:
        return _("Questo verbale è già pubblicato.")
    return None

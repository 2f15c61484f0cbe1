"""What may be changed of a published call, and if not, why: ``None`` or a sentence that a person can act on.

``attempt.data`` holds the change once there is one: ``seen`` (the number of the last amendment that the page showed),
``act_number`` and ``act_date``, and for what changes the document ``after`` (the notice, None when it does not hold
together) with its ``faults``. Without it the rules answer what a page asks before anything is typed. What depends on applications
is in ``applications.rules``.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bando.deadlines import Phase, day_in_rome, in_utc
from bando.notice.canonical import notice_hash
from bando.notice.difference import touched
from bando.notice.document import Notice
from bando.notice.publishable import publishable_faults
from bando.rules import the_act_is_stated
from bando.templatetags.bando_ui import day, instant
from workflow.transition import Attempt

BEFORE_ANY_CHECK = ("publish", "clarify", "extend", "reopen", "rectify")
"""The acts on a call that may precede a reopening."""


def nobody_changed_it_meanwhile(attempt: Attempt) -> str | None:
    """Two officials at once: the second reads what the first did before doing more."""
    if "seen" not in attempt.data:
        return None
    last = attempt.row.amendments.select_related("by").order_by("-number").first()
    if last is None or last.number <= attempt.data["seen"]:
        return None
    return _(
        "Intanto %(who)s ha pubblicato un'altra modifica: %(kind)s n. %(number)s. Leggila; se la tua serve ancora, riprova: "
        "quello che hai scritto è rimasto qui."
    ) % {"who": last.by, "kind": last.get_kind_display().lower(), "number": last.number}


def the_act_follows_the_publication(attempt: Attempt) -> str | None:
    signed, published = attempt.data.get("act_date"), attempt.row.published_at
    if signed and published and signed < day_in_rome(published):
        return _("La data dell'atto (%(day)s) viene prima della pubblicazione dell'avviso: controllala.") % {"day": day(signed)}
    return None


EVERY_AMENDMENT = (nobody_changed_it_meanwhile, the_act_is_stated, the_act_follows_the_publication)


def the_document_holds_together(attempt: Attempt) -> str | None:
    if faults := attempt.data.get("faults"):
        return _("Nel documento %(faults)s.") % {"faults": "; ".join(map(str, faults))}
    return None


def the_document_is_whole(attempt: Attempt) -> str | None:
    """A rectified call says all that a public notice owes, like a new one."""
    after = _after(attempt)
    faults = publishable_faults(after) if after else None
    return _("Nel documento %(faults)s.") % {"faults": "; ".join(map(str, faults))} if faults else None


# Terms


def has_not_closed(attempt: Attempt) -> str | None:
    """A term that has passed is not extended: it is reopened, which has its own conditions."""
    if attempt.row.window.phase(attempt.at) is Phase.CLOSED:
        return _("La scadenza è passata: %(deadline)s. Un termine passato non si proroga: si riaprono i termini.") % {
            "deadline": instant(attempt.row.closes_at)
        }
    return None


def has_passed(attempt: Attempt) -> str | None:
    if attempt.row.window.phase(attempt.at) is not Phase.CLOSED:
        return _("La scadenza non è ancora passata: %(deadline)s. Fino ad allora il termine si proroga.") % {
            "deadline": instant(attempt.row.closes_at)
        }
    return None


def nothing_else_has_followed(attempt: Attempt) -> str | None:
    """A commission is appointed after the deadline (D.M. 72/2021): who applies must not know who will judge."""
    later = attempt.row.steps.exclude(act__in=BEFORE_ANY_CHECK).first()
    if later:
        return _(
            "Dopo la scadenza c'è già un atto («%(act)s»): i termini non si riaprono più. Se serve, revoca l'avviso con un "
            "atto motivato e pubblicane un altro."
        ) % {"act": later.label}
    return None


def the_deadline_moves_on(attempt: Attempt) -> str | None:
    """Later than the one in force and than now: a term never gets shorter."""
    if after := _after(attempt):
        deadline = in_utc(after.calendar.deadline)
        if deadline <= in_utc(attempt.row.closes_at):
            return _("La nuova scadenza deve venire dopo quella in vigore: %(deadline)s.") % {
                "deadline": instant(attempt.row.closes_at)
            }
        if deadline <= in_utc(attempt.at):
            return _("La nuova scadenza deve essere nel futuro: adesso sono %(now)s.") % {"now": instant(attempt.at)}
    return None


def the_deadline_is_kept(attempt: Attempt) -> str | None:
    """Who counted on a term has it."""
    after = _after(attempt)
    if after and in_utc(after.calendar.deadline) < in_utc(attempt.row.closes_at):
        return _("La scadenza non si accorcia: quella in vigore è %(deadline)s.") % {"deadline": instant(attempt.row.closes_at)}
    return None


def the_term_for_questions_is_kept(attempt: Attempt) -> str | None:
    after = _after(attempt)
    if after is None:
        return None
    in_force = _questions_close(attempt.row.notice)
    if in_utc(_questions_close(after)) < in_utc(in_force):
        return _("Il termine per le domande all'ufficio non si accorcia: quello in vigore è %(term)s.") % {
            "term": instant(in_force)
        }
    return None


def what_is_open_stays_open(attempt: Attempt) -> str | None:
    after, row = _after(attempt), attempt.row
    if after and row.window.phase(attempt.at) is Phase.OPEN and after.calendar.window.phase(attempt.at) is Phase.BEFORE:
        return _("L'avviso è già aperto: l'apertura non si sposta più avanti.")
    return None


# What a rectification may say


def it_is_the_same_call(attempt: Attempt) -> str | None:
    after = _after(attempt)
    if after and after.id != attempt.row.slug:
        return _("Il documento è di un altro avviso («%(other)s»): il codice dell'avviso deve restare «%(id)s».") % {
            "other": after.id,
            "id": attempt.row.slug,
        }
    return None


def it_changes_something(attempt: Attempt) -> str | None:
    after = _after(attempt)
    if after and notice_hash(after) == attempt.row.version.sha256:
        return _("La bozza è uguale all'avviso in vigore: non c'è niente da rettificare.")
    return None


def no_area_is_lost(attempt: Attempt) -> str | None:
    """Somebody may have begun an application there, and could not even read it any more."""
    after = _after(attempt)
    if after is None:
        return None
    known = {area.code for area in after.areas}
    lost = [area.title for area in attempt.row.notice.areas if area.code not in known]
    if lost:
        return ngettext(
            "L'area %(names)s manca: dopo la pubblicazione un'area non si toglie, perché qualcuno può averla già iniziata.",
            "Le aree %(names)s mancano: dopo la pubblicazione un'area non si toglie, perché qualcuno può averla già iniziata.",
            len(lost),
        ) % {"names": ", ".join(f"«{title}»" for title in lost)}
    return None


def answers_stand_after_the_deadline(attempt: Attempt) -> str | None:
    """What nobody can answer again is not asked otherwise, and a deadline that has passed does not move by a
    rectification."""
    after, row = _after(attempt), attempt.row
    if after is None or row.window.phase(attempt.at) is not Phase.CLOSED:
        return None
    if in_utc(after.calendar.deadline) != in_utc(row.closes_at):
        return _("La scadenza è passata: una rettifica non la sposta. Per dare altro tempo si riaprono i termini.")
    if areas := touched(row.notice, after):
        titles = [area.title for area in after.areas if area.code in areas]
        return _(
            "La scadenza è passata e nessuno può più rispondere: la rettifica cambia quello a cui hanno risposto le domande "
            "di %(areas)s. Togli quei cambiamenti, oppure revoca l'avviso con un atto motivato e pubblicane un altro."
        ) % {"areas": ", ".join(f"«{title}»" for title in titles)}
    # Nobody answers to it, and it decides who takes a place: after the deadline one can tell whom it would favour.
    if after.replacement != row.notice.replacement:
        return _(
            "La scadenza è passata: la rettifica cambia la regola per i posti che si liberano, e ormai si può capire chi "
            "favorisce. Togli quel cambiamento, oppure revoca l'avviso con un atto motivato e pubblicane un altro."
        )
    return None


def _after(attempt: Attempt) -> Notice | None:
    return attempt.data.get("after")


def _questions_close(notice: Notice) -> datetime:
    return notice.calendar.questions_until or notice.calendar.deadline

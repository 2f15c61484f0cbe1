"""When the evaluation of an area can be closed."""

from __future__ import annotations

from django.utils.translation import gettext as _

from evaluation.models import MemberRole
from evaluation.progress import commission_of
from evaluation.words import value_words
from workflow.transition import Attempt


def leads_or_official(attempt: Attempt) -> str | None:
    """The chair or the secretary of the commission, or the office. Reads what the queryset has fetched."""
    if attempt.by is not None and attempt.by.is_official:
        return None
    commission = commission_of(attempt.row.call)
    seats = commission.members.all() if commission is not None and attempt.by is not None else ()
    leading = [seat.user_id for seat in seats if seat.role in (MemberRole.CHAIR, MemberRole.SECRETARY) and seat.left_at is None]
    if attempt.by is not None and attempt.by.pk in leading:
        return None
    return _("Lo può fare solo chi presiede la commissione, chi fa da segretario o l'ufficio.")


def everyone_has_concluded(attempt: Attempt) -> str | None:
    """Every marking member without a conflict has concluded the sheet of this proposal and, where proposals are compared in
    pairs, their tables; where the commission marks together, its sheet is concluded.

    Names and no counts: whoever reads it may be in conflict with the proposal that is missing."""
    lacking = attempt.data["lacking"]
    if lacking.nobody:
        return _("C'è una proposta che nessun componente può valutare: l'ufficio deve cambiare la commissione.")
    if lacking.writes == ():
        return _(
            "C'è una proposta di cui né chi presiede né chi fa da segretario può scrivere la scheda: "
            "l'ufficio deve cambiare la commissione."
        )
    if lacking.nobody_compares:
        return _(
            "Nessun componente può confrontare le proposte: tutti hanno un conflitto con un ente dell'area. "
            "L'ufficio deve cambiare la commissione."
        )
    sentences = (
        (lacking.undeclared, _("Manca la dichiarazione sui conflitti di: %(names)s.")),
        (
            lacking.joined,
            _("Dopo la dichiarazione è entrato in un ente che partecipa, e deve dichiarare il conflitto: %(names)s."),
        ),
        (lacking.unfinished, _("Deve ancora concludere le sue schede: %(names)s.")),
        (
            lacking.unmarked,
            _("Le proposte sono ora troppo poche per confrontarle. Riapre le sue schede e dà un coefficiente: %(names)s."),
        ),
        (lacking.writes, _("Manca una scheda della commissione. La può scrivere: %(names)s.")),
        (lacking.comparing, _("Deve ancora concludere i suoi confronti: %(names)s.")),
    )
    return next((words % {"names": ", ".join(names)} for names, words in sentences if names), None)


def facts_agree(attempt: Attempt) -> str | None:
    """The members found the same facts in this proposal: how many certificates a body holds is no opinion, and what is
    not one can't be averaged. Who is in conflict with the proposal reads neither its number nor what was found."""
    lacking = attempt.data["lacking"]
    if not lacking.disputes:
        return None
    if attempt.by is not None and attempt.by.pk in lacking.in_conflict:
        return _("C'è una proposta su cui i componenti hanno trovato fatti diversi: devono accordarsi.")
    return " ".join(
        _(
            "%(number)s, «%(title)s»: i componenti hanno trovato %(values)s. È un fatto e dev'essere uno solo: "
            "chi ha sbagliato riapre la sua scheda e lo corregge."
        )
        % {
            "number": lacking.number,
            "title": dispute.criterion.title,
            "values": " / ".join(value_words(dispute.criterion, mark) for mark in dispute.marks),
        }
        for dispute in lacking.disputes
    )

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
    if any(seat.user_id == attempt.by.pk and seat.role in (MemberRole.CHAIR, MemberRole.SECRETARY) for seat in seats):
        return None
    return _("Lo può fare solo chi presiede la commissione, chi fa da segretario o l'ufficio.")


def everyone_has_concluded(attempt: Attempt) -> str | None:
    """Every marking member without a conflict has concluded the sheet of this proposal.

    Names and no counts: whoever reads it may be in conflict with the proposal that is missing."""
    lacking = attempt.data["lacking"]
    if lacking.nobody:
        return _("C'è una proposta che nessun componente può valutare: l'ufficio deve cambiare la commissione.")
    if lacking.undeclared:
        return _("Manca la dichiarazione sui conflitti di: %(names)s.") % {"names": ", ".join(lacking.undeclared)}
    if lacking.unfinished:
        return _("Deve ancora concludere le sue schede: %(names)s.") % {"names": ", ".join(lacking.unfinished)}
    return None


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

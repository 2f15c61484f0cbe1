"""The paper of an agreement: what is frozen when it is prepared, as it goes to whoever signs."""

from __future__ import annotations

from typing import Any

from applications.budget import Part, sums
from applications.confirming import rules_answered
from bando.notice.document import Notice
from documents.pdf import render_pdf
from network.actions.agreements import fingerprint
from network.agreement_budget import budget_of
from network.agreement_words import TITLES
from network.models import Agreement
from network.reporting_calendar import DAYS_TO_TELL, MONTHS, Term, terms


def paper_of(agreement: Agreement) -> dict[str, Any]:
    """What the text says, for a page and for the paper: the context of ``network/agreements/_text.html``."""
    notice = rules_answered(agreement.application)
    outcome = budget_of(agreement)
    budget = notice.budget_for(agreement.application.area_code)
    return {
        "agreement": agreement,
        "administration_name": notice.administration.name,
        "parties": agreement.parties.select_related("organisation"),
        "project": agreement.project,
        "outcome": outcome,
        "sums": sums(budget, outcome, Part.ITEM) if budget and outcome and outcome.total else [],
        "terms": _calendar(agreement),
        "months": MONTHS,
        "days": DAYS_TO_TELL,
        "waived": [{"title": TITLES[code], "reason": reason} for code, reason in agreement.waived.items()],
    }


def make_pdf(agreement: Agreement) -> bytes:
    application = agreement.application
    notice: Notice = rules_answered(application)
    context = {
        **paper_of(agreement),
        "application": application,
        "notice": notice,
        "number": application.number,
        "sha256": fingerprint(agreement),
    }
    return render_pdf("network/agreements/pdf.html", context)


def _calendar(agreement: Agreement) -> list[Term]:
    """The reports in the days that are foreseen; none while they are not."""
    if agreement.starts_on is None or agreement.ends_on is None:
        return []
    return terms(agreement.starts_on, agreement.ends_on)

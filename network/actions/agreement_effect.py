"""The agreement after its signature: the terms of the reports, guarantees, effect, payments, end. A guarantee may come before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from accounts.models import User
from documents.models import Document
from network.agreement_budget import hold_the_budget
from network.models import Agreement, Guarantee, Payment, ReportingTerm
from network.transitions import (
    CHANGE_TERMS,
    DROP_GUARANTEE,
    END_AGREEMENT,
    GUARANTEE,
    JUDGE_PUBLICATION,
    PAY,
    PUBLISH_AGREEMENT,
    TAKE_EFFECT,
)
from workflow.models import Step
from workflow.perform import perform
from workflow.transition import Attempt


def change_terms(agreement: Agreement, due: Mapping[int, date], *, reason: str, by: User, at: datetime) -> Step:
    """The reports numbered so are due on other days. Refused once one was sent."""

    def move(attempt: Attempt) -> Mapping[str, Any]:
        found = list(attempt.row.reporting_terms.filter(number__in=due))
        for term in found:
            term.due_on = due[term.number]
        ReportingTerm.objects.bulk_update(found, ["due_on"])
        return {"due": {str(number): day for number, day in due.items()}}

    return perform(CHANGE_TERMS, agreement, by=by, at=at, reason=reason, data={"due": due}, effect=move)


# The guarantees


def add_guarantee(
    agreement: Agreement,
    *,
    kind: str,
    issuer: str,
    number: str,
    amount_cents: int,
    valid_until: date,
    document: Document | None = None,
    by: User,
    at: datetime,
) -> Guarantee:
    """Register an insurance or a surety; one that is renewed is a further row."""
    facts = {"kind": kind, "issuer": issuer.strip(), "number": number.strip(), "amount_cents": amount_cents}
    made: list[Guarantee] = []

    def register(attempt: Attempt) -> Mapping[str, Any]:
        row = Guarantee.objects.create(agreement=attempt.row, **facts, valid_until=valid_until, document=document)
        made.append(row)
        return {**facts, "valid_until": valid_until, "sha256": document.sha256 if document else ""}

    perform(GUARANTEE, agreement, by=by, at=at, effect=register)
    return made[0]


def drop_guarantee(guarantee: Guarantee, *, reason: str, by: User, at: datetime) -> Step:
    """Take away a guarantee that was registered by mistake; the record keeps what it was."""

    def take_away(attempt: Attempt) -> Mapping[str, Any]:
        facts = {"kind": guarantee.kind, "issuer": guarantee.issuer, "number": guarantee.number}
        guarantee.delete()
        return facts

    return perform(DROP_GUARANTEE, guarantee.agreement, by=by, at=at, reason=reason, effect=take_away)


# Effect, payments, end


def judge_publication(agreement: Agreement, *, needs: bool, reason: str, by: User, at: datetime) -> Step:
    """The office says whether the publication is a condition of efficacy, whatever the amount."""

    def decide(attempt: Attempt) -> Mapping[str, Any]:
        attempt.row.needs_publication, attempt.row.publication_reason = needs, reason.strip()
        return {"needs": needs}

    saves = ["needs_publication", "publication_reason"]
    return perform(JUDGE_PUBLICATION, agreement, by=by, at=at, reason=reason, effect=decide, saves=saves)


def publish_agreement(
    agreement: Agreement, *, published_on: date, publication: str, disclosure: Mapping[str, str], by: User, at: datetime
) -> Step:
    """The agreement is published where ``publication`` says (an address, or the number in the register) and has effect. Of
    ``disclosure`` are the fields of art. 27 that the office writes: ``legal_basis``, ``office``, ``official``, ``mode``,
    ``project_url``; the beneficiary and the amount are those of the agreement."""

    def release(attempt: Attempt) -> Mapping[str, Any]:
        row = attempt.row
        body = row.application.organisation
        row.disclosure = {
            "beneficiary": body.name,
            "tax_code": body.tax_code,
            "amount_cents": row.amount_cents,
            **{name: said.strip() for name, said in disclosure.items()},
        }
        row.published_on, row.publication = published_on, publication.strip()
        return {"published_on": published_on, "publication": row.publication, "disclosure": row.disclosure}

    data = {"published_on": published_on}
    saves = ["disclosure", "published_on", "publication"]
    return perform(PUBLISH_AGREEMENT, agreement, by=by, at=at, data=data, effect=release, saves=saves)


def take_effect(agreement: Agreement, *, by: User, at: datetime) -> Step:
    """An agreement that needs no publication has effect since its commencement."""
    return perform(TAKE_EFFECT, agreement, by=by, at=at)


def pay_agreement(
    agreement: Agreement, *, amount_cents: int, paid_on: date, reference: str, note: str = "", by: User, at: datetime
) -> Step:
    """Register what the accounts paid; a negative amount corrects a mistake, and its ``note`` says which. The same payment order,
    day and amount again are refused, unless the ``note`` says why they are two."""
    data = {"amount_cents": amount_cents, "paid_on": paid_on, "reference": reference, "note": note}

    def register(attempt: Attempt) -> Mapping[str, Any]:
        facts = {"amount_cents": amount_cents, "paid_on": paid_on, "reference": reference.strip(), "note": note.strip()}
        Payment.objects.create(agreement=attempt.row, **facts, by=by, at=at)
        return facts

    return perform(PAY, agreement, by=by, at=at, data=data, look=hold_the_budget, effect=register)


def end_agreement(agreement: Agreement, *, reason: str, by: User, at: datetime) -> Step:
    """The agreement is over, in time or before. The application stays as it is."""
    return perform(END_AGREEMENT, agreement, by=by, at=at, reason=reason)

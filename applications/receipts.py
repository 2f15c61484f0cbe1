"""The receipt of a submission: what it says, its data, and its signed PDF."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from applications.differences import Difference, differences
from applications.models import ProtocolEntry, Receipt, Submission
from applications.reading import read_submission
from bando.deadlines import ROME
from documents.pdf import render_pdf
from documents.signed_pdf import seal_pdf
from documents.uploads import keep
from workflow.ledger import plain
from workflow.models import LedgerEntry
from workflow.sealing import proof, seal

DATA_NAME = "ricevuta.json"


def receipt_context(submission: Submission) -> dict[str, Any]:
    """What the receipt shows, on the page and on paper. All of it comes from what was frozen, apart from the names of
    the sections, which come from the version of the call that was answered, and the number of the register, which comes
    when it comes."""
    application = submission.application
    notice = submission.call_version.notice
    rules = {rule.code: rule.title for rule in notice.attachments_for(application.area_code)}
    return {
        "submission": submission,
        "application": application,
        "call": application.call,
        "notice": notice,
        "area": notice.area(application.area_code),
        "version": submission.call_version,
        "files": [
            {**file, "title": rules.get(file["rule"], file["rule"]), "received_at": datetime.fromisoformat(file["received_at"])}
            for file in submission.manifest
        ],
        "changes": _changes(submission),
        "number": application.number,
        "sha256": submission.sha256,
        "protocol": ProtocolEntry.objects.filter(submission=submission).first(),
        "verify_url": f"{settings.SITE_URL}{reverse('verify')}",
        "demonstration": settings.DEMO,
    }


def _changes(submission: Submission) -> list[Difference]:
    """What the answer to a request of the office changed; nothing of a sending of its own."""
    if submission.completes_id is None:
        return []
    before = submission.application.submissions.select_related("call_version").get(sequence=submission.sequence - 1)
    before.application = submission.application
    return differences(before, submission)


def receipt_data(submission: Submission) -> dict[str, Any]:
    """The receipt for programs, ``bando/receipt/1``, in the types of canonical JSON; ``bin/verify_receipt`` reads it.

    ``content`` is what was sent, whole, as it was hashed; the entries beside it repeat its parts. ``ledger`` is the entry of
    the act, with its place under a ``seal`` (the names of ``workflow.ledger``) or ``None`` while it waits for one.
    ``protocol`` is ``None`` until the register has answered.
    """
    application = submission.application
    version = submission.call_version
    frozen = json.loads(submission.content)
    entry = entry_of(submission)
    protocol = ProtocolEntry.objects.filter(submission=submission).first()
    return plain(
        {
            "format": "bando/receipt/1",
            "administration": settings.ADMINISTRATION["name"],
            "verify": f"{settings.SITE_URL}{reverse('verify')}",
            "number": application.number,
            "sequence": submission.sequence,
            "arrived_at": _moment(submission.arrived_at),
            "committed_at": _moment(submission.committed_at),
            "call": {"id": version.slug, "version": version.number, "sha256": version.sha256},
            "area": application.area_code,
            "completes": frozen.get("completes"),
            "body": frozen["body"],
            "by": frozen["by"],
            "content": submission.content,
            "content_sha256": submission.sha256,
            "files": frozen["files"],
            "ledger": {"content": entry.content, "hash": entry.hash, "seal": _seal(entry)},
            "protocol": protocol and {"number": protocol.number, "register": protocol.register, "at": _moment(protocol.at)},
        }
    )


def entry_of(submission: Submission) -> LedgerEntry:
    """The entry of the act that sent it: the one that names its hash."""
    steps = submission.application.steps.select_related("entry")
    return steps.get(facts__sha256=submission.sha256).entry


def issue(submission: Submission, *, at: datetime) -> Receipt:
    """Make the PDF of a submission, signed and with its data inside, and keep it; once, whoever asks.

    Its entry of the ledger is sealed first, so that the receipt can carry the proof: each minute's seal comes too late for
    most. Where another worker is sealing at this moment the receipt goes without, and its page has the proof.
    """
    if existing := Receipt.objects.filter(submission=submission).first():
        return existing
    entry = entry_of(submission)
    while proof(entry) is None and seal(at):
        pass
    notice, area_code = submission.call_version.notice, submission.application.area_code
    read = read_submission(notice, area_code, submission.answers, submission.manifest)
    pdf = render_pdf("applications/pdf/receipt.html", receipt_context(submission) | {"read": read})
    name = f"ricevuta-{submission.application.number}-{submission.sequence}.pdf"
    content = seal_pdf(pdf, receipt_data(submission), DATA_NAME)
    document = keep(content, name=name, media_type="application/pdf", by=None, at=at)
    try:
        with transaction.atomic():
            return Receipt.objects.create(submission=submission, document=document)
    except IntegrityError:  # two workers: the first one's receipt is the receipt
        return Receipt.objects.get(submission=submission)


def _seal(entry: LedgerEntry) -> dict[str, Any] | None:
    if (shown := proof(entry)) is None:
        return None
    return {
        "number": shown.number,
        "previous": shown.previous,
        "root": shown.root,
        "count": shown.count,
        "at": shown.at,
        "hash": shown.seal,
        "index": shown.index,
        "path": shown.path,
    }


def _moment(at: datetime) -> dict[str, str]:
    """A moment to the microsecond, on the clock of Rome with its distance from UTC, and in UTC."""
    return {
        "rome": at.astimezone(ROME).isoformat(timespec="microseconds"),
        "utc": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }

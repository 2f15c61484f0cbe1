"""The receipt of a submission: what it says, and its PDF."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from applications.models import Receipt, Submission
from applications.reading import read_submission
from documents.pdf import render_pdf
from documents.uploads import keep


def receipt_context(submission: Submission) -> dict[str, Any]:
    """What the receipt shows, on the page and on paper. All of it comes from what was frozen, apart from the names of
    the sections, which come from the version of the call that was answered."""
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
        "number": application.number,
        "sha256": submission.sha256,
        "demonstration": settings.DEMO,
    }


def issue(submission: Submission, *, at: datetime) -> Receipt:
    """Make the PDF of a submission and keep it; once, whoever asks."""
    if existing := Receipt.objects.filter(submission=submission).first():
        return existing
    notice, area_code = submission.call_version.notice, submission.application.area_code
    read = read_submission(notice, area_code, submission.answers, submission.manifest)
    content = render_pdf("applications/pdf/receipt.html", receipt_context(submission) | {"read": read})
    name = f"ricevuta-{submission.application.number}-{submission.sequence}.pdf"
    document = keep(content, name=name, media_type="application/pdf", by=None, at=at)
    try:
        with transaction.atomic():
            return Receipt.objects.create(submission=submission, document=document)
    except IntegrityError:  # two workers: the first one's receipt is the receipt
        return Receipt.objects.get(submission=submission)

"""The notice on paper: the whole call as a document that a person prints, signs and puts on the notice board (albo
pretorio). One for each published version, made after the act that published it and never again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from bando import presentation, wording
from bando.models import Amendment, Call, CallPdf, CallVersion
from documents.pdf import render_pdf
from documents.uploads import keep
from workflow.duties import duty, owe
from workflow.signing import key_in_use

PDF = "bando.call_pdf"


def owe_pdf(version: CallVersion, *, at: datetime) -> None:
    """Owe the PDF of ``version``, which an act has just put in force. Inside the transaction of that act."""
    owe(PDF, version.pk, at=at)


@duty(PDF)
def make(version_id: str, at: datetime) -> None:
    """Make the PDF of a version and keep it; once, whoever asks."""
    version = CallVersion.objects.get(pk=version_id)
    if CallPdf.objects.filter(version=version).exists():
        return
    content = render_pdf("bando/pdf/notice.html", pdf_context(version) | {"key": key_in_use()})
    document = keep(content, name=f"{version.slug}-v{version.number}.pdf", media_type="application/pdf", by=None, at=at)
    try:
        with transaction.atomic():
            CallPdf.objects.create(version=version, document=document)
    except IntegrityError:  # two workers: the first one's paper is the paper
        CallPdf.objects.get(version=version)


def draft_pdf(call: Call) -> bytes:
    """The paper of a call that no database holds, marked as a draft on every page. Nothing is kept."""
    context = {**pdf_context(call.version, call), "published_at": None, "number": f"{call.slug} · bozza"}
    return render_pdf("bando/pdf/draft_notice.html", context)


def pdf_context(version: CallVersion, call: Call | None = None) -> dict[str, Any]:
    """What the paper says: all of it comes from the document, but for the acts that published and amended it. ``call`` is
    the one of the version, looked for when it is not given."""
    notice = version.notice
    call = call or Call.objects.get(slug=version.slug)
    return {
        "notice": notice,
        "version": version,
        "published_at": call.published_at,
        "amendments": [
            {"amendment": row, "day": wording.day(row.act_date)}
            for row in Amendment.objects.filter(call=call, after__number__lte=version.number).order_by("number")
        ],
        "areas": [{"area": area, "places": wording.places(area), "lots": wording.lots(area)} for area in notice.areas],
        "act": wording.act(notice.act) if notice.act else "",
        "coprogramming": wording.act(notice.coprogramming) if notice.coprogramming else "",
        "rule": wording.deadline_rule(notice.calendar.deadline),
        "grids": presentation.grids(notice),
        "requirements": presentation.requirements(notice),
        "participation": presentation.participation(notice),
        "formal_check": presentation.formal_check(notice),
        "publication": presentation.publication(notice),
        "budgets": presentation.budgets(notice),
        "forms": [{"area": area, "pages": presentation.form(notice, area)} for area in notice.areas],
        "replacement": wording.replacement(notice.replacement),
        "table": wording.table(notice.agreement.table_mode),
        "assumptions": presentation.assumptions(notice),
        "number": f"{version.slug} · versione {version.number}",
        "sha256": version.sha256,
    }

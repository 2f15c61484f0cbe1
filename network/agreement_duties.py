"""What follows the acts on an agreement, after the commit: its paper, the comparison of the files that were signed, and a mail to
the office when a guarantee is about to end."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import translation

from applications.evidence.trouble import office_addresses
from bando.deadlines import day_in_rome
from documents.models import Document
from documents.uploads import keep
from network.agreement_pdf import make_pdf
from network.copies import compare
from network.guarantees import NEAR, uncovered
from network.models import Agreement, Guarantee
from network.states import AgreementState
from workflow.chores import chore
from workflow.duties import duty, owe
from workflow.mail import send


@duty("network.agreement_pdf")
def make_agreement_pdf(subject: str, at: datetime) -> None:
    """``subject``: the agreement, and after a space the moment of its preparation. The PDF of what was prepared then, once;
    nothing when it was opened again meanwhile."""
    pk, _space, prepared_at = subject.partition(" ")
    rows = Agreement.objects.select_related("application__call__version", "application__organisation", "project")
    agreement = rows.get(pk=pk)
    if not _waits(agreement, prepared_at):
        return
    content = make_pdf(agreement)
    name = f"convenzione-{agreement.application.number}.pdf"
    paper = keep(content, name=name, media_type="application/pdf", by=None, at=at)
    with transaction.atomic():
        now = Agreement.objects.select_for_update().get(pk=pk)
        if _waits(now, prepared_at):  # whoever opens it again while the paper is drawn finds no paper
            now.text = paper
            now.save(update_fields=["text"])


def _waits(agreement: Agreement, prepared_at: str) -> bool:
    last = agreement.steps.filter(act="prepare").order_by("pk").last()
    is_last = last is not None and last.at == datetime.fromisoformat(prepared_at)
    return agreement.state == AgreementState.READY and agreement.text_id is None and is_last


@duty("network.signed_copy")
def compare_signed_copy(subject: str, at: datetime) -> None:
    """``subject``: the agreement and the file. Nothing when another file took its place meanwhile."""
    pk, document = subject.split()
    agreement = Agreement.objects.select_related("text").get(pk=pk)
    waiting = agreement.parties.filter(signed=document, copy="")
    if agreement.text is not None and waiting.exists():
        copy = compare(agreement.text, Document.objects.get(pk=document))
        waiting.update(copy=copy)


@chore
def watch_guarantees(at: datetime) -> None:
    """Owe a mail for each guarantee that ends within a month and before its agreement, once. One query when none does."""
    today = day_in_rome(at)
    near = Guarantee.objects.filter(
        agreement__state__in=[AgreementState.SIGNED, AgreementState.EFFECTIVE],
        valid_until__gte=today,
        valid_until__lte=today + timedelta(days=NEAR),
        valid_until__lt=F("agreement__ends_on"),
    )
    for guarantee in near.only("pk", "valid_until"):
        owe("network.guarantee_ends", f"{guarantee.pk} {guarantee.valid_until}", at=at)


@duty("network.guarantee_ends")
def tell_the_end(subject: str, at: datetime) -> None:
    """To the office, unless it was taken away, or another of its kind lasts longer."""
    rows = Guarantee.objects.select_related("agreement__application__call__version", "agreement__application__organisation")
    guarantee = rows.filter(pk=subject.split()[0]).first()
    if guarantee is None or guarantee not in uncovered(guarantee.agreement, list(guarantee.agreement.guarantees.all())):
        return
    application = guarantee.agreement.application
    if to := office_addresses(application.call.notice):
        with translation.override("it"):
            context = {
                "guarantee": guarantee,
                "application": application,
                "url": settings.SITE_URL + reverse("desk_agreement_guarantees", args=[application.pk]),
            }
            send("network/email/guarantee_ends", context, to=to, identifier=f"guarantee-ends-{guarantee.pk}")

"""What follows the publication of a ranking, after its commit: the PDF, and a letter to each body."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from applications.models import Application
from documents.pdf import render_pdf
from documents.uploads import keep
from evaluation.models import Placement, Ranking
from evaluation.presentation import TableView
from evaluation.results import result_for
from workflow.duties import duty, owe


@duty("evaluation.ranking_pdf")
def make_ranking_pdf(subject: str, at: datetime) -> None:
    """The PDF of a published ranking, once."""
    ranking = Ranking.objects.select_related("call__version").get(pk=subject)
    if ranking.pdf_id:
        return
    with translation.override("it"):
        table = TableView(ranking.document)
    content = render_pdf("evaluation/pdf/ranking.html", {"ranking": ranking, "table": table, "notice": ranking.call.notice})
    name = f"graduatoria-{ranking.call.slug}-{ranking.area_code}.pdf"
    ranking.pdf = keep(content, name=name, media_type="application/pdf", by=None, at=at)
    ranking.save(update_fields=["pdf"])


@duty("evaluation.result_letters")
def owe_result_letters(subject: str, at: datetime) -> None:
    """One letter is owed for each proposal of the ranking, so that one address that fails holds up no other."""
    for pk in Placement.objects.filter(ranking=subject).values_list("application_id", flat=True):
        owe("evaluation.result_letter", pk, at=at)


@duty("evaluation.result_letter")
def send_result_letter(subject: str, at: datetime) -> None:
    """The result of one proposal, to the people of its body and to its PEC address."""
    application = Application.objects.select_related("call__version", "organisation").get(pk=subject)
    body = application.organisation
    people = User.objects.filter(memberships__organisation=body, is_active=True).values_list("email", flat=True)
    result = result_for(application)
    with translation.override("it"):
        text = render_to_string(
            "evaluation/email/result.txt",
            {
                "application": application,
                "result": result,
                "notice": application.call.notice,
                "address": settings.SITE_URL + reverse("ranking", args=[application.call.slug, application.area_code]),
            },
        )
        subject_line, _blank, message = text.partition("\n\n")
    EmailMessage(subject_line.strip(), message, to=sorted({*people, body.pec})).send()

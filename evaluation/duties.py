"""What follows the publication of a ranking, after its commit: the PDF, and a letter to each body."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from applications.models import Application
from documents.pdf import render_pdf
from documents.uploads import keep
from evaluation.models import Placement, RankingFile, RankingVersion
from evaluation.presentation import TableView
from evaluation.results import result_for
from workflow.duties import duty, owe
from workflow.mail import send


@duty("evaluation.ranking_pdf")
def make_ranking_pdf(subject: str, at: datetime) -> None:
    """The PDF of a published version, once."""
    version = RankingVersion.objects.select_related("ranking__call__version").get(pk=subject)
    if RankingFile.objects.filter(version=version).exists():
        return
    ranking = version.ranking
    with translation.override("it"):
        table = TableView(version.document)
    context = {
        "version": version,
        "table": table,
        "notice": ranking.call.notice,
        "area": ranking.call.notice.area(ranking.area_code),
        "json_url": settings.SITE_URL + reverse("ranking_json", args=[ranking.call.slug, ranking.area_code]),
        "demonstration": settings.DEMO,
    }
    content = render_pdf("evaluation/pdf/ranking.html", context)
    name = f"graduatoria-{ranking.call.slug}-{ranking.area_code}.pdf"
    RankingFile.objects.create(version=version, pdf=keep(content, name=name, media_type="application/pdf", by=None, at=at))


@duty("evaluation.result_letters")
def owe_result_letters(subject: str, at: datetime) -> None:
    """One letter is owed for each proposal of the version, so that one address that fails holds up no other."""
    for pk in Placement.objects.filter(version=subject).values_list("application_id", flat=True):
        owe("evaluation.result_letter", pk, at=at)


@duty("evaluation.result_letter")
def send_result_letter(subject: str, at: datetime) -> None:
    """The result of one proposal, to the people of its body and to its PEC address, which gets the acts of the office."""
    application = Application.objects.select_related("call__version", "organisation").get(pk=subject)
    body, notice = application.organisation, application.call.notice
    people = User.objects.filter(memberships__organisation=body, is_active=True).values_list("email", flat=True)
    with translation.override("it"):
        context = {
            "application": application,
            "result": result_for(application),
            "notice": notice,
            "area": notice.area(application.area_code),
            "url": settings.SITE_URL + reverse("ranking", args=[application.call.slug, application.area_code]),
        }
        send("evaluation/email/result", context, to=sorted({*people, body.pec}), identifier=f"result-{application.pk}")

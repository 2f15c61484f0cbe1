"""What follows the publication of a version and an observation on it, after the commit: the PDF, letters, mails."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from accounts.people import addresses_of
from applications.evidence.trouble import office_addresses
from documents.pdf import render_pdf
from documents.signed_pdf import seal_pdf
from documents.uploads import keep
from evaluation.letters import letter_context
from evaluation.models import Departure, Observation, Placement, Ranking, RankingFile, RankingVersion, ResultLetter, Robustness
from evaluation.presentation import TableView
from evaluation.robustness import report, to_json
from workflow.duties import duty, owe_all
from workflow.ledger import canonical
from workflow.mail import send

LETTER_FORMAT = "bando/result-letter/1"


@duty("evaluation.ranking_pdf")
def make_ranking_pdf(subject: str, at: datetime) -> None:
    """The PDF of a published version, once."""
    version = RankingVersion.objects.select_related("ranking__call__version").get(pk=subject)
    if RankingFile.objects.filter(version=version).exists():
        return
    ranking = version.ranking
    with translation.override("it"):
        table = TableView(version.document)
    where = [ranking.call.slug, ranking.area_code, version.number]
    context = {
        "version": version,
        "table": table,
        "notice": ranking.call.notice,
        "area": ranking.call.notice.area(ranking.area_code),
        "json_url": settings.SITE_URL + reverse("ranking_version_json", args=where),
        "page_url": settings.SITE_URL + reverse("ranking_version", args=where),
        "demonstration": settings.DEMO,
    }
    content = render_pdf("evaluation/pdf/ranking.html", context)
    name = f"graduatoria-{ranking.call.slug}-{ranking.area_code}-v{version.number}.pdf"
    RankingFile.objects.create(version=version, pdf=keep(content, name=name, media_type="application/pdf", by=None, at=at))


@duty("evaluation.result_letters")
def owe_result_letters(subject: str, at: datetime) -> None:
    """One letter is owed for each proposal of the version, so that one address that fails holds up no other."""
    placements = Placement.objects.filter(version=subject).order_by("pk").values_list("pk", flat=True)
    owe_all([("evaluation.result_letter", pk) for pk in placements], at=at)


@duty("evaluation.result_letter")
def send_result_letter(subject: str, at: datetime) -> None:
    """The letter about one proposal: its PDF once, then the mail to the people of its body and to its PEC address, which gets
    the acts of the office."""
    placement = Placement.objects.select_related(
        "version__ranking", "application__call__version", "application__organisation"
    ).get(pk=subject)
    application = placement.application
    with translation.override("it"):
        context = letter_context(placement)
        if not ResultLetter.objects.filter(placement=placement).exists():
            _keep_letter(placement, context, at=at)
        context["url"] = settings.SITE_URL + reverse("result_letter", args=[application.pk])
        identifier = f"result-{application.pk}-{placement.version.number}"
        send("evaluation/email/result", context, to=addresses_of(application.organisation), identifier=identifier)


def _keep_letter(placement: Placement, context: dict[str, Any], *, at: datetime) -> None:
    version, application = placement.version, placement.application
    pdf = render_pdf("evaluation/pdf/letter.html", {**context, "number": application.number, "demonstration": settings.DEMO})
    data = {
        "format": LETTER_FORMAT,
        "application": application.number,
        "call": application.call.slug,
        "area": application.area_code,
        "version": version.number,
        "ranking_sha256": version.sha256,
        "position": placement.position,
        "outcome": placement.outcome,
        "total": placement.total,
    }
    name = f"esito-{application.number}-v{version.number}.pdf"
    kept = keep(seal_pdf(pdf, data, "esito.json"), name=name, media_type="application/pdf", by=None, at=at)
    ResultLetter.objects.create(placement=placement, pdf=kept)


# Robustness


@duty("evaluation.robustness")
def look_at_robustness(subject: str, at: datetime) -> None:
    """How firm the ranking with this hash is: of the working copy or of a version; nothing if it is neither any more."""
    found = (
        RankingVersion.objects.filter(sha256=subject).values_list("content", flat=True).first()
        or Ranking.objects.filter(sha256=subject).values_list("content", flat=True).first()
    )
    if found is not None and not Robustness.objects.filter(sha256=subject).exists():
        content = json.loads(found)
        Robustness.objects.create(sha256=subject, content=canonical(to_json(report(content), content)), at=at)


# Departures


@duty("evaluation.departure_letter")
def tell_who_left(subject: str, at: datetime) -> None:
    """To the body that its proposal is out, and why."""
    left = Departure.objects.select_related("application__call__version", "application__organisation").get(pk=subject)
    application = left.application
    with translation.override("it"):
        context = {
            "departure": left,
            "application": application,
            "call": application.call,
            "area": application.area,
            "url": f"{settings.SITE_URL}{reverse('application', args=[application.pk])}",
        }
        send(
            "evaluation/email/departure", context, to=addresses_of(application.organisation), identifier=f"departure-{left.pk}"
        )


# Observations


@duty("evaluation.observation_kept")
def tell_who_observed(subject: str, at: datetime) -> None:
    found = _observation(subject)
    _write("observation_kept", found, to=addresses_of(found.application.organisation), url="application_observation")


@duty("evaluation.observation_to_read")
def tell_the_office(subject: str, at: datetime) -> None:
    """That there is one to read, and nothing of what it says."""
    found = _observation(subject)
    application = found.application
    here = reverse("desk_observations", args=[application.call.slug, application.area_code])
    if to := office_addresses(application.call.notice):
        with translation.override("it"):
            context = {"observation": found, "application": application, "url": f"{settings.SITE_URL}{here}"}
            send("evaluation/email/observation_to_read", context, to=to, identifier=f"observation-to-read-{found.pk}")


@duty("evaluation.observation_answered")
def tell_the_answer(subject: str, at: datetime) -> None:
    found = _observation(subject)
    _write("observation_answered", found, to=addresses_of(found.application.organisation), url="application_observation")


def _write(mail: str, found: Observation, *, to: list[str], url: str) -> None:
    here = reverse(url, args=[found.application_id])
    with translation.override("it"):
        context = {"observation": found, "application": found.application, "url": f"{settings.SITE_URL}{here}"}
        send(f"evaluation/email/{mail}", context, to=to, identifier=f"{mail}-{found.pk}".replace("_", "-"))


def _observation(pk: str) -> Observation:
    return Observation.objects.select_related("application__call__version", "application__organisation", "version").get(pk=pk)

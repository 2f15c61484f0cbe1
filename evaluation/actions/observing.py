"""A body writes on a provisional ranking, and the office answers."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from applications.models import Application
from evaluation.models import Observation, Ranking, RankingVersion
from evaluation.rules.observing import reasons_not_to_answer, reasons_not_to_observe
from workflow.duties import owe_all
from workflow.perform import record
from workflow.transition import Refused


def write_observation(application: Application, version: RankingVersion, *, text: str, by: User, at: datetime) -> Observation:
    """Keep what a body writes on ``version`` within its term. Raises ``Refused``. The office and the body get a mail."""
    with transaction.atomic():
        ranking = Ranking.objects.select_for_update().get(pk=version.ranking_id)
        latest = ranking.latest or version
        if against := reasons_not_to_observe(application, latest, text=text, by=by, at=at):
            raise Refused(against)
        found = Observation.objects.create(version=latest, application=application, text=text.strip(), by=by, at=at)
        facts = {"observation": found.pk, "application": application.number, "version": latest.number}
        record(ranking, "observe", by=by, at=at, facts=facts)
        owe_all([("evaluation.observation_kept", found.pk), ("evaluation.observation_to_read", found.pk)], at=at)
        return found


def answer_observation(observation: Observation, *, outcome: str, answer: str, by: User, at: datetime) -> Observation:
    """Answer once, with the outcome and its reasons. Raises ``Refused``. The body gets a mail; an observation that is accepted
    changes no number by itself: the marks are reopened, and the ranking computed again, by their own acts."""
    with transaction.atomic():
        observation.refresh_from_db(from_queryset=Observation.objects.select_for_update())
        if against := reasons_not_to_answer(observation, outcome=outcome, answer=answer, by=by):
            raise Refused(against)
        observation.outcome, observation.answer = outcome, answer.strip()
        observation.answered_by, observation.answered_at = by, at
        observation.save(update_fields=["outcome", "answer", "answered_by", "answered_at"])
        facts = {"observation": observation.pk, "application": observation.application.number, "outcome": outcome}
        record(observation.version.ranking, "answer_observation", by=by, at=at, facts=facts)
        owe_all([("evaluation.observation_answered", observation.pk)], at=at)
        return observation

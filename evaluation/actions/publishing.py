"""A ranking is computed, published in one version after the other, corrected."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Required, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Application
from applications.states import ApplicationState as S
from bando.deadlines import term
from bando.models import Call
from evaluation.departures import out_of, vacated_of
from evaluation.models import Placement, PublicTitle, Ranking, RankingVersion, VersionKind
from evaluation.publication import compose
from evaluation.ranking import Outcome
from evaluation.release import released, retitled
from evaluation.rules.publishing import reasons_not_to_retitle
from evaluation.scoring import MarksError
from evaluation.states import DrawState, RankingState
from evaluation.transitions import (
    COMPUTE,
    CONCLUDE,
    CORRECT,
    CORRECT_TO_BELOW,
    CORRECT_TO_SELECTED,
    CORRECT_TO_TIE,
    CORRECT_TO_WAITING,
    FALL_BELOW,
    PUBLISH,
    PUBLISH_PROVISIONAL,
    RANK,
    RECOMPUTE,
    REVISE,
    SELECT,
    WAIT,
)
from workflow.duties import owe
from workflow.ledger import canonical, digest
from workflow.perform import perform, perform_all, reasons_against, record
from workflow.transition import Attempt, Refused, Transition

ACT_OF_OUTCOME = {Outcome.SELECTED: SELECT, Outcome.WAITING: WAIT, Outcome.BELOW_THRESHOLD: FALL_BELOW}
"""A tie across the last place has no act: those proposals stay in the ranking until the chain or a draw decides. Who fell out
had an act of its own."""

CORRECTION_OF_OUTCOME = {
    Outcome.SELECTED: CORRECT_TO_SELECTED,
    Outcome.WAITING: CORRECT_TO_WAITING,
    Outcome.BELOW_THRESHOLD: CORRECT_TO_BELOW,
    Outcome.TIE_PENDING: CORRECT_TO_TIE,
}


# Computing


def compute_ranking(call: Call, area_code: str, *, by: User, at: datetime, reason: str = "") -> Ranking:
    """Compose the marks of an area into its ranking, to be looked at and published. It may be done again: after the provisional
    publication too, and after the final one with a ``reason``. What was published stays as it is."""
    with transaction.atomic():
        ranking, _made = Ranking.objects.get_or_create(
            call=call, area_code=area_code, defaults={"content": "{}", "sha256": digest("{}"), "computed_at": at}
        )
        return _compute(ranking, reason=reason, by=by, at=at)


def recompute_ranking(ranking: Ranking, *, reason: str, by: User, at: datetime) -> Ranking:
    """``compute_ranking`` of one that exists. Raises ``Refused``, after the final publication without a reason too."""
    with transaction.atomic():
        return _compute(ranking, reason=reason, by=by, at=at)


def _compute(ranking: Ranking, *, reason: str, by: User, at: datetime) -> Ranking:
    call, area_code = ranking.call, ranking.area_code

    def compose_it(attempt: Attempt) -> Mapping[str, Any]:
        try:
            ranked = compose(
                call,
                area_code,
                out=out_of(call, area_code),
                vacated=vacated_of(call, area_code),
                draws=list(ranking.draws.filter(state=DrawState.DRAWN)),
            )
        except MarksError as error:
            raise Refused([_("I punteggi non bastano per calcolare: %(problem)s.") % {"problem": error}]) from error
        _keep(ranking, retitled(ranked.document, public_titles(ranking)), at=at)
        perform_all(RANK, Application.objects.filter(call=call, area_code=area_code, state=S.EVALUATED), by=by, at=at)
        return {"sha256": ranking.sha256, "proposals": len(ranked.applications)}

    rows = {RankingState.PROVISIONAL: REVISE, RankingState.PUBLISHED: RECOMPUTE}
    perform(rows.get(RankingState(ranking.state), COMPUTE), ranking, by=by, at=at, reason=reason, effect=compose_it)
    return ranking


def _keep(ranking: Ranking, document: Mapping[str, Any], *, at: datetime) -> None:
    ranking.content = canonical(document)
    ranking.sha256 = digest(ranking.content)
    ranking.computed_at = at
    ranking.save(update_fields=["content", "sha256", "computed_at"])
    ranking.__dict__.pop("document", None)
    owe("evaluation.robustness", ranking.sha256, at=at)


# Titles


def public_titles(ranking: Ranking) -> dict[str, str]:
    """Application number to the title under which it is published, for those that have another one than they gave."""
    rows = PublicTitle.objects.filter(application__call=ranking.call_id, application__area_code=ranking.area_code)
    return dict(rows.order_by("pk").values_list("application__number", "title"))


def set_public_title(ranking: Ranking, number: str, title: str, *, reason: str, by: User, at: datetime) -> Ranking:
    """Publish a proposal under another title than the one its body gave: the official takes a person's data out of it. The
    proposal itself is not touched. Raises ``Refused``; ``Application.DoesNotExist`` for a number that the area does not have.
    """
    application = Application.objects.get(call=ranking.call_id, area_code=ranking.area_code, number=number)
    if against := reasons_not_to_retitle(by, title, reason):
        raise Refused(against)
    with transaction.atomic():
        ranking.refresh_from_db(from_queryset=Ranking.objects.select_for_update())
        _forget_the_document(ranking)
        kept = PublicTitle.objects.create(application=application, title=title.strip(), reason=reason.strip(), by=by, at=at)
        _keep(ranking, retitled(ranking.document, {number: kept.title}), at=ranking.computed_at)
        facts = {"application": number, "title": kept.title, "sha256": ranking.sha256}
        record(ranking, "retitle", by=by, at=at, reason=kept.reason, facts=facts)
        return ranking


# Publishing


class Said(TypedDict, total=False):
    """What the office says with a version. ``seen`` is the hash of the text that the official has previewed;
    ``unfilled_reason`` says why places stay empty, ``note`` why it differs from the version before; ``confirmed``: what
    looks like a person's data was read."""

    act_number: Required[str]
    act_date: Required[date | None]
    seen: str | None
    unfilled_reason: str
    note: str
    confirmed: bool


def publish_provisional(ranking: Ranking, *, by: User, at: datetime, **said: Unpack[Said]) -> Ranking:
    """Publish a computed ranking for the observations of the bodies, who may write until the end of the days that the call
    gives. No proposal takes its outcome yet."""
    return _publish(PUBLISH_PROVISIONAL, ranking, VersionKind.PROVISIONAL, by=by, at=at, **said)


def publish_ranking(ranking: Ranking, *, by: User, at: datetime, **said: Unpack[Said]) -> Ranking:
    """Publish the final ranking with the act that approves it. Each proposal takes its outcome; letters and the PDF
    follow; with the last area the call is concluded."""
    with transaction.atomic():
        _publish(PUBLISH, ranking, VersionKind.FINAL, by=by, at=at, **said)
        call = ranking.call
        if not reasons_against(CONCLUDE, call, by=by, at=at):
            perform(CONCLUDE, call, by=by, at=at)
        return ranking


def correct_ranking(
    ranking: Ranking,
    *,
    act_number: str,
    act_date: date | None,
    reason: str,
    by: User,
    at: datetime,
    seen: str | None = None,
    unfilled_reason: str = "",
    confirmed: bool = False,
) -> Ranking:
    """Publish the working copy as a further version of a final ranking, with its act and the ``reason``, which is published.
    The proposals whose outcome changed take the new one, until their agreement is signed. Where places stay empty and no
    ``unfilled_reason`` is given, the one before stands, or else the reason of the correction."""
    before = ranking.latest
    kept = before.document.get("unfilled_reason", "") if before else ""
    return _publish(
        CORRECT,
        ranking,
        VersionKind.FINAL,
        by=by,
        at=at,
        reason=reason,
        act_number=act_number,
        act_date=act_date,
        seen=seen,
        unfilled_reason=unfilled_reason or kept or reason,
        note=reason,
        confirmed=confirmed,
    )


def _publish(
    act: Transition,
    ranking: Ranking,
    kind: VersionKind,
    *,
    act_number: str,
    act_date: date | None,
    by: User,
    at: datetime,
    reason: str = "",
    seen: str | None = None,
    unfilled_reason: str = "",
    note: str = "",
    confirmed: bool = False,
) -> Ranking:
    data = {
        "kind": kind,
        "act_number": act_number,
        "act_date": act_date,
        "seen": seen,
        "unfilled_reason": unfilled_reason,
        "note": note,
        "confirmed": confirmed,
    }

    def publish(attempt: Attempt) -> Mapping[str, Any]:
        version = _write_version(ranking, kind, data, by=by, at=at)
        if kind is VersionKind.FINAL:
            _outcomes(version, CORRECTION_OF_OUTCOME if act is CORRECT else ACT_OF_OUTCOME, reason=reason, by=by, at=at)
        owe("evaluation.ranking_pdf", version.pk, at=at)
        owe("evaluation.result_letters", version.pk, at=at)
        owe("evaluation.robustness", version.sha256, at=at)
        return {
            "version": version.number,
            "kind": str(kind),
            "sha256": version.sha256,
            "act": {"number": version.act_number, "date": version.act_date},
        }

    with transaction.atomic():
        perform(act, ranking, by=by, at=at, reason=reason, data=data, look=_forget_the_document, effect=publish)
        return ranking


def _forget_the_document(ranking: Ranking) -> None:
    """What is judged and published is what is stored, not what this instance had read before."""
    ranking.__dict__.pop("document", None)


def _write_version(ranking: Ranking, kind: VersionKind, data: Mapping[str, Any], *, by: User, at: datetime) -> RankingVersion:
    """What was computed becomes the next version, with its act and its placements."""
    before = ranking.latest
    number = before.number + 1 if before else 1
    act_number, note = data["act_number"].strip(), data["note"].strip()
    content = canonical(
        released(
            ranking.document,
            number=number,
            kind=str(kind),
            replaces=before.sha256 if before else None,
            note=note,
            act_number=act_number,
            act_date=data["act_date"],
            unfilled_reason=data["unfilled_reason"].strip(),
        )
    )
    days = ranking.call.notice.publication.observations_days
    version = RankingVersion.objects.create(
        ranking=ranking,
        number=number,
        kind=kind,
        content=content,
        sha256=digest(content),
        act_number=act_number,
        act_date=data["act_date"],
        published_at=at,
        published_by=by,
        observations_until=term(at, days) if kind is VersionKind.PROVISIONAL and days else None,
        note=note,
    )
    rows = {row["application"]: row for row in version.document["rows"]}
    applications = Application.objects.filter(call=ranking.call_id, area_code=ranking.area_code, number__in=rows)
    Placement.objects.bulk_create(
        [
            Placement(
                version=version,
                application_id=pk,
                position=rows[number]["position"],
                outcome=rows[number]["outcome"],
                total=rows[number]["total"]["published"],
            )
            for number, pk in applications.order_by("number").values_list("number", "pk")
        ]
    )
    return version


def _outcomes(version: RankingVersion, acts: Mapping[Outcome, Transition], *, reason: str, by: User, at: datetime) -> None:
    """The outcome of each proposal that hasn't it yet, as its ranking gives it."""
    ranking, rows = version.ranking, {row["application"]: row for row in version.document["rows"]}
    applications = Application.objects.filter(call=ranking.call_id, area_code=ranking.area_code)
    for outcome, act in acts.items():
        found = applications.filter(number__in=[number for number, row in rows.items() if row["outcome"] == outcome])
        perform_all(
            act,
            found.filter(state__in=act.sources) if act in CORRECTION_OF_OUTCOME.values() else found,
            by=by,
            at=at,
            reason=reason,
            facts=lambda application: {
                "position": rows[application.number]["position"],
                "total": rows[application.number]["total"]["published"],
            },
        )

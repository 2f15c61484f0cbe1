"""What all the members gave, once they have all concluded: to discuss what they disagree on. Read only."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bando.models import Call
from bando.notice.grid import Criterion
from evaluation.agreement import Disagreement, Spread
from evaluation.composing import ComposedCriterion, Composition, Given
from evaluation.figures import exact_figure, figure
from evaluation.models import Member, Ranking, Sheet
from evaluation.progress import Progress
from evaluation.rounding import Roundings, published
from evaluation.views.member import seat_of
from evaluation.views.office import area_of, call_of
from evaluation.words import label_of, value_words


@login_required
@require_GET
def composition(request: HttpRequest, slug: str, area: str) -> HttpResponse:
    """The proposals of an area on which everybody has concluded, the most discordant first; one of them is opened criterion by
    criterion. For who has a seat, and for the office once the evaluation is closed."""
    call, member = _reader(request, slug)
    field = area_of(call, area)
    progress = Progress(call, area)
    may_read = member is not None or progress.is_closed
    context: dict[str, Any] = {"call": call, "area": field, "member": member, "may_read": may_read, "progress": progress}
    if may_read:
        found = Composition(call, area, progress, user=request.user)
        number = request.GET.get("domanda", "")
        opened = next((item for item in found.proposals if item.application.number == number), None)
        if number and opened is None:
            raise Http404
        context |= {
            "rows": [_row(found, item) for item in found.proposals],
            "waiting": found.waiting,
            "labels": found.labels,
            "opened": opened,
            "criteria": [_criterion(found, part) for part in found.criteria_of(opened)] if opened else [],
            "own": _own_sheet(request, member, opened.application.pk) if opened and member else None,
            "is_ranked": member is not None and progress.is_closed and _is_ranked_for(member, area, progress),
        }
    return render(request, "evaluation/composition.html", context)


def _reader(request: HttpRequest, slug: str) -> tuple[Call, Member | None]:
    """The call, with the seat of who reads it; without one, an official."""
    if request.user.is_official and not Member.objects.seated().filter(user=request.user, commission__call__slug=slug).exists():
        return call_of(request, slug), None
    member = seat_of(request, slug)
    return member.commission.call, member


def _own_sheet(request: HttpRequest, member: Member, application: Any) -> Sheet | None:
    """Where a member goes to change their mind: their own sheet, or that of the whole commission."""
    return Sheet.objects.visible_to(request.user).filter(application=application).first()


def _is_ranked_for(member: Member, area: str, progress: Progress) -> bool:
    """Whether there is a ranking of which the member may read how firm it is: that tells the totals of every proposal."""
    if any(row.member_id == member.pk for row in progress.conflicts()):
        return False
    return Ranking.objects.filter(call=member.commission.call, area_code=area).exists()


def _row(found: Composition, item: Any) -> dict[str, Any]:
    said: Disagreement | None = item.disagreement
    names = {criterion.code: criterion.letter or criterion.title for criterion in found.grid.criteria}
    return {
        "application": item.application,
        "title": item.title,
        "spread": _spread(said.total) if said else None,
        "discordant": [names[code] for code in said.discordant] if said else [],
    }


def _criterion(found: Composition, part: ComposedCriterion) -> dict[str, Any]:
    return {
        "criterion": part.criterion,
        "given": [
            {"member": label, "words": _given_words(found, part.criterion, given), "reason": given.reason}
            for label, given in zip(found.labels, part.given, strict=True)
        ],
        "spread": _spread(part.spread) if part.spread else None,
        "points": "" if part.points is None else _published(found, part.points),
        "has_reasons": any(given.reason for given in part.given),
    }


def _given_words(found: Composition, criterion: Criterion, given: Given) -> str:
    if given.units is None:
        return "" if given.points is None else exact_figure(given.points)
    level = label_of(found.grid, criterion, given.units) or value_words(criterion, given.units)
    return (
        level
        if given.points is None
        else _("%(points)s (%(level)s)")
        % {
            "points": exact_figure(given.points),
            "level": level,
        }
    )


def _spread(spread: Spread) -> dict[str, Any]:
    return {
        "mean": _rounded(spread.mean),
        "lowest": exact_figure(spread.lowest),
        "highest": exact_figure(spread.highest),
        "gap": exact_figure(spread.gap),
        "ratio": "" if spread.ratio is None else _rounded(spread.ratio),
        "discordant": spread.discordant,
    }


def _published(found: Composition, points: Fraction) -> str:
    """With the digits of the call, as the ranking will show it."""
    mode = Roundings(found.grid.rounding).published_mode
    return figure(format(published(points, found.grid.published_digits, mode), "f"))


def _rounded(value: Fraction) -> str:
    """For the eye alone: nothing is computed from it."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return figure(format(exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP), "f"))

"""The road of an application after its ranking."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from applications.history import milestones
from applications.models import Application
from tests.builders import DEADLINE, load_fixture_call, submitted_application

pytestmark = pytest.mark.django_db

RANKED, OUT, CORRECTED = (DEADLINE + timedelta(days=days) for days in (1, 2, 3))


@pytest.mark.parametrize(
    ("state", "acts", "ranking"),
    [
        ("evaluated", [], ("dopo la valutazione", "now", "")),
        ("ranked", [("rank", RANKED)], ("dopo la valutazione", "now", "")),
        ("waiting", [("rank", RANKED), ("wait", OUT)], (OUT, "done", "wait")),
        (
            "waiting",
            [("rank", RANKED), ("select", OUT), ("correct_to_waiting", CORRECTED)],
            (CORRECTED, "done", "correct_to_waiting"),
        ),
    ],
)
def test_the_ranking_is_reached_when_it_is_published_and_tells_the_last_outcome(state, acts, ranking):
    row = submitted_application(load_fixture_call())
    Application.objects.filter(pk=row.pk).update(state=state)
    row = Application.objects.with_call().get(pk=row.pk)
    steps = [SimpleNamespace(act=act, at=at, label=act, reason="") for act, at in acts]
    found = [one for one in milestones(row, steps, CORRECTED) if one["title"] == "Graduatoria"]
    assert [(one["at"], one["state"], one["body"]) for one in found] == [ranking]

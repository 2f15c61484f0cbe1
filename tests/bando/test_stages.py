from datetime import timedelta

import pytest

from bando.deadlines import rome
from bando.models import Call
from bando.stages import Stage, stage
from bando.states import CallState

OPENS, CLOSES = rome(2021, 9, 17, 12), rome(2021, 10, 18, 12)
INSTANT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("state", "at", "expected"),
    [
        (CallState.DRAFT, OPENS, Stage.DRAFT),
        (CallState.PUBLISHED, OPENS - INSTANT, Stage.UPCOMING),
        (CallState.PUBLISHED, OPENS, Stage.OPEN),
        (CallState.PUBLISHED, CLOSES, Stage.OPEN),
        (CallState.PUBLISHED, CLOSES + INSTANT, Stage.EVALUATION),
        (CallState.RANKED, CLOSES + INSTANT, Stage.CONCLUDED),
        (CallState.REVOKED, OPENS, Stage.REVOKED),
    ],
)
def test_a_call_stands_where_its_last_act_and_the_clock_put_it(state, at, expected):
    assert stage(Call(state=state, opens_at=OPENS, closes_at=CLOSES), at) is expected


def test_every_stage_has_a_look():
    assert {kind.kind for kind in Stage} == {"neutral", "info", "open", "progress", "danger"}

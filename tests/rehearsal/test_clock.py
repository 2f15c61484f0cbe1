from __future__ import annotations

from datetime import UTC, datetime, timedelta

import time_machine

from rehearsal.clock import arriving, now

NOON = datetime(2021, 10, 18, 10, tzinfo=UTC)


def test_time_is_the_machines_but_inside_a_moment():
    with time_machine.travel(NOON, tick=False):
        with arriving(NOON - timedelta(days=3)):
            with arriving(NOON + timedelta(days=1)):
                assert now() == NOON + timedelta(days=1)
            assert now() == NOON - timedelta(days=3)
        assert now() == NOON

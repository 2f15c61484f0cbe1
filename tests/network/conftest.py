"""The network's pages are opened on a Monday at ten, while the road of tests/road.py has an open Spazio."""

import pytest
import time_machine

from bando.deadlines import rome


@pytest.fixture
def a_monday_morning():
    with time_machine.travel(rome(2022, 5, 2, 10), tick=False):
        yield

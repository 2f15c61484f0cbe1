"""The clock of the program is the machine's, whatever the environment says."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime

import time_machine

from bando import clock

NOON = datetime(2021, 10, 18, 10, tzinfo=UTC)


def test_the_clock_is_the_machines():
    with time_machine.travel(NOON, tick=False):
        assert clock.now() == NOON


def test_no_variable_names_another_clock(tmp_path):
    named = {
        "BANDO_CLOCK": "rehearsal.clock.now",
        "CLOCK": "rehearsal.clock.now",
        "BANDO_DEBUG": "1",
        "BANDO_VAR": str(tmp_path),
    }
    asked = "from bando import settings; print(settings.CLOCK)"
    said = subprocess.run([sys.executable, "-c", asked], env=os.environ | named, capture_output=True, text=True, check=True)
    assert said.stdout == "django.utils.timezone.now\n"

"""What the worker looks after once a minute."""

import pytest
from django.core.management import call_command

from tests.builders import WORKDAY
from workflow import chores
from workflow.chores import chore, do_chores


@pytest.fixture
def asked(monkeypatch):
    """The moments at which a chore of the test was asked, after one that fails."""
    monkeypatch.setattr(chores, "_registry", [])
    moments = []

    @chore
    def fails(at):
        raise RuntimeError("rotto")

    chore(moments.append)
    return moments


def test_a_chore_that_fails_stops_no_other(asked):
    do_chores(WORKDAY)
    assert asked == [WORKDAY]


@pytest.mark.django_db
def test_the_worker_does_the_chores_once(asked):
    call_command("work", "--once")
    assert len(asked) == 1

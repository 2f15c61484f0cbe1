from __future__ import annotations

from datetime import timedelta

import pytest

from applications.evidence import service
from applications.models import Event, ProbeReading
from network.demonstration.evidence import Hours
from tests.builders import AFTER, DEADLINE, attach_pdf, draft_application, load_fixture_call

pytestmark = pytest.mark.django_db

READ_AT = DEADLINE + timedelta(days=1)


@pytest.fixture
def application(db):
    found = draft_application(load_fixture_call())
    attach_pdf(found, "statuto")
    return found


def test_the_hours_tell_a_slow_site_and_a_silent_probe(application):
    Hours(DEADLINE).keep()
    seen = service.observe(application.call, at=READ_AT)
    assert [(span.what, span.why, span.count) for span in seen.incidents] == [("door", "slow", 16)]
    assert [(span.what, span.why) for span in seen.gaps] == [("probe", "silent")]
    assert ProbeReading.objects.filter(ok=False).count() == 0


def test_what_was_tried_is_kept_in_the_order_of_time(application):
    hours = Hours(DEADLINE)
    hours.sends(application, at=AFTER, by=application.created_by, reasons=["Il termine è scaduto."])
    hours.writes(application, until=DEADLINE - timedelta(minutes=4), by=application.created_by)
    hours.keep()
    kinds = list(Event.objects.values_list("kind", "outcome"))
    assert kinds == [
        *[("save", "done")] * 18,
        ("upload", "done"),
        ("submit_arrived", "arrived"),
        ("submit", "refused"),
    ]
    assert Event.objects.get(kind="submit").facts == {"reasons": ["Il termine è scaduto."]}

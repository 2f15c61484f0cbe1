"""What is told of the service, in numbers and in words."""

from datetime import timedelta

import pytest
from django.utils import translation

from applications.evidence.incidents import Span
from applications.evidence.service import findings, observe, seconds, told, worst_by_minute
from applications.models import Event, ProbeReading
from tests.builders import DEADLINE, WORKDAY, draft_application, load_fixture_call

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def call(db):
    return load_fixture_call()


def reading(at, took_us=40_000, *, what="door", ok=True):
    ProbeReading.objects.create(what=what, at=at, took_us=took_us, ok=ok)


def spaced(sentence):
    return sentence.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("at", "begins", "ends"),
    [
        (WORKDAY, WORKDAY - timedelta(hours=2), WORKDAY),
        (DEADLINE, DEADLINE - timedelta(hours=2), DEADLINE),
        (DEADLINE + timedelta(minutes=20), DEADLINE - timedelta(hours=2), DEADLINE + timedelta(minutes=20)),
        (DEADLINE + timedelta(days=9), DEADLINE - timedelta(hours=2), DEADLINE + timedelta(hours=1)),
    ],
)
def test_two_hours_before_the_deadline_are_looked_at_and_one_after(call, at, begins, ends):
    observed = observe(call, at=at)
    assert (observed.begins, observed.ends) == (begins, ends)


def test_far_from_a_deadline_a_silent_probe_is_no_gap(call):
    assert observe(call, at=WORKDAY).gaps == []
    assert len(observe(call, at=DEADLINE).gaps) == 1


def test_the_probe_is_told_by_minute_with_the_longest_time_of_each_thing(call):
    for second, took in ((0, 30_000), (10, 50_000), (20, 40_000)):
        reading(DEADLINE - MINUTE + timedelta(seconds=second), took)
    reading(DEADLINE - MINUTE + timedelta(seconds=25), 6_000_000, what="storage")
    assert worst_by_minute(observe(call, at=DEADLINE)) == [
        {"at": DEADLINE - MINUTE, "count": 4, "bad": 1, "door": 50_000, "database": None, "storage": 6_000_000}
    ]


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (
            Span(DEADLINE - MINUTE, DEADLINE, "door", "slow", 4, 8_200_000),
            "Il sito ha risposto in ritardo dalle 11:59:00,000000 CEST alle 12:00:00,000000 CEST: 4 misure di seguito oltre 5 "
            "secondi, la più lunga 8,200000 secondi.",
        ),
        (
            Span(DEADLINE - MINUTE, DEADLINE, "storage", "failed", 1, 10_000_000),
            "L'archivio dei file non ha risposto dalle 11:59:00,000000 CEST alle 12:00:00,000000 CEST: 1 misura, durata "
            "10,000000 secondi.",
        ),
        (
            Span(DEADLINE - MINUTE, DEADLINE, "attempts", "errors", 7, 1),
            "Dalle 11:59:00,000000 CEST alle 12:00:00,000000 CEST 7 richieste di chi partecipa non sono riuscite per un errore "
            "del nostro servizio.",
        ),
        (
            Span(DEADLINE - MINUTE, DEADLINE, "probe", "silent"),
            "La sonda non ha misurato dalle 11:59:00,000000 CEST alle 12:00:00,000000 CEST.",
        ),
    ],
)
def test_a_span_is_one_sentence_with_its_moments_and_its_count(span, expected):
    assert spaced(told(span)) == expected


@pytest.mark.parametrize(
    ("took", "expected"), [(0, "0,000000 secondi"), (1, "0,000001 secondi"), (8_000_000, "8,000000 secondi")]
)
def test_a_time_is_told_with_all_its_digits(took, expected):
    assert seconds(took) == expected


def test_in_english_the_digits_are_english_too():
    with translation.override("en"):
        assert seconds(8_000_001).startswith("8.000001 ")


def test_errors_of_ours_among_the_attempts_are_an_incident(call):
    application = draft_application(call)
    for second in range(3):
        at = DEADLINE - MINUTE + timedelta(seconds=second)
        Event.objects.create(
            call=call, application=application, kind="save", outcome="failed", arrived_at=at, ended_at=at + timedelta(seconds=1)
        )
    observed = observe(call, at=DEADLINE)
    assert observed.incidents == [Span(DEADLINE - MINUTE, DEADLINE, "attempts", "errors", 3, 1_000_000)]


def test_without_a_measure_the_words_say_that_nothing_is_known(call):
    assert [spaced(sentence) for sentence in findings(observe(call, at=DEADLINE))] == [
        "Nell'ora prima della scadenza non c'è nessuna misura della sonda: sul servizio non dice niente.",
        "La sonda non ha misurato dalle 10:00:00,000000 CEST alle 12:00:00,000000 CEST.",
    ]

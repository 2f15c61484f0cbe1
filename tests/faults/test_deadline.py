"""The last moments before a deadline, against the web server of production on PostgreSQL: who came in time is in, once; who
came later is not, and hears why."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

from tests.builders import small_pdf
from tests.faults.conftest import RULE
from tests.faults.storm import Ready, ready

SENDERS = int(os.environ.get("BANDO_TEST_STORM", "100"))
"""How many send in the storm; ``docs/performance.md`` tells of a thousand."""
TICK = timedelta(microseconds=1)
SHUT = "Il termine è scaduto: la domanda non si può più inviare."


def just_now() -> datetime:
    """A deadline that passes while its applications are prepared: each request comes when the proxy says."""
    return datetime.now(ZoneInfo("Europe/Rome")).replace(microsecond=0)


def moments(people: list[Ready]) -> list[tuple[Any, ...]]:
    """When each sending came and when it was written, in the order of ``people``."""
    query = (
        "select application_id::text, arrived_at, committed_at from applications_submission "
        "where application_id = any(%s::uuid[]) order by array_position(%s::uuid[], application_id), sequence"
    )
    pks = [one.pk for one in people]
    return people[0].site.database.rows(query, pks, pks)


def test_what_arrives_by_the_deadline_is_in_and_what_comes_a_microsecond_later_is_not(prepared, tmp_path):
    deadline = just_now()
    under_way, last, late, early = people = ready(tmp_path, prepared[1], slug="frontiera", deadline=deadline, applications=4)
    site, content = early.site, small_pdf("A metà")
    with site.web():
        # It came a tenth of a second before, and could not be written until three seconds after.
        before = deadline - timedelta(seconds=0.1)
        with psycopg.connect(site.database.url) as other, ThreadPoolExecutor() as pool:
            other.execute("select 1 from applications_application where id = %s for update", [under_way.pk])
            answer = pool.submit(under_way.send, before)
            until(lambda: site.database.rows("select 1 from pg_stat_activity where wait_event_type = 'Lock'"))
            until(lambda: datetime.now(deadline.tzinfo) >= deadline + timedelta(seconds=3))
            assert moments(people) == []
            other.rollback()
            assert (answer.result().status, answer.result().location) == (302, under_way.url("ricevuta/"))
        assert last.send(deadline).status == 302
        assert early.send(deadline - timedelta(minutes=5)).status == 302
        refused = late.send(deadline + TICK)
        assert (refused.status, SHUT in refused.text) == (409, True), refused.text
        assert late.send(deadline).status == 302  # the same press, had it come in time

        # A file whose parts come on both sides of the deadline.
        site.database.do(
            "update applications_attachment set removed_at = now() where application_id = %s and rule = %s", early.pk, RULE
        )
        asked = {"rule": RULE, "name": "in-tempo.pdf", "size": len(content), "fingerprint": "f"}
        where = early.who(deadline - TICK).post_json(early.url("caricamenti/"), asked).json["url"]
        first = early.who(deadline).post_bytes(where, content[:100], Upload_Offset="0")
        rest = early.who(deadline + TICK).post_bytes(where, content[100:], Upload_Offset="100")
        assert (first.status, first.json["offset"], rest.status) == (200, 100, 409)
        again = early.send(deadline + TICK)
        assert (again.status, again.location) == (302, early.url("ricevuta/"))  # what was sent before, and nothing new
    said = moments(people)
    assert [(pk, arrived) for pk, arrived, _written in said] == [
        (under_way.pk, before),
        (last.pk, deadline),
        (late.pk, deadline),
        (early.pk, deadline - timedelta(minutes=5)),
    ]
    assert said[0][2] >= deadline + timedelta(seconds=3)
    names = (
        "select 1 from documents_document d join applications_attachment a on a.document_id = d.id where name = 'in-tempo.pdf'"
    )
    assert site.database.rows(names) == []


def test_all_who_send_at_once_at_the_last_moment_get_one_number_each_and_nobody_else(prepared, tmp_path):
    deadline = just_now()
    people = ready(tmp_path, prepared[1], slug="tempesta", deadline=deadline, applications=SENDERS + SENDERS // 10)
    in_time, late = people[:SENDERS], people[SENDERS:]
    presses = [(one, deadline) for one in in_time for _finger in range(2)] + [(one, deadline + TICK) for one in late]
    together = Barrier(len(presses))

    def press(one: Ready, at: datetime) -> tuple[int, str]:
        together.wait()
        answer = one.send(at)
        return answer.status, answer.location

    with people[0].site.web(), ThreadPoolExecutor(len(presses)) as pool:
        answers = list(pool.map(press, *zip(*presses, strict=True)))
    assert answers == [(302, one.url("ricevuta/")) for one in in_time for _finger in range(2)] + [(409, "")] * len(late)
    assert [(pk, arrived) for pk, arrived, _written in moments(people)] == [(one.pk, deadline) for one in in_time]
    rows = people[0].site.database.rows
    query = "select id::text, state, number from applications_application where id = any(%s::uuid[])"
    found = {pk: (state, number) for pk, state, number in rows(query, [one.pk for one in people])}
    assert [found[one.pk][0] for one in people] == ["submitted"] * SENDERS + ["draft"] * len(late)
    numbers = [found[one.pk][1] for one in in_time]
    assert (len(set(numbers)), None in numbers) == (SENDERS, False)
    for table, column in (("applications_applicationstep", "row_id"), ("workflow_ledgerentry", "subject")):
        acts = rows(f"select {column}::text, act from {table} where {column}::text = any(%s)", [one.pk for one in people])
        assert Counter(acts) == Counter((one.pk, "submit") for one in in_time)


def until(true: Callable[[], Any]) -> None:
    for _again in range(600):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it did not become true within 30 seconds")

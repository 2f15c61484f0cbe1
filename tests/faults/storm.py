"""People at a deadline: their calls, their applications, and their requests through the front proxy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.faults.site import Answer, Database, Person, Site

PROXY = {"BANDO_ARRIVAL_HEADER": "Arrived"}
"""What an administrator writes where a proxy says when a request came (docs/operations.md)."""

BEGIN = """
import uuid
from datetime import datetime
from applications.models import Attachment, SectionDraft
from bando.actions import load, publish
from bando.models import Call
from documents.models import Document
from applications.progress import fingerprint
from django.test import Client
from itertools import count
from accounts.models import User
from tests import builders
builders._people = builders._bodies = count(User.objects.count() + 1)  # others were made in processes of their own
deadline = datetime.fromisoformat(given["deadline"])
text = (NOTICES / "spazi-wemi-2021.yaml").read_text()
ago = lambda days: (deadline - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%S")
changes = {"id: spazi-wemi-2021": f"id: {given['slug']}", "2021-09-17T12:00:00": ago(9), "2021-10-13T12:00:00": ago(4)}
for old, new in (changes | {"2021-10-18T12:00:00": ago(0)}).items():
    assert old in text, old
    text = text.replace(old, new)
call = load(text, at=deadline - timedelta(days=10))
publish(call, by=official(), at=deadline - timedelta(days=10))
Duty.objects.update(done_at=deadline)
call = Call.objects.with_notice().get(pk=call.pk)
anna, early = person(name="Anna Bianchi"), deadline - timedelta(days=1)
first = complete_draft(draft_application(call, "area-1", by=anna, organisation=body(by=anna)), at=early)


def copied(rows, **changes):
    made = []
    for row in rows:
        row.pk = uuid.uuid4() if isinstance(row.pk, uuid.UUID) else None
        for name, value in changes.items():
            setattr(row, name, value)
        made.append(row)
    return made


# Each application is a body and a person of their own; what they wrote and their files are copies of the first one's.
everybody, written = [(first, anna)], {Document: [], Attachment: [], SectionDraft: []}
for ordinal in range(given["applications"] - 1):
    someone = person()
    row = draft_application(call, "area-1", by=someone, organisation=body(by=someone))
    everybody.append((row, someone))
    written[SectionDraft] += copied(first.drafts.all(), application=row, saved_by=someone)
    for file in first.attachments.all():
        [paper] = copied([file.document], by=someone)
        written[Document].append(paper)
        written[Attachment] += copied([file], application=row, document=paper)
for model, rows in written.items():
    model.objects.bulk_create(rows, batch_size=500)
said = []
for row, someone in everybody:
    browser = Client()
    browser.force_login(someone)
    whole = Application.objects.with_call().get(pk=row.pk)
    said.append([row.pk, browser.cookies["sessionid"].value, fingerprint(whole)])
"""


@dataclass
class Sender(Person):
    """A person whose requests the proxy says to have come ``at`` a moment."""

    at: datetime | None = None

    def _ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], length: int | None = None) -> Answer:
        arrived = {"Arrived": f"t={self.at.timestamp():.6f}"} if self.at else {}
        return super()._ask(method, path, body, {**headers, **arrived}, length)


@dataclass
class Ready:
    """A complete application, its person, and the fingerprint of what they read."""

    site: Site
    pk: str
    session: str
    reviewed: str

    def url(self, rest: str) -> str:
        return f"/domande/{self.pk}/{rest}"

    def who(self, at: datetime) -> Sender:
        return Sender(self.site.port, self.session, at=at)

    def send(self, at: datetime) -> Answer:
        return self.who(at).post(self.url("invia/"), {"reviewed": self.reviewed})


def ready(folder: Any, database: Database, *, slug: str, deadline: datetime, applications: int) -> list[Ready]:
    """A call that ends at ``deadline`` and ``applications`` to it that lack nothing but the sending; the site runs behind a
    proxy."""
    site = Site(folder, database, environment=PROXY)
    said = site.ask(BEGIN, slug=slug, deadline=deadline.isoformat(), applications=applications)
    return [Ready(site, *row) for row in said]

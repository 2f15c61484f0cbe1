from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.site import Database, Person, Site
from tests.servers import shared
from tests.servers.processes import NotInstalled


@pytest.fixture(scope="session")
def prepared() -> Iterator[tuple[Path, Database]]:
    """A database with the tables of the site. It outlives the tests, each of which has an application of its own."""
    folder = Path(tempfile.mkdtemp(prefix="site-", dir=shared.session()))
    folder.chmod(0o755)  # PostgreSQL runs as another account when the tests are root's
    try:
        database = Database(folder / "database")
    except NotInstalled as problem:
        pytest.fail(f"did not run: {problem}", pytrace=False)
    Site(folder, database).manage("migrate", "--verbosity=0")
    yield folder, database
    database.stop("fast")


@pytest.fixture(scope="session")
def begun(prepared) -> list[list[str]]:
    """Applications ready to be sent, each with the session of its person; every test takes one."""
    folder, database = prepared
    return Site(folder, database).ask(BEGIN, cases=CASES)


@pytest.fixture
def own_site(prepared, tmp_path) -> Iterator[Site]:
    """A site with an empty disk, on the common database."""
    _folder, database = prepared
    (tmp_path / "var").mkdir()
    yield Site(tmp_path, database)
    shutil.rmtree(tmp_path / "var", ignore_errors=True)


@dataclass
class Case:
    """A person with a complete application in an open call; the addresses and what the test wants to know of it."""

    site: Site
    person: Person
    pk: str

    def url(self, rest: str) -> str:
        return f"/domande/{self.pk}/{rest}"

    def review(self) -> str:
        """The fingerprint that the page of reading carries now."""
        return self.person.get(self.url("riepilogo/")).body.partition('name="reviewed" value="')[2].partition('"')[0]

    @property
    def sendings(self) -> list[str]:
        query = "select number from applications_application a join applications_submission s on s.application_id = a.id"
        return [number for (number,) in self.site.database.rows(f"{query} where a.id = %s", self.pk)]

    @property
    def acts(self) -> list[str]:
        """Those of its history, which the ledger holds too."""
        steps = self.site.database.rows("select act from applications_applicationstep where row_id = %s order by id", self.pk)
        assert steps == self.site.database.rows("select act from workflow_ledgerentry where subject = %s order by id", self.pk)
        return [act for (act,) in steps]

    @property
    def files(self) -> list[str]:
        query = "select name from documents_document d join applications_attachment a on a.document_id = d.id"
        return sorted(
            n for (n,) in self.site.database.rows(f"{query} where application_id = %s and removed_at is null", self.pk)
        )

    @property
    def title(self) -> str:
        query = "select answers->>'titolo' from applications_sectiondraft where section = 'proposta' and application_id = %s"
        [(title,)] = self.site.database.rows(query, self.pk)
        return title

    def make_room(self) -> list[str]:
        """Take the first file out, so that another may come; the names of those that are left."""
        first = "select id from applications_attachment where application_id = %s and rule = %s"
        self.site.database.do(f"update applications_attachment set removed_at = now() where id in ({first})", self.pk, RULE)
        return self.files


RULE = "curriculum"
"""A file that the call asks for."""
CASES = 20
BEGIN = """
from bando.actions import load, publish
from django.test import Client
text = (NOTICES / "spazi-wemi-2021.yaml").read_text()
now = timezone.localtime()
day = lambda days: (now + timedelta(days=days)).strftime("%Y-%m-%d")
for old, new in {"2021-09-17T12": day(-9) + "T12", "2021-10-13T12": day(5) + "T12", "2021-10-18T12": day(9) + "T12"}.items():
    assert old in text, old
    text = text.replace(old, new)
call = load(text, at=now - timedelta(days=10))
publish(call, by=official(), at=now - timedelta(days=10))
Duty.objects.update(done_at=now)
call, said = Call.objects.with_notice().get(pk=call.pk), []
for ordinal in range(given["cases"]):
    anna = person(name="Anna Bianchi")
    row = complete_draft(draft_application(call, "area-1", by=anna, organisation=body(by=anna)), at=now)
    browser = Client()
    browser.force_login(anna)
    said.append([row.pk, browser.cookies["sessionid"].value])
"""


@pytest.fixture
def case(own_site, begun) -> Case:
    pk, session = begun.pop()
    return Case(own_site, Person(own_site.port, session), pk)

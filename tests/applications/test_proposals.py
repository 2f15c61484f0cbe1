"""What the office finds ticked and written when it asks an application to be completed."""

from dataclasses import replace

import pytest

from applications import checking, completion
from applications.models import Application, CheckItem
from applications.proposals import proposal
from bando.deadlines import rome
from documents.models import Scan, SignatureReading
from tests.builders import load_fixture_call, official, person, submitted_application

pytestmark = pytest.mark.django_db
CHECKED = rome(2021, 10, 19, 9)


@pytest.fixture
def application() -> Application:
    call = load_fixture_call()
    made = submitted_application(call, call.notice.areas[0].code, by=person(name="Anna Bianchi"))
    checking.start_check(made, by=official(), at=CHECKED)
    return Application.objects.with_call().get(pk=made.pk)


def judge(application: Application, code: str, verdict: str, note: str = "") -> None:
    CheckItem.objects.filter(application=application, code=code).update(verdict=verdict, note=note)


def sent_file(application: Application):
    entry = application.current.manifest[0]
    title = next(item.label for item in completion.files_to_reopen(application) if item.code == entry["rule"])
    return entry, title, application.attachments.get(pk=entry["attachment"])


def signed(application: Application, code: str) -> None:
    """The call wants a signature in the files of ``code``."""
    version = application.current.call_version
    rules = tuple(replace(rule, signed=rule.code == code) for rule in version.notice.attachments)
    version.__dict__["notice"] = replace(version.notice, attachments=rules)


def test_nothing_is_proposed_of_what_nobody_found_wrong(application: Application) -> None:
    found = proposal(application)
    assert (found.questions, found.files, found.sentences) == ((), (), ())


def test_an_infected_file_is_proposed_whatever_its_verdict(application: Application) -> None:
    entry, title, file = sent_file(application)
    Scan.objects.create(document=file.document, at=CHECKED, verdict="infected", engine="ClamAV")
    judge(application, f"attachment.{entry['rule']}", "met")
    found = proposal(application)
    assert found.files == (entry["rule"],)
    assert found.sentences == (
        f"{title}: il file «{entry['name']}» contiene un virus e lo abbiamo bloccato. Carica un'altra copia.",
    )


@pytest.mark.parametrize(("verdict", "proposed"), [("", True), ("not_met", True), ("met", False), ("not_relevant", False)])
def test_a_file_that_the_call_wants_signed_is_proposed_until_an_official_finds_it_right(
    application: Application, verdict: str, proposed: bool
) -> None:
    entry, title, file = sent_file(application)
    signed(application, entry["rule"])
    SignatureReading.objects.get_or_create(document=file.document, defaults={"at": CHECKED})
    judge(application, f"attachment.{entry['rule']}", verdict)
    said = f"{title}: nel file «{entry['name']}» non c'è la firma digitale. Firma il file e caricalo di nuovo."
    assert (entry["rule"] in proposal(application).files, said in proposal(application).sentences) == (proposed, proposed)


def test_what_is_not_met_is_proposed_with_the_note_of_the_check(application: Application) -> None:
    notice, area = application.current.call_version.notice, application.area_code
    declared = next(row for row in notice.requirements_for(area) if row.kind == "declaration")
    section = next(row.code for row in notice.sections_for(area) if row.kind == "declarations")
    judge(application, f"requirement.{declared.code}", "not_met", "Non risulta dal registro.")
    judge(application, "budget", "not_met")
    budget = next(row.code for row in notice.sections_for(area) if row.kind == "budget")
    found = proposal(application)
    assert found.questions == (section, budget)
    assert found.sentences == (f"{declared.title}: Non risulta dal registro.", "Piano economico: non è conforme.")

"""The dossier of a deadline: two judgments replayed, read as a judge would read them, and what the office may do after."""

import json
import re
import subprocess
import sys
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications.evidence import recording
from applications.evidence.dossier import ask, concerned, contents, issue, name_of
from applications.evidence.timeline import deadlines
from applications.models import Dossier, DossierPaper, Event, ProbeReading, TroubleReport
from applications.progress import fingerprint
from applications.states import ApplicationState
from bando.deadlines import rome
from tests.builders import (
    DEADLINE,
    WORKDAY,
    attach_pdf,
    body,
    complete_draft,
    draft_application,
    load_fixture_call,
    official,
    person,
    small_pdf,
    submitted_application,
)
from tests.builders_amending import reopen
from tests.clock import arriving
from workflow.duties import pay
from workflow.transition import Refused

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
ASKED = rome(2021, 10, 18, 15)
FILES = [
    ("statuto", "statuto.pdf", rome(2021, 10, 18, 11, 19, 54)),
    ("curriculum", "curriculum.pdf", rome(2021, 10, 18, 11, 20, 31)),
    ("planimetria", "planimetria.pdf", rome(2021, 10, 18, 11, 50, 31)),
    ("lettere-della-rete", "lettera.pdf", rome(2021, 10, 18, 11, 58, 53)),
]
CONFIRMED = DEADLINE + timedelta(seconds=8)


@pytest.fixture
def office():
    return official(name="Anna Bruni")


@pytest.fixture
def draft():
    """Everything written days before, no file yet: Cooperativa Arcobaleno, Carla Neri."""
    carla = person(name="Carla Neri")
    call = load_fixture_call()
    application = complete_draft(draft_application(call, by=carla, organisation=body("Cooperativa Arcobaleno", by=carla)))
    application.attachments.all().delete()
    return application


def asks(client, application, route, data, *, at, took):
    """One POST of the applicant that arrives at ``at`` and is answered after ``took``."""
    client.force_login(application.created_by)
    with arriving(at), patch.object(recording, "clock", SimpleNamespace(now=lambda: at + took)):
        return client.post(reverse(route, args=[application.pk]), data)


def uploads(client, application, *, took):
    for rule, name, at in FILES:
        upload = SimpleUploadedFile(name, small_pdf(name), content_type="application/pdf")
        answer = asks(
            client, application, "application_attachments", {"rule": rule, "file": upload, "whole": "1"}, at=at, took=took
        )
        assert answer.status_code == 302


def confirms(client, application, *, at, took):
    return asks(client, application, "application_submit", {"reviewed": fingerprint(application)}, at=at, took=took)


def measured(begins, ends, took_us, *, every=5):
    """The probe measured the door every few seconds, each time with the same result."""
    readings, at = [], begins
    while at < ends:
        readings.append(ProbeReading(what="door", at=at, took_us=took_us, ok=True))
        at += timedelta(seconds=every)
    ProbeReading.objects.bulk_create(readings)


def text_of(content: bytes) -> str:
    """As a person reads it: the lines of the PDF, runs of blanks as one."""
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    return re.sub(r"\s+", " ", done.stdout.decode())


def data_of(content: bytes) -> dict:
    with pikepdf.open(BytesIO(content)) as pdf:
        return json.loads(pdf.attachments["dossier.json"].get_file().read_bytes())


def made(call, application, office, *, at=ASKED) -> bytes:
    dossier = ask(call, application, by=office, at=at)
    while pay(at):
        pass
    with DossierPaper.objects.get(dossier=dossier).document.file.open() as file:
        return file.read()


def spaced(sentences):
    """With plain spaces where no line may break."""
    return [sentence.replace("\u00a0", " ") for sentence in sentences]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


# --- TAR Napoli 800/2024: four files in time, a slow service, a confirmation eight seconds late ------------------------


@pytest.fixture
def naples(client, draft):
    measured(DEADLINE - timedelta(minutes=30), DEADLINE - timedelta(minutes=2), 40_000)
    measured(DEADLINE - timedelta(minutes=2), DEADLINE + timedelta(minutes=2), 8_200_000, every=10)
    measured(DEADLINE + timedelta(minutes=2), DEADLINE + timedelta(minutes=10), 40_000)
    uploads(client, draft, took=timedelta(seconds=2))
    answer = confirms(client, draft, at=CONFIRMED, took=timedelta(seconds=7))
    draft.refresh_from_db()
    assert (answer.status_code, draft.state) == (409, ApplicationState.DRAFT)
    return draft


def test_the_dossier_of_a_late_confirmation_tells_every_moment(naples, office):
    data = data_of(made(naples.call, naples, office))
    assert [(row["kind"], row["outcome"], moment(row["arrived_at"]), row["took_us"]) for row in data["timeline"]] == [
        *[("upload", "done", at, 2_000_000) for _rule, _name, at in FILES],
        ("submit_arrived", "arrived", CONFIRMED, 7_000_000),
        ("submit", "refused", CONFIRMED, 7_000_000),
    ]
    assert data["timeline"][-1]["facts"] == {"reasons": ["Il termine è scaduto: la domanda non si può più inviare."]}
    assert [(row["name"], moment(row["received_at"])) for row in data["files"]] == [(name, at) for _rule, name, at in FILES]
    assert [(moment(row["at"]), row["set_by"]) for row in data["deadlines"]] == [(DEADLINE, "Pubblicazione dell'avviso")]
    assert data["application"]["body"] == {"name": "Cooperativa Arcobaleno", "tax_code": naples.organisation.tax_code}
    assert data["application"]["number"] is None
    assert data["submissions"] == []


def test_the_dossier_says_what_the_measures_say_and_concludes_nothing(naples, office):
    assert spaced(data_of(made(naples.call, naples, office))["findings"]) == [
        "L'ultimo file in tempo è arrivato alle 11:58:53,000000 CEST, 67,000000 secondi prima della scadenza.",
        "La prima richiesta di invio fuori tempo è arrivata alle 12:00:08,000000 CEST, 8,000000 secondi dopo la scadenza.",
        "Tra un'ora prima e un'ora dopo la scadenza la risposta più lenta a questo ente è durata 7,000000 secondi (richiesta "
        "delle 12:00:08,000000 CEST).",
        "Nell'ora prima della scadenza la sonda ha misurato 349 volte: 13 volte il servizio non ha risposto, o ha risposto dopo "
        "più di 5 secondi.",
        "Il sito ha risposto in ritardo dalle 11:58:00,000000 CEST alle 12:01:58,200000 CEST: 24 misure di seguito oltre 5 "
        "secondi, la più lunga 8,200000 secondi.",
        "La sonda non ha misurato dalle 10:00:00,000000 CEST alle 11:30:00,000000 CEST.",
        "La sonda non ha misurato dalle 12:09:55,040000 CEST alle 13:00:00,000000 CEST.",
    ]


def test_the_paper_of_the_dossier_shows_the_same_to_who_reads_it(naples, office):
    text = text_of(made(naples.call, naples, office))
    told = text[text.index("In ordine di tempo") : text.index("I file")]
    assert re.findall(r"(\d\d:\d\d:\d\d,\d{6}) CEST", told) == [
        "10:00:00,000000",  # the publication set
        "12:00:00,000000",  # this deadline
        "11:19:54,000000",
        "11:20:31,000000",
        "11:50:31,000000",
        "11:58:53,000000",
        "12:00:00,000000",
        "12:00:08,000000",  # the arrival of the confirmation
        "12:00:08,000000",  # and what came of it
    ]
    assert [words in told for words in ("«lettera.pdf» ricevuto", "Scadenza –", "7,000000 secondi")] == [True, True, True]
    assert "rifiutato. Il termine è scaduto" in told
    assert "Cooperativa Arcobaleno" in text
    assert "Anna Bruni" in text
    answer = naples.drafts.get(section="proposta").answers["titolo"]
    assert answer not in text  # what was written in the application is nowhere


def test_the_dossier_is_checked_offline_and_one_byte_changed_is_seen(naples, office, tmp_path):
    content = made(naples.call, naples, office)
    good, wrong = tmp_path / "dossier.pdf", tmp_path / "wrong.pdf"
    good.write_bytes(content)
    wrong.write_bytes(content[:-40] + bytes([content[-40] ^ 1]) + content[-39:])
    assert [checked(good), checked(wrong)] == [0, 1]


def checked(path: Path) -> int:
    return subprocess.run([sys.executable, str(ROOT / "bin/verify_receipt"), str(path)], capture_output=True).returncode


def test_the_office_reopens_the_terms_and_the_body_sends_the_same_files(client, naples, office):
    made(naples.call, naples, office)
    later = DEADLINE + timedelta(days=2)
    reopen(naples.call, later, by=office, at=DEADLINE + timedelta(days=1))
    naples.refresh_from_db()
    naples.call.refresh_from_db()
    answer = confirms(client, naples, at=later, took=timedelta(milliseconds=200))
    naples.refresh_from_db()
    assert (answer.status_code, naples.state) == (302, ApplicationState.SUBMITTED)
    assert [name["name"] for name in naples.current.manifest] == [name for _rule, name, _at in FILES]
    assert [(row["at"], row["set_by"]) for row in deadlines(naples.call)] == [
        (DEADLINE, "Pubblicazione dell'avviso"),
        (later, "Riapertura dei termini n. 1, atto n. 220"),
    ]


# --- TAR Palermo 383/2024: the service was well, the delay was the participant's own -----------------------------------


@pytest.fixture
def palermo(client, draft):
    measured(DEADLINE - timedelta(hours=2), DEADLINE + timedelta(hours=1), 40_000)
    uploads(client, draft, took=timedelta(milliseconds=300))
    assert confirms(client, draft, at=CONFIRMED, took=timedelta(milliseconds=200)).status_code == 409
    return draft


def test_the_same_delay_with_a_service_that_was_well_reads_otherwise(palermo, office):
    assert spaced(data_of(made(palermo.call, palermo, office))["findings"]) == [
        "L'ultimo file in tempo è arrivato alle 11:58:53,000000 CEST, 67,000000 secondi prima della scadenza.",
        "La prima richiesta di invio fuori tempo è arrivata alle 12:00:08,000000 CEST, 8,000000 secondi dopo la scadenza.",
        "Tra un'ora prima e un'ora dopo la scadenza la risposta più lenta a questo ente è durata 0,300000 secondi (richiesta "
        "delle 11:19:54,000000 CEST).",
        "Nell'ora prima della scadenza la sonda ha misurato 721 volte: il servizio ha risposto sempre entro 5 secondi.",
        "Le misure non mostrano guasti né rallentamenti.",
    ]


# --- the whole deadline -----------------------------------------------------------------------------------------------


def test_the_dossier_of_the_deadline_tells_everybody_who_tried_and_why_they_could_not(client, naples, office):
    content = made(naples.call, None, office)
    data, text = data_of(content), text_of(content)
    assert data["of"] == "deadline"
    assert [(row["body"], row["kind"], row["outcome"], row["by"]) for row in data["attempts"]] == [
        ("Cooperativa Arcobaleno", "submit_arrived", "arrived", "Carla Neri"),
        ("Cooperativa Arcobaleno", "submit", "refused", "Carla Neri"),
    ]
    assert text.count("12:00:08,000000") == 1  # the arrival and the end of one sending are one line
    assert "statuto.pdf" not in text


def test_a_sending_that_never_came_to_an_end_is_in_the_dossier(naples, office):
    killed = CONFIRMED + timedelta(seconds=1)
    Event.objects.create(
        call=naples.call,
        application=naples,
        by=naples.created_by,
        kind="submit_arrived",
        outcome="arrived",
        arrived_at=killed,
        ended_at=killed,
    )
    told, _data = contents(ask(naples.call, None, by=office, at=ASKED))
    assert [(row["event"].kind, row["event"].arrived_at) for row in told["attempts"]] == [
        ("submit", CONFIRMED),
        ("submit_arrived", killed),
    ]


def test_hundreds_of_saves_are_one_line_and_a_refused_one_stands_alone(client, draft, office):
    for second, outcome in enumerate(["done", "done", "done", "refused", "done"]):
        Event.objects.create(
            call=draft.call,
            application=draft,
            by=draft.created_by,
            kind="save",
            outcome=outcome,
            arrived_at=WORKDAY + timedelta(seconds=second),
            ended_at=WORKDAY + timedelta(seconds=second, milliseconds=50 + second),
            facts={"section": "proposta", "reasons": ["Troppo lungo."]},
        )
    told, data = contents(ask(draft.call, draft, by=office, at=ASKED))
    saves = [entry for entry in told["timeline"] if entry.kind == "save"]
    assert [(spaced([entry.words]), entry.count, entry.took_us) for entry in saves] == [
        (["3 salvataggi, l'ultimo arrivato alle 10:42:02,000000 CEST"], 3, 52_000),
        (["Salvataggio di «La proposta»: rifiutato. Troppo lungo."], 1, 53_000),
        (["1 salvataggio"], 1, 54_000),
    ]
    assert len(data["timeline"]) == 5


def test_what_came_on_another_day_is_told_with_its_day(draft, office):
    early = DEADLINE - timedelta(days=1, hours=2, minutes=7)
    attach_pdf(draft, "statuto", at=early)
    told, _data = contents(ask(draft.call, draft, by=office, at=ASKED))
    assert spaced(told["findings"])[0] == (
        "L'ultimo file in tempo è arrivato domenica 17 ottobre 2021, ore 09:53:00,000000 CEST, 26 ore, 7 minuti e 0,000000 "
        "secondi prima della scadenza."
    )


def test_files_and_sendings_from_before_the_events_are_told_too(office):
    sent = submitted_application(load_fixture_call(), at=WORKDAY)
    told, data = contents(ask(sent.call, sent, by=office, at=ASKED))
    assert data["timeline"] == []
    assert [entry.words for entry in told["timeline"] if entry.kind == "submit"] == ["Invio n. 1: riuscito"]
    assert len([entry for entry in told["timeline"] if entry.kind == "upload"]) == sent.attachments.count()


# --- who may ask, and of whom -----------------------------------------------------------------------------------------


def test_until_the_deadline_nobody_asks_for_a_dossier(draft, office):
    with pytest.raises(Refused) as refused:
        ask(draft.call, None, by=office, at=DEADLINE)
    assert refused.value.reasons == ["L'avviso non è ancora scaduto: fino ad allora si vedono solo i numeri."]
    assert Dossier.objects.count() == 0


def test_the_office_knows_of_a_draft_only_when_its_body_tried_to_send_or_reported_trouble(client, draft, office):
    call = draft.call
    sent = submitted_application(call, by=person(), at=WORKDAY)
    quiet = draft_application(call, by=person())
    troubled = draft_application(call, by=person())
    TroubleReport.objects.create(call=call, application=troubled, by=troubled.created_by, at=WORKDAY, text="Non va")
    assert set(concerned(call, at=ASKED)) == {sent, troubled}
    confirms(client, draft, at=CONFIRMED, took=timedelta(seconds=1))
    assert set(concerned(call, at=ASKED)) == {sent, troubled, draft}
    assert quiet not in concerned(call, at=ASKED)
    assert not concerned(call, at=DEADLINE).exists()


def test_a_dossier_is_made_once_whoever_asks_the_worker_twice(naples, office):
    dossier = ask(naples.call, naples, by=office, at=ASKED)
    first = issue(dossier, at=ASKED)
    assert issue(dossier, at=ASKED + timedelta(minutes=1)) == first
    assert first.document.name == name_of(dossier) == f"dossier-{str(naples.pk)[:8]}-20211018-150000.pdf"


def test_each_time_that_somebody_asks_is_kept(naples, office):
    for minute in range(2):
        ask(naples.call, naples, by=office, at=ASKED + timedelta(minutes=minute))
    assert [(row.by, row.at) for row in naples.dossiers.all()] == [(office, ASKED + timedelta(minutes=1)), (office, ASKED)]

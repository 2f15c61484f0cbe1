"""A whole rehearsal of a small call, and what it leaves behind: nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core import mail
from django.core.files.storage import default_storage

from bando.models import Call
from rehearsal.apart import Failed, Order, Stopped, environment, rehearse
from rehearsal.report import Level, Report
from tests.bando.small import SMALL
from tests.builders import submitted_application
from workflow.duties import pay

SMALLER = SMALL.replace("max_size: 20 MB", "max_size: 1 MB")
BODIES = 9


def rows() -> dict[str, int]:
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}


def files(folder: str = "") -> set[str]:
    folders, names = default_storage.listdir(folder)
    found = {f"{folder}/{name}" for name in names}
    return found.union(*(files(f"{folder}/{inner}".lstrip("/")) for inner in folders)) if folders else found


def temporary(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.name.startswith("bando-rehearsal-")}


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> tuple[Report, list[dict], Path]:
    """One rehearsal for all the tests that only read its report; its folder is kept beside."""
    steps: list[dict] = []
    kept = tmp_path_factory.mktemp("kept") / "folder"
    return rehearse(Order(SMALLER, BODIES, 1), told=lambda step: not steps.append(step), keep=kept), steps, kept


def test_a_sound_call_goes_through_to_the_last_letter(run):
    report, _steps, _kept = run
    # How long a page took is the machine's business: whatever else it does at the moment makes a page slow.
    assert [finding for finding in report.findings if finding.level != Level.NOTE and finding.code != "slow"] == []
    assert report.is_sound and report.bodies == BODIES == sum(report.personas.values())
    assert report.counts["rankings"] == 2
    assert report.counts["letters"] > report.counts["submissions"]
    assert {paper.kind for paper in report.papers} == {"receipt", "ranking"}
    assert report.counts["refusals"] > 5
    assert {area.title for area in report.areas} == {"Area uno", "Area due"}


def test_every_question_of_the_call_was_answered_by_somebody(run):
    report, _steps, _kept = run
    asked = {(question.area, question.code) for question in report.questions if question.answered}
    assert asked >= {("uno", code) for code in ("nome", "forma", "anni", "municipio", "idea", "funzioni")}


def test_every_letter_has_a_sample(run):
    report, _steps, _kept = run
    assert all(letter.body and letter.subject and "@" in letter.to for letter in report.letters)
    assert sum(letter.count for letter in report.letters) == report.counts["letters"]


def test_the_way_is_told_step_by_step_to_the_end(run):
    _report, steps, _kept = run
    done = [step["thousandths"] for step in steps]
    assert done == sorted(done)
    assert list(dict.fromkeys(step["phase"] for step in steps)) == [
        *("prepare", "applicants", "receipts", "check", "outcomes", "commission", "declarations", "sheets"),
        *("ranking", "letters", "agreements", "public"),
    ]


def test_what_is_kept_is_a_whole_place_of_its_own(run):
    report, _steps, kept = run
    assert (kept / "bando.sqlite3").is_file()
    assert len(list((kept / "mail").iterdir())) == report.counts["letters"]
    assert (kept / "documents").is_dir()


@pytest.mark.django_db(transaction=True)
def test_the_real_data_are_as_they_were(monkeypatch, tmp_path):
    application = submitted_application()
    while pay(application.current.arrived_at):
        pass
    mail.outbox.clear()
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = rows(), files(), set(Path(settings.VAR).iterdir())
    report = rehearse(Order(SMALLER, 3, 1), told=lambda step: True)
    assert report.counts["submissions"] > 0
    assert (rows(), files(), set(Path(settings.VAR).iterdir())) == before
    assert mail.outbox == []
    assert temporary(tmp_path) == set()
    assert not Call.objects.filter(slug="prova").exists()


def test_whoever_does_not_want_it_any_more_ends_it(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(Stopped):
        rehearse(Order(SMALLER, 9, 1), told=lambda step: False)
    assert temporary(tmp_path) == set()


def test_a_process_that_breaks_says_what_it_said_last(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(Failed, match="DocumentFaults"):
        rehearse(Order("schema: 1", 3, 1), told=lambda step: True)
    assert temporary(tmp_path) == set()


def test_no_variable_of_the_real_set_up_reaches_the_process(tmp_path):
    real = {
        "PATH": os.environ["PATH"],
        "BANDO_DATABASE_URL": "postgres://genuine",
        "BANDO_STORAGE_URL": "s3://genuine",
        "BANDO_MAIL_URL": "smtp://genuine",
        "BANDO_SECRET_KEY": "genuine",
        "BANDO_VAR": "/genuine",
        "BANDO_ARRIVAL_HEADER": "Arrived",
        "BANDO_ADMINISTRATION": "Comune di Prova",
        "DJANGO_SETTINGS_MODULE": "bando.settings",
    }
    made = environment(tmp_path, real)
    assert [name for name, value in made.items() if "genuine" in value] == []
    assert {name for name in made if name.startswith("BANDO_")} == {"BANDO_SECRET_KEY", "BANDO_VAR", "BANDO_ADMINISTRATION"}
    assert (made["BANDO_VAR"], made["DJANGO_SETTINGS_MODULE"]) == (str(tmp_path), "rehearsal.settings")

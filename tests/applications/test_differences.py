"""What an answer to the office changed, in words that an official reads beside the point of the check."""

import json
from typing import Any

import pytest

from applications import points
from applications.differences import Difference, differing
from applications.models import Submission
from tests.applications.planning import planning_call
from tests.builders import submitted_application

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent() -> Submission:
    application = submitted_application(planning_call(), "uno")
    application.current.application = application
    return application.current


def budget_of(sent: Submission) -> tuple[str, dict[str, Any]]:
    return next((code, values) for code, values in sent.answers.items() if "lines" in values)


def changed(sent: Submission, **lines: Any) -> list[Difference]:
    """The differences when the budget is ``lines`` instead."""
    answers = json.loads(json.dumps(sent.answers))
    answers[budget_of(sent)[0]] |= lines
    return differing(sent, answers, sent.manifest)


def test_nothing_changed_is_nothing_to_read(sent: Submission) -> None:
    assert differing(sent, sent.answers, sent.manifest) == []


def test_a_budget_is_told_line_by_line_and_the_lines_that_stay_are_not_told(sent: Submission) -> None:
    first, *rest = budget_of(sent)[1]["lines"]
    found = changed(sent, lines=[*rest, first | {"total": first["total"] + 100}])
    lines = [change for change in found if change.label != "Totali del piano economico"]
    [line] = lines
    assert line.point == points.BUDGET
    assert (line.before == "", line.after == "", line.before == line.after) == (False, False, False)
    assert line.before.split(": costo ")[0] == line.after.split(": costo ")[0]


def test_a_line_that_came_and_one_that_went_stand_alone(sent: Submission) -> None:
    first, *rest = budget_of(sent)[1]["lines"]
    assert next((change.before == "", change.after == "") for change in changed(sent, lines=rest)) == (False, True)
    came = first | {"item": first["item"], "year": 2023, "text": "In più", "total": 700, "own": 0}
    added = [change for change in changed(sent, lines=[first, *rest, came]) if "In più" in change.after]
    assert [change.before for change in added] == [""]


def test_the_hours_of_volunteers_are_told_by_themselves(sent: Submission) -> None:
    partner = {name: budget_of(sent)[1]["lines"][0][name] for name in ("partner", "partner_name")}
    hours = [{"activity": "Doposcuola", "hours": "10.5", "hourly": 1800, "value": 18900} | partner]
    [told, totals] = [change for change in changed(sent, volunteers=hours) if "Doposcuola" not in change.before][-2:]
    assert told.label == "Ore dei volontari: Doposcuola"
    assert told.after.endswith("10,5 ore a 18,00\xa0€: 189,00\xa0€")
    assert totals.label == "Totali del piano economico"


def test_a_declaration_is_told_by_its_name_with_its_point(sent: Submission) -> None:
    answers = json.loads(json.dumps(sent.answers))
    code, values = next((code, values) for code, values in answers.items() if True in values.values())
    requirement = next(name for name, value in values.items() if value is True)
    del answers[code][requirement]
    [change] = differing(sent, answers, sent.manifest)
    assert (change.before, change.after, change.point) == ("Dichiarato", "", f"requirement.{requirement}")


def test_a_file_is_told_with_its_fingerprint_and_its_point(sent: Submission) -> None:
    manifest = [dict(file) for file in sent.manifest] or [{}]
    before = f"{manifest[0]['name']} (SHA-256 {manifest[0]['sha256']})"
    rule = manifest[0]["rule"]
    manifest[0] |= {"name": "altro.pdf", "sha256": "0" * 64}
    [change] = differing(sent, sent.answers, manifest)
    assert (change.before, change.after) == (before, f"altro.pdf (SHA-256 {'0' * 64})")
    assert change.point == points.of_files(rule)

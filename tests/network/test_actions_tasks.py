from datetime import date, timedelta

import pytest

from documents.uploads import keep
from network.actions import add_task, begin_task, change_task, drop_task, finish_task, lay_usual_tasks, redo_task
from network.models import Space, Task
from network.onboarding import DEFAULTS
from tests import road as roads
from tests.builders import official, person, small_pdf
from tests.history import history
from tests.network.test_actions_spaces import methodist, refused
from workflow.transition import Refused

pytestmark = pytest.mark.django_db
AT = roads.SIGNED + timedelta(days=1)
OFFICE_ONLY = "Lo può fare solo chi lavora nell'ufficio."
PARTNER_ONLY = "Lo può fare solo chi lavora per l'ente che gestisce lo Spazio."
METHOD_ONLY = "Lo può fare solo chi accompagna la rete (Area 2)."


@pytest.fixture
def road():
    return roads.agreed()


def task_of(road, owner: str) -> Task:
    return road.space.tasks.filter(owner=owner).first()


def test_a_planned_space_has_its_tasks_with_owner_and_term(road):
    assert list(road.space.tasks.values_list("kind", "title", "owner", "state", "due_on")) == [
        (d.kind, d.title, d.owner, "to_do", d.due_on(date(2022, 4, 11))) for d in DEFAULTS
    ]


@pytest.mark.parametrize(
    ("owner", "who", "reasons"),
    [
        ("office", "office", []),
        ("office", "partner", [OFFICE_ONLY]),
        ("office", "method", [OFFICE_ONLY]),
        ("office", "stranger", [OFFICE_ONLY]),
        ("partner", "office", []),
        ("partner", "partner", []),
        ("partner", "method", [PARTNER_ONLY]),
        ("partner", "stranger", [PARTNER_ONLY]),
        ("method", "office", []),
        ("method", "partner", [METHOD_ONLY]),
        ("method", "method", []),
        ("method", "stranger", [METHOD_ONLY]),
    ],
)
def test_a_task_is_done_by_whom_it_belongs_to_or_by_the_office(road, owner, who, reasons):
    people = {"office": road.office, "partner": road.applicant, "method": methodist(road), "stranger": person()}
    task, by, said = task_of(road, owner), people[who], []
    acts = [(begin_task, {}), (finish_task, {}), (redo_task, {"reason": "Manca una parte."})]
    for act, more in acts:
        try:
            act(task, by=by, at=AT, **more)
        except Refused as refusal:
            said.append(refusal.reasons)
            break
    assert said == ([reasons] if reasons else [])
    assert history(task) == ([] if reasons else ["begin", "finish", "redo"])


def test_who_begins_a_task_has_it_until_it_is_taken_up_again(road):
    task = task_of(road, "partner")
    begin_task(task, by=road.applicant, at=AT)
    finish_task(task, by=road.office, at=AT)
    assert Task.objects.get(pk=task.pk).person == road.applicant
    redo_task(task, reason="Manca la firma.", by=road.office, at=AT)
    assert Task.objects.get(pk=task.pk).person is None


def test_a_task_is_finished_with_a_note_and_a_file_that_stays(road):
    task = task_of(road, "partner")
    file = keep(small_pdf("Contratto"), name="contratto.pdf", media_type="application/pdf", by=road.applicant, at=AT)
    finish_task(task, note=" Firmato ieri. ", document=file, by=road.applicant, at=AT)
    stored = Task.objects.get(pk=task.pk)
    assert (stored.state, stored.note, stored.document, stored.person) == ("done", "Firmato ieri.", file, road.applicant)
    assert task.steps.get().facts == {"sha256": file.sha256}
    redo_task(task, reason="Un'altra firma.", by=road.applicant, at=AT)
    finish_task(task, by=road.applicant, at=AT)
    assert Task.objects.get(pk=task.pk).document == file


def test_the_office_alone_drops_a_task_with_a_reason_and_takes_it_up_again(road):
    task = task_of(road, "partner")
    assert refused(drop_task, task, reason="Non serve.", by=road.applicant, at=AT) == [OFFICE_ONLY]
    assert refused(drop_task, task, reason="", by=road.office, at=AT) == ["Scrivi il motivo: resta nella storia dell'atto."]
    drop_task(task, reason="Il locale è del Comune.", by=road.office, at=AT)
    assert refused(redo_task, task, reason="Serve.", by=road.applicant, at=AT) == [
        "Questo compito l'ha tolto l'ufficio: chiedi all'ufficio di rimetterlo."
    ]
    redo_task(task, reason="Serve.", by=road.office, at=AT)
    assert (task.state, history(task)) == ("to_do", ["drop", "redo"])


def test_a_task_is_taken_up_again_with_a_reason(road):
    task = task_of(road, "partner")
    finish_task(task, by=road.applicant, at=AT)
    assert refused(redo_task, task, reason=" ", by=road.applicant, at=AT) == ["Scrivi il motivo: resta nella storia dell'atto."]


def test_the_office_adds_a_task_at_the_end(road):
    facts = {"kind": "other", "title": " Festa di apertura ", "owner": "partner", "due_on": date(2022, 6, 1)}
    task = add_task(road.space, **facts, by=road.office, at=AT)
    assert (task.title, task.position, history(task)) == ("Festa di apertura", 11, ["add"])
    assert refused(add_task, road.space, **facts, by=road.applicant, at=AT) == [OFFICE_ONLY]
    assert road.space.tasks.count() == 12


def test_the_office_changes_title_term_and_owner_and_who_had_it_leaves_it(road):
    task = task_of(road, "partner")
    begin_task(task, by=road.applicant, at=AT)
    same = {"kind": task.kind, "title": task.title, "owner": "partner", "due_on": task.due_on}
    assert change_task(task, **same, by=road.office, at=AT) is None
    change_task(task, **{**same, "due_on": date(2022, 6, 1)}, by=road.office, at=AT)
    assert Task.objects.get(pk=task.pk).person == road.applicant
    change_task(task, **{**same, "owner": "office", "due_on": date(2022, 6, 1)}, by=road.office, at=AT)
    stored = Task.objects.get(pk=task.pk)
    assert (stored.owner, stored.person, stored.due_on) == ("office", None, date(2022, 6, 1))
    assert [step.facts for step in task.steps.filter(act="change")] == [
        {"was": {"due_on": "2022-05-11"}, "is": {"due_on": "2022-06-01"}},
        {"was": {"owner": "partner"}, "is": {"owner": "office"}},
    ]
    assert refused(change_task, task, **same, by=road.applicant, at=AT) == [OFFICE_ONLY]


def test_a_task_that_is_done_is_taken_up_again_before_it_changes(road):
    task = task_of(road, "partner")
    finish_task(task, by=road.applicant, at=AT)
    assert refused(change_task, task, kind="other", title="Altro", owner="office", due_on=None, by=road.office, at=AT) == [
        "Adesso non si può fare: lo stato è «Fatto»."
    ]


def test_a_space_without_tasks_gets_the_usual_ones_once(road):
    road.space.tasks.all().delete()
    assert refused(lay_usual_tasks, road.space, by=road.applicant, at=AT) == [OFFICE_ONLY]
    lay_usual_tasks(road.space, by=road.office, at=AT)
    assert refused(lay_usual_tasks, road.space, by=road.office, at=AT) == [
        "Lo Spazio ha già i suoi compiti: aggiungi quello che manca."
    ]
    assert road.space.tasks.count() == len(DEFAULTS)
    alone = Space.objects.create(slug="solo", name="Solo")
    assert refused(lay_usual_tasks, alone, by=official(), at=AT) == [
        "Prima serve la convenzione firmata con chi gestisce lo Spazio."
    ]

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from network.actions import end_agreement
from network.models import Task
from tests import road as roads
from tests.builders import person, small_pdf
from tests.history import history
from tests.network.test_actions_spaces import methodist
from tests.pages import text, to_correct

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_monday_morning")]


@pytest.fixture
def road():
    return roads.agreed()


def task_of(road, owner: str = "partner") -> Task:
    return road.space.tasks.filter(owner=owner).first()


@pytest.mark.parametrize("many", [3, 30])
def test_the_board_over_all_spaces_asks_the_same_for_three_and_for_thirty_tasks(client, django_assert_num_queries, road, many):
    road.space.tasks.all().delete()
    for number in range(many):
        road.space.tasks.create(kind="place", title=f"Compito {number}.", owner="partner", person=road.applicant)
    client.force_login(road.office)
    with django_assert_num_queries(3):
        page = client.get(reverse("desk_board"))
    assert page.context["board"].total == many
    with django_assert_num_queries(4):
        client.get(reverse("desk_space_tasks", args=[road.space.pk]))


@pytest.mark.parametrize(
    ("filters", "total"),
    [
        ({}, 11),
        ({"owner": "office"}, 3),
        ({"municipio": "9"}, 11),
        ({"municipio": "1"}, 0),
        ({"late": "on"}, 1),
        ({"late": "on", "owner": "office"}, 0),
        ({"municipio": "dieci"}, 11),
    ],
)
def test_the_board_is_narrowed_by_municipio_owner_and_lateness(client, road, filters, total):
    Task.objects.filter(pk=task_of(road).pk).update(due_on="2022-04-29")
    client.force_login(road.office)
    page = client.get(reverse("desk_board"), filters)
    assert page.context["board"].total == total
    assert ("In ritardo di 3 giorni" in text(page)) is (total in (1, 11))


@pytest.mark.parametrize(("ended", "total"), [(False, 11), (True, 0)])
def test_the_tasks_of_a_space_that_its_agreement_left_unopened_wait_for_nobody(client, road, ended, total):
    Task.objects.update(due_on="2022-04-29")
    if ended:
        end_agreement(road.space.partnership.agreement, reason="Revocata.", by=road.office, at=roads.OPENED)
    client.force_login(road.office)
    assert client.get(reverse("desk_board")).context["board"].total == total
    assert client.get(reverse("desk_spaces")).context["spaces"][0].tasks_late == total
    client.force_login(road.applicant)
    waits = [row["waits"] for row in _entries(client) if row["url"] == reverse("my_spaces")]
    assert waits == [bool(total)]


def _entries(client):
    return [task for group in client.get(reverse("my_network")).context["groups"] for task in group["tasks"]]


def test_the_board_over_all_spaces_hides_what_is_settled_until_it_is_asked_for(client, road):
    done = task_of(road)
    Task.objects.filter(pk=done.pk).update(state="done")
    client.force_login(road.office)
    page = client.get(reverse("desk_board"), {"owner": "partner"})
    left = page.context["board"].left
    assert done.title not in text(page) and f"{left} compiti da concludere · mostra anche 1 concluso" in text(page)
    assert page.context["show_done"] == "?owner=partner&conclusi=on"
    assert done.title in text(client.get(reverse("desk_board") + page.context["show_done"]))
    road.space.tasks.update(state="done")
    quiet = text(client.get(reverse("desk_board")))
    assert "Non c'è niente da concludere." in quiet and "1 Spazio non ha niente da concludere." in quiet


def test_a_body_begins_and_finishes_its_task_with_a_file(client, road):
    task = task_of(road)
    client.force_login(road.applicant)
    url = reverse("task", args=[task.pk])
    assert client.post(url, {"begin": "1"}).headers["Location"] == reverse("my_space", args=[road.space.pk])
    file = SimpleUploadedFile("contratto.pdf", small_pdf(), "application/pdf")
    assert client.post(url, {"finish": "1", "note": "Firmato.", "file": file}).status_code == 302
    page = text(client.get(url))
    assert "Firmato." in page
    assert "contratto.pdf" in page
    assert "Riapri il compito" in page
    assert history(task) == ["begin", "finish"]
    assert b"".join(client.get(reverse("task_file", args=[task.pk])).streaming_content).startswith(b"%PDF-")
    assert client.post(url, {"redo": "1", "redo-reason": "Manca la firma."}).status_code == 302
    assert Task.objects.get(pk=task.pk).state == "to_do"


def test_a_file_that_is_no_paper_is_explained_and_the_note_stays(client, road):
    task = task_of(road)
    client.force_login(road.applicant)
    file = SimpleUploadedFile("a.pdf", b"niente", "application/pdf")
    page = text(client.post(reverse("task", args=[task.pk]), {"finish": "1", "note": "Firmato ieri.", "file": file}))
    assert "non si apre come PDF o P7M" in page
    assert "Firmato ieri." in page
    assert Task.objects.get(pk=task.pk).state == "to_do"


def test_a_body_reads_the_tasks_of_others_and_cannot_do_them(client, road):
    task = task_of(road, "office")
    client.force_login(road.applicant)
    url = reverse("task", args=[task.pk])
    page = text(client.get(url))
    assert "L'ufficio" in page
    assert "Segna come fatto" not in page
    refused = client.post(url, {"finish": "1"})
    assert (refused.status_code, "Lo può fare solo chi lavora nell'ufficio." in text(refused)) == (409, True)


def test_the_office_changes_drops_and_adds(client, road):
    task = task_of(road)
    client.force_login(road.office)
    url, board = reverse("desk_task", args=[task.pk]), reverse("desk_space_tasks", args=[road.space.pk])
    facts = {"title": "Locale nuovo", "kind": "place", "owner": "office", "due_on": "2022-06-01"}
    assert client.post(url, {**facts, "change": "1"}).headers["Location"] == board
    assert "A chi tocca: da «Chi gestisce lo Spazio» a «L'ufficio»" in text(client.get(url))
    assert client.post(url, {"drop": "1", "drop-reason": ""}).status_code == 200
    assert client.post(url, {"drop": "1", "drop-reason": "Il locale c'è."}).status_code == 302
    assert Task.objects.get(pk=task.pk).state == "not_needed"
    assert client.post(board, {"add": "1", "title": "", "kind": "other", "owner": "office"}).status_code == 200
    added = {"add": "1", "title": "Festa", "kind": "other", "owner": "partner", "due_on": ""}
    assert client.post(board, added).status_code == 302
    assert Task.objects.get(title="Festa").due_on is None


@pytest.mark.parametrize("data", [{"drop": "1"}, {"change": "1", "title": "", "kind": "place", "owner": "partner"}])
def test_what_is_wrong_in_a_task_is_said_above_the_page_with_a_link(client, road, data):
    client.force_login(road.office)
    assert to_correct(client.post(reverse("desk_task", args=[task_of(road).pk]), data)) == [True]


def test_a_task_to_add_without_its_title_is_asked_for_above_the_page(client, road):
    client.force_login(road.office)
    data = {"add": "1", "title": "", "kind": "place", "owner": "partner"}
    assert to_correct(client.post(reverse("desk_space_tasks", args=[road.space.pk]), data)) == [True]


def test_a_space_without_tasks_is_given_the_usual_ones(client, road):
    road.space.tasks.all().delete()
    client.force_login(road.office)
    url = reverse("desk_space_tasks", args=[road.space.pk])
    assert "Questo Spazio non ha ancora compiti." in text(client.get(url))
    assert client.post(url, {"usual": "1"}).status_code == 302
    assert client.post(url, {"usual": "1"}).status_code == 409
    assert road.space.tasks.count() == 11


def test_a_task_has_no_file_until_somebody_brings_one_and_is_not_of_strangers(client, road):
    task = task_of(road)
    client.force_login(road.applicant)
    assert client.get(reverse("task_file", args=[task.pk])).status_code == 404
    client.force_login(person())
    assert client.get(reverse("task", args=[task.pk])).status_code == 404
    client.force_login(methodist(road))
    assert client.get(reverse("task", args=[task.pk])).status_code == 200

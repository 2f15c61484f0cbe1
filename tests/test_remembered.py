"""What is remembered is what was built, and no test meets what another did to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.core import serializers
from django.core.files.storage import default_storage
from django.db import transaction

from applications.models import Application, ApplicationStep
from bando.deadlines import rome
from documents.models import Document
from tests import remembered as memory
from tests.builders import person, submitted_application
from tests.remembered import remembered

pytestmark = pytest.mark.django_db


@pytest.fixture
def walks(monkeypatch) -> list[Any]:
    """What was truly walked, with nothing remembered yet."""
    monkeypatch.setattr(memory, "_worlds", {})
    return []


@pytest.fixture
def sent(walks) -> Callable[..., Application]:
    @remembered
    def sent(title: Any = "uno") -> Application:
        walks.append(title)
        return submitted_application()

    return sent


def in_a_test(act: Callable[[], Any]) -> Any:
    """What ``act`` answers; what it wrote is undone afterwards."""
    with transaction.atomic():
        answer = act()
        transaction.set_rollback(True)
    return answer


def everything() -> Iterator[str]:
    for model in (Application, ApplicationStep, Document):
        yield serializers.serialize("json", model.objects.order_by("pk"))
    for document in Document.objects.order_by("pk"):
        with document.file.open("rb") as file:
            yield file.read().hex()


def test_the_second_test_finds_the_rows_and_files_of_the_first(sent, walks) -> None:
    first, second = (in_a_test(lambda: (sent().number, *everything())) for _test in "12")
    assert second == first
    assert first[0]
    assert walks == ["uno"]


def test_no_test_meets_what_another_did_to_it(sent, walks) -> None:
    def spoil() -> tuple[str, ...]:
        application = sent()
        found = (application.number, application.organisation.name, *everything())
        name = application.attachments.first().document.file.name
        default_storage.delete(name)
        default_storage.save(name, BytesIO(b"un altro"))
        application.number = "mai"
        application.organisation.name = "Un altro ente"
        application.save(update_fields=["number"])
        return found

    first, second = in_a_test(spoil), in_a_test(spoil)
    assert second == first
    assert walks == ["uno"]


@pytest.mark.parametrize(
    ("title", "walked"),
    [("uno", ["uno"]), ("due", ["uno", "due"]), (["uno"], ["uno", ["uno"]])],
    ids=["the same", "another argument", "one that cannot be compared"],
)
def test_other_arguments_are_another_world(sent, walks, title: Any, walked: list[Any]) -> None:
    in_a_test(lambda: sent("uno"))
    in_a_test(lambda: sent(title))
    assert walks == walked


def test_a_row_as_argument_is_walked_each_time(sent, walks) -> None:
    for _test in "12":
        in_a_test(lambda: sent(person()))
    assert len(walks) == 2


def test_where_somebody_has_written_already_it_is_walked(sent, walks) -> None:
    in_a_test(sent)
    in_a_test(lambda: (person(), sent()))
    assert walks == ["uno", "uno"]


def test_under_other_settings_it_is_another_world(sent, walks, settings) -> None:
    in_a_test(sent)
    settings.DEMO = True
    in_a_test(sent)
    in_a_test(sent)
    assert walks == ["uno", "uno"]


def test_at_another_minute_of_a_travelling_clock_it_is_another_world(sent, walks) -> None:
    for moment in (rome(2021, 10, 11, 9), rome(2021, 10, 11, 9), rome(2021, 10, 11, 9, 1)):
        with time_machine.travel(moment, tick=False):
            in_a_test(sent)
    assert walks == ["uno", "uno"]

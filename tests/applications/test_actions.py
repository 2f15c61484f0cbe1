"""Two people at the same moment, on real connections."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Membership, Role
from applications.actions import ChangedMeanwhile, attach, save_section, start_application, submit
from applications.models import Application, NumberGiven, Submission
from applications.progress import fingerprint
from tests.builders import WORKDAY, body, complete_draft, draft_application, load_fixture_call, person, small_pdf
from tests.together import together
from workflow.transition import Refused

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_at_once_send_one_application_with_one_number() -> None:
    application = complete_draft(draft_application())
    marco = person()
    Membership.objects.create(user=marco, organisation=application.organisation, role=Role.LEGAL_REPRESENTATIVE)
    reviewed = fingerprint(application)

    def sending(by: Any) -> Callable[[], Submission]:
        return lambda: submit(Application.objects.get(pk=application.pk), reviewed=reviewed, by=by, at=WORKDAY)

    first, *others = together(*(sending(by) for by in (application.created_by, marco, marco, application.created_by)))
    assert [other.pk for other in others] == [first.pk] * 3
    assert (Submission.objects.count(), NumberGiven.objects.count(), application.steps.count()) == (1, 1, 1)


def test_several_bodies_at_once_get_different_numbers() -> None:
    call = load_fixture_call()
    applications = [complete_draft(draft_application(call, "area-2")) for _body in range(4)]

    def sending(application: Application) -> Callable[[], Submission]:
        return lambda: submit(application, reviewed=fingerprint(application), by=application.created_by, at=WORKDAY)

    sent = together(*(sending(application) for application in applications))
    assert len({submission.application.number for submission in sent}) == 4


@pytest.mark.parametrize("saved_before", [True, False])
def test_of_two_saves_at_once_one_is_kept_and_the_other_is_told(saved_before: bool) -> None:
    application = draft_application()
    by = application.created_by

    def saving(title: str, base: int) -> Callable[[], Any]:
        fresh = Application.objects.get(pk=application.pk)
        return lambda: save_section(
            fresh, "proposta", answers={"titolo": title}, problems={}, base_version=base, by=by, at=WORKDAY
        )

    if saved_before:
        saving("Prima", 0)()
    found = together(*(saving(title, int(saved_before)) for title in ("Uno", "Due", "Tre")))
    refused = [result for result in found if isinstance(result, ChangedMeanwhile)]
    kept = application.drafts.get()
    assert len(refused) == 2
    assert {refusal.draft.answers["titolo"] for refusal in refused} == {kept.answers["titolo"]}
    assert kept.version == 1 + saved_before


@pytest.mark.parametrize("saved_before", [True, False])
def test_the_same_save_pressed_twice_is_one_save(saved_before: bool) -> None:
    application = draft_application()
    by = application.created_by

    def saving(title: str, base: int) -> Callable[[], Any]:
        fresh = Application.objects.get(pk=application.pk)
        return lambda: save_section(
            fresh, "proposta", answers={"titolo": title}, problems={}, base_version=base, by=by, at=WORKDAY
        )

    if saved_before:
        saving("Prima", 0)()
    found = together(*[saving("Uno", int(saved_before)) for _click in range(4)])
    assert found == [application.drafts.get()] * 4
    assert found[0].version == 1 + saved_before


def test_different_sections_at_once_are_all_kept() -> None:
    application = draft_application()
    codes = [section.code for section in application.call.notice.sections_for("area-1")]

    def saving(code: str) -> Callable[[], Any]:
        fresh = Application.objects.get(pk=application.pk)
        by = application.created_by
        return lambda: save_section(fresh, code, answers={"q": code}, problems={}, base_version=0, by=by, at=WORKDAY)

    together(*(saving(code) for code in codes))
    assert {draft.section: draft.answers for draft in application.drafts.all()} == {code: {"q": code} for code in codes}


def test_two_files_at_once_for_one_place_leave_one() -> None:
    application = draft_application()

    def uploading(name: str) -> Callable[[], Any]:
        fresh = Application.objects.get(pk=application.pk)
        upload = SimpleUploadedFile(name, small_pdf(name), "application/pdf")
        return lambda: attach(fresh, "procura", upload, by=application.created_by, at=WORKDAY)

    found = together(uploading("uno.pdf"), uploading("due.pdf"))
    assert sum(isinstance(result, Refused) for result in found) == 1
    assert application.attachments.count() == 1


def test_two_starts_at_once_make_one_application() -> None:
    call, anna = load_fixture_call(), person()
    alfa = body(by=anna)
    found = together(*[lambda: start_application(call, "area-1", alfa, by=anna, at=WORKDAY)] * 2)
    assert sum(isinstance(result, Refused) for result in found) == 1
    assert Application.objects.count() == 1

"""What a body reads of the checks of what it declared, and its answers."""

from datetime import timedelta

import pytest
from django.urls import reverse

from documents.uploads import keep
from network.actions import (
    check_all,
    confirm_declaration,
    find_irregular,
    reply_to_check,
)
from network.models import CheckReply
from tests.builders import official, small_pdf
from tests.builders_checks import (
    AT,
    DUE_ON,
    TERM,
    all_checked,
    call_with_declarations,
    chosen,
    one_of,
)
from tests.pages import text
from tests.pages_checks import DESK, ask, pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return official()


@pytest.fixture
def call():
    return call_with_declarations()


@pytest.fixture
def checked(call):
    row = chosen(call)
    return row, one_of(all_checked(call), row)


@pytest.fixture
def irregular(checked, office):
    row, check = checked
    find_irregular(check, due_at=TERM, reason="Il certificato è del 2019.", note="Sospetto.", by=office, at=AT)
    return row, check


def test_the_body_reads_what_is_wrong_and_answers_with_a_file(client, irregular):
    row, check = irregular
    client.force_login(row.created_by)
    page = text(ask(client, "check", check.pk))
    assert ("Il certificato è del 2019." in page, "Sospetto." in page) == (True, False)
    answer = ask(client, "check", check.pk, text="Ecco quello nuovo.", file=pdf("nuovo.pdf"))
    assert (answer.status_code, answer.url) == (302, reverse("check", args=[check.pk]))
    reply = CheckReply.objects.get()
    assert (reply.text, reply.document.name) == ("Ecco quello nuovo.", "nuovo.pdf")
    assert b"".join(ask(client, "check_file", check.pk, 1)) == small_pdf("Risposta")
    assert ask(client, "check_file", check.pk, 2).status_code == 404


def test_after_the_term_what_was_typed_is_refused_and_stays(client, irregular):
    row, check = irregular
    client.force_login(row.created_by)
    late = TERM + timedelta(seconds=1)
    assert "Il termine per rispondere è passato." in text(ask(client, "check", check.pk, at=late))
    answer = ask(client, "check", check.pk, at=late, text="Ecco quello nuovo.")
    assert (answer.status_code, "Ecco quello nuovo." in answer.content.decode()) == (409, True)
    assert CheckReply.objects.count() == 0


def test_nobody_else_reads_the_checks_of_a_body(client, irregular, office):
    row, check = irregular
    other = chosen(row.call)
    kept = keep(small_pdf("Nuovo"), name="nuovo.pdf", media_type="application/pdf", by=row.created_by, at=AT)
    reply_to_check(check, text="Ecco.", document=kept, by=row.created_by, at=AT)
    client.force_login(other.created_by)
    assert [ask(client, "check", check.pk).status_code, ask(client, "check_file", check.pk, 1).status_code] == [404, 404]
    assert "Nessun controllo" in text(ask(client, "checks"))
    client.force_login(row.created_by)
    listed = text(ask(client, "checks"))
    assert (listed.count(row.number), "Rispondi entro" in listed) == (3, True)


def test_my_applications_lead_to_a_check_that_waits_for_an_answer(client, irregular, office):
    row, check = irregular
    client.force_login(row.created_by)
    link = f'href="{reverse("checks")}"'
    assert link in ask(client, "my_applications").content.decode()
    confirm_declaration(check, by=office, at=AT)
    assert link not in ask(client, "my_applications").content.decode()


@pytest.mark.parametrize("proposals", [1, 10])
def test_the_pages_ask_the_database_as_little_with_three_checks_as_with_thirty(
    client, call, office, proposals, django_assert_num_queries
):
    first = chosen(call)
    for _n in range(proposals - 1):
        chosen(call, organisation=None)
    plan = check_all(call, "area-1", due_on=DUE_ON, by=office, at=AT)
    assert plan.size == 3 * proposals
    check = one_of(plan, first)
    client.force_login(office)
    with django_assert_num_queries(17):
        ask(client, "desk_checks", *DESK)
    with django_assert_num_queries(5):
        ask(client, "desk_check", check.pk)
    client.force_login(first.created_by)
    with django_assert_num_queries(4):
        ask(client, "checks")
    with django_assert_num_queries(4):
        ask(client, "check", check.pk)

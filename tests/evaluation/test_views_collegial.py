"""The list of the sheets of the commission, and the page on which one is written for all."""

from datetime import timedelta

import pytest
from django.urls import reverse

from evaluation.actions import declare
from evaluation.models import MemberRole, Sheet
from evaluation.states import SheetState
from tests.builders_evaluation import (
    MARKED_AT,
    admitted,
    call_marked_together,
    commission,
    mark_together,
    marking,
    small_call,
)
from tests.clock import arriving
from tests.pages import text

pytestmark = pytest.mark.django_db
NOW = MARKED_AT + timedelta(hours=1)


@pytest.fixture
def call():
    return call_marked_together()


@pytest.fixture
def made(call):
    return commission(call, secretary=True)


@pytest.fixture
def proposals(call, made):
    found = [admitted(call, name=f"Ente {title}", title=title) for title in ("Casa aperta", "Piazza")]
    for member in made.members.all():
        for proposal in found:
            declare(member, proposal, in_conflict=False, at=MARKED_AT)
    return found


@pytest.fixture
def visit(client, call):
    def ask(user, url=None, data=None):
        client.force_login(user)
        with arriving(NOW):
            url = url or reverse("collegial", args=[call.slug])
            return client.get(url) if data is None else client.post(url, data)

    return ask


def seat(made, role):
    return made.members.filter(role=role).first().user


def test_chair_and_secretary_begin_a_sheet_and_the_others_read_it(visit, made, proposals):
    secretary, other = seat(made, MemberRole.SECRETARY), seat(made, MemberRole.MEMBER)
    assert "Ente Casa aperta Casa aperta" in text(visit(secretary))
    assert "Non è ancora iniziata." in text(visit(other))
    response = visit(secretary, data={"proposal": str(proposals[0].pk)})
    sheet = Sheet.objects.get()
    assert (sheet.member, response.url) == (None, reverse("sheet", args=[sheet.pk]))
    assert 'name="level-0"' in visit(secretary, response.url).content.decode()
    assert 'name="level-0"' not in visit(other, response.url).content.decode()
    assert "Apri la scheda : Ente Casa aperta" in text(visit(other))


def test_who_does_not_write_begins_nothing(visit, made, proposals):
    response = visit(seat(made, MemberRole.MEMBER), data={"proposal": str(proposals[0].pk)})
    assert (response.status_code, Sheet.objects.count()) == (409, 0)
    assert "La scheda della commissione la scrive chi la presiede o chi fa da segretario." in text(response)


def test_a_sheet_is_written_and_concluded_for_all(visit, made, proposals, call):
    chair = seat(made, MemberRole.CHAIR)
    url = visit(chair, data={"proposal": str(proposals[0].pk)}).url
    given = {f"level-{i}": "0.8" for i in range(3)} | {f"reason-{i}": "Chiaro." for i in range(3)}
    response = visit(chair, url, given | {"finish": "1"})
    assert (response.status_code, response.url) == (302, reverse("collegial", args=[call.slug]))
    assert Sheet.objects.get().state == SheetState.FINAL
    assert "1 scheda conclusa su 2" in text(visit(chair))


def test_a_member_in_conflict_finds_neither_the_proposal_nor_its_sheet(visit, made, proposals):
    sheet = mark_together(made, proposals[0], ["buono"] * 3)
    chair = seat(made, MemberRole.CHAIR)
    declare(marking(made)[0], proposals[0], in_conflict=True, note="Ne sono socia.", at=MARKED_AT)
    shown = text(visit(chair))
    assert ("Casa aperta" in shown, "0 schede concluse su 1" in shown) == (False, True)
    assert visit(chair, reverse("sheet", args=[sheet.pk])).status_code == 404
    assert visit(chair, data={"proposal": str(proposals[0].pk)}).status_code == 404
    assert visit(seat(made, MemberRole.MEMBER), reverse("sheet", args=[sheet.pk])).status_code == 200


def test_before_declaring_the_secretary_finds_nothing_and_is_led_to_declare(visit, made, call):
    proposal = admitted(call, title="Orto")
    secretary = seat(made, MemberRole.SECRETARY)
    shown = text(visit(secretary))
    assert ("Orto" in shown, "Fai le dichiarazioni" in shown) == (False, True)
    url = reverse("declarations", args=[call.slug])
    assert visit(secretary, url, {f"conflict_{proposal.pk}": "no"}).status_code == 302
    assert "Orto" in text(visit(secretary))


def test_where_each_member_marks_there_is_no_such_page(visit):
    call = small_call(slug="soli")
    user = marking(commission(call))[0].user
    assert visit(user, reverse("collegial", args=[call.slug])).status_code == 404


def test_who_leads_reads_how_far_everybody_is_without_the_proposals_in_conflict(visit, made, proposals, call):
    mark_together(made, proposals[0], ["buono"] * 3)
    chair, url = marking(made)[0], reverse("sheets", args=[call.slug])
    shown = text(visit(chair.user, url))
    assert "Schede della commissione concluse: 1 su 2" in shown
    assert f"Manca una scheda della commissione. La può scrivere: {chair.user}, Segretario." in shown
    declare(chair, proposals[0], in_conflict=True, note="Ne sono socia.", at=MARKED_AT)
    assert "Schede della commissione concluse: 0 su 1" in text(visit(chair.user, url))

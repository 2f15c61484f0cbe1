"""The pages on which the office appoints the commission and replaces a member."""

from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from accounts.models import Role
from applications.models import Participant
from bando.models import DraftOrigin, NoticeDraft
from evaluation.actions import appoint_commission
from evaluation.models import Commission, Member, MemberRole, Sheet
from evaluation.rules.commission import unfit, warnings_on
from evaluation.states import SheetState
from tests.builders import body, official, person
from tests.builders_evaluation import (
    APPOINTED_AT,
    DEADLINE,
    MARKED_AT,
    admitted,
    commission,
    mark,
    marking,
    small_call,
)
from tests.clock import arriving

pytestmark = pytest.mark.django_db

CHAIR, MEMBER, SECRETARY, SUBSTITUTE = MemberRole.CHAIR, MemberRole.MEMBER, MemberRole.SECRETARY, MemberRole.SUBSTITUTE


def text(response):
    return unescape(response.content.decode())


@pytest.fixture
def call():
    return small_call()


@pytest.mark.parametrize(
    ("roles", "sentence"),
    [
        ([CHAIR, MEMBER, MEMBER], None),
        ([CHAIR, MEMBER, MEMBER, SECRETARY, SUBSTITUTE, SUBSTITUTE], None),
        ([CHAIR, MEMBER, SUBSTITUTE], "Chi dà i punteggi: l'avviso chiede da 3 a 5 persone, qui sono 2."),
        ([CHAIR, MEMBER, MEMBER, MEMBER], "Chi dà i punteggi deve essere un numero dispari di persone: qui sono 4."),
        ([MEMBER, MEMBER, MEMBER, SUBSTITUTE], "Serve una sola persona con il ruolo di presidente: qui sono 0."),
        ([CHAIR, MEMBER, MEMBER, SECRETARY, SECRETARY], "C'è più di una persona con il ruolo di segretario: ne basta una."),
    ],
)
def test_substitutes_and_the_secretary_do_not_count_among_those_who_mark(call, roles, sentence):
    assert unfit([(person(), role) for role in roles], call.notice.commission) == sentence


# Warnings


def test_each_reason_to_think_twice_is_a_sentence(call):
    admin = official(name="Dora Ufficio")
    published_by = call.steps.get(act="publish").by
    wrote = person(name="Ugo Redattore")
    draft = NoticeDraft.objects.create(
        call=call, origin=DraftOrigin.values[0], created_by=wrote, created_at=DEADLINE, changed_by=wrote, changed_at=DEADLINE
    )
    draft.edits.create(version=1, data={}, by=wrote, at=DEADLINE)
    lead, partner = admitted(call, name="Capofila"), person(name="Pia Partner")
    Participant.objects.create(
        application=lead,
        call=call,
        area_code="area-1",
        organisation=body("Onlus Partner", by=partner),
        invited_at=DEADLINE,
        counts=True,
    )
    seats = [(admin, CHAIR), (published_by, MEMBER), (wrote, MEMBER), (partner, SUBSTITUTE), (person(), SECRETARY)]
    assert warnings_on(call, seats) == [
        f"{published_by} ha pubblicato l'avviso. Chi scrive le regole, di norma, non giudica.",
        "Ugo Redattore ha scritto l'avviso. Chi scrive le regole, di norma, non giudica.",
        "Dora Ufficio lavora nell'ufficio che approva gli atti della commissione. Chi li approva, di norma, non la presiede.",
        "Pia Partner lavora per Onlus Partner, che ha fatto domanda.",
    ]


def test_who_works_for_a_lead_and_for_a_partner_is_named_once_for_each_body(call):
    who = person(name="Pia Due")
    lead = admitted(call, name="Capofila")
    lead.organisation.memberships.create(user=who, role=Role.REFERENT)
    admitted(call, "area-2", organisation=lead.organisation)
    assert warnings_on(call, [(who, MEMBER)]) == ["Pia Due lavora per Capofila, che ha fatto domanda."]


# Replacing from the page


@pytest.fixture
def office(client):
    client.force_login(official())
    return client


def post(client, call, member, **data):
    address = reverse("desk_member_replace", args=[call.slug, member.pk])
    act = {"reason": "Malattia.", "act_number": "130/2021", "act_date": "3/11/2021"}
    with arriving(MARKED_AT):
        return client.post(address, act | data)


def test_the_office_replaces_a_member_with_somebody_new(call, office):
    proposal, made = admitted(call), commission(call)
    leaving = marking(made)[1]
    mark(leaving, proposal, ["buono"] * 3)
    newcomer = person(name="Nadia Nuova")
    assert "Scrivi l'e-mail di chi prende il posto." in text(post(office, call, leaving, email=""))
    assert "Nessuna persona registrata usa chi@esempio.it." in text(post(office, call, leaving, email="chi@esempio.it"))
    assert "Scrivi perché lascia la commissione." in text(post(office, call, leaving, email=newcomer.email, reason=""))
    assert post(office, call, leaving, email=marking(made)[0].user.email).status_code == 409
    assert not Member.objects.exclude(left_at=None).exists()
    assert post(office, call, leaving, email=newcomer.email).headers["Location"] == reverse("desk_commission", args=[call.slug])
    assert Sheet.objects.get().state == SheetState.VOID
    page = text(office.get(reverse("desk_commission", args=[call.slug])))
    assert "Nadia Nuova prende il posto di Commissaria 1, con l'atto n. 130/2021." in page
    assert "al posto di Commissaria 1" in page
    assert post(office, call, leaving, email=person().email).status_code == 404  # who has left has no such page


def test_a_substitute_is_chosen_by_name(call, office):
    roles = [CHAIR, MEMBER, MEMBER, SUBSTITUTE]
    seats = [(person(name=f"Persona {n}"), role) for n, role in enumerate(roles)]
    act = {"act_number": "120/2021", "act_date": date(2021, 10, 20)}
    made = appoint_commission(call, members=seats, **act, by=official(), at=APPOINTED_AT)
    leaving, waiting = marking(made)[0], made.members.get(role=SUBSTITUTE)
    assert "Scegli chi prende il posto." in text(post(office, call, leaving))
    assert post(office, call, leaving, substitute=str(waiting.pk)).status_code == 302
    assert made.members.seated().get(role=CHAIR).user == waiting.user
    page = text(office.get(reverse("desk_commission", args=[call.slug])))
    assert "Supplenti" not in page


def test_the_page_asks_a_decision_for_each_warning_and_keeps_it(call, office):
    applicant, made = admitted(call, name="Coop Alfa").created_by, commission(call)
    leaving = marking(made)[1]
    asked = post(office, call, leaving, email=applicant.email)
    assert "lavora per Coop Alfa, che ha fatto domanda." in text(asked)
    assert "Scrivi perché la nomini lo stesso, oppure scegli un'altra persona." in text(asked)
    [(_warning, field)] = asked.context["form"].weighed
    assert post(office, call, leaving, email=applicant.email, **{field.name: "Si asterrà."}).status_code == 302
    assert "Si asterrà." in text(office.get(reverse("desk_commission", args=[call.slug])))


def test_nobody_is_replaced_before_the_appointment(call, office):
    assert not Commission.objects.exists()
    assert office.get(reverse("desk_member_replace", args=[call.slug, 1])).status_code == 404


# What everybody reads


def test_the_page_of_the_call_names_who_sits_and_not_who_has_left(call, office):
    made = commission(call)
    post(office, call, marking(made)[1], email=person(name="Nadia Nuova").email)
    office.logout()
    page = text(office.get(reverse("call", args=[call.slug])))
    assert "Nadia Nuova, Commissario" in page
    assert "Commissaria 1" not in page

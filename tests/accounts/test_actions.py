from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from accounts import actions, rules
from accounts.models import Invitation, Mail, Membership, Organisation, Role
from tests.builders import body, official, person
from workflow.models import Duty
from workflow.transition import Refused

AT = datetime(2021, 10, 11, 8, 42, 0, 7, tzinfo=UTC)
DETAILS = {
    "tax_code": "97123450153",
    "name": "Cooperativa Alfa",
    "legal_form": "social_cooperative",
    "street": "Via Prova 1",
    "postal_code": "20121",
    "city": "Milano",
    "province": "MI",
    "pec": "alfa@pec.esempio.it",
}

pytestmark = pytest.mark.django_db


def reasons(act) -> list[str]:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.reasons


def test_whoever_registers_a_body_acts_for_it_from_that_moment():
    anna = person()
    alfa = actions.create_organisation(**DETAILS, role=Role.LEGAL_REPRESENTATIVE, by=anna, at=AT)
    assert list(Membership.objects.values_list("user", "organisation", "role", "since")) == [
        (anna.pk, alfa.pk, "legal_representative", AT)
    ]
    assert Organisation.objects.values_list("name", "tax_code", "created_at").get() == ("Cooperativa Alfa", "97123450153", AT)


def test_a_body_is_registered_once_and_a_stranger_is_not_told_by_whom():
    anna, bruno = person(name="Anna Bianchi"), person()
    actions.create_organisation(**DETAILS, role=Role.REFERENT, by=anna, at=AT)
    assert reasons(lambda: actions.create_organisation(**DETAILS, role=Role.REFERENT, by=bruno, at=AT)) == [
        "Questo ente è già registrato. Chiedi al suo referente di invitarti."
    ]
    assert reasons(lambda: actions.create_organisation(**DETAILS, role=Role.REFERENT, by=anna, at=AT)) == [
        "Hai già registrato questo ente. Lo trovi tra i tuoi enti."
    ]
    assert Membership.objects.count() == 1


def test_two_registrations_at_once_leave_one_body(monkeypatch):
    anna, bruno = person(), person()
    asked = rules.already_registered
    answers = iter([None])  # what the second one was told before the first wrote

    actions.create_organisation(**DETAILS, role=Role.REFERENT, by=anna, at=AT)
    monkeypatch.setattr(rules, "already_registered", lambda code, by: next(answers, asked(code, by)))
    assert reasons(lambda: actions.create_organisation(**DETAILS, role=Role.REFERENT, by=bruno, at=AT)) == [
        "Questo ente è già registrato. Chiedi al suo referente di invitarti."
    ]
    assert Organisation.objects.count() == 1


def test_only_who_acts_for_a_body_changes_its_data():
    anna, bruno = person(), official()
    alfa = body(by=anna)
    actions.change_organisation(alfa, by=anna, city="Monza", province="MB")
    assert Organisation.objects.values_list("city", "province").get() == ("Monza", "MB")
    assert reasons(lambda: actions.change_organisation(alfa, by=bruno, city="Lodi")) == [
        "I dati li cambia solo chi agisce per l'ente. Chiedi a una delle sue persone."
    ]
    assert Organisation.objects.values_list("city", flat=True).get() == "Monza"


def test_an_invitation_owes_one_mail_and_is_answered_by_the_person_invited():
    anna, bruno = person(name="Anna Bianchi"), person("bruno@esempio.it", "Bruno Neri")
    alfa = body("Cooperativa Alfa", by=anna)
    invitation = actions.invite(alfa, email="bruno@esempio.it", role=Role.REFERENT, by=anna, at=AT)
    assert list(Mail.objects.values_list("recipient", "subject")) == [
        ("bruno@esempio.it", "Ti invitano ad agire per Cooperativa Alfa")
    ]
    assert Mail.objects.get().body.splitlines()[:3] == [
        "Ciao Bruno,",
        "",
        "Anna Bianchi ti invita ad agire per Cooperativa Alfa negli avvisi di co-progettazione.",
    ]
    assert Mail.objects.get().body.splitlines()[-2:] == [
        "Comune dimostrativo",
        "Questo messaggio parte da solo: non leggiamo le risposte.",
    ]
    assert Duty.objects.values_list("name", "subject", "due_at").get() == ("accounts.mail", str(Mail.objects.get().pk), AT)

    membership = actions.accept(invitation, by=bruno, at=AT + timedelta(days=1))
    assert (membership.user, membership.organisation, membership.role, membership.since) == (
        bruno,
        alfa,
        "referent",
        AT + timedelta(days=1),
    )
    assert Invitation.objects.count() == 0


def test_an_invitation_is_refused_to_strangers_to_members_and_twice():
    anna, bruno = person(), person()
    alfa = body(by=anna)
    assert reasons(lambda: actions.invite(alfa, email="x@esempio.it", role=Role.REFERENT, by=bruno, at=AT)) == [
        "I dati li cambia solo chi agisce per l'ente. Chiedi a una delle sue persone."
    ]
    assert reasons(lambda: actions.invite(alfa, email=anna.email, role=Role.REFERENT, by=anna, at=AT)) == [
        "Questa persona agisce già per l'ente."
    ]
    invitation = actions.invite(alfa, email="x@esempio.it", role=Role.REFERENT, by=anna, at=AT)
    assert reasons(lambda: actions.invite(alfa, email="x@esempio.it", role=Role.REFERENT, by=anna, at=AT)) == [
        "Hai già invitato questa persona. Chiedile di accedere con questo indirizzo: trova l'invito tra i suoi enti."
    ]
    assert reasons(lambda: actions.accept(invitation, by=bruno, at=AT)) == ["A un invito risponde solo la persona invitata."]
    assert Mail.objects.count() == 1


@pytest.mark.parametrize("who", ["anna", "bruno"])
def test_an_invitation_is_let_go_by_the_body_or_by_the_person(who):
    people = {"anna": person(), "bruno": person("bruno@esempio.it")}
    alfa = body(by=people["anna"])
    invitation = actions.invite(alfa, email="bruno@esempio.it", role=Role.REFERENT, by=people["anna"], at=AT)
    assert reasons(lambda: actions.withdraw(invitation, by=person())) == [
        "I dati li cambia solo chi agisce per l'ente. Chiedi a una delle sue persone."
    ]
    actions.withdraw(invitation, by=people[who])
    assert Invitation.objects.count() == 0
    assert Membership.objects.count() == 1


def test_an_invitation_that_was_taken_back_is_not_accepted_from_a_page_that_still_shows_it():
    anna, bruno = person(), person("bruno@esempio.it")
    alfa = body(by=anna)
    invitation = actions.invite(alfa, email="bruno@esempio.it", role=Role.REFERENT, by=anna, at=AT)
    shown = Invitation.objects.get(pk=invitation.pk)
    actions.withdraw(invitation, by=anna)
    assert reasons(lambda: actions.accept(shown, by=bruno, at=AT)) == [
        "Questo invito non c'è più: l'ente lo ha tolto, oppure hai già risposto."
    ]
    assert list(Membership.objects.values_list("user", flat=True)) == [anna.pk]


@pytest.mark.django_db(transaction=True)
def test_a_double_click_invites_once():
    anna = person()
    alfa = body(by=anna)

    def click(_number: int) -> str:
        try:
            actions.invite(alfa, email="bruno@esempio.it", role=Role.REFERENT, by=anna, at=AT)
        except Refused as refused:
            return refused.reasons[0]
        finally:
            connection.close()
        return "invited"

    with ThreadPoolExecutor(4) as clicks:
        assert sorted(clicks.map(click, range(4))) == [
            *["Hai già invitato questa persona. Chiedile di accedere con questo indirizzo: trova l'invito tra i suoi enti."]
            * 3,
            "invited",
        ]
    assert (Invitation.objects.count(), Mail.objects.count()) == (1, 1)

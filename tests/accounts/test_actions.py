import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from accounts import actions, rules
from accounts.models import Invitation, Mail, Membership, Organisation, Role
from tests.builders import body, official, person
from tests.together import together
from workflow.ledger import digest
from workflow.models import Duty, LedgerEntry
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

TAKEN = (
    "Questo ente è già registrato. Chiedi al suo referente di invitarti. Se nel tuo ente nessuno lo ha registrato, scrivi "
    "all'ufficio: dopo una verifica può affidarlo a te. L'indirizzo è nella pagina dell'avviso."
)
INVITED = (
    "Hai già invitato questa persona. Chiedile di accedere con questo indirizzo: trova l'invito tra i suoi enti. Se "
    "non trova l'e-mail, manda di nuovo l'invito dall'elenco."
)

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
    assert reasons(lambda: actions.create_organisation(**DETAILS, role=Role.REFERENT, by=bruno, at=AT)) == [TAKEN]
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
    assert reasons(lambda: actions.create_organisation(**DETAILS, role=Role.REFERENT, by=bruno, at=AT)) == [TAKEN]
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
    assert reasons(lambda: actions.invite(alfa, email="x@esempio.it", role=Role.REFERENT, by=anna, at=AT)) == [INVITED]
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
            *[INVITED] * 3,
            "invited",
        ]
    assert (Invitation.objects.count(), Mail.objects.count()) == (1, 1)


# Roles


def team() -> tuple:
    """A body, its people by role, and what each is for it."""
    alfa = body("Cooperativa Alfa")
    names = {"legal_representative": "Lea Legale", "proxy": "Piero Procura", "referent": "Rita Referente"}
    people = {role: person(name=name) for role, name in (names | {"collaborator": "Carlo Collaboratore"}).items()}
    rows = {role: alfa.memberships.create(user=user, role=role) for role, user in people.items()}
    return alfa, people, rows


ASK = (
    "Con il tuo ruolo non inviti, non cambi i ruoli e non togli persone. Chiedi a Lea Legale (legale rappresentante), "
    "Piero Procura (delegato con procura), Rita Referente (referente)."
)
GIVEN_BY = (
    "Questo ruolo lo dà chi rappresenta già l'ente: chiedi a Lea Legale (legale rappresentante), Piero Procura (delegato con "
    "procura)."
)
NOT_YOU = "Chi rappresenta l'ente non lo cambi e non lo togli tu: può farlo chi lo rappresenta."
ALONE = "Non puoi darti da solo il potere di inviare: invita il legale rappresentante, che poi sceglie i ruoli."


def outcome(act) -> str:
    try:
        act()
    except Refused as refused:
        return " ".join(refused.reasons)
    return ""


@pytest.mark.parametrize(
    ("who", "role", "answer"),
    [
        ("legal_representative", "proxy", ""),
        ("proxy", "legal_representative", ""),
        ("referent", "collaborator", ""),
        ("referent", "referent", ""),
        ("referent", "proxy", GIVEN_BY),
        ("referent", "legal_representative", GIVEN_BY),
        ("collaborator", "collaborator", ASK),
        ("collaborator", "legal_representative", ASK),
    ],
)
def test_who_invites_whom(who, role, answer):
    alfa, people, _rows = team()
    assert outcome(lambda: actions.invite(alfa, email="x@esempio.it", role=role, by=people[who], at=AT)) == answer
    assert alfa.invitations.count() == (not answer)


@pytest.mark.parametrize(
    ("who", "whom", "role", "answer"),
    [
        ("legal_representative", "collaborator", "proxy", ""),
        ("legal_representative", "proxy", "collaborator", ""),
        ("proxy", "legal_representative", "collaborator", ""),
        ("referent", "collaborator", "referent", ""),
        ("referent", "collaborator", "proxy", GIVEN_BY),
        ("referent", "proxy", "collaborator", NOT_YOU),
        ("referent", "referent", "proxy", ALONE),
        ("referent", "referent", "collaborator", ""),
        ("collaborator", "collaborator", "referent", ASK),
        ("collaborator", "referent", "collaborator", ASK),
    ],
)
def test_who_changes_the_role_of_whom(who, whom, role, answer):
    _alfa, people, rows = team()
    assert outcome(lambda: actions.change_role(rows[whom], role, by=people[who])) == answer
    assert Membership.objects.get(pk=rows[whom].pk).role == (whom if answer else role)


@pytest.mark.parametrize(
    ("who", "whom", "answer"),
    [
        ("legal_representative", "proxy", ""),
        ("proxy", "legal_representative", ""),
        ("referent", "collaborator", ""),
        ("referent", "proxy", NOT_YOU),
        ("referent", "referent", ""),
        ("collaborator", "collaborator", ""),
        ("collaborator", "referent", ASK),
    ],
)
def test_who_takes_out_whom(who, whom, answer):
    alfa, people, rows = team()
    assert outcome(lambda: actions.take_out(rows[whom], by=people[who])) == answer
    assert alfa.memberships.count() == (4 if answer else 3)


LAST = "È l'ultima persona dell'ente che può invitarne altre. Prima invita qualcuno che possa farlo, poi riprova."


def test_the_last_one_who_may_invite_stays_and_keeps_a_role_that_may():
    alfa, people, rows = team()
    for role in ("proxy", "referent"):
        actions.take_out(rows[role], by=people["legal_representative"])
    lea = people["legal_representative"]
    assert outcome(lambda: actions.take_out(rows["legal_representative"], by=lea)) == LAST
    assert outcome(lambda: actions.change_role(rows["legal_representative"], "collaborator", by=lea)) == LAST
    assert outcome(lambda: actions.change_role(rows["legal_representative"], "proxy", by=lea)) == ""
    assert sorted(alfa.memberships.values_list("role", flat=True)) == ["collaborator", "proxy"]


def test_while_nobody_represents_the_body_its_referent_invites_who_does_and_never_becomes_it():
    rita = person(name="Rita Referente")
    alfa = body()
    row = alfa.memberships.create(user=rita, role=Role.REFERENT)
    assert outcome(lambda: actions.change_role(row, Role.PROXY, by=rita)) == ALONE
    assert outcome(lambda: actions.invite(alfa, email="x@esempio.it", role="legal_representative", by=rita, at=AT)) == ""


# How many, and for how long


@pytest.mark.parametrize(
    ("after", "answer"),
    [
        (timedelta(days=30), ""),
        (
            timedelta(days=30, microseconds=1),
            "Questo invito è scaduto: vale 30 giorni. Chiedi a Anna Bianchi di mandartelo di nuovo.",
        ),
    ],
)
def test_an_invitation_lasts_thirty_days_and_is_sent_again(after, answer):
    anna, bruno = person(name="Anna Bianchi"), person("bruno@esempio.it")
    alfa = body(by=anna)
    invitation = actions.invite(alfa, email=bruno.email, role=Role.REFERENT, by=anna, at=AT)
    assert outcome(lambda: actions.accept(invitation, by=bruno, at=AT + after)) == answer
    if answer:
        actions.resend(invitation, by=anna, at=AT + after)
        assert outcome(lambda: actions.accept(invitation, by=bruno, at=AT + after + timedelta(days=30))) == ""
        assert Mail.objects.count() == 2


@pytest.mark.parametrize("how", ["taken out", "made a collaborator"])
def test_who_was_taken_out_lets_nobody_in_by_an_invitation_of_before(how):
    anna, rita, bruno = person(), person(name="Rita Verdi"), person("bruno@esempio.it")
    alfa = body("Cooperativa Alfa", by=anna)
    ritas = Membership.objects.create(user=rita, organisation=alfa, role=Role.REFERENT, since=AT)
    invitation = actions.invite(alfa, email=bruno.email, role=Role.REFERENT, by=rita, at=AT)
    if how == "taken out":
        actions.take_out(ritas, by=anna)
    else:
        actions.change_role(ritas, Role.COLLABORATOR, by=anna)
    assert outcome(lambda: actions.accept(invitation, by=bruno, at=AT)) == (
        "Chi ti ha invitato (Rita Verdi) non invita più persone per «Cooperativa Alfa»: l'invito non vale. Chiedi a un'altra "
        "persona dell'ente di mandartelo di nuovo."
    )
    actions.resend(invitation, by=anna, at=AT)
    assert outcome(lambda: actions.accept(invitation, by=bruno, at=AT)) == ""


@pytest.mark.django_db(transaction=True)
def test_of_the_last_two_who_may_invite_and_take_each_other_out_at_once_one_stays():
    anna, rita = person(), person()
    alfa = body(by=anna)
    ritas = Membership.objects.create(user=rita, organisation=alfa, role=Role.LEGAL_REPRESENTATIVE, since=AT)
    annas = Membership.objects.get(user=anna)
    together(lambda: actions.take_out(annas, by=rita), lambda: actions.take_out(ritas, by=anna))
    assert alfa.memberships.count() == 1


def test_a_body_sends_twenty_invitations_a_day_and_those_sent_again_count():
    anna = person()
    alfa = body(by=anna)
    for number in range(19):
        actions.withdraw(actions.invite(alfa, email=f"p{number}@esempio.it", role="referent", by=anna, at=AT), by=anna)
    twentieth = actions.invite(alfa, email="bruno@esempio.it", role=Role.REFERENT, by=anna, at=AT)
    enough = "Oggi il tuo ente ha già mandato 20 inviti: riprova domani."
    assert outcome(lambda: actions.invite(alfa, email="x@esempio.it", role=Role.REFERENT, by=anna, at=AT)) == enough
    assert outcome(lambda: actions.resend(twentieth, by=anna, at=AT)) == enough
    assert outcome(lambda: actions.count_invitation(alfa, at=AT)) == enough
    assert outcome(lambda: actions.resend(twentieth, by=anna, at=AT + timedelta(days=1))) == ""
    assert Mail.objects.count() == 21


# A registration given to somebody else


def test_the_office_gives_a_registration_to_who_represents_the_body_and_the_ledger_keeps_why():
    squatter, real, office = person(), person("vera@esempio.it", "Vera Presidente"), official()
    alfa = body("Cooperativa Alfa", by=squatter)
    actions.invite(alfa, email="complice@esempio.it", role=Role.PROXY, by=squatter, at=AT)
    why = "Confermato dalla PEC dell'ente."
    assert outcome(lambda: actions.entrust(alfa, email=real.email, by=squatter, at=AT, reason=why)) == (
        "La registrazione di un ente la affida solo l'ufficio."
    )
    assert outcome(lambda: actions.entrust(alfa, email="nessuno@esempio.it", by=office, at=AT, reason=why)) == (
        "Nessuno si è registrato con questo indirizzo. Chiedi alla persona di registrarsi, poi riprova."
    )
    assert outcome(lambda: actions.entrust(alfa, email=real.email, by=office, at=AT, reason=" ")) == (
        "Scrivi il motivo: resta nel registro degli atti."
    )
    assert (list(alfa.memberships.values_list("user", flat=True)), LedgerEntry.objects.count()) == ([squatter.pk], 0)
    actions.entrust(alfa, email=real.email, by=office, at=AT, reason=why)
    assert list(alfa.memberships.values_list("user", "role")) == [(real.pk, "legal_representative")]
    assert alfa.invitations.count() == 0
    told = Mail.objects.exclude(recipient="complice@esempio.it").get()
    assert (told.recipient, told.subject, why in told.body) == (squatter.email, "Non agisci più per Cooperativa Alfa", True)
    entry = LedgerEntry.objects.get()
    assert (entry.act, entry.subject, entry.hash) == ("entrust", str(alfa.pk), digest(entry.content))
    kept = json.loads(entry.content)
    assert (kept["by"], kept["reason"], kept["facts"]) == (
        office.pk,
        why,
        {"to": real.pk, "taken_out": [[squatter.pk, "legal_representative"]]},
    )

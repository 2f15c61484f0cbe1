import json
from datetime import timedelta
from functools import partial

import pytest

from accounts.models import Role
from applications.actions import submit, withdraw
from applications.actions.joining import (
    add_member,
    certify,
    change_member,
    decline,
    invite_again,
    join,
    leave,
    remove_member,
    write_tasks,
)
from applications.groups.participants import form_of, is_certified, sha256, statement, what_changed
from applications.models import Application, Participant
from applications.progress import fingerprint, missing
from applications.rules import against_writing
from bando.models import Call
from tests.applications.asking import asking_call
from tests.applications.grouping import ATS, GROUPS, bring, certified, choose, confirm, group_call, invited, joined
from tests.builders import AFTER, DEADLINE, WORKDAY, body, complete_draft, draft_application, official, person, send
from tests.builders_amending import extend, rectify
from tests.together import together
from workflow.duties import pay
from workflow.models import Duty
from workflow.transition import Refused

pytestmark = pytest.mark.django_db


def outcome(act) -> str:
    """ "" when it was done, or how it was refused."""
    try:
        act()
    except Refused as refused:
        return " ".join(refused.reasons)
    return ""


def lacking(group) -> list[str]:
    """What keeps the application from being sent."""
    return [sentence for gap in missing(group.application) for sentence in gap.sentences]


def news() -> list[str]:
    subjects = Duty.objects.filter(name="applications.group_news").order_by("pk").values_list("subject", flat=True)
    return [subject.split(":")[0] for subject in subjects]


# What is missing


def test_a_group_is_complete_when_all_have_joined_and_certified_and_the_shares_make_the_whole():
    group = invited(members=2)
    invited_at_once = sorted(group.members, key=lambda member: str(member.pk))
    names = ", ".join(f"«{member.name}»" for member in invited_at_once)
    assert lacking(group) == [f"Manca la conferma di 2 partner: {names}."]
    for who, member in zip(group.people, group.members, strict=True):
        join(member, body(f"Ente di {who.name}", by=who), by=who, at=WORKDAY)
    assert lacking(group) == [f"Manca la conferma di 2 partner: {names}."]
    confirm(group.members[0], by=group.people[0])
    assert lacking(group) == [f"Manca la conferma di 1 partner: «Ente di {group.people[1].name}»."]
    confirm(group.members[1], by=group.people[1])
    assert lacking(group) == []
    assert news() == ["joined", "joined", "certified", "certified"]


@pytest.mark.parametrize(
    ("share", "sentences"),
    [
        (39_99, ["Le quote fanno 99,99\u00a0%: devono fare 100 %."]),
        (40_00, []),
        (40_01, ["Le quote fanno 100,01\u00a0%: devono fare 100 %."]),
    ],
)
def test_shares_make_exactly_the_whole(share, sentences):
    group = joined()
    change_member(group.members[0], share=share, tasks="Accoglie.", by=group.lead, at=WORKDAY)
    confirm(group.members[0], by=group.people[0])
    assert lacking(group) == sentences


def test_who_is_alone_has_no_partners_and_a_group_has_some():
    group = invited()
    choose(group.application, {"form": "single", "constituted": ""}, by=group.lead)
    assert lacking(group) == ["Hai scelto di partecipare da solo, ma c'è 1 altro ente: toglilo, o scegli la forma del gruppo."]
    remove_member(group.members[0], by=group.lead, at=WORKDAY)
    assert lacking(group) == []
    choose(group.application, ATS, by=group.lead)
    assert lacking(group) == ["Aggiungi almeno un altro ente, o scegli che partecipi da solo."]


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"form": "", "constituted": ""}, "Scegli la risposta a «Come partecipa il tuo ente?»."),
        ({"form": "ats", "constituted": ""}, "Scegli se il gruppo è già costituito."),
        ({"form": "network", "constituted": "no"}, "Questa risposta non è nell'elenco: scegline un'altra."),
    ],
)
def test_how_a_body_takes_part_is_chosen_among_what_the_call_admits(answers, sentence):
    group = certified()
    choose(group.application, answers, by=group.lead)
    assert sentence in lacking(group)


# The lead


def test_the_lead_brings_in_as_many_bodies_as_the_call_admits_and_each_address_once():
    group = invited()
    again = outcome(lambda: bring(group, who=group.people[0]))
    assert again == "Hai già invitato un ente con questo indirizzo. Se non trova l'e-mail, manda di nuovo l'invito."
    bring(group)
    assert outcome(lambda: bring(group)) == "Il gruppo è al completo: può avere al massimo 3 enti, capofila compreso."
    assert Participant.objects.filter(left_at=None).count() == 3


@pytest.mark.parametrize("role", Role.values)
def test_everybody_of_the_lead_writes_the_group_and_nobody_else_does(role):
    group = joined()
    helper = person()
    group.application.organisation.memberships.create(user=helper, role=role)
    share = {"share": 40_00, "tasks": "Accoglie."}
    assert outcome(lambda: change_member(group.members[0], **share, by=helper, at=WORKDAY)) == ""
    for stranger in (person(), group.people[0]):
        for act in (
            lambda by: change_member(group.members[0], **share, by=by, at=WORKDAY),
            lambda by: remove_member(group.members[0], by=by, at=WORKDAY),
            lambda by: add_member(group.application, name="X", email="x@esempio.it", **share, by=by, at=WORKDAY),
            lambda by: invite_again(group.members[0], by=by, at=WORKDAY),
        ):
            assert outcome(lambda: act(stranger)) == "Lo può fare solo chi rappresenta l'ente."  # noqa: B023


def test_after_the_deadline_nothing_of_a_group_changes():
    group = joined()
    closed = "Il termine è scaduto: 18 ottobre 2021, ore 12:00. Non si può più scrivere né caricare niente."
    share = {"share": 40_00, "tasks": "Accoglie."}
    answers = [
        outcome(lambda: change_member(group.members[0], **share, by=group.lead, at=AFTER)),
        outcome(lambda: remove_member(group.members[0], by=group.lead, at=AFTER)),
        outcome(lambda: write_tasks(group.members[0], tasks="Altro.", by=group.people[0], at=AFTER)),
        outcome(lambda: leave(group.members[0], by=group.people[0], at=AFTER)),
        outcome(lambda: confirm(group.members[0], by=group.people[0], at=AFTER)),
    ]
    assert [answer.partition(":")[0] for answer in answers] == [closed.partition(":")[0]] * 5


def test_the_lead_is_not_taken_out_of_its_own_group():
    group = joined()
    assert outcome(lambda: remove_member(group.leads_row, by=group.lead, at=WORKDAY)) == (
        "Il capofila non si toglie dal suo gruppo."
    )


# The body that joins


def test_only_the_person_invited_joins_with_a_body_of_theirs_that_is_not_there_yet():
    group = invited()
    member, who = group.members[0], group.people[0]
    stranger, own = person(), body(by=who)
    assert outcome(lambda: join(member, own, by=stranger, at=WORKDAY)) == "A un invito risponde solo la persona invitata."
    assert outcome(lambda: join(member, body(by=stranger), by=who, at=WORKDAY)) == (
        "Scegli uno degli enti per cui agisci, o registrane uno."
    )
    lead = group.application.organisation
    lead.memberships.create(user=who, role=Role.COLLABORATOR)
    assert outcome(lambda: join(member, lead, by=who, at=WORKDAY)) == (
        f"«{lead}» è già in questa domanda: scegli un altro ente."
    )
    assert outcome(lambda: join(member, own, by=who, at=WORKDAY)) == ""
    assert outcome(lambda: join(member, own, by=who, at=WORKDAY)) == "A questo invito qualcuno ha già risposto."
    row = group.fresh()
    assert (row.organisation, row.joined_by, row.joined_at, news()) == (own, who, WORKDAY, ["joined"])


def test_a_body_declines_or_leaves_and_its_row_stays_with_who_and_when():
    group = invited(members=2)
    decline(group.members[0], by=group.people[0], at=WORKDAY)
    join(group.members[1], body(by=group.people[1]), by=group.people[1], at=WORKDAY)
    leave(group.members[1], by=group.people[1], at=WORKDAY)
    assert [(group.fresh(place).left_by, group.fresh(place).left_at) for place in (0, 1)] == [
        (group.people[0], WORKDAY),
        (group.people[1], WORKDAY),
    ]
    assert news() == ["declined", "joined", "left"]
    assert outcome(lambda: leave(group.members[1], by=group.people[1], at=WORKDAY)) == "Questo ente non è più nel gruppo."


def test_after_the_sending_a_body_leaves_only_by_a_new_sending():
    group = certified(members=2)
    send(group.application, by=group.lead)
    assert outcome(lambda: leave(group.members[0], by=group.people[0], at=WORKDAY)) == (
        "La domanda è già stata inviata anche a nome del tuo ente. Per uscire chiedi al capofila di toglierti e di inviarla "
        "di nuovo, o di ritirarla, entro la scadenza."
    )
    remove_member(group.members[0], by=group.lead, at=WORKDAY)
    assert [group.fresh(place).counts for place in (0, 1)] == [True, True]
    change_member(group.leads_row, share=80_00, tasks="Coordina.", by=group.lead, at=WORKDAY)
    group.application.refresh_from_db()
    send(group.application, by=group.lead)
    assert [group.fresh(place).counts for place in (0, 1)] == [False, True]


# Certifying


NOT_YOU = "La scheda la compila solo chi agisce per l'ente."


@pytest.mark.parametrize(
    ("role", "tasks", "certifying", "leaving"),
    [
        ("legal_representative", "", "", ""),
        ("proxy", "", "", ""),
        (
            "referent",
            "",
            "Con il tuo ruolo prepari la scheda, ma non la confermi. Può farlo Vera Vera (legale rappresentante): chiedi di "
            "accedere e confermare.",
            "",
        ),
        (
            "collaborator",
            "",
            "Con il tuo ruolo prepari la scheda, ma non la confermi. Può farlo Vera Vera (legale rappresentante): chiedi di "
            "accedere e confermare.",
            "Per uscire dal gruppo serve il legale rappresentante, un delegato con procura o un referente dell'ente.",
        ),
        ("lead", NOT_YOU, NOT_YOU, NOT_YOU),
        ("stranger", NOT_YOU, NOT_YOU, NOT_YOU),
    ],
)
def test_what_each_role_may_do_with_the_card_of_a_body(role, tasks, certifying, leaving):
    group = joined()
    group.people[0].name = "Vera Vera"
    group.people[0].save()
    who = {"lead": group.lead, "stranger": person()}.get(role) or person()
    if role in Role.values:
        group.bodies[0].memberships.create(user=who, role=role)
    member = group.members[0]
    assert outcome(lambda: write_tasks(member, tasks="Apre.", by=who, at=WORKDAY)) == tasks
    assert outcome(lambda: confirm(member, by=who)) == certifying
    assert outcome(lambda: leave(member, by=who, at=WORKDAY)) == leaving


@pytest.mark.parametrize("role", ["referent", "collaborator"])
def test_a_member_of_a_group_never_writes_the_application_of_the_lead(role):
    group = certified()
    group.bodies[0].memberships.create(user=(helper := person()), role=role)
    for who in (group.people[0], helper):
        assert against_writing(group.application, by=who, at=WORKDAY) == "Lo può fare solo chi rappresenta l'ente."
        assert outcome(lambda: send(group.application, by=who)) == "Lo può fare solo chi rappresenta l'ente."  # noqa: B023


def test_only_what_is_whole_is_certified():
    group = joined()
    member, who = group.members[0], group.people[0]
    change_member(member, share=None, tasks="", by=group.lead, at=WORKDAY)
    choose(group.application, {"form": "ats", "constituted": ""}, by=group.lead)
    assert outcome(lambda: confirm(member, by=who)) == (
        "Il capofila non ha ancora scritto come è fatto il gruppo: potrai confermare dopo."
    )
    choose(group.application, ATS, by=group.lead)
    assert outcome(lambda: confirm(member, by=who)) == (
        "Il capofila non ha ancora scritto la quota del tuo ente: potrai confermare dopo."
    )
    change_member(member, share=40_00, tasks="", by=group.lead, at=WORKDAY)
    assert outcome(lambda: confirm(member, by=who)) == "Scrivi che cosa fa il tuo ente nel progetto, poi conferma."
    write_tasks(member, tasks="Accoglie.", by=who, at=WORKDAY)
    row = group.fresh()
    shown = sha256(statement(row, group.application, form_of(group.application)))
    assert outcome(lambda: certify(row, declared=[], shown=shown, by=who, at=WORKDAY)) == (
        "Per confermare servono tutte le dichiarazioni. Manca: Registro."
    )
    assert outcome(lambda: certify(row, declared=["registro"], shown="0" * 64, by=who, at=WORKDAY)) == (
        "Quello che confermi è cambiato mentre leggevi: qui sotto trovi com'è adesso. Rileggi e conferma di nuovo."
    )
    assert not group.fresh().certified_sha256
    certify(row, declared=["registro"], shown=shown, by=who, at=WORKDAY)
    row = group.fresh()
    assert (row.certified_by, row.certified_at, row.certified_sha256, row.declared) == (who, WORKDAY, shown, ["registro"])
    assert sha256(row.stated) == shown


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda g: change_member(g.members[0], share=39_00, tasks="Accoglie.", by=g.lead, at=WORKDAY), ["la quota"]),
        (lambda g: write_tasks(g.members[0], tasks="Chiude.", by=g.people[0], at=WORKDAY), ["che cosa fa l'ente"]),
        (lambda g: choose(g.application, {"form": "consortium", "constituted": "no"}, by=g.lead), ["la forma del gruppo"]),
        (lambda g: choose(g.application, {"form": "ats", "constituted": "yes"}, by=g.lead), ["la forma del gruppo"]),
    ],
)
def test_a_certificate_falls_when_what_was_stated_changes_and_says_why(change, what):
    group = certified()
    change(group)
    pay(WORKDAY)
    row = group.fresh()
    how = form_of(group.application)
    assert (is_certified(row, group.application, how), what_changed(row, group.application, how)) == (False, what)
    assert (row.certified_sha256, row.certified_by, row.declared, row.stated["share"]) == ("", None, [], 40_00)
    assert news().count("fell") == 1
    if what != ["la quota"]:
        confirm(row, by=group.people[0])
        assert lacking(group) == []


def test_a_certificate_falls_when_the_call_changes_what_is_declared_and_stays_when_the_term_moves():
    group, office = certified(), official()
    extend(group.application.call, DEADLINE + timedelta(days=1), by=office, at=WORKDAY)
    pay(WORKDAY)
    assert group.fresh().certified_sha256
    later = WORKDAY + timedelta(minutes=1)
    call = Call.objects.with_notice().get(pk=group.application.call_id)
    rectify(call, lambda data: data["requirements"][0].update(text="Sono nel RUNTS."), by=office, at=later)
    pay(later)
    row, application = group.fresh(), Application.objects.with_call().get(pk=group.application.pk)
    assert row.certified_sha256 == ""
    assert what_changed(row, application, form_of(application)) == ["le dichiarazioni che l'avviso chiede"]
    assert news().count("fell") == 1


@pytest.mark.parametrize("share", [39_00, 40_00])
def test_what_is_written_again_as_it_was_leaves_the_certificate(share):
    group = certified()
    change_member(group.members[0], share=share, tasks="Accoglie.", by=group.lead, at=WORKDAY)
    assert bool(group.fresh().certified_sha256) is (share == 40_00)


# Sending


def test_what_is_sent_freezes_the_group_with_who_certified_what():
    group = certified()
    submission = send(group.application, by=group.lead)
    row = group.fresh()
    frozen = json.loads(submission.content)["group"]
    assert (frozen["form"], frozen["constituted"]) == ("ats", False)
    lead, member = frozen["members"]
    assert (lead["lead"], lead["share"], lead["certified_sha256"]) == (True, 60_00, "")
    assert member == {
        "body": {
            "name": row.organisation.name,
            "legal_form": "social_cooperative",
            "tax_code": row.organisation.tax_code,
            "vat_number": "",
            "address": "Via di Prova 1, 20121 Milano (MI)",
            "pec": row.organisation.pec,
        },
        "lead": False,
        "share": 40_00,
        "tasks": "Accoglie.",
        "declared": ["registro"],
        "certified_by": group.people[0].name,
        "certified_at": "2021-10-11T08:42:00.000000Z",
        "certified_sha256": row.certified_sha256,
    }
    assert submission.answers["gruppo"] == frozen


def test_a_call_that_asks_for_single_bodies_freezes_no_group():
    application = draft_application(asking_call(), "uno")
    assert "group" not in json.loads(send_whole(application).content)


def send_whole(application):
    return send(complete_draft(application))


def test_sending_makes_everybody_count_and_withdrawing_nobody():
    group = certified(members=2)
    assert set(Participant.objects.values_list("counts", flat=True)) == {False}
    send(group.application, by=group.lead)
    assert list(Participant.objects.values_list("counts", flat=True)) == [True, True, True]
    withdraw(group.application, by=group.lead, at=WORKDAY)
    assert list(Participant.objects.values_list("counts", flat=True)) == [False, False, False]


def twice(call):
    """Two complete applications of the same area with one body in both; answers both and the body."""
    first = certified(call)
    second = joined(call)
    second.bodies[0] = first.bodies[0]
    Participant.objects.filter(pk=second.members[0].pk).update(organisation=first.bodies[0])
    confirm(second.members[0], by=first.people[0])
    return first, second, first.bodies[0]


def elsewhere(name: object) -> str:
    return (
        f"L'avviso ammette una sola partecipazione per ente in quest'area, e c'è già una domanda inviata con «{name}». Togli "
        "l'ente dal gruppo, o chiedigli di uscire dall'altra domanda; poi invia di nuovo."
    )


def test_a_body_takes_part_once_in_an_area_and_the_refusal_names_it_and_not_the_other_application():
    first, second, shared = twice(group_call())
    send(first.application, by=first.lead)
    assert outcome(lambda: send(second.application, by=second.lead)) == elsewhere(shared)
    second.application.refresh_from_db()
    assert (second.application.state, second.application.number, second.application.submissions.count()) == ("draft", None, 0)
    withdraw(first.application, by=first.lead, at=WORKDAY)
    assert outcome(lambda: send(second.application, by=second.lead)) == ""


def test_a_group_that_was_sent_is_not_sent_again_with_a_body_that_takes_part_elsewhere():
    first, second, shared = twice(group_call())
    sent = send(second.application, by=second.lead)
    Participant.objects.filter(pk=second.members[0].pk).update(counts=False)
    send(first.application, by=first.lead)
    choose(second.application, {**ATS, "constituted": "yes"}, by=second.lead)
    confirm(second.members[0], by=first.people[0])
    assert outcome(lambda: send(second.application, by=second.lead)) == elsewhere(shared)
    assert list(second.application.submissions.all()) == [sent]


def test_where_the_call_says_so_a_body_takes_part_in_two_groups():
    call = group_call(GROUPS.replace("max_members: 3\n", "max_members: 3\n  once_per_area: false\n"))
    first, second, _shared = twice(call)
    send(first.application, by=first.lead)
    assert outcome(lambda: send(second.application, by=second.lead)) == ""


def test_a_body_that_leads_one_application_is_no_member_of_another_that_is_sent():
    call = group_call()
    alone = draft_application(call, "uno")
    send_whole(alone)
    group = certified(call)
    Participant.objects.filter(pk=group.members[0].pk).update(organisation=alone.organisation)
    confirm(group.members[0], by=alone.created_by)
    assert outcome(lambda: send(group.application, by=group.lead)) == elsewhere(alone.organisation)


@pytest.mark.django_db(transaction=True)
def test_of_two_leads_who_send_with_the_same_member_at_once_exactly_one_passes():
    first, second, shared = twice(group_call())
    acts = [partial(submit, g.application, reviewed=fingerprint(g.application), by=g.lead, at=WORKDAY) for g in (first, second)]
    found = together(*acts)
    refused = [" ".join(one.reasons) for one in found if isinstance(one, Refused)]
    assert refused == [elsewhere(shared)]
    assert Participant.objects.filter(organisation=shared, counts=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_body_that_joins_twice_at_once_is_in_the_group_once():
    group = invited(members=2)
    who = group.people[0]
    Participant.objects.filter(pk=group.members[1].pk).update(email=who.email)
    own = body(by=who)
    found = together(*[lambda m=m: join(m, own, by=who, at=WORKDAY) for m in group.members])
    assert [" ".join(one.reasons) for one in found if isinstance(one, Refused)] == [
        f"«{own}» è già in questa domanda: scegli un altro ente."
    ]

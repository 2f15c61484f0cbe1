"""The pages of the people and of the group, in the browser of each side."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from applications.actions.joining import change_member, remove_member
from applications.models import Application, Participant
from applications.reading import read_draft, read_submission
from tests.applications.asking import asking_call
from tests.applications.grouping import ATS, certified, choose, group_call, invited, joined
from tests.builders import AFTER, DEADLINE, WORKDAY, body, draft_application, person, send
from tests.clock import arriving
from tests.pages import office_at, text
from workflow.duties import pay

pytestmark = pytest.mark.django_db


class Browser:
    """Of one person, at one moment."""

    def __init__(self, user, at=WORKDAY):
        self.client, self.at = Client(), at
        self.client.force_login(user)

    def get(self, name, *args, status=200):
        with arriving(self.at):
            response = self.client.get(reverse(name, args=args))
        if response.streaming:
            list(response)  # a file is closed by whoever reads it to its end
        assert response.status_code == status, response.status_code
        return response

    def post(self, name, *args, status=302, follow=False, **typed):
        with arriving(self.at):
            response = self.client.post(reverse(name, args=args), typed, follow=follow)
        assert response.status_code == (200 if follow else status), text(response)
        return response


def declared(page) -> dict[str, str]:
    """What one ticks on the card, with the hash that it carries."""
    return {"act": "certify", "declared-registro": "on", "sure": "on", "shown": page.context["certify_form"]["shown"].value()}


def test_a_group_is_made_joined_and_certified_in_the_browser_and_sent():
    group = invited(members=0)
    lead, who = Browser(group.lead), person("socia@esempio.it", "Sonia Socia")
    pk = group.application.pk
    page = lead.get("application_section", pk, "gruppo")
    assert "Salva e vai agli enti del gruppo" in text(page)
    to = lead.post("application_section", pk, "gruppo", **ATS, then="group", __version="1").headers["Location"]
    assert to == reverse("application_group", args=[pk])
    new = {"ente-name": "La Socia", "ente-email": "Socia@Esempio.it", "ente-share": "33,33 %", "ente-tasks": "Accoglie."}
    assert "Abbiamo invitato «La Socia»." in lead.post("application_group", pk, **new, follow=True).content.decode()
    member = Participant.objects.get(is_lead=False)
    assert (member.email, member.share) == ("socia@esempio.it", 33_33)
    page = text(lead.get("application_group", pk))
    assert "Le quote fanno 93,33 %: devono fare 100 %." in page
    assert "Manca la conferma di 1 partner: «La Socia»." in page
    assert "Manca la conferma di 1 partner: «La Socia»." in text(lead.get("application", pk))
    assert "Manca la conferma di 1 partner: «La Socia»." in text(lead.get("application_review", pk))
    lead.post("application_member", pk, group.leads_row.pk, act="save", share="66.67", tasks="Coordina.")
    assert "Le quote fanno 100 %." in text(lead.get("application_group", pk))

    pay(WORKDAY)
    assert [(one.to, one.subject) for one in mail.outbox] == [
        (["socia@esempio.it"], f"{group.application.organisation} ti invita in un gruppo")
    ]
    partner = Browser(who)
    assert f"Invito di {group.application.organisation}" in text(partner.get("my_applications"))
    assert "Per accettare ti serve un ente" in text(partner.get("participant", member.pk))
    own = body("La Socia vera", by=who)
    partner.post("participant", member.pk, answer="yes", organisation=own.pk)
    page = partner.get("participant", member.pk)
    assert "Scheda da confermare" in text(page)
    assert "33,33 %" in text(page)
    partner.post("participant", member.pk, **declared(page))
    assert "Ha confermato Sonia Socia" in text(partner.get("participant", member.pk))
    assert "Ha confermato" in text(lead.get("application_group", pk))

    reviewed = lead.get("application_review", pk).context["reviewed"]
    lead.post("application_submit", pk, reviewed=reviewed)
    application = Application.objects.get(pk=pk)
    assert application.state == "submitted"
    assert f"Il capofila ha inviato la domanda {application.number}." in text(partner.get("participant", member.pk))
    review = text(lead.get("application_review", pk))
    assert "Confermato da Sonia Socia" in review
    assert "Associazione temporanea di scopo (ATS), da costituire" in review
    pay(WORKDAY)
    subjects = sorted({one.subject for one in mail.outbox if one.to == [group.lead.email]})
    assert subjects[-2:] == ["Un ente ha confermato la sua scheda", "Un ente è entrato nel gruppo"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"ente-name": ""}, "Scrivi il nome dell'ente."),
        ({"ente-email": "socia"}, "Scrivi l'indirizzo intero, per esempio nome@esempio.it."),
        (
            {"ente-share": "un terzo"},
            "Scrivi la quota come numero più grande di 0 e fino a 100, con due decimali al massimo: per esempio 33,33.",
        ),
    ],
)
def test_a_wrong_body_is_told_and_kept_as_typed(typed, sentence):
    group = invited(members=0)
    right = {"ente-name": "La Socia", "ente-email": "socia@esempio.it", "ente-share": "30", "ente-tasks": "Accoglie."}
    page = Browser(group.lead).post("application_group", group.application.pk, status=200, **right | typed)
    assert sentence in text(page)
    assert {name: page.context["form"][name.removeprefix("ente-")].value() for name in right} == right | typed
    assert Participant.objects.filter(is_lead=False).count() == 0


def test_the_name_of_an_invited_body_writes_no_sentence_of_its_own_in_the_mail():
    group = invited(members=0)
    typed = {"ente-name": "La Socia\r\n\nPaga qui \u202e", "ente-email": "socia@esempio.it", "ente-share": "", "ente-tasks": ""}
    Browser(group.lead).post("application_group", group.application.pk, **typed)
    assert Participant.objects.get(is_lead=False).name == "La Socia Paga qui"


def test_a_refused_body_is_a_409_that_keeps_what_was_typed():
    group = invited()
    typed = {"ente-name": "Ancora", "ente-email": group.people[0].email, "ente-share": "", "ente-tasks": ""}
    page = Browser(group.lead).post("application_group", group.application.pk, status=409, **typed)
    assert "Hai già invitato un ente con questo indirizzo." in text(page)
    assert page.context["form"]["name"].value() == "Ancora"


def test_a_member_reads_all_of_the_application_and_writes_nothing_of_it():
    group = certified()
    application, who = group.application, group.people[0]
    file = application.attachments.get()
    partner = Browser(who)
    whole = text(partner.get("participant_application", group.members[0].pk))
    assert "Risposta a: Nome" in whole
    assert file.document.name in whole
    partner.get("participant_attachment", group.members[0].pk, file.pk)
    for name, args in [
        ("application", []),
        ("application_section", ["ente"]),
        ("application_section", ["gruppo"]),
        ("application_group", []),
        ("application_member", [group.members[0].pk]),
        ("application_people", []),
        ("application_attachments", []),
        ("application_review", []),
        ("application_receipt", []),
        ("application_attachment", [file.pk]),
    ]:
        partner.get(name, application.pk, *args, status=404)
    for name, args in [
        ("application_section", ["ente"]),
        ("application_submit", []),
        ("application_withdraw", []),
        ("application_group", []),
        ("application_member", [group.members[0].pk]),
    ]:
        partner.post(name, application.pk, *args, status=404, act="remove", reviewed="x")
    assert Participant.objects.filter(left_at=None).count() == 2


def test_a_member_reads_what_the_office_asks_to_complete_and_does_not_answer():
    group = certified()
    group.application.completion_requests.create(
        number=1, by=group.lead, at=WORKDAY, due_at=DEADLINE, reason="Manca la firma.", questions=["ente.nome"]
    )
    page = Browser(group.people[0]).get("participant_application", group.members[0].pk)
    assert "Il capofila non ha ancora risposto. Ha tempo fino a: " in text(page)
    assert ("Manca la firma." in text(page), "/completa/1/" in page.content.decode()) == (True, False)
    Browser(group.people[0]).get("application_completion", group.application.pk, 1, status=404)


def test_members_of_one_group_never_see_the_card_of_each_other_nor_of_another_group():
    call = group_call()
    one, other = joined(call, members=2), joined(call)
    first, second, third = Browser(one.people[0]), Browser(one.people[1]), Browser(other.people[0])
    mine = [one.members[0].pk, one.members[1].pk, other.members[0].pk]
    seen = [
        [browser.client.get(reverse("participant", args=[pk])).status_code for pk in mine] for browser in (first, second, third)
    ]
    assert seen == [[200, 404, 404], [404, 200, 404], [404, 404, 200]]
    Browser(one.lead).get("application_group", other.application.pk, status=404)
    Browser(one.lead).get("application_member", one.application.pk, other.members[0].pk, status=404)


def test_who_left_or_was_taken_out_finds_nothing_any_more():
    group = joined()
    remove_member(group.members[0], by=group.lead, at=WORKDAY)
    partner = Browser(group.people[0])
    for name in ("participant", "participant_application"):
        partner.get(name, group.members[0].pk, status=404)
    assert "Nel gruppo di" not in text(partner.get("my_applications"))
    pay(WORKDAY)
    assert [one.subject for one in mail.outbox if one.to == [group.people[0].email]] == ["Il tuo ente non è più nel gruppo"]


def test_a_fallen_certificate_says_why_on_both_sides_and_by_mail():
    group = certified()
    change_member(group.members[0], share=30_00, tasks="Accoglie.", by=group.lead, at=WORKDAY)
    partner = Browser(group.people[0])
    assert "La conferma di prima non vale più, perché è cambiato: la quota." in text(
        partner.get("participant", group.members[0].pk)
    )
    lead = text(Browser(group.lead).get("application_group", group.application.pk))
    assert f"{group.bodies[0]} È cambiato: la quota." in lead
    assert "Deve confermare di nuovo" in lead
    pay(WORKDAY)
    assert "Conferma di nuovo la scheda del tuo ente" in [
        one.subject for one in mail.outbox if one.to == [group.people[0].email]
    ]


def test_what_was_read_before_a_change_is_not_certified():
    group = joined()
    partner = Browser(group.people[0])
    shown = declared(partner.get("participant", group.members[0].pk))
    change_member(group.members[0], share=39_00, tasks="Accoglie.", by=group.lead, at=WORKDAY)
    page = partner.post("participant", group.members[0].pk, status=409, **shown)
    assert "Quello che confermi è cambiato mentre leggevi" in text(page)
    assert "39,00 %" in text(page)
    partner.post("participant", group.members[0].pk, **declared(page))


@pytest.mark.parametrize(
    ("lacking", "sentence"),
    [
        ("declared-registro", "Manca la dichiarazione «Registro»."),
        ("sure", "Per confermare spunta la casella."),
    ],
)
def test_every_box_of_the_card_is_ticked(lacking, sentence):
    group = joined()
    partner = Browser(group.people[0])
    typed = declared(partner.get("participant", group.members[0].pk))
    del typed[lacking]
    assert sentence in text(partner.post("participant", group.members[0].pk, status=200, **typed))
    assert not group.fresh().certified_sha256


def test_after_the_deadline_the_pages_are_read_and_not_written():
    group = certified()
    lead, partner = Browser(group.lead, AFTER), Browser(group.people[0], AFTER)
    assert "Aggiungi un ente" not in text(lead.get("application_group", group.application.pk))
    assert str(group.bodies[0]) in text(lead.get("application_section", group.application.pk, "gruppo"))
    assert "Il termine è scaduto" in text(lead.get("application_member", group.application.pk, group.members[0].pk))
    assert "Esci dal gruppo" not in text(partner.get("participant", group.members[0].pk))
    lead.post("application_member", group.application.pk, group.members[0].pk, act="remove", status=409)
    partner.post("participant", group.members[0].pk, act="leave", status=409)


def test_a_call_for_single_bodies_has_no_page_for_a_group():
    application = draft_application(asking_call(), "uno")
    Browser(application.created_by).get("application_group", application.pk, status=404)


def test_one_is_warned_of_a_body_in_two_of_ones_own_drafts_and_never_of_those_of_others():
    call = group_call()
    mine, theirs = joined(call), joined(call)
    twin = theirs.bodies[0]
    Participant.objects.filter(pk=mine.members[0].pk).update(organisation=twin)
    lead = Browser(mine.lead)
    warning = "è anche in un'altra domanda dei tuoi enti per quest'area"
    assert warning not in text(lead.get("application_group", mine.application.pk))
    theirs.application.organisation.memberships.create(user=mine.lead, role=Role.COLLABORATOR)
    assert f"«{twin}» {warning}" in text(lead.get("application_group", mine.application.pk))


# The people


def test_the_people_page_tells_who_may_work_and_who_did_what_and_when():
    group = certified()
    application = group.application
    helper, gone = person(name="Carlo Collabora"), person(name="Gino Uscito")
    rows = [application.organisation.memberships.create(user=one, role=Role.COLLABORATOR) for one in (helper, gone)]
    Browser(gone, WORKDAY + timedelta(minutes=5)).post(
        "application_section", application.pk, "luogo", municipio="1", idea="Nuova.", funzioni="aiuto", __version="1"
    )
    rows[1].delete()
    page = text(Browser(helper).get("application_people", application.pk))
    assert "Lea Capofila Legale rappresentante" in page
    assert "Carlo Collabora Collaboratore Ancora nessuna" in page
    assert "Gino Uscito Non agisce più per l'ente Ha scritto in «Luogo»" in page
    assert f"Ha confermato la scheda di «{group.bodies[0]}»" in page
    assert "Ha caricato «statuto.pdf»" in page
    assert "Guarda la pagina dell'ente" in page
    assert "Invita una persona" in text(Browser(group.lead).get("application_people", application.pk))


def test_a_collaborator_prepares_everything_and_reads_who_sends():
    group = certified()
    helper = person(name="Carlo Collabora")
    group.application.organisation.memberships.create(user=helper, role=Role.COLLABORATOR)
    browser = Browser(helper)
    page = browser.get("application_review", group.application.pk)
    sentence = (
        "Con il tuo ruolo prepari la domanda, ma non la invii. Può farlo Lea Capofila (legale rappresentante): chiedi di accedere, "
        "rileggere e inviare."
    )
    assert page.context["reasons"] == [sentence]
    refused = browser.post("application_submit", group.application.pk, status=409, reviewed=page.context["reviewed"])
    assert sentence in text(refused)
    send(group.application, by=group.lead)
    withdrawal = browser.post("application_withdraw", group.application.pk, status=409, sure="on")
    assert sentence in text(withdrawal)


@pytest.mark.parametrize("role", [Role.REFERENT, Role.COLLABORATOR])
def test_where_nobody_represents_the_body_one_reads_whom_to_invite(role):
    group = certified()
    group.application.organisation.memberships.update(role=role)
    assert Browser(group.lead).get("application_review", group.application.pk).context["reasons"] == [
        "Può inviare solo il legale rappresentante o un delegato con procura, e per l'ente non ce n'è ancora uno: invitalo dalla "
        "pagina dell'ente."
    ]


# After the sending


def test_what_was_sent_is_read_as_it_stood_in_the_draft_and_the_office_reads_it_too(client):
    group = certified()
    before = read_draft(Application.objects.with_call().get(pk=group.application.pk))
    sent = send(group.application, by=group.lead)
    assert read_submission(group.application.call.notice, "uno", sent.answers, sent.manifest) == before
    section = next(item for item in before if item.is_group)
    assert (section.group, [(one.name, one.share, one.is_lead) for one in section.members]) == (
        "Associazione temporanea di scopo (ATS), da costituire",
        [
            (group.application.organisation.name, "60,00\u00a0%", True),
            (group.bodies[0].name, "40,00\u00a0%", False),
        ],
    )
    page = text(office_at(client, AFTER).get(reverse("desk_application", args=[group.application.pk])))
    assert f"Confermato da {group.people[0]}, lunedì 11 ottobre 2021" in page
    assert group.bodies[0].tax_code in page


def test_who_is_alone_is_read_without_a_list_of_bodies():
    group = invited(members=0)
    choose(group.application, {"form": "single", "constituted": ""}, by=group.lead)
    sent = send(group.application, by=group.lead)
    section = next(item for item in read_submission(group.application.call.notice, "uno", sent.answers) if item.is_group)
    assert (section.group, section.members) == ("Da solo", ())

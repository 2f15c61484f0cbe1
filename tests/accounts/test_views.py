from datetime import timedelta
from html import unescape
from re import findall

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.models import Invitation, Membership, Organisation
from bando.deadlines import rome
from evaluation.models import Commission, Member
from tests.builders import body, load_fixture_call, official, person

pytestmark = pytest.mark.django_db

AT = rome(2021, 10, 20, 10)


def said(response) -> list[str]:
    """The sentences of the error summary, in the order of the page."""
    summary = response.content.decode().partition('id="error-summary-title"')[2].partition("</ul>")[0]
    return [unescape(sentence) for sentence in findall(r"<li>(?:<a [^>]*>)?([^<]*)", summary)]


@pytest.fixture
def anna(client):
    anna = person("anna@esempio.it", "Anna Bianchi")
    client.force_login(anna)
    return anna


@pytest.mark.parametrize("page", ["start", "profile", "organisations", "organisation_new", "account_change_password"])
def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_back(client, page):
    assertRedirects(
        client.get(reverse(page)), f"{reverse('account_login')}?next={reverse(page)}", fetch_redirect_response=False
    )


# Where one lands


def test_one_lands_where_the_work_is(client):
    applicant, commissioner, secretary, office = person(), person(), person(), official()
    commission = Commission.objects.create(
        call=load_fixture_call(), act_number="1", act_date=AT.date(), appointed_at=AT, appointed_by=office
    )
    Member.objects.create(commission=commission, user=commissioner, role="chair", order=1)
    Member.objects.create(commission=commission, user=secretary, role="secretary", order=2)
    landed = []
    for user in (applicant, commissioner, secretary, office):
        client.force_login(user)
        landed.append(client.get(reverse("start")).url)
    assert landed == [reverse("my_applications"), reverse("my_evaluations"), reverse("my_evaluations"), reverse("desk")]


# The profile


def test_a_person_changes_name_and_language_and_the_page_follows(client, anna):
    response = client.post(reverse("profile"), {"name": "Anna Maria Bianchi", "language": "en"}, follow=True)
    anna.refresh_from_db()
    assert (anna.name, anna.language) == ("Anna Maria Bianchi", "en")
    assertContains(response, '<html lang="en">')


@pytest.mark.parametrize(
    ("typed", "sentences"),
    [
        ({"name": " ", "language": "it"}, ["Scrivi il tuo nome e cognome."]),
        ({"name": "A" * 151, "language": "it"}, ["Qui puoi scrivere al massimo 150 caratteri. Ne hai scritti 151."]),
        ({"name": "Anna Rossi", "language": "fr"}, ["Scegli una lingua."]),
        ({"name": "Anna Rossi"}, ["Scegli una lingua."]),
    ],
)
def test_a_wrong_profile_says_what_to_correct_and_keeps_what_was_typed(client, anna, typed, sentences):
    response = client.post(reverse("profile"), typed)
    assert said(response) == sentences
    assert response.context["form"]["name"].value() == typed["name"]
    anna.refresh_from_db()
    assert anna.name == "Anna Bianchi"


# Bodies


def test_a_person_without_bodies_reads_what_to_do(client, anna):
    assertContains(client.get(reverse("organisations")), "Non agisci ancora per nessun ente")


def test_a_person_registers_a_body_and_reads_it(client, anna, typed):
    response = client.post(reverse("organisation_new"), typed(tax_code="971 2345 0153", province="mi"), follow=True)
    alfa = Organisation.objects.get()
    assert response.redirect_chain == [(reverse("organisation", args=[alfa.pk]), 302)]
    assert (alfa.tax_code, alfa.vat_number, alfa.province) == ("97123450153", "00743110157", "MI")
    assert Membership.objects.values_list("user", "role").get() == (anna.pk, "referent")
    assertContains(response, "Abbiamo registrato Cooperativa Alfa.")


HOSTILE, HARMLESS = "Alfa\r\n\nPaga qui:\x00 \u202eafla ", "Alfa Paga qui: afla"


def test_a_name_is_one_line_and_nothing_that_is_not_seen(client, anna, typed):
    client.post(reverse("organisation_new"), typed(name=HOSTILE, street=HOSTILE))
    client.post(reverse("profile"), {"name": HOSTILE, "language": "it"})
    anna.refresh_from_db()
    alfa = Organisation.objects.get()
    assert (alfa.name, alfa.street, anna.name) == (HARMLESS, HARMLESS, HARMLESS)


@pytest.mark.parametrize(
    ("to", "lands"), [("/domande/nuova/", "/domande/nuova/"), ("https://altro.example/", ""), ("//altro.example/", "")]
)
def test_after_the_body_one_goes_back_where_it_was_needed_if_it_is_ours(client, anna, typed, to, lands):
    response = client.post(reverse("organisation_new"), typed(next=to))
    assert response.url == (lands or reverse("organisation", args=[Organisation.objects.get().pk]))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"tax_code": "9712345015"}, "Il codice fiscale dell'ente ha 11 cifre. Ne hai scritte 10."),
        ({"tax_code": "97123450154"}, "Il codice fiscale non torna: l'ultima cifra di controllo è diversa. Ricontrolla."),
        (
            {"tax_code": "RCCMNL83S18D969H"},
            "Questo codice ha 16 caratteri: è quello di una persona. Il codice fiscale di un ente ha 11 cifre.",
        ),
        ({"tax_code": ""}, "Scrivi il codice fiscale dell'ente."),
        ({"name": ""}, "Scrivi la denominazione dell'ente."),
        ({"name": "A" * 301}, "Qui puoi scrivere al massimo 300 caratteri. Ne hai scritti 301."),
        ({"legal_form": ""}, "Scegli la forma giuridica."),
        ({"legal_form": "spa"}, "Scegli una voce dell'elenco."),
        ({"vat_number": "00743110158"}, "La partita IVA non torna: l'ultima cifra di controllo è diversa. Ricontrolla."),
        ({"street": ""}, "Scrivi via e numero civico della sede legale."),
        ({"postal_code": "2012"}, "Il CAP ha 5 cifre. Ne hai scritte 4."),
        ({"postal_code": ""}, "Scrivi il CAP."),
        ({"city": ""}, "Scrivi il comune della sede legale."),
        ({"province": "Milano"}, "La provincia si scrive con 2 lettere, per esempio MI."),
        ({"province": ""}, "Scrivi la sigla della provincia."),
        ({"pec": "alfa"}, "Scrivi l'indirizzo PEC intero, per esempio ente@pec.esempio.it."),
        ({"pec": ""}, "Scrivi la PEC dell'ente."),
        ({"pec": f"{'a' * 244}@esempio.it"}, "Qui puoi scrivere al massimo 254 caratteri. Ne hai scritti 255."),
        ({"phone": "Anna"}, "Scrivi il telefono con i numeri, per esempio 02 1234567."),
        ({"role": ""}, "Scegli che cosa sei per questo ente."),
        ({"role": "president"}, "Scegli una voce dell'elenco."),
    ],
)
def test_a_wrong_body_says_what_to_correct_and_keeps_what_was_typed(client, anna, typed, changes, sentence):
    written = typed(**changes)
    response = client.post(reverse("organisation_new"), written)
    assert said(response) == [sentence]
    assertContains(response, "<title>Errore: ")
    assert {name: response.context["form"][name].value() for name in written} == written
    assert Organisation.objects.count() == 0


def test_a_body_already_there_is_said_at_its_tax_code_and_names_nobody(client, anna, typed):
    body("Cooperativa Alfa", by=person(name="Bruno Neri"), tax_code="97123450153")
    response = client.post(reverse("organisation_new"), typed())
    assert said(response) == [
        "Questo ente è già registrato. Chiedi al suo referente di invitarti. Se nel tuo ente nessuno lo ha registrato, scrivi "
        "all'ufficio: dopo una verifica può affidarlo a te. L'indirizzo è nella pagina dell'avviso."
    ]
    assertContains(response, 'href="#id_tax_code"')
    assertNotContains(response, "Bruno")
    assert response.context["form"]["name"].value() == "Cooperativa Alfa"


def test_a_body_of_others_is_not_found(client, anna):
    theirs, mine = body(by=person()), body(by=anna)
    answers = [client.get(reverse("organisation", args=[one.pk])).status_code for one in (theirs, mine)]
    answers.append(client.post(reverse("organisation", args=[theirs.pk]), {"act": "change"}).status_code)
    assert answers == [404, 200, 404]


def test_a_body_changes_its_data_but_not_its_tax_code(client, anna, typed):
    alfa = body(by=anna, tax_code="97123450153")
    response = client.post(reverse("organisation", args=[alfa.pk]), typed(act="change", city="Monza", tax_code="00743110157"))
    assertRedirects(response, reverse("organisation", args=[alfa.pk]))
    assert Organisation.objects.values_list("city", "tax_code").get() == ("Monza", "97123450153")


def test_wrong_data_of_a_body_are_kept_as_typed(client, anna, typed):
    alfa = body(by=anna)
    response = client.post(reverse("organisation", args=[alfa.pk]), typed(act="change", city="Monza", postal_code="2"))
    assert said(response) == ["Il CAP ha 5 cifre. Ne hai scritta 1."]
    assertContains(response, 'value="Monza"')
    assert Organisation.objects.get().city == "Milano"


def test_the_office_reads_a_body_and_changes_nothing(client, typed):
    alfa = body(by=(anna := person()))
    client.force_login(anna)
    assertContains(client.get(reverse("organisation", args=[alfa.pk])), "Modifica i dati dell'ente")
    client.force_login(official())
    assertNotContains(client.get(reverse("organisation", args=[alfa.pk])), "Modifica i dati dell'ente")
    response = client.post(reverse("organisation", args=[alfa.pk]), typed(act="change", city="Monza"))
    assertContains(
        response, "I dati li cambia solo chi agisce per l&#x27;ente. Chiedi a una delle sue persone.", status_code=409
    )
    assert Organisation.objects.get().city == "Milano"


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_of_bodies_costs_the_same_with_one_and_with_three(client, anna, django_assert_num_queries, many):
    for _ in range(many):
        body(by=anna)
        body(by=(other := person())).invitations.create(email=anna.email, invited_by=other, invited_at=AT)
    with django_assert_num_queries(4):  # session, person, invitations, bodies
        response = client.get(reverse("organisations"))
    assert len(response.context["memberships"]) == many
    assert len(response.context["invitations"]) == many


@pytest.mark.parametrize("many", [1, 3])
def test_a_body_costs_the_same_with_one_person_and_with_three(client, anna, django_assert_num_queries, many):
    alfa = body(by=anna)
    for number in range(many):
        alfa.invitations.create(email=f"p{number}@esempio.it", invited_by=anna, invited_at=AT)
    for _ in range(many - 1):
        alfa.memberships.create(user=person())
    with django_assert_num_queries(5):  # session, person, body, people, invitations
        response = client.get(reverse("organisation", args=[alfa.pk]))
    assert len(response.context["memberships"]) == many


# Invitations


def test_a_person_is_invited_and_accepts(client, anna):
    alfa = body("Cooperativa Alfa", by=anna)
    here = reverse("organisation", args=[alfa.pk])
    response = client.post(
        here, {"act": "invite", "invito-email": "Bruno@Esempio.it", "invito-role": "legal_representative"}, follow=True
    )
    assertContains(response, "Abbiamo invitato bruno@esempio.it.")
    invitation = Invitation.objects.get()

    bruno = person("bruno@esempio.it")
    client.force_login(bruno)
    assertContains(client.get(reverse("organisations")), "Anna Bianchi ti invita ad agire per questo ente.")
    assert client.get(here).status_code == 404
    assertRedirects(client.post(reverse("invitation_answer", args=[invitation.pk]), {"answer": "yes"}), here)
    assert Membership.objects.filter(organisation=alfa).values_list("user", "role").last() == (bruno.pk, "legal_representative")


def test_an_invitation_is_not_found_by_others_and_declined_by_the_person(client, anna):
    invitation = body(by=(other := person())).invitations.create(email=anna.email, invited_by=other, invited_at=AT)
    address = reverse("invitation_answer", args=[invitation.pk])
    client.force_login(person())
    assert client.post(address, {"answer": "yes"}).status_code == 404
    client.force_login(anna)
    assertRedirects(client.post(address, {"answer": "no"}), reverse("organisations"))
    assert (Invitation.objects.count(), anna.memberships.count()) == (0, 0)


def test_the_body_cannot_accept_for_the_person_invited(client, anna):
    invitation = body(by=anna).invitations.create(email="bruno@esempio.it", invited_by=anna, invited_at=AT)
    response = client.post(reverse("invitation_answer", args=[invitation.pk]), {"answer": "yes"}, follow=True)
    assertContains(response, "A un invito risponde solo la persona invitata.")
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"invito-email": ""}, "Scrivi l'e-mail della persona da invitare."),
        ({"invito-email": "bruno"}, "Scrivi l'indirizzo intero, per esempio nome@esempio.it."),
        ({"invito-role": ""}, "Scegli che cosa sarà la persona."),
    ],
)
def test_a_wrong_invitation_says_what_to_correct_and_keeps_what_was_typed(client, anna, changes, sentence):
    alfa = body(by=anna)
    written = {"act": "invite", "invito-email": "bruno@esempio.it", "invito-role": "referent", **changes}
    response = client.post(reverse("organisation", args=[alfa.pk]), written)
    assert said(response) == [sentence]
    assert response.context["invitation_form"]["email"].value() == written["invito-email"]
    assert Invitation.objects.count() == 0


def test_a_refused_invitation_keeps_what_was_typed(client, anna):
    alfa = body(by=anna)
    written = {"act": "invite", "invito-email": anna.email, "invito-role": "referent"}
    response = client.post(reverse("organisation", args=[alfa.pk]), written)
    assertContains(response, "Questa persona agisce già per l&#x27;ente.", status_code=409)
    assert response.context["invitation_form"]["email"].value() == anna.email


# Roles


def test_a_role_is_changed_and_a_person_taken_out_from_their_page(client, anna):
    alfa = body("Cooperativa Alfa", by=anna)
    row = alfa.memberships.create(user=person(name="Bruno Neri"), role="collaborator")
    here = reverse("membership", args=[alfa.pk, row.pk])
    assertContains(client.get(reverse("organisation", args=[alfa.pk])), here)
    assert said(client.post(here, {"act": "role"})) == ["Scegli un ruolo."]
    response = client.post(here, {"act": "role", "role": "proxy"}, follow=True)
    assertContains(response, "Abbiamo cambiato il ruolo di Bruno Neri.")
    assertContains(response, "Delegato con procura")
    assertContains(client.post(here, {"act": "out"}, follow=True), "Bruno Neri non agisce più per l&#x27;ente.")
    assert list(alfa.memberships.values_list("user", flat=True)) == [anna.pk]


def test_the_last_one_who_may_invite_reads_why_they_stay(client, anna):
    alfa = body(by=anna)
    here = reverse("membership", args=[alfa.pk, alfa.memberships.get().pk])
    last = "È l&#x27;ultima persona dell&#x27;ente che può invitarne altre. Prima invita qualcuno che possa farlo, poi riprova."
    assertContains(client.get(here), last)
    assertContains(client.post(here, {"act": "out"}), last, status_code=409)
    assert alfa.memberships.count() == 1


def test_who_leaves_a_body_no_longer_finds_it(client, anna):
    alfa = body(by=person())
    row = alfa.memberships.create(user=anna, role="collaborator")
    response = client.post(reverse("membership", args=[alfa.pk, row.pk]), {"act": "out"})
    assertRedirects(response, reverse("organisations"))
    assert client.get(reverse("organisation", args=[alfa.pk])).status_code == 404


def test_a_person_of_another_body_is_not_found_under_ones_own(client, anna):
    mine, theirs = body(by=anna), body(by=person())
    row = theirs.memberships.get()
    answers = [client.post(reverse("membership", args=[one.pk, row.pk]), {"act": "out"}).status_code for one in (mine, theirs)]
    assert (answers, theirs.memberships.count()) == ([404, 404], 1)


def test_who_does_not_manage_sees_no_button_to_invite_and_reads_whom_to_ask(client, anna):
    alfa = body(by=person(name="Lea Legale"))
    alfa.memberships.create(user=anna, role="collaborator")
    here = reverse("organisation", args=[alfa.pk])
    assertNotContains(client.get(here), "Invita una persona")
    written = {"act": "invite", "invito-email": "bruno@esempio.it", "invito-role": "collaborator"}
    assertContains(client.post(here, written), "Chiedi a Lea Legale (legale rappresentante).", status_code=409)
    assert Invitation.objects.count() == 0


def test_a_body_that_nobody_represents_is_told_so(client, anna):
    alfa = body()
    alfa.memberships.create(user=anna, role="referent")
    here = reverse("organisation", args=[alfa.pk])
    assertContains(client.get(here), "Manca chi può inviare")
    alfa.memberships.create(user=person(), role="proxy")
    assertNotContains(client.get(here), "Manca chi può inviare")


def test_an_invitation_says_until_when_it_lasts_and_is_sent_again(client, anna):
    alfa = body("Cooperativa Alfa", by=anna)
    long_ago = timezone.now() - timedelta(days=31)
    invitation = alfa.invitations.create(email="bruno@esempio.it", role="referent", invited_by=anna, invited_at=long_ago)
    here, answer = reverse("organisation", args=[alfa.pk]), reverse("invitation_answer", args=[invitation.pk])
    assertContains(client.get(here), "Scaduto il")
    client.force_login(bruno := person("bruno@esempio.it"))
    page = client.get(reverse("organisations"))
    assertContains(page, "Questo invito è scaduto: vale 30 giorni. Chiedi a Anna Bianchi di mandartelo di nuovo.")
    assertNotContains(page, "Accetta")
    client.post(answer, {"answer": "yes"})
    client.post(answer, {"answer": "again"})  # not for the person invited
    assert bruno.memberships.count() == 0
    client.force_login(anna)
    assertContains(
        client.post(answer, {"answer": "again"}, follow=True), "Abbiamo mandato di nuovo l&#x27;invito a bruno@esempio.it."
    )
    client.force_login(bruno)
    client.post(answer, {"answer": "yes"})
    assert bruno.memberships.count() == 1


def test_only_the_office_entrusts_a_registration_and_says_why(client, anna):
    alfa, real = body(by=anna), person("vera@esempio.it", "Vera Presidente")
    here = reverse("organisation", args=[alfa.pk])
    typed = {"act": "entrust", "affida-email": "Vera@esempio.it", "affida-reason": "Confermato dalla PEC dell'ente."}
    assertNotContains(client.get(here), "Affida la registrazione")
    client.post(here, typed)
    assert alfa.memberships.get().user == anna
    client.force_login(official())
    assert said(client.post(here, typed | {"affida-reason": ""})) == ["Scrivi il motivo."]
    assertContains(client.post(here, typed, follow=True), "Ora agisce per l&#x27;ente solo Vera Presidente.")
    assert alfa.memberships.get().user == real

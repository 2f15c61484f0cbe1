import pytest
from django.utils.html import escape
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts import demo
from accounts.models import User
from tests.builders import person

pytestmark = pytest.mark.django_db

DOOR = "/accesso/dimostrazione/"


@pytest.fixture
def demonstration(settings):
    settings.DEMO = True
    return demo.create_people()


def test_the_people_of_the_demonstration_have_every_role_and_are_made_once(demonstration):
    assert demo.create_people() == demonstration
    people = {person.email: person for person in demonstration.values()}
    assert [(account.role, people[account.email].is_official) for account in demo.DEMO_ACCOUNTS] == [
        *[("applicant", False)] * 6,
        *[("commissioner", False)] * 4,
        ("official", True),
    ]


def test_the_sign_in_page_offers_every_person_with_one_click(client, demonstration):
    response = client.get("/accesso/accedi/")
    for account in demo.DEMO_ACCOUNTS:
        assertContains(response, f'<input type="hidden" name="email" value="{account.email}">', count=1)
        assertContains(response, f">{account.name}</button>", count=1)
        assertContains(response, escape(account.what_to_do), count=1)
    assertContains(response, "<strong>prova-il-bando</strong>")
    assertContains(response, "Entra come cittadino")


@pytest.mark.parametrize("account", demo.DEMO_ACCOUNTS, ids=lambda account: account.email)
def test_one_click_or_the_shared_password_signs_in(client, demonstration, account):
    assertRedirects(client.post(DOOR, {"email": account.email}), "/accesso/inizio/", fetch_redirect_response=False)
    assert client.get("/accesso/profilo/").context["user"].email == account.email
    client.logout()
    client.post("/accesso/accedi/", {"login": account.email, "password": "prova-il-bando"})
    assert client.get("/accesso/profilo/").context["user"].email == account.email


@pytest.mark.parametrize(("to", "lands"), [("/enti/", "/enti/"), ("https://altro.example/", "/accesso/inizio/")])
def test_the_click_leads_on_within_the_site(client, demonstration, to, lands):
    response = client.post(DOOR, {"email": demo.DEMO_ACCOUNTS[0].email, "next": to})
    assertRedirects(response, lands, fetch_redirect_response=False)


def test_outside_a_demonstration_there_is_no_door_and_no_card(client, demonstration, settings):
    settings.DEMO = False
    answers = [client.post(DOOR, {"email": demo.DEMO_ACCOUNTS[0].email}).status_code, client.get(DOOR).status_code]
    assert answers == [404, 404]
    assert "_auth_user_id" not in client.session
    response = client.get("/accesso/accedi/")
    assertNotContains(response, "dimostrazione")
    assertNotContains(response, "prova-il-bando")


@pytest.mark.parametrize(
    ("email", "invented"),
    [
        ("giulia@demo.bando.example", True),
        ("giulia@ente1.demo.bando.example", True),
        ("giulia@altrodemo.bando.example", False),
        ("demo.bando.example@esempio.it", False),
        ("", False),
    ],
)
def test_only_addresses_that_nobody_can_own_are_invented(email, invented):
    assert demo.is_invented(email) is invented


def test_the_door_opens_for_nobody_else(client, demonstration):
    person("anna@esempio.it")
    person("giulia@demo.bando.example", is_active=False)
    assert client.post(DOOR, {"email": "anna@esempio.it"}).status_code == 404
    assert client.get(DOOR).status_code == 405
    response = client.post(DOOR, {"email": "giulia@demo.bando.example"}, follow=True)
    assertContains(response, "Questa persona non c&#x27;è ancora. Carica la dimostrazione con bin/run, poi riprova.")
    assert "_auth_user_id" not in client.session


def test_the_door_wants_the_token_of_the_page(demonstration, client):
    client.handler.enforce_csrf_checks = True
    assert client.post(DOOR, {"email": demo.DEMO_ACCOUNTS[0].email}).status_code == 403


def test_before_the_demonstration_is_loaded_the_door_says_how(client, settings):
    settings.DEMO = True
    response = client.post(DOOR, {"email": demo.DEMO_ACCOUNTS[0].email}, follow=True)
    assertContains(response, "Questa persona non c&#x27;è ancora.")
    assert User.objects.count() == 0

"""Coming in: every road of allauth that a person can take, with real mail where mail is part of it."""

from re import search
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import identify_hasher
from django.core.cache import cache
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from accounts.models import Mail, User
from tests.accounts.test_views import said
from tests.builders import PASSWORD, person
from workflow.models import Duty

pytestmark = pytest.mark.django_db

LOGIN, SIGNUP = "/accesso/accedi/", "/accesso/registrati/"
NEW = {"name": "Anna Bianchi", "email": "Anna@Esempio.it", "password1": "verde acqua di fonte"}
WAIT = "Ci sono stati troppi tentativi. Aspetta 5 minuti e riprova."


@pytest.fixture
def written(worker, mailoutbox):
    """The last mail after the worker passed: its text and the path of the link in it."""

    def written() -> tuple[str, str]:
        worker()
        text = mailoutbox[-1].body
        return text, urlsplit(search(r"https?://\S+", text)[0]).path

    return written


_WEAK_THRICE = [
    "Servono almeno 10 caratteri. Ne hai scritti 4.",
    "Questa password è tra le più usate e si indovina subito. Scegline un'altra.",
    "Questa password ha solo numeri. Aggiungi delle parole.",
]


def typed(**changes: str) -> dict[str, str]:
    return NEW | changes


# Signing up


def test_a_person_signs_up_confirms_and_is_in(client, written, mailoutbox):
    response = client.post(SIGNUP, NEW, follow=True)
    assert response.redirect_chain == [("/accesso/conferma-email/", 302)]
    assertContains(response, "Mandiamo un&#x27;e-mail a anna@esempio.it.")
    text, link = written()
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [(["anna@esempio.it"], "Conferma la tua e-mail")]
    assert text.startswith("Ciao Anna,\n\nper finire la registrazione apri questo collegamento e premi «Conferma»:")

    assertContains(client.get(link), "Premi «Conferma»")
    assert EmailAddress.objects.get().verified is False  # reading the page (as a mail scanner does) confirms nothing
    assertRedirects(client.post(link), "/accesso/inizio/", fetch_redirect_response=False)
    assert client.get("/accesso/profilo/").status_code == 200
    anna = User.objects.get()
    assert (anna.name, anna.email, anna.language, anna.is_official) == ("Anna Bianchi", "anna@esempio.it", "it", False)
    assert (identify_hasher(anna.password).algorithm, anna.password.split("$")[1:4]) == (
        "argon2",
        ["argon2id", "v=19", "m=19456,t=2,p=1"],
    )
    assert Mail.objects.count() == 0


def test_after_confirming_one_goes_on_where_one_wanted_to_go(client, written):
    client.post(SIGNUP, typed(next="/enti/nuovo/"))
    assertRedirects(client.post(written()[1]), "/enti/nuovo/", fetch_redirect_response=False)


def test_a_link_opened_on_another_browser_confirms_but_signs_nobody_in(client, written):
    client.post(SIGNUP, NEW)
    client.cookies.clear()
    response = client.post(written()[1], follow=True)
    assert response.redirect_chain == [(LOGIN, 302)]
    assertContains(response, "Grazie: anna@esempio.it è confermata.")


def test_a_link_already_used_says_what_to_do(client, written):
    client.post(SIGNUP, NEW)
    link = written()[1]
    client.post(link)
    assertContains(client.get(link), "<h1>Il collegamento non funziona più</h1>")


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        ({"name": ""}, ["Scrivi il tuo nome e cognome."]),
        ({"name": "A" * 151}, ["Qui puoi scrivere al massimo 150 caratteri. Ne hai scritti 151."]),
        ({"email": ""}, ["Scrivi la tua e-mail."]),
        ({"email": "anna"}, ["Scrivi l'indirizzo intero, per esempio nome@esempio.it."]),
        ({"email": f"{'a' * 244}@esempio.it"}, ["Qui puoi scrivere al massimo 254 caratteri. Ne hai scritti 255."]),
        ({"password1": ""}, ["Scegli una password."]),
        ({"password1": "ocra verde"[:9]}, ["Servono almeno 10 caratteri. Ne hai scritti 9."]),
        ({"password1": "81726354091827"}, ["Questa password ha solo numeri. Aggiungi delle parole."]),
        ({"password1": "1234567890a"}, ["Questa password è tra le più usate e si indovina subito. Scegline un'altra."]),
        ({"password1": "anna@esempio.it"}, ["Questa password somiglia alla tua e-mail. Scegline un'altra."]),
        ({"password1": "1234"}, _WEAK_THRICE),
        (
            {"name": "", "email": "", "password1": ""},
            ["Scrivi il tuo nome e cognome.", "Scrivi la tua e-mail.", "Scegli una password."],
        ),
    ],
)
def test_a_wrong_sign_up_says_what_to_correct_and_keeps_what_was_typed(client, changes, sentences):
    response = client.post(SIGNUP, typed(**changes))
    assert said(response) == sentences
    assertContains(response, "<title>Errore: Registrati")
    assert [response.context["form"][name].value() for name in ("name", "email")] == [
        typed(**changes)[n] for n in ("name", "email")
    ]
    assert User.objects.count() == 0


def test_an_address_already_there_is_told_by_mail_only(client, worker, mailoutbox):
    person("anna@esempio.it")
    response = client.post(SIGNUP, NEW)
    assertRedirects(response, "/accesso/conferma-email/")
    worker()
    assert [mail.subject for mail in mailoutbox] == ["Hai già un accesso"]
    assert "http://127.0.0.1:8000/accesso/password/nuova/" in mailoutbox[0].body
    assert User.objects.count() == 1


def test_mail_goes_out_over_smtp_after_the_request(client, worker, smtp_server):
    client.post(SIGNUP, NEW)
    assert smtp_server.messages == []
    assert worker() == 1
    assert smtp_server.recipients == [["anna@esempio.it"]]
    assert smtp_server.messages[0]["subject"] == "Conferma la tua e-mail"


def test_an_outage_of_the_mail_server_stops_nobody_and_loses_no_mail(client, worker, smtp_server):
    smtp_server.refuse = "451 busy"
    assertRedirects(client.post(SIGNUP, NEW), "/accesso/conferma-email/")
    assert worker() == 0
    assert Duty.objects.get().last_error == f"Undelivered: access-{Mail.objects.get().pk}: SMTPDataError 451"
    smtp_server.refuse = ""
    Duty.objects.update(due_at="2099-01-01T00:00:00Z")  # the wait after a failure is over
    assert worker() == 1
    assert smtp_server.recipients == [["anna@esempio.it"]]
    assert (Mail.objects.count(), worker()) == (0, 0)


def test_a_duty_paid_twice_sends_one_mail(client, worker, mailoutbox):
    client.post(SIGNUP, NEW)
    worker()
    Duty.objects.update(done_at=None)  # the worker died after sending, before it could say so
    worker()
    assert len(mailoutbox) == 1


def test_a_mail_is_plain_text_signed_by_the_administration(client, written, settings):
    settings.ADMINISTRATION = {"name": "Comune dell'Isola & dintorni", "url": "", "accessibility_statement_url": ""}
    client.post(SIGNUP, typed(name="D'Angelo & Figli"))
    text, _link = written()
    assert text.startswith("Ciao D'Angelo,\n")
    assert text.splitlines()[-2:] == [
        "Comune dell'Isola & dintorni",
        "Questo messaggio parte da solo: non leggiamo le risposte.",
    ]


# Signing in and out


def test_a_person_signs_in_whatever_the_case_of_the_address(client):
    person("anna@esempio.it")
    response = client.post(LOGIN, {"login": "ANNA@Esempio.it", "password": PASSWORD})
    assertRedirects(response, "/accesso/inizio/", fetch_redirect_response=False)


@pytest.mark.parametrize(
    ("to", "lands"),
    [("/enti/", "/enti/"), ("https://altro.example/", "/accesso/inizio/"), ("//altro.example", "/accesso/inizio/")],
)
def test_next_is_followed_only_within_the_site(client, to, lands):
    person("anna@esempio.it")
    response = client.post(LOGIN, {"login": "anna@esempio.it", "password": PASSWORD, "next": to})
    assertRedirects(response, lands, fetch_redirect_response=False)


@pytest.mark.parametrize(
    ("written", "sentences"),
    [
        ({"login": "", "password": ""}, ["Scrivi la tua e-mail.", "Scrivi la tua password."]),
        ({"login": "anna", "password": "x"}, ["Scrivi l'indirizzo intero, per esempio nome@esempio.it."]),
        (
            {"login": "anna@esempio.it", "password": "sbagliata"},
            ["L'e-mail o la password non corrispondono. Riprova, oppure scegli una password nuova."],
        ),
        (
            {"login": "nessuno@esempio.it", "password": PASSWORD},
            ["L'e-mail o la password non corrispondono. Riprova, oppure scegli una password nuova."],
        ),
    ],
)
def test_a_wrong_sign_in_says_what_to_do_and_keeps_the_address(client, written, sentences):
    person("anna@esempio.it")
    response = client.post(LOGIN, written)
    assert said(response) == sentences
    assert response.context["form"]["login"].value() == written["login"]


def test_after_five_wrong_passwords_one_waits_and_the_right_one_waits_too(client):
    person("anna@esempio.it")
    answers = [said(client.post(LOGIN, {"login": "anna@esempio.it", "password": "sbagliata"})) for _ in range(6)]
    assert [sentences == [WAIT] for sentences in answers] == [False] * 5 + [True]
    assert said(client.post(LOGIN, {"login": "anna@esempio.it", "password": PASSWORD})) == [WAIT]


def test_too_many_requests_get_a_page_of_ours(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    client.post(LOGIN, {"login": "", "password": ""})
    response = client.post(LOGIN, {"login": "", "password": ""})
    assertContains(response, "<h1>Troppe richieste</h1>", status_code=429)


def test_whoever_has_not_confirmed_gets_another_mail_at_sign_in(client, written, mailoutbox):
    client.post(SIGNUP, NEW)
    written()
    client.cookies.clear()
    sent = []
    for _minutes in ("at once", "after 3 minutes"):
        assertRedirects(
            client.post(LOGIN, {"login": "anna@esempio.it", "password": NEW["password1"]}), "/accesso/conferma-email/"
        )
        written()
        sent.append([mail.subject for mail in mailoutbox])
        cache.clear()  # where the time of the last mail is kept
    assert sent == [["Conferma la tua e-mail"], ["Conferma la tua e-mail"] * 2]


def test_a_suspended_person_reads_why(client):
    person("anna@esempio.it", is_active=False)
    response = client.post(LOGIN, {"login": "anna@esempio.it", "password": PASSWORD}, follow=True)
    assert response.redirect_chain == [("/accesso/sospeso/", 302)]
    assertContains(response, "<h1>Il tuo accesso è sospeso</h1>")


def test_one_goes_out_by_a_post_only(client):
    client.force_login(person())
    assertContains(client.get("/accesso/esci/"), '<form method="post" action="/accesso/esci/" data-sign-out>')
    assert client.get("/accesso/profilo/").status_code == 200
    assertRedirects(client.post("/accesso/esci/"), "/", fetch_redirect_response=False)
    assert client.get("/accesso/profilo/").status_code == 302


def test_the_cookies_of_a_session_are_out_of_reach_of_scripts_and_of_other_sites(client, settings):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True  # as wherever BANDO_URL is https
    person("anna@esempio.it")
    client.get(LOGIN)
    client.post(LOGIN, {"login": "anna@esempio.it", "password": PASSWORD})
    flags = {name: (c["httponly"], c["samesite"], c["secure"]) for name, c in client.cookies.items()}
    assert (flags["sessionid"], flags["csrftoken"]) == ((True, "Lax", True), (True, "Lax", True))


def test_a_page_of_a_person_is_kept_by_no_cache(client):
    client.force_login(person())
    assert client.get("/accesso/profilo/")["Cache-Control"] == "private, no-store"


# Passwords


def test_a_person_changes_the_password_and_stays_in(client):
    client.force_login(person("anna@esempio.it"))
    response = client.post("/accesso/password/cambia/", {"oldpassword": PASSWORD, "password1": NEW["password1"]}, follow=True)
    assert response.redirect_chain == [("/accesso/profilo/", 302)]
    assertContains(response, "Abbiamo cambiato la password.")
    assert User.objects.get().check_password(NEW["password1"])


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        ({"oldpassword": ""}, ["Scrivi la password che usi adesso."]),
        ({"oldpassword": "sbagliata"}, ["Non è la password che usi adesso. Riscrivila."]),
        ({"password1": ""}, ["Scegli una password nuova."]),
        ({"password1": "corta"}, ["Servono almeno 10 caratteri. Ne hai scritti 5."]),
    ],
)
def test_a_wrong_change_of_password_says_what_to_correct(client, changes, sentences):
    client.force_login(person())
    response = client.post("/accesso/password/cambia/", {"oldpassword": PASSWORD, "password1": NEW["password1"], **changes})
    assert said(response) == sentences
    assert User.objects.get().check_password(PASSWORD)


def test_a_forgotten_password_is_chosen_anew_from_the_mail(client, written, mailoutbox):
    person("anna@esempio.it", "Anna Bianchi")
    assertRedirects(client.post("/accesso/password/nuova/", {"email": "Anna@esempio.it"}), "/accesso/password/nuova/inviata/")
    _text, link = written()
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [(["anna@esempio.it"], "Scegli una password nuova")]
    form = client.get(link, follow=True).redirect_chain[0][0]
    assert said(client.post(form, {"password1": "corta"})) == ["Servono almeno 10 caratteri. Ne hai scritti 5."]
    assertRedirects(client.post(form, {"password1": NEW["password1"]}), "/accesso/password/nuova/fatta/")
    assert User.objects.get().check_password(NEW["password1"])
    assertContains(client.get(link), "<h1>Il collegamento non funziona più</h1>")


def test_an_unknown_address_is_told_by_mail_only(client, worker, mailoutbox):
    assertRedirects(client.post("/accesso/password/nuova/", {"email": "x@esempio.it"}), "/accesso/password/nuova/inviata/")
    worker()
    assert [mail.subject for mail in mailoutbox] == ["Nessun accesso con questo indirizzo"]
    assert "http://127.0.0.1:8000/accesso/registrati/" in mailoutbox[0].body


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("", "Scrivi la tua e-mail."), ("anna", "Scrivi l'indirizzo intero, per esempio nome@esempio.it.")],
)
def test_a_wrong_address_for_a_new_password_says_what_to_correct(client, typed, sentence):
    assert said(client.post("/accesso/password/nuova/", {"email": typed})) == [sentence]


def test_links_in_the_mail_never_trust_the_host_of_the_request(client, written, settings):
    settings.ALLOWED_HOSTS = ["*"]
    person("anna@esempio.it")
    client.post("/accesso/password/nuova/", {"email": "anna@esempio.it"}, headers={"host": "ladro.example"})
    text, _link = written()
    assert ("ladro" in text, "http://127.0.0.1:8000/accesso/password/nuova/" in text) == (False, True)


# Language


def test_the_language_is_italian_until_it_is_switched(client):
    assertContains(client.get(LOGIN), '<html lang="it">')
    response = client.post(reverse("set_language"), {"language": "en", "next": LOGIN}, follow=True)
    assert response.redirect_chain == [(LOGIN, 302)]
    assertContains(response, '<html lang="en">')
    assertContains(response, '<button type="submit" name="language" value="it" lang="it">Italiano</button>')


def test_a_browser_that_never_chose_gets_the_language_of_the_person(client):
    person("anna@esempio.it", language="en")
    client.post(LOGIN, {"login": "anna@esempio.it", "password": PASSWORD})
    assertContains(client.get("/accesso/profilo/"), '<html lang="en">')


def test_a_language_chosen_in_this_browser_wins_over_that_of_the_person(client):
    person("anna@esempio.it", language="en")
    client.post(reverse("set_language"), {"language": "it", "next": LOGIN})
    client.post(LOGIN, {"login": "anna@esempio.it", "password": PASSWORD})
    assertContains(client.get("/accesso/profilo/"), '<html lang="it">')


@pytest.mark.parametrize(
    "page",
    [
        LOGIN,
        SIGNUP,
        "/accesso/conferma-email/",
        "/accesso/conferma-email/mai-esistita/",
        "/accesso/sospeso/",
        "/accesso/password/nuova/",
        "/accesso/password/nuova/inviata/",
        "/accesso/password/nuova/fatta/",
        "/accesso/password/nuova/1-mai-esistita/",
    ],
)
def test_every_page_of_access_wears_our_look(client, page):
    response = client.get(page)
    assertContains(response, '<p class="visually-hidden" role="status" id="bando-status"></p>')
    assertContains(response, "<h1>", count=1)
    assert search(r"\son\w+=|style=|<script(?! src)", response.content.decode()) is None

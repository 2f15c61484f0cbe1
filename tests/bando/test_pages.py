from datetime import UTC, datetime
from html import unescape
from re import findall, search
from urllib.parse import urlsplit

import pytest
from django.core.mail import EmailMessage
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from tests.builders import PASSWORD, person
from workflow.duties import pay

PAGES = ["privacy", "accessibility", "legal_notes"]
LICENCE = (
    "In applicazione del principio open by default ai sensi dell’articolo 52 del decreto legislativo 7 marzo 2005, n. 82 (CAD) e "
    "salvo dove diversamente specificato (compresi i contenuti incorporati di terzi), i dati, i documenti e le informazioni "
    "pubblicati sul sito sono rilasciati con licenza CC-BY 4.0. Gli utenti sono quindi liberi di condividere (riprodurre, "
    "distribuire, comunicare al pubblico, esporre in pubblico), rappresentare, eseguire e recitare questo materiale con qualsiasi "
    "mezzo e formato e modificare (trasformare il materiale e utilizzarlo per opere derivate) per qualsiasi fine, anche "
    "commerciale con il solo onere di attribuzione, senza apporre restrizioni aggiuntive."
)
"""The text that the conformity criterion C.SI.3.4 of the Modello Comuni asks for, to the letter."""


@pytest.fixture
def posted(settings, tmp_path):
    """``posted(subject, body)`` sends a mail as the demonstration does: into a file."""
    settings.DEMO = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path

    def posted(subject: str, body: str, *attached: str) -> None:
        mail = EmailMessage(subject, body, to=["anna@esempio.it"])
        for name in attached:
            mail.attach(name, b"%PDF-1.7", "application/pdf")
        mail.send()

    return posted


@pytest.mark.parametrize("page", PAGES)
def test_the_small_pages_are_public_and_ask_nothing_of_the_database(client, page):
    response = client.get(reverse(page))
    assertContains(response, "<h1>", count=1)
    assertNotContains(response, "Testo da adattare")


@pytest.mark.parametrize("page", PAGES)
def test_a_demonstration_says_that_its_texts_are_to_be_adapted(client, settings, page):
    settings.DEMO = True
    assertContains(client.get(reverse(page)), "Testo da adattare")


def test_the_legal_notes_carry_the_licence_to_the_letter(client):
    page = client.get(reverse("legal_notes")).content.decode()
    assert search(r'<h2 data-element="legal-notes-section">([^<]*)</h2>', page)[1] == "Licenza dei contenuti"
    body = search(r'<p data-element="legal-notes-body">(.*?)</p>', page, flags=16)[1]
    assert unescape("".join(findall(r"(?:^|>)([^<]*)", body))) == LICENCE
    assert 'href="https://creativecommons.org/licenses/by/4.0/legalcode.it"' in body
    assertContains(client.get(reverse("legal_notes")), "EUPL 1.2</a>")


def test_privacy_names_its_legal_basis_and_asks_for_no_consent(client):
    response = client.get(reverse("privacy"))
    assertContains(response, "articolo 6, paragrafo 1, lettera e) del Regolamento (UE) 2016/679")
    assertContains(response, "Per questo non ti chiediamo un consenso.")
    assertNotContains(response, 'type="checkbox"')


@pytest.mark.django_db
def test_privacy_lists_exactly_the_cookies_that_the_site_sets(client):
    person("anna@esempio.it")
    client.get(reverse("account_login"))
    client.post(reverse("set_language"), {"language": "it", "next": "/"})
    client.post(reverse("account_login"), {"login": "anna@esempio.it", "password": PASSWORD})
    client.post(reverse("profile"), {"name": "Anna", "language": "it"})
    listed = findall(r'<th scope="row">([^<]*)</th>', client.get(reverse("privacy")).content.decode())
    assert sorted(listed) == sorted(client.cookies)
    assert client.cookies["sessionid"]["max-age"] == 12 * 60 * 60
    assertContains(client.get(reverse("privacy")), "<td>12 ore</td>")


def test_accessibility_leads_to_the_statement_where_there_is_one(client, settings):
    missing = "L&#x27;amministrazione non ha ancora pubblicato la sua dichiarazione"
    assertContains(client.get(reverse("accessibility")), unescape(missing))
    statement = "https://form.agid.gov.it/view/1"
    settings.ADMINISTRATION = {"name": "Comune", "url": "https://comune.example.it", "accessibility_statement_url": statement}
    response = client.get(reverse("accessibility"))
    assertContains(response, f'<a href="{statement}">Leggi la dichiarazione di accessibilità di Comune</a>')
    assertNotContains(response, unescape(missing))


# The mail of the demonstration


def test_outside_a_demonstration_nobody_reads_the_mail(client, settings, posted):
    posted("Conferma la tua e-mail", "Ciao")
    assertContains(client.get(reverse("demo_mail")), "Conferma la tua e-mail")
    settings.DEMO = False
    assert client.get(reverse("demo_mail")).status_code == 404


def test_the_newest_mail_comes_first_and_an_empty_box_says_how_to_fill_it(client, posted):
    assertContains(client.get(reverse("demo_mail")), "Registrati o invia una domanda: l'e-mail compare qui in pochi secondi.")
    for subject in ("Prima", "Seconda", "Terza"):
        posted(subject, "Ciao")
    response = client.get(reverse("demo_mail"))
    assert [letter.subject for letter in response.context["letters"]] == ["Terza", "Seconda", "Prima"]


def test_a_mail_is_read_as_text_with_its_attachments(client, posted):
    before = datetime.now(UTC).replace(microsecond=0)
    posted("Ricevuta", "Perché <b>no</b>?\n" + "-" * 79 + "\nFine", "ricevuta.pdf")
    letter = client.get(reverse("demo_mail")).context["letters"][0]
    assert (letter.to, letter.subject, letter.attachments) == ("anna@esempio.it", "Ricevuta", ["ricevuta.pdf"])
    assert before <= letter.at <= datetime.now(UTC)
    assertContains(client.get(reverse("demo_mail")), "Perché &lt;b&gt;no&lt;/b&gt;?")


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("http://127.0.0.1:8000/enti/?a=1&b=2", "/enti/?a=1&amp;b=2"),
        ("http://testserver/enti/", "/enti/"),
        ("http://127.0.0.1:8000", "/"),
        ("https://altro.example/enti/", None),
        ("http://127.0.0.1:8000.altro.example/enti/", None),
        ("http://testserver@altro.example/", None),
    ],
)
def test_only_addresses_of_this_site_are_links(client, posted, address, link):
    posted("Conferma", f"Apri:\n\n{address}\n\nGrazie")
    page = client.get(reverse("demo_mail")).content.decode()
    letter = page.partition('<p class="text-break">')[2].partition("</p>")[0]
    assert findall(r'href="([^"]*)"', letter) == ([link] if link else [])
    assert address in unescape(letter)


def test_where_mail_really_goes_out_there_is_nothing_to_show(client, settings):
    settings.DEMO = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assertContains(client.get(reverse("demo_mail")), "Qui la posta parte davvero")


@pytest.mark.django_db
def test_the_link_in_the_mail_of_a_sign_up_confirms_it(client, posted):
    client.post(
        reverse("account_signup"), {"name": "Anna Bianchi", "email": "anna@esempio.it", "password1": "verde acqua di fonte"}
    )
    pay(datetime(2100, 1, 1, tzinfo=UTC))
    page = client.get(reverse("demo_mail")).content.decode()
    link = search(r'<p class="text-break">.*?<a href="([^"]*)"', page, flags=16)[1]
    assert urlsplit(link).netloc == ""
    assert client.post(link).url == reverse("start")

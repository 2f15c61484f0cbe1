"""«Segnala un problema»: the number, the moment, the mails, and what the office learns of it."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core import mail
from django.urls import reverse

from accounts.models import User
from applications.evidence.trouble import office_addresses
from applications.models import TroubleReport
from bando.notice.document import Administration
from tests.builders import AFTER, DEADLINE, WORKDAY, draft_application, load_fixture_call, official, person
from tests.clock import arriving
from workflow.duties import pay

pytestmark = pytest.mark.django_db

TEXT = "La pagina degli allegati resta bianca."


@pytest.fixture
def application(db):
    return draft_application(load_fixture_call(), by=person("carla@esempio.it", "Carla Neri"))


def reported(client, application, *, at=WORKDAY, page="allegati", **typed):
    client.force_login(application.created_by)
    with arriving(at):
        address = f"{reverse('application_trouble', args=[application.pk])}?da={page}"
        return client.post(address, {"text": TEXT, **typed}, follow=True, headers={"User-Agent": "Firefox di prova"})


def test_a_report_keeps_the_moment_the_page_and_what_the_device_says(client, application):
    reported(client, application, device_clock="2021-10-11T08:44:10.000Z +02:00")
    report = TroubleReport.objects.get()
    assert (report.at, report.text, report.page, report.by) == (WORKDAY, TEXT, "Allegati", application.created_by)
    assert (report.device, report.device_clock) == ("Firefox di prova", "2021-10-11T08:44:10.000Z +02:00")
    assert (report.call, report.application) == (application.call, application)


def test_the_person_reads_number_and_moment_at_once(client, application):
    answer = reported(client, application)
    report = TroubleReport.objects.get()
    assert report.number == f"SEG-2021-{report.pk:06d}"
    page = answer.content.decode().replace("\u00a0", " ")
    said = f"Abbiamo ricevuto la tua segnalazione {report.number}: lunedì 11 ottobre 2021, ore 10:42:00,000000 CEST."
    assert said in page


@pytest.mark.parametrize("at", [WORKDAY, DEADLINE, AFTER, DEADLINE + timedelta(days=3)])
def test_trouble_is_reported_before_and_after_the_deadline(client, application, at):
    assert reported(client, application, at=at).status_code == 200
    assert TroubleReport.objects.get().at == at


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "Scrivi che cosa non funziona, anche in poche parole."),
        ("  ", "Scrivi che cosa non funziona, anche in poche parole."),
        ("x" * 2001, "Il testo può avere al massimo 2000 caratteri: togline 1."),
    ],
)
def test_a_report_says_something_and_is_short(client, application, text, error):
    page = reported(client, application, text=text)
    assert (TroubleReport.objects.count(), error in page.content.decode()) == (0, True)


def test_a_page_that_is_not_ours_is_not_kept(client, application):
    reported(client, application, page="https://altrove.example")
    assert TroubleReport.objects.get().page == ""


def test_a_device_that_talks_too_much_is_cut(client, application):
    client.force_login(application.created_by)
    with arriving(WORKDAY):
        address = reverse("application_trouble", args=[application.pk])
        client.post(address, {"text": TEXT}, headers={"User-Agent": "x" * 1000})
    assert TroubleReport.objects.get().device == "x" * 400


def test_the_number_is_of_the_year_in_rome():
    assert TroubleReport(pk=7, at=datetime(2021, 12, 31, 23, 30, tzinfo=UTC)).number == "SEG-2022-000007"


def test_one_mail_goes_to_the_person_and_one_to_the_office_that_names_no_body(client, application):
    reported(client, application)
    while pay(WORKDAY):
        pass
    to_person, to_office = mail.outbox
    number = TroubleReport.objects.get().number
    assert [(sent.to, sent.subject) for sent in mail.outbox] == [
        (["carla@esempio.it"], f"Segnalazione {number} ricevuta"),
        ([User.objects.get(is_official=True).email], f"Segnalazione {number}: qualcosa non funziona"),
    ]
    assert f"/domande/{application.pk}/problema/" in to_person.body
    assert [word in to_office.body for word in ("Carla Neri", TEXT, application.organisation.name, str(application.pk))] == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"email": "avvisi@comune.esempio.it", "pec": "comune@pec.esempio.it"}, ["avvisi@comune.esempio.it"]),
        ({"pec": "comune@pec.esempio.it"}, ["comune@pec.esempio.it"]),
        ({}, ["anna@comune.esempio.it"]),
    ],
)
def test_the_office_is_written_to_where_the_call_says_or_else_where_its_people_are(db, told, expected):
    official("anna@comune.esempio.it")
    person("carla@esempio.it")
    assert office_addresses(SimpleNamespace(administration=Administration("Comune di Prova", **told))) == expected


def test_the_page_says_what_the_office_reads(client, application):
    client.force_login(application.created_by)
    with arriving(WORKDAY):
        page = client.get(reverse("application_trouble", args=[application.pk])).content.decode()
    assert "L'ufficio legge questa segnalazione e il tuo nome, anche prima della scadenza." in page


@pytest.mark.parametrize("route", ["application", "application_section", "application_attachments", "application_review"])
def test_trouble_is_one_press_away_from_every_page_that_is_filled(client, application, route):
    client.force_login(application.created_by)
    args = [application.pk, *(["ente"] if route == "application_section" else [])]
    with arriving(WORKDAY):
        page = client.get(reverse(route, args=args)).content.decode()
    assert page.count(f'href="/domande/{application.pk}/problema/?da=') == 1


def test_who_is_of_another_body_reports_nothing_here(client, application):
    client.force_login(official())
    with arriving(WORKDAY):
        assert client.post(reverse("application_trouble", args=[application.pk]), {"text": TEXT}).status_code == 404


@pytest.mark.parametrize("reports", [1, 3])
def test_the_page_costs_the_same_with_one_report_and_with_three(client, application, reports, django_assert_num_queries):
    for _n in range(reports):
        reported(client, application)
    with arriving(WORKDAY), django_assert_num_queries(2 + 2):  # who asks; application, reports
        client.get(reverse("application_trouble", args=[application.pk]))

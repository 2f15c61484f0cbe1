"""The desk's page of a deadline: counts before it, names after it, and what the office may do."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from applications.evidence.dossier import ask
from applications.models import DossierPaper, Event, ProbeReading, TroubleReport
from tests.builders import AFTER, DEADLINE, body, draft_application, load_fixture_call, official, person
from tests.clock import arriving
from workflow.duties import pay

pytestmark = pytest.mark.django_db
REASON = "Il termine è scaduto: la domanda non si può più inviare."
LATER = DEADLINE + timedelta(minutes=30)


@pytest.fixture
def call(db):
    return load_fixture_call()


@pytest.fixture
def office(db):
    client = Client()
    client.force_login(official(name="Anna Bruni"))
    return client


def tried(call, name, *, at, outcome="refused", reasons=(REASON,)):
    """A draft of ``name`` whose sending arrived at ``at``, with a report of trouble a minute before."""
    by = person(name="Carla Neri")
    application = draft_application(call, by=by, organisation=body(name, by=by))
    facts = {"reasons": list(reasons)} if outcome == "refused" else {}
    for kind, came in (("submit_arrived", "arrived"), ("submit", outcome)):
        Event.objects.create(
            call=call,
            application=application,
            by=by,
            kind=kind,
            outcome=came,
            arrived_at=at,
            ended_at=at + timedelta(seconds=2),
            facts=facts if kind == "submit" else {},
        )
    TroubleReport.objects.create(
        call=call, application=application, by=by, at=at - timedelta(minutes=1), text="La pagina è bianca", page="Allegati"
    )
    return application


def read(client, route, *args, at):
    with arriving(at):
        answer = client.get(reverse(route, args=args))
    return words(answer) if answer.status_code == 200 else answer.status_code


def words(answer):
    return re.sub(r"\s+", " ", unescape(answer.content.decode()))


def test_before_the_deadline_the_office_reads_counts_and_reports_and_no_body(office, call):
    application = tried(call, "Cooperativa Segreta", at=DEADLINE - timedelta(minutes=5), reasons=["Manca «La proposta»."])
    page = read(office, "desk_evidence", call.slug, at=DEADLINE)
    shown = ["Cooperativa Segreta", str(application.pk), "Manca «La proposta»", REASON, "Carla Neri", "SEG-2021-"]
    assert [told in page for told in shown] == [False, False, False, False, True, True]
    assert "Fino alla scadenza si vedono solo i numeri" in page


def test_after_the_deadline_it_reads_who_tried_why_they_could_not_and_how_often(office, call):
    application = tried(call, "Cooperativa Arcobaleno", at=AFTER)
    tried(call, "Associazione Ponte", at=AFTER)
    page = read(office, "desk_evidence", call.slug, at=LATER)
    assert f"<li>{REASON} <strong>2 volte</strong></li>" in page
    assert page.count(reverse("desk_application_dossier", args=[application.pk])) == 2  # in the list, and from their report
    assert page.count("Mai inviata") == 2


def test_the_page_tells_what_the_office_may_do_and_decides_nothing(office, call):
    page = read(office, "desk_evidence", call.slug, at=LATER)
    assert "Questa pagina racconta e non decide" in page
    assert f'href="{reverse("desk_amendments", args=[call.slug])}"' in page
    assert [
        source in page for source in ("TAR Napoli 800/2024", "TAR Palermo 383/2024", "Consiglio di Stato, III, 86/2020")
    ] == [
        True,
        True,
        True,
    ]


def test_the_drawing_and_its_table_show_the_same_minutes(office, call):
    for minutes_before in (1, 1, 5):
        tried(call, f"Ente {minutes_before}-{Event.objects.count()}", at=DEADLINE - timedelta(minutes=minutes_before))
    page = read(office, "desk_evidence", call.slug, at=LATER)
    assert page.count('fill="#9bbce5"') == 2
    rows = re.findall(r'<th scope="row">(18/10/2021, \d\d:\d\d)</th><td class="number">(\d+)</td>', page)
    assert rows == [("18/10/2021, 11:55", "1"), ("18/10/2021, 11:59", "2")]
    assert page.count("scadenza</text>") == 1


def test_one_attempt_among_hundreds_is_still_drawn(office, call):
    application = tried(call, "Ente", at=DEADLINE - timedelta(minutes=1))
    at = DEADLINE - timedelta(minutes=9)
    facts = {"call": call, "application": application, "kind": "save", "outcome": "done", "arrived_at": at, "ended_at": at}
    Event.objects.bulk_create(Event(**facts) for _n in range(400))
    page = read(office, "desk_evidence", call.slug, at=LATER)
    assert [int(height) for height in re.findall(r'height="(\d+)" fill="#9bbce5"', page)] == [120, 1]


def test_slow_moments_are_drawn_below_the_bars(office, call):
    tried(call, "Ente", at=DEADLINE)
    for second in (0, 10):
        ProbeReading.objects.create(what="door", at=DEADLINE + timedelta(seconds=second), took_us=9_000_000, ok=True)
    page = read(office, "desk_evidence", call.slug, at=LATER)
    assert page.count('height="6" fill="#b3223c"') == 1
    assert "Il sito ha risposto in ritardo" in page


def test_the_dossier_is_asked_with_a_button_and_found_on_the_same_page(office, call):
    application = tried(call, "Cooperativa Arcobaleno", at=AFTER)
    address = reverse("desk_application_dossier", args=[application.pk])
    with arriving(LATER):
        assert office.post(address)["Location"] == address
    assert "In preparazione: ricarica la pagina tra poco" in read(office, "desk_application_dossier", application.pk, at=LATER)
    while pay(LATER):
        pass
    dossier = application.dossiers.get()
    page = read(office, "desk_application_dossier", application.pk, at=LATER)
    assert f'<a href="{reverse("desk_dossier_file", args=[dossier.pk])}">{dossier.paper.document.name}</a>' in page
    assert "Chiesto da Anna Bruni, lunedì 18 ottobre 2021, ore 12:30:00" in page
    with arriving(LATER):
        answer = office.get(reverse("desk_dossier_file", args=[dossier.pk]))
    assert (answer["Content-Type"], b"".join(answer).startswith(b"%PDF-")) == ("application/pdf", True)


def test_the_page_of_one_application_tells_its_moments_with_the_line_of_the_deadline(office, call):
    application = tried(call, "Cooperativa Arcobaleno", at=DEADLINE + timedelta(seconds=8))
    page = read(office, "desk_application_dossier", application.pk, at=LATER)
    times = re.findall(r"18/10/2021, (\d\d:\d\d:\d\d,\d{6}) CEST</td>", page)
    assert times == ["11:59:08,000000", "12:00:00,000000", "12:00:08,000000", "12:00:08,000000"]
    assert page.count('<tr class="bando-threshold">') == 1


def test_until_the_deadline_a_dossier_is_refused_and_the_page_says_why(office, call):
    with arriving(DEADLINE):
        answer = office.post(reverse("desk_dossier", args=[call.slug]))
    assert answer.status_code == 409
    assert "L'avviso non è ancora scaduto: fino ad allora si vedono solo i numeri." in words(answer)


def test_terms_that_were_reopened_hide_again_what_was_readable(office, call):
    application = tried(call, "Cooperativa Arcobaleno", at=AFTER)
    dossier = ask(call, application, by=official(), at=LATER)
    while pay(LATER):
        pass
    assert DossierPaper.objects.filter(dossier=dossier).exists()
    call.closes_at = DEADLINE + timedelta(days=5)
    call.save()
    assert read(office, "desk_dossier_file", dossier.pk, at=LATER) == 404
    assert read(office, "desk_application_dossier", application.pk, at=LATER) == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_cost_the_same_with_one_attempt_and_with_three(office, call, count, django_assert_num_queries):
    for number in range(count):
        application = tried(call, f"Ente {number}", at=AFTER)
        ask(call, application, by=official(), at=LATER)
    while pay(LATER):
        pass
    with django_assert_num_queries(2 + 9):  # call, readings, events, counts, reasons, and pages of bodies and of reports
        read(office, "desk_evidence", call.slug, at=LATER)
    with django_assert_num_queries(2 + 10):  # application twice, readings, events, its own four, terms, dossiers
        read(office, "desk_application_dossier", application.pk, at=LATER)

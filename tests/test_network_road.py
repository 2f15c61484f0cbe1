"""The road of the network, from the ranking to an open Spazio that a citizen finds, in one piece: two selected proposals that
the table makes one project."""

from __future__ import annotations

import uuid
from copy import deepcopy
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from bando.deadlines import end_of_day, rome
from bando.templatetags.bando_ui import quoted
from network.actions import (
    agree_on_version,
    answer_request,
    approve_report,
    approve_table_minutes,
    check_all,
    close_checks,
    close_request,
    close_table_session,
    conclude_table,
    confirm_declaration,
    confirm_declarations,
    decide,
    describe_space,
    draft_agreement,
    expect_opening,
    find_irregular,
    finish_task,
    fit_out,
    hold_meeting,
    open_space,
    open_table,
    open_table_session,
    pay_agreement,
    plan_table_session,
    publish_agreement,
    receive_request,
    reply_to_check,
    report_of,
    route_request,
    save_report,
    say_staff_ready,
    say_trained,
    send_report,
    sign_agreement,
    sign_part,
    sign_table_minutes,
    start_project,
    take_request,
    write_version,
)
from network.agreement_signing import Signed, signatures_of
from network.models import Agreement, Outcome, Owner, Report, Request, Service, Space, Table, TableSession
from network.onboarding import BEFORE_THE_DOOR, SCHOOLING, STAFFING
from network.overview import of_a_partner, of_the_office
from network.states import DeclarationCheckState
from network.table_minutes import Standing, signings
from network.transitions import SIGN
from tests import builders_agreement as agreements
from tests import road as roads
from tests.builders import body, person
from tests.builders_agreement import Agreed, pay_all, signed_file, written
from tests.builders_catalogue import offer
from tests.builders_network import Two, two_selected
from tests.builders_report import figures
from tests.builders_support import Network, accompanied, training
from tests.builders_table import fresh, pdf_of
from tests.history import history
from tests.pages import text
from tests.signing import Identity, pades
from tests.signing import person as signer
from workflow.perform import reasons_against
from workflow.transition import Refused

CHECKS, TERM = rome(2021, 12, 10, 9), end_of_day(date(2022, 1, 10))
TABLE, FIRST, SECOND = rome(2021, 12, 20, 10), rome(2022, 1, 11, 14, 30), rome(2022, 1, 25, 14, 30)
CONCLUDED, PUBLISHED = rome(2022, 2, 7, 10), rome(2022, 4, 20, 10)
COMMENCED, TRAINED, OPENED = rome(2022, 5, 2, 9), rome(2022, 5, 10, 9), rome(2022, 5, 30, 9)
ASKED, REPORTED = rome(2022, 5, 31, 10), rome(2022, 8, 3, 10)
HOUR = timedelta(hours=1)
DARIO = signer(agreements.AUTHORITY, "Dario", "Direttore", "TINIT-DRTDRA75A01F205X")

pytestmark = pytest.mark.django_db


def test_the_road_from_the_ranking_to_a_citizen_who_is_answered(client: Client) -> None:
    two = two_selected()
    _declarations_are_checked(two)
    table = _two_sessions_make_one_project(two)
    made = _the_agreement_has_effect(two)
    network = accompanied(two.road)
    _the_agreement_of_the_method_has_effect(network)
    _the_spazio_opens(network)
    answerer, service = _a_body_is_accredited(two)
    request = _a_citizen_is_answered(client, two, service, answerer)
    report = _the_first_report_is_approved(two)

    assert {name: history(row) for name, row in _rows(two, made, table, network.space, request, report).items()} == {
        "application": roads.ACTS,
        "second": ["submit", "start_check", "admit", "evaluate", "rank", "select"],
        "table": ["open", "start_project", "write_project", "agree_on_version", "conclude"],
        "agreement": ["edit", "change_parties", "prepare", "sign_part", "sign_part", "sign", "publish", "pay"],
        "space": ["expect", "fit_out", "staff", "train", "describe", "open"],
        "request": ["receive", "take", "route", "answer", "close"],
        "report": ["save", "send", "approve"],
    }
    people = [two.road.applicant, two.other, network.method, answerer]
    groups = [*of_the_office(REPORTED), *(group for user in people for group in of_a_partner(user, REPORTED))]
    assert [task["label"] for group in groups for task in group["tasks"] if task["waits"]] == ["Convenzioni da scrivere"]


def _rows(two: Two, made: Agreed, table: Table, space: Space, request: Request, report: Report) -> dict[str, object]:
    first, second = two.both
    return {
        "application": first,
        "second": second,
        "table": table,
        "agreement": made.row,
        "space": space,
        "request": request,
        "report": report,
    }


def _refused(act, *args, **kwargs) -> list[str]:
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    return refusal.value.reasons


# --- the checks -------------------------------------------------------------------------------------------------------


def _declarations_are_checked(two: Two) -> None:
    office, row = two.road.office, two.road.application
    plan = check_all(two.road.call, "area-1", due_on=date(2022, 1, 31), by=office, at=CHECKS)
    one = plan.checks.filter(application=row).first()
    find_irregular(one, due_at=TERM, reason="Manca la data di iscrizione.", by=office, at=CHECKS)
    waiting = [str(task["label"]) for task in of_a_partner(two.road.applicant, CHECKS)[0]["tasks"] if task["waits"]]
    assert waiting == ["Controlli sulle tue dichiarazioni"]
    assert reasons_against(SIGN, Agreement(application=row), by=office, at=CHECKS) == [
        f"Di questa proposta manca la conferma di {plan.checks.filter(application=row).count()} dichiarazioni: concludi i "
        "controlli nella pagina «Controlli sulle dichiarazioni»."
    ]
    reply_to_check(one, text="È il 3 marzo 2019.", document=None, by=two.road.applicant, at=CHECKS + HOUR)
    confirm_declaration(one, by=office, at=CHECKS + 2 * HOUR)
    others = plan.checks.filter(state=DeclarationCheckState.TO_DO)
    count = others.count()
    assert confirm_declarations([plan], others.values_list("pk", flat=True), by=office, at=CHECKS + 2 * HOUR) == count > 0
    close_checks(plan, by=office, at=CHECKS + 3 * HOUR)
    pay_all(CHECKS + 3 * HOUR)
    assert (history(plan), history(one)) == (["check_all", "close"], ["find_irregular", "reply", "confirm"])


# --- the table --------------------------------------------------------------------------------------------------------


def _two_sessions_make_one_project(two: Two) -> Table:
    office = two.road.office
    table = open_table(two.road.call, "area-1", by=office, at=TABLE)
    project = start_project(table, two.both, title="Due porte, un quartiere", by=office, at=TABLE + HOUR)
    first = _session(two, table, when=FIRST, says="Le due proposte diventano un progetto.")
    _minutes(two, first)
    new = deepcopy(project.versions.get(number=1).answers)
    new["proposta"]["azioni-dello-spazio"] = "Ascolto la mattina e orientamento il pomeriggio, insieme."
    _moved(new["piano-economico"], cents=1_000_00)
    version = write_version(
        project,
        new,
        based_on=1,
        note="Gli orari sono di entrambi, e mille euro passano agli arredi.",
        touches_reason="Le due proposte restano le prime anche senza i punti delle azioni.",
        by=two.road.applicant,
        at=FIRST + timedelta(days=3),
    )
    assert version.touches == ["azioni", "piano"]
    second = _session(two, table, when=SECOND, says="Si approva la versione 2.", close=False)
    agree_on_version(version, second, by=office, at=SECOND + HOUR)
    close_table_session(second, by=office, at=SECOND + 2 * HOUR)
    _minutes(two, second)
    conclude_table(table, conclusion="Un progetto in due sedi.", by=office, at=CONCLUDED)
    assert [history(session) for session in (first, second)] == [
        ["plan", "open", "decide", "close", "approve_minutes", *["sign_minutes"] * 3]
    ] * 2
    return table


def _moved(plan: dict, *, cents: int) -> None:
    """The grant stays what it was: a cost goes from an item to another."""
    for item, change in (("personale", -cents), ("allestimento", cents)):
        line = plan["items"].setdefault(item, {"total": 0, "own": 0, "grant": 0})
        line["total"] += change
        line["grant"] += change


def _session(two: Two, table: Table, *, when: datetime, says: str, close: bool = True) -> TableSession:
    office = two.road.office
    session = plan_table_session(
        table, planned_at=when, place="Sala 3", agenda="Il progetto", by=office, at=when - timedelta(days=7)
    )
    seats = {seat.application_id: seat.pk for seat in table.partners.seated()}
    present = {
        None: [("Anna Ufficio", "responsabile del procedimento")],
        seats[two.road.application.pk]: [("Carla Referente", "presidente")],
        seats[two.second.pk]: [("Dario Direttore", "direttore")],
    }
    open_table_session(session, present, by=office, at=when)
    decide(session, text=says, by=office, at=when + HOUR)
    if close:
        close_table_session(session, by=office, at=when + 2 * HOUR)
    return session


def _minutes(two: Two, session: TableSession) -> None:
    """Approved as they were read; their PDF is made and signed by the three that were there."""
    session, office = fresh(session), two.road.office
    at = session.closed_at + HOUR
    approve_table_minutes(session, seen=session.minutes.version, by=office, at=at)
    pay_all(at)
    seats = {seat.application_id: seat for seat in session.table.partners.all()}
    for seat, who, by in (
        (None, agreements.MAYOR, office),
        (seats[two.road.application.pk], agreements.CARLA, two.road.applicant),
        (seats[two.second.pk], DARIO, two.other),
    ):
        content = pades(pdf_of(session), who, at=at)
        sign_table_minutes(session, SimpleUploadedFile("verbale.pdf", content), partner=seat, by=by, at=at + HOUR)
    pay_all(at + HOUR)
    assert [sign.standing for sign in signings(fresh(session).minutes)] == [Standing.SIGNED] * 3


# --- the agreement ----------------------------------------------------------------------------------------------------


def _the_agreement_has_effect(two: Two) -> Agreed:
    office = two.road.office
    row = draft_agreement(two.road.fresh(), at=agreements.DRAFTED)
    made = written(Agreed(two.road, row))
    assert (row.project.number, row.project.project.title) == (2, "Due porte, un quartiere")
    read = {"seen": made.row.version, "project": str(made.row.project_id)}
    agreements.prepare_agreement(made.row, **read, by=office, at=agreements.PREPARED)
    pay_all(agreements.PREPARED)
    made.fresh()
    _brings(made, made.administration, agreements.MAYOR, by=office)
    facts = {"number": "77/2022", "signed_on": date(2022, 4, 11), "starts_on": date(2022, 5, 1), "ends_on": date(2024, 4, 30)}
    assert _refused(sign_agreement, made.row, **facts, by=office, at=roads.SIGNED) == [
        "Manca la firma di: Cooperativa Prima. Aspetta i file, oppure scrivi perché registri un file firmato altrove."
    ]
    _brings(made, made.body, agreements.CARLA, by=two.road.applicant)
    assert [sign.state for sign in signatures_of(made.fresh())] == [Signed.DONE, Signed.DONE]
    sign_agreement(made.row, **facts, by=office, at=roads.SIGNED)
    paid = {"amount_cents": 10_000_00, "paid_on": date(2022, 4, 19), "reference": "mandato 1", "by": office}
    assert _refused(pay_agreement, made.fresh(), **paid, at=PUBLISHED) == [
        "Nulla si può pagare prima della pubblicazione: art. 26 del D.Lgs. 33/2013. Prima registra la pubblicazione."
    ]
    _publishes(made.row, by=office)
    pay_agreement(made.fresh(), **{**paid, "paid_on": date(2022, 4, 20)}, at=PUBLISHED + HOUR)
    two.road.agreement, two.road.space = made.row, Space.objects.get(partnership__agreement=made.row)
    return made


def _brings(made: Agreed, party, who: Identity, *, by: User) -> None:
    sign_part(made.row, [party], signed_file(made, who), by=by, at=agreements.UPLOADED)
    pay_all(agreements.UPLOADED)
    made.fresh()


def _publishes(row: Agreement, *, by: User) -> None:
    publish_agreement(
        row,
        published_on=date(2022, 4, 20),
        publication="https://esempio.it/trasparenza",
        disclosure=agreements.DISCLOSURE,
        by=by,
        at=PUBLISHED,
    )


def _the_agreement_of_the_method_has_effect(network: Network) -> None:
    _publishes(network.partnership.agreement, by=network.office)


# --- the Spazio -------------------------------------------------------------------------------------------------------


def _the_spazio_opens(network: Network) -> None:
    space, office = network.space, network.office
    expect_opening(space, on=OPENED.date(), by=office, at=PUBLISHED + HOUR)
    fit_out(space, by=office, at=COMMENCED)
    left = quoted([task.title for task in space.tasks.filter(kind__in=STAFFING)])
    assert _refused(say_staff_ready, space, by=office, at=COMMENCED) == [f"Prima concludi, o togli con un motivo: {left}."]
    _do(network, STAFFING, at=COMMENCED + HOUR)
    say_staff_ready(space, by=office, at=COMMENCED + 2 * HOUR)
    meeting = training(network, at=COMMENCED, starts_at=TRAINED)
    _do(network, SCHOOLING, at=TRAINED + 2 * HOUR)
    assert _refused(say_trained, space, by=network.method, at=TRAINED + 3 * HOUR) == [
        "Nessuno di questo Spazio risulta ancora presente a una formazione."
    ]
    came = [(space, "Olga Operatrice", "Operatrice", 120)]
    hold_meeting(meeting, came, summary="Ascoltare.", minutes=120, by=network.method, at=TRAINED + 3 * HOUR)
    say_trained(space, by=network.method, at=TRAINED + 4 * HOUR)
    hours = [{"day": day, "opens": "09:00", "closes": "13:00"} for day in range(1, 6)]
    describe_space(space, phone="02 0000 0001", hours=hours, by=network.runner, at=TRAINED + 5 * HOUR)
    space.refresh_from_db()
    _do(network, BEFORE_THE_DOOR, at=OPENED - HOUR)
    open_space(space, on=OPENED.date(), by=office, at=OPENED)


def _do(network: Network, kinds: frozenset[str], *, at: datetime) -> None:
    """Each task by whom it belongs to, in the order of the board."""
    people = {Owner.OFFICE: network.office, Owner.PARTNER: network.runner, Owner.METHOD: network.method}
    for task in network.space.tasks.to_settle().filter(kind__in=kinds).order_by("position"):
        finish_task(task, by=people[Owner(task.owner)], at=at)


# --- the catalogue and the citizen ------------------------------------------------------------------------------------


def _a_body_is_accredited(two: Two) -> tuple[User, Service]:
    call_command("load_catalogue", verbosity=0)
    answerer = person(name="Livia Risponde")
    offered = offer(body("Cooperativa Che Risponde", by=answerer), by=answerer, office=two.road.office, at=OPENED)
    offered.unsent.delete()
    return answerer, offered.public


def _a_citizen_is_answered(client: Client, two: Two, service: Service, answerer: User) -> Request:
    operator, space = two.road.applicant, two.road.space
    with time_machine.travel(ASKED, tick=False):
        found = client.get(reverse("spaces"), {"municipio": space.municipio, "now": "on"})
        assert reverse("space", args=[space.slug]) in found.content.decode()
        assert reverse("service", args=[service.slug]) in client.get(reverse("services"), {"q": "badante"}).content.decode()
        assert "Chiedi questo servizio" in text(client.get(reverse("service", args=[service.slug])))
    request = receive_request(
        pk=uuid.uuid4(),
        need="Cerco una badante per la mia mamma.",
        name="Rosa Inventata",
        phone="333 0001112",
        municipio=space.municipio,
        service=service,
        at=ASKED,
    )
    assert request.space == space
    take_request(request, by=operator, at=ASKED + HOUR)
    route_request(request, service.organisation, by=operator, at=ASKED + 2 * HOUR)
    answer_request(request, "Possiamo cominciare lunedì.", by=answerer, at=ASKED + 3 * HOUR)
    close_request(request, Outcome.STARTED, by=operator, at=ASKED + 4 * HOUR)
    return request


# --- the report -------------------------------------------------------------------------------------------------------


def _the_first_report_is_approved(two: Two) -> Report:
    space, runner = two.road.space, two.road.applicant
    term = two.road.agreement.reporting_terms.order_by("number").first()
    assert (term.first_day, term.last_day) == (date(2022, 5, 1), date(2022, 7, 31))
    report = report_of(space, term)
    save_report(report, figures(report), seen=report.version, by=runner, at=REPORTED)
    send_report(report, seen=report.version, by=runner, at=REPORTED)
    approve_report(report, seen=report.version, by=two.road.office, at=REPORTED + HOUR)
    report.refresh_from_db()
    assert report.requests["received"] == 1
    return report

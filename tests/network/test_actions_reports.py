from datetime import timedelta

import pytest
from django.core import mail

from bando.deadlines import rome
from network.actions import (
    answer_remarks,
    approve_report,
    remark_on_report,
    reopen_report,
    report_of,
    save_report,
    send_report,
)
from network.models import Report, Request
from network.report_figures import foreseen, lines_of, requests_counted
from network.report_mails import remind
from tests import road as roads
from tests.builders import person
from tests.builders_report import AFTER, figures, saved, sent, term_of
from tests.history import history
from workflow.duties import pay
from workflow.models import Duty
from workflow.transition import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def road() -> roads.Road:
    return roads.opened()


def refused(act, *args, **kwargs) -> list[str]:
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    return refusal.value.reasons


def test_a_report_is_sent_asked_about_answered_and_approved(road):
    report = sent(road)
    remark_on_report(report, text=" Quante sono le volontarie? ", seen=1, by=road.office, at=AFTER)
    remark = report.remarks.get()
    again = {"seen": 1, "by": road.applicant, "at": AFTER}
    assert refused(send_report, report, **again) == ["Rispondi alle osservazioni dell'ufficio, poi invia di nuovo."]
    answer_remarks(report, {remark.pk: "Sono tre."}, by=road.applicant, at=AFTER)
    save_report(report, figures(report, visits=351), **again)
    send_report(report, seen=2, by=road.applicant, at=AFTER)
    approve_report(report, seen=2, by=road.office, at=AFTER)
    assert list(history(report)) == ["save", "send", "remark", "save", "save", "send", "approve"]
    remark.refresh_from_db()
    assert (Report.objects.get().visits, remark.text, remark.answer) == (351, "Quante sono le volontarie?", "Sono tre.")


def test_an_approved_report_is_reopened_with_a_reason(road):
    report = sent(road)
    approve_report(report, seen=1, by=road.office, at=AFTER)
    assert refused(save_report, report, figures(report), seen=1, by=road.applicant, at=AFTER) != []
    assert refused(reopen_report, report, reason=" ", by=road.office, at=AFTER) != []
    reopen_report(report, reason="Manca una fattura", by=road.office, at=AFTER)
    report.refresh_from_db()
    assert (report.state, report.approved_at, report.remarks.get().text) == ("remarked", None, "Manca una fattura")


@pytest.mark.parametrize("who", ["office", "stranger"])
def test_only_the_body_writes_and_only_the_office_approves(road, who):
    somebody = road.office if who == "office" else person(name="Ugo Estraneo")
    report = saved(road)
    sentence = ["Lo può fare solo chi lavora per l'ente che gestisce lo Spazio."]
    assert refused(save_report, report, figures(report), seen=1, by=somebody, at=AFTER) == sentence
    assert refused(send_report, report, seen=1, by=somebody, at=AFTER) == sentence
    send_report(report, seen=1, by=road.applicant, at=AFTER)
    by = road.applicant if who == "office" else somebody
    assert refused(approve_report, report, seen=1, by=by, at=AFTER) == ["Lo può fare solo chi lavora nell'ufficio."]


def test_of_two_who_write_the_second_reads_the_first(road):
    report = saved(road)
    sentence = ["Il rendiconto è cambiato dopo che hai aperto questa pagina: rileggilo, poi riprova."]
    assert refused(save_report, report, figures(report, visits=9), seen=0, by=road.applicant, at=AFTER) == sentence
    assert refused(send_report, report, seen=0, by=road.applicant, at=AFTER) == sentence
    assert Report.objects.get().visits == 350


@pytest.mark.parametrize(
    ("at", "sentences"),
    [
        (
            rome(2022, 7, 31, 23, 59),
            ["Il periodo finisce il 31/07/2022: fino ad allora puoi scrivere, e inviare dal giorno dopo."],
        ),
        (rome(2022, 8, 1, 0, 0), []),
        (rome(2022, 12, 31, 12), []),
    ],
)
def test_a_report_is_sent_once_its_days_are_over_and_late_rather_than_never(road, at, sentences):
    report, said = saved(road), []
    try:
        send_report(report, seen=1, by=road.applicant, at=at)
    except Refused as refusal:
        said = refusal.reasons
    assert said == sentences


def test_a_report_with_something_missing_is_kept_and_not_sent(road):
    report = saved(road, visits=None, activities="")
    said = refused(send_report, report, seen=1, by=road.applicant, at=AFTER)
    assert said == ["Scrivi quante persone sono passate, anche se sono zero. Racconta in breve che cosa è stato fatto."]
    assert (Report.objects.get().state, Report.objects.get().version) == ("draft", 1)


def test_a_term_of_another_agreement_is_refused(road):
    term = term_of(road)
    road.space.partnership = None
    assert refused(report_of, road.space, term) == ["Questo termine è di un'altra convenzione."]


def request(road, number, at):
    return Request.objects.create(
        number=number,
        key_sha256="0" * 64,
        kind="orientation",
        channel="online",
        space=road.space,
        need="x",
        phone="02",
        received_at=at,
    )


@pytest.mark.parametrize(
    ("at", "counted"),
    [
        (rome(2022, 4, 30, 23, 59), 0),
        (rome(2022, 5, 1, 0, 0), 1),
        (rome(2022, 7, 31, 23, 59), 1),
        (rome(2022, 8, 1, 0, 0), 0),
    ],
)
def test_the_requests_of_the_days_of_the_term_are_counted(road, at, counted):
    request(road, "R-1", at)
    assert requests_counted(road.space, term_of(road))["received"] == counted


def test_the_requests_stay_as_they_were_counted_when_the_report_was_sent(road):
    request(road, "R-1", rome(2022, 6, 1, 9))
    report = sent(road)
    request(road, "R-2", rome(2022, 6, 2, 9))
    report.refresh_from_db()
    assert report.requests == {"received": 1, "orientation": 1, "answered": 0, "moved": 0}


def test_expenses_are_held_against_the_budget_of_the_agreement_whatever_the_spazio(road):
    items = foreseen(road.agreement)
    assert [item.code for item in items] == [i.code for i in road.call.notice.budget_for("area-1").items]
    spent = [{"item": items[0].code, "spent_cents": 1000, "own_cents": 100, "note": ""}]
    sent(road, expenses=spent)
    second = saved(road, 2, expenses=spent)
    line = lines_of(second)[0]
    assert (line.foreseen_cents, line.before_cents, line.spent_cents) == (items[0].total_cents, 1000, 1000)
    assert line.left_cents == items[0].total_cents - 2000


@pytest.mark.parametrize(
    ("at", "owed"),
    [
        (rome(2022, 8, 15, 23, 59), []),
        (rome(2022, 8, 16, 0, 0), ["14"]),
        (rome(2022, 8, 26, 23, 59), ["14"]),
        (rome(2022, 8, 27, 0, 0), ["3"]),
        (rome(2022, 8, 30, 9), ["3"]),
        (rome(2022, 8, 31, 9), ["-1"]),
        (rome(2022, 9, 29, 9), ["-1"]),
        (rome(2022, 9, 30, 9), []),
    ],
)
def test_reminders_leave_two_weeks_and_three_days_before_and_the_day_after(road, at, owed):
    term_of(road)
    remind(at)
    remind(at + timedelta(seconds=1))
    near = Duty.objects.filter(name="network.report_near")
    assert [duty.subject.rpartition(":")[2] for duty in near] == owed


def test_nobody_is_reminded_of_a_report_that_was_sent(road):
    sent(road)
    remind(rome(2022, 8, 16, 9))
    assert Duty.objects.filter(name="network.report_near").count() == 0


def pay_all(at) -> None:
    """A mail to several people is owed first, then each of them."""
    while pay(at):
        pass


def approved_mails(road, at) -> list[list[str]]:
    mail.outbox.clear()
    pay_all(at)
    return [message.to for message in mail.outbox if message.subject == f"Rendiconto approvato: {road.space.name}"]


@pytest.mark.parametrize("is_changed", [True, False])
def test_a_second_approval_is_told_too_also_of_the_same_figures(road, is_changed):
    report = sent(road)
    approve_report(report, seen=1, by=road.office, at=AFTER)
    first = approved_mails(road, AFTER)
    reopen_report(report, reason="Manca una voce.", by=road.office, at=AFTER)
    answer_remarks(report, {report.remarks.get().pk: "C'è."}, by=road.applicant, at=AFTER)
    if is_changed:
        save_report(report, figures(report, visits=3), seen=1, by=road.applicant, at=AFTER)
    send_report(report, seen=1 + is_changed, by=road.applicant, at=AFTER)
    later = AFTER + timedelta(days=1)
    approve_report(report, seen=1 + is_changed, by=road.office, at=later)
    assert (first, approved_mails(road, later)) == ([[road.applicant.email]], [[road.applicant.email]])


def test_an_approval_that_was_undone_before_its_mail_left_is_not_told(road):
    report = sent(road)
    approve_report(report, seen=1, by=road.office, at=AFTER)
    reopen_report(report, reason="Manca una voce.", by=road.office, at=AFTER)
    assert approved_mails(road, AFTER) == []


def test_the_body_and_the_office_are_told(road):
    term_of(road)
    remind(rome(2022, 8, 1, 9) + timedelta(days=15))
    pay_all(rome(2022, 8, 16, 10))
    report = sent(road)
    remark_on_report(report, text="Quante volontarie?", seen=1, by=road.office, at=AFTER)
    answer_remarks(report, {report.remarks.get().pk: "Tre"}, by=road.applicant, at=AFTER)
    send_report(report, seen=1, by=road.applicant, at=AFTER + timedelta(hours=1))
    approve_report(report, seen=1, by=road.office, at=AFTER + timedelta(hours=1))
    pay_all(rome(2022, 8, 16, 11))
    name = road.space.name
    told = [(message.subject, message.to) for message in mail.outbox if "endiconto" in message.subject]
    body, office = [road.applicant.email], [road.call.notice.administration.email or road.office.email]
    assert told == [
        (f"Rendiconto di {name}: entro il 30 agosto 2022", body),
        (f"Rendiconto da leggere: {name}", office),
        (f"Rendiconto da leggere: {name}", office),
        (f"Rendiconto di {name}: l'ufficio chiede qualcosa", body),
        (f"Rendiconto approvato: {name}", body),
    ]

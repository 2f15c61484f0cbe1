from datetime import date

import pytest

from network.actions import approve_report, remark_on_report, reopen_report, save_report, send_report
from network.models import Payment, Report
from network.report_figures import foreseen, lines_of
from network.report_final import balance_of, gaps_of, summary_of
from network.reporting import Missing, Work
from tests import road as roads
from tests.builders_report import AT_THE_END, figures, final, saved, sent, term_of
from tests.together import together
from workflow.transition import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def road() -> roads.Road:
    return roads.opened()


def spent(road, cents, own) -> list[dict]:
    return [{"item": foreseen(road.agreement)[0].code, "spent_cents": cents, "own_cents": own, "note": ""}]


def quarters(road) -> list[Report]:
    first = sent(road, 1, at=AT_THE_END, expenses=spent(road, 1000, 100))
    work = [
        {"role": "accoglienza", "minutes": 50, "volunteer": True},
        {"role": "Accoglienza", "minutes": 7, "volunteer": False},
    ]
    return [first, sent(road, 2, at=AT_THE_END, visits=50, hours=work, expenses=spent(road, 500, 0))]


def test_a_final_report_adds_up_the_quarters_and_nobody_types_a_figure_twice(road):
    code = foreseen(road.agreement)[0].code
    quarters(road)
    report = final(road)
    said = summary_of(report)
    assert (said.quarters, said.visits, said.spent, said.own) == (2, 400, {code: 1500}, {code: 100})
    assert said.work == [
        Work("Operatrice di sportello", 7200, False),
        Work("Accoglienza", 800, True),
        Work("Accoglienza", 7, False),
    ]
    line = lines_of(report)[0]
    assert (line.so_far_cents, line.spent_cents, line.own_so_far_cents) == (1500, 0, 100)
    step = send_report(report, seen=1, by=road.applicant, at=AT_THE_END)
    assert (step.facts["visits"], step.facts["spent"], step.facts["assets"]) == (400, {code: 1500}, "Due tavoli, al Comune.")
    report.refresh_from_db()
    assert (report.visits, report.hours, report.expenses, report.requests) == (None, [], [], {})


def test_figures_typed_into_a_final_report_are_not_kept(road):
    report = final(road)
    told = {"activities": "a", "assets": "b", "evaluation": "c", **figures(report), "expenses": spent(road, 9, 9)}
    save_report(report, told, seen=1, by=road.applicant, at=AT_THE_END)
    report.refresh_from_db()
    assert (report.visits, report.expenses, report.assets) == (None, [], "b")


def test_a_draft_of_a_quarter_is_in_no_sum(road):
    saved(road, 1, expenses=spent(road, 1000, 0))
    assert summary_of(final(road)).spent == {}


def test_a_final_report_waits_for_the_quarters_and_for_its_own_words(road):
    sent(road, 1)
    term_of(road, 2)
    report = final(road)
    Report.objects.filter(pk=report.pk).update(assets=" ", evaluation="")
    with pytest.raises(Refused) as refusal:
        send_report(report, seen=1, by=road.applicant, at=AT_THE_END)
    assert refusal.value.reasons == [
        "Invia prima il rendiconto del periodo 1 agosto 2022 – 31 ottobre 2022: il finale somma quelli dei trimestri. "
        "Scrivi che cosa è stato comprato e dove resta; se niente, scrivi «niente». "
        "Scrivi che cosa ha funzionato e che cosa no."
    ]


def test_a_quarter_that_the_office_asks_about_is_waited_for(road):
    _first, second = quarters(road)
    report = Report.objects.select_related("space", "term").get(pk=final(road).pk)
    assert gaps_of(report) == []
    remark_on_report(second, text="Quante visite?", seen=1, by=road.office, at=AT_THE_END)
    assert gaps_of(report) == [(Missing.QUARTERS, "1 agosto 2022 – 31 ottobre 2022")]


def test_a_quarter_in_which_the_spazio_was_not_open_is_not_waited_for(road):
    term_of(road, 1)
    sent(road, 2, at=AT_THE_END)
    road.space.opened_on = date(2022, 8, 1)
    road.space.save()
    assert gaps_of(Report.objects.select_related("space", "term").get(pk=final(road).pk)) == []


def test_a_final_report_is_approved_after_its_quarters_and_holds_them(road):
    first, second = quarters(road)
    report = final(road)
    send_report(report, seen=1, by=road.applicant, at=AT_THE_END)
    office = {"by": road.office, "at": AT_THE_END}
    approve_report(first, seen=1, **office)
    with pytest.raises(Refused) as refusal:
        approve_report(report, seen=1, **office)
    assert refusal.value.reasons == ["Il finale somma i rendiconti dei trimestri: approva prima quelli."]
    approve_report(second, seen=1, **office)
    approve_report(report, seen=1, **office)
    with pytest.raises(Refused) as refusal:
        reopen_report(first, reason="Manca una fattura", **office)
    assert refusal.value.reasons == [
        "Il rendiconto finale è già approvato e somma anche questo: l'ufficio riapre prima il finale."
    ]
    reopen_report(report, reason="Manca una fattura", **office)
    reopen_report(first, reason="Manca una fattura", **office)
    assert [Report.objects.get(pk=row.pk).state for row in (first, second, report)] == ["remarked", "approved", "remarked"]


SENT = "Il rendiconto finale è già inviato e somma anche questo: l'ufficio chiede prima modifiche al finale."


def test_no_quarter_changes_while_the_office_reads_the_final_report(road):
    first, second = quarters(road)
    report = final(road)
    office = {"by": road.office, "at": AT_THE_END}
    approve_report(first, seen=1, **office)
    send_report(report, seen=1, by=road.applicant, at=AT_THE_END)
    acts = [
        lambda: reopen_report(first, reason="Manca una fattura", **office),
        lambda: remark_on_report(second, text="Quante visite?", seen=1, **office),
    ]
    for act in acts:
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.reasons == [SENT]
    remark_on_report(report, text="Manca una fattura", seen=1, **office)
    for act in acts:
        act()
    assert [Report.objects.get(pk=row.pk).state for row in (first, second, report)] == ["remarked", "remarked", "remarked"]


def test_a_quarter_that_nobody_owed_is_not_sent_after_the_final_report(road):
    first = saved(road, 1)
    sent(road, 2, at=AT_THE_END)
    road.space.opened_on = date(2022, 8, 1)
    road.space.save()
    send_report(final(road), seen=1, by=road.applicant, at=AT_THE_END)
    with pytest.raises(Refused) as refusal:
        send_report(Report.objects.get(pk=first.pk), seen=1, by=road.applicant, at=AT_THE_END)
    assert refusal.value.reasons == [SENT]


def test_a_quarter_that_nobody_owed_and_is_written_again_is_waited_for(road):
    first, _second = quarters(road)
    remark_on_report(first, text="Quante visite?", seen=1, by=road.office, at=AT_THE_END)
    road.space.opened_on = date(2022, 8, 1)
    road.space.save()
    report = Report.objects.select_related("space", "term").get(pk=final(road).pk)
    assert gaps_of(report) == [(Missing.QUARTERS, "1 maggio 2022 – 31 luglio 2022")]


@pytest.mark.django_db(transaction=True)
def test_the_final_report_leaves_or_a_quarter_is_asked_about_but_not_both_at_once(road):
    _first, second = quarters(road)
    report = final(road)
    found = together(
        lambda: send_report(Report.objects.get(pk=report.pk), seen=1, by=road.applicant, at=AT_THE_END),
        lambda: remark_on_report(
            Report.objects.get(pk=second.pk), text="Quante visite?", seen=1, by=road.office, at=AT_THE_END
        ),
    )
    assert sorted(type(one).__name__ for one in found) == ["Refused", "ReportStep"]


@pytest.mark.django_db(transaction=True)
def test_the_final_report_is_approved_or_a_quarter_is_sent_but_not_both_at_once(road):
    nobodys = saved(road, 1)
    approve_report(sent(road, 2, at=AT_THE_END), seen=1, by=road.office, at=AT_THE_END)
    road.space.opened_on = date(2022, 8, 1)
    road.space.save()
    report = final(road)
    send_report(report, seen=1, by=road.applicant, at=AT_THE_END)
    found = together(
        lambda: approve_report(Report.objects.get(pk=report.pk), seen=1, by=road.office, at=AT_THE_END),
        lambda: send_report(Report.objects.get(pk=nobodys.pk), seen=1, by=road.applicant, at=AT_THE_END),
    )
    assert [type(one).__name__ for one in found] == ["ReportStep", "Refused"]
    assert [Report.objects.get(pk=row.pk).state for row in (report, nobodys)] == ["approved", "draft"]


@pytest.mark.parametrize(("paid", "left", "beyond"), [(1300, 100, -100), (1400, 0, 0), (1500, -100, 100)])
def test_the_balance_is_what_was_told_without_the_part_of_the_bodies_less_what_was_paid(road, paid, left, beyond):
    quarters(road)
    told = {"paid_on": date(2022, 10, 1), "reference": "M-1", "by": road.office, "at": AT_THE_END}
    Payment.objects.create(agreement=road.agreement, amount_cents=paid, **told)
    said = balance_of(road.agreement)
    assert (said.borne_cents, said.left_cents, said.beyond_cents) == (1400, left, beyond)

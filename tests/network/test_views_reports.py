from datetime import date

import pytest
import time_machine
from django.urls import reverse

from bando.deadlines import rome
from network.actions import approve_report, close_space, remark_on_report, send_report
from network.models import Report, Space
from tests import road as roads
from tests.builders import person
from tests.builders_report import AFTER, AT_THE_END, final, sent, term_of
from tests.pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def road() -> roads.Road:
    return roads.opened()


@pytest.fixture
def at(client):
    """A browser whose requests arrive after the first term."""

    def browser(user, moment=AFTER):
        with time_machine.travel(moment, tick=False):
            client.force_login(user)

        def ask(method, name, *args, data=None):
            with time_machine.travel(moment, tick=False):
                return getattr(client, method)(reverse(name, args=args), data or {})

        return ask

    return browser


TYPED = {
    "seen": "0",
    "visits": "350",
    "activities": "Sportello.",
    "role-0": "Operatrice",
    "hours-0": "120:30",
    "role-1": "Accoglienza",
    "hours-1": "12,5",
    "volunteer-1": "on",
}


def test_a_body_writes_its_report_and_the_office_approves_it(road, at):
    term, ask = term_of(road), at(road.applicant)
    assert "Da scrivere adesso" in text(ask("get", "my_reports"))
    assert Report.objects.count() == 0
    page = text(ask("get", "report", road.space.pk, term.pk))
    assert "Scrivi quante persone sono passate" in page and Report.objects.count() == 0
    item = road.call.notice.budget_for("area-1").items[0].code
    money = {f"spent-{item}": "1.250,50", f"own-{item}": "250,50"}
    assert ask("post", "report", road.space.pk, term.pk, data={**TYPED, **money, "send": "1"}).status_code == 302
    report = Report.objects.get()
    assert (report.state, [row["minutes"] for row in report.hours]) == ("sent", [7230, 750])
    assert report.expenses == [{"item": item, "spent_cents": 125_050, "own_cents": 25_050, "note": ""}]
    desk = at(road.office)
    assert road.space.name in text(desk("get", "desk_reports"))
    page = text(desk("get", "desk_report", report.pk))
    assert "120:30" in page and "1.250,50" in page
    for seen in ("0", "9" * 5000, "²", ""):
        assert desk("post", "desk_report", report.pk, data={"approve": "1", "seen": seen}).status_code == 409
    assert desk("post", "desk_report", report.pk, data={"approve": "1", "seen": "1"}).status_code == 302
    assert Report.objects.get().state == "approved"
    assert "Che cosa hai inviato" in text(at(road.applicant)("get", "report", road.space.pk, term.pk))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"visits": "molte"}, "Scrivi un numero intero, per esempio 350."),
        ({"hours-0": "tante"}, "Scrivi le ore così: 120, oppure 12:30."),
        ({"hours-0": "12:75"}, "I minuti vanno da 00 a 59: scrivi per esempio 12:30."),
        ({"hours-0": "12,33"}, "Scrivi le ore e i minuti, per esempio 12:20."),
        ({"hours-0": ""}, "Scrivi quante ore, o svuota la riga."),
        ({"role-0": ""}, "Scrivi il ruolo, per esempio: operatore di sportello."),
        ({"hours-0": "100001"}, "Sono più di 100.000 ore: controlla il numero."),
    ],
)
def test_what_cannot_be_read_is_said_and_comes_back(road, at, typed, sentence):
    page = at(road.applicant)("post", "report", road.space.pk, term_of(road).pk, data={**TYPED, **typed, "save": "1"})
    assert (page.status_code, sentence in text(page), "Sportello." in text(page)) == (200, True, True)
    assert Report.objects.get().version == 0


def test_what_was_typed_is_kept_when_it_cannot_be_sent_yet(road, at):
    ask, term = at(road.applicant), term_of(road)
    refused = ask("post", "report", road.space.pk, term.pk, data={**TYPED, "visits": "", "send": "1"})
    assert (refused.status_code, "Scrivi quante persone sono passate" in text(refused)) == (409, True)
    assert (Report.objects.get().state, Report.objects.get().version) == ("draft", 1)
    seen = refused.context["form"].data["seen"]
    again = ask("post", "report", road.space.pk, term.pk, data={**TYPED, "seen": seen, "send": "1"})
    assert (again.status_code, Report.objects.get().state) == (302, "sent")


def test_a_colleague_who_saved_meanwhile_is_not_overwritten(road, at):
    ask, term = at(road.applicant), term_of(road)
    ask("post", "report", road.space.pk, term.pk, data={**TYPED, "save": "1"})
    late = ask("post", "report", road.space.pk, term.pk, data={**TYPED, "visits": "9", "save": "1"})
    assert (late.status_code, "rileggilo" in text(late), Report.objects.get().visits) == (409, True, 350)
    assert "Persone passate 350" in text(late)
    seen = late.context["form"]["seen"].value()
    again = ask("post", "report", road.space.pk, term.pk, data={**TYPED, "seen": seen, "visits": "9", "save": "1"})
    assert (again.status_code, Report.objects.get().visits) == (302, 9)


def test_the_body_writes_the_end_and_reads_the_sums_of_its_quarters(road, at):
    for number in (1, 2):
        sent(road, number, at=AT_THE_END)
    report, ask = final(road), at(road.applicant, AT_THE_END)
    page = text(ask("get", "report", road.space.pk, report.term_id))
    assert "Le cifre sommano i 2 rendiconti trimestrali di questo Spazio" in page and "Persone passate 700" in page
    assert "Persone passate nello Spazio" not in page and "Ancora da pagare 0,00" in page
    told = {"seen": "1", "activities": "Due trimestri.", "assets": "", "evaluation": "Bene.", "send": "1"}
    refused = ask("post", "report", road.space.pk, report.term_id, data=told)
    assert (refused.status_code, "se niente, scrivi «niente»" in text(refused)) == (409, True)
    again = {**told, "seen": refused.context["form"]["seen"].value(), "assets": "Niente."}
    assert ask("post", "report", road.space.pk, report.term_id, data=again).status_code == 302
    page = text(at(road.office, AT_THE_END)("get", "desk_report", report.pk))
    assert "Persone passate 700" in page and "Beni comprati e dove restano Niente." in page


@pytest.mark.parametrize(
    ("opened_on", "label", "late"),
    [
        (date(2022, 7, 31), "Da inviare", True),
        (date(2022, 8, 1), "Non dovuto: lo Spazio non era aperto", False),
        (None, "Non dovuto: lo Spazio non era aperto", False),
    ],
)
def test_a_term_in_which_the_spazio_was_not_open_is_not_due(road, at, opened_on, label, late):
    term = term_of(road)
    Space.objects.filter(pk=road.space.pk).update(opened_on=opened_on)
    desk = at(road.office, rome(2022, 9, 15))
    page = desk("get", "desk_reports", data={"stato": "late" if late else "not_due"})
    row = next(row for row in page.context["rows"] if row["term"] == term)
    assert [row["term"] == term for row in desk("get", "desk_reports").context["rows"]] == ([True] if late else [])
    assert (row["label"], row["late"]) == (label, late)
    mine = at(road.applicant, rome(2022, 9, 15))("get", "my_reports")
    assert [row["term"] == term for row in mine.context["now_due"]] == ([True] if late else [])
    assert ("Non dovuti" in text(mine)) is not late


def test_a_closed_spazio_owes_the_term_in_which_it_closed_and_none_after_it(road, at):
    terms = [term_of(road), term_of(road, 2)]
    close_space(road.space, reason="Lavori", by=road.office, at=rome(2022, 7, 31, 23, 59))
    ask = at(road.office, rome(2022, 12, 15))
    found = [
        [row["term"] for row in ask("get", "desk_reports", data={"stato": c}).context["rows"]] for c in ("late", "not_due")
    ]
    assert [found[0].count(terms[0]), found[1].count(terms[0])] == [1, 0]
    assert [found[0].count(terms[1]), found[1].count(terms[1])] == [0, 1]


def test_the_body_answers_what_the_office_asks(road, at):
    report = sent(road)
    remark_on_report(report, text="Quante volontarie?", seen=1, by=road.office, at=AFTER)
    ask, remark = at(road.applicant), report.remarks.get()
    assert "Quante volontarie?" in text(ask("get", "report", road.space.pk, report.term_id))
    data = {**TYPED, "seen": "1", f"answer-{remark.pk}": "Tre.", "send": "1"}
    assert ask("post", "report", road.space.pk, report.term_id, data=data).status_code == 302
    remark.refresh_from_db()
    assert (remark.answer, Report.objects.get().state) == ("Tre.", "sent")


def test_the_office_asks_and_reopens_with_words(road, at):
    report, desk = sent(road), at(road.office)
    assert "Scrivi che cosa chiedi all'ente." in text(desk("post", "desk_report", report.pk, data={"remark": "1", "seen": "1"}))
    assert desk("post", "desk_report", report.pk, data={"approve": "1", "seen": "1"}).status_code == 302
    assert "Scrivi il motivo" in text(desk("post", "desk_report", report.pk, data={"reopen": "1"}))
    assert desk("post", "desk_report", report.pk, data={"reopen": "1", "undo-reason": "Errore"}).status_code == 302
    assert Report.objects.get().state == "remarked"


def test_the_page_of_a_quarter_says_why_it_waits_for_the_final_report_and_leads_there(road, at):
    first, second = (sent(road, number, at=AT_THE_END) for number in (1, 2))
    approve_report(first, seen=1, by=road.office, at=AT_THE_END)
    report = final(road)
    send_report(report, seen=1, by=road.applicant, at=AT_THE_END)
    desk = at(road.office, AT_THE_END)
    for quarter, buttons in ((first, []), (second, ["approve"])):
        page = desk("get", "desk_report", quarter.pk)
        assert "Il rendiconto finale è già inviato e somma anche questo" in text(page)
        assert reverse("desk_report", args=[report.pk]) in page.content.decode()
        assert [name for name in ("approve", "remark", "reopen") if f'name="{name}"' in page.content.decode()] == buttons
    page = desk("get", "desk_report", report.pk)
    assert "approva prima quelli" in text(page) and reverse("desk_report", args=[second.pk]) in page.content.decode()
    assert reverse("desk_report", args=[first.pk]) not in page.content.decode()
    approve_report(second, seen=1, by=road.office, at=AT_THE_END)
    assert "approva prima quelli" not in text(desk("get", "desk_report", report.pk))


def test_a_term_of_others_is_no_page(road, at):
    term = term_of(road)
    ask = at(person(name="Ugo Estraneo"))
    assert [ask("get", "report", road.space.pk, term.pk).status_code, ask("get", "my_reports").status_code] == [404, 404]


@pytest.mark.parametrize("spaces", [1, 5])
def test_the_lists_ask_as_much_for_one_spazio_as_for_five(road, at, spaces, django_assert_num_queries):
    sent(road)
    for n in range(spaces - 1):
        space = Space.objects.create(slug=f"s-{n}", name=f"S {n}", partnership=road.space.partnership)
        Report.objects.create(space=space, term=term_of(road), state="sent", visits=n)
    ask = at(road.applicant)
    with django_assert_num_queries(6):
        ask("get", "my_reports")
    desk = at(road.office)
    with django_assert_num_queries(5):
        desk("get", "desk_reports")
    with django_assert_num_queries(13):
        desk("get", "desk_network")

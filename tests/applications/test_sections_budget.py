"""The economic plan as a form: lines that are added, hours of volunteers, rules with their reasons, and what is frozen."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from applications.budget import thawed
from applications.models import Application
from applications.progress import missing
from applications.reading import read_submission
from applications.sections.budget import LINES, MOST_LINES, SPARE_LINES, VOLUNTEERS, BudgetForm
from applications.sections.build import typed_answers
from bando.notice.document import Budget, BudgetItem, SectionKind, Volunteers
from tests.applications.planning import BODIES, HOURS, RENT, SPLIT, STAFF, join, lines, plan_form, planning_call
from tests.builders import WORKDAY, complete_draft, draft_application, send
from tests.clock import arriving
from workflow.ledger import plain

RIGHT = lines(STAFF, RENT) | lines(HOURS, name=VOLUNTEERS)


def said(form: BudgetForm) -> list[str]:
    return [problem["sentence"] for found in form.problems().values() for problem in found]


def test_a_budget_of_lines_is_frozen_in_cents_with_the_names_of_its_bodies():
    form = plan_form(RIGHT)
    assert said(form) == []
    assert form.values() == {
        "lines": [
            {"item": "personale", "partner": "a", "partner_name": "Alfa APS", "year": 2022, "action": "apertura"}
            | {"text": "Educatrice", "total": 3_000_000, "own": 750_000},
            {"item": "sede", "partner": "b", "partner_name": "Beta ODV", "year": 2023, "action": "rete"}
            | {"text": "", "total": 2_400_050, "own": 600_050},
        ],
        "volunteers": [
            {"activity": "Doposcuola", "partner": "b", "partner_name": "Beta ODV"}
            | {"hours": Decimal("10.5"), "hourly": 1850, "value": 19_425}
        ],
        "total": 5_419_475,
        "own": 1_369_475,
        "grant": 4_050_000,
    }


def test_what_was_frozen_is_the_same_budget_when_it_is_read_again():
    form = plan_form(RIGHT)
    assert thawed(SPLIT, plain(form.values())) == form.outcome


@pytest.mark.parametrize(
    ("changed", "sentences"),
    [
        ({"item": ""}, ["Riga 1, Voce: Scegli dall'elenco, o svuota la riga."]),
        ({"partner": ""}, ["Riga 1, Chi spende: Scegli dall'elenco, o svuota la riga."]),
        ({"partner": "z"}, ["Riga 1, Chi spende: Questo ente non è tra quelli della domanda: scegline un altro."]),
        ({"year": "2024"}, ["Riga 1, Anno: Questa risposta non è nell'elenco: scegline un'altra."]),
        ({"action": ""}, ["Riga 1, Azione: Scegli dall'elenco, o svuota la riga."]),
        ({"total": ""}, ["Riga 1, Costo totale: Scrivi questo dato, o svuota la riga."]),
        ({"total": "12,5 mila"}, ["Riga 1, Costo totale: Scrivi l'importo in euro, solo con i numeri. Per esempio 1250,50."]),
        (
            {"total": "1,250"},
            ["Riga 1, Costo totale: «1,250» ha più di due cifre dopo la virgola. Scrivi l'importo così: 1250,50."],
        ),
        (
            {"own": "30.000,01"},
            [
                "Riga 1, A carico dell'ente: A carico dell'ente hai scritto 30.000,01\u00a0€, più del costo, che è "
                "30.000,00\u00a0€. Correggi uno dei due importi."
            ],
        ),
        ({"own": "", "total": "0"}, []),
    ],
)
def test_a_line_says_what_it_lacks_and_where(changed: dict[str, str], sentences: list[str]):
    budget = replace(SPLIT, min_own_share_percent=None, items=tuple(BudgetItem(i.code, i.title) for i in SPLIT.items))
    form = plan_form(lines(STAFF | changed, RENT), budget)
    assert said(form) == sentences
    assert [fault["target"] for fault in form.faults()] == [f"id_lines__1__{name}" for name in changed if sentences]


@pytest.mark.parametrize(
    ("changed", "sentences"),
    [
        ({"activity": " "}, ["Riga 1, Attività: Scrivi questo dato, o svuota la riga."]),
        ({"hours": "10,25"}, ["Riga 1, Ore: Conta le ore intere o le mezze ore: per esempio 12 oppure 12,5."]),
        ({"hours": "10,50"}, []),
        ({"hours": "0"}, ["Riga 1, Ore: Scrivi più di zero ore, o svuota la riga."]),
        ({"hours": "-1"}, ["Riga 1, Ore: Scrivi più di zero ore, o svuota la riga."]),
        ({"hours": "12:30"}, ["Riga 1, Ore: Scrivi le ore con i numeri, per esempio 12 oppure 12,5."]),
        ({"hours": "1.000.000,5"}, ["Riga 1, Ore: Sono troppe ore: controlla il numero che hai scritto."]),
        ({"hourly": "18,51"}, ["Riga 1, Valore di un'ora: Il massimo per un'ora è 18,50\u00a0€. Hai scritto 18,51\u00a0€."]),
        ({"hourly": "18,50"}, []),
    ],
)
def test_the_hours_of_volunteers_say_what_they_lack(changed: dict[str, str], sentences: list[str]):
    form = plan_form(lines(STAFF, RENT) | lines(HOURS | changed, name=VOLUNTEERS))
    assert said(form) == sentences
    assert [fault["target"] for fault in form.faults()] == [f"id_volunteers__1__{name}" for name in changed if sentences]


def test_every_rule_is_listed_with_its_numbers_whether_it_is_respected_or_not():
    overhead = {**RENT, "item": "indiretti", "total": "6.000", "own": "0"}
    form = plan_form(
        lines(STAFF | {"total": "60.000", "own": "5.999,99"}, RENT, overhead)
        | lines(HOURS | {"hours": "1000"}, name=VOLUNTEERS)
    )
    assert [(check["passed"], check["words"]) for check in form.checks()] == [
        (False, "Hai chiesto 78.000,01\u00a0€. Il massimo è 50.000,00\u00a0€: togli 28.000,01\u00a0€."),
        (True, "La quota degli enti è il 28,11% del totale: rispetta il minimo del 20%."),
        (True, "Costi indiretti: 5,53% del totale. Il massimo è il 7%."),
        (False, "Personale: gli enti mettono il 9,99% del costo. L'avviso chiede almeno il 10%: manca 0,01\u00a0€."),
        (True, "Personale: 55,3% del totale. Il massimo è il 60%."),
        (
            False,
            "Ore dei volontari: 60,66% di quanto mettono gli enti. Il massimo è il 50%: togli 6.499,51\u00a0€ di ore.",
        ),
        (True, "Un'ora dei volontari vale al massimo 18,50\u00a0€: l'avviso permette fino a 18,50\u00a0€."),
    ]
    assert {fault["target"] for fault in form.faults()} == {"budget-rules"}
    assert [problem["code"] for problem in form.problems()["__all__"]] == ["max_grant", "min_item_own", "max_volunteers"]


def test_nothing_written_is_an_answer_not_given_yet():
    form = plan_form({})
    assert [(p["code"], p["sentence"]) for p in form.problems()["__all__"]] == [
        ("required", "Scrivi il costo di almeno una voce.")
    ]
    form.forgive_blanks()
    assert form.faults() == []


def test_a_line_that_cannot_be_read_counts_nothing_until_it_is_mended():
    form = plan_form(lines(STAFF, RENT | {"total": "circa mille"}))
    assert (form.outcome.total, [row.result for row in form.lines_table().rows]) == (
        3_000_000,
        [2_250_000, None, None, None, None],
    )
    assert 'value="circa mille"' in form.lines_table().rows[1].row.cells[5].control


@pytest.mark.parametrize(
    ("second", "hints"),
    [
        ({}, ["Le righe 1 e 2 dicono la stessa cosa. Uniscile in una, o descrivi in che cosa sono diverse."]),
        (
            {"text": "  EDUCATRICE "},
            ["Le righe 1 e 2 dicono la stessa cosa. Uniscile in una, o descrivi in che cosa sono diverse."],
        ),
        ({"text": "Educatore"}, []),
        ({"year": "2023"}, []),
    ],
)
def test_two_lines_that_say_the_same_are_a_hint_and_no_fault(second: dict[str, str], hints: list[str]):
    form = plan_form(
        lines(STAFF, STAFF | second) | lines(HOURS, name=VOLUNTEERS),
        replace(SPLIT, max_grant_cents=None, items=(BudgetItem("personale", "Personale"),), max_indirect_percent=None),
    )
    assert (form.hints(), said(form)) == (hints, [])


def test_a_body_that_is_alone_is_not_asked_who_spends():
    form = plan_form(lines({key: text for key, text in STAFF.items() if key != "partner"}), bodies={"a": BODIES["a"]})
    assert [cell.column.code for cell in form.lines_table().pattern.row.cells] == [
        "item",
        "year",
        "action",
        "text",
        "total",
        "own",
    ]
    assert (form.outcome.lines[0].partner, form.outcome.lines[0].partner_name) == ("a", "Alfa APS")


def test_only_what_the_call_asks_is_asked():
    budget = replace(SPLIT, by_partner=False, actions=(), volunteers=None)
    form = plan_form(lines({key: STAFF[key] for key in ("item", "year", "text", "total", "own")}), budget)
    assert (list(form.fields), list(form.fields[LINES].cells)) == ([LINES], ["item", "year", "text", "total", "own"])
    assert form.values()["lines"] == [
        {"item": "personale", "total": 3_000_000, "own": 750_000, "text": "Educatrice", "year": 2022}
    ]


def test_a_budget_by_item_may_ask_hours_of_volunteers_too():
    budget = Budget("piano", SPLIT.items, volunteers=Volunteers(hourly_cents=2000))
    form = plan_form(
        {"sede__total": "1000", "sede__own": "100"}
        | lines({"activity": "Orto", "hours": "2", "hourly": "20"}, name=VOLUNTEERS),
        budget,
    )
    assert said(form) == []
    assert form.values()["volunteers"] == [{"activity": "Orto", "hours": Decimal(2), "hourly": 2000, "value": 4000}]
    assert (form.outcome.total, form.outcome.own, form.outcome.grant) == (104_000, 14_000, 90_000)


def test_half_a_cent_of_hours_falls_away():
    form = plan_form(lines(HOURS | {"hours": "0,5", "hourly": "18,49"}, name=VOLUNTEERS))
    assert form.outcome.volunteered == 924


def test_sums_are_shown_for_everything_that_may_be_chosen_with_the_shares_of_the_group():
    form = plan_form(RIGHT)
    assert {
        table.part: [(row.title if row.key else name, row.total, row.grant, share) for row, name, share in table.rows]
        for table in form.sum_tables()
    } == {
        "item": [
            ("Personale", 3_000_000, 2_250_000, "–"),
            ("Sede", 2_400_050, 1_800_000, "–"),
            ("Costi indiretti", 0, 0, "–"),
            ("Ore dei volontari", 19_425, 0, "–"),
        ],
        "partner": [("Alfa APS", 3_000_000, 2_250_000, "60%"), ("Beta ODV", 2_419_475, 1_800_000, "40%")],
        "year": [
            ("2022", 3_000_000, 2_250_000, "–"),
            ("2023", 2_400_050, 1_800_000, "–"),
            ("Ore dei volontari", 19_425, 0, "–"),
        ],
        "action": [
            ("Apertura", 3_000_000, 2_250_000, "–"),
            ("Lavoro di rete", 2_400_050, 1_800_000, "–"),
            ("Ore dei volontari", 19_425, 0, "–"),
        ],
    }


def test_the_cells_of_a_line_are_called_after_its_item():
    form = plan_form(lines(STAFF))
    names = [row.row.cells[5].control.split('aria-label="')[1].split('"')[0] for row in form.lines_table().rows[:2]]
    assert names == ["Personale, riga 1: costo totale in euro", "Riga 2: costo totale in euro"]
    hours = form.volunteers_table().rows[0].row.cells
    assert 'aria-label="Volontari, riga 1: ore"' in hours[2].control


def test_blank_lines_stand_after_the_last_one_and_end_at_the_most():
    assert [len(plan_form(typed).lines_table().rows) for typed in ({}, lines(STAFF, RENT), lines(*[STAFF] * MOST_LINES))] == [
        SPARE_LINES,
        2 + SPARE_LINES,
        MOST_LINES,
    ]


def test_the_button_of_a_table_leads_to_its_first_blank_row():
    form = plan_form(lines(STAFF, {"item": ""}, RENT))
    assert [form.blank_row(then) for then in ("rows:lines", "rows:volunteers", "rows:altro", "next", "lines")] == [
        "id_lines__2__item",
        "id_volunteers__1__activity",
        "",
        "",
        "",
    ]


def test_only_lines_with_something_in_them_are_stored():
    form_class = type(plan_form({}))
    data = QueryDict(mutable=True)
    data.update(lines(STAFF, dict.fromkeys(STAFF, ""), RENT) | {"csrfmiddlewaretoken": "x"})
    assert typed_answers(form_class, data) == lines(STAFF, {}, RENT)


# In an application


@pytest.fixture
def application(db: None) -> Application:
    return draft_application(planning_call(), "uno")


def section_of(application: Application) -> str:
    return next(s.code for s in application.call.notice.sections_for("uno") if s.kind is SectionKind.BUDGET)


def test_a_whole_application_with_lines_is_sent_and_its_receipt_keeps_the_names(application: Application):
    partner = join(application, "Beta ODV", share=4000)
    complete_draft(application)
    submission = send(application)
    partner.organisation.name = "Gamma ETS"
    partner.organisation.save()
    notice = submission.call_version.notice
    read = next(s for s in read_submission(notice, "uno", submission.answers, submission.manifest) if s.budget)
    lead = application.organisation.name
    assert [(table.code, table.rows[0][0].text, table.foot and table.foot[-1].text) for table in read.tables] == [
        ("", "Personale", "30.000,00\u00a0€"),
        ("volunteers", "Apertura del sabato", "231,25\u00a0€"),
        ("all", "Denaro e ore dei volontari", ()),
        ("item", "Personale", ()),
        ("partner", lead, ()),
        ("year", "2022", ()),
        ("action", "Apertura", ()),
    ]
    html = render_to_string("applications/_read.html", {"item": read})
    assert (html.count("<caption"), "Gamma ETS" in html) == (7, False)


def test_a_body_that_leaves_has_its_lines_judged_again(application: Application):
    partner = join(application, "Beta ODV")
    complete_draft(application)
    code = section_of(application)
    draft = application.drafts.get(section=code)
    draft.answers = {name: str(partner.pk) if name.endswith("__partner") else text for name, text in draft.answers.items()}
    draft.judged_by = ""
    draft.save()
    before = [gap.code for gap in missing(application)]
    partner.left_at = WORKDAY
    partner.save()
    join(application, "Delta APS")
    assert (before, [gap.sentences for gap in missing(application)]) == (
        [],
        [
            tuple(
                f"Riga 1, {column}: Questo ente non è tra quelli della domanda: scegline un altro."
                for column in ("Chi spende", "Ente")
            )
        ],
    )


def test_more_rows_come_without_a_script_and_nothing_typed_is_lost(application: Application, client: Client):
    client.force_login(application.created_by)
    url = reverse("application_section", args=[application.pk, section_of(application)])
    typed = lines({"item": "personale", "year": "2022", "action": "rete", "total": "circa mille", "own": ""})
    with arriving(WORKDAY):
        answer = client.post(url, typed | {"__version": "0", "then": "rows:lines"})
        page = client.get(url).content.decode()
    assert (answer.status_code, answer.url) == (302, f"{url}#id_lines__2__item")
    assert (page.count("data-row data-line"), page.count('value="circa mille"')) == (1 + SPARE_LINES + 1, 1)

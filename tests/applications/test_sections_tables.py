"""Tables: rows that are added, cells judged like the questions of the same type, values that everybody reads."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from applications.models import Application
from applications.reading import read_draft, read_submission
from applications.sections import build_form, typed_answers
from applications.sections.build import SectionForm
from applications.sections.tables import SPARE, cell_name
from bando.notice.document import Area, Choice, Column, ColumnType, Notice, Question, QuestionType, Section
from bando.notice.parse import parse
from bando.notice_yaml import read
from tests.applications.asking import asking_call
from tests.bando.small import SMALL
from tests.builders import WORKDAY, complete_draft, draft_application, send
from tests.clock import arriving
from workflow.ledger import plain

NOTICE: Notice = parse(read(SMALL).data)
AREA: Area = NOTICE.area("uno")
COLUMNS = (
    Column("nome", "Nome", limit=10),
    Column("quota", "Quota", ColumnType.MONEY),
    Column("ore", "Ore", ColumnType.NUMBER, required=False, decimals=1),
    Column("dal", "Dal", ColumnType.DATE, required=False),
    Column("ruolo", "Ruolo", ColumnType.CHOICE, required=False, choices=(Choice("a", "Capofila"), Choice("b", "Socio"))),
    Column("ets", "ETS", ColumnType.YES_NO, required=False),
)


def form_class(*, least: int | None = None, most: int = 5, required: bool = True) -> type[SectionForm]:
    bound = None if least is None else Decimal(least)
    question = Question("t", "La tabella", QuestionType.TABLE, required=required, min=bound, max=Decimal(most), columns=COLUMNS)
    return build_form(Section("prova", "Prova", questions=(question,)), NOTICE, AREA)


def cells(rows: dict[int, dict[str, str]]) -> dict[str, str]:
    return {cell_name("t", row, column): text for row, texts in rows.items() for column, text in texts.items()}


def answered(rows: dict[int, dict[str, str]], **options: Any) -> SectionForm:
    return form_class(**options)(data=cells(rows))


def said(form: SectionForm) -> list[str]:
    return [problem["sentence"] for found in form.problems().values() for problem in found]


WHOLE = {"nome": " Alfa ", "quota": "1.250,50", "ore": "7,5", "dal": "18/10/2021", "ruolo": "b", "ets": "no"}
VALUES = {"nome": "Alfa", "quota": 125050, "ore": Decimal("7.5"), "dal": date(2021, 10, 18), "ruolo": "b", "ets": False}
SHORT = {"nome": "Beta", "quota": "0"}
NOTHING = {"ore": None, "dal": None, "ruolo": None, "ets": None}


def test_each_cell_becomes_a_value_of_its_type() -> None:
    form = answered({1: WHOLE, 2: SHORT})
    assert form.problems() == {}
    assert form.values() == {"t": [VALUES, {"nome": "Beta", "quota": 0, **NOTHING}]}
    assert plain(form.values())["t"][0] == {**VALUES, "ore": "7.5", "dal": "2021-10-18"}


def test_blank_rows_are_nothing_wherever_they_are() -> None:
    form = answered({2: SHORT, 3: {"nome": "  ", "quota": ""}, 5: SHORT})
    assert form.problems() == {}
    assert [row["nome"] for row in form.values()["t"]] == ["Beta", "Beta"]


@pytest.mark.parametrize(
    ("rows", "sentences"),
    [
        ({2: {"nome": "Alfa"}}, ["Riga 2, Quota: Scrivi questo dato, o svuota la riga."]),
        ({1: {"quota": "5"}}, ["Riga 1, Nome: Scrivi questo dato, o svuota la riga."]),
        (
            {3: {**SHORT, "quota": "cento"}},
            ["Riga 3, Quota: Scrivi l'importo in euro, solo con i numeri. Per esempio 1250,50."],
        ),
        ({1: {**SHORT, "ore": "1,25"}}, ["Riga 1, Ore: Scrivi al massimo 1 cifra dopo la virgola."]),
        ({1: {**SHORT, "dal": "ieri"}}, ["Riga 1, Dal: Scrivi il giorno con i numeri, per esempio 18/10/2021."]),
        ({1: {**SHORT, "ruolo": "z"}}, ["Riga 1, Ruolo: Questa risposta non è nell'elenco: scegline un'altra."]),
        (
            {1: {**SHORT, "nome": "undici lett"}},
            ["Riga 1, Nome: «Nome» può avere al massimo 10 caratteri. Ne hai scritti 11: togline 1."],
        ),
        (
            {1: {**SHORT, "quota": "100%"}, 2: {"ets": "yes"}},
            [
                "Riga 1, Quota: Scrivi l'importo in euro, solo con i numeri. Per esempio 1250,50.",
                "Riga 2, Nome: Scrivi questo dato, o svuota la riga.",
                "Riga 2, Quota: Scrivi questo dato, o svuota la riga.",
            ],
        ),
    ],
)
def test_what_is_wrong_names_the_row_and_the_column(rows: dict, sentences: list[str]) -> None:
    assert said(answered(rows)) == sentences


@pytest.mark.parametrize(
    ("options", "filled", "sentences"),
    [
        ({}, 0, ["Compila almeno una riga."]),
        ({}, 1, []),
        ({"required": False}, 0, []),
        ({"least": 2}, 0, ["Compila almeno una riga."]),
        ({"least": 2}, 1, ["Compila almeno 2 righe."]),
        ({"least": 2}, 2, []),
        ({"least": 2, "required": False}, 0, []),
        ({"least": 2, "required": False}, 1, ["Compila almeno 2 righe."]),
        ({"most": 3}, 3, []),
    ],
)
def test_rows_are_as_many_as_the_call_says(options: dict, filled: int, sentences: list[str]) -> None:
    assert said(answered(dict.fromkeys(range(1, filled + 1), SHORT), **options)) == sentences


def test_rows_beyond_the_last_are_not_of_the_table() -> None:
    form = answered({1: SHORT, 4: SHORT}, most=3)
    assert form.problems() == {}
    assert len(form.values()["t"]) == 1


def test_only_the_rows_with_something_in_them_are_kept_as_they_were_typed() -> None:
    posted = QueryDict(mutable=True)
    posted.update(cells({1: {"nome": "", "quota": " "}, 4: {"nome": "Alfa\x00 ", "quota": "mille"}, 9: SHORT}))
    assert typed_answers(form_class(), posted) == {
        "t__4__nome": "Alfa ",
        "t__4__quota": "mille",
        "t__4__ore": "",
        "t__4__dal": "",
        "t__4__ruolo": "",
        "t__4__ets": "",
    }


@pytest.mark.parametrize(("filled", "sight"), [([], SPARE), ([1], 1 + SPARE), ([3], 3 + SPARE), ([5], 5), ([1, 2, 3, 4, 5], 5)])
def test_a_few_blank_rows_are_in_sight_and_the_others_open(filled: list[int], sight: int) -> None:
    (group,) = answered(dict.fromkeys(filled, SHORT)).groups()
    assert (len(group.table.sight), len(group.table.rest)) == (sight, 5 - sight)
    assert all(row.is_blank for row in group.table.rest)


def test_every_fault_leads_to_its_cell_and_stands_there_without_the_row() -> None:
    form = answered({2: {**SHORT, "quota": "cento"}})
    assert form.faults() == [
        {
            "target": "id_t__2__quota",
            "message": "Riga 2, Quota: Scrivi l'importo in euro, solo con i numeri. Per esempio 1250,50.",
        },
    ]
    (group,) = form.groups()
    cell = group.table.sight[1].cells[1]
    assert cell.errors == ("Scrivi l'importo in euro, solo con i numeri. Per esempio 1250,50.",)
    assert 'aria-label="Riga 2: Quota in euro"' in cell.control
    assert 'aria-describedby="t__2__quota-e"' in cell.control
    assert 'value="cento"' in cell.control


def test_too_few_rows_are_told_of_the_whole_table() -> None:
    form = answered({1: SHORT}, least=2)
    assert form.faults() == [{"target": "id_t__1__nome", "message": "«La tabella»: Compila almeno 2 righe."}]
    assert form.groups()[0].table.errors == ("Compila almeno 2 righe.",)


def test_whoever_comes_back_is_told_what_is_wrong_and_not_what_is_missing() -> None:
    form = answered({1: {"nome": "Alfa", "ore": "tante"}})
    form.forgive_blanks()
    assert said(form) == ["Riga 1, Ore: Scrivi un numero, per esempio 12,5."]


# --- in the pages -----------------------------------------------------------------------------------------------------


@pytest.fixture
def application(db) -> Application:
    return draft_application(asking_call(), "uno")


def save(application: Application, **typed: str):
    client = Client()
    client.force_login(application.created_by)
    url = reverse("application_section", args=[application.pk, "rete"])
    with arriving(WORKDAY):
        return client.post(url, {**typed, "__version": "0", "then": "next"})


def test_a_wrong_row_is_kept_and_shown_again(application: Application) -> None:
    in_network(application)
    page = save(application, partner__2__nome="Alfa", partner__2__quota="mille").content.decode()
    assert application.drafts.get(section="rete").answers["partner__2__quota"] == "mille"
    assert 'href="#id_partner__2__quota"' in page
    assert 'value="mille"' in page
    assert '<th scope="row">Riga 2</th>' in page


def test_two_people_see_the_rows_of_both(application: Application) -> None:
    in_network(application)
    save(application, partner__1__nome="Alfa", partner__1__ruolo="socio")
    answer = save(application, partner__1__nome="Beta", partner__1__ruolo="capofila")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Alfa; Socio" in page
    assert "Beta; Capofila" in page


def in_network(application: Application) -> None:
    client = Client()
    client.force_login(application.created_by)
    with arriving(WORKDAY):
        url = reverse("application_section", args=[application.pk, "ente"])
        client.post(url, {"rete": "yes", "__version": "0", "then": "hub"})


def test_what_was_sent_is_read_row_by_row(application: Application) -> None:
    sent = send(complete_draft(application))
    assert sent.answers["rete"]["partner"][0] == {
        "nome": "Risposta a: Nome",
        "quota": 100000,
        "ore": "1",
        "dal": "2020-05-04",
        "ruolo": "capofila",
        "ets": True,
    }
    read_back = read_submission(application.call.notice, "uno", sent.answers, sent.manifest)
    assert read_back == read_draft(application)
    answer = next(a for item in read_back for a in item.answers if a.question.code == "partner")
    assert [(cell.head, cell.text) for cell in answer.rows[0]] == [
        ("Nome", "Risposta a: Nome"),
        ("Quota in euro", "1.000,00\u00a0€"),
        ("Ore (ore)", "1"),
        ("Dal", "04/05/2020"),
        ("Ruolo", "Capofila"),
        ("ETS", "Sì"),
    ]
    assert answer.text.split("\n")[0] == (
        "Nome: Risposta a: Nome; Quota in euro: 1.000,00\u00a0€; Ore (ore): 1; Dal: 04/05/2020; Ruolo: Capofila; ETS: Sì"
    )


def test_rows_that_cannot_be_read_stand_as_they_were_typed(application: Application) -> None:
    in_network(application)
    save(application, partner__2__nome="Alfa", partner__2__quota="mille")
    answer = next(a for item in read_draft(application) for a in item.answers if a.question.code == "partner")
    assert answer.typed
    assert [[cell.text for cell in row] for row in answer.rows] == [["Alfa", "mille", "", "", "", ""]]


def test_a_page_with_the_largest_tables_of_a_call_is_taken(db) -> None:
    columns = "".join(f"\n          - {{code: c{column}, label: Colonna {column}, limit: 30}}" for column in range(12))
    tables = "".join(
        f"""
      - code: tabella-{table}
        label: Tabella {table}
        type: table
        max: 50
        columns:{columns}"""
        for table in range(3)
    )
    call = asking_call(
        SMALL.replace("  - code: luogo\n", f"  - code: tabelle\n    title: Tabelle\n    questions:{tables}\n  - code: luogo\n")
    )
    application = draft_application(call, area="uno")
    typed = {
        cell_name(f"tabella-{table}", row, f"c{column}"): f"{row}"
        for table in range(3)
        for row in range(1, 51)
        for column in range(12)
    }
    client = Client()
    client.force_login(application.created_by)
    url = reverse("application_section", args=[application.pk, "tabelle"])
    with arriving(WORKDAY):
        answer = client.post(url, {**typed, "__version": "0", "then": "hub"})
    assert (len(typed), answer.status_code, len(application.drafts.get(section="tabelle").answers)) == (1800, 302, 1800)

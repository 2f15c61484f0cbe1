"""Totals, sums and rules of a budget while it is being written: in a real browser, they are the server's."""

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from applications import amounts
from applications.sections.budget import MOST_LINES, BudgetForm
from bando.templatetags import bando_ui
from tests.applications.planning import HOURS, RENT, STAFF, lines, plan_form

SCRIPTS = ["bando.js", "answers.js", "budget.js"]


ROW = """<tr><td><input data-column="cost" value="{cost}"></td><td><input data-column="own" value="{own}"></td>
<td><output data-row-result="cost-own"></output></td></tr>"""
FIELD = '<input data-column="cost" value="">'
FOOT = "".join(f'<td><output data-total="{name}"></output></td>' for name in ("cost", "own", "cost-own"))


def budget(cost: str) -> str:
    rows = ROW.format(cost=cost, own="100") + ROW.format(cost="0,10", own="")
    return f"<table data-totals><tbody>{rows}</tbody><tfoot><tr>{FOOT}</tr></tfoot></table>"


@pytest.mark.parametrize(
    ("written", "total", "asked"),
    [
        ("1.250,50", "1.250,60\u00a0€", "1.150,60\u00a0€"),
        ("1250,50", "1.250,60\u00a0€", "1.150,60\u00a0€"),
        ("1250.50", "1.250,60\u00a0€", "1.150,60\u00a0€"),
        ("€ 1 250", "1.250,10\u00a0€", "1.150,10\u00a0€"),
        ("1.250", "1.250,10\u00a0€", "1.150,10\u00a0€"),
        ("1250,5", "1.250,60\u00a0€", "1.150,60\u00a0€"),
        ("90071992547409,93", "90.071.992.547.410,03\u00a0€", "90.071.992.547.310,03\u00a0€"),
        ("50", "50,10\u00a0€", "-49,90\u00a0€"),
        ("circa mille", "–", "–"),
        ("1.25.0", "–", "–"),
    ],
)
def test_totals_are_exact_to_the_cent_and_an_unreadable_amount_shows_no_total(page_of, written, total, asked):
    page = page_of(budget(written))
    outputs = {name: page.locator(f'[data-total="{name}"]').text_content() for name in ("cost", "own", "cost-own")}
    assert outputs == {"cost": total, "own": "100,00\u00a0€", "cost-own": asked}


WRITTEN = """100 euro|EUR 5|€ 1 250|1'250|1,250|1.250|1.250,5|1,25|1.25.0|-5|1 250,00|1.250.000|1,250,000|1 250.000|,5|5,|5.|0|007
1.250,505|1.2500|1250.505|12.50,00|1,250.50|1.250.00|circa mille|12 34|9 007 199 254 740 993,01|1234567890123456|.|1.,5|€""".replace(
    "\n", "|"
).split("|")


def test_an_amount_is_read_as_the_server_reads_it(page_of):
    def by_the_server(text: str) -> str:
        try:
            return bando_ui.euro(amounts.cents(text))
        except amounts.Unreadable:
            return "–"

    page = page_of(f"<table data-totals><tbody><tr><td>{FIELD}</td></tr></tbody><tfoot><tr>{FOOT}</tr></tfoot></table>")
    field, total = page.locator("input"), page.locator('[data-total="cost"]')
    read = {}
    for text in WRITTEN:
        field.fill(text)
        read[text] = total.text_content()
    with translation.override("it"):
        expected = {text: by_the_server(text) for text in WRITTEN}
    assert read == expected


@pytest.mark.parametrize(("written", "left_in_the_field"), [("1250.5", "1.250,50"), ("circa mille", "circa mille")])
def test_an_amount_is_tidied_on_leaving_the_field_and_anything_else_stays(page_of, written, left_in_the_field):
    page = page_of(budget(""))
    field = page.locator("input").first
    field.fill(written)
    field.blur()
    assert field.input_value() == left_in_the_field


BY_THE_SCRIPT = """(text) => {
  const field = document.querySelector('input')
  field.value = text
  field.dispatchEvent(new Event('input', { bubbles: true }))
  return document.querySelector('[data-total="cost"]').textContent
}"""
ANYHOW = st.text(alphabet="0123456789.,' \u2019\u00a0\u202f€-eurEURO", max_size=12)
NEARLY = st.from_regex(r"(€ ?)?-?[0-9]{1,3}([.,' ]?[0-9]{3}){0,3}([.,][0-9]{0,3})?( ?€| euro)?", fullmatch=True)


def test_whatever_is_typed_the_script_and_the_server_read_the_same_amount(page_of):
    page = page_of(f"<table data-totals><tbody><tr><td>{FIELD}</td></tr></tbody><tfoot><tr>{FOOT}</tr></tfoot></table>")
    readable = set()

    @settings(max_examples=300, deadline=None)
    @given(ANYHOW | NEARLY)
    def read_alike(text: str) -> None:
        try:
            # An empty field is no amount and counts nothing.
            cents = amounts.cents(text) if text.strip(" \u00a0\u202f") else 0
        except amounts.Unreadable:
            cents = None
        assert page.evaluate(BY_THE_SCRIPT, text) == ("–" if cents is None else bando_ui.euro(cents))
        readable.add(cents is not None)

    with translation.override("it"):
        read_alike()
    assert readable == {True, False}


def drawn(form: BudgetForm) -> str:
    with translation.override("it"):
        return f'<form method="post">{render_to_string("applications/_budget_form.html", {"form": form})}</form>'


PLANS = {
    "right": lines(STAFF, RENT) | lines(HOURS, name="volunteers"),
    "a cent too much": lines(STAFF | {"total": "33.333,35", "own": "8333,33"}, RENT),
    "a cent too little": lines(STAFF | {"own": "2999,99"}, RENT | {"own": "6000,50"}),
    "too many hours": lines(STAFF, RENT) | lines(HOURS | {"hours": "1234,5", "hourly": "18,49"}, name="volunteers"),
    "too dear an hour": lines(STAFF, RENT) | lines(HOURS | {"hourly": "18,51"}, name="volunteers"),
    "overhead": lines(STAFF, RENT | {"item": "indiretti", "total": "2258,07", "own": "0"}),
    "hours alone": lines(HOURS, name="volunteers"),
    "a line that cannot be read": lines(STAFF, RENT | {"total": "circa mille"}),
    "a line without its item": lines(STAFF, RENT | {"item": ""}),
    "own over total": lines(STAFF, RENT | {"own": "99.999"}),
    "nothing": {},
}
SHOWN = """() => ({
  totals: [...document.querySelectorAll('output')].filter((output) => {
    const row = output.closest('[data-row]')
    return !row || [...row.querySelectorAll('input, select')].some((input) => input.value)
  }).map((output) => output.textContent.trim()),
  rules: [...document.querySelectorAll('[data-budget-rules] li')].map((row) => row.textContent.trim().replace(/\\s+/g, ' ')),
})"""


@pytest.mark.parametrize("plan", PLANS)
def test_live_totals_sums_and_rules_are_those_of_the_server(page_of, plan):
    """The same page twice: as the server draws it filled, and drawn blank and filled by hand."""
    wanted = page_of(drawn(plan_form(PLANS[plan]))).evaluate(SHOWN)
    page = page_of(drawn(plan_form({})))
    for name in ("lines", "volunteers"):
        written = {int(key.split("__")[1]) for key in PLANS[plan] if key.startswith(f"{name}__")}
        for _row in range(1, max(written, default=1)):
            page.locator(f"[data-rows]:has([name^={name}__]) [data-rows-add]").click()
    for name, text in PLANS[plan].items():
        control = page.locator(f'[name="{name}"]')
        if control.evaluate("(control) => control.tagName") == "SELECT":
            control.select_option(text)
        else:
            control.fill(text)
    assert page.evaluate(SHOWN) == wanted


def test_totals_and_broken_rules_are_spoken_after_a_pause(page_of):
    page = page_of(drawn(plan_form(lines(STAFF, RENT))))
    status = page.locator("#bando-status")
    page.locator('[name="lines__1__own"]').fill("7499,99")
    page.clock.run_for(900)
    early = status.text_content()
    page.clock.run_for(300)
    assert (early, status.text_content()) == (
        "",
        "Costo totale 54.000,50\u00a0€, contributo richiesto 40.500,01\u00a0€.",
    )


def test_a_line_that_is_added_takes_the_focus_and_is_named_after_its_item(page_of):
    page = page_of(drawn(plan_form(lines(STAFF))))
    page.get_by_role("button", name="Aggiungi riga: voci, costi e contributo").click()
    focused = page.evaluate("document.activeElement.name")
    page.locator(":focus").select_option("sede")
    assert (focused, page.locator('[name="lines__2__total"]').get_attribute("aria-label")) == (
        "lines__2__item",
        "Sede, riga 2: costo totale in euro",
    )


def test_lines_are_added_up_to_the_most_and_no_further(page_of):
    page = page_of(drawn(plan_form(lines(*[STAFF] * (MOST_LINES - 1)))))
    add = page.get_by_role("button", name="Aggiungi riga: voci, costi e contributo")
    add.click()
    assert (page.evaluate("document.activeElement.name"), add.is_visible()) == (f"lines__{MOST_LINES}__item", False)
    assert page.locator("#bando-status").text_content() == f"Hai aggiunto tutte le righe possibili: sono {MOST_LINES}."


def test_a_line_that_is_taken_away_leaves_the_totals_and_gives_the_focus_on(page_of):
    page = page_of(drawn(plan_form(lines(STAFF, RENT))))
    page.get_by_role("button", name="Togli riga 1: voci, costi e contributo").click()
    assert page.evaluate("document.activeElement.name") == "lines__2__item"
    assert page.locator('[data-budget-total="spent"]').text_content() == "24.000,50\u00a0€"
    assert page.locator('[name="lines__1__item"]').is_visible() is False


@pytest.mark.parametrize(
    ("written", "value"), [("2", "37,00\u00a0€"), ("2,5", "46,25\u00a0€"), ("2,25", "–"), ("0", "–"), ("due", "–")]
)
def test_hours_are_valued_while_they_are_written(page_of, written, value):
    page = page_of(drawn(plan_form(lines(HOURS, name="volunteers"))))
    page.locator('[name="volunteers__1__hours"]').fill(written)
    assert page.locator("[data-hours] [data-result]").first.text_content() == value

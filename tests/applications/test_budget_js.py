"""Totals, sums and rules of a budget while it is being written: in a real browser, they are the server's."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation
from playwright.sync_api import Browser, Page

from applications import amounts
from bando.templatetags import bando_ui

SCRIPTS = [Path(settings.BASE_DIR) / "static/js" / name for name in ("bando.js", "answers.js", "budget.js")]


@pytest.fixture
def page_of(chromium: Browser) -> Iterator[Callable[[str], Page]]:
    """``page_of(html)``: a page with that body and the scripts run on it; its clock stands still until told."""
    context = chromium.new_context(locale="it-IT")

    def page_of(body: str) -> Page:
        page = context.new_page()
        page.clock.install(time=0)
        page.clock.pause_at(1000)
        page.set_content(f'<html lang="it"><body>{body}<p role="status" id="bando-status"></p></body></html>')
        for script in SCRIPTS:
            page.add_script_tag(path=script)
        return page

    yield page_of
    context.close()


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

"""The one script of the pages, in a real browser: it says what the server says, and takes nothing away."""

from datetime import timedelta

import pytest
from django import forms
from django.template.loader import render_to_string
from django.utils import translation

from bando.deadlines import rome
from bando.templatetags import bando_ui
from tests.bando.test_bando_ui import REMAINING

SCRIPTS = ["bando.js"]
DEADLINE = rome(2026, 6, 30, 12)


def countdown(left: timedelta) -> str:
    with translation.override("it"):
        return render_to_string("components/countdown.html", {"deadline": DEADLINE, "now": DEADLINE - left})


@pytest.mark.parametrize(("left", "words"), [row for row in REMAINING if row[0] % timedelta(milliseconds=1) == timedelta(0)])
def test_the_countdown_says_what_the_server_says(page_of, left, words):
    said = page_of(countdown(left)).locator("[data-left]").text_content()
    assert said == words[0].upper() + words[1:]


def test_the_countdown_runs_on_the_server_s_moment_to_the_second_and_past_the_end(page_of):
    page = page_of(countdown(timedelta(seconds=2)))
    place, box = page.locator("[data-left]"), page.locator("[data-countdown]")
    said = []
    for _second in range(4):
        said.append((place.text_content(), "is-over" in box.get_attribute("class")))
        page.clock.run_for(1010)
    assert said == [
        ("Mancano 2 secondi", False),
        ("Manca meno di un secondo", False),
        ("Il termine è passato", True),
        ("Il termine è passato", True),
    ]


def test_the_minutes_are_announced_one_by_one_only_near_the_end(page_of):
    page = page_of(countdown(timedelta(minutes=2, seconds=1)))
    status = page.locator("#bando-status")
    before = status.text_content()
    page.clock.run_for(1500)
    assert (before, status.text_content()) == ("", "Mancano 1 minuto e 59 secondi")


class LongText(forms.Form):
    text = forms.CharField(label="Testo", widget=forms.Textarea(attrs={"data-limit": 20}))


@pytest.mark.parametrize("text", ["", "a\nb", "👨‍👩‍👧", "perché è così, città", "x" * 19, "x" * 21, "x" * 30])
def test_the_counter_counts_as_the_server_does(page_of, text):
    with translation.override("it"):
        page = page_of(str(LongText()["text"].as_field_group()))
        page.locator("textarea").fill(text)
        # A browser posts a line break as two characters.
        count = bando_ui.counter(LongText({"text": text.replace("\n", "\r\n")})["text"])
    counter = page.locator("#text-c")
    assert counter.text_content() == count["text"]
    assert ("is-over" in counter.get_attribute("class")) is count["over"]


def test_the_counter_is_spoken_after_a_pause_in_the_typing(page_of):
    with translation.override("it"):
        page = page_of(str(LongText()["text"].as_field_group()))
    status = page.locator("#bando-status")
    page.locator("textarea").fill("Casa")
    page.clock.run_for(900)
    early = status.text_content()
    page.clock.run_for(300)
    assert (early, status.text_content()) == ("", "Puoi scrivere ancora 16 caratteri.")


def test_a_second_click_sends_nothing_and_the_form_can_be_sent_again_later(page_of):
    page = page_of('<form method="post" action="/x"><button type="submit">Invia la domanda</button></form>')
    page.evaluate(
        """() => { window.sent = []
        // Runs after the guard: counts what would leave, and keeps it here.
        const count = (event) => { sent.push(!event.defaultPrevented); event.preventDefault() }
        document.querySelector('form').addEventListener('submit', count) }"""
    )
    button = page.get_by_role("button")
    button.evaluate("(b) => { b.click(); b.click() }")
    disabled = button.get_attribute("aria-disabled")
    page.clock.run_for(15100)
    button.evaluate("(b) => b.click()")
    assert (disabled, page.evaluate("sent")) == ("true", [True, False, True])


def test_the_error_summary_takes_the_focus(page_of):
    with translation.override("it"):
        form = LongText({"text": ""})
        summary = render_to_string("components/error_summary.html", {"form": form})
    page = page_of(summary)
    assert page.evaluate("document.activeElement.getAttribute('aria-labelledby')") == "error-summary-title"


def test_without_the_script_no_button_promises_what_it_cannot_do(chromium):
    page = chromium.new_page()
    page.set_content(render_to_string("components/hash.html", {"value": "ab" * 32, "label": "l'impronta"}))
    assert (page.get_by_role("button").count(), page.locator("code span").count()) == (0, 8)
    page.close()

"""The page that computes a ranking again: hundreds of random rankings, whole and tampered with, have in Chromium the verdicts that
``bin/verify_ranking`` gives; and how a person meets it."""

from __future__ import annotations

import copy
import json
import logging
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.builders_evaluation import admitted, commission, mark_all, published, same, small_call
from tests.evaluation.random_rankings import random_ranking
from tests.journeys.conftest import too_wide
from tests.journeys.test_keyboard import tab_to
from tests.test_verify_ranking import CALLS, another, at, changed, leaves, program, small
from workflow.ledger import canonical

PLAYED = CALLS // 8

IN_A_WORKER = """
async (texts) => {
  const worker = new Worker(document.querySelector('[data-verify]').dataset.worker)
  const verdicts = []
  for (const text of texts) {
    const bytes = new TextEncoder().encode(text).buffer
    const { result } = await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => { if (data.result) resolve(data) }
      worker.onerror = (event) => reject(new Error(event.message))
      worker.postMessage({ bytes }, [bytes])
    })
    verdicts.push(result.unreadable || {
      differences: result.differences.map(({ where, why }) => [where, why || null]),
      numbers: result.numbers,
      order: result.order.map(({ application }) => application),
      sha256: result.sha256
    })
  }
  worker.terminate()
  return verdicts
}
"""


def verdict(text: str) -> Any:
    """What the program says, in the shape of what the page's script says."""
    module, content = program(), text.encode()
    try:
        calculation = module.Calculation(module.load(content))
        found = calculation.differences()
    except module.Unreadable as problem:
        return list(problem.words)
    return {
        "differences": [[list(one.where), None if one.why is None else list(one.why)] for one in found],
        "numbers": calculation.numbers,
        "order": calculation.order,
        "sha256": module.hashlib.sha256(content).hexdigest(),
    }


def in_the_page(page: Page, texts: list[str]) -> list[Any]:
    """A hundred at a time, so that no message is huge."""
    return [
        verdict for start in range(0, len(texts), 100) for verdict in page.evaluate(IN_A_WORKER, texts[start : start + 100])
    ]


def tampered(document: dict[str, Any], random: Random) -> dict[str, Any]:
    """With another order, without a row, or with another value somewhere."""
    again, way = copy.deepcopy(document), random.choice(list(leaves(document)))
    match random.randrange(6):
        case 0 if len(again["rows"]) > 1:
            again["rows"].reverse()
        case 1 if again["rows"]:
            again["rows"].pop(random.randrange(len(again["rows"])))
        case _:
            value = at(document, way)
            # The schema is text that anybody may write; a number there is told by both in their own manner.
            again = changed(document, way, another(value, random))
    return again


def test_random_rankings_have_the_same_verdict_in_the_page_and_in_the_program(page_at, live_server) -> None:
    page = page_at(1280)
    page.goto(reverse("ranking_check"))
    texts = []
    for seed in range(PLAYED):
        document = json.loads(canonical(random_ranking(Random(seed))[0]))
        texts += [canonical(document), canonical(tampered(document, Random(seed)))]
    expected = [verdict(text) for text in texts]
    assert in_the_page(page, texts) == expected
    whole, others = expected[::2], expected[1::2]
    assert [one["differences"] for one in whole] == [[]] * PLAYED
    told = sum(isinstance(one, list) or bool(one["differences"]) for one in others)
    logging.getLogger(__name__).info("%s random rankings played in the page; of as many tampered with, %s told", PLAYED, told)
    assert told > PLAYED // 2


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 0.5}',
        '{"a": 1e400}',
        '{"a": 1234567890123456}',
        '{"a": {"b": 1, "b": 1}}',
        '{"__proto__": 1, "__proto__": 2}',
        "[]",
        "{}",
        '{"schema": "bando/ranking/2", "constructor": 1}',
        json.dumps(changed(small(), ("rows", 0, "marks", "A", 0), "00.8")),
        json.dumps(changed(small(), ("rows", 0, "application"), "D-\U0001f333\uffff")),
        json.dumps(changed(small(), ("rows", 0, "explanation", "constructor"), {"a": []})),
        json.dumps(changed(small(), ("seats",), -0)),
    ],
)
def test_odd_json_has_the_same_verdict_too(page_at, live_server, text: str) -> None:
    page = page_at(1280)
    page.goto(reverse("ranking_check"))
    assert in_the_page(page, [text]) == [verdict(text)]


@pytest.mark.parametrize(
    "text", ["", "{", "nul", '"\\u12"', '{"a" 1}', "[1,]", '{"a":1,}', "{} x", '"\x01"', "[01]", "[" * 9999]
)
def test_what_is_not_json_is_refused_by_both(page_at, live_server, text: str) -> None:
    page = page_at(1280)
    page.goto(reverse("ranking_check"))
    assert [type(one) for one in [*in_the_page(page, [text]), verdict(text)]] == [list, list]


# As a person meets it


def looked_at(page: Page, axe_clean: Callable[[Page], None]) -> None:
    """At 320 and 1280 px axe finds nothing and nothing makes the page scroll sideways."""
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        axe_clean(page)
        assert too_wide(page) == []


def a_ranking() -> Any:
    call = small_call()
    made = {name: admitted(call, name=f"Ente {name}", title=f"Progetto {name}") for name in "AB"}
    mark_all(commission(call), {made["A"]: same(["ottimo"] * 3), made["B"]: same(["buono"] * 3)})
    published(call)
    return call


def test_from_a_ranking_the_published_file_is_computed_again_and_told(page_at, axe_clean, live_server) -> None:
    page = page_at(1280)
    page.goto(reverse("ranking_check", args=[a_ranking().slug, "area-1"]))
    results = page.locator("[data-results]")
    expect(results.locator(".alert-success")).to_contain_text("I conti tornano")
    expect(results).to_contain_text("Sono tutti uguali, e l'ordine è lo stesso.")
    expect(results).to_contain_text("È quella che abbiamo pubblicato.")
    expect(page.locator("#bando-status")).to_contain_text("I conti tornano")
    assert page.locator("[data-results] tbody th").all_inner_texts()[0].startswith("Ente A")
    looked_at(page, axe_clean)


def test_a_file_chosen_with_the_keyboard_says_which_row_differs(page_at, axe_clean, live_server, tmp_path: Path) -> None:
    file = tmp_path / "g.json"
    file.write_text(json.dumps(changed(small(), ("rows", 0, "total", "published"), "51.01")))
    page = page_at(1280)
    # Listening before the page is there: a browser that is told only at the press may open its own window instead.
    page.on("filechooser", lambda chooser: chooser.set_files(file))
    page.goto(reverse("ranking_check"))
    tab_to(page, page.locator("#ranking-file"))
    page.keyboard.press("Enter")
    results = page.locator("[data-results]")
    expect(results.locator(".alert-danger")).to_contain_text("Differenze: 1.")
    assert results.locator("li").all_inner_texts() == [
        "Domanda D-2, totale, cifra pubblicata: il file dice 51.01, il calcolo dà 51.00."
    ]
    assert [
        cells[-1]
        for cells in page.eval_on_selector_all("tbody tr", "rows => rows.map(r => [...r.cells].map(c => c.innerText))")
    ] == [
        "diversi",
        "uguali",
    ]
    looked_at(page, axe_clean)


def test_another_file_after_it_is_told_by_itself(page_at, live_server, tmp_path: Path) -> None:
    page = page_at(1280)
    page.goto(reverse("ranking_check"))
    for content, title in (("{}", "Non posso rifare questi conti"), (canonical(small()), "I conti tornano")):
        file = tmp_path / f"{len(content)}.json"
        file.write_text(content)
        page.set_input_files("#ranking-file", file)
        expect(page.locator("[data-results] .alert strong")).to_have_text(title)


def test_a_long_ranking_is_shown_in_parts(page_at, live_server, tmp_path: Path) -> None:
    """Rows below a threshold, so that each stands by itself."""
    document = small()
    document["grid"]["threshold"] = "60"
    below = {"on": "total", "code": "", "points": {"exact": "45", "published": "45.00"}, "threshold": "60"}
    explanation = {"behind": None, "ahead": None, "places": None, "below": [below]}
    model = document["rows"][1] | {"position": None, "outcome": "below_threshold", "explanation": explanation}
    document["rows"] = [model | {"application": f"D-{number:03}"} for number in range(350)]
    document["unfilled"] = 1
    file = tmp_path / "g.json"
    file.write_text(canonical(document))
    page = page_at(1280)
    page.goto(reverse("ranking_check"))
    page.set_input_files("#ranking-file", file)
    expect(page.locator("[data-results] .alert strong")).to_have_text("I conti tornano")
    assert page.locator("tbody tr").count() == 200
    page.get_by_role("button", name="Mostra altre 150").click()
    assert page.locator("tbody tr").count() == 350
    assert page.evaluate("document.activeElement.innerText").startswith("Ente D-1\nD-200")


def test_a_published_file_that_does_not_arrive_is_said(page_at, live_server) -> None:
    call = a_ranking()
    page = page_at(1280)
    page.route("**/graduatoria.json", lambda route: route.fulfill(status=503))
    page.goto(reverse("ranking_check", args=[call.slug, "area-1"]))
    expect(page.locator("[data-results] .alert")).to_contain_text("Il file non arriva.")


def test_without_scripts_the_page_explains_the_program(page_at, live_server) -> None:
    page = page_at(1280, javascript=False)
    page.goto(reverse("ranking_check"))
    expect(page.locator("noscript p")).to_be_visible()
    expect(page.locator("[data-verify]")).to_be_hidden()
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="Programma che rifà i conti").click()
    assert downloaded.value.suggested_filename == "verify_ranking.py"

"""What everybody reads of a sample, and how a stranger draws it again."""

import hashlib
import json
import re
import subprocess
from html import unescape

import pytest
from django.urls import reverse

from network.actions import cancel_sample, draw_sample
from network.actions.checks import add_for_a_doubt
from network.models import CheckPlan
from network.rules.checks import not_drawn
from network.sampling import Rule, drawn
from tests.builders import official
from tests.builders_checks import AT, DUE_ON, VALUE, VALUE_AT, all_checked, call_with_declarations, chosen, sampled
from tests.builders_evaluation import admitted, commission, mark_all, published, same, small_call
from tests.clock import arriving
from tests.pages import data_files, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return official()


@pytest.fixture
def call():
    return call_with_declarations()


def ask(client, name, *args, at=AT):
    with arriving(at):
        return client.get(reverse(name, args=args))


@pytest.mark.parametrize(
    "rule", [Rule(20, 5, each_proposal=False), Rule(20, 5, each_proposal=True), Rule(1, 1, each_proposal=True)]
)
@pytest.mark.parametrize("value", [VALUE, "l'1 e il 2"])
def test_a_stranger_draws_the_sample_again_with_the_command_of_the_page(client, call, office, tmp_path, rule, value):
    for _n in range(4):
        chosen(call, bodies=3, name="Aurora")
    plan = sampled(call, rule=rule, source='Lotto, "population":["A/1/b"], ruota di Milano')
    draw_sample(plan, value=value, by=office, at=VALUE_AT)
    shown = ask(client, "sample", plan.pk)
    page = shown.content.decode()
    assert ("Aurora" in page, plan.sha256[:8] in page) == (False, True)
    own = f"/rete/campioni/{plan.pk}/"
    assert data_files(shown) == [("application/json", f"{own}campione.json"), ("application/json", f"{own}controlli.json")]
    file = ask(client, "sample_json", plan.pk)
    assert hashlib.sha256(file.content).hexdigest() == plan.sha256
    name = re.search(r'filename="([^"]+)"', file["Content-Disposition"])[1]
    (tmp_path / name).write_bytes(file.content)
    command = unescape(re.search(r'<pre class="bando-code"[^>]*><code[^>]*>(.*?)</code>', page, re.DOTALL)[1])
    done = subprocess.run(["/bin/sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=True)
    lines = [line.split("  ") for line in done.stdout.splitlines()]
    table = re.findall(r'<th scope="row" class="mono text-break">([^<]+)</th><td class="mono text-break">(\w+)</td>', page)
    assert [(identifier, hash_) for hash_, identifier in lines] == table
    rows = plan.checks.select_related("application")
    assert {identifier for _hash, identifier in lines} == {f"{row.application.number}/{row.ordinal}/{row.code}" for row in rows}
    assert len(lines) == plan.size == json.loads(file.content)["size"]


def test_a_sample_is_public_before_its_value_and_after_it_was_given_up(client, call, office):
    chosen(call)
    plan = sampled(call)
    assert "Al posto dei puntini va il valore" in text(ask(client, "sample", plan.pk))
    cancel_sample(plan, by=office, at=AT, reason="La fonte non pubblica più.")
    page = text(ask(client, "sample", plan.pk))
    assert "Campione abbandonato" in page
    assert "La fonte non pubblica più." in page


def test_where_all_are_checked_there_is_no_sample(client, call):
    chosen(call)
    plan = all_checked(call)
    assert [ask(client, "sample", plan.pk).status_code, ask(client, "sample_json", plan.pk).status_code] == [404, 404]


@pytest.mark.parametrize("proposals", [1, 10])
def test_a_sample_asks_the_database_as_little_whatever_its_size(client, call, office, proposals, django_assert_num_queries):
    for _n in range(proposals):
        chosen(call)
    plan = sampled(call, rule=Rule(100, 1, each_proposal=False))
    draw_sample(plan, value=VALUE, by=office, at=VALUE_AT)
    with django_assert_num_queries(3):
        ask(client, "sample", plan.pk)


def test_what_was_added_for_a_doubt_is_published_apart_and_not_which(client, call, office):
    for _n in range(2):
        chosen(call)
    plan = sampled(call, rule=Rule(1, 1, each_proposal=False))
    before = ask(client, "sample_json", plan.pk).content
    assert json.loads(ask(client, "sample_checks_json", plan.pk).content)["drawn"] == []
    draw_sample(plan, value=VALUE, by=office, at=VALUE_AT)
    assert "Oltre al campione" not in text(ask(client, "sample", plan.pk))
    doubted = next(iter(not_drawn(plan)))
    add_for_a_doubt(plan, doubted, reason="Il signor Bianchi la smentisce.", by=office, at=VALUE_AT)
    page = text(ask(client, "sample", plan.pk))
    said = "L'ufficio controlla anche 1 dichiarazione che nessuno ha sorteggiato"
    assert (said in page, "Bianchi" in page) == (True, False)
    assert ask(client, "sample_json", plan.pk).content == before
    stated = json.loads(ask(client, "sample_checks_json", plan.pk).content)
    assert stated["drawn"] == [one.identifier for one in drawn(plan.population, VALUE)]
    assert (stated["added_for_a_doubt"], stated["sample_sha256"]) == ([{"at": "2021-12-13T08:00:00.000000Z"}], plan.sha256)


def test_everybody_finds_the_sample_on_the_page_of_the_ranking(client):
    call = small_call(places=1)
    mark_all(commission(call), {admitted(call, name="Prima"): same(["ottimo", "ottimo", "ottimo"])})
    published(call)
    facts = {"call": call, "area_code": "area-1", "size": 1, "due_on": DUE_ON, "made_at": AT}
    CheckPlan.objects.create(number=1, scope="all", state="open", **facts)
    page = ask(client, "ranking", "prova", "area-1")
    assert "controlla a campione" not in text(page)
    sample = CheckPlan.objects.create(number=2, scope="sample", source="Lotto", value_at=VALUE_AT, **facts)
    page = ask(client, "ranking", "prova", "area-1")
    assert "leggi il campione n. 2 e rifai il sorteggio" in text(page)
    assert f'href="{reverse("sample", args=[sample.pk])}"' in page.content.decode()

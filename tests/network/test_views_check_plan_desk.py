"""The checks of an area at the desk: what is verified, and how far it is."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from evaluation.actions import renounce
from network.actions import (
    close_checks,
    confirm_declarations,
    draw_sample,
    find_false,
    find_irregular,
)
from network.models import CheckPlan
from network.overview import of_the_office
from network.sampling import Rule
from tests.builders import official
from tests.builders_checks import (
    AT,
    DUE_ON,
    TERM,
    VALUE,
    VALUE_AT,
    all_checked,
    call_with_declarations,
    chosen,
    one_of,
    sampled,
)
from tests.pages import text
from tests.pages_checks import DESK, ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return official()


@pytest.fixture
def call():
    return call_with_declarations()


def sample_of(**changes):
    typed = {
        "scope": "sample",
        "percent": "10",
        "minimum": "5",
        "each_proposal": "on",
        "source": "Lotto",
        "value_day": "13/12/2021",
        "value_time": "20:00",
        "due_day": "31/01/2022",
    }
    return {f"plan-{name}": value for name, value in {**typed, **changes}.items()}


def test_without_any_plan_the_desk_warns_and_offers_to_begin(client, call, office):
    row = chosen(call)
    client.force_login(office)
    page = text(ask(client, "desk_checks", *DESK))
    assert "Nessuno controlla ancora le dichiarazioni delle proposte selezionate" in page
    assert f"{row.number} {row.organisation}" in page


def test_where_nobody_is_selected_the_desk_says_what_comes_first(client, call, office):
    client.force_login(office)
    page = text(ask(client, "desk_checks", *DESK))
    assert "prima si pubblica la graduatoria definitiva" in page
    assert "Nessuno controlla ancora" not in page


def test_the_size_is_counted_before_anything_begins_and_what_was_typed_stays(client, call, office):
    for _n in range(4):
        chosen(call, bodies=3)
    client.force_login(office)
    typed = sample_of(percent="30", minimum="2", source="", value_day="", due_day="")
    answer = ask(client, "desk_checks", *DESK, preview="1", **typed)
    assert (answer.status_code, CheckPlan.objects.count()) == (200, 0)
    assert "9 dichiarazioni da controllare su 28, di 4 proposte." in text(answer)
    assert 'value="30"' in answer.content.decode()
    assert "Scrivi" not in text(answer)
    everything = ask(client, "desk_checks", *DESK, preview="1", **{"plan-scope": "all"})
    assert "28 dichiarazioni da controllare su 28" in text(everything)


def test_the_office_begins_on_all_of_them(client, call, office):
    chosen(call)
    client.force_login(office)
    answer = ask(client, "desk_checks", *DESK, begin="1", **{"plan-scope": "all", "plan-due_day": "31/01/2022"})
    assert (answer.status_code, answer.url) == (302, reverse("desk_checks", args=DESK))
    plan = CheckPlan.objects.get()
    assert (plan.scope, plan.state, plan.due_on) == ("all", "open", DUE_ON)
    assert "0 controlli conclusi su 3" in text(ask(client, "desk_checks", *DESK))


def test_the_office_commits_a_sample_and_draws_it_when_the_value_is_public(client, call, office):
    for _n in range(3):
        chosen(call, bodies=2)
    client.force_login(office)
    ask(client, "desk_checks", *DESK, begin="1", **sample_of())
    plan = CheckPlan.objects.get()
    assert (plan.scope, plan.state, plan.size) == ("sample", "committed", 5)
    before = ask(client, "desk_checks", *DESK).content.decode()
    after = ask(client, "desk_checks", *DESK, at=plan.value_at).content.decode()
    assert ('name="draw"' in before, 'name="cancel"' in before) == (False, True)
    assert ('name="draw"' in after, 'name="cancel"' in after) == (True, False)
    typed = {"plan": plan.pk, "draw": "1", "draw-value": VALUE}
    wrong = ask(client, "desk_checks", *DESK, at=plan.value_at, **typed, **{"draw-again": "1 2 3"})
    assert "I due valori sono diversi" in text(wrong)
    right = ask(client, "desk_checks", *DESK, at=plan.value_at, **typed, **{"draw-again": VALUE})
    assert (right.status_code, plan.checks.count()) == (302, 5)


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"source": ""}, 200, "Scrivi quale valore pubblico decide il sorteggio."),
        ({"value_day": ""}, 200, "Scrivi il giorno da cui il valore è pubblico."),
        ({"percent": ""}, 200, "Scrivi la percentuale, da 1 a 100."),
        ({"minimum": ""}, 200, "Scrivi almeno quante dichiarazioni, per esempio 5."),
        ({"due_day": ""}, 200, "Scrivi il giorno entro cui pensi di concludere i controlli."),
        ({"percent": "101"}, 200, "100"),
        ({"value_day": "10/12/2021", "value_time": "9:30"}, 409, "almeno un'ora più avanti"),
        ({}, 302, ""),
    ],
)
def test_what_is_wrong_with_a_sample_is_said(client, call, office, changes, status, words):
    chosen(call)
    client.force_login(office)
    answer = ask(client, "desk_checks", *DESK, begin="1", **sample_of(**changes))
    assert (answer.status_code, CheckPlan.objects.count()) == (status, 1 if status == 302 else 0)
    if words:
        assert words in text(answer)
        assert changes.get("value_day", "13/12/2021") in answer.content.decode()


@pytest.mark.parametrize(("at", "expected"), [(AT, "cancelled"), (VALUE_AT, "committed")])
def test_a_sample_is_given_up_from_the_desk_with_a_reason(client, call, office, at, expected):
    chosen(call)
    plan = sampled(call)
    client.force_login(office)
    answer = ask(
        client, "desk_checks", *DESK, at=at, plan=plan.pk, cancel="1", **{"cancel-reason": "La fonte non pubblica più."}
    )
    assert (answer.status_code, CheckPlan.objects.get().state) == (302 if expected == "cancelled" else 409, expected)


def test_who_came_in_later_is_added_with_one_press(client, call, office):
    chosen(call)
    plan = all_checked(call)
    client.force_login(office)
    assert 'name="add"' not in ask(client, "desk_checks", *DESK).content.decode()
    chosen(call)
    assert 'name="add"' in ask(client, "desk_checks", *DESK).content.decode()
    ask(client, "desk_checks", *DESK, plan=plan.pk, add="1")
    assert plan.checks.count() == 6


def test_after_a_sample_the_desk_offers_another_for_who_came_in(client, call, office):
    chosen(call)
    draw_sample(sampled(call), value=VALUE, by=office, at=VALUE_AT)
    client.force_login(office)
    assert "Proposte selezionate dopo" not in text(ask(client, "desk_checks", *DESK, at=VALUE_AT))
    late = chosen(call)
    page = text(ask(client, "desk_checks", *DESK, at=VALUE_AT))
    assert f"Proposte selezionate dopo Si controllano le dichiarazioni di queste proposte: {late.number}" in page


def test_many_are_confirmed_with_one_press(client, call, office):
    chosen(call)
    plan = all_checked(call)
    client.force_login(office)
    keys = list(plan.checks.values_list("pk", flat=True))
    ask(client, "desk_checks", *DESK, confirm="1", check=keys[:2])
    assert "2 controlli conclusi su 3" in text(ask(client, "desk_checks", *DESK))
    again = ask(client, "desk_checks", *DESK, confirm="1", check=keys)
    assert (again.status_code, "lo stato è «Confermata»" in text(again)) == (409, True)
    nothing = ask(client, "desk_checks", *DESK, confirm="1", check=["", "x"])
    assert (nothing.status_code, "Scegli almeno una dichiarazione da confermare." in text(nothing)) == (409, True)


def test_the_checks_end_and_begin_again_from_the_desk(client, call, office):
    chosen(call)
    plan = all_checked(call)
    client.force_login(office)
    assert "Manca l'esito di 3 controlli" in text(ask(client, "desk_checks", *DESK))
    ask(client, "desk_checks", *DESK, confirm="1", check=list(plan.checks.values_list("pk", flat=True)))
    ask(client, "desk_checks", *DESK, plan=plan.pk, close="1")
    assert CheckPlan.objects.get().state == "closed"
    ask(client, "desk_checks", *DESK, plan=plan.pk, reopen="1", **{"reopen-reason": "Un dubbio."})
    assert CheckPlan.objects.get().state == "open"


def test_the_terms_that_are_past_or_near_come_first_and_a_state_is_chosen(client, call, office):
    row = chosen(call)
    plan = all_checked(call)
    far, near = one_of(plan, row, "penale"), one_of(plan, row, "sede")
    find_irregular(far, due_at=TERM + timedelta(days=20), reason="Manca.", by=office, at=AT)
    find_irregular(near, due_at=TERM, reason="Manca.", by=office, at=AT)
    client.force_login(office)
    page = text(ask(client, "desk_checks", *DESK, at=TERM + timedelta(hours=1)))
    assert [page.index(title) for title in ("La sede è", "Nessuna condanna", "Iscrizione al registro")] == sorted(
        page.index(title) for title in ("La sede è", "Nessuna condanna", "Iscrizione al registro")
    )
    assert (page.count("Passato"), page.count(" Vicino")) == (1, 0)
    only = text(ask(client, "desk_checks", *DESK, query="?stato=to_do"))
    assert ("Iscrizione al registro" in only, "La sede è disponibile" in only) == (True, False)


@pytest.mark.parametrize(("left", "words"), [(timedelta(days=3), "Vicino"), (timedelta(days=3, seconds=1), "–")])
def test_a_term_is_near_three_days_before_its_end(client, call, office, left, words):
    row = chosen(call)
    check = one_of(all_checked(call), row)
    find_irregular(check, due_at=TERM, reason="Manca.", by=office, at=AT)
    client.force_login(office)
    shown = ask(client, "desk_checks", *DESK, at=TERM - left).content.decode()
    assert ("Vicino" in shown) is (words == "Vicino")


def test_what_a_plan_does_not_know_is_no_page(client, call, office):
    chosen(call)
    plan = all_checked(call)
    client.force_login(office)
    assert ask(client, "desk_checks", *DESK, plan=plan.pk, burn="1").status_code == 404
    assert ask(client, "desk_checks", *DESK, plan="x", close="1").status_code == 404
    assert ask(client, "desk_checks", "prova", "area-9").status_code == 404
    assert ask(client, "desk_check", plan.checks.first().pk, burn="1").status_code == 404


def test_the_office_finds_every_area_with_checks_what_is_open_first(client, call, office):
    client.force_login(office)
    assert "Nessun controllo è cominciato." in text(ask(client, "desk_check_areas"))
    assert next(task for group in of_the_office(AT) for task in group["tasks"])["hint"] == ""
    other = call_with_declarations(slug="altro")
    for each in (call, other):
        chosen(each)
        all_checked(each)
    assert next(task for group in of_the_office(AT) for task in group["tasks"]) == {
        "label": "Controlli delle dichiarazioni",
        "url": reverse("desk_check_areas"),
        "waits": True,
        "hint": "2 aree con controlli in corso",
    }
    done = CheckPlan.objects.get(call=call)
    confirm_declarations([done], done.checks.values_list("pk", flat=True), by=office, at=AT)
    assert "Tutti hanno un esito: chiudili" in text(ask(client, "desk_check_areas"))
    close_checks(done, by=office, at=AT)
    page = ask(client, "desk_check_areas")
    assert ("3 da concludere su 3" in text(page), "Conclusi" in text(page)) == (True, True)
    ways = re.findall(r'<th scope="row"><a href="([^"]+)"', page.content.decode())
    assert ways == [reverse("desk_checks", args=[slug, "area-1"]) for slug in ("altro", "prova")]


def test_a_declaration_that_was_not_drawn_is_added_for_a_doubt_and_shown_apart(client, call, office):
    rows = [chosen(call), chosen(call)]
    plan = sampled(call, rule=Rule(1, 1, each_proposal=False))
    draw_sample(plan, value=VALUE, by=office, at=VALUE_AT)
    client.force_login(office)
    page = ask(client, "desk_checks", *DESK, at=VALUE_AT).content.decode()
    offered = re.findall(r'<option value="([^"]+/1/[a-z]+)"', page)
    assert (len(offered), "Per un dubbio" in page) == (6 - 1, False)
    typed = {"plan": plan.pk, "doubt": "1", "doubt-declaration": offered[0], "doubt-reason": ""}
    again = ask(client, "desk_checks", *DESK, at=VALUE_AT, **typed)
    assert "Scrivi da che cosa nasce il dubbio." in text(again)
    assert plan.checks.count() == 1
    done = ask(client, "desk_checks", *DESK, at=VALUE_AT, **{**typed, "doubt-reason": "Una lettera la smentisce."})
    assert done.status_code == 302
    check = plan.checks.doubted().get()
    assert f"{check.application.number}/1/{check.code}" == offered[0]
    shown = text(ask(client, "desk_checks", *DESK, at=VALUE_AT, query="?stato=dubbio"))
    assert ("Per un dubbio (1)" in shown, "Tutte (2)" in shown, check.title in shown) == (True, True, True)
    page = text(ask(client, "desk_check", check.pk, at=VALUE_AT))
    assert ("Una lettera la smentisce." in page, str(office) in page) == (True, True)
    client.force_login(next(row for row in rows if row.pk == check.application_id).created_by)
    page = text(ask(client, "check", check.pk, at=VALUE_AT))
    assert ("Una lettera" in page, check.title in page) == (False, True)


@pytest.mark.parametrize("proposals", [1, 10])
def test_confirming_and_letting_go_cost_the_same_for_one_and_for_many(
    client, call, office, proposals, django_assert_num_queries
):
    first = chosen(call, bodies=proposals)
    plan = all_checked(call)
    find_false(one_of(plan, first), reason="Non risulta.", by=office, at=AT)
    client.force_login(office)
    keys = list(plan.checks.filter(state="to_do").values_list("pk", flat=True))
    with django_assert_num_queries(15):
        ask(client, "desk_checks", *DESK, confirm="1", check=keys[: len(keys) // 2 or 1])
    with django_assert_num_queries(19):
        renounce(first, by=office, at=AT, reason="PEC.")

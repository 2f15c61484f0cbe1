"""The declarations of who was selected: all or a sample, each with its outcome, and what follows from it."""

import json
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from applications.models import Application
from applications.states import ApplicationState
from bando.deadlines import end_of_day
from bando.models import Call
from bando.states import CallState
from documents.uploads import keep
from evaluation.actions import forfeit, renounce
from network.actions import (
    add_to_checks,
    ask_authority,
    cancel_sample,
    check_again,
    close_checks,
    confirm_declaration,
    confirm_declarations,
    correct_sample,
    draw_sample,
    find_false,
    find_irregular,
    reopen_checks,
    reply_to_check,
)
from network.actions.checks import add_for_a_doubt, rule_in_words, size_of
from network.models import CheckPlan, CheckReply, DeclarationCheck
from network.rules.checks import declarations_of, not_drawn, selected
from network.sampling import Rule, committed, drawn
from tests.builders import official, person, small_pdf
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
from tests.builders_evaluation import small_call
from tests.history import history
from tests.together import together
from workflow.ledger import digest
from workflow.models import LedgerEntry
from workflow.transition import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    return call_with_declarations()


@pytest.fixture
def office():
    return official()


def refusal(act, *args, **kwargs):
    with pytest.raises(Refused) as refused, transaction.atomic():
        act(*args, **kwargs)
    return refused.value.reasons


def states(plan):
    return sorted(plan.checks.values_list("state", flat=True))


def document(by):
    return keep(small_pdf("Risposta"), name="risposta.pdf", media_type="application/pdf", by=by, at=AT)


# --- which declarations -------------------------------------------------------------------------------------------------


def test_each_body_declares_for_itself_and_the_lead_alone_what_is_asked_of_no_other(call):
    row = Application.objects.with_call().get(pk=chosen(call, bodies=2).pk)
    bodies = [member.organisation_id for member in row.participants.order_by("-is_lead")]
    assert [(one.identifier, bodies.index(body)) for one, (_requirement, body) in declarations_of(row).items()] == [
        (f"{row.number}/1/registro", 0),
        (f"{row.number}/1/penale", 0),
        (f"{row.number}/1/sede", 0),
        (f"{row.number}/2/registro", 1),
        (f"{row.number}/2/penale", 1),
    ]


def test_who_left_a_group_declares_nothing_in_it(call):
    row = chosen(call, bodies=3)
    row.participants.filter(is_lead=False).update(left_at=AT)
    assert len(declarations_of(Application.objects.with_call().get(pk=row.pk))) == 3


# --- all of them --------------------------------------------------------------------------------------------------------


def test_all_the_declarations_of_those_selected_are_to_be_checked_at_once(call, office):
    first, second = chosen(call, bodies=2), chosen(call)
    waiting = chosen(call)
    Application.objects.filter(pk=waiting.pk).update(state=ApplicationState.WAITING)
    plan = all_checked(call, by=office)
    assert (plan.state, plan.size, plan.sha256) == ("open", 8, digest(plan.population))
    assert [(one.application, one.body, one.requirement) for one in committed(plan.population)] == sorted(
        plan.checks.values_list("application__number", "ordinal", "code")
    )
    assert set(plan.checks.values_list("application", flat=True)) == {first.pk, second.pk}
    assert set(states(plan)) == {"to_do"}
    assert plan.checks.get(application=second, code="sede").title == "La sede è disponibile"


def test_there_is_nothing_to_check_before_somebody_is_selected(call):
    assert refusal(all_checked, call) == [
        "In quest'area non c'è ancora nessuna proposta selezionata: prima si pubblica la graduatoria definitiva."
    ]


def test_there_is_nothing_to_check_where_nothing_is_declared():
    call = small_call()
    chosen(call)
    assert refusal(all_checked, call) == ["L'avviso non chiede dichiarazioni in quest'area: non c'è niente da controllare qui."]


def test_what_is_in_the_checks_is_not_listed_again(call):
    chosen(call)
    all_checked(call)
    again = ["Le dichiarazioni delle proposte selezionate sono già tutte nei controlli."]
    assert (refusal(all_checked, call), refusal(sampled, call)) == (again, again)


def test_a_revoked_call_has_nothing_to_check(call):
    chosen(call)
    Call.objects.filter(pk=call.pk).update(state=CallState.REVOKED)
    assert refusal(all_checked, Call.objects.with_notice().get()) == [
        "L'avviso è «Revocato»: non c'è più niente da controllare."
    ]


def test_checks_are_of_the_office(call):
    chosen(call)
    stranger = person()
    assert refusal(all_checked, call, by=stranger) == ["Lo può fare solo chi lavora nell'ufficio."]
    check = one_of(all_checked(call))
    assert refusal(confirm_declaration, check, by=stranger, at=AT) == ["Lo può fare solo chi lavora nell'ufficio."]


def test_who_comes_in_later_is_added_to_the_checks_by_an_act(call, office):
    chosen(call)
    plan = all_checked(call, by=office)
    before = plan.sha256
    assert refusal(add_to_checks, plan, by=office, at=AT) == [
        "Le dichiarazioni delle proposte selezionate sono già tutte nei controlli."
    ]
    confirm_declarations([plan], list(plan.checks.values_list("pk", flat=True)), by=office, at=AT)
    close_checks(plan, by=office, at=AT)
    late = chosen(call)
    step = add_to_checks(plan, by=office, at=AT + timedelta(days=1))
    plan.refresh_from_db()
    assert (plan.state, plan.size, plan.sha256 != before) == ("open", 6, True)
    assert set(plan.checks.filter(state="to_do").values_list("application", flat=True)) == {late.pk}
    assert step.facts == {"applications": [late.number], "sha256": digest(plan.population), "size": 6}


# --- a sample -----------------------------------------------------------------------------------------------------------


def test_a_sample_is_committed_with_its_hash_before_the_value_is_known(call):
    rows = [chosen(call, bodies=2) for _n in range(3)]
    plan = sampled(call)
    stated = json.loads(plan.population)
    assert (plan.state, plan.size, plan.sha256, plan.value) == ("committed", 5, digest(plan.population), "")
    assert {one.application for one in committed(plan.population)} == {row.number for row in rows}
    assert (len(stated["population"]), stated["size"], stated["number"]) == (15, 5, 1)
    assert plan.rule == "10 % delle dichiarazioni, arrotondato in su; almeno 5 dichiarazioni; almeno una per ogni domanda"
    assert plan.sha256 in LedgerEntry.objects.get(kind="network.checkplan", act="commit").content
    assert plan.checks.count() == 0


def test_the_rule_is_said_as_it_is():
    assert (
        rule_in_words(Rule(25, 1, each_proposal=False)) == "25 % delle dichiarazioni, arrotondato in su; almeno 1 dichiarazione"
    )


def test_the_value_draws_whom_anybody_computes(call, office):
    for _n in range(3):
        chosen(call, bodies=2)
    plan = sampled(call, by=office)
    draw_sample(plan, value=f" {VALUE}\n", by=office, at=VALUE_AT)
    plan.refresh_from_db()
    assert (plan.state, plan.value, plan.drawn_at) == ("open", VALUE, VALUE_AT)
    found = {(row.application.number, row.ordinal, row.code) for row in plan.checks.select_related("application")}
    assert found == set(drawn(plan.population, VALUE))
    assert len(found) == 5


def test_the_preview_says_what_a_plan_would_hold(call):
    for _n in range(3):
        chosen(call, bodies=2)
    assert size_of(call, "area-1", None) == (15, 15, 3)
    assert size_of(call, "area-1", Rule(40, 1, each_proposal=False)) == (6, 15, 3)
    sampled(call)
    assert size_of(call, "area-1", None) == (0, 0, 0)


@pytest.mark.parametrize(
    ("ahead", "reasons"),
    [
        (timedelta(hours=1), None),
        (
            timedelta(minutes=59, seconds=59),
            ["Il valore dev'essere ancora sconosciuto: scegli un momento almeno un'ora più avanti."],
        ),
    ],
)
def test_the_value_of_a_sample_lies_ahead(call, ahead, reasons):
    chosen(call)
    if reasons:
        assert refusal(sampled, call, value_at=AT + ahead) == reasons
    else:
        assert sampled(call, value_at=AT + ahead).value_at == AT + ahead


@pytest.mark.parametrize("early", [timedelta(microseconds=1), timedelta(0)])
def test_nobody_draws_a_sample_before_the_moment_of_its_value(call, office, early):
    chosen(call)
    plan = sampled(call)
    if early:
        assert refusal(draw_sample, plan, value=VALUE, by=office, at=VALUE_AT - early) == [
            "Il valore non è ancora pubblico: il sorteggio si fa dopo il momento scritto nell'elenco."
        ]
    else:
        draw_sample(plan, value=VALUE, by=office, at=VALUE_AT)
    assert CheckPlan.objects.get().state == ("committed" if early else "open")


@pytest.mark.parametrize("late", [timedelta(0), timedelta(microseconds=1)])
def test_a_sample_is_given_up_only_while_nobody_can_know_it(call, office, late):
    chosen(call)
    plan = sampled(call)
    if not late:
        assert refusal(cancel_sample, plan, by=office, at=VALUE_AT, reason="Non ci piace.") == [
            "Il valore è già pubblico: il campione non si abbandona più, si sorteggia."
        ]
        return
    assert refusal(cancel_sample, plan, by=office, at=VALUE_AT - late, reason=" ") == [
        "Scrivi il motivo: resta nella storia dell'atto."
    ]
    cancel_sample(plan, by=office, at=VALUE_AT - late, reason="La fonte non pubblica più.")
    assert (CheckPlan.objects.get().state, plan.steps.last().reason) == ("cancelled", "La fonte non pubblica più.")
    assert sampled(call, value_at=VALUE_AT + timedelta(days=2), at=AT + timedelta(days=1)).number == 2


def test_one_sample_waits_at_a_time(call):
    chosen(call)
    sampled(call)
    chosen(call)
    waits = ["C'è già un campione che aspetta il suo valore pubblico: si sorteggia quello."]
    assert (refusal(sampled, call), refusal(all_checked, call)) == (waits, waits)
    with pytest.raises(IntegrityError), transaction.atomic():
        CheckPlan.objects.create(
            call=call,
            area_code="area-1",
            number=2,
            scope="sample",
            size=1,
            source="x",
            value_at=VALUE_AT,
            due_on=DUE_ON,
            made_at=AT,
        )


def test_after_a_sample_the_newcomers_get_one_of_their_own(call, office):
    chosen(call)
    first = sampled(call, by=office)
    draw_sample(first, value=VALUE, by=office, at=VALUE_AT)
    late = chosen(call)
    assert refusal(add_to_checks, first, by=office, at=VALUE_AT) == [
        "A un campione non si aggiunge niente: per le proposte nuove fai un altro campione."
    ]
    second = sampled(call, at=VALUE_AT, value_at=VALUE_AT + timedelta(days=2))
    assert (second.number, {one.application for one in committed(second.population)}) == (2, {late.number})


def test_a_value_copied_wrongly_is_corrected_before_a_check_begins(call, office):
    for _n in range(4):
        chosen(call, bodies=3)
    plan = sampled(call, rule=Rule(10, 3, each_proposal=False))
    draw_sample(plan, value="1 2 3", by=office, at=VALUE_AT)
    correct_sample(plan, value=VALUE, by=office, at=VALUE_AT, reason="Letta la ruota sbagliata.")
    plan.refresh_from_db()
    found = {(row.application.number, row.ordinal, row.code) for row in plan.checks.select_related("application")}
    assert (plan.value, found) == (VALUE, set(drawn(plan.population, VALUE)))
    assert [step.facts["value"] for step in plan.steps.filter(act__in=["draw", "correct"])] == ["1 2 3", VALUE]
    confirm_declaration(plan.checks.first(), by=office, at=VALUE_AT)
    assert refusal(correct_sample, plan, value="9", by=office, at=VALUE_AT, reason="Ancora.") == [
        "Un controllo è già cominciato: il campione non cambia più."
    ]


@pytest.fixture
def drew_few(call, office):
    """A sample that drew three declarations of twenty."""
    for _n in range(4):
        chosen(call, bodies=2)
    plan = sampled(call, rule=Rule(10, 3, each_proposal=False))
    draw_sample(plan, value=VALUE, by=office, at=VALUE_AT)
    return plan


def identifiers(rows):
    return sorted(f"{row.application.number}/{row.ordinal}/{row.code}" for row in rows.select_related("application"))


def test_a_declaration_that_was_not_drawn_is_checked_for_a_doubt_and_the_sample_stays(drew_few, office):
    before = (drew_few.population, drew_few.sha256, drew_few.size)
    left = not_drawn(drew_few)
    assert len(left) == 20 - 3
    doubted = next(iter(left))
    check = add_for_a_doubt(drew_few, doubted, reason=" Una lettera la smentisce. ", by=office, at=VALUE_AT)
    drew_few.refresh_from_db()
    assert (check.doubt, check.doubted_at, check.doubted_by) == ("Una lettera la smentisce.", VALUE_AT, office)
    assert (check.organisation_id, check.state) == (left[doubted][1].pk, "to_do")
    assert (drew_few.population, drew_few.sha256, drew_few.size) == before
    assert identifiers(drew_few.checks.filter(doubt="")) == sorted(one.identifier for one in drawn(before[0], VALUE))
    assert identifiers(drew_few.checks.doubted()) == [doubted.identifier]
    assert drew_few.steps.get(act="doubt").facts == {"declaration": doubted.identifier}
    assert refusal(add_for_a_doubt, drew_few, doubted, reason="Ancora.", by=office, at=VALUE_AT) == [
        "Questa dichiarazione è già nei controlli, oppure la sua proposta è uscita."
    ]


def test_a_doubt_has_a_reason_opens_what_was_closed_and_is_the_offices(drew_few, office):
    confirm_declarations([drew_few], drew_few.checks.values_list("pk", flat=True), by=office, at=VALUE_AT)
    close_checks(drew_few, by=office, at=VALUE_AT)
    doubted = next(iter(not_drawn(drew_few)))
    assert refusal(add_for_a_doubt, drew_few, doubted, reason=" ", by=office, at=VALUE_AT) == [
        "Scrivi il motivo: resta nella storia dell'atto."
    ]
    assert refusal(add_for_a_doubt, drew_few, doubted, reason="Sì.", by=person(), at=VALUE_AT) == [
        "Lo può fare solo chi lavora nell'ufficio."
    ]
    add_for_a_doubt(drew_few, doubted, reason="Una lettera la smentisce.", by=office, at=VALUE_AT)
    drew_few.refresh_from_db()
    assert (drew_few.state, states(drew_few)) == ("open", ["confirmed", "confirmed", "confirmed", "to_do"])


def test_there_is_no_doubt_beside_all_of_them_nor_about_who_left(call, drew_few, office):
    gone = next(iter(not_drawn(drew_few)))
    renounce(selected(call, "area-1").get(number=gone.application), by=office, at=VALUE_AT, reason="PEC.")
    assert refusal(add_for_a_doubt, drew_few, gone, reason="Sì.", by=office, at=VALUE_AT) == [
        "Questa dichiarazione è già nei controlli, oppure la sua proposta è uscita."
    ]
    chosen(call)
    everything = all_checked(call)
    assert refusal(add_for_a_doubt, everything, gone, reason="Sì.", by=office, at=VALUE_AT) == [
        "Qui si controllano già tutte le dichiarazioni."
    ]


def test_a_value_that_is_corrected_leaves_the_doubts_where_they_are(call, office):
    for _n in range(4):
        chosen(call, bodies=3)
    plan = sampled(call, rule=Rule(10, 3, each_proposal=False))
    draw_sample(plan, value="1 2 3", by=office, at=VALUE_AT)
    left = not_drawn(plan)
    value, then = next(
        (value, then) for value in map(str, range(100)) if set(left) & set(then := drawn(plan.population, value))
    )
    doubted = next(one for one in then if one in left)
    check = add_for_a_doubt(plan, doubted, reason="Una lettera la smentisce.", by=office, at=VALUE_AT)
    confirm_declaration(check, by=office, at=VALUE_AT)
    correct_sample(plan, value=value, by=office, at=VALUE_AT, reason="Letta la ruota sbagliata.")
    assert identifiers(plan.checks) == sorted(one.identifier for one in then)
    assert plan.checks.get(pk=check.pk).state == "confirmed"


def test_a_value_is_corrected_though_a_proposal_has_left_unless_somebody_had_worked(call, office):
    rows = [chosen(call, bodies=3) for _n in range(3)]
    plan = sampled(call, rule=Rule(50, 3, each_proposal=False))
    renounce(rows[0], by=office, at=AT + timedelta(days=1), reason="PEC dell'11 dicembre.")
    # The numbers of the proposals, and so what a value draws, depend on the tests before: two values that draw what is needed.
    of = {
        value: [{one.identifier for one in drawn(plan.population, value) if one.application == row.number} for row in rows]
        for value in map(str, range(100))
    }
    wrong = next(value for value, (gone, _, _) in of.items() if gone)
    right = next(value for value, (gone, stays, _) in of.items() if stays and not of[wrong][0] <= gone)
    draw_sample(plan, value=wrong, by=office, at=VALUE_AT)
    before = identifiers(plan.checks.filter(application=rows[0]))
    correct_sample(plan, value=right, by=office, at=VALUE_AT, reason="Letta la ruota sbagliata.")
    plan.refresh_from_db()
    then = {one.identifier for one in drawn(plan.population, right)}
    assert before == sorted(of[wrong][0])
    assert identifiers(plan.checks) == sorted(then | set(before))
    assert {row.state for row in plan.checks.filter(application=rows[0])} == {"not_needed"}
    ask_authority(plan.checks.filter(application=rows[1]).first(), asked_to="INPS", due_at=TERM, by=office, at=VALUE_AT)
    renounce(rows[1], by=office, at=VALUE_AT, reason="Ha scritto.")
    assert refusal(correct_sample, plan, value="9", by=office, at=VALUE_AT, reason="Ancora.") == [
        "Un controllo è già cominciato: il campione non cambia più."
    ]


def test_who_left_between_the_list_and_the_draw_is_drawn_and_checked_no_more(call, office):
    rows = [chosen(call), chosen(call)]
    plan = sampled(call, rule=Rule(100, 1, each_proposal=True))
    renounce(rows[0], by=office, at=AT + timedelta(days=1), reason="PEC dell'11 dicembre.")
    draw_sample(plan, value=VALUE, by=office, at=VALUE_AT)
    assert {row.state for row in plan.checks.filter(application=rows[0])} == {"not_needed"}
    assert {row.state for row in plan.checks.filter(application=rows[1])} == {"to_do"}


# --- one declaration ----------------------------------------------------------------------------------------------------


def test_an_authority_is_asked_and_its_answer_confirms(call, office):
    chosen(call)
    check = one_of(all_checked(call))
    ask_authority(check, asked_to=" Procura di Milano ", due_at=TERM, note="Prot. 12", by=office, at=AT)
    assert (check.state, check.asked_to, check.due_at, check.note) == ("asked", "Procura di Milano", TERM, "Prot. 12")
    kept = document(office)
    confirm_declaration(check, document=kept, by=office, at=AT + timedelta(days=3))
    check.refresh_from_db()
    assert (check.state, check.answer, check.due_at, check.note) == ("confirmed", kept, None, "Prot. 12")
    assert list(history(check)) == ["ask", "confirm"]
    assert check.steps.last().facts == {"answer": kept.sha256}


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"asked_to": " "}, ["Scrivi a chi chiedi la conferma, per esempio la Procura o l'INPS."]),
        ({"due_at": AT}, ["Il termine è già passato: scegli un giorno più avanti."]),
        ({"due_at": AT + timedelta(microseconds=1)}, None),
    ],
)
def test_an_authority_has_a_name_and_a_term(call, office, changes, reasons):
    chosen(call)
    check = one_of(all_checked(call))
    given = {"asked_to": "INPS", "due_at": TERM, **changes, "by": office, "at": AT}
    if reasons:
        assert refusal(ask_authority, check, **given) == reasons
    else:
        ask_authority(check, **given)
    assert DeclarationCheck.objects.get(pk=check.pk).state == ("to_do" if reasons else "asked")


def test_many_are_confirmed_at_once_or_none(call, office):
    chosen(call, bodies=2)
    plan = all_checked(call)
    keys = list(plan.checks.values_list("pk", flat=True))
    find_false(plan.checks.last(), reason="Non è iscritto.", by=office, at=AT)
    assert refusal(confirm_declarations, [plan], keys, by=office, at=AT) == ["Adesso non si può fare: lo stato è «Non vera»."]
    assert states(plan) == ["false", "to_do", "to_do", "to_do", "to_do"]
    assert confirm_declarations([plan], keys[:-1], by=office, at=AT) == 4
    assert states(plan) == ["confirmed", "confirmed", "confirmed", "confirmed", "false"]


def test_the_checks_of_another_plan_are_not_confirmed_from_this_one(call, office):
    chosen(call)
    first = all_checked(call)
    other = call_with_declarations(slug="altra")
    chosen(other)
    second = all_checked(other)
    assert confirm_declarations([first], list(second.checks.values_list("pk", flat=True)), by=office, at=AT) == 0
    assert set(states(second)) == {"to_do"}


def irregular(call, office):
    row = chosen(call)
    check = one_of(all_checked(call))
    find_irregular(check, due_at=TERM, reason="Il certificato è del 2019.", by=office, at=AT)
    return row, check


def test_an_irregularity_has_a_term_and_the_body_answers_more_than_once(call, office):
    row, check = irregular(call, office)
    kept = document(row.created_by)
    reply_to_check(check, text=" Ecco quello nuovo. ", document=kept, by=row.created_by, at=AT + timedelta(days=1))
    reply_to_check(check, text="Manca la pagina due.", document=None, by=row.created_by, at=TERM)
    assert [(one.number, one.text, one.document) for one in CheckReply.objects.all()] == [
        (1, "Ecco quello nuovo.", kept),
        (2, "Manca la pagina due.", None),
    ]
    assert check.state == "irregular"
    assert check.steps.filter(act="reply").first().on_behalf_of == row.organisation.name
    confirm_declaration(check, by=office, at=TERM + timedelta(days=1))
    assert DeclarationCheck.objects.get(pk=check.pk).state == "confirmed"


@pytest.mark.parametrize(
    ("who", "at", "text", "reasons"),
    [
        ("body", TERM, "Ecco.", None),
        (
            "body",
            TERM + timedelta(microseconds=1),
            "Ecco.",
            ["Il termine per rispondere è passato. Se ti serve altro tempo, scrivi all'ufficio: può darti un nuovo termine."],
        ),
        ("body", TERM, " \n", ["Scrivi la risposta: che cosa hai corretto, o che cosa mostra il file."]),
        ("stranger", TERM, "Ecco.", ["Lo può fare solo chi lavora per l'ente."]),
        ("office", TERM, "Ecco.", ["Lo può fare solo chi lavora per l'ente."]),
    ],
)
def test_the_body_answers_within_the_term(call, office, who, at, text, reasons):
    row, check = irregular(call, office)
    by = {"body": row.created_by, "stranger": person(), "office": office}[who]
    if reasons:
        assert refusal(reply_to_check, check, text=text, document=None, by=by, at=at) == reasons
    else:
        reply_to_check(check, text=text, document=None, by=by, at=at)
    assert CheckReply.objects.count() == (0 if reasons else 1)


def test_the_office_gives_a_new_term(call, office):
    row, check = irregular(call, office)
    later = end_of_day(date(2022, 1, 20))
    find_irregular(check, due_at=later, reason="Altri dieci giorni.", by=office, at=TERM + timedelta(hours=1))
    reply_to_check(check, text="Ecco.", document=None, by=row.created_by, at=later)
    assert (check.due_at, check.told_at) == (later, TERM + timedelta(hours=1))


def test_what_is_not_true_has_its_reasons_and_is_looked_at_again_with_others(call, office):
    chosen(call)
    check = one_of(all_checked(call))
    assert refusal(find_false, check, reason=" ", by=office, at=AT) == ["Scrivi il motivo: resta nella storia dell'atto."]
    kept = document(office)
    find_false(check, reason="Non risulta iscritto.", document=kept, by=office, at=AT)
    assert (check.state, check.answer) == ("false", kept)
    check_again(check, reason="Il registro aveva un omonimo.", by=office, at=AT)
    check.refresh_from_db()
    assert (check.state, check.answer, check.steps.last().facts) == ("to_do", None, {"answer": kept.sha256})


def test_the_checks_end_when_each_has_its_outcome_and_who_lied_has_left(call, office):
    first, second = chosen(call), chosen(call)
    plan = all_checked(call)
    untrue = one_of(plan, first)
    find_false(untrue, reason="Non risulta iscritto.", by=office, at=AT)
    assert refusal(close_checks, plan, by=office, at=AT) == ["Manca l'esito di 5 controlli: prima concludili."]
    others = plan.checks.filter(state="to_do")
    confirm_declarations([plan], list(others.values_list("pk", flat=True)), by=office, at=AT)
    assert refusal(close_checks, plan, by=office, at=AT) == [
        f"Una dichiarazione non è vera e la proposta è ancora al suo posto: decidi sulla decadenza ({first.number})."
    ]
    forfeit(first, reason="Dichiarazione non vera.", act_number="9", act_date=AT.date(), by=office, at=AT)
    close_checks(plan, by=office, at=AT)
    closed = ["I controlli di quest'area sono conclusi: prima riaprili."]
    assert refusal(check_again, one_of(plan, second), reason="Un dubbio.", by=office, at=AT) == closed
    reopen_checks(plan, reason="Un dubbio.", by=office, at=AT)
    check_again(one_of(plan, second), reason="Un dubbio.", by=office, at=AT)
    assert one_of(plan, second).state == "to_do"


def test_a_proposal_that_a_corrected_ranking_selects_no_more_holds_no_checks_up(call, office):
    first = chosen(call)
    plan = all_checked(call)
    Application.objects.filter(pk=first.pk).update(state=ApplicationState.WAITING)
    close_checks(plan, by=office, at=AT)
    assert plan.state == "closed"


@pytest.mark.parametrize("how", ["forfeited", "renounced"])
def test_the_open_checks_of_who_leaves_are_needed_no_more(call, office, how):
    first, second = chosen(call, bodies=2), chosen(call)
    plan = all_checked(call)
    confirm_declaration(one_of(plan, first), by=office, at=AT)
    find_irregular(one_of(plan, first, "sede"), due_at=TERM, reason="Non si legge.", by=office, at=AT)
    if how == "forfeited":
        forfeit(first, reason="Non ha firmato.", act_number="9", act_date=AT.date(), by=office, at=AT)
    else:
        renounce(first, by=office, reason="PEC.", at=AT)
    word = "decaduta" if how == "forfeited" else "ha rinunciato"
    assert sorted(plan.checks.filter(application=first).values_list("state", flat=True)) == ["confirmed", *["not_needed"] * 4]
    assert one_of(plan, first, "sede").steps.last().reason == f"La proposta è uscita: {word}."
    assert set(plan.checks.filter(application=second).values_list("state", flat=True)) == {"to_do"}


# --- several at the same moment -----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_who_draw_a_sample_at_once_one_does_and_draws_what_its_value_says(call, office):
    for _n in range(4):
        chosen(call)
    plan = sampled(call, rule=Rule(10, 3, each_proposal=False))
    values = ["1 2 3", VALUE]
    found = together(
        *[lambda v=v: draw_sample(CheckPlan.objects.get(pk=plan.pk), value=v, by=office, at=VALUE_AT) for v in values]
    )
    assert sorted(type(one).__name__ for one in found) == ["CheckPlanStep", "Refused"]
    plan.refresh_from_db()
    assert identifiers(plan.checks) == sorted(one.identifier for one in drawn(plan.population, plan.value))


@pytest.mark.django_db(transaction=True)
def test_of_two_who_begin_the_checks_at_once_one_does(call, office):
    chosen(call)
    found = together(lambda: sampled(call, by=office), lambda: all_checked(call, by=office), lambda: sampled(call, by=office))
    assert sorted(type(one).__name__ for one in found) == ["CheckPlan", "Refused", "Refused"]
    assert CheckPlan.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_doubts_about_one_declaration_at_once_one_stands(call, office):
    for _n in range(2):
        chosen(call)
    plan = sampled(call, rule=Rule(1, 1, each_proposal=False))
    draw_sample(plan, value=VALUE, by=office, at=VALUE_AT)
    doubted = next(iter(not_drawn(plan)))
    facts = {"reason": "Una lettera la smentisce.", "by": office, "at": VALUE_AT}
    found = together(*[lambda: add_for_a_doubt(CheckPlan.objects.get(pk=plan.pk), doubted, **facts)] * 2)
    assert sorted(type(one).__name__ for one in found) == ["DeclarationCheck", "Refused"]

"""A call with a criterion of every type, from the answers of the proposals to the ranking that anyone can compute again."""

import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.urls import reverse

from evaluation.actions import (
    close_evaluation,
    compute_ranking,
    declare,
    finish_sheet,
    publish_ranking,
    reopen_sheet,
    save_marks,
)
from evaluation.declared import declared
from evaluation.models import Ranking, Sheet
from evaluation.presentation import TableView
from evaluation.published import recompute
from evaluation.states import SheetState
from tests.builders import official
from tests.builders_evaluation import (
    MARKED_AT,
    RANKED_AT,
    admitted,
    call_of_every_type,
    commission,
    find,
    marking,
    sheet_of,
    stating,
)
from tests.evaluation.every_type import ALFA, BETA, CODES, FACTS, GAMMA, JUDGMENTS, POINTS, judged
from workflow.transition import Refused

pytestmark = pytest.mark.django_db


def text(response):
    return unescape(response.content.decode())


@pytest.fixture
def call():
    return call_of_every_type()


def three(call):
    return [stating(call, name=name, **facts) for name, facts in zip(FACTS, (ALFA, BETA, GAMMA), strict=True)]


def evaluated(call):
    """The three proposals, found and judged by three members."""
    proposals, members = three(call), marking(commission(call))
    for proposal in proposals:
        for place, member in enumerate(members):
            find(member, proposal, judged(proposal.organisation.name, place))
    return proposals


def ranked(call):
    proposals = evaluated(call)
    close_evaluation(call, "area-1", by=official(), at=RANKED_AT)
    return compute_ranking(call, "area-1", by=official(), at=RANKED_AT), proposals


# The road through the acts


def test_the_road_ends_on_a_ranking_that_its_file_alone_gives_again(call):
    ranking, _proposals = ranked(call)
    publish_ranking(ranking, act_number="9", act_date=date(2021, 12, 1), by=official(), at=RANKED_AT)
    document = json.loads(Ranking.objects.get().content)
    assert recompute(document) == []
    assert [(row["position"], row["body"], row["outcome"], row["total"]["published"]) for row in document["rows"]] == [
        (1, "Coop Alfa", "selected", "78.58"),
        (2, "Coop Beta", "selected", "61.50"),
        (None, "Coop Gamma", "below_threshold", "11.17"),
    ]
    assert {row["body"]: [part["points"]["published"] for part in row["criteria"]] for row in document["rows"]} == POINTS
    assert [missed["code"] for missed in document["rows"][2]["explanation"]["below"]] == ["q1", ""]
    document["rows"][0]["marks"]["r4"] = ["20000"] * 3
    assert "rows[" in recompute(document)[0].where


def test_with_a_rescaling_the_best_takes_the_maximum_and_says_what_it_had():
    ranking, _proposals = ranked(call_of_every_type(rescaling="[total]"))
    document = json.loads(ranking.content)
    assert recompute(document) == []
    assert [(row["total"]["published"], row["total"]["raw"]["published"]) for row in document["rows"]] == [
        ("100.00", "78.58"),
        ("78.26", "61.50"),
        ("11.17", "11.17"),
    ]


# What the proposal states


def test_the_proposal_states_facts_as_ten_thousandths(call):
    proposal = stating(call, **{**ALFA, "anni": "2.5", "persone": None})
    assert declared(call.notice, "area-1", proposal.current.answers) == {
        "r1": 30_000,
        "r2": 25_000,
        "r3": 10_000,
        "r4": 100_000_000,
        "r5": 400_000,
        "r7": 0,
    }


def test_what_two_answers_say_is_guessed_from_neither(call):
    section = call.notice.sections[0]
    questions = [replace(q, criterion="r1") if q.code == "anni" else q for q in section.questions]
    notice = replace(call.notice, sections=(replace(section, questions=tuple(questions)),))
    assert sorted(declared(notice, "area-1", stating(call, **ALFA).current.answers)) == ["r3", "r4", "r5", "r6", "r7"]


@pytest.mark.parametrize(
    ("anni", "found"), [("2.5", 25_000), ("2.50001", None), ("-1", None), ("1000000000000", 10**16), ("1000000000001", None)]
)
def test_an_answer_that_no_mark_can_be_is_not_proposed(call, anni, found):
    assert declared(call.notice, "area-1", stating(call, **{**ALFA, "anni": anni}).current.answers).get("r2") == found


@pytest.fixture
def sheet(call):
    return sheet_of(marking(commission(call))[0], stating(call, name="Coop Alfa", **{**ALFA, "persone": None}))


def typed(levels, reasons=()):
    """What a member types, by criterion: ``level-N`` and ``reason-N``."""
    given = {f"level-{CODES.index(code)}": value for code, value in dict(levels).items()}
    return given | {f"reason-{CODES.index(code)}": value for code, value in dict(reasons).items()}


def shown(response):
    """What a browser would send back without a touch: the fields as they stand, and what the page says that they were."""
    page = response.content.decode()
    hidden = re.findall(r'<input type="hidden" name="(__bases)" value="([^"]*)"', page)
    fields = re.findall(r'<input type="text" name="(level-\d+)"(?: value="([^"]*)")?', page)
    chosen = re.findall(r'<input type="radio" name="(level-\d+)" value="([^"]*)"[^>]* checked', page)
    return {name: unescape(value) for name, value in [*hidden, *fields, *chosen]}


def test_the_sheet_proposes_what_the_proposal_states(sheet, client):
    client.force_login(sheet.member.user)
    page = client.get(reverse("sheet", args=[sheet.pk]))
    assert {name: value for name, value in shown(page).items() if name.startswith("level")} == {
        "level-2": "",
        "level-3": "3",
        "level-4": "5",
        "level-5": "1",
        "level-6": "10000",
        "level-7": "40",
        "level-8": "",
        "level-9": "0",
    }
    words = text(page)
    assert "La proposta dice: 10.000 euro. La risposta è già pronta: la confermi quando salvi questo criterio" in words
    assert "Nessuna risposta della proposta lo dice: scrivi tu quello che trovi e perché." in words
    assert "Da 0 a 10 punti. Si danno a passi di 0,5." in words
    assert "<strong>Discreto</strong> <span>(5 punti)</span> – Con qualche mancanza." in words
    assert "Ogni unità (certificati) vale 2 punti, fino a 10." in words
    assert "Da 3 a 5: 6 punti. Più di cinque: 10 punti. Fuori dalle fasce: 0 punti." in words
    assert "Mancano i criteri che dipendono dalle altre proposte" in words
    assert not sheet.marks.exists()


def test_a_proposed_fact_is_kept_when_its_own_criterion_is_saved_and_no_other_is(sheet, client):
    client.force_login(sheet.member.user)
    address = reverse("sheet", args=[sheet.pk])
    untouched = shown(client.get(address))
    client.post(address, {**untouched, "save": "0"})
    assert not sheet.marks.exists()
    client.post(address, {**untouched, "save": "3"})
    assert list(sheet.marks.values_list("criterion", "units", "reason")) == [("r1", 30_000, "")]
    client.post(address, {**untouched, **typed({"r2": "6,5"}, {"r2": "Lo statuto è del 2015."}), "save": ""})
    assert list(sheet.marks.order_by("criterion").values_list("criterion", "units")) == [("r1", 30_000), ("r2", 65_000)]


def test_concluding_confirms_every_fact_that_stands_as_proposed(sheet, client):
    client.force_login(sheet.member.user)
    address = reverse("sheet", args=[sheet.pk])
    mine = typed({"q1": "0.8", "q2": "8", "q3": "8,5", "r6": "90"}, dict.fromkeys(("q1", "q2", "q3", "r6"), "Motivo."))
    response = client.post(address, {**shown(client.get(address)), **mine, "finish": "1"})
    assert response.status_code == 302
    sheet.refresh_from_db()
    assert sheet.state == SheetState.FINAL
    assert dict(sheet.marks.values_list("criterion", "units")) == {
        "q1": 8_000,
        "q2": 80_000,
        "q3": 85_000,
        "r1": 30_000,
        "r2": 50_000,
        "r3": 10_000,
        "r4": 100_000_000,
        "r5": 400_000,
        "r6": 900_000,
        "r7": 0,
    }
    facts = sheet.steps.get(act="finish").facts["marks"]
    assert (facts["q1"]["coefficient"], facts["q3"]["points"], facts["r4"]["quantity"]) == ("0.8000", "8.5000", "10000.0000")
    page = text(client.get(address))
    # Sixteen, eight, eight and a half, six, six and five; what depends on the others is not in the total.
    assert "49,5 su 65" in page
    assert "Confermato come dice la proposta." in page
    assert "dipende dalle altre proposte" in page


def test_a_fact_found_otherwise_wants_its_reason(sheet, client):
    client.force_login(sheet.member.user)
    address = reverse("sheet", args=[sheet.pk])
    judgments = dict.fromkeys(("q1", "q2", "q3"), "Motivo.")
    mine = {**shown(client.get(address)), **typed({"q1": "0.8", "q2": "8", "q3": "8,5", "r1": "2", "r6": "90"}, judgments)}
    page = text(client.post(address, {**mine, "finish": "1"}))
    assert '<a href="#id_reason-3">Certificazioni: scrivi il motivo.</a>' in page
    assert '<a href="#id_reason-8">Persone: scrivi il motivo.</a>' in page
    with pytest.raises(Refused) as refused:
        finish_sheet(sheet, by=sheet.member.user, at=MARKED_AT)
    assert refused.value.reasons == ["La scheda non è completa. Certificazioni: scrivi il motivo. Persone: scrivi il motivo."]
    sheet.marks.filter(criterion="r1").update(units=30_000)
    sheet.marks.filter(criterion="r6").update(reason="Dal piano.")
    finish_sheet(sheet, by=sheet.member.user, at=MARKED_AT)


@pytest.mark.parametrize(
    ("quantity", "stored", "sentence"),
    [
        ("1000000000000", [10**16], ""),
        ("1000000000000,0001", [], "Il massimo è 1.000.000.000.000. Hai scritto 1.000.000.000.000,0001."),
        ("999999999999999", [], "Il massimo è 1.000.000.000.000. Hai scritto 999.999.999.999.999."),
    ],
)
def test_a_quantity_fits_where_it_is_kept(sheet, client, quantity, stored, sentence):
    client.force_login(sheet.member.user)
    address = reverse("sheet", args=[sheet.pk])
    page = client.post(
        address, {**shown(client.get(address)), **typed({"r1": quantity}, {"r1": "Contati."}), "save": "3"}, follow=True
    )
    marked = sheet.marks.filter(criterion="r1").values_list("units", flat=True)
    assert (list(marked), sentence in text(page)) == (stored, True)


def test_what_was_corrected_in_another_window_is_not_confirmed_over(sheet, client):
    client.force_login(sheet.member.user)
    address = reverse("sheet", args=[sheet.pk])
    left_open = shown(client.get(address))
    client.post(address, {**left_open, **typed({"r1": "2"}, {"r1": "Uno è scaduto."}), "save": "3"})
    client.post(address, {**left_open, "finish": "1"})
    assert sheet.marks.get(criterion="r1").units == 20_000


def test_what_is_missing_is_said_in_the_words_of_each_type(sheet):
    with pytest.raises(Refused) as refused:
        finish_sheet(sheet, by=sheet.member.user, at=MARKED_AT)
    assert refused.value.reasons == [
        "La scheda non è completa. Bisogni: scegli un livello e scrivi il motivo. Squadra: scegli un livello e scrivi il motivo. "
        "Rete: scrivi i punti e il motivo. Certificazioni: scrivi la quantità che hai trovato. "
        "Esperienza: scrivi la quantità che hai trovato. Sede: rispondi sì o no. "
        "Cofinanziamento: scrivi la quantità che hai trovato. Costo: scrivi la quantità che hai trovato. "
        "Persone: scrivi la quantità che hai trovato. Incompiuti: rispondi sì o no."
    ]


REFUSED = [
    ("q1", "0.5", "0,5 non è un livello della scala. Scegli tra: 1 (ottimo), 0,8 (buono), 0,2 (scarso)."),
    (
        "q2",
        "7",
        "7 non sono i punti di un giudizio di «Squadra». Scegli tra: 10 (ottimo), 8 (buono), 5 (discreto), 2 (sufficiente).",
    ),
    ("q3", "10.5", "«Rete»: puoi dare da 0 a 10 punti."),
    ("q3", "-0.5", "«Rete»: puoi dare da 0 a 10 punti."),
    ("q3", "8.4", "«Rete»: i punti si danno a passi di 0,5."),
    ("r1", "-1", "«Certificazioni»: scrivi una quantità da 0 a 1.000.000.000.000."),
    ("r1", "1000000000000.0001", "«Certificazioni»: scrivi una quantità da 0 a 1.000.000.000.000."),
    ("r2", "0.00001", "«Esperienza»: scrivi al massimo quattro cifre dopo la virgola."),
    ("r3", "0.5", "«Sede»: rispondi sì o no."),
    ("r7", "2", "«Incompiuti»: rispondi sì o no."),
]
TAKEN = [
    ("q1", "0.2"),
    ("q2", "2"),
    ("q3", "10"),
    ("q3", "0"),
    ("r1", "1000000000000"),
    ("r2", "0.0001"),
    ("r3", "0"),
    ("r7", "1"),
]


@pytest.mark.parametrize(("code", "value", "reason"), [*REFUSED, *((*pair, None) for pair in TAKEN)])
def test_what_cannot_be_found_on_a_criterion_is_refused_with_what_can(sheet, code, value, reason):
    given = {code: (Decimal(value), "Motivo.")}
    if reason:
        with pytest.raises(Refused) as refused:
            save_marks(sheet, given, by=sheet.member.user, at=MARKED_AT)
        assert refused.value.reasons == [reason]
        assert not sheet.marks.exists()
    else:
        save_marks(sheet, given, by=sheet.member.user, at=MARKED_AT)
        assert sheet.marks.get().value == Decimal(value)


@pytest.mark.parametrize(
    ("code", "value", "sentence", "units"),
    [
        ("q3", "8,5", None, 85_000),
        ("q3", "8.5", None, 85_000),
        ("q3", "otto", "Scrivi un numero, per esempio 12,5.", None),
        ("q3", "8,4", "I punti si danno a passi di 0,5.", None),
        ("q3", "10,5", "Il massimo è 10. Hai scritto 10,5.", None),
        ("r4", "10.000,50", None, 100_005_000),
        ("r4", "-3", "Il minimo è 0. Hai scritto -3.", None),
        ("r3", "forse", "Rispondi sì o no per «Sede».", None),
    ],
)
def test_numbers_are_read_as_people_write_them(sheet, client, code, value, sentence, units):
    client.force_login(sheet.member.user)
    address = reverse("sheet", args=[sheet.pk])
    response = client.post(address, {**shown(client.get(address)), **typed({code: value}), "save": ""})
    if sentence:
        assert sentence in text(response)
        assert f'value="{value}"' in text(response) or code == "r3"
        assert not sheet.marks.exists()
    else:
        assert sheet.marks.get(criterion=code).units == units


def test_a_number_on_the_page_is_read_alike_in_english(sheet, client):
    client.force_login(sheet.member.user)
    address = reverse("sheet", args=[sheet.pk])
    save_marks(sheet, {"r4": (Decimal("1234.125"), "Dal piano.")}, by=sheet.member.user, at=MARKED_AT)
    client.cookies["django_language"] = "en"
    page = shown(client.get(address))
    assert page["level-6"] == "1234,125"
    client.post(address, {**page, **typed({"r4": "1234,125"}, {"r4": "Dal piano, riletto."}), "save": "6"})
    assert list(sheet.marks.values_list("units", "reason")) == [(12_341_250, "Dal piano, riletto.")]


# A fact is one


def disputed(call):
    """Two proposals: on the first, one member counts two certificates and the others three."""
    first, second, members = stating(call, **ALFA), stating(call, **BETA), marking(commission(call))
    for place, member in enumerate(members):
        find(member, first, judged("Coop Alfa", place) | ({"r1": "2", "r3": "0"} if place == 1 else {}))
        find(member, second, judged("Coop Beta", place))
    return first, second, members


def test_an_area_closes_only_when_the_members_found_the_same_facts(call):
    first, second, members = disputed(call)
    with pytest.raises(Refused) as refused:
        close_evaluation(call, "area-1", by=official(), at=RANKED_AT)
    after = "È un fatto e dev'essere uno solo: chi ha sbagliato riapre la sua scheda e lo corregge."
    assert refused.value.reasons == [
        f"{first.number}, «Certificazioni»: i componenti hanno trovato 2 certificati / 3 certificati. {after} "
        f"{first.number}, «Sede»: i componenti hanno trovato No / Sì. {after}"
    ]
    second.refresh_from_db()
    assert second.state == "admitted"
    sheet = Sheet.objects.get(member=members[1], application=first)
    reopen_sheet(sheet, by=members[1].user, at=MARKED_AT, reason="Ne avevo saltato uno.")
    corrected = {code: (Decimal(value), "Riletto.") for code, value in {"r1": "3", "r3": "1"}.items()}
    save_marks(sheet, corrected, by=members[1].user, at=MARKED_AT)
    with pytest.raises(Refused, match="Deve ancora concludere le sue schede"):
        close_evaluation(call, "area-1", by=official(), at=RANKED_AT)
    finish_sheet(sheet, by=members[1].user, at=MARKED_AT)
    assert len(close_evaluation(call, "area-1", by=official(), at=RANKED_AT)) == 2


def test_what_members_found_is_not_told_before_all_have_concluded_nor_to_who_is_in_conflict(call, client):
    first, _second, members = disputed(call)
    chair = members[0]
    client.force_login(chair.user)
    address = reverse("sheets", args=[call.slug])
    assert "2 certificati / 3 certificati" in text(client.get(address))
    reopen_sheet(Sheet.objects.get(member=members[2], application=first), by=members[2].user, at=MARKED_AT, reason="Rileggo.")
    assert "2 certificati" not in text(client.get(address))
    finish_sheet(Sheet.objects.get(member=members[2], application=first), by=members[2].user, at=MARKED_AT)
    declare(chair, first, in_conflict=True, note="Ne sono socia.", at=MARKED_AT)
    page = text(client.get(address))
    assert "C'è una proposta su cui i componenti hanno trovato fatti diversi: devono accordarsi." in page
    assert (first.number in page, "2 certificati" in page) == (False, False)


# Points that are added


def test_where_points_are_added_each_member_gives_a_part_of_the_maximum(call, client):
    proposal = admitted(call, "area-2", answers={"proposta": {"titolo": "Tutto", "tutto": "Testo", "presenza": "Testo"}})
    members = marking(commission(call))
    sheet = sheet_of(members[0], proposal)
    with pytest.raises(Refused) as refused:
        save_marks(sheet, {"s1": (Decimal("10.5"), "Molto.")}, by=members[0].user, at=MARKED_AT)
    assert refused.value.reasons == ["«La proposta»: puoi dare da 0 a 10 punti."]
    client.force_login(members[0].user)
    page = text(client.get(reverse("sheet", args=[sheet.pk])))
    assert ("Da 0 a 10 punti." in page, "0 su 12" in page) == (True, True)
    for member, points in zip(members, ("8.5", "9", "10"), strict=True):
        find(member, proposal, {"s1": points, "s2": "2"})
    close_evaluation(call, "area-2", by=official(), at=RANKED_AT)
    table = TableView(compute_ranking(call, "area-2", by=official(), at=RANKED_AT).document)
    assert table.rows[0].total == "33,50"
    assert [d.steps for d in table.derivations(proposal.number)] == [["Somma dei punti: 27,5."], ["Somma dei punti: 6."]]
    assert [d.marks[0].level for d in table.derivations(proposal.number)] == ["", "alta"]
    assert table.strip_rows[0]["totals"] == ["31,50", "33,00", "36,00"]


def test_a_sum_without_a_member_in_conflict_is_carried_to_all_of_them_and_says_so(call):
    proposal = admitted(call, "area-2", answers={"proposta": {"titolo": "Tutto", "tutto": "Testo", "presenza": "Testo"}})
    one, other, last = marking(commission(call))
    find(one, proposal, {"s1": "8", "s2": "2"})
    find(other, proposal, {"s1": "9", "s2": "1"})
    declare(last, proposal, in_conflict=True, note="Ne sono socia.", at=MARKED_AT)
    close_evaluation(call, "area-2", by=official(), at=RANKED_AT)
    ranking = compute_ranking(call, "area-2", by=official(), at=RANKED_AT)
    table = TableView(ranking.document)
    assert recompute(json.loads(ranking.content)) == []
    assert table.rows[0].total == "30,00"
    assert table.derivations(proposal.number)[0].steps == ["Somma dei punti, riportata a 3 componenti: 17 × 3 : 2 = 25,5."]
    assert table.rows[0].flags == [
        "Senza il punteggio di: Commissario 2. La somma degli altri è riportata a tutti i componenti."
    ]


def test_sums_of_judgments_are_rescaled_like_marks_read_one_by_one():
    call = call_of_every_type(rescaling="[total]")
    answers = {"proposta": {"titolo": "Tutto", "tutto": "Testo", "presenza": "Testo"}}
    best, other = (admitted(call, "area-2", answers=answers) for _ in range(2))
    for member in marking(commission(call)):
        find(member, best, {"s1": "8", "s2": "1"})
        find(member, other, {"s1": "4", "s2": "2"})
    close_evaluation(call, "area-2", by=official(), at=RANKED_AT)
    ranking = compute_ranking(call, "area-2", by=official(), at=RANKED_AT)
    # Twenty-seven and eighteen of thirty-six.
    assert [row.total for row in TableView(ranking.document).rows] == ["36,00", "24,00"]
    assert recompute(json.loads(ranking.content)) == []


# Words


def test_every_number_says_where_it_comes_from(call):
    ranking, (alfa, beta, gamma) = ranked(call)
    table = TableView(ranking.document)
    assert [d.steps for d in table.derivations(alfa.number)] == [
        ["Media: 2,6 : 3 = 13/15.", "Punti: 13/15 × 20 = 52/3, arrotondato a 17,33."],
        ["Media dei punti: 26 : 3 = 26/3.", "Punti: 26/3, arrotondato a 8,67."],
        ["Media dei punti: 27,5 : 3 = 55/6.", "Punti: 55/6, arrotondato a 9,17."],
        ["3 certificati × 2: 6 punti."],
        ["5 anni, fascia «da 3 a 5»: 6 punti."],
        ["Sì: 5 punti."],
        [
            "Quantità: 10.000 euro. La più alta è 30.700 euro.",
            "Punti: 20 × (10.000 : 30.700)^0,5, arrotondato a 11,41.",
        ],
        ["Quantità: 40 euro. La più bassa è 40 euro.", "Punti: 5 × 40 : 40 = 5,00."],
        [
            "Quantità: 100 persone. La più alta è 100 persone, la media 60.",
            "Punti: 10 × (0,8 + 0,2 × (100 − 60) : (100 − 60)) = 10,00.",
        ],
        ["No: non si toglie niente."],
    ]
    others = [[d.steps[-1] for d in table.derivations(proposal.number)[3:]] for proposal in (beta, gamma)]
    assert others == [
        [
            "7 certificati × 2 = 14, più del massimo, che è 10: 10 punti.",
            "2,5 anni, fascia «da 1, meno di 3»: 2 punti.",
            "No: 0 punti.",
            "Punti: 20 × (30.700 : 30.700)^0,5 = 20,00.",
            "Punti: 5 × 40 : 50 = 4,00.",
            "Punti: 10 × 0,8 × 60 : 60 = 8,00.",
            "Sì: si tolgono 10 punti.",
        ],
        [
            "0 certificati × 2: 0 punti.",
            "0,5 anni, fuori da ogni fascia: 0 punti.",
            "No: 0 punti.",
            "Punti: 20 × (0 : 30.700)^0,5 = 0,00.",
            "Punti: 5 × 40 : 80 = 2,50.",
            "Punti: 10 × 0,8 × 20 : 60 = 8/3, arrotondato a 2,67.",
            "No: non si toglie niente.",
        ],
    ]
    assert [(d.marks[0].value, d.marks[0].level) for d in table.derivations(alfa.number)] == [
        ("1", "ottimo"),
        ("10", "ottimo"),
        ("8,5", ""),
        ("3 certificati", ""),
        ("5 anni", ""),
        ("Sì", ""),
        ("10.000 euro", ""),
        ("40 euro", ""),
        ("100 persone", ""),
        ("No", ""),
    ]
    assert [(c.heading, c.worth) for c in table.columns][8:] == [
        ("su 10", "fino a 10 punti"),
        ("toglie 10", "toglie fino a 10 punti"),
    ]


def test_the_method_is_told_by_the_types_of_the_grid(call):
    ranking, _proposals = ranked(call)
    assert TableView(ranking.document).method[:8] == [
        "Ogni componente ha giudicato da solo, e ha scritto il motivo di ogni giudizio.",
        "Dove si dà un coefficiente, la media dei coefficienti moltiplica il massimo del criterio.",
        "Dove si danno punti, conta la media di quelli dei componenti.",
        "Le quantità e le risposte sì o no sono fatti: i componenti hanno trovato lo stesso, e i punti seguono da lì.",
        "Dove c'è una formula, la quantità si confronta con quelle di tutte le proposte valutate dell'area.",
        "Una penalità toglie punti: il totale può scendere sotto lo zero.",
        "Il totale è la somma dei punti di tutti i criteri.",
        "Arrotondamento: i punti del criterio a 2 decimali, per eccesso quando è a metà.",
    ]


def test_members_are_apart_only_on_what_they_judge(call):
    ranking, _proposals = ranked(call)
    table = TableView(ranking.document)
    # Coop Alfa: 43.41 for facts and formulas, and 38.5, 33 and 34 for what each judged.
    assert [row["totals"] for row in table.strip_rows] == [
        ["81,91", "76,41", "77,41"],
        ["60,00", "60,50", "64,00"],
        ["11,17", "11,17", "11,17"],
    ]
    assert [row["gap"] for row in table.strip_rows] == ["5,50", "4,00", "0,00"]


def test_a_rescaling_says_what_each_step_did_and_who_is_below_has_none():
    ranking, (alfa, beta, gamma) = ranked(call_of_every_type(rescaling="[criterion, block, total]"))
    assert recompute(json.loads(ranking.content)) == []
    table = TableView(ranking.document)
    assert [d.steps[-1] for d in table.derivations(beta.number)] == [
        "Riparametrazione: 16 × 20 : 17,33, arrotondato a 18,47.",
        "Riparametrazione: 6 × 10 : 8,67, arrotondato a 6,92.",
        "Riparametrazione: 5,5 × 10 : 9,17, arrotondato a 6,00.",
        "Riparametrazione: 10 × 10 : 10 = 10,00.",
        "Riparametrazione: 2 × 10 : 6, arrotondato a 3,33.",
        "Riparametrazione: 0 × 5 : 5 = 0,00.",
        "Riparametrazione: 20 × 20 : 20 = 20,00.",
        "Riparametrazione: 4 × 5 : 5 = 4,00.",
        "Riparametrazione: 8 × 10 : 10 = 8,00.",
        "Sì: si tolgono 10 punti.",
    ]
    assert table.row(alfa.number).total_steps == [
        "La qualità. Riparametrazione: 40 × 40 : 40 = 40,00.",
        "Le risorse. Riparametrazione: 47,41 × 60 : 47,41 = 60,00.",
        "Totale. Riparametrazione: 100 × 100 : 100 = 100,00.",
    ]
    assert table.row(beta.number).total_steps == [
        "La qualità. Riparametrazione: 31,39 × 40 : 40 = 31,39.",
        "Le risorse. Riparametrazione: 35,33 × 60 : 47,41, che si legge 44,71.",
        "Totale. Riparametrazione: 36079999/474100 × 100 : 100, che si legge 76,10.",
    ]
    assert table.row(gamma.number).total_steps == []
    assert "Riparametrazione" not in " ".join(d.steps[-1] for d in table.derivations(gamma.number))
    assert [row["total"] for row in table.strip_rows] == ["78,58", "61,50", "11,17"]
    assert [(row.total, row.total_raw) for row in table.rows] == [("100,00", "78,58"), ("76,10", "61,50"), ("11,17", "11,17")]


def test_with_one_proposal_above_the_thresholds_nothing_is_rescaled_and_the_page_says_so():
    call = call_of_every_type(rescaling="[total]")
    proposal, members = stating(call, **ALFA), marking(commission(call))
    for place, member in enumerate(members):
        find(member, proposal, judged("Coop Alfa", place))
    close_evaluation(call, "area-1", by=official(), at=RANKED_AT)
    table = TableView(compute_ranking(call, "area-1", by=official(), at=RANKED_AT).document)
    # Alone, its 100 people are the mean too: eight points of ten; and its share is the best.
    assert table.rows[0].total == "85,17"
    assert "Qui non c'erano due proposte sopra le soglie da confrontare: niente è stato riparametrato." in table.method
    assert (table.rows[0].total_steps, len(table.derivations(proposal.number)[0].steps)) == ([], 2)


# The road through the pages


def test_the_road_through_the_pages_ends_on_a_file_that_anyone_can_compute_again(call, client):
    proposals, office = three(call), official()
    members = marking(commission(call, by=office))
    for place, member in enumerate(members):
        client.force_login(member.user)
        none = {f"conflict_{proposal.pk}": "no" for proposal in proposals}
        assert client.post(reverse("declarations", args=[call.slug]), none).status_code == 302
        for proposal in proposals:
            address = reverse("sheet", args=[Sheet.objects.get(member=member, application=proposal).pk])
            mine = dict(zip(("q1", "q2", "q3"), JUDGMENTS[proposal.organisation.name][place], strict=True))
            typed_in = typed({code: value.replace(".", ",") if code == "q3" else value for code, value in mine.items()})
            reasons = typed({}, dict.fromkeys(mine, "Motivo."))
            response = client.post(address, {**shown(client.get(address)), **typed_in, **reasons, "finish": "1"})
            assert response.status_code == 302
    client.force_login(members[0].user)
    assert client.post(reverse("sheets", args=[call.slug]), {"area": "area-1"}).status_code == 302
    client.force_login(office)
    address = reverse("desk_ranking", args=[call.slug, "area-1"])
    assert client.post(address, {"compute": "1"}).status_code == 302
    assert "Ricalcolata da capo dal solo file, dà gli stessi numeri." in text(client.get(address))
    assert "arrotondato a 11,41" in text(client.get(f"{address}?passo=preview&domanda={proposals[0].number}"))
    assert (
        client.post(
            f"{address}?passo=confirm", {"act_number": "9", "act_date": "01/12/2021", "seen": Ranking.objects.get().sha256}
        ).status_code
        == 302
    )
    client.logout()
    assert recompute(client.get(reverse("ranking_json", args=[call.slug, "area-1"])).json()) == []
    page = text(client.get(f"{reverse('ranking', args=[call.slug, 'area-1'])}?domanda={proposals[1].number}"))
    for words in ("78,58", "61,50", "11,17", "toglie 10", "Sì: si tolgono 10 punti.", "7 certificati × 2 = 14", "2,5 anni"):
        assert words in page
    table = client.get(reverse("ranking_csv", args=[call.slug, "area-1"])).content.decode().splitlines()
    assert table[0].split(",")[6:16] == [f"points {code}" for code in CODES]
    assert [row.split(",")[6:16] for row in table[1:]] == list(POINTS.values())


# Queries


@pytest.mark.parametrize("proposals", [1, 3])
def test_facts_cost_the_same_queries_whatever_the_proposals(call, proposals, client, django_assert_num_queries):
    made = commission(call)
    chair = marking(made)[0]
    rows = [stating(call, **ALFA) for _ in range(proposals)]
    sheets = [find(member, row, judged("Coop Alfa", 0)) for member in marking(made) for row in rows]
    client.force_login(chair.user)
    with django_assert_num_queries(7):
        client.get(reverse("sheet", args=[sheets[0].pk]))
    with django_assert_num_queries(20):
        client.get(reverse("sheets", args=[call.slug]))

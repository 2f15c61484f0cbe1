"""What the page of a sheet sends while somebody writes, the history it keeps, and what it tells nobody else."""

import json
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.urls import reverse

from evaluation.actions import declare, reopen_sheet, save_marks
from evaluation.models import Sheet
from evaluation.remembering import NOTHING, Written
from evaluation.states import SheetState
from tests.builders_evaluation import (
    MARKED_AT,
    admitted,
    call_of_every_type,
    coefficients,
    commission,
    mark,
    marking,
    sheet_of,
    small_call,
    stating,
)
from tests.evaluation.every_type import ALFA
from tests.pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    return commission(small_call())


@pytest.fixture
def sheet(made):
    return sheet_of(marking(made)[0], admitted(made.call, name="Coop Alfa", title="Casa aperta"))


def send(client, sheet, fields, user=None):
    """What static/js/saving.js sends: by criterion, what is typed, what was shown, and what was sent without an answer."""
    client.force_login(user or sheet.member.user)
    body = {"fields": fields, "version": 0, "device_clock": "2021-11-03T15:00:00+01:00"}
    return client.post(reverse("sheet_autosave", args=[sheet.pk]), json.dumps(body), content_type="application/json")


def typed(index, level="", reason="", base=NOTHING, **more):
    return {"typed": {f"level-{index}": level, f"reason-{index}": reason}, "base": base.base, **more}


def stored(sheet):
    return {m.criterion: (m.units, m.reason) for m in sheet.marks.all()}


# Saving


def test_one_criterion_is_kept_as_far_as_it_goes_and_the_page_is_told_what_the_sheet_comes_to(sheet, client):
    answer = send(client, sheet, {"a1": typed(0, "0.8")}).json()
    assert stored(sheet) == {"a1": (8000, "")}
    assert answer["bases"] == {"a1": Written(8000).base}
    assert answer["standing"] == {
        "total": "16 su 100",
        "progress": "Criteri fatti: 0 su 3.",
        "parts": {
            "a1": {"done": False, "points": "= 16 punti"},
            "b1": {"done": False, "points": ""},
            "c1": {"done": False, "points": ""},
        },
    }
    again = send(client, sheet, {"a1": typed(0, "0.8", "Chiaro.\r\nE completo. ", base=Written(8000))}).json()
    assert stored(sheet) == {"a1": (8000, "Chiaro.\nE completo.")}
    assert (again["bases"], again["standing"]["progress"]) == (
        {"a1": Written(8000, "Chiaro.\nE completo.").base},
        "Criteri fatti: 1 su 3.",
    )


def test_what_another_window_wrote_is_offered_and_the_rest_is_kept(sheet, client):
    send(client, sheet, {"a1": typed(0, "0.8", "Dalla prima.")})
    answer = send(client, sheet, {"a1": typed(0, "0.5", "Dalla seconda."), "b1": typed(1, "1")}).json()
    assert stored(sheet) == {"a1": (8000, "Dalla prima."), "b1": (10_000, "")}
    assert list(answer["bases"]) == ["b1"]
    [told] = answer["conflicts"]
    assert (told["unit"], told["theirs"], told["theirs_shown"], told["base"]) == (
        "a1",
        {"level-0": "0.8", "reason-0": "Dalla prima."},
        "Buono (0,8)\nDalla prima.",
        Written(8000, "Dalla prima.").base,
    )
    assert told["said"].startswith(f"{sheet.member.user} ha cambiato questo criterio in un'altra finestra:")


def test_what_was_sent_without_an_answer_is_not_taken_for_the_text_of_another(sheet, client):
    send(client, sheet, {"a1": typed(0, "0.8", "Chia")})
    answer = send(client, sheet, {"a1": typed(0, "0.8", "Chiaro.", sent=typed(0, "0.8", "Chia")["typed"])}).json()
    assert (answer["conflicts"], stored(sheet)) == ([], {"a1": (8000, "Chiaro.")})


def test_a_number_that_cannot_be_read_waits_and_the_others_are_kept(client):
    call = call_of_every_type()
    sheet = sheet_of(marking(commission(call))[0], stating(call, **ALFA))
    answer = send(client, sheet, {"q3": typed(2, "otto"), "q1": typed(0, "0.8", "Chiaro.")}).json()
    assert answer["wrong"] == {"q3": "Scrivi un numero, per esempio 12,5."}
    assert (stored(sheet), list(answer["bases"])) == ({"q1": (8000, "Chiaro.")}, ["q1"])
    answer = send(client, sheet, {"q3": typed(2, "8,50")}).json()
    assert (stored(sheet)["q3"], answer["bases"]) == ((85_000, ""), {"q3": Written(85_000).base})


def test_a_reason_that_is_too_long_is_kept_and_the_sheet_is_not_concluded_with_it(sheet, client):
    given = coefficients(["buono"] * 3)
    save_marks(sheet, {**given, "a1": (Decimal("0.8"), "a" * 4001)}, by=sheet.member.user, at=MARKED_AT)
    client.force_login(sheet.member.user)
    address = reverse("sheet", args=[sheet.pk])
    bases = unescape(client.get(address).content.decode().split('name="__bases" value="')[1].split('"')[0])
    fields = {f"level-{i}": "0.8" for i in range(3)} | {
        "reason-0": "a" * 4001,
        "reason-1": "Motivo di b1",
        "reason-2": "Motivo di c1",
    }
    page = client.post(address, {**fields, "__bases": bases, "finish": "1"}).content.decode()
    assert "al massimo 4000 caratteri" in unescape(page)
    sheet.refresh_from_db()
    assert sheet.state == SheetState.OPEN


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"z9": typed(0, "0.8")}, 400),
        ({"a1": "0.8"}, 400),
        ([], 400),
    ],
    ids=["a criterion that is not asked", "no text and base", "no fields"],
)
def test_what_the_page_never_sends_is_refused_and_nothing_is_kept(sheet, client, fields, status):
    response = send(client, sheet, fields)
    assert (response.status_code, response.json()["reasons"], stored(sheet)) == (
        status,
        ["La pagina ha mandato qualcosa che non sappiamo leggere: ricaricala."],
        {},
    )


def test_a_concluded_sheet_is_not_saved_and_says_why(sheet, client):
    mark(sheet.member, sheet.application, ["buono"] * 3)
    response = send(client, sheet, {"a1": typed(0, "0.2", base=Written(8000, "Motivo di a1"))})
    assert (response.status_code, response.json()) == (409, {"reasons": ["Adesso non si può fare: lo stato è «Conclusa»."]})
    assert stored(sheet)["a1"] == (8000, "Motivo di a1")


def test_who_is_signed_out_is_told_so_and_the_page_asks_who_is_signed_in(sheet, client):
    assert send(client, sheet, {"a1": typed(0, "0.8")}).status_code == 200
    client.logout()
    response = client.post(reverse("sheet_autosave", args=[sheet.pk]), "{}", content_type="application/json")
    assert (response.status_code, response.json()) == (401, {"signed_in": False})
    client.force_login(sheet.member.user)
    told = client.get(reverse("evaluation_session")).json()
    assert (told["user"], sorted(told)) == (sheet.member.user.pk, ["csrf", "now", "session_ends", "signed_in", "user"])


# Secrecy


def test_nobody_else_reads_or_writes_a_sheet_by_any_of_its_roads(sheet, made, client):
    other = marking(made)[1]
    sheet_of(other, sheet.application)
    send(client, sheet, {"a1": typed(0, "0.8", "Segreto di Anna.")})
    moment = sheet.edits.get().pk
    assert send(client, sheet, {"a1": typed(0, "0.2")}, user=other.user).status_code == 404
    history = reverse("sheet_history", args=[sheet.pk])
    assert [client.get(history).status_code, client.post(history, {"moment": moment}).status_code] == [404, 404]
    own = Sheet.objects.get(member=other)
    pages = [
        reverse("sheet", args=[own.pk]),
        reverse("sheet_history", args=[own.pk]),
        reverse("sheets", args=[made.call.slug]),
        reverse("criterion_review", args=[made.call.slug, "area-1", "a1"]),
        reverse("my_evaluations"),
    ]
    assert [address for address in pages if "Segreto di Anna" in client.get(address).content.decode()] == []
    assert client.post(reverse("sheet_history", args=[own.pk]), {"moment": moment}).status_code == 404
    answer = send(client, own, {"a1": typed(0, "0.5")}, user=other.user)
    assert "Segreto" not in answer.content.decode()
    assert (stored(sheet), answer.json()["conflicts"]) == ({"a1": (8000, "Segreto di Anna.")}, [])


def test_who_finds_out_a_conflict_saves_and_reads_no_more(sheet, client):
    send(client, sheet, {"a1": typed(0, "0.8", "Prima.")})
    declare(sheet.member, sheet.application, in_conflict=True, note="Ne sono socia.", at=MARKED_AT)
    assert send(client, sheet, {"a1": typed(0, "0.2")}).status_code == 404
    assert client.get(reverse("sheet_history", args=[sheet.pk])).status_code == 404


# The history


def test_the_history_tells_each_moment_and_brings_the_sheet_back_to_it(sheet, client):
    user = sheet.member.user
    for minute, (level, reason) in enumerate([("0.8", "Chiaro."), ("0.2", "Ripensato.")]):
        save_marks(sheet, {"a1": (Decimal(level), reason)}, by=user, at=MARKED_AT + timedelta(minutes=minute))
    client.force_login(user)
    address = reverse("sheet_history", args=[sheet.pk])
    page = text(client.get(address))
    assert page.index("Prima: Buono (0,8) Chiaro. Dopo: Scarso (0,2) Ripensato.") < page.index(
        "Rimetti com'era: mercoledì 3 novembre 2021, ore 15:00:00"
    )
    response = client.post(address, {"moment": sheet.edits.first().pk})
    assert response.headers["Location"] == reverse("sheet", args=[sheet.pk])
    assert (stored(sheet), sheet.edits.count()) == ({"a1": (8000, "Chiaro.")}, 3)


@pytest.mark.parametrize("moment", ["", "0", "99999999999", "domani"])
def test_there_is_no_going_back_to_a_moment_that_never_was(sheet, client, moment):
    client.force_login(sheet.member.user)
    assert client.post(reverse("sheet_history", args=[sheet.pk]), {"moment": moment}).status_code == 404


def test_the_history_of_a_concluded_sheet_is_read_and_offers_no_return(sheet, client):
    mark(sheet.member, sheet.application, ["buono"] * 3)
    client.force_login(sheet.member.user)
    address = reverse("sheet_history", args=[sheet.pk])
    page = text(client.get(address))
    assert ("Motivo di a1" in page, "Rimetti com'era" in page) == (True, False)
    response = client.post(address, {"moment": sheet.edits.first().pk})
    assert (response.status_code, "lo stato è «Conclusa»" in text(response)) == (409, True)


# The page


def test_the_sheet_says_who_reopened_it_when_and_why(sheet, client):
    mark(sheet.member, sheet.application, ["buono"] * 3)
    reopen_sheet(sheet, by=sheet.member.user, at=MARKED_AT, reason="Ho riletto il piano.")
    client.force_login(sheet.member.user)
    page = text(client.get(reverse("sheet", args=[sheet.pk])))
    assert (
        f"{sheet.member.user} ha riaperto la scheda: mercoledì 3 novembre 2021, ore 15:00:00. Motivo: Ho riletto il piano."
        in page
    )


@pytest.mark.parametrize("moments", [1, 4])
def test_the_roads_of_a_sheet_cost_the_same_however_much_was_written(sheet, client, moments, django_assert_num_queries):
    for minute in range(moments):
        given = {"a1": (Decimal("0.8"), f"Testo {minute}"), "b1": (Decimal("1"), f"Testo {minute}")}
        save_marks(sheet, given, by=sheet.member.user, at=MARKED_AT + timedelta(minutes=minute))
    client.force_login(sheet.member.user)
    with django_assert_num_queries(7):
        client.get(reverse("sheet_history", args=[sheet.pk]))
    body = json.dumps({"fields": {"c1": typed(2, "0.8", "Chiaro.")}})
    with django_assert_num_queries(14):
        client.post(reverse("sheet_autosave", args=[sheet.pk]), body, content_type="application/json")
    with django_assert_num_queries(3):
        client.get(reverse("evaluation_session"))


@pytest.mark.parametrize("bases", ["[" * 100_000, "[]", "1", "\x00"], ids=["nested", "list", "number", "nul"])
def test_a_page_that_sends_no_fingerprints_that_can_be_read_loses_nothing(client, sheet, bases):
    client.force_login(sheet.member.user)
    sent = client.post(reverse("sheet", args=[sheet.pk]), {"reason-0": "Motivo.", "__bases": bases})
    assert (sent.status_code, stored(sheet)) == (302, {"a1": (None, "Motivo.")})

"""What the people of a body read when the call changes after they began or sent, and what they do about it."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications import checking
from applications.actions import save_section
from applications.confirming import concerned, must_confirm, news, rules_answered, unconfirmed
from applications.models import Application
from applications.progress import fingerprint
from applications.standing import standing
from bando.deadlines import rome
from bando.models import Call
from bando.notice.parse import parse
from tests.builders import (
    AFTER,
    DEADLINE,
    WORKDAY,
    complete_draft,
    draft_application,
    load_fixture_call,
    official,
    send,
    submitted_application,
)
from tests.builders_amending import extend, rectify, revoke
from tests.clock import arriving
from tests.pages import text

pytestmark = pytest.mark.django_db
LATER = rome(2021, 10, 14, 10)
WEEK_LATER = DEADLINE + timedelta(days=7)
CAUSE = "rettifica n. 1, 14 ottobre 2021"


@pytest.fixture
def call() -> Call:
    return load_fixture_call()


def more_places(data: dict[str, Any]) -> None:
    data["areas"][0]["places"] += 1


def fewer_places(data: dict[str, Any]) -> None:
    data["areas"][0]["places"] -= 1


def other_title(data: dict[str, Any]) -> None:
    data["title"] = "Un altro titolo"


def ask_for_steps(data: dict[str, Any]) -> None:
    section = next(section for section in data["sections"] if section["code"] == "spazio")
    section["questions"] = [*section["questions"], {"code": "gradini", "label": "Ci sono gradini?", "type": "yes_no"}]


def fresh(application: Application) -> Application:
    return Application.objects.with_call().get(pk=application.pk)


def page(client: Client, name: str, application: Application, at=LATER) -> str:
    client.force_login(application.created_by)
    with arriving(at):
        return text(client.get(reverse(name, args=[application.pk])))


# What must be confirmed


@pytest.mark.parametrize(
    ("area", "changes", "expected"),
    [
        ("area-1", [other_title], False),
        ("area-1", [more_places], True),
        ("area-2", [more_places], False),
        ("area-1", [more_places, other_title], True),
        ("area-1", [more_places, fewer_places], False),  # what is undone leaves nothing to confirm
    ],
)
def test_what_was_sent_is_confirmed_when_what_it_answers_has_changed(call, area, changes, expected):
    sent = submitted_application(call, area)
    for change in changes:
        rectify(Call.objects.get(), change, by=official(), at=LATER)
    assert must_confirm(fresh(sent)) == expected
    assert sum(row.number for row in unconfirmed([Call.objects.get()])) == expected


def test_an_extension_leaves_nothing_to_confirm_and_nothing_to_send(call):
    sent = submitted_application(call)
    reviewed = fingerprint(sent)
    extend(call, WEEK_LATER, by=official(), at=LATER)
    assert (must_confirm(fresh(sent)), fingerprint(fresh(sent))) == (False, reviewed)
    assert standing(fresh(sent), LATER).body.endswith("Puoi cambiarla e inviarla di nuovo fino alla scadenza.")


def test_whom_a_change_would_reach_is_counted_before_it_is_published(call):
    submitted_application(call)
    submitted_application(call, "area-2")
    draft_application(call)
    draft_application(call, "area-2")
    checking.start_check(submitted_application(call), by=official(), at=DEADLINE + timedelta(days=1))
    data = json.loads(call.version.canonical)
    more_places(data)
    found = concerned(call, parse(data))
    assert (found.drafts, found.sent, found.touched_drafts, found.confirm) == (2, 3, 1, 1)


def test_what_was_never_confirmed_is_read_with_the_rules_it_answered(call):
    sent = submitted_application(call)
    assert rules_answered(fresh(sent)).area("area-1").places == 20
    rectify(call, more_places, by=official(), at=LATER)
    unconfirmed_one = fresh(sent)
    assert (rules_answered(unconfirmed_one).area("area-1").places, unconfirmed_one.area.places) == (20, 21)
    send(unconfirmed_one, at=LATER)
    assert rules_answered(fresh(sent)).area("area-1").places == 21


# What is said


@pytest.mark.parametrize(
    ("at", "title", "words"),
    [
        (
            DEADLINE,
            "Conferma la domanda",
            f"L'avviso è cambiato dopo l'invio ({CAUSE}), in qualcosa a cui hai risposto. Rileggi la domanda e inviala di nuovo "
            "entro la scadenza: lunedì 18 ottobre 2021, ore 12:00:00. Fino ad allora vale quella inviata (lunedì 11 ottobre "
            "2021, ore 10:42:00, numero {number}), con la versione 1 dell'avviso.",
        ),
        (
            AFTER,
            "Domanda inviata e non confermata",
            f"L'avviso è cambiato dopo l'invio ({CAUSE}) e la domanda non è stata confermata entro la scadenza: lunedì 18 ottobre "
            "2021, ore 12:00:00. Resta ricevuta come l'hai inviata (lunedì 11 ottobre 2021, ore 10:42:00, numero {number}): "
            "l'ufficio giudica nella verifica che cosa conta di quello che è cambiato.",
        ),
    ],
)
def test_the_standing_says_that_the_call_changed_and_what_the_application_is_worth(call, at, title, words):
    sent = submitted_application(call)
    rectify(call, more_places, by=official(), at=LATER)
    found = standing(fresh(sent), at)
    assert (found.kind, found.title, found.body) == ("warning", title, words.format(number=sent.number))


def test_confirming_is_reading_again_what_changed_and_sending(call, client):
    sent = submitted_application(call)
    rectify(call, more_places, by=official(), at=LATER)
    hub = page(client, "application", sent)
    assert "L'avviso è cambiato: Rettifica n. 1, 14 ottobre 2021 Tocca qualcosa a cui hai risposto." in hub
    assert "Area 1, posti Cambiato Prima 20 Adesso 21" in hub
    assert "Hai cambiato la domanda" not in hub
    assert "Rileggi e conferma" in my_applications(client, sent)
    review = page(client, "application_review", sent)
    assert "Conferma e invia di nuovo" in review
    assert "Area 1, posti Cambiato Prima 20 Adesso 21" in review
    with arriving(LATER):
        client.post(reverse("application_submit", args=[sent.pk]), {"reviewed": fingerprint(fresh(sent))})
    now = fresh(sent)
    assert (now.number, now.current.sequence, now.current.call_version.number) == (sent.number, 2, 2)
    assert (must_confirm(now), news(now)) == (False, [])
    receipt = page(client, "application_receipt", sent)
    assert re.search(r"Versione dell'avviso 2 [0-9a-f ]{71}", receipt)
    assert "Questa è la domanda che hai già inviato" in page(client, "application_review", sent)


def my_applications(client: Client, application: Application) -> str:
    client.force_login(application.created_by)
    with arriving(LATER):
        return client.get(reverse("my_applications")).content.decode()


def test_when_the_new_version_asks_more_the_hub_says_what_is_missing(call, client):
    sent, draft = submitted_application(call), complete_draft(draft_application(call))
    rectify(call, ask_for_steps, by=official(), at=LATER)
    for application, words in [(sent, "Tocca qualcosa a cui hai risposto."), (draft, "Tocca la tua bozza.")]:
        hub = page(client, "application", application)
        assert words in hub
        assert "Manca 1 risposta." in hub
    assert "Non puoi ancora inviare: manca «Lo Spazio proposto»." in page(client, "application_review", sent)
    stored = sent.drafts.get(section="spazio")
    save_section(
        sent,
        "spazio",
        answers=stored.answers | {"gradini": "no"},
        problems={},
        base_version=stored.version,
        by=sent.created_by,
        at=LATER,
    )
    assert send(fresh(sent), at=LATER).answers["spazio"]["gradini"] is False


@pytest.mark.parametrize("area", ["area-1", "area-2"])
def test_what_is_not_touched_is_told_that_there_is_nothing_to_do(call, client, area):
    sent = submitted_application(call, area)
    extend(call, WEEK_LATER, by=official(), at=LATER)
    rectify(Call.objects.get(), other_title if area == "area-1" else more_places, by=official(), at=LATER)
    hub = page(client, "application", sent)
    assert "C'è una nuova scadenza: lunedì 25 ottobre 2021, ore 12:00:00. Nient'altro cambia. Non devi fare niente." in hub
    assert "Non cambia niente di quello a cui rispondi. Non devi fare niente." in hub
    assert "Domanda inviata" in hub


def test_a_call_that_is_as_it_was_published_costs_no_query(call, django_assert_num_queries):
    sent, draft = fresh(submitted_application(call)), fresh(draft_application(call))
    with django_assert_num_queries(0):
        assert [news(sent), news(draft), must_confirm(sent)] == [[], [], False]
    rectify(call, more_places, by=official(), at=LATER)
    sent = fresh(sent)
    with django_assert_num_queries(2):  # the version that was answered, the amendments
        assert len(news(sent)) == 1


def test_an_amendment_is_news_for_a_draft_begun_before_it_and_not_after(call):
    before = draft_application(call)
    rectify(call, more_places, by=official(), at=WORKDAY)  # in the same moment in which the draft began
    assert [found.amendment.number for found in news(fresh(before))] == [1]
    Application.objects.filter(pk=before.pk).update(created_at=WORKDAY + timedelta(microseconds=1))
    assert news(fresh(before)) == []


def test_a_revoked_call_says_so_and_asks_nothing_to_be_confirmed(call, client):
    sent = submitted_application(call)
    revoke(call, by=official(), at=LATER, reason="Mancano i fondi.")
    hub = page(client, "application", sent)
    assert "Avviso revocato" in hub
    assert "Conferma la domanda" not in hub

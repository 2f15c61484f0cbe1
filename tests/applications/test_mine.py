"""The list, the beginning and the hub: what was sent and what was not, in words."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.actions import remove_attachment, withdraw
from applications.models import Application
from applications.progress import Status, missing, tasks
from applications.standing import standing
from tests.builders import (
    AFTER,
    DEADLINE,
    OPENING,
    WORKDAY,
    attach_pdf,
    body,
    complete_draft,
    draft_application,
    load_fixture_call,
    official,
    person,
    send,
    submitted_application,
)
from tests.builders_amending import revoke
from tests.clock import arriving


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def words(page: str) -> str:
    """The text of a page, without tags and with plain apostrophes."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page)).replace("&#x27;", "'")


# --- standing ---------------------------------------------------------------------------------------------------------


def told(application: Application, at) -> tuple[str, str, str]:
    found = standing(Application.objects.with_call().get(pk=application.pk), at)
    return found.kind, found.title, found.body


@pytest.mark.parametrize(
    ("moment", "kind", "title", "end"),
    [
        (OPENING - timedelta(days=1), "warning", "Domanda non ancora inviata", "lunedì 18 ottobre 2021, ore 12:00:00."),
        (WORKDAY, "warning", "Domanda non ancora inviata", "entro la scadenza: lunedì 18 ottobre 2021, ore 12:00:00."),
        (DEADLINE, "warning", "Domanda non ancora inviata", "entro la scadenza: lunedì 18 ottobre 2021, ore 12:00:00."),
        (AFTER, "danger", "Domanda non inviata", "La bozza non è stata inviata e non partecipa. Puoi ancora leggerla."),
    ],
)
def test_a_draft_never_looks_like_something_sent(db, moment, kind: str, title: str, end: str) -> None:
    found = told(draft_application(), moment)
    assert found[:2] == (kind, title)
    assert found[2].endswith(end)


def test_what_was_sent_says_when_it_arrived_and_under_which_number(db) -> None:
    application = submitted_application()
    number = application.number
    assert told(application, WORKDAY) == (
        "success",
        "Domanda inviata",
        f"L'abbiamo ricevuta: lunedì 11 ottobre 2021, ore 10:42:00. Il numero è {number}. Puoi cambiarla e inviarla di nuovo "
        "fino alla scadenza.",
    )
    assert told(application, AFTER) == (
        "success",
        "Domanda inviata",
        f"L'abbiamo ricevuta in tempo: lunedì 11 ottobre 2021, ore 10:42:00. Il numero è {number}.",
    )


def test_what_was_changed_after_sending_says_what_counts(db) -> None:
    application = submitted_application()
    attach_pdf(application, "lettere-della-rete")
    assert told(application, WORKDAY) == (
        "warning",
        "Hai cambiato la domanda dopo l'invio",
        "Vale quella inviata (lunedì 11 ottobre 2021, ore 10:42:00) finché non invii di nuovo. Puoi farlo entro la scadenza: "
        "lunedì 18 ottobre 2021, ore 12:00:00.",
    )
    assert told(application, AFTER) == (
        "success",
        "Vale la domanda inviata",
        f"Il termine è scaduto. Vale la domanda {application.number} che hai inviato: lunedì 11 ottobre 2021, ore 10:42:00. "
        "Le modifiche fatte dopo non contano.",
    )


def test_a_withdrawn_application_and_a_revoked_call_say_so(db) -> None:
    application = submitted_application()
    withdraw(application, by=application.created_by, at=WORKDAY)
    assert told(application, AFTER)[1] == "Domanda ritirata"
    other = draft_application(application.call)
    revoke(application.call, by=official(), at=WORKDAY, reason="Errore nel testo")
    assert told(other, WORKDAY)[1] == "Avviso revocato"


# --- progress ---------------------------------------------------------------------------------------------------------


def statuses(application: Application) -> dict[str, str]:
    return {task.code: str(task.status) for task in tasks(Application.objects.get(pk=application.pk))}


def test_the_hub_follows_the_application_in_five_words(db) -> None:
    application = draft_application()
    assert set(statuses(application).values()) == {"todo", "locked"}
    complete_draft(application)
    done = statuses(application)
    assert done.pop("review") == "todo"
    assert set(done.values()) == {"done"}
    send(application)
    assert statuses(application)["review"] == "done"
    remove_attachment(application.attachments.get(rule="statuto"), by=application.created_by, at=WORKDAY)
    assert statuses(application) | {"attachments": "doing", "review": "locked"} == statuses(application)


@pytest.mark.parametrize(
    ("typed", "status", "hint"),
    [
        ({"anni-di-attivita": ""}, Status.DOING, "Mancano 3 risposte."),
        ({"anni-di-attivita": "tanti"}, Status.FIX, "C'è 1 risposta da correggere."),
    ],
)
def test_what_is_missing_is_not_what_is_wrong(db, typed: dict, status: Status, hint: str) -> None:
    application = draft_application()
    with arriving(WORKDAY):
        url = reverse("application_section", args=[application.pk, "esperienza"])
        signed_in(application.created_by).post(url, {**typed, "__version": "0", "then": "hub"})
    task = next(task for task in tasks(application) if task.code == "esperienza")
    assert (task.status, task.hint) == (status, hint)


def test_every_gap_leads_to_the_page_that_mends_it(db) -> None:
    application = draft_application()
    gaps = missing(application)
    assert [(gap.code, gap.url_name, gap.step) for gap in gaps[-2:]] == [
        ("dichiarazioni", "application_section", "dichiarazioni"),
        ("attachments", "application_attachments", ""),
    ]
    assert gaps[-1].sentences == (
        "Carica: Statuto e atto costitutivo.",
        "Carica: Curriculum delle persone che lavoreranno al progetto.",
        "Carica: Planimetria e fotografie dello Spazio.",
    )
    assert missing(complete_draft(application)) == []


def test_what_is_missing_costs_no_query_when_it_was_fetched(db, django_assert_num_queries) -> None:
    draft_application()
    with django_assert_num_queries(3):
        (found,) = Application.objects.with_call().prefetch_related("drafts", "attachments")
        assert len(missing(found)) == 10


# --- the list ---------------------------------------------------------------------------------------------------------


def test_an_empty_list_says_what_to_do(db) -> None:
    with arriving(WORKDAY):
        page = words(signed_in(person()).get(reverse("my_applications")).content.decode())
    assert "Non hai ancora domande" in page
    assert "Guarda gli avvisi" in page


def test_the_list_shows_mine_with_the_next_step_and_no_others(db) -> None:
    application = draft_application()
    draft_application(application.call)
    with arriving(WORKDAY):
        page = signed_in(application.created_by).get(reverse("my_applications")).content.decode()
    assert page.count("<article") == 1
    assert "Continua da «L'ente e chi lo rappresenta»" in words(page)


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_the_list_do_not_grow(db, rows: int) -> None:
    anna, call = person(), load_fixture_call()
    for _row in range(rows):
        submitted_application(call, by=anna, organisation=body(by=anna))
    client = signed_in(anna)
    with arriving(WORKDAY), CaptureQueriesContext(connection) as captured:
        page = client.get(reverse("my_applications")).content.decode()
    assert page.count("<article") == rows
    # session, user, applications, drafts, files, requests to complete, bodies, groups of others, checks that wait
    assert len(captured) == 9


# --- the beginning ----------------------------------------------------------------------------------------------------


def new(call, area: str = "area-1") -> str:
    return reverse("application_new", args=[call.slug, area])


def test_starting_needs_a_body(db) -> None:
    call = load_fixture_call()
    with arriving(WORKDAY):
        page = words(signed_in(person()).get(new(call)).content.decode())
    assert "Prima serve il tuo ente" in page
    assert "Inizia la domanda" not in page


def test_starting_leads_to_the_hub(db) -> None:
    call, anna = load_fixture_call(), person()
    alfa = body(by=anna)
    with arriving(WORKDAY):
        answer = signed_in(anna).post(new(call), {"organisation": str(alfa.pk)})
    application = Application.objects.get()
    assert answer["Location"] == reverse("application", args=[application.pk])
    assert (application.organisation, application.area_code, application.state) == (alfa, "area-1", "draft")


def test_a_body_that_has_one_is_led_to_it(db) -> None:
    application = draft_application()
    with arriving(WORKDAY):
        client = signed_in(application.created_by)
        page = client.get(new(application.call)).content.decode()
        again = client.post(new(application.call), {"organisation": str(application.organisation.pk)})
    assert "Ha già una domanda per questa area." in page
    assert reverse("application", args=[application.pk]) in page
    assert again.status_code == 200
    assert "Questo ente non è tra i tuoi" in again.content.decode()
    assert Application.objects.count() == 1


def test_nobody_starts_for_a_body_of_others(db) -> None:
    call, other = load_fixture_call(), body(by=person())
    anna = person()
    body(by=anna)
    with arriving(WORKDAY):
        answer = signed_in(anna).post(new(call), {"organisation": str(other.pk)})
    assert "Questo ente non è tra i tuoi: scegline un altro." in answer.content.decode()
    assert not Application.objects.exists()


@pytest.mark.parametrize(("moment", "status"), [(OPENING - timedelta(hours=1), 302), (DEADLINE, 302), (AFTER, 409)])
def test_a_draft_is_started_until_the_deadline(db, moment, status: int) -> None:
    call, anna = load_fixture_call(), person()
    alfa = body(by=anna)
    with arriving(moment):
        answer = signed_in(anna).post(new(call), {"organisation": str(alfa.pk)})
    assert answer.status_code == status
    assert Application.objects.count() == (status == 302)


def test_after_the_deadline_the_first_page_says_so_and_offers_nothing(db) -> None:
    call, anna = load_fixture_call(), person()
    body(by=anna)
    with arriving(AFTER):
        page = words(signed_in(anna).get(new(call)).content.decode())
    assert "Il termine è scaduto: lunedì 18 ottobre 2021, ore 12:00:00. Non si può più scrivere né caricare niente." in page
    assert "Inizia la domanda" not in page


def test_an_area_that_the_call_does_not_have_is_not_found(db) -> None:
    call = load_fixture_call()
    with arriving(WORKDAY):
        client = signed_in(person())
        assert client.get(new(call, "area-9")).status_code == 404
        assert client.get(reverse("application_new", args=["altro", "area-1"])).status_code == 404


# --- the hub ----------------------------------------------------------------------------------------------------------


def hub(application: Application) -> str:
    return reverse("application", args=[application.pk])


def test_the_hub_says_that_nothing_was_sent_yet(db) -> None:
    application = complete_draft(draft_application())
    with arriving(WORKDAY):
        page = words(signed_in(application.created_by).get(hub(application)).content.decode())
    assert "Domanda non ancora inviata" in page
    assert "10 sezioni su 10 completate" in page
    assert "Mancano 7 giorni e 1 ora" in page


def test_the_hub_after_the_deadline_reads_and_does_not_write(db) -> None:
    application = submitted_application()
    with arriving(AFTER):
        page = words(signed_in(application.created_by).get(hub(application)).content.decode())
    assert "Puoi leggere tutto, ma non cambiare niente." in page
    assert "Ritira la domanda" not in page
    assert "Controlla e invia" not in page
    assert "Rileggi tutta la domanda" in page
    assert "Domanda inviata" in page


def test_strangers_and_officials_find_nothing(db) -> None:
    application = submitted_application()
    with arriving(AFTER):
        for user in (person(), official()):
            assert signed_in(user).get(hub(application)).status_code == 404
    assert Client().get(hub(application)).status_code == 302


@pytest.mark.parametrize("sections", [0, 8])
def test_queries_of_the_hub_do_not_grow(db, sections: int) -> None:
    application = draft_application()
    if sections:
        complete_draft(application)
    client = signed_in(application.created_by)
    with arriving(WORKDAY), CaptureQueriesContext(connection) as captured:
        client.get(hub(application))
    assert len(captured) == (11 if sections else 9)

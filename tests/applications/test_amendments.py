"""The pages on which the office amends a call."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications.amending import draft_in_hand
from applications.models import Application
from bando.deadlines import rome
from bando.models import Amendment, Call
from documents.models import Document
from tests.builders import (
    AFTER,
    DEADLINE,
    WORKDAY,
    body,
    draft_application,
    load_fixture_call,
    official,
    person,
    small_pdf,
    submitted_application,
)
from tests.builders_amending import extend, rectification, rectify, revoke
from tests.history import history
from tests.pages import office_at, text
from workflow.duties import pay

pytestmark = pytest.mark.django_db
SLUG = "spazi-wemi-2021"
WEEK_LATER = rome(2021, 10, 25, 12)


@pytest.fixture
def call() -> Call:
    return load_fixture_call()


@pytest.fixture
def office(client):
    return office_at(client, WORKDAY)


def url(kind: str = "") -> str:
    return reverse("desk_amend", args=[SLUG, kind]) if kind else reverse("desk_amendments", args=[SLUG])


def typed(**changed: Any) -> dict[str, Any]:
    return {
        "act_number": "210/2021",
        "act_date": "11/10/2021",
        "reason": "Lo chiedono in molti.",
        "seen": "0",
        "kept": "",
        "deadline_day": "25/10/2021",
        "deadline_time": "12:00",
        "questions_day": "",
        "questions_time": "",
    } | changed


def hidden(response) -> dict[str, str]:
    """What the preview sends back."""
    found = re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', response.content.decode())
    return {name: unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def more_places(data: dict[str, Any]) -> None:
    data["areas"][0]["places"] += 1


@pytest.mark.parametrize(
    ("at", "possible"),
    [
        (DEADLINE, {"extension", "rectification", "revocation"}),
        (AFTER, {"reopening", "rectification", "revocation"}),
    ],
)
def test_the_page_offers_what_can_be_done_now_and_says_why_not_of_the_rest(office, call, at, possible):
    office.at = at
    with time_machine.travel(at, tick=False):  # a week later: one signs in again
        office.force_login(office.user)
    offered = office.get(url()).context["possible"]
    assert {entry["kind"] for entry in offered if not entry["against"]} == possible
    assert [len(entry["against"]) for entry in offered if entry["kind"] not in possible] == [1]
    links = set(re.findall(rf'href="/ufficio/avvisi/{SLUG}/modifiche/(\w+)/"', office.get(url()).content.decode()))
    assert links == possible


def test_an_extension_is_read_before_it_is_published(office, call):
    submitted_application(call)
    draft_application(call)
    preview = office.post(url("extension"), typed(preview="1"))
    assert (preview.status_code, Amendment.objects.count()) == (200, 0)
    said = text(preview)
    assert "Prima 18 ottobre 2021, ore 12:00 Adesso 25 ottobre 2021, ore 12:00" in said
    assert "1 bozza" in said
    assert "1 domanda inviata" in said
    assert "Scriviamo a 2 persone Scriviamo alla PEC di 1 ente" in said
    answer = office.post(url("extension"), hidden(preview) | {"publish": "1"})
    assert answer["Location"] == url()
    made = Amendment.objects.get()
    assert (made.act_number, made.after.notice.calendar.deadline, made.by) == ("210/2021", WEEK_LATER, office.user)
    assert history(Call.objects.get()) == ["publish", "extend"]


def test_a_kept_file_travels_with_the_act_and_nothing_typed_is_lost(office, call):
    wrong = SimpleUploadedFile("atto.txt", b"non sono un PDF", content_type="text/plain")
    refused = office.post(url("extension"), typed(act_file=wrong, preview="1"))
    assert refused.context["form"].errors == {
        "act_file": ["Il file «atto.txt» non si apre come PDF o P7M. Controlla il file e caricalo in questo formato."]
    }
    assert 'value="210/2021"' in refused.content.decode()
    right = SimpleUploadedFile("proroga.pdf", small_pdf("Proroga"), content_type="application/pdf")
    # A day is missing, and the file has come: it is kept, because a browser does not send it twice.
    mended = office.post(url("extension"), typed(act_file=right, deadline_day="", preview="1"))
    assert mended.context["form"].errors == {"deadline_day": ["Scrivi il giorno della nuova scadenza."]}
    assert "Il file dell'atto è già caricato: «proroga.pdf»" in text(mended)
    kept = hidden(mended)["kept"]
    preview = office.post(url("extension"), typed(kept=kept, preview="1"))
    assert "proroga.pdf (PDF," in text(preview)
    back = office.post(url("extension"), hidden(preview) | {"edit": "1"})
    assert (back.context["form"]["reason"].value(), hidden(back)["kept"]) == ("Lo chiedono in molti.", kept)
    office.post(url("extension"), hidden(preview) | {"publish": "1"})
    document = Document.objects.get(name="proroga.pdf")
    assert Amendment.objects.get().act_file == document
    served = office.get(reverse("call_amendment_file", args=[SLUG, 1]))
    assert (served["Content-Type"], b"".join(served.streaming_content)) == ("application/pdf", small_pdf("Proroga"))


def test_a_kept_file_is_of_who_brought_it_alone(office, call):
    right = SimpleUploadedFile("proroga.pdf", small_pdf("Proroga"), content_type="application/pdf")
    kept = hidden(office.post(url("extension"), typed(act_file=right, preview="1")))["kept"]
    with time_machine.travel(WORKDAY, tick=False):
        office.force_login(official())
    assert office.post(url("extension"), typed(kept=kept, preview="1")).context["file"] is None
    assert office.post(url("extension"), typed(kept="inventato", preview="1")).context["file"] is None


def test_of_two_officials_the_second_reads_the_first_and_loses_nothing(office, call):
    preview = office.post(url("extension"), typed(preview="1"))
    extend(call, rome(2021, 10, 20, 12), by=official(name="Enrico Primo"), at=WORKDAY)
    refused = office.post(url("extension"), hidden(preview) | {"publish": "1"})
    assert (refused.status_code, Amendment.objects.count()) == (409, 1)
    assert "Intanto Enrico Primo ha pubblicato un'altra modifica: proroga n. 1." in text(refused)
    form = refused.context["form"]
    assert [form[name].value() for name in ("act_number", "deadline_day", "reason", "seen")] == [
        "210/2021",
        "25/10/2021",
        "Lo chiedono in molti.",
        1,
    ]
    again = office.post(url("extension"), typed(seen="1", preview="1"))
    office.post(url("extension"), hidden(again) | {"publish": "1"})
    assert [row.number for row in Amendment.objects.all()] == [1, 2]


@pytest.mark.parametrize(
    ("changed", "errors"),
    [
        ({"act_number": ""}, {"act_number": ["Scrivi il numero dell'atto."]}),
        ({"act_date": "ieri"}, {"act_date": ["Scrivi il giorno con i numeri, per esempio 18/10/2021."]}),
        ({"reason": " "}, {"reason": ["Scrivi il motivo: lo leggono tutti."]}),
        ({"deadline_time": "mezzogiorno"}, {"deadline_time": ["Scrivi l'ora con i numeri, per esempio 12:00."]}),
        (
            {"deadline_day": "31/10/2021", "deadline_time": "02:30"},
            {"deadline_time": ["Quell'ora viene due volte, perché finisce l'ora legale: scegline un'altra."]},
        ),
        (
            {"deadline_day": "27/03/2022", "deadline_time": "02:30"},
            {"deadline_time": ["A quell'ora gli orologi saltano all'ora legale: scegline un'altra."]},
        ),
        ({"questions_day": "20/10/2021"}, {"questions_time": ["Scrivi giorno e ora, oppure lascia vuoti tutti e due."]}),
        ({"questions_time": "12:00"}, {"questions_day": ["Scrivi giorno e ora, oppure lascia vuoti tutti e due."]}),
        ({"questions_day": "20/10/2021", "questions_time": "12.00"}, {}),
    ],
)
def test_what_is_typed_wrong_is_told_beside_its_field(office, call, changed, errors):
    response = office.post(url("extension"), typed(preview="1", **changed))
    assert response.context["form"].errors == errors
    assert ("publish" in response.context) == (not errors)


def test_a_rectification_begins_in_the_editor_and_is_published_here(office, call):
    sent = submitted_application(call, organisation=body("Casa Aperta"))
    draft_application(call)
    assert "Comincia la rettifica" in text(office.get(url("rectification")))
    begun = office.post(url("rectification"), {"begin": "1"})
    draft = draft_in_hand(call)
    assert begun["Location"] == reverse("desk_draft", args=[draft.pk])
    same = office.post(url("rectification"), typed(shown=draft.version, preview="1"))
    assert (same.status_code, same.context["reasons"]) == (
        409,
        ["La bozza è uguale all'avviso in vigore: non c'è niente da rettificare."],
    )
    draft = rectification(call, more_places, by=office.user, at=WORKDAY)
    preview = office.post(url("rectification"), typed(shown=draft.version, preview="1"))
    said = text(preview)
    assert "Prima 20 Adesso 21" in said
    assert "1 bozza: 1 da riguardare 1 domanda inviata: 1 da confermare" in said
    assert "Deve rileggere la domanda e inviarla di nuovo entro la scadenza: lunedì 18 ottobre 2021, ore 12:00:00" in said
    # A colleague goes on writing: what was read is no more what would be published.
    rectification(call, lambda data: data.update(title="Un altro titolo"), by=official(name="Enrico Primo"), at=WORKDAY)
    refused = office.post(url("rectification"), hidden(preview) | {"publish": "1"})
    assert (refused.status_code, Amendment.objects.count()) == (409, 0)
    again = office.post(url("rectification"), hidden(preview) | {"preview": "1"})
    assert "Un altro titolo" in text(again)
    assert office.post(url("rectification"), hidden(again) | {"publish": "1"})["Location"] == url()
    assert (Call.objects.get().title, Application.objects.get(pk=sent.pk).current.call_version.number) == ("Un altro titolo", 1)
    assert "1 domanda ancora da confermare" in text(office.get(url()))
    assert "1 domanda è da confermare." in text(office.get(reverse("desk_call", args=[SLUG])))
    assert "(1 da confermare)" in text(office.get(reverse("desk")))


def test_a_call_is_revoked_with_its_act(office, call):
    preview = office.post(url("revocation"), typed(preview="1", reason="Mancano i fondi."))
    assert "Non si torna indietro." in text(preview)
    office.post(url("revocation"), hidden(preview) | {"publish": "1"})
    assert (Call.objects.get().state, Amendment.objects.get().reason) == ("revoked", "Mancano i fondi.")
    page = text(office.get(reverse("call", args=[SLUG])))
    assert "Avviso revocato Mancano i fondi." in page
    assert "Revoca n. 1" in page
    assert all(entry["against"] for entry in office.get(url()).context["possible"])


def test_no_such_amendment(office, call):
    assert office.get(reverse("desk_amend", args=[SLUG, "condono"])).status_code == 404


def test_the_page_tells_what_each_amendment_caused(office, call):
    submitted_application(call, by=person())
    draft_application(call)
    extend(call, WEEK_LATER, by=office.user, at=WORKDAY)
    assert office.get(url()).context["entries"][0]["told"] == {}
    while pay(WORKDAY):
        pass
    assert office.get(url()).context["entries"][0]["told"] == {"people": 2, "bodies": 1, "waiting": 0}
    assert "2 persone avvisate 1 PEC di un ente mandata" in text(office.get(url()))


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_cost_the_same_with_one_row_and_with_three(office, call, count, django_assert_num_queries):
    for _row in range(count):
        submitted_application(Call.objects.get())
        rectify(Call.objects.get(), more_places, by=office.user, at=WORKDAY)
    while pay(WORKDAY):
        pass
    office.get(url())
    # The session and the person, and then
    with django_assert_num_queries(
        2 + 9
    ):  # call, amendments, mails, letters, to confirm, versions, draft, two rules of the reopening
        office.get(url())
    revoke(Call.objects.get(), by=office.user, at=WORKDAY, reason="Mancano i fondi.")
    with django_assert_num_queries(2 + 3):  # call, amendment with its versions, their papers
        office.get(reverse("call_amendment", args=[SLUG, 1]))

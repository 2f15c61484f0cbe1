"""Saving field by field: whatever is typed is kept, nobody overwrites anybody, and every answer is one that a script reads."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Membership
from applications.actions import save_units
from applications.merging import fingerprint
from applications.models import Application, SectionDraft
from applications.progress import drafts_of, judged, sections
from applications.sections.units import units_of
from bando.deadlines import rome
from tests.applications.asking import asking_call
from tests.builders import (
    AFTER,
    DEADLINE,
    WORKDAY,
    complete_draft,
    draft_application,
    official,
    person,
    submitted_application,
)
from tests.clock import arriving
from tests.pages import text
from tests.together import together

BLANK = fingerprint({})
NEED = "contesto-e-bisogni"
"""A long text of the section «proposta» of the real call."""


@pytest.fixture
def application(db) -> Application:
    return draft_application(by=person("anna@esempio.it", "Anna Bianchi"))


@pytest.fixture
def anna(application: Application) -> Client:
    return signed_in(application.created_by)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def marco(application: Application) -> Client:
    colleague = person("marco@esempio.it", "Marco Rossi")
    Membership.objects.create(user=colleague, organisation=application.organisation)
    return signed_in(colleague)


def address(application: Application, step: str = "proposta", route: str = "application_autosave") -> str:
    return reverse(route, args=[application.pk, step])


def send(client: Client, application: Application, fields: Any, step: str = "proposta", *, at: Any = WORKDAY, **more: Any):
    body = json.dumps({"fields": fields, "version": 0, **more})
    with arriving(at):
        return client.post(address(application, step), body, content_type="application/json")


def field(base: str = BLANK, **typed: Any) -> dict[str, Any]:
    return {"typed": typed, "base": base}


def test_a_field_is_kept_and_the_answer_says_when(anna: Client, application: Application) -> None:
    answer = send(anna, application, {"titolo": field(titolo="Casa aper")})
    draft = application.drafts.get()
    assert (draft.answers["titolo"], draft.version, draft.saved_at) == ("Casa aper", 1, WORKDAY)
    assert answer.json() == {
        "version": 1,
        "saved_at": WORKDAY.isoformat(),
        "said": "Bozza salvata alle 10:42.",
        "now": WORKDAY.isoformat(),
        "bases": {"titolo": fingerprint({"titolo": "Casa aper"})},
        "conflicts": [],
        "others": [],
        "clock": "",
    }


def test_a_field_goes_on_from_the_base_that_the_answer_gave(anna: Client, application: Application) -> None:
    base = BLANK
    for typed in ("C", "Ca", "Cas"):
        base = send(anna, application, {"titolo": field(base, titolo=typed)}).json()["bases"]["titolo"]
    assert (application.drafts.get().answers["titolo"], application.drafts.get().version) == ("Cas", 3)


@pytest.mark.parametrize(
    ("step", "unit", "typed", "kept"),
    [
        ("esperienza", "anni-di-attivita", {"anni-di-attivita": "1,,"}, {"anni-di-attivita": "1,,"}),
        ("proposta", "titolo", {"titolo": "è" * 5000}, {"titolo": "è" * 5000}),
        ("proposta", NEED, {NEED: "uno\r\ndue\x00 👩‍👧"}, {NEED: "uno\ndue 👩‍👧"}),
        ("proposta", "titolo", {"titolo": "mezzo \ud83d"}, {"titolo": "mezzo \ufffd"}),
        ("proposta", "titolo", {"titolo": "Sì", "altro": "no", "csrfmiddlewaretoken": "no"}, {"titolo": "Sì"}),
    ],
)
def test_what_is_wrong_is_kept_as_it_is_typed_and_nothing_else_is(
    anna: Client, application: Application, step: str, unit: str, typed: dict, kept: dict
) -> None:
    answer = send(anna, application, {unit: field(**typed), "niente": field(niente="x")}, step)
    assert (answer.status_code, application.drafts.get().answers) == (200, kept)
    assert list(answer.json()["bases"]) == [unit]


def test_what_is_still_wrong_is_found_while_it_is_saved(anna: Client, application: Application) -> None:
    send(anna, application, {"anni-di-attivita": field(**{"anni-di-attivita": "tanti"})}, "esperienza")
    draft = application.drafts.get()
    section = next(section for section in sections(application) if section.code == "esperienza")
    assert draft.problems["anni-di-attivita"] == [{"code": "unreadable", "sentence": "Scrivi un numero, per esempio 12."}]
    assert (draft.problems, draft.judged_by) == judged(application, section, draft.answers)


def test_a_table_a_choice_and_a_declaration_are_units_too(db) -> None:
    application = draft_application(asking_call(), "uno")
    anna = signed_in(application.created_by)
    fields = {"rete": field(rete="yes"), "impegno": field(impegno=["on"]), "giorni": field(giorni=["lun", "dom"])}
    answer = send(anna, application, fields, "ente")
    assert application.drafts.get().answers == {"rete": "yes", "impegno": "on", "giorni": ["lun", "dom"]}
    untick = field(answer.json()["bases"]["impegno"], impegno=[])
    send(anna, application, {"impegno": untick}, "ente")
    assert application.drafts.get().answers["impegno"] == ""

    rows = {"partner__1__nome": "Alfa", "partner__1__quota": "10", "partner__3__nome": "Gamma"}
    base = send(anna, application, {"partner": field(**rows)}, "rete").json()["bases"]["partner"]
    rest = {"partner__1__nome": "Alfa", "partner__3__nome": ""}
    send(anna, application, {"partner": field(base, **rest)}, "rete")
    filled = {name: typed for name, typed in application.drafts.get(section="rete").answers.items() if typed}
    assert filled == {"partner__1__nome": "Alfa"}


def test_two_people_who_write_in_different_fields_are_both_kept(anna: Client, marco: Client, application: Application) -> None:
    send(anna, application, {"titolo": field(titolo="Di Anna")})
    answer = send(marco, application, {NEED: field(**{NEED: "Di Marco"})}, at=WORKDAY + timedelta(seconds=20))
    assert application.drafts.get().answers == {"titolo": "Di Anna", NEED: "Di Marco"}
    assert (answer.json()["conflicts"], answer.json()["others"]) == ([], ["Anna Bianchi sta scrivendo in questa sezione."])


@pytest.mark.parametrize(("seconds", "present"), [(59, True), (60, False)])
def test_who_saved_a_minute_ago_is_no_longer_writing(
    anna: Client, marco: Client, application: Application, seconds: int, present: bool
) -> None:
    send(anna, application, {"titolo": field(titolo="Di Anna")})
    answer = send(marco, application, {NEED: field(**{NEED: "x"})}, at=WORKDAY + timedelta(seconds=seconds))
    assert bool(answer.json()["others"]) is present


def test_two_people_who_write_in_the_same_field_are_shown_both_texts(
    anna: Client, marco: Client, application: Application
) -> None:
    send(anna, application, {"titolo": field(titolo="Di Anna")})
    mine = {"titolo": field(titolo="Di Marco"), NEED: field(**{NEED: "Anche questo"})}
    later = WORKDAY + timedelta(minutes=3)
    answer = send(marco, application, mine, at=later).json()
    theirs = fingerprint({"titolo": "Di Anna"})
    assert answer["conflicts"] == [
        {
            "unit": "titolo",
            "label": "Titolo della proposta",
            "theirs": {"titolo": "Di Anna"},
            "theirs_shown": "Di Anna",
            "by": "Anna Bianchi",
            "at": WORKDAY.astimezone(UTC).isoformat(),
            "said": "Anna Bianchi ha cambiato questo campo alle 10:42. Leggi le due versioni e scegli quale tenere.",
            "base": theirs,
        }
    ]
    assert (list(answer["bases"]), application.drafts.get().answers) == ([NEED], {"titolo": "Di Anna", NEED: "Anche questo"})
    chosen = send(marco, application, {"titolo": field(theirs, titolo="Di Anna e di Marco")}, at=later)
    assert (chosen.json()["conflicts"], application.drafts.get().answers["titolo"]) == ([], "Di Anna e di Marco")


def test_a_field_that_only_the_other_changed_keeps_the_other_text(
    anna: Client, marco: Client, application: Application
) -> None:
    shown = send(anna, application, {"titolo": field(titolo="Prima")}).json()["bases"]["titolo"]
    send(marco, application, {"titolo": field(shown, titolo="Poi")})
    answer = send(anna, application, {"titolo": field(shown, titolo="Prima")}).json()
    assert (answer["conflicts"], answer["bases"], application.drafts.get().answers["titolo"]) == ([], {}, "Poi")


def test_an_answer_that_was_lost_is_no_quarrel_with_oneself(anna: Client, application: Application) -> None:
    send(anna, application, {"titolo": field(titolo="Casa")})  # saved, and the answer never came
    again = send(anna, application, {"titolo": field(titolo="Casa")}).json()
    assert (again["conflicts"], again["version"]) == ([], 1)
    leaving = field(titolo="Casa aperta") | {"sent": {"titolo": "Casa"}}  # the tab was closed while it was on its way
    assert send(anna, application, {"titolo": leaving}).json()["conflicts"] == []
    assert application.drafts.get().answers["titolo"] == "Casa aperta"


@pytest.mark.parametrize("saved_before", [True, False])
@pytest.mark.django_db(transaction=True)
def test_two_saves_at_once_keep_both(saved_before: bool) -> None:
    application = draft_application()
    section = next(section for section in sections(application) if section.code == "proposta")
    codes = {"titolo", "in-breve", "bisogni", "sede"}

    def saving(unit: str) -> Callable[[], Any]:
        fresh = Application.objects.get(pk=application.pk)
        return lambda: save_units(
            fresh,
            "proposta",
            units=codes,
            typed={unit: {unit: f"testo di {unit}"}},
            bases={unit: [BLANK]},
            judge=lambda answers: judged(fresh, section, answers),
            by=application.created_by,
            at=WORKDAY,
        )

    if saved_before:
        saving("sede")()
    together(*(saving(unit) for unit in ("titolo", "in-breve", "bisogni")))
    kept = {unit: f"testo di {unit}" for unit in ["titolo", "in-breve", "bisogni", *(["sede"] if saved_before else [])]}
    assert application.drafts.get().answers == kept
    assert application.drafts.get().version == len(kept)


# --- what the endpoint answers otherwise ------------------------------------------------------------------------------


def test_who_is_not_signed_in_is_told_so_and_not_sent_elsewhere(application: Application) -> None:
    answer = send(Client(), application, {"titolo": field(titolo="x")})
    assert (answer.status_code, answer.json()) == (401, {"signed_in": False})
    assert not SectionDraft.objects.exists()


def test_strangers_and_officials_find_nothing(application: Application) -> None:
    found = [send(signed_in(user), application, {"titolo": field(titolo="x")}).status_code for user in (person(), official())]
    assert found == [404, 404]
    assert send(signed_in(application.created_by), application, {}, "altra").status_code == 404


@pytest.mark.parametrize(
    ("at", "status"), [(DEADLINE, 200), (DEADLINE + timedelta(microseconds=1), 409), (DEADLINE + timedelta(days=1), 409)]
)
def test_after_the_deadline_it_says_why_nothing_is_saved(anna: Client, application: Application, at: Any, status: int) -> None:
    answer = send(anna, application, {"titolo": field(titolo="x")}, at=at)
    assert (answer.status_code, SectionDraft.objects.count()) == (status, int(status == 200))
    if status == 409:
        reason = "Il termine è scaduto: lunedì 18 ottobre 2021, ore 12:00:00. Non si può più scrivere né caricare niente."
        assert answer.json() == {"reasons": [reason]}


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "niente",
        '{"fields": []}',
        '{"fields": {"titolo": "x"}}',
        '{"fields": {"titolo": {"typed": {"titolo": 3}, "base": ""}}}',
        '{"fields": {"titolo": {"typed": {"titolo": [null]}, "base": ""}}}',
        '{"fields": {"titolo": {"typed": {"titolo": "x"}}}}',
        '{"fields": {"titolo": {"typed": {"titolo": "x"}, "base": "", "sent": "x"}}}',
        pytest.param("[" * 100_000, id="nested too deeply"),
    ],
)
def test_what_no_page_sends_is_not_saved(anna: Client, application: Application, body: str) -> None:
    with arriving(WORKDAY):
        answer = anna.post(address(application), body, content_type="application/json")
    assert (answer.status_code, SectionDraft.objects.count()) == (400, 0)
    assert answer.json() == {"reasons": ["La pagina ha mandato qualcosa che non sappiamo leggere: ricaricala."]}


def test_too_much_text_is_refused_with_what_to_do(anna: Client, application: Application, settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2000
    answer = send(anna, application, {"titolo": field(titolo="x" * 2000)})
    assert answer.status_code == 413
    assert answer.json() == {
        "reasons": ["È troppo testo per salvarlo in una volta. Il testo è ancora qui: accorcia quello che hai incollato."]
    }


def test_a_page_whose_token_is_old_takes_the_new_one_from_the_state(application: Application) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(application.created_by)
    body = json.dumps({"fields": {"titolo": field(titolo="x")}})
    with arriving(WORKDAY):
        old = client.post(address(application), body, content_type="application/json", headers={"X-CSRFToken": "vecchio"})
        token = client.get(reverse("application_state", args=[application.pk])).json()["csrf"]
        new = client.post(address(application), body, content_type="application/json", headers={"X-CSRFToken": token})
    assert (old.status_code, new.status_code) == (403, 200)


@pytest.mark.parametrize(
    ("device", "said"),
    [
        ((WORKDAY + timedelta(minutes=2)).isoformat(), ""),
        (
            (WORKDAY + timedelta(minutes=6)).isoformat(),
            "L'orologio del tuo dispositivo è avanti di 6 minuti. Guarda l'ora che vedi qui.",
        ),
        ("ieri", ""),
    ],
)
def test_the_clock_of_the_device_is_told_and_decides_nothing(anna: Client, application: Application, device, said) -> None:
    answer = send(anna, application, {"titolo": field(titolo="x")}, device_clock=device)
    assert (answer.json()["clock"], application.drafts.get().saved_at) == (said, WORKDAY)


def queries(client: Client, call: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        call()
    # Session, user and the event of each attempt are counted by their own tests.
    apart = ("django_session", 'FROM "accounts_user" ', '"applications_event"')
    return sum(not any(table in q["sql"] for table in apart) for q in captured)


def test_saving_a_field_takes_eight_queries_however_much_is_there(
    anna: Client, marco: Client, application: Application
) -> None:
    with arriving(WORKDAY):
        complete_draft(application)
    base = fingerprint({"titolo": application.drafts.get(section="proposta").answers["titolo"]})
    first = queries(anna, lambda: send(anna, application, {"titolo": field(base, titolo="Uno")}))
    again = {"titolo": field(fingerprint({"titolo": "Uno"}), titolo="Due")}
    assert (first, queries(anna, lambda: send(anna, application, again))) == (8, 8)


# --- the state --------------------------------------------------------------------------------------------------------


def test_the_state_says_who_is_signed_in_and_where_the_application_stands(anna: Client, application: Application) -> None:
    url = reverse("application_state", args=[application.pk])
    with arriving(WORKDAY):
        found = anna.get(url).json()
    ends = Session.objects.get().expire_date
    assert {name: found[name] for name in ("signed_in", "user", "state", "number", "sent_at", "session_ends")} == {
        "signed_in": True,
        "user": application.created_by.pk,
        "state": "draft",
        "number": None,
        "sent_at": None,
        "session_ends": ends.isoformat(),
    }
    assert found["standing"].startswith("Domanda non ancora inviata. È una bozza: l'ufficio non la vede.")
    signed_out = Client().get(url)
    assert (signed_out.status_code, signed_out.json()) == (401, {"signed_in": False})
    assert signed_in(person()).get(url).status_code == 404


def test_the_state_of_what_was_sent_has_its_number_and_moment(db) -> None:
    application = submitted_application()
    with arriving(WORKDAY):
        found = signed_in(application.created_by).get(reverse("application_state", args=[application.pk])).json()
    assert (found["state"], found["number"], found["sent_at"]) == (
        "submitted",
        application.number,
        WORKDAY.astimezone(UTC).isoformat(),
    )


def test_who_wants_to_stay_has_a_session_that_lasts_anew(anna: Client, application: Application) -> None:
    soon = Session.objects.get().expire_date - timedelta(hours=11)
    Session.objects.update(expire_date=soon)
    url = reverse("application_state", args=[application.pk])
    with arriving(WORKDAY):
        assert anna.get(url).json()["session_ends"] == soon.isoformat()
        assert anna.post(url).json()["signed_in"] is True
    assert Session.objects.get().expire_date > soon + timedelta(hours=10)


# --- the history ------------------------------------------------------------------------------------------------------


def edits(application: Application) -> list[tuple[str, int, dict]]:
    return [(edit.by.name, edit.version, edit.changes) for edit in application.drafts.get().edits.order_by("version")]


@pytest.mark.parametrize(("minutes", "lines"), [(4, 1), (5, 2)])
def test_saves_of_one_person_within_five_minutes_are_one_line(
    anna: Client, application: Application, minutes: int, lines: int
) -> None:
    base = send(anna, application, {NEED: field(**{NEED: "Uno"})}).json()["bases"][NEED]
    send(anna, application, {NEED: field(base, **{NEED: "Uno e due"})}, at=WORKDAY + timedelta(minutes=minutes))
    last = ("Anna Bianchi", 2, {NEED: "Uno e due"})
    assert edits(application) == ([last] if lines == 1 else [("Anna Bianchi", 1, {NEED: "Uno"}), last])


def test_a_save_of_somebody_else_closes_the_line(anna: Client, marco: Client, application: Application) -> None:
    base = BLANK
    for client, typed in ((anna, "Uno"), (marco, "Due"), (anna, "Tre")):
        base = send(client, application, {NEED: field(base, **{NEED: typed})}).json()["bases"][NEED]
    assert edits(application) == [
        ("Anna Bianchi", 1, {NEED: "Uno"}),
        ("Marco Rossi", 2, {NEED: "Due"}),
        ("Anna Bianchi", 3, {NEED: "Tre"}),
    ]


def test_what_is_taken_away_is_written_as_nothing(anna: Client, application: Application) -> None:
    base = send(anna, application, {NEED: field(**{NEED: "Uno"})}).json()["bases"][NEED]
    send(anna, application, {NEED: field(base, **{NEED: ""})}, at=WORKDAY + timedelta(minutes=9))
    assert edits(application)[-1] == ("Anna Bianchi", 2, {NEED: None})


@pytest.fixture
def rewritten(anna: Client, marco: Client, application: Application) -> Application:
    """A long text of Anna's that Marco rewrote, and she made longer."""
    base = BLANK
    for minutes, client, typed in ((0, anna, "Il primo."), (1, marco, "Il secondo."), (2, anna, "Il terzo.")):
        fields = {NEED: field(base, **{NEED: typed})}
        base = send(client, application, fields, at=WORKDAY + timedelta(minutes=minutes)).json()["bases"][NEED]
    return application


def test_the_history_has_the_earlier_texts_newest_first(anna: Client, rewritten: Application) -> None:
    with arriving(WORKDAY):
        page = text(anna.get(address(rewritten, route="application_history")))
    assert "Il testo di adesso: Anna Bianchi, lunedì 11 ottobre 2021, ore 10:44:00 Il terzo." in page
    second, first = page.index("Marco Rossi, lunedì 11 ottobre 2021, ore 10:43:00 Il secondo."), page.index("Il primo.")
    assert second < first
    assert page.count("Rimetti questo testo") == 2


def test_a_text_that_is_brought_back_leaves_the_other_in_the_history(anna: Client, rewritten: Application) -> None:
    url = address(rewritten, route="application_history")
    back = {"name": NEED, "version": "1", "base": fingerprint({NEED: "Il terzo."})}
    with arriving(WORKDAY + timedelta(minutes=3)):
        answer = anna.post(url, back)
        page = text(anna.get(url))
    assert answer["Location"] == f"{address(rewritten, route='application_section')}#id_{NEED}"
    assert rewritten.drafts.get().answers[NEED] == "Il primo."
    assert "Il terzo." in page  # though the same person wrote it two minutes before


def test_a_text_that_changed_while_the_history_was_read_stays(anna: Client, rewritten: Application) -> None:
    url = address(rewritten, route="application_history")
    back = {"name": NEED, "version": "1", "base": fingerprint({NEED: "Il secondo."})}
    with arriving(WORKDAY + timedelta(minutes=3)):
        answer = anna.post(url, back)
    assert (answer.status_code, rewritten.drafts.get().answers[NEED]) == (409, "Il terzo.")
    assert "Il testo è cambiato mentre leggevi: guarda le versioni qui sotto e scegli di nuovo." in text(answer)


def test_after_the_deadline_the_history_is_read_and_brings_nothing_back(anna: Client, rewritten: Application) -> None:
    url = address(rewritten, route="application_history")
    back = {"name": NEED, "version": "1", "base": fingerprint({NEED: "Il terzo."})}
    with arriving(AFTER):
        page, answer = text(anna.get(url)), anna.post(url, back)
    assert ("Il secondo." in page, "Rimetti" in page, answer.status_code) == (True, False, 409)
    assert "Il termine è scaduto" in text(answer)


@pytest.mark.parametrize("back", [{"name": "titolo"}, {"version": "9"}, {"version": "x"}, {"name": "altro"}])
def test_only_what_the_history_has_can_be_brought_back(anna: Client, rewritten: Application, back: dict) -> None:
    with arriving(WORKDAY):
        answer = anna.post(
            address(rewritten, route="application_history"), {"name": NEED, "version": "1", "base": BLANK, **back}
        )
    assert answer.status_code == 404


def test_the_history_of_a_section_that_nobody_wrote_says_so(anna: Client, application: Application) -> None:
    with arriving(WORKDAY):
        page = text(anna.get(address(application, route="application_history")))
    assert "Finora nessun testo lungo di questa sezione è cambiato." in page


def test_queries_of_the_history_do_not_grow(anna: Client, marco: Client, application: Application) -> None:
    url = address(application, route="application_history")
    send(anna, application, {NEED: field(**{NEED: "Zero"})})
    with arriving(WORKDAY):
        counts = [queries(anna, lambda: anna.get(url))]
    base = fingerprint({NEED: "Zero"})
    for number, client in enumerate((marco, anna, marco, anna)):
        base = send(client, application, {NEED: field(base, **{NEED: f"Testo {number}"})}).json()["bases"][NEED]
    with arriving(WORKDAY):
        counts.append(queries(anna, lambda: anna.get(url)))
    assert counts == [4, 4]


def test_what_was_sent_is_changed_field_by_field_until_the_deadline(db) -> None:
    application = submitted_application()
    before = application.drafts.get(section="proposta")
    base = fingerprint({"titolo": before.answers["titolo"]})
    send(signed_in(application.created_by), application, {"titolo": field(base, titolo="Nuovo titolo")})
    after = application.drafts.get(section="proposta")
    assert after.answers == before.answers | {"titolo": "Nuovo titolo"}
    assert drafts_of(Application.objects.get(pk=application.pk))["proposta"].problems == {}
    assert application.current.answers["proposta"]["titolo"] == before.answers["titolo"]


def test_yesterday_is_said_with_its_day(anna: Client, marco: Client, application: Application) -> None:
    send(anna, application, {"titolo": field(titolo="Di Anna")}, at=rome(2021, 10, 10, 23, 59))
    answer = send(marco, application, {"titolo": field(titolo="Di Marco")}, at=rome(2021, 10, 11, 0, 1))
    (conflict,) = answer.json()["conflicts"]
    assert conflict["said"].startswith("Anna Bianchi ha cambiato questo campo il 10 ottobre 2021 alle 23:59.")


def test_every_unit_of_a_form_has_a_base_in_its_page(anna: Client, application: Application) -> None:
    with arriving(WORKDAY):
        complete_draft(application)
        form = anna.get(address(application, route="application_section")).context["form"]
        page = anna.get(address(application, route="application_section"))
    carried = json.loads(page.context["bases"])
    answers = application.drafts.get(section="proposta").answers
    assert list(carried) == list(units_of(type(form)))
    assert carried["titolo"] == fingerprint({"titolo": answers["titolo"]})

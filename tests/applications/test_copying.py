"""What is written once: answers and files taken from an earlier application, and from the page of the body."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.actions import ChangedMeanwhile, copy_answers, restart, save_units, withdraw
from applications.copying import offers, plan, sources, taken
from applications.merging import fingerprint
from applications.models import Application, EventOutcome, SectionEdit
from applications.progress import drafts_of, judged, sections
from applications.sections import build_form
from applications.sections.units import by_unit, units_of
from bando.actions import load, publish
from bando.models import Call
from documents.models import Document
from tests.applications.asking import ASKING, asking_call
from tests.builders import PUBLISHED, WORKDAY, attach_pdf, body, complete_draft, draft_application, official, person, send
from tests.clock import arriving
from workflow.transition import Refused

ENTE = {
    "nome": "Alfa",
    "forma": "odv",
    "anni": "4",
    "rete": "yes",
    "nome-rete": "Rete Alfa",
    "impegno": "on",
    "giorni": ["lun", "sab"],
}
RETE = {"partner__1__nome": "Beta", "partner__1__ore": "2,5", "partner__1__ruolo": "socio", "racconto": "Da dieci anni."}
LUOGO = {"municipio": "2", "idea": "Un'idea lunga.", "funzioni": ["ascolto"]}
COSTI = {"personale__total": "1.000", "personale__own": "400", "indiretti__total": "50"}


def another_call(*changes: tuple[str, str]) -> Call:
    text = ASKING.replace("id: prova", "id: seconda").replace("title: Avviso di prova", "title: Secondo avviso")
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    call = load(text, at=PUBLISHED)
    publish(call, by=official(), at=PUBLISHED)
    return Call.objects.with_notice().get(pk=call.pk)


def write(application: Application, section_code: str, typed: dict[str, Any]) -> None:
    section = next(one for one in sections(application) if one.code == section_code)
    form = build_form(section, application.call.notice, application.area)
    draft = application.drafts.filter(section=section_code).first()
    stands = by_unit(form, draft.answers if draft else {})
    sent = by_unit(form, typed)
    save_units(
        application,
        section_code,
        units=units_of(form),
        typed=sent,
        bases={unit: [fingerprint(stands.get(unit, {}))] for unit in sent},
        judge=lambda kept: judged(application, section, kept),
        by=application.created_by,
        at=WORKDAY,
    )


@pytest.fixture
def earlier(db) -> Application:
    application = draft_application(asking_call(), "uno")
    for section, typed in (("ente", ENTE), ("rete", RETE), ("luogo", LUOGO), ("costi", COSTI), ("firme", {"registro": "on"})):
        write(application, section, typed)
    return application


def fresh(earlier: Application, *changes: tuple[str, str]) -> Application:
    return draft_application(another_call(*changes), "uno", by=earlier.created_by, organisation=earlier.organisation)


def taken_as(earlier: Application, application: Application) -> dict[str, dict[str, Any]]:
    return {answer.key: answer.typed for answer in plan(earlier, application).answers}


def test_an_equal_form_takes_everything_but_the_declarations(earlier):
    assert taken_as(earlier, fresh(earlier)) == {
        "ente:nome": {"nome": "Alfa"},
        "ente:forma": {"forma": "odv"},
        "ente:anni": {"anni": "4"},
        "ente:rete": {"rete": "yes"},
        "ente:nome-rete": {"nome-rete": "Rete Alfa"},
        "ente:giorni": {"giorni": ["lun", "sab"]},
        "rete:partner": {"partner__1__nome": "Beta", "partner__1__ore": "2,5", "partner__1__ruolo": "socio"},
        "rete:racconto": {"racconto": "Da dieci anni."},
        "luogo:municipio": {"municipio": "2"},
        "luogo:idea": {"idea": "Un'idea lunga."},
        "luogo:funzioni": {"funzioni": ["ascolto"]},
        "costi:personale": {"personale__total": "1.000", "personale__own": "400"},
        "costi:indiretti": {"indiretti__total": "50"},
    }


RACCONTA = "label: Racconta la rete\n        type: "
SECOND = "Qualche risposta qui non è tra quelle possibili e non si copia."


@pytest.mark.parametrize(
    ("changes", "key", "typed", "notes"),
    [
        # another code: found by its words
        ([("code: racconto", "code: storia")], "rete:storia", {"storia": "Da dieci anni."}, ()),
        # other words: found by its code
        ([("label: Racconta la rete", "label: La vostra storia")], "rete:racconto", {"racconto": "Da dieci anni."}, ()),
        # neither, or another type: not the same question
        ([("code: racconto", "code: storia"), ("label: Racconta la rete", "label: Altro")], "rete:storia", None, ()),
        ([(f"{RACCONTA}short_text", f"{RACCONTA}long_text")], "rete:racconto", None, ()),
        # a text that is too long comes whole, and says so
        ([("limit: 2000", "limit: 14")], "luogo:idea", {"idea": "Un'idea lunga."}, ()),
        ([("limit: 2000", "limit: 13")], "luogo:idea", {"idea": "Un'idea lunga."}, ("Supera il limite di 1 carattere: accorcialo.",)),
        ([("limit: 2000", "limit: 4")], "luogo:idea", {"idea": "Un'idea lunga."}, ("Supera il limite di 10 caratteri: accorcialo.",)),
        # of choices only those that are still there
        ([("code: sab, label", "code: sabato, label"), ("is: [sab, dom]", "is: [dom]")], "ente:giorni", {"giorni": ["lun"]}, (SECOND,)),
        ([("code: odv, label: ODV", "code: onlus, label: ONLUS")], "ente:forma", None, ()),
        ([("municipi: [1, 2]", "municipi: [1]")], "luogo:municipio", None, ()),
        # of a table only the columns that are the same
        (
            [("code: nome, label: Nome, limit: 30", "code: ente, label: Nome, limit: 30")],
            "rete:partner",
            {"partner__1__ore": "2,5", "partner__1__ruolo": "socio"},
            ("Qualche cella qui non c'è o ha altre risposte possibili, e non si copia.",),
        ),
        # a line of the budget by the code and the title of its item
        ([("title: Personale", "title: Persone")], "costi:personale", None, ()),
        ([("    max_indirect_percent: 7\n", "    max_indirect_percent: 7\n    years: [2021, 2022]\n")], "costi:personale", None, ()),
    ],
)  # fmt: skip
def test_a_question_that_changed_takes_what_still_fits(earlier, changes, key, typed, notes):
    found = {answer.key: answer for answer in plan(earlier, fresh(earlier, *changes)).answers}
    assert (found[key].typed if key in found else None, found[key].notes if key in found else ()) == (typed, notes)


def test_what_is_here_is_shown_beside_and_stays_unless_ticked(earlier):
    application = fresh(earlier)
    write(application, "ente", {"nome": "Beta", "anni": "4"})
    found = {answer.key: (answer.here, answer.said, answer.is_ticked) for answer in plan(earlier, application).answers}
    assert found["ente:nome"] == ("Beta", "Alfa", False)
    assert found["ente:forma"] == ("", "ODV", True)
    assert "ente:anni" not in found


def test_what_is_taken_is_a_line_of_the_history_and_brings_back_what_was_there(earlier):
    application = fresh(earlier)
    write(application, "ente", {"nome": "Beta"})
    done = copy_answers(plan(earlier, application), ["ente:nome", "luogo:idea"], by=application.created_by, at=WORKDAY)
    assert (done.answers, done.files, done.left) == (["ente:nome", "luogo:idea"], [], [])
    drafts = drafts_of(application)
    assert {code: draft.answers for code, draft in drafts.items()} == {
        "ente": {"nome": "Alfa"},
        "luogo": {"idea": "Un'idea lunga."},
    }
    edits = SectionEdit.objects.filter(draft=drafts["ente"]).order_by("version")
    assert [edit.changes for edit in edits] == [{"nome": "Beta"}, {"nome": "Alfa"}]


def test_nothing_is_taken_when_somebody_wrote_meanwhile(earlier):
    application = fresh(earlier)
    found = plan(earlier, application)
    write(application, "luogo", {"idea": "Scritta adesso."})
    with pytest.raises(ChangedMeanwhile):
        copy_answers(found, [answer.key for answer in found.answers], by=application.created_by, at=WORKDAY)
    assert {code: draft.answers for code, draft in drafts_of(application).items()} == {"luogo": {"idea": "Scritta adesso."}}


def test_who_may_not_write_takes_nothing(earlier):
    application = fresh(earlier)
    found = plan(earlier, application)
    with pytest.raises(Refused) as refused:
        copy_answers(found, ["ente:nome"], by=person(), at=WORKDAY)
    assert refused.value.reasons == ["Lo può fare solo chi rappresenta l'ente."]
    assert not application.drafts.exists()


# --- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ([], ["accordo.pdf"]),
        ([("max_size: 2 MB", "max_size: 1 MB")], []),
        ([("        formats: [pdf]\n", "        formats: [pdf, jpg]\n")], []),
        ([("code: accordo", "code: patto")], []),
    ],
)
def test_a_file_is_taken_where_the_rule_is_the_same(earlier, changes, names):
    attach_pdf(earlier, "accordo")
    application = fresh(earlier, *changes)
    write(application, "ente", {"rete": "yes"})
    assert [file.attachment.document.name for file in plan(earlier, application).files] == names


def test_a_copied_file_is_a_document_of_its_own_with_the_same_bytes(earlier):
    old = attach_pdf(earlier, "accordo").document
    application = fresh(earlier)
    write(application, "ente", {"rete": "yes"})
    found = plan(earlier, application)
    later = WORKDAY.replace(hour=WORKDAY.hour + 1)
    assert copy_answers(found, [found.files[0].key], by=application.created_by, at=later).files == [found.files[0].key]
    (new,) = (file.document for file in application.attachments.present())
    assert (new.pk == old.pk, new.file.name == old.file.name, new.received_at) == (False, False, later)
    with new.file, old.file:
        assert (new.name, new.size, new.sha256, new.file.read()) == (old.name, old.size, old.sha256, old.file.read())
    assert plan(earlier, application).files == ()


def test_a_file_that_cannot_be_read_is_told_and_the_answers_are_taken(earlier):
    old = attach_pdf(earlier, "accordo").document
    application = fresh(earlier)
    write(application, "ente", {"rete": "yes"})
    found = plan(earlier, application)
    old.file.storage.delete(old.file.name)
    done = copy_answers(found, ["ente:nome", found.files[0].key], by=application.created_by, at=WORKDAY)
    sentence = "«accordo.pdf» non si è potuto copiare: caricalo di nuovo, oppure riprova più tardi."
    assert (done.answers, done.files, done.left) == (["ente:nome"], [], [sentence])


# --- after a withdrawal ----------------------------------------------------------------------------------------------


@pytest.fixture
def withdrawn(db) -> Application:
    application = complete_draft(draft_application(asking_call(), "uno"))
    send(application)
    withdraw(application, reason="Ho sbagliato.", by=application.created_by, at=WORKDAY)
    return Application.objects.with_call().get(pk=application.pk)


def test_after_a_withdrawal_everything_that_was_written_is_there_again(withdrawn):
    new, copied = restart(withdrawn, by=withdrawn.created_by, at=WORKDAY)
    before, after = drafts_of(withdrawn), drafts_of(new)
    assert sorted(after) == ["costi", "ente", "luogo", "rete"]
    assert {code: draft.answers for code, draft in after.items() if code != "ente"} == {
        code: {name: text for name, text in before[code].answers.items() if text} for code in ("costi", "luogo", "rete")
    }
    assert set(before["ente"].answers) - set(after["ente"].answers) == {"impegno"}
    files = [sorted((file.rule, file.document.sha256) for file in one.attachments.present()) for one in (withdrawn, new)]
    assert (files[0] == files[1], len(files[0]), len(copied.files), copied.left) == (True, 2, 2, [])
    assert Document.objects.filter(sha256=files[0][0][1]).count() == 2


def test_an_area_that_has_a_new_application_already_is_not_begun_twice(withdrawn):
    restart(withdrawn, by=withdrawn.created_by, at=WORKDAY)
    with pytest.raises(Refused) as refused:
        restart(withdrawn, by=withdrawn.created_by, at=WORKDAY)
    assert refused.value.reasons == [f"«{withdrawn.organisation}» ha già una domanda per questa area: continua quella."]
    assert Application.objects.count() == 2


# --- pages -----------------------------------------------------------------------------------------------------------


def signed_in(application: Application) -> Client:
    client = Client()
    client.force_login(application.created_by)
    return client


def ask(client: Client, how: str, url: str, data: dict[str, Any] | None = None) -> Any:
    with arriving(WORKDAY):
        return getattr(client, how)(url, data or {})


def shown(answer: Any) -> str:
    return re.search(r'name="shown" value="(\w+)"', answer.content.decode())[1]


def test_the_page_lists_the_other_applications_of_the_body_alone(earlier):
    application = fresh(earlier)
    draft_application(another_body := earlier.call, "due", by=earlier.created_by, organisation=earlier.organisation)  # empty
    write(draft_application(another_body, "uno"), "ente", {"nome": "Di altri"})
    assert sources(application, application.created_by) == [earlier]
    page = ask(signed_in(application), "get", reverse("application_copy", args=[application.pk])).content.decode()
    assert re.findall(r'href="\?da=([^"]+)"', page) == [str(earlier.pk)]


def test_one_press_takes_what_is_ticked_and_says_whence(earlier):
    application = fresh(earlier)
    write(application, "ente", {"nome": "Beta"})
    client, url = signed_in(application), reverse("application_copy", args=[application.pk])
    page = ask(client, "get", f"{url}?da={earlier.pk}")
    boxes = re.findall(r'<input type="checkbox" name="keep" value="([^"]+)"[^>]*?( checked)? aria', page.content.decode())
    assert [key for key, ticked in boxes if not ticked] == ["ente:nome"]
    ticked = [key for key, ticked in boxes if ticked]
    answer = ask(client, "post", url, {"da": earlier.pk, "shown": shown(page), "keep": ticked})
    assert (answer.status_code, answer.url) == (302, reverse("application", args=[application.pk]))
    hub = ask(client, "get", answer.url).content.decode()
    assert "Dalla domanda per «Avviso di prova» abbiamo copiato 12 risposte. Controlla ogni sezione prima di inviare." in hub
    drafts = drafts_of(application)
    assert (drafts["ente"].answers["nome"], drafts["ente"].answers["forma"], "firme" in drafts) == ("Beta", "odv", False)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"keep": []}, "Non hai scelto niente da copiare: segna almeno una casella."),
        (
            {"keep": ["ente:nome"], "shown": "vecchia"},
            "Intanto qualcuno ha scritto in una delle due domande: rileggi l&#x27;elenco e premi di nuovo. Non abbiamo copiato niente.",
        ),
    ],
)
def test_a_press_that_takes_nothing_says_why(earlier, sent, sentence):
    application = fresh(earlier)
    client, url = signed_in(application), reverse("application_copy", args=[application.pk])
    page = ask(client, "get", f"{url}?da={earlier.pk}")
    answer = ask(client, "post", url, {"da": earlier.pk, "shown": shown(page), **sent})
    assert (answer.status_code, sentence in answer.content.decode()) == (409, True)
    assert not application.drafts.exists()


def test_another_bodys_application_is_not_there(earlier):
    other = person()
    application = draft_application(another_call(), "uno", by=other, organisation=body(by=other))
    client, url = signed_in(application), reverse("application_copy", args=[application.pk])
    assert ask(client, "get", f"{url}?da={earlier.pk}").status_code == 404
    assert ask(client, "post", url, {"da": earlier.pk, "keep": ["ente:nome"]}).status_code == 404
    assert ask(client, "get", reverse("application_copy", args=[earlier.pk])).status_code == 404


def test_the_same_person_of_two_bodies_does_not_carry_from_one_to_the_other(earlier):
    application = draft_application(another_call(), "uno", by=earlier.created_by, organisation=body(by=earlier.created_by))
    url = reverse("application_copy", args=[application.pk])
    assert ask(signed_in(application), "get", f"{url}?da={earlier.pk}").status_code == 404


def test_the_page_of_what_can_be_taken_asks_the_database_so_much(earlier):
    application = fresh(earlier)
    client, url = signed_in(application), reverse("application_copy", args=[application.pk])
    ask(client, "get", f"{url}?da={earlier.pk}")
    with CaptureQueriesContext(connection) as asked:
        ask(client, "get", f"{url}?da={earlier.pk}")
    assert len(asked) == 10


def test_the_hub_of_what_was_withdrawn_begins_again_with_one_press(withdrawn):
    client, url = signed_in(withdrawn), reverse("application_restart", args=[withdrawn.pk])
    assert (
        "Riparti da quello che avevi scritto"
        in ask(client, "get", reverse("application", args=[withdrawn.pk])).content.decode()
    )
    answer = ask(client, "post", url)
    new = Application.objects.exclude(pk=withdrawn.pk).get()
    assert answer.url == reverse("application", args=[new.pk])
    again = ask(client, "post", url)
    page = ask(client, "get", again.url).content.decode()
    assert (again.url, "ha già una domanda per questa area: continua quella." in page) == (
        reverse("application", args=[withdrawn.pk]),
        True,
    )
    outcomes = withdrawn.events.order_by("pk").values_list("outcome", flat=True)
    assert list(outcomes)[-2:] == [EventOutcome.DONE, EventOutcome.REFUSED]


def test_what_was_not_withdrawn_has_nothing_to_begin_again(earlier):
    assert ask(signed_in(earlier), "post", reverse("application_restart", args=[earlier.pk])).status_code == 404
    assert ask(signed_in(earlier), "get", reverse("application_restart", args=[earlier.pk])).status_code == 405


# --- the page of the body --------------------------------------------------------------------------------------------

PROFILED = (
    ("        limit: 80\n", "        limit: 80\n        profile: name\n"),
    (
        "      - code: idea\n",
        "      - code: sede\n        label: Sede\n        type: address\n        profile: address\n"
        "      - code: telefono\n        label: Telefono\n        type: short_text\n        limit: 30\n        profile: phone\n"
        "      - code: idea\n",
    ),
)  # fmt: skip


@pytest.fixture
def profiled(db) -> Application:
    by = person()
    return draft_application(another_call(*PROFILED), "uno", by=by, organisation=body("Coop Alfa", by=by))


SEDE = {"sede__street": "Via di Prova 1", "sede__postal_code": "20121", "sede__city": "Milano"}


def test_the_profile_offers_what_it_knows_and_nothing_that_is_there_already(profiled):
    ente, luogo = (next(one for one in sections(profiled) if one.code == code) for code in ("ente", "luogo"))
    known = profiled.organisation
    assert {code: (o.said, o.then) for code, o in offers(luogo, known, {}).items()} == {
        "sede": ("Via di Prova 1, 20121, Milano", "profile:sede")
    }
    assert {code: (o.said, o.then) for code, o in offers(ente, known, {}).items()} == {"nome": ("Coop Alfa", "profile:nome")}
    assert offers(ente, known, {"nome": "Coop Alfa"}) == {}
    asked = offers(ente, known, {"nome": "Alfa"}, asked="nome")["nome"]
    assert (asked.here, asked.said, asked.then) == ("Alfa", "Coop Alfa", "replace:nome")


@pytest.mark.parametrize(
    ("typed", "then", "after", "writes", "queries"),
    [
        ({}, "profile:nome", {"nome": "Coop Alfa"}, True, 1),
        ({"nome": "Alfa"}, "profile:nome", {"nome": "Alfa"}, False, 1),
        ({"nome": "Alfa"}, "replace:nome", {"nome": "Coop Alfa"}, True, 1),
        ({"nome": "Alfa"}, "replace:forma", {"nome": "Alfa"}, False, 0),
        ({"nome": "Alfa"}, "next", {"nome": "Alfa"}, False, 0),
    ],
)
def test_the_profile_writes_only_where_nothing_is_written_or_where_it_was_asked_to_replace(
    profiled, typed, then, after, writes, queries
):
    ente = next(one for one in sections(profiled) if one.code == "ente")
    application = Application.objects.get(pk=profiled.pk)
    with CaptureQueriesContext(connection) as captured:
        assert taken(ente, application, typed, then)[::2] == (after, writes)
    assert len(captured) == queries


def test_the_button_saves_the_section_with_the_data_of_the_body(profiled):
    client, url = signed_in(profiled), reverse("application_section", args=[profiled.pk, "luogo"])
    page = ask(client, "get", url).content.decode()
    assert page.count("Usa i dati dell'ente: Via di Prova 1, 20121, Milano") == 1
    answer = ask(client, "post", url, {"__version": "0", "idea": "Già scritta", "then": "profile:sede"})
    assert (answer.status_code, answer.url) == (302, f"{url}#id_sede__street")
    assert {n: t for n, t in drafts_of(profiled)["luogo"].answers.items() if t} == SEDE | {"idea": "Già scritta"}
    assert "Usa i dati" not in ask(client, "get", url).content.decode()


def test_what_is_written_is_shown_beside_before_it_is_replaced(profiled):
    client, url = signed_in(profiled), reverse("application_section", args=[profiled.pk, "ente"])
    answer = ask(client, "post", url, {"__version": "0", "nome": "Alfa", "then": "profile:nome"})
    assert (answer.url, drafts_of(profiled)["ente"].answers["nome"]) == (f"{url}?riprendi=nome#id_nome", "Alfa")
    page = ask(client, "get", answer.url).content.decode()
    assert re.findall(r"<dt>(Qui c'è|Nella pagina dell'ente)</dt><dd>([^<]+)</dd>", page) == [
        ("Qui c'è", "Alfa"),
        ("Nella pagina dell'ente", "Coop Alfa"),
    ]
    answer = ask(client, "post", url, {"__version": "1", "nome": "Alfa", "then": "replace:nome"})
    assert (answer.url, drafts_of(profiled)["ente"].answers["nome"]) == (f"{url}#id_nome", "Coop Alfa")

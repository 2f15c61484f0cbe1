"""The pages of the editor with the client alone: what they show, what they keep, what they never lose."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bando.actions import publish
from bando.drafting import begin, faults, from_file
from bando.editor.parts import PARTS
from bando.models import Call, DraftOrigin, NoticeDraft
from bando.notice.document import Lot, When
from bando.notice.parse import parse
from bando.notice_yaml import load_notice, read
from tests.bando.small import SMALL
from tests.bando.writing import Writer
from tests.builders import NOTICES, WORKDAY, load_fixture_call, official

pytestmark = pytest.mark.django_db
EVERY = Path(__file__).parent.parent / "data/notices/every.yaml"
QUESTION = "domanda/0/1"


@pytest.fixture
def office(client) -> Client:
    client.force_login(official(name="Anna Bianchi"))
    return client


def drafted(data: Any = None) -> NoticeDraft:
    data = read(SMALL).data if data is None else data
    return begin(data, origin=DraftOrigin.FILE, by=official(), at=WORKDAY)


def said(writer: Writer, words: str) -> bool:
    return words in writer.response.content.decode().replace("&#x27;", "'")


def pages(data: Any) -> list[str]:
    """Every page of the editor for a document."""
    found = [part.slug for part in PARTS]
    for part in PARTS:
        for index, thing in enumerate(data.get(part.of, []) if part.of else []):
            found.append(f"{part.slug}/{index}")
            found += [f"{part.slug}/{index}/{n}" for n, _item in enumerate(thing.get(part.inner, []) if part.inner else [])]
    return found


# --- what is not touched stays as it is -------------------------------------------------------------------------------


@pytest.mark.parametrize("file", [NOTICES / "gorgonzola-2024.yaml", EVERY], ids=lambda file: file.stem)
def test_saving_every_page_without_touching_it_changes_nothing(office, file):
    draft = from_file(file.read_bytes(), by=official(), at=WORKDAY)
    before = draft.data
    for slug in pages(before):
        writer = Writer(office, draft).open(slug)
        writer.press("save" if ("do", "save") in writer.page.buttons else "next")
        assert (slug, writer.data == before) == (slug, True)
    assert (draft.version, draft.text) == (1, file.read_text())


def test_a_document_that_is_nothing_like_one_is_still_shown_and_kept(office):
    data = {"areas": "molte", "calendar": ["domani"], "title": 7, "grids": [3, {"scale": [1], "blocks": None}], "sections": {}}
    draft = drafted(data)
    before = draft.data
    for slug in (*(part.slug for part in PARTS), "griglie/0", "griglie/1"):
        Writer(office, draft).open(slug)
    for slug in ("calendario", "requisiti", "griglie/1"):
        writer = Writer(office, draft).open(slug).press("save")
        assert (slug, writer.data) == (slug, before)


# --- saving never refuses --------------------------------------------------------------------------------------------


def test_a_half_written_part_is_saved_and_says_what_is_left(office):
    writer = Writer(office, drafted()).open("griglie/0")
    writer.write({"max_points": "sessanta", "scale-0-coefficient": "1,5", "threshold-is": "yes", "threshold": "6,25"}).press(
        "save"
    )
    grid = writer.data["grids"][0]
    assert (grid["max_points"], grid["scale"][0]["coefficient"], grid["threshold"]) == ("sessanta", "1.5", "6.25")
    assert said(writer, "Restano 2 cose da correggere in questa pagina")
    assert said(writer, "Totale dei punti: Scrivi il totale dei punti, per esempio 100.")
    assert said(writer, "Giudizio 1, Coefficiente: Scrivi un numero tra 0 e 1, per esempio 0,80.")
    assert writer.page.fields["max_points"] == ["sessanta"]


def test_numbers_and_times_are_written_as_in_italy_and_kept_as_in_the_document(office):
    writer = (
        Writer(office, drafted())
        .open("piani/0")
        .write({"max_grant": "1.250,50", "min_own_share_percent": "12,5"})
        .press("save")
    )
    writer.open("calendario").write({"calendar-deadline-day": "2021-10-19", "calendar-deadline-time": "11:59:59"}).press("save")
    writer.open("avviso").write({"economic_frame-text": "Denaro.", "economic_frame-total": "€ 650.000"}).press("save")
    data = writer.data
    assert [data["budgets"][0][name] for name in ("max_grant", "min_own_share_percent")] == ["1250.50", "12.5"]
    assert (data["calendar"]["deadline"], data["economic_frame"]["total"]) == ("2021-10-19T11:59:59", 650000)
    assert faults(data) == []
    assert writer.page.fields["economic_frame-total"] == ["650.000"]


def test_emptying_an_optional_part_takes_it_out_of_the_document(office):
    writer = Writer(office, drafted()).open("avviso").write({"act-title": "Determina", "act-date": "2024-07-03"}).press("save")
    assert writer.data["act"] == {"title": "Determina", "date": "2024-07-03"}
    writer.write({"act-title": "", "act-date": ""}).press("save")
    assert "act" not in writer.data


def test_what_the_chosen_type_does_not_want_stays_and_is_a_fault_to_clear(office):
    writer = Writer(office, drafted()).open(QUESTION).write({"type": "number"}).press("refresh:type")
    assert len(writer.data["sections"][0]["questions"][1]["choices"]) == 2
    assert said(
        writer, "Le risposte possibili valgono solo per «Scelta di una risposta» e «Scelta di più risposte»: cancellale."
    )
    writer.press("choices-0:remove").press("choices-0:remove")
    assert ("choices" in writer.data["sections"][0]["questions"][1], faults(writer.data)) == (False, [])


def test_a_formula_chosen_by_mistake_is_cleared_by_its_button(office):
    writer = Writer(office, drafted()).open("griglie/0/0").write({"type": "formula", "formula-kind": "linear", "unit": "euro"})
    assert writer.press("save").data["grids"][0]["criteria"][0]["formula"] == {"kind": "linear"}
    writer.write({"type": "coefficient", "unit": ""}).press("refresh:type")
    assert said(writer, "Formula qui non serve: cancellalo, o cambia «Come si danno i punti».")
    assert "formula" not in writer.press("formula:clear").data["grids"][0]["criteria"][0]
    assert faults(writer.data) == []


def test_a_key_that_nobody_knows_is_shown_and_taken_away_by_its_button(office):
    data = read(SMALL).data
    data["areas"][0]["posti-letto"] = 3
    writer = Writer(office, drafted(data)).open("aree/0")
    assert said(writer, "Voce sconosciuta: posti-letto")
    writer.press("posti%2Dletto:drop")
    assert ("posti-letto" in writer.data["areas"][0], faults(writer.data)) == (False, [])


# --- lists -----------------------------------------------------------------------------------------------------------


def test_what_was_typed_is_kept_whatever_button_is_pressed(office):
    writer = Writer(office, drafted()).open(QUESTION)
    writer.write({"hint": "Un aiuto.", "choices-0-label": "Prima"}).press("choices-0:down")
    question = writer.data["sections"][0]["questions"][1]
    assert (question["hint"], [choice["label"] for choice in question["choices"]]) == ("Un aiuto.", ["ODV", "Prima"])
    writer.write({"choices-1-label": "Seconda"}).press("choices:add")
    assert [choice.get("label") for choice in writer.data["sections"][0]["questions"][1]["choices"]] == ["ODV", "Seconda", None]


def test_a_list_inside_a_list_goes_along_when_it_is_moved(office):
    writer = Writer(office, drafted()).open("domanda/0").press("questions:add")
    writer.write({"label": "Chi ci lavora?", "type": "table", "max": "10"}).press("columns:add").press("columns:add")
    writer.write({"columns-0-label": "Nome", "columns-1-label": "Ruolo", "columns-0-limit": "80", "columns-1-type": "choice"})
    writer.press("columns-1-choices:add").write({"columns-1-choices-0-label": "Educatrice"}).press("columns-1-choices:add")
    writer.write({"columns-1-choices-1-label": "Cuoco", "columns-0-label": "Nome e cognome"}).press("columns-1:up")
    question = writer.data["sections"][0]["questions"][-1]
    assert [(column["code"], column["label"]) for column in question["columns"]] == [
        ("ruolo", "Ruolo"),
        ("nome", "Nome e cognome"),
    ]
    assert [choice["code"] for choice in question["columns"][0]["choices"]] == ["educatrice", "cuoco"]
    assert faults(writer.data) == []


def test_a_copy_has_codes_of_its_own(office):
    writer = Writer(office, drafted()).open("domanda").press("sections-0:copy")
    first, copy = writer.data["sections"][:2]
    assert (copy["title"], copy["code"] != first["code"]) == (f"{first['title']} (copia)", True)
    assert {q["code"] for q in first["questions"]} & {q["code"] for q in copy["questions"]} == set()
    assert writer.url.endswith("/domanda/1/")


@pytest.mark.parametrize(
    ("page", "where", "alone", "begun"),
    [
        ("aree", ("areas", -1), True, {"grid": "unica"}),
        ("aree", ("areas", -1), False, {}),
        ("griglie/0", ("grids", 0, "criteria", -1), True, {"block": "unica"}),
        ("griglie/0", ("grids", 0, "criteria", -1), False, {}),
    ],
)
def test_what_is_added_begins_with_the_only_choice_that_there_is(office, page, where, alone, begun):
    one, other = {"code": "unica", "title": "Unica"}, {"code": "altra", "title": "Altra"}
    several = [one] if alone else [one, other]
    data = {"title": "Prova", "grids": [dict(item, blocks=several) for item in several]}
    draft = drafted(data)
    Writer(office, draft).open(page).press(f"{where[-2]}:add")
    draft.refresh_from_db()
    found = draft.data
    for step in where:
        found = found[step]
    assert found == begun


def test_what_is_removed_can_be_put_back_at_once(office):
    writer = Writer(office, drafted()).open("domanda/0")
    before = writer.data
    writer.press("questions-0:remove")
    assert (len(writer.data["sections"][0]["questions"]), said(writer, "Annulla: rimettilo")) == (2, True)
    writer._show(office.post(writer.url, {"undo": "2"}))
    assert (writer.data, said(writer, "Abbiamo rimesso quello che era stato tolto.")) == (before, True)


@pytest.mark.parametrize(
    "button",
    ["title:add", "questions:remove", "questions-x:up", "niente-0:up", "code:drop", "questions-0-code:drop", "title:clear"],
)
def test_a_button_that_the_page_does_not_have_does_nothing(office, button):
    draft = drafted()
    url = reverse("desk_draft_part", args=[draft.pk, "domanda/0"])
    assert office.post(url, {"version": "1", "do": button}).status_code == 404
    draft.refresh_from_db()
    assert draft.version == 1


# --- what one thing says of another ----------------------------------------------------------------------------------


def test_references_are_chosen_by_title(office):
    writer = Writer(office, drafted()).open("aree/0")
    assert [said(writer, words) for words in (">Griglia<", ">Seconda griglia<")] == [True, True]
    writer.write({"grid": "seconda"}).press("save")
    assert writer.data["areas"][0]["grid"] == "seconda"


def test_who_names_a_thing_follows_its_code(office):
    writer = Writer(office, drafted()).open("aree/0").write({"code": "centro"}).press("save")
    assert (writer.data["requirements"][0]["areas"], writer.data["sections"][1]["areas"]) == (["centro"], ["centro"])


def test_a_reference_to_what_is_gone_is_kept_and_said(office):
    data = read(SMALL).data
    data["areas"][0]["grid"] = "perduta"
    writer = Writer(office, drafted(data)).open("aree/0")
    assert (writer.page.fields["grid"], said(writer, "«perduta», che qui non c'è")) == (["perduta"], True)


def test_a_condition_is_chosen_among_the_answers_of_an_earlier_question(office):
    writer = Writer(office, drafted()).open("domanda/0/2")
    assert writer.page.choices["when-question"] == ["", "forma"]
    writer.write({"when-question": "forma", "when-is": ["forma:odv"]}).press("save")
    assert writer.data["sections"][0]["questions"][2]["when"] == {"question": "forma", "is": ["odv"]}
    writer.write({"when-question": "", "when-is": []}).press("save")
    assert "when" not in writer.data["sections"][0]["questions"][2]


def test_a_lot_is_chosen_among_the_answers_of_a_question_of_the_form(office):
    writer = Writer(office, drafted()).open("aree/0")
    assert writer.page.choices["lot_question"] == ["", "forma", "municipio"]
    writer.write({"lot_question": "municipio", "places": ""}).press("lots:add").press("lots:add")
    assert writer.page.choices["lots-1-code"] == ["", "1", "2"]
    for number in (1, 2):
        here = f"lots-{number - 1}"
        writer.write({f"{here}-code": number, f"{here}-title": f"Municipio {number}", f"{here}-places": 3})
    writer.press("save")
    assert writer.data["areas"][0]["lots"] == [{"code": str(n), "title": f"Municipio {n}", "places": 3} for n in (1, 2)]
    assert parse(writer.data).areas[0].lots[1] == Lot("2", "Municipio 2", 3)
    writer.write({"lot_question": "forma"}).press("save")
    assert writer.page.choices["lots-0-code"] == ["", "aps", "odv", "1"]


def test_how_the_body_takes_part_is_chosen_as_a_condition_after_the_section_that_asks_it(office):
    data = read(SMALL).data
    data["participation"] = {"groups": ["ats"]}
    data["sections"].insert(1, {"code": "chi", "title": "Chi partecipa", "kind": "group"})
    writer = Writer(office, drafted(data)).open("domanda/0/2")
    assert writer.page.choices["when-question"] == ["", "forma"]
    writer.open("domanda/2/0")
    assert writer.page.choices["when-question"] == ["", "forma", "group"]
    writer.write({"when-question": "group", "when-is": ["group:to_be_formed"]}).press("save")
    assert writer.data["sections"][2]["questions"][0]["when"] == {"question": "group", "is": ["to_be_formed"]}
    writer.open("allegati").write({"attachments-0-when-question": "group", "attachments-0-when-is": ["group:single"]})
    writer.press("save")
    assert writer.data["attachments"][0]["when"] == {"question": "group", "is": ["single"]}
    assert parse(writer.data).attachments[0].when == When("group", ("single",))


def test_groups_and_a_split_budget_are_written_in_the_browser(office):
    writer = Writer(office, drafted()).open("partecipazione")
    writer.write({"participation-groups": ["ats", "network"], "participation-max_members": "4"}).press("save")
    assert writer.data["participation"] == {"groups": ["ats", "network"], "max_members": 4}
    writer.open("piani/0").press("actions:add").press("actions:add")
    writer.write(
        {
            "by_partner": ["yes"],
            "years": "2026\n2027",
            "actions-0-label": "Sportello di ascolto",
            "actions-1-label": "Laboratori",
            "volunteers-hourly": "18,50",
            "items-0-max_percent": "70",
            "items-1-min_own_percent": "10,5",
        }
    ).press("save")
    budget = writer.data["budgets"][0]
    assert [budget["by_partner"], budget["years"], budget["volunteers"]] == [True, [2026, 2027], {"hourly": "18.50"}]
    assert budget["actions"] == [
        {"code": "sportello-di-ascolto", "label": "Sportello di ascolto"},
        {"code": "laboratori", "label": "Laboratori"},
    ]
    assert (budget["items"][0]["max_percent"], budget["items"][1]["min_own_percent"]) == (70, "10.5")


def test_a_criterion_says_which_questions_serve_it_and_a_grid_which_have_none(office):
    writer = Writer(office, drafted())
    assert said(writer.open("griglie/0/0"), "Anni")
    writer.open("domanda/0/2").write({"criterion": ""}).press("save")
    assert said(writer.open("griglie/0"), "Nessuna domanda serve questo criterio.")


def test_in_the_page_of_a_grid_the_criteria_come_with_their_groups_before_the_rules(office):
    html = Writer(office, drafted()).open("griglie/0").response.content.decode()
    order = ["title", "max_points", "at-blocks", "at-criteria", "sums", "at-scale", "at-rounding", "at-tie_chain", "code"]
    places = [html.index(f'id="{name}"') for name in order]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("part", "first"),
    [
        ("avviso", ["at-administration", "Amministrazione"]),
        ("griglie/0", ["at-blocks", "Gruppi di criteri"]),
        ("requisiti", ["at-requirements-0", "1. Requisito zero"]),
        ("convenzione", ["at-agreement-articles-0", "1. Articolo zero"]),
    ],
)
def test_a_long_page_begins_with_the_way_to_what_it_holds(office, part, first):
    data = read(SMALL).data
    data["requirements"] = [{"code": f"r{n}", "title": f"Requisito {n or 'zero'}", "text": "Sì."} for n in range(4)]
    data["agreement"] = {"title": "S", "articles": [{"title": f"Articolo {n or 'zero'}", "text": "Sì."} for n in range(4)]}
    draft = drafted(data)
    html = Writer(office, draft).open(part).response.content.decode().replace("&#x27;", "'")
    way = html.partition("In questa pagina</summary>")[2].partition("</details>")[0]
    assert re.findall(r'<a href="#([^"]+)">([^<]+)</a>', way)[0] == tuple(first)
    assert [target for target in re.findall(r'href="#([^"]+)"', way) if f'id="{target}"' not in html] == []


def test_a_short_page_has_no_index(office):
    assert not said(Writer(office, drafted()).open("commissione"), "In questa pagina")


# --- the hub, the start, the history ---------------------------------------------------------------------------------


def test_the_hub_says_what_is_left_and_leads_there(office):
    data = read(SMALL).data
    del data["calendar"]["deadline"]
    data["areas"][1]["places"] = 0
    draft = drafted(data)
    page = office.get(reverse("desk_draft", args=[draft.pk])).content.decode()
    assert "2 cose da correggere" in page
    assert f"/ufficio/bozze/{draft.pk}/parti/aree/1/#at-places" in page
    assert f"/ufficio/bozze/{draft.pk}/parti/calendario/#at-calendar-deadline" in page
    assert "Prepara la pubblicazione" not in page


def test_what_a_public_notice_must_still_say_is_told_on_the_hub_and_on_its_page(office):
    data = read(SMALL).data
    del data["purpose"]
    draft = drafted(data)
    hub = office.get(reverse("desk_draft", args=[draft.pk])).content.decode()
    assert "per pubblicare" in hub
    assert "Titolo, scopo, atti, norme e risorse. Resta" in hub  # although nothing is wrong there
    assert "Che cosa deve dire ancora l'avviso" in Writer(office, draft).open("avviso").response.content.decode()


def test_a_whole_draft_is_prepared_from_the_hub_and_goes_on_from_the_call(office):
    draft = drafted()
    hub = reverse("desk_draft", args=[draft.pk])
    assert office.post(hub, {"do": "prepare"}).headers["Location"] == "/ufficio/avvisi/prova/"
    assert "Continua a scrivere" in office.get("/ufficio/avvisi/prova/").content.decode()
    assert office.post(reverse("desk_drafts"), {"go_on": "prova"}).headers["Location"] == hub
    assert "Prepara la pubblicazione" not in office.get(hub).content.decode()  # nothing has changed since


def test_a_rectification_goes_to_the_page_of_its_act(office):
    call = load_fixture_call()
    draft = begin(read(call.version.text).data, origin=DraftOrigin.CALL, by=official(), at=WORKDAY, call=call, amends=True)
    page = office.get(reverse("desk_draft", args=[draft.pk])).content.decode()
    assert "/ufficio/avvisi/spazi-wemi-2021/modifiche/rectification/" in page
    assert "Prepara la pubblicazione" not in page


def test_the_draft_of_a_published_call_is_read_and_not_written(office):
    draft = drafted()
    office.post(reverse("desk_draft", args=[draft.pk]), {"do": "prepare"})
    publish(Call.objects.get(), by=official(), at=WORKDAY)
    page = office.get(reverse("desk_draft", args=[draft.pk])).content.decode()
    assert ["le sue regole sono ferme" in page, "Metti da parte" in page, "Prepara la" in page] == [True, False, False]
    assert office.post(reverse("desk_draft", args=[draft.pk]), {"do": "discard"}).status_code == 409
    assert str(draft.pk) not in office.get(reverse("desk_drafts")).content.decode()
    assert office.post(reverse("desk_drafts"), {"go_on": "prova"}).status_code == 409


def test_a_draft_is_put_aside_and_restored_from_the_list(office):
    draft = drafted()
    office.post(reverse("desk_draft", args=[draft.pk]), {"do": "discard"})
    assert office.get(reverse("desk_draft", args=[draft.pk])).status_code == 404
    assert "Bozze messe da parte" in office.get(reverse("desk_drafts")).content.decode()
    office.post(reverse("desk_drafts"), {"restore": str(draft.pk)})
    assert office.get(reverse("desk_draft", args=[draft.pk])).status_code == 200


def test_a_file_that_can_not_be_read_is_refused_with_its_line_and_nothing_begins(office):
    file = SimpleUploadedFile("avviso.yaml", b"title: Prova\n\tsummary: x\n")
    answer = office.post(reverse("desk_drafts"), {"file": file})
    page = answer.content.decode().replace("&#x27;", "'")
    assert (answer.status_code, NoticeDraft.objects.count()) == (422, 0)
    assert "riga 2: c'è una tabulazione: usa gli spazi per i rientri" in page


def test_a_call_begins_as_an_earlier_one_and_says_what_is_empty(office):
    load_fixture_call()
    answer = office.post(reverse("desk_drafts"), {"call": "spazi-wemi-2021"}, follow=True)
    assert "Le date, l&#x27;atto e l&#x27;indirizzo sono vuoti" in answer.content.decode()
    assert NoticeDraft.objects.get().data["title"] == "Co-progettazione e co-gestione degli Spazi WeMi"


@pytest.mark.parametrize("sent", [{}, {"template": "niente"}, {"call": "niente"}, {"restore": "niente"}])
def test_a_draft_begins_from_something_that_is_there(office, sent):
    assert office.post(reverse("desk_drafts"), sent).status_code == (404 if sent else 409)
    assert NoticeDraft.objects.count() == 0


def test_a_saved_state_shows_what_changed_and_is_brought_back(office):
    draft = drafted()
    Writer(office, draft).open("aree/0").write({"title": "Altro titolo"}).press("save")
    url = reverse("desk_draft_state", args=[draft.pk, 2])
    page = office.get(url).content.decode()
    assert [words in page for words in ("Titolo dell&#x27;area", "Area uno", "Altro titolo", "È la versione di adesso")] == [
        True
    ] * 4
    office.post(reverse("desk_draft_state", args=[draft.pk, 1]))
    draft.refresh_from_db()
    assert (draft.version, draft.data["areas"][0]["title"]) == (3, "Area uno")


def test_a_draft_with_faults_has_no_preview_and_says_what_to_correct_first(office):
    draft = drafted({"title": "Solo il titolo"})
    assert "Prima correggi:" in office.get(reverse("desk_draft_preview", args=[draft.pk])).content.decode()
    answer = office.get(reverse("desk_draft_preview_call", args=[draft.pk]))
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("desk_draft_preview", args=[draft.pk]))


def test_a_preview_says_that_it_is_one_and_keeps_nothing(office):
    draft = from_file((NOTICES / "spazi-wemi-2021.yaml").read_bytes(), by=official(), at=WORKDAY)
    url = reverse("desk_draft_preview_section", args=[draft.pk, "area-1", "ente"])
    answer = office.post(url, {"then": "next"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert ["L'avviso non è pubblicato, e qui niente si salva" in page, "Abbiamo salvato" in page, "bando-summary" in page] == [
        True,
        False,
        True,
    ]


@pytest.mark.parametrize("file", [NOTICES / "spazi-wemi-2021.yaml", EVERY], ids=lambda file: file.stem)
def test_every_page_of_a_preview_is_there_for_every_area(office, file):
    draft = from_file(file.read_bytes(), by=official(), at=WORKDAY)
    notice = load_notice(file.read_text())
    wanted = [reverse(f"desk_draft_preview_{name}", args=[draft.pk]) for name in ("call", "clarifications", "sheets")]
    for area in notice.areas:
        of_area = ("questions", "hub", "attachments", "review", "sheet")
        wanted += [reverse(f"desk_draft_preview_{name}", args=[draft.pk, area.code]) for name in of_area]
        wanted += [
            reverse("desk_draft_preview_section", args=[draft.pk, area.code, section.code])
            for section in notice.sections_for(area.code)
        ]
    index = office.get(reverse("desk_draft_preview", args=[draft.pk])).content.decode()
    assert [url for url in wanted if f'"{url}"' not in index] == []
    for url in wanted:
        page = office.get(url)
        assert (url, page.status_code, "Torna a tutte le anteprime" in page.content.decode()) == (url, 200, True)
    assert office.get(reverse("desk_draft_preview_sheet", args=[draft.pk, "niente"])).status_code == 404


def test_the_preview_of_a_sheet_has_the_questions_beside_each_criterion(office):
    draft = from_file((NOTICES / "gorgonzola-2024.yaml").read_bytes(), by=official(), at=WORKDAY)
    page = office.get(reverse("desk_draft_preview_sheet", args=[draft.pk, "domiciliarita"])).content.decode()
    assert ["Come è organizzato l&#x27;ente e quali risorse ha?" in page, "gravemente insufficiente" in page.lower()] == [
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("route", "args", "queries"),
    [
        ("desk_drafts", [], 5),
        ("desk_draft", ["pk"], 4),
        ("desk_draft_part", ["pk", "griglie/0"], 3),
        ("desk_draft_history", ["pk"], 4),
    ],
)
def test_a_page_asks_the_database_as_little_as_this(office, django_assert_num_queries, route, args, queries):
    draft = drafted()
    url = reverse(route, args=[draft.pk if arg == "pk" else arg for arg in args])
    office.get(url)
    with django_assert_num_queries(queries):
        office.get(url)


@pytest.mark.parametrize("route", ["desk_draft", "desk_draft_history"])
def test_who_looks_at_the_history_does_not_read_the_whole_document_of_every_state(office, django_assert_num_queries, route):
    draft = drafted()
    with django_assert_num_queries(4) as queries:
        page = office.get(reverse(route, args=[draft.pk])).content.decode()
    assert "Inizio" in page
    assert [query["sql"] for query in queries if '"bando_draftedit"."data"' in query["sql"]] == []


@pytest.mark.parametrize("name", ["template", "call", "go_on", "restore"])
@pytest.mark.parametrize("value", ["niente", "\x00", "9" * 5000])
def test_nothing_begins_from_what_is_not_there(office, name, value):
    assert office.post(reverse("desk_drafts"), {name: value}).status_code == 404
    assert NoticeDraft.objects.count() == 0

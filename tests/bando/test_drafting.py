from __future__ import annotations

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client

from bando import drafting
from bando.actions import load, publish
from bando.deadlines import rome
from bando.drafting import begin
from bando.models import CallVersion, DraftEdit, DraftOrigin, NoticeDraft
from bando.notice_yaml import DocumentFaults, dump, load_notice, read
from tests.bando.small import SMALL
from tests.bando.writing import Writer
from tests.builders import DEADLINE, WORKDAY, load_fixture_call, official
from tests.builders_amending import extend, rectification, rectify
from workflow.transition import Refused

pytestmark = pytest.mark.django_db
NOTICE_TIME = rome(2024, 7, 5, 10)


@pytest.fixture
def anna():
    return official(name="Anna Bianchi")


@pytest.fixture
def draft(anna):
    return begin(read(SMALL).data, origin=DraftOrigin.FILE, by=anna, at=WORKDAY, text=SMALL)


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def two(draft, anna) -> tuple[Writer, Writer]:
    """Two officials with the same draft, each in a browser."""
    return Writer(browser(anna), draft), Writer(browser(official(name="Luca Verdi")), draft)


def now(draft) -> Any:
    draft.refresh_from_db()
    return draft.data


def said(writer: Writer, words: str) -> bool:
    return words in writer.response.content.decode()


# --- two officials at once lose nothing ------------------------------------------------------------------------------


def test_different_parts_written_at_once_are_both_kept(two, draft):
    anna, luca = two
    anna.open("aree/0")
    luca.open("calendario").write({"calendar-curing_days": "15"}).press("save")
    anna.write({"title": "Area di Anna"}).press("save")
    assert (now(draft)["areas"][0]["title"], now(draft)["calendar"]["curing_days"]) == ("Area di Anna", 15)
    assert said(anna, "le loro modifiche e le tue ci sono tutte")


def test_different_fields_of_one_page_written_at_once_are_both_kept(two, draft):
    anna, luca = two
    anna.open("aree/0").write({"title": "Area di Anna"})
    luca.open("aree/0").write({"places": "7"}).press("save")
    anna.press("save")
    assert {name: now(draft)["areas"][0][name] for name in ("title", "places")} == {"title": "Area di Anna", "places": 7}


def test_two_adds_to_the_same_list_are_both_kept(two, draft):
    anna, luca = two
    count = len(draft.data["requirements"]) if "requirements" in draft.data else 0
    anna.open("requisiti").press("requirements:add")
    luca.open("requisiti").press("requirements:add")
    anna.write({f"requirements-{count}-title": "Di Anna", f"requirements-{count}-text": "Dichiaro."})
    luca.write({f"requirements-{count + 1}-title": "Di Luca", f"requirements-{count + 1}-text": "Dichiaro."}).press("save")
    anna.press("save")
    assert [item["title"] for item in now(draft)["requirements"][count:]] == ["Di Anna", "Di Luca"]


def test_two_adds_from_the_same_page_are_both_kept(two, draft):
    anna, luca = two
    anna.open("fonti")
    luca.open("fonti").press("sources:add").write({"sources-1-title": "Di Luca"}).press("save")
    anna.press("sources:add")
    assert now(draft)["sources"] == [*draft.edits.first().data["sources"], {"title": "Di Luca"}, {}]


def test_an_edit_finds_its_area_again_after_others_were_added_above_it(two, draft):
    anna, luca = two
    anna.open("aree/1").write({"title": "Seconda, di Anna"})
    luca.open("aree").press("areas:add").write({"title": "Nuova", "code": "nuova"}).press("next")
    luca.open("aree").press("areas-2:up").press("areas-1:up")
    anna.press("save")
    assert [area["title"] for area in now(draft)["areas"]] == ["Nuova", draft.data["areas"][1]["title"], "Seconda, di Anna"]
    assert anna.url.endswith("/aree/2/")


def test_an_edit_finds_its_criterion_again_after_it_was_moved(two, draft):
    anna, luca = two
    codes = [item["code"] for item in draft.data["grids"][1]["criteria"]]
    anna.open("griglie/1/0").write({"guidance": "Si guarda questo."})
    luca.open("griglie/1").press("criteria-0:down")
    anna.press("save")
    criteria = now(draft)["grids"][1]["criteria"]
    assert [(item["code"], item.get("guidance")) for item in criteria[:2]] == [
        (codes[1], None),
        (codes[0], "Si guarda questo."),
    ]


def test_the_same_field_written_at_once_is_shown_on_both_sides_and_nothing_typed_is_lost(two, draft):
    anna, luca = two
    anna.open("aree/0").write({"title": "Titolo di Anna", "places": "9"})
    luca.open("aree/0").write({"title": "Titolo di Luca"}).press("save")
    anna.press("save")
    assert anna.response.status_code == 409
    assert [said(anna, words) for words in ("Titolo di Anna", "Titolo di Luca", "Luca Verdi ha cambiato gli stessi punti")] == [
        True
    ] * 3
    assert (anna.page.fields["title"], anna.page.fields["places"]) == (["Titolo di Anna"], ["9"])
    assert now(draft)["areas"][0]["title"] == "Titolo di Luca"  # nothing is saved until one chooses


@pytest.mark.parametrize(("side", "title"), [("mine", "Titolo di Anna"), ("theirs", "Titolo di Luca")])
def test_one_chooses_a_side_and_what_was_not_contested_is_kept_in_any_case(two, draft, side, title):
    anna, luca = two
    anna.open("aree/0").write({"title": "Titolo di Anna", "places": "9"})
    luca.open("aree/0").write({"title": "Titolo di Luca", "place_label": "sale"}).press("save")
    anna.press("save").press(side, name="keep")
    area = now(draft)["areas"][0]
    assert (area["title"], area["places"], area["place_label"]) == (title, 9, "sale")


def test_one_may_join_both_versions_in_the_fields(two, draft):
    anna, luca = two
    anna.open("aree/0").write({"title": "Titolo di Anna"})
    luca.open("aree/0").write({"title": "Titolo di Luca"}).press("save")
    anna.press("save").write({"title": "Titolo di tutti"}).press("mine", name="keep")
    assert now(draft)["areas"][0]["title"] == "Titolo di tutti"


def test_a_choice_holds_for_what_one_has_seen_and_no_more(two, draft):
    anna, luca = two
    anna.open("aree/0").write({"title": "Titolo di Anna"})
    luca.open("aree/0").write({"title": "Titolo di Luca"}).press("save")
    anna.press("save")
    luca.write({"title": "Ancora di Luca"}).press("save")
    anna.press("mine", name="keep")
    assert (anna.response.status_code, said(anna, "Ancora di Luca"), now(draft)["areas"][0]["title"]) == (
        409,
        True,
        "Ancora di Luca",
    )
    anna.press("mine", name="keep")
    assert now(draft)["areas"][0]["title"] == "Titolo di Anna"


@pytest.mark.parametrize(("side", "titles"), [("mine", ["Di Anna", "Area due"]), ("theirs", ["Area due"])])
def test_an_edit_against_a_removal_asks(two, draft, side, titles):
    anna, luca = two
    anna.open("aree/0").write({"title": "Di Anna"})
    luca.open("aree").press("areas-0:remove")
    anna.press("save")
    assert (anna.response.status_code, [area["title"] for area in now(draft)["areas"]]) == (409, ["Area due"])
    anna.press(side, name="keep")
    assert [area["title"] for area in now(draft)["areas"]] == titles


@pytest.mark.parametrize(("side", "titles"), [("mine", ["Area due"]), ("theirs", ["Di Luca", "Area due"])])
def test_a_removal_against_an_edit_asks_and_is_done_again_when_one_insists(two, draft, side, titles):
    anna, luca = two
    anna.open("aree")
    luca.open("aree/0").write({"title": "Di Luca"}).press("save")
    anna.press("areas-0:remove")
    assert (anna.response.status_code, now(draft)["areas"][0]["title"]) == (409, "Di Luca")
    anna.press(side, name="keep")
    assert [area["title"] for area in now(draft)["areas"]] == titles


def test_a_removal_is_undone_though_others_wrote_on(two, draft):
    anna, luca = two
    before = draft.data
    anna.open("aree").press("areas-0:remove")
    luca.open("calendario").write({"calendar-curing_days": "15"}).press("save")
    anna._show(anna.client.post(anna.url, {"undo": "2"}))
    assert now(draft) == before | {"calendar": before["calendar"] | {"curing_days": 15}}


def test_every_saved_state_is_kept_with_who_and_what(two, draft):
    anna, luca = two
    anna.open("aree/0").write({"title": "Uno"}).press("save")
    luca.open("aree/0").write({"title": "Due"}).press("save").press("save")  # the second changes nothing
    found = [(edit.version, str(edit.by), edit.path, edit.data["areas"][0]["title"]) for edit in DraftEdit.objects.all()]
    assert found == [
        (1, "Anna Bianchi", "", "Area uno"),
        (2, "Anna Bianchi", "areas[0]", "Uno"),
        (3, "Luca Verdi", "areas[0]", "Due"),
    ]


# --- where a draft starts, and what becomes of it --------------------------------------------------------------------


def test_a_draft_from_a_file_is_exported_as_it_was_brought_until_something_changes(anna):
    text = "# Il mio avviso\n" + SMALL
    draft = drafting.from_file(text.encode(), by=anna, at=WORKDAY)
    assert drafting.text_of(draft) == text
    writer = Writer(browser(anna), draft).open("aree/0").press("save")
    draft.refresh_from_db()
    assert drafting.text_of(draft) == text  # saving without changing changes nothing
    writer.write({"title": "Altro"}).press("save")
    draft.refresh_from_db()
    exported = drafting.text_of(draft)
    assert load_notice(exported).areas[0].title == "Altro"
    again = drafting.from_file(exported.encode(), by=anna, at=WORKDAY)
    assert dump(again.data) == exported


def test_a_file_that_is_not_yaml_is_refused_with_its_line(anna):
    with pytest.raises(DocumentFaults) as refused:
        drafting.from_file(b"title: Prova\n\tsummary: x\n", by=anna, at=WORKDAY)
    assert [str(fault) for fault in refused.value.faults] == ["riga 2: c'è una tabulazione: usa gli spazi per i rientri"]
    assert NoticeDraft.objects.count() == 0


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"- uno\n", "riga 1: scrivi un documento con le sue voci, una per riga"),
        (b"title: x\nschema: 2\n", "riga 2: scrivi schema: 1, la versione di questo formato"),
    ],
)
def test_a_file_that_is_no_document_of_this_format_is_refused(anna, content, sentence):
    with pytest.raises(DocumentFaults) as refused:
        drafting.from_file(content, by=anna, at=WORKDAY)
    assert [str(fault) for fault in refused.value.faults] == [sentence]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('title: Prova\nsummary: "a\\0b"\n', 2),
        ('title: Prova\nareas:\n  - title: "a\\ud800b"\n', 3),
        ('title: Prova\n"a\\0b": 1\n', 2),
    ],
    ids=["NUL", "half a character", "NUL in a key"],
)
def test_a_file_with_a_character_that_no_database_takes_is_refused_with_its_line(anna, content, line):
    with pytest.raises(DocumentFaults) as refused:
        drafting.from_file(content.encode(), by=anna, at=WORKDAY)
    assert str(refused.value) == f"riga {line}: c'è un carattere che non si può conservare: cancellalo"
    assert NoticeDraft.objects.count() == 0


def test_a_file_that_does_not_say_its_format_is_prepared_with_it(anna):
    without = SMALL.replace("schema: 1\n", "")
    draft = drafting.from_file(without.encode(), by=anna, at=WORKDAY)
    call = drafting.prepare(draft, at=WORKDAY)
    assert (without == SMALL, draft.text, call.version.text) == (False, "", dump(draft.data))


def test_a_document_too_long_to_be_kept_at_every_change_is_not_kept(draft, anna):
    long = draft.data | {"summary": "a" * drafting.LONGEST_DRAFT}
    sentence = "Il documento è troppo lungo: al massimo 500000 caratteri in tutto. Togli qualcosa e salva di nuovo."
    for attempt in (
        lambda: begin(long, origin=DraftOrigin.FILE, by=anna, at=WORKDAY),
        lambda: drafting.write(draft, long, shown=1, path=("summary",), by=anna, at=WORKDAY),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.reasons == [sentence]
    assert list(DraftEdit.objects.values_list("draft", "version")) == [(draft.pk, 1)]


def test_a_file_with_faults_of_meaning_is_a_draft_with_things_to_do(anna):
    draft = drafting.from_file(b"title: Solo il titolo\n", by=anna, at=WORKDAY)
    paths = [fault.path for fault in drafting.faults(draft.data)]
    assert paths == [
        (name,) for name in ("id", "summary", "administration", "calendar", "areas", "sections", "grids", "agreement")
    ]


def test_a_draft_from_an_earlier_call_has_neither_its_address_nor_its_dates_nor_its_act(anna):
    draft = drafting.from_call(load_fixture_call("gorgonzola-2024", at=NOTICE_TIME), by=anna, at=WORKDAY)
    assert [name in draft.data for name in ("id", "act", "title", "grids")] == [False, False, True, True]
    assert draft.data["calendar"] == {"timezone": "Europe/Rome", "curing_days": 10}
    assert draft.call is None


def test_a_template_begins_a_draft_that_says_what_is_left(anna):
    assert [template.code for template in drafting.templates()] != []
    for template in drafting.templates():
        draft = drafting.from_template(template.code, by=anna, at=WORKDAY)
        assert ("id" in draft.data, draft.origin) == (False, DraftOrigin.TEMPLATE)


def test_preparing_makes_a_call_and_preparing_again_a_new_version(draft, anna):
    call = drafting.prepare(draft, at=WORKDAY)
    draft.refresh_from_db()
    assert (draft.call, call.slug, call.state, call.version.number, call.version.text) == (call, "prova", "draft", 1, SMALL)
    Writer(browser(anna), draft).open("aree/0").write({"title": "Altro"}).press("save")
    call = drafting.prepare(draft, at=WORKDAY)
    assert (call.version.number, call.notice.areas[0].title, CallVersion.objects.count()) == (2, "Altro", 2)


def test_what_is_not_finished_is_not_prepared(anna):
    draft = begin({"title": "Prova"}, origin=DraftOrigin.FILE, by=anna, at=WORKDAY)
    with pytest.raises(Refused) as refused:
        drafting.prepare(draft, at=WORKDAY)
    assert len(refused.value.reasons) == len(drafting.faults(draft.data)) == 8


def test_a_draft_does_not_take_the_address_of_another_call(draft, anna):
    load(SMALL, at=WORKDAY)
    with pytest.raises(Refused) as refused:
        drafting.prepare(draft, at=WORKDAY)
    assert refused.value.reasons == [
        "C'è già un avviso all'indirizzo «prova»: scegline un altro in «Avviso e amministrazione»."
    ]


def test_a_call_keeps_its_address_once_prepared(draft, anna):
    drafting.prepare(draft, at=WORKDAY)
    Writer(browser(anna), draft).open("avviso").write({"id": "altra"}).press("save")
    with pytest.raises(Refused) as refused:
        drafting.prepare(draft, at=WORKDAY)
    assert refused.value.reasons == ["L'indirizzo dell'avviso è già «prova», da quando lo hai preparato: scrivilo di nuovo."]


def test_a_draft_loaded_by_hand_is_gone_on_with(anna):
    call = load(SMALL, at=WORKDAY)
    draft = drafting.go_on(call, by=anna, at=WORKDAY)
    assert (draft.call, draft.text, drafting.go_on(call, by=anna, at=WORKDAY)) == (call, SMALL, draft)
    assert drafting.prepare(draft, at=WORKDAY).version.number == 1


def test_after_publication_nobody_writes_in_the_draft_and_a_rectification_may_begin(draft, anna):
    call = drafting.prepare(draft, at=WORKDAY)
    writer = Writer(browser(anna), draft).open("aree/0").write({"title": "Troppo tardi"})
    publish(call, by=anna, at=WORKDAY)
    writer.press("save")
    assert (writer.response.status_code, now(draft)["areas"][0]["title"]) == (409, "Area uno")
    assert writer.page.fields["title"] == ["Troppo tardi"]
    with pytest.raises(Refused):
        drafting.bring_back(draft, 1, by=anna, at=WORKDAY)
    rectification = begin(read(SMALL).data, origin=DraftOrigin.CALL, by=anna, at=WORKDAY, call=call, amends=True)
    assert list(NoticeDraft.objects.visible_to(anna)) == [rectification]
    with pytest.raises(Refused):
        begin(read(SMALL).data, origin=DraftOrigin.CALL, by=anna, at=WORKDAY, call=call, amends=True)


def test_a_draft_put_aside_is_restored(draft, anna):
    drafting.discard(draft, at=WORKDAY)
    draft.refresh_from_db()
    assert (list(NoticeDraft.objects.visible_to(anna)), list(NoticeDraft.objects.discarded_by_office(anna))) == ([], [draft])
    with pytest.raises(Refused):
        drafting.discard(draft, at=WORKDAY)
    drafting.restore(draft)
    assert list(NoticeDraft.objects.visible_to(anna)) == [draft]


def test_a_draft_is_not_restored_beside_another_of_its_call(draft, anna):
    call = drafting.prepare(draft, at=WORKDAY)
    drafting.discard(draft, at=WORKDAY)
    drafting.go_on(call, by=anna, at=WORKDAY)
    draft.refresh_from_db()
    with pytest.raises(Refused) as refused:
        drafting.restore(draft)
    assert refused.value.reasons == ["C'è già un'altra bozza in lavorazione per questo avviso: continua quella."]


def test_a_rectification_put_aside_is_restored_while_the_rules_from_which_it_began_are_in_force(anna):
    call = load_fixture_call()
    draft = rectification(call, lambda data: data.update(title="Altro titolo"), by=anna, at=WORKDAY)
    aside = NoticeDraft.objects.discarded_by_office(anna)
    drafting.discard(draft, at=WORKDAY)
    assert list(aside) == [draft]
    drafting.restore(NoticeDraft.objects.get(pk=draft.pk))
    assert (list(aside.all()), NoticeDraft.objects.visible_to(anna).get().data["title"]) == ([], "Altro titolo")

    drafting.discard(draft, at=WORKDAY)
    extend(call, DEADLINE + timedelta(days=7), by=anna, at=WORKDAY + timedelta(hours=1))
    with pytest.raises(Refused) as refused:
        drafting.restore(NoticeDraft.objects.get(pk=draft.pk))
    assert refused.value.reasons == [
        "L'avviso è cambiato dopo l'inizio di questa rettifica: cominciane un'altra da quello in vigore."
    ]


def test_a_rectification_that_was_published_is_not_restored(anna):
    call = load_fixture_call()
    rectify(call, lambda data: data.update(title="Altro titolo"), by=anna, at=WORKDAY)
    assert list(NoticeDraft.objects.discarded_by_office(anna)) == []


def test_of_two_drafts_that_take_one_address_at_once_one_becomes_the_call(anna):
    first, second = (begin(read(SMALL).data, origin=DraftOrigin.FILE, by=anna, at=WORKDAY) for _ in range(2))
    make = drafting.load

    def late(text, *, at):
        """The other one becomes the call after this one has looked for the address and before it takes it."""
        with patch.object(drafting, "load", make):
            drafting.prepare(second, at=at)
        return make(text, at=at)

    with patch.object(drafting, "load", late), pytest.raises(Refused) as refused:
        drafting.prepare(first, at=WORKDAY)
    assert refused.value.reasons == [
        "C'è già un avviso all'indirizzo «prova»: scegline un altro in «Avviso e amministrazione»."
    ]


def test_a_saved_state_is_brought_back_as_a_new_one(draft, anna):
    Writer(browser(anna), draft).open("aree/0").write({"title": "Altro"}).press("save")
    drafting.bring_back(draft, 1, by=anna, at=WORKDAY)
    assert (now(draft), draft.version, draft.edits.count()) == (read_storable(SMALL), 3, 3)


def read_storable(text):
    return drafting.storable(read(text).data)

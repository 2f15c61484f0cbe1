"""The workplace of a commissioner: what one sees, what one never sees, and that nothing typed is lost."""

import re
from decimal import Decimal
from html import unescape

import pytest
from django.urls import reverse

from accounts.models import Membership
from applications.models import Application
from applications.states import ApplicationState
from evaluation.actions import declare, finish_sheet, save_marks
from evaluation.models import Declaration, MemberRole, Sheet
from evaluation.states import SheetState
from tests.builders import person, small_pdf
from tests.builders_evaluation import (
    MARKED_AT,
    admitted,
    attached,
    call_marked_together,
    call_of_rows_and_files,
    commission,
    mark,
    mark_all,
    mark_together,
    marking,
    same,
    sheet_of,
    small_call,
    with_rows,
)
from tests.history import history

pytestmark = pytest.mark.django_db


def text(response):
    return unescape(response.content.decode())


@pytest.fixture
def call():
    return small_call()


@pytest.fixture
def made(call):
    return commission(call, secretary=True)


def pages_of(call, user, client):
    """The text of every page of a commissioner that is not a single sheet."""
    client.force_login(user)
    addresses = [reverse("my_evaluations"), reverse("sheets", args=[call.slug]), reverse("declarations", args=[call.slug])]
    return "\n".join(text(client.get(address)) for address in addresses)


# Who gets in


def test_who_has_no_seat_finds_an_empty_page_and_no_commission(call, made, client):
    client.force_login(person())
    assert "Non fai parte di nessuna commissione" in text(client.get(reverse("my_evaluations")))
    for name in ("sheets", "declarations"):
        assert client.get(reverse(name, args=[call.slug])).status_code == 404


def test_who_marks_together_is_led_to_the_sheets_of_the_commission(client):
    call = call_marked_together()
    made = commission(call)
    mark_together(made, admitted(call), ["buono"] * 3)
    client.force_login(marking(made)[1].user)
    for name, args in (("my_evaluations", []), ("sheets", [call.slug])):
        page = client.get(reverse(name, args=args))
        assert "Qui la commissione valuta insieme: una scheda per proposta." in text(page)
        assert f'href="{reverse("collegial", args=[call.slug])}"' in page.content.decode()


def test_who_is_not_signed_in_signs_in_first(call, client):
    for address in (reverse("my_evaluations"), reverse("sheets", args=[call.slug])):
        assert client.get(address).headers["Location"].startswith(reverse("account_login"))


def test_the_secretary_leads_and_reads_no_proposal(call, made, client):
    admitted(call, name="Coop Alfa")
    client.force_login(made.members.get(role=MemberRole.SECRETARY).user)
    assert client.get(reverse("declarations", args=[call.slug])).status_code == 404
    page = text(client.get(reverse("sheets", args=[call.slug])))
    assert "Coop Alfa" not in page
    assert "Manca la dichiarazione sui conflitti di" in page


# Secrecy


def test_a_commissioner_never_sees_the_marks_of_another_before_the_closing(call, made, client):
    proposal = admitted(call)
    one, other = marking(made)[:2]
    mine, theirs = mark(one, proposal, ["ottimo"] * 3), sheet_of(other, proposal)
    client.force_login(other.user)
    assert client.get(reverse("sheet", args=[mine.pk])).status_code == 404
    assert client.post(reverse("sheet", args=[mine.pk]), {"reopen": "1", "reason": "Provo."}).status_code == 404
    page = text(client.get(reverse("sheet", args=[theirs.pk])))
    assert "Motivo di a1" not in page
    assert "checked" not in page
    assert "Motivo di a1" not in pages_of(call, other.user, client)
    client.force_login(one.user)
    assert "Motivo di a1" in text(client.get(reverse("sheet", args=[mine.pk])))


def test_a_member_in_conflict_finds_nothing_of_that_proposal_and_no_count_of_it(call, made, client):
    kept, lost = admitted(call, name="Coop Alfa", title="Casa aperta"), admitted(call, name="Coop Beta", title="Piazza viva")
    one, other = marking(made)[:2]
    hidden = sheet_of(one, lost)
    seen_by_other = mark(other, lost, ["buono"] * 3)
    mark(one, kept, ["buono"] * 3)
    client.force_login(one.user)
    assert client.get(reverse("sheet", args=[hidden.pk])).status_code == 200
    assert "1 scheda conclusa su 2" in text(client.get(reverse("my_evaluations")))
    declare(one, lost, in_conflict=True, note="Mia sorella ci lavora.", at=MARKED_AT)
    for sheet in (hidden, seen_by_other):
        assert client.get(reverse("sheet", args=[sheet.pk])).status_code == 404
        assert client.post(reverse("sheet", args=[sheet.pk]), {"save": ""}).status_code == 404
    still = Sheet.objects.get(member=one, application=kept)
    for address in (reverse("my_evaluations"), reverse("sheets", args=[call.slug]), reverse("sheet", args=[still.pk])):
        page = text(client.get(address))
        assert not [word for word in ("Coop Beta", "Piazza viva", lost.number) if word in page]
    assert "1 scheda conclusa su 1" in text(client.get(reverse("my_evaluations")))
    # One's own words stay readable: the name, and nothing of the proposal.
    own = text(client.get(reverse("declarations", args=[call.slug])))
    assert ("Coop Beta" in own, "Piazza viva" in own, lost.number in own) == (True, False, False)


def test_a_file_is_for_who_evaluates_the_proposal_and_each_opening_is_remembered(call, made, client):
    proposal, other_proposal = admitted(call), admitted(call)
    one, in_conflict = marking(made)[:2]
    sent, later = attached(proposal, "statuto.pdf"), attached(proposal, "dopo.pdf", sent=False)
    strange = attached(other_proposal, "altro.pdf")
    sheet = sheet_of(one, proposal)
    void = sheet_of(in_conflict, proposal)
    declare(in_conflict, proposal, in_conflict=True, at=MARKED_AT)
    client.force_login(one.user)
    response = client.get(reverse("evaluation_attachment", args=[sheet.pk, sent.pk]))
    assert b"".join(response.streaming_content) == small_pdf("statuto.pdf")
    assert [step.facts["file"] for step in sheet.steps.filter(act="open_file", by=one.user)] == [str(sent.document_id)]
    for request in (client.head, client.post):  # they would open nothing
        assert request(reverse("evaluation_attachment", args=[sheet.pk, sent.pk])).status_code == 405
    assert sheet.steps.filter(act="open_file").count() == 1
    for attachment in (later, strange):
        assert client.get(reverse("evaluation_attachment", args=[sheet.pk, attachment.pk])).status_code == 404
    client.force_login(in_conflict.user)
    for row in (sheet, void):
        assert client.get(reverse("evaluation_attachment", args=[row.pk, sent.pk])).status_code == 404


def test_a_table_stands_beside_its_criterion_row_by_row_and_its_files_can_be_opened(client):
    call = call_of_rows_and_files()
    proposal = with_rows(call, name="Coop Alfa")
    kept = [attached(proposal, name, rule="azioni") for name in ("foto.pdf", "patto.pdf")]
    attached(proposal, "dopo.pdf", rule="azioni", sent=False)
    sheet = sheet_of(marking(commission(call))[0], proposal)
    client.force_login(sheet.member.user)
    page = text(client.get(reverse("sheet", args=[sheet.pk])))
    marks = [page.index(f'id="r-proposta-{code}"') for code in ("azioni", "squadra")]
    files, table = page[marks[0] : marks[1]], page[marks[1] : page.index('id="r-files"')]
    assert re.findall(r"<(th|td)[^>]*>([^<]*)</", table) == [
        *[("th", "Nome"), ("th", "Ore (alla settimana)"), ("th", "Compito")],
        *[("td", "Anna"), ("td", "12"), ("td", "Segue lo sportello.")],
        *[("td", "Bruno"), ("td", "8"), ("td", "–")],
    ]
    links = re.findall(r'href="(/valutazioni[^"]+)"', files)
    assert links == [reverse("evaluation_attachment", args=[sheet.pk, file.pk]) for file in kept]
    opened = [b"".join(client.get(link).streaming_content) for link in links]
    assert opened == [small_pdf("foto.pdf"), small_pdf("patto.pdf")]
    assert "foto.pdf" in files
    assert "dopo.pdf" not in page


# Declarations


def test_before_declaring_one_sees_names_alone(call, made, client):
    proposal = admitted(call, name="Coop Alfa", title="Casa aperta")
    page = pages_of(call, marking(made)[0].user, client)
    assert "Coop Alfa" in page
    assert "Casa aperta" not in page
    assert proposal.number not in page
    assert "Prima di leggere le proposte, dichiara se hai rapporti con gli enti di questo elenco." in page


def test_names_are_asked_for_once_the_check_of_the_area_is_over(call, made, client):
    admitted(call, name="Coop Alfa")
    late = admitted(call, name="Coop Beta", state=ApplicationState.CHECKING)
    client.force_login(marking(made)[0].user)
    address = reverse("declarations", args=[call.slug])
    assert "Ancora nessun nome" in text(client.get(address))
    Application.objects.filter(pk=late.pk).update(state=ApplicationState.NOT_ADMITTED)
    page = text(client.get(address))
    assert ("Coop Alfa" in page, "Coop Beta" in page) == (True, False)


def test_every_name_wants_an_answer_and_what_was_answered_stays(call, made, client):
    first, second = admitted(call, name="Coop Alfa"), admitted(call, name="Coop Beta")
    member = marking(made)[0]
    client.force_login(member.user)
    address = reverse("declarations", args=[call.slug])
    data = {f"conflict_{first.pk}": "yes", f"note_{first.pk}": "Ne sono stata socia."}
    page = text(client.post(address, data))
    assert "Scegli una risposta per Coop Beta." in page
    assert "Ne sono stata socia." in page
    assert not Declaration.objects.exists()
    response = client.post(address, {**data, f"conflict_{second.pk}": "no"})
    assert response.headers["Location"] == reverse("sheets", args=[call.slug])
    assert list(Declaration.objects.order_by("in_conflict").values_list("application", "in_conflict", "note")) == [
        (second.pk, False, ""),
        (first.pk, True, "Ne sono stata socia."),
    ]


def test_a_refused_declaration_says_why_beside_the_name(call, made, client):
    proposal = admitted(call, name="Coop Alfa")
    member = marking(made)[0]
    proposal.organisation.memberships.create(user=member.user)
    client.force_login(member.user)
    response = client.post(reverse("declarations", args=[call.slug]), {f"conflict_{proposal.pk}": "no"})
    assert response.status_code == 409
    assert "Nei nostri dati lavori per Coop Alfa: per questo ente dichiara il conflitto." in text(response)


def test_who_joins_a_body_after_declaring_marks_its_proposal_no_more(call, made, client):
    one = marking(made)[0]
    row = mark(one, admitted(call, name="Coop Alfa"), ["buono"] * 3, finish=False)
    Membership.objects.create(user=one.user, organisation=row.application.organisation)
    client.force_login(one.user)
    address = reverse("sheet", args=[row.pk])
    for button in ("save", "finish"):
        response = client.post(address, {**answers(), button: ""})
        assert response.status_code == 409
        assert "Nei nostri dati lavori per Coop Alfa: per questo ente dichiara il conflitto." in text(response)
    assert set(row.marks.values_list("units", flat=True)) == {8000}
    declare(one, row.application, in_conflict=True, note="Ne sono socia.", at=MARKED_AT)
    assert client.get(address).status_code == 404


def test_a_declaration_can_be_changed(call, made, client):
    proposal = admitted(call, name="Coop Alfa")
    member = marking(made)[0]
    sheet = sheet_of(member, proposal)
    client.force_login(member.user)
    address = f"{reverse('declarations', args=[call.slug])}?cambia={proposal.pk}"
    assert "checked" in text(client.get(address))
    client.post(address, {f"conflict_{proposal.pk}": "yes", f"note_{proposal.pk}": "L'ho scoperto oggi."})
    sheet.refresh_from_db()
    assert sheet.state == SheetState.VOID


# The sheet


def answers(levels=("0.8", "1", "0.2"), reasons=("Chiaro.", "Molto concreto.", "Poche persone.")):
    given = {f"level-{i}": level for i, level in enumerate(levels)}
    return given | {f"reason-{i}": reason for i, reason in enumerate(reasons)}


@pytest.fixture
def sheet(call, made):
    proposal = admitted(call, name="Coop Alfa", title="Casa aperta")
    return sheet_of(marking(made)[0], proposal)


def test_each_criterion_leads_to_the_answer_that_it_is_about_and_back(sheet, client):
    client.force_login(sheet.member.user)
    page = text(client.get(reverse("sheet", args=[sheet.pk])))
    proposal, marks = page.split('id="punteggio"')
    where = [re.findall(r'<a href="#([^"]+)" data-jump data-place>([^<]+)</a>', part) for part in marks.split('id="c-')[1:]]
    assert where == [
        [("r-proposta-bisogni", "Quali bisogni")],
        [("r-proposta-azioni", "Quali azioni")],
        [("r-proposta-squadra", "Chi ci lavora")],
    ]
    for links in where:
        assert proposal.count(f'id="{links[0][0]}"') == 1
    assert re.findall(r'Vale per: <a href="#c-(\d)">([^<]+)</a>', proposal) == [
        ("0", "A.1 Bisogni"),
        ("1", "B.1 Azioni"),
        ("2", "C.1 Squadra"),
    ]
    assert [f'href="#{pane}"' in page for pane in ("proposta", "punteggio")] == [True, True]
    assert "<strong>Buono</strong> <span>(coefficiente 0,8, 16 punti)</span> – Risponde bene." in page


def test_a_draft_is_kept_as_far_as_it_goes(sheet, client):
    client.force_login(sheet.member.user)
    address = reverse("sheet", args=[sheet.pk])
    response = client.post(address, {**answers(("0.8", "", ""), ("", "Da rileggere.", "")), "save": "1"})
    assert response.headers["Location"] == f"{address}#c-1"
    page = text(client.get(address))
    assert "Da rileggere." in page
    assert "16 su 100" in page
    assert list(sheet.marks.order_by("criterion").values_list("criterion", "units", "reason")) == [
        ("a1", 8000, ""),
        ("b1", None, "Da rileggere."),
    ]


def shown(response) -> dict[str, str]:
    """What the page carries of the marks that it showed."""
    return {"__bases": unescape(re.search(r'name="__bases" value="([^"]*)"', response.content.decode())[1])}


def test_a_window_left_open_does_not_write_over_another_and_offers_both_texts(sheet, client):
    client.force_login(sheet.member.user)
    address = reverse("sheet", args=[sheet.pk])
    left_open = shown(client.get(address))
    client.post(address, {**answers(("0.8", "1", ""), ("Chiaro.", "Concreto.", "")), "save": "", **left_open})
    typed = answers(("", "0.5", "0.2"), ("", "Da rivedere.", "Poche."))
    response = client.post(address, {**typed, "save": "", **left_open})
    page = text(response)
    assert (response.status_code, "Da rivedere." in page, "Ottimo (1)\nConcreto." in page) == (409, True, True)
    assert page.count("L'altra versione</span>") == 1
    kept = {"a1": (8000, "Chiaro."), "b1": (10_000, "Concreto."), "c1": (2000, "Poche.")}
    assert {m.criterion: (m.units, m.reason) for m in sheet.marks.all()} == kept
    client.post(
        address,
        {**typed, **answers(("0.8", "0.5", "0.2"), ("Chiaro.", "Da rivedere.", "Poche.")), "save": "", **shown(response)},
    )
    assert {m.criterion: (m.units, m.reason) for m in sheet.marks.all()} == {**kept, "b1": (5000, "Da rivedere.")}
    emptied = {**answers(("", "0.5", "0.2"), ("", "Da rivedere.", "Poche.")), **shown(client.get(address))}
    client.post(address, {**emptied, "save": ""})
    assert list(sheet.marks.filter(criterion="a1").values_list("units", "reason")) == [(None, "")]


def test_concluding_with_gaps_lists_them_and_loses_nothing(sheet, client):
    client.force_login(sheet.member.user)
    address = reverse("sheet", args=[sheet.pk])
    page = text(client.post(address, {**answers(("0.8", "", "0.2"), ("Chiaro.", "Concreto.", " ")), "finish": "1"}))
    assert "Ci sono 2 cose da correggere" in page
    assert '<a href="#id_level-1_0">Azioni: scegli un livello.</a>' in page
    assert '<a href="#id_reason-2">Squadra: scrivi il motivo.</a>' in page
    assert "Concreto." in page
    sheet.refresh_from_db()
    assert (sheet.state, sheet.marks.get(criterion="b1").reason) == (SheetState.OPEN, "Concreto.")


def test_a_level_outside_the_scale_is_refused_and_what_was_typed_stays(sheet, client):
    client.force_login(sheet.member.user)
    page = text(client.post(reverse("sheet", args=[sheet.pk]), {**answers(("0.55", "1", "0.2")), "finish": "1"}))
    assert "Scegli un livello della scala per «Bisogni»." in page
    assert "Molto concreto." in page
    assert not sheet.marks.exists()


def test_a_concluded_sheet_leads_to_the_next_and_is_read_only(call, made, sheet, client):
    following = sheet_of(sheet.member, admitted(call))
    client.force_login(sheet.member.user)
    address = reverse("sheet", args=[sheet.pk])
    response = client.post(address, {**answers(), "finish": "1"})
    assert response.headers["Location"] == reverse("sheet", args=[following.pk])
    page = text(client.get(address))
    assert ("Concludi la scheda" in page, "56 su 100" in page) == (False, True)
    response = client.post(address, {**answers(("0", "0", "0")), "save": ""})
    assert response.status_code == 409
    assert "lo stato è «Conclusa»" in text(response)
    assert sheet.marks.get(criterion="a1").units == 8000
    response = client.post(reverse("sheet", args=[following.pk]), {**answers(), "finish": "1"})
    assert response.headers["Location"] == reverse("sheets", args=[call.slug])


def test_reopening_wants_a_reason(sheet, client):
    client.force_login(sheet.member.user)
    address = reverse("sheet", args=[sheet.pk])
    client.post(address, {**answers(), "finish": "1"})
    assert "Scrivi perché riapri la scheda." in text(client.post(address, {"reopen": "1", "reason": ""}))
    client.post(address, {"reopen": "1", "reason": "Ho riletto il piano."})
    assert list(history(sheet)) == ["finish", "reopen"]
    assert "Concludi la scheda" in text(client.get(address))


# Closing


def test_the_list_tells_how_far_each_sheet_is(call, made, client):
    member = marking(made)[1]
    rows = [sheet_of(member, admitted(call, name=f"Ente {letter}", title=f"Progetto {letter}")) for letter in "ABC"]
    given = {"a1": (Decimal("0.8"), "Chiaro."), "b1": (Decimal("1"), ""), "c1": (None, "Da rileggere.")}
    save_marks(rows[1], given, by=member.user, at=MARKED_AT)
    mark(member, rows[2].application, ["ottimo"] * 3)
    client.force_login(member.user)
    body = re.search(r"<tbody>(.*?)</tbody>", text(client.get(reverse("sheets", args=[call.slug]))), re.DOTALL)[1]
    lines = [" ".join(re.sub(r"<[^>]+>", " ", line).split()) for line in body.split("</tr>")[:-1]]
    assert lines == [
        f"Ente A Progetto A {rows[0].application.number} – Da fare",
        f"Ente B Progetto B {rows[1].application.number} 46 su 100 In corso, criteri fatti: 1 su 3",
        f"Ente C Progetto C {rows[2].application.number} 100 su 100 Conclusa",
    ]


def test_the_chair_closes_the_area_and_a_plain_member_has_no_such_button(call, made, client):
    proposal = admitted(call)
    mark_all(made, {proposal: same(["buono"] * 3)})
    chair, plain = marking(made)[:2]
    address = reverse("sheets", args=[call.slug])
    client.force_login(plain.user)
    assert "Chiudi la valutazione" not in text(client.get(address))
    assert client.post(address, {"area": "area-1"}).status_code == 404
    client.force_login(chair.user)
    assert "Chiudi la valutazione" in text(client.get(address))
    assert client.post(address, {"area": "area-1"}).headers["Location"] == address
    assert list(history(proposal)) == ["evaluate"]


def test_the_chair_is_told_who_is_missing_and_not_how_many_proposals(call, made, client):
    first, second = admitted(call), admitted(call)
    chair, plain, last = marking(made)
    declare(chair, second, in_conflict=True, at=MARKED_AT)
    mark(chair, first, ["buono"] * 3)
    for member in (plain, last):
        mark(member, first, ["buono"] * 3)
    finish_sheet(mark(plain, second, ["buono"] * 3, finish=False), by=plain.user, at=MARKED_AT)
    declare(last, second, in_conflict=False, at=MARKED_AT)
    client.force_login(chair.user)
    response = client.post(reverse("sheets", args=[call.slug]), {"area": "area-1"})
    assert response.status_code == 409
    assert f"Deve ancora concludere le sue schede: {last.user}." in text(response)
    assert second.number not in text(response)


# Queries


@pytest.mark.parametrize("proposals", [1, 3])
def test_pages_cost_the_same_queries_whatever_the_proposals(call, made, proposals, client, django_assert_num_queries):
    member = marking(made)[1]
    sheets = [mark(member, admitted(call), ["buono"] * 3, finish=False) for _ in range(proposals)]
    client.force_login(member.user)
    with django_assert_num_queries(7):
        client.get(reverse("my_evaluations"))
    with django_assert_num_queries(10):
        client.get(reverse("sheets", args=[call.slug]))
    with django_assert_num_queries(7):
        client.get(reverse("declarations", args=[call.slug]))
    with django_assert_num_queries(9):
        seen = shown(client.get(reverse("sheet", args=[sheets[0].pk])))
    with django_assert_num_queries(15):
        client.post(reverse("sheet", args=[sheets[0].pk]), {**answers(), "save": "", **seen})
    fresh = [admitted(call) for _ in range(proposals)]
    with django_assert_num_queries(17):
        client.post(reverse("declarations", args=[call.slug]), {f"conflict_{row.pk}": "no" for row in fresh})
    assert Sheet.objects.filter(application__in=fresh).count() == proposals

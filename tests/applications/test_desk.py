import re
from datetime import timedelta
from hashlib import sha256

import pytest
import time_machine
from django.urls import reverse

from applications import checking
from applications import desk as lists
from applications.actions import complete, remove_attachment, request_completion, save_completion, withdraw
from applications.completion import fingerprint_of_completion
from applications.models import Application, CheckItem
from applications.states import ApplicationState as S
from bando.actions import load
from bando.deadlines import rome
from bando.drafting import begin
from bando.models import Call, DraftOrigin
from bando.notice_yaml import read
from network.actions import draft_agreement
from tests import road as roads
from tests.bando.small import SMALL
from tests.builders import (
    AFTER,
    DEADLINE,
    WORKDAY,
    attach_pdf,
    body,
    draft_application,
    load_fixture_call,
    official,
    person,
    send,
    submitted_application,
)
from tests.history import history
from tests.pages import office_at, text

pytestmark = pytest.mark.django_db
LATER = rome(2021, 10, 20, 9, 30)
SLUG = "spazi-wemi-2021"
LIST = f"/ufficio/avvisi/{SLUG}/domande/"


@pytest.fixture
def office(client):
    return office_at(client, LATER)


def url(application) -> str:
    return reverse("desk_application", args=[application.pk])


def status(response) -> int:
    """Read to the end, so that a file that is served is closed."""
    if response.streaming:
        b"".join(response.streaming_content)
    return response.status_code


# Who may come in


@pytest.mark.parametrize("page", ["desk", "desk_call", "desk_applications", "desk_application", "desk_attachment"])
def test_the_desk_is_there_for_the_office_alone(client, page):
    application = submitted_application()
    where = {
        "desk": [],
        "desk_call": [SLUG],
        "desk_applications": [SLUG],
        "desk_application": [application.pk],
        "desk_attachment": [application.pk, application.current.manifest[0]["attachment"]],
    }
    address = reverse(page, args=where[page])
    with time_machine.travel(LATER, tick=False):
        anonymous = client.get(address)
        assert (anonymous.status_code, anonymous["Location"]) == (302, f"{reverse('account_login')}?next={address}")
        for somebody, expected in [(person(), 404), (application.created_by, 404), (official(), 200)]:
            client.force_login(somebody)
            assert status(client.get(address)) == expected


# Before the deadline and after


@pytest.mark.parametrize(("at", "is_open"), [(DEADLINE, False), (AFTER, True)])
def test_contents_are_shown_from_the_first_moment_after_the_deadline(office, at, is_open):
    application = submitted_application(organisation=body("Casa Aperta"))
    office.at = at
    shown = office.get(LIST)
    assert (shown.status_code, "Casa Aperta" in text(shown), application.number in text(shown)) == (200, is_open, is_open)
    assert ("nessuno dell'ufficio può sapere chi partecipa né leggere le proposte" in text(shown)) != is_open
    file = reverse("desk_attachment", args=[application.pk, application.current.manifest[0]["attachment"]])
    assert [status(office.get(page)) for page in (url(application), file)] == [200 if is_open else 404] * 2
    # Contents may be read at once; the check waits for what is still being written.
    assert office.post(url(application), {"start": "1"}).status_code == (409 if is_open else 404)
    office.at = DEADLINE + timedelta(minutes=10, microseconds=1)
    assert office.post(url(application), {"start": "1"}).status_code == 302


def test_before_the_deadline_the_office_sees_numbers_and_no_names(office):
    call = load_fixture_call()
    twice = submitted_application(call, organisation=body("Casa Aperta"))
    attach_pdf(twice, "procura")
    send(twice)
    draft_application(call, organisation=body("Piazza Viva"))
    gone = submitted_application(call, organisation=body("Rete Larga"))
    withdraw(gone, by=gone.created_by, at=WORKDAY)
    office.at = DEADLINE
    shown = text(office.get(f"/ufficio/avvisi/{SLUG}/"))
    assert [name in shown for name in ("Casa Aperta", "Piazza Viva", "Rete Larga")] == [False] * 3
    assert "Bozze 1 Ricevute 1 Inviate più di una volta 1 In verifica 0 Ammesse 0 Non ammesse 0 Ritirate 1" in shown


def test_what_was_never_sent_or_was_withdrawn_is_not_at_the_desk(office):
    call = load_fixture_call()
    draft, gone = draft_application(call), submitted_application(call)
    withdraw(gone, by=gone.created_by, at=WORKDAY)
    assert [office.get(url(application)).status_code for application in (draft, gone)] == [404, 404]
    assert "Nessuna domanda ricevuta" in text(office.get(LIST))


def test_the_files_of_the_desk_are_those_that_were_sent(office):
    application = submitted_application()
    sent = {file["rule"]: file for file in application.current.manifest}
    removed = application.attachments.get(rule="statuto")
    remove_attachment(removed, by=application.created_by, at=WORKDAY)
    added = attach_pdf(application, "procura")
    other = submitted_application(application.call, "area-2")

    def get(of, pk):
        return office.get(reverse("desk_attachment", args=[of.pk, pk]))

    response = get(application, sent["statuto"]["attachment"])
    content = b"".join(response.streaming_content)
    assert sha256(content).hexdigest() == sent["statuto"]["sha256"]
    assert response["Content-Disposition"] == 'attachment; filename="statuto.pdf"'
    assert get(application, added.pk).status_code == 404
    assert get(application, other.current.manifest[0]["attachment"]).status_code == 404


# The list


def numbers(response) -> list[str]:
    return [row["application"].number for row in response.context["rows"]]


def test_the_list_is_filtered_by_area_state_and_words(office):
    call = load_fixture_call()
    one = submitted_application(call, organisation=body("Casa Aperta"))
    two = submitted_application(call, "area-2", organisation=body("Casa Grande"))
    three = submitted_application(call, organisation=body("Piazza Viva"))
    checking.start_check(three, by=office.user, at=LATER)
    for query, found in [
        ("", [one, two, three]),
        ("?q=casa", [one, two]),
        ("?q=casa+aperta", [one]),
        (f"?q={three.number[-5:]}", [three]),
        ("?area=area-2", [two]),
        ("?state=checking", [three]),
        ("?q=casa&area=area-1&state=submitted", [one]),
        ("?q=assente", []),
    ]:
        assert numbers(office.get(LIST + query)) == [application.number for application in found]
    assert "Nessuna domanda con questi filtri" in text(office.get(LIST + "?q=assente"))


@pytest.mark.parametrize("query", ["?q=%00", "?area=altra", "?state=draft", "?after=%00", "?q=" + "x" * 101])
def test_a_filter_that_means_nothing_filters_nothing(office, query):
    application = submitted_application()
    response = office.get(LIST + query)
    assert (response.status_code, numbers(response)) == (200, [application.number])


def test_pages_go_forth_and_back_without_skipping(office, monkeypatch):
    monkeypatch.setattr(lists, "PAGE", 2)
    call = load_fixture_call()
    every = [submitted_application(call, organisation=body("Casa")).number for _ in range(5)]

    def walk(start, link):
        pages, query = [], start
        while True:
            response = office.get(LIST + query)
            pages.append(numbers(response))
            query = response.context[link]
            if not query:
                return pages, response

    forth, last = walk("?q=casa", "next_url")
    assert forth == [every[:2], every[2:4], every[4:]]
    back, first = walk(last.context["previous_url"], "previous_url")
    assert back == [every[2:4], every[:2]]
    assert (first.context["previous_url"], first.context["next_url"]) == ("", f"?q=casa&after={every[1]}")


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_with_one_row_and_with_three(office, django_assert_num_queries, count):
    call = load_fixture_call()
    for _ in range(count):
        application = submitted_application(call)
    office.get(LIST)
    # Each page: the session and the person, and then
    with django_assert_num_queries(2 + 6):  # calls, counts, questions, completions, to confirm, drafts of calls
        office.get("/ufficio/")
    with django_assert_num_queries(2 + 8):  # call, counts, questions, completions, sent twice, amendments, to confirm, history
        office.get(f"/ufficio/avvisi/{SLUG}/")
    with django_assert_num_queries(2 + 4):  # call, counts, completions, rows
        office.get(LIST)
    with django_assert_num_queries(
        2 + 10
    ):  # application, requests, notices, points, files, history, next, others, bodies, people
        office.get(url(application))


@pytest.mark.parametrize("count", [1, 3])
def test_the_desk_costs_the_same_with_one_call_and_with_three(office, django_assert_num_queries, count):
    for number in range(count):
        load(SMALL.replace("id: prova", f"id: prova-{number}"), at=WORKDAY)
    with django_assert_num_queries(2 + 6):
        response = office.get("/ufficio/")
    assert len(response.context["rows"]) == count


def test_the_desk_leads_to_the_drafts_of_calls_that_are_in_hand(office):
    assert "in lavorazione" not in office.get("/ufficio/").content.decode()
    data = read(SMALL).data
    amended, published = load_fixture_call(), load_fixture_call("gorgonzola-2024")
    for call, amends in ((None, False), (amended, True), (published, False)):  # the last is what its call was made of
        begin(data, origin=DraftOrigin.FILE, by=official(), at=WORKDAY, call=call, amends=amends)
    page = office.get("/ufficio/").content.decode()
    assert '/ufficio/bozze/#in-hand">2 bozze in lavorazione</a>' in page
    assert len(office.get("/ufficio/bozze/").context["rows"]) == 2


def test_the_desk_says_what_waits_for_the_office(office):
    load(SMALL, at=WORKDAY)
    call = load_fixture_call()
    first, second = submitted_application(call), submitted_application(call)
    checking.start_check(second, by=office.user, at=LATER)

    def waiting():
        return [(entry["task"].words, entry["url"]) for entry in office.get("/ufficio/").context["waiting"]]

    draft = ("Controlla la bozza e pubblica l'avviso", "/ufficio/avvisi/prova/")
    assert set(waiting()) == {
        draft,
        ("Verifica 1 domanda", f"{LIST}?state=submitted"),
        ("Concludi 1 verifica già iniziata", f"{LIST}?state=checking"),
    }
    Application.objects.filter(pk__in=[first.pk, second.pk]).update(state=S.ADMITTED)
    follow = reverse("desk_evaluation", args=[SLUG])
    assert set(waiting()) == {draft, ("Segui la commissione e la valutazione", follow)}
    for state in (S.EVALUATED, S.RANKED):
        Application.objects.filter(pk__in=[first.pk, second.pk]).update(state=state)
        assert set(waiting()) == {draft, ("La valutazione è chiusa: porta avanti la graduatoria", follow)}
    office.at = DEADLINE
    assert waiting() == [draft]


# The formal check


def typed(application, verdict="met", note="", **more):
    """What the page would send, had the person chosen the same verdict everywhere."""
    data = {}
    for item in application.check_items.all():
        data |= {f"{item.code}-verdict": verdict, f"{item.code}-note": note}
        data |= {f"{item.code}-shown_verdict": item.verdict, f"{item.code}-shown_note": item.note}
    return data | more


def test_an_application_is_checked_and_admitted_without_scripts(office):
    application = submitted_application()
    before = text(office.get(url(application)))
    assert "Inizia la verifica" in before
    assert "Salva la verifica" not in before
    assert office.post(url(application), {"start": "1"})["Location"] == url(application)
    unfinished = text(office.get(url(application)))
    assert "La verifica non è finita: scegli un esito per ogni requisito." in unfinished
    assert "Ammetti la domanda" not in unfinished
    assert office.post(url(application), typed(application, save="1"))["Location"] == url(application)
    assert "Ammetti la domanda" in text(office.get(url(application)))
    assert office.post(url(application), typed(application, admit="1"))["Location"] == url(application)
    assert list(history(application)) == ["submit", "start_check", "admit"]
    ended = text(office.get(url(application)))
    assert "Conforme – Anna Bianchi" in ended
    assert "Domanda ammessa – Anna Bianchi" in ended
    assert "Salva la verifica" not in ended


def test_the_page_shows_what_was_sent(office):
    application = submitted_application()
    shown = text(office.get(url(application)))
    assert "Risposta a: Quali servizi simili ha gestito l'ente negli ultimi tre anni?" in shown
    assert "11 ottobre 2021, ore 10:42:00,000000" in shown
    for file in application.current.manifest:
        assert file["name"] in shown
        assert " ".join(re.findall(".{8}", file["sha256"])) in shown
    assert application.organisation.tax_code in shown


def test_what_is_pressed_too_early_keeps_what_was_typed(office):
    application = submitted_application()
    checking.start_check(application, by=office.user, at=LATER)
    data = typed(application, admit="1") | {"in-time-verdict": "", "budget-note": "Conti rifatti."}
    response = office.post(url(application), data)
    assert (response.status_code, response.context["reasons"]) == (
        409,
        ["La verifica non è finita: scegli un esito per ogni requisito."],
    )
    assert CheckItem.objects.get(code="budget").note == "Conti rifatti."
    assert set(application.check_items.exclude(code="in-time").values_list("verdict", flat=True)) == {"met"}
    assert Application.objects.get().state == S.CHECKING


@pytest.mark.parametrize(("reason", "status", "state"), [("  ", 409, S.CHECKING), ("Manca la firma.", 302, S.NOT_ADMITTED)])
def test_not_admitting_takes_a_reason(office, reason, status, state):
    application = submitted_application()
    checking.start_check(application, by=office.user, at=LATER)
    office.post(url(application), typed(application) | {"in-time-verdict": "not_met", "in-time-note": "Tardi."})
    proposed = office.get(url(application)).context["reason_form"]["reason"].value()
    assert proposed == "Domanda arrivata in tempo: Tardi."
    assert "L'ente riceve il motivo così come lo scrivi. Motivo Domanda" in text(office.get(url(application)))
    data = typed(application) | {"in-time-verdict": "not_met", "in-time-note": "Tardi.", "not_admit": "1", "reason": reason}
    response = office.post(url(application), data)
    assert (response.status_code, Application.objects.get().state) == (status, state)
    if status == 409:
        assert response.context["errors"] == [
            {"target": "id_reason", "message": "Scrivi il motivo: resta nella storia dell'atto."}
        ]
    else:
        assert application.steps.get(act="not_admit").reason == reason


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("in-time-note", "x" * 2001, "Il testo può avere al massimo 2000 caratteri: togline 1."),
        ("in-time-verdict", "perfetto", "Scegli uno degli esiti dell'elenco."),
        ("reason", "x" * 4001, "Il testo può avere al massimo 4000 caratteri: togline 1."),
    ],
)
def test_what_cannot_be_saved_is_told_and_stays_on_the_page(office, name, value, sentence):
    application = submitted_application()
    checking.start_check(application, by=office.user, at=LATER)
    response = office.post(url(application), typed(application, note="Visto.", save="1") | {name: value})
    assert response.status_code == 200
    assert [error["message"] for error in response.context["errors"]] == [sentence]
    assert response.content.decode().count("Visto.") >= application.check_items.count() - 1
    assert set(application.check_items.values_list("verdict", flat=True)) == {""}


def test_a_note_of_the_greatest_length_counts_line_endings_once(office):
    application = submitted_application()
    checking.start_check(application, by=office.user, at=LATER)
    office.post(url(application), typed(application, save="1") | {"in-time-note": "a\r\n" * 999 + "bc"})
    assert CheckItem.objects.get(code="in-time").note == "a\n" * 999 + "bc"


def test_a_colleagues_verdict_is_shown_before_it_is_written_over(office):
    application = submitted_application()
    checking.start_check(application, by=office.user, at=LATER)
    page = typed(application, save="1")  # opened now, sent after the colleague
    colleague = official(name="Carla Neri")
    entry = checking.Entry(checking.Verdict("", ""), checking.Verdict("not_met", "Tardi."))
    checking.save_verdicts(application, {"in-time": entry}, by=colleague, at=LATER)
    response = office.post(url(application), page)
    assert response.status_code == 409
    assert [error["message"] for error in response.context["errors"]] == [
        "Carla Neri ha appena scritto «Non conforme» (Tardi.). Se vale il tuo esito, salva di nuovo."
    ]
    assert CheckItem.objects.get(code="in-time").verdict == "not_met"
    assert CheckItem.objects.get(code="budget").verdict == "met"
    shown = response.content.decode()
    assert 'name="in-time-shown_verdict" value="not_met"' in shown
    office.post(url(application), page | {"in-time-shown_verdict": "not_met", "in-time-shown_note": "Tardi."})
    assert CheckItem.objects.get(code="in-time").verdict == "met"


def test_a_check_that_a_colleague_has_ended_says_so(office):
    application = submitted_application()
    checking.start_check(application, by=office.user, at=LATER)
    page = typed(application, admit="1")
    office.post(url(application), page)
    response = office.post(url(application), page)
    assert (response.status_code, response.context["reasons"]) == (
        409,
        ["La verifica non è in corso: lo stato è «Ammessa»."],
    )
    assert list(history(application)) == ["submit", "start_check", "admit"]


def test_the_page_leads_to_the_next_application_to_check(office):
    call = load_fixture_call()
    first, second, third = (submitted_application(call) for _ in range(3))
    Application.objects.filter(pk=second.pk).update(state=S.ADMITTED)
    assert office.get(url(first)).context["next"] == third
    assert office.get(url(third)).context["next"] is None


# A call at the desk


def test_a_draft_is_published_from_its_page_once_nothing_stands_against_it(office):
    load(SMALL.replace("purpose: Provare.\n", ""), at=WORKDAY)
    office.at = WORKDAY
    page = reverse("desk_call", args=["prova"])
    reason = "Nel documento dell'avviso purpose: manca: scrivi lo scopo e l'oggetto della co-progettazione."
    shown = text(office.get(page))
    assert reason in shown
    assert "Pubblica l'avviso" not in shown
    refused = office.post(page, {"publish": Call.objects.get().version.sha256})
    assert (refused.status_code, refused.context["reasons"], Call.objects.get().state) == (409, [reason], "draft")

    load(SMALL, at=WORKDAY)
    button = re.search(r'name="publish" value="([0-9a-f]{64})"', office.get(page).content.decode())
    assert office.post(page, {"publish": button[1]})["Location"] == page
    call = Call.objects.get()
    assert (call.state, call.published_at, list(history(call))) == ("published", WORKDAY, ["publish"])
    assert "Avviso pubblicato – Anna Bianchi" in text(office.get(page))


@pytest.mark.parametrize("pressed", ["what was shown", "1", ""])
def test_what_a_colleague_prepared_after_the_page_was_opened_is_not_published_unread(office, pressed):
    shown = load(SMALL, at=WORKDAY).version.sha256
    office.at = WORKDAY
    page = reverse("desk_call", args=["prova"])
    call = load(SMALL.replace("title: Avviso di prova", "title: Altro"), at=WORKDAY)
    refused = office.post(page, {"publish": shown if pressed == "what was shown" else pressed})
    assert (call.version.sha256 == shown, refused.status_code, refused.context["reasons"]) == (
        False,
        409,
        [
            "L'avviso è stato preparato di nuovo dopo che hai aperto questa pagina: adesso leggi la versione nuova, con la sua "
            "impronta. Rileggila e pubblica di nuovo."
        ],
    )
    assert (Call.objects.get().state, call.version.sha256 in refused.content.decode()) == ("draft", True)


def test_after_the_ranking_the_office_is_led_to_the_agreements(office):
    road = roads.published()
    office.at = roads.SIGNED
    with time_machine.travel(roads.SIGNED, tick=False):  # months later: one signs in again
        office.force_login(office.user)
    todo = office.get("/ufficio/").context["waiting"]
    assert [(str(line["task"].words), line["url"]) for line in todo] == [
        ("Registra la convenzione di 1 domanda selezionata", f"{LIST}?state=selected")
    ]
    roads.sign(draft_agreement(road.fresh(), at=roads.SIGNED), by=road.office)
    assert office.get("/ufficio/").context["waiting"] == []


def test_a_completed_application_is_listed_with_the_moment_at_which_it_was_sent(office):
    application = submitted_application()
    checking.start_check(application, by=official(), at=LATER)
    due = LATER + timedelta(hours=5)
    asked = request_completion(
        application, questions=["proposta.titolo"], files=[], due_at=due, reason="Manca.", by=official(), at=LATER
    )
    typed = {"titolo": {"titolo": "Completato"}}
    save_completion(asked, typed=typed, bases={}, base_version=0, by=application.created_by, at=due)
    reviewed = fingerprint_of_completion(asked)
    complete(asked, reviewed=reviewed, by=application.created_by, at=due)
    office.at = due + timedelta(hours=1)
    assert f'datetime="{WORKDAY.isoformat()}"' in office.get(LIST).content.decode().replace(".000000", "")
    page = text(office.get(url(application)))
    assert "Arrivata lunedì 11 ottobre 2021, ore 10:42:00" in page
    assert "Completata mercoledì 20 ottobre 2021, ore 14:30:00" in page


# A check from one application to the next


def checking_now(count=1):
    """Applications in the hands of the office."""
    call = load_fixture_call()
    rows, by = [submitted_application(call) for _n in range(count)], official()
    for row in rows:
        checking.start_check(row, by=by, at=LATER)
    return rows


def test_the_office_walks_from_one_application_to_the_next(office):
    first, second, third = checking_now(3)
    page = office.get(url(second))
    assert f"Precedente: {first.number} 2 di 3 Successiva: {third.number}" in text(page)
    assert [page.context["before"], page.context["after"]] == [first, third]
    assert (office.get(url(first)).context["before"], office.get(url(third)).context["after"]) == (None, None)


def test_proposals_are_accepted_in_one_press_with_what_was_typed_and_undone(office):
    [row] = checking_now()
    page = office.get(url(row))
    assert page.context["judged"] == 0
    typed = {"requirement.chi-presenta-verdict": "met", "accept": "1"}
    assert office.post(url(row), typed).status_code == 302
    page = office.get(url(row))
    accepted = page.context["accepted"]["codes"]
    assert page.context["judged"] == len(accepted) + 1
    assert f"Hai accettato {len(accepted)} proposte in una volta. Annulla" in text(page)
    assert office.post(url(row), {"undo": "1"}).status_code == 302
    page = office.get(url(row))
    assert (page.context["judged"], "in una volta" in text(page)) == (1, False)


def test_a_reserve_is_put_and_lifted_on_the_page_and_told_in_the_list(office):
    [row] = checking_now()
    typed = {"in-time-verdict": "reserve", "in-time-note": "Manca l'iscrizione."}
    typed |= {f"{code}-verdict": "met" for code in row.check_items.values_list("code", flat=True) if code != "in-time"}
    empty = office.post(url(row), typed | {"admit_with_reserve": "1", "reserve": ""})
    assert (empty.status_code, empty.context["reason_form"].errors["reserve"]) == (
        409,
        ["Scrivi il motivo: resta nella storia dell'atto."],
    )
    assert office.post(url(row), typed | {"admit_with_reserve": "1", "reserve": "Manca l'iscrizione."}).status_code == 302
    page = text(office.get(url(row)))
    assert "Ammessa con riserva Manca l'iscrizione." in page
    assert "Ammessa Con riserva" in text(office.get(LIST))
    assert office.post(url(row), {"lift": "1", "reason": ""}).status_code == 409
    assert office.post(url(row), {"lift": "1", "reason": "L'iscrizione c'è."}).status_code == 302
    again = office.post(url(row), {"lift": "1", "reason": "Ancora."})
    assert (again.status_code, "Questa domanda non ha nessuna riserva da sciogliere." in text(again)) == (409, True)
    assert Application.objects.get().reserve == ""

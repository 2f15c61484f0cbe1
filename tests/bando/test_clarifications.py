import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from bando.actions import load, publish
from bando.clarification_rules import MOST_WAITING
from bando.clarifications import clarifications_of, found
from bando.clarifying import answer, ask, replace, set_aside
from bando.deadlines import rome
from bando.models import Clarification, Enquiry
from tests.bando.small import SMALL
from tests.builders import AFTER, DEADLINE, WORKDAY, official, person
from tests.builders_amending import revoke
from tests.clock import arriving
from tests.pages import text

pytestmark = pytest.mark.django_db
BEFORE = rome(2021, 8, 20)
TERM = rome(2021, 10, 13, 12)
TICK = timedelta(microseconds=1)
PUBLIC = "/avvisi/prova/chiarimenti/"
DESK = "/ufficio/avvisi/prova/quesiti/"
WRITE = f"{DESK}chiarimento/"


@pytest.fixture
def call():
    call = load(SMALL, at=BEFORE)
    publish(call, by=official(), at=BEFORE)
    return call


@pytest.fixture
def office(client):
    client.user = official("ufficio@comune.esempio.it", "Anna Bianchi")
    client.force_login(client.user)
    return client


def get(client, url, at=WORKDAY):
    with arriving(at):
        return client.get(url)


def post(client, url, at=WORKDAY, **data):
    with arriving(at):
        return client.post(url, data)


def waiting(call, words="Chi può partecipare?", by=None, section="", at=WORKDAY) -> Enquiry:
    return ask(call, section=section, text=words, by=by or person(), at=at)


def say(call, *enquiries, question="Chi può partecipare?", reply="Gli enti.", section="", at=WORKDAY) -> Clarification:
    return answer(
        call,
        section=section,
        question=question,
        reply=reply,
        explains_only=True,
        enquiries=[enquiry.pk for enquiry in enquiries],
        by=official(),
        at=at,
    )


def typed(**changed) -> dict[str, str]:
    words = {"section": "", "question": "Chi può partecipare?", "reply": "Gli enti del Terzo settore.", "explains_only": "on"}
    return words | changed


# Asking


def test_who_is_signed_in_asks_and_finds_the_question_waiting(client, call):
    client.force_login(person())
    response = post(client, PUBLIC, section="luogo", text="Dove?")
    assert (response.status_code, response.url) == (302, f"{PUBLIC}#le-tue-domande")
    page = get(client, PUBLIC)
    assert "Abbiamo ricevuto la tua domanda." in text(page)
    assert "Dove? Chiesta 11/10/2021, 10:42 · Luogo In attesa" in text(page)
    assert Enquiry.objects.get().section == "luogo"


def test_the_page_says_before_one_writes_that_the_answer_is_public_and_without_names(client, call):
    client.force_login(person())
    page = text(get(client, PUBLIC))
    warned = page.index("La leggono tutti, senza il tuo nome. Non scrivere dati personali, né tuoi né di altri")
    assert warned < page.index("La tua domanda Puoi scrivere ancora 2000 caratteri.")


def test_who_is_not_signed_in_reads_the_answers_and_the_term_and_comes_back_after_signing_in(client, call):
    say(call)
    page = get(client, PUBLIC)
    assert "Gli enti." in text(page)
    assert "Puoi fare domande fino a mercoledì 13 ottobre 2021, ore 12:00:00. Per farla, accedi : poi torni qui." in text(page)
    assert f'href="{reverse("account_login")}?next={PUBLIC}"' in page.content.decode()
    assert 'name="text"' not in page.content.decode()
    response = post(client, PUBLIC, section="", text="Dove?")
    assert (response.status_code, response.url) == (302, f"{reverse('account_login')}?next={PUBLIC}")
    assert Enquiry.objects.count() == 0


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"section": "", "text": ""}, "Scrivi la domanda."),
        ({"section": "", "text": " \n "}, "Scrivi la domanda."),
        ({"section": "altrove", "text": "Dove?"}, "Scegli una delle sezioni dell'elenco."),
        ({"section": "", "text": "x" * 2001}, "Il testo può avere al massimo 2000 caratteri: togline 1."),
        ({"section": "", "text": "x" * 1998 + "\r\nx"}, None),
    ],
)
def test_a_wrong_question_is_sent_back_with_what_was_typed(client, call, data, message):
    client.force_login(person())
    response = post(client, PUBLIC, **data)
    if message is None:
        assert response.status_code == 302
    else:
        assert (response.status_code, message in text(response)) == (200, True)
        assert response.context["form"]["text"].value() == data["text"]
    assert Enquiry.objects.count() == (message is None)


@pytest.mark.parametrize(("at", "status"), [(TERM, 302), (TERM + TICK, 409)])
def test_a_question_late_by_a_microsecond_is_refused_and_its_text_kept(client, call, at, status):
    client.force_login(person())
    response = post(client, PUBLIC, at, section="luogo", text="Una domanda lunga e ragionata")
    assert response.status_code == status
    assert Enquiry.objects.count() == (status == 302)
    if status == 409:
        assert "Il termine per fare domande è passato: mercoledì 13 ottobre 2021, ore 12:00:00." in text(response)
        assert "Una domanda lunga e ragionata</textarea>" in response.content.decode()


def test_after_the_term_the_page_says_when_it_ended_and_what_one_can_still_do(client, call):
    client.force_login(person())
    assert 'name="text"' in get(client, PUBLIC, TERM).content.decode()
    page = get(client, PUBLIC, TERM + TICK)
    assert (
        "Il termine per fare domande è passato: mercoledì 13 ottobre 2021, ore 12:00:00. Le risposte restano in questa pagina. "
        "Per altro trovi i contatti dell'ufficio nella pagina dell'avviso."
    ) in text(page)
    assert 'name="text"' not in page.content.decode()


def test_who_has_too_many_questions_waiting_is_told_instead_of_shown_the_form(client, call):
    asker = person()
    for _time in range(MOST_WAITING - 1):
        waiting(call, by=asker)
    client.force_login(asker)
    assert 'name="text"' in get(client, PUBLIC).content.decode()
    waiting(call, by=asker)
    page = get(client, PUBLIC)
    assert "Hai già 20 domande in attesa. Aspetta qualche risposta prima di farne un'altra." in text(page)
    assert 'name="text"' not in page.content.decode()
    response = post(client, PUBLIC, section="", text="Ancora una")
    assert (response.status_code, "Ancora una</textarea>" in response.content.decode()) == (409, True)


def test_each_sees_the_state_of_their_own_questions_and_of_nobody_elses(client, call):
    asker, other = person(), person()
    first, second, _third = (
        waiting(call, words, asker, at=WORKDAY + TICK * n) for n, words in enumerate(["Prima?", "Seconda?", "Terza?"])
    )
    waiting(call, "Di un altro?", other)
    old = say(call, first)
    replace(old, section="", question="Chi?", reply="Tutti.", explains_only=True, by=official(), at=WORKDAY)
    set_aside(second, reason="Parla di un caso personale.", by=official(), at=WORKDAY)
    client.force_login(asker)
    page = text(get(client, PUBLIC))
    mine = page[page.index("Le tue domande") : page.index("Chiarimenti Cerca")]
    assert mine == (
        "Le tue domande Questo elenco lo vedi solo tu. "
        "Terza? Chiesta 11/10/2021, 10:42 In attesa "
        "Seconda? Chiesta 11/10/2021, 10:42 L'ufficio non pubblica una risposta. Motivo: Parla di un caso personale. "
        "Non pubblicata "
        "Prima? Chiesta 11/10/2021, 10:42 Risposta: chiarimento n. 1 , sostituito dal n. 2 "
    )
    client.force_login(person())
    assert "Le tue domande" not in text(get(client, PUBLIC))


# Reading


def test_answers_are_numbered_dated_and_in_the_order_of_the_form_the_call_as_a_whole_first(client, call):
    say(call, section="luogo", reply="Uno.")
    say(call, section="ente", reply="Due.")
    say(call, section="", reply="Tre.")
    say(call, section="ente", reply="Quattro.")
    groups = get(client, PUBLIC).context["groups"]
    assert [(group.title, [row.number for row in group.rows]) for group in groups] == [
        ("L'avviso in generale", [3]),
        ("Ente", [2, 4]),
        ("Luogo", [1]),
    ]
    page = get(client, PUBLIC)
    assert "Chiarimento n. 3 Pubblicato 11/10/2021, 10:42 Domanda Chi può partecipare? Risposta Tre." in text(page)
    assert re.findall(r'<article[^>]* id="([^"]+)"', page.content.decode()) == [
        f"chiarimento-{number}" for number in (3, 2, 4, 1)
    ]


def test_the_answers_to_a_section_that_is_gone_come_last(client, call):
    say(call, section="tolta")
    say(call, section="ente")
    titles = [group.title for group in get(client, PUBLIC).context["groups"]]
    assert titles == ["Ente", "Una sezione che non c'è più"]


def test_nothing_of_who_asked_or_of_the_words_asked_reaches_the_public(client, call):
    say(
        call,
        waiting(call, "Siamo la cooperativa Alfa: chi firma?", person("alfa@esempio.it", "Rosa Alfa")),
        question="Chi firma?",
    )
    page = get(client, PUBLIC).content.decode()
    assert [word in page for word in ("Rosa", "alfa@", "cooperativa Alfa", "Chi firma?")] == [False, False, False, True]


def test_a_replaced_answer_stays_readable_and_leads_to_the_new_one(client, call):
    old = say(call, section="ente", reply="Sbagliata.")
    replace(old, section="ente", question="Chi?", reply="Giusta.", explains_only=True, by=official(), at=WORKDAY)
    page = text(get(client, PUBLIC))
    shown = page[page.index("Chiarimento n. 1") : page.index("Vuoi sapere")]
    assert shown == (
        "Chiarimento n. 1 (sostituito) Pubblicato 11/10/2021, 10:42 Questa risposta non vale più: leggi il chiarimento n. 2 . "
        "Domanda Chi può partecipare? Risposta Sbagliata. "
        "Chiarimento n. 2 Pubblicato 11/10/2021, 10:42 . Sostituisce il chiarimento n. 1 Domanda Chi? Risposta Giusta. "
    )
    assert [row.number for row in clarifications_of(call, "ente")] == [2]
    assert clarifications_of(call, "luogo") == []


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("", [1, 2]),
        ("PERCHE", [1]),
        ("firma perché", [1]),
        ("firma società", []),
        ("societa", [2]),
        ("2", [2]),
        ("#1", [1]),
        ("%", []),
    ],
)
def test_search_wants_every_word_and_does_not_mind_case_or_accents(client, call, words, numbers):
    say(call, question="Chi firma?", reply="La capofila, perché rappresenta tutti.")
    say(call, question="Una società può partecipare?", reply="Se è un'impresa sociale.")
    with arriving(WORKDAY):
        response = client.get(PUBLIC, {"q": words})
    assert [row.number for group in response.context["groups"] for row in group.rows] == numbers
    assert [row.number for row in found(call.clarifications.all(), words)] == numbers
    assert ("Nessun chiarimento trovato" in text(response)) == (numbers == [])


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        (WORKDAY, "Quando l'ufficio risponde a una domanda, la risposta si legge qui."),
        (AFTER, "L'ufficio non ha pubblicato chiarimenti su questo avviso."),
    ],
)
def test_without_answers_the_page_says_so(client, call, at, sentence):
    assert f"Ancora nessun chiarimento {sentence}" in text(get(client, PUBLIC, at))


def test_a_revoked_call_takes_no_questions_and_still_shows_its_answers(client, call):
    say(call)
    revoke(call, by=official(), at=WORKDAY, reason="Errore.")
    client.force_login(person())
    page = get(client, PUBLIC)
    assert "L'avviso è revocato: non si possono più fare domande." in text(page)
    assert ["Gli enti." in text(page), 'name="text"' in page.content.decode()] == [True, False]


@pytest.mark.parametrize("count", [1, 3])
def test_the_public_page_costs_the_same_with_one_answer_and_with_three(client, django_assert_num_queries, call, count):
    asker = person()
    for _time in range(count):
        old = say(call, waiting(call, by=asker))
        replace(old, section="", question="Chi?", reply="Tutti.", explains_only=True, by=official(), at=WORKDAY)
    with django_assert_num_queries(2):  # call, answers
        get(client, PUBLIC)
    client.force_login(asker)
    with django_assert_num_queries(2 + 2 + 3):  # session and user; one's own, how many wait, whether one follows
        get(client, PUBLIC)


# The office


def test_the_office_reads_the_oldest_question_first_how_long_it_waits_and_never_who_asked(office, call):
    waiting(call, "Nuova?", person(name="Rosa Alfa"), section="ente", at=WORKDAY)
    waiting(call, "Vecchia?", at=WORKDAY - timedelta(days=1))
    waiting(call, "Antica?", at=WORKDAY - timedelta(days=8))
    response = get(office, DESK)
    assert [(row["enquiry"].text, row["section"], row["waits"]) for row in response.context["waiting"]] == [
        ("Antica?", "", "da 8 giorni"),
        ("Vecchia?", "", "da 1 giorno"),
        ("Nuova?", "Ente", "da oggi"),
    ]
    assert "Rosa" not in response.content.decode()
    for row in response.context["waiting"]:
        assert "Rosa" not in get(office, reverse("desk_enquiry", args=[row["enquiry"].pk])).content.decode()
        assert "Rosa" not in get(office, f"{WRITE}?enquiry={row['enquiry'].pk}").content.decode()


def test_several_questions_are_ticked_and_answered_once_for_all(office, call):
    first = waiting(call, "Chi?", section="ente")
    second = waiting(call, "Chi, di preciso?", section="ente", at=WORKDAY + TICK)
    other = waiting(call, "Dove?", section="luogo")
    page = get(office, f"{WRITE}?chosen=1&enquiry={first.pk}&enquiry={second.pk}")
    form = page.context["form"]
    assert (form["section"].value(), form["question"].value()) == ("ente", "Chi?\n\nChi, di preciso?")
    assert get(office, f"{WRITE}?enquiry={first.pk}&enquiry={other.pk}").context["form"]["section"].value() == ""
    response = post(office, WRITE, **typed(section="ente"), enquiry=[first.pk, second.pk])
    assert (response.status_code, response.url) == (302, DESK)
    made = Clarification.objects.get()
    assert (made.number, made.section, made.question, made.answer, made.by) == (
        1,
        "ente",
        "Chi può partecipare?",
        "Gli enti del Terzo settore.",
        office.user,
    )
    assert (set(made.enquiries.all()), list(Enquiry.objects.waiting())) == ({first, second}, [other])
    assert "Il chiarimento n. 1 è pubblicato. Scriviamo a chi segue l'avviso." in text(get(office, DESK))


def test_answering_without_having_ticked_anything_leads_back(office, call):
    waiting(call)
    response = get(office, f"{WRITE}?chosen=1")
    assert (response.status_code, response.url) == (302, DESK)
    assert "Scegli almeno un quesito a cui rispondere." in text(get(office, DESK))
    assert get(office, WRITE).status_code == 200


def test_the_office_clarifies_what_nobody_asked(office, call):
    assert get(office, WRITE).context["form"]["question"].value() == ""
    assert post(office, WRITE, **typed()).status_code == 302
    assert Clarification.objects.get().enquiries.count() == 0


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({}, None),
        ({"question": ""}, "Scrivi la domanda come la leggeranno tutti."),
        ({"reply": ""}, "Scrivi la risposta."),
        ({"reply": "x" * 6001}, "Il testo può avere al massimo 6000 caratteri: togline 1."),
        ({"section": "altrove"}, "Scegli una delle sezioni dell'elenco."),
        (
            {"explains_only": ""},
            "Conferma che la risposta spiega le regole e non le cambia. Se le cambia, non basta un chiarimento: serve una "
            "modifica dell'avviso.",
        ),
    ],
)
def test_an_answer_with_a_fault_is_not_published_and_nothing_typed_is_lost(office, call, changed, message):
    enquiry = waiting(call)
    response = post(office, WRITE, **typed(**changed), enquiry=[enquiry.pk])
    assert Clarification.objects.count() == (message is None)
    if message is not None:
        assert (response.status_code, message in text(response)) == (200, True)
        kept = {name: response.context["form"][name].value() for name in ("question", "reply")}
        assert kept == {name: typed(**changed)[name] for name in ("question", "reply")}
        assert f'name="enquiry" value="{enquiry.pk}"' in response.content.decode()


def test_an_answer_that_speaks_of_rules_is_looked_at_twice_and_again_when_it_changes(office, call):
    speaks = typed(reply="La scadenza resta quella e servono 60 punti.")
    response = post(office, WRITE, **speaks)
    assert response.context["form"].noticed == ["scadenza", "60 punti"]
    assert "«scadenza» «60 punti» La" in text(response).replace("Errore: ", "")
    assert "La risposta parla delle regole. Rileggi le parole indicate e conferma che non le cambiano." in text(response)
    shown = re.search(r'name="looked_at" value="([^"]*)"', response.content.decode())[1]
    changed = speaks | {"reply": "La scadenza slitta."}
    response = post(office, WRITE, **changed, looked_at=shown, looked_again="on")
    assert (response.context["form"].noticed, response.context["form"]["looked_again"].value()) == (
        ["scadenza", "slitta"],
        False,
    )
    assert Clarification.objects.count() == 0
    assert post(office, WRITE, **speaks, looked_at=shown, looked_again="on").status_code == 302
    assert Clarification.objects.get().answer == "La scadenza resta quella e servono 60 punti."


def test_who_answers_is_offered_an_amendment(office, call):
    page = get(office, WRITE)
    assert f'href="{reverse("desk_amendments", args=["prova"])}"' in page.content.decode()
    assert "Un chiarimento spiega, non cambia Criteri, punti, soglie, requisiti e scadenze si cambiano solo con" in text(page)


def test_an_answer_that_does_not_speak_of_rules_is_published_at_once(office, call):
    assert "Rileggi queste parole" not in text(get(office, WRITE))
    assert post(office, WRITE, **typed()).status_code == 302


def test_who_answers_a_question_that_a_colleague_has_just_answered_keeps_the_text_and_goes_on_with_the_rest(office, call):
    first, second = waiting(call, "Prima?"), waiting(call, "Seconda?")
    say(call, first)
    response = post(office, WRITE, **typed(), enquiry=[first.pk, second.pk])
    assert response.status_code == 409
    assert "Intanto qualcun altro ha risposto a uno di questi quesiti o l'ha messo da parte." in text(response)
    assert "Gli enti del Terzo settore.</textarea>" in response.content.decode()
    left = re.findall(r'name="enquiry" value="([^"]+)"', response.content.decode())
    assert left == [str(second.pk)]
    assert post(office, WRITE, **typed(), enquiry=left).status_code == 302
    assert list(Clarification.objects.get(number=2).enquiries.all()) == [second]


def test_a_clarification_is_replaced_from_its_own_words(office, call):
    say(call, section="ente")
    assert f'href="{WRITE}?replaces=1"' in get(office, DESK).content.decode()
    form = get(office, f"{WRITE}?replaces=1").context["form"]
    kept = {name: form[name].value() for name in ("section", "question", "reply")}
    assert kept == {"section": "ente", "question": "Chi può partecipare?", "reply": "Gli enti."}
    assert post(office, WRITE, **typed(), replaces="1").status_code == 302
    assert Clarification.objects.get(number=2).replaces.number == 1
    assert re.findall(r"\?replaces=(\d+)", get(office, DESK).content.decode()) == ["2"]
    response = post(office, WRITE, **typed(), replaces="1")
    assert (response.status_code, Clarification.objects.count()) == (409, 2)
    assert "Il chiarimento n. 1 è già sostituito dal n. 2: sostituisci quello." in text(response)


@pytest.mark.parametrize("query", ["replaces=9", "replaces=x", "replaces=²", f"replaces={'9' * 30}", "enquiry=x"])
def test_what_is_not_there_is_not_found(office, call, query):
    assert get(office, f"{WRITE}?{query}").status_code == 404


def test_a_question_is_set_aside_with_a_reason(office, call):
    enquiry = waiting(call)
    url = reverse("desk_enquiry", args=[enquiry.pk])
    response = post(office, url, reason=" ")
    assert (response.status_code, "Scrivi il motivo: lo legge chi ha fatto la domanda." in text(response)) == (200, True)
    assert post(office, url, reason="Fuori tema.").status_code == 302
    page = text(get(office, DESK))
    assert page.endswith(
        "Quesiti messi da parte (1) Chi può partecipare? L'avviso in generale · Chiesta 11/10/2021, 10:42 Motivo: Fuori tema."
    )
    assert "Nessun quesito aspetta una risposta." in page
    response = post(office, url, reason="Ancora.")
    assert (response.status_code, "Questo quesito è già messo da parte." in text(response)) == (409, True)
    assert "Ancora.</textarea>" in response.content.decode()


def test_a_revoked_call_can_be_read_and_not_clarified(office, call):
    waiting(call)
    revoke(call, by=official(), at=WORKDAY, reason="Errore.")
    page = text(get(office, DESK))
    assert ["Chi può partecipare?" in page, "Rispondi ai quesiti scelti" in page] == [True, False]
    response = post(office, WRITE, **typed())
    assert (response.status_code, Clarification.objects.count()) == (409, 0)
    assert "Adesso non si può fare: lo stato è «Revocato»." in text(response)


def test_after_the_deadline_the_office_is_told_that_nobody_can_use_the_answer(office, call):
    late = "La scadenza è passata: chi ha inviato la domanda non può più tenere conto di questa risposta."
    assert [late in text(get(office, WRITE, at)) for at in (DEADLINE, AFTER)] == [False, True]


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_of_the_office_cost_the_same_with_one_question_and_with_three(office, django_assert_num_queries, call, count):
    for _time in range(count):
        say(call, waiting(call))
        set_aside(waiting(call), reason="Fuori tema.", by=official(), at=WORKDAY)
    keys = [waiting(call).pk for _time in range(count)]
    with django_assert_num_queries(2 + 3):  # call, questions, answers
        get(office, DESK)
    with django_assert_num_queries(2 + 2):  # call, questions
        get(office, f"{WRITE}?{'&'.join(f'enquiry={key}' for key in keys)}")
    with django_assert_num_queries(2 + 1):
        get(office, reverse("desk_enquiry", args=[keys[0]]))


@pytest.mark.parametrize("count", [1, 3])
def test_the_desk_lists_the_questions_that_wait_and_asks_once_for_all_calls(office, django_assert_num_queries, count):
    for number in range(count):
        call = load(SMALL.replace("id: prova", f"id: prova-{number}"), at=BEFORE)
        publish(call, by=office.user, at=BEFORE)
        for _time in range(number + 1):
            waiting(call)
        say(call, waiting(call))
    with django_assert_num_queries(2 + 6):  # calls, applications, questions, what is to confirm or complete, drafts in hand
        response = get(office, "/ufficio/")
    tasks = {entry["call"].slug: (entry["task"].words, entry["url"]) for entry in response.context["waiting"]}
    words = ["1 quesito aspetta una risposta", "2 quesiti aspettano una risposta", "3 quesiti aspettano una risposta"]
    assert tasks == {f"prova-{n}": (words[n], f"/ufficio/avvisi/prova-{n}/quesiti/") for n in range(count)}


def test_a_call_that_is_over_asks_the_office_for_no_answers(office, call):
    waiting(call)
    assert [entry["task"].url_name for entry in get(office, "/ufficio/").context["waiting"]] == ["desk_clarifications"]
    revoke(call, by=official(), at=WORKDAY, reason="Errore.")
    assert get(office, "/ufficio/").context["waiting"] == []


def test_the_page_of_a_call_at_the_desk_leads_to_its_questions(office, call):
    waiting(call)
    response = get(office, "/ufficio/avvisi/prova/")
    assert [entry["url"] for entry in response.context["waiting"]] == [DESK]
    assert response.content.decode().count(f'href="{DESK}"') == 2


# In a browser


@pytest.mark.parametrize("width", [320, 1280])
def test_the_pages_read_well_on_a_telephone_and_on_a_desk(page_at, axe_clean, live_server, width):
    call = load(SMALL, at=BEFORE)
    publish(call, by=official(), at=BEFORE)
    asker, office = person(), official()
    say(call, waiting(call, by=asker, at=WORKDAY))
    waiting(call, by=asker)
    enquiry = waiting(call, "x" * 200)
    pages = [
        (asker, PUBLIC),
        (office, DESK),
        (office, f"{WRITE}?enquiry={enquiry.pk}"),
        (office, f"/ufficio/quesiti/{enquiry.pk}/"),
    ]
    with arriving(WORKDAY):
        for who, url in pages:
            page = page_at(width)
            sign_in(page, who, live_server.url)
            page.goto(url)
            axe_clean(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def sign_in(page, user, address) -> None:
    client = Client()
    client.force_login(user)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}])

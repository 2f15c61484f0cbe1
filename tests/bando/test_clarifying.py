from datetime import timedelta
from uuid import uuid4

import pytest

from bando.actions import load, publish
from bando.clarification_rules import MOST_WAITING, against_asking
from bando.clarifying import answer, ask, replace, set_aside
from bando.deadlines import rome
from bando.models import Call, Clarification, Enquiry, Follower
from bando.states import CallState
from tests.bando.small import SMALL
from tests.builders import AFTER, DEADLINE, WORKDAY, official, person
from tests.builders_amending import revoke
from tests.together import together
from workflow.models import Duty, LedgerEntry
from workflow.transition import Refused

pytestmark = pytest.mark.django_db
BEFORE = rome(2021, 8, 20)
TERM = rome(2021, 10, 13, 12)
TICK = timedelta(microseconds=1)
WITHOUT_TERM = SMALL.replace("  questions_until: 2021-10-13T12:00:00\n", "")


def call_of(text: str = SMALL) -> Call:
    call = load(text, at=BEFORE)
    publish(call, by=official(), at=BEFORE)
    return call


def say(call: Call, *enquiries: Enquiry, by=None, at=WORKDAY, **changed) -> Clarification:
    words = {"section": "", "question": "Chi può partecipare?", "reply": "Gli enti.", "explains_only": True} | changed
    return answer(call, enquiries=[enquiry.pk for enquiry in enquiries], by=by or official(), at=at, **words)


def waiting(call: Call, by=None, text: str = "Chi?", at=WORKDAY) -> Enquiry:
    return ask(call, section="", text=text, by=by or person(), at=at)


def refusal(act) -> list[str]:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.reasons


# Asking


@pytest.mark.parametrize(
    ("document", "at", "reason"),
    [
        (SMALL, BEFORE, None),
        (SMALL, TERM, None),
        (
            SMALL,
            TERM + TICK,
            "Il termine per fare domande è passato: mercoledì 13 ottobre 2021, ore 12:00:00. Le risposte restano in questa pagina.",
        ),
        (WITHOUT_TERM, DEADLINE, None),
        (
            WITHOUT_TERM,
            AFTER,
            "Il termine per fare domande è passato: lunedì 18 ottobre 2021, ore 12:00:00. Le risposte restano in questa pagina.",
        ),
    ],
)
def test_questions_are_taken_until_the_term_of_the_call_to_the_microsecond(document, at, reason):
    call, somebody = call_of(document), person()
    if reason is None:
        waiting(call, somebody, at=at)
    else:
        assert refusal(lambda: waiting(call, somebody, at=at)) == [reason]
    assert Enquiry.objects.count() == Follower.objects.count() == (reason is None)


def test_a_question_is_kept_as_it_was_asked_and_its_author_follows_the_call():
    call, somebody = call_of(), person()
    asked = ask(call, section="luogo", text="Dove?", by=somebody, at=WORKDAY)
    kept = Enquiry.objects.get()
    assert (kept, kept.section, kept.text, kept.asked_by, kept.asked_at) == (asked, "luogo", "Dove?", somebody, WORKDAY)
    assert [(follower.user, follower.since) for follower in call.followers.all()] == [(somebody, WORKDAY)]
    waiting(call, somebody, at=WORKDAY + TICK)
    assert call.followers.get().since == WORKDAY


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (CallState.PUBLISHED, None),
        (CallState.DRAFT, "L'avviso non è ancora pubblicato: si può chiedere dopo la pubblicazione."),
        (CallState.RANKED, "L'avviso è concluso: non si possono più fare domande. Le risposte restano in questa pagina."),
        (CallState.REVOKED, "L'avviso è revocato: non si possono più fare domande. Le risposte restano in questa pagina."),
    ],
)
def test_questions_are_taken_by_a_published_call_alone(state, reason):
    call = call_of()
    call.state = state
    assert against_asking(call, by=person(), at=WORKDAY) == reason


def test_a_person_has_so_many_questions_waiting_on_a_call_and_no_more():
    call, somebody = call_of(), person()
    asked = [waiting(call, somebody) for _time in range(MOST_WAITING)]
    assert refusal(lambda: waiting(call, somebody)) == [
        "Hai già 20 domande in attesa. Aspetta qualche risposta prima di farne un'altra."
    ]
    waiting(call)  # somebody else
    waiting(call_of(SMALL.replace("id: prova", "id: altro")), somebody)  # another call
    say(call, asked[0])
    waiting(call, somebody)
    assert Enquiry.objects.waiting().filter(call=call, asked_by=somebody).count() == MOST_WAITING


# Answering


def test_several_questions_have_one_answer_which_is_numbered_recorded_and_owed_to_everybody():
    call, office = call_of(), official()
    first, second, other = waiting(call), waiting(call, at=WORKDAY + TICK), waiting(call)
    made = say(call, first, second, by=office, section="ente")
    assert (made.number, made.section, made.by, made.at, made.replaces) == (1, "ente", office, WORKDAY, None)
    assert set(made.enquiries.all()) == {first, second}
    assert list(Enquiry.objects.waiting()) == [other]
    step = call.steps.last()
    assert (step.act, str(step.label), step.source, step.target) == (
        "clarify",
        "Chiarimento pubblicato",
        "published",
        "published",
    )
    assert step.facts == {
        "number": 1,
        "section": "ente",
        "question": "Chi può partecipare?",
        "answer": "Gli enti.",
        "replaces": None,
        "enquiries": 2,
        "explains_only": True,
    }
    assert LedgerEntry.objects.filter(act="clarify", subject=str(call.pk)).count() == 1
    assert [duty.subject for duty in Duty.objects.filter(name="bando.tell_everybody")] == [f"clarification:{made.pk}"]


def test_the_record_of_an_answer_does_not_say_who_asked():
    call, somebody = call_of(), person("anna@esempio.it", "Anna Chiede")
    say(call, waiting(call, somebody))
    written = LedgerEntry.objects.get(act="clarify").content
    assert [word in written for word in ("Anna", "anna@", "Chi può partecipare?")] == [False, False, True]


def test_the_office_may_clarify_what_nobody_asked_and_each_call_counts_from_one():
    one, two = call_of(), call_of(SMALL.replace("id: prova", "id: altro"))
    assert [say(one).number, say(one).number, say(two).number] == [1, 2, 1]


def test_an_answer_that_does_not_say_that_it_changes_nothing_is_not_published():
    call = call_of()
    enquiry = waiting(call)
    assert refusal(lambda: say(call, enquiry, explains_only=False)) == [
        "Conferma che la risposta spiega le regole e non le cambia. Se le cambia, non basta un chiarimento: serve una modifica "
        "dell'avviso."
    ]
    told = Duty.objects.filter(name="bando.tell_everybody")
    assert (Clarification.objects.count(), Enquiry.objects.waiting().count(), told.count()) == (0, 1, 0)
    assert say(call, enquiry).number == 1


def test_only_the_office_answers():
    call, somebody = call_of(), person()
    enquiry = waiting(call, somebody)
    assert refusal(lambda: say(call, enquiry, by=somebody)) == ["Lo può fare solo chi lavora nell'ufficio."]
    assert refusal(lambda: set_aside(enquiry, reason="No", by=somebody, at=WORKDAY)) == [
        "Lo può fare solo chi lavora nell'ufficio."
    ]
    assert list(Enquiry.objects.waiting()) == [enquiry]


def test_a_revoked_call_is_not_clarified():
    call = call_of()
    enquiry = waiting(call)
    revoke(call, by=official(), at=WORKDAY, reason="Errore.")
    assert refusal(lambda: say(call, enquiry)) == ["Adesso non si può fare: lo stato è «Revocato»."]


@pytest.mark.parametrize("lost", ["answered", "set aside", "of another call", "unknown"])
def test_an_enquiry_that_no_longer_waits_holds_up_the_answer_to_all(lost):
    call = call_of()
    enquiry, gone = waiting(call), waiting(call)
    if lost == "answered":
        say(call, gone)
    elif lost == "set aside":
        set_aside(gone, reason="Fuori tema.", by=official(), at=WORKDAY)
    elif lost == "of another call":
        gone = waiting(call_of(SMALL.replace("id: prova", "id: altro")))
    else:
        gone = Enquiry(pk=uuid4())
    published = Clarification.objects.count()
    assert refusal(lambda: say(call, enquiry, gone)) == [
        "Intanto qualcun altro ha risposto a uno di questi quesiti o l'ha messo da parte. Controlla l'elenco e riprova."
    ]
    assert Clarification.objects.count() == published
    assert enquiry in Enquiry.objects.waiting()
    assert say(call, enquiry).number == published + 1


def test_a_clarification_is_replaced_by_another_once_and_both_stay():
    call, office = call_of(), official()
    old = say(call, waiting(call))
    words = {"section": "ente", "question": "Chi?", "reply": "Gli enti iscritti.", "explains_only": True}
    new = replace(old, **words, by=office, at=WORKDAY)
    assert [(row.number, row.answer, row.replaces) for row in call.clarifications.all()] == [
        (1, "Gli enti.", None),
        (2, "Gli enti iscritti.", old),
    ]
    assert call.steps.last().facts["replaces"] == 1
    assert refusal(lambda: replace(old, **words, by=office, at=WORKDAY)) == [
        "Il chiarimento n. 1 è già sostituito dal n. 2: sostituisci quello."
    ]
    assert replace(new, **words, by=office, at=WORKDAY).number == 3


def test_a_question_is_set_aside_once_with_a_reason_and_not_after_its_answer():
    call, office = call_of(), official()
    enquiry, answered = waiting(call), waiting(call)
    say(call, answered)
    for row, reason, sentence in [
        (enquiry, " \n", "Scrivi il motivo: lo legge chi ha fatto la domanda."),
        (answered, "Fuori tema.", "Questo quesito ha già una risposta."),
    ]:
        assert refusal(lambda row=row, reason=reason: set_aside(row, reason=reason, by=office, at=WORKDAY)) == [sentence]
    set_aside(enquiry, reason="Fuori tema.", by=office, at=WORKDAY)
    kept = Enquiry.objects.get(pk=enquiry.pk)
    assert (kept.set_aside_at, kept.set_aside_by, kept.set_aside_reason) == (WORKDAY, office, "Fuori tema.")
    assert refusal(lambda: set_aside(enquiry, reason="Ancora.", by=office, at=WORKDAY)) == [
        "Questo quesito è già messo da parte."
    ]


# At the same moment


@pytest.mark.django_db(transaction=True)
def test_officials_who_publish_at_once_get_a_number_each():
    call, office = call_of(), official()
    made = together(*(lambda: say(Call.objects.get(pk=call.pk), by=office) for _official in range(4)))
    assert sorted(clarification.number for clarification in made) == [1, 2, 3, 4]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_the_same_question_at_once_one_is_told():
    call, office = call_of(), official()
    enquiry = waiting(call)
    found = together(*(lambda: say(Call.objects.get(pk=call.pk), enquiry, by=office) for _official in range(2)))
    assert sorted(isinstance(one, Clarification) for one in found) == [False, True]
    assert (Clarification.objects.count(), call.steps.filter(act="clarify").count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_who_asks_from_several_pages_at_once_stays_within_the_limit():
    call, somebody = call_of(), person()
    for _time in range(MOST_WAITING - 1):
        waiting(call, somebody)
    found = together(*(lambda: waiting(Call.objects.get(pk=call.pk), somebody) for _page in range(3)))
    assert sorted(isinstance(one, Enquiry) for one in found) == [False, False, True]
    assert Enquiry.objects.count() == MOST_WAITING

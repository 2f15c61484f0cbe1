from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage
from django.utils.translation import get_language

from bando import telling
from bando.actions import load, publish
from bando.clarifying import answer, ask, replace
from bando.deadlines import rome
from bando.following import follow, unfollow
from tests.bando.small import SMALL
from tests.builders import WORKDAY, official, person
from tests.builders_amending import extend
from workflow.duties import pay
from workflow.models import Duty

pytestmark = pytest.mark.django_db
BEFORE = rome(2021, 8, 20)
LATER = WORKDAY + timedelta(minutes=1)


@pytest.fixture
def call():
    call = load(SMALL, at=BEFORE)
    publish(call, by=official(), at=BEFORE)
    Duty.objects.all().delete()  # what a publication owes is another matter
    return call


@pytest.fixture
def nobody_else(monkeypatch):
    """Only the followers: what other packages name is their own tests' matter."""
    monkeypatch.setattr(telling, "_concerned", [])


def clarify(call, **changed):
    words = {"section": "", "question": "Chi può?", "reply": "Gli enti, e < tutti > gli altri.", "explains_only": True}
    return answer(call, **words | changed, by=official(), at=WORKDAY)


def pay_all() -> None:
    while pay(LATER):
        pass


def told() -> list[str]:
    return sorted(message.to[0] for message in mail.outbox)


def test_followers_and_who_asked_are_told_once_each_and_who_stopped_is_not(call, nobody_else):
    follower, asker, gone, asleep = (person(f"{name}@esempio.it") for name in ("segue", "chiede", "smette", "dorme"))
    for user in (follower, gone, asleep):
        follow(call, by=user, at=WORKDAY)
    ask(call, section="", text="Chi?", by=asker, at=WORKDAY)
    follow(call, by=asker, at=WORKDAY)
    unfollow(call, by=gone)
    asleep.is_active = False
    asleep.save()
    clarify(call)
    assert told() == []  # telling waits for the commit
    pay_all()
    assert told() == ["chiede@esempio.it", "segue@esempio.it"]
    assert Duty.objects.filter(done_at=None).count() == 0


def test_whom_other_packages_name_is_told_once_too(call, nobody_else):
    follower, applicant = person("segue@esempio.it"), person("domanda@esempio.it")
    follow(call, by=follower, at=WORKDAY)
    telling.concerns(lambda about: [applicant, follower] if about == call else [])
    clarify(call)
    pay_all()
    assert told() == ["domanda@esempio.it", "segue@esempio.it"]


def test_the_mail_of_an_answer_says_it_all_and_how_to_stop(call, nobody_else):
    follow(call, by=person(), at=WORKDAY)
    clarify(call)
    pay_all()
    message = mail.outbox[0]
    assert message.subject == "Chiarimento n. 1: Avviso di prova"
    assert message.body == (
        "L'ufficio ha pubblicato il chiarimento n. 1 su «Avviso di prova».\n"
        "\n"
        "Domanda\n"
        "Chi può?\n"
        "\n"
        "Risposta\n"
        "Gli enti, e < tutti > gli altri.\n"
        "\n"
        "Tutti i chiarimenti:\n"
        f"{settings.SITE_URL}/avvisi/prova/chiarimenti/#chiarimento-1\n"
        "\n"
        "Ricevi questa mail perché segui l'avviso, o perché il tuo ente ha una domanda. Per non seguirlo più apri la sua pagina e "
        "scegli «Non seguire più»:\n"
        f"{settings.SITE_URL}/avvisi/prova/#segui\n"
        "\n"
        "--\n"
        "Comune dimostrativo\n"
        "Questo messaggio parte da solo: non leggiamo le risposte.\n"
    )


def test_the_mail_of_a_replacement_says_what_no_longer_holds(call, nobody_else):
    old = clarify(call)
    follow(call, by=person(), at=WORKDAY)
    Duty.objects.all().delete()
    replace(old, section="", question="Chi?", reply="Tutti.", explains_only=True, by=official(), at=WORKDAY)
    pay_all()
    assert mail.outbox[0].subject == "Chiarimento n. 2: Avviso di prova"
    assert "Sostituisce il chiarimento n. 1, che non vale più." in mail.outbox[0].body


def test_each_reads_in_their_own_language(call, nobody_else, monkeypatch):
    for language in ("en", "it"):
        follow(call, by=person(f"{language}@esempio.it", language=language), at=WORKDAY)
    monkeypatch.setattr("workflow.mail.render_to_string", lambda template, context: get_language())
    clarify(call)
    pay_all()
    assert {message.to[0]: (message.subject, message.body) for message in mail.outbox} == {
        "en@esempio.it": ("en", "en"),
        "it@esempio.it": ("it", "it"),
    }


def test_a_mail_that_no_server_takes_is_tried_again_alone_under_the_same_name(call, nobody_else, monkeypatch):
    for name in ("uno", "due"):
        follow(call, by=person(f"{name}@esempio.it"), at=WORKDAY)
    clarify(call)
    sent, names = EmailMessage.send, []

    def send(message, **kwargs):
        names.append((message.to[0], message.extra_headers["Message-ID"]))
        if message.to == ["uno@esempio.it"] and len(names) < 3:
            raise OSError("no server")
        return sent(message, **kwargs)

    monkeypatch.setattr(EmailMessage, "send", send)
    pay_all()
    assert told() == ["due@esempio.it"]
    while pay(LATER + timedelta(hours=1)):
        pass
    assert told() == ["due@esempio.it", "uno@esempio.it"]
    assert len(names) == 3
    assert len(set(names)) == 2


def test_the_mail_of_an_amendment_says_how_to_stop_too(call, nobody_else):
    follow(call, by=person(), at=WORKDAY)
    extend(call, rome(2021, 10, 25, 12), by=official(), at=WORKDAY)
    pay_all()
    assert [message.body.count(f"{settings.SITE_URL}/avvisi/prova/#segui") for message in mail.outbox] == [1]


@pytest.mark.parametrize("count", [1, 3])
def test_the_act_owes_one_duty_however_many_follow(call, nobody_else, count):
    for _follower in range(count):
        follow(call, by=person(), at=WORKDAY)
    clarify(call)
    assert [duty.name for duty in Duty.objects.all()] == ["bando.tell_everybody"]
    assert pay(LATER) == 1
    assert Duty.objects.filter(name="bando.tell", done_at=None).count() == count

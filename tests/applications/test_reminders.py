from datetime import timedelta

import pytest

from accounts.models import Membership
from applications.actions import remove_attachment
from applications.models import Application
from applications.reminders import remind
from bando.models import Call
from tests.builders import DEADLINE, body, complete_draft, draft_application, load_fixture_call, official, person, send
from tests.builders_amending import extend
from workflow.duties import pay

pytestmark = pytest.mark.django_db
HOUR, MICROSECOND = timedelta(hours=1), timedelta(microseconds=1)


def after_a_round(at):
    """The worker's minute at ``at``, and all that it owes."""
    remind(at)
    while pay(at):
        pass


def subjects(mailoutbox):
    return [mail.subject for mail in mailoutbox]


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (7 * 24 * HOUR + MICROSECOND, []),
        (7 * 24 * HOUR, ["Mancano 7 giorni: la domanda di Coop Alfa è ancora in bozza"]),
        (3 * 24 * HOUR + MICROSECOND, ["Mancano 7 giorni: la domanda di Coop Alfa è ancora in bozza"]),
        (3 * 24 * HOUR, ["Mancano 3 giorni: la domanda di Coop Alfa è ancora in bozza"]),
        (24 * HOUR, ["Manca 1 giorno: la domanda di Coop Alfa è ancora in bozza"]),
        (3 * HOUR, ["Mancano 3 ore: la domanda di Coop Alfa è ancora in bozza"]),
        (MICROSECOND, ["Mancano 3 ore: la domanda di Coop Alfa è ancora in bozza"]),
        (0 * HOUR, []),
    ],
)
def test_the_reminder_of_the_nearest_moment_is_sent(mailoutbox, before, said):
    anna = person(name="Anna Bianchi")
    draft_application(by=anna, organisation=body("Coop Alfa", by=anna))
    after_a_round(DEADLINE - before)
    after_a_round(DEADLINE - before)
    assert subjects(mailoutbox) == said


def test_each_moment_has_its_reminder_and_each_person_theirs(mailoutbox):
    anna, bruno = person("anna@esempio.it", "Anna Bianchi"), person("bruno@esempio.it", "Bruno Neri", language="en")
    alfa = body("Coop Alfa", by=anna)
    Membership.objects.create(user=bruno, organisation=alfa)
    draft_application(by=anna, organisation=alfa)
    for before in (24 * HOUR, 23 * HOUR, 2 * HOUR, HOUR):
        after_a_round(DEADLINE - before)
    assert sorted(mail.to[0] for mail in mailoutbox) == ["anna@esempio.it"] * 2 + ["bruno@esempio.it"] * 2


def test_it_says_what_is_missing_and_that_sending_early_costs_nothing(mailoutbox):
    application = complete_draft(draft_application())
    remove_attachment(application.attachments.first(), by=application.created_by, at=DEADLINE - 48 * HOUR)
    after_a_round(DEADLINE - 24 * HOUR)
    [mail] = mailoutbox
    assert "non è inviata: è ancora una bozza e l'ufficio non la vede." in mail.body
    assert "Che cosa manca:\n- " in mail.body
    assert mail.body.count("\n- ") == 1
    assert "Puoi inviare ora e correggere dopo" in mail.body
    assert f"/domande/{application.pk}/" in mail.body


def test_nobody_is_reminded_of_what_was_sent_or_can_no_longer_be(mailoutbox):
    application = complete_draft(draft_application())
    remind(DEADLINE - 24 * HOUR)
    send(application, at=DEADLINE - 24 * HOUR)
    pay(DEADLINE - 24 * HOUR)
    pay(DEADLINE - 24 * HOUR)
    assert [subject for subject in subjects(mailoutbox) if "bozza" in subject] == []
    Application.objects.update(state="draft", number=None, current=None)
    mailoutbox.clear()
    remind(DEADLINE - 3 * HOUR)
    while pay(DEADLINE + MICROSECOND):
        pass
    assert [subject for subject in subjects(mailoutbox) if "bozza" in subject] == []


def test_an_extension_begins_again_with_the_new_deadline(mailoutbox):
    draft_application()
    after_a_round(DEADLINE - 24 * HOUR)
    call, at = Call.objects.with_notice().get(), DEADLINE - 23 * HOUR
    extend(call, DEADLINE + 48 * HOUR, by=official(), at=at)
    mailoutbox.clear()
    after_a_round(at)
    after_a_round(DEADLINE + 24 * HOUR)
    assert [subject.split(":")[0] for subject in subjects(mailoutbox) if "bozza" in subject] == [
        "Mancano 3 giorni",
        "Manca 1 giorno",
    ]


def test_a_minute_with_no_deadline_near_costs_one_query(django_assert_num_queries):
    load_fixture_call()
    with django_assert_num_queries(1):
        remind(DEADLINE - 8 * 24 * HOUR)

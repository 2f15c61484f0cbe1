"""The notice before a rejection, from the reasons to the answer."""

from datetime import date, timedelta

import pytest
from django.core import mail

from accounts.models import Membership, Role
from applications import checking
from applications.actions import request_completion
from applications.actions.rejecting import (
    WrittenMeanwhile,
    notify_rejection,
    observe_rejection,
    save_observations,
    take_back_rejection,
)
from applications.findings import Sign, points
from applications.models import Application, RejectionNotice
from applications.states import ApplicationState as S
from bando.deadlines import end_of_day, rome
from tests.applications.checks import LATER, MET, NOT_MET, call_with, judge, taken
from tests.builders import official, person
from tests.builders_amending import revoke
from tests.history import history
from workflow.duties import pay
from workflow.transition import Refused

pytestmark = pytest.mark.django_db
DUE = end_of_day(date(2021, 10, 30))
WRITTEN = rome(2021, 10, 25, 18)
PASSED = DUE + timedelta(microseconds=1)
WHY = "L'ente non è iscritto."
NO_NOTICE = "Questo avviso prevede il preavviso di rigetto: manda prima i motivi all'ente e aspetta le sue osservazioni."
WAITS = (
    "L'ente può ancora scrivere le sue osservazioni sul preavviso di rigetto n. 1, fino a sabato 30 ottobre 2021, ore 23:59:59: "
    "aspetta, oppure ritira il preavviso."
)
ANSWER = "Scrivi perché le osservazioni dell'ente non sono accolte: senza, il rigetto non regge."


def reasons_of(act) -> list[str]:
    try:
        act()
    except Refused as refused:
        return refused.reasons
    return []


@pytest.fixture
def judged():
    application, by = taken(call_with())
    judge(application, by, but={"in-time": NOT_MET})
    return application, by


@pytest.fixture
def noticed(judged):
    """A notice that the body may observe, its application, and the official."""
    application, by = judged
    return notify_rejection(application, reasons=WHY, by=by, at=LATER), application, by


def reject(application, by, at, answer=""):
    return checking.not_admit(application, reason=WHY, answer=answer, by=by, at=at)


def test_the_body_has_the_days_of_the_call_to_the_end_of_the_last_one(noticed):
    notice, application, by = noticed
    assert (notice.number, notice.reasons, notice.by, notice.at, notice.due_at) == (1, WHY, by, LATER, DUE)
    assert list(history(application)) == ["submit", "start_check", "notify_rejection"]
    assert application.steps.last().facts == {"number": 1, "due_at": "2021-10-30T21:59:59.999999Z"}


@pytest.mark.parametrize(
    ("given", "verdict", "reason", "expected"),
    [
        (True, NOT_MET, WHY, []),
        (True, NOT_MET, " ", ["Scrivi il motivo: resta nella storia dell'atto."]),
        (True, MET, WHY, ["Nessun requisito è segnato non conforme: per non ammettere, segna quello che manca."]),
        (
            False,
            NOT_MET,
            WHY,
            ["Questo avviso non prevede il preavviso di rigetto: non ammettere la domanda con il suo motivo."],
        ),
    ],
)
def test_a_notice_needs_its_reasons_and_a_call_that_gives_it(given, verdict, reason, expected):
    application, by = taken(call_with(notice=given))
    judge(application, by, but={"in-time": verdict})
    assert reasons_of(lambda: notify_rejection(application, reasons=reason, by=by, at=LATER)) == expected
    assert RejectionNotice.objects.count() == (0 if expected else 1)


@pytest.mark.parametrize(
    ("at", "expected"),
    [(LATER, [WAITS]), (DUE, [WAITS]), (PASSED, [])],
)
def test_nobody_is_rejected_before_the_term_has_passed(noticed, at, expected):
    _notice, application, by = noticed
    assert reasons_of(lambda: reject(application, by, at)) == expected
    assert Application.objects.get().state == (S.CHECKING if expected else S.NOT_ADMITTED)


def test_nobody_is_rejected_without_notice_where_the_call_gives_it(judged):
    application, by = judged
    assert reasons_of(lambda: reject(application, by, LATER)) == [NO_NOTICE]


@pytest.mark.parametrize("act", ["admit", "ask again", "a second notice"])
def test_while_the_body_may_observe_nothing_else_is_decided(noticed, act):
    _notice, application, by = noticed
    acts = {
        "admit": lambda: checking.admit(application, by=by, at=DUE),
        "a second notice": lambda: notify_rejection(application, reasons=WHY, by=by, at=DUE),
        "ask again": lambda: ask(application, by, DUE),
    }
    assert WAITS in reasons_of(acts[act])


def ask(application, by, at):
    request_completion(
        application, questions=["proposta.titolo"], files=[], due_at=at + timedelta(days=3), reason="Manca.", by=by, at=at
    )


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (LATER, []),
        (DUE, []),
        (PASSED, ["Il termine per le osservazioni è scaduto: sabato 30 ottobre 2021, ore 23:59:59."]),
    ],
)
def test_observations_are_in_time_to_the_microsecond(noticed, at, expected):
    notice, application, _by = noticed
    send = lambda: observe_rejection(notice, "Siamo iscritti.", version=0, by=application.created_by, at=at)  # noqa: E731
    assert reasons_of(send) == expected
    stored = RejectionNotice.objects.get()
    assert (stored.observations, stored.observed_at) == (("", None) if expected else ("Siamo iscritti.", at))


def test_observations_are_sent_once_and_somebody_must_read_them(noticed):
    notice, application, by = noticed
    observe_rejection(notice, "Siamo iscritti.", version=0, by=application.created_by, at=WRITTEN)
    observe_rejection(notice, "Siamo iscritti.", version=0, by=application.created_by, at=WRITTEN)
    assert list(history(application))[-2:] == ["notify_rejection", "observe_rejection"]
    again = reasons_of(lambda: observe_rejection(notice, "Altro.", version=0, by=application.created_by, at=WRITTEN))
    assert again == ["Le osservazioni sono già arrivate: lunedì 25 ottobre 2021, ore 18:00:00."]
    point = points(application)[-1]
    assert (point.code, point.title) == ("rejection.1", "Osservazioni sul preavviso di rigetto n. 1")
    assert (point.text, [finding.sign for finding in point.findings]) == ("Siamo iscritti.", [Sign.OFFICE])
    unread = reasons_of(lambda: reject(application, by, WRITTEN, answer="Non risulta."))
    assert unread == ["La verifica non è finita: scegli un esito per ogni requisito."]


@pytest.mark.parametrize(("answer", "expected"), [("Il registro non li ha.", []), (" ", [ANSWER])])
def test_a_rejection_says_why_the_observations_were_not_accepted(noticed, answer, expected):
    notice, application, by = noticed
    observe_rejection(notice, "Siamo iscritti.", version=0, by=application.created_by, at=WRITTEN)
    judge(application, by, but={"rejection.1": NOT_MET})
    assert reasons_of(lambda: reject(application, by, WRITTEN, answer=answer)) == expected
    assert RejectionNotice.objects.get().answer == ("" if expected else "Il registro non li ha.")


def test_accepted_observations_lead_to_the_admission(noticed):
    notice, application, by = noticed
    observe_rejection(notice, "Siamo iscritti.", version=0, by=application.created_by, at=WRITTEN)
    judge(application, by)
    checking.save_verdicts(application, {"in-time": checking.Entry(NOT_MET, MET)}, by=by, at=WRITTEN)
    checking.admit(application, by=by, at=WRITTEN)
    assert Application.objects.get().state == S.ADMITTED


def test_a_notice_that_is_taken_back_carries_no_rejection(noticed):
    notice, application, by = noticed
    take_back_rejection(notice, reason="Abbiamo letto male.", by=by, at=WRITTEN)
    assert (notice.closed_by, notice.closed_at) == (by, WRITTEN)
    assert reasons_of(lambda: reject(application, by, PASSED)) == [NO_NOTICE]
    twice = reasons_of(lambda: take_back_rejection(notice, reason="Ancora.", by=by, at=WRITTEN))
    assert twice == ["Questo preavviso è già stato ritirato."]
    late = reasons_of(lambda: observe_rejection(notice, "Ecco.", version=0, by=application.created_by, at=WRITTEN))
    assert late == ["L'ufficio ha ritirato questo preavviso: non servono osservazioni."]
    assert notify_rejection(application, reasons="Manca lo statuto.", by=by, at=WRITTEN).number == 2


# What is written meanwhile


def test_what_is_written_is_kept_and_not_sent(noticed):
    notice, application, _by = noticed
    save_observations(notice, "Siamo", version=0, by=application.created_by, at=LATER)
    save_observations(notice, "Siamo iscritti", version=1, by=application.created_by, at=WRITTEN)
    stored = RejectionNotice.objects.get()
    assert (stored.typed, stored.version, stored.saved_at, stored.observations) == ("Siamo iscritti", 2, WRITTEN, "")


def test_nobody_writes_over_a_colleague_unread(noticed):
    notice, application, _by = noticed
    colleague = person()
    Membership.objects.create(user=colleague, organisation=application.organisation, role=Role.COLLABORATOR)
    save_observations(notice, "Testo di Anna", version=0, by=application.created_by, at=LATER)
    for act in (save_observations, observe_rejection):
        who = colleague if act is save_observations else application.created_by
        with pytest.raises(WrittenMeanwhile) as found:
            act(notice, "Testo di Luca", version=0, by=who, at=WRITTEN)
        assert found.value.notice.typed == "Testo di Anna"
    save_observations(notice, "Testo di Luca", version=1, by=colleague, at=WRITTEN)
    assert RejectionNotice.objects.get().typed == "Testo di Luca"


def test_who_prepares_writes_and_who_represents_sends(noticed):
    notice, application, by = noticed
    helper, stranger = person(), person()
    Membership.objects.create(user=helper, organisation=application.organisation, role=Role.COLLABORATOR)
    save_observations(notice, "Bozza", version=0, by=helper, at=LATER)
    sends = reasons_of(lambda: observe_rejection(notice, "Bozza", version=1, by=helper, at=LATER))
    assert sends == [
        f"Con il tuo ruolo prepari la domanda, ma non la invii. Può farlo {application.created_by.name} (legale rappresentante): "
        "chiedi di accedere, rileggere e inviare."
    ]
    only = "Lo può fare solo chi rappresenta l'ente."
    for who in (stranger, by):
        assert reasons_of(lambda who=who: save_observations(notice, "x", version=1, by=who, at=LATER)) == [only]
    mine = reasons_of(lambda: notify_rejection(application, reasons=WHY, by=application.created_by, at=LATER))
    assert mine == ["Lo può fare solo chi lavora nell'ufficio."]


def test_in_a_revoked_call_nobody_observes(noticed):
    notice, application, _by = noticed
    revoke(application.call, by=official(), at=LATER, reason="Mancano i fondi.")
    stopped = ["L'ufficio ha revocato l'avviso: le domande non hanno seguito."]
    assert reasons_of(lambda: save_observations(notice, "x", version=0, by=application.created_by, at=LATER)) == stopped


def test_empty_observations_are_not_sent(noticed):
    notice, application, _by = noticed
    empty = reasons_of(lambda: observe_rejection(notice, " ", version=0, by=application.created_by, at=LATER))
    assert empty == ["Scrivi le osservazioni: il testo è vuoto."]


# The letters


def letters() -> list[str]:
    while pay(PASSED):
        pass
    return [letter.subject for letter in mail.outbox if "rigetto" in letter.subject or "osservazioni" in letter.subject]


def test_the_body_is_told_of_each_act(noticed):
    notice, application, by = noticed
    observe_rejection(notice, "Siamo iscritti.", version=0, by=application.created_by, at=WRITTEN)
    take_back_rejection(notice, reason="Avete ragione.", by=by, at=WRITTEN)
    number = application.number
    assert letters() == [
        f"Domanda {number}: preavviso di rigetto",
        f"Domanda {number}: abbiamo ricevuto le tue osservazioni",
        f"Domanda {number}: il preavviso di rigetto è ritirato",
    ]
    notified, received, taken_back = mail.outbox[-3:]
    assert notified.to == [application.organisation.pec, application.created_by.email]
    assert [WHY in notified.body, "entro: sabato 30 ottobre 2021, ore 23:59:59" in notified.body] == [True, True]
    assert ["Siamo iscritti." in received.body, "Avete ragione." in taken_back.body] == [True, True]
    assert f"/domande/{application.pk}/preavviso/1/" in notified.body

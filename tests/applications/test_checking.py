from datetime import timedelta

import pytest
from django.core import mail

from applications import checking
from applications.checking import Entry, Verdict
from applications.models import Application, CheckItem
from applications.progress import rules_of
from applications.states import ApplicationState as S
from bando.deadlines import rome
from tests.builders import AFTER, DEADLINE, official, person, submitted_application
from tests.builders_amending import revoke
from tests.history import history
from workflow.duties import pay
from workflow.transition import Refused

pytestmark = pytest.mark.django_db
LANDED = DEADLINE + timedelta(minutes=10, microseconds=1)
STILL_LANDING = "Una domanda arrivata in tempo può essere ancora in registrazione: comincia la verifica dopo le 12:10."
LATER = rome(2021, 10, 20, 9, 30)
UNTOUCHED, MET, NOT_MET = Verdict("", ""), Verdict("met", ""), Verdict("not_met", "Manca una firma.")


@pytest.fixture
def checked():
    """An application in the hands of the office, and the official who took it."""
    application, by = submitted_application(), official()
    checking.start_check(application, by=by, at=LANDED)
    return Application.objects.with_call().get(), by


def give(application, by, verdict=MET, *, codes=None, at=LATER):
    """The same verdict on every point that has none yet, or on ``codes``."""
    codes = codes or application.check_items.filter(verdict="").values_list("code", flat=True)
    return checking.save_verdicts(application, {code: Entry(UNTOUCHED, verdict) for code in codes}, by=by, at=at)


def stored(code):
    item = CheckItem.objects.get(code=code)
    return item.verdict, item.note, item.by, item.at


def test_the_check_asks_what_the_call_asked(checked):
    application, _by = checked
    notice = application.call.notice
    assert list(application.check_items.order_by("pk").values_list("code", flat=True)) == [
        "in-time",
        *(f"requirement.{requirement.code}" for requirement in notice.requirements_for("area-1")),
        *(f"attachment.{rule.code}" for rule in rules_of(application)),
        "group",
        "budget",
    ]
    assert set(application.check_items.values_list("verdict", "note", "by", "at")) == {("", "", None, None)}


@pytest.mark.parametrize(
    ("at", "is_official", "reasons"),
    [
        (LANDED, True, []),
        (LANDED - timedelta(microseconds=1), True, [STILL_LANDING]),
        (AFTER, True, [STILL_LANDING]),
        (DEADLINE, True, ["L'avviso non è ancora scaduto: le domande si aprono dopo la scadenza."]),
        (AFTER, False, ["Lo può fare solo chi lavora nell'ufficio."]),
    ],
)
def test_the_check_starts_after_the_deadline_and_in_the_office(at, is_official, reasons):
    application, by = submitted_application(), person(is_official=is_official)
    found = []
    try:
        checking.start_check(application, by=by, at=at)
    except Refused as refused:
        found = refused.reasons
    assert found == reasons
    assert CheckItem.objects.exists() == (not reasons)
    assert list(history(application)) == (["submit"] if reasons else ["submit", "start_check"])


REVOKED = "L'ufficio ha revocato l'avviso: le domande non hanno seguito."


def test_in_a_revoked_call_nothing_is_checked(checked):
    application, by = checked
    other = submitted_application(application.call)
    give(application, by)
    revoke(application.call, by=by, at=LATER, reason="Mancano i fondi.")
    refused = []
    for act in (
        lambda: checking.start_check(other, by=by, at=LATER),
        lambda: checking.admit(application, by=by, at=LATER),
        lambda: checking.not_admit(application, by=by, at=LATER, reason="Tardi."),
    ):
        with pytest.raises(Refused) as found:
            act()
        refused.append(found.value.reasons[0])
    assert refused == [REVOKED] * 3


# Verdicts


def test_a_verdict_keeps_who_gave_it_and_when(checked):
    application, by = checked
    assert give(application, by, NOT_MET, codes=["in-time"]) == []
    assert stored("in-time") == ("not_met", "Manca una firma.", by, LATER)
    assert stored("budget") == ("", "", None, None)


def test_nobody_writes_over_a_colleague_unread(checked):
    application, by = checked
    give(application, by, NOT_MET, codes=["in-time"])
    colleague, again = official(), LATER + timedelta(minutes=1)
    contested = give(application, colleague, MET, codes=["in-time", "budget"], at=again)
    assert [item.code for item in contested] == ["in-time"]
    assert stored("in-time") == ("not_met", "Manca una firma.", by, LATER)
    assert stored("budget") == ("met", "", colleague, again)
    checking.save_verdicts(application, {"in-time": Entry(NOT_MET, MET)}, by=colleague, at=again)
    assert stored("in-time") == ("met", "", colleague, again)


@pytest.mark.parametrize("chosen", [UNTOUCHED, NOT_MET])
def test_what_was_not_touched_or_agrees_stays_as_it_is(checked, chosen):
    application, by = checked
    give(application, by, NOT_MET, codes=["in-time"])
    assert give(application, official(), chosen, codes=["in-time"], at=LATER + timedelta(minutes=1)) == []
    assert stored("in-time") == ("not_met", "Manca una firma.", by, LATER)


def test_verdicts_are_of_the_office_and_of_a_check_under_way(checked):
    application, by = checked
    with pytest.raises(Refused, match="Lo può fare solo chi lavora nell'ufficio"):
        give(application, application.created_by)
    give(application, by)
    checking.admit(application, by=by, at=LATER)
    with pytest.raises(Refused, match="La verifica non è in corso: lo stato è «Ammessa»"):
        give(application, by, NOT_MET, codes=["in-time"])
    assert stored("in-time")[0] == "met"


# The end of the check

UNFINISHED = "La verifica non è finita: scegli un esito per ogni requisito."
WRONG = "C'è un requisito non conforme: una domanda così non si ammette."
ALL_MET = "Nessun requisito è segnato non conforme: per non ammettere, segna quello che manca."
NO_REASON = "Scrivi il motivo: resta nella storia dell'atto."


@pytest.mark.parametrize(
    ("first", "rest", "act", "reason", "expected"),
    [
        (MET, MET, "admit", "", []),
        (Verdict("not_relevant", ""), MET, "admit", "", []),
        (UNTOUCHED, MET, "admit", "", [UNFINISHED]),
        (NOT_MET, MET, "admit", "", [WRONG]),
        (NOT_MET, UNTOUCHED, "admit", "", [UNFINISHED, WRONG]),
        (NOT_MET, MET, "not_admit", "Manca la firma.", []),
        (NOT_MET, MET, "not_admit", " ", [NO_REASON]),
        (MET, MET, "not_admit", "Manca la firma.", [ALL_MET]),
        (NOT_MET, UNTOUCHED, "not_admit", "Manca la firma.", [UNFINISHED]),
    ],
)
def test_the_check_ends_as_its_verdicts_say(checked, first, rest, act, reason, expected):
    application, by = checked
    if first != UNTOUCHED:
        give(application, by, first, codes=["in-time"])
    others = application.check_items.exclude(code="in-time").values_list("code", flat=True)
    give(application, by, rest, codes=list(others))
    reasons = []
    try:
        if act == "admit":
            checking.admit(application, by=by, at=LATER)
        else:
            checking.not_admit(application, by=by, at=LATER, reason=reason)
    except Refused as refused:
        reasons = refused.reasons
    assert reasons == expected
    ended = {"admit": S.ADMITTED, "not_admit": S.NOT_ADMITTED}[act]
    assert Application.objects.get().state == (S.CHECKING if expected else ended)
    assert list(history(application)) == ["submit", "start_check", *([] if expected else [act])]


def test_the_record_keeps_every_verdict(checked):
    application, by = checked
    give(application, by, NOT_MET, codes=["in-time"])
    give(application, by)
    step = checking.not_admit(application, by=by, at=LATER, reason="Manca la firma.")
    verdicts = step.facts["verdicts"]
    assert len(verdicts) == application.check_items.count()
    assert verdicts[0] == {
        "code": "in-time",
        "verdict": "not_met",
        "note": "Manca una firma.",
        "by": by.pk,
        "at": "2021-10-20T07:30:00.000000Z",
    }


@pytest.mark.parametrize(("act", "told"), [("admit", "La domanda è ammessa"), ("not_admit", "Manca la firma del presidente.")])
def test_the_body_is_told_the_outcome_and_why(checked, act, told):
    application, by = checked
    give(application, by, NOT_MET if act == "not_admit" else MET, codes=["in-time"])
    give(application, by)
    if act == "admit":
        checking.admit(application, by=by, at=LATER)
    else:
        checking.not_admit(application, by=by, at=LATER, reason="Manca la firma del presidente.")
    # The letter tells the act, even if the application has gone on before it leaves.
    Application.objects.update(state=S.EVALUATED)
    pay(LATER)
    (letter,) = [letter for letter in mail.outbox if "Ricevuta" not in letter.subject]
    assert letter.subject == f"Domanda {application.number}: {'ammessa' if act == 'admit' else 'non ammessa'}"
    assert letter.to == [application.organisation.pec, application.current.by.email]
    assert told in letter.body
    assert f"/domande/{application.pk}/" in letter.body


def test_a_refused_act_sends_nothing(checked):
    application, by = checked
    pay(LATER)
    mail.outbox.clear()
    with pytest.raises(Refused):
        checking.admit(application, by=by, at=LATER)
    assert (pay(LATER), mail.outbox) == (0, [])


# With a reserve

RESERVE, SILENT = Verdict("reserve", "Aspettiamo l'iscrizione al RUNTS."), Verdict("reserve", " ")
UNDER_RESERVE = "C'è un punto con riserva: ammetti la domanda con riserva, oppure cambia l'esito di quel punto."
NO_RESERVE = "Nessun punto è con riserva: segna «Con riserva» quello che aspetti ancora."
NO_NOTE = "Scrivi nella nota di ogni punto con riserva che cosa manca ancora."
NOTHING_TO_LIFT = "Questa domanda non ha nessuna riserva da sciogliere."


def reasons_of(act) -> list[str]:
    try:
        act()
    except Refused as refused:
        return refused.reasons
    return []


@pytest.mark.parametrize(
    ("first", "act", "reason", "expected"),
    [
        (RESERVE, "admit_with_reserve", "Manca l'iscrizione.", []),
        (RESERVE, "admit_with_reserve", " ", [NO_REASON]),
        (RESERVE, "admit", "", [UNDER_RESERVE]),
        (RESERVE, "not_admit", "Manca.", [ALL_MET]),
        (SILENT, "admit_with_reserve", "Manca l'iscrizione.", [NO_NOTE]),
        (MET, "admit_with_reserve", "Manca l'iscrizione.", [NO_RESERVE]),
        (NOT_MET, "admit_with_reserve", "Manca l'iscrizione.", [WRONG, NO_RESERVE]),
        (UNTOUCHED, "admit_with_reserve", "Manca l'iscrizione.", [UNFINISHED, NO_RESERVE]),
    ],
)
def test_an_admission_with_a_reserve_says_what_is_waited_for(checked, first, act, reason, expected):
    application, by = checked
    if first != UNTOUCHED:
        give(application, by, first, codes=["in-time"])
    give(application, by, codes=list(application.check_items.exclude(code="in-time").values_list("code", flat=True)))
    acts = {
        "admit": lambda: checking.admit(application, by=by, at=LATER),
        "admit_with_reserve": lambda: checking.admit_with_reserve(application, reason=reason, by=by, at=LATER),
        "not_admit": lambda: checking.not_admit(application, reason=reason, by=by, at=LATER),
    }
    assert reasons_of(acts[act]) == expected
    row = Application.objects.get()
    assert (row.state, row.reserve) == ((S.CHECKING, "") if expected else (S.ADMITTED, reason))


def reserved(checked):
    application, by = checked
    give(application, by, RESERVE, codes=["in-time"])
    give(application, by)
    checking.admit_with_reserve(application, reason="Manca l'iscrizione.", by=by, at=LATER)
    return application, by


@pytest.mark.parametrize("state", [S.ADMITTED, S.EVALUATED, S.RANKED, S.SELECTED, S.WAITING, S.BELOW_THRESHOLD])
def test_a_reserve_is_lifted_wherever_the_application_stands(checked, state):
    application, by = reserved(checked)
    Application.objects.update(state=state)
    step = checking.lift_reserve(application, reason="L'iscrizione c'è.", by=by, at=LATER)
    row = Application.objects.get()
    assert (row.state, row.reserve, row.has_reserve) == (state, "", False)
    assert (step.act, step.reason, step.facts) == ("lift_reserve", "L'iscrizione c'è.", {"reserve": "Manca l'iscrizione."})
    assert reasons_of(lambda: checking.lift_reserve(application, reason="Ancora.", by=by, at=LATER)) == [NOTHING_TO_LIFT]


@pytest.mark.parametrize(
    ("state", "reason", "expected"),
    [
        (S.ADMITTED, " ", [NO_REASON]),
        (S.EXCLUDED, "C'è.", ["Adesso non si può fare: lo stato è «Esclusa»."]),
        (S.AGREED, "C'è.", ["Adesso non si può fare: lo stato è «Convenzione firmata»."]),
    ],
)
def test_a_reserve_is_lifted_with_a_reason_and_while_it_matters(checked, state, reason, expected):
    application, by = reserved(checked)
    Application.objects.update(state=state)
    assert reasons_of(lambda: checking.lift_reserve(application, reason=reason, by=by, at=LATER)) == expected
    assert Application.objects.get().reserve == "Manca l'iscrizione."


@pytest.mark.parametrize(
    ("state", "stands"), [(S.ADMITTED, True), (S.SELECTED, True), (S.EXCLUDED, False), (S.RENOUNCED, False)]
)
def test_a_reserve_matters_until_the_application_falls_out(state, stands):
    assert Application(state=state, reserve="Manca l'iscrizione.").has_reserve is stands


def test_the_body_is_told_of_the_reserve_and_when_it_is_lifted(checked):
    application, by = reserved(checked)
    checking.lift_reserve(application, reason="L'iscrizione c'è.", by=by, at=LATER)
    while pay(LATER):
        pass
    told, lifted = mail.outbox[-2:]
    assert [told.subject, lifted.subject] == [
        f"Domanda {application.number}: ammessa con riserva",
        f"Domanda {application.number}: la riserva è sciolta",
    ]
    assert ["Manca l'iscrizione." in told.body, "L'iscrizione c'è." in lifted.body] == [True, True]


# Proposals accepted together


def test_what_speaks_for_a_point_is_accepted_in_one_press_and_undone(checked):
    application, by = checked
    give(application, by, NOT_MET, codes=["budget"])
    again = LATER + timedelta(minutes=1)
    accepted = checking.accept_proposals(application, by=by, at=again)
    assert ["in-time" in accepted, "budget" in accepted, "requirement.chi-presenta" in accepted] == [True, False, False]
    assert (stored("in-time"), stored("budget")) == (("met", "", by, again), ("not_met", "Manca una firma.", by, LATER))
    assert stored("requirement.chi-presenta") == ("", "", None, None)
    give(application, by, MET, codes=["requirement.chi-presenta"], at=again)
    assert checking.undo_accepted(application, accepted, again, by=official(), at=again) == 0
    assert checking.undo_accepted(application, accepted, again, by=by, at=again) == len(accepted)
    assert (stored("in-time"), stored("requirement.chi-presenta")[0]) == (("", "", None, None), "met")


def test_proposals_are_accepted_by_the_office_while_the_check_goes_on(checked):
    application, by = checked
    stranger = reasons_of(lambda: checking.accept_proposals(application, by=application.created_by, at=LATER))
    assert stranger == ["Lo può fare solo chi lavora nell'ufficio."]
    give(application, by)
    checking.admit(application, by=by, at=LATER)
    over = ["La verifica non è in corso: lo stato è «Ammessa»."]
    assert reasons_of(lambda: checking.accept_proposals(application, by=by, at=LATER)) == over
    assert reasons_of(lambda: checking.undo_accepted(application, ["in-time"], LATER, by=by, at=LATER)) == over

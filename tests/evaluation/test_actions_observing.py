"""A body writes on a provisional ranking, and the office answers."""

from datetime import date, timedelta

import pytest
from django.core import mail

from accounts.models import Role
from bando.deadlines import rome
from evaluation.actions import answer_observation, publish_provisional, publish_ranking, write_observation
from evaluation.models import Observation
from evaluation.rules.observing import LONGEST
from tests.builders import official, person
from tests.builders_evaluation import RANKED_AT, admitted, commission, computed, mark_all, same, small_call
from tests.history import history
from workflow.duties import pay
from workflow.transition import Refused

pytestmark = pytest.mark.django_db

ACT = {"act_number": "200/2021", "act_date": date(2021, 12, 1), "unfilled_reason": "Poche proposte."}
END = rome(2021, 12, 11, 23, 59, 59) + timedelta(microseconds=999_999)


@pytest.fixture
def provisional():
    call = small_call(more="publication: {observations_days: 10}")
    proposal = admitted(call)
    mark_all(commission(call), {proposal: same(["buono"] * 3)})
    ranking = publish_provisional(computed(call), **ACT, by=official(), at=RANKED_AT)
    while pay(RANKED_AT):
        pass
    mail.outbox.clear()
    return proposal, ranking


def test_who_represents_a_body_writes_until_the_last_instant_and_both_sides_know(provisional):
    proposal, ranking = provisional
    found = write_observation(proposal, ranking.latest, text=" La somma non torna. ", by=proposal.created_by, at=END)
    assert (found.text, found.version, found.outcome) == ("La somma non torna.", ranking.latest, "")
    assert list(history(ranking))[-1] == "observe"
    while pay(END):
        pass
    told = {message.subject: message for message in mail.outbox}
    assert sorted(told) == [
        f"Osservazione da leggere: domanda {proposal.number}",
        f"Osservazione ricevuta: domanda {proposal.number}",
    ]
    own = told[f"Osservazione ricevuta: domanda {proposal.number}"]
    assert own.to == sorted([proposal.created_by.email, proposal.organisation.pec])
    assert "La somma non torna." in own.body
    assert "La somma non torna." not in told[f"Osservazione da leggere: domanda {proposal.number}"].body


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            {"at": END + timedelta(microseconds=1)},
            "Il termine per le osservazioni è finito sabato 11 dicembre 2021, ore 23:59:59.",
        ),
        ({"text": " "}, "Scrivi l'osservazione."),
        ({"text": "a" * (LONGEST + 1)}, "L'osservazione è troppo lunga: il massimo è 10000 caratteri."),
    ],
)
def test_an_observation_has_its_time_and_its_words(provisional, change, reason):
    proposal, ranking = provisional
    given = {"text": "a" * LONGEST, "by": proposal.created_by, "at": END}
    with pytest.raises(Refused) as refused:
        write_observation(proposal, ranking.latest, **given | change)
    assert (refused.value.reasons, Observation.objects.count()) == ([reason], 0)
    write_observation(proposal, ranking.latest, **given)
    assert Observation.objects.count() == 1


@pytest.mark.parametrize("role", [None, Role.REFERENT, Role.COLLABORATOR])
def test_only_who_represents_the_body_writes(provisional, role):
    proposal, ranking = provisional
    somebody = person()
    if role:
        proposal.organisation.memberships.create(user=somebody, role=role)
    with pytest.raises(Refused) as refused:
        write_observation(proposal, ranking.latest, text="Non torna.", by=somebody, at=END)
    assert refused.value.reasons == [
        "Le osservazioni le scrive chi rappresenta l'ente. Chiedi al legale rappresentante o a chi ha la procura."
    ]


def test_a_final_ranking_takes_no_observation(provisional):
    proposal, ranking = provisional
    provisional_version = ranking.latest
    publish_ranking(ranking, **ACT, by=official(), at=END + timedelta(days=1))
    with pytest.raises(Refused, match="La graduatoria è definitiva"):
        write_observation(proposal, provisional_version, text="Non torna.", by=proposal.created_by, at=END)


def test_the_office_answers_once_with_its_reasons_and_the_body_is_told(provisional):
    proposal, ranking = provisional
    found = write_observation(proposal, ranking.latest, text="Non torna.", by=proposal.created_by, at=END)
    for given, reasons in (
        ({"outcome": "", "answer": "Torna."}, ["Scegli l'esito."]),
        ({"outcome": "rejected", "answer": " "}, ["Scrivi i motivi della risposta."]),
        ({"outcome": "forse", "answer": ""}, ["Scegli l'esito.", "Scrivi i motivi della risposta."]),
    ):
        with pytest.raises(Refused) as refused:
            answer_observation(found, **given, by=official(), at=END)
        assert refused.value.reasons == reasons
    answer_observation(found, outcome="partly", answer=" Una somma era sbagliata. ", by=official(), at=END)
    found.refresh_from_db()
    assert (found.outcome, found.answer, found.answered_at) == ("partly", "Una somma era sbagliata.", END)
    assert list(history(ranking))[-1] == "answer_observation"
    while pay(END):
        pass
    (told,) = [message for message in mail.outbox if message.subject.startswith("Risposta")]
    assert told.to == sorted([proposal.created_by.email, proposal.organisation.pec])
    assert "Esito: Accolta in parte\nUna somma era sbagliata." in told.body
    with pytest.raises(Refused, match="ha già una risposta"):
        answer_observation(found, outcome="accepted", answer="Altro.", by=official(), at=END)


def test_a_body_does_not_answer_itself(provisional):
    proposal, ranking = provisional
    found = write_observation(proposal, ranking.latest, text="Non torna.", by=proposal.created_by, at=END)
    with pytest.raises(Refused, match="solo chi lavora nell'ufficio"):
        answer_observation(found, outcome="accepted", answer="Sì.", by=proposal.created_by, at=END)

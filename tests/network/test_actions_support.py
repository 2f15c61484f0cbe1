from datetime import date, timedelta

import pytest
from django.core import mail

from network.actions import (
    add_action,
    cancel_meeting,
    correct_meeting,
    end_link,
    finish_action,
    hold_meeting,
    save_link,
    save_plan,
)
from network.models import Attendee, Meeting, ServiceLink, SupportPlan
from network.rules.support import somebody_was_trained
from tests.builders_support import CALLED, HELD, STARTS, Network, accompanied, training
from tests.history import history
from workflow.duties import pay
from workflow.models import Duty, LedgerEntry
from workflow.transition import Attempt, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def network() -> Network:
    return accompanied()


def plan(network, *, by=None, seen=0, goals="Aprire anche il sabato."):
    return save_plan(
        network.space,
        network.partnership,
        goals=goals,
        needs="Due operatori.",
        seen=seen,
        by=by or network.method,
        at=CALLED,
    )


def test_a_plan_is_written_by_the_partner_for_the_method_or_the_office(network):
    assert (plan(network).version, plan(network, by=network.office, seen=1).version) == (1, 2)
    for somebody in (network.runner, network.stranger):
        with pytest.raises(Refused) as refusal:
            plan(network, by=somebody, seen=2, goals="Altro")
        assert refusal.value.reasons == ["Lo può fare solo l'ufficio o chi accompagna la rete."]
    assert SupportPlan.objects.get().goals == "Aprire anche il sabato."


@pytest.mark.parametrize("seen", [0, 2])
def test_of_two_who_write_a_plan_the_second_reads_the_first(network, seen):
    plan(network)
    with pytest.raises(Refused) as refusal:
        plan(network, seen=seen, goals="Altro")
    assert refusal.value.reasons == [
        "Mara Metodo ha salvato un'altra versione del piano mentre scrivevi (09:00): rileggila, poi salva la tua."
    ]
    assert SupportPlan.objects.get().goals == "Aprire anche il sabato."


def test_a_step_of_the_plan_is_done_with_what_came_of_it(network):
    action = add_action(plan(network), text=" Formare due persone ", due_on=date(2022, 6, 1), by=network.method, at=CALLED)
    finish_action(action, done_on=date(2022, 5, 20), outcome="Formate tre", by=network.office, at=HELD)
    action.refresh_from_db()
    assert (action.text, action.done_on, action.outcome) == ("Formare due persone", date(2022, 5, 20), "Formate tre")


def test_a_training_is_called_held_and_corrected(network):
    meeting = training(network)
    presences = [(network.space, "Ada Neri", "operatrice", 120), (None, "Ivo Sala", "servizio sociale", 60)]
    hold_meeting(meeting, presences, summary="Come si ascolta.", minutes=120, by=network.method, at=HELD)
    correct_meeting(
        meeting, presences[:1], summary="Come si ascolta.", minutes=120, reason="Ivo non c'era", by=network.method, at=HELD
    )
    assert list(history(meeting)) == ["plan", "hold", "correct"]
    assert list(Attendee.objects.values_list("name", "space", "minutes")) == [("Ada Neri", network.space.pk, 120)]
    assert (meeting.steps.get(act="hold").facts["person_minutes"], meeting.steps.last().facts["person_minutes"]) == (180, 120)


@pytest.mark.parametrize(
    ("presences", "at", "sentence"),
    [
        ([("Ada", 120)], STARTS - timedelta(seconds=1), "L'incontro non è ancora cominciato: le presenze si scrivono dopo."),
        ([("Ada", 120)], STARTS, None),
        ([], HELD, "Scrivi almeno una persona presente, oppure annulla l'incontro."),
        ([("Ada", 121)], HELD, "Qualcuno ha più minuti della durata dell'incontro: correggi la durata o i minuti."),
    ],
)
def test_attendance_is_of_people_who_came_while_it_lasted(network, presences, at, sentence):
    meeting, said = training(network), []
    rows = [(network.space, name, "", minutes) for name, minutes in presences]
    try:
        hold_meeting(meeting, rows, summary="", minutes=120, by=network.method, at=at)
    except Refused as refusal:
        said = refusal.reasons
    assert said == ([sentence] if sentence else [])
    assert Meeting.objects.get().state == ("planned" if sentence else "held")


def test_who_came_is_not_written_into_the_ledger(network):
    meeting = training(network)
    hold_meeting(meeting, [(network.space, "Ada Neri", "", 90)], summary="", minutes=120, by=network.method, at=HELD)
    assert [entry.pk for entry in LedgerEntry.objects.all() if "Ada Neri" in entry.content] == []


@pytest.mark.parametrize(
    ("minutes", "kind", "trained"), [(90, "training", True), (0, "training", False), (90, "network", False)]
)
def test_a_space_is_trained_by_who_stayed_at_a_training(network, minutes, kind, trained):
    meeting = training(network, kind=kind)
    hold_meeting(meeting, [(network.space, "Ada Neri", "", minutes)], summary="", minutes=120, by=network.method, at=HELD)
    said = somebody_was_trained(Attempt(network.space, network.method, HELD))
    assert said == (None if trained else "Nessuno di questo Spazio risulta ancora presente a una formazione.")


def test_the_people_of_the_spazi_are_told_of_a_meeting_and_of_its_end(network):
    meeting = training(network)
    near = Duty.objects.get(name="network.meeting_near")
    assert near.due_at == STARTS - timedelta(days=2)
    pay(CALLED)
    cancel_meeting(meeting, reason="Sala chiusa", by=network.office, at=CALLED)
    pay(STARTS)
    told = [(message.subject, message.to) for message in mail.outbox if "Ascoltare" in message.subject]
    assert told == [
        ("Invito: Ascoltare, 10/05/2022, 09:00", [network.runner.email]),
        ("Annullato: Ascoltare, 10/05/2022, 09:00", [network.runner.email]),
    ]
    assert "Sala chiusa" in mail.outbox[-1].body


def test_a_link_is_written_and_ends(network):
    link = ServiceLink(kind="social_service", name="Servizio sociale 9", what_for="Presa in carico", contact="02 1")
    save_link(link, spaces=[network.space], by=network.method, at=CALLED)
    with pytest.raises(Refused):
        end_link(link, on=date(2022, 6, 1), by=network.runner, at=CALLED)
    end_link(link, on=date(2022, 6, 1), by=network.method, at=CALLED)
    stored = ServiceLink.objects.get()
    assert (list(stored.spaces.all()), stored.saved_by, stored.ended_on) == ([network.space], network.method, date(2022, 6, 1))

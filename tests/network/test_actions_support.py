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
    reopen_action,
    resume_link,
    save_link,
    save_plan,
)
from network.models import Attendee, Meeting, ServiceLink, Space, SupportAction, SupportPlan
from network.rules.support import somebody_was_trained
from network.support_units import link_columns, link_units
from network.written_at_once import BothWrote, bases_of
from tests.builders_support import CALLED, HELD, STARTS, Network, accompanied, training
from tests.history import history
from workflow.duties import pay
from workflow.models import Duty, LedgerEntry
from workflow.transition import Attempt, Refused

pytestmark = pytest.mark.django_db

DONE = HELD + timedelta(days=20)


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


def service(**changes):
    given = {"kind": "social_service", "name": "Servizio sociale 9", "what_for": "Presa in carico", "contact": "02 1"}
    return ServiceLink(**{**given, **changes})


def changed(link, **changes):
    """The row as a page gives it back."""
    row = ServiceLink.objects.get(pk=link.pk)
    for name, value in changes.items():
        setattr(row, name, value)
    return row


def test_a_plan_is_written_by_the_partner_for_the_method_or_the_office(network):
    assert (plan(network).version, plan(network, by=network.office, seen=1).version) == (1, 2)
    for somebody in (network.runner, network.stranger):
        with pytest.raises(Refused) as refusal:
            plan(network, by=somebody, seen=2, goals="Altro")
        assert refusal.value.reasons == ["Lo può fare solo l'ufficio o chi accompagna la rete."]
    assert SupportPlan.objects.get().goals == "Aprire anche il sabato."


def test_each_version_of_a_plan_is_a_step_of_the_spazio_that_keeps_what_it_said(network):
    plan(network)
    plan(network, by=network.office, seen=1, goals="Aprire la domenica.")
    steps = network.space.steps.filter(act="support").values_list("by", "facts__version", "facts__goals")
    assert list(steps) == [(network.method.pk, 1, "Aprire anche il sabato."), (network.office.pk, 2, "Aprire la domenica.")]


def test_a_closed_spazio_keeps_its_plan_as_it_is(network):
    action = add_action(plan(network), text="Formare", due_on=None, by=network.method, at=CALLED)
    Space.objects.filter(pk=network.space.pk).update(state="closed")
    by = {"by": network.method, "at": HELD}
    for act in (
        lambda: plan(network, seen=1),
        lambda: add_action(SupportPlan.objects.get(), text="Altro", due_on=None, **by),
        lambda: finish_action(SupportAction.objects.get(), done_on=HELD.date(), outcome="", **by),
    ):
        with pytest.raises(Refused):
            act()
    assert (SupportPlan.objects.get().version, list(history(action))) == (1, ["add"])


@pytest.mark.parametrize("seen", [0, 2])
def test_of_two_who_write_a_plan_the_second_reads_the_first(network, seen):
    plan(network)
    with pytest.raises(Refused) as refusal:
        plan(network, seen=seen, goals="Altro")
    assert refusal.value.reasons == [
        "Mara Metodo ha salvato un'altra versione del piano mentre scrivevi (09:00): rileggila, poi salva la tua."
    ]
    assert SupportPlan.objects.get().goals == "Aprire anche il sabato."


def test_a_step_of_the_plan_is_done_with_what_came_of_it_and_reopened_with_a_reason(network):
    action = add_action(plan(network), text=" Formare due persone ", due_on=date(2022, 6, 1), by=network.method, at=CALLED)
    finish_action(action, done_on=date(2022, 5, 20), outcome=" Formate tre ", by=network.office, at=DONE)
    action.refresh_from_db()
    assert (action.text, action.done_on, action.outcome) == ("Formare due persone", date(2022, 5, 20), "Formate tre")
    with pytest.raises(Refused) as refusal:
        finish_action(action, done_on=date(2022, 5, 20), outcome="", by=network.office, at=DONE)
    assert refusal.value.reasons == ["Adesso non si può fare: lo stato è «Fatto»."]
    with pytest.raises(Refused) as refusal:
        reopen_action(action, reason=" ", by=network.method, at=DONE)
    assert refusal.value.reasons == ["Scrivi il motivo: resta nella storia dell'atto."]
    reopen_action(action, reason="Una ha lasciato", by=network.method, at=DONE)
    action.refresh_from_db()
    assert (action.state, action.done_on, action.outcome) == ("to_do", None, "")
    assert list(history(action)) == ["add", "finish", "reopen"]
    assert action.steps.get(act="finish").facts == {"done_on": "2022-05-20", "outcome": "Formate tre"}


@pytest.mark.parametrize(
    ("days", "said"), [(0, []), (1, ["Il giorno in cui è stato fatto non è ancora arrivato: correggilo."])]
)
def test_a_step_is_done_on_a_day_that_has_come(network, days, said):
    action, found = add_action(plan(network), text="Formare", due_on=None, by=network.method, at=CALLED), []
    try:
        finish_action(action, done_on=HELD.date() + timedelta(days=days), outcome="", by=network.method, at=HELD)
    except Refused as refusal:
        found = refusal.reasons
    assert found == said


@pytest.mark.parametrize("who", ["runner", "stranger"])
def test_who_does_not_accompany_the_network_changes_no_step_and_no_link(network, who):
    somebody = {"by": getattr(network, who), "at": DONE}
    action = add_action(plan(network), text="Formare", due_on=None, by=network.method, at=CALLED)
    link = service()
    save_link(link, spaces=[], by=network.method, at=CALLED)
    finished = add_action(SupportPlan.objects.get(), text="Aprire", due_on=None, by=network.method, at=CALLED)
    finish_action(finished, done_on=CALLED.date(), outcome="", by=network.method, at=CALLED)
    ended = service(name="Altro")
    save_link(ended, spaces=[], by=network.method, at=CALLED)
    end_link(ended, on=CALLED.date(), by=network.method, at=CALLED)
    for act in (
        lambda: add_action(action.plan, text="Altro", due_on=None, **somebody),
        lambda: finish_action(action, done_on=CALLED.date(), outcome="", **somebody),
        lambda: reopen_action(finished, reason="x", **somebody),
        lambda: save_link(service(name="Mio"), spaces=[], **somebody),
        lambda: save_link(changed(link, name="Mio"), spaces=[], **somebody),
        lambda: end_link(link, on=DONE.date(), **somebody),
        lambda: resume_link(ended, **somebody),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.reasons == ["Lo può fare solo l'ufficio o chi accompagna la rete."]
    assert sorted(ServiceLink.objects.values_list("name", "state")) == [("Altro", "ended"), ("Servizio sociale 9", "in_use")]
    assert SupportAction.objects.count() == 2


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
    while pay(CALLED):
        pass
    cancel_meeting(meeting, reason="Sala chiusa", by=network.office, at=CALLED)
    while pay(STARTS):
        pass
    told = [(message.subject, message.to) for message in mail.outbox if "Ascoltare" in message.subject]
    assert told == [
        ("Invito: Ascoltare, 10/05/2022, 09:00", [network.runner.email]),
        ("Annullato: Ascoltare, 10/05/2022, 09:00", [network.runner.email]),
    ]
    assert "Sala chiusa" in mail.outbox[-1].body


def test_a_link_is_written_corrected_ended_and_taken_up_again(network):
    link, act = service(), {"by": network.method, "at": CALLED}
    save_link(link, spaces=[network.space], **act)
    assert save_link(changed(link), spaces=[network.space], **act) is None
    corrected = save_link(changed(link, what_for="Ascolto"), spaces=[], **act)
    assert corrected.facts == {
        "changed": ["what_for", "spaces"],
        "was": {"what_for": "Presa in carico", "spaces": [str(network.space.pk)]},
        "is": {"what_for": "Ascolto", "spaces": []},
    }
    end_link(link, on=date(2022, 6, 1), **act)
    assert ServiceLink.objects.get().ended_on == date(2022, 6, 1)
    with pytest.raises(Refused) as refusal:
        save_link(changed(link, name="Altro"), spaces=[], **act)
    assert refusal.value.reasons == ["Adesso non si può fare: lo stato è «Non più in uso»."]
    resume_link(link, **act)
    stored = ServiceLink.objects.get()
    assert (stored.state, stored.ended_on, stored.what_for, stored.saved_by) == ("in_use", None, "Ascolto", network.method)
    assert list(history(stored)) == ["add", "correct", "end", "resume"]


def test_two_people_at_one_link_lose_nothing_of_what_each_wrote(network):
    link, act = service(), {"by": network.method, "at": CALLED}
    save_link(link, spaces=[], **act)
    read = bases_of(link_units(link_columns(link, [])))
    save_link(changed(link, what_for="Ascolto"), spaces=[], bases=read, **act)
    step = save_link(changed(link, what_for="Presa in carico", contact="02 2"), spaces=[network.space], bases=read, **act)
    stored = ServiceLink.objects.get()
    assert (stored.what_for, stored.contact, list(stored.spaces.all())) == ("Ascolto", "02 2", [network.space])
    assert step.facts["changed"] == ["contact", "spaces"]
    with pytest.raises(BothWrote) as found:
        save_link(changed(link, what_for="Turni", name="Altro"), spaces=[network.space], bases=read, **act)
    assert {unit for unit, verdict in found.value.verdicts.items() if verdict == "both"} == {"what_for"}
    assert ServiceLink.objects.get().name == "Servizio sociale 9"


def test_whom_to_call_is_not_written_into_the_ledger(network):
    link = service()
    save_link(link, spaces=[], by=network.method, at=CALLED)
    step = save_link(changed(link, contact="Lia Corti, 02 1"), spaces=[], by=network.method, at=CALLED)
    assert step.facts == {"changed": ["contact"], "was": {}, "is": {}}
    said = [entry.content for entry in LedgerEntry.objects.filter(kind="network.servicelink")]
    assert (len(said), ["02 1" in content for content in said]) == (2, [False, False])

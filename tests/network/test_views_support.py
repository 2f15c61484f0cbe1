import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from network.actions import add_action, end_agreement, end_link, finish_action, hold_meeting, save_link, save_plan
from network.models import Agreement, Meeting, ServiceLink, Space, SupportAction, SupportPlan
from network.views import support
from tests.builders_support import CALLED, HELD, Network, accompanied, training
from tests.pages import text
from workflow.transition import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def network() -> Network:
    return accompanied()


@pytest.fixture
def at(client):
    """A browser whose requests arrive at a moment."""

    def browser(user, moment=CALLED):
        with time_machine.travel(moment, tick=False):
            client.force_login(user)

        def ask(method, name, *args, data=None):
            with time_machine.travel(moment, tick=False):
                return getattr(client, method)(reverse(name, args=args), data or {})

        return ask

    return browser


def test_the_partner_plans_and_the_body_of_the_spazio_reads(network, at):
    ask = at(network.method)
    typed = {"seen": "0", "partnership": network.partnership.pk, "needs": "Due operatori", "goals": "Aprire", "plan": "1"}
    assert ask("post", "support_space", network.space.pk, data=typed).status_code == 302
    step = {"text": "Formare", "due_on": "2022-05-02", "step": "1"}
    assert ask("post", "support_space", network.space.pk, data=step).status_code == 302
    reads = at(network.runner)
    page = text(reads("get", "support_space", network.space.pk))
    assert "Aprire" in page and "Formare – entro il 2 maggio 2022 (in ritardo)" in page and "Cambia il piano" not in page
    assert reads("post", "support_space", network.space.pk, data=typed).status_code == 404
    action = SupportAction.objects.get()
    ask = at(network.method)
    done = {"done": action.pk, f"done-{action.pk}-done_on": "2022-05-03", f"done-{action.pk}-outcome": "Tre persone"}
    assert ask("post", "support_space", network.space.pk, data=done).status_code == 302
    assert "fatto il 3 maggio 2022: Tre persone" in text(reads("get", "support_space", network.space.pk))


def test_a_step_that_is_done_is_reopened_with_a_reason_and_all_of_it_is_told(network, at):
    given = {"goals": "Aprire", "needs": "", "seen": 0, "by": network.office, "at": CALLED}
    plan = save_plan(network.space, network.partnership, **given)
    action = add_action(plan, text="Formare", due_on=None, by=network.method, at=CALLED)
    ask = at(network.method)
    tomorrow = {"done": action.pk, f"done-{action.pk}-done_on": "2099-01-01"}
    refused = ask("post", "support_space", network.space.pk, data=tomorrow)
    assert (refused.status_code, "non è ancora arrivato: correggilo" in text(refused)) == (409, True)
    finish_action(action, done_on=CALLED.date(), outcome="Tre persone", by=network.method, at=CALLED)
    assert "Scrivi il motivo" in text(ask("post", "support_space", network.space.pk, data={"reopen": action.pk}))
    undo = {"reopen": action.pk, f"reopen-{action.pk}-reason": "Una ha lasciato"}
    assert ask("post", "support_space", network.space.pk, data=undo).status_code == 302
    late = ask("post", "support_space", network.space.pk, data=undo)
    assert (late.status_code, "lo stato è «Da fare»" in text(late)) == (409, True)
    page = text(at(network.runner)("get", "support_space", network.space.pk))
    told = page.partition("Storia del piano")[2]
    order = ["Versione 1", "Obiettivi: Aprire", "Passo aggiunto", "Passo fatto", "Tre persone", "riaperto", "Una ha lasciato"]
    assert [told.index(words) for words in order] == sorted(told.index(words) for words in order)
    assert "Riapri il passo" not in page


def test_a_plan_that_another_saved_meanwhile_gives_back_what_was_typed(network, at):
    given = {"goals": "Il primo", "needs": "", "seen": 0, "by": network.office, "at": CALLED}
    save_plan(network.space, network.partnership, **given)
    typed = {"seen": "0", "partnership": network.partnership.pk, "needs": "", "goals": "Il secondo", "plan": "1"}
    refused = at(network.method)("post", "support_space", network.space.pk, data=typed)
    assert refused.status_code == 409
    assert "rileggila, poi salva la tua" in text(refused) and "Il secondo" in text(refused)
    assert SupportPlan.objects.get().goals == "Il primo"
    seen = refused.context["form"]["seen"].value()
    assert at(network.method)("post", "support_space", network.space.pk, data={**typed, "seen": seen}).status_code == 302
    assert SupportPlan.objects.get().goals == "Il secondo"


def test_a_meeting_is_called_and_its_attendance_written(network, at):
    ask = at(network.method)
    form = {
        "kind": "training",
        "title": "Ascoltare",
        "day": "10/05/2022",
        "time": "9:00",
        "minutes": "120",
        "place": "Sala",
        "spaces": [network.space.pk],
    }
    wrong = ask("post", "meeting_new", data={**form, "day": "", "spaces": []})
    assert wrong.status_code == 200
    assert "Scrivi il giorno dell'incontro." in text(wrong) and "Scegli almeno uno Spazio." in text(wrong)
    assert ask("post", "meeting_new", data=form).status_code == 302
    meeting = Meeting.objects.get()
    assert "L'incontro non è ancora cominciato" in text(ask("get", "meeting", meeting.pk))
    calendar = ask("get", "meeting_calendar", meeting.pk)
    assert b"DTSTART:20220510T070000Z" in calendar.content
    after = at(network.method, HELD)
    rows = {"minutes": "120", "summary": "Bene", "name-0": " Ada  Neri ", "space-0": network.space.pk, "attend": "1"}
    assert "Scrivi il nome, o svuota la riga." in text(after("post", "meeting", meeting.pk, data={**rows, "role-1": "x"}))
    twice = after("post", "meeting", meeting.pk, data={**rows, "name-1": "ada neri"})
    assert "Questo nome c'è già" in text(twice)
    assert after("post", "meeting", meeting.pk, data=rows).status_code == 302
    assert list(meeting.attendees.values_list("name", "minutes", "space")) == [("Ada Neri", 120, network.space.pk)]
    again = after("post", "meeting", meeting.pk, data={**rows, "minutes-0": "60"})
    assert "Scrivi il motivo: resta nella storia dell'atto." in text(again)
    assert after("post", "meeting", meeting.pk, data={**rows, "minutes-0": "60", "reason": "Uscita prima"}).status_code == 302
    page = text(at(network.runner, HELD)("get", "support_space", network.space.pk))
    assert "Ada Neri 1 60" in page


def test_a_sheet_of_attendance_folds_the_empty_rows_after_the_next_three(network, at):
    meeting, ask = training(network), at(network.method, HELD)

    def rows(page):
        return [[n for n, _row in page.context["attendance"].sheet[part]] for part in ("shown", "folded")]

    assert rows(ask("get", "meeting", meeting.pk)) == [[1, 2, 3], [4, 5, 6, 7, 8]]
    wrong = {"minutes": "120", "role-5": "operatrice", "attend": "1"}
    assert rows(ask("post", "meeting", meeting.pk, data=wrong)) == [[1, 2, 3, 4, 5, 6, 7, 8], []]
    space = network.space.pk
    written = [(network.space, "Ada Neri", "", 120), (network.space, "Bea Blu", "", 0)]
    hold_meeting(meeting, written, summary="", minutes=120, by=network.method, at=HELD)
    page = ask("get", "meeting", meeting.pk)
    assert rows(page) == [[1, 2, 3, 4, 5], [6, 7, 8, 9, 10]]
    folded = '<details class="bando-details"><summary>Correggi le presenze'
    assert (folded in page.content.decode(), "Altre 5 righe" in text(page)) == (True, True)
    wrong = ask("post", "meeting", meeting.pk, data={**wrong, "role-5": "", "name-0": "Ada Neri", "space-0": space})
    assert '<details class="bando-details" open><summary>Correggi le presenze' in wrong.content.decode()


def test_a_meeting_is_called_off_with_a_reason(network, at):
    meeting, ask = training(network), at(network.office)
    assert "Scrivi il motivo" in text(ask("post", "meeting", meeting.pk, data={"call_off": "1"}))
    assert ask("post", "meeting", meeting.pk, data={"call_off": "1", "cancel-reason": "Sala chiusa"}).status_code == 302
    late = ask("post", "meeting", meeting.pk, data={"call_off": "1", "cancel-reason": "Ancora"})
    assert (late.status_code, Meeting.objects.get().state) == (409, "cancelled")


def test_links_are_written_by_who_accompanies_and_read_by_who_takes_part(network, at):
    ask = at(network.method)
    form = {"kind": "social_service", "name": "Servizio sociale", "what_for": "Presa in carico", "contact": "02 1"}
    assert "Scrivi chi si chiama." in text(ask("post", "service_links", data={**form, "contact": "", "save": "1"}))
    assert ask("post", "service_links", data={**form, "save": "1"}).status_code == 302
    link = ServiceLink.objects.get()
    reads = at(network.runner)
    assert "Presa in carico" in text(reads("get", "service_links"))
    assert [reads("post", "service_links", data=form).status_code, reads("get", "service_link", link.pk).status_code] == [
        404,
        404,
    ]
    ask = at(network.method)
    assert ask("post", "service_link", link.pk, data={"end": "1"}).status_code == 302
    page = text(ask("get", "service_links"))
    assert "Ancora nessun collegamento." in page and "Non più in uso (1)" in page
    assert "Servizio sociale" not in text(at(network.runner)("get", "service_links"))
    ask = at(network.method)
    assert "Collegamento non più in uso" in text(ask("get", "service_link", link.pk))
    refused = ask("post", "service_link", link.pk, data={**form, "name": "Altro", "save": "1"})
    assert (refused.status_code, "lo stato è «Non più in uso»" in text(refused)) == (409, True)
    assert ask("post", "service_link", link.pk, data={"resume": "1"}).status_code == 302
    assert "Presa in carico" in text(at(network.runner)("get", "service_links"))


def test_who_loses_the_right_while_writing_a_link_reads_why_and_keeps_what_was_typed(network, at, monkeypatch):
    monkeypatch.setattr(support, "_accompanies", lambda request: True)  # a moment before the act asks again
    form = {"kind": "other", "name": "Sportello", "what_for": "Presa in carico", "contact": "02 1", "save": "1"}
    refused = at(network.runner)("post", "service_links", data=form)
    assert (refused.status_code, ServiceLink.objects.count()) == (409, 0)
    assert ("Lo può fare solo l'ufficio o chi accompagna la rete." in text(refused), "Presa in carico" in text(refused)) == (
        True,
        True,
    )


def test_two_people_at_one_link_read_what_each_wrote(network, at):
    link = ServiceLink(kind="other", name="Sportello", what_for="Ascolto", contact="02 1")
    save_link(link, spaces=[], by=network.office, at=CALLED)
    ask = at(network.method)
    carries = dict(re.findall(r'name="(base-[^"]+)" value="([^"]*)"', ask("get", "service_link", link.pk).content.decode()))
    link.what_for = "Turni"
    save_link(link, spaces=[network.space], by=network.office, at=CALLED)
    mine = {"kind": "other", "name": "Sportello casa", "what_for": "Presa in carico", "contact": "02 1", "save": "1"}
    page = ask("post", "service_link", link.pk, data={**mine, **carries})
    assert page.status_code == 409
    assert "Quello che ha scritto l'altra persona: Per che cosa Turni" in text(page)
    assert ("Presa in carico" in text(page), 'value="Sportello casa"' in page.content.decode()) == (True, True)
    carries = dict(re.findall(r'name="(base-[^"]+)" value="([^"]*)"', page.content.decode()))
    assert ask("post", "service_link", link.pk, data={**mine, "spaces": [network.space.pk], **carries}).status_code == 302
    stored = ServiceLink.objects.get()
    assert (stored.name, stored.what_for, list(stored.spaces.all())) == ("Sportello casa", "Presa in carico", [network.space])


@pytest.mark.parametrize("contact", ["02 2", ""])
def test_what_was_typed_in_a_link_that_a_colleague_ended_meanwhile_is_there_to_copy(network, at, contact):
    link = ServiceLink(kind="other", name="Sportello", what_for="Ascolto", contact="02 1")
    save_link(link, spaces=[], by=network.office, at=CALLED)
    ask = at(network.method)
    carries = dict(re.findall(r'name="(base-[^"]+)" value="([^"]*)"', ask("get", "service_link", link.pk).content.decode()))
    mine = {**carries, "kind": "other", "name": "Sportello", "what_for": "Ascolto", "contact": "02 2", "save": "1"}
    assert ask("post", "service_link", link.pk, data=mine).status_code == 302
    end_link(ServiceLink.objects.get(), on=CALLED.date(), by=network.office, at=CALLED)
    late = {**mine, "name": "Sportello casa", "contact": contact, "spaces": [network.space.pk]}
    page = ask("post", "service_link", link.pk, data=late)
    assert (page.status_code, "lo stato è «Non più in uso»" in text(page), page.context["form"]) == (409, True, None)
    unsaved = "Quello che hai scritto adesso non è salvato Te lo mostriamo qui, così puoi copiarlo."
    assert f"{unsaved} Nome Sportello casa Per quali Spazi {network.space.name} " in text(page)
    assert (ServiceLink.objects.get().name, ServiceLink.objects.get().contact) == ("Sportello", "02 2")


@pytest.mark.parametrize("spaces", [1, 5])
def test_the_page_asks_as_much_for_one_spazio_as_for_five(network, at, spaces, django_assert_num_queries):
    for n in range(spaces - 1):
        space = Space.objects.create(slug=f"s-{n}", name=f"Spazio {n}", partnership=network.space.partnership)
        save_plan(space, network.partnership, goals="x", needs="", seen=0, by=network.office, at=CALLED)
        training(network, spaces=[space], starts_at=HELD + timedelta(days=n))
    held = training(network)
    hold_meeting(held, [(network.space, "Ada", "", 10)], summary="", minutes=120, by=network.method, at=HELD)
    for n in range(spaces):
        link = ServiceLink(kind="other", name=f"L{n}", what_for="x", contact="y")
        save_link(link, spaces=[network.space], by=network.office, at=CALLED)
    ask = at(network.method)
    with django_assert_num_queries(11):
        ask("get", "support")
    with django_assert_num_queries(8):
        ask("get", "service_links")


def test_a_partner_whose_agreement_has_ended_accompanies_nobody(network, at):
    """The next partner takes over: its people alone read the Spazi, and a meeting of the office is with it."""
    agreement, now = network.partnership.agreement, CALLED
    end_agreement(agreement, reason="Finita.", by=network.office, at=now)
    called = at(network.office)("get", "meeting_new")
    assert called.context["partnership"] is None
    ask = at(network.method)
    assert [ask("get", name, *args).status_code for name, args in _of_the_method(network)] == [404] * 3
    with pytest.raises(Refused) as refusal:
        save_plan(network.space, network.partnership, goals="Aprire", needs="", seen=0, by=network.method, at=now)
    assert refusal.value.reasons == ["Lo può fare solo l'ufficio o chi accompagna la rete."]
    Agreement.objects.filter(pk=agreement.pk).update(state="effective", needs_publication=False)
    assert [ask("get", name, *args).status_code for name, args in _of_the_method(network)] == [200] * 3
    assert at(network.office)("get", "meeting_new").context["partnership"] == network.partnership


def _of_the_method(network):
    return [("support_space", [network.space.pk]), ("my_space", [network.space.pk]), ("meeting_new", [])]

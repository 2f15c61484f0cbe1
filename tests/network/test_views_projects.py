import re

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from network.actions import agree_on_version, write_version
from network.models import AgreedVersion, Project, TablePartner
from network.states import TableSessionState
from tests.builders import person
from tests.builders_project import OPENED, WRITTEN, AtTheTable, answers, plan, seated
from tests.pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_day_after():
    with time_machine.travel(WRITTEN, tick=False):
        yield


def as_(client: Client, user) -> Client:
    client.force_login(user)
    return client


def section(project: Project, code: str = "proposta", *, desk: bool = True) -> str:
    return reverse("desk_project_section" if desk else "project_section", args=[project.pk, code])


def proposal(number: int = 1, based_on: int = 0, **changes) -> dict:
    """What a person sends of the first section, as it was proposed but for the changes."""
    said = {
        "titolo": f"Progetto {number}",
        "bisogni": f"I bisogni {number}.",
        "azioni": f"Le azioni {number}.",
        "squadra": f"La squadra {number}.",
        "lingue": ["it"],
        "giorni__1__giorno": "Lunedì",
        "giorni__1__ore": "4",
        "based_on": str(based_on),
        "note": "Così ha chiesto il tavolo.",
    }
    return {**said, **changes}


def wrote(at_the_table: AtTheTable, project: Project, based_on: int = 0, **changes):
    return write_version(
        project,
        answers(1, **changes),
        based_on=based_on,
        note="Il nome nuovo.",
        touches_reason="Resta prima.",
        by=at_the_table.people[0],
        at=WRITTEN,
    )


# Begin


def test_the_office_begins_a_project_from_three_proposals(client):
    at_the_table = seated()
    url = reverse("desk_project_new", args=[at_the_table.call.slug, "area-1"])
    page = text(as_(client, at_the_table.office).get(url))
    numbers = [row.number for row in at_the_table.proposals]
    assert all(number in page for number in numbers)
    keys = [str(row.pk) for row in at_the_table.proposals]
    response = client.post(url, {"title": "Una casa per tutti", "applications": keys, "lead": keys[2]})
    project = Project.objects.get()
    assert response.url == reverse("desk_project", args=[project.pk])
    assert [source.application.number for source in project.sources.all()] == [numbers[2], numbers[0], numbers[1]]
    page = text(client.get(response.url))
    assert f"Le risposte della proposta {numbers[2]} e la somma dei piani economici." in page
    assert "90.000,00\xa0€" not in page  # spaces are folded by the reader of pages
    assert "90.000,00 €" in page
    assert "Non rispetta" not in page
    assert "Hai chiesto 90.000,00 €. Il massimo è 50.000,00 €: togli 40.000,00 €." in page
    assert "Tutte le proposte del tavolo hanno già un progetto." in text(client.get(url))


def test_where_the_call_does_not_merge_one_proposal_is_chosen(client):
    at_the_table = seated(mode="eligible")
    url = reverse("desk_project_new", args=[at_the_table.call.slug, "area-1"])
    page = as_(client, at_the_table.office).get(url).content.decode()
    assert 'type="radio" name="applications"' in page
    assert "lead" not in client.get(url).context["form"].fields
    response = client.post(url, {"title": "", "applications": str(at_the_table.proposals[0].pk)})
    assert (response.status_code, Project.objects.count()) == (200, 0)
    assert "Scrivi il titolo del progetto." in text(response)


# Write


def test_a_saved_section_is_a_version_and_the_other_sections_stay(client):
    at_the_table = seated()
    project = at_the_table.start()
    url = section(project)
    page = as_(client, at_the_table.office).get(url).content.decode()
    assert 'value="Progetto 1"' in page
    assert 'name="giorni__1__giorno" value="Lunedì"' in page
    response = client.post(url, proposal(titolo="Casa aperta", giorni__2__giorno="Martedì", giorni__2__ore="2"))
    assert response.url == reverse("desk_project", args=[project.pk])
    version = project.versions.get(number=1)
    rows = [{"giorno": "Lunedì", "ore": "4"}, {"giorno": "Martedì", "ore": "2"}]
    assert version.answers == answers(1, titolo="Casa aperta", giorni=rows)
    assert (version.note, version.touches) == ("Così ha chiesto il tavolo.", [])


def test_a_body_of_the_project_writes_a_version(client):
    at_the_table = seated()
    project = at_the_table.start()
    response = as_(client, at_the_table.people[0]).post(section(project, desk=False), proposal(titolo="Casa"))
    assert response.url == reverse("project", args=[project.pk])
    assert project.versions.get(number=1).by == at_the_table.people[0]


def test_a_body_of_another_project_reads_and_does_not_write(client):
    at_the_table = seated()
    project = at_the_table.start()
    other = as_(client, at_the_table.people[1])
    assert "Lo può fare solo l'ufficio o chi lavora per un ente di questo progetto." in text(
        other.get(reverse("project", args=[project.pk]))
    )
    assert "<textarea" not in other.get(section(project, desk=False)).content.decode()
    assert other.post(section(project, desk=False), proposal(titolo="Casa")).status_code == 409
    assert project.versions.count() == 1


def test_a_stranger_finds_no_project(client):
    at_the_table = seated()
    project = at_the_table.start()
    as_(client, person())
    urls = [
        reverse("project", args=[project.pk]),
        reverse("project_version", args=[project.pk, 0]),
        reverse("project_difference", args=[project.pk, 0, 0]),
        section(project, desk=False),
        reverse("desk_project", args=[project.pk]),
        section(project),
    ]
    assert [client.get(url).status_code for url in urls] == [404] * 6


def test_a_change_of_what_was_scored_asks_why_and_keeps_what_was_typed(client):
    at_the_table = seated()
    project = at_the_table.start()
    first = at_the_table.proposals[0].number
    url, typed = section(project), proposal(bisogni="Altri bisogni.")
    response = as_(client, at_the_table.office).post(url, typed)
    page = text(response)
    assert (response.status_code, project.versions.count()) == (409, 1)
    assert "Cambi qualcosa che la commissione ha valutato: scrivi perché il cambiamento è possibile." in page
    assert "A.1 Bisogni : Ente 1 ha avuto 20,00 punti su 20" in page
    assert "B.1 Azioni : Ente 1" not in page
    assert f"Ente 1 ({first}): 1ª su 3, con 90,00 punti. Ha 10,00 punti in più della prima proposta senza posto." in page
    assert ">\nAltri bisogni.</textarea>" in response.content.decode()
    assert ">\nCosì ha chiesto il tavolo.</textarea>" in response.content.decode()
    client.post(url, typed | {"touches_reason": "Resta prima."})
    assert project.versions.get(number=1).touches_reason == "Resta prima."


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"note": ""}, "Scrivi che cosa cambia: chi legge la versione parte da lì."),
        ({"bisogni": ""}, "Scrivi la risposta a «Quali bisogni»."),
        ({"giorni__1__ore": "molte"}, "Scrivi un numero, per esempio 12."),
    ],
)
def test_what_cannot_be_read_stays_on_the_page(client, changes, sentence):
    at_the_table = seated()
    project = at_the_table.start()
    response = as_(client, at_the_table.office).post(section(project), proposal(titolo="Casa mia", **changes))
    assert (response.status_code, project.versions.count()) == (200, 1)
    assert sentence in text(response)
    assert 'value="Casa mia"' in response.content.decode()


def test_two_people_in_one_section_see_both_texts_and_lose_none(client):
    at_the_table = seated()
    project = at_the_table.start()
    wrote(at_the_table, project, titolo="La loro casa")
    url = section(project)
    response = as_(client, at_the_table.office).post(url, proposal(titolo="La mia casa"))
    page, shown = text(response), response.content.decode()
    assert (response.status_code, project.versions.count()) == (409, 2)
    assert "Mentre scrivevi, Persona 1 ha scritto la versione 1 di questa sezione" in page
    assert "[tolto: La loro casa ]" not in page
    assert "La [tolto: loro ] [aggiunto: mia ] casa" in page
    assert 'value="La mia casa"' in shown
    assert 'name="based_on" value="1"' in shown
    client.post(url, proposal(titolo="La mia casa", based_on=1))
    assert project.versions.get(number=2).answers["proposta"]["titolo"] == "La mia casa"


def test_a_version_that_changed_another_section_is_no_conflict(client):
    at_the_table = seated()
    project = at_the_table.start()
    wrote(at_the_table, project, titolo="La loro casa")
    sent = {"persone__total": "40.000", "persone__own": "12.000", "casa__total": "", "casa__own": ""}
    given = {"based_on": "0", "note": "Più soldi nostri.", "touches_reason": "Resta prima."}
    response = as_(client, at_the_table.office).post(section(project, "piano"), sent | given)
    assert response.status_code == 302
    found = project.versions.get(number=2).answers
    assert (found["proposta"]["titolo"], found["piano"]) == ("La loro casa", plan(persone=(40_000_00, 12_000_00)))


def test_a_budget_that_breaks_the_call_is_refused_with_its_figures(client):
    at_the_table = seated()
    project = at_the_table.start()
    sent = {"persone__total": "100.000", "persone__own": "10.000", "based_on": "0", "note": "Di più.", "touches_reason": "x"}
    response = as_(client, at_the_table.office).post(section(project, "piano"), sent)
    assert (response.status_code, project.versions.count()) == (409, 1)
    assert "Hai chiesto 90.000,00 €. Il massimo è 50.000,00 €: togli 40.000,00 €." in text(response)
    assert 'value="100.000"' in response.content.decode()


# A unitary project


def test_beside_each_question_stands_what_each_proposed_and_one_can_be_taken(client):
    at_the_table = seated()
    project = at_the_table.start(0, 1, 2)
    third = at_the_table.proposals[2].number
    url = section(project)
    page = text(as_(client, at_the_table.office).get(url))
    assert page.count("Che cosa proponeva ciascuno") == 6
    assert all(f"I bisogni {n}." in page for n in (1, 2, 3))
    response = client.post(url, proposal(based_on=1, titolo="A metà", then=f"take:bisogni@{third}"))
    shown = response.content.decode()
    assert (response.status_code, project.versions.count()) == (200, 2)
    assert ">\nI bisogni 3.</textarea>" in shown
    assert 'value="A metà"' in shown
    assert client.post(url, proposal(based_on=1, then="take:bisogni@PROVA-9999")).status_code == 404


def test_a_table_is_taken_with_all_of_its_rows(client):
    rows = [{"giorno": "Sabato", "ore": "8"}]
    at_the_table = seated(said={2: answers(2, giorni=rows)})
    project = at_the_table.start(0, 1)
    second = at_the_table.proposals[1].number
    sent = proposal(based_on=1, giorni__2__giorno="Martedì", then=f"take:giorni@{second}")
    page = as_(client, at_the_table.office).post(section(project), sent).content.decode()
    assert 'name="giorni__1__giorno" value="Sabato"' in page
    assert "Martedì" not in page


@pytest.mark.parametrize(("which", "amount"), [("@sum", "80000,00"), ("second", "40000,00")])
def test_of_budgets_one_or_their_sum_is_taken(client, which, amount):
    at_the_table = seated()
    project = at_the_table.start(0, 1)
    number = at_the_table.proposals[1].number if which == "second" else which
    sent = {"persone__total": "1", "based_on": "1", "note": "", "then": f"take:@{number}"}
    page = as_(client, at_the_table.office).post(section(project, "piano"), sent).content.decode()
    assert f'name="persone__total" value="{amount}"' in page


def test_version_0_of_a_unitary_project_shows_what_each_proposed(client):
    at_the_table = seated()
    project = at_the_table.start(0, 1)
    page = text(as_(client, at_the_table.people[2]).get(reverse("project_version", args=[project.pk, 0])))
    assert "Che cosa proponeva Ente 1" in page
    assert "Che cosa proponeva Ente 2" in page
    assert "I bisogni 2." in page


def test_the_difference_of_a_unitary_project_starts_from_a_proposal_of_choice(client):
    at_the_table = seated()
    project = at_the_table.start(0, 1)
    first, second = (row.number for row in at_the_table.proposals[:2])
    url = reverse("project_difference", args=[project.pk, 0, 1])
    as_(client, at_the_table.people[0])
    assert f"A sinistra del confronto c'è la proposta {first}." in text(client.get(url))
    page = text(client.get(url, {"proposta": second}))
    assert "I bisogni [tolto: 2. ] [aggiunto: 1. ]" in page


# Read


def test_the_difference_is_read_aloud_and_unchanged_answers_are_folded(client):
    at_the_table = seated()
    project = at_the_table.start()
    wrote(at_the_table, project, bisogni="I bisogni di tutti.", lingue=["it", "ar"], persone=(40_000_01, 10_000_00))
    page = text(as_(client, at_the_table.people[1]).get(reverse("project_difference", args=[project.pk, 0, 1])))
    assert "I bisogni [tolto: 1. ] [aggiunto: di tutti. ]" in page
    assert "Italiano [aggiunto: Arabo ]" in page
    assert "[prima: 40.000,00 € ] [adesso: 40.000,01 € ] +0,01 €" in page
    assert "5 risposte uguali" in page
    assert "C.1 Squadra : Ente 1 ha avuto 40,00 punti su 50" in page


def test_equal_versions_say_that_they_are(client):
    at_the_table = seated()
    project = at_the_table.start()
    page = text(as_(client, at_the_table.office).get(reverse("project_difference", args=[project.pk, 0, 0])))
    assert "Le due versioni dicono la stessa cosa." in page
    assert client.get(reverse("project_difference", args=[project.pk, 0, 1])).status_code == 404


# The table agrees


def test_the_office_says_in_which_session_the_table_agreed(client):
    at_the_table = seated()
    project, session = at_the_table.start(), at_the_table.session()
    at_the_table.session(2, TableSessionState.PLANNED)
    url = reverse("desk_project", args=[project.pk])
    page = as_(client, at_the_table.office).get(url).content.decode()
    assert f'<option value="{session.pk}">Incontro n. 1</option>' in page
    assert "Incontro n. 2" not in page
    assert "Scegli l'incontro." in text(client.post(url, {"version": "0"}))
    assert client.post(url, {"version": "9", "session": session.pk}).status_code == 404
    client.post(url, {"version": "0", "session": session.pk})
    assert AgreedVersion.objects.get().session == session
    assert "Approvata dal tavolo nell'incontro n. 1" in text(client.get(url))


def test_what_cannot_be_agreed_on_says_why(client):
    at_the_table = seated()
    project, session = at_the_table.start(), at_the_table.session()
    wrote(at_the_table, project, titolo="Casa")
    version = project.versions.get(number=1)
    agree_on_version(version, session, by=at_the_table.office, at=WRITTEN)
    url = reverse("desk_project", args=[project.pk])
    response = as_(client, at_the_table.office).post(url, {"version": "0", "session": session.pk})
    assert response.status_code == 409
    assert "Il tavolo ha già approvato la versione 1: approvane una più nuova." in text(response)


# Queries


@pytest.mark.parametrize("versions", [1, 4])
def test_many_versions_cost_the_pages_no_more(client, versions):
    at_the_table = seated()
    project = at_the_table.start(0, 1, 2)
    for number in range(1, versions + 1):
        total = {"piano": plan(persone=(120_000_00, 30_000_00))}
        new = answers(1, titolo=f"Casa {number}", bisogni=f"Bisogni nuovi {number}.") | total
        given = {"note": "x", "touches_reason": "y", "by": at_the_table.office, "at": WRITTEN}
        write_version(project, new, based_on=number, **given)
    as_(client, at_the_table.office)
    urls = [
        reverse("desk_project", args=[project.pk]),
        reverse("project_version", args=[project.pk, 0]),
        reverse("project_difference", args=[project.pk, 0, versions]),
        section(project),
        section(project, "piano"),
    ]
    found = []
    for url in urls:
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        found.append(len(queries))
    assert found == [7, 5, 8, 6, 6]


def test_who_left_the_table_reads_and_writes_no_more(client):
    at_the_table = seated()
    project = at_the_table.start()
    TablePartner.objects.filter(application=at_the_table.proposals[0]).update(left_at=OPENED, left_reason="Si ritira.")
    as_(client, at_the_table.people[0])
    assert client.post(section(project, desk=False), proposal(titolo="Casa")).status_code in {404, 409}
    assert project.versions.count() == 1


def test_what_another_proposal_had_said_touches_nothing_in_the_difference(client):
    at_the_table = seated()
    project = at_the_table.start(0, 1)
    total = {"piano": plan(persone=(80_000_00, 20_000_00))}
    given = {"note": "x", "touches_reason": "", "by": at_the_table.office, "at": WRITTEN}
    write_version(project, answers(1, bisogni="I bisogni 2.") | total, based_on=1, **given)
    page = text(as_(client, at_the_table.office).get(reverse("project_difference", args=[project.pk, 0, 2])))
    assert "I bisogni [tolto: 1. ] [aggiunto: 2. ]" in page
    assert "Questi cambiamenti toccano quello che è stato valutato" not in page


def test_the_tables_of_several_proposals_have_names_of_their_own(client):
    at_the_table = seated()
    project = at_the_table.start(0, 1)
    as_(client, at_the_table.office)
    for url in (reverse("project_version", args=[project.pk, 0]), section(project, "piano")):
        names = re.findall(r' id="([^"]+)"', client.get(url).content.decode())
        assert len(names) == len(set(names))

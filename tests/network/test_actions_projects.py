from datetime import timedelta

import pytest
from django.utils import timezone, translation

from applications.models import Application
from network.actions import (
    agree_on_version,
    approve_table_minutes,
    draft_agreement,
    final_version,
    reopen_table,
    start_project,
    write_version,
)
from network.actions.projects import NewerVersion
from network.models import AgreedVersion, Project, ProjectVersion, Table, TableMinutes, TablePartner, TableSession
from network.projects import outcome_of
from network.states import TableSessionState, TableState
from network.table_minutes import fingerprint
from network.unitary import proposals_in
from tests.builders import person
from tests.builders_project import OPENED, WRITTEN, AtTheTable, answers, plan, seated
from tests.together import together
from workflow.append_only import Unchangeable
from workflow.ledger import canonical, digest
from workflow.transition import Refused

pytestmark = pytest.mark.django_db

MORE = {"touches_reason": "Resta prima anche con zero punti su questo criterio."}


def write(at_the_table: AtTheTable, project: Project, new: dict, **changes) -> ProjectVersion:
    facts = {"based_on": 0, "note": "Così ha chiesto il tavolo.", "by": at_the_table.office, "at": WRITTEN}
    return write_version(project, new, **{**facts, **changes})


def reasons(act, *args, **options) -> list[str]:
    with pytest.raises(Refused) as refused:
        act(*args, **options)
    return refused.value.reasons


# A project begins


def test_version_0_is_what_was_proposed():
    at_the_table = seated(mode="selected")
    project = at_the_table.start(0, title="  Una casa  ")
    (version,) = project.versions.all()
    said = at_the_table.proposals[0].current.answers
    assert (project.title, version.number, version.answers, version.note) == ("Una casa", 0, said, "")
    assert (version.sha256, version.by, version.at) == (digest(canonical(said)), at_the_table.office, OPENED)
    assert at_the_table.table.steps.get(act="start_project").facts == {
        "project": str(project.pk),
        "title": "Una casa",
        "proposals": [at_the_table.proposals[0].number],
        "sha256": version.sha256,
    }
    assert outcome_of(project, version.answers).grant == 30_000_00


def test_three_proposals_stay_apart_in_version_0_and_begin_as_the_first_with_the_sum_of_their_budgets():
    said = {n: answers(n, persone=(10_000_00 + n, 2_500_00 + n)) for n in (1, 2, 3)}
    said[3]["piano"] = plan(persone=(5, 5), casa=(1_00, 33))
    at_the_table = seated(said=said)
    with translation.override("en"):  # an official who reads English pages writes for everybody at the table
        project = at_the_table.start(1, 0, 2)
    first, second = project.versions.all()
    numbers = [row.number for row in at_the_table.proposals]
    assert proposals_in(first.answers) == dict(zip(numbers, (said[1], said[2], said[3]), strict=True))
    assert second.answers == {
        "proposta": said[2]["proposta"],
        "piano": plan(persone=(20_000_08, 5_000_08), casa=(1_00, 33)),
    }
    assert second.note == f"Le risposte della proposta {numbers[1]} e la somma dei piani economici."
    assert (first.touches, second.touches) == ([], [])
    assert [source.application.number for source in project.sources.all()] == [numbers[1], numbers[0], numbers[2]]


@pytest.mark.parametrize(
    ("mode", "places", "title", "expected"),
    [
        ("merged", (0,), " ", "Scrivi il titolo del progetto."),
        ("merged", (), "Casa", "Scegli almeno una proposta."),
        ("eligible", (0, 1), "Casa", "L'avviso non prevede di unire le proposte: comincia un progetto per ciascuna."),
        ("selected", (0, 1), "Casa", "L'avviso non prevede di unire le proposte: comincia un progetto per ciascuna."),
    ],
)
def test_a_project_that_cannot_begin_says_why(mode, places, title, expected):
    at_the_table = seated(mode=mode)
    chosen = [at_the_table.proposals[place] for place in places]
    given = {"title": title, "by": at_the_table.office, "at": OPENED}
    assert reasons(start_project, at_the_table.table, chosen, **given) == [expected]
    assert not Project.objects.exists()


def test_a_proposal_flows_into_one_project_and_only_while_its_body_sits():
    at_the_table = seated()
    at_the_table.start(0)
    first, second, _third = at_the_table.proposals
    given = {"title": "Altro", "by": at_the_table.office, "at": OPENED}
    assert reasons(start_project, at_the_table.table, [first, second], **given) == [
        f"Queste proposte hanno già un progetto: {first.number}."
    ]
    TablePartner.objects.filter(application=second).update(left_at=OPENED, left_reason="Si ritira.")
    assert reasons(start_project, at_the_table.table, [second], **given) == [
        f"Queste proposte non sono al tavolo: {second.number}."
    ]
    assert reasons(start_project, at_the_table.table, [second], **given | {"by": at_the_table.people[1]}) == [
        "Lo può fare solo chi lavora nell'ufficio."
    ]


# A new version


def test_a_version_is_written_whole_and_never_changes():
    at_the_table = seated()
    project = at_the_table.start()
    new = answers(1, titolo="Casa aperta")
    version = write(at_the_table, project, new, note="  Il nome.  ")
    assert (version.number, version.answers, version.note, version.by) == (1, new, "Il nome.", at_the_table.office)
    assert (version.sha256, version.touches, version.touches_reason) == (digest(canonical(new)), [], "")
    step = at_the_table.table.steps.get(act="write_project")
    assert step.facts == {
        "project": str(project.pk),
        "version": 1,
        "sha256": version.sha256,
        "note": "Il nome.",
        "touches": [],
        "grant": 30_000_00,
    }
    version.note = "Altro"
    with pytest.raises(Unchangeable):
        version.save()


@pytest.mark.parametrize(
    ("new", "touches"),
    [
        (answers(1, titolo="Casa"), []),
        (answers(1, bisogni="Altri bisogni."), ["a1"]),
        (answers(1, lingue=["it", "ar"]), ["b1"]),
        (answers(1, azioni="", squadra="Due."), ["b1", "c1"]),
        (answers(1, persone=(30_000_00, 10_000_00)), ["c1"]),
        (answers(1, giorni=[]), []),
    ],
)
def test_a_change_of_what_was_scored_asks_for_the_reason_and_keeps_it(new, touches):
    at_the_table = seated()
    project = at_the_table.start()
    if touches:
        assert reasons(write, at_the_table, project, new, touches_reason="  ") == [
            "Cambi qualcosa che la commissione ha valutato: scrivi perché il cambiamento è possibile."
        ]
    version = write(at_the_table, project, new, **MORE)
    assert (version.touches, version.touches_reason) == (touches, MORE["touches_reason"] if touches else "")
    assert at_the_table.table.steps.get(act="write_project").facts["touches"] == touches


def test_to_go_back_to_what_was_proposed_touches_nothing():
    at_the_table = seated()
    project = at_the_table.start()
    write(at_the_table, project, answers(1, bisogni="Altri."), **MORE)
    assert write(at_the_table, project, answers(1), based_on=1).touches == []


def test_a_unitary_project_may_take_what_any_of_its_proposals_said():
    at_the_table = seated()
    project = at_the_table.start(0, 1, 2)
    total = {"piano": plan(persone=(120_000_00, 30_000_00))}
    taken = answers(1, bisogni="I bisogni 3.", azioni="Le azioni 2.") | total
    assert write(at_the_table, project, taken, based_on=1).touches == []
    new = answers(1, bisogni="I bisogni 3.", azioni="Tutte le azioni.") | total
    assert write(at_the_table, project, new, based_on=2, **MORE).touches == ["b1"]


@pytest.mark.parametrize(("cents", "is_refused"), [(39_999_99, False), (40_000_00, False), (40_000_01, True)])
def test_a_grant_grows_by_no_cent_without_a_reason(cents, is_refused):
    at_the_table = seated(budget_is_scored=False)
    project = at_the_table.start()
    new = answers(1, titolo="Casa", persone=(cents, 10_000_00))
    if is_refused:
        assert reasons(write, at_the_table, project, new) == [
            "Il contributo cresce di 0,01\xa0€ rispetto a quello della proposta: scrivi perché è possibile."
        ]
    version = write(at_the_table, project, new, **MORE)
    assert (version.touches, version.touches_reason) == ([], MORE["touches_reason"] if is_refused else "")


def test_the_grant_of_a_unitary_project_is_compared_with_that_of_all_its_proposals():
    at_the_table = seated(budget_is_scored=False)
    project = at_the_table.start(0, 1)
    new = answers(1) | {"piano": plan(persone=(80_000_01, 20_000_00))}
    assert reasons(write, at_the_table, project, new, based_on=1) == [
        "Il contributo cresce di 0,01\xa0€ rispetto a quello della proposta: scrivi perché è possibile."
    ]


@pytest.mark.parametrize(
    ("persone", "problem"),
    [
        ((60_000_00, 12_000_00), None),
        (
            (70_000_00, 19_999_99),
            "Hai chiesto 50.000,01\xa0€. Il massimo è 50.000,00\xa0€: togli 0,01\xa0€.",
        ),
        (
            (40_000_00, 7_999_99),
            "La quota degli enti è il 19,99% del totale. L'avviso chiede almeno il 20%: manca 0,01\xa0€.",
        ),
    ],
)
def test_the_rules_of_the_call_on_the_budget_hold_at_the_table_too(persone, problem):
    at_the_table = seated()
    project = at_the_table.start()
    new = answers(1, persone=persone)
    if problem is None:
        assert write(at_the_table, project, new, **MORE).number == 1
    else:
        assert reasons(write, at_the_table, project, new, **MORE) == [f"Il piano economico non rispetta l'avviso. {problem}"]


def test_of_a_unitary_project_the_rules_for_one_proposal_decide_nothing():
    at_the_table = seated()
    project = at_the_table.start(0, 1)
    new = answers(1) | {"piano": plan(persone=(79_999_99, 19_999_99))}
    assert write(at_the_table, project, new, based_on=1, **MORE).number == 2


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"note": " "}, ["Scrivi che cosa cambia: chi legge la versione parte da lì."]),
        ({"new": answers(1)}, ["Non hai cambiato niente: la versione nuova sarebbe uguale a quella di prima."]),
        (
            {"new": answers(1) | {"altro": {"vuoto": ""}}},
            ["Non hai cambiato niente: la versione nuova sarebbe uguale a quella di prima."],
        ),
    ],
)
def test_a_version_that_says_nothing_new_is_refused(changes, expected):
    at_the_table = seated()
    project = at_the_table.start()
    new = changes.pop("new", answers(1, titolo="Casa"))
    assert reasons(write, at_the_table, project, new, **changes) == expected
    assert project.versions.count() == 1


def test_who_carries_the_project_writes_it_and_the_others_read():
    at_the_table = seated()
    project = at_the_table.start(0, 1)
    first, second, third = at_the_table.people
    new = answers(1, titolo="Casa") | {"piano": plan(persone=(80_000_00, 20_000_00))}
    for who in (third, person()):
        assert reasons(write, at_the_table, project, new, based_on=1, by=who) == [
            "Lo può fare solo l'ufficio o chi lavora per un ente di questo progetto."
        ]
    assert write(at_the_table, project, new, based_on=1, by=second).by == second
    TablePartner.objects.filter(application=at_the_table.proposals[0]).update(left_at=OPENED, left_reason="Si ritira.")
    again = answers(1, titolo="Casa mia") | {"piano": plan(persone=(80_000_00, 20_000_00))}
    assert reasons(write, at_the_table, project, again, based_on=2, by=first) == [
        "Lo può fare solo l'ufficio o chi lavora per un ente di questo progetto."
    ]


def test_nobody_writes_over_a_version_that_they_have_not_seen():
    at_the_table = seated()
    project = at_the_table.start()
    theirs = write(at_the_table, project, answers(1, titolo="La loro"), by=at_the_table.people[0])
    with pytest.raises(NewerVersion) as conflict:
        write(at_the_table, project, answers(1, titolo="La mia"), note="")
    assert conflict.value.last == theirs
    assert conflict.value.reasons == ["Mentre scrivevi, Persona 1 ha scritto la versione 1."]
    assert project.versions.count() == 2


def test_a_concluded_table_writes_no_version():
    at_the_table = seated()
    project = at_the_table.start()
    Table.objects.update(state=TableState.CONCLUDED, concluded_at=OPENED)
    (reason,) = reasons(write, at_the_table, project, answers(1, titolo="Casa"))
    assert "Concluso" in reason


# The table agrees


def test_the_table_agrees_on_a_version_in_a_session_and_the_session_knows_it():
    at_the_table = seated()
    project = at_the_table.start()
    session = at_the_table.session()
    version = write(at_the_table, project, answers(1, titolo="Casa"), session=session)
    assert list(session.versions.all()) == [version]
    assert (version.agreed.session, version.agreed.by, version.agreed.at) == (session, at_the_table.office, WRITTEN)
    assert at_the_table.table.steps.get(act="agree_on_version").facts == {
        "project": str(project.pk),
        "version": 1,
        "session": 1,
        "sha256": version.sha256,
    }


def test_a_body_cannot_say_that_the_table_agreed_and_then_its_version_is_not_written():
    at_the_table = seated()
    project = at_the_table.start()
    given = {"session": at_the_table.session(), "by": at_the_table.people[0]}
    assert reasons(write, at_the_table, project, answers(1, titolo="Casa"), **given) == [
        "Lo può fare solo chi lavora nell'ufficio."
    ]
    assert project.versions.count() == 1


def test_what_was_proposed_can_be_agreed_on_as_it_is_but_not_while_it_is_several_proposals():
    at_the_table = seated()
    alone, merged = at_the_table.start(0), at_the_table.start(1, 2)
    session, given = at_the_table.session(), {"by": at_the_table.office, "at": WRITTEN}
    assert agree_on_version(alone.versions.get(number=0), session, **given).session == session
    assert reasons(agree_on_version, merged.versions.get(number=0), session, **given) == [
        "La versione 0 tiene le proposte una accanto all'altra: approva una versione del progetto unitario."
    ]


@pytest.mark.parametrize("number", [0, 1])
def test_the_table_agrees_only_on_something_newer(number):
    at_the_table = seated()
    project = at_the_table.start()
    session = at_the_table.session()
    write(at_the_table, project, answers(1, titolo="Casa"), session=session)
    assert reasons(agree_on_version, project.versions.get(number=number), session, by=at_the_table.office, at=WRITTEN) == [
        "Il tavolo ha già approvato la versione 1: approvane una più nuova."
    ]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (TableSessionState.OPEN, None),
        (TableSessionState.CLOSED, None),
        (TableSessionState.PLANNED, ["Scegli un incontro di questo tavolo che si è tenuto."]),
    ],
)
def test_a_version_is_agreed_on_in_a_session_that_was_held(state, expected):
    at_the_table = seated()
    version = at_the_table.start().versions.get()
    session, given = at_the_table.session(state=state), {"by": at_the_table.office, "at": WRITTEN}
    if expected is None:
        assert agree_on_version(version, session, **given).version == version
    else:
        assert reasons(agree_on_version, version, session, **given) == expected


def test_a_session_of_another_table_or_with_approved_minutes_agrees_on_nothing_more():
    at_the_table = seated()
    version = at_the_table.start().versions.get()
    given = {"by": at_the_table.office, "at": WRITTEN}
    session = at_the_table.session()
    TableMinutes.objects.create(session=session, approved_at=timezone.now())
    assert reasons(agree_on_version, version, session, **given) == [
        "Il verbale di questo incontro è già approvato: scegli un altro incontro."
    ]
    elsewhere = Table.objects.create(call=at_the_table.call, area_code="area-2", opened_at=OPENED)
    session.table = elsewhere
    assert reasons(agree_on_version, version, session, **given) == ["Scegli un incontro di questo tavolo che si è tenuto."]
    assert not AgreedVersion.objects.exists()


# What the agreement starts from


@pytest.mark.parametrize("concluded", [False, True])
def test_the_agreement_carries_out_the_last_version_that_the_table_agreed_on_and_its_budget(concluded):
    at_the_table = seated()
    first, second, third = at_the_table.proposals
    project = at_the_table.start(0, 1)
    assert final_version(third) is None
    assert final_version(second) == project.versions.get(number=1)
    write(at_the_table, project, answers(1, titolo="Due", persone=(80_000_00, 20_000_00)), based_on=1)
    assert final_version(second) == project.versions.get(number=2)
    total = {"piano": plan(persone=(75_000_00, 20_000_00))}
    given = {"session": at_the_table.session(), "at": WRITTEN}
    agreed = write(at_the_table, project, answers(1, titolo="Tre") | total, based_on=2, **MORE, **given)
    alone = {"by": at_the_table.people[0], "at": WRITTEN + timedelta(days=1)}
    write(at_the_table, project, answers(1, titolo="Quattro", persone=(80_000_00, 20_000_00)), based_on=3, **MORE, **alone)
    if concluded:
        Table.objects.update(state=TableState.CONCLUDED, concluded_at=OPENED)
    assert final_version(first) == final_version(second) == agreed
    assert outcome_of(project, final_version(first).answers).grant == 55_000_00


def test_what_a_body_writes_alone_at_a_reopened_table_is_in_no_agreement():
    at_the_table = seated(mode="selected")
    project = at_the_table.start(0)
    agreed = write(at_the_table, project, answers(1, titolo="Al tavolo"), session=at_the_table.session())
    Table.objects.update(state=TableState.CONCLUDED, concluded_at=WRITTEN)
    table = Table.objects.get()
    reopen_table(table, reason="Un ente chiede di ridire le ore.", by=at_the_table.office, at=WRITTEN)
    dearer = answers(1, titolo="Da soli", persone=(50_000_00, 10_000_00))
    alone = write(at_the_table, Project.objects.get(), dearer, based_on=1, by=at_the_table.people[0], **MORE)
    row = draft_agreement(at_the_table.proposals[0], at=WRITTEN)
    assert (row.project, row.amount_cents) == (agreed, 30_000_00)
    agree_on_version(alone, at_the_table.session(2), by=at_the_table.office, at=WRITTEN)
    assert final_version(at_the_table.proposals[0]) == alone


# Several at the same moment


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_a_version_at_once_the_second_reads_the_first():
    at_the_table = seated(mode="selected")
    project = at_the_table.start(0)
    writers = [at_the_table.office, at_the_table.people[0]]
    found = together(*[lambda by=by: write(at_the_table, project, answers(1, titolo=f"Di {by}"), by=by) for by in writers])
    (kept,) = [one for one in found if isinstance(one, ProjectVersion)]
    (late,) = [one for one in found if isinstance(one, NewerVersion)]
    assert late.last == kept
    assert list(project.versions.values_list("number", flat=True)) == [0, 1]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_begin_a_project_from_one_proposal_at_once_one_does():
    at_the_table = seated(mode="selected")
    table = at_the_table.table

    def start(title):
        rows = [Application.objects.with_call().select_related("current").get(pk=at_the_table.proposals[0].pk)]
        return start_project(Table.objects.get(pk=table.pk), rows, title=title, by=at_the_table.office, at=OPENED)

    found = together(lambda: start("Uno"), lambda: start("Due"))
    assert sorted(type(one).__name__ for one in found) == ["Project", "Refused"]
    assert Project.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_minutes_and_the_version_agreed_at_once_say_the_same():
    at_the_table = seated(mode="selected")
    version = write(at_the_table, at_the_table.start(0), answers(1, titolo="Nuovo"))
    session = at_the_table.session()
    TableMinutes.objects.create(session=session)
    later = WRITTEN + timedelta(hours=1)
    office = at_the_table.office
    found = together(
        lambda: agree_on_version(ProjectVersion.objects.get(pk=version.pk), session, by=office, at=WRITTEN),
        lambda: approve_table_minutes(TableSession.objects.get(pk=session.pk), seen=0, by=office, at=later),
    )
    assert found[1].facts["sha256"] == fingerprint(TableSession.objects.get(pk=session.pk))

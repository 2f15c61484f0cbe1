"""A call published, then amended by an extension and a rectification, with drafts and submissions on each version: who was
told what, who had to confirm, who did and who did not."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from accounts.models import Membership, Role
from applications import checking
from applications.actions import save_section, withdraw
from applications.confirming import must_confirm, unconfirmed
from applications.findings import points
from applications.models import Application
from applications.points import CONFIRMED
from applications.progress import missing
from applications.standing import standing
from applications.states import ApplicationState as S
from bando.deadlines import LONGEST_UNDER_WAY, rome
from bando.following import follow
from bando.models import Call
from tests.builders import (
    DEADLINE,
    WORKDAY,
    body,
    complete_draft,
    draft_application,
    load_fixture_call,
    official,
    person,
    send,
    submitted_application,
)
from tests.builders_amending import extend, rectify
from tests.history import history
from workflow.duties import pay
from workflow.models import LedgerEntry
from workflow.transition import Refused

EXTENDED = rome(2021, 10, 12, 9)
NEW_DEADLINE = rome(2021, 10, 25, 12)
BETWEEN = rome(2021, 10, 13, 16)
RECTIFIED = rome(2021, 10, 14, 11)
LATER = rome(2021, 10, 15, 10)
CHECKED = NEW_DEADLINE + LONGEST_UNDER_WAY + timedelta(microseconds=1)
QUESTION = {"code": "gradini", "label": "L'ingresso è senza gradini?", "type": "yes_no"}

pytestmark = pytest.mark.django_db


def ask_for_steps(data: dict[str, Any]) -> None:
    """A question more on the page about the place, which only area 1 fills."""
    section = next(section for section in data["sections"] if section["code"] == "spazio")
    section["questions"] = [*section["questions"], QUESTION]


def answer_it(application: Application, *, by: Any) -> None:
    draft = application.drafts.get(section="spazio")
    answers = draft.answers | {"gradini": "yes"}
    save_section(application, "spazio", answers=answers, problems={}, base_version=draft.version, by=by, at=LATER)


def fresh(application: Application) -> Application:
    return Application.objects.with_call().get(pk=application.pk)


def told() -> set[tuple[str, str, str]]:
    """The whole outbox since it was last looked at: recipient, subject, and what the mail means for them, "" for nothing.
    What is owed is paid first."""
    while pay(CHECKED):
        pass
    found = set()
    for message in mail.outbox:
        meaning = re.search(r"Che cosa significa per te:\n(.*?)\nTrovi", message.body, re.DOTALL)
        (to,) = message.to
        found.add((to, message.subject, meaning[1] if meaning else ""))
    assert len(found) == len(mail.outbox)
    mail.outbox.clear()
    return found


def test_an_extension_and_a_rectification_reach_everybody_with_what_they_mean_for_each() -> None:
    office = official(name="Anna Ufficio")
    anna, aldo, bea, carla, dino, elsa, fabio, gaia = (
        person(f"{name}@esempio.it", name.title()) for name in ("anna", "aldo", "bea", "carla", "dino", "elsa", "fabio", "gaia")
    )
    call = load_fixture_call(by=office)

    def of(name: str, by: Any) -> Any:
        return body(name, by=by, pec=f"{by.email.split('@')[0]}@pec.esempio.it")

    # Before any amendment: three are sent, one is a draft, one is sent and withdrawn, somebody only follows.
    confirms = submitted_application(call, by=anna, organisation=of("Casa Aperta", anna))
    Membership.objects.create(user=aldo, organisation=confirms.organisation, role=Role.LEGAL_REPRESENTATIVE)
    forgets = submitted_application(call, by=bea, organisation=of("Porte Vicine", bea))
    elsewhere = submitted_application(call, "area-2", by=carla, organisation=of("Rete Larga", carla))
    draft = complete_draft(draft_application(call, by=dino, organisation=of("Tavola Lunga", dino)))
    gone = submitted_application(call, by=elsa, organisation=of("Casa Chiusa", elsa))
    withdraw(gone, by=elsa, at=WORKDAY)
    follow(call, by=gaia, at=WORKDAY)
    told()  # the receipts

    title = call.title
    subject = f"Proroga n. 1: {title}"
    until = "entro la nuova scadenza: lunedì 25 ottobre 2021, ore 12:00:00."
    one, two = (
        "Area 1 - Realizzazione di 20 nuovi Spazi WeMi",
        "Area 2 - Accompagnamento metodologico della rete degli Spazi WeMi",
    )

    def stands(name: str, area: str, application: Application) -> str:
        return (
            f"- {name}, «{area}», domanda {application.number}: la domanda vale com'è: non devi fare niente. Se vuoi, puoi "
            f"cambiarla e inviarla di nuovo {until}"
        )

    extend(call, NEW_DEADLINE, by=office, at=EXTENDED)
    assert told() == {
        ("anna@esempio.it", subject, stands("Casa Aperta", one, confirms)),
        ("aldo@esempio.it", subject, stands("Casa Aperta", one, confirms)),
        ("anna@pec.esempio.it", subject, stands("Casa Aperta", one, confirms)),
        ("bea@esempio.it", subject, stands("Porte Vicine", one, forgets)),
        ("bea@pec.esempio.it", subject, stands("Porte Vicine", one, forgets)),
        ("carla@esempio.it", subject, stands("Rete Larga", two, elsewhere)),
        ("carla@pec.esempio.it", subject, stands("Rete Larga", two, elsewhere)),
        ("dino@esempio.it", subject, f"- Tavola Lunga, «{one}»: la bozza si può inviare {until}"),
        ("gaia@esempio.it", subject, ""),
    }
    assert [must_confirm(fresh(row)) for row in (confirms, forgets, elsewhere)] == [False, False, False]

    # Under the extended deadline one more is sent; then the question is added.
    between = submitted_application(fresh(draft).call, by=fabio, organisation=of("Orto Comune", fabio), at=BETWEEN)
    told()
    rectify(fresh(draft).call, ask_for_steps, by=office, at=RECTIFIED)
    subject = f"Rettifica n. 2: {title}"

    def must(name: str, application: Application, at: str, version: int) -> str:
        return (
            f"- {name}, «{one}», domanda {application.number}: devi confermarla, cioè rileggerla e inviarla di nuovo, entro la "
            f"scadenza: lunedì 25 ottobre 2021, ore 12:00:00. Fino ad allora vale quella inviata ({at}), con la versione "
            f"{version} dell'avviso."
        )

    early, late = "lunedì 11 ottobre 2021, ore 10:42:00", "mercoledì 13 ottobre 2021, ore 16:00:00"
    unmoved = (
        f"- Rete Larga, «{two}», domanda {elsewhere.number}: la rettifica non cambia quello a cui hai risposto: non devi fare "
        "niente."
    )
    look_again = (
        f"- Tavola Lunga, «{one}»: guarda di nuovo la bozza, perché cambia quello che l'avviso chiede. La scadenza: lunedì 25 "
        "ottobre 2021, ore 12:00:00."
    )
    assert told() == {
        ("anna@esempio.it", subject, must("Casa Aperta", confirms, early, 1)),
        ("aldo@esempio.it", subject, must("Casa Aperta", confirms, early, 1)),
        ("anna@pec.esempio.it", subject, must("Casa Aperta", confirms, early, 1)),
        ("bea@esempio.it", subject, must("Porte Vicine", forgets, early, 1)),
        ("bea@pec.esempio.it", subject, must("Porte Vicine", forgets, early, 1)),
        ("carla@esempio.it", subject, unmoved),
        ("carla@pec.esempio.it", subject, unmoved),
        ("dino@esempio.it", subject, look_again),
        ("fabio@esempio.it", subject, must("Orto Comune", between, late, 2)),
        ("fabio@pec.esempio.it", subject, must("Orto Comune", between, late, 2)),
        ("gaia@esempio.it", subject, ""),
    }

    # Who must confirm, and what is missing for it.
    rows = [confirms, forgets, elsewhere, between]
    assert [must_confirm(fresh(row)) for row in rows] == [True, True, False, True]
    assert sum(row.number for row in unconfirmed([fresh(draft).call])) == 3
    assert [gap.code for gap in missing(fresh(confirms))] == ["spazio"]
    with pytest.raises(Refused):
        send(fresh(confirms), by=anna, at=LATER)
    number = confirms.number
    answer_it(confirms, by=anna)
    again = send(fresh(confirms), by=aldo, at=LATER)
    assert (fresh(confirms).number, again.sequence, again.call_version.number) == (number, 2, 3)
    answer_it(between, by=fabio)
    send(fresh(between), by=fabio, at=NEW_DEADLINE)
    answer_it(draft, by=dino)
    assert send(fresh(draft), by=dino, at=LATER).call_version.number == 3

    # After the deadline: what each is worth, in words and at the desk.
    assert {row.organisation.name: standing(fresh(row), CHECKED).title for row in [*rows, draft, gone]} == {
        "Casa Aperta": "Domanda inviata",
        "Porte Vicine": "Domanda inviata e non confermata",
        "Rete Larga": "Domanda inviata",
        "Orto Comune": "Domanda inviata",
        "Tavola Lunga": "Domanda inviata",
        "Casa Chiusa": "Domanda ritirata",
    }
    titles = {
        row.organisation.name: [point.title for point in points(fresh(row)) if point.code == CONFIRMED]
        for row in [*rows, draft]
    }
    assert titles == {
        "Casa Aperta": [],
        "Porte Vicine": ["Non confermata dopo la rettifica n. 2"],
        "Rete Larga": [],
        "Orto Comune": [],
        "Tavola Lunga": [],
    }
    with pytest.raises(Refused, match="L'avviso non è ancora scaduto"):
        checking.start_check(fresh(forgets), by=office, at=DEADLINE + timedelta(hours=1))
    checking.start_check(fresh(forgets), by=office, at=CHECKED)
    forgotten = fresh(forgets)
    assert (forgotten.state, forgotten.current.sequence, forgotten.current.call_version.number) == (S.CHECKING, 1, 1)

    # The history of the call, and the same in the ledger.
    call = Call.objects.with_notice().get(pk=call.pk)
    assert history(call) == ["publish", "extend", "rectify"]
    assert [(step.label, step.at, step.by) for step in call.steps.all()][1:] == [
        ("Termine prorogato", EXTENDED, office),
        ("Avviso rettificato", RECTIFIED, office),
    ]
    versions = [call.amendments.get(number=1).before, *(row.after for row in call.amendments.all())]
    assert [version.number for version in versions] == [1, 2, 3]
    facts = [step.facts for step in call.steps.all()][1:]
    assert [(row["number"], row["kind"], row["act_number"]) for row in facts] == [
        (1, "extension", "210"),
        (2, "rectification", "230"),
    ]
    assert [(row["before"]["sha256"], row["after"]["sha256"]) for row in facts] == [
        (versions[0].sha256, versions[1].sha256),
        (versions[1].sha256, versions[2].sha256),
    ]
    assert [(row["before"]["deadline"], row["after"]["deadline"]) for row in facts] == [
        ("2021-10-18T10:00:00.000000Z", "2021-10-25T10:00:00.000000Z"),
        ("2021-10-25T10:00:00.000000Z", "2021-10-25T10:00:00.000000Z"),
    ]
    assert LedgerEntry.objects.filter(kind="bando.call", act__in=["extend", "rectify"]).count() == 2
    assert (call.version, call.closes_at) == (versions[2], NEW_DEADLINE)

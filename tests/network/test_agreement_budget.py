"""One budget, several agreements: what is promised and spent under all of them is held against it together."""

from copy import deepcopy
from datetime import timedelta
from operator import itemgetter

import pytest

from applications.models import Application
from applications.states import ApplicationState
from network.actions import draft_agreement, open_table, prepare_agreement, start_project, write_first_amount
from network.agreement_budget import grant_of, shares_its_project, sharing
from network.contents import CONTENTS
from network.models import Agreement, Payment, ProjectVersion, Report, Space
from network.report_figures import spent_before
from network.rules.agreements import payment_is_within_the_amount, the_budget_is_promised_once
from network.states import AgreementState, ReportState
from tests.builders_network import two_selected
from tests.road import PUBLISHED, SIGNED, sign
from workflow.transition import Attempt, Refused

pytestmark = pytest.mark.django_db

TABLE = PUBLISHED + timedelta(days=9)
OWN, WHOLE = 3_000_000, 6_000_000
"""What each of the two proposals asks for, and the project that they became."""


@pytest.fixture
def merged():
    """Two selected proposals, a table that made one project of them, and nothing agreed on yet."""
    two = two_selected()
    table = open_table(two.road.call, "area-1", by=two.road.office, at=TABLE)
    start_project(table, two.both, title="Insieme", by=two.road.office, at=TABLE)
    return two


def drafts(two):
    return [draft_agreement(row, at=SIGNED) for row in two.both]


def against(agreement) -> str | None:
    said = the_budget_is_promised_once(Attempt(agreement, None, SIGNED))
    return said and said.replace("\N{NO-BREAK SPACE}", " ")


def test_each_agreement_of_a_project_begins_with_what_its_own_proposal_asked_for(merged):
    first, second = drafts(merged)
    assert [grant_of(first), first.amount_cents, second.amount_cents] == [WHOLE, OWN, OWN]
    assert (shares_its_project(first), sharing(first), sharing(second)) == (True, [second], [first])


def test_a_proposal_that_stays_alone_begins_with_its_whole_grant():
    two = two_selected()
    first = draft_agreement(two.both[0], at=SIGNED)
    assert (first.amount_cents, shares_its_project(first), sharing(first)) == (OWN, False, [])


def rewritten(project, *, by, less=0):
    """A later version of the project, which costs ``less`` cents less."""
    last, answers = project.versions.last(), deepcopy(project.versions.last().answers)
    section = next(said for said in answers.values() if "lines" in said or "items" in said)
    rows = section["lines"] if "lines" in section else list(section["items"].values())
    max(rows, key=itemgetter("total"))["total"] -= less
    return ProjectVersion.objects.create(
        project=project, number=last.number + 1, answers=answers, sha256="0" * 64, by=by, at=SIGNED
    )


def test_an_agreement_is_prepared_with_the_version_of_the_project_that_was_read(merged):
    office, agreement = merged.road.office, drafts(merged)[0]
    Agreement.objects.update(waived=dict.fromkeys(CONTENTS, "No."))
    agreement.parties.update(signer="Paola Sindaca")
    agreement.refresh_from_db()
    read = agreement.project
    last = rewritten(read.project, by=office)
    act = {"by": office, "at": SIGNED}
    with pytest.raises(Refused) as refusal:
        prepare_agreement(agreement, seen=agreement.version, project=str(read.pk), **act)
    assert refusal.value.reasons == [
        "Il progetto è arrivato alla versione 2: leggila, controlla il contributo e poi prepara la convenzione."
    ]
    agreement.refresh_from_db()
    assert (agreement.state, agreement.project) == ("draft", read)
    prepare_agreement(agreement, seen=agreement.version, project=str(last.pk), **act)
    agreement.refresh_from_db()
    assert (agreement.state, agreement.project, read.number, last.number) == ("ready", last, 1, 2)


def test_the_amount_follows_the_project_at_one_press():
    two = two_selected()
    table = open_table(two.road.call, "area-1", by=two.road.office, at=TABLE)
    project = start_project(table, two.both[:1], title="Da sola", by=two.road.office, at=TABLE)
    agreement = draft_agreement(two.both[0], at=SIGNED)
    first = agreement.project
    rewritten(project, by=two.road.office, less=100_00)
    act = {"by": two.road.office, "at": SIGNED}
    with pytest.raises(Refused) as refusal:
        write_first_amount(agreement, seen=agreement.version + 1, **act)
    assert refusal.value.reasons == ["Nel frattempo qualcuno ha cambiato la convenzione. Rileggila e poi riprova."]
    write_first_amount(agreement, seen=0, **act)
    agreement.refresh_from_db()
    assert (first.number, agreement.project.number, agreement.version) == (0, 1, 1)
    assert agreement.amount_cents == grant_of(agreement) == OWN - 100_00


@pytest.mark.parametrize(
    ("cents", "sentence"),
    [
        (OWN, None),
        (0, None),
        (
            OWN + 1,
            "Il contributo scritto è 30.000,01 €. Le altre convenzioni dello stesso progetto ne danno già 30.000,00 €, e il piano "
            "economico ne chiede in tutto 60.000,00 €: correggilo in «Parti e importo».",
        ),
    ],
)
def test_a_budget_is_promised_once_whoever_carries_it_out(merged, cents, sentence):
    first, _second = drafts(merged)
    first.amount_cents = cents
    assert against(first) == sentence


def test_nobody_is_promised_more_than_its_own_budget_asks_for():
    agreement = draft_agreement(two_selected().both[0], at=SIGNED)
    agreement.amount_cents = OWN + 1
    assert against(agreement) == (
        "Il contributo scritto è 30.000,01 €, ma il piano economico ne chiede 30.000,00 €: correggilo in «Parti e importo»."
    )


def test_what_the_other_body_of_a_project_told_before_is_spent_of_the_same_budget(merged):
    spaces, terms = [], []
    for agreement in drafts(merged):
        sign(agreement, by=merged.road.office, number=f"{agreement.application.number}")
        spaces.append(Space.objects.get(partnership__agreement=agreement))
        terms.append(agreement.reporting_terms.get(number=1))
    spent = [{"item": "personale", "spent_cents": 700, "own_cents": 0, "note": ""}]
    Report.objects.create(space=spaces[0], term=terms[0], state=ReportState.SENT, expenses=spent)
    assert [row.spent_cents for row in spent_before(Report(space=spaces[1], term=terms[1]))] == [700]
    Report.objects.update(state=ReportState.DRAFT)
    assert spent_before(Report(space=spaces[1], term=terms[1])) == []


@pytest.fixture
def half_spent(merged):
    """Two agreements; 10.000 euro are paid under the first, which then is over."""
    first, second = drafts(merged)
    sign(first, by=merged.road.office)
    Payment.objects.create(
        agreement=first, amount_cents=1_000_000, paid_on=SIGNED.date(), reference="1", by=merged.road.office, at=SIGNED
    )
    Agreement.objects.filter(pk=first.pk).update(state=AgreementState.ENDED)
    first.refresh_from_db()
    return first, second


@pytest.mark.parametrize(("cents", "fits"), [(5_000_000, True), (5_000_001, False)])
def test_what_was_paid_under_an_agreement_that_is_over_is_promised_to_nobody_else(half_spent, cents, fits):
    second = half_spent[1]
    second.amount_cents = cents
    assert (against(second) is None) is fits


@pytest.mark.parametrize(
    ("others", "sentence"),
    [
        (3_000_000, None),
        (4_000_000, None),
        (
            4_000_001,
            "La convenzione è conclusa e altre convenzioni dello stesso progetto ne usano il contributo: puoi pagare al massimo "
            "9.999,99 €.",
        ),
    ],
)
def test_an_agreement_that_is_over_pays_no_euro_that_another_took(half_spent, others, sentence):
    first, second = half_spent
    Agreement.objects.filter(pk=second.pk).update(amount_cents=others)
    said = payment_is_within_the_amount(Attempt(first, None, SIGNED, data={"amount_cents": 1_000_000}))
    assert said == (sentence and sentence.replace(" €", "\N{NO-BREAK SPACE}€"))


def test_a_proposal_that_lost_its_place_keeps_nothing_of_the_budget(merged):
    first, second = drafts(merged)
    Application.objects.filter(pk=first.application_id).update(state=ApplicationState.WITHDRAWN)
    second.amount_cents = WHOLE
    assert (sharing(second), against(second)) == ([], None)

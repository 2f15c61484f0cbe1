"""One budget, several agreements: what is promised and spent under all of them is held against it together."""

from datetime import timedelta

import pytest

from network.actions import draft_agreement, open_table, start_project
from network.agreement_budget import grant_of, shares_its_project, sharing
from network.models import Report, Space
from network.report_figures import spent_before
from network.rules.agreements import the_budget_is_promised_once
from network.states import ReportState
from tests.builders_network import two_selected
from tests.road import PUBLISHED, SIGNED, sign
from workflow.transition import Attempt

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

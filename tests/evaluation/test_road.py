"""One proposal through every real door, from the sending to its place in the ranking of the demonstration grid."""

import pytest

from applications.checking import admit, start_check
from applications.models import CheckItem
from applications.states import ApplicationState
from evaluation.actions import close_evaluation, compute_ranking, declare, finish_sheet, publish_ranking, save_marks
from evaluation.models import Sheet
from evaluation.published import recompute
from tests.builders import AFTER, load_fixture_call, official, submitted_application
from tests.builders_evaluation import MARKED_AT, RANKED_AT, commission, marking
from workflow.perform import history

pytestmark = pytest.mark.django_db


def test_the_acts_of_a_selected_proposal_are_these_and_in_this_order():
    office = official()
    call = load_fixture_call(by=office)
    proposal = submitted_application(call, "area-1")
    start_check(proposal, by=office, at=AFTER)
    CheckItem.objects.filter(application=proposal).update(verdict=CheckItem.Verdict.MET)
    admit(proposal, by=office, at=AFTER)
    grid = call.notice.grid_for("area-1")
    good = grid.scale[1]
    for member in marking(commission(call, by=office)):
        declare(member, proposal, in_conflict=False, at=MARKED_AT)
        sheet = Sheet.objects.with_call().get(member=member, application=proposal)
        marks = {criterion.code: (good.coefficient, f"Motivo di {criterion.title}") for criterion in grid.criteria}
        save_marks(sheet, marks, by=member.user, at=MARKED_AT)
        finish_sheet(sheet, by=member.user, at=MARKED_AT)
    close_evaluation(call, "area-1", by=office, at=RANKED_AT)
    ranking = compute_ranking(call, "area-1", by=office, at=RANKED_AT)
    publish_ranking(ranking, act_number="1234/2021", act_date=RANKED_AT.date(), by=office, at=RANKED_AT)
    proposal.refresh_from_db()
    assert proposal.state == ApplicationState.SELECTED
    assert list(history(proposal)) == ["submit", "start_check", "admit", "evaluate", "rank", "select"]
    row = ranking.document["rows"][0]
    assert (row["title"], row["total"]["exact"], row["position"]) == ("Risposta a: Titolo della proposta", "80", 1)
    assert ranking.document["demonstration"] == call.notice.demonstration
    assert recompute(ranking.document) == []

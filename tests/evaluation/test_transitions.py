"""The tables of the evaluation as graphs."""

from applications.states import ApplicationState
from bando.states import CallState
from evaluation.states import RankingState, SheetState
from evaluation.transitions import APPLICATION_ACTS, CALL_ACTS, RANKING_ACTS, SHEET_ACTS
from workflow.transition import faults


def test_every_state_is_reached_by_an_act_of_its_own_name():
    assert faults(SHEET_ACTS, states=SheetState, initial=SheetState.OPEN) == []
    assert faults(RANKING_ACTS, states=RankingState, initial=RankingState.COMPUTED, final=[RankingState.PUBLISHED]) == []
    assert faults(CALL_ACTS, states=[CallState.PUBLISHED, CallState.RANKED], initial=CallState.PUBLISHED) == []
    evaluated = [*ApplicationState][list(ApplicationState).index(ApplicationState.EVALUATED) :][:5]
    assert faults(APPLICATION_ACTS, states=[ApplicationState.ADMITTED, *evaluated], initial=ApplicationState.ADMITTED) == []
    assert [act.name for act in APPLICATION_ACTS] == ["evaluate", "rank", "select", "wait", "fall_below"]

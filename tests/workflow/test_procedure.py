"""The tables of the whole project, judged as graphs."""

from io import StringIO

import pytest
from django.core.management import call_command

from applications.states import ApplicationState
from bando.states import CallState
from evaluation.states import ComparisonState, DrawState, RankingState, SessionState, SheetState
from network.states import (
    AccreditationNoticeState,
    AccreditationState,
    AgreementState,
    CheckPlanState,
    DeclarationCheckState,
    MeetingState,
    QuoteState,
    ReportState,
    RequestState,
    ServiceLinkState,
    ServiceState,
    SpaceState,
    SupportActionState,
    SynonymState,
    TableSessionState,
    TableState,
    TaskState,
)
from workflow.procedure import labels, tables
from workflow.transition import faults

OUT = [ApplicationState.EXCLUDED, ApplicationState.RENOUNCED, ApplicationState.FORFEITED]

ENDS = {
    CallState: (CallState.DRAFT, [CallState.REVOKED]),
    ApplicationState: (ApplicationState.DRAFT, [ApplicationState.WITHDRAWN, ApplicationState.NOT_ADMITTED, *OUT]),
    SheetState: (SheetState.OPEN, []),
    ComparisonState: (ComparisonState.OPEN, []),
    SessionState: (SessionState.PLANNED, [SessionState.CANCELLED]),
    RankingState: (RankingState.COMPUTED, []),
    DrawState: (DrawState.COMMITTED, [DrawState.CANCELLED]),
    CheckPlanState: (CheckPlanState.COMMITTED, [CheckPlanState.CANCELLED]),
    DeclarationCheckState: (DeclarationCheckState.TO_DO, [DeclarationCheckState.NOT_NEEDED]),
    TableState: (TableState.OPEN, []),
    TableSessionState: (TableSessionState.PLANNED, [TableSessionState.CANCELLED]),
    AgreementState: (AgreementState.DRAFT, []),
    SpaceState: (SpaceState.PLANNED, []),
    TaskState: (TaskState.TO_DO, []),
    SupportActionState: (SupportActionState.TO_DO, []),
    ServiceLinkState: (ServiceLinkState.IN_USE, []),
    MeetingState: (MeetingState.PLANNED, [MeetingState.CANCELLED]),
    AccreditationNoticeState: (AccreditationNoticeState.DRAFT, []),
    AccreditationState: (AccreditationState.DRAFT, [AccreditationState.REFUSED, AccreditationState.ENDED]),
    ServiceState: (ServiceState.DRAFT, []),
    SynonymState: (SynonymState.IN_USE, []),
    RequestState: (RequestState.RECEIVED, [RequestState.WITHDRAWN]),
    QuoteState: (QuoteState.OFFERED, [QuoteState.DECLINED, QuoteState.WITHDRAWN]),
    ReportState: (ReportState.DRAFT, []),
}


def test_everything_with_a_state_has_a_table():
    assert set(tables()) == set(ENDS)


@pytest.mark.parametrize("states", ENDS)
def test_a_table_reaches_every_state_and_nothing_leaves_an_end(states):
    initial, final = ENDS[states]
    assert faults(tables()[states], states=states, initial=initial, final=final) == []


def test_the_procedure_is_printed_as_diagrams():
    out = StringIO()
    call_command("procedure", stdout=out)
    printed = out.getvalue()
    assert [line for line in printed.splitlines() if line.startswith("## ")] == [f"## {states.__name__}" for states in tables()]
    assert "    draft --> published: publish\n" in printed
    assert "    published: Pubblicato\n" in printed


def test_every_act_says_what_was_done():
    assert {states.__name__: [name for name, label in rows.items() if not label] for states, rows in labels().items()} == {
        states.__name__: [] for states in tables()
    }
    assert labels()[ApplicationState]["submit"] == "Domanda inviata"
    assert (labels()[SheetState]["save"], labels()[ComparisonState]["save"]) == ("Scheda salvata", "Confronti salvati")

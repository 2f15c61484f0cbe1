"""The commission, its marks, and the rankings it leads to."""

from evaluation.models.commission import Commission, Declaration, Member, MemberRole
from evaluation.models.draws import Draw, DrawStep
from evaluation.models.places import Departure
from evaluation.models.rankings import (
    Observation,
    Placement,
    PublicTitle,
    Ranking,
    RankingFile,
    RankingStep,
    RankingVersion,
    ResultLetter,
    VersionKind,
)
from evaluation.models.robustness import Robustness
from evaluation.models.sessions import Attendance, Minutes, Session, SessionKind, SessionStep
from evaluation.models.sheets import UNIT, Comparison, ComparisonStep, Mark, MarkEdit, Preference, Sheet, SheetStep

__all__ = [
    "UNIT",
    "Attendance",
    "Commission",
    "Comparison",
    "ComparisonStep",
    "Declaration",
    "Departure",
    "Draw",
    "DrawStep",
    "Mark",
    "MarkEdit",
    "Member",
    "MemberRole",
    "Minutes",
    "Observation",
    "Placement",
    "Preference",
    "PublicTitle",
    "Ranking",
    "RankingFile",
    "RankingStep",
    "RankingVersion",
    "ResultLetter",
    "Robustness",
    "Session",
    "SessionKind",
    "SessionStep",
    "Sheet",
    "SheetStep",
    "VersionKind",
]

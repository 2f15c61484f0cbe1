"""The rows of an application: its bodies, what was typed, its files, what was sent, and what is asked or proved after."""

from applications.models.admissions import AdmissionList
from applications.models.application import Application, ApplicationQuerySet, ApplicationStep
from applications.models.checking import CheckItem
from applications.models.completion import CompletionRequest
from applications.models.drafts import SectionDraft, SectionEdit
from applications.models.evidence import Dossier, DossierPaper, Event, EventKind, EventOutcome, ProbeReading, TroubleReport
from applications.models.files import Attachment
from applications.models.participants import WHOLE, Participant
from applications.models.rejection import RejectionNotice
from applications.models.submissions import NumberGiven, ProtocolEntry, Receipt, Submission

__all__ = [
    "WHOLE",
    "AdmissionList",
    "Application",
    "ApplicationQuerySet",
    "ApplicationStep",
    "Attachment",
    "CheckItem",
    "CompletionRequest",
    "Dossier",
    "DossierPaper",
    "Event",
    "EventKind",
    "EventOutcome",
    "NumberGiven",
    "Participant",
    "ProbeReading",
    "ProtocolEntry",
    "Receipt",
    "RejectionNotice",
    "SectionDraft",
    "SectionEdit",
    "Submission",
    "TroubleReport",
]

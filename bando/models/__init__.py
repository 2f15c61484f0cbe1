"""The rows of the call: what is published, what is still being written, what changed it, what people asked."""

from bando.models.amendments import Amendment, AmendmentKind
from bando.models.call import Call, CallQuerySet, CallStep, CallVersion
from bando.models.clarifications import Clarification, Enquiry, Follower
from bando.models.drafts import DraftEdit, DraftOrigin, NoticeDraft
from bando.models.papers import CallPdf

__all__ = [
    "Amendment",
    "AmendmentKind",
    "Call",
    "CallPdf",
    "CallQuerySet",
    "CallStep",
    "CallVersion",
    "Clarification",
    "DraftEdit",
    "DraftOrigin",
    "Enquiry",
    "Follower",
    "NoticeDraft",
]

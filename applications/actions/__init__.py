"""What an applicant does, one function per verb. ``at`` is always the moment at which the request arrived."""

from applications.actions.attaching import (
    Doubtful,
    add_part,
    attach,
    attachment_rule,
    begin_upload,
    place_in,
    purpose_of,
    remove_attachment,
    restore_attachment,
)
from applications.actions.completing import complete, request_completion, save_completion, take_back_request
from applications.actions.copying import copy_answers, restart
from applications.actions.saving import ChangedMeanwhile, save_section, save_units
from applications.actions.sending import ChangedSinceReview, submit, withdraw
from applications.actions.starting import start_application

__all__ = [
    "ChangedMeanwhile",
    "ChangedSinceReview",
    "Doubtful",
    "add_part",
    "attach",
    "attachment_rule",
    "begin_upload",
    "complete",
    "copy_answers",
    "place_in",
    "purpose_of",
    "remove_attachment",
    "request_completion",
    "restart",
    "restore_attachment",
    "save_completion",
    "save_section",
    "save_units",
    "start_application",
    "submit",
    "take_back_request",
    "withdraw",
]

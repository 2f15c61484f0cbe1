"""What an applicant does, one function per verb. ``at`` is always the moment at which the request arrived."""

from applications.actions.attaching import attach, attachment_rule, remove_attachment, restore_attachment
from applications.actions.saving import ChangedMeanwhile, save_section
from applications.actions.sending import ChangedSinceReview, submit, withdraw
from applications.actions.starting import start_application

__all__ = [
    "ChangedMeanwhile",
    "ChangedSinceReview",
    "attach",
    "attachment_rule",
    "remove_attachment",
    "restore_attachment",
    "save_section",
    "start_application",
    "submit",
    "withdraw",
]

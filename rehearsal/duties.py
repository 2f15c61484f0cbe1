"""What follows the request of a rehearsal: the worker starts a process and goes on with the receipts."""

from __future__ import annotations

from datetime import datetime

from rehearsal.actions import START, start
from workflow.duties import duty


@duty(START)
def start_rehearsal(subject: str, at: datetime) -> None:
    start(at)

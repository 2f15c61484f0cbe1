"""How a page answers an act that was refused."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest

from workflow.transition import Refused


def tell(request: HttpRequest, refusal: Refused) -> int:
    """Write the reasons above the page, which keeps what was typed. Answers the status of such a page."""
    for reason in refusal.reasons:
        messages.error(request, reason)
    return 409

"""Where the mail of a rehearsal ends: in a list, and in the folder that is thrown away. None leaves."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

written: list[EmailMessage] = []


class Kept(BaseEmailBackend):
    """Writes each message whole, as it would have left, so that what can't be written shows."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.VAR) / "mail"
        folder.mkdir(exist_ok=True)
        for message in email_messages:
            (folder / f"{len(written):05}.eml").write_bytes(message.message().as_bytes())
            written.append(message)
        return len(email_messages)

"""The mail that the demonstration wrote into files instead of sending it (Django's file-based backend)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

END_OF_MESSAGE = re.compile(rb"\n-{79}\n(?=Content-Type: |\Z)")
"""The backend's line of dashes, before the first header of the next message or the end: a text may hold such a line too."""
ADDRESS = re.compile(r"https?://[^\s<>\"']+")


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as read: ``body`` is a list of (text, address of ours or "")."""

    to: str
    subject: str
    at: datetime
    body: list[tuple[str, str]]
    attachments: list[str] = field(default_factory=list)


def newest(folder: Path, *, origins: set[str], limit: int) -> list[Letter]:
    """The last ``limit`` mails of ``folder``, newest first. Addresses under ``origins`` (scheme://host) become links."""
    found: list[Letter] = []
    for file in sorted(folder.glob("*.log"), key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True):
        # A file holds what one connection sent, oldest first.
        found += reversed([_read(message, origins) for message in _messages(file.read_bytes())])
        if len(found) >= limit:
            break
    return found[:limit]


def _messages(content: bytes) -> Iterator[EmailMessage]:
    for part in END_OF_MESSAGE.split(content):
        if part.strip():
            yield message_from_bytes(part, policy=policy.default)


def _read(message: EmailMessage, origins: set[str]) -> Letter:
    text = message.get_body(preferencelist=("plain",))
    at = parsedate_to_datetime(
        str(message["date"])
    )  # naive when it says -0000: UTC, written where it says nothing of the place
    return Letter(
        to=str(message["to"] or ""),
        subject=str(message["subject"] or ""),
        at=at if at.tzinfo else at.replace(tzinfo=UTC),
        body=list(_linked(text.get_content() if text else "", origins)),
        attachments=[part.get_filename() or "" for part in message.iter_attachments()],
    )


def _linked(text: str, origins: set[str]) -> Iterator[tuple[str, str]]:
    """The text in pieces. A link keeps only the path, so that it stays on the site on which it is read."""
    written = 0
    for match in ADDRESS.finditer(text):
        address = urlsplit(match[0])
        if f"{address.scheme}://{address.netloc}" not in origins:
            continue
        yield text[written : match.start()], ""
        yield match[0], (address.path or "/") + (f"?{address.query}" if address.query else "")
        written = match.end()
    yield text[written:], ""

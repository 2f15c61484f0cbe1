"""The mails that duties write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from email.utils import make_msgid
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

Attachment = tuple[str, bytes, str]
"""A file that goes with a mail: its name, what it holds, its media type."""


class Undelivered(Exception):
    """A mail server did not take a mail. It says the identifier of the mail and the codes of the answer (RFC 5321 section
    4.2) alone: what a server writes beside them, and what ``smtplib`` makes of it, often repeats the address of the recipient,
    and the log and a duty outlive whoever asked to be forgotten."""


def send(
    template: str,
    context: Mapping[str, Any],
    *,
    to: Sequence[str],
    identifier: str,
    attachments: Sequence[Attachment] = (),
) -> None:
    """Send what ``<template>_subject.txt`` and ``<template>.txt`` say in the language that is active. Beside ``context`` they
    know ``administration``, ``demonstration`` and ``site``. Raises :class:`Undelivered`.

    A worker may die after sending and before saying so, and send again: ``identifier`` names what the mail tells, and to
    whom if each has their own, so that a mail program shows the two as one."""
    known = {"administration": settings.ADMINISTRATION, "demonstration": settings.DEMO, "site": settings.SITE_URL, **context}
    # One line, whatever a name in it holds: of a subject of two lines Django makes no mail at all, for ever.
    subject = " ".join(render_to_string(f"{template}_subject.txt", known).split())
    body = render_to_string(f"{template}.txt", known)
    domain = make_msgid().rpartition("@")[2].rstrip(">")
    headers = {"Message-ID": f"<{identifier}@{domain}>"}
    deliver(EmailMessage(subject, body, to=list(to), attachments=attachments, headers=headers), identifier)


def deliver(message: EmailMessage, identifier: str) -> None:
    """Hand ``message`` to the mail server. Raises :class:`Undelivered`, and ``OSError`` where there is no server."""
    try:
        message.send()
    except SMTPException as error:
        raise Undelivered(" ".join([f"{identifier}:", type(error).__name__, *map(str, _codes(error))])) from None


def _codes(error: SMTPException) -> list[int]:
    match error:
        case SMTPRecipientsRefused():
            return sorted({code for code, _said in error.recipients.values()})
        case SMTPResponseException():
            return [error.smtp_code]
    return []

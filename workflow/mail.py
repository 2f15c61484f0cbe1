"""The mails that duties write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from email.utils import make_msgid
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

Attachment = tuple[str, bytes, str]
"""A file that goes with a mail: its name, what it holds, its media type."""


def send(
    template: str,
    context: Mapping[str, Any],
    *,
    to: Sequence[str],
    identifier: str,
    attachments: Sequence[Attachment] = (),
) -> None:
    """Send what ``<template>_subject.txt`` and ``<template>.txt`` say in the language that is active. Beside ``context`` they
    know ``administration``, ``demonstration`` and ``site``. Raises what the mail server answers.

    A worker may die after sending and before saying so, and send again: ``identifier`` names what the mail tells, and to
    whom if each has their own, so that a mail program shows the two as one."""
    known = {"administration": settings.ADMINISTRATION, "demonstration": settings.DEMO, "site": settings.SITE_URL, **context}
    # One line, whatever a name in it holds: of a subject of two lines Django makes no mail at all, for ever.
    subject = " ".join(render_to_string(f"{template}_subject.txt", known).split())
    body = render_to_string(f"{template}.txt", known)
    domain = make_msgid().rpartition("@")[2].rstrip(">")
    EmailMessage(subject, body, to=list(to), attachments=attachments, headers={"Message-ID": f"<{identifier}@{domain}>"}).send()

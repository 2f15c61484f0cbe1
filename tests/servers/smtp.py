"""A mail server that keeps what it is told, over a real SMTP conversation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller

from tests.servers.processes import free_port


@dataclass
class Mailbox:
    """What arrived, oldest first; `refuse` is the answer to the next deliveries, for example ``"451 busy"``; nobody is at the
    addresses `unknown`, and the server says so with the address, as servers do."""

    host: str = "127.0.0.1"
    port: int = 0
    messages: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    refuse: str = ""
    unknown: set[str] = field(default_factory=set)

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options) -> str:  # noqa: N802 - as aiosmtpd calls it
        if address in self.unknown:
            return f"550 5.1.1 <{address}> nobody is here"
        envelope.rcpt_tos.append(address)
        return "250 known"

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - the name that aiosmtpd calls
        if self.refuse:
            return self.refuse
        self.messages.append(message_from_bytes(envelope.original_content, policy=policy.default))
        self.recipients.append(list(envelope.rcpt_tos))
        return "250 kept"


@contextmanager
def running() -> Iterator[Mailbox]:
    mailbox = Mailbox(port=free_port())
    controller = Controller(mailbox, hostname=mailbox.host, port=mailbox.port)
    controller.start()  # returns when the server answers
    try:
        yield mailbox
    finally:
        controller.stop()

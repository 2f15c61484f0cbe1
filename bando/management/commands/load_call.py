"""Checks a call document and loads it as a draft; with ``--publish``, publishes it too."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from bando.actions import load, publish
from bando.models import Call
from bando.notice_yaml import DocumentFaults, load_notice
from workflow.transition import Refused


class Command(BaseCommand):
    help = "Checks a call document and loads it as a draft. Prints every fault with its line, and then changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the call document, in YAML (docs/notice.md)")
        parser.add_argument("--publish", action="store_true", help="publish it at once; needs --by")
        parser.add_argument("--by", metavar="EMAIL", default="", help="the official who publishes")

    def handle(self, *args: Any, file: Path, publish: bool, by: str, **options: Any) -> None:
        try:
            call = _load(file, by=_official(by) if publish else None)
        except _Refusal as refusal:
            for sentence in refusal.sentences:
                self.stderr.write(sentence)
            raise SystemExit(1) from None
        self.stdout.write(f"{call.title}\n")
        self.stdout.write(_("Stato: %(state)s, versione %(n)s") % {"state": call.get_state_display(), "n": call.version.number})
        self.stdout.write(_("Impronta (SHA-256): %(hash)s") % {"hash": call.version.sha256})
        self.stdout.write(_("Indirizzo: %(url)s") % {"url": settings.SITE_URL + reverse("call", args=[call.slug])})


class _Refusal(Exception):
    def __init__(self, *sentences: str) -> None:
        super().__init__(*sentences)
        self.sentences = sentences


def _load(file: Path, *, by: User | None) -> Call:
    """Load, and publish when somebody does it: both or neither."""
    content = _content(file)
    at = timezone.now()
    try:
        load_notice(content)
        with transaction.atomic():
            call = load(content.decode("utf-8-sig"), at=at)
            if by is not None:
                publish(call, by=by, at=at)
    except DocumentFaults as found:
        count = len(found.faults)
        head = ngettext("%(file)s: c'è %(n)s cosa da correggere.", "%(file)s: ci sono %(n)s cose da correggere.", count)
        raise _Refusal(head % {"file": file, "n": count}, *map(str, found.faults)) from None
    except Refused as refused:
        raise _Refusal(*map(str, refused.reasons)) from None
    return call


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise _Refusal(_("%(file)s non c'è: controlla il nome.") % {"file": file}) from None
    except IsADirectoryError:
        raise _Refusal(_("%(file)s è una cartella: scrivi il nome del file.") % {"file": file}) from None
    except OSError as error:
        raise _Refusal(_("%(file)s non si legge: %(why)s.") % {"file": file, "why": error.strerror}) from None


def _official(email: str) -> User:
    if not email:
        raise _Refusal(_("Per pubblicare scrivi chi lo fa: --by seguito dalla sua e-mail."))
    person = User.objects.filter(email__iexact=email).first()
    if person is None:
        raise _Refusal(_("Non c'è nessuno con l'e-mail %(email)s: controlla come è scritta.") % {"email": email})
    return person

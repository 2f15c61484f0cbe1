"""What the digital signatures of a document say: read once, by a worker, and told in plain words.

The reading is information for people and decides nothing: a file without its signature is warned about, never refused.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from documents.models import MEDIA_TYPES, Document, SignatureReading

PROGRAM = Path(__file__).with_name("signature_reader.py")
SECONDS = 60
"""For the whole reading, waiting included; the program's own limit is of work."""
MARK = b"/ByteRange"
"""A PDF without this word has no signature: its dictionary names the bytes that it signs (ISO 32000-1, 12.8.1)."""


class Unread(Exception):
    """The program itself does not run, or the folder of authorities holds what is no certificate."""


def may_hold(media_type: str) -> bool:
    """Can a file of this type carry signatures that we read?"""
    return media_type in {MEDIA_TYPES["pdf"], MEDIA_TYPES["p7m"]}


def read(document: Document, *, at: datetime) -> SignatureReading:
    """Read the signatures of a document and keep what they say; once, whoever asks. Raises :class:`Unread`."""
    if done := SignatureReading.objects.filter(document=document).first():
        return done
    found = _report(document)
    try:
        with transaction.atomic():
            return SignatureReading.objects.create(document=document, at=at, **found)
    except IntegrityError:  # two workers: the first one's reading is the reading
        return SignatureReading.objects.get(document=document)


def _report(document: Document) -> dict[str, Any]:
    """``signatures`` and ``fault`` (``documents.signature_reader.report``), or the fault ``slow`` for a file on which the
    program was stopped."""
    command = [sys.executable, "-I", PROGRAM, document.received_at.isoformat(), settings.TRUST or "-"]
    with tempfile.TemporaryFile() as copy:  # a place of its own to read from, wherever the documents are kept
        with document.file.open("rb") as file:
            shutil.copyfileobj(file, copy)
        copy.seek(0)
        try:
            done = subprocess.run(  # noqa: S603 - our own program; of the file it is told only the moment of receipt
                command, stdin=copy, capture_output=True, timeout=SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            return {"signatures": [], "fault": "slow"}
    if done.returncode < 0:  # stopped by a signal: too much memory or work
        return {"signatures": [], "fault": "slow"}
    if done.returncode:
        raise Unread(done.stderr.decode(errors="replace")[-1000:])
    return json.loads(done.stdout)


def reading_of(document: Document) -> SignatureReading | None:
    """The reading of a document, or None; no query when it was selected with the document."""
    try:
        return document.signature_reading
    except SignatureReading.DoesNotExist:
        return None


def lacks_signature(document: Document) -> bool:
    """Do we know that the file carries no digital signature? Not so while it waits to be read, nor if it could not be."""
    if not may_hold(document.media_type):
        return True
    reading = reading_of(document)
    signed = reading is not None and any(found["format"] != "stamp" for found in reading.signatures)
    return reading is not None and not signed and not reading.fault


def waits_for_reading(document: Document) -> bool:
    """May the file carry signatures that nobody has read yet?"""
    return may_hold(document.media_type) and document.by_id is not None and reading_of(document) is None


def in_words(reading: SignatureReading) -> list[str]:
    """One paragraph for each signature, then what could not be read and what nobody checked."""
    said = [" ".join(_sentences(found)) for found in reading.signatures]
    if fault := _fault(reading.fault):
        said.append(fault)
    if reading.signatures:
        said.append(
            ngettext(
                "Non abbiamo controllato se il certificato era stato revocato o sospeso.",
                "Non abbiamo controllato se i certificati erano stati revocati o sospesi.",
                len(reading.signatures),
            )
        )
    return said


def _sentences(found: Mapping[str, Any]) -> list[str]:
    said = [_signed_by(found)]
    if not found["intact"]:
        said.append(_("La firma non corrisponde al file: il file è stato cambiato dopo la firma, o la firma è rovinata."))
    elif found["later"] == "changed":
        said.append(_("Dopo questa firma il file è stato cambiato."))
    elif found["later"] == "allowed":
        said.append(_("Dopo questa firma al file sono state aggiunte solo altre firme o risposte nei suoi campi."))
    else:
        said.append(_("Il file non è stato cambiato dopo la firma."))
    if not found["valid_to"]:
        said.append(_("Nel file manca il certificato di chi ha firmato."))
        return said
    said.append(_in_force(found))
    said.append(
        _("Il certificato è di %(issuer)s, un'autorità che conosciamo.") % {"issuer": found["issuer"]}
        if found["known"]
        else _("Non sappiamo chi garantisce per questo certificato (autorità non nell'elenco: %(issuer)s).")
        % {"issuer": found["issuer"] or "–"}
    )
    return said


def _signed_by(found: Mapping[str, Any]) -> str:
    who = found["who"]
    name = " ".join(filter(None, (who["given_name"], who["surname"]))) or who["name"] or _("una persona senza nome")
    known = [_("codice fiscale %(code)s") % {"code": who["tax_code"]}] if who["tax_code"] else []
    if who["organisation"] and who["organisation"] != name:
        known.append(who["organisation"])
    if known:
        name = f"{name} ({', '.join(known)})"
    if found["format"] == "stamp":
        return _("Marca temporale di %(name)s%(at)s.") % {"name": name, "at": _at(found["stamped_at"])}
    said = _("Firmato da %(name)s%(at)s.") % {"name": name, "at": _at(found["claimed_at"])}
    if found["stamped_at"]:
        stamp = _("Una marca temporale di %(by)s dice che la firma c'era già%(at)s.")
        return f"{said} {stamp % {'by': found['stamped_by'], 'at': _at(found['stamped_at'])}}"
    return said


def _in_force(found: Mapping[str, Any]) -> str:
    if found["in_force"]:
        return _("Il certificato era in vigore quando il file è arrivato.")
    starts, ends = (datetime.fromisoformat(found[edge]) for edge in ("valid_from", "valid_to"))
    return _("Il certificato non era in vigore quando il file è arrivato: vale dal %(starts)s al %(ends)s.") % {
        "starts": _day(starts),
        "ends": _day(ends),
    }


def _fault(code: str) -> str:
    match code:
        case "":
            return ""
        case "detached":
            return _("La firma è separata dal file che firma: carica il file firmato per intero.")
        case "deep":
            return _("Il file è chiuso in troppe buste, una dentro l'altra: non le abbiamo aperte tutte.")
    return _("Non siamo riusciti a leggere le firme di questo file.")


def _at(moment: str | None) -> str:
    """«il 3/10/2021 alle 10:12» after a space, in the time of Rome; "" for no moment."""
    if not moment:
        return ""
    local = timezone.localtime(datetime.fromisoformat(moment))
    return " " + _("il %(day)s alle %(time)s") % {"day": _day(local), "time": date_format(local, "H:i")}


def _day(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{local.day}/{local.month}/{local.year}"

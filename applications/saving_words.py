"""What the pages say while a section is being saved. Hours are those of Rome, whatever the device believes."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from applications.actions.saving import Conflict
from bando.deadlines import ROME, day_in_rome
from bando.templatetags.bando_ui import day

WRONG = timedelta(minutes=2)
"""A device's clock that is further off is told so."""


def saved(at: datetime) -> str:
    return _("Bozza salvata alle %(time)s.") % {"time": _time(at)}


def changed(conflict: Conflict, now: datetime) -> str:
    """Who wrote the other text of a unit, and when."""
    facts = {"who": conflict.by, "time": _time(conflict.at), "day": day(conflict.at.astimezone(ROME))}
    if day_in_rome(conflict.at) == day_in_rome(now):
        return _("%(who)s ha cambiato questo campo alle %(time)s. Leggi le due versioni e scegli quale tenere.") % facts
    return _("%(who)s ha cambiato questo campo il %(day)s alle %(time)s. Leggi le due versioni e scegli quale tenere.") % facts


def present(other: User) -> str:
    return _("%(who)s sta scrivendo in questa sezione.") % {"who": other}


def clock(device: datetime, now: datetime) -> str:
    """What is wrong with the clock of a device that said ``device`` at ``now``; "" when it may be right."""
    off = device - now
    minutes = abs(off) // timedelta(minutes=1)
    if abs(off) <= WRONG:
        return ""
    if minutes >= 60:
        return _("L'orologio del tuo dispositivo è sbagliato. Guarda l'ora che vedi qui.")
    if off > timedelta(0):
        sentence = ngettext(
            "L'orologio del tuo dispositivo è avanti di %(n)s minuto. Guarda l'ora che vedi qui.",
            "L'orologio del tuo dispositivo è avanti di %(n)s minuti. Guarda l'ora che vedi qui.",
            minutes,
        )
    else:
        sentence = ngettext(
            "L'orologio del tuo dispositivo è indietro di %(n)s minuto. Guarda l'ora che vedi qui.",
            "L'orologio del tuo dispositivo è indietro di %(n)s minuti. Guarda l'ora che vedi qui.",
            minutes,
        )
    return sentence % {"n": minutes}


def _time(moment: datetime) -> str:
    return moment.astimezone(ROME).strftime("%H:%M")

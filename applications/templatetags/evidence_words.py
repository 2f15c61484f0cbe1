"""How long something took and when it arrived, as dossiers say it."""

from django import template

from applications.evidence import service
from bando.deadlines import ROME

register = template.Library()


@register.filter
def seconds(took_us):
    """Integer microseconds: 8000000 -> "8,000000 secondi". None -> ""."""
    return "" if took_us is None else service.seconds(took_us)


@register.filter
def clock_exact(moment):
    """An aware datetime in Rome: "11:59:59,999999 CEST"."""
    return service.clock_exact(moment) if moment else ""


@register.filter
def moment_exact(moment):
    """For tables, where only the date may stand apart from the time: "18/10/2021, 11:59:59,999999 CEST"."""
    if not moment:
        return ""
    return f"{moment.astimezone(ROME):%d/%m/%Y}, {service.clock_exact(moment)}"

"""The contents of an agreement as people read them: the title of an article about it, and what it should say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from network.models import Agreement

TITLES: dict[str, Any] = {
    "duration": _("Durata"),
    "commitments": _("Impegni comuni e di ciascuno"),
    "economic_frame": _("Quadro economico"),
    "insurance": _("Garanzie e assicurazioni"),
    "surety": _("Fideiussione"),
    "sanctions": _("Sanzioni e revoca"),
    "governance": _("Governo della collaborazione"),
    "reporting": _("Termini dei rendiconti"),
    "payments": _("Pagamenti"),
    "revision": _("Limiti alle modifiche"),
    "traceability": _("Tracciabilità dei flussi finanziari"),
    "monitoring": _("Monitoraggio"),
    "impact": _("Valutazione di impatto sociale (VIS)"),
}

HELP: dict[str, Any] = {
    "duration": _("Scrivi da quando decorre, quanto dura e se si può prolungare."),
    "commitments": _("Scrivi che cosa fanno insieme le parti e che cosa fa ciascuna."),
    "economic_frame": _("Scrivi quanto dà l'amministrazione, quanto portano gli enti e in che cosa."),
    "insurance": _("Scrivi quali assicurazioni servono, con quale massimale e fino a quando."),
    "surety": _("Scrivi se serve una fideiussione, di quale importo e quando si restituisce."),
    "sanctions": _("Scrivi che cosa succede se una parte non rispetta gli impegni."),
    "governance": _("Scrivi chi decide insieme, chi ne fa parte e ogni quanto si riunisce."),
    "reporting": _("Scrivi ogni quanto si presenta il rendiconto ed entro quanti giorni."),
    "payments": _("Scrivi quando paga l'amministrazione e dopo quali atti."),
    "revision": _("Scrivi che cosa si può cambiare durante la convenzione, che cosa no, e come."),
    "traceability": _("Scrivi come si rendono riconoscibili i pagamenti (L. 136/2010, se si applica)."),
    "monitoring": _("Scrivi chi controlla come va il progetto, quando e con quali indicatori."),
    "impact": _("Scrivi se si misura l'impatto sociale, chi lo fa e con quale metodo."),
}


def contents_of(agreement: Agreement) -> list[dict[str, Any]]:
    """Each content of a file that was signed elsewhere: its ``title``, and the ``reason`` why it is not in the file ("" where the
    office found it)."""
    return [{"title": title, "reason": agreement.waived.get(code, "")} for code, title in TITLES.items()]


def named(codes: Iterable[str]) -> str:
    """The titles of these contents, one after the other."""
    return ", ".join(str(TITLES[code]) for code in codes)


def on_paper(words: Promise) -> str:
    """What stands in the text that the parties sign: Italian, whatever language the page is read in."""
    with translation.override("it"):
        return str(words)

"""The demonstration: four calls of the Spazi WeMi at four moments of their life, made through the same doors as in the
product, by people who do not exist.

Everything is placed around the day on which it is loaded: one call is open for nine more days, one is being evaluated, one
has its ranking, its table, its agreements and its Spazi with what citizens ask of them; the last one ranked its places Municipio
by Municipio, with a draw. Only what no door makes afterwards is written as rows: what the probe measured and what was tried in
the last hours of a deadline (``evidence``).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from accounts.demo import create_people
from applications import protocol, receipts
from applications.evidence import dossier
from applications.models import Application, Attachment, Dossier
from bando.models import Call
from documents import signatures
from network.agreement_duties import make_agreement_pdf
from network.demonstration.bodies import make_bodies
from network.demonstration.by_lot import call_by_lot
from network.demonstration.calls import BY_LOT, CONCLUDED, EVALUATION, OPEN, SLUGS
from network.demonstration.concluded import concluded_call
from network.demonstration.evaluated import call_in_evaluation
from network.demonstration.opened import COMMITMENT, open_call
from network.models import Agreement
from network.states import AgreementState

__all__ = ["BY_LOT", "CONCLUDED", "EVALUATION", "OPEN", "SLUGS", "is_loaded", "load_demonstration", "make_papers"]

Tell = Callable[[str], None]


def is_loaded() -> bool:
    return Call.objects.filter(slug__in=SLUGS).exists()


def load_demonstration(now: datetime, tell: Tell) -> None:
    """Make it all. ``tell`` hears a line at each step, because it takes some seconds."""
    people = create_people()
    bodies = list(make_bodies(people))
    tell("Avviso aperto: una bozza cominciata e quattro domande inviate")
    open_call(now, people, bodies)
    tell("Avviso in valutazione: elenco delle ammesse, sedute, commissari al lavoro")
    call_in_evaluation(now, people, bodies)
    tell("Avviso concluso: graduatorie, controlli, tavolo, convenzioni, Spazi, catalogo, richieste, rendiconti")
    concluded_call(now, people, bodies)
    tell("Avviso per Municipio: confronto a coppie, osservazioni, sorteggio, un posto riassegnato")
    call_by_lot(now, people, bodies)


def make_papers(tell: Tell) -> None:
    """What people are promised to find at once: a receipt, the signatures of a file, an agreement to sign, a dossier. Outside
    any transaction, as in the worker, which makes the others."""
    tell("Carte: una ricevuta firmata, una convenzione da firmare, un dossier, le firme di un file")
    mine = Application.objects.filter(organisation__memberships__user__email__startswith="lucia.conti@", call__slug=OPEN)
    for application in mine.select_related("current__application__call", "current__application__organisation"):
        sent = application.current
        protocol.enter(sent, at=sent.committed_at + timedelta(seconds=2))
        receipts.issue(sent, at=sent.committed_at + timedelta(seconds=5))
    for file in Attachment.objects.filter(rule=COMMITMENT, application__call__slug=OPEN):
        signatures.read(file.document, at=file.document.received_at + timedelta(seconds=5))
    for agreement in Agreement.objects.filter(state=AgreementState.READY):
        prepared = agreement.steps.get(act="prepare").at
        make_agreement_pdf(f"{agreement.pk} {prepared.isoformat()}", prepared + timedelta(seconds=5))
    for asked in Dossier.objects.filter(call__slug=EVALUATION).select_related(
        "call__version", "application__organisation", "by"
    ):
        dossier.issue(asked, at=asked.at + timedelta(seconds=5))

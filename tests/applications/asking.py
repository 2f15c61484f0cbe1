"""A small call whose form asks in every new way: a declaration, a file, a table, and questions that depend on answers."""

from __future__ import annotations

from bando.actions import load
from bando.models import Call
from bando.states import CallState
from tests.bando.small import SMALL
from tests.builders import PUBLISHED
from tests.remembered import remembered

_ENTE = """      - code: rete
        label: Siete in rete?
        type: yes_no
      - code: nome-rete
        label: Come si chiama la rete?
        type: short_text
        limit: 40
        when: {question: rete, is: [yes]}
      - code: impegno
        label: Ci impegniamo a restare aperti
        type: declaration
      - code: giorni
        label: In quali giorni?
        type: choices
        choices:
          - {code: lun, label: Lunedì}
          - {code: sab, label: Sabato}
          - {code: dom, label: Domenica}
        when: {question: impegno, is: [yes]}
      - code: festivi
        label: Come tenete aperto nei giorni di festa?
        type: long_text
        limit: 200
        when: {question: giorni, is: [sab, dom]}
  - code: rete
    title: La rete
    questions:
      - code: accordo
        label: Accordo di rete
        type: file
        formats: [pdf]
        max_size: 2 MB
        max_files: 2
        criterion: 1.a
        when: {question: rete, is: [yes]}
      - code: partner
        label: Enti della rete
        hint: Uno per riga.
        type: table
        min: 2
        max: 6
        when: {question: rete, is: [yes]}
        columns:
          - {code: nome, label: Nome, limit: 30}
          - {code: quota, label: Quota, type: money}
          - {code: ore, label: Ore, type: number, decimals: 1, unit: ore, required: false}
          - {code: dal, label: Dal, type: date, required: false}
          - code: ruolo
            label: Ruolo
            type: choice
            required: false
            choices:
              - {code: capofila, label: Capofila}
              - {code: socio, label: Socio}
          - {code: ets, label: ETS, type: yes_no, required: false}
      - code: racconto
        label: Racconta la rete
        type: short_text
        limit: 100
        required: false
        when: {question: rete, is: [yes]}
  - code: luogo
"""

ASKING = (
    SMALL.replace("  - code: luogo\n", _ENTE)
    .replace("max_grant: 1250.50", "max_grant: 50000")
    .replace("    formats: [pdf, p7m]\n", "    formats: [pdf, p7m]\n    when: {question: forma, is: [aps]}\n")
)


@remembered
def asking_call(text: str = ASKING) -> Call:
    """The call, open; its area is ``uno``. What a publication wants besides the form is not tried here."""
    call = load(text, at=PUBLISHED)
    Call.objects.filter(pk=call.pk).update(state=CallState.PUBLISHED, published_at=PUBLISHED)
    return Call.objects.with_notice().get(pk=call.pk)

"""What there is to do before a Spazio opens: which kinds of tasks, by whom, until when, and for which of its steps.

PURE: standard library only. The default titles are what the office finds on the board and may write anew; their terms are
counted in days from the signature of the agreement, or back from the planned opening.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

PLACE, ACCESSIBILITY, STAFF, TRAINING = "place", "accessibility", "staff", "training"
EQUIPMENT, HOURS, DATA_PROTECTION, OPENING, OTHER = "equipment", "hours", "data_protection", "opening", "other"

STAFFING = frozenset({PLACE, ACCESSIBILITY, STAFF})
"""What is settled before the staff of a Spazio is said to be ready."""
SCHOOLING = frozenset({TRAINING})
"""What is settled before the staff is said to be trained."""
BEFORE_THE_DOOR = STAFFING | SCHOOLING | {EQUIPMENT, HOURS, DATA_PROTECTION, OPENING}
"""What is settled before the door opens: all but ``OTHER``, which holds back nothing."""
KINDS = (PLACE, ACCESSIBILITY, STAFF, TRAINING, EQUIPMENT, HOURS, DATA_PROTECTION, OPENING, OTHER)

OFFICE, PARTNER, METHOD = "office", "partner", "method"

USUAL_WAIT = timedelta(days=120)
"""From the signature to the opening, while nobody has said when that will be."""


@dataclass(frozen=True, slots=True)
class Default:
    """A task that every Spazio has. One of the two: so many days after the signature, or before the opening."""

    kind: str
    title: str
    owner: str
    after_signature: int | None = None
    before_opening: int | None = None

    def due_on(self, signed_on: date, opens_on: date | None = None) -> date:
        if self.after_signature is not None:
            return signed_on + timedelta(days=self.after_signature)
        return (opens_on or signed_on + USUAL_WAIT) - timedelta(days=self.before_opening or 0)


DEFAULTS = (
    Default(PLACE, "Locale disponibile: contratto o atto d'uso, agibilità, chiavi", PARTNER, after_signature=30),
    Default(PLACE, "Sopralluogo nel locale, con il Municipio", OFFICE, after_signature=45),
    Default(ACCESSIBILITY, "Ingresso, percorso e bagno accessibili a tutti: misure e lavori", PARTNER, after_signature=60),
    Default(STAFF, "Responsabile e operatori: nomi, ruoli e ore alla settimana", PARTNER, after_signature=45),
    Default(STAFF, "Assicurazioni di operatori e volontari", PARTNER, after_signature=45),
    Default(TRAINING, "Formazione iniziale degli operatori", METHOD, before_opening=30),
    Default(TRAINING, "Prova di un colloquio di orientamento", METHOD, before_opening=21),
    Default(EQUIPMENT, "Postazioni, telefono, connessione e insegna", PARTNER, before_opening=21),
    Default(HOURS, "Orari e giorni di chiusura concordati e scritti nella pagina", PARTNER, before_opening=14),
    Default(DATA_PROTECTION, "Protezione dei dati: incarichi, informativa esposta, accessi", OFFICE, before_opening=14),
    Default(OPENING, "Pagina pubblica riletta e Municipio avvisato dell'apertura", OFFICE, before_opening=7),
)


def days_late(due_on: date | None, today: date) -> int:
    """How many days after its term a task still stands on ``today``: none on the last day itself."""
    return max((today - due_on).days, 0) if due_on else 0

"""Where a sheet of marks, a table of comparisons, a session, a ranking and a draw stand."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SheetState(models.TextChoices):
    OPEN = "open", _("In corso")
    FINAL = "final", _("Conclusa")
    VOID = "void", _("Annullata")


class ComparisonState(models.TextChoices):
    """The road of a sheet, by acts of its own."""

    OPEN = "open", _("In corso")
    FINAL = "final", _("Conclusa")
    VOID = "void", _("Annullata")


class SessionState(models.TextChoices):
    PLANNED = "planned", _("Convocata")
    OPEN = "open", _("In corso")
    CLOSED = "closed", _("Chiusa, verbale da approvare")
    MINUTED = "minuted", _("Verbale approvato")
    CANCELLED = "cancelled", _("Annullata")


class RankingState(models.TextChoices):
    COMPUTED = "computed", _("Calcolata")
    PROVISIONAL = "provisional", _("Provvisoria")
    PUBLISHED = "published", _("Definitiva")


class DrawState(models.TextChoices):
    COMMITTED = "committed", _("In attesa del valore pubblico")
    DRAWN = "drawn", _("Fatto")
    CANCELLED = "cancelled", _("Annullato")

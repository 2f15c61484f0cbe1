"""Where an application stands by the acts taken on it, from the draft to the open Spazio."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ApplicationState(models.TextChoices):
    DRAFT = "draft", _("Bozza")
    SUBMITTED = "submitted", _("Inviata")
    WITHDRAWN = "withdrawn", _("Ritirata")
    CHECKING = "checking", _("In verifica")
    ADMITTED = "admitted", _("Ammessa")
    NOT_ADMITTED = "not_admitted", _("Non ammessa")
    EVALUATED = "evaluated", _("Valutata")
    RANKED = "ranked", _("In graduatoria")
    SELECTED = "selected", _("Selezionata")
    WAITING = "waiting", _("Idonea, in lista d'attesa")
    BELOW_THRESHOLD = "below_threshold", _("Sotto la soglia")
    AGREED = "agreed", _("Convenzione firmata")
    OPEN = "open", _("Spazio aperto")
    EXCLUDED = "excluded", _("Esclusa")
    RENOUNCED = "renounced", _("Ha rinunciato")
    FORFEITED = "forfeited", _("Decaduta")


ENDED_BEFORE_RECEIPT = (ApplicationState.DRAFT, ApplicationState.WITHDRAWN)
WITH_A_PLACE = (ApplicationState.SELECTED, ApplicationState.AGREED, ApplicationState.OPEN)
FALLEN_OUT = (ApplicationState.EXCLUDED, ApplicationState.RENOUNCED, ApplicationState.FORFEITED)
"""A reserve that was never lifted no longer matters there."""

"""Where an agreement and a Spazio stand."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AgreementState(models.TextChoices):
    DRAFT = "draft", _("Da firmare")
    SIGNED = "signed", _("Firmata")


class SpaceState(models.TextChoices):
    PLANNED = "planned", _("In programma")
    OPEN = "open", _("Aperto")
    CLOSED = "closed", _("Chiuso")

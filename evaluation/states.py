"""Where a sheet of marks and a ranking stand."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SheetState(models.TextChoices):
    OPEN = "open", _("In corso")
    FINAL = "final", _("Conclusa")
    VOID = "void", _("Annullata")


class RankingState(models.TextChoices):
    COMPUTED = "computed", _("Calcolata")
    PUBLISHED = "published", _("Pubblicata")

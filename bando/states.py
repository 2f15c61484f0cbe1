"""Where a call stands by the acts taken on it. Open and closed are not here: they are what the clock says of a
published call (``bando.deadlines.Window.phase``)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CallState(models.TextChoices):
    DRAFT = "draft", _("In preparazione")
    PUBLISHED = "published", _("Pubblicato")
    RANKED = "ranked", _("Concluso con graduatoria")
    REVOKED = "revoked", _("Revocato")

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RehearsalState(TextChoices):
    WAITING = "waiting", _("In attesa")
    RUNNING = "running", _("In corso")
    DONE = "done", _("Finita")
    FAILED = "failed", _("Interrotta")
    CANCELLED = "cancelled", _("Annullata")

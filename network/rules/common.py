"""Who may do what in the network."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.models import Organisation
from bando.rules import is_official
from network.models import Partnership, Space
from workflow.transition import Attempt


def runs_the_space(attempt: Attempt) -> str | None:
    """Somebody of the body that runs the Spazio of the row (or that is the row)."""
    space = attempt.row if isinstance(attempt.row, Space) else attempt.row.space
    if attempt.by is None or space is None or not Space.objects.run_by(attempt.by).filter(pk=space.pk).exists():
        return _("Lo può fare solo chi lavora per l'ente che gestisce lo Spazio.")
    return None


def accompanies_the_network(attempt: Attempt) -> str | None:
    """Somebody of the partner for the method (Area 2)."""
    partners = Partnership.objects.accompanying()
    if attempt.by is None or not partners.filter(organisation__memberships__user=attempt.by).exists():
        return _("Lo può fare solo chi accompagna la rete (Area 2).")
    return None


def is_of_the_body(attempt: Attempt) -> str | None:
    """Somebody of the body of the row (``organisation``)."""
    body = attempt.row.organisation
    if attempt.by is None or body is None or not Organisation.objects.filter(pk=body.pk, memberships__user=attempt.by).exists():
        return _("Lo può fare solo chi lavora per l'ente.")
    return None


def is_official_or_runs_the_space(attempt: Attempt) -> str | None:
    return runs_the_space(attempt) and is_official(attempt) and _("Lo può fare solo l'ufficio o chi gestisce lo Spazio.")


def is_official_or_accompanies(attempt: Attempt) -> str | None:
    return (
        accompanies_the_network(attempt) and is_official(attempt) and _("Lo può fare solo l'ufficio o chi accompagna la rete.")
    )

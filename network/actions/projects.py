"""The project of a co-design table, version by version, one function per verb."""

from __future__ import annotations

from applications.models import Application
from network.models import ProjectVersion
from network.states import TableState


def final_version(application: Application) -> ProjectVersion | None:
    """The version that the agreement of a proposal starts from: the last that a concluded table agreed on in a session or, as
    long as there is none, the last that was written. None where no project was started. At most two queries."""
    versions = ProjectVersion.objects.filter(project__sources__application=application).order_by("-number")
    agreed = versions.filter(agreed__isnull=False, project__table__state=TableState.CONCLUDED)
    return agreed.first() or versions.first()

"""The wizard's memory: rows of the application instead of the session.

A draft survives signing out, another browser, three weeks and two people. The current step is the one in the address and
nothing else remembers it; a section holds its own fields only; what is wrong is kept as well as what is right.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase

from applications.actions import ChangedMeanwhile, save_section
from applications.models import SectionDraft


class DraftStorage:
    """What ``formtools.wizard`` asks of a storage. ``request.application`` is the application that is being filled."""

    def __init__(self, prefix: str, request: HttpRequest, file_storage: None = None):
        self.prefix = prefix
        self.request = request
        self.application = request.application
        self.current_step: str = request.resolver_match.kwargs["step"]
        self.extra_data: dict[str, Any] = {}
        self._rows: dict[str, SectionDraft | None] = {}

    def row(self, step: str) -> SectionDraft | None:
        """The row of a section, read at most once per request."""
        if step not in self._rows:
            self._rows[step] = self.application.drafts.select_related("saved_by").filter(section=step).first()
        return self._rows[step]

    def get_step_data(self, step: str) -> dict[str, Any] | None:
        row = self.row(step)
        return None if row is None else row.answers

    @property
    def current_step_data(self) -> dict[str, Any] | None:
        return self.get_step_data(self.current_step)

    def save(self, step: str, **what: Any) -> SectionDraft:
        """Takes and raises what ``applications.actions.save_section`` does."""
        try:
            saved = save_section(self.application, step, by=self.request.user, at=self.request.arrived_at, **what)
        except ChangedMeanwhile as meanwhile:
            self._rows[step] = meanwhile.saved.draft
            raise
        self._rows[step] = saved
        return saved

    @property
    def current_step_files(self) -> None:
        """Files have their own page and their own rows."""
        return None

    def get_step_files(self, step: str) -> None:
        return None

    def update_response(self, response: HttpResponseBase) -> None:
        """Nothing rides on the response: no cookie, no temporary file."""

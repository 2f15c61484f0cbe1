"""What was found about the robustness of a ranking, kept beside it."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

from django.db import models

from workflow.append_only import AppendOnly


class Robustness(AppendOnly):
    """The report on one document of a ranking, by the hash of the document: ``content`` is ``robustness.to_json``. Computed once
    by the worker, because a page should not wait for thousands of rankings."""

    sha256 = models.CharField("SHA-256", max_length=64, unique=True)
    content = models.TextField()
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "robustness"

    def __str__(self) -> str:
        return self.sha256

    @cached_property
    def document(self) -> dict[str, Any]:
        return json.loads(self.content)

"""What every section of the form is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from bando.notice.document import Section
from bando.templatetags.bando_ui import form_errors


class SectionForm(forms.Form):
    """Base of every section. ``section`` is the page; what was typed is right or wrong, and is kept either way."""

    use_required_attribute = False
    section: Section
    is_wide = False

    def __init__(self, *args: Any, known: Mapping[str, Any] | None = None, **options: Any):
        """``known``: the answers of the rest of the form that conditions read (``conditions.known_answers``), and who takes part
        (``budget.PARTNERS``)."""
        super().__init__(*args, **options)
        self.known = dict(known or {})

    def faults(self) -> list[dict[str, str]]:
        """Everything to correct, in the order of the page, as ``components/error_summary.html`` wants it."""
        return form_errors(self)

    def problems(self) -> dict[str, list[dict[str, str]]]:
        """What is wrong, by field: ``{"titolo": [{"code": "required", "sentence": "Scrivi …"}]}``; empty when all is right.

        ``__all__`` holds what concerns the section as a whole.
        """
        return {
            name: [{"code": error.code or "", "sentence": str(sentence)} for error in errors.as_data() for sentence in error]
            for name, errors in self.errors.items()
        }

    def forgive_blanks(self) -> None:
        """Leave out the problems that are only answers not given yet: whoever comes back to a half-written page is not
        told that it is half-written."""
        for name in list(self.errors):
            kept = [error for error in self.errors[name].as_data() if error.code != "required"]
            if kept:
                self._errors[name] = self.error_class(kept, renderer=self.renderer)
            else:
                del self._errors[name]

    def silence(self) -> None:
        """Leave out every problem: first the person chooses which text to keep."""
        self.errors.clear()

    def blank_row(self, then: str) -> str:
        """The id of the input where the person goes on, when ``then`` (the button pressed) asks for more rows of a table; "" when
        it asks for something else."""
        return ""

    def values(self) -> dict[str, Any]:
        """The answers by question code, in types of canonical JSON. What could not be read is left out."""
        raise NotImplementedError

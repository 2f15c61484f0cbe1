"""The sections of the form, built from the call document."""

from applications.sections.build import build_form, read_values, typed_answers

__all__ = ["build_form", "read_values", "typed_answers"]

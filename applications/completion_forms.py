"""What an official types to ask for a completion, and an applicant to add a file: text into values, nothing decided."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.amendment_forms import ClockField, moment_of
from applications.sections.fields import DayField
from bando.fields import LongText

LONGEST_REASON = 4000


class CompletionForm(forms.Form):
    """What is asked again (``questions`` and ``files``: codes of ``applications.completion``), why, and until when on the
    clocks of Rome."""

    use_required_attribute = False
    questions = forms.MultipleChoiceField(required=False)
    files = forms.MultipleChoiceField(required=False)
    reason = LongText(
        label=gettext_lazy("Che cosa manca o non va"),
        limit=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 5, "data-limit": LONGEST_REASON}),
        help_text=gettext_lazy("L'ente lo legge così come lo scrivi."),
        error_messages={"required": gettext_lazy("Scrivi che cosa manca o non va: l'ente lo legge.")},
    )
    due_day = DayField(label=gettext_lazy("Termine per rispondere: giorno"), help_text=gettext_lazy("Per esempio 18/10/2026."))
    due_time = ClockField(
        label=gettext_lazy("Termine per rispondere: ora"),
        help_text=gettext_lazy("Ora italiana, per esempio 12:00. È in tempo chi arriva entro quel secondo esatto."),
        error_messages={"required": gettext_lazy("Scrivi l'ora del termine.")},
    )

    def __init__(self, *args: Any, questions: Iterable[str], files: Iterable[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["questions"].choices = [(code, code) for code in questions]
        self.fields["files"].choices = [(code, code) for code in files]
        self.fields["due_day"].error_messages["required"] = _("Scrivi il giorno del termine.")

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        moment_of(self, typed, day="due_day", clock="due_time", into="due_at")
        return typed

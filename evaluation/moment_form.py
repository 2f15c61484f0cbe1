"""When and where people meet: of a session, of a table, of a meeting of the network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy

from applications.amendment_forms import ClockField, moment_of
from applications.sections.fields import DayField


class MomentForm(forms.Form):
    """A day, an hour on the clocks of Rome and a place. The instant lands in the values under the name ``into``; ``wanted`` says
    what to write in ``day``, ``time`` and ``place`` where it is blank."""

    use_required_attribute = False
    into: ClassVar[str] = "planned_at"
    wanted: ClassVar[Mapping[str, Any]]

    day = DayField(label=gettext_lazy("Giorno"), help_text=gettext_lazy("Per esempio 18/10/2026."))
    time = ClockField(label=gettext_lazy("Ora"), help_text=gettext_lazy("Ora italiana, per esempio 14:30."))
    place = forms.CharField(
        label=gettext_lazy("Luogo"),
        max_length=300,
        help_text=gettext_lazy("Indirizzo e stanza, o l'indirizzo della videochiamata."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, sentence in self.wanted.items():
            self.fields[name].error_messages["required"] = sentence

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        moment_of(self, typed, day="day", clock="time", into=self.into)
        return typed

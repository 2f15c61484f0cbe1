"""What is typed about a task, and how the board is narrowed: text into values, nothing decided."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from documents.fields import SignedFileField
from network.fields import date_field
from network.models import Owner
from network.words import TASK_KINDS


class TaskForm(forms.Form):
    """What the office writes of a task."""

    title = forms.CharField(
        label=gettext_lazy("Che cosa c'è da fare"),
        max_length=300,
        error_messages={"required": gettext_lazy("Scrivi che cosa c'è da fare.")},
    )
    kind = forms.ChoiceField(label=gettext_lazy("Di che cosa si tratta"), choices=TASK_KINDS.items(), initial="other")
    owner = forms.ChoiceField(label=gettext_lazy("A chi tocca"), choices=Owner.choices, initial=Owner.PARTNER)
    due_on = date_field(gettext_lazy("Entro il"), gettext_lazy("Scrivi entro quando."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].required = False


class FinishForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Nota"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Che cosa è stato fatto. La leggono l'ufficio e chi lavora a questo Spazio."),
    )
    file = SignedFileField(
        label=gettext_lazy("File"), required=False, help_text=gettext_lazy("Un PDF o un P7M che lo mostra, fino a 20 MB.")
    )


class BoardForm(forms.Form):
    """How the board over all Spazi is narrowed; what can't be read narrows nothing."""

    municipio = forms.TypedChoiceField(
        label=gettext_lazy("Municipio"),
        choices=[("", gettext_lazy("Tutti")), *((n, n) for n in range(1, 10))],
        coerce=int,
        empty_value=None,
        required=False,
    )
    owner = forms.ChoiceField(
        label=gettext_lazy("A chi tocca"), choices=[("", gettext_lazy("Tutti")), *Owner.choices], required=False
    )
    late = forms.BooleanField(label=gettext_lazy("Solo in ritardo"), required=False)
    conclusi = forms.BooleanField(label=gettext_lazy("Anche quelli conclusi"), required=False)

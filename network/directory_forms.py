"""The filters of the directory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from network.directory import Wanted
from network.directory_words import language_name
from network.near import read_point
from network.words import FUNCTIONS

FURTHER = ("municipio", "function", "category", "language")
"""What few people need: folded, so that on a telephone the Spazi are not three screens away."""
ANY = ("", gettext_lazy("Qualsiasi"))
WITH_STREETS = gettext_lazy(
    "Una via con il numero, un quartiere, un Municipio o una fermata della metropolitana. Cerchiamo nel nostro elenco: "
    "non lo diciamo a nessuno."
)


class SearchForm(forms.Form):
    """Whatever is written, the page answers: what can't be read filters nothing. ``languages`` (codes) and ``categories`` (titles
    by code) are those that can be found: the fields of what nobody offers are not there. ``knows_streets``: a register of streets
    is loaded."""

    near = forms.CharField(
        label=gettext_lazy("Vicino a"),
        help_text=gettext_lazy(
            "Un quartiere, un Municipio, una fermata della metropolitana o l'indirizzo di uno Spazio. Cerchiamo nel nostro elenco: "
            "non lo diciamo a nessuno."
        ),
        required=False,
        max_length=100,
    )
    q = forms.CharField(label=gettext_lazy("Nome, via o ente"), required=False, max_length=100)
    municipio = forms.TypedChoiceField(
        label=gettext_lazy("Municipio"),
        choices=[("", gettext_lazy("Tutti")), *((n, n) for n in range(1, 10))],
        coerce=int,
        empty_value=None,
        required=False,
    )
    function = forms.ChoiceField(label=gettext_lazy("Che cosa si fa"), choices=[ANY, *FUNCTIONS.items()], required=False)
    category = forms.ChoiceField(label=gettext_lazy("Servizi che ci trovi"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Lingua"), required=False)
    step_free = forms.BooleanField(label=gettext_lazy("Ingresso senza gradini"), required=False)
    now = forms.BooleanField(label=gettext_lazy("Aperti adesso"), required=False)
    lat = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    lon = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, languages: Iterable[str], categories: Mapping[str, str], knows_streets: bool = False, **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        if knows_streets:
            self.fields["near"].help_text = WITH_STREETS
        self.fields["category"].choices = [ANY, *categories.items()]
        self.fields["language"].choices = [ANY, *((code, language_name(code)) for code in sorted(languages))]
        for name in ("category", "language"):
            if len(self.fields[name].choices) == 1:
                del self.fields[name]

    @property
    def further(self) -> list[forms.BoundField]:
        return [self[name] for name in FURTHER if name in self.fields]

    @property
    def is_further(self) -> bool:
        """Is one of them in use?"""
        return any(field.value() for field in self.further)

    @property
    def wanted(self) -> Wanted:
        """What could be read of the query string."""
        self.is_valid()
        values = {name: value for name, value in self.cleaned_data.items() if value}
        latitude, longitude = values.pop("lat", ""), values.pop("lon", "")
        point = None if values.get("near") else read_point(latitude, longitude)
        return Wanted(point=point, **values)

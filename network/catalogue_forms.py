"""What people type to find a service, what a body writes of its own, and the words of the office."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bando.fields import LongText
from network.catalogue_units import SYNONYM, service_columns, service_units, synonym_columns, synonym_units
from network.italian import LONGEST
from network.models import Accreditation, Category, Price, Service, Space, Synonym
from network.search import EACH_PLACE, EACH_WAY, MUNICIPI, Filters
from network.states import SpaceState
from network.written_at_once import CarriesBases

WAYS = {
    "one": gettext_lazy("Per una persona o una famiglia"),
    "several": gettext_lazy("Condiviso: in condominio, a scuola, tra famiglie"),
}
PLACES = {"home": gettext_lazy("A casa"), "space": gettext_lazy("In uno Spazio WeMi"), "online": gettext_lazy("A distanza")}
IN_ADDRESS = {"category": "categoria", "price": "costo", "way": "per", "place": "dove", "municipio": "municipio"}
"""The filters of ``network.search``, as an address writes them."""


class SearchForm(forms.Form):
    """The box and the filters; whatever is written, the page answers, and what means nothing is passed over."""

    q = forms.CharField(
        label=gettext_lazy("Di cosa hai bisogno?"), required=False, widget=forms.TextInput(attrs={"maxlength": LONGEST})
    )
    categoria = forms.ChoiceField(label=gettext_lazy("Tipo di servizio"), required=False)
    costo = forms.ChoiceField(label=gettext_lazy("Costo"), required=False)
    per = forms.ChoiceField(label=gettext_lazy("Da soli o insieme"), required=False)
    dove = forms.ChoiceField(label=gettext_lazy("Dove"), required=False)
    municipio = forms.ChoiceField(label=gettext_lazy("Municipio"), required=False)

    def __init__(self, data: Mapping[str, Any], categories: Iterable[Category]) -> None:
        super().__init__(data)
        self._words: dict[str, list[tuple[Any, Any]]] = {
            "category": [(one.code, one.title) for one in categories],
            "price": list(Price.choices),
            "way": list(WAYS.items()),
            "place": list(PLACES.items()),
            "municipio": [(n, _("Municipio %(n)s") % {"n": n}) for n in MUNICIPI],
        }
        for name, words in self._words.items():
            self.fields[IN_ADDRESS[name]].choices = [("", _("Tutti")), *words]
        self.is_valid()  # what is understood is in cleaned_data, the rest is no filter

    @property
    def query(self) -> str:
        return self.cleaned_data.get("q", "")[:LONGEST]

    @property
    def filters(self) -> Filters:
        values = {name: self.cleaned_data.get(written, "") for name, written in IN_ADDRESS.items()}
        return Filters(**{**values, "municipio": int(values["municipio"]) if values["municipio"] else None})

    def show(self, counts: Mapping[str, Mapping[Any, int]]) -> None:
        """Write beside each value how many services it leaves; one that leaves none is not offered, unless it is chosen."""
        for name, words in self._words.items():
            chosen = getattr(self.filters, name)
            self.fields[IN_ADDRESS[name]].choices = [
                ("", _("Tutti (%(n)s)") % {"n": counts[name][""]}),
                *((value, f"{word} ({n})") for value, word in words if (n := counts[name].get(value, 0)) or value == chosen),
            ]


class ServiceForm(CarriesBases, forms.ModelForm):
    """What a body writes of a service of its own."""

    use_required_attribute = False
    fields_of: ClassVar = {
        **{name: [name] for name in ("category", "title", "summary", "description", "audience", "ways", "municipi")},
        "cost": ["price", "price_note"],
        "places": ["places", "spaces"],
    }
    ways = forms.MultipleChoiceField(
        label=gettext_lazy("Da soli o insieme"),
        choices=WAYS.items(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Scegli almeno una voce: per una persona o una famiglia, o condiviso.")},
    )
    places = forms.MultipleChoiceField(
        label=gettext_lazy("Dove si fa"),
        choices=PLACES.items(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Scegli almeno un posto: a casa, in uno Spazio o a distanza.")},
    )
    municipi = forms.TypedMultipleChoiceField(
        label=gettext_lazy("In quali Municipi"),
        help_text=gettext_lazy("Se si fa in tutta la città, non sceglierne nessuno."),
        choices=[(n, n) for n in MUNICIPI],
        coerce=int,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "bando-many is-short"}),
        required=False,
    )
    spaces = forms.ModelMultipleChoiceField(
        label=gettext_lazy("In quali Spazi"),
        queryset=Space.objects.none(),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "bando-many"}),
        required=False,
    )
    description = LongText(
        label=gettext_lazy("Che cosa si fa"),
        help_text=gettext_lazy(
            "Come funziona, chi lo fa, quando. Non scrivere nomi o contatti di persone: chi è interessato lo chiede da qui."
        ),
        limit=3000,
        widget=forms.Textarea(attrs={"rows": 8, "data-limit": 3000}),
        error_messages={"required": gettext_lazy("Scrivi che cosa si fa.")},
    )

    class Meta:
        model = Service
        fields = ["category", "title", "summary", "description", "audience", "price", "price_note"]
        widgets = {"price": forms.RadioSelect}
        labels = {
            "category": gettext_lazy("Tipo di servizio"),
            "title": gettext_lazy("Nome del servizio"),
            "summary": gettext_lazy("In una riga, che cos'è"),
            "audience": gettext_lazy("A chi serve"),
            "price": gettext_lazy("Costo"),
            "price_note": gettext_lazy("Quanto costa"),
        }
        help_texts = {
            "title": gettext_lazy("Con le parole delle persone: «Baby-sitter di condominio»."),
            "audience": gettext_lazy("Per esempio: famiglie con bambini fino a 6 anni."),
            "price_note": gettext_lazy("Se si paga: il prezzo, o da che cosa dipende. Per esempio 12,50 € l'ora."),
        }
        error_messages = {
            "category": {"required": gettext_lazy("Scegli il tipo di servizio.")},
            "title": {"required": gettext_lazy("Scrivi il nome del servizio.")},
            "summary": {"required": gettext_lazy("Scrivi in una riga che cos'è.")},
            "price": {"required": gettext_lazy("Scegli se è gratuito o a pagamento.")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].empty_label = _("Scegli")
        self.fields["price"].choices = Price.choices
        self.fields["spaces"].queryset = Space.objects.exclude(state=SpaceState.CLOSED).order_by("name")
        if not self.instance._state.adding:
            row = self.instance
            self.initial["ways"] = [way for way, column in EACH_WAY.items() if getattr(row, column)]
            self.initial["places"] = [place for place, column in EACH_PLACE.items() if getattr(row, column)]
            self.initial["municipi"] = row.municipi
            self.initial["spaces"] = row.spaces.all()
            self.carry(service_units(service_columns(row)))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("price") in (Price.PAID, Price.MIXED) and not values.get("price_note"):
            self.add_error("price_note", _("Scrivi quanto costa, o da che cosa dipende il prezzo."))
        if values.get("spaces") and "places" in values and "space" not in values["places"]:
            self.add_error("places", _("Hai scelto uno Spazio: segna anche «In uno Spazio WeMi»."))
        return values

    @property
    def details(self) -> dict[str, Any]:
        """The columns of the service, and its Spazi, as they were typed."""
        values = self.cleaned_data
        return {
            **{name: values[name] for name in self.Meta.fields},
            **{column: way in values["ways"] for way, column in EACH_WAY.items()},
            **{column: place in values["places"] for place, column in EACH_PLACE.items()},
            "municipi": sorted(values["municipi"]),
            "spaces": list(values["spaces"]),
        }

    def _post_clean(self) -> None:
        """The row is written by the act, and not touched here: a refused page shows what is stored."""


class NewServiceForm(ServiceForm):
    """The same, and for which accredited body."""

    accreditation = forms.ModelChoiceField(
        label=gettext_lazy("Ente"),
        queryset=Accreditation.objects.none(),
        empty_label=None,
        error_messages={"required": gettext_lazy("Scegli l'ente che offre il servizio.")},
    )
    field_order = ("accreditation",)

    def __init__(self, *args: Any, accreditations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["accreditation"].queryset = accreditations
        self.fields["accreditation"].label_from_instance = lambda row: row.organisation.name


class SynonymForm(CarriesBases, forms.ModelForm):
    use_required_attribute = False
    fields_of = SYNONYM

    class Meta:
        model = Synonym
        fields = ["term", "means"]
        labels = {"term": gettext_lazy("Le persone scrivono"), "means": gettext_lazy("Cerchiamo anche")}
        help_texts = {
            "term": gettext_lazy("Una parola o più parole, per esempio: badante."),
            "means": gettext_lazy("Parole che sono nei servizi. Più possibilità si separano con la virgola."),
        }
        error_messages = {
            "term": {"required": gettext_lazy("Scrivi la parola che usano le persone.")},
            "means": {"required": gettext_lazy("Scrivi almeno una parola del catalogo.")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.carry(synonym_units(synonym_columns(self.instance)))

    def _post_clean(self) -> None:
        """Whether the words are free is asked by the act, in all their endings."""


class DeskServicesForm(forms.Form):
    """The filters of the office's list."""

    q = forms.CharField(label=gettext_lazy("Cerca nel nome del servizio o dell'ente"), required=False, max_length=100)
    stato = forms.ChoiceField(label=gettext_lazy("Stato"), required=False)

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        self.fields["stato"].choices = [("", _("Tutti")), *Service._meta.get_field("state").choices]
        self.is_valid()

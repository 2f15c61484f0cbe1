"""What the partner for the method types, as values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.moment_form import MomentForm
from network.fields import date_field
from network.models import Attendee, Meeting, MeetingKind, Partnership, ServiceLink, ServiceLinkKind, Space
from network.support_units import LINK, link_columns, link_units
from network.written_at_once import CarriesBases

ROWS = 8
"""Empty rows of a sheet of attendance; saving brings as many again."""
OPEN_ROWS = 3
"""Empty rows that a page shows unfolded: on a telephone all of them are metres of empty fields."""
MUNICIPI = [("", gettext_lazy("Tutta la città")), *((n, n) for n in range(1, 10))]


class PlanForm(forms.Form):
    """The plan of support of a Spazio. ``seen`` is the version that the page showed."""

    use_required_attribute = False
    seen = forms.IntegerField(widget=forms.HiddenInput)
    partnership = forms.ModelChoiceField(
        label=gettext_lazy("Chi accompagna questo Spazio"),
        queryset=Partnership.objects.none(),
        error_messages={"required": gettext_lazy("Scegli chi accompagna lo Spazio.")},
    )
    needs = forms.CharField(
        label=gettext_lazy("Da dove si parte"),
        help_text=gettext_lazy("Che cosa c'è già, che cosa manca."),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )
    goals = forms.CharField(
        label=gettext_lazy("Obiettivi"),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Scrivi almeno un obiettivo.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partnership"].queryset = Partnership.objects.accompanying().select_related("organisation")
        self.fields["partnership"].empty_label = None


class ActionForm(forms.Form):
    use_required_attribute = False
    text = forms.CharField(
        label=gettext_lazy("Che cosa si fa"),
        max_length=300,
        error_messages={"required": gettext_lazy("Scrivi che cosa si fa.")},
    )
    due_on = date_field(gettext_lazy("Entro il"), "")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].required = False


class DoneForm(forms.Form):
    use_required_attribute = False
    done_on = date_field(gettext_lazy("Fatto il"), gettext_lazy("Scrivi quando è stato fatto."))
    outcome = forms.CharField(
        label=gettext_lazy("Che cosa ne è venuto"), widget=forms.Textarea(attrs={"rows": 2}), required=False
    )


class MeetingForm(MomentForm):
    """A meeting to come, on the clocks of Rome: ``starts_at``."""

    into = "starts_at"
    wanted: ClassVar = {
        "day": gettext_lazy("Scrivi il giorno dell'incontro."),
        "time": gettext_lazy("Scrivi l'ora dell'incontro."),
        "place": gettext_lazy("Scrivi dove ci si incontra."),
    }
    field_order = ("kind", "title", "day", "time", "minutes", "place", "agenda", "spaces")
    kind = forms.ChoiceField(
        label=gettext_lazy("Tipo"),
        choices=MeetingKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Scegli di che incontro si tratta.")},
    )
    title = forms.CharField(
        label=gettext_lazy("Titolo"), max_length=200, error_messages={"required": gettext_lazy("Scrivi un titolo.")}
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Durata in minuti"),
        min_value=1,
        max_value=24 * 60,
        initial=120,
        error_messages={
            code: gettext_lazy("La durata è un numero di minuti, da 1 a 1440.")
            for code in ("required", "invalid", "min_value", "max_value")
        },
    )
    agenda = forms.CharField(
        label=gettext_lazy("Di che cosa si parla"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    spaces = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Spazi invitati"),
        queryset=Space.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Scegli almeno uno Spazio.")},
    )

    def __init__(self, *args: Any, spaces: Iterable[Space], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["spaces"].queryset = spaces


class AttendanceForm(forms.Form):
    """Who came to a meeting: one row each of ``space-N``, ``name-N``, ``role-N``, ``minutes-N``; a row without a name is nobody.

    ``presences`` are the rows as :data:`network.actions.support.Presences` once the form is valid."""

    use_required_attribute = False
    minutes = MeetingForm.base_fields["minutes"]
    summary = forms.CharField(
        label=gettext_lazy("Che cosa è stato detto"),
        help_text=gettext_lazy("Lo legge chi partecipa alla rete. Non scrivere di persone seguite."),
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
    )

    def __init__(self, *args: Any, meeting: Meeting, written: Sequence[Attendee] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invited = {str(space.pk): space for space in meeting.spaces.all()}
        self.fields["minutes"].initial = meeting.minutes
        self.fields["summary"].initial = meeting.summary
        self.size = len(written) + ROWS
        if self.is_bound:
            self.size = max(self.size, sum(key.startswith("name-") for key in self.data))
        choices = [("", _("Altro ufficio o servizio")), *((pk, space.name) for pk, space in self.invited.items())]
        for n in range(self.size):
            row = written[n] if n < len(written) else None
            self.fields[f"name-{n}"] = forms.CharField(
                label=_("Nome e cognome, riga %(n)s") % {"n": n + 1},
                max_length=150,
                required=False,
                initial=row.name if row else "",
            )
            self.fields[f"space-{n}"] = forms.ChoiceField(
                label=_("Per quale Spazio, riga %(n)s") % {"n": n + 1},
                choices=choices,
                required=False,
                initial=str(row.space_id or "") if row else "",
            )
            self.fields[f"role-{n}"] = forms.CharField(
                label=_("Ruolo, riga %(n)s") % {"n": n + 1}, max_length=150, required=False, initial=row.role if row else ""
            )
            self.fields[f"minutes-{n}"] = forms.IntegerField(
                label=_("Minuti, riga %(n)s") % {"n": n + 1},
                min_value=0,
                max_value=24 * 60,
                required=False,
                initial=row.minutes if row else None,
                error_messages={
                    code: _("I minuti sono un numero, da 0 a 1440.") for code in ("invalid", "min_value", "max_value")
                },
            )
        for name, field in self.fields.items():
            if "-" in name:
                field.blank_is_an_answer = True

    @property
    def rows(self) -> list[list[Any]]:
        return [[self[f"{part}-{n}"] for part in ("name", "space", "role", "minutes")] for n in range(self.size)]

    @property
    def sheet(self) -> dict[str, list[tuple[int, list[Any]]]]:
        """The numbered rows that a page shows, and the empty ones that it folds."""
        rows = list(enumerate(self.rows, start=1))
        typed = [n for n, (name, _space, role, stay) in rows if any(field.value() for field in (name, role, stay))]
        shown = max(typed, default=0) + OPEN_ROWS
        return {"shown": rows[:shown], "folded": rows[shown:]}

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        presences, names = [], set()
        for n in range(self.size):
            name = " ".join(typed.get(f"name-{n}", "").split())
            if not name:
                if typed.get(f"role-{n}") or typed.get(f"minutes-{n}"):
                    self.add_error(f"name-{n}", _("Scrivi il nome, o svuota la riga."))
                continue
            if name.casefold() in names:
                self.add_error(f"name-{n}", _("Questo nome c'è già: se sono due persone, aggiungi qualcosa che le distingua."))
            names.add(name.casefold())
            stay = typed.get(f"minutes-{n}")
            whole = typed.get("minutes") or 0
            space = self.invited.get(typed.get(f"space-{n}", ""))
            presences.append((space, name, typed.get(f"role-{n}", "").strip(), whole if stay is None else stay))
        typed["presences"] = presences
        return typed


class LinkForm(CarriesBases, forms.ModelForm):
    """An office or a service that the Spazi work with."""

    use_required_attribute = False
    fields_of = LINK
    kind = forms.ChoiceField(label=gettext_lazy("Che cos'è"), choices=ServiceLinkKind.choices)
    municipio = forms.TypedChoiceField(
        label=gettext_lazy("Municipio"), choices=MUNICIPI, coerce=int, empty_value=None, required=False
    )
    spaces = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Per quali Spazi"),
        help_text=gettext_lazy("Se non ne scegli nessuno, vale per tutti."),
        queryset=Space.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = ServiceLink
        fields = ["kind", "name", "what_for", "contact", "municipio", "spaces"]
        widgets = {"what_for": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"contact": gettext_lazy("Nome, telefono o e-mail. Lo legge solo chi lavora nella rete.")}
        error_messages = {
            "name": {"required": gettext_lazy("Scrivi il nome dell'ufficio o del servizio.")},
            "what_for": {"required": gettext_lazy("Scrivi per che cosa ci si rivolge qui.")},
            "contact": {"required": gettext_lazy("Scrivi chi si chiama.")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.carry(link_units(link_columns(self.instance, self.instance.spaces.all())))

"""The pairs of proposals as a member compares them. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from bando.templatetags.bando_ui import in_italian
from evaluation.comparing import Preferred
from evaluation.comparing_words import degree_words
from evaluation.models import Preference

MOST_OF_A_NOTE = 1000
FIRST, SECOND, NEITHER = Preference.Prefers.FIRST, Preference.Prefers.SECOND, Preference.Prefers.NEITHER


@dataclass(frozen=True, slots=True)
class Named:
    """A proposal in the table: its pk, its number, the title by which it is called, and where its answers about the criterion
    can be read ("" where there is no sheet to open)."""

    pk: Any
    number: str
    title: str
    body: str
    url: str


@dataclass(frozen=True, slots=True)
class PairFields:
    """A pair on the page; ``done`` once it is saved."""

    first: Named
    second: Named
    who: BoundField
    degree: BoundField
    note: BoundField
    shown: str
    done: bool


class ComparisonForm(forms.Form):
    """For each pair ``who`` is better, by which ``degree`` and an optional ``note``. Pairs left empty are no error: the table
    is kept as far as it goes. The page carries what it showed, so that a window left open does not write over another."""

    use_required_attribute = False

    def __init__(
        self,
        *args: Any,
        pairs: Sequence[tuple[Named, Named]],
        degrees: Iterable[int],
        stored: Mapping[tuple[Any, Any], Preference],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.pairs, self.stored = pairs, stored
        choices = [("", _("Scegli il grado")), *((str(units), degree_words(units)) for units in degrees)]
        for first, second in pairs:
            key, kept = _key(first, second), stored.get((first.pk, second.pk))
            self.fields[f"who-{key}"] = _quiet(
                forms.ChoiceField(
                    label=format_html(
                        _("{first} / {second}: quale è migliore?"),
                        first=in_italian(first.title),
                        second=in_italian(second.title),
                    ),
                    required=False,
                    show_hidden_initial=True,
                    initial=kept.prefers if kept else "",
                    choices=[
                        (FIRST, format_html(_("La prima: {title}"), title=in_italian(first.title))),
                        (NEITHER, _("Pari")),
                        (SECOND, format_html(_("La seconda: {title}"), title=in_italian(second.title))),
                    ],
                    widget=forms.RadioSelect,
                )
            )
            self.fields[f"degree-{key}"] = _quiet(
                forms.ChoiceField(
                    label=_("Di quanto? (se non sono pari)"),
                    required=False,
                    show_hidden_initial=True,
                    initial=str(kept.units) if kept and kept.prefers != NEITHER else "",
                    choices=choices,
                )
            )
            self.fields[f"note-{key}"] = forms.CharField(
                label=_("Nota"),
                required=False,
                show_hidden_initial=True,
                max_length=MOST_OF_A_NOTE,
                initial=kept.note if kept else "",
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for first, second in self.pairs:
            key = _key(first, second)
            who, degree = cleaned.get(f"who-{key}"), cleaned.get(f"degree-{key}")
            names = {"first": first.title, "second": second.title}
            if who in (FIRST, SECOND) and not degree and f"degree-{key}" not in self.errors:
                better = first if who == FIRST else second
                words = _("%(first)s / %(second)s: scegli di quanto è migliore «%(better)s».")
                self.add_error(f"degree-{key}", words % {**names, "better": better.title})
            elif (degree or cleaned.get(f"note-{key}")) and not who and f"who-{key}" not in self.errors:
                self.add_error(f"who-{key}", _("%(first)s / %(second)s: scegli quale è migliore, o «Pari».") % names)
        return cleaned

    def cells(self) -> list[Preferred]:
        """The pairs that can be kept and were changed on this page."""
        changed, found = set(self.changed_data), []
        for first, second in self.pairs:
            key = _key(first, second)
            names = {f"{part}-{key}" for part in ("who", "degree", "note")}
            if not changed & names or names & self.errors.keys() or not self.cleaned_data.get(f"who-{key}"):
                continue
            who, degree = self.cleaned_data[f"who-{key}"], self.cleaned_data[f"degree-{key}"]
            units = int(degree) if degree and who != NEITHER else 0
            found.append(Preferred(first.pk, second.pk, who, units, self.cleaned_data[f"note-{key}"]))
        return found

    def rows(self) -> list[PairFields]:
        found = []
        for first, second in self.pairs:
            key = _key(first, second)
            fields = [self[f"{part}-{key}"] for part in ("who", "degree", "note")]
            shown = format_html_join("", "{}", ((field.as_hidden(only_initial=True),) for field in fields))
            found.append(PairFields(first, second, *fields, shown=shown, done=(first.pk, second.pk) in self.stored))
        return found


def _key(first: Named, second: Named) -> str:
    return f"{first.number}-{second.number}"


def _quiet(field: forms.Field) -> forms.Field:
    """Not marked as optional: the table wants it, if not now."""
    field.blank_is_an_answer = True
    return field

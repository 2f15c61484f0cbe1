"""What is typed about a table, its sessions and their minutes, as values. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.merging import fingerprint
from applications.models import Application
from applications.sections.fields import one_line_ending
from evaluation.moment_form import MomentForm
from evaluation.ties import organisations_of
from network.fields import ReasonForm
from network.models import TablePartner
from network.table_minutes import Party, Said

LONGEST = 50_000
WIDEST = 150
"""Characters of a text, and of the name or the role of a person."""

OFFICE = "office"
"""The administration among the parties of a form; the others are named by the pk of their seat."""

People = Mapping[int | None, Sequence[tuple[str, str]]]


def _text(label: Any, *, rows: int, required: Any = "", help_text: Any = "") -> forms.CharField:
    """``required``: what is said to who leaves it blank; "" where it may be."""
    return forms.CharField(
        label=label,
        required=bool(required),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=help_text,
        error_messages={"required": required} if required else None,
    )


# The table


class SeatsForm(forms.Form):
    """The proposals whose bodies may sit, each with the reason why it does not."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, candidates: Iterable[Application]) -> None:
        super().__init__(data)
        self.candidates = list(candidates)
        for row in self.candidates:
            bodies = ", ".join(body.name for body in organisations_of(row))
            self.fields[f"sits_{row.pk}"] = forms.BooleanField(
                label=f"{bodies} ({row.number}, {row.get_state_display()})", required=False, initial=True
            )
            self.fields[f"why_{row.pk}"] = forms.CharField(
                label=_("Se non siede al tavolo, perché (%(number)s)") % {"number": row.number},
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def rows(self) -> list[tuple[BoundField, BoundField]]:
        return [(self[f"sits_{row.pk}"], self[f"why_{row.pk}"]) for row in self.candidates]

    def applications(self) -> list[Application]:
        return [row for row in self.candidates if self.cleaned_data[f"sits_{row.pk}"]]

    def left_out(self) -> dict[Any, str]:
        return {row.pk: self.cleaned_data[f"why_{row.pk}"] for row in self.candidates}


class JoinForm(ReasonForm):
    use_required_attribute = False
    application = forms.ChoiceField(
        label=gettext_lazy("Chi si siede al tavolo"),
        error_messages={"required": gettext_lazy("Scegli la proposta i cui enti si siedono al tavolo.")},
    )
    field_order = ("application", "reason")

    def __init__(self, data: Any = None, *, candidates: Iterable[Application]) -> None:
        super().__init__(data, prefix="join")
        self.candidates = {str(row.pk): row for row in candidates}
        self.fields["application"].choices = [(pk, f"{row.organisation} ({row.number})") for pk, row in self.candidates.items()]

    def chosen(self) -> Application:
        return self.candidates[self.cleaned_data["application"]]


class LeaveForm(ReasonForm):
    use_required_attribute = False
    partner = forms.ChoiceField(
        label=gettext_lazy("Chi lascia il tavolo"),
        error_messages={"required": gettext_lazy("Scegli l'ente che lascia il tavolo.")},
    )
    field_order = ("partner", "reason")

    def __init__(self, data: Any = None, *, partners: Iterable[TablePartner]) -> None:
        super().__init__(data, prefix="leave")
        self.partners = {str(seat.pk): seat for seat in partners}
        self.fields["partner"].choices = [
            (pk, f"{seat.organisation} ({seat.application.number})") for pk, seat in self.partners.items()
        ]

    def chosen(self) -> TablePartner:
        return self.partners[self.cleaned_data["partner"]]


class ConcludeForm(forms.Form):
    use_required_attribute = False
    conclusion = _text(
        gettext_lazy("Come si conclude"),
        rows=4,
        required=gettext_lazy("Scrivi come si conclude il tavolo: lo leggono tutti."),
        help_text=gettext_lazy("Lo leggono tutti, nella pagina pubblica del tavolo. Non scrivere dati personali."),
    )


class ReopenForm(ReasonForm):
    use_required_attribute = False


# A session


class PlanForm(MomentForm):
    """A session to come, on the clocks of Rome: ``planned_at``."""

    wanted: ClassVar = {
        "day": gettext_lazy("Scrivi il giorno dell'incontro."),
        "time": gettext_lazy("Scrivi l'ora dell'incontro."),
        "place": gettext_lazy("Scrivi dove si tiene l'incontro."),
    }
    field_order = ("day", "time", "place", "agenda")
    agenda = _text(
        gettext_lazy("Ordine del giorno"),
        rows=4,
        required=gettext_lazy("Scrivi l'ordine del giorno."),
        help_text=gettext_lazy("Un punto per riga."),
    )


class CancelForm(forms.Form):
    use_required_attribute = False
    reason = _text(gettext_lazy("Perché lo annulli"), rows=2, required=gettext_lazy("Scrivi perché annulli l'incontro."))


class PresencesForm(forms.Form):
    """Who is there for each party: names that were typed before are ticked, others are written, one on each line."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, parties: Iterable[Party], known: People, present: People) -> None:
        super().__init__(data)
        self.parties = list(parties)
        self.known = {_key(party): list(known.get(party.partner, ())) for party in self.parties}
        for party in self.parties:
            key = _key(party)
            if self.known[key]:
                here = [n for n, person in enumerate(self.known[key]) if person in present.get(party.partner, ())]
                self.fields[f"known_{key}"] = forms.TypedMultipleChoiceField(
                    label=party.name,
                    choices=[(n, _written(person)) for n, person in enumerate(self.known[key])],
                    coerce=int,
                    required=False,
                    initial=here,
                    widget=forms.CheckboxSelectMultiple,
                )
                self.fields[f"known_{key}"].blank_is_an_answer = True
            self.fields[f"more_{key}"] = forms.CharField(
                label=_("Altre persone: %(party)s") % {"party": party.name} if self.known[key] else party.name,
                required=False,
                max_length=LONGEST,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text=_("Una per riga, con la veste dopo una virgola. Per esempio: Maria Rossi, presidente."),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for party in self.parties:
            people = _people(cleaned.get(f"more_{_key(party)}", ""))
            if any(len(name) > WIDEST or len(role) > WIDEST for name, role in people):
                self.add_error(f"more_{_key(party)}", _("Una riga è troppo lunga: scrivi una persona per riga."))
        return cleaned

    def rows(self) -> list[tuple[BoundField | None, BoundField]]:
        keys = [_key(party) for party in self.parties]
        return [(self[f"known_{key}"] if self.known[key] else None, self[f"more_{key}"]) for key in keys]

    def present(self) -> dict[int | None, list[tuple[str, str]]]:
        found = {}
        for party in self.parties:
            key = _key(party)
            here = [self.known[key][n] for n in self.cleaned_data.get(f"known_{key}", ())]
            found[party.partner] = list(dict.fromkeys([*here, *_people(self.cleaned_data[f"more_{key}"])]))
        return found


def _key(party: Party) -> str:
    return OFFICE if party.partner is None else str(party.partner)


def _written(person: tuple[str, str]) -> str:
    return ", ".join(part for part in person if part)


def _people(lines: str) -> list[tuple[str, str]]:
    parts = [line.partition(",") for line in lines.splitlines()]
    return [(name.strip(), role.strip()) for name, _comma, role in parts if name.strip()]


class DecisionForm(forms.Form):
    """What is decided; ``number`` is that of a decision to write anew, None for a new one."""

    use_required_attribute = False
    text = _text(gettext_lazy("Che cosa è stato deciso"), rows=3, required=gettext_lazy("Scrivi che cosa è stato deciso."))
    against = _text(
        gettext_lazy("Chi non è d'accordo e perché"),
        rows=2,
        help_text=gettext_lazy("Lascia vuoto se nessuno è contrario."),
    )
    number = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)


# The minutes


class MinutesForm(forms.Form):
    """The text around what happened. The page carries the fingerprint of what it showed, so that of two who write at once
    nobody's words are lost."""

    use_required_attribute = False
    text = _text(
        gettext_lazy("Testo del verbale"), rows=12, help_text=gettext_lazy("Gli interventi, i motivi delle decisioni.")
    )
    base = forms.CharField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, text: str, version: int) -> None:
        super().__init__(data, initial={"text": text, "base": fingerprint({"text": text}), "version": version})

    def typed(self) -> str:
        return _tidy(self.cleaned_data["text"])


class SignForm(forms.Form):
    """The minutes as one party signed them. ``parties``: those for which the file may be brought."""

    use_required_attribute = False
    party = forms.ChoiceField(
        label=gettext_lazy("Chi ha firmato"), error_messages={"required": gettext_lazy("Scegli chi ha firmato il file.")}
    )
    file = forms.FileField(
        label=gettext_lazy("Verbale firmato"),
        widget=forms.FileInput(attrs={"accept": ".pdf,.p7m"}),
        allow_empty_file=True,  # an empty file gets the sentence that names it
        help_text=gettext_lazy("Il PDF del verbale con la firma digitale, o il file p7m."),
        error_messages={"required": gettext_lazy("Scegli un file, poi premi «Carica».")},
    )

    def __init__(self, *args: Any, parties: Iterable[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parties = {_key(party): party for party in parties}
        self.fields["party"].choices = [(key, party.name) for key, party in self.parties.items()]

    def partner(self) -> int | None:
        return self.parties[self.cleaned_data["party"]].partner


class PublishForm(forms.Form):
    """What the office lets out of approved minutes."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, agenda: str, text: str, decisions: Iterable[Said]) -> None:
        super().__init__(data)
        self.fields["agenda"] = _text(_("Ordine del giorno"), rows=4)
        self.fields["text"] = _text(_("Testo del verbale"), rows=8)
        self.initial |= {"agenda": agenda, "text": text}
        self.numbers = []
        for said in decisions:
            self.numbers.append(said.number)
            self.fields[f"decision_{said.number}"] = _text(_("Decisione n. %(n)s") % {"n": said.number}, rows=3)
            self.initial[f"decision_{said.number}"] = said.text
            if said.is_contested:
                self.fields[f"against_{said.number}"] = _text(
                    _("Chi non è d'accordo sulla decisione n. %(n)s") % {"n": said.number}, rows=2
                )
                self.initial[f"against_{said.number}"] = said.against
        self.fields["weighed"] = forms.BooleanField(
            label=_("Ho riletto tutto: quello che sembra un dato personale può uscire"), required=False
        )

    def written(self) -> list[BoundField]:
        return [self[name] for name in self.fields if name != "weighed"]

    def decisions(self) -> dict[int, tuple[str, str]]:
        typed = self.cleaned_data
        return {n: (_tidy(typed[f"decision_{n}"]), _tidy(typed.get(f"against_{n}", ""))) for n in self.numbers}

    def public(self) -> dict[str, Any]:
        typed = self.cleaned_data
        return {"agenda": _tidy(typed["agenda"]), "text": _tidy(typed["text"]), "decisions": self.decisions()}


def _tidy(text: str) -> str:
    return one_line_ending(text).strip()

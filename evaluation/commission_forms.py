"""What is typed about the commission, its sessions and their minutes, as values. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from applications.act_form import ActForm
from applications.merging import fingerprint
from applications.models import Application
from applications.sections.fields import one_line_ending
from bando.notice.document import Area
from bando.notice.document import Commission as CommissionRule
from evaluation.minutes import Part
from evaluation.models import Member, MemberRole, SessionKind
from evaluation.moment_form import MomentForm
from evaluation.ties import organisations_of
from workflow.ledger import digest

SUBSTITUTES = 2
"""Rows for substitutes in the form of the appointment."""


class DecidingForm(ActForm):
    """The act, and for each warning on a person why they sit all the same (:meth:`decide`)."""

    weighed: Sequence[tuple[str, BoundField]] = ()

    def decide(self, warnings: Sequence[str]) -> dict[str, str]:
        """One more field for each warning; answers what was typed in them, and what is still blank is an error."""
        typed, names = {}, []
        for number, warning in enumerate(warnings, 1):
            name = f"decision_{digest(warning)[:12]}"
            self.fields[name] = forms.CharField(
                label=_("Perché la nomini lo stesso (avvertenza %(n)s)") % {"n": number},
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text=_("La decisione resta con l'atto di nomina."),
            )
            names.append((warning, name))
            typed[warning] = str(self.data.get(self.add_prefix(name), "")).strip()
            if not typed[warning]:
                self.add_error(name, _("Scrivi perché la nomini lo stesso, oppure scegli un'altra persona."))
        self.weighed = [(warning, self[name]) for warning, name in names]
        return typed


def _unknown(email: str) -> str:
    return _("Nessuna persona registrata usa %(email)s. Chiedile di registrarsi, poi torna qui.") % {"email": email}


def _people(emails: Iterable[str]) -> dict[str, User]:
    return {user.email.lower(): user for user in User.objects.filter(email__in=emails, is_active=True)}


class EmailField(forms.EmailField):
    def __init__(self, **options: Any) -> None:
        super().__init__(
            required=False,
            widget=forms.EmailInput(attrs={"autocomplete": "off"}),
            error_messages={"invalid": _("Scrivi un indirizzo e-mail, per esempio nome@esempio.it.")},
            **options,
        )


class AppointForm(DecidingForm):
    """The act and the people, by e-mail: rows left empty are no seats. ``seats`` answers (user, role) in their order."""

    def __init__(self, *args: Any, rule: CommissionRule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [MemberRole.CHAIR, *[MemberRole.MEMBER] * (rule.max_members - 1)]
        roles += [MemberRole.SECRETARY, *[MemberRole.SUBSTITUTE] * SUBSTITUTES]
        self.rows = range(len(roles))
        for row, role in enumerate(roles):
            self.fields[f"email_{row}"] = EmailField(label=_("E-mail della persona %(n)s") % {"n": row + 1})
            self.fields[f"role_{row}"] = forms.ChoiceField(
                label=_("Ruolo della persona %(n)s") % {"n": row + 1}, choices=MemberRole.choices, initial=role, required=False
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        emails = {row: email.lower() for row in self.rows if (email := cleaned.get(f"email_{row}"))}
        known = _people(emails.values())
        for row, email in emails.items():
            if email not in known:
                self.add_error(f"email_{row}", _unknown(email))
        self.seats = [
            (known[email], cleaned.get(f"role_{row}") or MemberRole.MEMBER) for row, email in emails.items() if email in known
        ]
        if not emails and not self.errors:
            self.add_error("email_0", _("Scrivi le e-mail di chi fa parte della commissione."))
        return cleaned

    def people(self) -> list[tuple[BoundField, BoundField]]:
        return [(self[f"email_{row}"], self[f"role_{row}"]) for row in self.rows]


class ReplaceForm(DecidingForm):
    """Why a member leaves, and who takes the seat: a substitute, or somebody new by e-mail. ``joining`` is that person."""

    reason = forms.CharField(
        label=gettext_lazy("Perché lascia la commissione"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Per esempio: rinuncia, conflitto di interessi, malattia. Resta nell'atto e nel verbale."),
        error_messages={"required": gettext_lazy("Scrivi perché lascia la commissione.")},
    )

    def __init__(self, *args: Any, substitutes: Sequence[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.substitutes = {str(member.pk): member.user for member in substitutes}
        if substitutes:
            self.fields["substitute"] = forms.ChoiceField(
                label=_("Chi prende il posto"),
                choices=[*((pk, str(user)) for pk, user in self.substitutes.items()), ("new", _("Un'altra persona"))],
                widget=forms.RadioSelect,
                error_messages={"required": _("Scegli chi prende il posto.")},
            )
        if substitutes:
            label, hint = (
                _("E-mail di un'altra persona"),
                _("Quella con cui si è registrata. Serve solo se non è un supplente."),
            )
        else:
            label, hint = _("E-mail di chi prende il posto"), _("Quella con cui si è registrata.")
        self.fields["email"] = EmailField(label=label, help_text=hint)
        if not substitutes:
            self.fields["email"].required = True
            self.fields["email"].error_messages["required"] = _("Scrivi l'e-mail di chi prende il posto.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.joining = self.substitutes.get(cleaned.get("substitute", ""))
        chosen = cleaned.get("substitute") if self.substitutes else "new"
        if chosen == "new" and "email" not in self.errors:
            email = (cleaned.get("email") or "").lower()
            self.joining = _people([email]).get(email)
            if not email:  # chosen among the radio buttons and not written
                self.add_error("email", _("Scrivi l'e-mail di chi prende il posto."))
            elif self.joining is None:
                self.add_error("email", _unknown(email))
        return cleaned


class DeclarationsForm(forms.Form):
    """One pair of radio buttons and a note for each applicant, by name alone: of a group the lead and the others."""

    use_required_attribute = False

    def __init__(self, *args: Any, applications: Iterable[Application], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.applications = list(applications)
        for application in self.applications:
            body = ", ".join(organisation.name for organisation in organisations_of(application))
            self.fields[f"conflict_{application.pk}"] = forms.ChoiceField(
                label=body,
                choices=[
                    ("no", _("Non ho rapporti con questo ente, né ne hanno le persone a me vicine")),
                    ("yes", _("Ho un conflitto di interessi: non valuto questa proposta")),
                ],
                widget=forms.RadioSelect,
                error_messages={
                    "required": _("Scegli una risposta per %(body)s.") % {"body": body},
                    "invalid_choice": _("Scegli una risposta per %(body)s.") % {"body": body},
                },
            )
            self.fields[f"note_{application.pk}"] = forms.CharField(
                label=_("Spiegazione su %(body)s") % {"body": body},
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text=_("Se c'è un conflitto, scrivi quale. La legge solo l'ufficio."),
            )

    def said(self) -> list[tuple[Application, bool, str]]:
        return [
            (a, self.cleaned_data[f"conflict_{a.pk}"] == "yes", self.cleaned_data[f"note_{a.pk}"]) for a in self.applications
        ]


class PlanForm(MomentForm):
    """A session to come, on the clocks of Rome: ``planned_at``."""

    wanted: ClassVar = {
        "day": gettext_lazy("Scrivi il giorno della seduta."),
        "time": gettext_lazy("Scrivi l'ora della seduta."),
        "place": gettext_lazy("Scrivi dove si tiene la seduta."),
    }
    field_order = ("kind", "area", "day", "time", "place", "agenda")
    kind = forms.ChoiceField(
        label=gettext_lazy("Tipo di seduta"),
        choices=[
            (SessionKind.PUBLIC, gettext_lazy("Pubblica: la annunciamo nella pagina dell'avviso")),
            (SessionKind.RESERVED, gettext_lazy("Riservata alla commissione")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Scegli se la seduta è pubblica o riservata.")},
    )
    area = forms.ChoiceField(label=gettext_lazy("Di quale area si parla"), required=False)
    agenda = forms.CharField(
        label=gettext_lazy("Ordine del giorno"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "Non nominare gli enti: lo legge tutta la commissione, e se la seduta è pubblica lo leggono tutti."
        ),
        error_messages={"required": gettext_lazy("Scrivi l'ordine del giorno.")},
    )

    def __init__(self, *args: Any, areas: Iterable[Area], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [("", _("Tutto l'avviso")), *((area.code, area.title) for area in areas)]


class CancelForm(forms.Form):
    use_required_attribute = False
    reason = forms.CharField(
        label=gettext_lazy("Perché la annulli"),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Scrivi perché annulli la seduta.")},
    )


class AttendanceForm(forms.Form):
    """Who is there, and a note for each. ``present`` answers those who are, by the pk of the member."""

    use_required_attribute = False

    def __init__(self, *args: Any, members: Sequence[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = members
        for member in members:
            self.fields[f"present_{member.pk}"] = forms.BooleanField(
                label=_("%(name)s è presente") % {"name": member}, required=False
            )
            self.fields[f"note_{member.pk}"] = forms.CharField(
                label=_("Nota su %(name)s") % {"name": member.user},
                required=False,
                max_length=300,
            )

    def rows(self) -> list[tuple[BoundField, BoundField]]:
        return [(self[f"present_{member.pk}"], self[f"note_{member.pk}"]) for member in self.members]

    def present(self) -> dict[int, str]:
        here = [member.pk for member in self.members if self.cleaned_data[f"present_{member.pk}"]]
        return {pk: self.cleaned_data[f"note_{pk}"] for pk in here}


LONGEST = 50_000


def _text(label: str, *, rows: int, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": rows}), help_text=help_text
    )


class MinutesForm(forms.Form):
    """The text of the minutes, what is said of single proposals, and one proposal more. The page carries the fingerprint of each
    text that it showed (``base_``), so that of two who write at once nobody's words are lost."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, text: str, parts: Sequence[Part], others: Sequence[Part], version: int) -> None:
        super().__init__(data)
        written = {"text": text, **{part.application: part.text for part in parts}}
        self.fields["text"] = _text(
            _("Testo del verbale"), rows=12, help_text=_("Non parlare qui di una sola proposta: usa la sua parte, qui sotto.")
        )
        for part in parts:
            self.fields[part.application] = _text(_("Su %(proposal)s") % {"proposal": part.name}, rows=4)
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput)
        self.initial["version"] = version
        # What another person added meanwhile was not on the page that is sent, and stays.
        self.units = tuple(unit for unit in written if not self.is_bound or f"base_{unit}" in self.data)
        for unit, said in written.items():
            self.initial[unit] = said
            self.fields[f"base_{unit}"] = forms.CharField(required=False, widget=forms.HiddenInput)
            self.initial[f"base_{unit}"] = fingerprint({unit: said})
        choices = [(part.application, part.name) for part in others]
        self.fields["about"] = forms.ChoiceField(
            label=_("Aggiungi una parte su una proposta"), choices=[("", _("Nessuna")), *choices], required=False
        )
        self.fields["more"] = _text(
            _("Che cosa dice il verbale di questa proposta"),
            rows=4,
            help_text=_("Chi è in conflitto con questa proposta non legge questa parte finché il verbale non è pubblicato."),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if (cleaned.get("more") or "").strip() and not cleaned.get("about"):
            self.add_error("about", _("Scegli di quale proposta parla questa parte."))
        return cleaned

    def written(self) -> list[tuple[BoundField, BoundField]]:
        return [(self[unit], self[f"base_{unit}"]) for unit in self.units]

    def typed(self) -> dict[str, str]:
        found = {unit: _tidy(self.cleaned_data[unit]) for unit in self.units}
        if self.cleaned_data["about"]:
            found[self.cleaned_data["about"]] = _tidy(self.cleaned_data["more"])
        return found

    def bases(self) -> dict[str, list[str]]:
        found = {unit: [self.cleaned_data[f"base_{unit}"]] for unit in self.units}
        if self.cleaned_data["about"]:
            found[self.cleaned_data["about"]] = [fingerprint({})]
        return found


class SignForm(forms.Form):
    """The minutes as they came back signed."""

    use_required_attribute = False
    file = forms.FileField(
        label=gettext_lazy("Verbale firmato"),
        widget=forms.FileInput(attrs={"accept": ".pdf,.p7m"}),
        allow_empty_file=True,  # an empty file gets the sentence that names it
        help_text=gettext_lazy("Il PDF del verbale con le firme digitali, o il file p7m."),
        error_messages={"required": gettext_lazy("Scegli un file, poi premi «Carica».")},
    )


class PublishMinutesForm(forms.Form):
    """What the office lets out of approved minutes."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, text: str, parts: Sequence[Part], has_reasons: bool) -> None:
        super().__init__(data)
        self.fields["text"] = _text(_("Testo del verbale da pubblicare"), rows=10)
        self.initial["text"] = text
        self.units = tuple(part.application for part in parts)
        for part in parts:
            self.fields[part.application] = _text(_("Su %(proposal)s") % {"proposal": part.name}, rows=4)
            self.initial[part.application] = part.text
        if has_reasons:
            self.fields["reasons"] = forms.BooleanField(
                label=_("Pubblica anche i motivi dei punteggi, proposta per proposta"), required=False
            )
        self.fields["weighed"] = forms.BooleanField(
            label=_("Ho riletto il testo: quello che sembra un dato personale può uscire"), required=False
        )

    def written(self) -> list[BoundField]:
        return [self["text"], *(self[unit] for unit in self.units)]

    def parts(self) -> dict[str, str]:
        return {unit: _tidy(self.cleaned_data[unit]) for unit in self.units}


def _tidy(text: str) -> str:
    return one_line_ending(text).strip()

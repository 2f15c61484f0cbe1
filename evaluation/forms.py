"""What the office and the commission type, as values. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from applications.models import Application
from applications.sections.fields import DayField
from bando.notice.document import Commission as CommissionRule
from bando.notice.grid import Criterion, Grid
from bando.templatetags.bando_ui import in_italian
from evaluation.figures import short_figure
from evaluation.gaps import Gap
from evaluation.models import MemberRole


class ActForm(forms.Form):
    """The number and the date of an act; ``seen`` is the hash of what was on the screen."""

    use_required_attribute = False
    act_number = forms.CharField(
        label=gettext_lazy("Numero dell'atto"),
        max_length=60,
        help_text=gettext_lazy("Come è scritto nell'atto, per esempio 1234/2026."),
        error_messages={"required": gettext_lazy("Scrivi il numero dell'atto.")},
    )
    act_date = DayField(
        label=gettext_lazy("Data dell'atto"),
        help_text=gettext_lazy("Per esempio 18/10/2026."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["act_date"].error_messages["required"] = _("Scrivi la data dell'atto.")


class AppointForm(ActForm):
    """The act and the people, by e-mail: rows left empty are no seats. ``seats`` answers (user, role) in their order."""

    confirmed = forms.BooleanField(
        label=gettext_lazy("Ho letto le avvertenze. L'atto spiega perché nomino queste persone."), required=False
    )

    def __init__(self, *args: Any, rule: CommissionRule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["seen"]
        self.rows = range(rule.max_members + 1)
        for row in self.rows:
            role = MemberRole.CHAIR if row == 0 else MemberRole.SECRETARY if row == rule.max_members else MemberRole.MEMBER
            self.fields[f"email_{row}"] = forms.EmailField(
                label=_("E-mail della persona %(n)s") % {"n": row + 1},
                required=False,
                widget=forms.EmailInput(attrs={"autocomplete": "off"}),
                error_messages={"invalid": _("Scrivi un indirizzo e-mail, per esempio nome@esempio.it.")},
            )
            self.fields[f"role_{row}"] = forms.ChoiceField(
                label=_("Ruolo della persona %(n)s") % {"n": row + 1}, choices=MemberRole.choices, initial=role, required=False
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        emails = {row: email.lower() for row in self.rows if (email := cleaned.get(f"email_{row}"))}
        known = {user.email.lower(): user for user in User.objects.filter(email__in=emails.values(), is_active=True)}
        for row, email in emails.items():
            if email not in known:
                self.add_error(
                    f"email_{row}",
                    _("Nessuna persona registrata usa %(email)s. Chiedile di registrarsi, poi torna qui.") % {"email": email},
                )
        self.seats = [
            (known[email], cleaned.get(f"role_{row}") or MemberRole.MEMBER) for row, email in emails.items() if email in known
        ]
        if not emails and not self.errors:
            self.add_error("email_0", _("Scrivi le e-mail di chi fa parte della commissione."))
        return cleaned

    def people(self) -> list[tuple[BoundField, BoundField]]:
        return [(self[f"email_{row}"], self[f"role_{row}"]) for row in self.rows]


class DeclarationsForm(forms.Form):
    """One pair of radio buttons and a note for each applicant, by name alone."""

    use_required_attribute = False

    def __init__(self, *args: Any, applications: Iterable[Application], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.applications = list(applications)
        for application in self.applications:
            body = application.organisation.name
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


class SheetForm(forms.Form):
    """The whole sheet: for each criterion a level of the scale and a written reason. A draft may lack both: then
    nothing is ``wrong`` although the form has errors. The page carries what it showed, so that a window left open
    since yesterday does not write over what was marked in another one."""

    use_required_attribute = False

    def __init__(self, *args: Any, grid: Grid, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.grid = grid
        for index, criterion in enumerate(grid.criteria):
            self.fields[f"level-{index}"] = forms.ChoiceField(
                show_hidden_initial=True,
                label=format_html(_("Quale livello dai a «{title}»?"), title=in_italian(criterion.title)),
                choices=[(str(level.coefficient), _level_words(level, criterion)) for level in grid.scale],
                widget=forms.RadioSelect(attrs={"class": "bando-scale"}),
                error_messages={
                    "required": Gap(criterion, mark=True, reason=False).sentence,
                    "invalid_choice": _("Scegli un livello della scala per «%(title)s».") % {"title": criterion.title},
                },
            )
            self.fields[f"reason-{index}"] = forms.CharField(
                show_hidden_initial=True,
                label=format_html(_("Perché? Motivo del punteggio di «{title}»"), title=in_italian(criterion.title)),
                error_messages={"required": Gap(criterion, mark=False, reason=True).sentence},
                widget=forms.Textarea(attrs={"rows": 4}),
                help_text=_("Serve al verbale. Di' che cosa hai trovato nella proposta e che cosa manca."),
            )

    @staticmethod
    def initial_from(grid: Grid, marks: dict[str, tuple[Decimal | None, str]]) -> dict[str, str]:
        found = {}
        for index, criterion in enumerate(grid.criteria):
            coefficient, reason = marks.get(criterion.code, (None, ""))
            level = next((str(level.coefficient) for level in grid.scale if level.coefficient == coefficient), "")
            found |= {f"level-{index}": level, f"reason-{index}": reason}
        return found

    def marks(self) -> dict[str, tuple[Decimal | None, str]]:
        """Criterion to (coefficient or ``None``, reason), of what could be read and was changed on this page."""
        changed = set(self.changed_data)
        return {
            criterion.code: (_decimal(self.cleaned_data.get(f"level-{index}")), self.cleaned_data.get(f"reason-{index}", ""))
            for index, criterion in enumerate(self.grid.criteria)
            if changed & {f"level-{index}", f"reason-{index}"}
        }

    def shown(self, index: int) -> str:
        """The hidden inputs that carry what the page showed for a criterion."""
        return format_html_join("", "{}", ((field.as_hidden(only_initial=True),) for field in self.fields_of(index)))

    def fields_of(self, index: int) -> tuple[BoundField, BoundField]:
        return self[f"level-{index}"], self[f"reason-{index}"]

    def wrong(self) -> bool:
        """Whether something was typed that cannot be kept; what is only missing is not wrong."""
        return any(error.code != "required" for errors in self.errors.as_data().values() for error in errors)


class ReopenForm(forms.Form):
    use_required_attribute = False
    reason = forms.CharField(
        label=gettext_lazy("Perché la riapri?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Resta nella storia della scheda."),
        error_messages={"required": gettext_lazy("Scrivi perché riapri la scheda.")},
    )


def _level_words(level: Any, criterion: Criterion) -> str:
    """The label of a radio button: the word, what it means, the coefficient and the points that it gives."""
    points = short_figure(level.coefficient * criterion.max_points)
    numbers = _("coefficiente %(coefficient)s, %(points)s punti") % {
        "coefficient": short_figure(level.coefficient),
        "points": points,
    }
    word = in_italian(level.label[:1].upper() + level.label[1:])
    head = format_html("<strong>{}</strong> <span>({})</span>", word, numbers)
    return format_html("{} – {}", head, in_italian(level.descriptor)) if level.descriptor else head


def _decimal(text: str | None) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None

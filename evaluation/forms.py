"""What the office and the commission type, as values. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from applications.act_form import ActForm
from applications.models import Application
from applications.sections.fields import NumberField
from bando.notice.document import Commission as CommissionRule
from bando.notice.grid import Criterion, CriterionType, Grid, Level
from bando.notice.kinds import plain_decimal
from bando.templatetags.bando_ui import in_italian
from evaluation.figures import short_figure
from evaluation.gaps import Gap, wants_reason
from evaluation.methods import MOST_UNITS, UNIT, YES_OR_NO, each_maximum
from evaluation.models import MemberRole
from evaluation.words import label_of, points_counted, rule_words, value_words


class PublishForm(ActForm):
    """The act that approves a ranking; ``seen`` is the hash of what was on the screen."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class AppointForm(ActForm):
    """The act and the people, by e-mail: rows left empty are no seats. ``seats`` answers (user, role) in their order."""

    confirmed = forms.BooleanField(
        label=gettext_lazy("Ho letto le avvertenze. L'atto spiega perché nomino queste persone."), required=False
    )

    def __init__(self, *args: Any, rule: CommissionRule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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


TYPED = frozenset({CriterionType.POINTS, CriterionType.COUNT, CriterionType.BANDS, CriterionType.FORMULA})
"""What is written in a field and not chosen among radio buttons."""


class PointsField(NumberField):
    """Points from 0 to ``most``, in steps where the call wants them."""

    def __init__(self, *, most: Decimal, step: Decimal | None, **options: Any) -> None:
        self.step = step
        super().__init__(decimals=4, least=Decimal(0), most=most, **options)

    def clean(self, value: Any) -> Decimal | None:
        read = super().clean(value)
        if read is not None and self.step is not None and read % self.step:
            raise ValidationError(_("I punti si danno a passi di %(step)s.") % {"step": short_figure(self.step)}, code="step")
        return read


class SheetForm(forms.Form):
    """The whole sheet: for each criterion ``level-N``, what the member finds, and ``reason-N``, why. A draft may lack both:
    then nothing is ``wrong`` although the form has errors. The page carries what it showed, so that a window left open
    since yesterday does not write over what was marked in another one.

    ``level-N`` is a coefficient of the scale, the points of a judgment, points, a quantity, ``1`` for yes and ``0`` for no.
    A fact that the proposal states (``said``, in ten-thousandths) is proposed: it stands in the field before the member has
    marked it. ``seats`` are the members who mark, where their points are added."""

    use_required_attribute = False

    def __init__(self, *args: Any, grid: Grid, seats: int | None = None, said: Mapping[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.grid, self.said = grid, said
        for index, criterion in enumerate(grid.criteria):
            self.fields[f"level-{index}"] = _mark_field(grid, criterion, seats, said.get(criterion.code))
            self.fields[f"reason-{index}"] = forms.CharField(
                show_hidden_initial=True,
                required=criterion.is_judged or criterion.code not in said,
                label=format_html(_("Perché? Motivo del punteggio di «{title}»"), title=in_italian(criterion.title)),
                error_messages={"required": Gap(criterion, mark=False, reason=True).sentence},
                widget=forms.Textarea(attrs={"rows": 4 if criterion.is_judged else 2}),
                help_text=_why_words(criterion, said.get(criterion.code)),
            )

    @staticmethod
    def initial_from(grid: Grid, marks: Mapping[str, tuple[Decimal | None, str]], said: Mapping[str, int]) -> dict[str, str]:
        """What the page shows: the stored marks, and the facts that the proposal states where there is none yet."""
        found = {}
        for index, criterion in enumerate(grid.criteria):
            value, reason = marks.get(criterion.code, (None, ""))
            if value is None and criterion.code in said:
                value = Decimal(said[criterion.code]) / UNIT
            found |= {f"level-{index}": _typed(grid, criterion, value), f"reason-{index}": reason}
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for index, criterion in enumerate(self.grid.criteria):
            value = self._value(index)
            units = None if value is None else int(value * UNIT)
            reason = self.fields[f"reason-{index}"]
            if not reason.required and not cleaned.get(f"reason-{index}") and wants_reason(criterion, units, self.said):
                gap = Gap(criterion, mark=False, reason=True)
                self.add_error(f"reason-{index}", ValidationError(gap.sentence, code="required"))
        return cleaned

    def marks(self, confirmed: Collection[str] = ()) -> dict[str, tuple[Decimal | None, str]]:
        """Criterion to (what was found or ``None``, reason), of what could be read and was changed on this page. A fact that
        stands as the proposal states it was not changed: it is kept for the criteria that are being ``confirmed``."""
        changed = set(self.changed_data)
        return {
            criterion.code: (self._value(index), self.cleaned_data.get(f"reason-{index}", ""))
            for index, criterion in enumerate(self.grid.criteria)
            if changed & {f"level-{index}", f"reason-{index}"}
            or (criterion.code in confirmed and criterion.code in self.said and self._value(index) is not None)
        }

    def _value(self, index: int) -> Decimal | None:
        value = self.cleaned_data.get(f"level-{index}")
        return value if isinstance(value, Decimal) else _decimal(value)

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


def _mark_field(grid: Grid, criterion: Criterion, seats: int | None, said: int | None) -> forms.Field:
    """The field of one criterion; the sentence of an empty one is that of its gap."""
    title = in_italian(criterion.title)
    most = each_maximum(grid, criterion, seats)
    missing = Gap(criterion, mark=True, reason=False).sentence
    hint = " ".join([*_said_words(criterion, said), *rule_words(criterion, most)])
    match criterion.type:
        case CriterionType.POINTS:
            field: forms.Field = PointsField(
                label=format_html(_("Quanti punti dai a «{title}»?"), title=title),
                most=Decimal(most.numerator) / most.denominator,
                step=criterion.step,
                show_hidden_initial=True,
                help_text=hint,
            )
        case CriterionType.COUNT | CriterionType.BANDS | CriterionType.FORMULA:
            field = NumberField(
                label=format_html(_("Quanto trovi per «{title}»? ({unit})"), title=title, unit=in_italian(criterion.unit)),
                decimals=4,
                least=Decimal(0),
                most=Decimal(MOST_UNITS // UNIT),
                show_hidden_initial=True,
                help_text=hint,
            )
        case _:
            field = forms.ChoiceField(
                show_hidden_initial=True,
                label=format_html(_question(criterion), title=title),
                choices=_choices(grid, criterion),
                widget=forms.RadioSelect(attrs={"class": "bando-scale"}),
                help_text=hint,
                error_messages={"invalid_choice": _wrong_choice(criterion) % {"title": criterion.title}},
            )
    field.error_messages["required"] = missing
    return field


def _question(criterion: Criterion) -> str:
    if criterion.type in YES_OR_NO:
        return _("«{title}»: sì o no?")
    return _("Quale livello dai a «{title}»?")


def _wrong_choice(criterion: Criterion) -> str:
    if criterion.type in YES_OR_NO:
        return _("Rispondi sì o no per «%(title)s».")
    return _("Scegli un livello della scala per «%(title)s».")


def _choices(grid: Grid, criterion: Criterion) -> list[tuple[str, str]]:
    """The radio buttons, by the value that they stand for: judgments with the same points are one button."""
    match criterion.type:
        case CriterionType.COEFFICIENT:
            return [(str(level.coefficient), _level_words(level, criterion)) for level in grid.scale]
        case CriterionType.LEVELS:
            descriptors: dict[Decimal, list[str]] = {}
            for level in criterion.levels:
                descriptors.setdefault(level.points, []).append(level.descriptor)
            return [
                (
                    str(points),
                    _choice_words(
                        label_of(grid, criterion, int(points * UNIT)), points_counted(Fraction(points)), " ".join(texts).strip()
                    ),
                )
                for points, texts in descriptors.items()
            ]
        case CriterionType.PENALTY:
            taken = _("toglie %(points)s") % {"points": points_counted(Fraction(criterion.penalty))}
            return [("1", _choice_words(_("Sì"), taken)), ("0", _choice_words(_("No"), _("non toglie niente")))]
        case _:
            given = points_counted(Fraction(criterion.max_points))
            return [("1", _choice_words(_("Sì"), given)), ("0", _choice_words(_("No"), points_counted(Fraction(0))))]


def _said_words(criterion: Criterion, said: int | None) -> list[str]:
    if criterion.is_judged:
        return []
    if said is None:
        return [_("Nessuna risposta della proposta lo dice: scrivi tu quello che trovi e perché.")]
    return [
        _(
            "La proposta dice: %(value)s. La risposta è già pronta: la confermi quando salvi questo criterio "
            "o concludi la scheda."
        )
        % {"value": value_words(criterion, said)}
    ]


def _why_words(criterion: Criterion, said: int | None) -> str:
    if criterion.is_judged:
        return _("Serve al verbale. Di' che cosa hai trovato nella proposta e che cosa manca.")
    if said is None:
        return _("Serve al verbale. Di' dove lo hai trovato.")
    return _("Serve se il tuo valore è diverso da quello che dice la proposta. Di' dove lo hai trovato.")


def _typed(grid: Grid, criterion: Criterion, value: Decimal | None) -> str:
    """A stored value as the field holds it. A number has a comma and no thousands, which is read alike in any language."""
    if value is None:
        return ""
    if criterion.type not in TYPED:
        return next((choice for choice, _words in _choices(grid, criterion) if Decimal(choice) == value), "")
    return plain_decimal(value).replace(".", ",")


def _level_words(level: Level, criterion: Criterion) -> str:
    """The label of a radio button: the word, what it means, the coefficient and the points that it gives."""
    points = short_figure(level.coefficient * criterion.max_points)
    numbers = _("coefficiente %(coefficient)s, %(points)s punti") % {
        "coefficient": short_figure(level.coefficient),
        "points": points,
    }
    return _choice_words(level.label, numbers, level.descriptor)


def _choice_words(label: str, numbers: str, descriptor: str = "") -> str:
    word = in_italian(label[:1].upper() + label[1:])
    head = format_html("<strong>{}</strong> <span>({})</span>", word, numbers)
    return format_html("{} – {}", head, in_italian(descriptor)) if descriptor else head


def _decimal(text: str | None) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None

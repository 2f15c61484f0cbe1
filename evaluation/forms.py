"""What the office and the commission type, as values. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cache, partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.sections.fields import NumberField, TextField
from bando.notice.grid import Criterion, CriterionType, Grid, Level
from bando.notice.kinds import plain_decimal
from bando.templatetags.bando_ui import in_italian
from evaluation.figures import short_figure
from evaluation.gaps import MOST_OF_A_REASON, Gap, wants_reason
from evaluation.methods import MOST_UNITS, UNIT, YES_OR_NO, each_maximum
from evaluation.words import label_of, points_counted, rule_words, value_words

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
    then nothing is ``wrong`` although the form has errors.

    ``level-N`` is a coefficient of the scale, the points of a judgment, points, a quantity, ``1`` for yes and ``0`` for no.
    A fact that the proposal states (``said``, in ten-thousandths) is proposed: it stands in the field before the member has
    marked it. ``seats`` are the members who mark, where their points are added. ``only`` are the codes of the criteria to
    build the fields of, where not all of them are needed: their inputs keep the names that they have in the whole sheet."""

    use_required_attribute = False

    def __init__(
        self,
        *args: Any,
        grid: Grid,
        seats: int | None = None,
        said: Mapping[str, int],
        only: Collection[str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.grid, self.said = grid, said
        for index, criterion in enumerate(grid.criteria):
            if only is not None and criterion.code not in only:
                continue
            self.fields[f"level-{index}"] = _mark_field(grid, criterion, seats, said.get(criterion.code))
            self.fields[f"reason-{index}"] = _reason_field(criterion, said.get(criterion.code))

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

    def marks(self) -> dict[str, tuple[Decimal | None, str]]:
        """Criterion to (what was found or ``None``, reason), as it stands in the fields. A fact that the proposal states stands
        there too: who saves says which are confirmed."""
        return {
            criterion.code: (self._value(index), self[f"reason-{index}"].value() or "")
            for index, criterion in enumerate(self.grid.criteria)
        }

    def read(self, code: str, typed: Mapping[str, str]) -> tuple[Decimal | None, str]:
        """One criterion as a script sends it, by name of the input. Raises ``KeyError`` for a criterion that is not asked and
        ``ValidationError`` for what can't be kept; what is missing can."""
        index = self._index(code)
        text = typed.get(f"level-{index}", "")
        value = self.fields[f"level-{index}"].clean(text) if text.strip() else None
        return value if isinstance(value, Decimal) else _decimal(value), typed.get(f"reason-{index}", "")

    def units(self) -> dict[str, str]:
        """Name of the input to the code of its criterion: what is written at once."""
        codes = [criterion.code for criterion in self.grid.criteria]
        return {f"{name}-{index}": code for index, code in enumerate(codes) for name in ("level", "reason")}

    def typed(self, code: str, units: int | None, reason: str) -> dict[str, str]:
        """What stands in the inputs of a criterion for a mark in ten-thousandths and its reason."""
        index = self._index(code)
        value = None if units is None else Decimal(units) / UNIT
        return {f"level-{index}": _typed(self.grid, self.grid.criteria[index], value), f"reason-{index}": reason}

    def _index(self, code: str) -> int:
        return {criterion.code: index for index, criterion in enumerate(self.grid.criteria)}[code]

    def _value(self, index: int) -> Decimal | None:
        value = self.cleaned_data.get(f"level-{index}")
        return value if isinstance(value, Decimal) else _decimal(value)

    def fields_of(self, index: int) -> tuple[BoundField, BoundField]:
        return self[f"level-{index}"], self[f"reason-{index}"]

    def wrong(self) -> bool:
        """Whether something was typed that cannot be kept; what is only missing, or too long, can."""
        kept = {"required", "too_long"}
        return any(error.code not in kept for errors in self.errors.as_data().values() for error in errors)


class ReopenForm(forms.Form):
    use_required_attribute = False
    reason = forms.CharField(
        label=gettext_lazy("Perché la riapri?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Resta nella storia della scheda."),
        error_messages={"required": gettext_lazy("Scrivi perché riapri la scheda.")},
    )


def _reason_field(criterion: Criterion, said: int | None) -> forms.Field:
    field = TextField(
        label=format_html(_("Perché? Motivo del punteggio di «{title}»"), title=in_italian(criterion.title)),
        limit=MOST_OF_A_REASON,
        required=criterion.is_judged or said is None,
        widget=forms.Textarea(attrs={"rows": 4 if criterion.is_judged else 2, "data-limit": MOST_OF_A_REASON}),
        help_text=_why_words(criterion, said),
    )
    field.error_messages["required"] = Gap(criterion, mark=False, reason=True).sentence
    return field


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
                help_text=hint,
            )
        case CriterionType.COUNT | CriterionType.BANDS | CriterionType.FORMULA:
            field = NumberField(
                label=format_html(_("Quanto trovi per «{title}»? ({unit})"), title=title, unit=in_italian(criterion.unit)),
                decimals=4,
                least=Decimal(0),
                most=Decimal(MOST_UNITS // UNIT),
                help_text=hint,
            )
        case _:
            field = forms.ChoiceField(
                label=format_html(_question(criterion), title=title),
                choices=cache(partial(_choices, grid, criterion)),  # in words only where they are drawn or chosen from
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


def _values(grid: Grid, criterion: Criterion) -> list[Decimal]:
    """What the radio buttons stand for, without their words."""
    match criterion.type:
        case CriterionType.COEFFICIENT:
            return [level.coefficient for level in grid.scale]
        case CriterionType.LEVELS:
            return [level.points for level in criterion.levels]
        case _:
            return [Decimal(1), Decimal(0)]


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
        return next((str(choice) for choice in _values(grid, criterion) if choice == value), "")
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

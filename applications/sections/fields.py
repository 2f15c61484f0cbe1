"""The fields of a section: what a person types becomes a value, or a sentence that says what to write.

They accept every usual spelling and never cut or reject a text silently: the wrong text stays in the field.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import formats
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applications.amounts import Unreadable, Why, cents, number
from bando.templatetags.bando_ui import euro

WRITE = gettext_lazy("Scrivi la risposta a «{label}».")
CHOOSE = gettext_lazy("Scegli la risposta a «{label}».")
CHOOSE_SOME = gettext_lazy("Scegli almeno una risposta a «{label}».")

DATES = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%d/%m/%y"]
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)
"""A day before or after these is a slip of the keys."""
CHECK_THE_YEAR = gettext_lazy("Controlla l'anno: scrivi un giorno tra il 1900 e il 2200.")
_LIKE_A_DAY = re.compile(r"[0-9]{1,2}([/.-])[0-9]{1,2}\1[0-9]{4}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")


def blank(sentence: Any, label: str) -> dict[str, Any]:
    """The messages of a field whose only fault of its own is to be empty."""
    return {"required": format_lazy(sentence, label=label)}


def one_line_ending(text: str) -> str:
    """Browsers send a line break as two characters, programs count one: so does the call."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


class TextField(forms.CharField):
    """A text of at most ``limit`` Unicode code points, a line break counting one."""

    def __init__(self, *, label: str, limit: int, **options: Any):
        self.limit = limit
        super().__init__(label=label, error_messages=blank(WRITE, label), **options)

    def to_python(self, value: Any) -> str:
        return super().to_python(one_line_ending(value or ""))

    def validate(self, value: str) -> None:
        super().validate(value)
        over = len(value) - self.limit
        if over > 0:
            raise ValidationError(
                ngettext(
                    "«%(label)s» può avere al massimo %(limit)s caratteri. Ne hai scritti %(count)s: togline %(over)s.",
                    "«%(label)s» può avere al massimo %(limit)s caratteri. Ne hai scritti %(count)s: togline %(over)s.",
                    over,
                ),
                code="too_long",
                params={"label": self.label, "limit": self.limit, "count": len(value), "over": over},
            )


class NumberField(forms.CharField):
    """A number, as ``Decimal``: with at most ``decimals`` digits after the comma and between ``least`` and ``most``."""

    def __init__(
        self,
        *,
        label: str,
        decimals: int = 0,
        least: Decimal | None = None,
        most: Decimal | None = None,
        unit: str = "",
        **options: Any,
    ):
        self.decimals, self.least, self.most, self.unit = decimals, least, most, unit
        super().__init__(
            label=label,
            error_messages=blank(WRITE, label),
            widget=forms.TextInput(attrs={"inputmode": "decimal" if decimals else "numeric"}),
            **options,
        )

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            read = number(text)
        except Unreadable:
            raise ValidationError(
                _("Scrivi un numero, per esempio %(example)s.") % {"example": "12,5" if self.decimals else "12"},
                code="unreadable",
            ) from None
        if -read.as_tuple().exponent > self.decimals:
            raise ValidationError(
                ngettext(
                    "Scrivi al massimo %(n)s cifra dopo la virgola.",
                    "Scrivi al massimo %(n)s cifre dopo la virgola.",
                    self.decimals,
                )
                % {"n": self.decimals}
                if self.decimals
                else _("Scrivi un numero intero, senza virgola."),
                code="decimals",
            )
        if self.least is not None and read < self.least:
            raise ValidationError(self._bound(_("Il minimo è %(bound)s. Hai scritto %(read)s."), self.least, read), "too_small")
        if self.most is not None and read > self.most:
            raise ValidationError(self._bound(_("Il massimo è %(bound)s. Hai scritto %(read)s."), self.most, read), "too_big")
        return read

    def _bound(self, sentence: str, bound: Decimal, read: Decimal) -> str:
        shown = italian(bound)
        return sentence % {"bound": f"{shown} {self.unit}".strip(), "read": italian(read)}


class MoneyField(forms.CharField):
    """An amount in euro, as whole cents; ``least`` and ``most`` are cents too."""

    def __init__(self, *, label: str, least: int | None = None, most: int | None = None, widget: Any = None, **options: Any):
        self.least, self.most = least, most
        super().__init__(
            label=label,
            error_messages=blank(WRITE, label),
            widget=widget or forms.TextInput(attrs={"inputmode": "decimal"}),
            **options,
        )

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            read = cents(text)
        except Unreadable as unread:
            raise ValidationError(_unread_amount(unread.why, text), code="unreadable") from None
        if self.least is not None and read < self.least:
            raise ValidationError(
                _("Il minimo è %(bound)s. Hai scritto %(read)s.") % {"bound": euro(self.least), "read": euro(read)},
                code="too_small",
            )
        if self.most is not None and read > self.most:
            raise ValidationError(
                _("Il massimo è %(bound)s. Hai scritto %(read)s.") % {"bound": euro(self.most), "read": euro(read)},
                code="too_big",
            )
        return read


class DayField(forms.DateField):
    """A day, written with slashes, dashes or points, or the other way round. A text input and not ``type=date``: that one
    would empty itself when what was typed is no date."""

    def __init__(self, *, label: str, least: date | None = None, most: date | None = None, **options: Any):
        self.least, self.most = least, most
        super().__init__(
            label=label,
            input_formats=DATES,
            widget=forms.DateInput(format="%d/%m/%Y"),
            error_messages=blank(WRITE, label)
            | {"invalid": gettext_lazy("Scrivi il giorno con i numeri, per esempio 18/10/2021.")},
            **options,
        )

    def to_python(self, value: Any) -> date | None:
        try:
            return super().to_python(value)
        except ValidationError:
            if isinstance(value, str) and _LIKE_A_DAY.fullmatch(value.strip()):
                message = _("Il giorno %(read)s non c'è nel calendario: controllalo.") % {"read": value.strip()}
                raise ValidationError(message, code="invalid") from None
            raise

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        shown = {"read": value.strftime("%d/%m/%Y")}
        if self.least is not None and value < self.least:
            raise ValidationError(
                _("Il primo giorno possibile è il %(bound)s. Hai scritto %(read)s.")
                % {"bound": self.least.strftime("%d/%m/%Y"), **shown},
                code="too_small",
            )
        if self.most is not None and value > self.most:
            raise ValidationError(
                _("L'ultimo giorno possibile è il %(bound)s. Hai scritto %(read)s.")
                % {"bound": self.most.strftime("%d/%m/%Y"), **shown},
                code="too_big",
            )


class PickField(forms.TypedChoiceField):
    """One of several answers; ``None`` when none was chosen."""

    def __init__(self, *, label: str, **options: Any):
        super().__init__(
            label=label,
            empty_value=None,
            error_messages=blank(CHOOSE, label)
            | {"invalid_choice": gettext_lazy("Questa risposta non è nell'elenco: scegline un'altra.")},
            **options,
        )


class PickSomeField(forms.MultipleChoiceField):
    """Any of several answers, at least ``least`` and at most ``most``, in the order of the call."""

    def __init__(self, *, label: str, least: int = 0, most: int | None = None, **options: Any):
        self.least, self.most = least, most
        super().__init__(
            label=label,
            widget=forms.CheckboxSelectMultiple,
            error_messages=blank(CHOOSE_SOME, label)
            | {"invalid_choice": gettext_lazy("Una risposta non è nell'elenco: scegli di nuovo.")},
            **options,
        )

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        if value and len(value) < self.least:
            raise ValidationError(
                ngettext("Scegli almeno %(n)s risposta.", "Scegli almeno %(n)s risposte.", self.least) % {"n": self.least},
                code="too_few",
            )
        if self.most is not None and len(value) > self.most:
            raise ValidationError(
                ngettext("Scegli al massimo %(n)s risposta.", "Scegli al massimo %(n)s risposte.", self.most)
                % {"n": self.most},
                code="too_many",
            )

    def clean(self, value: Any) -> list[str]:
        chosen = set(super().clean(value))
        return [code for code, _label in self.choices if code in chosen]


class PostalCodeField(forms.CharField):
    """Five digits (CAP)."""

    def clean(self, value: Any) -> str:
        text = super().clean(value).replace(" ", "")
        if text and not (len(text) == 5 and text.isascii() and text.isdigit()):
            raise ValidationError(_("Il CAP ha 5 cifre, per esempio 20121."), code="unreadable")
        return text


def _unread_amount(why: Why, text: str) -> str:
    if why is Why.NEGATIVE:
        return _("Scrivi l'importo senza il segno meno.")
    if why is Why.DECIMALS:
        return _("«%(text)s» ha più di due cifre dopo la virgola. Scrivi l'importo così: 1250,50.") % {"text": text}
    return _("Scrivi l'importo in euro, solo con i numeri. Per esempio 1250,50.")


def italian(value: Decimal) -> str:
    """A number in the words of the page: no more digits than it has."""
    digits = max(-value.as_tuple().exponent, 0)
    return formats.number_format(value, decimal_pos=digits, use_l10n=True, force_grouping=True)

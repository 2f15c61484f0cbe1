"""Fields of forms that more than one page needs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import ngettext_lazy


class LongText(forms.CharField):
    """A text of several lines: a line ending counts as one character, whatever the browser sends."""

    def __init__(self, *, limit: int, widget: forms.Widget, **kwargs: Any):
        self.limit = limit
        super().__init__(widget=widget, **kwargs)

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")

    def validate(self, value: str) -> None:
        super().validate(value)
        if (over := len(value) - self.limit) > 0:
            sentence = ngettext_lazy(
                "Il testo può avere al massimo %(limit)s caratteri: togline %(over)s.",
                "Il testo può avere al massimo %(limit)s caratteri: togline %(over)s.",
                over,
            )
            raise forms.ValidationError(sentence % {"limit": self.limit, "over": over})

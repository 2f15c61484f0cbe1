"""How a body takes part, alone or in a group: the typed part of a group section. Its members are rows of their own
(``applications.groups.participants``)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.sections.base import SectionForm
from applications.sections.fields import PickField
from bando.notice.document import NO, YES, GroupAnswer, GroupForm, Notice
from bando.wording import group_form


class GroupSectionForm(SectionForm):
    def clean(self) -> dict[str, Any]:
        """Whether the group exists is asked of groups alone."""
        cleaned = super().clean()
        if cleaned.get("form") in (None, GroupAnswer.SINGLE):
            self._errors.pop("constituted", None)
        return cleaned

    def values(self) -> dict[str, Any]:
        found = {name: self.cleaned_data[name] for name in self.fields if self.cleaned_data.get(name) is not None}
        if found.get("form") == GroupAnswer.SINGLE:
            found.pop("constituted", None)
        return found


def fields(notice: Notice) -> dict[str, forms.Field]:
    """The two questions of every group section, with the forms that the call admits."""
    how = [
        (GroupAnswer.SINGLE.value, gettext_lazy("Da solo")),
        *((form.value, _form_words_lazy(form)) for form in allowed(notice)),
    ]
    constituted = PickField(
        label=gettext_lazy("Il gruppo è già costituito?"),
        help_text=gettext_lazy("Rispondi solo se partecipi in gruppo."),
        choices=[(YES, gettext_lazy("Sì, è già costituito")), (NO, gettext_lazy("No, si costituisce se la domanda è scelta"))],
        coerce=lambda text: text == YES,
        widget=forms.RadioSelect,
    )
    constituted.error_messages["required"] = gettext_lazy("Scegli se il gruppo è già costituito.")
    return {
        "form": PickField(label=gettext_lazy("Come partecipa il tuo ente?"), choices=how, widget=forms.RadioSelect),
        "constituted": constituted,
    }


def allowed(notice: Notice) -> tuple[GroupForm, ...]:
    return notice.participation.groups


def form_words(form: str) -> str:
    """How a body takes part, in words: ``Da solo``, ``Associazione temporanea di scopo (ATS)``; "" while it does not say."""
    if form == GroupAnswer.SINGLE:
        return _("Da solo")
    return capfirst(group_form(GroupForm(form))) if form in set(GroupForm) else ""


_form_words_lazy = lazy(form_words, str)

"""What an official types at the desk: text into values, nothing decided."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from applications.desk import NO_REQUESTS, Requests, standings
from applications.models import CheckItem
from applications.states import ENDED_BEFORE_RECEIPT, ApplicationState
from bando.fields import LongText
from bando.notice.document import Notice

LONGEST_NOTE = 2000
LONGEST_REASON = 4000


class FilterForm(forms.Form):
    """What to show of the list of a call. ``numbers`` says how many applications stand in each state, ``requests`` how their
    requests of completion stand: where there are none, nobody is asked about them."""

    use_required_attribute = False
    q = forms.CharField(
        label=_("Numero o nome dell'ente"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )
    area = forms.ChoiceField(label=_("Area"), required=False)
    state = forms.ChoiceField(label=_("Stato"), required=False)
    completion = forms.ChoiceField(label=_("Richieste di completamento"), required=False)
    after = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    before = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, notice: Notice, numbers: dict[str, int], requests: Requests, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [("", _("Tutte le aree")), *((area.code, area.title) for area in notice.areas)]
        states = [state for state in ApplicationState if state not in ENDED_BEFORE_RECEIPT]
        self.fields["state"].choices = [
            ("", _("Tutti gli stati")),
            *((state.value, f"{state.label} ({numbers.get(state, 0)})") for state in states),
        ]
        self.fields["completion"].choices = [
            ("", _("Tutte le domande")),
            *((code, f"{words} ({len(requests.of(code))})") for code, words in standings()),
        ]
        if requests == NO_REQUESTS:
            del self.fields["completion"]


class PointForm(forms.Form):
    """The verdict on one point of the check. The hidden fields keep what the page showed when it was opened."""

    use_required_attribute = False
    verdict = forms.ChoiceField(
        choices=CheckItem.Verdict.choices,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Scegli uno degli esiti dell'elenco.")},
    )
    note = LongText(required=False, limit=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 2}))
    shown_verdict = forms.CharField(required=False, widget=forms.HiddenInput)
    shown_note = LongText(required=False, limit=LONGEST_NOTE, widget=forms.HiddenInput)

    def __init__(self, *args: Any, title: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        about = format_html('<span class="visually-hidden">: {}</span>', title)
        self.fields["verdict"].label = format_html("{}{}", _("Esito"), about)
        self.fields["note"].label = format_html("{}{}", _("Nota"), about)


def _reason(label: Any) -> LongText:
    return LongText(
        label=label,
        required=False,
        limit=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4, "data-limit": LONGEST_REASON}),
    )


class ReasonForm(forms.Form):
    """Why an act is done. The act itself says whether a reason is owed."""

    use_required_attribute = False
    reason = _reason(_("Motivo"))


class OutcomeForm(ReasonForm):
    """The texts of the acts that may end a check: each act says which of them it owes."""

    reserve = _reason(_("Che cosa manca ancora"))
    answer = _reason(_("Perché le osservazioni dell'ente non sono accolte"))

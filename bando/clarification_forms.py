"""What is typed about a call and its answers: text into values, nothing decided."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bando.fields import LongText
from bando.notice.document import Notice
from bando.rule_words import speaks_of_rules

LONGEST_QUESTION = 2000
LONGEST_ANSWER = 6000
LONGEST_REASON = 2000


class SectionField(forms.ChoiceField):
    """Which section of the form something is about, "" for the call as a whole."""

    blank_is_an_answer = True

    def __init__(self, **kwargs: Any):
        error = {"invalid_choice": _("Scegli una delle sezioni dell'elenco.")}
        super().__init__(required=False, error_messages=error, **kwargs)

    def sections_of(self, notice: Notice) -> None:
        self.choices = [("", _("L'avviso in generale")), *((s.code, s.title) for s in notice.sections)]


def long_text(label: Any, empty: Any, limit: int, rows: int, **kwargs: Any) -> LongText:
    widget = forms.Textarea(attrs={"rows": rows, "data-limit": limit})
    return LongText(label=label, limit=limit, widget=widget, error_messages={"required": empty}, **kwargs)


class AskForm(forms.Form):
    use_required_attribute = False
    section = SectionField(label=_("Di che cosa parla la domanda"))
    text = long_text(_("La tua domanda"), _("Scrivi la domanda."), LONGEST_QUESTION, 6)

    def __init__(self, *args: Any, notice: Notice, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["section"].sections_of(notice)


class AnswerForm(forms.Form):
    """A clarification about to be published. ``noticed`` are the words of the answer that speak of the rules: the page shows
    them and asks to look again; a confirmation holds for the words that were shown with it (``looked_at``)."""

    use_required_attribute = False
    section = SectionField(label=_("Sezione"))
    question = long_text(
        _("Domanda da pubblicare"),
        _("Scrivi la domanda come la leggeranno tutti."),
        LONGEST_QUESTION,
        5,
        help_text=_("Riscrivila se serve: senza nomi e senza dati che fanno capire chi l'ha fatta."),
    )
    reply = long_text(_("Risposta"), _("Scrivi la risposta."), LONGEST_ANSWER, 10)
    looked_again = forms.BooleanField(
        label=_("Ho riletto queste parole: spiegano quello che l'avviso dice già"), required=False
    )
    explains_only = forms.BooleanField(
        label=_("Questa risposta spiega le regole e non le cambia"),
        error_messages={
            "required": _(
                "Conferma che la risposta spiega le regole e non le cambia. Se le cambia, non basta un chiarimento: serve "
                "una modifica dell'avviso."
            )
        },
    )

    def __init__(self, *args: Any, notice: Notice, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["section"].sections_of(notice)
        self.noticed = speaks_of_rules(self["reply"].value() or "") if self.is_bound else []
        if not self.noticed:
            del self.fields["looked_again"]
        elif self.data.get("looked_at") != self.looked_at:
            self.data = self.data.copy()
            self.data.pop("looked_again", None)

    @property
    def looked_at(self) -> str:
        return "; ".join(self.noticed)

    def clean_looked_again(self) -> bool:
        if not self.cleaned_data["looked_again"]:
            raise forms.ValidationError(
                _("La risposta parla delle regole. Rileggi le parole indicate e conferma che non le cambiano.")
            )
        return True


class SetAsideForm(forms.Form):
    use_required_attribute = False
    reason = long_text(
        _("Motivo"),
        _("Scrivi il motivo: lo legge chi ha fatto la domanda."),
        LONGEST_REASON,
        4,
        help_text=_(
            "Lo legge chi ha fatto la domanda. Per esempio: è già nell'avviso, parla di un caso personale, è una copia."
        ),
    )


class SearchForm(forms.Form):
    use_required_attribute = False
    q = forms.CharField(
        label=_("Cerca nelle risposte"), required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )

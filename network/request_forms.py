"""What a citizen, an operator and a body write about a request."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from applications.sections.fields import MoneyField, TextField
from network.fields import date_field
from network.models import Service, Space
from network.models.requests import BY_THE_CLOCK, Outcome, RequestChannel
from network.request_keys import Token, read_token
from network.states import RequestState

LONGEST, LONGEST_MESSAGE = 2000, 4000
QUICKEST, OLDEST = timedelta(seconds=3), timedelta(days=1)
"""Nobody fills the form in sooner; and a page that was open for longer says so before it sends."""
MUNICIPI = [(n, format_lazy("{} {}", _("Municipio"), n)) for n in range(1, 10)]


class PersonForm(forms.Form):
    """Who asks, how they are reached and what for. At least one of telephone and e-mail."""

    name = forms.CharField(
        label=_("Come ti chiami?"),
        help_text=_("Basta il nome con cui vuoi essere chiamato."),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Scrivi un nome con cui chiamarti."), "max_length": _("Il nome è troppo lungo.")},
    )
    phone = forms.CharField(
        label=_("Telefono"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={"max_length": _("Scrivi un solo numero di telefono.")},
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("Se la lasci, ti scriviamo lì ogni risposta."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("Scrivi un indirizzo e-mail, per esempio nome@esempio.it.")},
    )
    need = TextField(
        label=_("Di che cosa hai bisogno?"),
        limit=LONGEST,
        help_text=_("Con parole tue. Della salute scrivi solo quello che serve per capire il bisogno: niente diagnosi."),
        widget=forms.Textarea(attrs={"rows": 6, "data-limit": LONGEST}),
    )
    municipio = forms.TypedChoiceField(
        label=_("In quale Municipio abiti?"),
        choices=[("", _("Non lo so")), *MUNICIPI],
        coerce=int,
        empty_value=None,
        required=False,
    )
    space = forms.ModelChoiceField(
        label=_("Quale Spazio deve seguirti?"),
        queryset=Space.objects.none(),
        required=False,
        empty_label=_("Scegliete voi: quello più vicino al mio Municipio"),
        error_messages={"invalid_choice": _("Questo Spazio adesso non è aperto. Scegline un altro, o lascia scegliere a noi.")},
    )

    def __init__(self, *args: Any, spaces: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["space"].queryset = spaces
        self.fields["space"].label_from_instance = _space_label
        for name in ("phone", "email", "municipio", "space"):
            self.fields[name].blank_is_an_answer = True

    def clean_phone(self) -> str:
        phone = " ".join(self.cleaned_data["phone"].split())
        if phone and (not re.fullmatch(r"\+?[0-9 ./()-]+", phone) or len(re.sub(r"\D", "", phone)) < 6):
            raise ValidationError(_("Scrivi il numero con le cifre, per esempio 333 1234567."), code="no_number")
        return phone

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        # Only when neither was wrong: one complaint at a time about the same thing.
        if not {"phone", "email"} & set(self.errors) and not (cleaned.get("phone") or cleaned.get("email")):
            self.add_error("phone", _("Lascia un telefono o una e-mail: senza, nessuno può risponderti."))
        return cleaned


class AskForm(PersonForm):
    """The public page. ``website`` is for robots: people don't see it. ``token`` names the page, so that sending twice asks once;
    where it is too old or not ours ``stale`` is true and the page gives a new one."""

    website = forms.CharField(
        label=_("Lascia vuoto questo campo"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    token = forms.CharField(required=False, widget=forms.HiddenInput)
    stale = False
    sent_from: Token | None = None

    def __init__(self, *args: Any, at: Any, **kwargs: Any) -> None:
        self.at = at
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.sent_from = read_token(cleaned.get("token", ""))
        if cleaned.get("website"):
            self.add_error(None, _("Il campo nascosto deve restare vuoto: cancella quello che contiene e invia di nuovo."))
        if self.sent_from is None or self.sent_from.age(self.at) > OLDEST:
            self.stale = True
            self.add_error(
                None, _("La pagina era aperta da troppo tempo. Quello che hai scritto è qui: controlla e invia di nuovo.")
            )
        elif self.sent_from.age(self.at) < QUICKEST:
            self.add_error(None, _("L'invio è stato molto veloce. Controlla quello che hai scritto e invia di nuovo."))
        return cleaned


class EnterForm(PersonForm):
    """An operator writes for a person who is there, or on the telephone."""

    channel = forms.ChoiceField(
        label=_("Dov'è la persona?"),
        choices=[(RequestChannel.AT_SPACE, _("Qui, allo Spazio")), (RequestChannel.PHONE, _("Al telefono"))],
        initial=RequestChannel.AT_SPACE,
        widget=forms.RadioSelect,
    )
    service = forms.ModelChoiceField(
        label=_("Servizio"),
        queryset=Service.objects.none(),
        required=False,
        empty_label=_("Nessuno: un orientamento"),
    )
    token = forms.CharField(required=False, widget=forms.HiddenInput)
    field_order = ("name", "phone", "email", "need", "service", "municipio", "space", "channel", "token")

    def __init__(self, *args: Any, services: Any, needs_space: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = services
        self.fields["service"].blank_is_an_answer = True
        self.fields["name"].label = _("Come si chiama?")
        self.fields["name"].help_text = _("Basta il nome con cui vuole essere chiamata.")
        self.fields["name"].widget.attrs |= {"autocomplete": "off", "autofocus": True}
        self.fields["phone"].widget.attrs["autocomplete"] = self.fields["email"].widget.attrs["autocomplete"] = "off"
        self.fields["email"].help_text = _("Se la lascia, le scriviamo lì ogni risposta.")
        self.fields["need"].label = _("Di che cosa ha bisogno?")
        self.fields["need"].help_text = _("Della salute scrivi solo quello che serve per capire il bisogno: niente diagnosi.")
        self.fields["municipio"].label = _("In quale Municipio abita?")
        self.fields["space"].label = _("Quale Spazio la segue?")
        if needs_space:
            self.fields["space"].required, self.fields["space"].empty_label = True, None
            self.fields["space"].error_messages["required"] = _("Scegli lo Spazio che segue la richiesta.")
        else:
            self.fields["space"].empty_label = _("Il più vicino al Municipio")


class MessageForm(forms.Form):
    text = TextField(
        label=_("Messaggio"), limit=LONGEST_MESSAGE, widget=forms.Textarea(attrs={"rows": 4, "data-limit": LONGEST_MESSAGE})
    )


class SayForm(MessageForm):
    """What somebody who works on the request writes, and to whom."""

    ANSWER, ASK, NOTE = "answer", "ask", "note"
    kind = forms.ChoiceField(
        label=_("Che cosa scrivi?"),
        choices=[
            (ANSWER, _("La risposta, per la persona")),
            (ASK, _("Una domanda o un avviso, per la persona")),
            (NOTE, _("Una nota, solo per chi ci lavora")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Scegli a chi scrivi.")},
    )
    field_order = ("kind", "text")

    def __init__(self, *args: Any, can_answer: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not can_answer:
            self.fields["kind"].choices = [row for row in self.fields["kind"].choices if row[0] != self.ANSWER]


class RouteForm(forms.Form):
    organisation = forms.ModelChoiceField(
        label=_("Ente"),
        queryset=Organisation.objects.none(),
        help_text=_("Da questo momento l'ente vede la richiesta e i recapiti della persona."),
        error_messages={"required": _("Scegli l'ente."), "invalid_choice": _("Scegli un ente dall'elenco.")},
    )

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = bodies


class MoveForm(forms.Form):
    """To whom a request goes. Empty is the office."""

    space = forms.ModelChoiceField(
        label=_("Chi la segue da oggi?"),
        queryset=Space.objects.none(),
        required=False,
        empty_label=_("L'ufficio del Comune"),
        help_text=_("Da questo momento vede i recapiti della persona al posto del tuo Spazio."),
        error_messages={"invalid_choice": _("Questo Spazio adesso non è aperto. Scegline un altro dall'elenco.")},
    )
    reason = forms.CharField(
        label=_("Motivo"),
        help_text=_("La persona lo legge. Non scrivere nomi né recapiti: il motivo resta nella storia."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": _("Scrivi il motivo: resta nella storia dell'atto."),
            "max_length": _("Il motivo è troppo lungo."),
        },
    )

    def __init__(self, *args: Any, spaces: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["space"].queryset = spaces
        self.fields["space"].label_from_instance = _space_label
        self.fields["space"].blank_is_an_answer = True


class CloseForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("Come è finita?"),
        choices=[row for row in Outcome.choices if row[0] not in BY_THE_CLOCK],
        widget=forms.RadioSelect,
        error_messages={"required": _("Scegli come è finita.")},
    )


class QuoteForm(forms.Form):
    text = TextField(
        label=_("Che cosa comprende"),
        limit=LONGEST,
        help_text=_("Quante ore, in quali giorni, che cosa resta fuori."),
        widget=forms.Textarea(attrs={"rows": 5, "data-limit": LONGEST}),
    )
    amount_cents = MoneyField(label=_("Importo in euro, tutto compreso"), least=1, most=100_000_00)
    valid_until = date_field(_("Vale fino al"), _("Scrivi fino a quando vale il preventivo."))
    field_order = ("amount_cents", "text", "valid_until")


class PaymentForm(forms.Form):
    reference = forms.CharField(
        label=_("Riferimento del pagamento"),
        max_length=100,
        help_text=_("Il numero della fattura o della ricevuta. Non scrivere nomi."),
        error_messages={"required": _("Scrivi il numero della fattura o della ricevuta.")},
    )
    paid_on = date_field(_("Pagato il"), _("Scrivi il giorno del pagamento."))


class FilterForm(forms.Form):
    """The filters of the work list; whatever is written, the page answers."""

    UNDER_WAY = ""
    q = forms.CharField(label=_("Numero"), required=False, max_length=20)
    state = forms.ChoiceField(
        label=_("Stato"), choices=[(UNDER_WAY, _("Tutte quelle aperte")), *RequestState.choices], required=False
    )
    space = forms.ModelChoiceField(label=_("Spazio"), queryset=Space.objects.none(), required=False, empty_label=_("Tutti"))

    def __init__(self, *args: Any, spaces: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["space"].queryset = spaces


class TimesForm(forms.Form):
    """How far back, and in how many days an answer is hoped for."""

    days = forms.TypedChoiceField(
        label=_("Richieste arrivate"),
        choices=[(30, _("negli ultimi 30 giorni")), (90, _("negli ultimi 90 giorni")), (365, _("nell'ultimo anno"))],
        coerce=int,
        empty_value=90,
        required=False,
    )
    goal = forms.TypedChoiceField(
        label=_("Risposta entro"),
        choices=[(1, _("1 giorno")), (3, _("3 giorni")), (5, _("5 giorni")), (10, _("10 giorni"))],
        coerce=int,
        empty_value=5,
        required=False,
    )


def _space_label(space: Space) -> str:
    return f"{space.name} – {space.address}" if space.address else space.name

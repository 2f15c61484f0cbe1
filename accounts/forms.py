"""What people type about themselves and their body, made into values. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from accounts import identifiers
from accounts.models import LegalForm, Organisation, Role, User

WHOLE_ADDRESS = _("Scrivi l'indirizzo intero, per esempio nome@esempio.it.")
ROLE_HINT = _(
    "Tutti scrivono e caricano file. Il referente invita anche altre persone. Solo il legale rappresentante, o chi ha una sua "
    "procura, dichiara e invia."
)
TOO_LONG = _("Qui puoi scrivere al massimo %(limit_value)d caratteri. Ne hai scritti %(show_value)d.")


class Cleaned(forms.CharField):
    """A text that a function of ``accounts.identifiers`` brings into the form in which it is stored."""

    def __init__(self, *, bring: Callable[[str], str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.bring = bring

    def clean(self, value: Any) -> str:
        return self.bring(super().clean(value))


class OneLine(forms.CharField):
    """A name, or whatever else is read within a sentence: one line, and nothing that is not seen. A name of several lines
    would write its own sentences in the mails that speak of it, and one that turns the direction of writing (U+202E) would
    read as another."""

    def to_python(self, value: Any) -> str:
        return " ".join("".join(sign if sign.isprintable() else " " for sign in super().to_python(value)).split())


def _text(label: Any, required: Any, *, limit: int, **kwargs: Any) -> OneLine:
    """A short text with its own words for what is missing or too long. ``required`` empty: the field may stay empty."""
    messages = {"required": required, "max_length": TOO_LONG}
    field = OneLine(label=label, required=bool(required), max_length=limit, error_messages=messages, **kwargs)
    del field.widget.attrs["maxlength"]  # a browser would cut what is pasted without a word
    return field


def _address(label: Any, required: Any, *, whole: Any = WHOLE_ADDRESS, **kwargs: Any) -> forms.EmailField:
    messages = {"required": required, "invalid": whole, "max_length": TOO_LONG}
    field = forms.EmailField(label=label, max_length=254, error_messages=messages, **kwargs)
    del field.widget.attrs["maxlength"]
    return field


class SignupForm(forms.Form):
    """What we ask beside the address and the password; allauth builds its own form on it."""

    field_order = ["name", "email", "password1"]
    name = _text(
        _("Nome e cognome"),
        _("Scrivi il tuo nome e cognome."),
        limit=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by allauth once the person exists."""
        user.name = self.cleaned_data["name"]
        user.language = request.LANGUAGE_CODE if request.LANGUAGE_CODE in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        user.save(update_fields=["name", "language"])


class ProfileForm(forms.ModelForm):
    name = _text(
        _("Nome e cognome"),
        _("Scrivi il tuo nome e cognome."),
        limit=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=_("Lingua"),
        choices=[(code, capfirst(get_language_info(code)["name_local"])) for code, _name in settings.LANGUAGES],
        widget=forms.RadioSelect,
        help_text=_("La lingua delle pagine e delle e-mail scritte a te. Le lettere dell'ufficio agli enti sono in italiano."),
        error_messages={"required": _("Scegli una lingua."), "invalid_choice": _("Scegli una lingua.")},
    )

    class Meta:
        model = User
        fields = ["name", "language"]


class OrganisationDetailsForm(forms.Form):
    """What may change about a body. Its keys are those of ``Organisation``."""

    name = _text(
        _("Denominazione"),
        _("Scrivi la denominazione dell'ente."),
        limit=300,
        help_text=_("Come nello statuto, per esteso."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    legal_form = forms.ChoiceField(
        label=_("Forma giuridica"),
        choices=[("", _("Scegli")), *LegalForm.choices],
        error_messages={"required": _("Scegli la forma giuridica."), "invalid_choice": _("Scegli una voce dell'elenco.")},
    )
    vat_number = Cleaned(
        bring=identifiers.vat_number,
        label=_("Partita IVA"),
        required=False,
        help_text=_("11 cifre. Lascia vuoto se l'ente non ce l'ha."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    street = _text(
        _("Indirizzo della sede legale"),
        _("Scrivi via e numero civico della sede legale."),
        limit=300,
        help_text=_("Via e numero civico."),
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    postal_code = Cleaned(
        bring=identifiers.postal_code,
        label=_("CAP"),
        error_messages={"required": _("Scrivi il CAP.")},
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "inputmode": "numeric"}),
    )
    city = _text(_("Comune"), _("Scrivi il comune della sede legale."), limit=150)
    province = Cleaned(
        bring=identifiers.province,
        label=_("Provincia"),
        help_text=_("La sigla di 2 lettere, per esempio MI."),
        error_messages={"required": _("Scrivi la sigla della provincia.")},
    )
    pec = _address(
        _("PEC"),
        _("Scrivi la PEC dell'ente."),
        whole=_("Scrivi l'indirizzo PEC intero, per esempio ente@pec.esempio.it."),
        help_text=_("L'indirizzo di posta certificata dell'ente."),
    )
    phone = Cleaned(
        bring=identifiers.phone,
        label=_("Telefono"),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )

    @classmethod
    def of(cls, organisation: Organisation, data: Any = None) -> OrganisationDetailsForm:
        """The form filled with what is stored."""
        return cls(data, initial={name: getattr(organisation, name) for name in cls.base_fields})

    def clean_pec(self) -> str:
        return self.cleaned_data["pec"].lower()


class OrganisationForm(OrganisationDetailsForm):
    """A new body: its identity and what the person is for it, too."""

    field_order = ["tax_code", "name", "legal_form", "vat_number"]
    tax_code = Cleaned(
        bring=identifiers.body_tax_code,
        label=_("Codice fiscale dell'ente"),
        help_text=_("11 cifre. Lo trovi nel certificato dell'Agenzia delle Entrate."),
        error_messages={"required": _("Scrivi il codice fiscale dell'ente.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    role = forms.ChoiceField(
        label=_("Tu, per questo ente, sei"),
        help_text=ROLE_HINT,
        choices=Role.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Scegli che cosa sei per questo ente."),
            "invalid_choice": _("Scegli una voce dell'elenco."),
        },
    )


class InvitationForm(forms.Form):
    prefix = "invito"
    email = _address(_("E-mail della persona"), _("Scrivi l'e-mail della persona da invitare."))
    role = forms.ChoiceField(
        label=_("Per questo ente sarà"),
        help_text=ROLE_HINT,
        choices=Role.choices,
        initial=Role.COLLABORATOR,
        widget=forms.RadioSelect,
        error_messages={"required": _("Scegli che cosa sarà la persona."), "invalid_choice": _("Scegli una voce dell'elenco.")},
    )

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class RoleForm(forms.Form):
    """The role of a person who acts for the body already."""

    role = forms.ChoiceField(
        label=_("Ruolo"),
        help_text=ROLE_HINT,
        choices=Role.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Scegli un ruolo."), "invalid_choice": _("Scegli una voce dell'elenco.")},
    )


class EntrustForm(forms.Form):
    """Of the office."""

    prefix = "affida"
    email = _address(_("E-mail della persona"), _("Scrivi l'e-mail della persona a cui affidi l'ente."))
    reason = forms.CharField(
        label=_("Motivo"),
        help_text=_("Che cosa hai verificato, e come. Resta nel registro degli atti."),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Scrivi il motivo.")},
    )

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()

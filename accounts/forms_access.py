"""The forms of sign-in: allauth's own, in our words and without placeholders (a hint that vanishes helps nobody)."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as theirs
from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from accounts.forms import TOO_LONG, WHOLE_ADDRESS

NEW_PASSWORD_HINT = _("Almeno 10 caratteri, non solo numeri. Va bene anche una frase di tre o quattro parole.")


def _say(field: forms.Field, *, label: Any, required: Any, help_text: Any = "") -> None:
    field.label, field.help_text = label, help_text
    field.error_messages = field.error_messages | {"required": required, "invalid": WHOLE_ADDRESS}
    for attribute in ("placeholder", "maxlength"):  # with maxlength a browser cuts what is pasted without a word
        field.widget.attrs.pop(attribute, None)
    if isinstance(field, forms.EmailField):  # a form lets 320 characters pass, the database 254
        field.validators = [*field.validators, MaxLengthValidator(254, TOO_LONG)]


class LoginForm(theirs.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["login"], label=_("E-mail"), required=_("Scrivi la tua e-mail."))
        _say(self.fields["password"], label=_("Password"), required=_("Scrivi la tua password."))


class SignupForm(theirs.SignupForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(
            self.fields["email"],
            label=_("E-mail"),
            required=_("Scrivi la tua e-mail."),
            help_text=_("Ti serve per accedere. Ti mandiamo subito un'e-mail per confermarla."),
        )
        _say(self.fields["password1"], label=_("Password"), required=_("Scegli una password."), help_text=NEW_PASSWORD_HINT)


class ChangePasswordForm(theirs.ChangePasswordForm):
    """Written once: whoever mistypes it asks for a new one by mail."""

    password2 = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["oldpassword"], label=_("Password attuale"), required=_("Scrivi la password che usi adesso."))
        _say(
            self.fields["password1"],
            label=_("Password nuova"),
            required=_("Scegli una password nuova."),
            help_text=NEW_PASSWORD_HINT,
        )


class ResetPasswordForm(theirs.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(
            self.fields["email"], label=_("E-mail"), required=_("Scrivi la tua e-mail."), help_text=_("Quella con cui accedi.")
        )


class ResetPasswordKeyForm(theirs.ResetPasswordKeyForm):
    password2 = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(
            self.fields["password1"],
            label=_("Password nuova"),
            required=_("Scegli una password nuova."),
            help_text=NEW_PASSWORD_HINT,
        )

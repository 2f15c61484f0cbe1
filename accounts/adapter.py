"""Where allauth meets the rest of the project: its words, its mail, where one lands."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.duties import owe_mail
from accounts.models import User
from accounts.places import site_url

WAIT = _("Ci sono stati troppi tentativi. Aspetta 5 minuti e riprova.")
WEAK = {
    "password_too_short": _("Servono almeno %(min_length)d caratteri. Ne hai scritti %(typed)d."),
    "password_too_common": _("Questa password è tra le più usate e si indovina subito. Scegline un'altra."),
    "password_entirely_numeric": _("Questa password ha solo numeri. Aggiungi delle parole."),
    "password_too_similar": _("Questa password somiglia alla tua e-mail. Scegline un'altra."),
}
"""Our words for Django's validators, by the code of the error: its own Italian lacks some of them."""


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("L'e-mail o la password non corrispondono. Riprova, oppure scegli una password nuova."),
        "too_many_login_attempts": WAIT,
        "rate_limited": WAIT,
        "enter_current_password": _("Non è la password che usi adesso. Riscrivila."),
        "incorrect_password": _("Non è la password che usi adesso. Riscrivila."),
    }

    def clean_email(self, email: str) -> str:
        return email.lower()

    def clean_password(self, password: str, user: User | None = None) -> str:
        try:
            return super().clean_password(password, user)
        except ValidationError as weak:
            raise ValidationError(
                [
                    ValidationError(
                        WEAK.get(error.code, error.message),
                        code=error.code,
                        params={**(error.params or {}), "typed": len(password)},
                    )
                    for error in weak.error_list
                ]
            ) from weak

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Owed and not sent: an outage of the mail server must not stop who signs up, nor hold the request."""
        request = allauth_context.request
        message = self.render_mail(
            template_prefix, email, {**context, "email": email, "signup_url": site_url("account_signup")}
        )
        with transaction.atomic():
            owe_mail(email, message.subject, message.body, at=request.arrived_at)

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return site_url("account_confirm_email", key=emailconfirmation.key)

    def get_reset_password_from_key_url(self, key: str) -> str:
        uidb36, _dash, token = key.partition("-")
        return site_url("account_reset_password_from_key", uidb36=uidb36, key=quote(token))

    def send_account_already_exists_mail(self, email: str) -> None:
        self.send_mail(
            "account/email/account_already_exists", email, {"password_reset_url": site_url("account_reset_password")}
        )

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("profile")

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """A browser that never chose a language gets the one of the person."""
        response = super().post_login(request, user, **kwargs)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            remember_language(response, user.language)
        return response


def remember_language(response: HttpResponse, language: str) -> None:
    """The cookie that Django's own switch writes."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )

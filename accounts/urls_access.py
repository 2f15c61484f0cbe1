"""accesso/: coming in, going out, one's password and profile. The names of allauth's pages stay allauth's."""

from allauth.account import views as theirs
from django.urls import path, re_path

from accounts import demo, forms_access, views

urlpatterns = [
    path("accedi/", views.LoginView.as_view(), name="account_login"),
    path("dimostrazione/", demo.demo_login, name="demo_login"),
    path("registrati/", theirs.SignupView.as_view(form_class=forms_access.SignupForm), name="account_signup"),
    path("esci/", theirs.logout, name="account_logout"),
    path("sospeso/", theirs.account_inactive, name="account_inactive"),
    path("conferma-email/", theirs.email_verification_sent, name="account_email_verification_sent"),
    path("conferma-email/<str:key>/", theirs.confirm_email, name="account_confirm_email"),
    path(
        "password/cambia/",
        theirs.PasswordChangeView.as_view(form_class=forms_access.ChangePasswordForm),
        name="account_change_password",
    ),
    path(
        "password/nuova/",
        theirs.PasswordResetView.as_view(form_class=forms_access.ResetPasswordForm),
        name="account_reset_password",
    ),
    path("password/nuova/inviata/", theirs.password_reset_done, name="account_reset_password_done"),
    path("password/nuova/fatta/", theirs.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^password/nuova/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        theirs.PasswordResetFromKeyView.as_view(form_class=forms_access.ResetPasswordKeyForm),
        name="account_reset_password_from_key",
    ),
    path("inizio/", views.start, name="start"),
    path("profilo/", views.profile, name="profile"),
]

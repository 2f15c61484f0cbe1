"""pagine/: what every public service owes to who uses it."""

from django.urls import path

from bando.views import pages

urlpatterns = [
    path("privacy/", pages.privacy, name="privacy"),
    path("accessibilita/", pages.accessibility, name="accessibility"),
    path("note-legali/", pages.legal_notes, name="legal_notes"),
    path("posta-della-dimostrazione/", pages.demo_mail, name="demo_mail"),
]

"""ufficio/: where a call is written, and where the office answers for it."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

"""The catalogue, and what a citizen asks for."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

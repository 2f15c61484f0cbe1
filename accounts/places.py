"""Whole addresses of our pages, for whoever reads them outside: they come from the settings, never from what a request
says of its host."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse


def site_url(name: str, **kwargs: Any) -> str:
    """The whole address of a named page, e.g. https://servizi.comune.example.it/enti/."""
    return urljoin(settings.SITE_URL, reverse(name, kwargs=kwargs))

"""The only place that makes PDFs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

STATIC = (Path(settings.BASE_DIR) / "static").resolve()


@cache
def _engine() -> tuple[Any, Any, Any]:
    """WeasyPrint and what its documents share. Imported on first use: it takes a second and loads Pango, which web
    processes that never make a PDF should not pay for."""
    import weasyprint  # noqa: PLC0415 - slow and rarely needed
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415

    class OwnFiles(weasyprint.urls.URLFetcher):
        """Only files below ``static/``: nothing that a document names makes the server fetch an address."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            path = Path(url2pathname(urlsplit(url).path)).resolve()
            if urlsplit(url).scheme != "file" or not path.is_relative_to(STATIC):
                raise ValueError(f"{url}: only the project's own files are drawn")
            return super().fetch(url, headers)

    return weasyprint, FontConfiguration(), OwnFiles()


def render_pdf(template: str, context: Mapping[str, Any], *, language: str = "it") -> bytes:
    """The PDF of ``template``, tagged (PDF/UA-1), in ``language``. Takes from 20 ms a page: never inside a request that
    somebody waits for at a deadline, nor inside a transaction."""
    weasyprint, fonts, fetcher = _engine()
    with translation.override(language):
        html = render_to_string(
            template, {"administration": settings.ADMINISTRATION, "demonstration": settings.DEMO, **context}
        )
    document = weasyprint.HTML(string=html, base_url=STATIC.as_uri() + "/", url_fetcher=fetcher)
    return document.write_pdf(font_config=fonts, pdf_variant="pdf/ua-1")

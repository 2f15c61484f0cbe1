"""What a call says of itself to machines: schema.org ``GovernmentService``, as the Modello Comuni asks (R.SI.1.1).

Search engines and the validator of Designers Italia read it in a data block of the page. A data block is not a script: a
browser runs nothing of it, so the Content-Security-Policy has nothing to say. It holds only what the page says too.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from bando.notice.document import Notice

SERVICE_TYPE = "Avviso di co-progettazione (art. 55 del D.Lgs. 117/2017)"
AUDIENCE = "Enti del Terzo settore"


def government_service(notice: Notice, *, url: str, document_url: str, opens: datetime | None) -> dict[str, Any]:
    """``url`` and ``document_url`` are absolute addresses of the page and of the document; ``opens`` is when applications
    begin (for a call that opens at its publication, that moment)."""
    administration = notice.administration
    operator = {"@type": "GovernmentOrganization", "name": administration.name}
    if administration.url:
        operator["url"] = administration.url
    open_for = {"@type": "OpeningHoursSpecification", "validThrough": notice.calendar.deadline.isoformat()}
    if opens:
        open_for["validFrom"] = opens.isoformat()
    channel = {
        "@type": "ServiceChannel",
        "serviceUrl": f"{url}#access",
        "availableLanguage": "it",
    }
    if administration.office:
        channel["serviceLocation"] = {"@type": "Place", "name": administration.office}
    return {
        "@context": "https://schema.org",
        "@type": "GovernmentService",
        "name": notice.title,
        "description": notice.summary,
        "identifier": notice.id,
        "url": url,
        "serviceType": SERVICE_TYPE,
        "serviceOperator": operator,
        "provider": operator,
        "areaServed": {"@type": "AdministrativeArea", "name": administration.name},
        "audience": {"@type": "Audience", "audienceType": AUDIENCE},
        "availableChannel": channel,
        "hoursAvailable": open_for,
        "termsOfService": document_url,
    }


# Inside a script element nothing is unescaped: these are the characters that could end it, or that JavaScript once took
# for the end of a line, written as JSON writes them.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def data_block(data: dict[str, Any]) -> SafeString:
    """The element of the page that carries ``data``."""
    text = json.dumps(data, ensure_ascii=False).translate(_ESCAPES)
    return format_html('<script type="application/ld+json" data-element="metatag">{}</script>', mark_safe(text))  # noqa: S308

"""The languages that a Spazio may say it speaks."""

from __future__ import annotations

from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

NAMED_HERE = {
    "am": _("amarico"),
    "si": _("singalese"),
    "so": _("somalo"),
    "ti": _("tigrino"),
    "tl": _("filippino"),
    "wo": _("wolof"),
    "zh": _("cinese"),
}
"""Those that people of the city speak and that Django, which names the languages of websites, has no name for."""

# fmt: off
SPOKEN = (
    "it", "en", "es", "fr", "pt", "de", "ro", "sq", "uk", "ru", "pl", "ar", "zh", "tl", "si", "bn", "hi", "ur", "pa", "fa", "tr", "vi",
    "am", "ti", "so", "wo",
)
# fmt: on
"""In ISO 639-1, in the order of the form. No other code is offered, so that each has a name in the language of the page."""


def name_of(code: str) -> str:
    """The name as Django or this page has it; the code itself for one that neither knows, as an import may bring."""
    if code in NAMED_HERE:
        return str(NAMED_HERE[code])
    try:
        return get_language_info(code)["name_translated"]
    except KeyError:
        return code

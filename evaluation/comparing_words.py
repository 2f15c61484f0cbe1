"""The degrees of a preference, in the words of D.P.R. 207/2010, annex G."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from evaluation.figures import short_figure
from evaluation.methods import UNIT


def degree_words(units: int) -> str:
    """2 – minima; half a degree stands between the two nearest: 2,5 – tra minima e piccola."""
    words = {2: _("minima"), 3: _("piccola"), 4: _("media"), 5: _("grande"), 6: _("massima")}
    whole, rest = divmod(units, UNIT)
    name = _("tra %(less)s e %(more)s") % {"less": words[whole], "more": words[whole + 1]} if rest else words[whole]
    return f"{short_figure(Decimal(units) / UNIT)} – {name}"

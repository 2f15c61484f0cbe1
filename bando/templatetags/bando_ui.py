"""What the templates of Bando need to write: icons, controls of forms, amounts, instants.

Amounts arrive as integers of cents, scores as Decimal or Fraction, moments as aware datetimes: a float is refused,
because a rounding nobody asked for must not reach a published page.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django import template
from django.forms import CheckboxInput, MultiWidget, Select, Textarea
from django.templatetags.static import static
from django.utils import dateformat, formats
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from bando.deadlines import ROME

register = template.Library()

NBSP = "\u00a0"


# Icons


@register.simple_tag
def icon(name, size="sm", css=""):
    """The drawing `name` of static/icons/sprite.svg, hidden from assistive technology.

    size: xs (16 px), sm (24), md (32), lg (48). An icon never carries a meaning alone: write the word beside it.
    """
    classes = " ".join(part for part in ("icon", "" if size == "md" else f"icon-{size}", css) if part)
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        classes,
        static("icons/sprite.svg"),
        name,
    )


# Forms


def _is_check(bound):
    return isinstance(bound.field.widget, CheckboxInput)


@register.filter
def is_check(bound):
    """Is this field one checkbox, whose label follows it?"""
    return _is_check(bound)


@register.filter
def is_optional(bound):
    """Should the label say "(facoltativo)"? Not where leaving it empty is an answer: a single checkbox, or a field that
    says so by ``blank_is_an_answer``."""
    return not (bound.field.required or _is_check(bound) or getattr(bound.field, "blank_is_an_answer", False))


@register.filter
def said_by_call(bound, text):
    """The label or the hint of a field: in Italian when the field comes `from_call`, but for words of ours, which are lazy."""
    return in_italian(text) if getattr(bound.field, "from_call", False) and isinstance(text, str) else text


def _limit(bound):
    limit = bound.field.widget.attrs.get("data-limit")
    return int(limit) if limit else None


def _describedby(bound):
    ids = []
    if bound.help_text:
        ids.append(f"{bound.html_name}-h")
    if bound.errors:
        ids.append(f"{bound.html_name}-e")
    if _limit(bound):
        ids.append(f"{bound.html_name}-c")
    return " ".join(ids)


@register.filter
def describedby(bound):
    """Ids of what explains a field, in the order in which a screen reader should say them: hint, error, counter."""
    return _describedby(bound)


@register.simple_tag
def control(bound):
    """The control of a bound field, with the classes and the aria attributes that the page promises."""
    widget = bound.field.widget
    attrs = {}
    if not bound.use_fieldset:
        if ids := _describedby(bound):
            attrs["aria-describedby"] = ids
        if _is_check(bound):
            base = ""
        elif isinstance(widget, Select):
            base = "form-select"
        else:
            base = "form-control"
        own = widget.attrs.get("class", "")
        classes = " ".join(part for part in (own, base, "is-invalid" if bound.errors else "") if part)
        if classes:
            attrs["class"] = classes
        if isinstance(widget, Textarea) and str(widget.attrs.get("cols")) == "40":
            attrs["cols"] = False
    elif isinstance(widget, MultiWidget):
        attrs["class"] = "form-control"
    return bound.as_widget(attrs=attrs)


def first_control_id(bound):
    """Id of the control where a link to the field should land: of a group, its first choice."""
    return f"{bound.auto_id}_0" if bound.use_fieldset else bound.id_for_label or bound.auto_id


@register.simple_tag
def counter(bound):
    """None, or the limit of a long text and what is left: counted in code points, a line break counts one."""
    limit = _limit(bound)
    if limit is None:
        return None
    text = str(bound.value() or "").replace("\r\n", "\n")
    left = limit - len(text)
    return {
        "limit": limit,
        "left": left,
        "over": left < 0,
        "text": _too_much(-left) if left < 0 else _room(left),
        "left_one": _room(1, "#"),
        "left_many": _room(2, "#"),
        "over_one": _too_much(1, "#"),
        "over_many": _too_much(2, "#"),
    }


def _room(number, shown=None):
    text = ngettext("Puoi scrivere ancora %(n)s carattere.", "Puoi scrivere ancora %(n)s caratteri.", number)
    return text % {"n": number if shown is None else shown}


def _too_much(number, shown=None):
    text = ngettext(
        "Il testo è troppo lungo: togli %(n)s carattere.", "Il testo è troppo lungo: togli %(n)s caratteri.", number
    )
    return text % {"n": number if shown is None else shown}


@register.simple_tag
def form_errors(form):
    """Every error of a form as a list of {"target": id or "", "message": text}, in the order of the page.

    An empty list when the form is missing, unbound or right.
    """
    if not form or not getattr(form, "is_bound", False):
        return []
    found = [{"target": "", "message": message} for message in form.non_field_errors()]
    for bound in form.visible_fields():
        found += [{"target": first_control_id(bound), "message": message} for message in bound.errors]
    for bound in form.hidden_fields():
        found += [{"target": "", "message": message} for message in bound.errors]
    return found


# Languages


def _english():
    return (get_language() or "").startswith("en")


@register.filter
def in_italian(text):
    """What a call says, on a page in any language: where the page is not in Italian, marked so that it is read aloud right.

    For the content of an element, not for an attribute. A template that holds nothing else writes lang="it" by itself.
    """
    return format_html('<span lang="it">{}</span>', text) if text and _english() else text


def quoted(names: Iterable[object]) -> str:
    """What is named in a sentence: "«Statuto», «Bilancio»"."""
    return ", ".join(_("«%(title)s»") % {"title": name} for name in names)


in_italian_lazy = lazy(in_italian, str)
"""For what is written once and read in each language, as the choices of a form class."""


# Numbers


def _exact(value):
    if isinstance(value, bool) or not isinstance(value, (int, Decimal, Fraction)):
        raise TypeError(f"An exact number was expected, not {value!r}")
    return value


@register.filter
def euro(cents):
    """Integer cents as an amount: 125050 -> "1.250,50 €", in English "€1,250.50". None -> ""."""
    if cents is None or cents == "":
        return ""
    if isinstance(cents, bool) or not isinstance(cents, int):
        raise TypeError(f"Integer cents were expected, not {cents!r}")
    amount = formats.number_format(Decimal(abs(cents)) / 100, decimal_pos=2, use_l10n=True, force_grouping=True)
    sign = "-" if cents < 0 else ""
    return f"{sign}€{amount}" if _english() else f"{sign}{amount}{NBSP}€"


@register.filter
def points(score, places=2):
    """A score with a fixed number of digits, rounded half up for reading only: Decimal("81.5") -> "81,50"."""
    if score is None or score == "":
        return ""
    score = _exact(score)
    if isinstance(score, Fraction):
        # Scaled first: a Decimal made by dividing would already have been rounded once.
        scaled = score * 10**places
        whole, rest = divmod(abs(scaled.numerator), scaled.denominator)
        whole += 2 * rest >= scaled.denominator
        score = Decimal(-whole if scaled < 0 else whole).scaleb(-places)
    shown = Decimal(score).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return formats.number_format(shown, decimal_pos=places, use_l10n=True, force_grouping=True)


@register.filter
def filesize_it(size):
    """Bytes as people read them, in steps of 1024 as in the limits of a call: 1258291 -> "1,2 MB"."""
    if size is None or size == "":
        return ""
    size = int(size)
    if size < 1024:
        return f"{size}{NBSP}byte" if not _english() or size == 1 else f"{size}{NBSP}bytes"
    amount, unit = Decimal(size) / 1024, "kB"
    for bigger in ("MB", "GB", "TB"):
        if amount.quantize(Decimal("0.1"), ROUND_HALF_UP) < 1024:
            break
        amount, unit = amount / 1024, bigger
    shown = amount.quantize(Decimal("0.1"), ROUND_HALF_UP)
    places = 0 if shown == shown.to_integral_value() or unit == "kB" else 1
    shown = amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{formats.number_format(shown, decimal_pos=places, use_l10n=True, force_grouping=True)}{NBSP}{unit}"


# Time


def _in_rome(moment):
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise TypeError(f"An aware datetime was expected, not {moment!r}")
    return moment.astimezone(ROME)


def _words(when, pattern):
    words = dateformat.format(when, pattern)
    # Django's Italian names of days and months have capital letters, Italian sentences do not.
    return words if _english() else words.lower()


@register.filter
def day(when):
    """A date in words, of a moment its day in Rome: "18 ottobre 2021", "18 October 2021"."""
    if not when:
        return ""
    return _words(_in_rome(when) if isinstance(when, datetime) else when, "j F Y")


def _moment(moment, clock):
    if not moment:
        return ""
    moment = _in_rome(moment)
    words, clock = _words(moment, "l j F Y"), moment.strftime(clock)
    return f"{words}, {clock}" if _english() else f"{words}, ore {clock}"


@register.filter
def instant(moment):
    """An aware datetime in Rome to the second, where the second counts: "lunedì 18 ottobre 2021, ore 12:00:00"."""
    return _moment(moment, "%H:%M:%S")


@register.filter
def to_the_minute(moment):
    """As `instant` for appointments and what was written when: "lunedì 18 ottobre 2021, ore 12:00"."""
    return _moment(moment, "%H:%M")


@register.filter
def instant_exact(moment):
    """As `instant`, to the microsecond and with the zone: "..., ore 11:59:59,999999 CEST"."""
    if not moment:
        return ""
    moment = _in_rome(moment)
    point = "." if _english() else ","
    return f"{instant(moment)}{point}{moment.microsecond:06d}{NBSP}{moment.tzname()}"


@register.filter
def instant_short(moment):
    """For tables: "18/10/2021, 12:00" in Rome."""
    if not moment:
        return ""
    return _in_rome(moment).strftime("%d/%m/%Y, %H:%M")


@register.filter
def iso(moment):
    """For the `datetime` attribute of <time> and for data attributes: ISO 8601 with the offset of Rome."""
    return _in_rome(moment).isoformat() if moment else ""


@register.filter
def minus(later, earlier):
    """The time that truly passes between two moments: {{ deadline|minus:now|remaining }}.

    In UTC, because Python subtracts two moments of one zone on their wall clocks, change of summer time or not.
    """
    return later.astimezone(UTC) - earlier.astimezone(UTC)


def _days(n):
    return ngettext("%(n)s giorno", "%(n)s giorni", n) % {"n": n}


def _hours(n):
    return ngettext("%(n)s ora", "%(n)s ore", n) % {"n": n}


def _minutes(n):
    return ngettext("%(n)s minuto", "%(n)s minuti", n) % {"n": n}


def _seconds(n):
    return ngettext("%(n)s secondo", "%(n)s secondi", n) % {"n": n}


@register.filter
def remaining(left):
    """A timedelta as time that is left: "mancano 5 giorni e 3 ore".

    Two units at most, always rounded down: nobody is promised time that is not there.
    Days and hours, then hours and minutes, minutes in the last hour, minutes and seconds in the last ten minutes.
    """
    if left is None or left == "":
        return ""
    if not isinstance(left, timedelta):
        raise TypeError(f"A timedelta was expected, not {left!r}")
    if left < timedelta(0):
        return _("il termine è passato")
    total = left // timedelta(seconds=1)
    days, rest = divmod(total, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, seconds = divmod(rest, 60)
    if days:
        parts = [(days, _days), (hours, _hours)]
    elif hours:
        parts = [(hours, _hours), (minutes, _minutes)]
    elif minutes >= 10:
        parts = [(minutes, _minutes)]
    elif minutes:
        parts = [(minutes, _minutes), (seconds, _seconds)]
    elif seconds:
        parts = [(seconds, _seconds)]
    else:
        return _("manca meno di un secondo")
    said = [(number, words(number)) for number, words in parts if number]
    if len(said) == 2:
        return _("mancano %(first)s e %(second)s") % {"first": said[0][1], "second": said[1][1]}
    number, words = said[0]
    return ngettext("manca %(time)s", "mancano %(time)s", number) % {"time": words}


@register.simple_tag
def time_words():
    """The words of `remaining` for JavaScript: singular and plural of each unit, and the sentences they go in.

    "#" stands for a number, "{0}" and "{1}" for the two amounts of time.
    """
    units = {
        "day": lambda n: ngettext("%(n)s giorno", "%(n)s giorni", n),
        "hour": lambda n: ngettext("%(n)s ora", "%(n)s ore", n),
        "minute": lambda n: ngettext("%(n)s minuto", "%(n)s minuti", n),
        "second": lambda n: ngettext("%(n)s secondo", "%(n)s secondi", n),
    }
    words = {}
    for name, phrase in units.items():
        words[f"{name}-one"] = phrase(1) % {"n": "#"}
        words[f"{name}-many"] = phrase(2) % {"n": "#"}
    words["two"] = _("mancano %(first)s e %(second)s") % {"first": "{0}", "second": "{1}"}
    words["single-one"] = ngettext("manca %(time)s", "mancano %(time)s", 1) % {"time": "{0}"}
    words["single-many"] = ngettext("manca %(time)s", "mancano %(time)s", 2) % {"time": "{0}"}
    words["instant"] = _("manca meno di un secondo")
    words["over"] = _("il termine è passato")
    return words


# Lists


@register.inclusion_tag("components/breadcrumb.html")
def breadcrumb(*labels_and_urls, current):
    """The way to this page without building a list in the view: {% breadcrumb desk_label desk_url current=title %}."""
    return {"crumbs": list(zip(labels_and_urls[::2], labels_and_urls[1::2], strict=True)), "current": current}


@register.simple_tag
def page_numbers(page):
    """Numbers to show for a page of a list: the ends, the neighbours, and None for each gap."""
    return [
        None if number == page.paginator.ELLIPSIS else number
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]


# Proof


@register.filter
def sha_groups(digest, size=8):
    """A hexadecimal digest cut in groups that an eye can compare: "9f86d081884c…" -> ["9f86d081", "884c…"]."""
    digest = str(digest or "")
    return [digest[start : start + size] for start in range(0, len(digest), size)]


@register.filter
def bar_width(value, maximum):
    """Length of a bar, 0 to 100, for a whole of `maximum`; it never leaves the rail."""
    if not maximum:
        return 0
    return max(0, min(100, round(Fraction(_exact(value)) * 100 / Fraction(_exact(maximum)))))

"""What a call document decides, in sentences: deadline, rounding, comparison, ties, limits of an answer or of a file."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bando.deadlines import ROME
from bando.notice.document import AttachmentRule, Question, QuestionType
from bando.notice.grid import Block, Comparison, Criterion, Grid, Rounding, RoundingMode, RoundingPoint, TieStep, TieStepKind
from bando.templatetags.bando_ui import day, in_italian
from documents.uploads import megabytes


def number(value: Decimal | int) -> str:
    """With the digits that it has, and no zeros that say nothing: ``12,5``, ``100``."""
    text = format(Decimal(value).normalize(), "f")
    return number_format(Decimal(text), use_l10n=True)


def deadline_rule(closes: datetime) -> str:
    """The last moment in time and the first one late, both written out: the rule holds to the microsecond."""
    last = closes.astimezone(ROME)
    return _(
        "Vale l'ora in cui la domanda arriva al nostro server. È in tempo se arriva entro le %(last)s del %(day)s: "
        "una domanda arrivata alle %(late)s è in ritardo."
    ) % {
        "last": last.strftime("%H:%M:%S") + (f",{last.microsecond:06d}" if last.microsecond else ""),
        "day": day(last),
        "late": (closes + timedelta(microseconds=1)).astimezone(ROME).strftime("%H:%M:%S,%f"),
    }


def rounding(grid: Grid) -> list[str]:
    """One sentence for each rounding, in the order in which they happen; the sentence that there are none, otherwise."""
    return [_rounding(step) for step in grid.rounding] or [_("Non si arrotonda niente: si calcola con i numeri esatti.")]


def _rounding(step: Rounding) -> str:
    what = {
        RoundingPoint.COEFFICIENT: _("Il coefficiente di ogni commissario si arrotonda"),
        RoundingPoint.MEAN: _("La media dei coefficienti si arrotonda"),
        RoundingPoint.PRODUCT: _("Il punteggio di ogni criterio (media per punti massimi) si arrotonda"),
        RoundingPoint.TOTAL: _("Il totale si arrotonda"),
    }[step.at]
    how = {
        RoundingMode.HALF_UP: _("la metà va verso l'alto"),
        RoundingMode.HALF_EVEN: _("la metà va verso la cifra pari"),
        RoundingMode.TRUNCATE: _("le cifre in più si tolgono"),
    }[step.mode]
    digits = ngettext("a %(n)s decimale", "a %(n)s decimali", step.digits) % {"n": step.digits}
    return _("%(what)s %(digits)s: %(how)s.") % {"what": what, "digits": digits, "how": how}


def comparison(grid: Grid) -> str:
    """Which totals decide who comes first."""
    if grid.comparison is Comparison.EXACT:
        return _("La graduatoria confronta i totali esatti, anche oltre i decimali pubblicati.")
    return _("La graduatoria confronta i totali come sono pubblicati.")


def ties(grid: Grid) -> list[str]:
    """The chain that decides between equal totals, link by link; empty when the notice states none."""
    return [_tie(grid, step) for step in grid.tie_chain]


def _tie(grid: Grid, step: TieStep) -> str:
    if step.kind is TieStepKind.DRAW:
        return _("sorteggio pubblico")
    known: tuple[Block, ...] | tuple[Criterion, ...] = grid.blocks if step.kind is TieStepKind.BLOCK else grid.criteria
    title = next(item.title for item in known if item.code == step.code)
    if step.kind is TieStepKind.BLOCK:
        return _("più punti nel gruppo «%(title)s»") % {"title": title}
    return _("più punti nel criterio «%(title)s»") % {"title": title}


def answer_limits(question: Question) -> str:
    """How one answers a question and within which limits, in one line; HTML where it quotes the call."""
    match question.type:
        case QuestionType.SHORT_TEXT | QuestionType.LONG_TEXT:
            return _("Testo, al massimo %(limit)s caratteri, spazi inclusi") % {"limit": question.limit}
        case QuestionType.NUMBER:
            unit = format_html(" ({})", in_italian(question.unit)) if question.unit else ""
            return format_html(_("Un numero{unit}{bounds}"), unit=unit, bounds=_bounds(question))
        case QuestionType.MONEY:
            return _("Un importo in euro%(bounds)s") % {"bounds": _bounds(question)}
        case QuestionType.DATE:
            return _("Una data%(bounds)s") % {"bounds": _bounds(question)}
        case QuestionType.CHOICE:
            return _("Scegli una risposta")
        case QuestionType.CHOICES:
            return _("Scegli una o più risposte%(bounds)s") % {"bounds": _bounds(question)}
        case QuestionType.YES_NO:
            return _("Sì o no")
        case QuestionType.ADDRESS:
            return _("Un indirizzo")
        case QuestionType.MUNICIPIO:
            return _("Un Municipio")


def _bounds(question: Question) -> str:
    least, most = (_bound(bound) for bound in (question.min, question.max))
    if least and most:
        return _(", da %(least)s a %(most)s") % {"least": least, "most": most}
    if least:
        return _(", almeno %(least)s") % {"least": least}
    return _(", al massimo %(most)s") % {"most": most} if most else ""


def _bound(bound: Decimal | date | None) -> str:
    match bound:
        case None:
            return ""
        case date():
            return day(bound)
    return number(bound)


def file_limits(rule: AttachmentRule) -> str:
    """Formats, weight and number of the files of an attachment, in one line."""
    return ", ".join(
        [
            *(name.upper() for name in rule.formats),
            _("fino a %(size)s MB") % {"size": megabytes(rule.max_bytes)},
            ngettext("%(n)s file", "al massimo %(n)s file", rule.max_files) % {"n": rule.max_files},
        ]
    )

"""What a call document decides, in sentences: deadline, how points are given, rounding, comparison, ties, limits of an
answer or of a file, conditions, who may take part, budgets, replacement, who sits at the table.

The titles and labels of the call are its own Italian words: a sentence that quotes one is HTML, so that a page in another
language marks them (``in_italian``).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bando.deadlines import ROME
from bando.notice.document import (
    GROUP,
    NO,
    YES,
    Act,
    Area,
    AttachmentRule,
    Budget,
    ClockRule,
    Column,
    ColumnType,
    FormalCheck,
    GroupAnswer,
    GroupForm,
    MembersShown,
    Notice,
    Participation,
    Question,
    QuestionType,
    Replacement,
    ReplacementMode,
    TableMode,
    When,
)
from bando.notice.grid import (
    Band,
    Best,
    Block,
    Comparison,
    Composition,
    Criterion,
    CriterionType,
    FormulaKind,
    Grid,
    Marking,
    PairwiseVariant,
    Rescaling,
    Rounding,
    RoundingMode,
    RoundingPoint,
    TieStep,
    TieStepKind,
)
from bando.notice.kinds import MEGABYTE
from bando.templatetags.bando_ui import day, euro, in_italian
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


def places(area: Area) -> str:
    """How many places an area has and what they are: ``20 Spazi WeMi``; "" where there is no limit. With lots: those of all."""
    if area.lots:
        return _places(area, sum(lot.places for lot in area.lots))
    return "" if area.places is None else _places(area, area.places)


def lots(area: Area) -> list[dict[str, str]]:
    """The lots of an area, each with its ``title`` and its ``places`` in words."""
    return [{"title": lot.title, "places": _places(area, lot.places)} for lot in area.lots]


def _places(area: Area, number: int) -> str:
    label = _("posto") if number == 1 and area.place_label == "posti" else area.place_label
    return f"{number} {label}"


# How points are given


def points(value: Decimal | int) -> str:
    return ngettext("%(n)s punto", "%(n)s punti", 1 if value == 1 else 2) % {"n": number(value)}


def method(grid: Grid) -> list[str]:
    """How judgments and facts become points, for the types of criteria that the grid has."""
    types = {criterion.type for criterion in grid.criteria}
    together = grid.marking is Marking.COLLEGIAL
    sentences = []
    if together and CriterionType.COEFFICIENT in types:
        sentences.append(
            _(
                "La commissione insieme dà un coefficiente della scala. Il punteggio è il coefficiente per i punti massimi del "
                "criterio."
            )
        )
    elif types == {CriterionType.COEFFICIENT}:
        sentences.append(
            _(
                "Ogni commissario dà a ogni criterio un coefficiente della scala. Il punteggio è la media dei coefficienti per i "
                "punti massimi del criterio."
            )
        )
    elif CriterionType.COEFFICIENT in types:
        sentences.append(
            _(
                "Dove si usa la scala, ogni commissario dà un coefficiente. Il punteggio è la media dei coefficienti per i punti "
                "massimi del criterio."
            )
        )
    if types & {CriterionType.LEVELS, CriterionType.POINTS}:
        if together:
            sentences.append(_("Dove si danno punti, li dà la commissione insieme."))
        elif grid.composition is Composition.SUM:
            sentences.append(_("Dove ogni commissario dà punti, il punteggio è la somma dei punti di tutti."))
        else:
            sentences.append(_("Dove ogni commissario dà punti, il punteggio è la media dei punti di tutti."))
    if CriterionType.PAIRWISE in types:
        sentences.append(
            _("Nel confronto a coppie ogni commissario dice, per ogni coppia di proposte, quale è migliore e di quanto.")
        )
    if types & {CriterionType.COUNT, CriterionType.BANDS, CriterionType.YES_NO, CriterionType.FORMULA}:
        sentences.append(
            _("Quantità, fasce e sì o no sono fatti: si controllano una volta e valgono per tutta la commissione.")
        )
    if CriterionType.PENALTY in types:
        sentences.append(_("Le penalità tolgono punti dal totale."))
    return sentences


def how_points(grid: Grid, criterion: Criterion, seats: int | None = None) -> str:
    """How this criterion gives its points, in one or two sentences; HTML where it quotes the call. Levels and bands are
    lists of their own (:func:`levels`, :func:`bands`). "" where the scale says all. ``seats`` are the members of the
    commission, if their number is fixed: where points are added, each gives a part of the maximum."""
    summed, together = grid.composition is Composition.SUM, grid.marking is Marking.COLLEGIAL
    match criterion.type:
        case CriterionType.COEFFICIENT:
            if all(other.type is CriterionType.COEFFICIENT for other in grid.criteria):
                return ""
            if together:
                return _("La commissione sceglie un coefficiente della scala.")
            return _("Ogni commissario sceglie un coefficiente della scala.")
        case CriterionType.LEVELS:
            if together:
                return _("La commissione sceglie un giudizio:")
            if summed:
                return _("Ogni commissario sceglie un giudizio, e i punti si sommano:")
            return _("Ogni commissario sceglie un giudizio:")
        case CriterionType.POINTS:
            most = criterion.max_points / seats if summed and seats else criterion.max_points
            who = _("La commissione dà da 0 a %(most)s") if together else _("Ogni commissario dà da 0 a %(most)s")
            words = who % {"most": points(most)}
            if criterion.step:
                words = _("%(words)s, a passi di %(step)s") % {"words": words, "step": number(criterion.step)}
            return (_("%(words)s, e i punti si sommano.") if summed else "%(words)s.") % {"words": words}
        case CriterionType.PAIRWISE:
            return _by_pairs(criterion)
        case CriterionType.COUNT:
            example = min(3 * criterion.per_unit, criterion.max_points)
            return format_html(
                _("{each} per ogni unità ({unit}), fino a {most}. Per esempio, 3 danno {example}."),
                each=points(criterion.per_unit),
                unit=in_italian(criterion.unit),
                most=points(criterion.max_points),
                example=points(example),
            )
        case CriterionType.BANDS:
            return format_html(_("Conta la quantità ({unit}):"), unit=in_italian(criterion.unit))
        case CriterionType.YES_NO:
            return _("Sì: %(points)s. No: 0 punti.") % {"points": points(criterion.max_points)}
        case CriterionType.FORMULA:
            return _by_formula(criterion)
        case CriterionType.PENALTY:
            return _("Se la risposta è sì, si tolgono %(points)s.") % {"points": points(criterion.penalty)}


def _by_pairs(criterion: Criterion) -> str:
    rule = criterion.pairwise
    if rule.halves:
        degrees = _("Se sono pari prendono 1 punto tutte e due; altrimenti la migliore ne prende da 2 a 6, anche con il mezzo.")
    else:
        degrees = _("Se sono pari prendono 1 punto tutte e due; altrimenti la migliore ne prende da 2 a 6.")
    if rule.variant is PairwiseVariant.SUM:
        found = _(
            "I punti di tutti i commissari si sommano: la proposta con la somma più alta prende %(most)s, le altre in proporzione."
        )
    else:
        found = _(
            "I punti di ogni commissario si dividono per i suoi più alti, e di questi coefficienti si fa la media: la proposta con "
            "la media più alta prende %(most)s, le altre in proporzione."
        )
    few = _("Con meno di %(n)s proposte non si confronta: ogni commissario sceglie un coefficiente della scala.") % {
        "n": rule.fewest
    }
    start = _("Ogni commissario confronta le proposte due a due.")
    return " ".join([start, degrees, found % {"most": points(criterion.max_points)}, few])


def _by_formula(criterion: Criterion) -> str:
    formula, most = criterion.formula, criterion.max_points
    words = {"unit": in_italian(criterion.unit), "most": points(most)}
    if formula.kind is FormulaKind.BILINEAR:
        knee = formula.knee * most
        return format_html(
            _(
                "Conta la quantità ({unit}). La proposta con la più alta prende {most}. Chi è alla media delle proposte prende "
                "{knee}. Tra zero e la media, e tra la media e la più alta, i punti crescono in proporzione. Per esempio, con metà "
                "della media: {half}."
            ),
            **words,
            knee=_about(knee),
            half=_about(knee / 2),
        )
    if formula.best is Best.HIGHER:
        start = _("Conta la quantità ({unit}). La proposta con la più alta prende {most}.")
        ratio, example = _("la sua quantità divisa per la più alta"), _("Per esempio, con metà della più alta: {half}.")
    else:
        start = _("Conta la quantità ({unit}). La proposta con la più bassa prende {most}.")
        ratio, example = _("la quantità più bassa divisa per la sua"), _("Per esempio, con il doppio della più bassa: {half}.")
    if formula.kind is FormulaKind.LINEAR:
        rule, half = _("Ogni altra prende {most} per {ratio}."), most / 2
    else:
        rule = _("Ogni altra prende {most} per {ratio}, elevata a {exponent}.")
        half = most * Decimal("0.5") ** formula.exponent
    exponent = number(formula.exponent) if formula.exponent is not None else ""
    return format_html(f"{start} {rule} {example}", **words, ratio=ratio, exponent=exponent, half=_about(half))


def _about(value: Decimal) -> str:
    """An example of points, with two digits at most."""
    return points(value.quantize(Decimal("0.01"), ROUND_HALF_UP))


def levels(criterion: Criterion) -> list[dict[str, str]]:
    """The judgments of a criterion of that type: ``label``, ``points`` in words, ``descriptor``."""
    return [{"label": one.label, "points": points(one.points), "descriptor": one.descriptor} for one in criterion.levels]


def bands(criterion: Criterion) -> list[dict[str, str]]:
    """The bands of a criterion of that type, ``label`` (HTML) and ``points``: as the act calls them, or by their ends."""
    return [
        {"label": in_italian(one.label) or _between(one, criterion.unit), "points": points(one.points)}
        for one in criterion.bands
    ]


def _between(band: Band, unit: str) -> str:
    """The ends of a band in words: those that belong to it are named, those that do not are passed."""
    ends = {
        name: number(end)
        for name in ("at_least", "more_than", "at_most", "less_than")
        if (end := getattr(band, name)) is not None
    }
    match tuple(ends):
        case ("at_least", "at_most"):
            words = _("da {at_least} a {at_most} {unit}")
        case ("at_least", "less_than"):
            words = _("da {at_least} a meno di {less_than} {unit}")
        case ("more_than", "at_most"):
            words = _("più di {more_than} e fino a {at_most} {unit}")
        case ("more_than", "less_than"):
            words = _("più di {more_than} e meno di {less_than} {unit}")
        case ("at_least",):
            words = _("almeno {at_least} {unit}")
        case ("more_than",):
            words = _("più di {more_than} {unit}")
        case ("at_most",):
            words = _("fino a {at_most} {unit}")
        case _:
            words = _("meno di {less_than} {unit}")
    return format_html(words, **ends, unit=in_italian(unit))


def rescaling(grid: Grid) -> list[str]:
    """One sentence for each rescaling, in the order in which they happen, and what becomes of a proposal that is alone; empty
    when nothing is rescaled."""
    what = {
        Rescaling.CRITERION: _("in ogni criterio la proposta migliore prende i punti massimi e le altre in proporzione"),
        Rescaling.BLOCK: _("in ogni gruppo di criteri la proposta migliore prende i punti massimi e le altre in proporzione"),
        Rescaling.TOTAL: _("nel totale la proposta migliore prende i punti massimi e le altre in proporzione"),
    }
    sentences = [_("Dopo le soglie, %(what)s.") % {"what": what[level]} for level in grid.rescaling]
    if not sentences:
        return []
    if grid.rescales_alone:
        return [*sentences, _("Vale anche se sopra le soglie resta una proposta sola.")]
    return [*sentences, _("Se sopra le soglie resta una proposta sola, tiene i suoi punti.")]


def rounding(grid: Grid) -> list[str]:
    """One sentence for each rounding, in the order in which they happen; the sentence that there are none, otherwise."""
    return [_rounding(grid, step) for step in grid.rounding] or [_("Non si arrotonda niente: si calcola con i numeri esatti.")]


def _rounding(grid: Grid, step: Rounding) -> str:
    types = {criterion.type for criterion in grid.criteria if criterion.is_judged}
    by_scale = types <= {CriterionType.COEFFICIENT}
    together = grid.marking is Marking.COLLEGIAL
    composed = _("La somma") if grid.composition is Composition.SUM else _("La media")
    what = {
        RoundingPoint.COEFFICIENT: _("Quello che dà la commissione si arrotonda")
        if together
        else _("Il coefficiente di ogni commissario si arrotonda")
        if by_scale
        else _("Quello che dà ogni commissario si arrotonda"),
        RoundingPoint.MEAN: _("La media dei coefficienti si arrotonda")
        if by_scale
        else _("%(composed)s di quello che danno i commissari si arrotonda") % {"composed": composed},
        RoundingPoint.PRODUCT: _("Il punteggio di ogni criterio (media per punti massimi) si arrotonda")
        if {criterion.type for criterion in grid.criteria} <= {CriterionType.COEFFICIENT}
        else _("Il punteggio di ogni criterio si arrotonda"),
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
    """The chain that decides between equal totals, link by link, as HTML."""
    return [_tie(grid, step) for step in grid.tie_chain]


def _tie(grid: Grid, step: TieStep) -> str:
    if step.kind is TieStepKind.DRAW:
        return _("sorteggio pubblico")
    known: tuple[Block, ...] | tuple[Criterion, ...] = grid.blocks if step.kind is TieStepKind.BLOCK else grid.criteria
    title = next(item.title for item in known if item.code == step.code)
    if step.kind is TieStepKind.BLOCK:
        return format_html(_("più punti nel gruppo «{title}»"), title=in_italian(title))
    return format_html(_("più punti nel criterio «{title}»"), title=in_italian(title))


# What the form asks


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
        case QuestionType.DECLARATION:
            return _("Una casella da spuntare")
        case QuestionType.FILE:
            return _file_limits(question)
        case QuestionType.TABLE:
            least = question.min if question.min and question.min > 1 else None
            rows = ngettext("al massimo %(n)s riga", "al massimo %(n)s righe", int(question.max)) % {"n": int(question.max)}
            if least:
                rows = _("da %(least)s a %(most)s righe") % {"least": number(least), "most": number(question.max)}
            return _("Una tabella, %(rows)s") % {"rows": rows}


def column_limits(column: Column) -> str:
    """What goes into a cell of a table, in one line; HTML where it quotes the call."""
    match column.type:
        case ColumnType.SHORT_TEXT:
            return _("Testo, al massimo %(limit)s caratteri, spazi inclusi") % {"limit": column.limit}
        case ColumnType.NUMBER if column.unit:
            return format_html(_("Un numero ({unit})"), unit=in_italian(column.unit))
        case ColumnType.NUMBER:
            return _("Un numero")
        case ColumnType.MONEY:
            return _("Un importo in euro")
        case ColumnType.DATE:
            return _("Una data")
        case ColumnType.YES_NO:
            return _("Sì o no")
        case ColumnType.CHOICE:
            labels = _either(in_italian(choice.label) for choice in column.choices)
            return format_html(_("Scegli una risposta: {labels}"), labels=labels)


def condition(notice: Notice, when: When | None) -> str:
    """When something is asked, in one sentence that quotes the earlier question and the answers that make it appear; ""
    when it is asked always."""
    if when is None:
        return ""
    if when.question == GROUP:
        return _("Solo se partecipi %(how)s.") % {"how": _or(takes_part(GroupAnswer(answer)) for answer in when.answers)}
    asked = next(q for section in notice.sections for q in section.questions if q.code == when.question)
    label = in_italian(asked.label)
    if asked.type is QuestionType.DECLARATION:
        return format_html(_("Solo se spunti «{question}»."), question=label)
    names = {YES: _("Sì"), NO: _("No")} if asked.type is QuestionType.YES_NO else {}
    names |= {choice.code: in_italian(choice.label) for choice in asked.choices}
    answers = _either(names[code] for code in when.answers)
    return format_html(_("Solo se a «{question}» rispondi {answers}."), question=label, answers=answers)


def _either(names: Iterable[str]) -> str:
    """«a», «b» o «c»."""
    quoted = [format_html("«{}»", name) for name in names]
    if len(quoted) == 1:
        return quoted[0]
    return format_html(
        _("{first} o {last}"), first=format_html_join(", ", "{}", ((name,) for name in quoted[:-1])), last=quoted[-1]
    )


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
    return _file_limits(rule)


def _file_limits(rule: AttachmentRule | Question) -> str:
    return ", ".join(
        [
            *(name.upper() for name in rule.formats),
            _("fino a %(size)s MB") % {"size": megabytes(rule.max_bytes)}
            if rule.max_bytes >= MEGABYTE
            else _("fino a %(size)s KB") % {"size": rule.max_bytes // 1024},
            ngettext("%(n)s file", "al massimo %(n)s file", rule.max_files) % {"n": rule.max_files},
            *([_("con firma digitale")] if rule.signed else []),
        ]
    )


# Who takes part, and who pays


def group_form(form: GroupForm) -> str:
    match form:
        case GroupForm.ATS:
            return _("associazione temporanea di scopo (ATS)")
        case GroupForm.ATI:
            return _("associazione temporanea di imprese (ATI)")
        case GroupForm.CONSORTIUM:
            return _("consorzio")
        case GroupForm.NETWORK:
            return _("rete di enti")


def takes_part(answer: GroupAnswer) -> str:
    """How a body takes part, to end a sentence."""
    match answer:
        case GroupAnswer.SINGLE:
            return _("da solo")
        case GroupAnswer.FORMED:
            return _("in un gruppo già costituito")
        case GroupAnswer.TO_BE_FORMED:
            return _("in un gruppo da costituire")


GROUP_ASKS = gettext_lazy(
    "Di ogni ente del gruppo servono il nome, l'indirizzo e-mail, che cosa fa nel progetto e la quota. Le quote sommano a 100. "
    "Ogni ente accede con il suo account e fa le sue dichiarazioni."
)
"""What the section on who takes part asks, beside whether one applies alone."""


def participation(rule: Participation) -> list[str]:
    """Who may apply together; nothing where the call says nothing of its own."""
    if rule == Participation():
        return []
    sentences = []
    if rule.groups:
        forms = _or(group_form(form) for form in rule.groups)
        sentences.append(_("Si partecipa da soli o in gruppo. Forme ammesse: %(forms)s.") % {"forms": forms})
        if rule.max_members:
            sentences.append(_("Un gruppo ha al massimo %(n)s enti, capofila compreso.") % {"n": rule.max_members})
    else:
        sentences.append(_("Ogni ente partecipa da solo."))
    if rule.once_per_area:
        sentences.append(_("Un ente partecipa una sola volta in ogni area, da solo o in un gruppo."))
    elif rule.groups:
        sentences.append(_("Un ente può stare in più gruppi della stessa area."))
    return sentences


def budget(rule: Budget) -> list[str]:
    """What the plan must keep to beyond its greatest grant and the parts of the whole; HTML where it quotes the call."""
    sentences = []
    for item in rule.items:
        names = {"item": in_italian(item.title)}
        if item.min_own_percent is not None:
            words = _("«{item}»: l'ente mette almeno il {share} di questa voce")
            sentences.append(format_html(words, share=f"{number(item.min_own_percent)}%", **names))
        if item.max_percent is not None:
            words = _("«{item}»: al massimo il {share} del costo totale")
            sentences.append(format_html(words, share=f"{number(item.max_percent)}%", **names))
    if rule.by_partner:
        sentences.append(_("In un gruppo, ogni riga dice quale ente sostiene la spesa"))
    if rule.years:
        years = ", ".join(map(str, rule.years))
        sentences.append(_("Ogni riga dice l'anno della spesa: %(years)s") % {"years": years})
    if rule.actions:
        labels = format_html_join(", ", "{}", ((in_italian(action.label),) for action in rule.actions))
        sentences.append(format_html(_("Ogni riga dice l'azione: {labels}"), labels=labels))
    if known := rule.volunteers:
        amount = {"amount": euro(known.hourly_cents)}
        sentences.append(_("Un'ora di volontariato vale al massimo %(amount)s e non si rimborsa") % amount)
        if known.max_percent is not None:
            share = {"share": number(known.max_percent)}
            sentences.append(_("Le ore dei volontari sono al massimo il %(share)s%% di quello che mette l'ente") % share)
    return sentences


def _or(names: Iterable[str]) -> str:
    """a, b o c."""
    *first, last = names
    return _("%(first)s o %(last)s") % {"first": ", ".join(first), "last": last} if first else last


# The check of the office, and the ranking


def formal_check(rule: FormalCheck) -> list[str]:
    """How the office checks what was sent, and in which term."""
    sentences = [_("Dopo la scadenza l'ufficio controlla i requisiti e gli allegati di ogni domanda.")]
    if rule.days is not None:
        sentences.append(
            ngettext(
                "Finisce entro %(n)s giorno dalla scadenza. Il conto si ferma quando chiede di completare una domanda.",
                "Finisce entro %(n)s giorni dalla scadenza. Il conto si ferma quando chiede di completare una domanda.",
                rule.days,
            )
            % {"n": rule.days}
        )
    if rule.rejection_notice:
        sentences.append(
            ngettext(
                "Prima di escludere una domanda l'ufficio scrive i motivi all'ente, che ha %(n)s giorno per rispondere.",
                "Prima di escludere una domanda l'ufficio scrive i motivi all'ente, che ha %(n)s giorni per rispondere.",
                rule.rejection_days,
            )
            % {"n": rule.rejection_days}
        )
        if rule.days is not None:
            again = rule.clock is ClockRule.INTERRUPTS
            sentences.append(
                _("Poi il conto dei giorni ricomincia da capo.") if again else _("Intanto il conto dei giorni è sospeso.")
            )
    return sentences


def publication(notice: Notice) -> list[str]:
    """How the ranking becomes public, and whose mark is whose in it."""
    rule = notice.publication
    if rule.observations_days is None:
        sentences = [_("La graduatoria che si pubblica è già quella definitiva.")]
    else:
        sentences = [
            ngettext(
                "Prima si pubblica una graduatoria provvisoria, e per %(n)s giorno gli enti possono mandare osservazioni.",
                "Prima si pubblica una graduatoria provvisoria, e per %(n)s giorni gli enti possono mandare osservazioni.",
                rule.observations_days,
            )
            % {"n": rule.observations_days},
            _("L'ufficio risponde a tutte, e poi pubblica la graduatoria definitiva."),
        ]
    if all(grid.marking is Marking.COLLEGIAL for grid in notice.grids):
        return sentences
    match rule.members:
        case MembersShown.NAMES:
            return [*sentences, _("Di ogni voto si pubblica il nome del commissario.")]
        case MembersShown.LABELS:
            return [*sentences, _("Di ogni voto si pubblica il ruolo e il numero del commissario, senza il nome.")]
        case MembersShown.NONE:
            return [*sentences, _("I voti si pubblicano senza dire di chi sono.")]


# After the ranking


def replacement(rule: Replacement) -> str:
    """Who takes a place that becomes free."""
    match rule.mode:
        case ReplacementMode.NONE:
            return _("Se un posto si libera, chi segue in graduatoria non subentra in automatico.")
        case ReplacementMode.UNTIL_AGREEMENT:
            return _("Se un posto si libera prima della firma della convenzione, subentra chi segue in graduatoria.")
        case ReplacementMode.FOR_MONTHS:
            return ngettext(
                "Se un posto si libera entro %(n)s mese dalla pubblicazione della graduatoria, subentra chi segue.",
                "Se un posto si libera entro %(n)s mesi dalla pubblicazione della graduatoria, subentra chi segue.",
                rule.months,
            ) % {"n": rule.months}


def table(mode: TableMode) -> str:
    """Who sits at the co-design table (D.M. 72/2021)."""
    match mode:
        case TableMode.SELECTED:
            return _("Ai tavoli di co-progettazione siedono gli enti scelti, che poi firmano la convenzione.")
        case TableMode.ELIGIBLE:
            return _("Ai tavoli di co-progettazione siedono tutti gli enti idonei, che poi firmano la convenzione.")
        case TableMode.MERGED:
            return _(
                "Ai tavoli di co-progettazione gli enti idonei uniscono le loro proposte in una sola, e poi firmano la convenzione."
            )


def act(item: Act) -> str:
    """Kind, number and day of an act, in one line: the words are those of the call."""
    number_words = f" n. {item.number}" if item.number else ""
    return f"{item.title}{number_words}" + (f", {day(item.date)}" if item.date else "")

"""What people call the keys, the values and the things of a call document, in Italian.

PURE: standard library only. Plain strings without translation, as the faults of ``parse`` are: they stand beside the document,
quote it, and the document is in Italian.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from bando.notice import document, grid
from bando.notice.grid import Band
from bando.notice.kinds import Kind, plain_decimal
from bando.notice.shapes import (
    ACT,
    ACTION,
    ADMINISTRATION,
    AGREEMENT,
    AREA,
    ARTICLE,
    ASSUMPTION,
    ATTACHMENT,
    BAND,
    BLOCK,
    BUDGET,
    BUDGET_ITEM,
    CALENDAR,
    CHOICE,
    COLUMN,
    COMMISSION,
    CRITERION,
    ECONOMIC_FRAME,
    FORMAL_CHECK,
    FORMULA,
    GRID,
    LEGAL_REFERENCE,
    LEVEL,
    LOT,
    MILESTONE,
    NOTICE,
    PAIRWISE,
    PARTICIPATION,
    POINTS_LEVEL,
    PUBLICATION,
    QUESTION,
    REPLACEMENT,
    REQUIREMENT,
    ROUNDING,
    SECTION,
    SOURCE,
    TIE_STEP,
    VOLUNTEERS,
    WHEN,
    Shape,
)

LABELS: dict[str, dict[str, str]] = {
    NOTICE.title: {
        "id": "indirizzo dell'avviso",
        "title": "titolo dell'avviso",
        "summary": "riassunto",
        "purpose": "scopo e oggetto",
        "demonstration": "frase che dice che cosa è un esempio",
        "administration": "amministrazione",
        "coprogramming": "atto di co-programmazione",
        "economic_frame": "quadro economico",
        "act": "atto che approva l'avviso",
        "legal_basis": "norme",
        "calendar": "",
        "areas": "aree",
        "participation": "partecipazione",
        "formal_check": "verifica delle domande",
        "publication": "pubblicazione della graduatoria",
        "requirements": "requisiti",
        "sections": "sezioni",
        "attachments": "allegati",
        "budgets": "piani economici",
        "grids": "griglie",
        "commission": "commissione",
        "conflict_rules": "regole sui conflitti di interessi",
        "conclusion": "conclusione del procedimento",
        "replacement": "scorrimento della graduatoria",
        "agreement": "convenzione",
        "sources": "fonti",
        "assumptions": "supposizioni",
    },
    ADMINISTRATION.title: {
        "name": "nome",
        "office": "ufficio",
        "email": "e-mail",
        "pec": "PEC",
        "phone": "telefono",
        "url": "sito",
        "procedure_officer": "responsabile del procedimento",
    },
    ACT.title: {"title": "tipo di atto", "number": "numero", "date": "data", "url": "indirizzo web"},
    LEGAL_REFERENCE.title: {"title": "titolo", "url": "indirizzo web"},
    SOURCE.title: {"title": "titolo", "url": "indirizzo web", "facts": "fatti"},
    ASSUMPTION.title: {"path": "valore", "text": "testo"},
    MILESTONE.title: {"title": "nome", "when": "quando"},
    CALENDAR.title: {
        "timezone": "ora",
        "opens": "apertura",
        "deadline": "scadenza",
        "questions_until": "termine per le domande all'ufficio",
        "curing_days": "giorni per completare la domanda",
        "milestones": "tappe",
    },
    AREA.title: {
        "code": "codice",
        "title": "titolo",
        "description": "descrizione",
        "places": "posti",
        "place_label": "nome dei posti",
        "grid": "griglia",
        "budget": "piano economico",
        "municipi": "Municipi",
        "opens_space": "apre uno Spazio",
        "lot_question": "domanda che sceglie il lotto",
        "lots": "lotti",
    },
    LOT.title: {"code": "risposta", "title": "nome", "places": "posti"},
    FORMAL_CHECK.title: {
        "days": "giorni dalla scadenza",
        "rejection_notice": "preavviso di esclusione",
        "rejection_days": "giorni per rispondere al preavviso",
        "clock": "che cosa fa il preavviso al termine",
        "text": "testo",
    },
    PUBLICATION.title: {
        "observations_days": "giorni per le osservazioni",
        "members": "di chi è ogni voto",
        "text": "testo",
    },
    REQUIREMENT.title: {
        "code": "codice",
        "title": "titolo",
        "text": "testo",
        "kind": "come si verifica",
        "source": "norma",
        "each_member": "nel gruppo lo dichiara ogni ente",
        "areas": "aree",
    },
    PARTICIPATION.title: {
        "groups": "gruppi ammessi",
        "max_members": "numero massimo di enti in un gruppo",
        "once_per_area": "una sola volta in ogni area",
        "text": "testo",
    },
    CHOICE.title: {"code": "codice", "label": "parole"},
    WHEN.title: {"question": "domanda", "is": "risposte"},
    COLUMN.title: {
        "code": "codice",
        "label": "titolo",
        "type": "tipo",
        "required": "obbligatoria",
        "limit": "limite di caratteri",
        "decimals": "cifre dopo la virgola",
        "unit": "unità di misura",
        "choices": "risposte possibili",
    },
    QUESTION.title: {
        "code": "codice",
        "label": "testo della domanda",
        "type": "tipo di risposta",
        "hint": "aiuto",
        "required": "obbligatoria",
        "limit": "limite di caratteri",
        "choices": "risposte possibili",
        "criterion": "criterio",
        "min": "minimo",
        "max": "massimo",
        "decimals": "cifre dopo la virgola",
        "unit": "unità di misura",
        "columns": "colonne",
        "formats": "formati",
        "max_size": "peso massimo di ogni file",
        "max_files": "numero massimo di file",
        "signed": "con firma digitale",
        "profile": "dato dell'ente che si propone",
        "areas": "aree",
        "when": "quando si chiede",
    },
    SECTION.title: {
        "code": "codice",
        "title": "titolo",
        "kind": "che cosa contiene",
        "intro": "introduzione",
        "questions": "domande",
        "criterion": "criterio",
        "areas": "aree",
    },
    ATTACHMENT.title: {
        "code": "codice",
        "title": "titolo",
        "text": "testo",
        "formats": "formati",
        "max_size": "peso massimo di ogni file",
        "required": "obbligatorio",
        "max_files": "numero massimo di file",
        "signed": "con firma digitale",
        "areas": "aree",
        "when": "quando si chiede",
    },
    BUDGET_ITEM.title: {
        "code": "codice",
        "title": "nome",
        "hint": "aiuto",
        "indirect": "costo indiretto",
        "min_own_percent": "parte minima dell'ente",
        "max_percent": "parte massima del costo totale",
    },
    ACTION.title: {"code": "codice", "label": "nome"},
    VOLUNTEERS.title: {
        "hourly": "valore massimo di un'ora",
        "max_percent": "parte massima di quello che mette l'ente",
        "text": "testo",
    },
    BUDGET.title: {
        "code": "codice",
        "text": "testo",
        "items": "voci di costo",
        "max_grant": "contributo massimo",
        "min_own_share_percent": "parte minima dell'ente",
        "max_indirect_percent": "parte massima dei costi indiretti",
        "by_partner": "diviso per ente",
        "years": "anni",
        "actions": "azioni",
        "volunteers": "ore dei volontari",
    },
    LEVEL.title: {"label": "nome", "coefficient": "coefficiente", "descriptor": "quando si dà"},
    BLOCK.title: {"code": "codice", "title": "titolo", "max_points": "punti massimi", "threshold": "soglia"},
    POINTS_LEVEL.title: {"label": "nome", "points": "punti", "descriptor": "quando si dà"},
    BAND.title: {
        "label": "nome",
        "at_least": "da (compreso)",
        "more_than": "oltre",
        "at_most": "fino a (compreso)",
        "less_than": "meno di",
        "points": "punti",
    },
    PAIRWISE.title: {
        "variant": "come diventano coefficienti",
        "halves": "con le mezze preferenze",
        "fewest": "da quante proposte",
    },
    FORMULA.title: {"kind": "tipo", "best": "chi vince", "exponent": "esponente", "knee": "punti alla media"},
    CRITERION.title: {
        "code": "codice",
        "letter": "lettera",
        "title": "titolo",
        "block": "gruppo",
        "max_points": "punti massimi",
        "guidance": "che cosa si guarda",
        "threshold": "soglia",
        "type": "come si danno i punti",
        "levels": "giudizi",
        "step": "passo dei punti",
        "per_unit": "punti per ogni unità",
        "unit": "che cosa si conta",
        "bands": "fasce",
        "formula": "formula",
        "penalty": "punti che si tolgono",
        "pairwise": "confronto a coppie",
    },
    ROUNDING.title: {"at": "dove", "digits": "cifre dopo la virgola", "mode": "modo"},
    TIE_STEP.title: {"kind": "che cosa si confronta", "code": "codice"},
    GRID.title: {
        "code": "codice",
        "title": "titolo",
        "max_points": "punti massimi",
        "scale": "giudizi",
        "blocks": "gruppi di criteri",
        "criteria": "criteri",
        "rounding": "arrotondamenti",
        "comparison": "quali totali si confrontano",
        "threshold": "soglia",
        "tie_chain": "regola per le parità",
        "published_digits": "cifre pubblicate dopo la virgola",
        "composition": "come si uniscono i giudizi dei commissari",
        "rescaling": "riparametrazione",
        "rescales_alone": "si riparametra anche una proposta sola",
        "marking": "chi dà i voti",
        "demonstration": "frase che dice che la griglia è un esempio",
    },
    COMMISSION.title: {
        "min_members": "numero minimo di membri",
        "max_members": "numero massimo di membri",
        "odd": "numero dispari",
        "text": "testo",
    },
    ECONOMIC_FRAME.title: {"text": "testo", "total": "importo"},
    REPLACEMENT.title: {"mode": "regola", "months": "mesi", "text": "testo"},
    ARTICLE.title: {"title": "titolo", "text": "testo"},
    AGREEMENT.title: {
        "title": "titolo",
        "preamble": "premessa",
        "duration_months": "durata in mesi",
        "table_mode": "chi partecipa al tavolo",
        "articles": "articoli",
    },
}

WORDS: dict[type, dict[StrEnum, str]] = {
    document.RequirementKind: {
        document.RequirementKind.DECLARATION: "lo dichiara l'ente",
        document.RequirementKind.CHECK: "lo verifica l'ufficio",
    },
    document.SectionKind: {
        document.SectionKind.QUESTIONS: "domande",
        document.SectionKind.BUDGET: "piano economico",
        document.SectionKind.DECLARATIONS: "dichiarazioni",
        document.SectionKind.GROUP: "chi partecipa",
    },
    document.ClockRule: {
        document.ClockRule.SUSPENDS: "lo sospende",
        document.ClockRule.INTERRUPTS: "lo fa ricominciare",
    },
    document.MembersShown: {
        document.MembersShown.NAMES: "con il nome del commissario",
        document.MembersShown.LABELS: "con il ruolo e il numero del commissario",
        document.MembersShown.NONE: "non si dice",
    },
    document.GroupForm: {
        document.GroupForm.ATS: "associazione temporanea di scopo (ATS)",
        document.GroupForm.ATI: "associazione temporanea di imprese (ATI)",
        document.GroupForm.CONSORTIUM: "consorzio",
        document.GroupForm.NETWORK: "rete di enti",
    },
    document.GroupAnswer: {
        document.GroupAnswer.SINGLE: "da solo",
        document.GroupAnswer.FORMED: "in un gruppo già costituito",
        document.GroupAnswer.TO_BE_FORMED: "in un gruppo da costituire",
    },
    document.ProfileFact: {
        document.ProfileFact.NAME: "nome",
        document.ProfileFact.TAX_CODE: "codice fiscale",
        document.ProfileFact.VAT_NUMBER: "partita IVA",
        document.ProfileFact.ADDRESS: "sede",
        document.ProfileFact.PEC: "PEC",
        document.ProfileFact.PHONE: "telefono",
    },
    document.QuestionType: {
        document.QuestionType.SHORT_TEXT: "testo breve",
        document.QuestionType.LONG_TEXT: "testo lungo",
        document.QuestionType.NUMBER: "numero",
        document.QuestionType.MONEY: "importo in euro",
        document.QuestionType.DATE: "data",
        document.QuestionType.CHOICE: "una risposta a scelta",
        document.QuestionType.CHOICES: "più risposte a scelta",
        document.QuestionType.YES_NO: "sì o no",
        document.QuestionType.ADDRESS: "indirizzo",
        document.QuestionType.MUNICIPIO: "Municipio",
        document.QuestionType.DECLARATION: "dichiarazione",
        document.QuestionType.FILE: "file",
        document.QuestionType.TABLE: "tabella",
    },
    document.ColumnType: {
        document.ColumnType.SHORT_TEXT: "testo breve",
        document.ColumnType.NUMBER: "numero",
        document.ColumnType.MONEY: "importo in euro",
        document.ColumnType.DATE: "data",
        document.ColumnType.CHOICE: "una risposta a scelta",
        document.ColumnType.YES_NO: "sì o no",
    },
    document.TableMode: {
        document.TableMode.SELECTED: "gli enti selezionati",
        document.TableMode.ELIGIBLE: "tutti gli enti idonei",
        document.TableMode.MERGED: "tutti gli enti idonei, con un'unica proposta",
    },
    document.ReplacementMode: {
        document.ReplacementMode.NONE: "nessuno scorrimento",
        document.ReplacementMode.UNTIL_AGREEMENT: "fino alla firma della convenzione",
        document.ReplacementMode.FOR_MONTHS: "per un numero di mesi dalla graduatoria",
    },
    grid.RoundingPoint: {
        grid.RoundingPoint.COEFFICIENT: "di quello che dà ogni commissario",
        grid.RoundingPoint.MEAN: "della media o della somma dei commissari",
        grid.RoundingPoint.PRODUCT: "dei punti di ogni criterio",
        grid.RoundingPoint.TOTAL: "del totale",
    },
    grid.RoundingMode: {
        grid.RoundingMode.HALF_UP: "la metà va verso l'alto",
        grid.RoundingMode.HALF_EVEN: "la metà va verso la cifra pari",
        grid.RoundingMode.TRUNCATE: "le cifre in più si tolgono",
    },
    grid.Comparison: {
        grid.Comparison.EXACT: "i totali esatti",
        grid.Comparison.PUBLISHED: "i totali pubblicati",
    },
    grid.CriterionType: {
        grid.CriterionType.COEFFICIENT: "un coefficiente della scala",
        grid.CriterionType.LEVELS: "un giudizio con i suoi punti",
        grid.CriterionType.POINTS: "punti liberi",
        grid.CriterionType.PAIRWISE: "il confronto a coppie",
        grid.CriterionType.COUNT: "punti per ogni unità",
        grid.CriterionType.BANDS: "punti per fasce",
        grid.CriterionType.YES_NO: "tutti i punti o nessuno",
        grid.CriterionType.FORMULA: "una formula",
        grid.CriterionType.PENALTY: "una penalità",
    },
    grid.Composition: {grid.Composition.MEAN: "media", grid.Composition.SUM: "somma"},
    grid.Marking: {
        grid.Marking.INDIVIDUAL: "ogni commissario da solo",
        grid.Marking.COLLEGIAL: "la commissione insieme",
    },
    grid.PairwiseVariant: {
        grid.PairwiseVariant.SUM: "somma dei punti di tutti",
        grid.PairwiseVariant.MEAN: "media dei coefficienti di ogni commissario",
    },
    grid.FormulaKind: {
        grid.FormulaKind.LINEAR: "lineare",
        grid.FormulaKind.POWER: "potenza",
        grid.FormulaKind.BILINEAR: "bilineare",
    },
    grid.Best: {grid.Best.HIGHER: "la quantità più alta", grid.Best.LOWER: "la quantità più bassa"},
    grid.Rescaling: {
        grid.Rescaling.CRITERION: "di ogni criterio",
        grid.Rescaling.BLOCK: "di ogni gruppo",
        grid.Rescaling.TOTAL: "del totale",
    },
    grid.TieStepKind: {
        grid.TieStepKind.BLOCK: "i punti di un gruppo",
        grid.TieStepKind.CRITERION: "i punti di un criterio",
        grid.TieStepKind.DRAW: "sorteggio pubblico",
    },
}

_MONTHS = (
    *("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno"),
    *("luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"),
)


def _day(day: date) -> str:
    return f"{day.day}{'º' if day.day == 1 else ''} {_MONTHS[day.month - 1]} {day.year}"


def number(value: Decimal | int) -> str:
    return plain_decimal(Decimal(value)).replace(".", ",")


def _money(cents: int) -> str:
    return f"{cents // 100:,}".replace(",", ".") + f",{cents % 100:02d} euro"


def in_words(kind: Kind | Shape, value: Any) -> str:
    """A single value in words, by what it is: numbers with a comma, money, instants of Rome."""
    match value:
        case None:
            return ""
        case bool():
            return "sì" if value else "no"
        case StrEnum():
            return WORDS[type(value)][value]
        case datetime():
            return f"{_day(value)}, ore {value:%H:%M}" + (f":{value:%S}" if value.second else "")
        case date():
            return _day(value)
        case str():
            return value.upper() if kind.name == "one of" else value
    match kind.name:
        case "euro":
            return _money(value)
        case "size":
            return kind.write(value)
    return number(value)


EMPTY = {
    (CALENDAR.title, "opens"): "dal giorno della pubblicazione",
    (AREA.title, "places"): "senza limite",
    (PARTICIPATION.title, "groups"): "nessuno",
    (FORMAL_CHECK.title, "days"): "nessun termine",
    (PUBLICATION.title, "observations_days"): "nessuna graduatoria provvisoria",
    (GRID.title, "threshold"): "nessuna soglia",
    (GRID.title, "rescaling"): "nessuna",
}
"""What a value that is not there says, where that decides something."""


NOUNS = {
    LEGAL_REFERENCE.title: "norma",
    SOURCE.title: "fonte",
    ASSUMPTION.title: "supposizione su",
    MILESTONE.title: "tappa",
    LOT.title: "lotto",
    REQUIREMENT.title: "requisito",
    CHOICE.title: "risposta",
    COLUMN.title: "colonna",
    QUESTION.title: "domanda",
    SECTION.title: "sezione",
    ATTACHMENT.title: "allegato",
    BUDGET_ITEM.title: "voce",
    ACTION.title: "azione",
    LEVEL.title: "giudizio",
    POINTS_LEVEL.title: "giudizio",
    BLOCK.title: "gruppo",
    CRITERION.title: "criterio",
    ARTICLE.title: "articolo",
}

IDENTITY = {
    **dict.fromkeys(NOUNS, "title"),
    **dict.fromkeys((CHOICE.title, COLUMN.title, QUESTION.title, ACTION.title, LEVEL.title, POINTS_LEVEL.title), "label"),
    ASSUMPTION.title: "path",
    ROUNDING.title: "at",
}
"""The key that people call a thing by."""

ALONE = {AREA, GRID, BUDGET, REQUIREMENT, SECTION, QUESTION, ATTACHMENT, LEGAL_REFERENCE, SOURCE, ASSUMPTION, MILESTONE}
"""What is named without saying what holds it."""


def ends(band: Band) -> str:
    ends = (
        ("da", band.at_least),
        ("oltre", band.more_than),
        ("fino a", band.at_most),
        ("meno di", band.less_than),
    )
    return " ".join(f"{word} {number(end)}" for word, end in ends if end is not None)

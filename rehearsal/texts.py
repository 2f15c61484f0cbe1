"""Invented texts: of any length exactly, and written with everything that people write.

PURE: standard library only. A length is counted as the call counts it: Unicode code points, a line break being one.
"""

from __future__ import annotations

from random import Random

SENTENCES = (
    "Il progetto nasce da dieci anni di lavoro nel quartiere.",
    "Ogni settimana apriamo la porta a chi cerca ascolto e orientamento.",
    "Abbiamo parlato con le scuole, i portinai, i medici di base e la parrocchia.",
    "Le persone ci chiedono soprattutto aiuto con le pratiche digitali.",
    "La rete comprende enti piccoli e grandi, ciascuno con un compito scritto.",
    "Misuriamo i risultati ogni tre mesi e li discutiamo con chi usa il servizio.",
    "Il gruppo di lavoro è stabile e ha competenze diverse.",
    "Chi non può venire da noi trova una persona che va a casa sua.",
    "Gli orari tengono conto di chi lavora e di chi accudisce.",
    "Le risorse che portiamo sono spazi, arredi e ore di volontariato.",
)

STRANGE = (
    "L'associazione «Perché no?» – nata nel ’68 – costa 1.000,00 € (l'80% a carico nostro).",
    "E\u0301 cosi\u0300 che si scrivono gli accenti con due segni: perche\u0301, citta\u0300.",
    "Lavoriamo con le famiglie di Łódź, Țara, Đurđevac e con l’Œuvre.",
    "نعمل مع العائلات في الحي كل يوم.",
    "אנחנו פתוחים לכולם.",
    "社区服务中心 · コミュニティ 🌈👩‍👩‍👧‍👦🏳️‍🌈",
    'Costi < 5.000 & ricavi > 0; "virgolette" e <b>marcatori</b> che non lo sono; {{ graffe }} e 100%.',
    "Una tabulazione\tqui, e uno spazio\u00a0che non va a capo.",
)
"""Accents in two signs, right to left, joined emoji, what looks like markup, what spreadsheets take for formulas."""

NAMES = (
    "Maria D'Amico",
    "Nicolo\u0301 Dell’Òglio",
    "Łucja Wójcik-Ðorđević",
    "محمد الأمين",
    "Anna–Maria O'Neill",
    "李娜",
)
"""People whose name a program of a century ago could not write."""

BODIES = (
    "Associazione L'Òbelo",
    "Cooperativa sociale «Citta\u0300 & Persone»",
    "جمعية ميلانو للتضامن APS",
    "Società di Mutuo Soccorso Łódź–Milano",
    "Fondazione 100% Quartiere 🌈",
    'Ente "Perche\u0301 no?" <ODV>',
)


def prose(length: int, chance: Random, *, strange: bool = False, lines: bool = True) -> str:
    """A text of exactly ``length`` characters; with ``lines``, in paragraphs. Its ends are no blanks."""
    if length < 1:
        return ""
    stock = STRANGE + SENTENCES[:3] if strange else SENTENCES
    parts: list[str] = []
    size = 0
    while size <= length:
        sentence = chance.choice(stock)
        parts.append(sentence)
        size += len(sentence) + 1
    glue = [("\n" if lines and chance.randrange(5) == 0 else " ") for _part in parts]
    text = "".join(sentence + space for sentence, space in zip(parts, glue, strict=True))
    if not lines:
        text = text.replace("\t", " ")
    # The cut may fall on a blank, which would not be counted, or between a letter and its accent.
    return text[: length - 1] + "."


def typed_in_a_browser(text: str) -> str:
    """The line breaks that a browser sends: two characters each, which the call counts as one."""
    return text.replace("\n", "\r\n")

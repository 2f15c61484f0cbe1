"""The numbers that a body has: typed by people, checked by a library, stored as bare digits."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from stdnum.exceptions import InvalidChecksum
from stdnum.exceptions import ValidationError as WrongNumber
from stdnum.it import codicefiscale, iva

BETWEEN_DIGITS = re.compile(r"[\s./\-]+")
DIGITS = 11


def body_tax_code(typed: str) -> str:
    """The 11 digits of the tax code of a body, without spaces and dots. Raises ValidationError with what to do.

    A body that is not a natural person has a numeric code with the control digit of the VAT number
    (D.M. 23 December 1976, art. 7), also where it has no VAT number.
    """
    code = _bare(typed)
    if len(code) == 16 and not code.isdecimal():
        raise ValidationError(
            _("Questo codice ha 16 caratteri: è quello di una persona. Il codice fiscale di un ente ha 11 cifre."),
            code="personal",
        )
    _refuse_letters(code, _("Il codice fiscale dell'ente ha solo cifre. Togli «%(what)s»."))
    if len(code) != DIGITS:
        raise ValidationError(
            ngettext(
                "Il codice fiscale dell'ente ha 11 cifre. Ne hai scritta %(n)d.",
                "Il codice fiscale dell'ente ha 11 cifre. Ne hai scritte %(n)d.",
                len(code),
            ),
            code="length",
            params={"n": len(code)},
        )
    try:
        return codicefiscale.validate(code)
    except InvalidChecksum as wrong:
        raise ValidationError(
            _("Il codice fiscale non torna: l'ultima cifra di controllo è diversa. Ricontrolla."), code="checksum"
        ) from wrong
    except WrongNumber as wrong:
        raise ValidationError(_("Nessun ente ha questo codice fiscale. Ricontrolla tutte le cifre."), code="unknown") from wrong


def vat_number(typed: str) -> str:
    """The 11 digits of a VAT number, without spaces, dots and the IT in front; empty stays empty."""
    number = _bare(typed)
    if not number:
        return ""
    _refuse_letters(number, _("La partita IVA ha solo cifre. Togli «%(what)s»."))
    if len(number) != DIGITS:
        raise ValidationError(
            ngettext(
                "La partita IVA ha 11 cifre. Ne hai scritta %(n)d.",
                "La partita IVA ha 11 cifre. Ne hai scritte %(n)d.",
                len(number),
            ),
            code="length",
            params={"n": len(number)},
        )
    try:
        return iva.validate(number)
    except InvalidChecksum as wrong:
        raise ValidationError(
            _("La partita IVA non torna: l'ultima cifra di controllo è diversa. Ricontrolla."), code="checksum"
        ) from wrong
    except WrongNumber as wrong:
        raise ValidationError(_("Nessun ente ha questa partita IVA. Ricontrolla tutte le cifre."), code="unknown") from wrong


def postal_code(typed: str) -> str:
    """The five digits of an Italian postal code."""
    code = BETWEEN_DIGITS.sub("", typed)
    _refuse_letters(code, _("Il CAP ha solo cifre. Togli «%(what)s»."))
    if len(code) != 5:
        raise ValidationError(
            ngettext("Il CAP ha 5 cifre. Ne hai scritta %(n)d.", "Il CAP ha 5 cifre. Ne hai scritte %(n)d.", len(code)),
            code="length",
            params={"n": len(code)},
        )
    return code


def province(typed: str) -> str:
    """The two letters of a province, in capitals."""
    letters = typed.strip().upper()
    if not re.fullmatch(r"[A-Z]{2}", letters):
        raise ValidationError(_("La provincia si scrive con 2 lettere, per esempio MI."), code="province")
    return letters


def phone(typed: str) -> str:
    """A telephone number as people write it: digits, spaces, a plus in front."""
    number = " ".join(typed.split())
    if number and not re.fullmatch(r"\+?[\d ()./-]{5,29}", number):
        raise ValidationError(_("Scrivi il telefono con i numeri, per esempio 02 1234567."), code="phone")
    return number


def _bare(typed: str) -> str:
    code = BETWEEN_DIGITS.sub("", typed).upper()
    return code[2:] if re.fullmatch(r"IT\d+", code) else code


def _refuse_letters(code: str, message: str) -> None:
    """Only the ten digits of ASCII: other scripts' digits would pass isdecimal and be another number in the database."""
    other = "".join(dict.fromkeys(re.sub(r"[0-9]", "", code)))
    if other:
        raise ValidationError(message, code="letters", params={"what": other})

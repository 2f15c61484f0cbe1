"""The robustness of a ranking in words, from the report that is kept beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.figures import figure
from evaluation.presentation import TableView, outcome_words

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """Something small that is otherwise, and what would follow: a sentence for each proposal that stands otherwise."""

    what: str
    follows: tuple[str, ...]
    decides: bool


class RobustnessView:
    """``content``: the report (``robustness.to_json``); ``table``: the ranking that it is about."""

    def __init__(self, content: Json, table: TableView) -> None:
        self.content, self.table = content, table

    @property
    def is_firm(self) -> bool:
        return self.content["firm"]

    @cached_property
    def finding(self) -> str:
        """What one wants to know first."""
        if self.is_firm:
            return _("Nessun componente, nessun peso e nessun singolo punteggio decide da solo chi ha un posto.")
        deciding = [
            ngettext("%(n)s componente", "%(n)s componenti", n) % {"n": n} if (n := _deciding(self.members)) else "",
            ngettext("%(n)s peso", "%(n)s pesi", n) % {"n": n} if (n := _deciding(self.weights)) else "",
            ngettext("%(n)s singolo punteggio", "%(n)s singoli punteggi", n) % {"n": n} if (n := len(self.marks)) else "",
        ]
        return _("Chi ha un posto dipende anche da: %(what)s.") % {"what": ", ".join(filter(None, deciding))}

    @cached_property
    def margins(self) -> list[dict[str, Any]]:
        """A line for each proposal of the ranking: who it is, and its distances in points as they are read, ``None`` for none."""
        rows = {row.number: row for row in self.table.rows}
        return [
            {"row": rows[margin["application"]]}
            | {name: figure(margin[name]["published"]) if margin[name] else None for name in MARGINS}
            for margin in self.content["margins"]
            if margin["application"] in rows
        ]

    @cached_property
    def members(self) -> list[Line]:
        found = []
        for one in self.content["without"]:
            what = _("Senza %(member)s") % {"member": one["member"]}
            if one["shifts"] is None:
                follows: tuple[str, ...] = (_("Non si può calcolare: una proposta resterebbe senza punteggi."),)
                found.append(Line(what, follows, decides=False))
            else:
                found.append(self._line(what, one["shifts"]))
        return found

    @cached_property
    def weights(self) -> list[Line]:
        return [self._line(self._weight(one), one["shifts"]) for one in self.content["weighed"]]

    @cached_property
    def marks(self) -> list[Line]:
        return [self._line(self._mark(one), one["shifts"]) for one in self.content["moved"]]

    @property
    def marks_words(self) -> str:
        """How many single marks were tried, and what came of it."""
        tried = self.content["tried"]
        if not tried:
            return _("I singoli punteggi sono troppi per provarli uno per uno: guarda i margini.")
        words = ngettext(
            "Abbiamo provato %(tried)s spostamento di un livello, uno alla volta.",
            "Abbiamo provato %(tried)s spostamenti di un livello, uno alla volta.",
            tried,
        ) % {"tried": tried}
        if not self.marks:
            return f"{words} {_('Nessuno cambia chi ha un posto.')}"
        return f"{words} " + ngettext("%(n)s cambia chi ha un posto.", "%(n)s cambiano chi ha un posto.", len(self.marks)) % {
            "n": len(self.marks)
        }

    @property
    def movable_words(self) -> str:
        """Whose position a single mark would change."""
        movable = self.content["movable"]
        if not movable:
            return ""
        return ngettext("Cambierebbe posizione: %(bodies)s.", "Cambierebbero posizione: %(bodies)s.", len(movable)) % {
            "bodies": ", ".join(self._named(number) for number in movable)
        }

    def _named(self, number: str) -> str:
        row = self.table.row(number)
        return f"{row.body} ({number})" if row else number

    @property
    def quiet_weights(self) -> str:
        """How many of the weights that were moved changed nothing."""
        quiet = sum(not line.follows for line in self.weights)
        if quiet == len(self.weights):
            return _("Nessun peso cambia qualcosa: ne abbiamo provati %(n)s, uno alla volta.") % {"n": quiet}
        return ngettext(
            "%(n)s altro peso, provato allo stesso modo, non cambia niente.",
            "%(n)s altri pesi, provati allo stesso modo, non cambiano niente.",
            quiet,
        ) % {"n": quiet}

    def _line(self, what: str, shifts: list[Json]) -> Line:
        follows = tuple(self._shift(shift) for shift in shifts)
        return Line(what, follows, any(shift["outcome"] != shift["would"] for shift in shifts))

    def _shift(self, shift: Json) -> str:
        row = self.table.row(shift["application"])
        values = {
            "body": row.body if row else "",
            "application": shift["application"],
            "before": outcome_words(shift["outcome"]),
            "after": outcome_words(shift["would"]),
            "position": shift["position"],
            "would": shift["would_position"],
        }
        if shift["outcome"] == shift["would"]:
            return _("%(body)s (%(application)s): %(would)s° posto invece di %(position)s°") % values
        return _("%(body)s (%(application)s): «%(after)s» invece di «%(before)s»") % values

    def _weight(self, one: Json) -> str:
        values = {"criterion": self._criterion(one["criterion"])}
        if Fraction(one["by"]) > 0:
            return _("«%(criterion)s» pesa il 10 %% in più") % values
        return _("«%(criterion)s» pesa il 10 %% in meno") % values

    def _mark(self, one: Json) -> str:
        values = {
            "application": one["application"],
            "criterion": self._criterion(one["criterion"]),
            "member": one["member"],
            "mark": figure(one["mark"]),
            "to": figure(one["to"]),
        }
        if one["member"]:
            return _("%(application)s, «%(criterion)s», %(member)s: %(to)s invece di %(mark)s") % values
        return _("%(application)s, «%(criterion)s», un componente: %(to)s invece di %(mark)s") % values

    def _criterion(self, code: str) -> str:
        return next(c["title"] for c in self.table.document["grid"]["criteria"] if c["code"] == code)


MARGINS = ("above", "below", "border", "threshold")


def _deciding(lines: list[Line]) -> int:
    return sum(line.decides for line in lines)

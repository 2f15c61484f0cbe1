"""The list of who was admitted in an area, as it is published: canonical JSON that says the outcome and nothing private.

``bando/admissions/1``::

    schema         "bando/admissions/1"
    version        {number, replaces: SHA-256 of the version before or null, note}
    call           {id, title, notice_sha256}      act   {number, date} or null in a preview
    area           {code, title}                   demonstration, licence   text
    rows           in order of number: {application, body, members: [names], outcome, reason: null or {code, text}}

``outcome`` is admitted, admitted_with_reserve (what is still waited for stays between the office and the body), excluded (after
an admission) or not_admitted, with a ``reason`` chosen from a short list: what the office wrote may tell of people.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.db.models import TextChoices
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from applications.models import AdmissionList, Application
from applications.states import ApplicationState as S
from bando.csv_table import harmless
from bando.models import Call
from workflow.ledger import canonical
from workflow.personal_data import found_in

SCHEMA, LICENCE = "bando/admissions/1", "CC-BY-4.0"
Content = dict[str, Any]


class Outcome(TextChoices):
    ADMITTED = "admitted", _("Ammessa")
    WITH_RESERVE = "admitted_with_reserve", _("Ammessa con riserva")
    NOT_ADMITTED = "not_admitted", _("Non ammessa")
    EXCLUDED = "excluded", _("Esclusa dopo l'ammissione")


class Why(TextChoices):
    """Why an application was not admitted, in words that say nothing of anybody."""

    LATE = "late", _("Arrivata dopo la scadenza")
    REQUIREMENT = "requirement", _("Manca un requisito di partecipazione")
    DOCUMENTS = "documents", _("Mancano documenti, o non sono conformi")
    PROPOSAL = "proposal", _("Manca la proposta")
    BUDGET = "budget", _("Il piano economico non rispetta l'avviso")
    GROUP = "group", _("Il gruppo non rispetta l'avviso")
    TWICE = "twice", _("L'ente partecipa più volte alla stessa area")
    UNCERTAIN = "uncertain", _("Non è certo chi presenta o che cosa propone")
    OTHER = "other", _("Altro motivo, scritto all'ente")


def received(call: Call, area_code: str) -> list[Application]:
    """What was received in the area, in order of number, with the bodies of each group. Two queries."""
    rows = Application.objects.received().filter(call=call, area_code=area_code).select_related("organisation")
    return list(rows.prefetch_related("participants__organisation").order_by("number"))


def outcome_of(application: Application) -> Outcome | None:
    """What the check came to; None while it goes on."""
    match application.state:
        case S.SUBMITTED | S.CHECKING:
            return None
        case S.NOT_ADMITTED:
            return Outcome.NOT_ADMITTED
        case S.EXCLUDED:
            return Outcome.EXCLUDED
    return Outcome.WITH_RESERVE if application.has_reserve else Outcome.ADMITTED


def latest(call: Call, area_code: str) -> AdmissionList | None:
    """The version that counts. One query."""
    return AdmissionList.objects.filter(call=call, area_code=area_code).order_by("-number").first()


def compose(call: Call, area_code: str, *, reasons: Mapping[str, str], note: str = "") -> Content:
    """The next version, without its act. ``reasons`` are codes of :class:`Why` by number of the application; an application
    without an outcome or a reason has none here, and the act is refused. Three queries."""
    before, area = latest(call, area_code), call.notice.area(area_code)
    with translation.override("it"):
        rows = [_row(application, reasons.get(str(application.number), "")) for application in received(call, area_code)]
    return {
        "schema": SCHEMA,
        "version": {
            "number": before.number + 1 if before else 1,
            "replaces": before.sha256 if before else None,
            "note": note,
        },
        "call": {"id": call.notice.id, "title": call.title, "notice_sha256": call.version.sha256},
        "act": None,
        "area": {"code": area.code, "title": area.title},
        "demonstration": call.notice.demonstration,
        "licence": LICENCE,
        "rows": rows,
    }


def with_act(content: Content, *, number: str, day: date) -> str:
    """The text to publish: canonical JSON."""
    return canonical(content | {"act": {"number": number, "date": day.isoformat()}})


def csv_rows(content: Content) -> Iterator[list[str]]:
    """A row for each application, after the names of the columns. What a spreadsheet would take for a formula is text."""
    yield ["domanda", "ente", "altri_enti", "esito", "motivo"]
    for row in content["rows"]:
        reason = row["reason"]["text"] if row["reason"] else ""
        cells = [row["application"], row["body"], "; ".join(row["members"]), row["outcome"], reason]
        yield [harmless(cell) for cell in cells]


def personal_data(content: Content) -> list[tuple[str, list[str]]]:
    """What looks like a person's data, by number of the application: the names of the bodies as they registered them."""
    told = [(row["application"], found_in("\n".join([row["body"], *row["members"]]))) for row in content["rows"]]
    return [(number, kinds) for number, kinds in told if kinds]


def _row(application: Application, why: str) -> dict[str, Any]:
    outcome = outcome_of(application)
    others = [one.organisation.name for one in application.participants.all() if one.organisation and not one.is_lead]
    reason = None
    if outcome is Outcome.NOT_ADMITTED and why in Why.values:
        reason = {"code": why, "text": str(Why(why).label)}
    return {
        "application": application.number,
        "body": application.organisation.name,
        "members": others,
        "outcome": outcome.value if outcome else None,
        "reason": reason,
    }

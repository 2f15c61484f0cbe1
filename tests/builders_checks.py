"""Selected proposals whose declarations are to be verified: three requirements, of which one is the lead's alone and one the
office's."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from accounts.models import Organisation, User
from applications.models import Application, Participant
from applications.states import ApplicationState
from bando.actions import load, publish
from bando.deadlines import end_of_day, rome
from bando.models import Call
from network.actions import check_all, commit_sample
from network.models import CheckPlan, DeclarationCheck
from network.sampling import Rule
from tests.builders import body, official
from tests.builders_evaluation import DEADLINE, GRID, NOTICE, PUBLISHED_AT, admitted
from tests.remembered import remembered

AT = rome(2021, 12, 10, 9)
DUE_ON = date(2022, 1, 31)
TERM = end_of_day(date(2022, 1, 10))
VALUE_AT = AT + timedelta(days=3)
VALUE = "12 45 7 88 31"
SOURCE = "Lotto, ruota di Milano: i cinque numeri nell'ordine di uscita"

REQUIREMENTS = """requirements:
  - {code: registro, title: Iscrizione al registro, text: Siamo iscritti.}
  - {code: penale, title: Nessuna condanna, text: Nessuna condanna.}
  - {code: sede, title: La sede è disponibile, text: La sede è disponibile., each_member: false}
  - {code: visto, title: Lo vede l'ufficio, text: Lo vede l'ufficio., kind: check}
"""


@remembered
def call_with_declarations(*, slug: str = "prova") -> Call:
    """The small call of the evaluation, whose form asks for declarations."""
    section = "  - {code: dichiarazioni, title: Le dichiarazioni, kind: declarations}\ncommission: {"
    text = NOTICE.replace("SLUG", slug).replace("PLACES", "2").replace("GRID", GRID).replace("commission: {", section)
    call = load(f"{text}{REQUIREMENTS}", at=PUBLISHED_AT)
    publish(call, by=official(), at=PUBLISHED_AT)
    return Call.objects.with_notice().get(pk=call.pk)


def chosen(call: Call, *, bodies: int = 1, name: str = "", organisation: Organisation | None = None) -> Application:
    """A selected proposal of a group of ``bodies``: three declarations of the lead, two of each other body."""
    row = admitted(call, name=name, state=ApplicationState.SELECTED, organisation=organisation)
    for ordinal in range(bodies):
        lead = ordinal == 0
        Participant.objects.create(
            application=row,
            call=call,
            area_code=row.area_code,
            organisation=row.organisation if lead else body(f"Altro ente {row.number} {ordinal}"),
            is_lead=lead,
            name=f"Ente {ordinal}",
            invited_at=DEADLINE - timedelta(days=8 - ordinal),
        )
    return row


def all_checked(call: Call, *, by: User | None = None) -> CheckPlan:
    return check_all(call, "area-1", due_on=DUE_ON, by=by or official(), at=AT)


def sampled(call: Call, *, by: User | None = None, at: Any = AT, rule: Rule = Rule(10, 5, True), **changes: Any) -> CheckPlan:  # noqa: B008
    given = {"source": SOURCE, "value_at": VALUE_AT, "due_on": DUE_ON, **changes}
    return commit_sample(call, "area-1", rule=rule, by=by or official(), at=at, **given)


def one_of(plan: CheckPlan, application: Application | None = None, code: str = "registro") -> DeclarationCheck:
    rows = plan.checks.filter(code=code, ordinal=1)
    return rows.get(application=application) if application else rows.first()

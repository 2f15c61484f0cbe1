"""From the ranking to the agreements of Area 1: a sample of the declarations, the table and its projects, and an agreement at
each moment of its road.

The value of the draw is invented like the rest: no lottery has published it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import datetime, timedelta

from accounts.models import User
from applications.merging import fingerprint
from applications.models import Application
from bando.models import Call
from documents.uploads import keep
from network.actions import (
    add_guarantee,
    agree_on_version,
    approve_table_minutes,
    ask_authority,
    change_parties,
    close_table_session,
    commit_sample,
    confirm_declarations,
    decide,
    draft_agreement,
    draw_sample,
    find_irregular,
    open_table,
    open_table_session,
    pay_agreement,
    plan_table_session,
    prepare_agreement,
    publish_agreement,
    publish_table_minutes,
    save_table_minutes,
    save_text,
    sign_agreement,
    start_project,
    write_version,
)
from network.contents import CONTENTS, missing
from network.demonstration.bodies import Body
from network.demonstration.calls import at_clock, noon
from network.demonstration.papers import blank_pdf
from network.models import Agreement, Guarantee, Project, Table, TableSession
from network.sampling import Rule

AREA = "area-1"
ROOM = "Sala di esempio, via di esempio 1, Milano"
SIGNED = -230
"""The day on which most agreements were signed."""
LONG = 730
"""Days that an agreement lasts."""
WAIVED = "È nel piano economico e nel progetto definitivo, che sono allegati (esempio)."


# The checks


def check_declarations(call: Call, irregular: Application, now: datetime, office: User) -> None:
    """A sample of the declarations of Area 1: all of them confirmed, but one of ``irregular``, which has some days left."""
    plan = commit_sample(
        call,
        AREA,
        rule=Rule(percent=10, minimum=8, each_proposal=True),
        source="Lotto, prima estrazione della ruota di Milano dopo quell'ora (esempio: il valore è inventato)",
        value_at=noon(now, -258),
        due_on=noon(now, 30).date(),
        by=office,
        at=noon(now, -262),
    )
    draw_sample(plan, value="8 61 27 44 90", by=office, at=noon(now, -257))
    waits = plan.checks.filter(application=irregular).order_by("code").first()
    sure = plan.checks.exclude(pk=waits.pk).values_list("pk", flat=True)
    confirm_declarations([plan], list(sure), by=office, at=noon(now, -245))
    ask_authority(
        waits,
        asked_to="Ufficio di esempio",
        due_at=noon(now, -200),
        note="Protocollo di esempio 5512.",
        by=office,
        at=noon(now, -240),
    )
    find_irregular(
        waits,
        due_at=at_clock(now, 8, 23, 59),
        reason="Nella risposta che abbiamo ricevuto manca una data (esempio). Mandaci il documento aggiornato.",
        by=office,
        at=noon(now, -4),
    )


# The table


def design_together(
    call: Call, applications: Mapping[int, Application], bodies: Mapping[int, Body], now: datetime, office: User
) -> None:
    """Two sessions with minutes that everybody reads, a third in ten days, and the projects of bodies 1 and 3."""
    table = open_table(call, AREA, by=office, at=noon(now, -262))
    first = _open_session(table, bodies, "Presentazione delle proposte\nOrari comuni della rete", (-261, -255), now, office)
    one, other = (_begun(table, applications[n], bodies[n], now, office) for n in (1, 3))
    decide(first, text="Tutti gli Spazi aprono almeno un pomeriggio alla settimana.", by=office, at=_in(now, -255, 10))
    for project, n, minutes in ((one, 1, 30), (other, 3, 50)):
        version = write_version(
            project,
            _changed(project, {"orari": "da lunedì a venerdì 9-13, martedì e giovedì 15-19, primo sabato del mese 9-12"}),
            based_on=0,
            note="Aggiunto un sabato al mese, come deciso al tavolo.",
            touches_reason="La commissione ha valutato gli orari: qui crescono, e nessuna altra proposta passerebbe avanti.",
            by=bodies[n].person,
            at=_in(now, -255, minutes),
        )
        agree_on_version(version, first, by=office, at=_in(now, -255, minutes + 10))
    _close(
        first, "Ogni ente racconta la sua proposta. Il tavolo sceglie gli orari comuni. Verbale di esempio.", now, -255, office
    )
    second = _open_session(table, bodies, "Piano economico\nRete con i servizi sociali", (-250, -243), now, office)
    version = write_version(
        one,
        _changed(one, {"ore-di-apertura": "31"}),
        based_on=1,
        note="Tre ore di apertura in più alla settimana, coperte dai volontari già previsti.",
        touches_reason="Le ore di apertura sono state valutate: aumentano senza un contributo più alto.",
        by=bodies[1].person,
        at=_in(now, -243, 10),
    )
    agree_on_version(version, second, by=office, at=_in(now, -243, 20))
    decide(second, text="I piani economici restano quelli delle proposte.", by=office, at=_in(now, -243, 25))
    decide(
        second,
        text="Ogni Spazio ha una persona di riferimento nel servizio sociale del suo Municipio.",
        against=f"{bodies[5].organisation.name}: chiede che la persona sia indicata dal Comune entro un mese.",
        by=office,
        at=_in(now, -243, 30),
    )
    _close(second, "Il tavolo rilegge i piani economici e decide come lavorare con i servizi. Esempio.", now, -243, office)
    plan_table_session(
        table,
        planned_at=at_clock(now, 10, 15, 0),
        place=ROOM,
        agenda="Un anno di lavoro: che cosa cambiare nei progetti\nLe convenzioni che mancano",
        by=office,
        at=noon(now, -2),
    )


def _open_session(
    table: Table, bodies: Mapping[int, Body], agenda: str, days: tuple[int, int], now: datetime, office: User
) -> TableSession:
    """Called on the first of ``days``, opened on the second with everybody who sits there."""
    called, held = days
    session = plan_table_session(table, planned_at=noon(now, held), place=ROOM, agenda=agenda, by=office, at=noon(now, called))
    people = {body.organisation.pk: body.person.name for body in bodies.values()}
    present = {seat.pk: [(people[seat.organisation_id], "")] for seat in table.partners.all()}
    open_table_session(session, {None: [(office.name, "ufficio")], **present}, by=office, at=noon(now, held))
    return session


def _begun(table: Table, application: Application, body: Body, now: datetime, office: User) -> Project:
    return start_project(table, [application], title=f"{body.facts['title']} (esempio)", by=office, at=_in(now, -255, 5))


def _changed(project: Project, answers: Mapping[str, str]) -> dict[str, object]:
    """The last version with other answers on the Spazio."""
    changed = deepcopy(project.versions.last().answers)
    changed["spazio"].update(answers)
    return changed


def _close(session: TableSession, text: str, now: datetime, day: int, office: User) -> None:
    """Close it, write its minutes around what happened, approve and publish them."""
    close_table_session(session, by=office, at=_in(now, day, 120))
    save_table_minutes(session, text, [fingerprint({})], by=office, at=_in(now, day, 150))
    session.refresh_from_db()
    approve_table_minutes(session, seen=session.minutes.version, by=office, at=_in(now, day, 180))
    publish_table_minutes(
        session,
        agenda=session.agenda,
        text=text,
        decisions={row.number: (row.text, row.against) for row in session.decisions.all()},
        weighed=True,
        by=office,
        at=_in(now, day, 200),
    )


def _in(now: datetime, day: int, minutes: int) -> datetime:
    return noon(now, day) + timedelta(minutes=minutes)


# The agreements


def sign(application: Application, body: Body, now: datetime, office: User, *, day: int = SIGNED) -> Agreement:
    """Signed elsewhere on ``day`` and registered, in force five days later."""
    agreement = draft_agreement(application, at=noon(now, day - 10))
    signed = noon(now, day)
    document = keep(
        blank_pdf(f"Convenzione di esempio – {body.organisation.name}"),
        name=f"convenzione-{body.n}.pdf",
        media_type="application/pdf",
        by=office,
        at=signed,
    )
    sign_agreement(
        agreement,
        number=f"{1000 + body.n}/{signed.year} (esempio)",
        signed_on=signed.date(),
        starts_on=noon(now, day + 5).date(),
        ends_on=noon(now, day + 5 + LONG).date(),
        document=document,
        reason="Firmata su carta (esempio).",
        contents=CONTENTS,
        by=office,
        at=signed,
    )
    return agreement


def publish(agreement: Agreement, now: datetime, office: User) -> None:
    """Published, so that it has effect and can be paid."""
    publish_agreement(
        agreement,
        published_on=noon(now, SIGNED + 3).date(),
        publication=f"https://comune.example/trasparenza/{agreement.number.split('/')[0]}",
        disclosure={
            "legal_basis": "Avviso dimostrativo, art. 55 del D.Lgs. 117/2017",
            "office": "Ufficio di esempio",
            "official": office.name,
            "mode": "Co-progettazione con avviso pubblico",
            "project_url": "",
        },
        by=office,
        at=noon(now, SIGNED + 3),
    )


def insure_and_pay(agreement: Agreement, now: datetime, office: User) -> None:
    """Two guarantees, one of which ends soon, and a first payment."""
    for kind, number, millions, last in (
        (Guarantee.Kind.LIABILITY, "RCT-0001 (esempio)", 3, SIGNED + 5 + LONG),
        (Guarantee.Kind.VOLUNTEERS, "VOL-0002 (esempio)", 1, 20),
    ):
        add_guarantee(
            agreement,
            kind=kind,
            issuer="Assicurazioni Inventate",
            number=number,
            amount_cents=millions * 100_000_000,
            valid_until=noon(now, last).date(),
            by=office,
            at=noon(now, SIGNED + 2),
        )
    pay_agreement(
        agreement,
        amount_cents=agreement.amount_cents * 3 // 10,
        paid_on=noon(now, SIGNED + 30).date(),
        reference="Mandato 417 (esempio)",
        note="Prima quota, alla decorrenza.",
        by=office,
        at=noon(now, SIGNED + 31),
    )


def make_ready(application: Application, now: datetime, office: User) -> None:
    """A text with all that it must say, frozen, that waits for the signature of the body."""
    agreement = draft_agreement(application, at=noon(now, -12))
    gaps = missing(agreement.articles)
    typed = {f"waived-{code}": {f"waived-{code}": WAIVED} for code in gaps}
    bases = {unit: [fingerprint({})] for unit in typed}
    save_text(agreement, typed, bases, by=office, at=noon(now, -11))
    agreement.refresh_from_db()
    signers = {
        party.pk: (party.signer or office.name, party.position or "Responsabile del procedimento")
        for party in agreement.parties.all()
    }
    change_parties(
        agreement,
        signers,
        amount_cents=agreement.amount_cents,
        starts_on=noon(now, 20).date(),
        ends_on=noon(now, 20 + LONG).date(),
        seen=agreement.version,
        by=office,
        at=noon(now, -10),
    )
    agreement.refresh_from_db()
    project = str(agreement.project_id or "")
    prepare_agreement(agreement, seen=agreement.version, project=project, by=office, at=noon(now, -6))


def by_body(applications: Sequence[Application], bodies: Sequence[Body]) -> dict[int, Application]:
    """The applications as they stand now, by the number of their body."""
    rows = Application.objects.with_call().in_bulk([row.pk for row in applications])
    return {body.n: rows[row.pk] for row, body in zip(applications, bodies, strict=True)}

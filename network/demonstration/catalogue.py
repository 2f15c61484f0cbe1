"""The accreditation and the catalogue of the demonstration: ``fixtures/demo/services.yaml``, and searches that found nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from accounts.models import User
from network.actions import (
    accredit,
    attach_to_accreditation,
    begin_accreditation,
    check_accreditation,
    count_miss,
    open_notice,
    publish_service,
    save_accreditation,
    save_notice,
    save_service,
    send_accreditation,
)
from network.demonstration.bodies import Body
from network.demonstration.calls import FIXTURES, noon
from network.demonstration.papers import blank_pdf
from network.models import Accreditation, AccreditationNotice, Category, Service, Space

WAITS, WRITES = 2, 3
"""The bodies whose request waits for the office, and is being written; all others are accredited."""
EXAMPLE = "Servizio inventato per la dimostrazione: nessuno lo offre davvero."
SOUGHT = {"dentista": 4, "avvocato": 2, "corso di nuoto": 2, "logopedista": 3}
"""What people searched and did not find, and how often."""
REQUIREMENTS = (
    {"title": "Sede operativa a Milano", "hint": "Scrivi dove.", "needs_file": False},
    {"title": "Carta dei servizi", "hint": "Prezzi e orari come li leggono le famiglie.", "needs_file": True},
    {"title": "Assicurazione per chi lavora e per chi è aiutato", "hint": "", "needs_file": False},
)


def fill_the_catalogue(bodies: Mapping[int, Body], now: datetime, office: User) -> dict[str, Service]:
    """The public services by their title."""
    call_command("load_catalogue", stdout=StringIO())
    notice = save_notice(
        None,
        requirements=REQUIREMENTS,
        title="Accreditamento degli enti del catalogo WeMi (esempio)",
        text="Chi ha i requisiti offre i suoi servizi nel catalogo. Non c'è una graduatoria. Avviso inventato per la dimostrazione.",
        valid_months=36,
        closes_at=None,
        by=office,
        at=noon(now, -161),
    )
    open_notice(notice, by=office, at=noon(now, -160))
    standing = {n: _accredited(notice, body, now, office) for n, body in bodies.items() if n not in (WAITS, WRITES)}
    _sent(notice, bodies[WAITS], noon(now, -3))
    begun = begin_accreditation(notice, bodies[WRITES].organisation, by=bodies[WRITES].person, at=noon(now, -2))
    first = {"r1": {"declared": True, "text": "via della Dimostrazione 3"}}
    save_accreditation(begun, first, by=bodies[WRITES].person, at=noon(now, -2))
    for query, times in SOUGHT.items():
        for n in range(times):
            count_miss(query, at=noon(now, -1 - 5 * n))
    return _services(bodies, standing, noon(now, -130))


def _sent(notice: AccreditationNotice, body: Body, at: datetime) -> Accreditation:
    row = begin_accreditation(notice, body.organisation, by=body.person, at=at)
    declared = {one["code"]: {"declared": True, "text": "Esempio."} for one in notice.requirements}
    save_accreditation(row, declared, by=body.person, at=at)
    charter = blank_pdf(f"Carta dei servizi di esempio – {body.organisation.name}")
    upload = SimpleUploadedFile("carta-dei-servizi.pdf", charter, "application/pdf")
    attach_to_accreditation(row, "r2", upload, by=body.person, at=at)
    row.refresh_from_db()
    send_accreditation(row, by=body.person, at=at + timedelta(minutes=20))
    return row


def _accredited(notice: AccreditationNotice, body: Body, now: datetime, office: User) -> Accreditation:
    row = _sent(notice, body, noon(now, -150))
    found = {one["code"]: {"met": True, "note": ""} for one in notice.requirements}
    check_accreditation(row, found, by=office, at=noon(now, -140))
    row.refresh_from_db()
    accredit(row, by=office, at=noon(now, -140))
    return row


def _services(bodies: Mapping[int, Body], standing: Mapping[int, Accreditation], at: datetime) -> dict[str, Service]:
    categories = {row.code: row for row in Category.objects.all()}
    runs = {space.partnership.organisation_id: space for space in Space.objects.public().select_related("partnership")}
    made = {}
    for facts in yaml.safe_load((FIXTURES / "demo" / "services.yaml").read_text(encoding="utf-8")):
        body = bodies[facts["body"]]
        space = runs.get(body.organisation.pk) if "space" in facts["where"] else None
        row = save_service(
            Service(organisation=body.organisation, accreditation=standing[body.n]),
            category=categories[facts["category"]],
            **_columns(facts),
            spaces=[space] if space else [],
            by=body.person,
            at=at,
        )
        publish_service(row, by=body.person, at=at)
        made[row.title] = row
    return made


def _columns(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": facts["title"],
        "summary": facts["summary"],
        "description": f"{facts['summary']} Ti rispondiamo entro due giorni lavorativi e ne parliamo insieme.\n\n{EXAMPLE}",
        "audience": facts["audience"],
        "price": facts["price"],
        "price_note": facts.get("note", ""),
        "individual": facts["for"] != "several",
        "shared": facts["for"] != "one",
        "at_home": "home" in facts["where"],
        "in_space": "space" in facts["where"],
        "online": "online" in facts["where"],
        "municipi": facts.get("municipi", []),
    }

"""Agreements anywhere between the draft and the payment, made through the same doors as in the product."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from applications.merging import fingerprint
from applications.models import Application
from network.actions import (
    change_parties,
    draft_agreement,
    prepare_agreement,
    publish_agreement,
    save_text,
    sign_agreement,
    sign_part,
)
from network.contents import CONTENTS, missing
from network.models import Agreement, AgreementParty
from tests import road as roads
from tests.builders_network import two_selected
from tests.builders_space import DISCLOSURE
from tests.remembered import remembered
from tests.road import SIGNED, Road
from tests.signing import Identity, authority, pades, person
from workflow.duties import pay
from workflow.models import Duty

DRAFTED = SIGNED - timedelta(days=20)
PREPARED = SIGNED - timedelta(days=10)
UPLOADED = SIGNED - timedelta(days=1)
IN_FORCE = SIGNED + timedelta(days=30)

AUTHORITY = authority("CA di prova")
MAYOR = person(AUTHORITY, "Paola", "Sindaca", "TINIT-SNDPLA70A41F205X")
CARLA = person(AUTHORITY, "Carla", "Referente", "TINIT-RFRCRL80A41F205X")
STRANGER = person(AUTHORITY)


@dataclass
class Agreed:
    road: Road
    row: Agreement

    @property
    def office(self) -> Any:
        return self.road.office

    def fresh(self) -> Agreement:
        self.row = Agreement.objects.select_related("application__call__version", "text").get(pk=self.row.pk)
        return self.row

    @property
    def administration(self) -> AgreementParty:
        return self.row.parties.get(organisation=None)

    @property
    def body(self) -> AgreementParty:
        return self.row.parties.get(organisation=self.road.application.organisation)


@remembered
def drafted() -> Agreed:
    road = roads.published()
    return Agreed(road, draft_agreement(road.fresh(), at=DRAFTED))


def of_one_body(amount_cents: int) -> tuple[Agreed, Agreed]:
    """The drafts of two proposals of the same body, which answers each area once, each of this amount."""
    two = two_selected()
    one_body = {"organisation": two.road.application.organisation, "area_code": "area-2"}
    Application.objects.filter(pk=two.second.pk).update(**one_body)
    first, second = (Agreed(two.road, draft_agreement(row, at=SIGNED)) for row in two.both)
    Agreement.objects.update(amount_cents=amount_cents, needs_publication=False)
    first.fresh()
    second.fresh()
    return first, second


def written(made: Agreed | None = None) -> Agreed:
    """Nothing is missing: what no article says is waived, and each party has its signer."""
    made = made or drafted()
    gaps = missing(made.row.articles)
    typed = {f"waived-{code}": {f"waived-{code}": "Non è previsto dall'avviso."} for code in gaps}
    save_text(made.row, typed, blank_bases(gaps), by=made.office, at=DRAFTED)
    made.fresh()
    signers = {
        made.administration.pk: ("Paola Sindaca", "Direttrice"),
        made.body.pk: ("Carla Referente", "Legale rappresentante"),
    }
    days = {"starts_on": date(2022, 5, 1), "ends_on": date(2024, 4, 30)}
    change_parties(made.row, signers, amount_cents=3_000_000, **days, seen=made.row.version, by=made.office, at=DRAFTED)
    made.fresh()
    return made


def blank_bases(codes: Any = CONTENTS) -> dict[str, list[str]]:
    """The fingerprints of waivers that nobody has written yet."""
    return {f"waived-{code}": [fingerprint({})] for code in codes}


@remembered
def prepared() -> Agreed:
    """Frozen, with its paper."""
    made = written()
    prepare_agreement(made.row, seen=made.row.version, by=made.office, at=PREPARED)
    pay_all(PREPARED)
    made.fresh()
    return made


def pay_all(at: datetime) -> None:
    """What is owed of the agreement and of its files; the rest of the road is about something else."""
    Duty.objects.exclude(name__startswith="network.").exclude(name="documents.signatures").update(done_at=at)
    while pay(at):
        pass


def text_of(made: Agreed) -> bytes:
    with made.row.text.file.open("rb") as file:
        return file.read()


def signed_file(made: Agreed, *people: Identity, name: str = "convenzione.pdf") -> SimpleUploadedFile:
    """The prepared paper with the signatures of these people, one after the other."""
    content = text_of(made)
    for n, who in enumerate(people, 1):
        content = pades(content, who, at=UPLOADED, field=f"Firma{n}")
    return SimpleUploadedFile(name, content, content_type="application/pdf")


@remembered
def signed_by_all() -> Agreed:
    """Each party has brought its own file, and both were read."""
    made = prepared()
    sign_part(made.row, [made.administration], signed_file(made, MAYOR), by=made.office, at=UPLOADED)
    sign_part(made.row, [made.body], signed_file(made, CARLA), by=made.road.applicant, at=UPLOADED)
    pay_all(UPLOADED)
    made.fresh()
    return made


@remembered
def registered(**changes: Any) -> Agreed:
    made = signed_by_all()
    facts = {"number": "77/2022", "signed_on": date(2022, 4, 11), "starts_on": date(2022, 5, 1), "ends_on": date(2024, 4, 30)}
    sign_agreement(made.row, **{**facts, **changes}, by=made.office, at=SIGNED)
    made.fresh()
    return made


@remembered
def effective() -> Agreed:
    made = registered()
    publish_agreement(
        made.row,
        published_on=date(2022, 4, 20),
        publication="https://esempio.it/trasparenza/77",
        disclosure=DISCLOSURE,
        by=made.office,
        at=IN_FORCE,
    )
    made.fresh()
    return made

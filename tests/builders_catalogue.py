"""A catalogue of accredited bodies and their public services, made at once: some statements for any number of rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from accounts.models import LegalForm, Organisation, User
from bando.deadlines import rome
from network import actions
from network.models import Accreditation, AccreditationFile, AccreditationNotice, Category, Price, Service
from network.search import words_of
from network.states import AccreditationNoticeState, AccreditationState, ServiceState
from tests.builders import small_pdf, tax_code
from tests.remembered import remembered

TODAY = rome(2022, 5, 3, 10)
UNTIL = date(2025, 5, 2)
REQUIREMENTS = [
    {"code": "r1", "title": "Iscrizione al RUNTS", "hint": "Numero e data.", "needs_file": True},
    {"code": "r2", "title": "Esperienza di due anni", "hint": "", "needs_file": False},
]
KINDS = [
    ("socio-assistenziali", "Assistenza familiare per anziani", "Aiuto in casa, igiene e compagnia"),
    ("assistenza-sanitaria", "Infermieri a domicilio", "Prelievi, iniezioni e medicazioni a casa"),
    ("educativi", "Baby-sitter di condominio", "Più famiglie, una sola tata"),
    ("psicologici", "Psicologo vicino a casa", "Colloqui per chi attraversa un momento difficile"),
    ("accompagnamento", "Accompagnamento alle visite mediche", "Un'auto attrezzata e una persona accanto"),
    ("estetici", "Parrucchiere a domicilio", "Taglio e piega per chi non può uscire"),
    ("commissioni", "Spesa e farmaci a casa", "La consegna in giornata"),
    ("pasti", "Pasti pronti a domicilio", "Pranzo e cena, anche con diete speciali"),
    ("manutenzione", "Tapparelle e piccole riparazioni", "Artigiani di fiducia per la città"),
    ("animali", "Passeggiate con il cane", "Quando non puoi uscire"),
    ("pratiche", "Sportello per le pratiche", "ISEE, SPID e domande di contributo"),
    ("lavoro-domestico", "Contratti per colf e badanti", "Buste paga e ferie senza errori"),
    ("italiano", "Corsi di italiano", "Per chi è arrivato da poco"),
]
"""A service of each category: its code, the title and the summary."""
PRICES = [Price.FREE, Price.PAID, Price.MIXED]


@remembered
def accredited(*names: str, until: date = UNTIL, at: datetime = TODAY) -> list[Accreditation]:
    """An accreditation in force for a new body of each name, under one open notice."""
    notice = AccreditationNotice.objects.create(
        title="Accreditamento di prova",
        text="Chi ha i requisiti offre servizi.",
        requirements=REQUIREMENTS,
        state=AccreditationNoticeState.OPEN,
        created_at=at,
    )
    before = Organisation.objects.count()
    bodies = Organisation.objects.bulk_create(
        Organisation(
            name=name,
            legal_form=LegalForm.SOCIAL_COOPERATIVE,
            tax_code=tax_code(5_000 + before + number),
            street="Via di Prova 1",
            postal_code="20121",
            city="Milano",
            province="MI",
            pec=f"catalogo{before + number}@pec.esempio.it",
        )
        for number, name in enumerate(names)
    )
    return Accreditation.objects.bulk_create(
        Accreditation(
            notice=notice,
            organisation=body,
            state=AccreditationState.ACCREDITED,
            sent_at=at,
            decided_at=at,
            valid_until=until,
        )
        for body in bodies
    )


def service(accreditation: Accreditation, title: str, *, category: str = "socio-assistenziali", **fields: Any) -> Service:
    """A service that is not saved: published, free, for one person, at home."""
    row = Service(
        slug=fields.pop("slug", "") or title.lower().replace(" ", "-"),
        organisation=accreditation.organisation,
        accreditation=accreditation,
        category=fields.pop("row", None) or Category.objects.get(code=category),
        title=title,
        **{
            "state": ServiceState.PUBLISHED,
            "summary": "Un servizio di prova",
            "description": "Si fa quello che serve.",
            "price": Price.FREE,
            "at_home": True,
            "saved_at": TODAY,
            **fields,
        },
    )
    row.words = words_of(row)
    return row


@remembered
def catalogue(*, services: int, bodies: int = 1, at: datetime = TODAY, until: date = UNTIL) -> list[Service]:
    """``services`` public services of ``bodies`` bodies, over all categories, prices, ways and places."""
    if not Category.objects.exists():
        call_command("load_catalogue", verbosity=0, stdout=_Silence())
    categories = {row.code: row for row in Category.objects.all()}
    accreditations = accredited(*(f"Cooperativa {number}" for number in range(1, bodies + 1)), at=at, until=until)
    rows = []
    for number in range(services):
        code, title, summary = KINDS[number % len(KINDS)]
        rows.append(
            service(
                accreditations[number % bodies],
                f"{title} {number + 1}",
                slug=f"servizio-{number + 1}",
                row=categories[code],
                summary=summary,
                description=f"{summary}. Rispondiamo entro due giorni. Operatori formati, anche il sabato.",
                audience="Famiglie della città",
                price=PRICES[number % 3],
                price_note="" if number % 3 == 0 else "12,50 € l'ora",
                shared=number % 2 == 1,
                at_home=number % 4 != 3,
                in_space=number % 4 == 1,
                online=number % 4 == 3,
                municipi=[] if number % 5 else [number % 9 + 1],
                saved_at=at,
            )
        )
    return Service.objects.bulk_create(rows)


class _Silence:
    def write(self, text: str) -> None:
        """Says nothing."""


@dataclass(frozen=True)
class Offer:
    """What a body offers: a public service and one that it is writing, under its accreditation with one file; a second request
    that it has not sent, to ``notice``; and a notice that the office is writing."""

    notice: AccreditationNotice
    unopened: AccreditationNotice
    accreditation: Accreditation
    unsent: Accreditation
    file: AccreditationFile
    public: Service
    draft: Service


def offer(organisation: Organisation, *, by: User, office: User, at: datetime = TODAY) -> Offer:
    """Through the same doors as in the product; ``by`` represents the body."""
    asked = [{key: one[key] for key in ("title", "hint", "needs_file")} for one in REQUIREMENTS]
    details = {"text": "Chi ha i requisiti.", "requirements": asked, "valid_months": 36, "closes_at": None}
    first, notice, unopened = (
        actions.save_notice(None, title=f"Accreditamento {name}", by=office, at=at, **details) for name in ("uno", "due", "tre")
    )
    for one in (first, notice):
        actions.open_notice(one, by=office, at=at)
    accreditation = actions.begin_accreditation(first, organisation, by=by, at=at)
    declared = {one["code"]: {"declared": True, "text": "Sì."} for one in REQUIREMENTS}
    actions.save_accreditation(accreditation, declared, by=by, at=at)
    upload = SimpleUploadedFile("runts.pdf", small_pdf("RUNTS"), "application/pdf")
    file = actions.attach_to_accreditation(accreditation, "r1", upload, by=by, at=at)
    actions.send_accreditation(accreditation, by=by, at=at)
    met = {one["code"]: {"met": True, "note": ""} for one in REQUIREMENTS}
    actions.check_accreditation(accreditation, met, by=office, at=at)
    actions.accredit(accreditation, by=office, at=at)
    category, _made = Category.objects.get_or_create(code="socio-assistenziali", defaults={"title": "Assistenza"})
    public, draft = (
        actions.save_service(
            Service(accreditation=accreditation, organisation=organisation),
            by=by,
            at=at,
            spaces=[],
            category=category,
            title=title,
            summary="Un aiuto ogni giorno",
            description="Igiene, pasti, compagnia.",
            price=Price.FREE,
            at_home=True,
        )
        for title in ("Assistenza familiare", "Compagnia")
    )
    actions.publish_service(public, by=by, at=at)
    unsent = actions.begin_accreditation(notice, organisation, by=by, at=at)
    return Offer(notice, unopened, accreditation, unsent, file, public, draft)

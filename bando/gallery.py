"""Every component and every pattern of page with sample data, for who changes the look. Mounted while debugging only."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bando.deadlines import rome

DEADLINE = rome(2026, 6, 30, 12)
NOW = DEADLINE - timedelta(days=5, hours=3, minutes=12)


class SampleForm(forms.Form):
    title = forms.CharField(label="Titolo del progetto", help_text="Massimo 120 caratteri, spazi inclusi", max_length=120)
    summary = forms.CharField(
        label="Che cosa volete fare",
        help_text="Questo testo vale fino a 15 punti: criterio B2, radicamento nel quartiere.",
        widget=forms.Textarea(attrs={"data-limit": 350, "rows": 6}),
    )
    phone = forms.CharField(label="Telefono", required=False, widget=forms.TextInput(attrs={"type": "tel"}))
    area = forms.ChoiceField(
        label="Area", choices=[("", "Scegli un'area"), ("1", "Area 1: nuovi Spazi"), ("2", "Area 2: accompagnamento")]
    )
    start = forms.DateField(label="Data di inizio", widget=forms.DateInput(attrs={"type": "date"}))
    role = forms.ChoiceField(
        label="Come partecipate",
        help_text="Lo potete cambiare fino all'invio.",
        choices=[("alone", "Da soli"), ("lead", "Come capofila di un gruppo"), ("member", "Come partner")],
        widget=forms.RadioSelect,
    )
    districts = forms.MultipleChoiceField(
        label="In quali Municipi",
        required=False,
        choices=[("1", "Municipio 1"), ("3", "Municipio 3"), ("8", "Municipio 8")],
        widget=forms.CheckboxSelectMultiple,
    )
    statute = forms.FileField(label="Scegli il file dello statuto", help_text="PDF o P7M, fino a 20 MB", widget=forms.FileInput)
    read = forms.BooleanField(label="Ho letto l'informativa sul trattamento dei dati")


class ScoreForm(forms.Form):
    coefficient = forms.ChoiceField(
        label="Radicamento nel quartiere: massimo 15 punti",
        choices=[
            ("0", "0,0 – Assente: nessun legame con il territorio"),
            ("0.2", "0,2 – Scarso: contatti dichiarati e non descritti"),
            ("0.5", "0,5 – Sufficiente: accordi con una o due realtà"),
            ("0.8", "0,8 – Buono: reti attive e descritte"),
            ("1", "1,0 – Ottimo: reti attive, con ruoli e risorse di ciascuno"),
        ],
        initial="0.8",
        widget=forms.RadioSelect(attrs={"class": "bando-scale"}),
    )
    reason = forms.CharField(
        label="Motivo", help_text="Serve per il verbale.", widget=forms.Textarea(attrs={"data-limit": 2000, "rows": 5})
    )


class FilterForm(forms.Form):
    need = forms.CharField(label="Di cosa hai bisogno?", required=True, widget=forms.TextInput(attrs={"type": "search"}))
    district = forms.ChoiceField(
        label="Municipio", choices=[("", "Tutti"), *((str(n), f"Municipio {n}") for n in range(1, 10))]
    )


def _wrong_form() -> SampleForm:
    """A form sent with faults; nothing typed is lost."""
    data = {
        "wrong-summary": "Uno sportello di quartiere. " * 14,
        "wrong-phone": "02 1234",
        "wrong-area": "1",
        "wrong-start": "2026-09-01",
    }
    form = SampleForm(data, prefix="wrong")
    form.fields["title"].error_messages["required"] = "Scrivi il titolo del progetto."
    form.fields["role"].error_messages["required"] = "Scegli come partecipate."
    form.fields["statute"].error_messages["required"] = "Scegli il file dello statuto."
    form.fields["read"].error_messages["required"] = "Leggi l'informativa e segna la casella."
    return form


def samples() -> dict[str, Any]:
    """The context of the gallery. No row of the database is read."""
    return {
        "unsaved": [{"label": "Perché non è ammessa", "lines": ["Il documento d'identità è scaduto."]}],
        "now": NOW,
        "deadline": DEADLINE,
        "crumbs": [("Avvisi", "/"), ("Spazi WeMi 2026", "/")],
        "form": SampleForm(),
        "wrong": _wrong_form(),
        "score_form": ScoreForm(prefix="score"),
        "filter_form": FilterForm(prefix="filter"),
        "calls": [
            {
                "title": "Spazi WeMi 2026",
                "summary": "Venti nuovi luoghi dove le persone trovano servizi per la famiglia e per la cura.",
                "kind": "open",
                "state": "Aperto",
                "area": "2 aree, 20 Spazi",
                "deadline": DEADLINE,
            },
            {
                "title": "Spazi WeMi 2025",
                "summary": "Aperture nei Municipi 2, 5 e 9, con sportello e attività di quartiere.",
                "kind": "progress",
                "state": "In valutazione",
                "area": "1 area, 6 Spazi",
                "deadline": DEADLINE - timedelta(days=100),
            },
            {
                "title": "Spazi WeMi 2024",
                "summary": "Accompagnamento metodologico della rete e formazione di chi accoglie.",
                "kind": "neutral",
                "state": "Concluso",
                "area": "1 area",
                "deadline": DEADLINE - timedelta(days=400),
            },
        ],
        "groups": [
            {"title": "Prima di iniziare", "tasks": [{"label": "Informativa privacy", "url": "#", "status": "done"}]},
            {
                "title": "Chi partecipa",
                "tasks": [
                    {"label": "Ente capofila", "url": "#", "status": "done"},
                    {"label": "Partner (3)", "url": "#", "status": "doing", "hint": "Manca la conferma di 1 partner"},
                    {"label": "Dichiarazioni", "url": "#", "status": "fix", "hint": "La data non è nel futuro"},
                ],
            },
            {
                "title": "Il progetto",
                "tasks": [
                    {"label": "Proposta progettuale", "url": "#", "status": "doing"},
                    {"label": "Piano economico", "url": "#", "status": "todo"},
                ],
            },
            {
                "title": "Invio",
                "tasks": [{"label": "Controlla e invia", "url": "", "status": "locked", "hint": "Mancano 3 sezioni"}],
            },
        ],
        "steps": [
            {"label": "Dati", "url": "#", "state": "done"},
            {"label": "Statuto", "url": "#", "state": "now"},
            {"label": "Bilanci", "url": "#", "state": ""},
        ],
        "events": [
            {"title": "Domanda inviata", "at": DEADLINE - timedelta(days=1), "body": "Numero WM-2026-0042.", "state": "done"},
            {"title": "Verifica formale", "at": "entro il 15 luglio 2026", "state": "now"},
            {"title": "Valutazione della commissione", "at": "entro il 24 luglio 2026"},
            {"title": "Graduatoria", "at": "entro il 2 settembre 2026"},
        ],
        "facts": [
            {"term": "Titolo del progetto", "value": "Casa aperta", "url": "#", "action": "il titolo del progetto"},
            {"term": "Ente capofila", "value": "Cooperativa Alfa (inventata)", "url": "#", "action": "l'ente capofila"},
            {"term": "Telefono", "value": "", "url": "#", "action": "il telefono"},
        ],
        "proof": [
            {"term": "Arrivata il", "value": "lunedì 29 giugno 2026, ore 18:03:07,412503 CEST"},
            {"term": "Inviata da", "value": "Anna Bianchi, referente"},
            {"term": "Ricevuta mandata a", "value": "info@alfa.example"},
        ],
        "digest": hashlib.sha256(b"Spazi WeMi").hexdigest(),
        "stats": [
            {"label": "bozze", "value": 41},
            {"label": "inviate", "value": 18},
            {"label": "reinviate", "value": 3},
            {"label": "quesiti senza risposta", "value": 6},
        ],
        "page": Paginator(range(200), 20).page(4),
        "budget": [
            {"name": "Personale", "slug": "staff", "cost": "30.000,00", "own": "6.000,00", "asked": 2400000},
            {"name": "Sede e allestimento", "slug": "place", "cost": "12.500,00", "own": "2.500,00", "asked": 1000000},
        ],
        "ranking": [
            {
                "position": "1",
                "name": "Piazza dei servizi",
                "body": "Cooperativa Beta",
                "a": Decimal("38.40"),
                "b": Decimal("43.10"),
                "total": Decimal("81.50"),
                "state": "is-winner",
            },
            {
                "position": "2",
                "name": "Casa aperta",
                "body": "Cooperativa Alfa",
                "a": Decimal("36.00"),
                "b": Decimal("40.25"),
                "total": Decimal("76.25"),
                "state": "is-winner",
                "tie": "n. 3",
            },
            {
                "position": "3",
                "name": "Un tè alle cinque",
                "body": "Associazione Gamma",
                "a": Decimal("40.25"),
                "b": Decimal("36.00"),
                "total": Decimal("76.25"),
                "state": "",
                "tie": "n. 2",
            },
            {
                "position": "4",
                "name": "Rete in cortile",
                "body": "Fondazione Delta",
                "a": Decimal("12.00"),
                "b": Decimal("31.00"),
                "total": Decimal("43.00"),
                "state": "is-excluded",
            },
        ],
        "index": [
            {"id": "s-who", "label": "A chi è rivolto"},
            {"id": "s-need", "label": "Cosa serve"},
            {"id": "s-times", "label": "Tempi e scadenze"},
        ],
        "roles": [
            {
                "icon": "user",
                "name": "Ente che partecipa",
                "who": "Anna Bianchi, Cooperativa Alfa",
                "does": "Compila una domanda, allega i file, la invia.",
            },
            {
                "icon": "star",
                "name": "Commissaria",
                "who": "Carla Verdi",
                "does": "Legge le proposte e dà i punteggi con il motivo.",
            },
            {"icon": "pencil", "name": "Ufficio", "who": "Ugo Neri", "does": "Controlla le domande e pubblica la graduatoria."},
            {
                "icon": "users",
                "name": "Cittadina",
                "who": "senza accesso",
                "does": "Legge gli avvisi, le graduatorie e l'elenco degli Spazi.",
            },
        ],
        "places": [
            {"name": "Spazio WeMi Capuana", "address": "via Capuana 3", "district": 8, "open": True},
            {"name": "Spazio WeMi Trivulzio", "address": "via Trivulzio 15", "district": 7, "open": False},
        ],
    }


def gallery(request: HttpRequest) -> HttpResponse:
    return render(request, "components/gallery.html", samples())

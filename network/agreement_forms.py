"""What the office and the bodies type about an agreement, cleaned into values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.merging import fingerprint
from applications.sections.fields import MoneyField, one_line_ending
from documents.fields import SignedFileField
from network.agreement_text import PREAMBLE, WAIVED, units_of
from network.agreement_words import HELP, TITLES
from network.fields import date_field
from network.models import Agreement, AgreementParty, Guarantee, ReportingTerm

KEY = re.compile(r"[an][0-9]{1,9}")
BASE = "base-"
LONGEST_TEXT = 20_000


def _required(sentence: Any) -> dict[str, Any]:
    return {"required": sentence}


class TextForm(forms.Form):
    """The text of an agreement. The page carries the fingerprint of each unit that it showed (``base-``), so that of two who
    write at once nobody's text is lost."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, agreement: Agreement) -> None:
        super().__init__(data)
        self.agreement = agreement
        self.stored = stored = units_of(agreement)
        # What another person added meanwhile was not on the page that is sent; what they took away was.
        sent = [name.removeprefix(BASE) for name in data if name.startswith(BASE)] if data is not None else list(stored)
        self.units = [unit for unit in sent if unit in stored or KEY.fullmatch(unit)]
        self.keys = [unit for unit in self.units if KEY.fullmatch(unit)]
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, initial=agreement.version)
        project = str(agreement.project_id or "")
        self.fields["project"] = forms.CharField(required=False, widget=forms.HiddenInput, initial=project)
        for unit in self.units:
            for name, field in self._fields_of(unit):
                # Saved half written; what is asked for is asked when the text is prepared.
                field.blank_is_an_answer = True
                self.fields[name] = field
                self.initial[name] = stored.get(unit, {}).get(name, "")
            self.fields[f"{BASE}{unit}"] = forms.CharField(required=False, widget=forms.HiddenInput)
            self.initial[f"{BASE}{unit}"] = fingerprint(stored.get(unit, {}))

    def _fields_of(self, unit: str) -> Iterator[tuple[str, forms.Field]]:
        if unit == PREAMBLE:
            yield unit, _long(_("Premesse"), rows=5)
        elif unit.startswith(WAIVED):
            title = TITLES[unit.removeprefix(WAIVED)]
            yield unit, _long(_("Perché non serve: %(title)s") % {"title": title}, rows=2, most=2000)
        else:
            n = self.keys.index(unit) + 1
            yield (
                f"{unit}-title",
                forms.CharField(label=_("Titolo dell'articolo %(n)s") % {"n": n}, max_length=200, required=False),
            )
            yield (
                f"{unit}-content",
                forms.ChoiceField(
                    label=_("Di che cosa parla l'articolo %(n)s") % {"n": n},
                    choices=[("", _("Altro")), *TITLES.items()],
                    required=False,
                ),
            )
            yield f"{unit}-text", _long(_("Testo dell'articolo %(n)s") % {"n": n}, rows=6)

    def articles(self) -> list[dict[str, Any]]:
        """The articles as the page shows them, each with its fields."""
        return [
            {
                "key": key,
                "number": n,
                "title": self[f"{key}-title"].value(),
                "base": self[f"{BASE}{key}"],
                "fields": [self[f"{key}-{name}"] for name in ("title", "content", "text")],
                "is_shown": self._is_shown(key) or not self[f"{key}-text"].value(),
            }
            for n, key in enumerate(self.keys, 1)
        ]

    def waivers(self, codes: Iterable[str]) -> list[dict[str, Any]]:
        """The contents of ``codes`` with what one may do about each."""
        return [
            {
                "code": code,
                "title": TITLES[code],
                "help": HELP[code],
                "base": self[f"{BASE}{WAIVED}{code}"],
                "field": self[f"{WAIVED}{code}"],
                "is_shown": self._is_shown(f"{WAIVED}{code}"),
            }
            for code in codes
            if f"{WAIVED}{code}" in self.fields
        ]

    @property
    def shows_preamble(self) -> bool:
        return self._is_shown(PREAMBLE) or not self[PREAMBLE].value()

    def _is_shown(self, unit: str) -> bool:
        """Whether a unit stands open on the page: it is wrong, or typed otherwise than it is stored."""
        was = self.stored.get(unit, {})
        fields = [self[name] for name, _field in self._fields_of(unit)]
        return any(field.errors or one_line_ending(field.value() or "") != was.get(field.name, "") for field in fields)

    def typed(self) -> dict[str, dict[str, str]]:
        return {unit: {name: self.cleaned_data[name] for name, _field in self._fields_of(unit)} for unit in self.units}

    def bases(self) -> dict[str, list[str]]:
        return {unit: [self.cleaned_data[f"{BASE}{unit}"]] for unit in self.units}

    def again(self, conflicts: Sequence[str], agreement: Agreement) -> TextForm:
        """The page after a conflict: what is stored now, and what was typed where both wrote."""
        stored, typed = units_of(agreement), self.typed()
        data = QueryDict(mutable=True)
        data["version"], data["project"] = str(agreement.version), str(agreement.project_id or "")
        for unit in [*stored, *(unit for unit in conflicts if unit not in stored)]:
            data.update(typed[unit] if unit in conflicts else stored[unit])
            data[f"{BASE}{unit}"] = fingerprint(stored.get(unit, {}))
        form = TextForm(data, agreement=agreement)
        form.is_valid()
        return form


def _long(label: Any, *, rows: int, most: int = LONGEST_TEXT) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), max_length=most, required=False)


class PartiesForm(forms.Form):
    """Who signs for each party, the amount and the days that are foreseen. ``version`` is that of the page."""

    use_required_attribute = False
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, agreement: Agreement, parties: Sequence[AgreementParty], names: Sequence[str]
    ) -> None:
        super().__init__(data)
        self.parties = list(zip(parties, names, strict=True))
        self.initial["version"] = agreement.version
        for party, name in self.parties:
            for part, label in (
                ("signer", _("Chi firma per: %(party)s")),
                ("position", _("In quale veste firma per: %(party)s")),
            ):
                self.fields[f"{part}-{party.pk}"] = forms.CharField(
                    label=label % {"party": name}, max_length=150, required=False, initial=getattr(party, part)
                )
        self.fields["amount"] = MoneyField(label=_("Contributo in euro"), least=0, initial=_euro(agreement.amount_cents))
        self.fields["amount"].error_messages["required"] = _("Scrivi il contributo; se non c'è, scrivi 0.")
        for name, label in (("starts_on", _("Decorrenza prevista")), ("ends_on", _("Scadenza prevista"))):
            self.fields[name] = date_field(label, "")
            self.fields[name].required = False
            self.initial[name] = getattr(agreement, name)

    def signers(self) -> dict[int, tuple[str, str]]:
        said = self.cleaned_data
        return {party.pk: (said[f"signer-{party.pk}"], said[f"position-{party.pk}"]) for party, _name in self.parties}


def _euro(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d}"


class SignedPartForm(forms.Form):
    """The file that one or more parties signed."""

    use_required_attribute = False
    parties = forms.MultipleChoiceField(
        label=gettext_lazy("Di chi sono le firme nel file"),
        widget=forms.CheckboxSelectMultiple,
        error_messages=_required(gettext_lazy("Scegli almeno una parte che ha firmato questo file.")),
    )
    file = SignedFileField(
        label=gettext_lazy("File firmato"),
        help_text=gettext_lazy("Il PDF preparato, con le firme digitali, oppure il suo P7M. Fino a 20 MB."),
        error_messages=_required(gettext_lazy("Scegli il file firmato.")),
    )

    def __init__(self, *args: Any, parties: Sequence[tuple[AgreementParty, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {str(party.pk): party for party, _name in parties}
        self.fields["parties"].choices = [(str(party.pk), name) for party, name in parties]
        if len(self.rows) == 1:
            self.fields["parties"].initial = list(self.rows)

    def chosen(self) -> list[AgreementParty]:
        return [self.rows[pk] for pk in self.cleaned_data["parties"]]


class SignAgreementForm(forms.Form):
    """The facts of a signature. The file may be left out when some of it was signed here (``has_files``); a text that was never
    prepared here was signed ``elsewhere``, and the office says why."""

    number = forms.CharField(
        label=gettext_lazy("Numero di repertorio"),
        max_length=60,
        error_messages=_required(gettext_lazy("Scrivi il numero di repertorio.")),
    )
    signed_on = date_field(gettext_lazy("Data della firma"), gettext_lazy("Scrivi la data della firma."))
    starts_on = date_field(gettext_lazy("Decorre dal"), gettext_lazy("Scrivi da quando decorre."))
    ends_on = date_field(gettext_lazy("Scade il"), gettext_lazy("Scrivi quando scade."))
    file = SignedFileField(
        label=gettext_lazy("Convenzione firmata"),
        help_text=gettext_lazy("Un PDF o un P7M, fino a 20 MB."),
        error_messages=_required(gettext_lazy("Scegli il file della convenzione firmata.")),
    )
    reason = forms.CharField(
        label=gettext_lazy("Motivo, se è stata firmata fuori dal sistema"),
        help_text=gettext_lazy("Per esempio: firmata su carta e depositata agli atti."),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
    )

    def __init__(
        self, *args: Any, has_files: bool = False, elsewhere: bool = False, foreseen: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(*args, initial=dict(foreseen or {}))
        if has_files:
            self.fields["file"].required = False
            self.fields["file"].help_text = _("Lascia vuoto per registrare il file che le parti hanno firmato qui.")
        if elsewhere:
            self.fields["contents"] = forms.MultipleChoiceField(
                label=_("Che cosa c'è nel file firmato"),
                help_text=_("Sono i tredici contenuti del D.M. 72/2021. Spunta quelli che hai letto nel file."),
                choices=list(TITLES.items()),
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )
            self.fields["contents"].blank_is_an_answer = True
            self.fields["waiver"] = forms.CharField(
                label=_("Se qualcuno manca, perché non serve"),
                widget=forms.Textarea(attrs={"rows": 2}),
                max_length=2000,
                required=False,
            )
            self.fields["reason"].required = True
            self.fields["reason"].label = _("Perché è stata firmata fuori dal sistema")
            self.fields["reason"].error_messages["required"] = _("Scrivi il motivo: resta nella storia dell'atto.")

    def found(self) -> dict[str, Any]:
        """What the office found in a file whose text was not prepared here, as the act wants it."""
        return {name: self.cleaned_data[name] for name in ("contents", "waiver") if name in self.fields}


class GuaranteeForm(forms.Form):
    """An insurance or a surety, with its file."""

    use_required_attribute = False
    kind = forms.ChoiceField(label=gettext_lazy("Tipo"), choices=Guarantee.Kind.choices)
    issuer = forms.CharField(
        label=gettext_lazy("Rilasciata da"), max_length=200, error_messages=_required(gettext_lazy("Scrivi chi la rilascia."))
    )
    number = forms.CharField(
        label=gettext_lazy("Numero di polizza"),
        max_length=100,
        error_messages=_required(gettext_lazy("Scrivi il numero della polizza o della fideiussione.")),
    )
    amount = MoneyField(label=gettext_lazy("Massimale o importo in euro"), least=0)
    valid_until = date_field(gettext_lazy("Vale fino al"), gettext_lazy("Scrivi fino a quando vale."))
    file = SignedFileField(
        label=gettext_lazy("Polizza"), help_text=gettext_lazy("Un PDF o un P7M, fino a 20 MB."), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].error_messages["required"] = _(
            "Scrivi fino a quale importo copre la garanzia, per esempio 3.000.000; se non è indicato, scrivi 0."
        )


class TermsForm(forms.Form):
    """Until when each report is due."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, terms: Sequence[ReportingTerm]) -> None:
        super().__init__(data)
        self.terms = list(terms)
        for term in self.terms:
            field = date_field(_("Rendiconto n. %(n)s: entro il") % {"n": term.number}, _("Scrivi entro quando va inviato."))
            self.fields[f"due-{term.number}"] = field
            self.initial[f"due-{term.number}"] = term.due_on
        self.fields["reason"] = forms.CharField(
            label=_("Motivo"),
            widget=forms.Textarea(attrs={"rows": 2}),
            error_messages=_required(_("Scrivi il motivo: resta nella storia dell'atto.")),
        )

    def changed(self) -> dict[int, date]:
        due = {term.number: self.cleaned_data[f"due-{term.number}"] for term in self.terms}
        return {term.number: due[term.number] for term in self.terms if due[term.number] != term.due_on}


class JudgePublicationForm(forms.Form):
    """Whether the agreement has effect only once it is published, whatever its amount."""

    use_required_attribute = False
    needs = forms.ChoiceField(
        label=gettext_lazy("La pubblicazione è condizione di efficacia?"),
        choices=[("yes", gettext_lazy("Sì")), ("no", gettext_lazy("No"))],
        widget=forms.RadioSelect,
        error_messages=_required(gettext_lazy("Scegli sì o no.")),
    )
    why = forms.CharField(
        label=gettext_lazy("Motivo"),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=_required(gettext_lazy("Scrivi il motivo: resta nella storia dell'atto.")),
    )


class PublishAgreementForm(forms.Form):
    """Where and when an agreement was published, with the fields of art. 27 D.Lgs. 33/2013."""

    use_required_attribute = False
    published_on = date_field(gettext_lazy("Pubblicata il"), gettext_lazy("Scrivi quando è stata pubblicata."))
    publication = forms.CharField(
        label=gettext_lazy("Dove"),
        max_length=500,
        help_text=gettext_lazy("L'indirizzo della pagina, o il numero nel registro delle pubblicazioni."),
        error_messages=_required(gettext_lazy("Scrivi dove è pubblicata.")),
    )
    legal_basis = forms.CharField(
        label=gettext_lazy("Norma o titolo a base dell'attribuzione"),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=_required(gettext_lazy("Scrivi la norma o l'atto.")),
    )
    office = forms.CharField(
        label=gettext_lazy("Ufficio"), max_length=300, error_messages=_required(gettext_lazy("Scrivi l'ufficio responsabile."))
    )
    official = forms.CharField(
        label=gettext_lazy("Funzionario o dirigente responsabile"),
        max_length=150,
        error_messages=_required(gettext_lazy("Scrivi chi è responsabile del procedimento.")),
    )
    mode = forms.CharField(
        label=gettext_lazy("Modalità di scelta del beneficiario"),
        max_length=300,
        error_messages=_required(gettext_lazy("Scrivi come è stato scelto l'ente.")),
    )
    project_url = forms.URLField(label=gettext_lazy("Collegamento al progetto"), required=False, assume_scheme="https")

    FIELDS = ("legal_basis", "office", "official", "mode", "project_url")

    def disclosure(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.FIELDS}


class PaymentForm(forms.Form):
    """A payment, or the correction of one."""

    use_required_attribute = False
    kind = forms.ChoiceField(
        label=gettext_lazy("Che cosa registri"),
        choices=[
            ("payment", gettext_lazy("Un pagamento")),
            ("correction", gettext_lazy("Una correzione: toglie un importo registrato per sbaglio")),
        ],
        widget=forms.RadioSelect,
        initial="payment",
    )
    amount = MoneyField(label=gettext_lazy("Importo in euro"), least=1)
    paid_on = date_field(gettext_lazy("Pagato il"), gettext_lazy("Scrivi la data del pagamento."))
    reference = forms.CharField(
        label=gettext_lazy("Mandato di pagamento"),
        max_length=100,
        error_messages=_required(gettext_lazy("Scrivi il numero del mandato.")),
    )
    note = forms.CharField(label=gettext_lazy("Nota"), widget=forms.Textarea(attrs={"rows": 2}), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].error_messages["required"] = _("Scrivi quanto è stato pagato, per esempio 12.500,00.")

    def cents(self) -> int:
        amount = self.cleaned_data["amount"]
        return -amount if self.cleaned_data["kind"] == "correction" else amount

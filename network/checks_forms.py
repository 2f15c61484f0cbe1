"""What is typed about the checks of declarations: text into values, nothing decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation
from applications.amendment_forms import ClockField, moment_of
from applications.sections.fields import DayField
from bando.deadlines import end_of_day
from bando.fields import LongText
from bando.notice.document import Requirement
from documents.uploads import Unacceptable, check
from network.models import CheckScope
from network.sampling import Declaration, Rule, read

FORMATS, MAX_BYTES = ("pdf", "p7m", "jpg", "png"), 20 * 1024 * 1024
LONGEST = 4000


class PaperField(forms.FileField):
    """A paper that somebody sent. It answers the upload with its ``media_type``, judged by its content."""

    default_error_messages = {"empty": gettext_lazy("Il file è vuoto. Scegline un altro.")}

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if upload:
            try:
                upload.media_type = check(upload, formats=FORMATS, max_bytes=MAX_BYTES)
            except Unacceptable as refused:
                raise forms.ValidationError(str(refused)) from None
        return upload


def paper(label: Any) -> PaperField:
    return PaperField(label=label, required=False, help_text=gettext_lazy("Un PDF, un P7M, un JPG o un PNG, fino a 20 MB."))


def text(label: Any, missing: Any, help_text: Any = "") -> LongText:
    return LongText(
        label=label,
        limit=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "data-limit": LONGEST}),
        help_text=help_text,
        error_messages={"required": missing},
    )


def _note() -> LongText:
    return LongText(
        label=gettext_lazy("Nota"),
        limit=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "data-limit": LONGEST}),
        help_text=gettext_lazy("La legge solo l'ufficio."),
    )


def _day(form: forms.Form, name: str, missing: str) -> None:
    form.fields[name].error_messages["required"] = missing


class PlanForm(forms.Form):
    """What is verified, by which rule, and which public value draws it. ``rule`` is there for a sample whose size was
    understood, ``value_at`` for one whose moment was. ``only_size``: what follows the rule is not judged yet."""

    use_required_attribute = False
    scope = forms.ChoiceField(
        label=gettext_lazy("Che cosa controlli"),
        choices=CheckScope.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Scegli se controllare tutte le dichiarazioni o un campione.")},
    )
    due_day = DayField(
        label=gettext_lazy("Pensi di concludere entro"), help_text=gettext_lazy("Serve all'ufficio. Per esempio 31/01/2027.")
    )
    percent = forms.IntegerField(
        label=gettext_lazy("Percentuale"),
        min_value=1,
        max_value=100,
        required=False,
        help_text=gettext_lazy("Da 1 a 100, senza virgola. Il numero che ne esce si arrotonda in su."),
    )
    minimum = forms.IntegerField(label=gettext_lazy("Almeno quante dichiarazioni"), min_value=1, required=False)
    each_proposal = forms.BooleanField(label=gettext_lazy("Almeno una per ogni domanda"), required=False)
    source = forms.CharField(
        label=gettext_lazy("Quale valore pubblico decide"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Chi lo pubblica, dove si legge e come si scrive. Per esempio: Lotto, ruota di Milano, i cinque numeri nell'ordine "
            "di uscita separati da uno spazio, dalla prima estrazione dopo il momento qui sotto."
        ),
    )
    value_day = DayField(
        label=gettext_lazy("Sarà pubblico da: giorno"), required=False, help_text=gettext_lazy("Per esempio 18/10/2026.")
    )
    value_time = ClockField(
        label=gettext_lazy("Sarà pubblico da: ora"), required=False, help_text=gettext_lazy("Ora italiana, per esempio 20:00.")
    )

    def __init__(self, *args: Any, only_size: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.only_size = only_size
        self.fields["due_day"].required = not only_size
        for name in ("percent", "minimum", "source", "value_day", "value_time"):
            self.fields[name].blank_is_an_answer = True  # a sample wants them, and the heading says so: they are no extra
        _day(self, "due_day", _("Scrivi il giorno entro cui pensi di concludere i controlli."))

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        typed["rule"] = typed["value_at"] = None
        if typed.get("scope") != CheckScope.SAMPLE:
            return typed
        missing = {
            "percent": _("Scrivi la percentuale, da 1 a 100."),
            "minimum": _("Scrivi almeno quante dichiarazioni, per esempio 5."),
        }
        if not self.only_size:
            missing |= {
                "source": _("Scrivi quale valore pubblico decide il sorteggio."),
                "value_day": _("Scrivi il giorno da cui il valore è pubblico."),
                "value_time": _("Scrivi l'ora da cui il valore è pubblico."),
            }
        for name, sentence in missing.items():
            if typed.get(name) in (None, "") and name not in self.errors:
                self.add_error(name, sentence)
        if typed.get("percent") and typed.get("minimum"):
            typed["rule"] = Rule(typed["percent"], typed["minimum"], typed["each_proposal"])
        moment_of(self, typed, day="value_day", clock="value_time", into="value_at")
        return typed


class DoubtForm(forms.Form):
    """A declaration that the sample did not draw, and why it is verified. ``left``: those that there are, with the requirement and
    the body, in order of proposal."""

    use_required_attribute = False
    declaration = forms.ChoiceField(
        label=gettext_lazy("Dichiarazione"),
        error_messages={"required": gettext_lazy("Scegli la dichiarazione da controllare.")},
    )
    reason = text(
        gettext_lazy("Da che cosa nasce il dubbio"),
        gettext_lazy("Scrivi da che cosa nasce il dubbio."),
        gettext_lazy("Per esempio un documento che dice altro. Lo legge solo l'ufficio; chi chiede gli atti può averlo."),
    )

    def __init__(self, *args: Any, left: Mapping[Declaration, tuple[Requirement, Organisation]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: dict[str, list[tuple[str, str]]] = {}
        for one, (requirement, body) in left.items():
            groups.setdefault(f"{one.application}, {body}", []).append((one.identifier, requirement.title))
        self.fields["declaration"].choices = [("", _("Scegli")), *groups.items()]

    def chosen(self) -> Declaration:
        return read(self.cleaned_data["declaration"])


class _TermForm(forms.Form):
    """A term that ends with its day, in Rome: ``due_at``."""

    use_required_attribute = False
    due_day = DayField(
        label=gettext_lazy("Termine"), help_text=gettext_lazy("Fino alla fine di quel giorno. Per esempio 31/01/2027.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _day(self, "due_day", _("Scrivi il giorno del termine."))

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("due_day"):
            typed["due_at"] = end_of_day(typed["due_day"])
        return typed


class AskForm(_TermForm):
    field_order = ("asked_to", "due_day", "note")
    asked_to = forms.CharField(
        label=gettext_lazy("A chi chiedi la conferma"),
        max_length=300,
        help_text=gettext_lazy("Per esempio: Procura della Repubblica di Milano, casellario giudiziale."),
        error_messages={"required": gettext_lazy("Scrivi a chi chiedi la conferma, per esempio la Procura o l'INPS.")},
    )
    note = _note()


class ConfirmForm(forms.Form):
    use_required_attribute = False
    file = paper(gettext_lazy("Risposta dell'autorità"))
    note = _note()


class IrregularForm(_TermForm):
    field_order = ("reason", "due_day", "note")
    reason = text(
        gettext_lazy("Che cosa va corretto o spiegato"),
        gettext_lazy("Scrivi che cosa va corretto o spiegato: l'ente lo legge."),
        gettext_lazy("L'ente lo legge così come lo scrivi."),
    )
    note = _note()


class FalseForm(forms.Form):
    use_required_attribute = False
    reason = text(
        gettext_lazy("Perché non è vera"),
        gettext_lazy("Scrivi perché la dichiarazione non è vera."),
        gettext_lazy("Resta nella storia del controllo. L'atto di decadenza ha un motivo suo."),
    )
    file = paper(gettext_lazy("Risposta dell'autorità"))
    note = _note()


class AgainForm(forms.Form):
    use_required_attribute = False
    reason = text(
        gettext_lazy("Perché il controllo va rifatto"),
        gettext_lazy("Scrivi il motivo: resta nella storia del controllo."),
    )


class ReplyForm(forms.Form):
    """What the body answers to an irregularity."""

    use_required_attribute = False
    text = text(
        gettext_lazy("La tua risposta"),
        gettext_lazy("Scrivi la risposta: che cosa hai corretto, o che cosa mostra il file."),
    )
    file = paper(gettext_lazy("File"))

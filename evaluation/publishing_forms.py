"""What the office types when it publishes a ranking, and what a body writes on it. Nothing is decided here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.act_form import ActForm
from bando.fields import LongText
from evaluation.models import Observation
from evaluation.rules.observing import LONGEST

LONGEST_REASON = 4000


class PublishForm(ActForm):
    """The act that approves a version; ``seen`` is the hash of what was on the screen. Fields that this version doesn't want
    are left out: ``unfilled_reason`` where places stay empty, ``note`` where it differs from the version before or
    corrects it, ``confirmed`` where a
    text looks like a person's data."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    unfilled_reason = LongText(
        label=_("Perché restano posti liberi"),
        error_messages={"required": _("Restano posti liberi: scrivi perché. Il motivo si pubblica con la graduatoria.")},
        limit=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Si pubblica con la graduatoria."),
    )
    note = LongText(
        label=_("Perché la graduatoria è cambiata"),
        error_messages={"required": _("La graduatoria è diversa da quella pubblicata prima: scrivi perché è cambiata.")},
        limit=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Si pubblica con la graduatoria e resta accanto alla versione di prima."),
    )
    confirmed = forms.BooleanField(
        label=_("Ho letto i testi segnalati: possono essere pubblicati così."),
        error_messages={"required": _("Leggi i testi segnalati. Se vanno bene così, confermalo; se no, correggili.")},
    )

    def __init__(self, *args: Any, unfilled: bool, changed: bool, found: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, wanted in (("unfilled_reason", unfilled), ("note", changed), ("confirmed", found)):
            if not wanted:
                del self.fields[name]


class ReasonForm(forms.Form):
    """Why a published ranking is computed again."""

    use_required_attribute = False
    reason = LongText(
        label=_("Perché la ricalcoli"),
        error_messages={"required": _("Scrivi il motivo: resta nella storia dell'atto.")},
        limit=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Resta nella storia. La graduatoria pubblicata non cambia finché non pubblichi la correzione."),
    )


class TitleForm(forms.Form):
    """Another title for the publication."""

    use_required_attribute = False
    application = forms.CharField(widget=forms.HiddenInput, max_length=40)
    title = forms.CharField(
        label=_("Titolo per la pubblicazione"),
        max_length=300,
        error_messages={"required": _("Scrivi il titolo per la pubblicazione.")},
    )
    title_reason = forms.CharField(
        label=_("Perché il titolo cambia"),
        max_length=LONGEST_REASON,
        error_messages={"required": _("Scrivi perché il titolo cambia: resta nella storia della graduatoria.")},
    )


class ObservationForm(forms.Form):
    use_required_attribute = False
    text = LongText(
        label=_("La tua osservazione"),
        limit=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Scrivi l'osservazione.")},
    )


class AnswerForm(forms.Form):
    use_required_attribute = False
    outcome = forms.ChoiceField(
        label=_("Esito"),
        choices=Observation.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Scegli l'esito.")},
    )
    answer = LongText(
        label=_("Risposta, con i motivi"),
        error_messages={"required": _("Scrivi i motivi della risposta.")},
        limit=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("La legge l'ente. Se accogli, poi fai riaprire le schede o correggi il dato, e ricalcola."),
    )

"""What a person types outside the sections: text into values, nothing decided."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from bando.notice.document import AttachmentRule


class StartForm(forms.Form):
    """For which body the application is made."""

    organisation = forms.ModelChoiceField(
        label=_("Quale ente fa la domanda?"),
        queryset=Organisation.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": _("Scegli l'ente che fa la domanda."),
            "invalid_choice": _("Questo ente non è tra i tuoi: scegline un altro."),
        },
    )

    def __init__(self, *args: Any, organisations: models.QuerySet[Organisation], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations


def cut_short() -> str:
    """What is said of a request that ended on its way."""
    return str(
        _("Il file non è arrivato intero: la connessione si è interrotta. Non abbiamo tenuto niente: caricalo di nuovo.")
    )


class AttachForm(forms.Form):
    """One file for one rule of the call. The page's form ends with ``whole``, after the file: a request that was cut on the
    way comes without both, and Django takes it for one in which no file was chosen."""

    use_required_attribute = False

    def __init__(self, *args: Any, rule: AttachmentRule, **kwargs: Any):
        self.rule = rule
        super().__init__(*args, auto_id=f"id_{rule.code}_%s", **kwargs)
        accept = ",".join(f".{short}" for short in rule.formats)
        missing = _("Scegli un file, poi premi «Carica».")
        if self.is_bound and "whole" not in self.data:
            missing = cut_short()
        self.fields["file"] = forms.FileField(
            label=_("Scegli il file"),
            widget=forms.FileInput(attrs={"accept": accept}),
            allow_empty_file=True,  # an empty file gets the sentence that names it
            error_messages={"required": missing},
        )


class WithdrawForm(forms.Form):
    """Whoever withdraws says that it is meant."""

    sure = forms.BooleanField(
        label=_("Voglio ritirare la domanda"),
        error_messages={"required": _("Per ritirare la domanda spunta la casella.")},
    )

"""What the lead types about a body of its group, and what a body types in its own card."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.forms import OneLine
from accounts.models import Organisation
from applications.amounts import Unreadable
from applications.groups.shares import share, typed
from applications.sections.fields import one_line_ending
from bando.notice.document import Requirement

TASKS_LIMIT = 2000
_TOO_LONG = _("Qui puoi scrivere al massimo %(limit_value)d caratteri. Ne hai scritti %(show_value)d.")


class ShareField(forms.CharField):
    """A percent in every usual spelling, as whole hundredths; ``None`` while it is not decided."""

    def __init__(self, **options: Any):
        super().__init__(
            label=_("Quota del progetto, in percentuale"),
            help_text=_("Per esempio 33,33. Le quote di tutti gli enti devono fare 100. Puoi scriverla anche dopo."),
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            required=False,
            **options,
        )

    def prepare_value(self, value: Any) -> Any:
        return typed(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return share(text)
        except Unreadable:
            raise forms.ValidationError(
                _("Scrivi la quota come numero più grande di 0 e fino a 100, con due decimali al massimo: per esempio 33,33.")
            ) from None


class TasksField(forms.CharField):
    def __init__(self, **options: Any):
        super().__init__(
            label=_("Che cosa fa nel progetto"),
            widget=forms.Textarea(attrs={"rows": 5, "data-limit": TASKS_LIMIT}),
            max_length=TASKS_LIMIT,
            required=False,
            error_messages={"max_length": _TOO_LONG},
            **options,
        )
        self.widget.attrs.pop("maxlength", None)  # a browser would cut what is pasted without a word

    def to_python(self, value: Any) -> str:
        return super().to_python(one_line_ending(value or "")).replace("\x00", "")


class MemberForm(forms.Form):
    """What the lead says of a body that is in the group already, its own too."""

    share = ShareField()
    tasks = TasksField()


class NewMemberForm(forms.Form):
    field_order = ["name", "email", "share", "tasks"]
    prefix = "ente"
    name = OneLine(
        label=_("Nome dell'ente"),
        max_length=300,
        error_messages={"required": _("Scrivi il nome dell'ente."), "max_length": _TOO_LONG},
    )
    email = forms.EmailField(
        label=_("E-mail di chi lo rappresenta"),
        help_text=_("Le mandiamo l'invito: con questo indirizzo accede, sceglie il suo ente e accetta."),
        max_length=254,
        error_messages={
            "required": _("Scrivi l'e-mail della persona da invitare."),
            "invalid": _("Scrivi l'indirizzo intero, per esempio nome@esempio.it."),
            "max_length": _TOO_LONG,
        },
    )
    share = ShareField()
    tasks = TasksField()

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        for name in ("name", "email"):
            self.fields[name].widget.attrs.pop("maxlength", None)

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class JoinForm(forms.Form):
    """With which of one's bodies to come into the group."""

    organisation = forms.ModelChoiceField(
        label=_("Con quale ente entri nel gruppo?"),
        queryset=Organisation.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": _("Scegli l'ente che entra nel gruppo."),
            "invalid_choice": _("Questo ente non è tra i tuoi: scegline un altro."),
        },
    )

    def __init__(self, *args: Any, organisations: models.QuerySet[Organisation], **options: Any):
        super().__init__(*args, **options)
        self.fields["organisation"].queryset = organisations


class TasksForm(forms.Form):
    """A body says in its own card what it does."""

    tasks = TasksField()


class CertifyForm(forms.Form):
    """One box for each declaration that the call asks of every body, and one for what was read; their names are the codes."""

    shown = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, requirements: list[Requirement], **options: Any):
        super().__init__(*args, **options)
        self.requirements = requirements
        for row in requirements:
            field = forms.BooleanField(
                label=row.text,
                help_text=row.source,
                error_messages={"required": _("Manca la dichiarazione «%(title)s».") % {"title": row.title}},
            )
            field.from_call = True
            self.fields[f"declared-{row.code}"] = field
        self.fields["sure"] = forms.BooleanField(
            label=_("Ho letto la domanda e confermo quota, compiti e forma del gruppo scritti qui sopra"),
            error_messages={"required": _("Per confermare spunta la casella.")},
        )

    @property
    def declared(self) -> list[str]:
        return [row.code for row in self.requirements if self.cleaned_data.get(f"declared-{row.code}")]

"""What an official types to change a published call: text into values, nothing decided."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.sections.fields import DayField
from bando.deadlines import AmbiguousTime, NonexistentTime, in_rome
from bando.fields import LongText
from bando.models import AmendmentKind
from documents.uploads import Unacceptable, check

ACT_FORMATS, ACT_MAX_BYTES = ("pdf", "p7m"), 20 * 1024 * 1024
LONGEST_REASON = 4000


class ActForm(forms.Form):
    """The act that orders an amendment. ``seen`` is the number of the last amendment that the page showed; ``kept`` the
    file that came with an earlier press of the button, as the view signed it."""

    use_required_attribute = False
    act_number = forms.CharField(
        label=gettext_lazy("Numero dell'atto"),
        max_length=60,
        help_text=gettext_lazy("Come è scritto nell'atto, per esempio 1234/2026."),
        error_messages={"required": gettext_lazy("Scrivi il numero dell'atto.")},
    )
    act_date = DayField(label=gettext_lazy("Data dell'atto"), help_text=gettext_lazy("Per esempio 18/10/2026."))
    act_file = forms.FileField(
        label=gettext_lazy("File dell'atto"),
        required=False,
        help_text=gettext_lazy(
            "Un PDF o un P7M, fino a 20 MB. Chi partecipa lo legge nella pagina dell'avviso: caricalo se puoi."
        ),
        error_messages={"empty": gettext_lazy("Il file è vuoto. Scegline un altro.")},
    )
    reason = LongText(
        label=gettext_lazy("Motivo"),
        limit=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4, "data-limit": LONGEST_REASON}),
        help_text=gettext_lazy("Lo leggono tutti, nella pagina dell'avviso e nella mail."),
        error_messages={"required": gettext_lazy("Scrivi il motivo: lo leggono tutti.")},
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)
    kept = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["act_date"].error_messages["required"] = _("Scrivi la data dell'atto.")

    def clean_act_file(self) -> Any:
        """The upload with its ``media_type``."""
        upload = self.cleaned_data["act_file"]
        if upload:
            try:
                upload.media_type = check(upload, formats=ACT_FORMATS, max_bytes=ACT_MAX_BYTES)
            except Unacceptable as refused:
                raise forms.ValidationError(str(refused)) from None
        return upload

    @property
    def terms(self) -> dict[str, datetime | None]:
        """The instants that the form asks for, by name."""
        return {}


class RectifyForm(ActForm):
    """``shown`` is the version of the draft whose difference the page shows."""

    shown = forms.IntegerField(widget=forms.HiddenInput)


class TermsForm(ActForm):
    """A new deadline, and perhaps a new term for questions: each a day and a time on the clocks of Rome."""

    field_order = ("deadline_day", "deadline_time", "questions_day", "questions_time")
    deadline_day = DayField(label=gettext_lazy("Nuova scadenza: giorno"), help_text=gettext_lazy("Per esempio 18/10/2026."))
    deadline_time = forms.TimeField(
        label=gettext_lazy("Nuova scadenza: ora"),
        input_formats=["%H:%M", "%H:%M:%S", "%H.%M"],
        widget=forms.TimeInput(format="%H:%M:%S", attrs={"inputmode": "text"}),
        help_text=gettext_lazy("Ora italiana, per esempio 12:00. È in tempo chi arriva entro quel secondo esatto."),
        error_messages={
            "required": gettext_lazy("Scrivi l'ora della nuova scadenza."),
            "invalid": gettext_lazy("Scrivi l'ora con i numeri, per esempio 12:00."),
        },
    )
    questions_day = DayField(
        label=gettext_lazy("Nuovo termine per le domande all'ufficio: giorno"),
        required=False,
        help_text=gettext_lazy("Lascia vuoto per non cambiarlo."),
    )
    questions_time = forms.TimeField(
        label=gettext_lazy("Nuovo termine per le domande all'ufficio: ora"),
        required=False,
        input_formats=["%H:%M", "%H:%M:%S", "%H.%M"],
        widget=forms.TimeInput(format="%H:%M:%S", attrs={"inputmode": "text"}),
        error_messages={"invalid": gettext_lazy("Scrivi l'ora con i numeri, per esempio 12:00.")},
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["deadline_day"].error_messages["required"] = _("Scrivi il giorno della nuova scadenza.")

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        for term in ("deadline", "questions"):
            day, clock = typed.get(f"{term}_day"), typed.get(f"{term}_time")
            if day and clock is not None:
                self._instant(term, day, clock)
            elif term == "questions" and (day or clock is not None):
                missing = "time" if day else "day"
                if f"questions_{missing}" not in self.errors:
                    self.add_error(f"questions_{missing}", _("Scrivi giorno e ora, oppure lascia vuoti tutti e due."))
        return typed

    @property
    def terms(self) -> dict[str, datetime | None]:
        return {"deadline": self.cleaned_data["deadline"], "questions_until": self.cleaned_data.get("questions")}

    def _instant(self, term: str, day: date, clock: time) -> None:
        try:
            self.cleaned_data[term] = in_rome(datetime.combine(day, clock))
        except NonexistentTime:
            self.add_error(f"{term}_time", _("A quell'ora gli orologi saltano all'ora legale: scegline un'altra."))
        except AmbiguousTime:
            self.add_error(f"{term}_time", _("Quell'ora viene due volte, perché finisce l'ora legale: scegline un'altra."))


FORMS: dict[str, type[ActForm]] = {
    AmendmentKind.EXTENSION: TermsForm,
    AmendmentKind.REOPENING: TermsForm,
    AmendmentKind.RECTIFICATION: RectifyForm,
    AmendmentKind.REVOCATION: ActForm,
}

"""What an official types to change a published call: text into values, nothing decided."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.act_form import ActForm
from applications.sections.fields import CHECK_THE_YEAR, FIRST_DAY, LAST_DAY, DayField
from bando.deadlines import AmbiguousTime, NonexistentTime, in_rome
from bando.fields import LongText
from bando.models import AmendmentKind
from documents.fields import SignedFileField

LONGEST_REASON = 4000


class AmendmentForm(ActForm):
    """The act that orders an amendment, and its reason. ``seen`` is the number of the last amendment that the page showed; ``kept`` the
    file that came with an earlier press of the button, as the view signed it."""

    act_file = SignedFileField(
        label=gettext_lazy("File dell'atto"),
        required=False,
        help_text=gettext_lazy(
            "Un PDF o un P7M, fino a 20 MB. Chi partecipa lo legge nella pagina dell'avviso: caricalo se puoi."
        ),
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

    @property
    def terms(self) -> dict[str, datetime | None]:
        """The instants that the form asks for, by name."""
        return {}


class RectifyForm(AmendmentForm):
    """``shown`` is the version of the draft whose difference the page shows."""

    shown = forms.IntegerField(widget=forms.HiddenInput)


class ClockField(forms.TimeField):
    """A time of the day, in every language as an Italian clock shows it."""

    default_error_messages = {"invalid": gettext_lazy("Scrivi l'ora con i numeri, per esempio 12:00.")}

    def __init__(self, **options: Any) -> None:
        widget = forms.TimeInput(format="%H:%M:%S", attrs={"inputmode": "text"})
        super().__init__(input_formats=["%H:%M", "%H:%M:%S", "%H.%M"], widget=widget, **options)


def moment_of(form: forms.Form, typed: dict[str, Any], *, day: str, clock: str, into: str) -> None:
    """The instant that a day and an hour on the clocks of Rome mean, where both were understood; else the error at the hour, or
    at the day of another age."""
    if not typed.get(day) or typed.get(clock) is None:
        return
    if not FIRST_DAY <= typed[day] <= LAST_DAY:
        form.add_error(day, CHECK_THE_YEAR)
        return
    try:
        typed[into] = in_rome(datetime.combine(typed[day], typed[clock]))
    except NonexistentTime:
        form.add_error(clock, _("A quell'ora gli orologi saltano all'ora legale: scegline un'altra."))
    except AmbiguousTime:
        form.add_error(clock, _("Quell'ora viene due volte, perché finisce l'ora legale: scegline un'altra."))


class TermsForm(AmendmentForm):
    """A new deadline, and perhaps a new term for questions: each a day and a time on the clocks of Rome."""

    field_order = ("deadline_day", "deadline_time", "questions_day", "questions_time")
    deadline_day = DayField(label=gettext_lazy("Nuova scadenza: giorno"), help_text=gettext_lazy("Per esempio 18/10/2026."))
    deadline_time = ClockField(
        label=gettext_lazy("Nuova scadenza: ora"),
        help_text=gettext_lazy("Ora italiana, per esempio 12:00. È in tempo chi arriva entro quel secondo esatto."),
        error_messages={"required": gettext_lazy("Scrivi l'ora della nuova scadenza.")},
    )
    questions_day = DayField(
        label=gettext_lazy("Nuovo termine per le domande all'ufficio: giorno"),
        required=False,
        help_text=gettext_lazy("Lascia vuoto per non cambiarlo."),
    )
    questions_time = ClockField(label=gettext_lazy("Nuovo termine per le domande all'ufficio: ora"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["deadline_day"].error_messages["required"] = _("Scrivi il giorno della nuova scadenza.")

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        for term in ("deadline", "questions"):
            day, clock = typed.get(f"{term}_day"), typed.get(f"{term}_time")
            moment_of(self, typed, day=f"{term}_day", clock=f"{term}_time", into=term)
            if term == "questions" and bool(day) != (clock is not None):
                missing = "time" if day else "day"
                if f"questions_{missing}" not in self.errors:
                    self.add_error(f"questions_{missing}", _("Scrivi giorno e ora, oppure lascia vuoti tutti e due."))
        return typed

    @property
    def terms(self) -> dict[str, datetime | None]:
        return {"deadline": self.cleaned_data["deadline"], "questions_until": self.cleaned_data.get("questions")}


FORMS: dict[str, type[AmendmentForm]] = {
    AmendmentKind.EXTENSION: TermsForm,
    AmendmentKind.REOPENING: TermsForm,
    AmendmentKind.RECTIFICATION: RectifyForm,
    AmendmentKind.REVOCATION: AmendmentForm,
}

"""The minutes of a session, for the office: written, approved, signed by those who were there, published."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.access import officials_only
from applications.merging import fingerprint
from bando.left_over import left_over
from documents.responses import serve
from network import actions
from network.actions.tables import TEXT, personal_data_in
from network.models import SignedMinutes, TableMinutes, TableSession
from network.table_forms import (
    MinutesForm,
    PublishForm,
    SignForm,
)
from network.table_minutes import Said, signings, told
from network.transitions.tables import (
    APPROVE_TABLE_MINUTES,
    PUBLISH_TABLE_MINUTES,
    SIGN_TABLE_MINUTES,
    WRITE_TABLE_MINUTES,
)
from network.views.table_session_desk import session_of
from network.views.tables import about, bring, how_many_signed, may, minutes_of, paper, refused
from workflow.transition import Refused

KINDS = {
    "email": gettext_lazy("un indirizzo e-mail"),
    "iban": gettext_lazy("un IBAN"),
    "tax_code": gettext_lazy("un codice fiscale"),
    "phone": gettext_lazy("un numero di telefono"),
}


@officials_only
def desk_table_minutes(request: HttpRequest, slug: str, area: str, number: int) -> HttpResponse:
    """The minutes: written, approved, signed by those who were there, published."""
    session = session_of(request, slug, area, number)
    minutes = minutes_of(session)
    signed = signings(minutes)
    writing = MinutesForm(
        request.POST if {"save", "approve"} & request.POST.keys() else None, text=minutes.text, version=minutes.version
    )
    signing = SignForm(
        *((request.POST, request.FILES) if "sign" in request.POST else ()), parties=[sign.party for sign in signed]
    )
    whole = told(session)
    publishing = PublishForm(
        request.POST if "publish" in request.POST else None,
        agenda=session.agenda,
        text=minutes.text,
        decisions=whole.decisions,
    )
    status, theirs = 200, None
    if request.method == "POST":
        try:
            if done := _work_on_minutes(request, session, writing, signing, publishing):
                messages.success(request, done)
                return redirect("desk_table_minutes", slug, area, number)
        except Refused as refusal:
            pressed = next(form for form in (writing, signing, publishing) if form.is_bound)
            status = refused(pressed, refusal)
        except _Conflict as conflict:
            status, theirs = 409, conflict.theirs
            writing = conflict.form
    bound = next((form for form in (writing, signing, publishing) if form.is_bound), None)
    may_write = may(WRITE_TABLE_MINUTES, session, request)
    context = {
        **about(session),
        "told": whole,
        "writing": writing if may_write else None,
        "unsaved": left_over([(writing, may_write)]),
        "theirs": theirs,
        "can_approve": may(APPROVE_TABLE_MINUTES, session, request),
        **how_many_signed(signed),
        "signing": signing if may(SIGN_TABLE_MINUTES, session, request) else None,
        "publishing": publishing if may(PUBLISH_TABLE_MINUTES, session, request) else None,
        "found": _found(publishing, session, whole.decisions),
        "pressed": bound,
        "has_errors": bool(bound and bound.errors),
    }
    return render(request, "network/tables/desk_minutes.html", context, status=status)


class _Conflict(Exception):
    """Somebody else changed the same text: ``theirs`` is what is stored, ``form`` holds what was typed."""

    def __init__(self, form: MinutesForm, theirs: str):
        super().__init__(theirs)
        self.form, self.theirs = form, theirs


def _work_on_minutes(
    request: HttpRequest, session: TableSession, writing: MinutesForm, signing: SignForm, publishing: PublishForm
) -> str:
    """Do what the pressed button asks; answers what is told of it, "" when something typed is wrong."""
    act = {"by": request.user, "at": request.arrived_at}
    if writing.is_bound and writing.is_valid():
        merged = actions.save_table_minutes(session, writing.typed(), [writing.cleaned_data["base"]], **act)
        if merged.conflicts:
            raise _conflict(request, session)
        if "approve" not in request.POST:
            return _("Il verbale è salvato.")
        actions.approve_table_minutes(session, seen=writing.cleaned_data["version"] + bool(merged.changes), **act)
        return _("Il verbale è approvato e non cambia più. Stiamo preparando il PDF da firmare.")
    if signing.is_bound and signing.is_valid():
        partner = session.table.partners.filter(pk=signing.partner()).select_related("organisation").first()
        return bring(session, signing, partner, **act)
    if publishing.is_bound and publishing.is_valid():
        weighed = publishing.cleaned_data["weighed"]
        actions.publish_table_minutes(session, **publishing.public(), weighed=weighed, **act)
        return _("Il verbale è pubblicato.")
    return ""


def _conflict(request: HttpRequest, session: TableSession) -> _Conflict:
    stored = TableMinutes.objects.get(session=session)
    data = request.POST.copy()
    data["base"], data["version"] = fingerprint({TEXT: stored.text}), stored.version
    form = MinutesForm(data, text=stored.text, version=stored.version)
    form.add_error(None, _("Qualcun altro ha cambiato lo stesso testo. Qui sotto trovi il suo e il tuo: uniscili e salva."))
    return _Conflict(form, stored.text)


def _found(form: PublishForm, session: TableSession, decisions: Iterable[Said]) -> list[Any]:
    """The kinds of personal data in what the form would let out; in what it offers, before anything is typed."""
    if form.is_bound and form.is_valid():
        typed = form.public()
        said = [{"text": text, "against": against} for text, against in typed["decisions"].values()]
        public = {**typed, "decisions": said}
    else:
        said = [{"text": row.text, "against": row.against} for row in decisions]
        public = {"agenda": session.agenda, "text": session.minutes.text, "decisions": said}
    return [KINDS[kind] for kind in personal_data_in(public)]


@officials_only
@require_GET
def desk_table_minutes_pdf(request: HttpRequest, slug: str, area: str, number: int) -> HttpResponse:
    return paper(minutes_of(session_of(request, slug, area, number)).document)


@officials_only
@require_GET
def desk_table_minutes_signed(request: HttpRequest, slug: str, area: str, number: int, pk: int) -> HttpResponse:
    minutes = minutes_of(session_of(request, slug, area, number))
    kept = get_object_or_404(SignedMinutes.objects.select_related("document"), minutes=minutes, pk=pk)
    return serve(kept.document, own=kept.document.by_id == request.user.pk)

"""Questions and answers about a call: what everybody reads and asks, and where the office answers.

The office is never shown who asked: until the deadline it must not know who takes part.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import officials_only
from bando import clarifying
from bando.clarification_forms import AnswerForm, AskForm, SearchForm, SetAsideForm
from bando.clarification_rules import against_asking, against_asking_now, against_setting_aside, questions_close
from bando.clarifications import found, grouped, published, section_title
from bando.deadlines import day_in_rome
from bando.models import Call, Clarification, Enquiry
from bando.transitions import CLARIFY
from bando.typed import whole_number
from workflow.perform import reasons_against
from workflow.transition import Refused

# What everybody reads


@require_http_methods(["GET", "POST"])
def clarifications(request: HttpRequest, slug: str) -> HttpResponse:
    """The answers, and for who is signed in the form to ask and what they asked."""
    call, form, status = _call(request, slug), None, 200
    here, at = reverse("call_clarifications", args=[slug]), request.arrived_at
    if request.method == "POST":
        if not request.user.is_authenticated:
            return redirect_to_login(here)
        form = AskForm(request.POST, notice=call.notice)
        if form.is_valid():
            try:
                clarifying.ask(call, **form.cleaned_data, by=request.user, at=at)
            except Refused as refused:
                status = 409
                for reason in refused.reasons:
                    form.add_error(None, reason)
            else:
                messages.success(
                    request, _("Abbiamo ricevuto la tua domanda. Trovi qui la risposta, e ti scriviamo quando la pubblichiamo.")
                )
                return redirect(f"{here}#le-tue-domande")
    rows = list(published(call))
    search = SearchForm(request.GET)
    words = search.cleaned_data["q"] if search.is_valid() else ""
    shown = found(rows, words) if words else rows
    closed = against_asking_now(call, at=at)
    mine = list(_mine(request.user, call))
    if form is None and request.user.is_authenticated and not closed:
        form = AskForm(notice=call.notice, initial={"section": request.GET.get("sezione", "")})
    context = {
        "call": call,
        "notice": call.notice,
        "search": search,
        "words": words,
        "count": len(rows),
        "shown": len(shown),
        "groups": grouped(call.notice, shown),
        "mine": [{"enquiry": enquiry, "section": section_title(call.notice, enquiry.section)} for enquiry in mine],
        "closed": closed,
        "closes": questions_close(call),
        "form": form,
        "against": "" if form is None or form.is_bound else against_asking(call, by=request.user, at=at),
        "login_url": f"{reverse('account_login')}?next={here}",
    }
    return render(request, "bando/clarifications.html", context, status=status)


def _mine(user: Any, call: Call) -> Any:
    """What the person asked about the call, the last first, with the answers and what replaced them."""
    asked = Enquiry.objects.filter(asked_by=user) if user.is_authenticated else Enquiry.objects.none()
    return asked.filter(call=call).select_related("clarification__replaced_by").order_by("-asked_at", "-pk")


# Where the office answers


@officials_only
def desk_clarifications(request: HttpRequest, slug: str) -> HttpResponse:
    """The questions of a call: those that wait first, the oldest on top; then what was published and what was set aside."""
    call = _call(request, slug)
    enquiries = [_row(call, enquiry, request.arrived_at) for enquiry in call.enquiries.select_related("clarification")]
    context = {
        "call": call,
        "waiting": [row for row in enquiries if row["waits"]],
        "answered": [row for row in enquiries if row["enquiry"].clarification_id],
        "set_aside": [row for row in enquiries if row["enquiry"].set_aside_at],
        "groups": grouped(call.notice, published(call)),
        "reasons": reasons_against(CLARIFY, call, by=request.user, at=request.arrived_at),
        "closes": questions_close(call),
    }
    return render(request, "bando/desk_clarifications.html", context)


@officials_only
@require_http_methods(["GET", "POST"])
def desk_clarify(request: HttpRequest, slug: str) -> HttpResponse:
    """Write a clarification: the answer to the questions that were ticked (``enquiry``), one in the place of another
    (``replaces``, its number), or one that nobody asked for."""
    call, at = _call(request, slug), request.arrived_at
    asked = request.POST if request.method == "POST" else request.GET
    wanted = _keys(asked.getlist("enquiry"))
    if "chosen" in request.GET and not wanted:
        messages.error(request, _("Scegli almeno un quesito a cui rispondere."))
        return redirect("desk_clarifications", slug=slug)
    old = _replaced(call, asked.get("replaces", ""))
    form = AnswerForm(request.POST, notice=call.notice) if request.method == "POST" else None
    reasons = reasons_against(CLARIFY, call, by=request.user, at=at)
    status = 200
    if form is not None and form.is_valid():
        try:
            made = _publish(request, call, form, wanted, old)
        except Refused as refused:
            reasons, status = refused.reasons, 409
            call = _call(request, slug)
        else:
            messages.success(
                request, _("Il chiarimento n. %(n)s è pubblicato. Scriviamo a chi segue l'avviso.") % {"n": made.number}
            )
            return redirect("desk_clarifications", slug=slug)
    waiting = list(Enquiry.objects.waiting().filter(call=call, pk__in=wanted))
    if form is None:
        form = AnswerForm(notice=call.notice, initial=_proposed(waiting, old))
        if len(waiting) < len(wanted):
            reasons = [*reasons, _("Uno dei quesiti scelti ha già avuto risposta o è stato messo da parte: qui non c'è più.")]
    context = {
        "call": call,
        "form": form,
        "enquiries": [_row(call, enquiry, at) for enquiry in waiting],
        "replaces": old,
        "reasons": reasons,
        "may_publish": not reasons_against(CLARIFY, call, by=request.user, at=at),
        "is_late": call.closes_at < at,
    }
    return render(request, "bando/desk_clarify.html", context, status=status)


@officials_only
@require_http_methods(["GET", "POST"])
def desk_enquiry(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One question: what became of it, and setting it aside while it waits."""
    enquiry = _enquiry(request, pk)
    form, reasons, status = SetAsideForm(request.POST or None), [], 200
    if request.method == "POST" and form.is_valid():
        try:
            clarifying.set_aside(enquiry, reason=form.cleaned_data["reason"], by=request.user, at=request.arrived_at)
        except Refused as refused:
            enquiry, reasons, status = _enquiry(request, pk), refused.reasons, 409
        else:
            messages.success(request, _("Il quesito è messo da parte. Chi l'ha scritto legge il motivo."))
            return redirect("desk_clarifications", slug=enquiry.call.slug)
    context = {
        "row": _row(enquiry.call, enquiry, request.arrived_at),
        "call": enquiry.call,
        "form": form,
        "reasons": reasons,
        "may_set_aside": not against_setting_aside(enquiry, by=request.user, reason="-"),
        "may_answer": not reasons_against(CLARIFY, enquiry.call, by=request.user, at=request.arrived_at),
    }
    return render(request, "bando/desk_enquiry.html", context, status=status)


def _publish(request: HttpRequest, call: Call, form: AnswerForm, wanted: set[UUID], old: Clarification | None) -> Clarification:
    words = {name: form.cleaned_data[name] for name in ("section", "question", "reply", "explains_only")}
    if old:
        old.call = call
        return clarifying.replace(old, **words, by=request.user, at=request.arrived_at)
    return clarifying.answer(call, **words, enquiries=wanted, by=request.user, at=request.arrived_at)


def _proposed(enquiries: list[Enquiry], old: Clarification | None) -> dict[str, str]:
    """What the form begins with."""
    if old:
        return {"section": old.section, "question": old.question, "reply": old.answer}
    sections = {enquiry.section for enquiry in enquiries}
    texts = dict.fromkeys(enquiry.text for enquiry in enquiries)
    return {"section": sections.pop() if len(sections) == 1 else "", "question": "\n\n".join(texts)}


def _row(call: Call, enquiry: Enquiry, at: datetime) -> dict[str, Any]:
    """A question as the office sees it."""
    waits = not (enquiry.clarification_id or enquiry.set_aside_at)
    days = (day_in_rome(at) - day_in_rome(enquiry.asked_at)).days
    return {
        "enquiry": enquiry,
        "section": section_title(call.notice, enquiry.section),
        "waits": (ngettext("da %(n)s giorno", "da %(n)s giorni", days) % {"n": days} if days > 0 else _("da oggi"))
        if waits
        else "",
    }


def _replaced(call: Call, number: str) -> Clarification | None:
    if not number:
        return None
    return get_object_or_404(call.clarifications, number=whole_number(number))


def _keys(texts: list[str]) -> set[UUID]:
    try:
        return {UUID(text) for text in texts}
    except ValueError as error:
        raise Http404 from error


def _enquiry(request: HttpRequest, pk: UUID) -> Enquiry:
    rows = Enquiry.objects.visible_to(request.user).select_related("call__version", "clarification")
    return get_object_or_404(rows, pk=pk)


def _call(request: HttpRequest, slug: str) -> Call:
    return get_object_or_404(Call.objects.visible_to(request.user).with_notice(), slug=slug)

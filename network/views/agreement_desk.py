"""The office: the agreement of a selected application, task by task."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.access import officials_only
from applications.confirming import rules_answered
from applications.models import Application
from applications.states import WITH_A_PLACE, ApplicationState
from bando.deadlines import day_in_rome
from bando.states import CallState
from bando.templatetags.bando_ui import day, euro
from documents.responses import serve
from documents.uploads import store
from network import actions
from network.agreement_budget import first_amount, grant_of, promised, shares_its_project, sharing
from network.agreement_ending import left_open
from network.agreement_forms import (
    PartiesForm,
    SignAgreementForm,
    SignedPartForm,
)
from network.agreement_signing import PartySign, Signed, elsewhere, name_of, signatures_of
from network.agreement_words import contents_of, named
from network.contents import missing
from network.fields import ReasonForm
from network.guarantees import uncovered
from network.models import Agreement, AgreementParty, ProjectVersion
from network.rules.agreements import paid_cents
from network.states import AgreementState as S
from network.transitions import (
    CHANGE_PARTIES,
    END_AGREEMENT,
    REOPEN_AGREEMENT,
    SIGN,
    SIGN_PART,
)
from workflow.perform import reasons_against
from workflow.transition import Refused, Transition

QUIET = ["edit", "change_parties"]
"""Acts that the history leaves to the page of the text."""
PER_PAGE = 50


def application_of(request: HttpRequest, pk: Any) -> Application:
    rows = Application.objects.at_the_desk(request.user, at=request.arrived_at).with_call().filter(state__in=WITH_A_PLACE)
    return get_object_or_404(rows.select_related("current__call_version"), pk=pk)


def agreement_of(request: HttpRequest, pk: Any) -> tuple[Application, Agreement]:
    """The selected application and its agreement, 404 before it is drafted. While it is written, its project is the version that
    it would carry out now."""
    application = application_of(request, pk)
    row = Agreement.objects.filter(application=application).select_related("document", "text", "project", "saved_by").first()
    if row is None:
        raise Http404
    row.application = application
    if row.state == S.DRAFT:
        row.project = actions.final_version(application)
    return application, row


def may(transition: Transition, row: Agreement, request: HttpRequest, **data: Any) -> bool:
    return not reasons_against(transition, row, by=request.user, at=request.arrived_at, data=data)


def refused(form: Any, refusal: Refused) -> int:
    form.add_error(None, refusal.reasons)
    return 409


def named_parties(application: Application, row: Agreement) -> list[tuple[AgreementParty, str]]:
    administration = rules_answered(application).administration.name
    return [(party, name_of(party, administration)) for party in row.parties.select_related("organisation")]


# The hub


@officials_only
def agreement(request: HttpRequest, pk: Any) -> HttpResponse:
    """What is to do for the agreement of a selected application, and the registration of its signature."""
    application = application_of(request, pk)
    row = Agreement.objects.filter(application=application).select_related("document", "text").first()
    if row is None:
        if request.method == "POST":
            actions.draft_agreement(application, at=request.arrived_at)
            return redirect("desk_agreement", pk=pk)
        context = {"application": application, "agreement": None, "draft": rules_answered(application).agreement}
        return render(request, "network/agreements/desk.html", context)
    row.application = application
    signs = signatures_of(row)
    has_files = row.state == S.READY and any(sign.party.signed_id for sign in signs)
    ending = ReasonForm(request.POST if "end" in request.POST else None)
    foreseen = {"starts_on": row.starts_on, "ends_on": row.ends_on}
    if "sign" in request.POST:
        form = SignAgreementForm(request.POST, request.FILES, has_files=has_files, elsewhere=row.state == S.DRAFT)
    else:
        form = SignAgreementForm(has_files=has_files, elsewhere=row.state == S.DRAFT, foreseen=foreseen)
    status = 200
    try:
        if "sign" in request.POST and form.is_valid():
            _sign(row, form, request)
            messages.success(request, _("Convenzione registrata: l'ente è partner della rete."))
            return redirect("desk_agreement", pk=pk)
        if "amount" in request.POST:
            actions.write_first_amount(row, seen=whole_number(request.POST["amount"]), by=request.user, at=request.arrived_at)
            messages.success(request, _("Il contributo è quello del progetto di adesso."))
            return redirect("desk_agreement", pk=pk)
        if "end" in request.POST and ending.is_valid():
            reason = ending.cleaned_data["reason"]
            actions.end_agreement(row, reason=reason, by=request.user, at=request.arrived_at)
            messages.success(request, _("La convenzione è conclusa."))
            return redirect("desk_agreement", pk=pk)
    except Refused as refusal:
        status = refused(ending if "end" in request.POST else form, refusal)
        row.refresh_from_db()
        row.application = application
    newer = _newer_project(row)
    against_end = reasons_against(END_AGREEMENT, row, by=request.user, at=request.arrived_at)
    is_signed = row.state not in (S.DRAFT, S.READY)
    against_sign = [] if is_signed else reasons_against(SIGN, row, by=request.user, at=request.arrived_at)
    context = {
        "application": application,
        "agreement": row,
        "groups": [{"title": "", "tasks": tasks(row, signs, request)}],
        "form": ending if "end" in request.POST else form,
        "signing": None if is_signed else form,
        "newer": newer,
        "offered": first_amount(row) if newer else 0,
        "ending": ending if row.state in (S.SIGNED, S.EFFECTIVE) else None,
        "left_open": left_open(row, request.arrived_at) if row.state in (S.SIGNED, S.EFFECTIVE, S.ENDED) else None,
        "may_end": not against_end,
        "against_end": against_end,
        "contents": contents_of(row) if is_signed and row.text is None else [],
        "reasons": against_sign,
        "is_waited_for": row.state == S.DRAFT or bool(against_sign),
        "is_signed": is_signed,
        "steps": row.steps.select_related("by").exclude(act__in=QUIET),
    }
    return render(request, "network/agreements/desk.html", context, status=status)


def _sign(row: Agreement, form: SignAgreementForm, request: HttpRequest) -> None:
    values, document = form.cleaned_data, None
    if values["file"]:
        document = store(values["file"], media_type=values["file"].media_type, by=request.user, at=request.arrived_at)
    actions.sign_agreement(
        row,
        number=values["number"],
        signed_on=values["signed_on"],
        starts_on=values["starts_on"],
        ends_on=values["ends_on"],
        document=document,
        reason=values["reason"],
        **form.found(),
        by=request.user,
        at=request.arrived_at,
    )


def _newer_project(row: Agreement) -> ProjectVersion | None:
    """The version of the project that came after the one for which the amount was written; ``row`` carries it from here on."""
    final = actions.final_version(row.application) if row.state == S.DRAFT else None
    if final is None or final == row.project:
        return None
    row.project = final
    return final


def tasks(row: Agreement, signs: list[PartySign], request: HttpRequest) -> list[dict[str, str]]:
    """The parts of the work, in its order, with how far each is."""
    is_signed = row.state not in (S.DRAFT, S.READY)
    today = day_in_rome(request.arrived_at)
    guarantees = list(row.guarantees.all())
    done = sum(sign.has_signed for sign in signs)
    gaps = missing(row.articles, row.waived) if row.state == S.DRAFT else []
    said = _("Mancano: %(contents)s") % {"contents": named(gaps)} if gaps else ""
    lack = [sign for sign in signs if not sign.party.signer.strip()]
    doubtful = any(sign.state in (Signed.DOUBTFUL, Signed.BLOCKED) for sign in signs)
    early = uncovered(row, guarantees)
    paid = paid_cents(row)
    terms = list(row.reporting_terms.all())
    coming = next((term for term in terms if term.due_on >= today), None)
    signatures = _("firmata da %(done)s di %(all)s") % {"done": done, "all": len(signs)}
    return [
        _task(
            _("Testo"),
            "desk_agreement_text",
            row,
            ("doing" if row.version else "todo") if row.state == S.DRAFT else "done",
            said,
        ),
        _task(
            _("Parti e importo"),
            "desk_agreement_parties",
            row,
            "done" if not lack or is_signed else "todo",
            _("Manca chi firma.") if lack and not is_signed else "",
        ),
        _task(
            _("Garanzie"),
            "desk_agreement_guarantees",
            row,
            "fix" if early else "done" if guarantees else "todo",
            _("Una garanzia scade prima della convenzione.") if early else "",
        ),
        _task(
            _("Firme"),
            "desk_agreement_signatures" if row.state != S.DRAFT else "",
            row,
            "locked" if row.state == S.DRAFT else "done" if is_signed else "fix" if doubtful else "doing" if done else "todo",
            signatures if row.state == S.READY else "",
        ),
        _task(
            _("Pubblicazione ed efficacia"),
            "desk_agreement_publication" if is_signed else "",
            row,
            "locked" if not is_signed else "todo" if row.state == S.SIGNED else "done",
            _("pubblicata il %(day)s") % {"day": day(row.published_on)} if row.published_on else "",
        ),
        _task(
            _("Pagamenti"),
            "desk_agreement_payments" if is_signed else "",
            row,
            "locked" if row.state in (S.DRAFT, S.READY, S.SIGNED) else "done" if paid == row.amount_cents else "doing",
            _("pagati %(paid)s di %(amount)s") % {"paid": euro(paid), "amount": euro(row.amount_cents)} if is_signed else "",
        ),
        _task(
            _("Rendiconti"),
            "desk_agreement_terms" if is_signed else "",
            row,
            "locked" if not is_signed else "doing" if coming else "done",
            _("il prossimo entro il %(day)s") % {"day": day(coming.due_on)} if coming else "",
        ),
    ]


def _task(label: str, route: str, row: Agreement, status: str, hint: str = "") -> dict[str, str]:
    url = reverse(route, args=[row.application_id]) if route else ""
    return {"label": label, "url": url, "status": status, "hint": hint}


# All of them


@officials_only
def agreements(request: HttpRequest) -> HttpResponse:
    """Every agreement, with what it waits for."""
    rows = Agreement.objects.visible_to(request.user).select_related("application__organisation", "application__call__version")
    rows = rows.annotate(paid=Sum("payments__amount_cents")).order_by("-created_at", "pk")
    selected = Application.objects.at_the_desk(request.user, at=request.arrived_at).filter(state=ApplicationState.SELECTED)
    unwritten = selected.filter(agreement=None).exclude(call__state=CallState.REVOKED)
    state = request.GET.get("stato", "")
    if state in S.values:
        rows = rows.filter(state=state)
    page = Paginator(rows.prefetch_related("parties__signed"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [{"row": row, "waits": waits_for(row), "paid": row.paid or 0} for row in page],
        "states": S.choices,
        "state": state,
        "query": f"stato={state}" if state in S.values else "",
        "unwritten": unwritten.select_related("organisation").order_by("call__slug", "area_code", "number"),
    }
    return render(request, "network/agreements/desk_list.html", context)


def waits_for(row: Agreement) -> str:
    """What is to happen next, in a few words."""
    match row.state:
        case S.DRAFT if gaps := missing(row.articles, row.waived):
            return ngettext("Nel testo manca %(n)s contenuto", "Nel testo mancano %(n)s contenuti", len(gaps)) % {
                "n": len(gaps)
            }
        case S.DRAFT:
            return _("Da preparare per la firma")
        case S.READY:
            left = sum(party.signed_id is None for party in row.parties.all())
            if not left:
                return _("Da registrare")
            return ngettext("Manca il file di %(n)s parte", "Mancano i file di %(n)s parti", left) % {"n": left}
        case S.SIGNED:
            return _("Da pubblicare") if row.needs_publication else _("Da dichiarare efficace")
        case S.EFFECTIVE if (row.paid or 0) < row.amount_cents:
            return _("Da pagare: %(left)s") % {"left": euro(row.amount_cents - (row.paid or 0))}
    return ""


# Parties and amount


@officials_only
def parties(request: HttpRequest, pk: Any) -> HttpResponse:
    """Who signs, the amount and the days that are foreseen."""
    application, row = agreement_of(request, pk)
    rows = named_parties(application, row)
    form = PartiesForm(
        request.POST or None, agreement=row, parties=[party for party, _name in rows], names=[name for _party, name in rows]
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.change_parties(
                row,
                form.signers(),
                amount_cents=said["amount"],
                starts_on=said["starts_on"],
                ends_on=said["ends_on"],
                seen=said["version"],
                by=request.user,
                at=request.arrived_at,
            )
        except Refused as refusal:
            status = refused(form, refusal)
        else:
            messages.success(request, _("Parti e importo sono salvati."))
            return redirect("desk_agreement", pk=pk)
    others = sharing(row)
    context = {
        "application": application,
        "agreement": row,
        "form": form,
        "parties": rows,
        "grant": grant_of(row),
        "shared": shares_its_project(row),
        "others": others,
        "others_cents": promised(others),
        "may_write": may(CHANGE_PARTIES, row, request),
    }
    return render(request, "network/agreements/desk_parties.html", context, status=status)


# Signatures


@officials_only
def signatures(request: HttpRequest, pk: Any) -> HttpResponse:
    """The signed files, party by party: the office brings one, or lets one pass of which something is in doubt."""
    application, row = agreement_of(request, pk)
    if row.state == S.DRAFT:
        raise Http404
    names = named_parties(application, row)
    form = SignedPartForm(request.POST if "upload" in request.POST else None, request.FILES or None, parties=names)
    decided = request.POST.get("accept", "")
    deciding = reason_about(request.POST if decided else None, decided)
    opening = ReasonForm(request.POST if "reopen" in request.POST else None)
    status = 200
    if request.method == "POST":
        done = ""
        try:
            done = _on_signatures(request, row, form, deciding, opening)
        except Refused as refusal:
            pressed = form if "upload" in request.POST else deciding if "accept" in request.POST else opening
            status = refused(pressed, refusal)
            row.refresh_from_db()
        if done:
            messages.success(request, done)
            return redirect("desk_agreement_text" if "reopen" in request.POST else "desk_agreement_signatures", pk=pk)
    signs = signatures_of(row)
    labels = {party.pk: name for party, name in names}
    may_upload = may(SIGN_PART, row, request)
    context = {
        "application": application,
        "agreement": row,
        "signs": [
            {
                "sign": sign,
                "name": labels[sign.party.pk],
                "deciding": shown_about(deciding, decided, sign.party.pk)
                if sign.state is Signed.DOUBTFUL and row.state == S.READY
                else None,
            }
            for sign in signs
        ],
        "done": sum(sign.has_signed for sign in signs),
        "all": len(signs),
        "uploading": form if may_upload else None,
        "form": next((f for f in (form, deciding, opening) if f.is_bound), None),
        "opening": opening if may(REOPEN_AGREEMENT, row, request) else None,
        "is_ready": row.state == S.READY,
        "elsewhere": elsewhere(row),
    }
    return render(request, "network/agreements/desk_signatures.html", context, status=status)


def _on_signatures(
    request: HttpRequest, row: Agreement, form: SignedPartForm, deciding: ReasonForm, opening: ReasonForm
) -> str:
    """Do what the pressed button asks; "" when something typed is wrong."""
    act: dict[str, Any] = {"by": request.user, "at": request.arrived_at}
    if "upload" in request.POST and form.is_valid():
        actions.sign_part(row, form.chosen(), form.cleaned_data["file"], **act)
        return _("Il file è caricato. Tra poco diciamo che cosa c'è dentro: ricarica la pagina.")
    if "accept" in request.POST and deciding.is_valid():
        party = get_object_or_404(row.parties, pk=whole_number(request.POST["accept"]))
        seen = request.POST.get("file", "")
        actions.accept_copy(row, party, file=seen, reason=deciding.cleaned_data["reason"], **act)
        return _("Il file vale come firmato.")
    if "reopen" in request.POST and opening.is_valid():
        actions.reopen_agreement(row, reason=opening.cleaned_data["reason"], **act)
        return _("Il testo si può cambiare di nuovo. I file firmati fin qui non valgono più.")
    return ""


def reason_about(data: Any, key: object) -> ReasonForm:
    """The reason for one of several things on a page, with identifiers of its own."""
    return ReasonForm(data, auto_id=f"id_%s_{key}")


def shown_about(sent: ReasonForm, key: str, pk: int) -> ReasonForm:
    """The form of a thing: the one that was sent about it, or a blank one."""
    return sent if key == str(pk) else reason_about(None, pk)


def whole_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


@officials_only
@require_safe
def party_file(request: HttpRequest, pk: Any, party: int) -> HttpResponse:
    _application, row = agreement_of(request, pk)
    found = get_object_or_404(row.parties.exclude(signed=None).select_related("signed"), pk=party)
    return serve(found.signed, own=found.signed.by_id == request.user.pk)


@officials_only
@require_safe
def pdf(request: HttpRequest, pk: Any) -> HttpResponse:
    _application, row = agreement_of(request, pk)
    if row.text is None:
        raise Http404
    return serve(row.text)


def answer_to(request: HttpRequest, act: Callable[[], str], form: Any, route: str, pk: Any) -> tuple[HttpResponse | None, int]:
    """Do what a POST asks: the way back when it is done, or the status of the page shown again."""
    if request.method != "POST":
        return None, 200
    try:
        if done := act():
            messages.success(request, done)
            return redirect(route, pk=pk), 302
    except Refused as refusal:
        return None, refused(form, refusal)
    return None, 200

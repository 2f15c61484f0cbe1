"""The office: the publication of an agreement, from which it has effect, what is paid under it, its guarantees and the terms of its
reports."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import officials_only
from applications.confirming import rules_answered
from applications.models import Application
from bando.deadlines import day_in_rome
from documents.responses import serve
from documents.uploads import store
from network import actions
from network.agreement_forms import GuaranteeForm, JudgePublicationForm, PaymentForm, PublishAgreementForm, TermsForm
from network.guarantees import near_the_end, uncovered
from network.models import Guarantee
from network.rules.agreements import PUBLISHED_ABOVE_CENTS, given_beside, paid_cents, year_of
from network.states import AgreementState
from network.transitions import CHANGE_TERMS, GUARANTEE, JUDGE_PUBLICATION, PAY, PUBLISH_AGREEMENT, TAKE_EFFECT
from network.views.agreement_desk import agreement_of, answer_to, may, reason_about, shown_about, whole_number
from workflow.perform import reasons_against


@officials_only
def publication(request: HttpRequest, pk: Any) -> HttpResponse:
    """Whether the publication is a condition of efficacy, and the act from which the agreement has effect."""
    application, row = agreement_of(request, pk)
    judging = JudgePublicationForm(
        request.POST if "judge" in request.POST else None, initial={"needs": "yes" if row.needs_publication else "no"}
    )
    publishing = PublishAgreementForm(request.POST if "publish" in request.POST else None, initial=_known(application, request))

    def act() -> str:
        by_at: dict[str, Any] = {"by": request.user, "at": request.arrived_at}
        if "judge" in request.POST and judging.is_valid():
            said = judging.cleaned_data
            actions.judge_publication(row, needs=said["needs"] == "yes", reason=said["why"], **by_at)
            return _("La tua decisione è registrata.")
        if "publish" in request.POST and publishing.is_valid():
            said = publishing.cleaned_data
            actions.publish_agreement(
                row,
                published_on=said["published_on"],
                publication=said["publication"],
                disclosure=publishing.disclosure(),
                **by_at,
            )
            return _("La convenzione è pubblicata e ha effetto.")
        if "effect" in request.POST:
            actions.take_effect(row, **by_at)
            return _("La convenzione ha effetto.")
        return ""

    pressed = judging if "judge" in request.POST else publishing
    answer, status = answer_to(request, act, pressed, "desk_agreement_publication", pk)
    if answer:
        return answer
    row.refresh_from_db()
    is_signed = row.state == AgreementState.SIGNED
    context = {
        "application": application,
        "agreement": row,
        "threshold": PUBLISHED_ABOVE_CENTS,
        "beside": given_beside(row),
        "year": str(year_of(row)),
        "judging": judging if may(JUDGE_PUBLICATION, row, request) else None,
        "publishing": publishing if may(PUBLISH_AGREEMENT, row, request) or publishing.is_bound else None,
        "effect": is_signed and not row.needs_publication,
        "against": reasons_against(TAKE_EFFECT, row, by=request.user, at=request.arrived_at)
        if is_signed and not row.needs_publication
        else [],
        "form": next((form for form in (judging, publishing) if form.is_bound), None),
    }
    return render(request, "network/agreements/desk_publication.html", context, status=status)


def _known(application: Application, request: HttpRequest) -> dict[str, str]:
    """What is known of the fields of art. 27: the office completes and corrects it."""
    notice = rules_answered(application)
    basis = _("Art. 55 del D.Lgs. 117/2017")
    if notice.act:
        basis = " – ".join(filter(None, (basis, notice.act.title, notice.act.number)))
    return {
        "legal_basis": basis,
        "office": notice.administration.office or notice.administration.name,
        "official": notice.administration.procedure_officer,
        "mode": _("Avviso di co-progettazione: %(title)s") % {"title": notice.title},
        "publication": request.build_absolute_uri(reverse("public_agreements")),
    }


@officials_only
def payments(request: HttpRequest, pk: Any) -> HttpResponse:
    """What was paid of the amount, and one payment more."""
    application, row = agreement_of(request, pk)
    if row.state in (AgreementState.DRAFT, AgreementState.READY):
        raise Http404
    form = PaymentForm(request.POST or None)

    def act() -> str:
        if not form.is_valid():
            return ""
        said = form.cleaned_data
        facts = {name: said[name] for name in ("paid_on", "reference", "note")}
        actions.pay_agreement(row, amount_cents=form.cents(), **facts, by=request.user, at=request.arrived_at)
        return _("Il pagamento è registrato.")

    answer, status = answer_to(request, act, form, "desk_agreement_payments", pk)
    if answer:
        return answer
    against = reasons_against(PAY, row, by=request.user, at=request.arrived_at)
    paid = paid_cents(row)
    context = {
        "application": application,
        "agreement": row,
        "payments": row.payments.select_related("by"),
        "paid": paid,
        "left": max(row.amount_cents - paid, 0),
        "form": form,
        "paying": None if against and not form.is_bound else form,
        "against": against,
    }
    return render(request, "network/agreements/desk_payments.html", context, status=status)


@officials_only
def guarantees(request: HttpRequest, pk: Any) -> HttpResponse:
    """The insurances and sureties, with those that end too early."""
    application, row = agreement_of(request, pk)
    form = GuaranteeForm(request.POST if "add" in request.POST else None, request.FILES or None)
    dropped = request.POST.get("drop", "")
    dropping = reason_about(request.POST if dropped else None, dropped)

    def act() -> str:
        by_at: dict[str, Any] = {"by": request.user, "at": request.arrived_at}
        if "add" in request.POST and form.is_valid():
            said, document = form.cleaned_data, None
            if said["file"]:
                document = store(said["file"], media_type=said["file"].media_type, **by_at)
            facts = {name: said[name] for name in ("kind", "issuer", "number", "valid_until")}
            actions.add_guarantee(row, **facts, amount_cents=said["amount"], document=document, **by_at)
            return _("La garanzia è registrata.")
        if "drop" in request.POST and dropping.is_valid():
            found = get_object_or_404(row.guarantees, pk=whole_number(request.POST["drop"]))
            actions.drop_guarantee(found, reason=dropping.cleaned_data["reason"], **by_at)
            return _("La garanzia è tolta.")
        return ""

    answer, status = answer_to(request, act, form if "add" in request.POST else dropping, "desk_agreement_guarantees", pk)
    if answer:
        return answer
    rows = list(row.guarantees.select_related("document"))
    today = day_in_rome(request.arrived_at)
    early, near = uncovered(row, rows), near_the_end(rows, today)
    context = {
        "application": application,
        "agreement": row,
        "rows": [
            {
                "guarantee": found,
                "early": found in early,
                "near": found in near,
                "dropping": shown_about(dropping, dropped, found.pk),
            }
            for found in rows
        ],
        "adding": form if may(GUARANTEE, row, request) else None,
        "dropped": dropped,
        "form": next((f for f in (form, dropping) if f.is_bound), None),
    }
    return render(request, "network/agreements/desk_guarantees.html", context, status=status)


@officials_only
@require_safe
def guarantee_file(request: HttpRequest, pk: Any, guarantee: int) -> HttpResponse:
    _application, row = agreement_of(request, pk)
    found: Guarantee = get_object_or_404(row.guarantees.exclude(document=None).select_related("document"), pk=guarantee)
    return serve(found.document, own=found.document.by_id == request.user.pk)


@officials_only
def terms(request: HttpRequest, pk: Any) -> HttpResponse:
    """The reporting calendar, which the office may move before the first report is sent."""
    application, row = agreement_of(request, pk)
    rows = list(row.reporting_terms.all())
    if not rows:
        raise Http404
    form = TermsForm(request.POST or None, terms=rows)

    def act() -> str:
        if not form.is_valid():
            return ""
        if changed := form.changed():
            reason = form.cleaned_data["reason"]
            actions.change_terms(row, changed, reason=reason, by=request.user, at=request.arrived_at)
        return _("I termini dei rendiconti sono salvati.")

    answer, status = answer_to(request, act, form, "desk_agreement_terms", pk)
    if answer:
        return answer
    context = {
        "application": application,
        "agreement": row,
        "terms": rows,
        "form": form,
        "against": reasons_against(CHANGE_TERMS, row, by=request.user, at=request.arrived_at),
    }
    return render(request, "network/agreements/desk_terms.html", context, status=status)

"""Pages of a person: where one lands, one's profile, the bodies that one acts for."""

from __future__ import annotations

from typing import Any

from allauth.account import views as theirs
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import actions, demo, rules
from accounts.adapter import remember_language
from accounts.forms import EntrustForm, InvitationForm, OrganisationDetailsForm, OrganisationForm, ProfileForm, RoleForm
from accounts.forms_access import LoginForm
from accounts.models import Invitation, Organisation
from workflow.transition import Refused


class LoginView(theirs.LoginView):
    form_class = LoginForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"demo_roles": list(demo.roles()), "demo_password": demo.PASSWORD}


@require_GET
@login_required
def start(request: HttpRequest) -> HttpResponse:
    """The door after sign-in: to the desk, to the evaluations, or to one's own applications."""
    if request.user.is_official:
        return redirect("desk")
    if request.user.commission_seats.exists():  # seats stand to our right: asked through the relation, not imported
        return redirect("my_evaluations")
    return redirect("my_applications")


@require_http_methods(["GET", "POST"])
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Abbiamo salvato il tuo profilo."))
        response = redirect("profile")
        remember_language(response, form.cleaned_data["language"])
        return response
    return render(request, "accounts/profile.html", {"form": form, "crumbs": [(_("Avvisi"), reverse("home"))]})


@require_GET
@login_required
def organisations(request: HttpRequest) -> HttpResponse:
    """The bodies that one acts for, and the invitations that wait for an answer."""
    context = {
        "memberships": request.user.memberships.select_related("organisation").order_by("organisation__name"),
        "invitations": [
            {
                "row": row,
                "until": row.invited_at + rules.INVITATION_LASTS,
                "over": rules.against_accepting(row, request.arrived_at),
            }
            for row in Invitation.objects.for_person(request.user).select_related("organisation", "invited_by")
        ],
        "crumbs": [(_("Avvisi"), reverse("home"))],
    }
    return render(request, "accounts/organisations.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def organisation_new(request: HttpRequest) -> HttpResponse:
    """Register a body; ``next`` brings back to where the body was needed."""
    form = OrganisationForm(request.POST or None)
    to = request.POST.get("next") or request.GET.get("next", "")
    if request.method == "POST" and form.is_valid():
        try:
            organisation = actions.create_organisation(**form.cleaned_data, by=request.user, at=request.arrived_at)
        except Refused as refused:
            for reason in refused.reasons:
                form.add_error("tax_code", reason)
        else:
            messages.success(request, _("Abbiamo registrato %(body)s.") % {"body": organisation.name})
            local = url_has_allowed_host_and_scheme(to, allowed_hosts={request.get_host()}, require_https=request.is_secure())
            return redirect(to if local else reverse("organisation", args=[organisation.pk]))
    return render(request, "accounts/organisation_new.html", {"form": form, "next": to, "crumbs": _crumbs()})


@require_http_methods(["GET", "POST"])
@login_required
def organisation(request: HttpRequest, pk: str) -> HttpResponse:
    """A body: its data, who acts for it, whom it invited. ``act`` says which of the forms was posted."""
    body = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
    posted = request.POST.get("act") if request.method == "POST" else None
    details = OrganisationDetailsForm.of(body, request.POST if posted == "change" else None)
    invitation = InvitationForm(request.POST if posted == "invite" else None)
    entrusting = EntrustForm(request.POST if posted == "entrust" else None)
    refusals: list[str] = []
    try:
        if posted == "change" and details.is_valid():
            actions.change_organisation(body, by=request.user, **details.cleaned_data)
            messages.success(request, _("Abbiamo salvato i dati dell'ente."))
            return redirect("organisation", pk=body.pk)
        if posted == "invite" and invitation.is_valid():
            sent = actions.invite(body, **invitation.cleaned_data, by=request.user, at=request.arrived_at)
            messages.success(request, _("Abbiamo invitato %(email)s.") % {"email": sent.email})
            return redirect("organisation", pk=body.pk)
        if posted == "entrust" and request.user.is_official and entrusting.is_valid():
            trusted = actions.entrust(body, **entrusting.cleaned_data, by=request.user, at=request.arrived_at)
            messages.success(request, _("Ora agisce per l'ente solo %(name)s.") % {"name": trusted.user})
            return redirect("organisation", pk=body.pk)
    except Refused as refused:
        refusals = refused.reasons
    memberships = list(body.memberships.select_related("user"))
    mine = next((one for one in memberships if one.user_id == request.user.pk), None)
    context = {
        "organisation": body,
        "mine": mine,
        "manages": mine is not None and mine.role in rules.MANAGE,
        "memberships": memberships,
        "nobody_represents": not any(one.role in rules.REPRESENT for one in memberships),
        "invitations": [
            {"row": row, "until": row.invited_at + rules.INVITATION_LASTS, "over": rules.has_expired(row, request.arrived_at)}
            for row in body.invitations.select_related("invited_by")
        ],
        "details": details,
        "invitation_form": invitation,
        "entrust_form": entrusting if request.user.is_official else None,
        "posted_form": {"change": details, "invite": invitation, "entrust": entrusting}.get(posted),
        "refusals": refusals,
        "has_errors": bool(refusals or details.errors or invitation.errors or entrusting.errors),
        "crumbs": _crumbs(),
    }
    return render(request, "accounts/organisation.html", context, status=409 if refusals else 200)


@require_http_methods(["GET", "POST"])
@login_required
def membership(request: HttpRequest, pk: str, member: int) -> HttpResponse:
    """A person of a body: another role, or no longer of the body. ``act`` says which was pressed."""
    body = get_object_or_404(Organisation.objects.filter(memberships__user=request.user), pk=pk)
    row = get_object_or_404(body.memberships.select_related("user", "organisation"), pk=member)
    itself = row.user_id == request.user.pk
    form = RoleForm(request.POST if request.POST.get("act") == "role" else None, initial={"role": row.role})
    refusals: list[str] = []
    try:
        if request.POST.get("act") == "role" and form.is_valid():
            actions.change_role(row, form.cleaned_data["role"], by=request.user)
            messages.success(request, _("Abbiamo cambiato il ruolo di %(name)s.") % {"name": row.user})
            return redirect("organisation", pk=body.pk)
        if request.POST.get("act") == "out":
            actions.take_out(row, by=request.user)
            if itself:
                messages.success(request, _("Non agisci più per %(body)s.") % {"body": body})
                return redirect("organisations")
            messages.success(request, _("%(name)s non agisce più per l'ente.") % {"name": row.user})
            return redirect("organisation", pk=body.pk)
    except Refused as refused:
        refusals = refused.reasons
    context = {
        "organisation": body,
        "row": row,
        "itself": itself,
        "form": form,
        "against": rules.not_yours_to_manage(request.user, body) or rules.not_to_touch(request.user, row),
        "against_out": rules.not_to_touch(request.user, row) or rules.last_who_manages(row),
        "refusals": refusals,
        "has_errors": bool(refusals or form.errors),
        "crumbs": [*_crumbs(), (body.name, reverse("organisation", args=[body.pk]))],
    }
    return render(request, "accounts/membership.html", context, status=409 if refusals else 200)


@require_POST
@login_required
def invitation_answer(request: HttpRequest, pk: str) -> HttpResponse:
    """Accept, or let go, an invitation: the person invited, or (to take it back) the body that sent it."""
    invitation = get_object_or_404(Invitation.objects.visible_to(request.user).select_related("organisation"), pk=pk)
    body = invitation.organisation
    try:
        if request.POST.get("answer") == "yes":
            actions.accept(invitation, by=request.user, at=request.arrived_at)
            messages.success(request, _("Ora agisci per %(body)s.") % {"body": body.name})
            return redirect("organisation", pk=body.pk)
        if request.POST.get("answer") == "again":
            actions.resend(invitation, by=request.user, at=request.arrived_at)
            messages.success(request, _("Abbiamo mandato di nuovo l'invito a %(email)s.") % {"email": invitation.email})
            return redirect("organisation", pk=body.pk)
        actions.withdraw(invitation, by=request.user)
        messages.success(request, _("Abbiamo tolto l'invito."))
    except Refused as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
    return redirect("organisation", pk=body.pk) if rules.acts_for(request.user, body) else redirect("organisations")


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Avvisi"), reverse("home")), (_("I tuoi enti"), reverse("organisations"))]

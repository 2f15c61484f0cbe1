"""The services, for the bodies that offer them; for the office the services, the words that lead to them and the searches that
found none."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Max, Q, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import officials_only
from accounts.models import Organisation
from bando.deadlines import day_in_rome
from network import actions
from network.catalogue_forms import DeskServicesForm, NewServiceForm, ServiceForm, SynonymForm
from network.fields import ReasonForm
from network.models import Accreditation, Miss, Service, Synonym, SynonymStep
from network.rules.catalogue import body_is_accredited
from network.search import Catalogue
from network.states import SynonymState
from network.transitions import PUBLISH_SERVICE, REMOVE_SERVICE, WITHDRAW_SERVICE
from network.views.catalogue import as_people_read
from network.views.refusals import tell
from network.written_at_once import BothWrote
from workflow.perform import reasons_against
from workflow.transition import Attempt, Refused

SHOWN_FOR = timedelta(days=90)
MOST_MISSES = 100
MOST_STEPS = 30
LAST_STEPS = 5


# The bodies


@login_required
def my_services(request: HttpRequest) -> HttpResponse:
    """The services of the bodies that one acts for, and whether people find them."""
    bodies = Organisation.objects.filter(memberships__user=request.user)
    rows = Service.objects.filter(organisation__in=bodies).select_related("organisation", "category", "accreditation")
    public = set(rows.public(day_in_rome(request.arrived_at)).values_list("pk", flat=True))
    context = {
        "rows": [{"service": row, "is_public": row.pk in public} for row in rows.order_by("organisation__name", "title", "pk")],
        "may_write": _accredited(request).exists(),
    }
    return render(request, "network/catalogue/my_services.html", context)


def _accredited(request: HttpRequest) -> Any:
    """The accreditations under which one may write a service: those in force, of the bodies that one acts for."""
    rows = (
        Accreditation.objects.in_force(day_in_rome(request.arrived_at))
        .filter(organisation__memberships__user=request.user)
        .distinct()
    )
    return rows.select_related("organisation").order_by("organisation__name", "-valid_until")


@login_required
def my_service_new(request: HttpRequest) -> HttpResponse:
    accreditations = _accredited(request)
    first = accreditations.first()
    if first is None:
        return redirect("accreditations")
    form, status = NewServiceForm(accreditations=accreditations, initial={"accreditation": first}), 200
    if request.method == "POST":
        form = NewServiceForm(request.POST, accreditations=accreditations)
        if form.is_valid():
            under = form.cleaned_data["accreditation"]
            row = Service(accreditation=under, organisation=under.organisation)
            try:
                row = actions.save_service(row, by=request.user, at=request.arrived_at, **form.details)
            except Refused as refusal:
                status = tell(request, refusal)
            else:
                messages.success(request, _("Il servizio è salvato come bozza. Rileggilo, poi pubblicalo."))
                return redirect("my_service", pk=row.pk)
    context = {"form": form, "has_one_body": accreditations.count() == 1}
    return render(request, "network/catalogue/my_service_new.html", context, status=status)


@login_required
def my_service(request: HttpRequest, pk: Any) -> HttpResponse:
    """One service of a body: what it says, how people read it, its acts. The office reads it and may withdraw it."""
    rows = Service.objects.of_bodies_of(request.user).select_related("organisation", "category", "accreditation")
    row = get_object_or_404(rows, pk=pk)
    mine = row.organisation.memberships.filter(user=request.user).exists()
    form, removing, theirs, status = ServiceForm(instance=row), ReasonForm(), [], 200
    if request.method == "POST":
        by, at = request.user, request.arrived_at
        try:
            if "publish" in request.POST:
                actions.publish_service(row, by=by, at=at)
                messages.success(request, _("Il servizio è pubblico: le persone lo trovano."))
                return redirect("my_service", pk=pk)
            if "withdraw" in request.POST:
                actions.withdraw_service(row, by=by, at=at)
                messages.success(request, _("Il servizio è ritirato: le persone non lo trovano più."))
                return redirect("my_service", pk=pk)
            if "remove" in request.POST:
                removing = ReasonForm(request.POST)
                if removing.is_valid():
                    actions.remove_service(row, by=by, at=at, reason=removing.cleaned_data["reason"])
                    messages.success(request, _("Il servizio è ritirato. L'ente riceve il motivo."))
                    return redirect("my_service", pk=pk)
            else:
                form = ServiceForm(request.POST, instance=row)
                if form.is_valid():
                    actions.save_service(row, by=by, at=at, bases=form.bases, **form.details)
                    messages.success(request, _("Il servizio è salvato."))
                    return redirect("my_service", pk=pk)
        except BothWrote as refusal:
            status, row, typed = tell(request, refusal), rows.get(pk=pk), form
            form = ServiceForm(instance=row)
            theirs = form.offer(typed, refusal.verdicts)
        except Refused as refusal:
            status = tell(request, refusal)
            row = rows.get(pk=pk)
    attempt = Attempt(row, request.user, request.arrived_at)
    against = {
        act.name: reasons_against(act, row, by=request.user, at=request.arrived_at)
        for act in (PUBLISH_SERVICE, WITHDRAW_SERVICE, REMOVE_SERVICE)
    }
    context = {
        **as_people_read(row),
        "form": form,
        "theirs": theirs,
        "removing": removing,
        "is_mine": mine,
        "against_publish": against["publish"],
        "may_withdraw": not against["withdraw"],
        "may_remove": not against["remove"],
        "not_accredited": body_is_accredited(attempt),
        "steps": row.steps.select_related("by"),
        "has_errors": form.errors or removing.errors,
    }
    return render(request, "network/catalogue/my_service.html", context, status=status)


# The office


@officials_only
def desk_services(request: HttpRequest) -> HttpResponse:
    """Every service that is or was public; the drafts are the bodies' own."""
    search = DeskServicesForm(request.GET)
    query, state = search.cleaned_data.get("q", ""), search.cleaned_data.get("stato", "")
    rows = Service.objects.exclude(state="draft").select_related("organisation", "category", "accreditation")
    if query:
        rows = rows.filter(Q(title__icontains=query) | Q(organisation__name__icontains=query))
    if state:
        rows = rows.filter(state=state)
    public = set(Service.objects.public(day_in_rome(request.arrived_at)).values_list("pk", flat=True))
    context = {"search": search, "rows": [{"service": row, "is_public": row.pk in public} for row in rows]}
    return render(request, "network/catalogue/desk_services.html", context)


@officials_only
def desk_synonyms(request: HttpRequest) -> HttpResponse:
    """The words that people say and what they stand for; each can be tried before it is kept."""
    catalogue, status, tried, theirs = Catalogue.of(day_in_rome(request.arrived_at)), 200, None, []
    editing = _synonym(request.POST.get("synonym") or request.GET.get("cambia"))
    start = {"term": request.GET.get("parola", "")[:100]}
    form = SynonymForm(instance=editing, initial=None if editing else start)
    if request.method == "POST":
        try:
            if "undo" in request.POST:
                step = _step(request.POST["undo"])
                actions.undo_synonym(step, by=request.user, at=request.arrived_at)
                messages.success(request, _("«%(term)s» è di nuovo com'era.") % {"term": step.facts["before"]["term"]})
                return redirect("desk_synonyms")
            if "delete" in request.POST and editing:
                actions.remove_synonym(editing, by=request.user, at=request.arrived_at)
                messages.success(request, _("«%(term)s» non porta più ad altre parole.") % {"term": editing.term})
                return redirect("desk_synonyms")
            form = SynonymForm(request.POST, instance=editing)
            if form.is_valid():
                term, means = form.cleaned_data["term"], form.cleaned_data["means"]
                if "try" in request.POST:
                    tried = (term, catalogue.with_synonym(term, means).look_for(term).services)
                else:
                    act = {"by": request.user, "at": request.arrived_at, "bases": form.bases if editing else None}
                    actions.save_synonym(editing, term=term, means=means, **act)
                    messages.success(request, _with_it(term, len(catalogue.with_synonym(term, means).look_for(term).services)))
                    return redirect("desk_synonyms")
        except BothWrote as refusal:
            status, typed, editing = tell(request, refusal), form, Synonym.objects.get(pk=editing.pk)
            form = SynonymForm(instance=editing)
            theirs = form.offer(typed, refusal.verdicts)
        except Refused as refusal:
            status = tell(request, refusal)
    rows = [(row, len(catalogue.look_for(row.term).services)) for row in Synonym.objects.in_use()]
    context = {
        "form": form,
        "theirs": theirs,
        "editing": editing,
        "rows": rows,
        "tried": tried,
        "history": _history_of(editing),
    }
    if tried:
        context["tried_words"] = _with_it(tried[0], len(tried[1]))
    return render(request, "network/catalogue/desk_synonyms.html", context, status=status)


def _with_it(term: str, found: int) -> str:
    words = ngettext("Con «%(term)s» si trova %(n)s servizio.", "Con «%(term)s» si trovano %(n)s servizi.", found)
    return words % {"term": term, "n": found}


def _synonym(key: str | None) -> Synonym | None:
    if not key:
        return None
    if not key.isdecimal() or len(key) > 18:
        raise Http404
    return get_object_or_404(Synonym.objects.in_use(), pk=int(key))


def _step(key: str) -> SynonymStep:
    """A step that can be undone: what was before it is in its record."""
    if not key.isdecimal() or len(key) > 18:
        raise Http404
    return get_object_or_404(SynonymStep, pk=int(key), facts__has_key="before")


def _history_of(editing: Synonym | None) -> list[dict[str, Any]]:
    """The last changes, many of one synonym or some of all, the newest first; each says whether it can be undone."""
    steps = SynonymStep.objects.select_related("row", "by").order_by("-pk")
    rows = []
    for step in steps.filter(row=editing)[:MOST_STEPS] if editing else steps[:LAST_STEPS]:
        before, now = step.facts.get("before"), {"term": step.row.term, "means": step.row.means}
        may_undo = before is not None and (step.row.state == SynonymState.REMOVED or before != now)
        rows.append(
            {"step": step, "before": before, "after": step.facts if "term" in step.facts else None, "may_undo": may_undo}
        )
    return rows


@officials_only
def desk_misses(request: HttpRequest) -> HttpResponse:
    """What people searched and did not find in the last months, the most frequent first, and what it finds by now."""
    if request.method == "POST":
        actions.forget_miss(request.POST.get("forget", ""), by=request.user, at=request.arrived_at)
        messages.success(request, _("La ricerca è tolta dall'elenco."))
        return redirect("desk_misses")
    catalogue, day = Catalogue.of(day_in_rome(request.arrived_at)), day_in_rome(request.arrived_at)
    misses = (
        Miss.objects.filter(day__gt=day - SHOWN_FOR)
        .values("query")
        .annotate(times=Sum("count"), last=Max("day"))
        .order_by("-times", "query")[:MOST_MISSES]
    )
    rows = [
        {
            **miss,
            "now": len(catalogue.look_for(miss["query"]).services),
            "synonym_url": f"{reverse('desk_synonyms')}?{urlencode({'parola': miss['query']})}",
        }
        for miss in misses
    ]
    context = {"rows": rows, "days": SHOWN_FOR.days}
    return render(request, "network/catalogue/desk_misses.html", context)

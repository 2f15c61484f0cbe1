"""The checks of the declarations of an area, for the office: which are verified, how far they are, what may be done about them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.access import officials_only
from bando.models import Call
from evaluation.drawing_forms import CorrectForm, ValueForm, WhyForm
from evaluation.rules.drawing import SOONEST
from evaluation.views.office import area_of, call_of
from network import actions
from network.actions.checks import add_for_a_doubt, size_of
from network.checks_forms import AgainForm, DoubtForm, PlanForm
from network.models import CheckPlan, CheckScope, DeclarationCheck
from network.models.checks import UNDER_WAY
from network.rules.checks import newcomers, not_drawn
from network.states import CheckPlanState, DeclarationCheckState
from network.transitions.checks import (
    ADD_FOR_A_DOUBT,
    ADD_TO_CHECKS,
    CANCEL_SAMPLE,
    CHECK_ALL,
    CLOSE_CHECKS,
    CORRECT_SAMPLE,
    DRAW_SAMPLE,
    REOPEN_CHECKS,
)
from network.views.checks import PER_PAGE, in_order, term_in_words
from workflow.perform import reasons_against
from workflow.transition import Refused

FOR_A_DOUBT = "dubbio"
"""In the address, beside the states: the declarations that no sample drew."""


@officials_only
@require_safe
def areas(request: HttpRequest) -> HttpResponse:
    """The areas whose declarations are verified, those where something waits first."""
    left = Count("checks", filter=Q(checks__state__in=UNDER_WAY))
    plans = CheckPlan.objects.exclude(state=CheckPlanState.CANCELLED).annotate(total=Count("checks"), left=left)
    found: dict[tuple[Any, str], dict[str, Any]] = {}
    for plan in plans.select_related("call__version").order_by("-made_at", "pk"):
        row = found.setdefault(
            (plan.call_id, plan.area_code),
            {
                "call": plan.call,
                "area": plan.call.notice.area(plan.area_code),
                "total": 0,
                "left": 0,
                "due_on": None,
                "is_open": False,
            },
        )
        row["total"] += plan.total
        row["left"] += plan.left
        if plan.state != CheckPlanState.CLOSED:
            row["is_open"] = True
            row["due_on"] = min(filter(None, (row["due_on"], plan.due_on)))
    shown = sorted(found.values(), key=lambda row: (not row["is_open"], row["due_on"] or date.max))
    return render(request, "network/checks/areas.html", {"rows": shown})


@officials_only
def desk(request: HttpRequest, slug: str, area: str) -> HttpResponse:
    """The checks of an area: which declarations, how far they are, and what may be done about them."""
    call = call_of(request, slug)
    field = area_of(call, area)
    plans = list(CheckPlan.objects.filter(call=call, area_code=area).select_related("call").prefetch_related("steps__by"))
    done = _Tried()
    if request.method == "POST":
        done = _act_on_plans(request, call, area, plans)
        if done.said:
            messages.success(request, done.said)
            return redirect("desk_checks", slug=slug, area=area)
    form = done.plan_form or PlanForm(
        initial={"scope": CheckScope.ALL, "percent": 10, "minimum": 5, "each_proposal": True}, prefix="plan"
    )
    living = [plan for plan in plans if plan.state != CheckPlanState.CANCELLED]
    checks = DeclarationCheck.objects.filter(plan__in=living)
    counts = dict(checks.order_by().values_list("state").annotate(Count("pk")))
    state = request.GET.get("stato", "")
    state = state if state in (*DeclarationCheckState.values, FOR_A_DOUBT) else ""
    doubted = checks.doubted()
    shown = doubted if state == FOR_A_DOUBT else checks.filter(state=state) if state else checks
    page = Paginator(in_order(shown), PER_PAGE).get_page(request.GET.get("page"))
    n_doubted = doubted.count()
    finished = sum(n for key, n in counts.items() if key not in UNDER_WAY)
    total = sum(counts.values())
    context = {
        "call": call,
        "area": field,
        "plans": [_plan_at_the_desk(request, plan, done) for plan in reversed(plans)],
        "is_new": not living,
        "new": _new_plan(request, call, area, plans, form, done),
        "page": page,
        "rows": [{"check": row, "term": term_in_words(row, request.arrived_at)} for row in page],
        "state": state,
        "query": f"stato={state}" if state else "",
        "filters": [
            *((key, label, counts[key]) for key, label in DeclarationCheckState.choices if counts.get(key)),
            *([(FOR_A_DOUBT, _("Per un dubbio"), n_doubted)] if n_doubted else []),
        ],
        "total": total,
        "finished": finished,
        "progress_label": ngettext(
            "%(done)s controllo concluso su %(total)s", "%(done)s controlli conclusi su %(total)s", finished
        )
        % {"done": finished, "total": total},
        "reasons": done.reasons,
        "forms": [form, *([done.form] if done.form else [])],
    }
    return render(request, "network/checks/desk.html", context, status=done.status)


class _Tried:
    """What came of a POST: what is told of it, or the reasons and the form that go back to the page."""

    def __init__(self, said: str = "") -> None:
        self.said, self.status = said, 200
        self.reasons: list[str] = []
        self.plan_form: PlanForm | None = None
        self.form: Any = None
        self.of: CheckPlan | None = None
        self.size: tuple[int, int, int] | None = None


def _act_on_plans(request: HttpRequest, call: Call, area: str, plans: list[CheckPlan]) -> _Tried:
    asked = {"by": request.user, "at": request.arrived_at}
    if "preview" in request.POST or "begin" in request.POST:
        return _try_a_new_plan(request, call, area)
    tried = _Tried()
    if "confirm" in request.POST:
        living = [plan for plan in plans if plan.state != CheckPlanState.CANCELLED]
        keys = [key for key in map(_uuid, request.POST.getlist("check")) if key]

        def confirm() -> str:
            n = actions.confirm_declarations(living, keys, **asked)
            if not n:
                raise Refused([_("Scegli almeno una dichiarazione da confermare.")])
            return ngettext("%(n)s dichiarazione confermata.", "%(n)s dichiarazioni confermate.", n) % {"n": n}

        return _try(tried, confirm)
    tried.of = next((plan for plan in plans if str(plan.pk) == request.POST.get("plan")), None)
    name = next((name for name in _PLAN_ACTS if name in request.POST), None)
    if tried.of is None or name is None:
        raise Http404
    _row, form_class, act = _PLAN_ACTS[name]
    tried.form = _form(form_class, tried.of, request.POST, prefix=name) if form_class else None
    if tried.form is not None and not tried.form.is_valid():
        return tried
    return _try(tried, lambda: act(tried.of, tried.form, **asked))


def _try_a_new_plan(request: HttpRequest, call: Call, area: str) -> _Tried:
    """Count what the rule asks for, or begin."""
    tried, is_preview = _Tried(), "preview" in request.POST
    form = tried.plan_form = PlanForm(request.POST, prefix="plan", only_size=is_preview)
    if not form.is_valid():
        return tried
    typed = form.cleaned_data
    if is_preview:
        tried.size = size_of(call, area, typed["rule"])
        return tried
    asked = {"due_on": typed["due_day"], "by": request.user, "at": request.arrived_at}

    def begin() -> str:
        if typed["scope"] == CheckScope.ALL:
            plan = actions.check_all(call, area, **asked)
            return ngettext("%(n)s dichiarazione da controllare.", "%(n)s dichiarazioni da controllare.", plan.size) % {
                "n": plan.size
            }
        rule, source, value_at = typed["rule"], typed["source"], typed["value_at"]
        actions.commit_sample(call, area, rule=rule, source=source, value_at=value_at, **asked)
        return _("L'elenco del campione è impegnato e pubblico. Torna qui quando il valore è pubblico.")

    return _try(tried, begin)


def _try(tried: _Tried, act: Callable[[], str]) -> _Tried:
    try:
        tried.said = act()
    except Refused as refusal:
        tried.reasons, tried.status = refusal.reasons, 409
    return tried


def _draw(plan: CheckPlan, form: Any, **asked: Any) -> str:
    actions.draw_sample(plan, value=form.cleaned_data["value"], **asked)
    return _("Il campione è sorteggiato: ecco le dichiarazioni da controllare.")


def _correct(plan: CheckPlan, form: Any, **asked: Any) -> str:
    actions.correct_sample(plan, value=form.cleaned_data["value"], reason=form.cleaned_data["reason"], **asked)
    return _("Il valore è corretto e il campione è rifatto sullo stesso elenco.")


def _cancel(plan: CheckPlan, form: Any, **asked: Any) -> str:
    actions.cancel_sample(plan, reason=form.cleaned_data["reason"], **asked)
    return _("Il campione è abbandonato. Resta nella pagina pubblica con il motivo.")


def _add(plan: CheckPlan, form: Any, **asked: Any) -> str:
    actions.add_to_checks(plan, **asked)
    return _("Le dichiarazioni delle proposte nuove sono nei controlli.")


def _close(plan: CheckPlan, form: Any, **asked: Any) -> str:
    actions.close_checks(plan, **asked)
    return _("I controlli sono conclusi.")


def _reopen(plan: CheckPlan, form: Any, **asked: Any) -> str:
    actions.reopen_checks(plan, reason=form.cleaned_data["reason"], **asked)
    return _("I controlli sono di nuovo aperti.")


def _doubt(plan: CheckPlan, form: DoubtForm, **asked: Any) -> str:
    add_for_a_doubt(plan, form.chosen(), reason=form.cleaned_data["reason"], **asked)
    return _("La dichiarazione è nei controlli. Il campione resta com'era.")


_PLAN_ACTS: dict[str, Any] = {
    "draw": (DRAW_SAMPLE, ValueForm, _draw),
    "correct": (CORRECT_SAMPLE, CorrectForm, _correct),
    "cancel": (CANCEL_SAMPLE, WhyForm, _cancel),
    "add": (ADD_TO_CHECKS, None, _add),
    "doubt": (ADD_FOR_A_DOUBT, DoubtForm, _doubt),
    "close": (CLOSE_CHECKS, None, _close),
    "reopen": (REOPEN_CHECKS, AgainForm, _reopen),
}


_OF_A_SAMPLE = ("correct", "cancel", "draw", "doubt")


def _form(form_class: Any, plan: CheckPlan, *args: Any, **kwargs: Any) -> Any:
    return form_class(*args, left=not_drawn(plan), **kwargs) if form_class is DoubtForm else form_class(*args, **kwargs)


def _plan_at_the_desk(request: HttpRequest, plan: CheckPlan, done: _Tried) -> dict[str, Any]:
    """A plan with the forms of the acts that its state knows, and for each what stands against it."""
    asked = {"by": request.user, "at": request.arrived_at}
    acts = {}
    for name, (row, form_class, _act) in _PLAN_ACTS.items():
        if plan.state not in row.sources or (name in _OF_A_SAMPLE and plan.scope != CheckScope.SAMPLE):
            continue
        form = _form(form_class, plan, prefix=name, auto_id=f"id_{plan.number}_%s") if form_class else None
        if done.of == plan and done.form is not None and done.form.prefix == name:
            form = done.form
        acts[name] = {"form": form, "against": reasons_against(row, plan, **asked)}
    return {"plan": plan, "acts": acts, "steps": plan.steps.all()}


def _new_plan(
    request: HttpRequest, call: Call, area: str, plans: list[CheckPlan], form: PlanForm, done: _Tried
) -> dict[str, Any] | None:
    """The form for the declarations that no plan lists; none where there are no such ones and there is a plan."""
    candidate = CheckPlan(
        call=call, area_code=area, number=len(plans) + 1, scope=CheckScope.ALL, value_at=request.arrived_at + SOONEST
    )
    against = reasons_against(CHECK_ALL, candidate, by=request.user, at=request.arrived_at)
    if against and plans:
        return None
    addable = any(plan.scope == CheckScope.ALL and plan.state != CheckPlanState.CANCELLED for plan in plans)
    if addable:
        return None
    return {
        "form": form,
        "against": against,
        "size": done.size,
        "applications": list(newcomers(call, area)) if not against else [],
    }


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

"""The checks of the declarations of an area, for the office: which are verified, how far they are, what may be done about them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import officials_only
from bando.models import Call
from evaluation.drawing_forms import CorrectForm, ValueForm, WhyForm
from evaluation.rules.drawing import SOONEST
from evaluation.views.office import area_of, call_of
from network import actions
from network.actions.checks import size_of
from network.checks_forms import AgainForm, PlanForm
from network.models import CheckPlan, CheckScope, DeclarationCheck
from network.models.checks import UNDER_WAY
from network.rules.checks import newcomers
from network.states import CheckPlanState, DeclarationCheckState
from network.transitions import (
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
    state = state if state in DeclarationCheckState.values else ""
    page = Paginator(in_order(checks.filter(state=state) if state else checks), PER_PAGE).get_page(request.GET.get("page"))
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
        "filters": [(key, label, counts[key]) for key, label in DeclarationCheckState.choices if counts.get(key)],
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
    tried.form = form_class(request.POST, prefix=name) if form_class else None
    if tried.form is not None and not tried.form.is_valid():
        return tried
    typed = tried.form.cleaned_data if tried.form else {}
    return _try(tried, lambda: act(tried.of, typed, **asked))


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


def _draw(plan: CheckPlan, typed: dict[str, Any], **asked: Any) -> str:
    actions.draw_sample(plan, value=typed["value"], **asked)
    return _("Il campione è sorteggiato: ecco le dichiarazioni da controllare.")


def _correct(plan: CheckPlan, typed: dict[str, Any], **asked: Any) -> str:
    actions.correct_sample(plan, value=typed["value"], reason=typed["reason"], **asked)
    return _("Il valore è corretto e il campione è rifatto sullo stesso elenco.")


def _cancel(plan: CheckPlan, typed: dict[str, Any], **asked: Any) -> str:
    actions.cancel_sample(plan, reason=typed["reason"], **asked)
    return _("Il campione è abbandonato. Resta nella pagina pubblica con il motivo.")


def _add(plan: CheckPlan, typed: dict[str, Any], **asked: Any) -> str:
    actions.add_to_checks(plan, **asked)
    return _("Le dichiarazioni delle proposte nuove sono nei controlli.")


def _close(plan: CheckPlan, typed: dict[str, Any], **asked: Any) -> str:
    actions.close_checks(plan, **asked)
    return _("I controlli sono conclusi.")


def _reopen(plan: CheckPlan, typed: dict[str, Any], **asked: Any) -> str:
    actions.reopen_checks(plan, reason=typed["reason"], **asked)
    return _("I controlli sono di nuovo aperti.")


_PLAN_ACTS: dict[str, Any] = {
    "draw": (DRAW_SAMPLE, ValueForm, _draw),
    "correct": (CORRECT_SAMPLE, CorrectForm, _correct),
    "cancel": (CANCEL_SAMPLE, WhyForm, _cancel),
    "add": (ADD_TO_CHECKS, None, _add),
    "close": (CLOSE_CHECKS, None, _close),
    "reopen": (REOPEN_CHECKS, AgainForm, _reopen),
}


def _plan_at_the_desk(request: HttpRequest, plan: CheckPlan, done: _Tried) -> dict[str, Any]:
    """A plan with the forms of the acts that its state knows, and for each what stands against it."""
    asked = {"by": request.user, "at": request.arrived_at}
    acts = {}
    for name, (row, form_class, _act) in _PLAN_ACTS.items():
        if plan.state not in row.sources or (name in ("correct", "cancel", "draw") and plan.scope != CheckScope.SAMPLE):
            continue
        form = form_class(prefix=name, auto_id=f"id_{plan.number}_%s") if form_class else None
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

"""The checks of declarations: run by the office, answered by the bodies, and a sample that everybody draws again."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Case, Count, F, QuerySet, Value, When
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.access import officials_only
from bando.models import Call
from documents.models import Document
from documents.responses import serve
from documents.uploads import store
from evaluation.drawing_forms import CorrectForm, ValueForm, WhyForm
from evaluation.rules.drawing import SOONEST
from evaluation.views.office import area_of, call_of
from network import actions
from network.actions.checks import size_of
from network.checks_forms import AgainForm, AskForm, ConfirmForm, FalseForm, IrregularForm, PlanForm, ReplyForm
from network.models import CheckPlan, CheckReply, CheckScope, DeclarationCheck
from network.rules.checks import newcomers
from network.sampling import drawn, turns
from network.states import CheckPlanState, DeclarationCheckState
from network.transitions import (
    ADD_TO_CHECKS,
    ASK_AUTHORITY,
    CANCEL_SAMPLE,
    CHECK_AGAIN,
    CHECK_ALL,
    CLOSE_CHECKS,
    CONFIRM_DECLARATION,
    CORRECT_SAMPLE,
    DRAW_SAMPLE,
    FIND_FALSE,
    FIND_IRREGULAR,
    REOPEN_CHECKS,
    REPLY_TO_CHECK,
)
from workflow.perform import reasons_against
from workflow.transition import Refused

PER_PAGE = 50
NEAR = timedelta(days=3)
"""How long before its end a term is said to be near."""

# --- the office ---------------------------------------------------------------------------------------------------------


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
    page = Paginator(_in_order(checks.filter(state=state) if state else checks), PER_PAGE).get_page(request.GET.get("page"))
    finished = sum(n for key, n in counts.items() if key not in _UNDER_WAY)
    total = sum(counts.values())
    context = {
        "call": call,
        "area": field,
        "plans": [_plan_at_the_desk(request, plan, done) for plan in reversed(plans)],
        "is_new": not living,
        "new": _new_plan(request, call, area, plans, form, done),
        "page": page,
        "rows": [{"check": row, "term": _term_in_words(row, request.arrived_at)} for row in page],
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


@officials_only
def desk_check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One declaration: what was asked, what came back, and the outcome."""
    rows = DeclarationCheck.objects.visible_to(request.user)
    rows = rows.select_related("plan", "application__call__version", "application__organisation", "organisation", "answer")
    check = get_object_or_404(rows, pk=pk)
    forms, reasons, status = _check_forms(request, check), [], 200
    name = next((name for name in forms if name in request.POST), None)
    if request.method == "POST" and name is None:
        raise Http404
    if name is not None:
        form, _row, act = forms[name]
        if form.is_valid():
            try:
                messages.success(request, act(form.cleaned_data))
                return redirect("desk_check", pk=pk)
            except Refused as refusal:
                reasons, status = refusal.reasons, 409
                check = get_object_or_404(rows, pk=pk)
    asked = {"by": request.user, "at": request.arrived_at}
    context = {
        "check": check,
        "application": check.application,
        "call": check.application.call,
        "area": check.application.area,
        "forms": {key: form for key, (form, row, _act) in forms.items() if not reasons_against(row, check, **asked)},
        "reasons": reasons,
        "term": _term_in_words(check, request.arrived_at),
        "replies": check.replies.select_related("document", "by"),
        "steps": check.steps.select_related("by"),
        "is_over": check.plan.state == CheckPlanState.CLOSED,
    }
    return render(request, "network/checks/desk_check.html", context, status=status)


@officials_only
@require_safe
def desk_check_file(request: HttpRequest, pk: UUID, number: int | None = None) -> FileResponse:
    """What the authority answered, or the file of a reply of the body."""
    check = get_object_or_404(DeclarationCheck.objects.visible_to(request.user).select_related("answer"), pk=pk)
    document = check.answer if number is None else _reply(check, number).document
    if document is None:
        raise Http404
    return serve(document)


# --- the body -----------------------------------------------------------------------------------------------------------


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What is verified of the bodies of a person, what waits for them first."""
    page = Paginator(_in_order(_of_the_bodies(request)), PER_PAGE).get_page(request.GET.get("page"))
    rows = [{"check": row, "term": _term_in_words(row, request.arrived_at)} for row in page]
    return render(request, "network/checks/checks.html", {"page": page, "rows": rows})


@login_required
def check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One declaration, for the body that made it: where the check stands, and its answer to an irregularity."""
    rows = _of_the_bodies(request).select_related("plan", "application__call__version", "application__organisation")
    row = get_object_or_404(rows, pk=pk)
    form, reasons, status = ReplyForm(request.POST or None, request.FILES or None), [], 200
    if request.method == "POST" and form.is_valid():
        asked = {"by": request.user, "at": request.arrived_at}
        try:
            if against := reasons_against(REPLY_TO_CHECK, row, **asked):
                raise Refused(against)
            actions.reply_to_check(row, text=form.cleaned_data["text"], document=_kept(request, form.cleaned_data), **asked)
        except Refused as refusal:
            reasons, status = refusal.reasons, 409
        else:
            messages.success(request, _("La risposta è arrivata all'ufficio."))
            return redirect("check", pk=pk)
    is_asked = row.state == DeclarationCheckState.IRREGULAR
    told = row.steps.filter(act=FIND_IRREGULAR.name).last() if is_asked else None
    context = {
        "check": row,
        "application": row.application,
        "form": form if is_asked else None,
        "told": told,
        "reasons": reasons,
        "against": reasons_against(REPLY_TO_CHECK, row, by=request.user, at=request.arrived_at) if is_asked else [],
        "term": _term_in_words(row, request.arrived_at),
        "replies": row.replies.select_related("document", "by"),
    }
    return render(request, "network/checks/check.html", context, status=status)


@login_required
@require_safe
def check_file(request: HttpRequest, pk: UUID, number: int) -> FileResponse:
    """The file of a reply, for the body that sent it."""
    document = _reply(get_object_or_404(_of_the_bodies(request), pk=pk), number).document
    if document is None:
        raise Http404
    return serve(document, own=True)


# --- everybody ----------------------------------------------------------------------------------------------------------


@require_safe
def sample(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A sample as it was committed, the value, whom it drew, and how to draw it again."""
    plan = get_object_or_404(_samples().prefetch_related("steps"), pk=pk)
    stated = json.loads(plan.population)
    found = set(drawn(plan.population, plan.value)) if plan.value else set()
    order = turns(plan.population, plan.value) if plan.value else []
    context = {
        "plan": plan,
        "call": plan.call,
        "area": plan.call.notice.area(plan.area_code),
        "population": stated["population"],
        "proposals": len({identifier.rsplit("/", 2)[0] for identifier in stated["population"]}),
        "how": stated["how"],
        "drawn": [(declaration.identifier, hash_) for declaration, hash_ in order if declaration in found],
        "steps": [step for step in plan.steps.all() if step.reason],
        "file_name": file_name(plan),
        "command": command(plan),
    }
    return render(request, "network/checks/sample.html", context)


@require_safe
def sample_json(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Exactly the bytes whose SHA-256 was published."""
    plan = get_object_or_404(_samples(), pk=pk)
    response = HttpResponse(plan.population.encode(), "application/json")
    response["Content-Disposition"] = f'attachment; filename="{file_name(plan)}"'
    return response


def file_name(plan: CheckPlan) -> str:
    return f"campione-{plan.call.slug}-{plan.area_code}-{plan.number}.json"


def command(plan: CheckPlan) -> str:
    """What a shell with sha256sum runs beside the file to draw the sample again; it ends by writing who is drawn, as the page
    does. The value is left to be written while nobody knows it."""
    name = shlex.quote(file_name(plan))
    value = shlex.quote(plan.value) if plan.value else "'…'"
    each = json.loads(plan.population)["rule"]["each_proposal"]
    lines = [
        "export LC_ALL=C",
        f"FILE={name}",
        f"VALORE={value}",
        'IMPRONTA=$(sha256sum "$FILE" | cut -c1-64)',
        """sed 's/.*"population":\\[\\([^]]*\\)\\].*/\\1/' "$FILE" | tr -d '"' | tr ',' '\\n' |""",
        'while read -r D || [ -n "$D" ]; do',
        """  printf '%s  %s\\n' "$(printf '%s\\n%s\\n%s' "$IMPRONTA" "$VALORE" "$D" | sha256sum | cut -c1-64)" "$D\"""",
        "done | sort > turni.txt",
    ]
    if each:
        lines += [
            """awk '{ n = $2; sub("/[0-9]+/[^/]*$", "", n) } !seen[n]++' turni.txt > prime.txt""",
            f'{{ cat prime.txt; grep -vxFf prime.txt turni.txt | head -n "$(({plan.size} - $(wc -l < prime.txt)))"; }} | sort',
        ]
    else:
        lines.append(f"head -n {plan.size} turni.txt")
    return "\n".join(lines)


# --- parts --------------------------------------------------------------------------------------------------------------

_UNDER_WAY = (DeclarationCheckState.TO_DO, DeclarationCheckState.ASKED, DeclarationCheckState.IRREGULAR)


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


Act = Callable[[dict[str, Any]], str]


def _check_forms(request: HttpRequest, check: DeclarationCheck) -> dict[str, tuple[Any, Any, Act]]:
    """By the name of its button: each form, filled if it is the one that was sent, its row and the act behind it."""
    asked = {"by": request.user, "at": request.arrived_at}

    def ask(typed: dict[str, Any]) -> str:
        actions.ask_authority(check, asked_to=typed["asked_to"], due_at=typed["due_at"], note=typed["note"], **asked)
        return _("La richiesta è segnata. Quando arriva la risposta, torna qui con il file.")

    def confirm(typed: dict[str, Any]) -> str:
        actions.confirm_declaration(check, note=typed["note"], document=_kept(request, typed), **asked)
        return _("La dichiarazione è confermata.")

    def irregular(typed: dict[str, Any]) -> str:
        actions.find_irregular(check, due_at=typed["due_at"], reason=typed["reason"], note=typed["note"], **asked)
        return _("L'ente riceve una mail con il termine e risponde da una pagina sua.")

    def false(typed: dict[str, Any]) -> str:
        document = _kept(request, typed)
        actions.find_false(check, reason=typed["reason"], note=typed["note"], document=document, **asked)
        return _("La dichiarazione non è vera. La decadenza è un atto a parte: vai alla pagina dei posti.")

    def again(typed: dict[str, Any]) -> str:
        actions.check_again(check, reason=typed["reason"], **asked)
        return _("Il controllo è di nuovo da fare.")

    note = {"note": check.note}
    found: dict[str, tuple[Any, Any, Act, dict[str, Any]]] = {
        "ask": (AskForm, ASK_AUTHORITY, ask, {**note, "asked_to": check.asked_to}),
        "confirm": (ConfirmForm, CONFIRM_DECLARATION, confirm, note),
        "irregular": (IrregularForm, FIND_IRREGULAR, irregular, note),
        "false": (FalseForm, FIND_FALSE, false, note),
        "again": (AgainForm, CHECK_AGAIN, again, {}),
    }
    return {
        name: (
            form(request.POST, request.FILES, prefix=name) if name in request.POST else form(initial=initial, prefix=name),
            row,
            act,
        )
        for name, (form, row, act, initial) in found.items()
    }


def _kept(request: HttpRequest, typed: dict[str, Any]) -> Document | None:
    upload = typed["file"]
    return store(upload, media_type=upload.media_type, by=request.user, at=request.arrived_at) if upload else None


def _in_order(rows: QuerySet[DeclarationCheck]) -> QuerySet[DeclarationCheck]:
    """The terms that are past or near first, then what is to do, then what has its outcome."""
    rank = Case(When(state__in=_UNDER_WAY, then=Value(0)), default=Value(1))
    order = [rank, F("due_at").asc(nulls_last=True), "application__number", "ordinal", "code", "pk"]
    return rows.select_related("application__call__version", "organisation").order_by(*order)


def _term_in_words(check: DeclarationCheck, at: datetime) -> str:
    """``past``, ``near`` or ``far`` for the term that somebody has, empty without one."""
    if check.due_at is None or check.state not in _UNDER_WAY:
        return ""
    if check.due_at < at:
        return "past"
    return "near" if check.due_at - at <= NEAR else "far"


def _of_the_bodies(request: HttpRequest) -> QuerySet[DeclarationCheck]:
    """Of the bodies that a person acts for; an official reads them at the desk."""
    rows = DeclarationCheck.objects.visible_to(request.user)
    return rows.filter(organisation__memberships__user=request.user).select_related("organisation")


def _reply(check: DeclarationCheck, number: int) -> CheckReply:
    return get_object_or_404(check.replies.select_related("document"), number=number)


def _samples() -> QuerySet[CheckPlan]:
    return CheckPlan.objects.filter(scope=CheckScope.SAMPLE).select_related("call__version")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

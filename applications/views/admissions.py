"""The list of who was admitted: the office publishes it in three steps, everybody reads it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import officials_only
from applications import admissions as lists
from applications.actions.admissions import publish_admissions
from applications.admission_forms import AdmissionsForm
from applications.models import AdmissionList
from applications.transitions import PUBLISH_ADMISSIONS
from bando.csv_table import csv_of
from bando.deadlines import day_in_rome
from bando.models import Call
from bando.templatetags.bando_ui import form_errors
from bando.typed import whole_number
from bando.views.ended import hold_the_term, while_public
from workflow.ledger import canonical, digest
from workflow.perform import reasons_against
from workflow.transition import Refused
from workflow.transparency import public_until

# --- the office ---------------------------------------------------------------------------------------------------------


@officials_only
def desk_admissions(request: HttpRequest, slug: str, area: str) -> HttpResponse:
    """Check, preview exactly as it will be public, confirm with the act."""
    call = get_object_or_404(Call.objects.visible_to(request.user).with_notice(), slug=slug)
    if area not in {one.code for one in call.notice.areas}:
        raise Http404
    before = lists.latest(call, area)
    rejected = [one for one in lists.received(call, area) if lists.outcome_of(one) is lists.Outcome.NOT_ADMITTED]
    said = {row["application"]: row["reason"]["code"] for row in (before.document["rows"] if before else ()) if row["reason"]}
    initial = {f"why-{one.number}": said.get(str(one.number), "") for one in rejected}
    form = AdmissionsForm(request.POST if request.method == "POST" else None, rejected=rejected, initial=initial)
    if request.method != "POST" or not form.is_valid():
        return _page(request, call, area, form)
    if "publish" not in request.POST:
        return _page(request, call, area, form, preview="back" not in request.POST)
    typed = form.cleaned_data
    try:
        made = publish_admissions(
            call,
            area,
            reasons=form.reasons,
            note=typed["note"],
            act_number=typed["act_number"],
            act_date=typed["act_date"],
            seen=typed["seen"],
            by=request.user,
            at=request.arrived_at,
        )
    except Refused as refused:
        return _page(request, call, area, form, preview=True, reasons=refused.reasons, status=409)
    messages.success(request, _("L'elenco è pubblicato: versione n. %(number)s.") % {"number": made.number})
    return redirect("desk_admissions", slug=slug, area=area)


def _page(
    request: HttpRequest,
    call: Call,
    area: str,
    form: AdmissionsForm,
    *,
    preview: bool = False,
    reasons: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    chosen = form.reasons if form.is_bound and form.is_valid() else {}
    note = form.cleaned_data.get("note", "").strip() if form.is_bound and form.is_valid() else ""
    content = lists.compose(call, area, reasons=chosen, note=note)
    data: dict[str, Any] = {"area_code": area}
    if preview:
        data |= {"content": content, "note": note}
    against = reasons_against(PUBLISH_ADMISSIONS, call, by=request.user, at=request.arrived_at, data=data)
    is_preview = preview and not against
    outcomes = [row["outcome"] for row in content["rows"]]
    for field in form.fields.values():
        field.required = True  # what was typed is read already; the act owes each of them, so no label says otherwise
    context = {
        "call": call,
        "area": call.notice.area(area),
        "form": form,
        "reasons": list(dict.fromkeys([*(reasons or []), *(against if preview else [])])),
        "against": against,
        "is_preview": is_preview,
        "list": content,
        "rows": rows_of(content),
        "seen": digest(canonical(content)),
        "counts": [(outcome.label, outcomes.count(outcome.value)) for outcome in lists.Outcome],
        "personal_data": lists.personal_data(content),
        "versions": list(AdmissionList.objects.filter(call=call, area_code=area).order_by("-number")),
        "errors": form_errors(form),
        "has_errors": bool(form.errors or reasons),
    }
    status = 409 if preview and against else status
    return render(request, "applications/desk/admissions.html", context, status=status)


# --- everybody ----------------------------------------------------------------------------------------------------------


@require_safe
@while_public
def admissions(request: HttpRequest, slug: str, area: str) -> HttpResponse:
    """The version that counts, or the one that ``?versione=`` asks for."""
    row = _version(request, slug, area)
    versions = list(AdmissionList.objects.filter(call=row.call, area_code=area).defer("content").order_by("-number"))
    context = {
        "call": row.call,
        "area": row.call.notice.area(area),
        "version": row,
        "list": row.document,
        "rows": rows_of(row.document),
        "versions": versions,
        "is_latest": versions[0].number == row.number,
        "public_until": public_until(day_in_rome(row.published_at)),
    }
    return render(request, "applications/admissions.html", context)


@require_safe
@while_public
def admissions_json(request: HttpRequest, slug: str, area: str) -> HttpResponse:
    """Exactly the bytes whose SHA-256 the page shows."""
    row = _version(request, slug, area)
    return HttpResponse(row.content, content_type="application/json")


@require_safe
@while_public
def admissions_csv(request: HttpRequest, slug: str, area: str) -> HttpResponse:
    row = _version(request, slug, area)
    response = HttpResponse(
        "\ufeff" + csv_of(lists.csv_rows(row.document)), content_type="text/csv; charset=utf-8; header=present"
    )
    response["Content-Disposition"] = f'attachment; filename="ammissioni-{slug}-{row.area_code}-{row.number}.csv"'
    return response


def rows_of(content: lists.Content) -> list[dict[str, Any]]:
    """The rows with their outcome in words."""
    labels = dict(lists.Outcome.choices)
    return [row | {"label": labels.get(row["outcome"], _("Da verificare"))} for row in content["rows"]]


def _version(request: HttpRequest, slug: str, area: str) -> AdmissionList:
    """The version that is asked for; 404 when there is none. Raises ``bando.views.ended.Ended`` once its term is over."""
    if "\x00" in area:  # an address may hold one; PostgreSQL would not even compare it
        raise Http404
    rows = AdmissionList.objects.select_related("call__version").filter(call__slug=slug, area_code=area).order_by("-number")
    if "versione" in request.GET:
        rows = rows.filter(number=whole_number(request.GET["versione"]) or 0)
    row = rows.first()
    if row is None:
        raise Http404
    what = _("Domande ammesse: %(area)s") % {"area": row.call.notice.area(area).title}
    hold_the_term(request, row.published_at, call=row.call, what=what)
    return row

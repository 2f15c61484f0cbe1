"""The office changes a published call: what was changed and what it caused, and the road of a new amendment, from the act
through what it would change to its publication."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core import signing
from django.db.models import Count, Q
from django.db.models.functions import Substr
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import officials_only
from applications import amending
from applications.amending import Order, Proposal
from applications.amendment_forms import FORMS, AmendmentForm
from applications.confirming import concerned, still_to_confirm, unconfirmed
from applications.telling import bodies_to_write_to
from bando import drafting
from bando.amendments import deadlines, shown
from bando.models import Amendment, AmendmentKind, Call, DraftOrigin, NoticeDraft
from bando.telling import audience
from documents.models import Document
from documents.uploads import store
from workflow.models import Duty
from workflow.perform import reasons_against
from workflow.transition import Refused

BEGIN = {
    AmendmentKind.EXTENSION: gettext_lazy("Proroga la scadenza"),
    AmendmentKind.REOPENING: gettext_lazy("Riapri i termini"),
    AmendmentKind.RECTIFICATION: gettext_lazy("Rettifica l'avviso"),
    AmendmentKind.REVOCATION: gettext_lazy("Revoca l'avviso"),
}
PUBLISH = {
    AmendmentKind.EXTENSION: gettext_lazy("Pubblica la proroga"),
    AmendmentKind.REOPENING: gettext_lazy("Pubblica la riapertura"),
    AmendmentKind.RECTIFICATION: gettext_lazy("Pubblica la rettifica"),
    AmendmentKind.REVOCATION: gettext_lazy("Pubblica la revoca"),
}
SENDING, LETTER = "bando.tell", "applications.amendment_letter"


@officials_only
def desk_amendments(request: HttpRequest, slug: str) -> HttpResponse:
    """Every amendment of a call with what it caused, and which can be made now."""
    call = _call(request, slug)
    rows = list(call.amendments.select_related("by", "before", "after", "act_file").order_by("-number"))
    told, waiting = _told(rows), unconfirmed([call])
    context = {
        "call": call,
        "draft": amending.draft_in_hand(call),
        "entries": [
            {
                "amendment": row,
                "changes": shown(row.before.notice, row.after.notice),
                "deadlines": deadlines(row),
                "told": told.get(str(row.pk), {}),
                "to_confirm": still_to_confirm(row, waiting),
            }
            for row in rows
        ],
        "possible": [
            {
                "kind": kind.value,
                "title": BEGIN[kind],
                "against": reasons_against(amending.ROWS[kind], call, by=request.user, at=request.arrived_at),
            }
            for kind in amending.ROWS
        ],
    }
    return render(request, "applications/desk/amendments.html", context)


@officials_only
def desk_amend(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The act, then what it changes and whom it concerns, then the publication."""
    call = _call(request, slug)
    if kind not in AmendmentKind.values:
        raise Http404
    road = Road(request, call, AmendmentKind(kind))
    if road.kind is AmendmentKind.RECTIFICATION and road.draft is None:
        return _begin(request, road)
    if request.method != "POST":
        against = reasons_against(amending.ROWS[road.kind], call, by=request.user, at=request.arrived_at)
        return _page(road, road.form(), reasons=against)
    form = road.form(request.POST, request.FILES)
    is_right = form.is_valid()
    file = _act_file(request, road, form)
    if not is_right or "edit" in request.POST:
        return _page(road, form, file=file)
    order = Order(form.cleaned_data["act_number"], form.cleaned_data["act_date"], form.cleaned_data["reason"], file)
    after = road.proposal(form)
    facts: dict[str, Any] = {"order": order, "seen": form.cleaned_data["seen"], "by": request.user, "at": request.arrived_at}
    if "publish" in request.POST:
        try:
            road.publish(form, facts)
        except Refused as refused:
            return _refused(request, road, form, file, refused.reasons)
        messages.success(request, _("La modifica è pubblicata. Avvisiamo chi ha una bozza o una domanda e chi segue l'avviso."))
        return redirect("desk_amendments", slug=slug)
    if against := amending.against(road.kind, call, after=after, **facts):
        return _refused(request, road, form, file, against)
    return _preview(road, form, after, file)


@dataclass
class Road:
    """One amendment on its way: the request, the call as it is, what kind, and the draft of a rectification."""

    request: HttpRequest
    call: Call
    kind: AmendmentKind
    draft: NoticeDraft | None = None

    def __post_init__(self) -> None:
        if self.kind is AmendmentKind.RECTIFICATION:
            self.draft = amending.draft_in_hand(self.call)

    def form(self, *typed: Any) -> AmendmentForm:
        initial: dict[str, Any] = {"seen": amending.last_number(self.call)}
        if self.draft:
            initial["shown"] = self.draft.version
        return FORMS[self.kind](*typed, initial=initial)

    def proposal(self, form: AmendmentForm) -> Proposal | None:
        if self.draft:
            return amending.proposal(self.draft.data)
        return amending.with_terms(amending.data_in_force(self.call), **form.terms) if form.terms else None

    def publish(self, form: AmendmentForm, facts: dict[str, Any]) -> Amendment:
        match self.kind:
            case AmendmentKind.EXTENSION:
                return amending.extend(self.call, **form.terms, **facts)
            case AmendmentKind.REOPENING:
                return amending.reopen(self.call, **form.terms, **facts)
            case AmendmentKind.RECTIFICATION:
                return amending.rectify(self.draft, shown=form.cleaned_data["shown"], **facts)
        return amending.revoke(self.call, **facts)


def _begin(request: HttpRequest, road: Road) -> HttpResponse:
    """A rectification is written in the editor, from the document in force."""
    reasons, status = reasons_against(amending.ROWS[road.kind], road.call, by=request.user, at=request.arrived_at), 200
    if request.method == "POST":
        try:
            if reasons:
                raise Refused(reasons)
            data = amending.data_in_force(road.call)
            draft = drafting.begin(
                data, origin=DraftOrigin.CALL, by=request.user, at=request.arrived_at, call=road.call, amends=True
            )
            return redirect("desk_draft", pk=draft.pk)
        except Refused as refused:
            reasons, status = refused.reasons, 409
    context = {"call": road.call, "title": BEGIN[road.kind], "reasons": reasons}
    return render(request, "applications/desk/amend_begin.html", context, status=status)


def _page(
    road: Road, form: AmendmentForm, *, file: Document | None = None, reasons: list[str] | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "call": road.call,
        "kind": road.kind.value,
        "title": BEGIN[road.kind],
        "form": form,
        "file": file,
        "reasons": reasons or [],
        "draft": road.draft,
        "in_force": road.call.notice.calendar,
    }
    return render(road.request, "applications/desk/amend.html", context, status=status)


def _refused(request: HttpRequest, road: Road, form: AmendmentForm, file: Document | None, reasons: list[str]) -> HttpResponse:
    """The page again, with the call as it is now: whoever reads the reasons and presses again has seen it."""
    now = Road(request, _call(request, road.call.slug), road.kind)
    if now.kind is AmendmentKind.RECTIFICATION and now.draft is None:
        return redirect("desk_amendments", slug=road.call.slug)
    _show(form, now)
    return _page(now, form, file=file, reasons=reasons, status=409)


def _preview(road: Road, form: AmendmentForm, after: Proposal | None, file: Document | None) -> HttpResponse:
    call, notice = road.call, (after.notice if after and after.notice else road.call.notice)
    _show(form, road)
    context = {
        "call": call,
        "kind": road.kind.value,
        "title": BEGIN[road.kind],
        "publish": PUBLISH[road.kind],
        "form": form,
        "file": file,
        "changes": shown(call.notice, notice),
        "concerned": concerned(call, notice),
        "people": len(audience(call)),
        "bodies": bodies_to_write_to(call).count(),
        "deadline": notice.calendar.deadline,
    }
    return render(road.request, "applications/desk/amend_preview.html", context)


def _show(form: AmendmentForm, road: Road) -> None:
    """What the page is about to show is what its answer will have seen."""
    data = form.data.copy()
    data["seen"] = amending.last_number(road.call)
    if road.draft:
        data["shown"] = road.draft.version
    form.data = data


def _act_file(request: HttpRequest, road: Road, form: AmendmentForm) -> Document | None:
    """The file of the act: the one that came now, or with an earlier press of the button. It is kept as soon as it comes,
    because a browser does not send a file twice; the signature ties it to the person and to the call."""
    salt = f"applications.act:{road.call.pk}:{request.user.pk}"
    if upload := form.cleaned_data.get("act_file"):
        document = store(upload, media_type=upload.media_type, by=request.user, at=request.arrived_at)
        form.data = form.data.copy()
        form.data["kept"] = signing.dumps(str(document.pk), salt=salt)
        return document
    try:
        return Document.objects.filter(pk=signing.loads(form.cleaned_data.get("kept", ""), salt=salt)).first()
    except signing.BadSignature:
        return None


def _told(rows: list[Amendment]) -> dict[str, dict[str, int]]:
    """By amendment: mails to people and letters to bodies that left, and how many still wait. Two queries."""
    name = len("amendment:") + 1
    found: dict[str, dict[str, int]] = {}
    for duty, place in ((SENDING, name), (LETTER, 1)):
        about = Duty.objects.filter(name=duty).annotate(about=Substr("subject", place, 36))
        counts = about.filter(about__in=[str(row.pk) for row in rows]).values_list("about").order_by("about")
        for key, left, all_of_them in counts.annotate(left=Count("pk", filter=Q(done_at__isnull=False)), all=Count("pk")):
            kinds = found.setdefault(key, {})
            kinds["people" if duty == SENDING else "bodies"] = left
            kinds["waiting"] = kinds.get("waiting", 0) + all_of_them - left
    return found


def _call(request: HttpRequest, slug: str) -> Call:
    return get_object_or_404(Call.objects.visible_to(request.user).with_notice(), slug=slug)

"""Following a call by mail, and its terms in one's own calendar."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page

from bando.calendar_file import Event, calendar_file
from bando.following import follow, unfollow
from bando.models import Call
from bando.states import CallState
from bando.transitions import REVOKE

ALARMS = (timedelta(days=7), timedelta(days=1))


@login_required
def call_follow(request: HttpRequest, slug: str) -> HttpResponse:
    """Follow the call (``follow`` 1) or stop (0), as often as one likes, and go back to where one was. Who comes here after
    having signed in only finds the call and its button."""
    call, here = _call(request, slug), reverse("call", args=[slug])
    if request.method != "POST":
        return redirect(here)
    if request.POST.get("follow") == "0":
        unfollow(call, by=request.user)
        messages.success(request, _("Non segui più questo avviso."))
    else:
        follow(call, by=request.user, at=request.arrived_at)
        messages.success(request, _("Segui questo avviso: ti scriviamo quando cambia e quando esce un chiarimento."))
    to = request.POST.get("next", "")
    local = url_has_allowed_host_and_scheme(to, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    # Not `redirect`: it would take a word for the name of a page.
    return HttpResponseRedirect(to if local else here)


@conditional_page
def call_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The opening, the term for questions and the deadline, as a calendar file. An extension moves them: the events keep
    their names and their sequence is the number of the version of the rules; a revocation cancels them."""
    call = _call(request, slug)
    response = HttpResponse(calendar_file(call.title, _terms(call)), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{call.slug}.ics"'
    return response


def _terms(call: Call) -> list[Event]:
    address, sequence, changed = (
        f"{settings.SITE_URL}{reverse('call', args=[call.slug])}",
        call.version.number,
        call.version.made_at,
    )
    if cancelled := call.state == CallState.REVOKED:
        sequence, changed = sequence + 1, call.steps.get(act=REVOKE.name).at

    def term(name: str, title: str, at: datetime, alarms: tuple[timedelta, ...] = ()) -> Event:
        return Event(
            uid=f"{call.pk}-{name}@bando",
            title=title % {"call": call.title},
            at=at,
            changed_at=changed,
            sequence=sequence,
            text=address,
            url=address,
            alarms=alarms,
            cancelled=cancelled,
        )

    events, questions_until = [], call.notice.calendar.questions_until
    if call.opens_at:
        events.append(term("opening", _("Si aprono le domande: %(call)s"), call.opens_at))
    if questions_until:
        events.append(term("questions", _("Ultimo momento per fare domande all'ufficio: %(call)s"), questions_until))
    events.append(term("deadline", _("Scadenza: %(call)s"), call.closes_at, ALARMS))
    return events


def _call(request: HttpRequest, slug: str) -> Call:
    return get_object_or_404(Call.objects.visible_to(request.user).with_notice(), slug=slug)
